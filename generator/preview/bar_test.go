package preview

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
)

// locate has all files of content/, one of them in a folder with a difficult name.
func locate(file string) string {
	if rest, ok := strings.CutPrefix(file, "content/"); ok {
		return "/srv/Texte & Bilder/" + rest
	}
	return ""
}

func TestEditorLinks(t *testing.T) {
	t.Parallel()
	at := diag.Pos{File: "content/a.md", Line: 3, Col: 4}
	for _, c := range []struct{ editor, file, want string }{
		{"vscode", "content/a.md", "vscode://file/srv/Texte%20%26%20Bilder/a.md:3:4"},
		{"codium", "content/ü.md", "vscodium://file/srv/Texte%20%26%20Bilder/%C3%BC.md:3:4"},
		{"idea", "content/a.md", "idea://open?file=/srv/Texte%20%26%20Bilder/a.md&line=3&column=4"},
		{"sublime", "content/a.md", "subl://open?url=file:///srv/Texte%20%26%20Bilder/a.md&line=3&column=4"},
		{"none", "content/a.md", ""},
		{"probe:{col}/{line}{file}", "content/a.md", "probe:4/3/srv/Texte%20%26%20Bilder/a.md"},
		{"vscode", "templates/layout.html", ""}, // the program's own
		{"vscod", "", "Den Editor „vscod“ kennt die Vorschau nicht. Meinten Sie „vscode“?"},
		{"emacs", "", "Den Editor „emacs“ kennt die Vorschau nicht. Möglich sind: „vscode“, „codium“, „idea“, „sublime“ und „none“."},
		{"probe://x", "", "In der Adresse fehlt {file}, die Stelle für den Pfad der Datei"},
		{"JavaScript:{file}", "", "Mit „JavaScript:“ öffnet sich keine Datei"},
	} {
		link, err := EditorLink(c.editor)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			at.File = c.file
			got = string(New(&fake{}, Options{Editor: link, Locate: locate}).open(at, true))
		}
		if got != c.want {
			t.Errorf("%s, %s: %s", c.editor, c.file, got)
		}
	}
}

// TestBar: what the bar says of a page, and that nobody elsewhere learns where
// the files lie.
func TestBar(t *testing.T) {
	t.Parallel()
	site, _, _ := open(t)
	site.set("/a/", "<body class=\"x\"><main>Text</main></body>")
	r := site.pages["/a/"]
	r.Companion, r.List, r.Standing, r.Until = "content/a.yaml", "/liste/", "Entwurf", "Erscheint <nie>."
	site.pages["/a/"] = r
	site.wrong(diag.Diagnostic{Pos: diag.Pos{File: "content/a.yaml", Line: 2, Col: 1}, Severity: diag.Warning, Text: "x"})
	link, err := EditorLink("vscode")
	must(err)
	p := New(site, Options{AnyHost: true, Editor: link, Locate: locate, Form: func(file string) string { return "/admin/#" + file }})
	get := func(path, from string, headers ...string) string {
		req := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
		req.RemoteAddr = from
		for i := 0; i < len(headers); i += 2 {
			req.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		p.ServeHTTP(w, req)
		return w.Body.String()
	}
	const near = "127.0.0.1:5000"
	for _, want := range []string{
		`<body class="x"><aside id="portal-preview-strip" lang="de" aria-label="Was Leserinnen und Leser sehen"><p><strong>Entwurf</strong> Erscheint &lt;nie&gt;.</p></aside><main>`,
		`<a href="vscode://file/srv/Texte%20%26%20Bilder/a.md:1:1" title="Im Editor öffnen">content/a.md</a> <button type="button" data-portal-copy="/srv/Texte &amp; Bilder/a.md" aria-label="Pfad kopieren: a.md">`,
		`>content/a.yaml</a>`, `<a href="/admin/#content/a.md">Im Formular bearbeiten</a>`, `<a href="/liste/">Zur Liste</a>`, `<li class="portal-preview-word">Entwurf</li>`,
		`<a href="vscode://file/srv/Texte%20%26%20Bilder/a.yaml:2:1">content/a.yaml, Zeile 2, Spalte 1</a>`,
	} {
		if got := get("/a/", near); !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if got := get("/formlos/", near); !strings.Contains(got, "aus mehreren Dateien") || strings.Contains(got, "srv") || strings.Contains(got, "strip") {
		t.Errorf("a page of no single file: %s", got)
	}
	if got := get("/nirgends/", near); !strings.Contains(got, "Zu dieser Adresse gibt es keine Datei.") || strings.Contains(got, "mehreren") {
		t.Errorf("a page that is missing: %s", got)
	}
	for _, c := range []struct {
		from    string
		headers []string
		near    bool
	}{
		{near, nil, true}, {"[::1]:5000", nil, true}, {"192.168.1.2:5000", nil, false}, {"", nil, false},
		{near, []string{"X-Forwarded-For", "192.168.1.2"}, false}, {near, []string{"Forwarded", "for=192.168.1.2"}, false},
	} {
		got := get("/a/", c.from, c.headers...)
		if strings.Contains(got, "/srv/") != c.near || !strings.Contains(got, "content/a.md") {
			t.Errorf("%s %v: %s", c.from, c.headers, got)
		}
	}
}
