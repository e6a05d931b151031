package generator_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve_index_api"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/tools/txtar"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/search/index"
)

// canaries are words that stand in hidden entries only; see site.txtar.
var canaries = regexp.MustCompile(`(?i)kanarie[mdbn][a-z0-9]*`)

// TestCanaries builds the same site for every kind of reader, one after the
// other into the same folder, and looks into every byte of the output and of
// the index. Every canary must be met by exactly those it is meant for.
func TestCanaries(t *testing.T) {
	t.Parallel()
	a, err := txtar.ParseFile("testdata/canary/site.txtar")
	must(t, err)
	moveOut(t, a)
	dir, o := writeSite(t, a)
	for _, letter := range []string{"m", "d"} {
		put(t, filepath.Join(dir, "content/akten/kanarie"+letter+"bild.png"), pngWith("kanarien"+letter+"metadaten"))
	}
	all, unseen := canariesOf(a)
	work := t.TempDir()
	o.Out = filepath.Join(work, "public")
	o.Compress = true
	for _, reader := range []struct {
		audience site.Audience
		drafts   bool
		letters  string // of the canaries it may meet
	}{
		// What everybody sees comes last: what was there before must be gone.
		{site.Members, true, "mdb"}, {site.Members, false, "m"}, {site.Public, true, "d"}, {site.Public, false, ""},
	} {
		t.Run(fmt.Sprintf("%s drafts=%t", reader.audience, reader.drafts), func(t *testing.T) {
			o.Audience, o.Drafts = reader.audience, reader.drafts
			res, err := generator.Build(t.Context(), o)
			must(t, err)
			if !res.OK {
				t.Fatal(res.Diagnostics)
			}
			met := scan(t, work, dumpIndex(t, res.Index))
			for word, where := range met {
				if !strings.Contains(reader.letters, letterOf(word)) {
					t.Errorf("%s is in %s (%d places)", word, strings.Join(where[:min(3, len(where))], ", "), len(where))
				}
			}
			for _, word := range all {
				if strings.Contains(reader.letters, letterOf(word)) && met[word] == nil && !unseen[word] {
					t.Errorf("%s is nowhere: the test would not see it leak", word)
				}
			}
			askFor(t, res.Index, all, reader.letters)
		})
	}
}

// moveOut gives every other entry its front matter in a companion: what is said
// there counts as much.
func moveOut(t *testing.T, a *txtar.Archive) {
	t.Helper()
	n := 0
	for i, f := range a.Files {
		front, body := split(string(f.Data))
		if !strings.HasPrefix(f.Name, "content/") || filepath.Ext(f.Name) != ".md" || front == "" || i%2 == 1 {
			continue
		}
		n++
		a.Files[i].Data = []byte(body)
		a.Files = append(a.Files, txtar.File{Name: strings.TrimSuffix(f.Name, ".md") + ".yaml", Data: []byte(front)})
	}
	if n < 8 {
		t.Fatalf("only %d companions", n)
	}
}

func letterOf(word string) string { return word[len("kanarie") : len("kanarie")+1] }

// canariesOf lists the canaries of an archive and those its comment calls unseen.
func canariesOf(a *txtar.Archive) (all []string, unseen map[string]bool) {
	unseen = map[string]bool{}
	for line := range strings.Lines(string(a.Comment)) {
		if rest, ok := strings.CutPrefix(line, "unseen "); ok {
			for _, w := range strings.Fields(rest) {
				unseen[w] = true
			}
		}
	}
	for _, f := range a.Files {
		all = append(all, canaries.FindAllString(f.Name, -1)...)
		all = append(all, canaries.FindAllString(string(f.Data), -1)...)
	}
	slices.Sort(all)
	return slices.Compact(all), unseen
}

// namedIDs are those of hidden entries that shown texts refer to. The cache,
// which stays beside the sources and is never published, has them in what was
// asked about such a text; of the hidden texts it has nothing.
var namedIDs = regexp.MustCompile(`(?i)kanarie[mdbn](?:akte|seite|termin|begriff|pruefung)\b`)

// scan finds the canaries in names and bytes of all files below dir, unpacked
// where they are packed, and in extra.
func scan(t *testing.T, dir string, extra map[string][]byte) map[string][]string {
	t.Helper()
	met := map[string][]string{}
	look := func(where string, data []byte) {
		for _, w := range canaries.FindAll(data, -1) {
			word := strings.ToLower(string(w))
			if !slices.Contains(met[word], where) {
				met[word] = append(met[word], where)
			}
		}
	}
	files := 0
	must(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, name)
		look("the name "+rel, []byte(rel))
		if d.IsDir() {
			return nil
		}
		files++
		data, err := os.ReadFile(name)
		must(t, err)
		if filepath.Ext(name) == ".cache" {
			data = namedIDs.ReplaceAll(data, []byte(" "))
		}
		look(rel, data)
		look(rel+", unpacked", unpack(t, name, data))
		return nil
	}))
	if files < 30 {
		t.Fatalf("only %d files", files)
	}
	for where, data := range extra {
		look(where, data)
	}
	return met
}

