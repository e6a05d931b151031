package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/search/index"
)

// question is a line of search/index/testdata/questions.jsonl.
type question struct {
	ID, Query, Lang string
	Right           []string
}

func questions(t *testing.T) (all []question) {
	t.Helper()
	f, err := os.Open("search/index/testdata/questions.jsonl")
	must(t, err)
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var q question
		must(t, json.Unmarshal(lines.Bytes(), &q))
		all = append(all, q)
	}
	return all
}

// builtSite builds the portal's own site and opens its index.
func builtSite(t *testing.T) (out string, x *index.Index) {
	t.Helper()
	dir := t.TempDir()
	copySite(t, dir, strings.Compare)
	res, err := generator.Build(t.Context(), generator.Options{Source: dir, Builtin: builtin, Now: "2026-11-22"})
	must(t, err)
	if !res.OK {
		t.Fatal(res.Diagnostics)
	}
	x, err = index.Open(filepath.Join(res.Index, "bleve"))
	must(t, err)
	t.Cleanup(func() { x.Close() })
	return res.Out, x
}

func firstThree(t *testing.T, x *index.Index, query, lang string) (ids []string) {
	t.Helper()
	r, err := x.Search(t.Context(), query, index.Options{Limit: 3, Filters: map[string][]string{"lang": {lang}}})
	must(t, err)
	for _, h := range r.Hits {
		ids = append(ids, h.ID)
	}
	return ids
}

// TestOwnContentIsFound: every name of every entry finds its page, and readers'
// questions find an answer, in the first three. What two entries are called
// finds either.
func TestOwnContentIsFound(t *testing.T) {
	t.Parallel()
	_, x := builtSite(t)
	owners := map[string][]string{} // lang + name → ids
	for id, names := range x.Names() {
		lang, _, _ := strings.Cut(id, ":")
		for _, name := range names {
			owners[lang+" "+name] = append(owners[lang+" "+name], id)
		}
	}
	if len(owners) < 300 {
		t.Fatalf("only %d names", len(owners))
	}
	missed := 0
	for key, ids := range owners {
		lang, name, _ := strings.Cut(key, " ")
		if got := firstThree(t, x, name, lang); !slices.ContainsFunc(got, func(id string) bool { return slices.Contains(ids, id) }) {
			missed++
			t.Errorf("%q (%s) finds %v, not %v", name, lang, got, ids)
		}
	}
	t.Logf("%d names, %d missed", len(owners), missed)

	right, all := 0, questions(t)
	for _, q := range all {
		got := firstThree(t, x, q.Query, q.Lang)
		if slices.ContainsFunc(got, func(id string) bool {
			_, path, _ := strings.Cut(id, ":")
			return slices.Contains(q.Right, path)
		}) {
			right++
		} else {
			t.Logf("%s %q finds %v, not %v", q.ID, q.Query, got, q.Right)
		}
	}
	t.Logf("%d of %d questions are answered in the first three", right, len(all))
	if right*100 < 95*len(all) {
		t.Errorf("%d of %d questions: too few", right, len(all))
	}
}

// TestSameAnswers: the browser's engine, in Node, and the Go search give the
// same first ten in the same order, with the same counts.
func TestSameAnswers(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not there")
	}
	out, x := builtSite(t)
	queries := manyQueries(t, x)
	if len(queries) < 300 {
		t.Fatalf("only %d queries", len(queries))
	}
	input := filepath.Join(t.TempDir(), "queries.json")
	data, err := json.Marshal(queries)
	must(t, err)
	must(t, os.WriteFile(input, data, 0o600))
	cmd := exec.Command(node, "e2e/engine/ask.mjs", out, input)
	cmd.Stderr = os.Stderr
	said, err := cmd.Output()
	must(t, err)
	var answers []index.Result
	must(t, json.Unmarshal(said, &answers))
	same := 0
	for i, q := range queries {
		want, err := x.Search(context.Background(), q, index.Options{})
		must(t, err)
		if a, b := gist(&answers[i]), gist(want); a == b {
			same++
		} else {
			t.Logf("%q\nbrowser %s\nserver  %s", q, a, b)
		}
	}
	t.Logf("%d of %d queries have the same answer", same, len(queries))
	if same*100 < 98*len(queries) {
		t.Errorf("%d of %d queries: too few", same, len(queries))
	}
}

// gist is what must be the same of an answer.
func gist(r *index.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %q %v:", r.Total, r.Suggestion, r.Facets["type"])
	for _, h := range r.Hits {
		section := ""
		if h.Section != nil {
			section = h.Section.URL
		}
		fmt.Fprintf(&b, " %s %s", h.ID, section)
	}
	return b.String()
}

// manyQueries are names, questions, and what readers make of them: halves,
// typos, phrases, other spellings, several at once.
func manyQueries(t *testing.T, x *index.Index) (queries []string) {
	var names []string
	for _, all := range x.Names() {
		names = append(names, all...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for i, name := range names {
		words := strings.Fields(name)
		last := words[len(words)-1]
		switch i % 9 {
		case 0:
			queries = append(queries, name)
		case 1:
			queries = append(queries, strings.ToLower(name))
		case 2:
			queries = append(queries, string([]rune(name)[:max(2, len([]rune(name))*2/3)]))
		case 3:
			queries = append(queries, `"`+name+`"`)
		case 4:
			queries = append(queries, strings.NewReplacer("ä", "ae", "ö", "o", "ü", "u", "ß", "ss").Replace(name))
		case 5:
			if r := []rune(last); len(r) > 5 {
				r[len(r)/2], r[len(r)/2+1] = r[len(r)/2+1], r[len(r)/2]
				queries = append(queries, string(r))
			}
		case 6:
			queries = append(queries, last+" "+names[(i*7)%len(names)])
		case 7:
			queries = append(queries, words[0]+" -"+last)
		case 8:
			queries = append(queries, "titel:"+last)
		}
	}
	for _, q := range questions(t) {
		queries = append(queries, q.Query)
	}
	for id := range x.Names() {
		_, path, _ := strings.Cut(id, ":")
		queries = append(queries, strings.ReplaceAll(strings.ReplaceAll(path, "/", " "), "-", " "))
	}
	slices.Sort(queries)
	queries = append(slices.Compact(queries), "", "und der", "§", "§ 21", "2021/821", "\"", "-", "a", "Ü", "\u00ad", "🙂", strings.Repeat("Krankenhaus ", 60))
	return queries
}
