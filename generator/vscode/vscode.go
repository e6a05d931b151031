// Package vscode makes what Visual Studio Code needs to help with a site's
// content: schemas, settings, snippets, tasks and recommended extensions, all
// following from the types.
//
// Terms: a companion is a YAML file with the front matter of the Markdown file
// of the same name; a snippet is a piece of text with places to fill in.
//
// Flow: Files makes the files; Install writes them below a site's folder. All
// but the settings are this program's alone. In the settings, only what stands
// between two marks is; an editor's own lines around them stay.
package vscode

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

// File is a file to write, by its path from the site's folder.
type File struct {
	Path string
	Data []byte
}

const (
	dir         = ".vscode"
	schemaDir   = dir + "/schemas"
	settings    = dir + "/settings.json"
	extensions  = dir + "/extensions.json"
	tasks       = dir + "/tasks.json"
	snippetFile = dir + "/portal.code-snippets"

	// ours is the first line of a file that is written anew without asking.
	ours = "// Von „portal vscode“ geschrieben; Änderungen gehen beim nächsten Mal verloren.\n"
	// begin and end enclose what is ours in the settings.
	begin = "  // Anfang: von „portal vscode“ geschrieben. Eigenes gehört darüber oder darunter.\n"
	end   = "  // Ende: von „portal vscode“ geschrieben.\n"
	// signature tells our schemas from others in the same folder.
	signature = "Von „portal vscode“ geschrieben."
)

type object = map[string]any

// Files are all of them, in the order of their paths. program is the command
// that runs portal, languages those of the site.
func Files(defs source.Definitions, languages []string, program string) []File {
	files := []File{
		{extensions, append([]byte(ours), pretty(recommended())...)},
		{settings, []byte("{\n" + begin + lines(settingsOf(defs, languages), false) + end + "}\n")},
		{snippetFile, append([]byte(ours), pretty(snippets(defs))...)},
		{tasks, append([]byte(ours), pretty(tasksOf(program))...)},
	}
	add := func(name string, schema object) {
		schema["$comment"] = signature
		files = append(files, File{schemaDir + "/" + name + ".json", pretty(schema)})
	}
	for _, t := range defs.Types {
		add(t.Name, source.Schema(t, defs.Taxonomies))
	}
	if t := fallback(defs); t != nil {
		add(indexSchema, source.Schema(t, defs.Taxonomies))
	}
	for _, k := range source.KeySchemas(defs) {
		add(keySchemaName(k), k.Schema)
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// keySchemaName keeps apart what might have the name of a type.
func keySchemaName(k source.KeySchema) string { return "_" + k.Name }

// pretty is JSON with its keys in order, for people to read.
func pretty(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic(err) // of maps, slices and strings
	}
	return b.Bytes()
}

// lines are the members of an object without its braces, with a comma after the
// last one where more follows.
func lines(o object, more bool) string {
	text := strings.TrimSuffix(strings.TrimPrefix(string(pretty(o)), "{\n"), "\n}\n")
	if more {
		text += ","
	}
	return text + "\n"
}

// Outcome says what became of a file.
type Outcome int

// Outcomes. A foreign file is left as it is.
const (
	Unchanged Outcome = iota
	Written
	Removed
	Foreign
)

// Done is what Install did with one file.
type Done struct {
	Path string
	Outcome
}

// Install writes the files below a site's folder and takes away schemas of types
// that there are no more. Files of others are left alone.
func Install(root string, files []File) ([]Done, error) {
	var done []Done
	for _, f := range files {
		name := filepath.Join(root, filepath.FromSlash(f.Path))
		old, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return done, err
		}
		data, ok := f.Data, true
		if err == nil {
			data, ok = merge(f, old)
		}
		switch {
		case !ok:
			done = append(done, Done{f.Path, Foreign})
			continue
		case err == nil && bytes.Equal(old, data):
			done = append(done, Done{f.Path, Unchanged})
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return done, err
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			return done, err
		}
		done = append(done, Done{f.Path, Written})
	}
	gone, err := sweep(root, files)
	return append(done, gone...), err
}

// merge is what a file that is there becomes; ok is false for one of others.
func merge(f File, old []byte) (data []byte, ok bool) {
	if f.Path != settings {
		return f.Data, bytes.HasPrefix(old, []byte(ours)) || bytes.Contains(old, []byte(signature)) && path.Dir(f.Path) == schemaDir
	}
	before, rest, found := strings.Cut(string(old), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return nil, false
	}
	_, mine, _ := strings.Cut(string(f.Data), begin)
	mine, _, _ = strings.Cut(mine, end)
	if hasMember(after) {
		mine = strings.TrimSuffix(mine, "\n") + ",\n"
	}
	return []byte(before + begin + mine + end + after), true
}

// hasMember reports whether a piece of JSON with comments begins with a member of
// an object.
func hasMember(text string) bool {
	for {
		text = strings.TrimSpace(text)
		switch {
		case strings.HasPrefix(text, "//"):
			_, text, _ = strings.Cut(text, "\n")
		case strings.HasPrefix(text, "/*"):
			_, text, _ = strings.Cut(text, "*/")
		default:
			return strings.HasPrefix(text, `"`)
		}
	}
}

