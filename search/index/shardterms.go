package index

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
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
	flagBits = iota
)

// Flags of a form, below the number of its documents.
const (
	infoNoun = 1 << iota
	infoMask
	infoMember
	infoGlued
	infoBits = iota
)

// termRecord is a record as it is written: its key, and all behind the key.
type termRecord struct{ key, content []byte }

// termShards cuts all records into shards.
func (w *shardWriter) termShards() (err error) {
	all := 0
	for _, n := range w.bytes {
		all += n
	}
	// Many small shards make the manifest long, few large ones make each
	// query read what it does not need.
	most := int(shardShare * math.Sqrt(float64(all)))
	var firsts []string // telling keys of the shards
	var shard []termRecord
	size := 0
	last := "" // key of the shard before
	flush := func() {
		if len(shard) == 0 {
			return
		}
		firsts = append(firsts, telling(last, string(shard[0].key)))
		last = string(shard[len(shard)-1].key)
		err = cmp.Or(err, w.add(fmt.Sprintf("t/%d", len(firsts)-1), termShard(shard, size)))
		shard, size = shard[:0], 0
	}
	for _, at := range w.records {
		b, readErr := w.runs.spill.read(at, nil)
		if err = cmp.Or(err, readErr); err != nil {
			return err
		}
		for in := (input{b: b}); len(in.b) > 0; {
			r := termRecord{in.bytes(), in.bytes()}
			if size > 0 && size+len(r.content) > most && !bytes.Equal(r.key, shard[len(shard)-1].key) {
				flush()
			}
			shard = append(shard, r)
			size += len(r.content)
		}
	}
	flush()
	w.manifest.Terms = frontCoded(firsts)
	return err
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

// makeRecords makes the lists and records of all partitions: what a wide prefix
// stands for is known only behind all that begins with it, and how large shards
// are only when all records are known.
func (w *shardWriter) makeRecords() error {
	t := w.terms
	w.prefixes = make([][]prefixList, len(t.partitions))
	w.records, w.bytes = make([]extent, len(t.partitions)), make([]int, len(t.partitions))
	w.can = w.vocab.Members()
	if err := w.synonyms.make(w.runs, len(t.partitions), t.synonyms); err != nil {
		return err
	}
	return each(w.opts.Workers, len(t.partitions), func() func(int) error {
		r := &recordWriter{shardWriter: w, prefixMaker: newPrefixMaker(w.dict, w.terms.slots, len(w.docs))}
		return r.partition
	})
}

// recordWriter makes the records of one partition after the other.
type recordWriter struct {
	*shardWriter
	*prefixMaker
	out  output
	body output
	size int
}

func (w *recordWriter) partition(n int) (err error) {
	p := &w.terms.partitions[n]
	if err = w.lists.make(w.runs, n, p.slots); err != nil {
		return err
	}
	w.shardWriter.prefixes[n] = w.widePrefixes(p)
	if w.opts.Browser == nil {
		return nil
	}
	w.out, w.size = w.out[:0], 0
	w.partitionRecords(p, w.shardWriter.prefixes[n])
	w.bytes[n] = w.size
	w.shardWriter.records[n], err = w.runs.spill.append(w.out)
	return err
}

// widePrefixes are those of a partition, sorted.
func (w *recordWriter) widePrefixes(p *partition) (all []prefixList) {
	for from := p.records[0]; from < p.records[1]; {
		begin, to := initial(w.dict.key(from)), from+1
		for to < p.records[1] && initial(w.dict.key(to)) == begin {
			to++
		}
		if letterAt(begin, 0) != 0 && letterAt(begin, 1) != 0 {
			all = append(all, w.prefixMaker.prefixes(from, to)...)
		}
		from = to
	}
	return all
}

// partitionRecords writes all records of a partition in the order of their
// keys; of those with the same, in the order below.
func (w *recordWriter) partitionRecords(p *partition, prefixes []prefixList) {
	record, apart, other, slot := p.records[0], p.apart[0], p.others[0], p.otherSlot
	for {
		best, which := "", -1
		next := func(i int, more bool, key func() string) {
			if more {
				if k := key(); which < 0 || k < best {
					best, which = k, i
				}
			}
		}
		next(0, record < p.records[1], func() string { return w.dict.key(record) })
		next(1, apart < p.apart[1], func() string { return w.apart[apart].key })
		next(2, other < p.others[1], func() string { return w.terms.others[other] })
		next(3, len(prefixes) > 0, func() string { return prefixes[0].Prefix + "*" })
		switch which {
		case 0:
			r := w.dict.record(record)
			w.wordRecord(&r, int(w.terms.slots[record]))
			record++
		case 1:
			w.wordRecord(&w.making.apart[apart], 0)
			apart++
		case 2:
			if w.terms.place[w.terms.words+other] != noPlace {
				w.wordless(w.terms.others[other], slot)
				slot++
			}
			other++
		case 3:
			w.prefixRecord(&prefixes[0])
			prefixes = prefixes[1:]
		default:
			return
		}
	}
}

// end ends a record.
func (w *recordWriter) end(key string) {
	w.out.text(key)
	w.out.bytes(w.body)
	w.size += len(w.body)
	w.body = w.body[:0]
}

// wordRecord writes a record whose lists begin at a slot.
func (w *recordWriter) wordRecord(r *record, slot int) {
	synonyms := w.analyzer.SynonymsOf(r.stem)
	members := w.dict.parts(r)
	var words []int32
	var known []string
	if r.at >= 0 {
		words, known = w.dict.wordsOf(r.at), w.dict.known[r.at]
	}
	var parts []byte
	if r.part {
		parts = w.lists.at(slot + len(words))
	}
	if len(words)+len(known)+len(parts)+len(synonyms) == 0 {
		return
	}
	flags := 0
	for i, set := range [...]bool{r.twin, r.joins, len(members) > 0, len(parts) > 0, len(synonyms) > 0} {
		if set {
			flags |= 1 << i
		}
	}
	o := &w.body
	o.number(flags)
	if len(members) > 0 {
		o.texts(members)
	}
	o.number(len(words) + len(known))
	if r.at >= 0 {
		w.dict.eachForm(r.at, func(form string, word int) {
			w.form(r.key, form, word, slot)
			if word >= 0 {
				slot++
			}
		})
	}
	if len(parts) > 0 {
		o.bytes(parts)
	}
	w.synonymsOf(synonyms)
	w.end(r.key)
}

// form writes a form, and its list if it is a word of the vocabulary.
func (w *recordWriter) form(key, form string, i, slot int) {
	o := &w.body
	shared := sharedPrefix(key, form)
	o.number(shared)
	o.text(form[shared:])
	if i < 0 { // known without being in any text: it can be a member
		o.number(infoMember)
		return
	}
	word := w.vocab.Brief(i)
	info := word.Docs << infoBits
	mask := umlauts(form, word.Shown)
	for k, set := range [...]bool{word.Noun, mask != 0, w.can[i], word.Glued} {
		if set {
			info |= 1 << k
		}
	}
	o.number(info)
	if mask != 0 {
		o.number(mask)
	}
	o.bytes(w.lists.at(slot))
}

func (w *recordWriter) synonymsOf(synonyms []analyze.Synonym) {
	if len(synonyms) == 0 {
		return
	}
	o := &w.body
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
		group := int(w.terms.synonym(s.Term)) - w.terms.len() + w.terms.synonyms
		o.bytes(w.shardWriter.synonyms.at(group))
	}
}

// wordless is the record of a term that is no word: §21, 2021/821.
func (w *recordWriter) wordless(term string, slot int) {
	o := &w.body
	o.number(0) // flags
	o.number(1) // form
	o.number(len(term))
	o.text("")
	o.number(w.lists.docs(slot) << infoBits)
	o.bytes(w.lists.at(slot))
	w.end(term)
}

func (w *recordWriter) prefixRecord(p *prefixList) {
	o := &w.body
	o.number(flagPrefix)
	o.number(len(p.Words))
	for _, form := range p.Words {
		word := w.vocab.Lookup(form)
		shown := cmp.Or(word.Shown, form)
		if word.Noun {
			shown = capital(shown)
		}
		o.text(shown)
	}
	o.bytes(p.List)
	w.end(p.Prefix + "*")
}

func termShard(records []termRecord, size int) []byte {
	o := make(output, 0, size+16*len(records)+8)
	o.number(len(records))
	var last []byte
	for _, r := range records {
		shared := sharedPrefix(last, r.key)
		o.number(shared)
		o.bytes(r.key[shared:])
		o = append(o, r.content...)
		last = r.key
	}
	return o
}
