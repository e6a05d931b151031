package asset

import (
	"fmt"
	"path"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

// View returns the addresses of the style sheet and the script that the pages of
// a form of view load besides the site's, "" where there is none. Their faults go
// to diags.
func (b *Bundle) View(form string, diags *diag.List) (style, script string) {
	return b.part("view-"+form+".css", func() string { return b.tree.viewStyle(form) }, diags),
		b.part("view-"+form+".js", func() string { return b.tree.viewScript(form) }, diags)
}

// Page does the same for the pages of a kind: pages/<kind>.css and pages/<kind>.ts.
func (b *Bundle) Page(kind string, diags *diag.List) (style, script string) {
	return b.part("page-"+kind+".css", func() string { return b.tree.own(b.tree.glob("pages/" + kind + ".css")...) }, diags),
		b.part("page-"+kind+".js", func() string { return b.tree.pageScript(kind) }, diags)
}

// All bundles what has not been asked for yet.
func (b *Bundle) All(diags *diag.List) {
	forms, kinds := map[string]bool{}, map[string]bool{}
	for _, ext := range []string{"css", "ts"} {
		for _, name := range b.tree.glob("views/*/*." + ext) {
			forms[path.Base(path.Dir(name))] = true
		}
		for _, name := range b.tree.glob("pages/*." + ext) {
			kinds[strings.TrimSuffix(path.Base(name), "."+ext)] = true
		}
	}
	for form := range forms {
		b.View(form, diags)
	}
	for kind := range kinds {
		b.Page(kind, diags)
	}
}

// part is a style sheet or script of its own with what is wrong in it.
type part struct {
	url   string
	found []diag.Diagnostic
}

func (b *Bundle) part(name string, entry func() string, diags *diag.List) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, ok := b.parts[name]
	if !ok {
		var found diag.List
		p.url = b.build(b.tree, name, entry(), &found)
		p.found = found.Sorted()
		b.parts[name] = p
	}
	diags.Add(p.found...)
	return p.url
}

func (t *tree) pageScript(kind string) string {
	if len(t.glob("pages/"+kind+".ts")) == 0 {
		return ""
	}
	return fmt.Sprintf("import %q;\n", "/pages/"+kind+".ts")
}

// own is a style sheet in the layer of what belongs to a type.
func (t *tree) own(names ...string) string {
	if len(names) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "@layer %s;\n", strings.Join(layers, ", "))
	for _, name := range names {
		fmt.Fprintf(&b, "@import %q layer(types);\n", "/"+name)
	}
	return b.String()
}

// viewStyle is the form's own style sheet, behind what all forms share
// (views/*.css), in the layer of what belongs to a type.
func (t *tree) viewStyle(form string) string {
	return t.own(append(t.glob("views/*.css"), t.glob("views/"+form+"/*.css")...)...)
}

// viewScript starts the scripts of a form. What several forms need lies in
// views/*.ts and is imported by them.
func (t *tree) viewScript(form string) string {
	var imports, starts strings.Builder
	for i, name := range t.glob("views/" + form + "/*.ts") {
		fmt.Fprintf(&imports, "import * as c%d from %q;\n", i, "/"+name)
		fmt.Fprintf(&starts, "c%d.init?.();\n", i)
	}
	return imports.String() + starts.String()
}
