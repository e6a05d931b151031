package export

import (
	"bytes"
	"flag"
	"html/template"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

var update = flag.Bool("update", false, "write testdata/golden anew")

// The golden files are the whole output for the sample site. They are to be
// read: every file a machine gets is there.
func TestGolden(t *testing.T) {
	got := files(t, sample(t, nil))
	const dir = "testdata/golden"
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		for path, data := range got {
			name := filepath.Join(dir, filepath.FromSlash(path))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			want[path], err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if g, w := slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)); !slices.Equal(g, w) {
		t.Errorf("files:\n got %v\nwant %v", g, w)
	}
	for path, data := range got {
		if w, ok := want[path]; ok && !bytes.Equal(data, w) {
			t.Errorf("%s differs from the golden file; got:\n%s", path, data)
		}
	}
}

func TestSameBytesWhateverTheOrder(t *testing.T) {
	first := files(t, sample(t, nil))
	second := files(t, sample(t, func(d *site.Draft, in *Input) {
		slices.Reverse(d.Entries)
		slices.Reverse(d.Types)
		slices.Reverse(d.Taxonomies)
	}))
	for path := range first {
		if !bytes.Equal(first[path], second[path]) {
			t.Errorf("%s depends on the order of reading", path)
		}
	}
	if len(first) != len(second) {
		t.Errorf("%d files, then %d", len(first), len(second))
	}
}

func TestNothingHiddenIsTold(t *testing.T) {
	in := sample(t, nil)
	out := files(t, in)
	for _, e := range in.Site.Entries {
		out["jsonld "+e.Key()] = JSONLD(in, e)
		for _, m := range EntryMeta(in, e) {
			out["meta "+e.Key()] = append(out["meta "+e.Key()], m.Content...)
		}
	}
	for path, data := range out {
		for _, word := range []string{"geheim", "Geheim"} {
			if strings.Contains(path, word) || bytes.Contains(data, []byte(word)) {
				t.Errorf("%s tells of a hidden entry", path)
			}
		}
	}
}

func TestSubPath(t *testing.T) {
	in := sample(t, func(d *site.Draft, in *Input) { d.Config.BaseURL = "https://host.example/portal/" })
	out := files(t, in)
	if !bytes.Contains(out["feed.atom"], []byte(`href="https://host.example/portal/feed.atom"`)) {
		t.Error("the feed does not name itself below the sub-path")
	}
	if !bytes.Contains(out["alt/papier/index.html"], []byte(`content="0; url=/portal/papiere/krise/"`)) {
		t.Errorf("the redirect leaves the sub-path:\n%s", out["alt/papier/index.html"])
	}
}

