package generator_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/search/index"
)

// fixedSite is small enough to know what shows what: two products refer to one
// organisation and are related, a page links to one of them, a topic has both.
var fixedSite = map[string]string{
	"portal.yaml":                          "title: Probe\nbase_url: https://probe.example\nlanguages: [de]\n",
	"content/index.md":                     "---\ntitle: Willkommen\nsummary: Der Anfang.\n---\n\nHier.\n",
	"content/organisationen/werk.md":       "---\ntitle: Werk\nsummary: Ein Werk.\nkind: unternehmen\n---\n\nBaut.\n",
	"content/organisationen/fern.md":       "---\ntitle: Fern\nsummary: Liegt weit weg.\nkind: behoerde\n---\n\nFern.\n",
	"content/produkte/zelt.md":             "---\ntitle: Zelt\nsummary: Ein Zelt.\nmanufacturer: [werk]\ncategory: [mobile-infrastruktur]\ntopics: [krisenvorsorge]\n---\n\nMit Dach.\n",
	"content/produkte/pumpe.md":            "---\ntitle: Pumpe\nsummary: Eine Pumpe.\nmanufacturer: [werk]\ncategory: [mobile-infrastruktur]\ntopics: [krisenvorsorge]\n---\n\nMit Motor.\n",
	"content/handbuch.md":                  "---\ntitle: Handbuch\nsummary: Wie es geht.\n---\n\nSiehe [[zelt]].\n\n![Bild](punkt.png)\n",
	"content/leer.md":                      "---\ntitle: Leer\nsummary: Ohne Inhalt.\n---\n\nNichts.\n",
	"content/glossar/alarm.md":             "---\ntitle: Alarm\nsummary: Ein Ruf.\ndefinition: \"Ein **Ruf**.\"\n---\n\nLaut.\n",
	"content/punkt.png":                    pngOf(1),
	"content/meldungen/sperre.md":          "---\ntitle: Gesperrt\nsummary: Noch nicht.\ndate: 2026-12-24\nkind: meldung\npublished: 2026-12-24T09:00\n---\n\nSpäter.\n",
	"templates/components/eigen/eigen.css": ".eigen { margin: 0; }\n",
}

// everything stands for all pages of the site.
const everything = "*"

// Where cards of the two products are shown, or they themselves, besides their
// own pages.
const productCards = "/organisationen/werk/ /produkte/ /produktkategorien/mobile-infrastruktur/ /themen/krisenvorsorge/ /werkzeuge/dual-use-mapping/ "

