package source

import (
	"bytes"
	"crypto/sha256"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// A companion is a file x.yaml beside x.md that holds what would otherwise be
// the front matter of x.md: editors' tools check YAML files, and leave the front
// matter of Markdown alone. An entry has one or the other. What a companion says
// decides who sees the entry, so one that belongs to no text is never passed
// over in silence where it might.

const companionExt = ".yaml"

// companionOf is the name that the companion of a text must have.
func companionOf(p string) string { return strings.TrimSuffix(p, path.Ext(p)) + companionExt }

func isYAML(p string) bool {
	ext := strings.ToLower(path.Ext(p))
	return ext == companionExt || ext == ".yml"
}

// pair finds the companion of each text, and says of the other YAML files why
// they are none.
func (l *loader) pair(texts, yamls []string, diags *diag.List) map[string]string {
	companions := map[string]string{}
	wanted, nearly := map[string]string{}, map[string]string{} // texts by the companion's name; by that in small letters
	for _, p := range texts {
		wanted[companionOf(p)], nearly[strings.ToLower(companionOf(p))] = p, p
	}
	for _, y := range yamls {
		if text, ok := wanted[y]; ok {
			companions[text] = y
			continue
		}
		l.stray(y, nearly[strings.ToLower(companionOf(y))], texts, diags)
	}
	return companions
}

// stray is a YAML file that is no companion. text is what it would belong to if
// it were spelt right, or "".
func (l *loader) stray(y, text string, texts []string, diags *diag.List) {
	pos := diag.Pos{File: path.Join("content", y), Line: 1, Col: 1}
	if text != "" {
		diags.Errorf(pos, "begleitdatei-name", "Benennen Sie sie um in „"+path.Base(companionOf(text))+"“.",
			"Die Angaben zu „%s“ müssen in einer Datei desselben Namens mit der Endung „.yaml“ stehen.", path.Base(text))
		return
	}
	var near []string
	for _, p := range texts {
		if path.Dir(p) == path.Dir(y) {
			near = append(near, companionOf(path.Base(p)))
		}
	}
	hint := "Legen Sie daneben „" + strings.TrimSuffix(path.Base(y), path.Ext(y)) + ".md“ an; die Datei darf leer sein."
	if like := diag.Nearest(path.Base(y), near, 1); len(like) > 0 {
		hint = "Soll sie „" + like[0] + "“ heißen? Sonst: " + hint
	}
	if !l.ofType(y) && !decidesVisibility(l.fs, y) {
		diags.Hintf(pos, "begleitdatei-ohne-text", hint, "„%s“ wird nicht gelesen, denn eine Textdatei desselben Namens gibt es nicht.", path.Base(y))
		return
	}
	diags.Errorf(pos, "begleitdatei-ohne-text", hint, "Zu den Angaben in „%s“ fehlt die Textdatei.", path.Base(y))
}

// ofType reports whether a file lies in the folder of a type.
func (l *loader) ofType(p string) bool {
	folder, _, nested := strings.Cut(p, "/")
	return nested && slices.ContainsFunc(l.types, func(t *site.Type) bool { return !t.Fallback && t.Folder == folder })
}

var visibilityKey = regexp.MustCompile(`(?m)^\{?[ ]?["']?(?:` + strings.Join(append(slices.Clone(visibilityFields), hiding...), "|") + `)["']?[ \t]*:`)

// decidesVisibility reports whether a file, YAML or not, looks as if it said who
// may see a page.
func decidesVisibility(content fs.FS, p string) bool {
	b, err := fs.ReadFile(content, p)
	return err != nil || visibilityKey.Match(b) || slices.ContainsFunc(bytes.Split(b, []byte("\n")), visibilityLine.Match)
}

// readBoth returns the bytes of a text and of its companion, nil without one.
func readBoth(content fs.FS, p, companion string) (text, front []byte, err error) {
	if text, err = fs.ReadFile(content, p); err == nil && companion != "" {
		front, err = fs.ReadFile(content, companion)
	}
	return text, front, err
}

// sumOf is what an entry is known by: the hash of its file, or of both.
func sumOf(text, front []byte) [sha256.Size]byte {
	sum := sha256.Sum256(text)
	if front == nil {
		return sum
	}
	other := sha256.Sum256(front)
	return sha256.Sum256(append(sum[:], other[:]...))
}

// companion reads the front matter of an entry from its companion. own is what
// stands in the text's own file; there can be nothing in it.
func (r *reader) companion(e *site.Entry, own, raw []byte) (n node, ok bool) {
	start := diag.Pos{File: e.Companion, Line: 1, Col: 1}
	if within, ok := parseYAML(own, diag.Pos{File: e.Pos.File, Line: 2, Col: 1}, r.diags); !ok || within.kind != null {
		r.diags.Errorf(e.Pos, "angaben-doppelt", "Übernehmen Sie, was gilt, in eine der beiden Dateien, und löschen Sie es in der anderen.",
			"Diese Datei beginnt mit Angaben, und auch „%s“ enthält welche; gelten kann nur eines.", path.Base(e.Companion))
		return node{}, false
	}
	raw, ok = clean(e.Companion, raw, r.diags)
	if !ok {
		return node{}, false
	}
	return parseYAML(raw, start, r.diags)
}
