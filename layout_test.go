package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layout says what each package may import: our own packages, and after the
// bar the modules of others. "..." stands for every package below. A package
// that is not in the table does not belong to the program.
const layout = `
.                   ... | github.com/spf13/cobra github.com/schollz/progressbar github.com/fsnotify/fsnotify golang.org/x/term
generator           generator/... search/index search/client | github.com/fsnotify/fsnotify
docs                |
generator/diag      | golang.org/x/text
generator/help      | github.com/yuin/goldmark
generator/lang      | golang.org/x/text github.com/goccy/go-yaml
generator/site      generator/diag generator/lang |
generator/source    generator/site generator/diag generator/lang | github.com/goccy/go-yaml
generator/vscode    generator/source generator/site |
generator/markdown  generator/site generator/diag generator/lang | github.com/yuin/goldmark github.com/alecthomas/chroma
generator/docx      generator/lang |
generator/docx/docxtest |
generator/admin     generator/site generator/lang |
generator/admin/pack | github.com/evanw/esbuild
generator/asset     generator/diag | github.com/evanw/esbuild golang.org/x/image
generator/view      generator/site generator/lang |
generator/render    generator/site generator/view generator/lang generator/diag |
generator/export    generator/site generator/view generator/diag generator/lang | golang.org/x/net/html
generator/cache     |
generator/external  generator/diag | golang.org/x/net/html
generator/check     generator/diag | golang.org/x/net/html github.com/klauspost/compress
generator/publish   | github.com/andybalholm/brotli github.com/klauspost/compress golang.org/x/sys
generator/preview   generator/diag |
generator/spelling  generator/diag |
generator/watch     | github.com/fsnotify/fsnotify golang.org/x/sys
search/analyze      | github.com/blevesearch/bleve golang.org/x/text
search/index        search/analyze | github.com/blevesearch golang.org/x/text github.com/klauspost/compress
search/server       search/index | golang.org/x/net/html golang.org/x/text
search/client       |
e2e/sitegen         generator/source generator/site generator/diag generator/lang | github.com/goccy/go-yaml
e2e/sitegen/cmd     e2e/sitegen |
`

func TestLayout(t *testing.T) {
	t.Parallel()
	allowed := map[string][2][]string{}
	for line := range strings.Lines(strings.TrimSpace(layout)) {
		own, others, _ := strings.Cut(line, "|")
		words := strings.Fields(own)
		allowed[words[0]] = [2][]string{words[1:], strings.Fields(others)}
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	must(t, err)
	seen := 0
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		name := within(words[0])
		rule, ok := allowed[name]
		if !ok {
			t.Errorf("%s is not in the table", name)
			continue
		}
		seen++
		for _, imported := range words[1:] {
			first, _, _ := strings.Cut(imported, "/")
			switch own := within(imported); {
			case own == ".":
				t.Errorf("%s imports main", name)
			case own != "":
				if !covered(rule[0], own) {
					t.Errorf("%s imports %s", name, own)
				}
			case strings.Contains(first, "."):
				if !covered(rule[1], imported) {
					t.Errorf("%s imports %s", name, imported)
				}
			}
		}
	}
	if seen < 12 {
		t.Errorf("only %d packages seen", seen)
	}
}

// within is the path of one of our packages below the module, "." for the
// module itself, "" for everybody else's.
func within(importPath string) string {
	if importPath == modulePath {
		return "."
	}
	rest, ok := strings.CutPrefix(importPath, modulePath+"/")
	if !ok {
		return ""
	}
	return rest
}

func covered(rules []string, p string) bool {
	return slices.ContainsFunc(rules, func(r string) bool {
		dir, all := strings.CutSuffix(r, "...")
		return all && strings.HasPrefix(p, dir) || p == r || strings.HasPrefix(p, r+"/")
	})
}

// goFiles parses every Go file of the program, tests left out.
func goFiles(t *testing.T, visit func(name string, set *token.FileSet, f *ast.File)) {
	t.Helper()
	set, n := token.NewFileSet(), 0
	must(t, fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && name != ".") {
			return fs.SkipDir
		}
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		n++
		visit(name, set, f)
		return err
	}))
	if n < 60 {
		t.Fatalf("only %d files seen", n)
	}
}

// ambiguous are names of types that are words of the program, too: a page is
// anything with an address, a term is a word of a vocabulary. They may stand
// in the code, but never where a type's name is asked for.
var ambiguous = []string{"page", "term"}

// others are words that mean something else where they stand.
var others = map[string]string{
	"generator/export/jsonld.go": "position",   // schema.org: ListItem.position
	"generator/admin/fields.go":  "collection", // an option of Sveltia CMS
}

