package source

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// LoadEntries reads every Markdown file below content, with the companion that
// it may have, in parallel. The result is sorted by file. memo may be nil; see Memo. seen, if not nil, gets
// each entry that is read with its text, from many goroutines.
func LoadEntries(content fs.FS, cfg *site.Config, types []*site.Type, memo *Memo, seen func(*site.Entry, []byte), diags *diag.List) []*site.Entry {
	l := &loader{fs: content, cfg: cfg, types: types, seen: seen}
	walked := &diag.List{Lenient: diags.Lenient}
	files, yamls := l.walk(walked)
	l.companions = l.pair(files, yamls, walked)
	diags.Add(walked.Sorted()...)
	read := make([]*parsed, len(files))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(files); i = int(next.Add(1)) - 1 {
				if read[i] = memo.recall(files[i]); read[i] == nil {
					read[i] = l.file(files[i], memo, diags.Lenient)
				}
			}
		})
	}
	wg.Wait()
	memo.keep(files, read)
	var entries []*site.Entry
	unknown := map[[2]string]*unknownKey{}
	for _, p := range read {
		diags.Add(p.diags...)
		for _, k := range p.unknown {
			k.countIn(unknown)
		}
		if p.entry != nil {
			entries = append(entries, p.entry)
		}
	}
	slices.SortFunc(entries, func(a, b *site.Entry) int { return cmp.Compare(a.Pos.File, b.Pos.File) })
	l.reportUnknown(unknown, diags)
	return entries
}

// loader knows what reading needs besides the files.
type loader struct {
	fs    fs.FS
	cfg   *site.Config
	types []*site.Type
	seen  func(*site.Entry, []byte)
	// companions are the files with the front matter, by their texts.
	companions map[string]string
}

// parsed is what one file came to. It does not change any more.
type parsed struct {
	hash    [sha256.Size]byte
	entry   *site.Entry // nil when the file cannot be used at all
	diags   []diag.Diagnostic
	unknown []keyAt
}

// reader reads one file.
type reader struct {
	*loader
	diags   *diag.List
	unknown []keyAt
}

// keyAt is a key in the front matter of a plain page that no field has.
type keyAt struct {
	key string
	pos diag.Pos
}

// unknownKey is such a key in all files of a folder: that is said once, not
// once for each.
type unknownKey struct {
	first diag.Pos
	files int
}

func (k keyAt) countIn(all map[[2]string]*unknownKey) {
	at := [2]string{path.Dir(k.pos.File), k.key}
	u := all[at]
	if u == nil {
		u = &unknownKey{first: k.pos}
		all[at] = u
	}
	u.files++
	if k.pos.File < u.first.File {
		u.first = k.pos
	}
}

func (l *loader) walk(diags *diag.List) (files, yamls []string) {
	err := fs.WalkDir(l.fs, ".", func(p string, d fs.DirEntry, err error) error {
		pos := diag.Pos{File: path.Join("content", p)}
		switch {
		case err != nil:
			diags.Errorf(pos, "datei-unlesbar", "Prüfen Sie die Rechte der Datei.", "„%s“ ist nicht lesbar.", path.Base(p))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case p == ".":
			return nil
		case !nameOK(pos, d.Name(), diags):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_"):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.Type()&fs.ModeSymlink != 0:
			if !l.symlink(p, pos, diags) {
				return nil
			}
		case !d.Type().IsRegular():
			return nil
		}
		switch {
		case isMarkdown(p):
			files = append(files, p)
		case isYAML(p):
			yamls = append(yamls, p)
		}
		return nil
	})
	if err != nil {
		diags.Errorf(diag.Pos{File: "content"}, "datei-unlesbar", "Prüfen Sie die Rechte des Ordners.", "Der Ordner content ist nicht lesbar.")
	}
	return files, yamls
}

func isMarkdown(p string) bool { return strings.EqualFold(path.Ext(p), ".md") }

