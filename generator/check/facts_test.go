package check

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/diag"
)

// scanAll gives the facts of all files of a site in testdata.
func scanAll(t testing.TB, c *Checker, site string) []*Facts {
	var all []*Facts
	for _, name := range files(t, os.DirFS("testdata/"+site)) {
		data, err := os.ReadFile("testdata/" + site + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if path.Ext(name) == ".html" {
			all = append(all, c.Scan(name, diag.Pos{File: "content/" + strings.TrimSuffix(name, ".html") + ".md", Line: 1}, data))
		} else {
			all = append(all, c.ScanFile(name, data))
		}
	}
	return all
}

// TestFacts: what comes out of a cache says the same as a new look, in another
// check, however often and in whatever order.
func TestFacts(t *testing.T) {
	opts := Options{Base: "/sub", Host: "portal.example", Diags: &diag.List{}}
	facts := scanAll(t, New(opts), "fehler")
	want := say(t, facts)
	if !strings.Contains(want, "titel-doppelt") {
		t.Fatal("there is nothing to find")
	}
	again := scanAll(t, New(opts), "fehler")
	for i, f := range facts {
		b, err := f.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if c, _ := again[i].MarshalBinary(); !bytes.Equal(b, c) {
			t.Errorf("%s: a second look gives other bytes", f.name)
		}
		var g Facts
		if err := g.UnmarshalBinary(b); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
		if c, _ := g.MarshalBinary(); !bytes.Equal(b, c) {
			t.Errorf("%s: does not come back", f.name)
		}
		again[i] = &g
	}
	slices.Reverse(again)
	for range 2 {
		if got := say(t, again); got != want {
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		}
	}
}

// say is what a check has to say about some files.
func say(t *testing.T, facts []*Facts) string {
	t.Helper()
	diags := &diag.List{}
	c := New(Options{Base: "/sub", Host: "portal.example", Diags: diags})
	for _, f := range facts {
		c.Add(f)
	}
	c.Finish()
	return fmt.Sprint(diags.Sorted())
}

// TestDamagedFacts: every byte that is missing or another one is noticed.
func TestDamagedFacts(t *testing.T) {
	for _, f := range scanAll(t, New(Options{}), "gut") {
		b, err := f.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		for i := range b {
			for _, damaged := range [][]byte{b[:i], slices.Insert(slices.Clone(b), i, 0), slices.Replace(slices.Clone(b), i, i+1, b[i]^1)} {
				if new(Facts).UnmarshalBinary(damaged) == nil {
					t.Fatalf("%s: damage at byte %d of %d is not noticed", f.name, i, len(b))
				}
			}
		}
	}
}

func FuzzFacts(f *testing.F) {
	for _, facts := range scanAll(f, New(Options{}), "fehler") {
		b, _ := facts.MarshalBinary()
		f.Add(b[:len(b)-4])
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var facts Facts
		if facts.UnmarshalBinary(sealed(body)) != nil {
			return
		}
		b, err := facts.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var again Facts
		if err := again.UnmarshalBinary(b); err != nil || !reflect.DeepEqual(facts, again) {
			t.Errorf("%v: %+v became %+v", err, facts, again)
		}
	})
}

// TestMemory: what is held of many pages is small.
func TestMemory(t *testing.T) {
	const pages = 2000
	html := lawPage()
	held := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	c := New(Options{Diags: &diag.List{}})
	before := held()
	for i := range pages {
		c.Page(fmt.Sprintf("p%d/index.html", i), diag.Pos{}, html)
	}
	each := (held() - before) / pages
	runtime.KeepAlive(c)
	t.Logf("%d bytes a page", each)
	if each > 4<<10 {
		t.Errorf("%d bytes are held of each page", each)
	}
}

// TestFirstView: what comes from the first element of class "later" on is not
// part of it.
func TestFirstView(t *testing.T) {
	long := strings.Repeat("<p>Ein langer Text.</p>", 300) // below what is compressed
	tests := []struct {
		html  string
		parts int // of long that count
	}{
		{long, 1},
		{long + `<section class="later">` + long + `</section>`, 1},
		{`<div class="text later wide"><p>` + long + `</p></div><section class="later">` + long + `</section>`, 0},
		{`<div class="sooner-or-later">` + long + `</div>`, 1},
		{`<template><div class="later"></div></template>` + long, 1},
		{`<p id="later">` + long, 1},
	}
	for _, tt := range tests {
		c := New(Options{})
		c.Page("index.html", diag.Pos{}, []byte(tt.html))
		if got := (c.Weight("index.html") + 200) / len(long); got != tt.parts {
			t.Errorf("%.60s: %d parts count, want %d", tt.html, got, tt.parts)
		}
	}
}
