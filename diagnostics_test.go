package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"

	"github.com/ag-vzkm/portal/generator/diag"
)

// codeForm is how a diagnostic's code is written.
var codeForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// emittedCodes are all codes in the program's sources, each with a place: the
// literals that are given for a parameter, variable or key of the name "code".
func emittedCodes(t *testing.T) map[string]string {
	t.Helper()
	type function struct{ pkg, name string }
	type file struct {
		pkg string
		set *token.FileSet
		f   *ast.File
	}
	var files []file
	takes := map[function]int{} // which argument is the code
	goFiles(t, func(name string, set *token.FileSet, f *ast.File) {
		pkg := path.Dir(name)
		files = append(files, file{pkg, set, f})
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if i := codeParameter(n.Type); i >= 0 {
					takes[function{pkg, n.Name.Name}] = i
				}
			case *ast.AssignStmt:
				for i, v := range n.Rhs {
					lit, isFunc := v.(*ast.FuncLit)
					id, isName := n.Lhs[min(i, len(n.Lhs)-1)].(*ast.Ident)
					if isFunc && isName && codeParameter(lit.Type) >= 0 {
						takes[function{pkg, id.Name}] = codeParameter(lit.Type)
					}
				}
			}
			return true
		})
	})
	out := map[string]string{}
	for _, f := range files {
		note := func(e ast.Expr) {
			if s := literal(e); codeForm.MatchString(s) {
				out[s] = f.set.Position(e.Pos()).String()
			}
		}
		ast.Inspect(f.f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				name := ""
				switch fun := n.Fun.(type) {
				case *ast.Ident:
					name = fun.Name
				case *ast.SelectorExpr:
					name = fun.Sel.Name
				}
				i, ok := takes[function{f.pkg, name}]
				switch name {
				case "Errorf", "Warnf", "Hintf", "Showablef": // of diag.List
					i, ok = 1, len(n.Args) >= 4 || ok
				case "report": // one of these
					i, ok = 1, true
				}
				if ok && i < len(n.Args) {
					note(n.Args[i])
				}
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					if id, ok := l.(*ast.Ident); ok && id.Name == "code" && i < len(n.Rhs) {
						note(n.Rhs[i])
					}
				}
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok && (id.Name == "Code" || id.Name == "code") {
					note(n.Value)
				}
			}
			return true
		})
	}
	return out
}

// codeParameter is the place of a function's parameter "code", or -1.
func codeParameter(f *ast.FuncType) int {
	i := 0
	for _, p := range f.Params.List {
		for _, name := range p.Names {
			if name.Name == "code" {
				return i
			}
			i++
		}
	}
	return -1
}

// elsewhere are the codes that no site in testdata/diagnostics can bring about,
// each with the test that does: a file and a function.
var elsewhere = map[string]string{
	"datei-veraendert":       "generator/faults_test.go:TestFileChangesUnseen",
	"nicht-oeffentlich":      "generator/faults_test.go:TestPrivateOutput",
	"ordner-fehlt":           "generator/faults_test.go:TestSiteGoesAway",
	"seite-schwer":           "generator/check/check_test.go:TestWeight",
	"system":                 "generator/faults_test.go:TestSystemFault",
	"typen-fehlen":           "generator/source/source_test.go:TestTypesUnreadable",
	"vorschau-suche":         "generator/faults_test.go:TestPreviewWithoutSearch",
	"zeile-zu-lang":          "generator/build_test.go:TestLongLine",
	"zwischenspeicher":       "generator/incremental_test.go:TestWithoutCache",
	"hunspell-fehlt":         "generator/spelling/spelling_test.go:TestMissing",
	"link-abgewiesen":        "generator/external/external_test.go:TestAnswers",
	"link-anker":             "generator/external/external_test.go:TestAnswers",
	"link-form":              "generator/external/external_test.go:TestNotAsked",
	"link-privat":            "generator/external/external_test.go:TestAnswers",
	"link-stumm":             "generator/external/external_test.go:TestAnswers",
	"link-tot":               "generator/external/external_test.go:TestAnswers",
	"link-umgezogen":         "generator/external/external_test.go:TestAnswers",
	"link-unsicher":          "generator/external/external_test.go:TestAnswers",
	"link-zertifikat":        "generator/external/external_test.go:TestAnswers",
	"links-abgebrochen":      "generator/external/external_test.go:TestInterrupted",
	"links-muster-unbenutzt": "generator/foreign_test.go:TestUnusedPattern",
	"links-offline":          "generator/external/external_test.go:TestOffline",
	"mail-form":              "generator/external/external_test.go:TestNotAsked",
	"rechtschreibung":        "generator/spelling/spelling_test.go:TestWrong",
	"telefon-form":           "generator/external/external_test.go:TestNotAsked",
	"woerter-zeile":          "generator/spelling/spelling_test.go:TestList",
	"woerterbuch-fehlt":      "generator/spelling/spelling_test.go:TestMissing",
	"wort-doppelt":           "generator/spelling/spelling_test.go:TestWrong",
}