// nameOK refuses names that could be taken for a path or hide something.
func nameOK(pos diag.Pos, name string, diags *diag.List) bool {
	bad := strings.ContainsFunc(name, func(r rune) bool {
		return r == '%' || r == '\\' || r == '<' || r == '>' || r == '"' || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar
	}) || strings.HasPrefix(name, "..")
	if bad {
		hint := "Benennen Sie die Datei um, nur mit Buchstaben, Ziffern und Bindestrichen."
		if id := lang.ID(strings.TrimSuffix(name, path.Ext(name))); id != "" {
			hint = "Benennen Sie sie um, etwa in „" + id + path.Ext(name) + "“."
		}
		diags.Errorf(pos, "dateiname", hint, "Der Name „%s“ enthält Zeichen, die in einer Adresse gefährlich sind.", strings.Map(printable, name))
	}
	return !bad
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return '?'
}

// symlink reports whether a link leads to a file.
func (l *loader) symlink(p string, pos diag.Pos, diags *diag.List) bool {
	info, err := fs.Stat(l.fs, p)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		diags.Errorf(pos, "verknuepfung", "Löschen Sie die Verknüpfung oder stellen Sie ihr Ziel wieder her.", "Die Verknüpfung „%s“ führt ins Leere.", path.Base(p))
	case err != nil:
		diags.Errorf(pos, "verknuepfung", "Legen Sie die Datei selbst in den Ordner content.", "Die Verknüpfung „%s“ führt aus dem Ordner content hinaus.", path.Base(p))
	case info.IsDir():
		diags.Errorf(pos, "verknuepfung", "Legen Sie einen echten Ordner an.", "„%s“ ist eine Verknüpfung auf einen Ordner; ihr wird nicht gefolgt.", path.Base(p))
	default:
		return true
	}
	return false
}

// file reads one text and its companion.
func (l *loader) file(p string, memo *Memo, lenient bool) *parsed {
	file := path.Join("content", p)
	r := &reader{loader: l, diags: &diag.List{Lenient: lenient}}
	b, front, err := readBoth(l.fs, p, l.companions[p])
	if err != nil {
		r.diags.Errorf(diag.Pos{File: file}, "datei-unlesbar", "Prüfen Sie die Rechte der Datei.", "„%s“ ist nicht lesbar.", path.Base(p))
		return &parsed{diags: r.diags.Sorted()}
	}
	sum := sumOf(b, front)
	if old := memo.same(p, sum); old != nil {
		return old
	}
	e, body := r.entry(p, file, b, front)
	if e != nil {
		e.Hash = sum
		if l.seen != nil {
			l.seen(e, body)
		}
	}
	return &parsed{hash: sum, entry: e, diags: r.diags.Sorted(), unknown: r.unknown}
}

// entry makes an entry and its text of the bytes of a file and of its companion,
// nil when they are of no use.
func (r *reader) entry(p, file string, b, beside []byte) (e *site.Entry, body []byte) {
	var ok bool
	if beside == nil || len(bytes.TrimSpace(b)) > 0 { // what has a companion may have no text
		if b, ok = clean(file, b, r.diags); !ok {
			return nil, nil
		}
	}
	front, body, bodyLine, ok := split(file, b, r.diags)
	if !ok {
		return nil, nil
	}
	if e = r.begin(p, file); e == nil {
		return nil, nil
	}
	e.BodyPos = diag.Pos{File: file, Line: bodyLine, Col: 1}
	n := node{pos: e.Pos}
	switch {
	case beside != nil:
		e.Companion = path.Join("content", r.companions[p])
		n, ok = r.companion(e, front, beside)
	case front != nil:
		n, ok = parseYAML(front, diag.Pos{File: file, Line: 2, Col: 1}, r.diags)
	}
	if !ok {
		return nil, nil
	}
	if n.kind != mapping && n.kind != null {
		r.diags.Errorf(n.pos, "vorspann-form", "Schreiben Sie „title: …“ und weitere Angaben, je eine Zeile.", "Die Angaben am Anfang der Datei sind %s statt einer Gruppe „feld: wert“.", n.kindName())
		return nil, nil
	}
	d := decoder{diags: r.diags, loc: r.location(n), foreign: e.Type.Fallback || e.Index, typ: e.Type.Name}
	e.Values = d.record(n, e.Type.Fields, r.unknownKeys(e))
	r.common(e, body)
	r.placeholders(e, front, beside, body)
	return e, body
}

