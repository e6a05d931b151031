package site_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

var berlin, _ = time.LoadLocation("Europe/Berlin")

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, berlin)
	if err != nil {
		panic(err)
	}
	return t
}

// TestVisible goes through all combinations of what an entry says and what a
// view asks for. The want is the table of the design, written down once more
// in another way: the least reader who may see the entry.
func TestVisible(t *testing.T) {
	t.Parallel()
	now := at("2026-11-22 12:00:00")
	seen := map[bool]int{}
	for _, status := range []site.Status{site.StatusDraft, site.StatusReview, site.StatusPublished, site.StatusSuperseded, site.StatusArchived} {
		for _, audience := range []site.Audience{site.Public, site.Members} {
			for _, discussion := range []bool{false, true} {
				for published, due := range map[string]bool{"": true, "2026-11-22 12:00:00": true, "2026-11-22 11:59:59": true, "2026-11-22 12:00:01": false, "2027-01-01 00:00:00": false} {
					for _, hide := range []bool{false, true} {
						for _, readers := range []site.Audience{site.Public, site.Members} {
							for _, drafts := range []bool{false, true} {
								e := &site.Entry{Type: &site.Type{HideArchived: hide}, Status: status, Audience: audience, Discussion: discussion}
								if published != "" {
									e.Published = at(published)
								}
								finished := due && status != site.StatusReview && (status != site.StatusDraft || discussion)
								want := (finished || drafts) && (readers == site.Members || audience == site.Public) && (status != site.StatusArchived || !hide)
								got := site.Visible(e, site.View{Audience: readers, Drafts: drafts, Now: now})
								if got != want {
									t.Errorf("%s, %s, discussion %t, published %q, archive hidden %t, for %s with drafts %t: %t", status, audience, discussion, published, hide, readers, drafts, got)
								}
								seen[got]++
							}
						}
					}
				}
			}
		}
	}
	if seen[true] < 100 || seen[false] < 100 {
		t.Error(seen)
	}
}

// TestEmbargoZone: a day begins in the site's zone, an instant is one anywhere.
func TestEmbargoZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ published, before, from string }{ // in UTC
		{"2026-12-01", "2026-11-30T22:59:59Z", "2026-11-30T23:00:00Z"},
		{"2026-07-01", "2026-06-30T21:59:59Z", "2026-06-30T22:00:00Z"},
		{"2026-12-01T09:00", "2026-12-01T07:59:59Z", "2026-12-01T08:00:00Z"},
		{"2026-07-01T09:00", "2026-07-01T06:59:59Z", "2026-07-01T07:00:00Z"},
		{"2026-12-01T09:00:00-05:00", "2026-12-01T13:59:59Z", "2026-12-01T14:00:00Z"},
		{"2026-10-25T02:30", "2026-10-25T01:29:59Z", "2026-10-25T01:30:00Z"}, // twice that night: the second
	} {
		s, diags := assemble(t, "-- content/a.md --\n---\ntitle: A\npublished: "+c.published+"\n---\n", site.View{Audience: site.Public, Now: utc(c.before)})
		if len(s.Entries) != 0 || len(diags) != 0 {
			t.Errorf("%s: visible at %s %v", c.published, c.before, diags)
		}
		if s, _ = assemble(t, "-- content/a.md --\n---\ntitle: A\npublished: "+c.published+"\n---\n", site.View{Audience: site.Public, Now: utc(c.from)}); len(s.Entries) != 1 {
			t.Errorf("%s: invisible at %s", c.published, c.from)
		}
	}
}

