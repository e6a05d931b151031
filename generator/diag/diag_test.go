package diag_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
)

func TestList(t *testing.T) {
	t.Parallel()
	var l diag.List
	var wg sync.WaitGroup
	for i := range 50 { // in any order, twice
		wg.Go(func() {
			l.Hintf(diag.Pos{File: "b.md", Line: 1 + i%5, Col: 1}, "h", "", "Hinweis")
			l.Errorf(diag.Pos{File: "b.md", Line: 1 + i%5, Col: 1}, "e", "Tun Sie es.", "Fehler %d", i%5)
			l.Warnf(diag.Pos{File: "a.md"}, "w", "", "Warnung")
		})
	}
	wg.Wait()
	var got []string
	for _, d := range l.Sorted() {
		got = append(got, strings.ReplaceAll(d.String(), "\n", ""))
	}
	want := "a.md: Warnung: Warnung [w]|" +
		"b.md:1:1: Fehler: Fehler 0 [e]    → Tun Sie es.|b.md:1:1: Hinweis: Hinweis [h]|" +
		"b.md:2:1: Fehler: Fehler 1 [e]    → Tun Sie es.|b.md:2:1: Hinweis: Hinweis [h]|" +
		"b.md:3:1: Fehler: Fehler 2 [e]    → Tun Sie es.|b.md:3:1: Hinweis: Hinweis [h]|" +
		"b.md:4:1: Fehler: Fehler 3 [e]    → Tun Sie es.|b.md:4:1: Hinweis: Hinweis [h]|" +
		"b.md:5:1: Fehler: Fehler 4 [e]    → Tun Sie es.|b.md:5:1: Hinweis: Hinweis [h]"
	if strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
	if l.Count(diag.Error) != 5 || l.Count(diag.Warning) != 1 || l.Count(diag.Hint) != 5 {
		t.Error("wrong counts")
	}
}

func TestFailed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lenient, strict bool
		add             func(*diag.List)
		want            bool
	}{
		{false, false, func(l *diag.List) { l.Hintf(diag.Pos{}, "x", "", "x") }, false},
		{false, true, func(l *diag.List) { l.Hintf(diag.Pos{}, "x", "", "x") }, false},
		{false, false, func(l *diag.List) { l.Warnf(diag.Pos{}, "x", "", "x") }, false},
		{false, true, func(l *diag.List) { l.Warnf(diag.Pos{}, "x", "", "x") }, true},
		{false, false, func(l *diag.List) { l.Showablef(diag.Pos{}, "x", "", "x") }, true},
		{true, false, func(l *diag.List) { l.Showablef(diag.Pos{}, "x", "", "x") }, false},
		{true, true, func(l *diag.List) { l.Showablef(diag.Pos{}, "x", "", "x") }, true},
		{true, false, func(l *diag.List) { l.Errorf(diag.Pos{}, "x", "", "x") }, true},
	} {
		l := &diag.List{Lenient: c.lenient}
		c.add(l)
		if l.Failed(c.strict) != c.want {
			t.Errorf("%+v", c)
		}
	}
}

func TestPositions(t *testing.T) {
	t.Parallel()
	for p, want := range map[diag.Pos]string{
		{}: "", {File: "a"}: "a", {File: "a", Line: 3}: "a:3", {File: "a", Line: 3, Col: 4}: "a:3:4",
	} {
		if p.String() != want {
			t.Errorf("%q, want %q", p, want)
		}
	}
	p := diag.Pos{File: "a", Line: 3, Col: 4}
	if p.Down(0) != p || p.Down(2).String() != "a:5:1" {
		t.Error(p.Down(0), p.Down(2))
	}
}

func TestDidYouMean(t *testing.T) {
	t.Parallel()
	fields := strings.Fields("title summary status audience published updated topics sources contacts image aliases manufacturer category")
	for word, want := range map[string]string{
		"titel":          "Meinten Sie „title“?",
		"Title":          "Meinten Sie „title“?",
		"audiance":       "Meinten Sie „audience“?",
		"pubilshed":      "Meinten Sie „published“?",
		"manufactur":     "Meinten Sie „manufacturer“?",
		"cat":            "Meinten Sie „category“?",
		"soruces":        "Meinten Sie „sources“?",
		"stauts":         "Meinten Sie „status“?",
		"wolkenschieber": "",
		"":               "",
	} {
		if got := diag.DidYouMean(word, fields); got != want {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
	for _, c := range []struct{ word, candidates, want string }{
		{"rott", "rot rat blau", "Meinten Sie „rot“?|Meinten Sie „rot“ oder „rat“?"},
		{"xyz", "a b c", "Möglich sind: „a“, „b“ und „c“."},
		{"xyz", "abc", "Möglich ist: „abc“."},
		{"xyz", "", ""},
		{"a", "b", "Möglich ist: „b“."}, // one letter is no likeness
	} {
		got := diag.DidYouMean(c.word, strings.Fields(c.candidates))
		if !strings.Contains("|"+c.want+"|", "|"+got+"|") {
			t.Errorf("%s of %s: %s, want %s", c.word, c.candidates, got, c.want)
		}
	}
	if got := diag.QuoteList([]string{"a", "b", "c"}, "oder"); got != "„a“, „b“ oder „c“" {
		t.Error(got)
	}
}

func TestGitHub(t *testing.T) {
	t.Parallel()
	d := diag.Diagnostic{Pos: diag.Pos{File: "a,b:c%.md", Line: 3, Col: 4}, Severity: diag.Warning, Code: "x-y", Text: "100 %: a\nb", Hint: "Tun Sie es."}
	if got, want := diag.GitHub(d), "::warning file=a%2Cb%3Ac%25.md,line=3,col=4,title=x-y::100 %25: a%0Ab → Tun Sie es."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := diag.GitHub(diag.Diagnostic{Severity: diag.Error, Code: "x", Text: "y"}), "::error title=x::y"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(diag.Diagnostic{Pos: diag.Pos{File: "a", Line: 1, Col: 2}, Severity: diag.Hint, Code: "x", Text: "y"})
	if want := `{"file":"a","line":1,"column":2,"severity":"hint","code":"x","text":"y"}`; err != nil || string(b) != want {
		t.Errorf("%s %v", b, err)
	}
}
