package export

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// following is the sample with fields whose values can be followed.
func following(t *testing.T) Input {
	return sample(t, func(d *site.Draft, _ *Input) {
		d.Types[0].Follow = []site.Follow{{Field: "authors"}}
		d.Types[1].Follow = []site.Follow{{Field: "power.source"}, {Field: "makers"}}
		d.Entries = append(d.Entries, entry(d.Types[1], "undatiert", "de", "Ohne Datum", time.Time{}, "makers", list(ref("zelt"))))
	})
}

// TestFollowFeeds: a feed for each value in use, of text, enum and relation, in
// the order of the values; none for hidden entries, values without a dated
// entry, and types without feeds.
func TestFollowFeeds(t *testing.T) {
	in := following(t)
	var got []string
	for _, f := range Feeds(in.Site) {
		if f.Field == "" {
			continue
		}
		var ids []string
		for _, e := range f.entries() {
			ids = append(ids, e.ID)
		}
		got = append(got, f.Atom+" "+f.Title+": "+strings.Join(ids, " "))
	}
	want := []string{
		"/papiere/authors/ag-probe/feed.atom Probe – Autoren: AG Probe: krise",
		"/papiere/authors/mueller-anna/feed.atom Probe – Autoren: Müller, Anna: krise",
		"/geraete/power-source/netz/feed.atom Probe – Quelle: Stromnetz: zelt",
		"/geraete/power-source/akku/feed.atom Probe – Quelle: Akku: zelt",
		"/geraete/makers/hersteller/feed.atom Probe – Hersteller: Hersteller AG: zelt",
		"/en/papiere/authors/mueller-anna/feed.atom Probe – Autoren: Müller, Anna: krise",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	out := files(t, in)
	for _, line := range want {
		path, _, _ := strings.Cut(line[1:], " ")
		checkAtom(t, path, out[path])
		json := strings.TrimSuffix(path, "atom") + "json"
		checkJSONFeed(t, json, out[json])
	}
	in.Site.Type("papier").Feed = false
	if n := len(FollowFeeds(in.Site, in.Site.Type("papier"), site.Follow{Field: "authors"}, "de")); n != 0 {
		t.Errorf("%d feeds of a type that has none", n)
	}
}