// TestRendered: what is made anew after a change is what can show it, and
// nothing else. Each change comes on top of those before.
func TestRendered(t *testing.T) {
	t.Parallel()
	w, out := fixedWorld(t), filepath.Join(inMemory(t), "public")
	w.write()
	built(t, w.to(out))
	before := pages(t, out)
	for _, c := range []struct {
		change  string
		do      func(w *world)
		made    string // addresses of pages
		indexed bool
	}{
		{"nothing", func(*world) {}, "", false},
		{"a file's time", func(w *world) { touchFile(t, w, "content/leer.md") }, "", false},
		{"a body", edited("content/leer.md", "Nichts.", "Wenig."), "/leer/", true},
		{"a body that others link to", edited("content/produkte/zelt.md", "Mit Dach.", "Mit Boden."), "/produkte/zelt/", true},
		{"the text of the start page", edited("content/index.md", "Hier.", "Da."), "/", false},
		{"a title", edited("content/leer.md", "title: Leer", "title: Voll"), "/leer/ /inhalt/", true},
		{"a title that others show", edited("content/produkte/zelt.md", "title: Zelt", "title: Plane"),
			productCards + "/produkte/zelt/ /produkte/pumpe/ /handbuch/ /inhalt/ /werkzeuge/netzwerk/", true}, // the pump is related
		{"a summary", edited("content/produkte/zelt.md", "Ein Zelt.", "Das Zelt."), productCards + "/produkte/zelt/ /produkte/pumpe/", true},
		{"a name that others refer to", edited("content/organisationen/werk.md", "title: Werk", "title: Hof"),
			productCards + "/organisationen/ /produkte/zelt/ /produkte/pumpe/ /inhalt/ /werkzeuge/netzwerk/", true},
		{"a glossary's explanation", edited("content/glossar/alarm.md", "Ein **Ruf**", "Der **Ruf**"), "/glossar/ /glossar/alarm/", true},
		{"a glossary's word", edited("content/glossar/alarm.md", "title: Alarm", "title: Motor"),
			"/glossar/ /glossar/alarm/ /inhalt/ /produkte/pumpe/", true}, // whose text says it
		{"a picture", func(w *world) { w.files["content/punkt.png"] = pngOf(2) }, "/handbuch/", false},
		{"a new entry", func(w *world) {
			w.files["content/neu.md"] = "---\ntitle: Neu\nsummary: Da.\n---\n\nDa.\n"
		}, "/neu/ /inhalt/", true},
		{"no entry", func(w *world) { delete(w.files, "content/leer.md") }, "/inhalt/", true},
		{"a static file", func(w *world) { w.files["static/neu.txt"] = "neu" }, "", false},

		{"the template of all", edited("templates/layout.html", `<main id="inhalt"`, `<main class="x" id="inhalt"`), everything, false},
		{"the template of lists", edited("templates/pages/list.html", `{{define "main"}}`, `{{define "main"}}<p>Liste</p>`), "/organisationen/ /produkte/", false},
		{"a type's page", edited("templates/types/product/page.html", `{{define "entry-lead"}}`, `{{define "entry-lead"}}<p>Neu</p>`), "/produkte/zelt/ /produkte/pumpe/", false},
		{"a type's card", func(w *world) {
			w.files["templates/types/product/card.html"] = `{{define "card-mark"}}<span>neu</span>{{end}}`
		}, productCards + "/produkte/zelt/ /produkte/pumpe/", false},
		{"a field's template", edited("templates/fields/enum.html", `{{define "field-enum" -}}`, `{{define "field-enum" -}}<i></i>`), everything, false},
		{"a style sheet", edited("templates/components/eigen/eigen.css", "0", "1px"), everything, false}, // its name is in all of them
		{"a label of a type", edited("templates/types/product/type.yaml", "label: {de: Hersteller", "label: {de: Werk"),
			productCards + "/produkte/zelt/ /produkte/pumpe/ /suche/ /404.html /werkzeuge/netzwerk/", false},
		{"a type's name", edited("templates/types/product/type.yaml", "one:  {de: Dual-Use-Profil", "one:  {de: Profil"),
			productCards + "/produkte/zelt/ /produkte/pumpe/ /suche/ /404.html /werkzeuge/netzwerk/", true},
		{"a word of the interface", edited("templates/i18n/de.yaml", `"Startseite"`, `"Anfang"`), everything, false},
		{"the site's name", edited("portal.yaml", "title: Probe", "title: Portal"), everything, false},

		{"a topic", edited("content/produkte/zelt.md", "topics: [krisenvorsorge]", "topics: [dual-use]"),
			productCards + "/ /produkte/zelt/ /produkte/pumpe/ /register/ /themen/ /themen/dual-use/ /suche/ /404.html", true},

		{"the hour", func(w *world) { w.o.Now = "2026-11-22T15:00:00Z" }, "", false},
		{"the day", func(w *world) { w.o.Now = "2026-11-23" }, everything, false},
		{"an embargo ends", func(w *world) { w.o.Now = "2026-12-24T10:00:00Z" }, everything, true}, // and it is another day
		{"strict", func(w *world) { w.o.Strict = true }, "", false},
		{"compressed", func(w *world) { w.o.Compress = true }, "", false},
		{"lenient", func(w *world) { w.o.Lenient = true }, everything, false},
		{"for members", func(w *world) { w.o.Audience = site.Members }, everything, true},
	} {
		c.do(w)
		w.write()
		res := built(t, w.to(out))
		after := pages(t, out)
		want := strings.Fields(c.made)
		if c.made == everything {
			want = slices.Collect(maps.Keys(after))
		}
		slices.Sort(want)
		if got := remade(before, after); !slices.Equal(got, want) {
			t.Errorf("%s: made %v\nwant %v", c.change, got, want)
		}
		if res.Rendered != len(want) || res.Kept != len(after)-len(want) || res.Indexed != c.indexed {
			t.Errorf("%s: %d pages made, %d kept, indexed %t", c.change, res.Rendered, res.Kept, res.Indexed)
		}
		before = after
	}
	wantAsClean(t, w, out)
}

