package admin

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// Options say for whom the forms are.
type Options struct {
	// Folder is the name of the site's folder, which the page tells the editor
	// to choose.
	Folder string
	// Base is the path below which the preview shows the site.
	Base string
	// Hosted is for forms that lie on a server of their own: files are kept by
	// the backend of portal.yaml, below Prefix in its repository.
	Hosted bool
	Prefix string
}

// backend is that of portal.yaml, nil where only the folder counts.
func (o Options) backend(d *site.Draft) *site.Backend {
	if o.Hosted {
		return d.Config.Admin.Backend
	}
	return nil
}

type object = map[string]any

// Config is config.json.
type Config struct {
	CMS object `json:"cms"` // what Sveltia is given
	// Fields are those of each collection, and of its index.md, for format.js.
	Fields map[string][]Field `json:"fields"`
	Local  bool               `json:"local"`
}

// Field is what format.js needs to know of a field.
type Field struct {
	Name     string    `json:"name"`
	Kind     site.Kind `json:"kind"`
	Multiple bool      `json:"multiple,omitempty"`
	// Implied is the value of a file that does not have the field.
	Implied string  `json:"implied,omitempty"`
	Sub     []Field `json:"fields,omitempty"`
}

// configurer gathers what the configuration is made of.
type configurer struct {
	*site.Draft
	o       Options
	folders []folder
	ids     map[string]string // titles of entries by id
}

// folder is one below content/ and the type that its files have.
type folder struct {
	path string // "" is content/ itself
	t    *site.Type
}

// Configure makes the configuration of the forms.
func Configure(d *site.Draft, o Options) Config {
	c := &configurer{Draft: d, o: o, ids: map[string]string{}}
	for _, e := range d.Entries {
		if e.Lang == d.Config.DefaultLang() || c.ids[e.ID] == "" {
			c.ids[e.ID] = e.Title
		}
	}
	c.findFolders()
	out := Config{Fields: map[string][]Field{}, Local: !o.Hosted}
	var collections []object
	for _, f := range c.folders {
		collections = append(collections, c.collection(f))
		out.Fields[Collection(f.path)] = specs(inOrder(f.t))
	}
	out.CMS = object{
		"load_config_file": false,
		"backend":          c.backend(),
		"app_title":        d.Config.Title + " – Formulare",
		"media_folder":     c.in("content"),
		"public_folder":    "/",
		"media_libraries": object{
			"stock_assets": object{"providers": []string{}},
			"default":      object{"config": object{"slugify_filename": true}}, // the loader refuses some names
		},
		"slug":        object{"encoding": "ascii", "clean_accents": true, "maxlength": 80},
		"output":      object{"omit_empty_optional_fields": true},
		"editor":      object{"preview": false}, // the preview of the portal shows more
		"collections": collections,
	}
	if o.Hosted {
		out.CMS["site_url"] = d.Config.BaseURL
	} else {
		out.CMS["site_url"] = o.Base // forms.js puts the origin before it
	}
	if len(d.Config.Languages) > 1 {
		out.CMS["i18n"] = object{
			"structure": "multiple_files", "locales": d.Config.Languages, "default_locale": d.Config.DefaultLang(),
			"initial_locales": "default", "omit_default_locale_from_file_path": true, "omit_default_locale_from_preview_path": true,
		}
	}
	return out
}

// findFolders lists the folders of types, and all that have files in them.
func (c *configurer) findFolders() {
	byPath := map[string]*site.Type{}
	var fallback *site.Type
	for _, t := range c.Types {
		if t.Fallback {
			fallback = t
			byPath[""] = t
		} else {
			byPath[t.Folder] = t
		}
	}
	for _, e := range c.Entries {
		dir := path.Dir(e.Path)
		if dir == "." {
			dir = ""
		}
		if byPath[dir] == nil {
			byPath[dir] = cmp.Or(e.Type, fallback)
		}
	}
	types := slices.SortedStableFunc(slices.Values(c.Types), func(a, b *site.Type) int { return cmp.Compare(place(a), place(b)) })
	for _, t := range types { // the folders of a type together
		var mine []string
		for p, of := range byPath {
			if of == t {
				mine = append(mine, p)
			}
		}
		slices.Sort(mine)
		for _, p := range mine {
			c.folders = append(c.folders, folder{p, t})
		}
	}
}

// place is that of a type in menus; what is in none comes last.
func place(t *site.Type) int { return cmp.Or(t.Nav, 1000) }

