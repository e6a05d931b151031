package generator

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strings"
	"sync"

	"github.com/ag-vzkm/portal/generator/asset"
	"github.com/ag-vzkm/portal/generator/cache"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/markdown"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// texts converts the entries' Markdown and answers the converter's questions
// about the site. It keeps the small parts of what it converts, and what it
// takes to know that they still hold; bodies and their HTML it makes when they
// are asked for and lets go.
type texts struct {
	b      *build
	conv   *markdown.Converter
	terms  map[string]*markdown.Terms // by language
	bases  map[string]cache.Key       // by language: what all conversions follow from
	byFile map[string]*site.Entry
	proses sync.Map // site.Prose → prose
	told   sync.Map // version → true: its findings have been reported

	mu    sync.Mutex
	feeds map[*site.Entry]string // HTML of entries that feeds show
}

// prose is a markdown field as HTML and as plain text.
type prose struct{ HTML, Plain string }

func newTexts(b *build) *texts {
	t := &texts{b: b, terms: map[string]*markdown.Terms{}, bases: map[string]cache.Key{}, byFile: map[string]*site.Entry{}, feeds: map[*site.Entry]string{}}
	host := ""
	if u, err := url.Parse(b.site.Config.BaseURL); err == nil {
		host = u.Host
	}
	t.conv = markdown.New(markdown.Config{Words: b.words.Must, SiteHost: host, ReservedIDs: reservedIDs})
	for _, l := range b.site.Config.Languages {
		glossary := t.glossary(l)
		t.terms[l] = markdown.NewTerms(glossary)
		t.bases[l] = keyOf("text", l, b.site.Config.Languages, b.base, host, b.Lenient, b.keys.words, glossary)
	}
	for _, e := range b.site.Entries {
		t.byFile[e.Pos.File] = e
		if e.Companion != "" {
			t.byFile[e.Companion] = e
		}
	}
	return t
}

// reservedIDs are the ids that the templates give to parts of a page; a heading
// of the same words gets a number. A test holds them against the templates.
var reservedIDs = []string{
	"abgleich", "abgleich-einzeln", "abgleich-uebersicht", "aenderungen", "alle-abschnitte", "alle-im-vergleich", "alle-termine", "angaben",
	"angaben-ablauf", "angaben-ergebnisse", "angaben-forderungen", "angaben-kriterien", "angaben-nutzung", "arbeitsfelder", "auf-einen-blick",
	"begriff-hinweis", "begriffe", "bestand", "der-weg", "eingrenzen", "eingrenzen-titel", "ergebnis", "feeds", "haeufig", "ihre-angaben", "inhalt",
	"kalender-abonnieren", "kurz-forderungen", "laenderkarte", "luecken", "meilensteine", "monate", "netz-einzeln", "netz-was", "netz-wer", "ohne-ort",
	"ohne-ort-titel", "ohne-tag", "ohne-termine", "passt-zu", "quellen", "so", "suche", "thema-einstieg", "thema-termine", "themen-der-seite",
	"treffer", "unterschied-angaben", "unterschied-liste", "unterschied-text", "vergleich-titel", "verlauf-ergebnis", "verlauf-partner",
	"verlauf-phase", "vorbei", "was", "wege", "wegweiser", "weiterlesen", "werkzeuge", "zeitachse", "zusammenhang",
}

// glossary lists the words of all types that explain words.
func (t *texts) glossary(l string) []markdown.Term {
	var out []markdown.Term
	for _, typ := range t.b.site.Types {
		if typ.Glossary == nil {
			continue
		}
		for _, e := range t.b.site.OfType(typ.Name, l) {
			if !e.Listed() {
				continue
			}
			out = append(out, markdown.Term{ID: e.ID, Words: namesOf(e), URL: t.b.base + e.URL})
		}
	}
	return out
}

// namesOf are all names of a glossary entry: title, abbreviation, synonyms.
func namesOf(e *site.Entry) []string {
	out := []string{e.Title}
	g := e.Type.Glossary
	for _, p := range []string{g.Abbr, g.Synonyms} {
		for _, v := range site.Each(e.Get(p)) {
			out = append(out, site.Plain(v))
		}
	}
	return out
}

func sourcesOf(e *site.Entry) []markdown.Source {
	var out []markdown.Source
	for _, v := range site.Each(e.Get("sources")) {
		if rec, ok := v.(site.Record); ok {
			out = append(out, markdown.Source{Key: rec.Text("key"), Title: rec.Text("title"), URL: rec.Text("url")})
		}
	}
	return out
}

// proseOf is a markdown field, which is converted together with its entry.
func (t *texts) proseOf(p site.Prose) prose {
	v, ok := t.proses.Load(p)
	if e := t.byFile[p.Pos.File]; !ok && e != nil {
		t.know(e)
		v, _ = t.proses.Load(p)
	}
	known, _ := v.(prose)
	return known
}

func (t *texts) prose(p site.Prose) string      { return t.proseOf(p).HTML }
func (t *texts) plainProse(p site.Prose) string { return t.proseOf(p).Plain }

