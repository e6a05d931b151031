package index

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestCorpus builds an index of a folder of laws and answers judged queries.
// It runs only on demand and writes a run file for quality/eval.py:
//
//	CORPUS=/tmp/corpus/gesetze QUERIES=queries.dev.jsonl RUN=/tmp/run.jsonl go test ./search/index -run Corpus -v
//
// CORPUS_LIMIT takes only the first so many files, CORPUS_INDEX keeps the
// index in that directory, and uses it if it is there.
func TestCorpus(t *testing.T) {
	corpus := os.Getenv("CORPUS")
	if corpus == "" {
		t.Skip("CORPUS is not set")
	}
	dir := os.Getenv("CORPUS_INDEX")
	if dir == "" {
		dir = filepath.Join(t.TempDir(), "index")
	}
	if _, err := os.Stat(dir); err != nil {
		docs := readLaws(t, corpus)
		start := time.Now()
		if err := Build(dir, docs, nil, BuildOptions{Server: true}); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d documents indexed in %v, %.1f MB on disk", len(docs), time.Since(start), float64(dirSize(dir))/1e6)
	}
	start := time.Now()
	x, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	t.Logf("opened in %v, heap %.0f MB", time.Since(start), float64(mem.HeapAlloc)/1e6)
	if queries := os.Getenv("QUERIES"); queries != "" {
		answerQueries(t, x, queries, os.Getenv("RUN"))
	}
}

func answerQueries(t *testing.T, x *Index, queries, run string) {
	in, err := os.Open(queries)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(run)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	var took []time.Duration
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var q struct{ ID, Query string }
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		r, err := x.Search(t.Context(), q.Query, Options{})
		if err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(start))
		if os.Getenv("SHOW") != "" && strings.HasPrefix(q.ID, os.Getenv("SHOW")) {
			show(t, q.ID, r)
		}
		ids := []string{}
		for _, h := range r.Hits {
			ids = append(ids, h.ID)
		}
		line, _ := json.Marshal(map[string]any{"id": q.ID, "results": ids})
		fmt.Fprintf(out, "%s\n", line)
	}
	slices.Sort(took)
	t.Logf("%d queries, median %v, slowest %v", len(took), took[len(took)/2], took[len(took)-1])
}

func show(t *testing.T, id string, r *Result) {
	t.Logf("%s %s: %d in %.1f ms, suggestion %q", id, r.Query, r.Total, r.Took, r.Suggestion)
	for _, h := range r.Hits {
		section := ""
		if h.Section != nil {
			section = h.Section.Title
		}
		t.Logf("  %6.2f %s | %s | %s | %s", h.Score, h.ID, h.Title, section, h.Excerpt)
	}
}

func readLaws(t *testing.T, dir string) []Document {
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	limit := len(files)
	if n, err := strconv.Atoi(os.Getenv("CORPUS_LIMIT")); err == nil {
		limit = n
	}
	var docs []Document
	for _, file := range files[:min(limit, len(files))] {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, parseLaw(string(text)))
	}
	return docs
}

// parseLaw reads a law as the portal's own Markdown stage would: front matter,
// then a section for every heading.
func parseLaw(text string) Document {
	_, rest, _ := strings.Cut(text, "---\n")
	head, body, _ := strings.Cut(rest, "---\n")
	var d Document
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		value = strings.ReplaceAll(strings.Trim(value, `"`), `\"`, `"`)
		switch key {
		case "title":
			d.Title = value
		case "jurabk":
			d.Abbr = []string{value}
		case "slug":
			d.ID, d.URL = value, "/gesetze/"+value+"/"
		}
	}
	d.Type, d.TypeLabel = "gesetz", "Gesetz"
	d.Sections = []Section{{}}
	var b strings.Builder
	flush := func() {
		d.Sections[len(d.Sections)-1].Text = b.String()
		b.Reset()
	}
	for line := range strings.Lines(body) {
		if title := strings.TrimLeft(line, "#"); len(title) < len(line) && title[0] == ' ' {
			if len(line)-len(title) == 1 {
				continue // the title again
			}
			flush()
			d.Sections = append(d.Sections, Section{
				ID: fmt.Sprintf("s%d", len(d.Sections)), Title: strings.TrimSpace(title),
			})
			continue
		}
		b.WriteString(line)
	}
	flush()
	return d
}

func dirSize(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if info, err := d.Info(); err == nil && !d.IsDir() {
			n += info.Size()
		}
		return nil
	})
	return n
}