// ErrChanged says that a file is no longer what was read of it before.
var ErrChanged = errors.New("the file has changed meanwhile")

// Body reads the text of an entry: Markdown after the front matter, without a
// first heading that is its title. Texts are the bulk of a site, and are read
// when they are needed instead of being held.
func Body(content fs.FS, e *site.Entry) ([]byte, error) {
	b, front, err := readBoth(content, strings.TrimPrefix(e.Pos.File, "content/"), strings.TrimPrefix(e.Companion, "content/"))
	if err != nil {
		return nil, err
	}
	if sumOf(b, front) != e.Hash {
		return nil, ErrChanged
	}
	var ignored diag.List
	b, _ = clean(e.Pos.File, b, &ignored)
	_, body, _, _ := split(e.Pos.File, b, &ignored)
	if h, rest := takeHeading(body); h != "" && strings.EqualFold(h, e.Title) {
		body = rest
	}
	return body, nil
}

// Text reads a file of the site below content/ as the places in it count:
// with Unix line ends and without a byte order mark.
func Text(content fs.FS, file string) ([]byte, error) {
	b, err := fs.ReadFile(content, strings.TrimPrefix(file, "content/"))
	if err != nil {
		return nil, err
	}
	var ignored diag.List
	b, _ = clean(file, b, &ignored)
	return b, nil
}

// begin finds type, language and id from the file's path.
func (r *reader) begin(p, file string) *site.Entry {
	e := &site.Entry{Pos: diag.Pos{File: file, Line: 1, Col: 1}, Lang: r.cfg.DefaultLang()}
	stem := strings.TrimSuffix(p, path.Ext(p))
	if ext := strings.TrimPrefix(path.Ext(stem), "."); slices.Contains(r.cfg.Languages, ext) {
		stem, e.Lang = strings.TrimSuffix(stem, "."+ext), ext
	}
	e.Path = stem
	folder, _, nested := strings.Cut(stem, "/")
	var fallback *site.Type
	for _, t := range r.types {
		if t.Fallback {
			fallback = t
		}
		if nested && t.Folder == folder && !t.Fallback {
			e.Type = t
		}
	}
	if e.Type == nil {
		e.Type = fallback
	}
	if e.Type == nil {
		return nil
	}
	name := path.Base(stem)
	e.Index = name == "index"
	if e.Index && !e.Type.Fallback && path.Dir(stem) != e.Type.Folder {
		r.diags.Errorf(e.Pos, "index-stelle", "Geben Sie der Datei einen anderen Namen oder legen Sie sie nach content/"+e.Type.Folder+"/index.md.",
			"„index.md“ hat hier keine Seite: nur der Ordner „%s“ selbst hat eine Liste.", e.Type.Folder)
		return nil
	}
	e.ID = name
	if e.Type.Fallback {
		if e.ID = lang.ID(name); e.ID == "" {
			e.ID = "seite"
		}
	}
	return e
}

// location is the time zone for the file's times: its own key tz, or the site's.
func (r *reader) location(n node) *time.Location {
	for _, p := range n.pairs {
		if p.key != "tz" || p.value.kind != scalar || p.value.text == "" {
			continue
		}
		if loc, err := time.LoadLocation(p.value.text); err == nil && p.value.text != "Local" && p.value.text != "" {
			return loc
		}
		r.diags.Errorf(p.value.pos, "zeitzone", "Schreiben Sie etwa „Europe/Berlin“.", "Die Zeitzone „%s“ gibt es nicht.", p.value.text)
	}
	return r.cfg.Location
}

