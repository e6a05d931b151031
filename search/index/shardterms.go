package index

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/search/analyze"
)

// shardterms.go writes term shards: all that is known of words, by key.

// Flags of a record.
const (
	flagTwin = 1 << iota
	flagJoins
	flagMembers
	flagParts
	flagSynonyms
	flagPrefix
)

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
