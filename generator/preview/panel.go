package preview

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

// maxShown is how many findings a page shows; the rest is for portal check.
const maxShown = 12

// panelHTML is there on every page, empty or not: a region that is to be read
// out when it fills must have been there before.
const panelHTML = `{{define "panel"}}<div id="portal-preview" role="status" lang="de">{{with .}}<details{{if .Open}} open{{end}}><summary>{{.Summary}}</summary>{{template "list" .}}</details>{{end}}</div>
{{end}}{{define "list"}}<ul>{{range .Shown}}<li class="portal-preview-{{.Class}}"><p><strong>{{.Severity}}</strong> {{template "place" .}}</p><p>{{.Text}}</p>{{if .Source}}<pre tabindex="0" role="group" aria-label="Zeile {{.Line}}">{{.Source}}{{with .Caret}}<span aria-hidden="true">
{{.}}</span>{{end}}</pre>{{end}}{{with .Hint}}<p>→ {{.}}</p>{{end}}{{with .Help}}<p><a href="{{.}}">Erklärung mit Beispielen</a></p>{{end}}</li>{{end}}</ul>{{with .More}}<p>{{.}}</p>{{end}}{{end}}`

// failureHTML is a page of its own.
const failureHTML = `{{define "failure"}}<!doctype html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{.Title}} – Vorschau</title>
<link rel="stylesheet" href="{{.Style}}">
</head>
<body>
<main class="portal-preview-page">
<h1>{{.Title}}</h1>
<p>{{.Text}}</p>
{{with .Why}}<pre>{{.}}</pre>{{end}}
{{with .Errors}}<div role="alert">{{template "list" .}}</div>{{end}}
</main>
</body>
</html>
{{end}}`

const helpHTML = `{{define "help"}}<!doctype html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Meldungen und was sie bedeuten – Vorschau</title>
<link rel="stylesheet" href="{{.Style}}">
</head>
<body>
<main class="portal-preview-page portal-preview-help">
{{.Text}}</main>
</body>
</html>
{{end}}`

type list struct {
	Summary string
	Open    bool
	Shown   []finding
	More    string
}

type finding struct {
	diag.Shown
	Class, Place string
	Open         template.URL // opens the place in the editor, "" where that cannot be
}

type explanation struct{ Title, Text string }

var (
	missing = explanation{"Diese Seite gibt es nicht", "Unter dieser Adresse liegt nichts. Sobald es die Seite gibt, erscheint sie hier von selbst."}
	broken  = explanation{"Diese Seite lässt sich nicht zeigen", "Sobald der Fehler behoben ist, erscheint sie hier von selbst."}
)

var templates = template.Must(template.New("").Parse(panelHTML + failureHTML + barHTML + helpHTML))

// panelOf makes the panel of a page that was made from file.
func (p *Preview) panelOf(found []diag.Diagnostic, file string, near bool) []byte {
	var b bytes.Buffer
	must(templates.ExecuteTemplate(&b, "panel", p.shown(found, file, near)))
	return b.Bytes()
}

// failure is the page in place of one that is not there.
func (p *Preview) failure(e explanation, found []diag.Diagnostic, why string, near bool) []byte {
	var b bytes.Buffer
	must(templates.ExecuteTemplate(&b, "failure", struct {
		explanation
		Why    string
		Style  string
		Errors *list
	}{e, why, stylePath, p.shown(found, "", near)}))
	return b.Bytes()
}

// must is for templates that are part of the program, written to memory.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// shown are the findings that concern a page, errors first; nil for none.
func (p *Preview) shown(found []diag.Diagnostic, file string, near bool) *list {
	var mine []diag.Diagnostic
	n := map[diag.Severity]int{}
	for _, severity := range []diag.Severity{diag.Error, diag.Warning, diag.Hint} {
		for _, d := range found {
			if d.Severity != severity || severity != diag.Error && !ofPage(file, d.File) {
				continue
			}
			n[severity]++
			mine = append(mine, d)
		}
	}
	if len(mine) == 0 {
		return nil
	}
	l := &list{Open: n[diag.Error] > 0, Summary: summary(n)}
	if more := len(mine) - maxShown; more > 0 {
		mine, l.More = mine[:maxShown], fmt.Sprintf("… und %d weitere; „portal check“ nennt alle.", more)
	}
	for _, s := range diag.Show(mine, diag.NewLines(p.read), p.helpPath()) {
		l.Shown = append(l.Shown, finding{s, [...]string{"hint", "warning", "error"}[s.Severity], place(s.Pos), p.open(s.Pos, near)})
	}
	return l
}

// read gives a file of the site, if the preview was told how.
func (p *Preview) read(file string) ([]byte, error) {
	if p.o.Read == nil {
		return nil, fs.ErrNotExist
	}
	return p.o.Read(file)
}

func (p *Preview) helpPath() string {
	if p.o.Help == nil {
		return ""
	}
	return helpPath
}

// helpPage is the page that explains all findings.
func (p *Preview) helpPage() []byte {
	var b bytes.Buffer
	must(templates.ExecuteTemplate(&b, "help", struct {
		Style string
		Text  template.HTML // of our own documentation
	}{stylePath, template.HTML(p.o.Help)}))
	return b.Bytes()
}

func place(p diag.Pos) string {
	s := p.File
	if p.Line > 0 {
		s += fmt.Sprintf(", Zeile %d", p.Line)
	}
	if p.Line > 0 && p.Col > 0 {
		s += fmt.Sprintf(", Spalte %d", p.Col)
	}
	return s
}

// summary counts: „2 Fehler, 1 Warnung“.
func summary(n map[diag.Severity]int) string {
	var parts []string
	for _, w := range []struct {
		severity  diag.Severity
		one, many string
	}{{diag.Error, "Fehler", "Fehler"}, {diag.Warning, "Warnung", "Warnungen"}, {diag.Hint, "Hinweis", "Hinweise"}} {
		switch n[w.severity] {
		case 0:
		case 1:
			parts = append(parts, "1 "+w.one)
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n[w.severity], w.many))
		}
	}
	return strings.Join(parts, ", ")
}