// unknownKeys says what happens to keys without a field: kept and hinted at
// in plain pages, an error in a type's folder.
func (r *reader) unknownKeys(e *site.Entry) func(pair) {
	if !e.Type.Fallback {
		return nil
	}
	return func(p pair) {
		if heeded(p.key) {
			e.Extra = append(e.Extra, site.Extra{Key: p.key, Value: p.value.text})
			return
		}
		for _, f := range visibilityFields {
			// "publisher" is a word of its own.
			if diag.Misspelt(p.key, f) && p.key != "publisher" {
				r.diags.Errorf(p.pos, "angabe-unbekannt", "Meinten Sie „"+f+"“?", "Die Angabe „%s“ kennt das Portal nicht; sie könnte entscheiden, wer die Seite sieht.", p.key)
				return
			}
		}
		e.Extra = append(e.Extra, site.Extra{Key: p.key, Value: p.value.text})
		r.unknown = append(r.unknown, keyAt{p.key, p.pos})
	}
}

func (l *loader) reportUnknown(unknown map[[2]string]*unknownKey, diags *diag.List) {
	var known []string
	for _, t := range l.types {
		if t.Fallback {
			known = names(t.Fields)
		}
	}
	for k, u := range unknown {
		hint := "Die Angabe bleibt erhalten, wird aber nicht gezeigt."
		if near := diag.Nearest(k[1], known, 1); len(near) > 0 {
			hint = "Meinten Sie „" + near[0] + "“? " + hint
		}
		where := ""
		if u.files > 1 {
			where = " (in " + lang.Int("de", u.files) + " Dateien dieses Ordners)"
		}
		diags.Hintf(u.first, "angabe-unbekannt", hint, "Die Angabe „%s“ kennt das Portal nicht%s.", k[1], where)
	}
}

// common copies the fields that the program itself needs out of the values.
func (r *reader) common(e *site.Entry, body []byte) {
	if id := e.Text("id"); id != "" {
		e.ID = id
	} else if ext := strings.TrimPrefix(path.Ext(e.ID), "."); !e.Type.Fallback && langForm.MatchString(ext) {
		r.diags.Errorf(e.Pos, "sprache-unbekannt", "Ergänzen Sie die Sprache in portal.yaml unter „languages“ oder benennen Sie die Datei um.", "Der Dateiname nennt die Sprache „%s“; das Portal hat sie nicht.", ext)
		e.ID = lang.ID(e.ID)
	} else if !e.Type.Fallback && !e.Index && e.ID != lang.ID(e.ID) {
		r.diags.Errorf(e.Pos, "kennung-ungueltig", "Benennen Sie die Datei um in „"+lang.ID(e.ID)+".md“ oder setzen Sie „id: "+lang.ID(e.ID)+"“.",
			"Der Dateiname „%s“ taugt nicht als Adresse.", path.Base(e.Pos.File))
		e.ID = cmp.Or(lang.ID(e.ID), "eintrag")
	}
	if s := e.Text("lang"); s != "" {
		if slices.Contains(r.cfg.Languages, s) {
			e.Lang = s
		} else {
			r.diags.Showablef(e.Values.Item("lang").Pos, "sprache-unbekannt", diag.DidYouMean(s, r.cfg.Languages), "Das Portal hat keine Sprache „%s“.", s)
		}
	}
	e.Base = e.Text("translation_of")
	e.Title, e.Summary = e.Text("title"), e.Text("summary")
	r.title(e, body)
	r.summary(e)
	e.Status = site.Status(cmp.Or(e.Text("status"), string(site.StatusPublished)))
	e.Published = instant(e.Get("published"))
	r.foreign(e)
	e.Audience = site.Audience(cmp.Or(e.Text("audience"), string(site.Public)))
	b, _ := e.Get("discussion").(site.Bool)
	e.Discussion = b.B
	e.Updated = instant(e.Get("updated"))
	e.ReviewedOn, e.ReviewBy = instant(e.Get("reviewed_on")), instant(e.Get("review_by"))
	for _, v := range site.Each(e.Get("aliases")) {
		e.Aliases = append(e.Aliases, site.Plain(v))
	}
}

