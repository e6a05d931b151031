package asset

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

// An icon may consist of these elements and attributes and nothing else; that
// it can neither load nor run anything follows.
var (
	iconElements = []string{"g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon"}
	iconAttrs    = []string{"d", "cx", "cy", "r", "rx", "ry", "x", "y", "x1", "y1", "x2", "y2", "width", "height",
		"points", "transform", "opacity", "fill", "fill-opacity", "fill-rule", "clip-rule", "stroke", "stroke-width",
		"stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "stroke-opacity"}
	iconDropped = []string{"title", "desc", "metadata"}
)

// sprite puts icons/*.svg into one file with a symbol for each.
func (b *Bundle) sprite(templates fs.FS, opts Options) {
	names, _ := fs.Glob(templates, "icons/*.svg")
	slices.Sort(names)
	var out bytes.Buffer
	out.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">`)
	for _, file := range slices.Compact(names) {
		name := strings.TrimSuffix(path.Base(file), ".svg")
		data, err := fs.ReadFile(templates, file)
		if err != nil {
			opts.Diags.Errorf(diag.Pos{File: path.Join(opts.Folder, file)}, "symbol-fehler", "Prüfen Sie die Rechte der Datei.", "Das Symbol „%s“ lässt sich nicht lesen: %v.", name, err)
			continue
		}
		symbol, pos, err := iconSymbol(name, data)
		if err != nil {
			pos.File = path.Join(opts.Folder, file)
			opts.Diags.Errorf(pos, "symbol-fehler", "Ein Symbol besteht nur aus Formen ("+strings.Join(iconElements, ", ")+") und hat eine viewBox.", "%s.", err)
			continue
		}
		b.icons[name] = true
		out.WriteString(symbol)
	}
	if len(b.icons) == 0 {
		return
	}
	out.WriteString("</svg>\n")
	sum := sha256.Sum256(out.Bytes())
	p := "assets/icons." + strings.ToUpper(hex.EncodeToString(sum[:4])) + ".svg"
	b.files = append(b.files, File{p, out.Bytes()})
	b.Icons = b.base + "/" + p
	b.names["icons.svg"] = b.Icons
}

// Icon is the HTML of an icon, hidden from screen readers: the words beside it
// carry the meaning. ok is false, and the HTML empty, if there is none.
func (b *Bundle) Icon(name string) (h template.HTML, ok bool) {
	if !b.icons[name] {
		return "", false
	}
	return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="` +
		template.HTMLEscapeString(b.Icons+"#"+name) + `"></use></svg>`), true
}

// IconNames returns the names of all icons, sorted.
func (b *Bundle) IconNames() []string { return slices.Sorted(maps.Keys(b.icons)) }

func iconSymbol(name string, data []byte) (string, diag.Pos, error) {
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return "", diag.Pos{}, fmt.Errorf("Der Name „%s“ eines Symbols darf nur aus Kleinbuchstaben, Ziffern und Bindestrichen bestehen", name)
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	var out strings.Builder
	depth := 0
	for {
		tok, err := d.Token()
		line, col := d.InputPos()
		at := diag.Pos{Line: line, Col: col}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", at, errors.New("Das Symbol ist kein gültiges SVG")
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			local := tok.Name.Local
			if depth == 0 && local == "svg" {
				box := attr(tok, "viewBox")
				if box == "" {
					return "", at, errors.New("Dem Symbol fehlt die viewBox")
				}
				out.WriteString(`<symbol id="` + name + `" viewBox="` + template.HTMLEscapeString(box) + `"`)
				tok.Attr = slices.DeleteFunc(tok.Attr, func(a xml.Attr) bool { return a.Name.Local == "width" || a.Name.Local == "height" })
				depth++
			} else if slices.Contains(iconDropped, local) {
				if err := d.Skip(); err != nil {
					return "", at, errors.New("Das Symbol ist kein gültiges SVG")
				}
				continue
			} else if depth == 0 || !slices.Contains(iconElements, local) {
				return "", at, fmt.Errorf("Das Element „%s“ darf in einem Symbol nicht vorkommen", local)
			} else {
				out.WriteString("<" + local)
				depth++
			}
			writeIconAttrs(&out, tok)
			out.WriteString(">")
		case xml.EndElement:
			if depth--; depth == 0 {
				out.WriteString("</symbol>")
			} else {
				out.WriteString("</" + tok.Name.Local + ">")
			}
		}
	}
	if out.Len() == 0 {
		return "", diag.Pos{}, errors.New("Das Symbol ist leer")
	}
	return out.String(), diag.Pos{}, nil
}

func writeIconAttrs(out *strings.Builder, e xml.StartElement) {
	slices.SortFunc(e.Attr, func(a, b xml.Attr) int { return cmp.Compare(a.Name.Local, b.Name.Local) })
	for _, a := range e.Attr {
		plain := a.Name.Local == "transform" || !strings.Contains(a.Value, "(") // no url()
		if a.Name.Space == "" && slices.Contains(iconAttrs, a.Name.Local) && plain {
			out.WriteString(" " + a.Name.Local + `="` + template.HTMLEscapeString(a.Value) + `"`)
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
