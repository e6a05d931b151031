package preview

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

// barHTML is what stands below the panel: where the page comes from. The strip
// is at the top of a page that readers do not see as it is.
const barHTML = `{{define "place"}}{{if .Open}}<a href="{{.Open}}">{{.Place}}</a>{{else}}{{.Place}}{{end}}{{end}}

{{define "dock"}}<div id="portal-preview-dock" lang="de">
{{.Panel}}<section class="portal-preview-bar" aria-label="Vorschau">
<button type="button" class="portal-preview-toggle" aria-expanded="true" aria-controls="portal-preview-tools">Vorschau</button>
<ul id="portal-preview-tools">
{{with .Standing}}<li class="portal-preview-word">{{.}}</li>
{{end}}{{range .Files}}<li class="portal-preview-file">{{if .Open}}<a href="{{.Open}}" title="Im Editor öffnen">{{.Name}}</a>{{else}}<span>{{.Name}}</span>{{end}}{{with .Path}} <button type="button" data-portal-copy="{{.}}" aria-label="Pfad kopieren: {{$.Base .}}">Pfad kopieren</button>{{end}}</li>
{{else}}<li>{{if .Missing}}Zu dieser Adresse gibt es keine Datei.{{else}}Diese Seite entsteht aus mehreren Dateien.{{end}}</li>
{{end}}{{with .Form}}<li><a href="{{.}}">Im Formular bearbeiten</a></li>
{{end}}{{with .List}}<li><a href="{{.}}">Zur Liste</a></li>
{{end}}<li><span id="portal-preview-time"></span></li>
</ul>
</section></div>
{{end}}

{{define "strip"}}<aside id="portal-preview-strip" lang="de" aria-label="Was Leserinnen und Leser sehen"><p><strong>{{.Standing}}</strong> {{.Until}}</p></aside>{{end}}`

type bar struct {
	Panel          template.HTML
	Standing, List string
	Files          []source
	Form           string
	Missing        bool
}

// source is a file that a page was made from. Path is absolute; "" for readers
// who are not to know it.
type source struct {
	Name, Path string
	Open       template.URL
}

// Base is the name that a button says.
func (bar) Base(file string) string { return filepath.Base(file) }

// dock makes panel and bar, which lie over the end of a page.
func (p *Preview) dock(panel []byte, res Response, near bool) []byte {
	d := bar{Panel: template.HTML(panel), Standing: res.Standing, List: res.List, Missing: res.Status == http.StatusNotFound}
	for _, file := range []string{res.File, res.Companion} {
		if file == "" {
			continue
		}
		s := source{Name: file, Open: p.open(diag.Pos{File: file}, near)}
		if p.o.Locate != nil {
			s.Path = p.o.Locate(file)
			if s.Path == "" { // one of the program's own
				continue
			}
		}
		if !near {
			s.Path = ""
		}
		d.Files = append(d.Files, s)
	}
	if p.o.Form != nil && res.File != "" {
		d.Form = p.o.Form(res.File)
	}
	var b bytes.Buffer
	must(templates.ExecuteTemplate(&b, "dock", d))
	return b.Bytes()
}

// withStrip puts what readers see instead at the top of a page.
func withStrip(res Response) []byte {
	start := bytes.Index(res.Body, []byte("<body"))
	if res.Standing == "" || start < 0 {
		return res.Body
	}
	end := start + bytes.IndexByte(res.Body[start:], '>') + 1
	var b bytes.Buffer
	b.Write(res.Body[:end])
	must(templates.ExecuteTemplate(&b, "strip", res))
	b.Write(res.Body[end:])
	return b.Bytes()
}

// ofPage reports whether a finding's file is that of a page, or its companion:
// the same name with another ending.
func ofPage(page, file string) bool {
	return page != "" && (file == page || file == strings.TrimSuffix(page, path.Ext(page))+".yaml")
}

// standings tells pages which of their links lead to what readers do not see.
func (p *Preview) standings(w http.ResponseWriter, r *http.Request) {
	b, err := json.Marshal(p.site.Standings())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	send(w, r, "application/json", b)
}

// isNear reports whether a reader sits at this machine: only then is a path on
// it of use, and nobody else's business.
func isNear(r *http.Request) bool {
	if r.Header.Get("Forwarded") != "" || r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("X-Real-Ip") != "" {
		return false // a server on this machine asks for someone else
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}

// editors are addresses that editors answer to; {file} is an absolute path that
// begins with a slash.
var editors = []struct{ name, link string }{
	{"vscode", "vscode://file{file}:{line}:{col}"},
	{"codium", "vscodium://file{file}:{line}:{col}"},
	{"idea", "idea://open?file={file}&line={line}&column={col}"},
	{"sublime", "subl://open?url=file://{file}&line={line}&column={col}"},
}

// Editors are the names that EditorLink knows.
func Editors() []string {
	var names []string
	for _, e := range editors {
		names = append(names, e.name)
	}
	return names
}

// EditorLink is the Options.Editor of an editor by name, „none“, or an address
// with {file}, {line} and {col}.
func EditorLink(name string) (string, error) {
	if name == "none" {
		return "", nil
	}
	for _, e := range editors {
		if e.name == name {
			return e.link, nil
		}
	}
	scheme, _, found := strings.Cut(name, ":")
	if !found {
		return "", fmt.Errorf("Den Editor „%s“ kennt die Vorschau nicht. %s", name, diag.DidYouMean(name, append(Editors(), "none")))
	}
	if !strings.Contains(name, "{file}") {
		return "", errors.New("In der Adresse fehlt {file}, die Stelle für den Pfad der Datei")
	}
	if slices.Contains([]string{"javascript", "data", "vbscript", "blob"}, strings.ToLower(strings.TrimSpace(scheme))) {
		return "", fmt.Errorf("Mit „%s:“ öffnet sich keine Datei", scheme)
	}
	return name, nil
}

// open is the address that opens a place in the editor.
func (p *Preview) open(at diag.Pos, near bool) template.URL {
	if !near || p.o.Editor == "" || p.o.Locate == nil {
		return ""
	}
	file := filepath.ToSlash(p.o.Locate(at.File))
	if file == "" {
		return ""
	}
	if !strings.HasPrefix(file, "/") { // C:/…
		file = "/" + file
	}
	fill := strings.NewReplacer("{file}", escaped(file), "{line}", strconv.Itoa(max(1, at.Line)), "{col}", strconv.Itoa(max(1, at.Col)))
	return template.URL(fill.Replace(p.o.Editor))
}

// escaped writes a path so that it can stand in any part of an address.
func escaped(file string) string {
	var b strings.Builder
	for _, c := range []byte(file) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("/-._~:", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
