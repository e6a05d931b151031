package asset

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

func looksLikeSVG(b []byte) bool {
	head := b[:min(len(b), 4096)]
	return bytes.Contains(head, []byte("<svg")) || bytes.Contains(head, []byte(":svg"))
}

var (
	errSVG      = &Error{Text: "ist kein gültiges SVG.", Hint: "Bitte im Zeichenprogramm als „einfaches SVG“ neu speichern."}
	errSVGSize  = &Error{Text: "nennt seine Größe nicht.", Hint: "Das Element svg braucht eine viewBox oder width und height in Pixeln."}
	activeInSVG = []string{"script", "foreignObject", "iframe", "object", "embed", "audio", "video", "canvas", "handler", "listener", "html", "body", "link"}
)

// makeSVG writes a drawing again without what drawing programs note in it
// (file names, authors, their own settings), and refuses what could run or
// load something: a drawing is shown by itself, too.
func makeSVG(data []byte) (picture, error) {
	w := svgWriter{dec: xml.NewDecoder(bytes.NewReader(data))}
	for {
		tok, err := w.dec.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return picture{}, errSVG
		}
		if err := w.token(tok); err != nil {
			return picture{}, err
		}
	}
	if len(w.open) > 0 || w.out.Len() == 0 {
		return picture{}, errSVG
	}
	width, height := w.size()
	if width == 0 || height == 0 {
		return picture{}, errSVGSize
	}
	w.out.WriteByte('\n')
	return picture{Data: w.out.Bytes(), Ext: ".svg", Width: width, Height: height}, nil
}

type svgWriter struct {
	dec  *xml.Decoder
	out  bytes.Buffer
	open []string
	skip int // depth of the element that is left out, or 0
	root []xml.Attr
	css  strings.Builder // of the style element that is open
}

const svgSpace = "http://www.w3.org/2000/svg"

func (w *svgWriter) token(tok xml.Token) error {
	switch tok := tok.(type) {
	case xml.StartElement:
		return w.start(tok)
	case xml.EndElement:
		n := qualified(tok.Name)
		if len(w.open) == 0 || w.open[len(w.open)-1] != n {
			return errSVG
		}
		if w.skip == 0 {
			w.out.WriteString("</" + n + ">")
			if tok.Name.Local == "style" {
				if err := w.checkCSS(w.css.String()); err != nil {
					return err
				}
				w.css.Reset()
			}
		}
		if w.skip == len(w.open) {
			w.skip = 0
		}
		w.open = w.open[:len(w.open)-1]
	case xml.CharData:
		if w.skip > 0 || len(w.open) == 0 {
			return nil
		}
		if strings.HasSuffix(w.open[len(w.open)-1], "style") {
			w.css.Write(tok) // it may come in pieces
		}
		_, err := escaper.WriteString(&w.out, string(tok))
		return err
	}
	return nil // comments, processing instructions, document type
}

func (w *svgWriter) start(e xml.StartElement) error {
	if len(w.open) == 0 && (e.Name.Local != "svg" || w.root != nil) {
		return errSVG
	}
	n := qualified(e.Name)
	w.open = append(w.open, n)
	if w.skip > 0 {
		return nil
	}
	if slices.ContainsFunc(activeInSVG, func(s string) bool { return strings.EqualFold(s, e.Name.Local) }) {
		return w.refuse("enthält das Element „%s“, das etwas ausführen oder einbetten kann", n)
	}
	if e.Name.Local == "metadata" || e.Name.Space != "" && e.Name.Space != "svg" {
		w.skip = len(w.open)
		return nil
	}
	if len(w.open) == 1 {
		w.root = append([]xml.Attr{}, e.Attr...)
	}
	w.out.WriteString("<" + n)
	if len(w.open) == 1 && n == "svg" && attr(e, "xmlns") == "" {
		w.out.WriteString(` xmlns="` + svgSpace + `"`) // a browser shows nothing without it
	}
	for _, a := range e.Attr {
		if err := w.attr(a); err != nil {
			return err
		}
	}
	w.out.WriteString(">")
	return nil
}

