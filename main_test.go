package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestMain makes this binary the program, too: scripts and tests run it under
// the name portal.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"portal": main})
}

// TestScripts runs the commands as a shell would; see testdata/script.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		ContinueOnError:     true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("NO_COLOR", "1")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"links": checkLinks,
			"json":  checkJSON,
			"code":  runForCode,
		},
	})
}

// runForCode is „code N portal …“: the command must end with exit code N.
// What it prints is in $WORK/stdout.txt and $WORK/stderr.txt.
func runForCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command…")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	for _, name := range []string{"stdout", "stderr"} {
		ts.Check(os.WriteFile(filepath.Join(ts.Getenv("WORK"), name+".txt"), []byte(ts.ReadFile(name)), 0o644))
	}
	if got != args[0] {
		ts.Fatalf("exit code %s instead of %s\n%s%s", got, args[0], ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

// checkLinks is „links PREFIX DIR“: every address within the site that a page
// below DIR names begins with PREFIX, and its file is there.
func checkLinks(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: links PREFIX DIR")
	}
	prefix, dir, seen := args[0], ts.MkAbs(args[1]), 0
	ts.Check(filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		page, err := os.ReadFile(name)
		for _, a := range addresses(page) {
			u, err := url.Parse(a)
			if err != nil || u.Host != "" || u.Opaque != "" || u.Path == "" {
				continue
			}
			seen++
			rest, ok := strings.CutPrefix(u.Path, prefix+"/")
			if !ok {
				ts.Fatalf("%s: %s is not below %s", name, a, prefix)
			}
			if rest == "" || strings.HasSuffix(rest, "/") {
				rest += "index.html"
			}
			if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(rest))); err != nil {
				ts.Fatalf("%s: %s leads nowhere", name, a)
			}
		}
		return err
	}))
	if seen < 50 {
		ts.Fatalf("only %d addresses seen", seen)
	}
}

// addresses are the values of all attributes of a page that hold addresses.
func addresses(page []byte) []string {
	var out []string
	z := html.NewTokenizer(bytes.NewReader(page))
	for z.Next() != html.ErrorToken {
		for _, a := range z.Token().Attr {
			switch a.Key {
			case "href", "src", "action", "poster", "data":
				out = append(out, a.Val)
			case "srcset":
				for part := range strings.SplitSeq(a.Val, ",") {
					out = append(out, strings.Fields(part)[0])
				}
			case "content":
				if _, to, ok := strings.Cut(a.Val, "; url="); ok {
					out = append(out, to)
				}
			}
		}
	}
	return out
}

// checkJSON is „json FILE PATH [WANT]“: the value at the dotted path (numbers
// are places in lists, len is the length) is there and, with WANT, is that.
// „! json“ means that nothing is there.
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: json FILE PATH [WANT]")
	}
	var v any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &v); err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	got, found := walk(v, strings.Split(args[1], "."))
	switch {
	case found == neg:
		ts.Fatalf("%s: %s is there: %t (%s)", args[0], args[1], found, got)
	case len(args) == 3 && got != args[2]:
		ts.Fatalf("%s: %s is %s", args[0], args[1], got)
	}
}

func walk(v any, path []string) (string, bool) {
	for _, p := range path {
		switch x := v.(type) {
		case map[string]any:
			var ok bool
			if v, ok = x[p]; !ok {
				return "", false
			}
		case []any:
			if p == "len" {
				v = len(x)
				continue
			}
			i := 0
			if err := json.Unmarshal([]byte(p), &i); err != nil || i >= len(x) {
				return "", false
			}
			v = x[i]
		default:
			return "", false
		}
	}
	if s, ok := v.(string); ok {
		return s, true
	}
	b, err := json.Marshal(v)
	return string(b), err == nil
}
