package source

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// LoadEntries reads every Markdown file below content, in parallel. The
// result is sorted by file.
func LoadEntries(content fs.FS, cfg *site.Config, types []*site.Type, diags *diag.List) []*site.Entry {
	l := &loader{fs: content, cfg: cfg, types: types, diags: diags, unknown: map[[2]string]*unknownKey{}}
	files := l.walk()
	jobs := make(chan string)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for f := range jobs {
				if e := l.entry(f); e != nil {
					l.mu.Lock()
					l.entries = append(l.entries, e)
					l.mu.Unlock()
				}
			}
		})
	}
	for _, f := range files {
		jobs <- f
	}
	close(jobs)
	wg.Wait()
	slices.SortFunc(l.entries, func(a, b *site.Entry) int { return cmp.Compare(a.Pos.File, b.Pos.File) })
	l.reportUnknown()
	return l.entries
}

type loader struct {
	fs    fs.FS
	cfg   *site.Config
	types []*site.Type
	diags *diag.List

	mu      sync.Mutex
	entries []*site.Entry
	// unknown front matter of plain pages, by folder and key: said once for
	// all files of a folder, not once for each.
	unknown map[[2]string]*unknownKey
}

type unknownKey struct {
	first diag.Pos
	files int
}

func (l *loader) walk() []string {
	var files []string
	err := fs.WalkDir(l.fs, ".", func(p string, d fs.DirEntry, err error) error {
		pos := diag.Pos{File: path.Join("content", p)}
		switch {
		case err != nil:
			l.diags.Errorf(pos, "datei-unlesbar", "Prüfen Sie die Rechte der Datei.", "„%s“ ist nicht lesbar.", path.Base(p))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case p == ".":
			return nil
		case !l.nameOK(pos, d.Name()):
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
			return l.symlink(p, pos, &files)
		case d.Type().IsRegular() && isMarkdown(p):
			files = append(files, p)
		}
		return nil
	})
	if err != nil {
		l.diags.Errorf(diag.Pos{File: "content"}, "datei-unlesbar", "", "Der Ordner content ist nicht lesbar.")
	}
	return files
}

func isMarkdown(p string) bool { return strings.EqualFold(path.Ext(p), ".md") }

// nameOK refuses names that could be taken for a path or hide something.
func (l *loader) nameOK(pos diag.Pos, name string) bool {
	bad := strings.ContainsFunc(name, func(r rune) bool {
		return r == '%' || r == '\\' || r == '<' || r == '>' || r == '"' || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar
	}) || strings.HasPrefix(name, "..")
	if bad {
		hint := "Benennen Sie die Datei um, nur mit Buchstaben, Ziffern und Bindestrichen."
		if id := lang.ID(strings.TrimSuffix(name, path.Ext(name))); id != "" {
			hint = "Benennen Sie sie um, etwa in „" + id + path.Ext(name) + "“."
		}
		l.diags.Errorf(pos, "dateiname", hint, "Der Name „%s“ enthält Zeichen, die in einer Adresse gefährlich sind.", strings.Map(printable, name))
	}
	return !bad
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return '?'
}

func (l *loader) symlink(p string, pos diag.Pos, files *[]string) error {
	info, err := fs.Stat(l.fs, p)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.diags.Errorf(pos, "verknuepfung", "Löschen Sie die Verknüpfung oder stellen Sie ihr Ziel wieder her.", "Die Verknüpfung „%s“ führt ins Leere.", path.Base(p))
	case err != nil:
		l.diags.Errorf(pos, "verknuepfung", "Legen Sie die Datei selbst in den Ordner content.", "Die Verknüpfung „%s“ führt aus dem Ordner content hinaus.", path.Base(p))
	case info.IsDir():
		l.diags.Errorf(pos, "verknuepfung", "Legen Sie einen echten Ordner an.", "„%s“ ist eine Verknüpfung auf einen Ordner; ihr wird nicht gefolgt.", path.Base(p))
	case isMarkdown(p):
		*files = append(*files, p)
	}
	return nil
}