func utc(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

const definitions = `
-- types/common.yaml --
fields:
  - {name: id, kind: text}
  - {name: title, kind: text}
  - {name: summary, kind: text}
  - {name: translation_of, kind: text}
  - {name: status, kind: enum, values: [{key: entwurf}, {key: pruefung}, {key: veroeffentlicht}, {key: ersetzt}, {key: archiviert}]}
  - {name: audience, kind: enum, values: [{key: public}, {key: members}]}
  - {name: published, kind: datetime}
  - {name: updated, kind: date}
  - {name: topics, kind: tags, vocabulary: thema, multiple: true}
-- types/seite/type.yaml --
fallback: true
order: [title]
-- types/haus/type.yaml --
folder: haeuser
nav: 20
order: [-rang, groesse, title]
fields:
  - {name: rang, kind: enum, values: [{key: klein}, {key: mittel}, {key: gross}]}
  - {name: groesse, kind: number}
  - {name: nachbarn, kind: relation, to: [haus], multiple: true, reverse: {name: von, label: {de: Nachbar von}}}
  - {name: leute, kind: list, fields: [{name: wer, kind: relation, to: [mensch]}, {name: fach, kind: tags, vocabulary: fach}]}
-- types/mensch/type.yaml --
folder: menschen
nav: 10
-- taxonomies/thema.yaml --
terms: [{id: aa, label: {de: Zebra}}, {id: bb, label: {de: Ähre}}, {id: cc, label: {de: Ast}}]
-- taxonomies/fach.yaml --
ordered: true
terms: [{id: zz}, {id: yy}]
`

// assemble reads an archive of content files and assembles it.
func assemble(t testing.TB, content string, v site.View) (*site.Site, []diag.Diagnostic) {
	t.Helper()
	d, diags := draft(t, content)
	return site.Assemble(d, v, diags), diags.Sorted()
}

func draft(t testing.TB, content string) (site.Draft, *diag.List) {
	t.Helper()
	templates, files := fstest.MapFS{}, fstest.MapFS{}
	for _, f := range txtar.Parse([]byte(definitions)).Files {
		templates[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	for _, f := range txtar.Parse([]byte(content)).Files {
		files[strings.TrimPrefix(f.Name, "content/")] = &fstest.MapFile{Data: f.Data}
	}
	diags := &diag.List{}
	defs := source.LoadDefinitions(templates, diags)
	cfg := &site.Config{Title: "Probe", BaseURL: "https://probe.example", Languages: []string{"de", "en"}, Location: berlin}
	return site.Draft{Config: cfg, Types: defs.Types, Taxonomies: defs.Taxonomies, Entries: source.LoadEntries(files, cfg, defs.Types, nil, nil, diags)}, diags
}

var everyone = site.View{Audience: site.Public, Now: at("2026-11-22 12:00:00")}

// world is a site with everything that Assemble connects.
const world = `
-- content/index.md --
# Willkommen
-- content/haeuser/burg.md --
---
title: Burg
rang: gross
groesse: 10
nachbarn: [alm, hof, geheim, burg]
leute: [{wer: anna, fach: yy}, {wer: geheimrat, fach: zz}, {wer: anna}]
topics: [bb, aa]
---
-- content/haeuser/alm.md --
---
title: Alm
rang: gross
groesse: 9
nachbarn: [burg]
topics: [bb]
---
-- content/haeuser/hof.md --
---
title: Hof
rang: klein
---
-- content/haeuser/turm.md --
---
title: Turm
rang: mittel
status: ersetzt
topics: [cc]
---
-- content/haeuser/geheim.md --
---
title: Geheim
audience: members
nachbarn: [burg]
topics: [aa]
---
-- content/haeuser/burg.en.md --
---
title: Castle
nachbarn: [alm, geheim]
---
-- content/haeuser/keep.en.md --
---
title: Keep
translation_of: turm
---
-- content/haeuser/geheim.en.md --
---
title: Secret
---
-- content/menschen/anna.md --
---
title: Anna
---
-- content/menschen/geheimrat.md --
---
title: Rat
status: entwurf
---
-- content/a/kontakt.md --
# Kontakt A
-- content/b/kontakt.md --
# Kontakt B
-- content/b/kontakt.en.md --
# Contact B
`

func TestAssemble(t *testing.T) {
	t.Parallel()
	want := `
/menschen/anna/ Anna
  leute < /haeuser/burg/
/haeuser/alm/ Alm
  nachbarn > /haeuser/burg/
  nachbarn < /haeuser/burg/
  nachbarn < /en/haeuser/burg/
/haeuser/burg/ Burg
  nachbarn > /haeuser/alm/
  nachbarn > /haeuser/hof/
  leute > /menschen/anna/
  nachbarn < /haeuser/alm/
  en: /en/haeuser/burg/
/haeuser/turm/ Turm
  en: /en/haeuser/keep/
/haeuser/hof/ Hof
  nachbarn < /haeuser/burg/
/en/haeuser/burg/ Castle
  nachbarn > /haeuser/alm/
  de: /haeuser/burg/
/en/haeuser/keep/ Keep
  de: /haeuser/turm/
/a/kontakt/ Kontakt A
/b/kontakt/ Kontakt B
  en: /en/b/kontakt/
/ Willkommen
/en/b/kontakt/ Contact B
  de: /b/kontakt/
fach zz: /haeuser/burg/
fach yy: /haeuser/burg/
thema bb: /haeuser/alm/ /haeuser/burg/
thema aa: /haeuser/burg/
`
	s, diags := assemble(t, world, everyone)
	if len(diags) != 0 {
		t.Error(diags)
	}
	if got := describe(s); !sameLines(got, want) {
		t.Errorf("got\n%s\nwant%s", got, want)
	}
	for id, hidden := range map[string]bool{"geheim": true, "geheimrat": true, "burg": false, "nirgends": false} {
		if s.Hidden(id) != hidden {
			t.Errorf("Hidden(%s) is %t", id, !hidden)
		}
	}
	if e := s.Lookup("anna", "en"); e == nil || e.Lang != "de" {
		t.Error("Lookup does not fall back to the first language")
	}
	if s.Lookup("geheim", "de") != nil || s.ByPath("haeuser/geheim", "de") != nil {
		t.Error("a hidden entry can be looked up")
	}
}

// sameLines ignores the order in which edges of one entry come from several
// relations, but no other.
func sameLines(a, b string) bool {
	return slices.Equal(strings.Fields(a), strings.Fields(b))
}

// describe writes a site down: entries in order with their edges, versions,
// and the terms in use.
func describe(s *site.Site) string {
	var b strings.Builder
	for _, e := range s.Entries {
		fmt.Fprintf(&b, "%s %s\n", e.URL, e.Title)
		said := map[string]bool{}
		say := func(format string, args ...any) {
			line := fmt.Sprintf(format, args...)
			if !said[line] {
				said[line] = true
				b.WriteString(line)
			}
		}
		for _, x := range e.Out {
			say("  %s > %s\n", outer(e, x.Field), x.To.URL)
		}
		for _, x := range e.In {
			say("  %s < %s\n", outer(x.From, x.Field), x.From.URL)
		}
		for _, o := range e.Translations {
			say("  %s: %s\n", o.Lang, o.URL)
		}
	}
	for _, tax := range s.Taxonomies {
		for _, term := range tax.Terms {
			if len(term.Entries) > 0 {
				fmt.Fprintf(&b, "%s %s:", tax.Name, term.ID)
				for _, e := range term.Entries {
					fmt.Fprintf(&b, " %s", e.URL)
				}
				b.WriteString("\n")
			}
		}
	}
	return b.String()
}

// outer names the top field that a relation stands in.
func outer(e *site.Entry, f *site.Field) string {
	for _, top := range e.Type.Fields {
		if top == f || slices.Contains(top.Sub, f) {
			return top.Name
		}
	}
	return "?"
}

// TestAssembleInAnyOrder: the order in which entries were read shows nowhere.
func TestAssembleInAnyOrder(t *testing.T) {
	t.Parallel()
	s, first := assemble(t, world, everyone)
	want := describe(s)
	for range 20 {
		d, diags := draft(t, world)
		rand.Shuffle(len(d.Entries), func(i, j int) { d.Entries[i], d.Entries[j] = d.Entries[j], d.Entries[i] })
		rand.Shuffle(len(d.Types), func(i, j int) { d.Types[i], d.Types[j] = d.Types[j], d.Types[i] })
		if got := describe(site.Assemble(d, everyone, diags)); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
		if !slices.Equal(diags.Sorted(), first) {
			t.Fatal(diags.Sorted())
		}
	}
}

// TestMembersSeeMore: the same content, for members: relations and terms that
// lead to what only they see are there.
func TestMembersSeeMore(t *testing.T) {
	t.Parallel()
	v := everyone
	v.Audience = site.Members
	s, _ := assemble(t, world, v)
	got := describe(s)
	for _, want := range []string{"/haeuser/geheim/ Geheim\n", "  nachbarn > /haeuser/geheim/\n", "  nachbarn < /haeuser/geheim/\n", "thema aa: /haeuser/geheim/ /haeuser/burg/\n", "  en: /en/haeuser/geheim/\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if strings.Contains(got, "geheimrat") {
		t.Error("members see a draft")
	}
}

// TestOrder: German order of titles, numbers by value, missing values last,
// enums in the order of their definition, ties by path.
func TestOrder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ field, values, want string }{
		"titles":  {"title", "Zug|Äpfel|Apfel|apfel|Ofen|Öfen|Straße|Strasse|Teil 10|Teil 9|Éclair|42", "42|apfel|Apfel|Äpfel|Éclair|Ofen|Öfen|Strasse|Straße|Teil 9|Teil 10|Zug"},
		"numbers": {"groesse", "10|9|-1|1.5|100", "-1|1.5|9|10|100"},
		"enums":   {"rang", "klein|gross|mittel", "gross|mittel|klein"},
	} {
		var content strings.Builder
		folder := "haeuser"
		if name == "titles" {
			folder = "menschen"
		}
		values := strings.Split(c.values, "|")
		for i, v := range values {
			title := cmp.Or(map[bool]string{true: v}[name == "titles"], fmt.Sprint("T", i))
			fmt.Fprintf(&content, "-- content/%s/x%02d.md --\n---\ntitle: %q\n", folder, i, title)
			if name != "titles" {
				fmt.Fprintf(&content, "%s: %s\n", c.field, v)
			}
			content.WriteString("---\n")
		}
		fmt.Fprintf(&content, "-- content/haeuser/ohne.md --\n---\ntitle: Ohne\n---\n")
		s, diags := assemble(t, content.String(), everyone)
		if len(diags) > 0 {
			t.Error(diags)
		}
		var got []string
		for _, e := range s.Entries {
			if v := e.Text(c.field); v != "" && e.ID != "ohne" {
				got = append(got, v)
			}
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %s\nwant %s", name, strings.Join(got, "|"), c.want)
		}
		if last := s.Entries[len(s.Entries)-1]; last.ID != "ohne" && name == "numbers" {
			t.Errorf("%s: what has no value is not last: %s", name, last.ID)
		}
	}
}

// TestTermsInOrder: vocabularies are sorted in German, those that say so keep
// their order.
func TestTermsInOrder(t *testing.T) {
	t.Parallel()
	s, _ := assemble(t, world, everyone)
	var got []string
	for _, tax := range s.Taxonomies {
		for _, term := range tax.Terms {
			got = append(got, term.ID)
		}
	}
	if strings.Join(got, " ") != "zz yy bb cc aa" {
		t.Error(got)
	}
}

func TestParseConstraint(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"trl >= 7":                  "trl|>=|7",
		"trl>=7":                    "trl|>=|7",
		" power.battery_h  <  4.5 ": "power.battery_h|<|4.5",
		"ce = true":                 "ce|=|true",
		"ce != true":                "ce|!=|true",
		"mdr_class in [IIa, IIb]":   "mdr_class|in|IIa,IIb",
		"mdr_class in [IIa]":        "mdr_class|in|IIa",
		"mdr_class in IIa":          "",
		"mdr_class in []":           "",
		"mdr_class in [a":           "",
		"inhalt >= 3":               "inhalt|>=|3",
		"trl":                       "",
		">= 7":                      "",
		"trl >=":                    "",
		"":                          "",
		"Trl >= 7":                  "",
		"trl => 7":                  "",
		"trl == 7":                  "",
		"mdr_class in [IIa,, IIb]":  "mdr_class|in|IIa,,IIb", // the empty one is no value of the field
	} {
		c, err := site.ParseConstraint(in)
		got := ""
		if err == nil {
			got = c.Path + "|" + c.Op + "|" + strings.Join(c.Args, ",")
		}
		if got != want {
			t.Errorf("%q is %q, want %q (%v)", in, got, want, err)
		}
	}
}

func TestGet(t *testing.T) {
	t.Parallel()
	s, _ := assemble(t, world, everyone)
	e := s.Lookup("burg", "de")
	for path, want := range map[string]string{
		"title": "Burg", "groesse": "10", "leute.wer": "anna; anna", "leute.fach": "yy; zz", "nirgends": "", "leute.nirgends": "", "title.x": "", "nachbarn": "alm; hof",
	} {
		if got := e.Text(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}
