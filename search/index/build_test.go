package index

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/search/analyze"
)

// collected is the browser's index in memory.
type collected struct {
	mu    sync.Mutex
	files map[string]string
}

func (c *collected) take(name string, content []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.files == nil {
		c.files = map[string]string{}
	}
	if _, again := c.files[name]; again {
		return fmt.Errorf("%s is made twice", name)
	}
	c.files[name] = string(content)
	return nil
}

func testOptions(browser func(string, []byte) error) BuildOptions {
	return BuildOptions{
		Synonyms: analyze.Synonyms{{"MANV", "Massenanfall von Verletzten"}},
		Words:    []string{"Feldlazarett"},
		Types:    []string{"funding", "law", "page", "position", "term"},
		Browser:  browser,
	}
}

func prepareAll(t testing.TB, docs []Document, opts BuildOptions) (records [][]byte) {
	t.Helper()
	p := NewPreparer(opts)
	for i := range docs {
		record, err := p.Prepare(&docs[i])
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, record)
	}
	return records
}

// finish builds an index of records, added by several goroutines.
func finish(t testing.TB, records [][]byte, opts BuildOptions) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "index")
	b, err := NewBuilder(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Discard()
	next := make(chan []byte)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for record := range next {
				if err := b.Add(record); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, record := range records {
		next <- record
	}
	close(next)
	wg.Wait()
	if err := b.Finish(Labels{"type": {"law": {"": "Gesetz", "en": "Law"}}}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// manyDocuments are enough for several partitions, wide prefixes and long
// documents, the same ones each time.
func manyDocuments(n int) (docs []Document) {
	r := rand.New(rand.NewPCG(1, 2))
	stems := strings.Fields("kranken haus schutz zivil katastrophe hilfe bund land gesetz ordnung ver sorgung not fall arzt bett strom netz wasser lager")
	word := func() string {
		w := ""
		for range 1 + r.IntN(3) {
			w += stems[r.IntN(len(stems))]
		}
		if r.IntN(4) == 0 {
			w += fmt.Sprint(r.IntN(300))
		}
		if r.IntN(2) == 0 {
			w = strings.ToUpper(w[:1]) + w[1:]
		}
		return w
	}
	text := func(words int) string {
		var b strings.Builder
		for range words {
			b.WriteString(word())
			b.WriteString([]string{" ", " ", " ", ". ", ", ", " § 21 ", " z. B. ", "-", "\n\n", " <ü> & "}[r.IntN(10)])
		}
		return b.String()
	}
	for i := range n {
		d := Document{
			ID: fmt.Sprintf("de:d/%d", i), URL: fmt.Sprintf("/d/%d/", i), Type: []string{"law", "page"}[i%2], Title: word() + " " + word(),
			Summary: text(8), Tags: []string{word()}, Facets: map[string][]string{"thema": {word()}}, Date: "2026-11-22",
		}
		if i%3 == 0 {
			d.Abbr = []string{fmt.Sprintf("K%dG", i)}
		}
		for s := range 1 + r.IntN(5) {
			d.Sections = append(d.Sections, Section{ID: fmt.Sprintf("s%d", s), Title: word(), Text: text(r.IntN(400))})
		}
		docs = append(docs, d)
	}
	return docs
}

func TestRecordsAreTheSameEachTime(t *testing.T) {
	docs, opts := manyDocuments(20), testOptions(func(string, []byte) error { return nil })
	a, b := prepareAll(t, docs, opts), prepareAll(t, docs, opts)
	for i := range docs {
		if !bytes.Equal(a[i], b[i]) {
			t.Errorf("%s has two records", docs[i].ID)
		}
	}
}

func TestFilesDoNotDependOnTheOrder(t *testing.T) {
	var a, b collected
	records := prepareAll(t, manyDocuments(150), testOptions(a.take))
	finish(t, records, testOptions(a.take))
	slices.Reverse(records)
	finish(t, records, testOptions(b.take))
	if !maps.Equal(a.files, b.files) {
		t.Error("files differ")
	}
	if len(a.files) < 150 {
		t.Errorf("only %d files", len(a.files))
	}
}

func TestReleaseIsNamedByItsContent(t *testing.T) {
	release := func(change func([]Document)) string {
		var c collected
		docs := manyDocuments(30)
		change(docs)
		finish(t, prepareAll(t, docs, testOptions(c.take)), testOptions(c.take))
		for name := range c.files {
			if folder, _, ok := strings.Cut(name, "/"); ok {
				return folder
			}
		}
		return ""
	}
	seen := map[string]string{}
	for name, change := range map[string]func([]Document){
		"nothing": func([]Document) {},
		"a text":  func(d []Document) { d[3].Sections[0].Text += " Neuigkeit" },
		"a title": func(d []Document) { d[3].Title = "Neuigkeit" },
		"an URL":  func(d []Document) { d[3].URL = "/neu/" },
		"a facet": func(d []Document) { d[3].Facets["thema"] = []string{"neu"} },
		"an id":   func(d []Document) { d[3].ID = "de:neu" },
	} {
		r := release(change)
		if other, ok := seen[r]; ok {
			t.Errorf("%s and %s give one release", name, other)
		}
		seen[r] = name
	}
}

func TestFilesAreWhatTheyWereWithACache(t *testing.T) {
	var a, b collected
	opts := testOptions(a.take)
	records := prepareAll(t, manyDocuments(60), opts)
	finish(t, records, opts)
	cache := &countingCache{values: map[[32]byte][]byte{}}
	for range 2 {
		b = collected{}
		opts := testOptions(b.take)
		opts.Cache = cache
		finish(t, records, opts)
		if !maps.Equal(a.files, b.files) {
			t.Error("files differ with a cache")
		}
	}
	if cache.put == 0 || cache.got != cache.put {
		t.Errorf("%d files put, %d got", cache.put, cache.got)
	}
}

type countingCache struct {
	mu       sync.Mutex
	values   map[[32]byte][]byte
	put, got int
}

func (c *countingCache) Get(key [32]byte) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.values[key]
	if ok {
		c.got++
	}
	return v, ok
}

func (c *countingCache) Put(key [32]byte, value []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values[key] = value
	c.put++
}

func TestDamagedRecordIsAnError(t *testing.T) {
	var c collected
	opts := testOptions(c.take)
	record := prepareAll(t, site[:1], opts)[0]
	b, err := NewBuilder(filepath.Join(t.TempDir(), "index"), opts)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Discard()
	for i := range record {
		damaged := bytes.Clone(record)
		damaged[i] ^= 0x10
		if err := b.Add(damaged); err == nil {
			t.Fatalf("byte %d of %d may be another", i, len(record))
		}
		if err := b.Add(record[:i]); err == nil {
			t.Fatalf("%d of %d bytes are enough", i, len(record))
		}
	}
	other := opts
	other.Base = "/sub"
	if err := b.Add(prepareAll(t, site[:1], other)[0]); err == nil {
		t.Error("a record for another base is taken")
	}
	if err := b.Add(record); err != nil {
		t.Error(err)
	}
	if err := b.Finish(nil); err != nil {
		t.Error(err)
	}
}

// Records that are wrong in spite of a right sum do not let a builder panic.
func TestWrongPartsAreNoPanic(t *testing.T) {
	opts := testOptions(func(string, []byte) error { return nil })
	p, r := NewPreparer(opts), rand.New(rand.NewPCG(3, 4))
	records := prepareAll(t, site, opts)
	refused := 0
	for i := range 150 {
		all, err := openRecord(records[i%len(records)], p.key)
		if err != nil {
			t.Fatal(err)
		}
		var o output
		for _, part := range [][]byte{all.head, all.words, all.order, all.fragments, all.texts} {
			if part = bytes.Clone(part); len(part) > 0 && r.IntN(3) == 0 {
				part[r.IntN(len(part))] = byte(r.IntN(256))
			}
			o.bytes(part)
		}
		b, err := NewBuilder(filepath.Join(t.TempDir(), "index"), opts)
		if err != nil {
			t.Fatal(err)
		}
		if err = b.Add(sealed(p, o)); err == nil {
			err = b.Finish(nil)
		}
		if err != nil {
			refused++
		}
		b.Discard()
	}
	if refused < 20 {
		t.Errorf("only %d records are refused", refused)
	}
}

func TestUnknownTypeAndNoID(t *testing.T) {
	p := NewPreparer(testOptions(nil))
	for _, d := range []Document{{ID: "a", Type: "unbekannt"}, {Type: "law"}} {
		if _, err := p.Prepare(&d); err == nil {
			t.Errorf("%+v is prepared", d)
		}
	}
}

func TestDiscardLeavesNothing(t *testing.T) {
	top := t.TempDir()
	var c collected
	opts := testOptions(c.take)
	b, err := NewBuilder(filepath.Join(top, "index"), opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Add(prepareAll(t, site[:1], opts)[0]); err != nil {
		t.Fatal(err)
	}
	b.Discard()
	if left, _ := os.ReadDir(top); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWhatTheCallerRefusesEndsTheBuild(t *testing.T) {
	full := errors.New("disk is full")
	opts := testOptions(func(string, []byte) error { return full })
	top := t.TempDir()
	b, err := NewBuilder(filepath.Join(top, "index"), opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range prepareAll(t, site, opts) {
		if err := b.Add(record); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Finish(nil); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	b.Discard()
	if left, _ := os.ReadDir(top); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestBrowserOnlyCannotBeOpened(t *testing.T) {
	var c collected
	dir := finish(t, prepareAll(t, site, testOptions(c.take)), testOptions(c.take))
	if _, err := Open(dir); !errors.Is(err, ErrBrowserOnly) {
		t.Errorf("got %v", err)
	}
}

// Both indexes of one build say the same; that they do on a whole site, a test
// in the top folder sees.
func TestServerIndexDoesNotChangeTheFiles(t *testing.T) {
	var a, b collected
	docs := manyDocuments(40)
	opts := testOptions(a.take)
	finish(t, prepareAll(t, docs, opts), opts)
	opts = testOptions(b.take)
	opts.Server = true
	x, err := Open(finish(t, prepareAll(t, docs, opts), opts))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if !maps.Equal(a.files, b.files) {
		t.Error("files differ")
	}
	if r := ask(t, x, docs[7].Title, Options{}); r.Total == 0 || r.Hits[0].ID != docs[7].ID {
		t.Errorf("%q finds %v", docs[7].Title, ids(r))
	}
}

// A fragment has a line for the card, one for tags and one for each passage,
// whatever its texts are.
func TestFragmentsAreLines(t *testing.T) {
	docs := []Document{{
		ID: "de:law/a_b", URL: "/law/a-b/", Type: "law", Title: "Titel \t\"<&>\" \u2028 ü", Status: "Ent\nwurf", Tags: []string{"x", "<y\t>"},
		Sections: []Section{
			{ID: "kopf-fuss", Title: "Kopf & Fuß", Text: "a\tb\r\n\x00c"},
			{ID: "kopf-fuss-2", Title: "Kopf & Fuß", Text: "d"},
			{Text: "\u00a0 Ende \u2029"},
			{Title: "Ohne Anker"},
			{ID: "ǆ", Title: "ǆ ꟲ", Text: strings.Repeat("Wort ", 60*20)},
		},
	}}
	var c collected
	finish(t, prepareAll(t, docs, testOptions(c.take)), testOptions(c.take))
	var files []string
	words := regexp.MustCompile(`(Wort ?)+`)
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		if strings.Contains(name, "/d/0/") {
			plain, err := io.ReadAll(flate.NewReader(strings.NewReader(c.files[name])))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, words.ReplaceAllString(strings.ReplaceAll(string(plain), "\t", "|"), "W"))
		}
	}
	want := `Titel "<&>" ü|de:law/a_b|1||Ent wurf
x|<y >

a b c|Kopf & Fuß
d|Kopf & Fuß||kopf-fuss-2
Ende|
|Ohne Anker||
W|ǆ ꟲ||ǆ
W
W
Titel "<&>" ü|de:law/a_b|1||Ent wurf

W|ǆ ꟲ|1|ǆ
W
W
W
W
W
W`
	if got := strings.Join(files, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func FuzzSqueezed(f *testing.F) {
	for _, s := range []string{"", " a\t\n b ", "<&>\"\\", "\xff\u2028\u0085\x1b", "ä\u00ad\ufffd", strings.Repeat("wort ", 20)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		squeezed := squeeze(s)
		if !utf8.ValidString(squeezed) || squeezed != strings.Join(strings.Fields(squeezed), " ") {
			t.Errorf("%q becomes %q", s, squeezed)
		}
	})
}

// FuzzCut holds cut to what it is meant to do, said at length.
func FuzzCut(f *testing.F) {
	for _, s := range []string{"", " ", strings.Repeat("Ein Wort. ", 300), strings.Repeat("wort\u00a0\u2003wört\u3000", 200), strings.Repeat("a\n\xc2", 400), strings.Repeat("ä!\u0085", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		passages := cut(nil, text)
		if strings.Join(passages, "") != text {
			t.Fatalf("%q is cut into %q", text, passages)
		}
		for i, p := range passages {
			n := len(strings.Fields(p))
			if n > passageWords || n < passageLeast && i < len(passages)-1 {
				t.Errorf("passage %d has %d words", i, n)
			}
		}
	})
}

// A word of more umlauts than a number has bits is written without them.
func TestWordOfUmlauts(t *testing.T) {
	for n, want := range map[int]int{31: 1<<31 - 1, 32: 0, 47: 0} {
		if got := umlauts(strings.Repeat("ue", n), strings.Repeat("ü", n)); got != want {
			t.Errorf("%d: %b, want %b", n, got, want)
		}
		var c collected
		docs := []Document{{ID: "a", Type: "page", Title: "A", Sections: []Section{{Text: strings.Repeat("ü", n)}}}}
		finish(t, prepareAll(t, docs, testOptions(c.take)), testOptions(c.take))
	}
}