func (w *svgWriter) attr(a xml.Attr) error {
	n := qualified(a.Name)
	switch {
	case n == "xmlns" || n == "xmlns:svg":
		if a.Value != svgSpace {
			return w.refuse("enthält etwas anderes als SVG („%s“)", shorten(a.Value))
		}
	case n == "xmlns:xlink":
		if a.Value != "http://www.w3.org/1999/xlink" {
			return errSVG
		}
	case a.Name.Space != "" && !slices.Contains([]string{"xlink:href", "xml:space", "xml:lang"}, n):
		return nil
	case len(a.Name.Local) > 2 && strings.EqualFold(a.Name.Local[:2], "on"):
		return w.refuse("enthält das Attribut „%s“, das etwas ausführen kann", n)
	case a.Name.Local == "attributeName" && (strings.Contains(strings.ToLower(a.Value), "href") || strings.HasPrefix(strings.ToLower(a.Value), "on")):
		return w.refuse("ändert mit einer Animation das Attribut „%s“", a.Value)
	case a.Name.Local == "href" || a.Name.Local == "src":
		v, ok := innerReference(a.Value)
		if !ok {
			return w.refuse("verweist auf „%s“ außerhalb der Datei", shorten(a.Value))
		}
		a.Value = v
	default:
		if err := w.checkCSS(a.Value); err != nil {
			return err
		}
	}
	w.out.WriteString(" " + n + `="`)
	_, _ = escaper.WriteString(&w.out, a.Value)
	w.out.WriteString(`"`)
	return nil
}

// innerReference allows a part of the same file, and embedded pixels, which
// lose their metadata like any other picture.
func innerReference(v string) (string, bool) {
	v = strings.TrimSpace(v)
	if strings.HasPrefix(v, "#") {
		return v, true
	}
	kind, enc, ok := strings.Cut(v, ";base64,")
	if !ok || !slices.Contains([]string{"data:image/png", "data:image/jpeg", "data:image/jpg", "data:image/gif", "data:image/webp"}, kind) {
		return "", false
	}
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(enc), ""))
	if err != nil || sniff(raw) == "" {
		return "", false
	}
	p, err := makePicture(raw)
	if err != nil {
		return "", false
	}
	mime := "image/" + strings.Replace(p.Ext[1:], "jpg", "jpeg", 1)
	return "data:" + mime + ";base64," + base64.StdEncoding.EncodeToString(p.Data), true
}

// checkCSS refuses styles that load something. A backslash could hide it.
func (w *svgWriter) checkCSS(s string) error {
	l := strings.ToLower(s)
	if strings.Contains(l, "@import") || strings.Contains(l, "image-set(") {
		return w.refuse("lädt mit „@import“ oder „image-set“ etwas von außerhalb der Datei")
	}
	for rest := l; ; {
		_, after, ok := strings.Cut(rest, "url(")
		if !ok {
			break
		}
		if v := strings.TrimLeft(after, " \t\r\n\"'"); !strings.HasPrefix(v, "#") {
			return w.refuse("verweist mit „url(%s“ auf etwas außerhalb der Datei", shorten(v))
		}
		rest = after
	}
	if strings.Contains(l, `\`) && (strings.Contains(l, "(") || strings.Contains(l, "@")) {
		return w.refuse("enthält einen Stil mit „\\“, der sich nicht prüfen lässt")
	}
	return nil
}

func (w *svgWriter) refuse(format string, args ...any) error {
	line, _ := w.dec.InputPos()
	return &Error{Text: fmt.Sprintf(format, args...) + fmt.Sprintf(" (Zeile %d).", line),
		Hint: "Bitte im Zeichenprogramm als „einfaches SVG“ ohne Skripte und Verknüpfungen speichern."}
}

func (w *svgWriter) size() (int, int) {
	get := func(name string) string { return attr(xml.StartElement{Attr: w.root}, name) }
	width, height := svgLength(get("width")), svgLength(get("height"))
	box := strings.FieldsFunc(get("viewBox"), func(r rune) bool { return r == ' ' || r == ',' || r == '\n' || r == '\t' })
	if len(box) == 4 {
		bw, bh := svgLength(box[2]), svgLength(box[3])
		switch {
		case bw == 0 || bh == 0:
		case width == 0 && height == 0:
			width, height = bw, bh
		case width == 0:
			width = height * bw / bh
		case height == 0:
			height = width * bh / bw
		}
	}
	if width > 0 && height > 0 {
		return int(math.Max(1, math.Round(width))), int(math.Max(1, math.Round(height)))
	}
	return 0, 0
}

// svgLength reads a length in CSS pixels, 0 for per cent and what it does not
// know.
func svgLength(s string) float64 {
	s = strings.TrimSpace(s)
	factor := 1.0
	for unit, f := range map[string]float64{"px": 1, "pt": 96.0 / 72, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96} {
		if n, ok := strings.CutSuffix(s, unit); ok {
			s, factor = n, f
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v <= 0 || v > 1e5 {
		return 0
	}
	return v * factor
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
