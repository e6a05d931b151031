package asset

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

// View returns the addresses of the style sheet and the script that the pages of
// a form of view load besides the site's, "" where there is none.
func (b *Bundle) View(form string) (style, script string) {
	return b.names["view-"+form+".css"], b.names["view-"+form+".js"]
}

// Page returns the addresses of the style sheet and the script that the pages of
// a kind load besides the site's: pages/<kind>.css and pages/<kind>.ts.
func (b *Bundle) Page(kind string) (style, script string) {
	return b.names["page-"+kind+".css"], b.names["page-"+kind+".js"]
}

// pages bundles what only the pages of one kind load.
func (b *Bundle) pages(t *tree, diags *diag.List) {
	for _, name := range t.glob("pages/*.css") {
		b.build(t, "page-"+path.Base(name), t.own(name), diags)
	}
	for _, name := range t.glob("pages/*.ts") {
		b.build(t, "page-"+strings.TrimSuffix(path.Base(name), ".ts")+".js", fmt.Sprintf("import %q;\n", "/"+name), diags)
	}
}

// own is a style sheet in the layer of what belongs to a type.
func (t *tree) own(names ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "@layer %s;\n", strings.Join(layers, ", "))
	for _, name := range names {
		fmt.Fprintf(&b, "@import %q layer(types);\n", "/"+name)
	}
	return b.String()
}

// viewForms are the folders below views that have style sheets or scripts.
func (t *tree) viewForms() []string {
	var out []string
	for _, name := range append(t.glob("views/*/*.css"), t.glob("views/*/*.ts")...) {
		out = append(out, path.Base(path.Dir(name)))
	}
	slices.Sort(out)
	return slices.Compact(out)
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