// entry reads one file; nil when it cannot be used at all.
func (l *loader) entry(p string) *site.Entry {
	file := path.Join("content", p)
	b, err := fs.ReadFile(l.fs, p)
	if err != nil {
		l.diags.Errorf(diag.Pos{File: file}, "datei-unlesbar", "Prüfen Sie die Rechte der Datei.", "„%s“ ist nicht lesbar.", path.Base(p))
		return nil
	}
	b, ok := clean(file, b, l.diags)
	if !ok {
		return nil
	}
	front, body, bodyLine, ok := split(file, b, l.diags)
	if !ok {
		return nil
	}
	e := l.begin(p, file)
	if e == nil {
		return nil
	}
	e.Body, e.BodyPos = body, diag.Pos{File: file, Line: bodyLine, Col: 1}
	n := node{pos: e.Pos}
	if front != nil {
		if n, ok = parseYAML(front, diag.Pos{File: file, Line: 2, Col: 1}, l.diags); !ok {
			return nil
		}
		if n.kind != mapping && n.kind != null {
			l.diags.Errorf(n.pos, "vorspann-form", "Schreiben Sie „title: …“ und weitere Angaben, je eine Zeile.", "Die Angaben am Anfang der Datei sind %s statt einer Gruppe „schlüssel: wert“.", n.kindName())
			return nil
		}
	}
	d := decoder{diags: l.diags, loc: l.location(n), foreign: e.Type.Fallback || e.Index, typ: e.Type.Name}
	e.Values = d.record(n, e.Type.Fields, l.unknownKeys(e))
	l.common(e)
	return e
}

// begin finds type, language and id from the file's path.
func (l *loader) begin(p, file string) *site.Entry {
	e := &site.Entry{Pos: diag.Pos{File: file, Line: 1, Col: 1}, Lang: l.cfg.DefaultLang()}
	stem := strings.TrimSuffix(p, path.Ext(p))
	if ext := strings.TrimPrefix(path.Ext(stem), "."); slices.Contains(l.cfg.Languages, ext) {
		stem, e.Lang = strings.TrimSuffix(stem, "."+ext), ext
	}
	e.Path = stem
	folder, _, nested := strings.Cut(stem, "/")
	var fallback *site.Type
	for _, t := range l.types {
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
		l.diags.Errorf(e.Pos, "index-stelle", "Geben Sie der Datei einen anderen Namen oder legen Sie sie nach content/"+e.Type.Folder+"/index.md.",
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
func (l *loader) location(n node) *time.Location {
	for _, p := range n.pairs {
		if p.key != "tz" || p.value.kind != scalar || p.value.text == "" {
			continue
		}
		if loc, err := time.LoadLocation(p.value.text); err == nil && p.value.text != "Local" && p.value.text != "" {
			return loc
		}
		l.diags.Errorf(p.value.pos, "zeitzone", "Schreiben Sie etwa „Europe/Berlin“.", "Die Zeitzone „%s“ gibt es nicht.", p.value.text)
	}
	return l.cfg.Location
}

// unknownKeys says what happens to keys without a field: kept and hinted at
// in plain pages, an error in a type's folder.
func (l *loader) unknownKeys(e *site.Entry) func(pair) {
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
				l.diags.Errorf(p.pos, "angabe-unbekannt", "Meinten Sie „"+f+"“?", "Die Angabe „%s“ kennt das Portal nicht; sie könnte entscheiden, wer die Seite sieht.", p.key)
				return
			}
		}
		e.Extra = append(e.Extra, site.Extra{Key: p.key, Value: p.value.text})
		l.mu.Lock()
		defer l.mu.Unlock()
		k := [2]string{path.Dir(e.Pos.File), p.key}
		u := l.unknown[k]
		if u == nil {
			u = &unknownKey{first: p.pos}
			l.unknown[k] = u
		}
		u.files++
		if p.pos.File < u.first.File {
			u.first = p.pos
		}
	}
}

