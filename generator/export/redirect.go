package export

import (
	"bytes"
	"cmp"
	"html/template"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// alias is a former address and the entry that now answers for it.
type alias struct {
	address string // as written
	file    string
	entry   *site.Entry
	pos     diag.Pos
}

// writeRedirects writes a small page for every former address, which works
// on any web server. An address that is in use again is reported.
func (in *Input) writeRedirects(w *writer) {
	taken := in.taken(w.paths)
	for _, a := range in.aliases() {
		if other, ok := taken.claim(a.file, cmp.Or(a.pos.File, a.address)); !ok {
			in.Diags.Errorf(a.pos, "alias-vergeben", "Streichen Sie die Adresse unter „aliases“ oder benennen Sie die andere Seite um.",
				"Die frühere Adresse „%s“ ist vergeben: %s.", a.address, other)
			continue
		}
		w.put(a.file, in.redirect(a.entry))
	}
}

// aliases lists all former addresses in a fixed order; what is no path of
// this site is reported.
func (in *Input) aliases() []alias {
	var out []alias
	for _, e := range in.Site.Entries {
		pos := e.Pos
		if it := e.Values.Item("aliases"); it != nil {
			pos = it.Pos
		}
		for _, address := range e.Aliases {
			file, ok := in.aliasFile(address)
			if !ok {
				in.Diags.Errorf(pos, "alias-ungueltig", "Schreiben Sie den Pfad ohne Domain, Fragezeichen und Raute: „/produkte/feldklinik/“.",
					"„%s“ ist keine Adresse dieser Seite.", address)
				continue
			}
			out = append(out, alias{address, file, e, pos})
		}
	}
	slices.SortStableFunc(out, func(a, b alias) int { return cmp.Compare(a.file, b.file) })
	return out
}

// aliasFile is the file that answers an address: "/alt/" and "/alt" are both
// alt/index.html, "/alt.html" is itself.
func (in *Input) aliasFile(address string) (string, bool) {
	rest, found := strings.CutPrefix(address, strings.TrimSuffix(in.Site.Config.BaseURL, "/")+"/")
	if found {
		address = "/" + rest
	}
	u, err := url.Parse(address)
	if err != nil || u.IsAbs() || u.Host != "" || u.RawQuery != "" || u.Fragment != "" || u.Path == "" {
		return "", false
	}
	if slices.Contains(strings.Split(u.Path, "/"), "..") || strings.ContainsFunc(u.Path, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }) {
		return "", false
	}
	file := strings.TrimPrefix(path.Clean("/"+u.Path), "/")
	if ext := path.Ext(file); strings.HasSuffix(u.Path, "/") || ext != ".html" && ext != ".htm" {
		file = path.Join(file, "index.html")
	}
	return file, true
}

// places are the files of the output in lower case, and what stands there.
// Folders are included, with a slash: a file cannot take a folder's place.
type places map[string]string

func (in *Input) taken(files []string) places {
	p := places{}
	for _, e := range in.Site.Entries {
		p.claim(pageFile(e.URL), cmp.Or(e.Pos.File, e.URL))
	}
	for _, ref := range in.Pages {
		p.claim(pageFile(ref.Path), ref.Path)
	}
	for _, f := range files {
		p.claim(f, "/"+f)
	}
	return p
}

// pageFile is the file of a page.
func pageFile(address string) string {
	file := strings.TrimPrefix(address, "/")
	if file == "" || strings.HasSuffix(file, "/") {
		file += "index.html"
	}
	return file
}

// claim takes the place of a file, or says what is there already.
func (p places) claim(file, by string) (other string, ok bool) {
	file = strings.ToLower(file)
	if other := cmp.Or(p[file], p[file+"/"]); other != "" {
		return other, false
	}
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		if other, found := p[dir]; found {
			return other, false
		}
	}
	p[file] = by
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		if _, found := p[dir+"/"]; found {
			break
		}
		p[dir+"/"] = by
	}
	return "", true
}

var redirectPage = template.Must(template.New("redirect").Parse(`<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<title>{{.Title}}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
{{with .Script}}<script src="{{.}}" data-to="{{$.URL}}"></script>
{{end}}<meta http-equiv="refresh" content="0; url={{.URL}}">
<link rel="canonical" href="{{.Canonical}}">
</head>
<body>
<main>
<h1>{{.Moved}}</h1>
<p>{{.MovedTo}} <a href="{{.URL}}">{{.Title}}</a></p>
</main>
</body>
</html>
`))

func (in *Input) redirectScript() string {
	if in.RedirectScript == nil {
		return ""
	}
	return in.RedirectScript()
}

func (in *Input) redirect(e *site.Entry) []byte {
	var b bytes.Buffer
	err := redirectPage.Execute(&b, map[string]string{
		"Lang": e.Lang, "Title": oneLine(e.Title),
		"URL": in.basePath() + e.URL, "Canonical": in.abs(e.URL),
		"Script": in.redirectScript(),
		"Moved":  in.word(e.Lang, wordMoved), "MovedTo": in.word(e.Lang, wordMovedTo),
	})
	if err != nil {
		panic(err) // a fixed template over strings: cannot fail
	}
	return b.Bytes()
}