// seenCodes are the codes in what the golden sites say.
func seenCodes(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("generator/testdata/diagnostics/*.txtar")
	must(t, err)
	end := regexp.MustCompile(`(?m)^[^ ].* \[([a-z0-9-]+)\]$`)
	out := map[string]bool{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		must(t, err)
		for _, f := range a.Files {
			if f.Name == "want" {
				for _, m := range end.FindAllSubmatch(f.Data, -1) {
					out[string(m[1])] = true
				}
			}
		}
	}
	return out
}

// TestCatalogue: every code that the program can emit has a section in
// docs/fehler.md and a test that shows it, and no section speaks of another.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	emitted, seen := emittedCodes(t), seenCodes(t)
	if len(emitted) < 150 || len(seen) < 100 {
		t.Fatalf("only %d codes in the sources, %d in the golden files", len(emitted), len(seen))
	}
	for code, place := range emitted {
		if _, ok := catalogue().Lookup(code); !ok {
			t.Errorf("%s: %s has no section in docs/fehler.md", place, code)
		}
		test := elsewhere[code]
		switch {
		case seen[code] && test != "":
			t.Errorf("%s is in a golden file; take it out of the table", code)
		case !seen[code] && test == "":
			t.Errorf("%s: no golden file has %s, and no test is named for it", place, code)
		case test != "":
			checkTest(t, code, test)
		}
	}
	for i, code := range catalogue().Codes() {
		if emitted[code] == "" {
			t.Errorf("docs/fehler.md: nothing emits %s", code)
		}
		if slices.Index(catalogue().Codes(), code) != i {
			t.Errorf("docs/fehler.md has two sections %s", code)
		}
	}
	for code := range seen {
		if emitted[code] == "" {
			t.Errorf("%s is in a golden file and in no source: how did it get there?", code)
		}
	}
}

// checkTest looks for a test "file.go:TestName" that speaks of the code.
func checkTest(t *testing.T, code, test string) {
	t.Helper()
	file, name, _ := strings.Cut(test, ":")
	b, err := os.ReadFile(file)
	must(t, err)
	_, rest, found := strings.Cut(string(b), "func "+name+"(")
	body, _, _ := strings.Cut(rest, "\n}\n")
	if !found || !strings.Contains(body, code) {
		t.Errorf("%s does not speak of %s", test, code)
	}
}

// TestSections: every section says what the finding means, shows a wrong and a
// right example, and what to do; in careful German.
func TestSections(t *testing.T) {
	t.Parallel()
	parts := regexp.MustCompile("(?s)^[^\n]{20,400}\n\nFalsch:\n\n```text\n.+\n```\n\nRichtig:\n\n```text\n.+\n```\n\n\\*\\*Was tun\\?\\*\\* [^\n]{20,400}\n$")
	example := regexp.MustCompile("(?s)```.*?```")
	for _, s := range catalogue().Sections {
		if !parts.MatchString(s.Body) || s.Group == "" {
			t.Errorf("%s: a part is missing or too long\n%s", s.Code, s.Body)
		}
		prose := example.ReplaceAllString(s.Body, "")
		if strings.ContainsAny(prose, `"'`) || strings.Contains(prose, "...") || strings.Contains(prose, " - ") {
			t.Errorf("%s: typography\n%s", s.Code, prose)
		}
		if w := regexp.MustCompile(`(?i)front ?matter|mapping|string|parse|syntax|markup|token|boolean|integer`).FindString(prose); w != "" {
			t.Errorf("%s: „%s“ is no word of editors", s.Code, w)
		}
	}
}

// TestRulesInSARIF: what is said of every code is valid in a log.
func TestRulesInSARIF(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("generator/diag/testdata/sarif-schema-2.1.0.json")
	must(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	must(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	must(t, c.AddResource("sarif.json", doc))
	schema, err := c.Compile("sarif.json")
	must(t, err)
	var all []diag.Diagnostic
	for _, code := range catalogue().Codes() {
		all = append(all, diag.Diagnostic{Code: code, Text: "Text."})
	}
	log := diag.SARIF(diag.Show(all, nil, "https://www.example.org/fehler.md"), rule)
	for _, r := range log.Runs[0].Tool.Driver.Rules {
		if r.Short == nil || r.Help == nil || !strings.HasSuffix(r.HelpURI, "#"+r.ID) {
			t.Errorf("%s is not explained", r.ID)
		}
	}
	raw, err := json.Marshal(log)
	must(t, err)
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	must(t, err)
	if err := schema.Validate(v); err != nil {
		t.Error(err)
	}
}