// sweep removes our schemas that are not among the files.
func sweep(root string, files []File) ([]Done, error) {
	all, err := fs.Glob(os.DirFS(root), schemaDir+"/*.json")
	if err != nil {
		return nil, err
	}
	var done []Done
	for _, p := range all {
		if slices.ContainsFunc(files, func(f File) bool { return f.Path == p }) {
			continue
		}
		name := filepath.Join(root, filepath.FromSlash(p))
		if b, err := os.ReadFile(name); err != nil || !bytes.Contains(b, []byte(signature)) {
			continue
		}
		if err := os.Remove(name); err != nil {
			return done, err
		}
		done = append(done, Done{p, Removed})
	}
	return done, nil
}

func recommended() object {
	return object{"recommendations": []string{"redhat.vscode-yaml", "streetsidesoftware.code-spell-checker", "streetsidesoftware.code-spell-checker-german"}}
}

// settingsOf maps schemas to files and sets up the editor for German texts.
func settingsOf(defs source.Definitions, languages []string) object {
	return object{
		"yaml.schemas": associations(defs, languages),
		// What stands on a server elsewhere is not asked.
		"yaml.schemaStore.enable":      false,
		"yaml.validate":                true,
		"yaml.completion":              true,
		"yaml.hover":                   true,
		"files.encoding":               "utf8",
		"files.eol":                    "\n",
		"files.insertFinalNewline":     true,
		"files.trimTrailingWhitespace": true,
		"files.exclude":                object{"public": true, ".portal": true},
		"cSpell.language":              "de,en",
		// „ and – look like other signs, and are meant.
		"editor.unicodeHighlight.ambiguousCharacters": false,
		"editor.unicodeHighlight.allowedCharacters":   object{"\u00a0": true, "\u202f": true, "\u00ad": true, "–": true, "’": true},
		"[markdown]": prose(),
		"[yaml]":     prose(),
	}
}

func prose() object {
	return object{"editor.wordWrap": "on", "editor.tabSize": 2, "editor.insertSpaces": true, "editor.detectIndentation": false,
		"editor.quickSuggestions": object{"other": true, "comments": false, "strings": true}, "editor.snippetSuggestions": "top"}
}

// indexSchema is for the text above a list, which needs none of the type's fields.
const indexSchema = "_index"

// associations say which schema checks which companions. What no type claims is
// a page.
func associations(defs source.Definitions, languages []string) object {
	indexes := []string{"index.yaml"}
	for _, l := range languages {
		indexes = append(indexes, "index."+l+".yaml")
	}
	out := object{}
	var lists []string
	pages := []string{"content/**/*.yaml"}
	for _, t := range defs.Types {
		if t.Fallback {
			continue
		}
		all := "content/" + t.Folder + "/**/*.yaml"
		own := []string{all}
		for _, i := range indexes {
			own = append(own, "!content/"+t.Folder+"/"+i)
			lists = append(lists, "content/"+t.Folder+"/"+i)
		}
		out[at(t.Name)] = own
		pages = append(pages, "!"+all)
	}
	if t := fallback(defs); t != nil {
		out[at(t.Name)], out[at(indexSchema)] = pages, lists
	}
	for _, k := range source.KeySchemas(defs) {
		out[at(keySchemaName(k))] = k.Match
	}
	return out
}

func fallback(defs source.Definitions) *site.Type {
	for _, t := range defs.Types {
		if t.Fallback {
			return t
		}
	}
	return nil
}

func at(name string) string { return "./" + schemaDir + "/" + name + ".json" }

// tasksOf run the program. What it finds stands under „Probleme“.
func tasksOf(program string) object {
	task := func(label, command, detail string) object {
		return object{"label": "portal: " + label, "detail": detail, "type": "shell", "command": program + " " + command, "problemMatcher": []string{},
			"presentation": object{"reveal": "always", "panel": "dedicated", "clear": true}}
	}
	check := task("prüfen", "check", "Prüft alle Einträge; die Funde stehen unter „Probleme“.")
	check["problemMatcher"], check["group"] = matchers(), object{"kind": "test", "isDefault": true}
	build := task("bauen", "build", "Prüft alles und schreibt das Portal nach public/.")
	build["problemMatcher"], build["group"] = matchers(), object{"kind": "build", "isDefault": true}
	preview := task("Vorschau", "preview", "Zeigt das Portal beim Schreiben unter http://127.0.0.1:1313/.")
	preview["isBackground"] = true
	return object{"version": "2.0.0", "tasks": []object{check, build, preview}}
}

// matchers read our findings: „content/a.md:3:4: Fehler: …“. VS Code knows the
// severity by English words only, so there is one for each.
func matchers() []object {
	var out []object
	for _, s := range [][2]string{{"Fehler", "error"}, {"Warnung", "warning"}, {"Hinweis", "info"}} {
		out = append(out, object{
			"owner": "portal-" + s[1], "source": "portal", "severity": s[1], "fileLocation": []string{"relative", "${workspaceFolder}"},
			"pattern": object{"regexp": findingForm(s[0]), "file": 1, "line": 2, "column": 3, "message": 4, "code": 5},
		})
	}
	return out
}

// findingForm is a regular expression for the first line of a finding.
func findingForm(severity string) string {
	return `^([^\s:][^:]*?):(?:(\d+):)?(?:(\d+):)? ` + severity + `: (.*) \[([a-z0-9-]+)\]$`
}
