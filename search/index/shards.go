package index

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"

	"github.com/ag-vzkm/portal/search/analyze"
)

// shards.go writes what the browser searches with. docs/search-format.md says
// what is in each file and why.

// browserFormat is the version of the format.
const browserFormat = 1

const (
	shardShare   = 1.5  // a term shard has so many times the root of the bytes of all, before compression
	cardsInline  = 6000 // bytes of all cards, compressed, that fit into the manifest
	facetsInline = 1500 // the same for facets
)

// Flags of a record.
const (
	flagTwin = 1 << iota
	flagJoins
	flagMembers
	flagParts
	flagSynonyms
	flagPrefix
)

// manifest is what every query needs.
type manifest struct {
	Docs   int             `json:"docs"`
	Least  int             `json:"least"`
	Base   string          `json:"base"`
	Groups [][3]float64    `json:"groups"`
	Types  [][]any         `json:"types"`
	Terms  string          `json:"terms"`
	Spell  [2]string       `json:"spell"`
	Cards  [][]any         `json:"cards,omitempty"`
	Facets json.RawMessage `json:"facets,omitempty"`
}

// shardWriter makes the files and keeps them until all are known.
type shardWriter struct {
	*builder
	meta     *meta
	manifest manifest
	types    map[string]int
	files    []shardFile
	terms    []string // first keys of the term shards
}

type shardFile struct {
	name    string
	content []byte
}

func (b *builder) writeShards(m *meta, base string, write func(string, []byte) error) error {
	w := &shardWriter{builder: b, meta: m, types: map[string]int{}}
	w.manifest = manifest{Docs: len(m.Docs), Least: b.dict.vocab.MinDocs(), Base: base, Groups: w.groups(), Types: [][]any{}}
	w.setTypes()
	w.allCards()
	w.termShards()
	w.spellBlocks()
	w.fragments()
	w.facets()
	if err := w.compress(); err != nil {
		return err
	}
	return w.write(write)
}

// compress does so with all files at once.
func (w *shardWriter) compress() error {
	errs := make([]error, w.workers)
	var wg sync.WaitGroup
	for n := range w.workers {
		wg.Go(func() {
			for i := n; i < len(w.files); i += w.workers {
				b, err := deflate(w.files[i].content)
				if err != nil {
					errs[n] = err
					return
				}
				w.files[i].content = b
			}
		})
	}
	wg.Wait()
	return cmp.Or(errs...)
}

func deflate(b []byte) ([]byte, error) {
	var out bytes.Buffer
	f, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write(b); err != nil {
		return nil, err
	}
	err = f.Close()
	return out.Bytes(), err
}

// write hands all files on, the manifest last, below a folder that is named by
// what they have in them.
func (w *shardWriter) write(write func(string, []byte) error) error {
	slices.SortFunc(w.files, func(a, b shardFile) int { return cmp.Compare(a.name, b.name) })
	sum := sha256.New()
	for _, f := range w.files {
		fmt.Fprintf(sum, "%s %d\n", f.name, len(f.content))
		sum.Write(f.content)
	}
	release := hex.EncodeToString(sum.Sum(nil))[:12]
	for _, f := range w.files {
		if err := write(release+"/"+f.name+".bin", f.content); err != nil {
			return err
		}
	}
	root, err := json.Marshal(w.manifest)
	if err != nil {
		return err
	}
	if root, err = deflate(root); err != nil {
		return err
	}
	head := fmt.Sprintf("{\"format\":%d,\"release\":%q}\n", browserFormat, release)
	return write("manifest.bin", append([]byte(head), root...))
}

func (w *shardWriter) add(name string, content []byte) {
	w.files = append(w.files, shardFile{name, content})
}

// groups are runs of documents with the same chunk and boost.
func (w *shardWriter) groups() [][3]float64 {
	groups := [][3]float64{}
	for _, m := range w.meta.Docs {
		g := [3]float64{1, float64(m.Chunk), m.Boost}
		if n := len(groups); n > 0 && groups[n-1][1] == g[1] && groups[n-1][2] == g[2] {
			groups[n-1][0]++
		} else {
			groups = append(groups, g)
		}
	}
	return groups
}

func (w *shardWriter) setTypes() {
	for _, p := range w.plans {
		w.types[p.doc.Type] = 0
	}
	for i, t := range slices.Sorted(maps.Keys(w.types)) {
		w.types[t] = i
		w.manifest.Types = append(w.manifest.Types, append([]any{t}, w.labels("type", t)...))
	}
}

