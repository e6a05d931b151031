package asset

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ag-vzkm/portal/generator/diag"
)

func text(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

func templates() fstest.MapFS {
	return fstest.MapFS{
		"assets/tokens.css":                 text(":root{--grund:#123}"),
		"assets/base.css":                   text("body{color:var(--grund);background:url(muster.svg)}"),
		"assets/table.css":                  text("table{width:100%}"),
		"assets/print.css":                  text("@media print{a{color:black}}"),
		"assets/utilities.css":              text(".still{display:none}"),
		"assets/muster.svg":                 text("<svg xmlns='http://www.w3.org/2000/svg'/>"),
		"components/suche/suche.css":        text(".suche{& input{width:50%}}"),
		"components/suche/suche.ts":         text("import { eins } from './hilfe';\nexport function init(): void { console.log('suche', eins); }"),
		"components/suche/hilfe.ts":         text("export const eins: number = 1;"),
		"components/suche/suche.test.ts":    text("throw 'test';"),
		"components/menue/menue.ts":         text("export default () => { void import('./spaeter/gross'); };"),
		"components/menue/spaeter/gross.ts": text("export const gross = 'gross'; console.log('gross geladen');"),
		"types/product/product.css":         text(".produkt{color:red}"),
		"icons/pfeil.svg":                   text(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" fill="none" stroke="currentColor"><title>Pfeil</title><path d="M1 1" onclick="x()" style="a"/></svg>`),
	}
}

func bundle(t *testing.T, fsys fstest.MapFS, base string) (*Bundle, []diag.Diagnostic) {
	t.Helper()
	diags := &diag.List{}
	b := New(fsys, Options{Base: base, Diags: diags, CSS: []Text{{"chroma.css", ".chroma{color:blue}"}}})
	return b, diags.Sorted()
}

func content(b *Bundle, url string) string {
	for _, f := range b.Files() {
		if strings.HasSuffix(url, "/"+f.Path) {
			return string(f.Data)
		}
	}
	return ""
}

func TestBundle(t *testing.T) {
	b, found := bundle(t, templates(), "/sub")
	if len(found) > 0 {
		t.Fatal(found)
	}
	css := content(b, b.CSS)
	for _, want := range []string{"@layer tokens,base,components,types,utilities,print", "@layer base{body", "@layer tokens{:root{--grund:#123}}",
		".chroma{color:#00f}", ".suche input{width:50%}", "@layer types{.produkt{color:red}}"} {
		if !strings.Contains(css, want) {
			t.Errorf("%q is not in %s", want, css)
		}
	}
	if !strings.HasPrefix(css, "@layer tokens,") {
		t.Error("the order of layers does not come first")
	}
	js := content(b, b.JS)
	if !strings.Contains(js, `"suche"`) || !strings.Contains(js, "reportError") || strings.Contains(js, `"test"`) || strings.Contains(js, "gross geladen") {
		t.Errorf("script is %s", js)
	}
	if !strings.HasPrefix(b.CSS, "/sub/assets/site.") || !strings.HasPrefix(b.JS, "/sub/assets/site.") {
		t.Errorf("URLs are %q and %q", b.CSS, b.JS)
	}
	var kinds []string
	for _, f := range b.Files() {
		first, _, _ := strings.Cut(path.Base(f.Path), ".")
		kinds = append(kinds, first+path.Ext(f.Path))
		if path.Dir(f.Path) != "assets" {
			t.Errorf("%s is not in assets", f.Path)
		}
		if strings.HasPrefix(f.Path, "assets/muster.") && !strings.Contains(css, `url("./`+path.Base(f.Path)+`")`) {
			t.Errorf("%s is not in %s", f.Path, css)
		}
	}
	if want := []string{"gross.js", "icons.svg", "muster.svg", "site.css", "site.js"}; !slices.Equal(slices.Sorted(slices.Values(kinds)), want) {
		t.Errorf("files are %q", kinds)
	}
	if url, ok := b.URL("site.css"); !ok || url != b.CSS || len(b.Manifest()) != 3 {
		t.Errorf("manifest is %v", b.Manifest())
	}
}

func TestBundleIsReproducible(t *testing.T) {
	first, _ := bundle(t, templates(), "")
	for range 3 {
		t.Chdir(t.TempDir())
		again, _ := bundle(t, templates(), "")
		if fmt.Sprintf("%q", again.Files()) != fmt.Sprintf("%q", first.Files()) {
			t.Fatal("two bundles differ")
		}
	}
}

func TestBundleOfNothing(t *testing.T) {
	diags := &diag.List{}
	b := New(fstest.MapFS{}, Options{Diags: diags})
	if len(b.Files()) > 0 || b.CSS+b.JS+b.Icons != "" || len(diags.Sorted()) > 0 {
		t.Errorf("got %v, %v", b, diags.Sorted())
	}
}

func TestMainCSSNamesItsParts(t *testing.T) {
	b, found := bundle(t, fstest.MapFS{
		"assets/main.css": text(`@import "b.css" layer(base); @import url("teile/a.css") layer(tokens);`),
		"assets/b.css":    text("b{color:red}"), "assets/teile/a.css": text("a{color:red}"), "assets/nicht.css": text("i{color:red}"),
	}, "")
	if len(found) > 0 {
		t.Fatal(found)
	}
	css := content(b, b.CSS)
	if !strings.Contains(css, "@layer tokens{a{") || !strings.Contains(css, "@layer base{b{") || strings.Contains(css, "i{") {
		t.Errorf("got %s", css)
	}
}

func TestBundleFaults(t *testing.T) {
	fsys := fstest.MapFS{
		"assets/base.css":      text("a{background:url(fehlt.png)}\nb{background:url(https://cdn.example/x.png)}\nc{background:url('/x.png')}\n"),
		"components/a/a.ts":    text("export function init() {\n\tconst ä = 'ö'; const = 2;\n}\n"),
		"components/b/b.ts":    text("import 'lodash';\n"),
		"icons/skript.svg":     text(`<svg viewBox="0 0 1 1"><script>x()</script></svg>`),
		"icons/Gross.svg":      text(`<svg viewBox="0 0 1 1"></svg>`),
		"icons/ohne.svg":       text(`<svg></svg>`),
		"icons/kaputt.svg":     text(`<svg viewBox="0 0 1 1"><path>`),
		"icons/gut.svg":        text(`<svg viewBox="0 0 1 1"><path d="M0"/></svg>`),
		"types/x/seltsam.css":  text("a{color:red\n"),
		"types/x/import.css":   text("@import '../../assets/base.css';"),
		"components/a/a.notts": text("?"),
	}
	b, found := bundle(t, fsys, "")
	var got []string
	for _, d := range found {
		got = append(got, fmt.Sprintf("%s: %s: %s", d.Pos, d.Severity, d.Text))
	}
	want := []string{
		`templates/assets/base.css:1:14: Fehler: Das Stylesheet lässt sich nicht übersetzen: „fehlt.png“ gibt es nicht (gesucht als „templates/assets/fehlt.png“).`,
		`templates/assets/base.css:2:14: Fehler: Das Stylesheet lässt sich nicht übersetzen: „https://cdn.example/x.png“ liegt auf einem fremden Server; die Datei gehört in den Ordner der Vorlagen.`,
		`templates/assets/base.css:3:18: Fehler: Das Stylesheet lässt sich nicht übersetzen: „/x.png“ gilt nicht, wenn die Website unter einem Unterpfad liegt; bitte einen relativen Pfad schreiben.`,
		`templates/components/a/a.ts:2:23: Fehler: Das Skript lässt sich nicht übersetzen: Expected identifier but found "=".`,
		`templates/components/b/b.ts:1:8: Fehler: Das Skript lässt sich nicht übersetzen: „lodash“ gibt es nicht (gesucht als „templates/components/b/lodash“).`,
		`templates/icons/Gross.svg: Fehler: Der Name „Gross“ eines Symbols darf nur aus Kleinbuchstaben, Ziffern und Bindestrichen bestehen.`,
		`templates/icons/kaputt.svg:1:30: Fehler: Das Symbol ist kein gültiges SVG.`,
		`templates/icons/ohne.svg:1:6: Fehler: Dem Symbol fehlt die viewBox.`,
		`templates/icons/skript.svg:1:32: Fehler: Das Element „script“ darf in einem Symbol nicht vorkommen.`,
		`templates/types/x/seltsam.css:2:1: Warnung: Auffällig beim Übersetzen: Expected "}" to go with "{".`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !slices.Equal(b.IconNames(), []string{"gut"}) {
		t.Errorf("icons are %q", b.IconNames())
	}
}

func TestIcon(t *testing.T) {
	b, _ := bundle(t, templates(), "/sub")
	h, ok := b.Icon("pfeil")
	if want := `<svg class="icon" aria-hidden="true" focusable="false"><use href="` + b.Icons + `#pfeil"></use></svg>`; !ok || string(h) != want {
		t.Errorf("got %s", h)
	}
	want := `<svg xmlns="http://www.w3.org/2000/svg"><symbol id="pfeil" viewBox="0 0 24 24" fill="none" stroke="currentColor"><path d="M1 1"></path></symbol></svg>` + "\n"
	if got := content(b, b.Icons); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if h, ok := b.Icon("fehlt"); ok || h != "" {
		t.Error("an icon from nowhere")
	}
}

func TestStatic(t *testing.T) {
	files, err := Static(fstest.MapFS{
		"favicon.ico": text("x"), ".DS_Store": text(""), "docs/a.pdf": text("y"), ".git/config": text(""), ".well-known/dnt.txt": text("z"),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, f.Path)
	}
	if want := []string{".well-known/dnt.txt", "docs/a.pdf", "favicon.ico"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
