package index

import (
	"bufio"
	"encoding/gob"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/search/analyze"
	"github.com/klauspost/compress/zstd"
)

// formatVersion changes with whatever makes an older index unreadable or
// differently analysed.
const formatVersion = 3

const (
	metaFile  = "meta.zst"
	wordsFile = "words.zst"
)

// meta is what Open needs besides the postings.
type meta struct {
	Version  int
	Docs     []docMeta // by ordinal
	Extra    []string
	Synonyms analyze.Synonyms
	Labels   []label
	Prefixes []prefixList // the wide ones, sorted
}

// label is how a facet's value is shown.
type label struct{ Field, Value, Lang, Label string }

func writeMeta(dir string, m *meta) error {
	return writeCompressed(filepath.Join(dir, metaFile), func(w io.Writer) error {
		return gob.NewEncoder(w).Encode(m)
	})
}

func readMeta(dir string) (*meta, error) {
	m := &meta{}
	err := readCompressed(filepath.Join(dir, metaFile), func(r io.Reader) error {
		return gob.NewDecoder(r).Decode(m)
	})
	if err == nil && m.Version != formatVersion {
		err = fmt.Errorf("index has format %d, this program reads %d: build it again", m.Version, formatVersion)
	}
	return m, err
}

// writeWords writes a line for each word: form, how it is written, what is
// special (N a noun, J a piece of hyphenated words, G never one word itself), documents, stem, and parts
// with their levels, separated by tabs. Lines can be read back without a copy
// of each string, and looked at with zstdcat.
func writeWords(dir string, words iter.Seq[analyze.Word]) error {
	return writeCompressed(filepath.Join(dir, wordsFile), func(w io.Writer) error {
		for word := range words {
			special := ""
			if word.Noun {
				special = "N"
			}
			if word.Joined {
				special += "J"
			}
			if word.Glued {
				special += "G"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s", word.Form, word.Shown, special, word.Docs, word.Stem)
			for _, p := range word.Parts {
				fmt.Fprintf(w, "\t%d%s", p.Level, p.Stem)
			}
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		return nil
	})
}

func readWords(dir string) ([]analyze.Word, error) {
	var text strings.Builder
	err := readCompressed(filepath.Join(dir, wordsFile), func(r io.Reader) error {
		_, err := io.Copy(&text, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	words := make([]analyze.Word, 0, strings.Count(text.String(), "\n"))
	for line := range strings.Lines(text.String()) {
		var w analyze.Word
		var docs, special string
		rest, more := strings.TrimSuffix(line, "\n"), false
		w.Form, rest, _ = strings.Cut(rest, "\t")
		w.Shown, rest, _ = strings.Cut(rest, "\t")
		special, rest, _ = strings.Cut(rest, "\t")
		w.Noun, w.Joined = strings.Contains(special, "N"), strings.Contains(special, "J")
		w.Glued = strings.Contains(special, "G")
		docs, rest, _ = strings.Cut(rest, "\t")
		w.Stem, rest, more = strings.Cut(rest, "\t")
		if w.Docs, err = strconv.Atoi(docs); err != nil {
			return nil, fmt.Errorf("%s: line %q: %w", wordsFile, line, err)
		}
		for more {
			var part string
			if part, rest, more = strings.Cut(rest, "\t"); len(part) > 1 {
				w.Parts = append(w.Parts, analyze.Part{Stem: part[1:], Level: int(part[0] - '0')})
			}
		}
		words = append(words, w)
	}
	return words, nil
}

func writeCompressed(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := zstd.NewWriter(f)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(z)
	if err := write(b); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return f.Close()
}

func readCompressed(path string, read func(io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		return err
	}
	defer z.Close()
	if err := read(z); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return nil
}
