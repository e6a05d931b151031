package generator_test

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator"
)

// commitAs commits all that is there, as somebody, at noon of a day.
func commitAs(t testing.TB, w *world, who, day, subject string) {
	t.Helper()
	w.write()
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A", "content"}, {"commit", "-q", "--allow-empty", "-m", subject}} {
		runGit(t, w.dir, who, day+"T12:00:00Z", args...)
	}
}

// TestCommits: a commit makes those pages anew that say something else after
// it, and no others.
func TestCommits(t *testing.T) {
	t.Parallel()
	w, out := fixedWorld(t), filepath.Join(inMemory(t), "public")
	w.files["portal.yaml"] += "history:\n  show: true\n  authors:\n    - git: [Anna]\n      name: A. Muster\n"
	commitAs(t, w, "Anna", "2026-01-01", "Anfang")
	built(t, w.to(out))
	before := pages(t, out)
	for _, c := range []struct {
		change string
		do     func(w *world)
		made   string
	}{
		{"a commit without changes", func(w *world) { commitAs(t, w, "Berta", "2026-02-01", "Nichts") }, ""},
		{"a commit of another's", func(w *world) {
			edited("content/leer.md", "Nichts.", "Wenig.")(w)
			commitAs(t, w, "Berta", "2026-02-02", "Wenig statt nichts")
		}, "/leer/"},
		{"a text that is not committed", edited("content/leer.md", "Wenig.", "Viel."), "/leer/"},
		{"and then is", func(w *world) { commitAs(t, w, "Anna", "2026-02-03", "Viel statt wenig") }, "/leer/"},
		{"a second commit of a day", func(w *world) {
			edited("content/leer.md", "Viel.", "Mehr.")(w)
			w.write()
			built(t, w.to(out))
			before = pages(t, out)
			commitAs(t, w, "Anna", "2026-02-03", "Mehr")
		}, "/leer/"},
		{"a second commit of the same words", func(w *world) {
			edited("content/leer.md", "Mehr.", "Alles.")(w)
			w.write()
			built(t, w.to(out))
			before = pages(t, out)
			commitAs(t, w, "Anna", "2026-02-03", "Mehr")
		}, ""},
		{"the day of what cards show", func(w *world) {
			edited("content/produkte/zelt.md", "Mit Dach.", "Mit Boden.")(w)
			commitAs(t, w, "Anna", "2026-02-04", "Boden")
		}, productCards + "/ /produkte/zelt/ /produkte/pumpe/"},
		{"nobody is named", edited("portal.yaml", "A. Muster", "Redaktion"), everything},
	} {
		c.do(w)
		w.write()
		built(t, w.to(out))
		after := pages(t, out)
		want := strings.Fields(c.made)
		if c.made == everything {
			want = slices.Collect(maps.Keys(after))
		}
		slices.Sort(want)
		if got := remade(before, after); !slices.Equal(got, want) {
			t.Errorf("%s: made %v\nwant %v", c.change, got, want)
		}
		before = after
	}
	wantAsClean(t, w, out)
}

// TestLiveCommits: a preview says of a text that it is not in Git until it is.
func TestLiveCommits(t *testing.T) {
	t.Parallel()
	w := fixedWorld(t)
	commitAs(t, w, "Anna", "2026-01-01", "Anfang")
	w.files["content/neu.md"] = "---\ntitle: Neu\nsummary: Da.\n---\n\nDa.\n"
	w.write()
	ctx, cancel := context.WithCancel(t.Context())
	l, err := generator.OpenLive(ctx, w.to(""))
	must(t, err)
	defer l.Close()
	defer cancel()
	const uncommitted = "noch nicht in Git"
	for page, want := range map[string]bool{"/neu/": true, "/leer/": false} {
		if got := strings.Contains(string(l.Serve(page).Body), uncommitted); got != want {
			t.Errorf("%s: %q is there: %t", page, uncommitted, got)
		}
	}
	commits := l.Commits()
	commitAs(t, w, "Anna", "2026-02-01", "Neu")
	select {
	case <-commits:
	case <-time.After(time.Minute):
		t.Fatal("no word of the commit")
	}
	if page := string(l.Serve("/neu/").Body); strings.Contains(page, uncommitted) || !strings.Contains(page, "2026-02-01") {
		t.Errorf("after the commit:\n%s", page)
	}
	if res := built(t, w.to(filepath.Join(inMemory(t), "public"))); strings.Contains(files(res.Out)["neu/index.html"], uncommitted) {
		t.Error("a build says it, too")
	}
}
