package generator

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
	"github.com/ag-vzkm/portal/generator/spelling"
)

// reading is what there is to read on a site.
type reading struct {
	texts   []spelling.Text
	entries int
	options spelling.Options
}

// reading collects the texts of all entries. Bodies are read once more: a build
// does not keep them.
func (b *build) reading() *reading {
	words, _ := fs.ReadFile(b.files.Root, spelling.WordsFile)
	r := &reading{entries: len(b.site.Entries), options: spelling.Options{Words: words, Names: b.names(), Program: "hunspell", Langs: b.site.Config.Languages}}
	for _, e := range b.site.Entries {
		w := &written{b: b, e: e, files: map[string][]byte{}}
		w.fields(e.Type.Names, e.Values)
		w.body()
		r.texts = append(r.texts, w.texts...)
	}
	return r
}

// check looks up all words, and says in a line how many.
func (r *reading) check(ctx context.Context, diags *diag.List) (string, error) {
	n, err := spelling.Check(ctx, r.texts, r.options, diags)
	if err != nil {
		return "", fmt.Errorf("Hunspell ließ sich nicht fragen: %w", err)
	}
	return "Rechtschreibung: " + lang.Int("de", n) + " Wörter nachgesehen, Einträge: " + lang.Int("de", r.entries) + ".", nil
}

// names are the texts whose words are right as they stand: the glossary, what
// the definitions call names, vocabularies, the portal's own name.
func (b *build) names() []string {
	cfg := b.site.Config
	out := []string{cfg.Title, cfg.Publisher.Name}
	for _, s := range cfg.Subtitle {
		out = append(out, s)
	}
	for _, e := range b.site.Entries {
		if e.Type.Glossary != nil {
			out = append(out, namesOf(e)...)
		}
		if e.Type.Names {
			out = append(out, e.Title)
		}
		e.Values.Walk(func(_ string, it site.Item) {
			if !it.Field.Names {
				return
			}
			for _, v := range site.Each(it.Value) {
				out = append(out, capitalised(site.Plain(v)))
			}
		})
	}
	for _, x := range b.site.Taxonomies {
		for _, t := range x.Terms {
			out = append(out, t.Synonyms...)
			for _, text := range []site.Text{t.Label, t.Short} {
				for _, s := range text {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// capitalised are the words of a name that can only be meant as such: titles in
// other languages must not make their other words right.
func capitalised(s string) string {
	words := slices.DeleteFunc(strings.Fields(s), func(w string) bool {
		first := strings.IndexFunc(w, unicode.IsLetter)
		r, _ := utf8.DecodeRuneInString(w[max(first, 0):])
		return !unicode.IsUpper(r)
	})
	return strings.Join(words, " ")
}

// written collects what the author of an entry has written, with the places.
type written struct {
	b     *build
	e     *site.Entry
	files map[string][]byte
	texts []spelling.Text
}

// file is the text of one of the entry's files.
func (w *written) file(name string) []byte {
	text, read := w.files[name]
	if !read {
		text, _ = source.Text(w.b.files.Content, name)
		w.files[name] = text
	}
	return text
}

func (w *written) add(s string, title bool, at func(int) diag.Pos) {
	w.texts = append(w.texts, spelling.Text{Entry: w.e.Pos.File, Lang: w.e.Lang, S: s, Title: title, At: at})
}

// fields collects the texts of the front matter. Keys, names and what has to
// have a certain form are none.
func (w *written) fields(named bool, r site.Record) {
	for _, it := range r.Items {
		from := it.Pos
		for _, v := range site.Each(it.Value) {
			switch v := v.(type) {
			case site.Str:
				title := it.Field.Common && it.Field.Name == "title"
				if f := it.Field; f.Pattern == nil && !f.Cites && !f.Names && !(title && named) {
					from = w.value(v.S, title, from)
				}
			case site.Prose:
				w.prose(v)
			case site.Link:
				from = w.value(v.Text, false, from)
			case site.Image:
				w.value(v.Caption, false, v.Pos)
				w.value(v.Alt, false, v.Pos)
			case site.File:
				w.value(v.Title, false, v.Pos)
			case site.Record:
				w.fields(named, v)
			}
		}
	}
}

// value adds a value that is written at or behind a place, and returns the place
// behind it.
func (w *written) value(s string, title bool, pos diag.Pos) diag.Pos {
	if s == "" {
		return pos
	}
	text := w.file(pos.File)
	at := align(text, offsetOf(text, pos), s)
	w.add(s, title, func(i int) diag.Pos { return placeOf(text, pos, at[i]) })
	return placeOf(text, pos, at[len(at)-1])
}

// prose adds a markdown field.
func (w *written) prose(p site.Prose) {
	text := w.file(p.Pos.File)
	at := align(text, offsetOf(text, p.Pos), p.Source)
	for _, s := range w.b.texts.conv.Stretches([]byte(p.Source)) {
		w.add(s.Text, false, func(i int) diag.Pos { return placeOf(text, p.Pos, at[min(s.Src[i], len(at)-1)]) })
	}
}

// body adds the text, with its first heading if that is the title.
func (w *written) body() {
	body, err := source.Body(w.b.files.Content, w.e)
	if err != nil {
		return // the build has reported it
	}
	for _, s := range w.b.texts.conv.Stretches(body) {
		w.add(s.Text, false, func(i int) diag.Pos {
			p := placeOf(body, w.e.BodyPos, s.Src[i])
			p.Line += w.e.BodyPos.Line - 1
			return p
		})
	}
	if w.e.Values.Item("title") == nil && !w.e.Type.Names {
		w.value(w.e.Title, true, w.e.BodyPos)
	}
}

// offsetOf is where in a file a place is.
func offsetOf(text []byte, p diag.Pos) int {
	at := 0
	for range p.Line - 1 {
		n := slices.Index(text[at:], '\n')
		if n < 0 {
			return len(text)
		}
		at += n + 1
	}
	for range p.Col - 1 {
		_, n := utf8.DecodeRune(text[at:])
		at += n
	}
	return min(at, len(text))
}

// placeOf is the place of an offset in a file; p names the file, and is the
// answer for an offset that is not known.
func placeOf(text []byte, p diag.Pos, offset int) diag.Pos {
	if offset < 0 || offset > len(text) {
		return p
	}
	before := text[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return diag.Pos{File: p.File, Line: 1 + bytes.Count(before, []byte("\n")), Col: 1 + utf8.RuneCount(before[start:])}
}

// lostAfter is how far align looks for the next letter: quotation marks,
// backslashes, line breaks with indentation and comments may stand between.
const lostAfter = 200

// align finds for each byte of a value where it is written in the file, from a
// place on. YAML folds lines and resolves marks, but keeps the order: each
// letter is the next of its kind. -1 stands for what is not found.
func align(text []byte, from int, s string) []int {
	at := make([]int, len(s))
	for i, r := range s {
		n := utf8.RuneLen(r)
		found := -1
		if !unicode.IsSpace(r) {
			window := text[from:min(len(text), from+lostAfter)]
			found = strings.IndexRune(string(window), r)
		}
		if found >= 0 {
			found += from
			from = found + n
		}
		for j := range n {
			at[i+j] = found
		}
	}
	return at
}
