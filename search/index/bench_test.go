package index

import (
	"testing"
)

// BenchmarkPrepare makes the records of documents: passages, words, fragments.
func BenchmarkPrepare(b *testing.B) {
	docs, opts := manyDocuments(100), testOptions(func(string, []byte) error { return nil })
	p := NewPreparer(opts)
	b.SetBytes(textBytes(docs))
	b.ReportAllocs()
	for b.Loop() {
		for i := range docs {
			if _, err := p.Prepare(&docs[i]); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkCut divides texts into passages.
func BenchmarkCut(b *testing.B) {
	docs := manyDocuments(100)
	b.SetBytes(textBytes(docs))
	b.ReportAllocs()
	var passages []string
	for b.Loop() {
		for i := range docs {
			for _, s := range docs[i].Sections {
				passages = cut(passages[:0], s.Text)
			}
		}
	}
}

// BenchmarkAdd counts the words of records.
func BenchmarkAdd(b *testing.B) {
	docs, opts := manyDocuments(100), testOptions(func(string, []byte) error { return nil })
	records := prepareAll(b, docs, opts)
	b.SetBytes(textBytes(docs))
	b.ReportAllocs()
	for b.Loop() {
		x, err := NewBuilder(b.TempDir()+"/index", opts)
		if err != nil {
			b.Fatal(err)
		}
		for _, record := range records {
			if err := x.Add(record); err != nil {
				b.Fatal(err)
			}
		}
		x.Discard()
	}
}

// BenchmarkFinish makes the shards of records; the texts' bytes are those per
// second.
func BenchmarkFinish(b *testing.B) {
	for name, cache := range map[string]Cache{"cold": nil, "cached": &countingCache{values: map[[32]byte][]byte{}}} {
		b.Run(name, func(b *testing.B) {
			docs, opts := manyDocuments(1000), testOptions(func(string, []byte) error { return nil })
			opts.Cache = cache
			records := prepareAll(b, docs, opts)
			b.SetBytes(textBytes(docs))
			b.ReportAllocs()
			for b.Loop() {
				finish(b, records, opts)
			}
		})
	}
}

func textBytes(docs []Document) (n int64) {
	for i := range docs {
		for _, s := range docs[i].Sections {
			n += int64(len(s.Text))
		}
	}
	return n
}