// TestTemplatesThatReachFar: whatever a template of a type says, its page is as
// a clean build makes it, after every change. Each snippet has a type of its
// own, so that none hides what another misses.
func TestTemplatesThatReachFar(t *testing.T) {
	t.Parallel()
	w := fixedWorld(t)
	for i, s := range snippets[:len(snippets)-broken] {
		name := fmt.Sprintf("t%d", i)
		w.files["templates/types/"+name+"/type.yaml"] = "labels:\n  one: {de: " + name + ", en: " + name + "}\n  many: {de: " + name + "s, en: " + name + "s}\nfolder: " + name +
			"\nicon: page\norder: [title]\npage_size: 20\ngroups:\n  - {name: g, label: {de: G, en: G}}\nfields:\n" +
			"  - {name: member_of, kind: relation, label: {de: Zu, en: To}, help: {de: H., en: H.}, to: [organisation], multiple: true, group: g, hidden: true}\n"
		w.files["templates/types/"+name+"/page.html"] = `{{define "entry-lead"}}` + s + `{{end}}`
		w.files["templates/types/"+name+"/example.md"] = "---\ntitle: B\nsummary: B.\n---\n"
		w.files["content/"+name+"/"+name+".md"] = "---\ntitle: " + name + "\nsummary: S.\nmember_of: [unten]\nimage: {src: /punkt.png, alt: P}\n---\n\nT.\n"
	}
	for _, n := range []string{"unten", "mitte", "dach"} {
		w.files["content/organisationen/"+n+".md"] = byHand["content/organisationen/"+n+".md"]
	}
	w.files["content/collect.md"] = "---\ntitle: Sammler\nsummary: Nennt.\ncontacts: [unten]\n---\n\nT.\n"
	out := filepath.Join(inMemory(t), "public")
	w.write()
	built(t, w.to(out))
	for _, c := range []struct {
		change string
		do     func(w *world)
	}{
		{"what is referred to in two steps", edited("content/organisationen/mitte.md", "Ein Verband.", "Kein Verband.")},
		{"in three", edited("content/organisationen/dach.md", "Der oberste", "Der höchste")},
		{"what nobody refers to", edited("content/organisationen/fern.md", "weit weg", "sehr weit weg")},
		{"one by its name", edited("content/handbuch.md", "Wie es geht.", "Wie es gehen soll.")},
		{"who refers", edited("content/t8/t8.md", "title: t8", "title: acht")},
		{"another type", edited("templates/types/product/type.yaml", "many: {de: Dual-Use-Profile", "many: {de: Profile")},
		{"another type's introduction", edited("templates/types/product/type.yaml", "Was Medizintechnik", "Das, was Medizintechnik")},
		{"an example", func(w *world) {
			for i := range snippets {
				if f := fmt.Sprintf("templates/types/t%d/example.md", i); w.files[f] != "" {
					w.files[f] = "---\ntitle: C\nsummary: C.\n---\n"
				}
			}
		}},
		{"a topic's entries", edited("content/produkte/zelt.md", "topics: [krisenvorsorge]\n", "")},
		{"a picture", func(w *world) { w.files["content/punkt.png"] = pngOf(2) }},
		{"the hour", func(w *world) { w.o.Now = "2026-11-22T15:00:00Z" }},
	} {
		c.do(w)
		w.write()
		res := built(t, w.to(out))
		fresh := filepath.Join(inMemory(t), "public")
		want := built(t, w.to(fresh))
		if err := sameFiles("the output", files(out), files(fresh)); err != nil {
			t.Errorf("%s: %v", c.change, err)
		}
		if err := sameResult(res, nil, want, nil); err != nil {
			t.Errorf("%s: %v", c.change, err)
		}
	}
}

