package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// loneImage returns the picture that is all there is in a paragraph, or
// nil.
func loneImage(n ast.Node, src []byte) *ast.Image {
	img, ok := n.FirstChild().(*ast.Image)
	if !ok {
		return nil
	}
	for c := img.NextSibling(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *attrNode:
		case *ast.Text:
			if strings.TrimSpace(string(c.Segment.Value(src))) != "" {
				return nil
			}
		default:
			return nil
		}
	}
	return img
}

// figure writes a picture that stands alone, with caption and credit.
func (p *page) figure(n *ast.Image) {
	caption, credit := unescape(n.Title), attrOf(n, "credit")
	p.write("<figure class=\"figure\">\n")
	p.set.reset()
	p.picture(n, "")
	p.write("\n")
	if caption != "" || credit != "" {
		p.noTerms++
		p.write("<figcaption>")
		p.newline()
		p.plainText(caption)
		if credit != "" {
			if caption != "" {
				p.write(" ")
				p.text = append(p.text, ' ')
			}
			p.write(`<span class="figure__credit">`)
			p.set.prev = ' '
			if strings.Contains(credit, ":") { // „Grafik: …“ says already what it is
				p.plainText(credit)
			} else {
				p.plainText(p.word("md.credit", credit))
			}
			p.write("</span>")
		}
		p.write("</figcaption>\n")
		p.noTerms--
	}
	p.write("</figure>\n")
	p.newline()
}

// image writes a picture within a text.
func (p *page) image(n *ast.Image) { p.picture(n, unescape(n.Title)) }

func (p *page) picture(n *ast.Image, title string) {
	src, offset := unescape(n.Destination), nodeOffset(n)
	alt := Typography(p.lang, strings.TrimSpace(p.plain(n)))
	img, ok := p.findImage(src, offset)
	if !ok {
		if alt == "" {
			alt = src
		}
		p.write(`<span class="missing-image">`)
		p.literal([]byte(alt))
		p.write("</span>")
		return
	}
	if alt == "" {
		p.c.cfg.Diags.Warnf(p.pos(offset), "bild-ohne-alt", "Schreiben Sie in die eckigen Klammern, was auf dem Bild zu sehen ist.",
			"Das Bild „%s“ hat keinen Alternativtext.", shorten(src))
	}
	p.doc.Images = append(p.doc.Images, img)
	p.write("<img")
	p.attr("src", img.URL)
	if len(img.SrcSet) > 0 {
		set := make([]string, len(img.SrcSet))
		for i, v := range img.SrcSet {
			set[i] = v.URL + " " + itoa(v.Width) + "w"
		}
		p.attr("srcset", strings.Join(set, ", "))
		p.attr("sizes", p.c.cfg.ImageSizes)
	}
	p.attr("alt", alt)
	if img.Width > 0 && img.Height > 0 {
		p.attr("width", itoa(img.Width))
		p.attr("height", itoa(img.Height))
	}
	if title != "" {
		p.attr("title", Typography(p.lang, title))
	}
	p.write(` loading="lazy" decoding="async">`)
	p.text = append(p.text, alt...)
	p.set.prev = 'x'
}

func (p *page) findImage(src string, offset int) (Image, bool) {
	d, at := p.c.cfg.Diags, p.pos(offset)
	if s := scheme(src); s != "" || strings.HasPrefix(src, "//") {
		d.Showablef(at, "bild-extern", "Legen Sie das Bild neben die Datei und nennen Sie seinen Dateinamen.",
			"Das Bild „%s“ liegt nicht in diesem Portal.", shorten(src))
		return Image{}, false
	}
	img, err := p.c.cfg.Resolver.Image(p.in.Pos.File, src)
	if err != nil {
		hint := "Der Pfad gilt vom Ordner dieser Datei aus; mit „/“ am Anfang gilt er vom Ordner „content“ aus."
		if a, ok := err.(interface{ Advice() string }); ok && a.Advice() != "" {
			hint = a.Advice()
		}
		d.Showablef(at, "bild-fehlt", hint, "%s", err)
		return Image{}, false
	}
	return img, true
}
