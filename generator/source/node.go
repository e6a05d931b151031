package source

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/ag-vzkm/portal/generator/diag"
)

// node is a piece of YAML with its place: a scalar, a mapping or a sequence.
type node struct {
	pos    diag.Pos
	kind   nodeKind
	text   string   // scalar: its value as text
	quoted bool     // scalar: written in quotes or as a block
	inside diag.Pos // scalar: the first character of the text itself
	indent int      // block: how far its lines are indented
	pairs  []pair   // mapping, in order
	items  []node   // sequence
}

type pair struct {
	key   string
	pos   diag.Pos
	value node
}

type nodeKind int

const (
	null nodeKind = iota
	scalar
	mapping
	sequence
)

// kindName is what an editor calls this form.
func (n node) kindName() string {
	return [...]string{"nichts", "ein einzelner Wert", "eine Gruppe von Angaben („feld: wert“)", "eine Liste"}[n.kind]
}

// valueAt is the place of the value under a path of keys, or otherwise.
func (n node) valueAt(otherwise diag.Pos, path ...string) diag.Pos {
	for _, key := range path {
		i := slices.IndexFunc(n.pairs, func(p pair) bool { return p.key == key })
		if i < 0 {
			return otherwise
		}
		if otherwise = n.pairs[i].pos; n.pairs[i].value.kind != null {
			otherwise = n.pairs[i].value.pos
		}
		n = n.pairs[i].value
	}
	return otherwise
}

// at is the place of a key of a mapping, or otherwise.
func (n node) at(key string, otherwise diag.Pos) diag.Pos {
	for _, p := range n.pairs {
		if p.key == key {
			return p.pos
		}
	}
	return otherwise
}

// under is the value of a key of a mapping, nothing if there is none.
func (n node) under(key string) node {
	for _, p := range n.pairs {
		if p.key == key {
			return p.value
		}
	}
	return node{pos: n.pos}
}

// places notes where the values below a mapping stand, by their dotted keys.
func (n node) places(prefix string, into map[string]diag.Pos) {
	for _, p := range n.pairs {
		into[prefix+p.key] = p.value.pos
		p.value.places(prefix+p.key+".", into)
	}
}

// parseYAML reads one YAML document. start is the place of its first
// character. Syntax errors go to diags; ok is false then.
func parseYAML(text []byte, start diag.Pos, diags *diag.List) (n node, ok bool) {
	f, err := parser.ParseBytes(text, 0)
	if err != nil {
		yamlError(err, start, diags)
		return node{}, false
	}
	if len(f.Docs) == 0 || f.Docs[0].Body == nil {
		return node{pos: start}, true
	}
	for _, doc := range f.Docs[1:] { // what it says would be passed over
		if tk := firstToken(doc); tk != nil {
			diags.Errorf(at(start, tk.Position.Line, 1), "yaml", "Löschen Sie die Zeile „---“ davor.", "Hier beginnt ein zweiter Teil; die Datei darf nur einen haben.")
			return node{}, false
		}
	}
	c := converter{start: start, text: text, anchors: map[string]ast.Node{}, diags: diags}
	n = c.convert(f.Docs[0].Body, 0)
	return n, !c.failed
}

// firstToken is where a document begins, nil for an empty one.
func firstToken(doc *ast.DocumentNode) *token.Token {
	if doc.Body == nil {
		return nil
	}
	if _, none := doc.Body.(*ast.NullNode); none {
		return nil
	}
	return doc.Body.GetToken()
}

// yamlError puts a parser's error into words an editor understands.
func yamlError(err error, start diag.Pos, diags *diag.List) {
	pos, msg := start, err.Error()
	var e yaml.Error
	if errors.As(err, &e) {
		msg = e.GetMessage()
		if tk := e.GetToken(); tk != nil && tk.Position != nil {
			pos = at(start, tk.Position.Line, tk.Position.Column)
		}
	}
	text, hint := "Diese Stelle ist nicht zu lesen.", "Prüfen Sie Einrückung, Doppelpunkte und Anführungszeichen dieser und der vorigen Zeile."
	for _, k := range []struct{ part, text, hint string }{
		{"duplicate", "Diese Angabe steht zweimal da.", "Löschen Sie eine der beiden Zeilen."},
		{"already defined", "Diese Angabe steht zweimal da.", "Löschen Sie eine der beiden Zeilen."},
		{"end character", "Ein Anführungszeichen wird nicht geschlossen.", "Setzen Sie am Ende des Wertes dasselbe Anführungszeichen wie am Anfang."},
		{"end token", "Eine Klammer wird nicht geschlossen.", "Ergänzen Sie „]“ oder „}“."},
		{"tab character", "Hier steht ein Tabulator.", "Rücken Sie mit Leerzeichen ein, zwei je Stufe."},
		{"cannot start any token", "Hier steht ein Zeichen, mit dem kein Wert beginnen darf.", "Setzen Sie den Wert in Anführungszeichen; rücken Sie mit Leerzeichen ein, nicht mit Tabulatoren."},
		{"mapping value is not allowed", "Hier steht ein Doppelpunkt zu viel, oder die nächste Zeile ist zu weit eingerückt.", "Gehört der Doppelpunkt zum Text, setzen Sie den ganzen Wert in Anführungszeichen. Neue Angaben beginnen am Zeilenanfang."},
		{"unexpected key name", "Hier fehlt ein Doppelpunkt oder ein Wert.", "Schreiben Sie „feld: wert“, mit einem Leerzeichen nach dem Doppelpunkt."},
		{"non-map value", "Hier fehlt ein Doppelpunkt.", "Schreiben Sie „feld: wert“, mit einem Leerzeichen nach dem Doppelpunkt."},
		{"value is not allowed", "Die Einrückung passt nicht.", "Rücken Sie gleichrangige Zeilen gleich weit ein, mit zwei Leerzeichen je Stufe."},
	} {
		if strings.Contains(msg, k.part) {
			text, hint = k.text, k.hint
			break
		}
	}
	diags.Errorf(pos, "yaml", hint, "%s", text)
}