// files is the whole output by path; it fails on paths that the staging of a
// release would refuse.
func files(t *testing.T, in Input) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := All(in, func(path string, data []byte) error {
		if !fs.ValidPath(path) {
			t.Errorf("bad path %q", path)
		}
		if _, twice := out[path]; twice {
			t.Errorf("%s is written twice", path)
		}
		out[path] = data
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func words(t *testing.T) *lang.Words {
	t.Helper()
	w, err := lang.Load([]string{"de", "en"}, fstest.MapFS{
		"i18n/de.yaml": {Data: []byte("export.draft: Entwurf zur Diskussion\nexport.moved: Diese Seite ist umgezogen\nexport.movedto: 'Sie finden sie hier:'\nexport.number: Nr.\u00a0%s\nexport.asof: 'Stand: %s'\nexport.undated: o.\u00a0J.\ncalendar.more: Mehr dazu\ncalendar.register: Anmeldung\ncalendar.registeruntil: Anmeldung bis %s\n")},
		"i18n/en.yaml": {Data: []byte("export.draft: Draft for discussion\nexport.moved: This page has moved\nexport.movedto: 'You will find it here:'\nexport.number: No.\u00a0%s\nexport.asof: 'as of %s'\nexport.undated: n.\u00a0d.\ncalendar.more: More\ncalendar.register: Registration\ncalendar.registeruntil: Registration by %s\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func de(s string) site.Text { return site.Text{"de": s} }

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func ptr(x float64) *float64 { return &x }

func str(s string) site.Value { return site.Str{S: s} }

func list(values ...site.Value) site.Value { return site.Many{Values: values} }

func condition(s string) site.Value {
	c, err := site.ParseConstraint(s)
	if err != nil {
		panic(err)
	}
	return c
}

func tag(id string) site.Value { return &site.Tag{ID: id} }

func ref(id string) site.Value { return &site.Ref{ID: id} }

// values builds a record of the fields' values, given as name, value pairs.
func values(fields []*site.Field, pairs ...any) site.Record {
	var r site.Record
	for i := 0; i < len(pairs); i += 2 {
		at := slices.IndexFunc(fields, func(f *site.Field) bool { return f.Name == pairs[i] })
		r.Items = append(r.Items, site.Item{Field: fields[at], Value: pairs[i+1].(site.Value)})
	}
	return r
}

func entry(t *site.Type, id, language, title string, published time.Time, pairs ...any) *site.Entry {
	file := "content/" + t.Folder + "/" + id + ".md"
	if language != "de" {
		file = strings.TrimSuffix(file, ".md") + "." + language + ".md"
	}
	return &site.Entry{
		Type: t, ID: id, Lang: language, Title: title, Summary: "Worum es geht: " + title, Status: site.StatusPublished,
		Audience: site.Public, Published: published, Values: values(t.Fields, pairs...),
		Path: t.Folder + "/" + id, Pos: diag.Pos{File: file},
	}
}

// common are the fields that every type of the sample has.
func common() []*site.Field {
	return []*site.Field{
		{Name: "topics", Kind: site.KindTags, Multiple: true, Common: true, Vocabulary: "thema", Label: de("Themen")},
		{Name: "image", Kind: site.KindImage, Common: true, Label: de("Abbildung")},
		{Name: "aliases", Kind: site.KindText, Multiple: true, Common: true, Label: de("Frühere Adressen")},
		{Name: "reviewer", Kind: site.KindText, Common: true, Label: de("Geprüft von")},
	}
}

func sampleTypes() (paper, device, body, word *site.Type) {
	paper = &site.Type{
		Name: "papier", Labels: site.Labels{One: site.Text{"de": "Papier", "en": "Paper"}, Many: site.Text{"de": "Papiere", "en": "Papers"}},
		Intro: site.Text{"de": "Was wir fordern.", "en": "What we ask for."}, Folder: "papiere", Feed: true, Nav: 10,
		Order: []site.SortKey{{Path: "published", Desc: true}},
		Fields: append([]*site.Field{
			{Name: "authors", Kind: site.KindText, Multiple: true, Label: de("Autoren")},
			{Name: "citation", Kind: site.KindRecord, Label: de("Zitierangabe"), Sub: []*site.Field{
				{Name: "number", Kind: site.KindText, Label: de("Nummer")},
				{Name: "doi", Kind: site.KindText, Label: de("DOI")},
			}},
			{Name: "supersedes", Kind: site.KindRelation, Label: de("Ersetzt")},
		}, common()...),
		JSONLD:   &site.JSONLD{Type: "Report", Map: map[string]string{"author": "authors", "reportNumber": "citation.number"}},
		Citation: &site.Citation{Kind: "report", Authors: "authors", Number: "citation.number", DOI: "citation.doi"},
	}
	device = &site.Type{
		Name: "geraet", Labels: site.Labels{One: de("Gerät"), Many: de("Geräte")}, Folder: "geraete", Feed: true, Nav: 20,
		Fields: append([]*site.Field{
			{Name: "weight_kg", Kind: site.KindNumber, Unit: "kg", Label: de("Gewicht")},
			{Name: "power", Kind: site.KindRecord, Label: de("Strom"), Sub: []*site.Field{
				{Name: "battery_h", Kind: site.KindNumber, Unit: "h", Label: de("Akku")},
				{Name: "source", Kind: site.KindEnum, Multiple: true, Label: de("Quelle"), Values: []site.EnumValue{{Key: "netz", Label: de("Stromnetz")}, {Key: "akku", Label: de("Akku")}}},
			}},
			{Name: "temp", Kind: site.KindRange, Unit: "°C", Label: de("Temperatur")},
			{Name: "price", Kind: site.KindMoney, Label: de("Preis")},
			{Name: "level", Kind: site.KindLevel, Label: de("Reife")},
			{Name: "mobile", Kind: site.KindBool, Label: de("Mobil")},
			{Name: "since", Kind: site.KindDateTime, Label: de("Seit")},
			{Name: "makers", Kind: site.KindRelation, Multiple: true, Label: de("Hersteller")},
			{Name: "kinds", Kind: site.KindTags, Multiple: true, Vocabulary: "thema", Label: de("Arten")},
			{Name: "tests", Kind: site.KindList, Label: de("Tests"), Sub: []*site.Field{
				{Name: "day", Kind: site.KindDate, Label: de("Tag")},
				{Name: "text", Kind: site.KindMarkdown, Label: de("Text")},
				{Name: "by", Kind: site.KindRelation, Multiple: true, Label: de("Von")},
			}},
			{Name: "site", Kind: site.KindRecord, Label: de("Ort"), Sub: []*site.Field{
				{Name: "place", Kind: site.KindText, Label: de("Ort")},
				{Name: "lat", Kind: site.KindNumber, Label: de("Breite")},
				{Name: "lon", Kind: site.KindNumber, Label: de("Länge")},
			}},
			{Name: "sheet", Kind: site.KindFile, Label: de("Datenblatt")},
			{Name: "more", Kind: site.KindLink, Label: de("Mehr")},
			{Name: "needs", Kind: site.KindConstraint, Multiple: true, Of: "geraet", Label: de("Bedingungen")},
		}, common()...),
		JSONLD: &site.JSONLD{Type: "Product", Map: map[string]string{
			"weight": "weight_kg", "manufacturer": "makers", "location": "site", "offers": "price", "material": "temp",
			"additionalProperty": "power", "releaseDate": "since", "isFamilyFriendly": "mobile", "category": "kinds", "subjectOf": "sheet",
		}},
	}
	body = &site.Type{
		Name: "stelle", Labels: site.Labels{One: de("Stelle"), Many: de("Stellen")}, Folder: "stellen", Fields: common(),
		JSONLD: &site.JSONLD{Type: "Organization"},
	}
	word = &site.Type{
		Name: "wort", Labels: site.Labels{One: de("Wort"), Many: de("Wörter")}, Folder: "woerter",
		Fields: append([]*site.Field{
			{Name: "definition", Kind: site.KindMarkdown, Label: de("Definition")},
			{Name: "abbr", Kind: site.KindText, Label: de("Abkürzung")},
		}, common()...),
		JSONLD:   &site.JSONLD{Type: "DefinedTerm", Map: map[string]string{"termCode": "abbr", "description": "definition"}},
		Glossary: &site.Glossary{Abbr: "abbr", Definition: "definition"},
	}
	return paper, device, body, word
}

func sampleDraft() site.Draft {
	paper, device, body, word := sampleTypes()
	krise := entry(paper, "krise", "de", "Für die Krise – „bereit“ & sicher?", date("2026-04-15"),
		"authors", list(str("Müller, Anna"), str("AG Probe")),
		"citation", values(paper.Fields[1].Sub, "number", str("2026/02"), "doi", str("https://doi.org/10.1234/ab_c")),
		"supersedes", ref("krise-alt"), "topics", list(tag("vorsorge")), "aliases", list(str("/alt/papier/"), str("/papier.html")))
	krise.Aliases = []string{"/alt/papier/", "/papier.html"}
	krise.Updated = date("2026-05-02")
	english := entry(paper, "krise", "en", "For the crisis", date("2026-04-20"), "authors", list(str("Müller, Anna")))
	english.Pos.File = "content/papiere/krise.en.md"
	old := entry(paper, "krise-alt", "de", "Alte Fassung", date("2024-01-10"))
	old.Status = site.StatusSuperseded
	draft := entry(paper, "offen", "de", "Noch offen", date("2026-06-01"))
	draft.Status, draft.Discussion = site.StatusDraft, true
	secret := entry(paper, "geheim", "de", "Geheim", date("2026-01-01"), "topics", list(tag("vorsorge")))
	secret.Audience = site.Members
	secretBody := entry(body, "geheime-stelle", "de", "Geheime Stelle", date("2026-01-01"))
	secretBody.Status = site.StatusReview
	tent := entry(device, "zelt", "de", "=Zelt; \"groß\"", date("2026-03-01"),
		"weight_kg", site.Number{N: 12.5},
		"power", values(device.Fields[1].Sub, "battery_h", site.Number{N: 4}, "source", list(site.Enum{Key: "akku"}, site.Enum{Key: "netz"})),
		"temp", site.Range{Min: ptr(-20.5), Max: ptr(40)}, "price", site.Money{Cents: 50000050, Currency: "EUR"},
		"level", site.Level{N: 7}, "mobile", site.Bool{B: true},
		"since", site.DateTime{Time: time.Date(2025, 6, 1, 9, 30, 0, 0, time.FixedZone("CEST", 7200))},
		"makers", list(ref("hersteller"), ref("geheime-stelle")), "kinds", list(tag("technik")),
		"tests", list(
			values(device.Fields[9].Sub, "day", site.Date{Time: date("2026-01-01")}, "text", site.Prose{Source: "Lief *gut*."}, "by", list(ref("hersteller"), ref("zelt-2"))),
			values(device.Fields[9].Sub, "text", site.Prose{Source: "Ohne Tag."})),
		"site", values(device.Fields[10].Sub, "place", str("Berlin"), "lat", site.Number{N: 52.52}, "lon", site.Number{N: 13.4}),
		"sheet", site.File{Src: "blatt.pdf", Title: "Datenblatt"}, "more", site.Link{URL: "https://mehr.example/?a=1&b=2", Text: "Mehr"},
		"needs", list(condition("weight_kg <= 20")),
		"image", site.Image{Src: "bild.png", Alt: "Ein Zelt", Caption: "Das Zelt", Credit: "AG"}, "topics", list(tag("technik")),
		"reviewer", str("Nicht für die Tabelle"))
	tent2 := entry(device, "zelt-2", "de", "Zweites Zelt", date("2026-03-02"))
	maker := entry(body, "hersteller", "de", "Hersteller AG", date("2025-01-01"))
	manv := entry(word, "manv", "de", "Massenanfall von Verletzten", time.Time{},
		"definition", site.Prose{Source: "Viele Verletzte auf einmal."}, "abbr", str("MANV"))
	return site.Draft{
		Config: &site.Config{
			Title: "Probe", BaseURL: "https://probe.example", Languages: []string{"de", "en"},
			Subtitle: site.Text{"de": "Ein Portal"}, Description: site.Text{"de": "Alles zur Probe.", "en": "All about the sample."},
			Publisher: site.Publisher{Name: "AG Probe", URL: "https://ag.example", Email: "post@ag.example"},
			Security:  site.Security{Contact: "sicherheit@ag.example", Expires: "2027-11-01", Policy: "https://ag.example/meldung"},
		},
		Types: []*site.Type{paper, device, body, word},
		Taxonomies: []*site.Taxonomy{taxonomy("thema", "themen", true,
			&site.Term{ID: "vorsorge", Label: site.Text{"de": "Vorsorge", "en": "Preparedness"}},
			&site.Term{ID: "technik", Label: de("Technik")}, &site.Term{ID: "leer", Label: de("Leer")})},
		Entries: []*site.Entry{krise, english, old, draft, secret, secretBody, tent, tent2, maker, manv},
	}
}

func taxonomy(name, slug string, feed bool, terms ...*site.Term) *site.Taxonomy {
	tax := &site.Taxonomy{Name: name, Slug: slug, Feed: feed, One: de(name), Many: de(name), Terms: terms}
	for _, t := range terms {
		t.Taxonomy = tax
	}
	return tax
}

// sample is a site with one of everything, of types that this program has
// never heard of; change may alter it before it is
// assembled, and the input itself.
func sample(t *testing.T, change func(*site.Draft, *Input)) Input {
	t.Helper()
	d := sampleDraft()
	in := Input{
		Words: words(t),
		Body: func(e *site.Entry) template.HTML {
			if len(e.Values.Items) == 0 {
				return ""
			}
			return `<p>Text mit <a href="/geraete/zelt/">Zelt</a>, <a href="#fn1">Fußnote</a> &amp; <img src="bild.png" srcset="a.png 1x, b.png 2x" alt="">.</p>`
		},
		Prose:   func(_ *site.Entry, p site.Prose) string { return strings.ReplaceAll(p.Source, "*", "") },
		Asset:   func(e *site.Entry, src string) string { return e.URL + src },
		Licence: "https://creativecommons.org/licenses/by/4.0/",
		Diags:   &diag.List{},
	}
	if change != nil {
		change(&d, &in)
	}
	in.Site = site.Assemble(d, site.View{Audience: site.Public, Now: date("2026-07-01")}, in.Diags)
	in.Pages = append(in.Pages,
		PageRef{Path: "/", Lang: "de", LastMod: date("2026-06-01"), Alternates: []Alternate{{"en", "/en/"}}},
		PageRef{Path: "/en/", Lang: "en", LastMod: date("2026-04-20"), Alternates: []Alternate{{"de", "/"}, {"en", "/en/"}}},
		PageRef{Path: "/suche/", Lang: "de", NoIndex: true},
		PageRef{Path: "/papiere/seite-2/", Lang: "de", Canonical: "https://probe.example/papiere/"})
	for _, e := range in.Site.Entries {
		in.Pages = append(in.Pages, SitemapRef(e))
	}
	return in
}