// labels are a value's label and, if others are not the same, its labels by
// language.
func (w *shardWriter) labels(field, value string) []any {
	usual, others := value, map[string]string{}
	for _, l := range w.meta.Labels {
		if l.Field == field && l.Value == value {
			if l.Lang == "" {
				usual = l.Label
			}
			others[l.Lang] = l.Label
		}
	}
	maps.DeleteFunc(others, func(_, text string) bool { return text == usual })
	if len(others) == 0 {
		return []any{usual}
	}
	return []any{usual, others}
}

// allCards puts all cards into the manifest if they are small enough. A reader
// who has none takes a hit's title from its fragment.
func (w *shardWriter) allCards() {
	cards := make([][]any, 0, len(w.plans))
	for _, p := range w.plans {
		card := []any{p.doc.ID, w.url(p.doc), squeeze(p.doc.Title), w.types[p.doc.Type], p.doc.Date}
		if p.doc.Status != "" {
			card = append(card, p.doc.Status)
		}
		cards = append(cards, card)
	}
	b, err := json.Marshal(cards)
	if err != nil {
		panic(err) // strings and numbers only
	}
	if small, err := deflate(b); err == nil && len(small) <= cardsInline {
		w.manifest.Cards = cards
	}
}

// url is a document's address, "" where its id says it.
func (w *shardWriter) url(d *Document) string {
	if _, path, ok := strings.Cut(d.ID, ":"); ok && d.URL == w.manifest.Base+"/"+path+"/" {
		return ""
	}
	return d.URL
}

// termRecord is a record as it is written.
type termRecord struct {
	key     string
	content []byte // all behind the key
}

// termShards cuts all records into shards.
func (w *shardWriter) termShards() {
	records := w.termRecords()
	all := 0
	for _, r := range records {
		all += len(r.content)
	}
	// Many small shards make the manifest long, few large ones make each
	// query read what it does not need.
	most := int(shardShare * math.Sqrt(float64(all)))
	var shard []termRecord
	size := 0
	last := "" // key of the shard before
	flush := func() {
		if len(shard) == 0 {
			return
		}
		w.terms = append(w.terms, telling(last, shard[0].key))
		last = shard[len(shard)-1].key
		w.add(fmt.Sprintf("t/%d", len(w.terms)-1), termShard(shard))
		shard, size = shard[:0], 0
	}
	for _, r := range records {
		if size > 0 && size+len(r.content) > most && r.key != shard[len(shard)-1].key {
			flush()
		}
		shard = append(shard, r)
		size += len(r.content)
	}
	flush()
	w.manifest.Terms = frontCoded(w.terms)
}

// telling is the shortest beginning of key that sorts behind before.
func telling(before, key string) string {
	for i := 1; i <= len(key); i++ {
		if key[:i] > before && isText(key[:i]) {
			return key[:i]
		}
	}
	return key
}

func isText(s string) bool { return strings.ToValidUTF8(s, "") == s }

func (w *shardWriter) termRecords() []termRecord {
	var records []termRecord
	words := map[string]bool{}
	for i := range w.dict.records {
		r := &w.dict.records[i]
		for _, form := range r.forms {
			words[form] = true
		}
		if t, ok := w.wordRecord(r); ok {
			records = append(records, t)
		}
	}
	for _, stem := range w.analyzer.SynonymStems() {
		if w.dict.stem(stem) == nil { // a synonym that no text has
			if t, ok := w.wordRecord(&record{key: analyze.Bare(stem), stem: stem}); ok {
				records = append(records, t)
			}
		}
	}
	for term := range w.lists {
		if term[0] != analyze.PartPrefix[0] && term[0] != analyze.SynonymPrefix[0] && !words[term] {
			records = append(records, w.wordless(term))
		}
	}
	for _, p := range w.meta.Prefixes {
		records = append(records, w.prefixRecord(p))
	}
	slices.SortStableFunc(records, func(a, b termRecord) int { return cmp.Compare(a.key, b.key) })
	return records
}

func (w *shardWriter) wordRecord(r *record) (termRecord, bool) {
	t := termRecord{key: r.key}
	parts := w.lists[analyze.PartPrefix+r.stem]
	synonyms := w.analyzer.SynonymsOf(r.stem)
	if len(r.forms) == 0 && parts == nil && len(synonyms) == 0 {
		return t, false
	}
	flags := 0
	for flag, set := range map[int]bool{
		flagTwin: r.stem != r.key, flagJoins: r.joins, flagMembers: len(r.parts) > 0,
		flagParts: parts != nil, flagSynonyms: len(synonyms) > 0,
	} {
		if set {
			flags |= flag
		}
	}
	o := output{}
	o.number(flags)
	if len(r.parts) > 0 {
		o.number(len(r.parts))
		for _, p := range r.parts {
			o.text(p)
		}
	}
	o.number(len(r.forms))
	for _, form := range r.forms {
		o.form(w, r.key, form)
	}
	if parts != nil {
		o.list(parts)
	}
	o.synonyms(w, synonyms)
	t.content = o
	return t, true
}