func (l *loader) reportUnknown() {
	var known []string
	for _, t := range l.types {
		if t.Fallback {
			known = names(t.Fields)
		}
	}
	for k, u := range l.unknown {
		hint := "Die Angabe bleibt erhalten, wird aber nicht gezeigt."
		if near := diag.Nearest(k[1], known, 1); len(near) > 0 {
			hint = "Meinten Sie „" + near[0] + "“? " + hint
		}
		where := ""
		if u.files > 1 {
			where = " (in " + lang.Int("de", u.files) + " Dateien dieses Ordners)"
		}
		l.diags.Hintf(u.first, "angabe-unbekannt", hint, "Die Angabe „%s“ kennt das Portal nicht%s.", k[1], where)
	}
}

// common copies the fields that the program itself needs out of the values.
func (l *loader) common(e *site.Entry) {
	if id := e.Text("id"); id != "" {
		e.ID = id
	} else if ext := strings.TrimPrefix(path.Ext(e.ID), "."); !e.Type.Fallback && langForm.MatchString(ext) {
		l.diags.Errorf(e.Pos, "sprache-unbekannt", "Ergänzen Sie die Sprache in portal.yaml unter „languages“ oder benennen Sie die Datei um.", "Der Dateiname nennt die Sprache „%s“; das Portal hat sie nicht.", ext)
		e.ID = lang.ID(e.ID)
	} else if !e.Type.Fallback && !e.Index && e.ID != lang.ID(e.ID) {
		l.diags.Errorf(e.Pos, "kennung-ungueltig", "Benennen Sie die Datei um in „"+lang.ID(e.ID)+".md“ oder setzen Sie „id: "+lang.ID(e.ID)+"“.",
			"Der Dateiname „%s“ taugt nicht als Adresse.", path.Base(e.Pos.File))
		e.ID = cmp.Or(lang.ID(e.ID), "eintrag")
	}
	if s := e.Text("lang"); s != "" {
		if slices.Contains(l.cfg.Languages, s) {
			e.Lang = s
		} else {
			l.diags.Showablef(e.Values.Item("lang").Pos, "sprache-unbekannt", diag.DidYouMean(s, l.cfg.Languages), "Das Portal hat keine Sprache „%s“.", s)
		}
	}
	e.Base = e.Text("translation_of")
	e.Title, e.Summary = e.Text("title"), e.Text("summary")
	l.title(e)
	e.Status = site.Status(cmp.Or(e.Text("status"), string(site.StatusPublished)))
	e.Published = instant(e.Get("published"))
	l.foreign(e)
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
func (l *loader) foreign(e *site.Entry) {
	for _, x := range e.Extra {
		key, value := strings.ToLower(x.Key), strings.TrimSpace(x.Value)
		no := slices.Contains([]string{"", "false", "no", "nein"}, strings.ToLower(value))
		if slices.Contains(hiding, key) && !no {
			e.Status = site.StatusDraft
		}
		if slices.Contains(dating, key) && e.Get("published") == nil {
			for _, form := range append([]string{time.RFC3339}, dateTimeForms...) {
				if t, err := time.ParseInLocation(form, value, l.cfg.Location); err == nil && t.After(e.Published) {
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

// title falls back to the first heading and then to the file's name, where no
// type asks for more.
func (l *loader) title(e *site.Entry) {
	if e.Title != "" || !e.Type.Fallback && !e.Index {
		if h, rest := takeHeading(e.Body); strings.EqualFold(h, e.Title) && h != "" {
			e.Body = rest
		}
		e.Title = cmp.Or(e.Title, path.Base(e.Path)) // the missing title is reported; what follows needs one
		return
	}
	if e.Title, e.Body = takeHeading(e.Body); e.Title != "" || e.Index {
		return
	}
	name := strings.NewReplacer("-", " ", "_", " ").Replace(path.Base(e.Path))
	r := []rune(name)
	r[0] = unicode.ToUpper(r[0])
	e.Title = string(r)
	l.diags.Hintf(e.Pos, "titel-fehlt", "Beginnen Sie mit einer Überschrift: „# Titel“.", "Die Datei hat keinen Titel; gezeigt wird ihr Name.")
}