// hiding are keys by which other generators keep a page back, and dating those
// by which they give it a date: a page that moves in must not come to light.
var (
	hiding = []string{"draft", "private", "hidden", "unlisted"}
	dating = []string{"publishdate", "date"}
)

func heeded(key string) bool {
	key = strings.ToLower(key)
	return slices.Contains(hiding, key) || slices.Contains(dating, key)
}

// foreign heeds what other generators say about who may see a page.
func (r *reader) foreign(e *site.Entry) {
	for _, x := range e.Extra {
		key, value := strings.ToLower(x.Key), strings.TrimSpace(x.Value)
		no := slices.Contains([]string{"", "false", "no", "nein"}, strings.ToLower(value))
		if slices.Contains(hiding, key) && !no {
			e.Status = site.StatusDraft
		}
		if slices.Contains(dating, key) && e.Get("published") == nil {
			for _, form := range append([]string{time.RFC3339}, dateTimeForms...) {
				if t, err := time.ParseInLocation(form, value, r.cfg.Location); err == nil && t.After(e.Published) {
					e.Published = t
				}
			}
		}
	}
}

func instant(v site.Value) time.Time {
	switch v := v.(type) {
	case site.Date:
		return v.Time
	case site.DateTime:
		return v.Time
	}
	return time.Time{}
}

// summaryMost is how long a summary may be where no type sets a limit: what
// lists and search engines show of it.
const summaryMost = 160

// summary warns of a summary that is cut off, or tells no more than the title.
func (r *reader) summary(e *site.Entry) {
	it := e.Values.Item("summary")
	if it == nil {
		return
	}
	if n := utf8.RuneCountInString(e.Summary); n > summaryMost && it.Field.MaxLen >= summaryMost && (e.Type.Fallback || e.Index) {
		r.diags.Warnf(it.Pos, "kurzfassung-lang", "Kürzen Sie um "+lang.Int("de", n-summaryMost)+" Zeichen; was wegfällt, darf im Text stehen.",
			"Die Kurzfassung hat %d Zeichen; Listen und Suchmaschinen zeigen %d.", n, summaryMost)
	}
	if repeats(e.Summary, e.Title) {
		r.diags.Warnf(it.Pos, "kurzfassung-wie-titel", "Sagen Sie in einem Satz, was geschehen ist, wer es war oder was daraus folgt.",
			"Die Kurzfassung sagt nicht mehr als der Titel.")
	}
}

// repeats reports whether every word of a text that means something is in
// another one.
func repeats(text, other string) bool {
	words := strings.Split(lang.ID(text), "-")
	known := strings.Split(lang.ID(other), "-")
	said := 0
	for _, w := range words {
		if len(w) < 4 { // articles and the like
			continue
		}
		if !slices.ContainsFunc(known, func(k string) bool { return diag.Misspelt(w, k) }) { // „mobiler“, „mobilen“
			return false
		}
		said++
	}
	return said > 0
}

// title falls back to the first heading and then to the file's name, where no
// type asks for more.
func (r *reader) title(e *site.Entry, body []byte) {
	if e.Title != "" || !e.Type.Fallback && !e.Index {
		e.Title = cmp.Or(e.Title, path.Base(e.Path)) // the missing title is reported; what follows needs one
		return
	}
	if e.Title, _ = takeHeading(body); e.Title != "" || e.Index {
		return
	}
	name := strings.NewReplacer("-", " ", "_", " ").Replace(path.Base(e.Path))
	first := []rune(name)
	first[0] = unicode.ToUpper(first[0])
	e.Title = string(first)
	r.diags.Hintf(e.Pos, "titel-fehlt", "Beginnen Sie mit einer Überschrift: „# Titel“.", "Die Datei hat keinen Titel; gezeigt wird ihr Name.")
}
