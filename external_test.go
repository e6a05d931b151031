package main

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestExternal runs portal check --external behind a proxy that is the whole
// internet: it answers plain requests by their path (/200, /404, /301) and opens
// no way to https. „requests N“ compares how often it was asked since the last
// time.
func TestExternal(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	internet := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		count.Add(1)
		code, err := strconv.Atoi(r.URL.Path[min(1, len(r.URL.Path)):])
		if err != nil || r.Method == http.MethodConnect {
			code = http.StatusBadGateway
		}
		w.Header().Set("Location", "/200")
		w.WriteHeader(code)
	}))
	t.Cleanup(internet.Close)
	testscript.Run(t, testscript.Params{
		Files:               []string{"testdata/external.txtar"},
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY"} {
				e.Setenv(name, internet.URL)
			}
			e.Setenv("NO_PROXY", "")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": runForCode,
			"json": checkJSON,
			"requests": func(ts *testscript.TestScript, neg bool, args []string) {
				if n := strconv.Itoa(int(count.Swap(0))); neg || len(args) != 1 || n != args[0] {
					ts.Fatalf("%s requests", n)
				}
			},
		},
	})
}

// TestSockets: of what makes a site, only the check of foreign links can open a
// connection; the others are servers.
func TestSockets(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	must(t, err)
	var got []string
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if slices.ContainsFunc(words[1:], func(p string) bool { return p == "net" || strings.HasPrefix(p, "net/http") || p == "crypto/tls" }) {
			got = append(got, within(words[0]))
		}
	}
	if want := []string{".", "generator/admin", "generator/external", "generator/preview", "search/server"}; !slices.Equal(got, want) {
		t.Errorf("%v can open connections", got)
	}
}