func unpack(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	var r io.Reader
	var err error
	switch filepath.Ext(name) {
	case ".gz":
		r, err = gzip.NewReader(bytes.NewReader(data))
	case ".br":
		r = brotli.NewReader(bytes.NewReader(data))
	case ".bin": // of the browser's index; the manifest has a line before
		head, rest, isRoot := bytes.Cut(data, []byte("\n"))
		if isRoot = isRoot && bytes.HasPrefix(head, []byte("{")); isRoot {
			data = rest
		}
		if dir := filepath.Base(filepath.Dir(name)); isRoot || dir == "t" || dir == "s" {
			n, size := binary.Uvarint(data) // of the numbers before the text
			data = data[size+int(n):]
		}
		if filepath.Base(name) == "outlines.bin" {
			t.Fatal("so few entries should have no outlines; this test does not read them")
		}
		r = flate.NewReader(bytes.NewReader(data))
	case ".zst":
		r, err = zstd.NewReader(bytes.NewReader(data))
	default:
		return nil
	}
	must(t, err)
	out, err := io.ReadAll(r)
	must(t, err)
	return out
}

// dumpIndex reads every term and every stored text of the search index, which
// are packed on the disk.
func dumpIndex(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	ix, err := scorch.NewScorch(scorch.Name, map[string]any{"path": filepath.Join(dir, "bleve", "store"), "read_only": true}, nil)
	must(t, err)
	must(t, ix.Open())
	defer ix.Close()
	r, err := ix.Reader()
	must(t, err)
	defer r.Close()
	out := map[string][]byte{}
	fields, err := r.Fields()
	must(t, err)
	for _, f := range fields {
		dict, err := r.FieldDict(f)
		must(t, err)
		for e, err := dict.Next(); e != nil; e, err = dict.Next() {
			must(t, err)
			out["terms of "+f] = append(append(out["terms of "+f], e.Term...), '\n')
		}
	}
	n, err := r.DocCount()
	must(t, err)
	for i := range n {
		doc, err := r.Document(fmt.Sprintf("%07d", i))
		must(t, err)
		doc.VisitFields(func(f bleve.Field) {
			out["stored "+f.Name()] = append(append(out["stored "+f.Name()], f.Value()...), '\n')
		})
	}
	if len(out["stored text"]) < 100 || len(out["terms of t"]) < 100 {
		t.Fatal("the index is empty")
	}
	return out
}

// askFor asks the index for every canary as a reader would, and for what a
// word half typed would be completed to.
func askFor(t *testing.T, dir string, all []string, letters string) {
	t.Helper()
	x, err := index.Open(filepath.Join(dir, "bleve"))
	must(t, err)
	defer x.Close()
	hits, said := 0, map[string]bool{}
	for _, q := range append(all, "kanarie", "Sturmwarte", "Wellenschlag", "Kaimauer", "Poller") {
		res, err := x.Search(context.Background(), q, index.Options{Limit: 50})
		must(t, err)
		hits += res.Total
		res.Query, res.Terms = "", nil
		for _, w := range canaries.FindAllString(fmt.Sprintf("%+v", res), -1) {
			if !strings.Contains(letters, letterOf(strings.ToLower(w))) && !said[w] {
				said[w] = true
				t.Errorf("the search for %q answers %q", q, w)
			}
		}
	}
	if hits == 0 {
		t.Error("the search finds nothing at all")
	}
}

// pngWith is a picture whose metadata hold a text.
func pngWith(text string) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))) // a Buffer does not fail
	chunk := append([]byte("tEXtComment\x00"), text...)
	raw := binary.BigEndian.AppendUint32(nil, uint32(len(chunk)-4))
	raw = append(raw, chunk...)
	raw = binary.BigEndian.AppendUint32(raw, crc32.ChecksumIEEE(chunk))
	const header = 8 + 25 // signature and IHDR
	return slices.Concat(b.Bytes()[:header], raw, b.Bytes()[header:])
}

// TestCanariesLenient: what --lenient shows in spite of a fault is not allowed
// to show more than that.
func TestCanariesLenient(t *testing.T) {
	t.Parallel()
	a, err := txtar.ParseFile("testdata/canary/lenient.txtar")
	must(t, err)
	_, o := writeSite(t, a)
	work := t.TempDir()
	o.Out = filepath.Join(work, "public")
	res, err := generator.Build(t.Context(), o)
	must(t, err)
	if !res.OK || res.Warnings == 0 {
		t.Fatal("nothing was published, or nothing was wrong:", res.Diagnostics)
	}
	for word, where := range scan(t, work, dumpIndex(t, res.Index)) {
		t.Errorf("%s is in %s", word, strings.Join(where, ", "))
	}
}