// TestNoTypeByName: no code knows a type or its folder by name. A type is one
// folder under templates/types, and nothing else.
func TestNoTypeByName(t *testing.T) {
	t.Parallel()
	var names []string
	files, err := filepath.Glob("templates/types/*/type.yaml")
	must(t, err)
	folder := regexp.MustCompile(`(?m)^folder: *([a-z0-9-]+)`)
	for _, file := range files {
		names = append(names, filepath.Base(filepath.Dir(file)))
		text, err := os.ReadFile(file)
		must(t, err)
		if m := folder.FindSubmatch(text); m != nil {
			names = append(names, string(m[1]))
		}
	}
	if len(names) < 20 {
		t.Fatal("types are missing:", names)
	}
	goFiles(t, func(name string, set *token.FileSet, f *ast.File) {
		fault := func(n ast.Node, why string) { t.Errorf("%s: %s", set.Position(n.Pos()), why) }
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Field: // struct tags are no code
				return n.Tag == nil
			case *ast.BasicLit:
				if s := literal(n); slices.Contains(names, s) && !slices.Contains(ambiguous, s) && others[name] != s {
					fault(n, "knows the type or folder "+s)
				}
			case *ast.CallExpr:
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok && (sel.Sel.Name == "Type" || sel.Sel.Name == "OfType") {
					for _, a := range n.Args {
						if literal(a) != "" {
							fault(a, "asks for a type by name")
						}
					}
				}
			case *ast.BinaryExpr:
				if n.Op != token.EQL && n.Op != token.NEQ {
					break
				}
				if typeName(n.X) && literal(n.Y) != "" || typeName(n.Y) && literal(n.X) != "" {
					fault(n, "compares a type's name")
				}
			case *ast.SwitchStmt:
				if typeName(n.Tag) {
					fault(n, "switches on a type's name")
				}
			}
			return true
		})
	})
}

// typeName reports whether an expression is the name of a content type:
// something.Type.Name, t.Name, typ.Name.
func typeName(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Name" {
		return false
	}
	switch x := sel.X.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == "Type"
	case *ast.Ident:
		return x.Name == "t" || x.Name == "typ"
	}
	return false
}

func literal(e ast.Node) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(lit.Value)
	return s
}

// TestWordsAreUsed: the words of the interface are the same in all languages,
// every one of them is used, and every one that is asked for is there.
func TestWordsAreUsed(t *testing.T) {
	t.Parallel()
	de, en := words(t, "de"), words(t, "en")
	verbs := regexp.MustCompile(`%[a-z]`)
	for key, text := range de {
		other, ok := en[key]
		if !ok {
			t.Errorf("en.yaml lacks %s", key)
		}
		a, b := verbs.FindAllString(text, -1), verbs.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: „%s“ and “%s” have different verbs", key, text, other)
		}
		if strings.ContainsAny(text, `"'`) || strings.Contains(text, "...") || strings.Contains(text, " - ") {
			t.Errorf("de.yaml: %s: typography of „%s“", key, text)
		}
	}
	for key := range en {
		if _, ok := de[key]; !ok {
			t.Errorf("de.yaml lacks %s", key)
		}
	}
	asked, begun := askedWords(t)
	for key, where := range asked {
		if _, plain := de[key]; !plain && de[key+".one"] == "" {
			t.Errorf("%s asks for %s, which is not there", where, key)
		}
	}
	for key := range de {
		base := strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".other")
		if asked[key] == "" && asked[base] == "" && !slices.ContainsFunc(begun, func(p string) bool { return strings.HasPrefix(key, p) }) {
			t.Errorf("%s is never used", key)
		}
	}
}

// words reads a file of the interface's words; it is a flat map, one a line.
func words(t *testing.T, lang string) map[string]string {
	t.Helper()
	b, err := os.ReadFile("templates/i18n/" + lang + ".yaml")
	must(t, err)
	line := regexp.MustCompile(`(?m)^([a-z0-9.-]+): +"(.*)"$`)
	out := map[string]string{}
	for _, m := range line.FindAllStringSubmatch(string(b), -1) {
		out[m[1]] = m[2]
	}
	if len(out) < 80 {
		t.Fatalf("%s.yaml: only %d words", lang, len(out))
	}
	return out
}

// fileEnds tell the name of a file from a key.
var fileEnds = []string{".html", ".xml", ".txt", ".css", ".js", ".json", ".svg", ".zst", ".yaml", ".md"}

// askedWords are the keys that templates and code name, with the place, and
// the beginnings of keys that are put together ("notice." + kind).
func askedWords(t *testing.T) (asked map[string]string, begun []string) {
	t.Helper()
	asked = map[string]string{}
	key := regexp.MustCompile(`^[a-z]+(\.[a-z0-9-]+)+$`)
	inTemplate := regexp.MustCompile(`\b(?:t|tn) +[^ ()"]+ +"([^"]+)"`)
	composed := regexp.MustCompile(`\b(?:print|printf) +"([a-z]+\.[a-z.]*)(?:%s[^"]*)?"`)
	must(t, filepath.WalkDir("templates", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" {
			return err
		}
		b, err := os.ReadFile(name)
		for _, m := range inTemplate.FindAllStringSubmatch(string(b), -1) {
			asked[m[1]] = name
		}
		for _, m := range composed.FindAllStringSubmatch(string(b), -1) {
			begun = append(begun, m[1])
		}
		return err
	}))
	heads := map[string]bool{}
	for k := range words(t, "de") {
		head, _, _ := strings.Cut(k, ".")
		heads[head] = true
	}
	goFiles(t, func(name string, set *token.FileSet, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if s := literal(n.X); n.Op == token.ADD && key.MatchString(s+"x") && strings.HasSuffix(s, ".") {
					begun = append(begun, s)
				}
			case *ast.BasicLit:
				head, _, _ := strings.Cut(literal(n), ".")
				if s := literal(n); key.MatchString(s) && heads[head] && !slices.Contains(fileEnds, path.Ext(s)) {
					asked[s] = set.Position(n.Pos()).String()
				}
			}
			return true
		})
	})
	return asked, begun
}