func (o *output) form(w *shardWriter, key, form string) {
	shared := sharedPrefix(key, form)
	o.number(shared)
	o.text(form[shared:])
	word := w.dict.vocab.Lookup(form)
	info := word.Docs << 4
	if word.Glued {
		info |= 8
	}
	if _, ok := w.dict.vocab.Member(form); ok {
		info |= 4
	}
	mask := umlauts(form, word.Shown)
	if mask != 0 {
		info |= 2
	}
	if word.Noun && word.Docs > 0 {
		info |= 1
	}
	o.number(info)
	if mask != 0 {
		o.number(mask)
	}
	if word.Docs > 0 {
		o.list(w.lists[form])
	}
}

func (o *output) synonyms(w *shardWriter, synonyms []analyze.Synonym) {
	if len(synonyms) == 0 {
		return
	}
	o.number(len(synonyms))
	for _, s := range synonyms {
		caps := 0
		if s.Caps {
			caps = 1
		}
		o.number(caps)
		o.number(len(s.Rest))
		for i, key := range s.Rest {
			o.text(key)
			o.number(s.Gaps[i])
		}
		o.list(w.lists[s.Term])
	}
}

// wordless is the record of a term that is no word: §21, 2021/821.
func (w *shardWriter) wordless(term string) termRecord {
	o := output{}
	o.number(0) // flags
	o.number(1) // form
	o.number(len(term))
	o.text("")
	o.number(w.lists[term].docs << 4)
	o.list(w.lists[term])
	return termRecord{term, o}
}

func (w *shardWriter) prefixRecord(p prefixList) termRecord {
	o := output{}
	o.number(flagPrefix)
	o.number(len(p.Words))
	for _, form := range p.Words {
		word := w.dict.vocab.Lookup(form)
		shown := cmp.Or(word.Shown, form)
		if word.Noun {
			shown = capital(shown)
		}
		o.text(shown)
	}
	o.number(len(p.List))
	o = append(o, p.List...)
	return termRecord{p.Prefix + "*", o}
}

func termShard(records []termRecord) []byte {
	o := output{}
	o.number(len(records))
	last := ""
	for _, r := range records {
		shared := sharedPrefix(last, r.key)
		o.number(shared)
		o.text(r.key[shared:])
		o = append(o, r.content...)
		last = r.key
	}
	return o
}

// spellBlocks writes both alphabets.
func (w *shardWriter) spellBlocks() {
	s := &w.dict.spell
	forward := make([]spellWord, len(s.words))
	copy(forward, s.words)
	backward := make([]spellWord, len(s.words))
	for i, k := range s.back {
		backward[i] = s.words[k]
		backward[i].form = reverse(backward[i].form)
	}
	for i, words := range [...][]spellWord{forward, backward} {
		var firsts []string
		for at := 0; at < len(words); at += spellBlock {
			from, to := block(at, len(words))
			o := output{}
			o.number(to - from)
			last := ""
			for _, word := range words[from:to] {
				shared := sharedPrefix(last, word.form)
				o.number(shared)
				o.text(word.form[shared:])
				o.number(word.docs)
				last = word.form
			}
			w.add(fmt.Sprintf("s/%c%d", "fb"[i], len(firsts)), o)
			firsts = append(firsts, words[at].form)
		}
		w.manifest.Spell[i] = frontCoded(firsts)
	}
}

// fragment is what a hit is shown from.
type fragment struct {
	ID       string   `json:"i"`
	URL      string   `json:"u,omitempty"` // see cards
	Title    string   `json:"t"`
	Type     int      `json:"y"`
	Date     string   `json:"d,omitempty"`
	Status   string   `json:"s,omitempty"`
	Tags     []string `json:"g,omitempty"`
	Passages [][]any  `json:"p"`
}

func (w *shardWriter) fragments() {
	for ordinal := range w.plans {
		p := &w.plans[ordinal]
		for from := 0; from < len(p.passages); from += 1 << p.chunk {
			f := w.fragment(p, &w.meta.Docs[ordinal], from, min(len(p.passages), from+1<<p.chunk))
			b, err := json.Marshal(f)
			if err != nil {
				panic(err) // strings and numbers only
			}
			w.add(fmt.Sprintf("d/%d/%d-%d", ordinal/100, ordinal, from>>p.chunk), b)
		}
	}
}