// html is the HTML of an entry for feeds, which show the same entries again
// and again.
func (t *texts) html(e *site.Entry) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	h, ok := t.feeds[e]
	if !ok {
		h = t.convert(e).page.HTML
		t.feeds[e] = h
	}
	return h
}

// plain is site.Plain, with markdown fields as the reader sees them.
func (t *texts) plain(v site.Value) string {
	if p, ok := v.(site.Prose); ok {
		return t.plainProse(p)
	}
	return site.Plain(v)
}

// figures are what an entry states in figures.
func (t *texts) figures(e *site.Entry) []view.Figure {
	var out []view.Figure
	k, _ := t.know(e)
	for i, c := range k.Claims {
		if i > 0 && k.Claims[i-1].Sentence == c.Sentence {
			last := &out[len(out)-1]
			last.Figures = append(last.Figures, c.Figure)
			continue
		}
		out = append(out, view.Figure{Figures: []string{c.Figure}, Sentence: c.Sentence, Own: c.Own, Sources: view.Cited(e, c.Keys)})
	}
	return out
}

func plainText(d *markdown.Doc) string {
	var parts []string
	for _, s := range d.Sections {
		parts = append(parts, strings.TrimSpace(s.Title+"\n"+s.Text))
	}
	return strings.Join(parts, "\n")
}

// Entry, Suggest, Path and Image make texts a markdown.Resolver.

func (t *texts) Entry(id, lang string) (markdown.Target, bool) {
	e := t.b.site.Lookup(id, lang)
	if e == nil {
		hidden := t.b.site.Hidden(id)
		return markdown.Target{Hidden: hidden}, hidden
	}
	return markdown.Target{ID: e.ID, URL: t.b.base + e.URL, Title: e.Title, Lang: e.Lang}, true
}

func (t *texts) Suggest(id string) string {
	var ids []string
	for _, e := range t.b.site.Entries {
		if !e.Index {
			ids = append(ids, e.ID)
		}
	}
	near := diag.Nearest(id, ids, 3)
	for _, e := range t.b.site.Entries { // it may be the title that was written
		if !e.Index && len(near) == 0 && diag.Misspelt(lang.ID(id), lang.ID(e.Title)) {
			near = []string{e.ID}
		}
	}
	if len(near) > 0 {
		return "Meinten Sie " + diag.QuoteList(near, "oder") + "?"
	}
	return ""
}

func (t *texts) Path(file, dest string) (string, bool) {
	lang := t.b.site.Config.DefaultLang()
	if e := t.byFile[file]; e != nil {
		lang = e.Lang
	}
	if strings.HasPrefix(dest, "/") {
		return t.fromRoot(dest)
	}
	p, ok := contentPath(file, dest)
	if !ok {
		return "", false
	}
	stem := strings.TrimSuffix(strings.TrimSuffix(p, "/"), path.Ext(p))
	if !strings.EqualFold(path.Ext(p), ".md") {
		stem = strings.TrimSuffix(p, "/")
	}
	for _, l := range append([]string{lang}, t.b.site.Config.Languages...) {
		if e := t.b.site.ByPath(strings.TrimSuffix(stem, "."+l), l); e != nil {
			return t.b.base + e.URL, true
		}
	}
	if page, ok := t.folder(stem, lang); ok {
		return page, true
	}
	if info, err := fs.Stat(t.b.files.Content, p); err == nil && info.Mode().IsRegular() && !strings.EqualFold(path.Ext(p), ".md") {
		d, err := t.b.media.File(t.b.files.Content, p)
		if err != nil { // it is there and cannot be offered: the words stay
			t.mediaFault(diag.Pos{File: file}, "anlage-fehlt", dest, err)
			return "", true
		}
		return d.URL, true
	}
	if e := t.b.site.Lookup(dest, lang); e != nil {
		return t.b.base + e.URL, true
	}
	return "", t.b.site.HiddenPath(stem) || t.b.site.HiddenPath(withoutLang(stem, t.b.site.Config.Languages)) || t.b.site.Hidden(dest)
}

// folder is the page of a folder below content/: a section or a type's list.
func (t *texts) folder(dir, lang string) (string, bool) {
	for _, l := range []string{lang, t.b.site.Config.DefaultLang()} {
		p := t.b.site.Config.Prefix(l) + "/"
		if dir != "." {
			p += render.Slug(dir) + "/"
		}
		if t.b.renderer.Has(p) {
			return t.b.base + p, true
		}
	}
	return "", false
}

func withoutLang(stem string, langs []string) string {
	for _, l := range langs {
		if s, ok := strings.CutSuffix(stem, "."+l); ok {
			return s
		}
	}
	return stem
}

