package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/search/index"
)

// browserOnly is an output whose search works in browsers only.
func browserOnly(t *testing.T) (site string) {
	t.Helper()
	site = t.TempDir()
	out := filepath.Join(site, "public")
	must(t, os.Mkdir(out, 0o755))
	must(t, os.WriteFile(filepath.Join(out, "index.html"), []byte("Startseite"), 0o644))
	at, err := indexOf(out)
	must(t, err)
	must(t, index.Build(at, nil, nil, index.BuildOptions{}))
	return site
}

func TestSearchWithoutServerIndex(t *testing.T) {
	site := browserOnly(t)
	var stdout, stderr bytes.Buffer
	code := run([]string{"search", "--source", site, "Hilfe"}, &stdout, &stderr)
	want := "portal: " + filepath.Join(site, "public") + " ist ohne Server-Index gebaut; gesucht werden kann nur auf den Seiten. Bauen Sie mit Index: portal build --server-index\n"
	if code == 0 || stderr.String() != want {
		t.Errorf("exit %d\n got %swant %s", code, stderr.String(), want)
	}
}

// The pages are served, and the API says what is missing.
func TestServeWithoutServerIndex(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r, w := io.Pipe()
	var stderr bytes.Buffer
	root := rootCommand()
	root.SetArgs([]string{"serve", "--source", browserOnly(t), "--addr", "127.0.0.1:0"})
	root.SetOut(w)
	root.SetErr(&stderr)
	done := make(chan error, 1)
	go func() {
		done <- root.ExecuteContext(ctx)
		w.Close()
	}()
	line := make([]byte, 200)
	n, err := r.Read(line)
	must(t, err)
	at := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`).FindString(string(line[:n]))
	for path, want := range map[string]string{"": "Startseite", "api/search?q=Hilfe": "ohne Server-Index gebaut"} {
		res, err := http.Get(at + path)
		must(t, err)
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		must(t, err)
		if !strings.Contains(string(body), want) {
			t.Errorf("/%s: %d %s, want %s", path, res.StatusCode, body, want)
		}
	}
	stop()
	must(t, <-done)
	if !strings.Contains(stderr.String(), "portal: ohne Suche auf dem Server: ") {
		t.Errorf("stderr: %s", stderr.String())
	}
}
