package generator_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/e2e/sitegen"
	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/generator/site"
)

// world is a site with the options to build it.
type world struct {
	rng     *rand.Rand // of the step
	dir     string
	files   map[string]string // by path from the site's folder
	onDisk  map[string]string
	config  map[string]string // keys of portal.yaml
	o       generator.Options
	oldPack []byte // a cache from some step before

	good        map[string]string // the site and its options when there was no fault
	goodOptions generator.Options
}

// byHand is what generated sites do not have.
var byHand = map[string]string{
	"content/index.md":                      "---\ntitle: Willkommen\nsummary: Der Anfang.\n---\n\nHier beginnt es, mit [[handbuch]].\n",
	"content/glossar/index.md":              "---\ntitle: Glossar\n---\n\nWas die Wörter bedeuten.\n",
	"content/glossar/bereitschaft.md":       "---\ntitle: Bereitschaft\nsummary: Wer gerufen werden kann.\ndefinition: \"Wer **gerufen** werden kann, siehe [Handbuch](../handbuch.md).\"\nabbr: BRT\n---\n\nMehr dazu.\n",
	"content/glossar/bereitschaft.en.md":    "---\ntitle: Readiness\nsummary: Who can be called.\ndefinition: Who can be called.\n---\n\nMore.\n",
	"content/handbuch.md":                   "---\ntitle: Handbuch\nsummary: Wie es geht.\n---\n\nDie Bereitschaft liest [den ersten Teil](kapitel/eins.md) und [die Liste](dateien/liste.csv).\n\n![Ein Bild](bilder/punkt.png)\n",
	"content/handbuch.en.md":                "---\ntitle: Handbook\nsummary: How it is done.\n---\n\nSee [part one](kapitel/eins.md).\n",
	"content/kapitel/index.md":              "---\ntitle: Kapitel\n---\n\nAlle Teile.\n",
	"content/kapitel/eins.md":               "---\ntitle: Eins\nsummary: Der erste Teil.\naliases: [/alt/eins/]\n---\n\n## Anfang\n\nText.[^1]\n\n[^1]: Fußnote mit [Sprung](zwei.md#ende).\n",
	"content/kapitel/zwei.md":               "---\ntitle: Zwei\nsummary: Der zweite Teil.\nimage: {src: /bilder/punkt.png, alt: Ein Punkt, credit: Probe}\n---\n\nEin Text.\n\n## Ende\n\nSchluss.\n",
	"content/kapitel/tief/drei.md":          "---\ntitle: Drei\nsummary: Der dritte Teil.\n---\n\n![Figur](/figur.svg)\n",
	"content/meldungen/sperre.md":           "---\ntitle: Gesperrt bis Weihnachten\nsummary: Noch nicht zu sehen.\ndate: 2026-12-24\npublished: 2026-12-24T09:00\nkind: meldung\n---\n\nFrohes Fest, [[handbuch]].\n",
	"content/meldungen/intern.md":           "---\ntitle: Nur für Mitglieder\nsummary: Intern.\ndate: 2026-10-01\nkind: meldung\naudience: members\n---\n\nVertraulich.\n",
	"content/positionen/erste.md":           "---\ntitle: Erste Fassung\nsummary: Ersetzt.\nstatus: ersetzt\nversion: \"1.0\"\ntheses:\n  - {id: f1, text: \"Drei **Häuser** nennen.\", addressee: [Bund]}\n  - {id: f2, text: Fällt weg.}\n---\n\nBleibt.\n\nWar so.\n",
	"content/positionen/zweite.md":          "---\ntitle: Zweite Fassung\nsummary: Gilt.\nversion: \"2.0\"\nsupersedes: [erste]\ntheses:\n  - {id: f3, text: \"Vier **Häuser** nennen.\", addressee: [Bund, Länder], formerly: [f1]}\n---\n\nBleibt.\n\nIst so, siehe [[handbuch]].\n",
	"content/organisationen/dach.md":        "---\ntitle: Dach\nsummary: Der oberste Verband.\nkind: verband\n---\n\nOben.\n",
	"content/organisationen/dach.en.md":     "---\ntitle: Roof\nsummary: The topmost association.\nkind: verband\n---\n\nTop.\n",
	"content/organisationen/mitte.md":       "---\ntitle: Mitte\nsummary: Ein Verband.\nkind: verband\nmember_of: [dach]\n---\n\nMitten.\n",
	"content/organisationen/unten.md":       "---\ntitle: Unten\nsummary: Ein Mitglied.\nkind: unternehmen\nmember_of: [mitte]\ncontacts: [mitte]\n---\n\nUnten.\n",
	"content/organisationen/unten.en.md":    "---\ntitle: Below\nsummary: A member.\nkind: unternehmen\nmember_of: [mitte]\n---\n\nBelow.\n",
	"content/dateien/liste.csv":             "a;b\n1;2\n",
	"content/bilder/strich.svg":             svgOf(3),
	"static/eigen.txt":                      "eigen\n",
	"templates/components/probe/probe.css":  ".probe { color: #123456; }\n",
	"templates/components/probe/probe.html": `{{define "probe"}}{{end}}` + "\n",
}