func (w *shardWriter) fragment(p *plan, m *docMeta, from, to int) fragment {
	f := fragment{ID: p.doc.ID, URL: w.url(p.doc), Title: squeeze(p.doc.Title), Type: w.types[p.doc.Type], Date: p.doc.Date, Status: p.doc.Status}
	if from == 0 {
		f.Tags = p.doc.Tags
	}
	for i := from; i < to; i++ {
		passage := &p.passages[i]
		text := ""
		if !m.leavesOut(i) {
			text = squeeze(passage.text)
		}
		entry := []any{text}
		if passage.section >= 0 && (passage.first || i == from) {
			s := &p.doc.Sections[passage.section]
			entry = append(entry, squeeze(s.Title), s.ID)
			if !passage.first {
				entry = append(entry, 1)
			}
		}
		f.Passages = append(f.Passages, entry)
	}
	return f
}

// facetFile is which documents have which values.
type facetFile struct {
	Fields map[string][][]any `json:"fields"`
	Dates  []string           `json:"dates,omitempty"`
}

func (w *shardWriter) facets() {
	f := facetFile{Fields: map[string][][]any{}}
	values := map[label][]int{}
	dated := false
	for i, m := range w.meta.Docs {
		for _, field := range m.Facets {
			for _, v := range field.Values {
				l := label{Field: field.Field, Value: v}
				values[l] = append(values[l], i)
			}
		}
		dated = dated || m.Date != ""
		f.Dates = append(f.Dates, m.Date)
	}
	if !dated {
		f.Dates = nil
	}
	for l, docs := range values {
		f.Fields[l.Field] = append(f.Fields[l.Field], append([]any{l.Value, runs(docs)}, w.labels(l.Field, l.Value)...))
	}
	for _, v := range f.Fields {
		sort.Slice(v, func(i, j int) bool { return v[i][0].(string) < v[j][0].(string) })
	}
	b, err := json.Marshal(f)
	if err != nil {
		panic(err)
	}
	if small, err := deflate(b); err == nil && len(small) <= facetsInline {
		w.manifest.Facets = b
	} else {
		w.add("facets", b)
	}
}

// runs codes ascending ordinals as numbers to skip and to take in turn.
func runs(docs []int) []int {
	coded := []int{}
	at := 0
	for i := 0; i < len(docs); {
		from := i
		for i++; i < len(docs) && docs[i] == docs[i-1]+1; i++ {
		}
		coded = append(coded, docs[from]-at, i-from)
		at = docs[from] + i - from
	}
	return coded
}

// output is a shard being written.
type output []byte

func (o *output) number(x int) { *o = binary.AppendUvarint(*o, uint64(x)) }

func (o *output) text(s string) {
	o.number(len(s))
	*o = append(*o, s...)
}

func (o *output) list(l *list) {
	if l == nil {
		o.number(0)
		return
	}
	o.number(len(l.bytes))
	*o = append(*o, l.bytes...)
}

// sharedPrefix is how many bytes two strings begin with in common, whole
// characters only.
func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(b) && b[n]&0xC0 == 0x80 {
		n--
	}
	return n
}

const maxShared = 60 // of front-coded entries: one printable character

// frontCoded writes sorted strings without what each shares with the one
// before.
func frontCoded(entries []string) string {
	var b strings.Builder
	last := ""
	for i, e := range entries {
		rest, shared := e, 0 // characters, which the reader counts
		for n := sharedPrefix(last, e); e[:n] != e[:len(e)-len(rest)] && shared < maxShared; shared++ {
			_, size := utf8.DecodeRuneInString(rest)
			rest = rest[size:]
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(byte('0' + shared))
		b.WriteString(rest)
		last = e
	}
	return b.String()
}

// umlauts says which of the pairs ae, oe, ue, ss of a form are one letter in
// the word as it is shown; 0 if none is, or if the word has other letters that
// the form does not tell.
func umlauts(form, shown string) int {
	if shown == "" {
		return 0
	}
	mask, bit, i := 0, 1, 0
	for _, r := range shown {
		pair := map[rune]string{'ä': "ae", 'ö': "oe", 'ü': "ue", 'ß': "ss"}[r]
		switch {
		case pair != "" && strings.HasPrefix(form[i:], pair):
			mask |= bit
			bit <<= 1
			i += 2
		case r < 0x80 && i < len(form) && form[i] == byte(r):
			if isPair(form[i:]) {
				bit <<= 1
			}
			i++
		default:
			return 0
		}
	}
	if i != len(form) {
		return 0
	}
	return mask
}

func isPair(s string) bool {
	return len(s) > 1 && (s[1] == 'e' && strings.IndexByte("aou", s[0]) >= 0 || s[0] == 's' && s[1] == 's')
}