// TestWithoutCache: a cache that cannot be had is said to be missing, and does
// not stop a build.
func TestWithoutCache(t *testing.T) {
	t.Parallel()
	w, out := fixedWorld(t), filepath.Join(inMemory(t), "public")
	w.write()
	built(t, w.to(out))
	want := files(out)
	must(t, os.Remove(generator.CacheFile(out)))
	put(t, filepath.Join(generator.CacheFile(out), "voll"), nil)
	for range 2 {
		res := built(t, w.to(out))
		if res.Hints != 1 || res.Diagnostics[0].Code != "zwischenspeicher" || res.Kept != 0 {
			t.Errorf("%d pages kept\n%s", res.Kept, said(res))
		}
		if err := sameFiles("the output", files(out), want); err != nil {
			t.Error(err)
		}
	}
}

func touchFile(t testing.TB, w *world, name string) {
	now := time.Now().Add(time.Hour)
	must(t, os.Chtimes(filepath.Join(w.dir, name), now, now))
}

func fixedWorld(t testing.TB) *world {
	t.Helper()
	no := false
	w := &world{dir: filepath.Join(inMemory(t), "site"), files: maps.Clone(fixedSite), onDisk: map[string]string{}, rng: rand.New(rand.NewPCG(1, 1))}
	w.o = generator.Options{Source: w.dir, Builtin: builtin, Now: noon, ServerIndex: &no}
	return w
}

func edited(name, old, by string) func(*world) {
	return func(w *world) {
		text := w.files[name]
		if text == "" {
			text = builtinFile(name)
		}
		w.files[name] = strings.Replace(text, old, by, 1)
		if w.files[name] == text {
			panic(fmt.Sprintf("%s does not say %q", name, old))
		}
	}
}

// pages are those of an output by address. One that was kept is the same file.
func pages(t testing.TB, out string) map[string]os.FileInfo {
	all := map[string]os.FileInfo{}
	for name := range files(out) {
		if strings.HasSuffix(name, ".html") {
			info, err := os.Stat(filepath.Join(out, name))
			must(t, err)
			all["/"+strings.TrimSuffix(name, "index.html")] = info
		}
	}
	return all
}

// wantAsClean holds an output against what a build from nothing makes.
func wantAsClean(t *testing.T, w *world, out string) {
	t.Helper()
	fresh := filepath.Join(inMemory(t), "public")
	built(t, w.to(fresh))
	if err := sameFiles("the output", files(out), files(fresh)); err != nil {
		t.Error(err)
	}
}

// remaking is a change of a site, and the pages that it makes anew.
type remaking struct {
	change string
	do     func(*world)
	made   string
}

// wantRemade makes the edits one after the other, with a build after each, and
// looks at which pages were made.
func wantRemade(t *testing.T, w *world, out string, edits []remaking) {
	t.Helper()
	before := pages(t, out)
	for _, e := range edits {
		e.do(w)
		w.write()
		built(t, w.to(out))
		after := pages(t, out)
		want := strings.Fields(e.made)
		slices.Sort(want)
		if got := remade(before, after); !slices.Equal(got, want) {
			t.Errorf("%s: made %v\nwant %v", e.change, got, want)
		}
		before = after
	}
}

func remade(before, after map[string]os.FileInfo) []string {
	var out []string
	for name, info := range after {
		if b, ok := before[name]; !ok || !os.SameFile(b, info) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// TestFacetLanguages: a name that a filter offers is in the language of the
// page, whichever entry says it last.
func TestFacetLanguages(t *testing.T) {
	t.Parallel()
	w, yes := fixedWorld(t), true
	w.o.ServerIndex = &yes
	w.files["portal.yaml"] = strings.Replace(w.files["portal.yaml"], "[de]", "[de, en]", 1)
	for _, name := range []string{"organisationen/werk", "produkte/zelt"} {
		w.files["content/"+name+".en.md"] = set(w.files["content/"+name+".md"], "title", "English")
	}
	w.write()
	res := built(t, w.to(filepath.Join(inMemory(t), "public")))
	x, err := index.Open(filepath.Join(res.Index, "bleve"))
	must(t, err)
	defer x.Close()
	found, err := x.Search(t.Context(), "Dach", index.Options{})
	must(t, err)
	if f := found.Facets["manufacturer"]; len(f) != 1 || f[0].Label != "Werk" {
		t.Errorf("%+v", f)
	}
}