func at(start diag.Pos, line, col int) diag.Pos {
	p := diag.Pos{File: start.File, Line: start.Line + line - 1, Col: col}
	if line == 1 {
		p.Col = start.Col + col - 1
	}
	return p
}

// converter turns the parser's tree into nodes, with anchors followed.
type converter struct {
	start   diag.Pos
	text    []byte
	anchors map[string]ast.Node
	diags   *diag.List
	failed  bool
}

// maxDepth bounds nesting and aliases that contain themselves.
const maxDepth = 40

func (c *converter) convert(a ast.Node, depth int) node {
	pos := c.start
	if tk := a.GetToken(); tk != nil && tk.Position != nil {
		pos = at(c.start, tk.Position.Line, tk.Position.Column)
	}
	if depth > maxDepth {
		c.fail(pos, "yaml-zu-tief", "Rücken Sie weniger weit ein. Gehört ein „&“ oder „*“ zum Text, setzen Sie den Wert in Anführungszeichen.", "Die Angaben sind zu tief verschachtelt.")
		return node{pos: pos}
	}
	switch a := a.(type) {
	case *ast.NullNode:
		return node{pos: pos}
	case *ast.MappingNode:
		n := node{pos: pos, kind: mapping}
		for _, v := range a.Values {
			c.pair(&n, v, depth)
		}
		return n.atFirst(a.IsFlowStyle)
	case *ast.MappingValueNode:
		n := node{pos: pos, kind: mapping}
		c.pair(&n, a, depth)
		return n.atFirst(false)
	case *ast.SequenceNode:
		n := node{pos: pos, kind: sequence}
		for _, v := range a.Values {
			n.items = append(n.items, c.convert(v, depth+1))
		}
		return n
	case *ast.AnchorNode:
		c.anchors[a.Name.String()] = a.Value
		return c.convert(a.Value, depth+1)
	case *ast.AliasNode:
		if target, ok := c.anchors[a.Value.String()]; ok {
			return c.convert(target, depth+1)
		}
		c.fail(pos, "yaml", "Gehört der Stern zum Text, setzen Sie den Wert in Anführungszeichen.", "Ein Stern am Anfang eines Wertes verweist auf eine andere Stelle; „&"+a.Value.String()+"“ gibt es nicht.")
		return node{pos: pos}
	case *ast.TagNode:
		return c.convert(a.Value, depth+1)
	case *ast.LiteralNode:
		return c.block(node{pos: pos, kind: scalar, text: a.Value.Value, quoted: true}, a.Start.Position.Line)
	case *ast.StringNode:
		n := node{pos: pos, kind: scalar, text: a.Value, quoted: isQuoted(a), inside: pos}
		if n.quoted {
			n.inside.Col++
		}
		return n
	}
	if tk := a.GetToken(); tk != nil {
		return node{pos: pos, kind: scalar, text: tk.Value, inside: pos}
	}
	return node{pos: pos}
}

// block says where the text of a block scalar begins: on the line below the
// mark, behind its indentation.
func (c *converter) block(n node, line int) node {
	i := 0
	for text := range bytes.Lines(c.text) {
		if i++; i <= line || len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		n.indent = len(text) - len(bytes.TrimLeft(text, " "))
		break
	}
	n.inside = at(c.start, line+1, n.indent+1)
	return n
}

// atFirst puts a block mapping where its first key stands; the parser puts it
// at the first colon.
func (n node) atFirst(flow bool) node {
	if !flow && len(n.pairs) > 0 {
		n.pos = n.pairs[0].pos
	}
	return n
}

func isQuoted(s *ast.StringNode) bool {
	t := s.Token.Type.String()
	return t == "DoubleQuote" || t == "SingleQuote"
}

func (c *converter) pair(n *node, v *ast.MappingValueNode, depth int) {
	key := v.Key.GetToken()
	if explicit, ok := v.Key.(*ast.MappingKeyNode); ok && explicit.Value != nil { // "? key"
		key = explicit.Value.GetToken()
	}
	pos := c.start
	if key.Position != nil {
		pos = at(c.start, key.Position.Line, key.Position.Column)
	}
	if _, merge := v.Key.(*ast.MergeKeyNode); merge {
		// First, so that the mapping's own keys win wherever they stand.
		n.pairs = append(c.convert(v.Value, depth+1).pairs, n.pairs...)
		return
	}
	n.pairs = append(n.pairs, pair{key: key.Value, pos: pos, value: c.convert(v.Value, depth+1)})
}

func (c *converter) fail(pos diag.Pos, code, hint, text string) {
	c.failed = true
	c.diags.Errorf(pos, code, hint, "%s", text)
}