// fromRoot resolves an address that begins at the site's root: a page, a
// file of static/, or a Markdown file below content/.
func (t *texts) fromRoot(dest string) (string, bool) {
	if t.b.renderer.Has(dest) {
		return t.b.base + dest, true
	}
	if t.b.renderer.Has(dest + "/") {
		return t.b.base + dest + "/", true
	}
	name := strings.TrimPrefix(dest, "/")
	if info, err := fs.Stat(t.b.files.Static, name); err == nil && info.Mode().IsRegular() {
		return t.b.base + dest, true
	}
	if t.b.machine.has(dest) {
		return t.b.base + dest, true
	}
	for _, l := range t.b.site.Config.Languages {
		if e := t.b.site.ByPath(strings.TrimSuffix(strings.TrimSuffix(name, ".md"), "."+l), l); e != nil {
			return t.b.base + e.URL, true
		}
	}
	stem := strings.TrimSuffix(strings.Trim(strings.TrimSuffix(name, ".md"), "/"), "/index")
	return "", t.b.site.HiddenPath(stem) || t.b.site.HiddenPath(withoutLang(stem, t.b.site.Config.Languages))
}

// contentPath is the path below content/ of a file named in another file.
// false when it would lead out.
func contentPath(file, dest string) (string, bool) {
	if u, err := url.PathUnescape(dest); err == nil {
		dest = u
	}
	p := path.Join(path.Dir(strings.TrimPrefix(file, "content/")), dest)
	if strings.HasPrefix(dest, "/") {
		p = path.Clean(strings.TrimPrefix(dest, "/"))
	}
	return p, fs.ValidPath(p)
}

func (t *texts) Image(file, src string) (markdown.Image, error) {
	img, err := t.image(file, src)
	if err != nil {
		return markdown.Image{}, err
	}
	out := markdown.Image{URL: img.URL, Width: img.Width, Height: img.Height}
	for _, v := range img.Variants {
		out.SrcSet = append(out.SrcSet, markdown.Variant{URL: v.URL, Width: v.Width})
	}
	return out, nil
}

func (t *texts) image(file, src string) (asset.Image, error) {
	p, ok := contentPath(file, src)
	if !ok {
		return asset.Image{}, fmt.Errorf("Der Pfad „%s“ führt aus dem Ordner content hinaus.", src)
	}
	return t.b.media.Image(t.b.files.Content, p)
}

// picture and download are for images and files of the front matter.

func (t *texts) picture(v site.Image) *render.Picture {
	img, err := t.image(v.Pos.File, v.Src)
	if err != nil {
		t.mediaFault(v.Pos, "bild-fehlt", v.Src, err)
		return nil
	}
	p := &render.Picture{URL: img.URL, Alt: v.Alt, Caption: v.Caption, Credit: v.Credit, Width: img.Width, Height: img.Height}
	var set []string
	for _, x := range img.Variants {
		set = append(set, fmt.Sprintf("%s %dw", x.URL, x.Width))
	}
	p.SrcSet = strings.Join(set, ", ")
	return p
}

func (t *texts) download(v site.File) *render.Link {
	p, ok := contentPath(v.Pos.File, v.Src)
	if !ok {
		t.mediaFault(v.Pos, "anlage-fehlt", v.Src, fs.ErrInvalid)
		return nil
	}
	d, err := t.b.media.File(t.b.files.Content, p)
	if err != nil {
		t.mediaFault(v.Pos, "anlage-fehlt", v.Src, err)
		return nil
	}
	l := &render.Link{Title: v.Title, URL: d.URL, Note: fileNote(p, d.Size)}
	if l.Title == "" {
		l.Title = path.Base(p)
	}
	return l
}

func fileNote(p string, size int64) string {
	kind := strings.ToUpper(strings.TrimPrefix(path.Ext(p), "."))
	if size >= 1<<20 {
		return fmt.Sprintf("%s, %s\u00a0MB", kind, strings.Replace(fmt.Sprintf("%.1f", float64(size)/(1<<20)), ".", ",", 1))
	}
	return fmt.Sprintf("%s, %d\u00a0kB", kind, max(1, (size+512)>>10))
}

func (t *texts) mediaFault(pos diag.Pos, code, src string, err error) {
	var e *asset.Error
	if errors.As(err, &e) {
		t.b.diags.Showablef(pos, code, e.Hint, "%s", e.Text)
		return
	}
	t.b.diags.Showablef(pos, code, "Der Pfad gilt vom Ordner dieser Datei aus; mit „/“ am Anfang gilt er vom Ordner „content“ aus.", "Die Datei „%s“ gibt es nicht.", src)
}

// blocks are the paragraphs, list items and headings of an entry's text, plain.
// They are kept by what is in them: of the many versions of a text few change.
func (t *texts) blocks(e *site.Entry) []view.Block {
	k, x := t.know(e)
	key := keyOf("blocks", k.Plain)
	var out []view.Block
	if raw, ok := t.b.cache.Get(key); ok && gob.NewDecoder(bytes.NewReader(raw)).Decode(&out) == nil {
		return out
	}
	if x == nil {
		x = t.convert(e)
	}
	for _, s := range x.doc.Sections {
		if s.Title != "" {
			out = append(out, view.Block{Heading: true, Text: s.Title})
		}
		for line := range strings.Lines(s.Text) {
			if line = strings.TrimSpace(line); line != "" {
				out = append(out, view.Block{Text: line})
			}
		}
	}
	var raw bytes.Buffer
	if t.b.cache != nil && gob.NewEncoder(&raw).Encode(out) == nil {
		t.b.cache.Put(key, raw.Bytes())
	}
	return out
}
