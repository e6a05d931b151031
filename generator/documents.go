package generator

import (
	"bytes"
	"cmp"
	"encoding/gob"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/ag-vzkm/portal/generator/cache"
	"github.com/ag-vzkm/portal/generator/publish"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
	"github.com/ag-vzkm/portal/search/index"
)

// documents are what the search index is made of: every listed entry, with
// the words of its fields. Their records lie in the cache, not in memory.
type documents struct {
	b        *build
	shownIn  map[*site.Entry][]string
	options  index.BuildOptions
	guard    *sync.RWMutex // of a preview, whose texts may be replaced meanwhile; or nil
	preparer *index.Preparer

	mu     sync.Mutex
	labels index.Labels
	all    []indexed
	place  map[*site.Entry]int // in all
}

// indexed is an entry with the key of its record, or with the record itself
// where there is no cache.
type indexed struct {
	entry  *site.Entry
	key    cache.Key
	record []byte
}

func newDocuments(b *build) *documents {
	d := &documents{b: b, shownIn: b.shownIn(), options: b.indexOptions(), labels: index.Labels{}, place: map[*site.Entry]int{}}
	d.preparer = index.NewPreparer(d.options)
	for _, t := range b.site.Types {
		d.labels.Set("type", t.Name, "", t.Labels.One.In(b.site.Config.DefaultLang()))
		for _, l := range b.site.Config.Languages[1:] {
			d.labels.Set("type", t.Name, l, t.Labels.One.In(l))
		}
	}
	return d
}