var configs = map[string][]string{
	"title":       {"Probe", "Probe zwei", "AG Probe"},
	"base_url":    {"https://probe.example", "https://probe.example/unter", "https://anders.example"},
	"languages":   {"[de]", "[de, en]", "[de, en]"},
	"subtitle":    {"", "Ein Untertitel"},
	"description": {"", "Worum es geht."},
	"timezone":    {"Europe/Berlin", "UTC", "Pacific/Auckland"},
	"publisher":   {"", "{name: AG Probe, url: \"https://probe.example\"}"},
	"repository":  {"", "{edit: \"https://git.example/e/{file}\", issue: \"https://git.example/i?f={file}\"}", "{url: \"https://github.com/probe/portal\"}"},
	"history":     {"", "{show: true}", "{authors: [{git: [Anna], name: A. Muster}, {git: [berta@probe.example], entry: dach}]}", "{show: true, authors: [{git: [Anna, Berta], name: Redaktion}]}"},
	"licence":     {"", "https://creativecommons.org/licenses/by/4.0/deed.de"},
	"home":        {"", "{latest: 2}", "{entrances: kapitel, topics: szenario}"},
	"nav":         {"", "[{type: product}, {taxonomy: thema}, {section: kapitel}, {page: handbuch}]", "[{type: term, label: Wörter}, {url: /suche/}]"},
	"footer":      {"", "[{page: handbuch}]", "[{page: eins}, {type: event}]"},
}

// instants lie around embargoes, on both sides of midnight and in other months.
var instants = []string{"2026-11-22T12:00:00Z", "2026-11-22T18:30:00Z", "2026-11-22T23:30:00Z", "2026-11-23T12:00:00Z", "2026-12-24T07:59:59Z",
	"2026-12-24T08:00:00Z", "2026-12-01", "2027-07-01", "2029-01-15"}

// newWorld begins with the site's own templates for every other seed: what they
// say of the site goes through all that comes.
func newWorld(t testing.TB, dir string, seed uint64) world {
	no := false
	w := world{dir: dir, files: maps.Clone(byHand), onDisk: map[string]string{}, config: map[string]string{}}
	w.o = generator.Options{Source: dir, Builtin: builtin, Now: instants[0], ServerIndex: &no}
	g, err := sitegen.New(os.DirFS("../templates"), 16, 7)
	must(t, err)
	for name, text := range g.Files() {
		w.files[name] = string(text)
	}
	w.files["content/bilder/punkt.png"] = pngOf(1)
	for key, values := range configs {
		w.config[key] = values[0]
	}
	w.config["languages"] = "[de, en]"
	w.files["portal.yaml"] = w.portalYAML()
	w.rng = rand.New(rand.NewPCG(seed, 0))
	if seed%2 == 1 {
		for _, at := range places[shared:] {
			w.insert(at, oneOf(&w, snippets[:len(snippets)-broken]))
		}
	}
	w.good, w.goodOptions = maps.Clone(w.files), w.o
	return w
}

func (w *world) to(out string) generator.Options {
	o := w.o
	o.Out = out
	return o
}

// write brings the folder to what files says.
func (w *world) write() {
	for name := range w.onDisk {
		if _, ok := w.files[name]; !ok {
			_ = os.Remove(filepath.Join(w.dir, name))
			for d := path.Dir(name); d != "."; d = path.Dir(d) {
				if os.Remove(filepath.Join(w.dir, d)) != nil {
					break
				}
			}
		}
	}
	for name, text := range w.files {
		if old, ok := w.onDisk[name]; ok && old == text {
			continue
		}
		file := filepath.Join(w.dir, name)
		_ = os.MkdirAll(filepath.Dir(file), 0o755)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			panic(err)
		}
	}
	w.onDisk = maps.Clone(w.files)
}

func (w *world) portalYAML() string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(w.config)) {
		if w.config[k] != "" {
			fmt.Fprintf(&b, "%s: %s\n", k, w.config[k])
		}
	}
	return b.String()
}

func svgOf(n int) string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 60" width="60" height="60"><path id="p%d" d="M%d 0h9v9z"/></svg>`+"\n", n, n)
}

func pngOf(n int) string {
	img := image.NewGray(image.Rect(0, 0, 24+n%3, 16))
	img.Set(n%16, n%11, color.White)
	var b bytes.Buffer
	_ = png.Encode(&b, img) // a Buffer does not fail
	return b.String()
}

// proofEdit is one kind of step; weight says how often it comes. It returns what it
// did, "" for nothing.
type proofEdit struct {
	name   string
	weight int
	do     func(p *proof) string
}

var edits = []proofEdit{
	{"body", 10, editBody}, {"title", 4, editTitle}, {"field from another", 8, editField}, {"number", 4, editNumber}, {"key", 10, editKey}, {"companion", 5, editCompanion},
	{"add", 3, addEntry}, {"rename", 3, renameEntry}, {"delete", 3, deleteEntry}, {"translate", 2, translate}, {"index.md", 2, editIndex},
	{"media", 4, editMedia}, {"template", 12, editTemplate}, {"type", 6, editType}, {"vocabulary", 2, editTaxonomy}, {"words", 2, editWords},
	{"style", 3, editStyle}, {"icon", 1, editIcon}, {"config", 4, editConfig}, {"static", 3, editStatic},
	{"instant", 4, editInstant}, {"options", 4, editOptions}, {"nothing", 3, func(*proof) string { return "." }},
	{"cache", 3, damageCache}, {"release", 4, damageRelease}, {"forget", 1, forget}, {"index", 1, damageIndex}, {"stranger", 1, stranger}, {"commit", 3, commit},
}