// Collection is the name of the collection of a folder, given by its path below
// content/: without the characters that Sveltia refuses, and another for every
// folder.
func Collection(dir string) string {
	var b strings.Builder
	b.WriteString("content")
	if dir != "" {
		b.WriteByte('-')
	}
	for _, r := range dir {
		switch {
		case r == '/':
			b.WriteString("--")
		case r == '_' || r == '-' && strings.Contains(dir, "--") || strings.ContainsRune(".*:<>?#%", r) || unicode.IsSpace(r):
			fmt.Fprintf(&b, "_%x_", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Address is the address of the form of a file, given by its path from the
// site's folder; "" if no form has it. languages are those of the site.
func Address(file string, languages []string) string {
	p, ok := strings.CutPrefix(file, "content/")
	stem, isEntry := strings.CutSuffix(p, ".md")
	if !ok || !isEntry {
		return ""
	}
	query := ""
	if ext := strings.TrimPrefix(path.Ext(stem), "."); len(languages) > 1 && slices.Contains(languages[1:], ext) {
		stem, query = strings.TrimSuffix(stem, "."+ext), "?_locale="+ext
	}
	dir, name := path.Split(stem)
	return Path + "#/collections/" + url.PathEscape(Collection(strings.TrimSuffix(dir, "/"))) + "/entries/" + url.PathEscape(name) + query
}

// in is a path in the repository.
func (c *configurer) in(p string) string {
	if c.o.Hosted {
		return path.Join(c.o.Prefix, p)
	}
	return p
}

// backend is where the files are kept. Without a host there is only the folder
// that the editor chooses; Sveltia wants to be told of a host all the same, and
// keeps what it remembers of the folder under its name.
func (c *configurer) backend() object {
	b := c.o.backend(c.Draft)
	if b == nil {
		return object{"name": "gitea", "repo": "lokal/" + cmp.Or(lang.ID(c.o.Folder), "site"), "app_id": "lokal", "auth_methods": []string{"token"}}
	}
	out := object{"name": b.Name, "repo": b.Repo}
	for key, value := range map[string]string{"branch": b.Branch, "base_url": b.BaseURL, "api_root": b.APIRoot, "app_id": b.AppID, "auth_type": b.AuthType, "auth_endpoint": b.AuthEndpoint} {
		if value != "" {
			out[key] = value
		}
	}
	return out
}

// collection is the forms of one folder.
func (c *configurer) collection(f folder) object {
	name := Collection(f.path)
	label := f.t.Labels.Many.In("de")
	if f.t.Fallback && f.path != "" || !f.t.Fallback && f.path != f.t.Folder {
		label += ": " + c.title(f.path)
	}
	fields := c.fields(f.t, f.t.Fallback)
	out := object{
		"name": name, "label": label, "label_singular": f.t.Labels.One.In("de"),
		"folder": c.in(path.Join("content", f.path)), "extension": "md", "format": name + "-frontmatter",
		"create": true, "identifier_field": "title", "aliases_field": false,
		"slug":         object{"template": "{{title}}", "editable": []string{"create"}, "hint": "Wird zum Namen der Datei und zur Adresse der Seite und bleibt für immer gleich.", "pattern": []string{"^[a-z0-9]+(-[a-z0-9]+)*$", "Kleinbuchstaben, Ziffern und einzelne Bindestriche, z. B. „modulare-klinik“."}},
		"preview_path": path.Join("/", f.path, "{{slug}}") + "/",
		"fields":       fields, "editor": object{"preview": false},
		"sortable_fields": c.sortable(f.t),
		"view_filters":    c.filters(f.t), "view_groups": c.groups(f.t),
		"thumbnail": false,
	}
	if d := f.t.Intro.In("de"); d != "" {
		out["description"] = d
	}
	if f.path == f.t.Folder || f.t.Fallback {
		out["index_file"] = object{"name": "index", "label": "Text über der Liste", "fields": c.fields(f.t, true)}
		if f.path == "" {
			out["index_file"].(object)["label"] = "Startseite"
		}
	}
	if len(c.Config.Languages) > 1 {
		out["i18n"] = true
		out["preview_path"] = path.Join("/{{locale}}", f.path, "{{slug}}") + "/"
	}
	return out
}

// title is what a folder is called: by its index.md, or its name.
func (c *configurer) title(dir string) string {
	for _, e := range c.Entries {
		if e.Index && e.Lang == c.Config.DefaultLang() && path.Dir(e.Path) == dir {
			return e.Title
		}
	}
	return path.Base(dir)
}

// sortable are the fields by which the list can be sorted: the type's own order
// and the dates.
func (c *configurer) sortable(t *site.Type) object {
	fields := []string{"title"}
	order := object{"field": "title", "direction": "ascending"}
	for i, k := range t.Order {
		if strings.Contains(k.Path, ".") || t.FieldByPath(k.Path) == nil {
			continue
		}
		if !slices.Contains(fields, k.Path) {
			fields = append(fields, k.Path)
		}
		if i == 0 {
			order = object{"field": k.Path, "direction": "ascending"}
			if k.Desc {
				order["direction"] = "descending"
			}
		}
	}
	for _, f := range t.Fields {
		if f.Common && (f.Kind == site.KindDate || f.Kind == site.KindDateTime) && !slices.Contains(fields, f.Name) {
			fields = append(fields, f.Name)
		}
	}
	return object{"fields": fields, "default": order}
}

// filters are what the list can be narrowed down to: the states of entries, and
// what is overdue.
func (c *configurer) filters(t *site.Type) []object {
	out := []object{}
	for _, f := range t.Fields {
		switch {
		case isStatus(f):
			for _, v := range f.Values {
				out = append(out, object{"label": f.Label.In("de") + ": " + v.Label.In("de"), "field": f.Name, "eq": v.Key})
			}
		case f.Common && f.Name == "review_by":
			out = append(out, object{"label": f.Label.In("de") + " abgelaufen", "field": f.Name, "lt": "{{today}}"})
		}
	}
	return out
}

// groups are what the list can be divided by: words that every entry has one of.
func (c *configurer) groups(t *site.Type) []object {
	out := []object{}
	for _, f := range t.Fields {
		if !f.Multiple && f.Kind == site.KindEnum && (f.Facet || isStatus(f)) || f.Common && f.Kind == site.KindTags {
			out = append(out, object{"label": f.Label.In("de"), "field": f.Name})
		}
	}
	return out
}

func specs(fields []*site.Field) []Field {
	var out []Field
	for _, f := range fields {
		s := Field{Name: f.Name, Kind: f.Kind, Multiple: f.Multiple || f.Kind == site.KindList, Sub: specs(f.Sub)}
		if isStatus(f) { // a new entry begins as a draft, which an old one without a word is not
			s.Implied = string(site.StatusPublished)
		}
		out = append(out, s)
	}
	return out
}