// add takes an entry into the index. x may be nil: the text is then converted
// if its record is not known.
func (d *documents) add(e *site.Entry, k *known, x *text) error {
	if d.b.Dry {
		return nil
	}
	doc := d.document(e)
	at := indexed{entry: e, key: keyOf("document", d.preparer.Key(), doc, k.Plain)}
	if !d.b.cache.Has(at.key) {
		record, err := d.prepare(at, doc, x)
		if err != nil {
			return err
		}
		if d.b.cache == nil {
			at.record = record
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if i, again := d.place[e]; again {
		d.all[i] = at
		return nil
	}
	d.place[e] = len(d.all)
	d.all = append(d.all, at)
	return nil
}

// id is a document's, as the index has it.
func (i indexed) id() string { return documentID(i.entry) }

func documentID(e *site.Entry) string { return e.Lang + ":" + e.Path }

// snapshot is d as it is now, which may change while an index is made of it, and
// the keys of all its documents. Of those with the keys in but, it has none.
func (d *documents) snapshot(but map[string]cache.Key) (*documents, map[string]cache.Key) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := &documents{b: d.b, shownIn: d.shownIn, options: d.options, guard: d.guard, preparer: d.preparer, labels: index.Labels{}}
	keys := make(map[string]cache.Key, len(d.all))
	for _, x := range d.all {
		keys[x.id()] = x.key
		if but[x.id()] != x.key {
			s.all = append(s.all, x)
		}
	}
	for field, values := range d.labels {
		for value, texts := range values {
			for lang, text := range texts {
				s.labels.Set(field, value, lang, text)
			}
		}
	}
	return s, keys
}

func (d *documents) prepare(at indexed, doc index.Document, x *text) ([]byte, error) {
	if x == nil {
		x = d.b.texts.convert(at.entry)
	}
	for _, s := range x.doc.Sections {
		doc.Sections = append(doc.Sections, index.Section{ID: s.ID, Title: s.Title, Text: s.Text})
	}
	record, err := d.preparer.Prepare(&doc)
	if err == nil {
		d.b.cache.Put(at.key, record)
	}
	return record, err
}

// record is the record of an entry, made again if the cache has lost it.
func (d *documents) record(at indexed) ([]byte, error) {
	if at.record != nil {
		return at.record, nil
	}
	if record, ok := d.b.cache.Get(at.key); ok {
		return record, nil
	}
	if d.guard != nil {
		d.guard.RLock()
		defer d.guard.RUnlock()
	}
	return d.prepare(at, d.document(at.entry), nil)
}

// index makes the search index, unless all that it follows from is as it was.
func (b *build) index() error {
	if b.Dry || b.diags.Failed(b.Strict) {
		return nil
	}
	opts := b.docs.options
	slices.SortFunc(b.docs.all, func(x, y indexed) int { return bytes.Compare(x.key[:], y.key[:]) })
	parts := []any{"index", opts.Synonyms, opts.Words, opts.Base, opts.Server, b.private(), b.docs.labels}
	for _, d := range b.docs.all {
		parts = append(parts, d.key)
	}
	inputs := keyOf(parts...)
	if b.keepIndex(inputs) {
		return nil
	}
	b.res.Indexed = true
	var err error
	if b.indexStage, err = publish.Stage(b.res.Index); err != nil {
		return err
	}
	for name, content := range map[string][]byte{basePathFile: []byte(b.base), privateFile: strconv.AppendBool(nil, b.private()), inputsFile: []byte(hexKey(inputs))} {
		if err := b.indexStage.Write(name, content); err != nil {
			return err
		}
	}
	if err := b.docs.write(filepath.Join(b.indexStage.Dir(), "bleve")); err != nil {
		return err
	}
	written := b.stage.Below("search")
	maps.DeleteFunc(written, func(name string, _ [32]byte) bool { // the engine, static files
		_, ok := b.indexFiles.Load(name)
		return !ok
	})
	var files bytes.Buffer
	if err := gob.NewEncoder(&files).Encode(written); err != nil {
		return err
	}
	b.cache.Put(keyOf("index files", inputs), files.Bytes())
	return nil
}

// indexFile takes a file of the browser's index.
func (b *build) indexFile(name string, data []byte) error {
	name = "search/" + name
	if kept, _ := b.indexFiles.Swap(name, true); kept != nil {
		return nil // before something else was found to be missing
	}
	return b.write(name, data)
}

// inputsFile, beside the index, says what it was made from.
const inputsFile = "inputs"

// write makes the index in dir.
func (d *documents) write(dir string) error {
	x, err := index.NewBuilder(dir, d.options)
	if err != nil {
		return err
	}
	defer x.Discard()
	err = d.b.each(len(d.all), "index", func(i int) error {
		record, err := d.record(d.all[i])
		if err != nil {
			return err
		}
		return x.Add(record)
	})
	if err != nil {
		return err
	}
	return x.Finish(d.labels)
}

// keepIndex keeps both indexes of the release before, if they were made from
// the same.
func (b *build) keepIndex(inputs cache.Key) bool {
	have, err := os.ReadFile(filepath.Join(b.res.Index, inputsFile))
	if err != nil || string(have) != hexKey(inputs) {
		return false
	}
	if _, ok := publish.Identity(b.res.Index); !ok {
		return false
	}
	files := map[string][32]byte{}
	raw, ok := b.cache.Get(keyOf("index files", inputs))
	if !ok || gob.NewDecoder(bytes.NewReader(raw)).Decode(&files) != nil {
		return false
	}
	for name, sum := range files {
		if !b.keep(name, sum) {
			return false
		}
		b.indexFiles.Store(name, true)
	}
	return true
}

// indexOptions are what the index follows from besides the documents: what the
// glossary and the vocabularies know.
func (b *build) indexOptions() index.BuildOptions {
	opts := index.BuildOptions{Base: b.base, Cache: b.cache, Browser: b.indexFile}
	listed := 0
	for _, e := range b.site.Entries {
		if !e.Listed() {
			continue
		}
		listed++
		if !slices.Contains(opts.Types, e.Type.Name) {
			opts.Types = append(opts.Types, e.Type.Name)
		}
		if e.Type.Glossary != nil {
			opts.Synonyms = append(opts.Synonyms, namesOf(e))
			opts.Words = append(opts.Words, namesOf(e)...)
		}
	}
	opts.Server = listed <= serverIndexUpTo
	if b.ServerIndex != nil {
		opts.Server = *b.ServerIndex
	}
	for _, tax := range b.site.Taxonomies {
		for _, t := range tax.Terms {
			if len(t.Entries) == 0 {
				continue
			}
			opts.Words = append(opts.Words, t.Label.In("de"))
			// What a vocabulary lists with a term is related to it rather than
			// the same: each word finds the term, not the other words.
			for _, s := range t.Synonyms {
				opts.Synonyms = append(opts.Synonyms, []string{t.Label.In("de"), s})
			}
		}
	}
	return opts
}

// shownIn says in which languages' lists, and so searches, an entry stands: its
// own, and those that have no version of it.
func (b *build) shownIn() map[*site.Entry][]string {
	langs := map[*site.Entry][]string{}
	for _, l := range b.site.Config.Languages {
		for _, t := range b.site.Types {
			for _, e := range b.renderer.Listing(t, l) {
				langs[e] = append(langs[e], l)
			}
		}
	}
	return langs
}

// nameWeight is from which search weight on a field holds names of its entry:
// they count like the title. Below, its words count like the text.
const nameWeight = 6

// document is an entry as the index takes it, still without its text.
func (d *documents) document(e *site.Entry) index.Document {
	b := d.b
	doc := index.Document{ID: documentID(e), URL: b.base + e.URL, Type: e.Type.Name, Boost: e.Type.Weight,
		Title: e.Title, Summary: e.Summary, Status: b.renderer.Status(e, e.Lang), Facets: map[string][]string{}}
	if t := view.DateOf(e); !t.IsZero() {
		doc.Date = t.Format(time.DateOnly)
	}
	for _, t := range e.Topics {
		doc.Tags = append(doc.Tags, t.Term.Label.In(e.Lang))
	}
	doc.Tags = append(doc.Tags, e.Type.Labels.One.In(e.Lang)) // „Förderprogramm Sauerstoff“
	if g := e.Type.Glossary; g != nil {
		for _, v := range site.Each(e.Get(g.Abbr)) {
			doc.Abbr = append(doc.Abbr, site.Plain(v))
		}
	}
	for _, x := range e.Extra {
		if isAbbreviation(x.Value) {
			doc.Abbr = append(doc.Abbr, x.Value)
		}
	}
	var facts []string
	e.Values.Walk(func(path string, it site.Item) {
		if it.Field.Facet && !strings.Contains(path, ".") {
			for _, v := range site.Each(it.Value) {
				key, _ := b.facetValue(it.Field, v, e.Lang)
				if key == "" {
					continue
				}
				name := cmp.Or(it.Field.Vocabulary, path)
				doc.Facets[name] = append(doc.Facets[name], key)
				for _, l := range b.site.Config.Languages {
					if _, text := b.facetValue(it.Field, v, l); l == b.site.Config.DefaultLang() {
						d.label(name, key, "", text)
					} else {
						d.label(name, key, l, text)
					}
				}
			}
		}
		if it.Field.Search > 0 && !it.Field.Common {
			for _, v := range site.Each(it.Value) {
				switch s := b.searchText(it.Field, v, e.Lang); {
				case s == "":
				case it.Field.Search >= nameWeight:
					doc.Aliases = append(doc.Aliases, s)
				default:
					facts = append(facts, s)
				}
			}
		}
	})
	if len(facts) > 0 {
		doc.Sections = append(doc.Sections, index.Section{Text: strings.Join(facts, " · ")})
	}
	doc.Facets["lang"] = d.shownIn[e]
	return doc
}

func (d *documents) label(field, value, lang, text string) {
	d.mu.Lock()
	d.labels.Set(field, value, lang, text)
	d.mu.Unlock()
}

// isAbbreviation holds for what foreign front matter may have as a short name
// of its page: IfSG, SGB 11, StrlSchV 2018.
func isAbbreviation(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > 3 || len(s) > 24 {
		return false
	}
	capitals := 0
	for _, r := range words[0] {
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	return capitals >= 2
}

// facetValue is a value with its words in a language, whichever the entry's is.
func (b *build) facetValue(f *site.Field, v site.Value, l string) (key, label string) {
	key = site.Plain(v)
	switch v := v.(type) {
	case *site.Tag:
		if v.Term == nil {
			return "", ""
		}
		return key, v.Term.Label.In(l)
	case *site.Ref:
		if v.Entry == nil {
			return "", ""
		}
		return key, b.versionOf(v.Entry, l).Title
	}
	return key, f.ValueLabel(key, l)
}

// versionOf is an entry in a language, else in the site's first one, else itself.
func (b *build) versionOf(e *site.Entry, l string) *site.Entry {
	for _, l := range []string{l, b.site.Config.DefaultLang()} {
		if e.Lang == l {
			return e
		}
		if i := slices.IndexFunc(e.Translations, func(o *site.Entry) bool { return o.Lang == l }); i >= 0 {
			return e.Translations[i]
		}
	}
	return e
}

// searchText is a value in the words that a reader would search it by. What
// leads to a hidden entry has none.
func (b *build) searchText(f *site.Field, v site.Value, l string) string {
	switch v := v.(type) {
	case *site.Tag, *site.Ref, site.Enum:
		_, label := b.facetValue(f, v, l)
		return label
	case site.Record, site.Bool:
		return "" // a record's own fields are walked
	case site.Prose:
		return b.texts.plainProse(v)
	case site.Level:
		return f.ValueLabel(site.Plain(v), l)
	}
	return site.Plain(v)
}