// change makes one to three edits, or goes back to the last site without a fault.
func (w *world) change(p *proof) string {
	var did []string
	if p.last == nil && w.rng.IntN(10) < 7 {
		w.files, w.o = maps.Clone(w.good), w.goodOptions
		did = append(did, "repair")
		if w.rng.IntN(2) == 0 {
			return did[0]
		}
	}
	total, only := 0, strings.Split(*proofOnly, ",")
	some := slices.DeleteFunc(slices.Clone(edits), func(e proofEdit) bool {
		return !slices.ContainsFunc(only, func(o string) bool { return strings.HasPrefix(e.name, o) })
	})
	for _, e := range some {
		total += e.weight
	}
	for range []int{1, 1, 1, 2, 3}[w.rng.IntN(5)] {
		n := w.rng.IntN(total)
		i := 0
		for ; n >= some[i].weight; i++ {
			n -= some[i].weight
		}
		did = append(did, strings.TrimSpace(some[i].name+" "+some[i].do(p)))
	}
	return strings.Join(did, "; ")
}

// pick is one of the files that match, "" if none does.
func (w *world) pick(pattern string) string {
	re := regexp.MustCompile(pattern)
	var names []string
	for _, n := range slices.Sorted(maps.Keys(w.files)) {
		if re.MatchString(n) {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return oneOf(w, names)
}

func oneOf[T any](w *world, list []T) T { return list[w.rng.IntN(len(list))] }

const (
	anEntry   = `^content/.*\.md$`
	connected = `^content/(index|handbuch(\.en)?|glossar/bereitschaft|kapitel/.*|organisationen/(dach|mitte|unten)(\.en)?)\.md$`
)

// pickEntry prefers those that others speak of.
func (w *world) pickEntry() string {
	if name := w.pick(connected); name != "" && w.rng.IntN(2) == 0 {
		return name
	}
	return w.pick(anEntry)
}

// idOf is what an entry is called by, unless its front matter says otherwise.
func idOf(file string) string {
	id, _, _ := strings.Cut(path.Base(file), ".")
	return id
}

func split(text string) (front, body string) {
	if i := strings.Index(text, "\n---\n"); i > 0 && strings.HasPrefix(text, "---\n") {
		return text[4 : i+1], text[i+5:]
	}
	return "", text
}

func join(front, body string) string { return "---\n" + front + "---\n" + body }

// blocks are the keys of a front matter with all that belongs to each.
func blocks(front string) []string {
	var out []string
	for line := range strings.Lines(front) {
		if len(out) > 0 && (line[0] == ' ' || line[0] == '\n') {
			out[len(out)-1] += line
		} else {
			out = append(out, line)
		}
	}
	return out
}

func keyOfBlock(b string) string {
	k, _, _ := strings.Cut(b, ":")
	return k
}

// set writes a key of an entry's front matter; "" deletes it.
func set(text, key, value string) string {
	front, body := split(text)
	all := slices.DeleteFunc(blocks(front), func(b string) bool { return keyOfBlock(b) == key })
	if value != "" {
		all = append(all, key+": "+value+"\n")
	}
	return join(strings.Join(all, ""), body)
}

func editBody(p *proof) string {
	name, other := p.pickEntry(), p.pick(anEntry)
	from, err := filepath.Rel(path.Dir(name), other)
	if err != nil {
		panic(err)
	}
	text := oneOf(&p.world, []string{
		fmt.Sprintf("Neuer Satz %d über die Bereitschaft.", p.rng.IntN(1000)),
		"Die Versorgungseinheit und die Krankenhausversorgung sind neu, sagt BRT.",
		"Siehe [[" + idOf(other) + "]] und [[" + idOf(name) + "|Worte]].",
		"Siehe [dort](" + from + ") und [im Glossar](/glossar/).",
		"![Ein Bild](/bilder/punkt.png)",
		"![Noch eines](/bilder/strich.svg) und [die Liste](/dateien/liste.csv)",
		fmt.Sprintf("## Abschnitt %d\n\nText.\n\n### Darunter\n\nMehr.", p.rng.IntN(9)),
		"Siehe [Anfang](/kapitel/eins/#anfang).",
		"Belegt [@quelle-1].",
		"Mit Fußnote[^neu].\n\n[^neu]: Sie ist neu.",
		"> [!HINWEIS] Achtung\n> Die Bereitschaft.",
		"[[gibt-es-nicht]]", "<b>roh</b>", "[ins Leere](fehlt.md)", "![](/bilder/punkt.png)", "![Fehlt](/bilder/fehlt.png)",
	})
	if p.rng.IntN(4) == 0 {
		front, body := split(p.files[name])
		parts := strings.SplitAfter(body, "\n\n")
		p.files[name] = join(front, strings.Join(parts[:len(parts)-1], ""))
		return name + " loses its end"
	}
	p.files[name] += "\n" + text + "\n"
	return name + ": " + strconv.Quote(text)
}

func editTitle(p *proof) string {
	name := p.pickEntry()
	p.files[name] = set(p.files[name], "title", fmt.Sprintf("%s %d", oneOf(&p.world, []string{"Ärzte im Einsatz", "Zelt", "Neu", "1. Schritt", "Bereitschaft"}), p.rng.IntN(20)))
	return name
}

// editField takes a field as another entry of the same folder has it.
func editField(p *proof) string {
	name := p.pickEntry()
	other := p.pick("^" + regexp.QuoteMeta(path.Dir(name)) + `/[^/]*\.md$`)
	front, _ := split(p.files[other])
	all := blocks(front)
	if len(all) == 0 {
		return ""
	}
	b := oneOf(&p.world, all)
	if p.rng.IntN(4) == 0 {
		p.files[name] = set(p.files[name], keyOfBlock(b), "")
		return name + " without " + keyOfBlock(b)
	}
	p.files[name] = set(p.files[name], keyOfBlock(b), strings.TrimSuffix(strings.TrimPrefix(b, keyOfBlock(b)+": "), "\n"))
	return name + ": " + keyOfBlock(b) + " from " + other
}

var digits = regexp.MustCompile(`\d`)

// editNumber changes one digit of a front matter: of an amount, a date, a level.
func editNumber(p *proof) string {
	name := p.pickEntry()
	front, body := split(p.files[name])
	places := digits.FindAllStringIndex(front, -1)
	if len(places) == 0 {
		return ""
	}
	at := oneOf(&p.world, places)[0]
	p.files[name] = join(front[:at]+strconv.Itoa(1+p.rng.IntN(3))+front[at+1:], body)
	return fmt.Sprintf("%s, byte %d", name, at)
}

var keyValues = map[string][]string{
	"summary":     {"Eine Kurzfassung.", "Noch eine, mit Bereitschaft.", "Kurz gefasst.", "Anders gefasst.", ""},
	"status":      {"entwurf", "pruefung", "veroeffentlicht", "ersetzt", "archiviert", ""},
	"discussion":  {"true", ""},
	"audience":    {"members", "public", ""},
	"published":   {"2026-12-24T09:00", "2026-11-22T19:00", "2026-11-22", "2025-01-01", ""},
	"updated":     {"2026-11-01", "2026-06-01", ""},
	"review_by":   {"2026-11-22", "2027-06-01", "2025-01-01", ""},
	"topics":      {"[krisenvorsorge]", "[dual-use, krisenvorsorge]", "[gibt-es-nicht]", ""},
	"id":          {"neue-kennung", "handbuch", ""},
	"aliases":     {"[/alt/neu/]", "[/alt/neu/, /alt/eins/]", "[/handbuch/]", ""},
	"image":       {"{src: /bilder/punkt.png, alt: Punkt}", "{src: /figur.svg, alt: Figur, caption: Worte}", "{src: /bilder/fehlt.png, alt: Fehlt}", ""},
	"contacts":    {"[mitte]", "[dach, unten]", ""},
	"member_of":   {"[mitte]", "[dach]", "[unten]", ""},
	"sources":     {"[{key: quelle-1, title: Erste, url: \"https://www.example.org/1\"}]", ""},
	"abbr":        {"BRT", "NEU", ""},
	"definition":  {"Was **neu** ist.", "Siehe [Handbuch](/handbuch.md).", ""},
	"extra_note":  {"Ein Zusatz", "Ein anderer", ""}, // see editType
	"changes":     {"[{date: 2026-11-01, note: Geändert}]", ""},
	"reviewed_on": {"2026-11-01", ""},
	"kaputt":      {"[", "ja", ""},
}

func editKey(p *proof) string {
	name := p.pickEntry()
	key := oneOf(&p.world, slices.Sorted(maps.Keys(keyValues)))
	if p.rng.IntN(4) == 0 {
		key = "summary"
	}
	value := oneOf(&p.world, keyValues[key])
	p.files[name] = set(p.files[name], key, value)
	return name + ": " + key + ": " + value
}

// editCompanion moves a front matter into a file of its own, changes one there,
// or moves it back.
func editCompanion(p *proof) string {
	if y := p.pick(`^content/.*\.yaml$`); y != "" && p.rng.IntN(3) > 0 {
		text := strings.TrimSuffix(y, ".yaml") + ".md"
		switch p.rng.IntN(3) {
		case 0:
			if _, ok := p.files[text]; ok {
				p.files[text] = join(p.files[y], p.files[text])
			}
			delete(p.files, y)
			return y + " moves in"
		case 1:
			p.files[y] += "# Eine Bemerkung.\n"
			return y + ": a comment"
		}
		key := oneOf(&p.world, slices.Sorted(maps.Keys(keyValues)))
		p.files[y], _ = split(set(join(p.files[y], ""), key, oneOf(&p.world, keyValues[key])))
		return y + ": " + key
	}
	name := p.pickEntry()
	front, body := split(p.files[name])
	if front == "" {
		return ""
	}
	y := strings.TrimSuffix(name, ".md") + ".yaml"
	p.files[name], p.files[y] = body, front
	return name + " to " + y
}

func addEntry(p *proof) string {
	name := p.pick(anEntry)
	to := path.Join(path.Dir(name), fmt.Sprintf("neu-%d.md", p.rng.IntN(6)))
	if p.rng.IntN(6) == 0 {
		to = path.Join("content/neu/ordner", path.Base(to))
	}
	p.files[to] = set(set(p.files[name], "title", "Neu hier"), "id", "")
	return to + ", a copy of " + name
}

func renameEntry(p *proof) string {
	name := p.pick(`^content/.*\.(md|csv|png|svg)$`)
	to := path.Join(path.Dir(name), "um-"+path.Base(name))
	switch p.rng.IntN(4) {
	case 0:
		to = path.Join(path.Dir(p.pick(anEntry)), path.Base(name))
	case 1: // aliases lead on
		p.files[name] = set(p.files[name], "aliases", "[/"+strings.TrimSuffix(strings.TrimPrefix(name, "content/"), ".md")+"/]")
	}
	text := p.files[name]
	delete(p.files, name)
	p.files[to] = text
	return name + " to " + to
}

func deleteEntry(p *proof) string {
	name := p.pick(`^content/.*`)
	delete(p.files, name)
	return name
}

func translate(p *proof) string {
	name := p.pick(`^content/.*/[^./]*\.md$`)
	if name == "" {
		return ""
	}
	to := strings.TrimSuffix(name, ".md") + ".en.md"
	p.files[to] = set(set(p.files[name], "title", fmt.Sprint("English ", p.rng.IntN(4))), "id", "")
	return to
}

func editIndex(p *proof) string {
	name := path.Join(path.Dir(p.pick(anEntry)), oneOf(&p.world, []string{"index.md", "index.md", "index.en.md"}))
	p.files[name] = fmt.Sprintf("---\ntitle: Übersicht %d\nsummary: Was hier steht.\n---\n\nHier steht [[handbuch]] %d.\n", p.rng.IntN(9), p.rng.IntN(9))
	return name
}

func editMedia(p *proof) string {
	n := p.rng.IntN(50)
	name := oneOf(&p.world, []string{"content/bilder/punkt.png", "content/bilder/strich.svg", "content/figur.svg", "content/dateien/liste.csv"})
	switch path.Ext(name) {
	case ".png":
		p.files[name] = pngOf(n)
	case ".svg":
		p.files[name] = svgOf(n)
	default:
		p.files[name] = strings.Repeat("a;b\n", n)
	}
	return name
}

// builtinFile is a file of the program's own templates.
func builtinFile(name string) string {
	b, _ := fs.ReadFile(builtin, name)
	return string(b)
}

// snippets are what a site's own template of a page may say; some reach beyond
// what pages are given, some are wrong.
var snippets = []string{
	`<p>Probe {{.Title}}</p>`,
	`<p>{{len .Site.Entries}} Einträge</p>`,
	`{{range .Site.Entries}}{{with .Summary}}<p>{{.}}</p>{{end}}{{end}}`,
	`<p>{{.Site.Now.Format "2006-01-02 15:04"}}</p>`,
	`{{with .Site}}<p>{{(.Type "product").Labels.Many.In "de"}}</p>{{end}}`,
	`{{$s := .Site}}<p>{{($s.Type "product").Intro.In "de"}}</p>`,
	`{{with .Site.Lookup "handbuch" "de"}}<p>{{.Summary}}</p>{{end}}`,
	`{{range .Site.Taxonomies}}{{range .Terms}}<p>{{.ID}} {{len .Entries}}</p>{{end}}{{end}}`,
	`{{with .Entry}}<p>{{len .In}} {{len .Out}}</p>{{end}}`,
	`{{with .Entry}}{{range .In -}} <p>{{.From.Summary}}</p>{{- end}}{{end}}`,
	`{{with .Entry}}{{if .In}}<p>{{(index .In 0).From.Title}}</p>{{end}}{{end}}`,
	`{{with .Entry}}{{range .Translations}}<p>{{.Summary}}</p>{{end}}{{end}}`,
	`{{with .Entry}}{{range each (.Get "member_of")}}{{with .Entry}}<p>{{.Summary}}{{range each (.Get "member_of")}}{{with .Entry}} {{.Summary}}{{end}}{{end}}</p>{{end}}{{end}}{{end}}`,
	`{{with .Entry}}{{with .Get "image"}}{{with picture .}}<p>{{.URL}} {{.Width}}</p>{{end}}{{end}}{{end}}`,
	`{{with .Entry}}{{with .Type}}<p>{{printf "%.60s" .Example}}</p>{{end}}{{end}}`,
	`{{with .Entry}}<p>{{.Pos}} {{.BodyPos}} {{.Date}}</p>{{end}}`,
	`{{with .List}}{{range .Cards}}<p>{{.Entry.Summary}} {{len .Entry.In}}</p>{{end}}{{end}}`,
	`{{with .Entry}}{{range .Related}}<p>{{.Entry.Summary}}</p>{{end}}{{end}}`,
	`{{with .Entry}}{{range .Relations}}{{range .Cards}}{{card $.Lang .}}{{end}}{{end}}{{end}}`,
	`{{with .Entry}}{{range .Related}}{{card $.Lang .}}{{end}}{{end}}`,
	`{{if ahead .Site.Now}}<p>bald</p>{{end}}`,
	`<p>{{t .Lang "nav.home"}} {{.Assets.CSS}}</p>`,
	`{{.Gibtesnicht}}`, `{{with .Entry}}{{.Kaputt}}{{end}}`, `{{if}}`,
}

// broken is how many of them, the last ones, are wrong.
const broken = 3

// places are where snippets go: a file and the words behind which they stand.
var places = [][2]string{
	{"layout.html", `<main id="inhalt" tabindex="-1">`}, {"pages/entry.html", `{{define "main"}}`},
	{"components/sources/sources.html", `{{define "sources"}}`}, {"components/related/related.html", `{{define "related"}}`},
	{"pages/list.html", `{{define "main"}}`}, {"pages/home.html", `{{define "main"}}`}, {"pages/section.html", `{{define "main"}}`},
	{"pages/term.html", `{{define "main"}}`}, {"pages/glossary.html", `{{define "main"}}`}, {"pages/topics.html", `{{define "main"}}`},
	{"types/product/page.html", `{{define "entry-lead"}}`}, {"types/organisation/page.html", `{{define "entry-lead"}}`},
	{"types/page/page.html", `{{define "entry-lead"}}`}, {"types/news/page.html", `{{define "entry-lead"}}`},
	{"types/term/page.html", `{{define "entry-lead"}}`}, {"types/event/page.html", `{{define "entry-lead"}}`},
	{"types/funding/page.html", `{{define "entry-lead"}}`}, {"types/organisation/page.html", `{{define "entry-lead"}}`},
}

// shared is how many of them, the first ones, many pages are made with.
const shared = 4

// insert writes a copy of a built-in template with a snippet in it.
func (w *world) insert(at [2]string, snippet string) (name string) {
	name = "templates/" + at[0]
	text := builtinFile(name)
	if !strings.Contains(text, at[1]) {
		text += at[1] + "{{end}}"
	}
	w.files[name] = strings.Replace(text, at[1], at[1]+snippet, 1)
	return name
}

// parts are small templates of their own: of cards and fields.
var parts = [][2]string{
	{"types/product/card.html", `{{define "card-mark"}}<span>{{len .Entry.In}}</span>{{end}}`},
	{"types/organisation/card.html", `{{define "card-mark"}}<span>{{range .Entry.Out}}{{.To.Summary}}{{end}}</span>{{end}}`},
	{"types/organisation/card.html", `{{define "card-mark"}}<span>{{range each (.Entry.Get "member_of")}}{{with .Entry}}{{.Summary}}{{end}}{{end}}</span>{{end}}`},
	{"types/product/card.html", `{{define "card-mark"}}<span>{{.Why}} {{range .Fields}}{{.Label}}{{end}}</span>{{end}}`},
	{"types/page/card.html", `{{define "card-mark"}}<span>{{.Entry.Path}}</span>{{end}}`},
	{"fields/text.html", `{{define "field-text"}}{{plain .Value}} neu{{end}}{{define "field-text-one"}}{{plain .}}{{end}}`},
	{"fields/relation.html", `{{define "field-relation"}}{{range each .Value}}{{with .Entry}}<span>{{.Title}} {{.Summary}} {{len .In}}</span>{{end}}{{end}}{{end}}{{define "entry-link"}}{{end}}`},
	{"fields/number.html", `{{define "field-number"}}<b>{{num .Lang .Value}}</b>{{end}}`},
	{"components/chips/chips.html", `{{define "chips"}}{{end}}`},
	{"components/card/card.html", ``},
}

func editTemplate(p *proof) string {
	if own := p.pick(`^templates/.*\.html$`); p.rng.IntN(3) == 0 && own != "" && !strings.Contains(own, "/probe/") {
		delete(p.files, own)
		return "without " + own
	}
	if p.rng.IntN(3) == 0 {
		part := oneOf(&p.world, parts)
		name := "templates/" + part[0]
		if p.files[name] = part[1]; part[1] == "" {
			p.files[name] = strings.Replace(builtinFile(name), `<div class="card-body">`, `<div class="card-body">`+fmt.Sprintf("<span>%d</span>", p.rng.IntN(9)), 1)
		}
		return name + ": " + part[1]
	}
	at, snippet := oneOf(&p.world, places), oneOf(&p.world, snippets)
	name := p.insert(at, snippet)
	return name + ": " + snippet
}

// ownCopy replaces what a pattern finds in an own copy of a built-in file, or
// gives the copy up.
func (w *world) ownCopy(name, pattern, by string) string {
	if _, own := w.files[name]; own && w.rng.IntN(3) == 0 {
		delete(w.files, name)
		return "without " + name
	}
	text, ok := w.files[name]
	if !ok {
		text = builtinFile(name)
	}
	re := regexp.MustCompile(pattern)
	found := re.FindAllStringIndex(text, -1)
	if len(found) == 0 {
		return ""
	}
	at := oneOf(w, found)
	w.files[name] = text[:at[0]] + re.ReplaceAllString(text[at[0]:at[1]], by) + text[at[1]:]
	return fmt.Sprintf("%s, byte %d: %s", name, at[0], by)
}

func editType(p *proof) string {
	if p.rng.IntN(8) == 0 { // a type of the site's own
		if name := "templates/types/geraet/type.yaml"; p.files[name] == "" {
			p.files[name] = "labels:\n  one: {de: Gerät, en: Device}\n  many: {de: Geräte, en: Devices}\nfolder: kapitel\nicon: product\norder: [title]\npage_size: 2\n" +
				"fields:\n  - {name: extra_note, kind: text, label: {de: Zusatz, en: Note}, help: {de: Ein Satz., en: A sentence.}, card: true, search: 1}\n"
			return "geraet takes kapitel"
		}
		delete(p.files, "templates/types/geraet/type.yaml")
		return "geraet gives kapitel back"
	}
	name := "templates/types/" + oneOf(&p.world, []string{"product", "organisation", "news", "event", "demand", "page", "term", "funding"}) + "/type.yaml"
	change := oneOf(&p.world, [][2]string{
		{`label: *\{de: `, "${0}Neu "}, {`one: *\{de: `, "${0}Neu "}, {`many: *\{de: `, "${0}Neue "}, {`page_size: \d+`, "page_size: 2"}, {`\norder: .*`, "\norder: [-title]"},
		{`card: true`, "card: false"}, {`facet: true`, "facet: false"}, {`glance: true`, "glance: false"}, {`hidden: true`, "hidden: false"}, {`search: [\d.]+`, "search: 7"},
		{`\nfields:\n`, "${0}  - {name: extra_note, kind: text, label: {de: Zusatz, en: Note}, help: {de: Ein Satz., en: A sentence.}, card: true, facet: true, glance: true, search: 1}\n"},
		{`\nfeed: true`, "\nfeed: false"}, {`\nicon: \w+`, "\nicon: place"}, {`\nweight: [\d.]+`, "\nweight: 2"}, {`\nnav: \d+`, "\nnav: 7"}, {`kind: text`, "kind: kaputt"},
	})
	return p.ownCopy(name, change[0], change[1])
}

func editTaxonomy(p *proof) string {
	name := "templates/taxonomies/" + oneOf(&p.world, []string{"thema", "szenario", "produktkategorie"}) + ".yaml"
	change := oneOf(&p.world, [][2]string{{`label: *\{de: `, "${0}Neu "}, {`many: *\{de: `, "${0}Neue "}, {`synonyms: \[`, "${0}Neuwort, "}, {`\nfeed: \w+`, "\nfeed: false"},
		{`\nordered: \w+`, "\nordered: true"}, {`\n  - id: .*(\n    .*)*`, ""}})
	return p.ownCopy(name, change[0], change[1])
}

func editWords(p *proof) string {
	return p.ownCopy("templates/i18n/"+oneOf(&p.world, []string{"de", "en"})+".yaml", `\n[a-z]+\.[a-z]+: "[A-Za-z]*`, "${0}neu")
}

func editStyle(p *proof) string {
	switch p.rng.IntN(3) {
	case 0:
		name := "templates/components/probe/probe.css"
		p.files[name] = fmt.Sprintf(".probe { color: #%06d; }\n", p.rng.IntN(1000000))
		return name
	case 1:
		return p.ownCopy("templates/components/toc/toc.ts", `$`, fmt.Sprintf("\ndocument.title += \"%d\";", p.rng.IntN(9)))
	}
	return p.ownCopy("templates/assets/tokens.css", `$`, fmt.Sprintf("\n.neu%d { margin: 0; }\n", p.rng.IntN(9)))
}

func editIcon(p *proof) string {
	name := "templates/icons/" + oneOf(&p.world, []string{"page", "product", "search"}) + ".svg"
	if _, own := p.files[name]; own {
		delete(p.files, name)
		return "without " + name
	}
	p.files[name] = builtinFile("templates/icons/place.svg")
	return name
}

func editConfig(p *proof) string {
	key := oneOf(&p.world, slices.Sorted(maps.Keys(configs)))
	p.config[key] = oneOf(&p.world, configs[key])
	p.files["portal.yaml"] = p.portalYAML()
	return key + ": " + p.config[key]
}

func editStatic(p *proof) string {
	name := oneOf(&p.world, []string{"static/eigen.txt", "static/ordner/eigen.css", "static/ordner/eigen.css.gz", "static/search/eigen.txt", "static/favicon.svg", "static/handbuch/index.html"})
	if _, there := p.files[name]; there && p.rng.IntN(2) == 0 {
		delete(p.files, name)
		return "without " + name
	}
	p.files[name] = fmt.Sprintf("/* eigen %d %s */\n", p.rng.IntN(9), strings.Repeat("x", 300))
	if strings.HasSuffix(name, ".svg") {
		p.files[name] = svgOf(p.rng.IntN(9))
	}
	return name
}

func editInstant(p *proof) string {
	p.o.Now = oneOf(&p.world, instants)
	if p.rng.IntN(8) == 0 && os.Getenv("SOURCE_DATE_EPOCH") == "" {
		if _, err := os.Stat(filepath.Join(p.dir, ".git")); err == nil {
			p.o.Now = "" // that of the commit
		}
	}
	return p.o.Now
}

func editOptions(p *proof) string {
	yes, no := true, false
	switch p.rng.IntN(10) {
	case 0, 1:
		p.o.Strict = !p.o.Strict
		return fmt.Sprint("strict ", p.o.Strict)
	case 2, 3, 4:
		p.o.Lenient = !p.o.Lenient
		return fmt.Sprint("lenient ", p.o.Lenient)
	case 5:
		p.o.Audience = map[site.Audience]site.Audience{site.Members: site.Public, site.Public: site.Members, "": site.Members}[p.o.Audience]
		return "audience " + string(p.o.Audience)
	case 6:
		p.o.Drafts = !p.o.Drafts
		return fmt.Sprint("drafts ", p.o.Drafts)
	case 7:
		p.o.Compress = !p.o.Compress
		return fmt.Sprint("compress ", p.o.Compress)
	case 8:
		p.o.BaseURL = oneOf(&p.world, []string{"", "https://vorschau.example/zweig", "https://vorschau.example"})
		return "address " + p.o.BaseURL
	}
	p.o.ServerIndex = map[bool]*bool{true: &no, false: &yes}[*p.o.ServerIndex]
	return fmt.Sprint("index for servers ", *p.o.ServerIndex)
}

// damageCache does to the cache what disks and people may do.
func damageCache(p *proof) string {
	file := generator.CacheFile(p.out)
	b, err := os.ReadFile(file)
	if err != nil || len(b) == 0 {
		return ""
	}
	old := p.oldPack
	p.oldPack = bytes.Clone(b)
	did := oneOf(&p.world, []string{"bytes", "bytes", "cut", "gone", "longer", "garbage", "old"})
	switch did {
	case "bytes":
		for range 1 + p.rng.IntN(40) {
			b[p.rng.IntN(len(b))] ^= byte(1 + p.rng.IntN(255))
		}
	case "cut":
		b = b[:p.rng.IntN(len(b))]
	case "gone":
		must(p.t, os.Remove(file))
		return did
	case "longer":
		b = append(b, b[:p.rng.IntN(len(b))]...)
	case "garbage":
		b = bytes.Repeat([]byte("Unsinn"), 100)
	case "old":
		if b = old; b == nil {
			return ""
		}
	}
	put(p.t, file, b)
	return did
}

// damageRelease does to what was published what people may do. Whoever changes
// a file leaves its time later than that of the release.
func damageRelease(p *proof) string {
	all := slices.Sorted(maps.Keys(files(p.out)))
	all = slices.DeleteFunc(all, func(n string) bool { return n == ".portal-release" })
	if len(all) == 0 {
		return ""
	}
	name := oneOf(&p.world, all)
	file := filepath.Join(p.out, name)
	later := time.Now().Add(2 * time.Second)
	switch did := oneOf(&p.world, []string{"touch", "change", "change", "delete", "add", "marker"}); did {
	case "touch":
		must(p.t, os.Chtimes(file, later, later))
		return did + " " + name
	case "change":
		must(p.t, os.Remove(file))
		put(p.t, file, []byte("von Hand\n"))
		must(p.t, os.Chtimes(file, later, later))
		return did + " " + name
	case "delete":
		must(p.t, os.Remove(file))
		return did + " " + name
	case "add":
		if path.Dir(name) == "." {
			return ""
		}
		put(p.t, filepath.Join(filepath.Dir(file), "fremd.txt"), []byte("fremd"))
		return did + " beside " + name
	default:
		marker := filepath.Join(p.out, ".portal-release")
		b, err := os.ReadFile(marker)
		must(p.t, err)
		b[bytes.LastIndexByte(b[:p.rng.IntN(len(b))], '\n')+1] ^= 1 // a digit of a hash
		put(p.t, marker, b)
		return did
	}
}

func forget(p *proof) string {
	must(p.t, os.RemoveAll(filepath.Dir(generator.CacheFile(p.out))))
	return ".portal"
}

func damageIndex(p *proof) string {
	dir := generator.IndexDir(p.out)
	name := oneOf(&p.world, []string{"inputs", "base", "private", ".portal-release", ""})
	if name == "" {
		must(p.t, os.RemoveAll(dir))
		return "all"
	}
	if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
		return ""
	}
	must(p.t, os.Remove(filepath.Join(dir, name)))
	if name == ".portal-release" { // then it is not ours, and would be refused
		must(p.t, os.RemoveAll(dir))
	}
	return name
}

// stranger holds that a build refuses to replace a folder with something in it
// that is not of its making, even if nothing else has changed.
func stranger(p *proof) string {
	if p.last == nil {
		return ""
	}
	name := filepath.Join(p.out, "fremd.txt")
	put(p.t, name, []byte("fremd"))
	before := files(p.out)
	_, err := generator.Build(p.t.Context(), p.to(p.out))
	if err == nil {
		p.t.Errorf("seed %d: a stranger in the output was not refused", p.seed)
	}
	if err := sameFiles("the output with a stranger", files(p.out), before); err != nil {
		p.t.Error(err)
	}
	must(p.t, os.Remove(name))
	return "refused"
}

// commit lets Git say when entries were changed.
func commit(p *proof) string {
	p.write()
	if _, err := os.Stat(filepath.Join(p.dir, ".git")); err != nil && git(p, "init", "-q") != nil {
		return "no Git"
	}
	if err := git(p, "add", "-A"); err != nil {
		return err.Error()
	}
	if err := git(p, "commit", "-q", "--allow-empty", "-m", fmt.Sprintf("Stand %d", p.rng.IntN(3))); err != nil {
		return err.Error()
	}
	return ""
}

func git(p *proof, args ...string) error {
	who := oneOf(&p.world, []string{"Anna", "Berta"})
	cmd := exec.Command("git", append([]string{"-C", p.dir, "-c", "user.name=" + who, "-c", "user.email=" + strings.ToLower(who) + "@probe.example"}, args...)...)
	when := time.Date(2026, 11, 1+p.rng.IntN(20), 9, 0, 0, 0, time.UTC).Format(time.RFC3339)
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_DATE="+when, "GIT_COMMITTER_DATE="+when)
	return cmd.Run()
}
