// Package docxtest makes Word files for tests out of a text that can be read.
//
// A line is a paragraph or says something about the file:
//
//	Heading1: Text            a paragraph of a style
//	P: Text                   one without
//	* Text, ** Text           an item of a list with bullets, one level down
//	#2 Text, ##2 Text         an item of the numbered list 2, one level down
//	|| a | b                  the header row of a table
//	| a | b                   another row; <2 in front of a cell makes it two wide,
//	                          v begins a cell that ^ in the next row continues,
//	                          " // " within a cell begins a paragraph
//	<w:p>…</w:p>              as it is
//	@footnote 1 Text          also @endnote, @comment 1 Author: Text, @header, @footer
//	@title, @creator, @modified, @subject Text      properties of the document
//	@png name 320x200, @emf name                    pictures
//
// Within a text stand runs in braces: {b|bold}, {i|…}, {u|…}, {color|…},
// {sup|…}, {sub|…}, {strike|…}, {caps|…}, {link ADDRESS|…}, {ref NAME|…}, {mark NAME|…},
// {fn 1}, {en 1}, {ins Author|…}, {del Author|…}, {comment 1|…},
// {img name Alt text}, {br}, {tab}, {shy}, {nbsp}, {page}, {box|…}.
package docxtest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Make writes a .docx file.
func Make(source string) ([]byte, error) {
	m := &maker{core: map[string]string{}, parts: map[string][]byte{}}
	for line := range strings.Lines(source) {
		if err := m.line(strings.TrimRight(line, "\n")); err != nil {
			return nil, fmt.Errorf("%s: %w", strings.TrimSpace(line), err)
		}
	}
	m.endTable()
	return m.zip()
}

type maker struct {
	body, footnotes, endnotes, comments strings.Builder
	header, footer                      string
	core                                map[string]string
	parts                               map[string][]byte
	links                               []string
	table                               bool
	revisions                           int
}

var styled = regexp.MustCompile(`^([A-Z][A-Za-z0-9]*): ?(.*)$`)

func (m *maker) line(s string) error {
	if !strings.HasPrefix(s, "|") {
		m.endTable()
	}
	switch {
	case strings.TrimSpace(s) == "":
	case strings.HasPrefix(s, "<"):
		m.body.WriteString(s)
	case strings.HasPrefix(s, "@"):
		return m.setting(s[1:])
	case strings.HasPrefix(s, "|"):
		m.row(s)
	case strings.HasPrefix(s, "*"):
		text := strings.TrimLeft(s, "*")
		m.body.WriteString(m.item("1", len(s)-len(text)-1, text))
	case strings.HasPrefix(s, "#"):
		text := strings.TrimLeft(s, "#")
		list, rest, _ := strings.Cut(text, " ")
		m.body.WriteString(m.item(list, len(s)-len(text)-1, rest))
	default:
		p := styled.FindStringSubmatch(s)
		if p == nil {
			return fmt.Errorf("no style")
		}
		m.body.WriteString(m.paragraph(p[1], p[2]))
	}
	return nil
}

func (m *maker) paragraph(style, text string) string {
	props := ""
	if style != "P" {
		props = `<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`
	}
	return "<w:p>" + props + m.runs(text, "") + "</w:p>\n"
}

func (m *maker) item(list string, level int, text string) string {
	return fmt.Sprintf(`<w:p><w:pPr><w:pStyle w:val="ListParagraph"/><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%s"/></w:numPr></w:pPr>%s</w:p>`+"\n",
		level, list, m.runs(strings.TrimSpace(text), ""))
}

func (m *maker) row(s string) {
	head := strings.HasPrefix(s, "||")
	if !m.table {
		m.table = true
		first := map[bool]string{true: "1", false: "0"}[head]
		m.body.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblLook w:val="04` + first + `0" w:firstRow="` + first + `"/></w:tblPr><w:tblGrid>` + strings.Repeat(`<w:gridCol w:w="1500"/>`, columns(s)) + "</w:tblGrid>")
	}
	m.body.WriteString("<w:tr>")
	if head {
		m.body.WriteString("<w:trPr><w:tblHeader/></w:trPr>")
	}
	for _, c := range cells(s) {
		props := ""
		if strings.HasPrefix(c, "<") && len(c) > 1 {
			props += `<w:gridSpan w:val="` + c[1:2] + `"/>`
			c = strings.TrimSpace(c[2:])
		}
		switch {
		case strings.HasPrefix(c, "v "):
			props += `<w:vMerge w:val="restart"/>`
			c = c[2:]
		case c == "^":
			props += `<w:vMerge/>`
			c = ""
		}
		m.body.WriteString("<w:tc><w:tcPr>" + props + "</w:tcPr>")
		for p := range strings.SplitSeq(c, " // ") {
			m.body.WriteString(m.paragraph("P", strings.TrimSpace(p)))
		}
		m.body.WriteString("</w:tc>")
	}
	m.body.WriteString("</w:tr>\n")
}

// cells divides a row at the bars that stand outside of braces; ¦ is a bar in a
// text.
func cells(row string) []string {
	out, depth := []string{""}, 0
	for _, r := range strings.TrimLeft(row, "|") {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
		}
		if r == '|' && depth == 0 {
			out = append(out, "")
		} else {
			out[len(out)-1] += string(r)
		}
	}
	for i := range out {
		out[i] = strings.TrimSpace(strings.ReplaceAll(out[i], "¦", "|"))
	}
	return out
}

// columns is how many columns a row spans.
func columns(row string) int {
	n := 0
	for _, c := range cells(row) {
		if strings.HasPrefix(c, "<") && len(c) > 1 {
			n += int(c[1] - '1')
		}
		n++
	}
	return n
}

func (m *maker) endTable() {
	if m.table {
		m.body.WriteString("</w:tbl>\n")
		m.table = false
	}
}

func (m *maker) setting(s string) error {
	name, rest, _ := strings.Cut(s, " ")
	id, text, _ := strings.Cut(rest, " ")
	switch name {
	case "footnote", "endnote":
		to, kind := &m.footnotes, "footnoteRef"
		if name == "endnote" {
			to, kind = &m.endnotes, "endnoteRef"
		}
		fmt.Fprintf(to, `<w:%s w:id="%s"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr><w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:%s/></w:r>%s</w:p></w:%s>`, name, id, kind, m.runs(" "+text, ""), name)
	case "comment":
		author, words, _ := strings.Cut(text, ": ")
		fmt.Fprintf(&m.comments, `<w:comment w:id="%s" w:author="%s" w:date="2026-11-02T09:00:00Z">%s</w:comment>`, id, author, m.paragraph("P", words))
	case "header":
		m.header = m.paragraph("P", rest)
	case "footer":
		m.footer = m.paragraph("P", rest)
	case "title", "creator", "modified", "subject":
		m.core[name] = rest
	case "png":
		var w, h int
		if _, err := fmt.Sscanf(text, "%dx%d", &w, &h); err != nil {
			return err
		}
		m.parts["word/media/"+id] = Picture(w, h)
	case "emf":
		m.parts["word/media/"+id] = append([]byte{1, 0, 0, 0, 0x6c, 0, 0, 0}, make([]byte, 100)...)
	default:
		return fmt.Errorf("unknown setting")
	}
	return nil
}

// Picture is a small PNG.
func Picture(w, h int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			img.Set(x, y, color.RGBA{uint8(x), uint8(y), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// runs writes text with {…} in it; props are those of the runs around.
func (m *maker) runs(s, props string) string {
	var b strings.Builder
	for s != "" {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			b.WriteString(run(props, text(s)))
			break
		}
		if open > 0 {
			b.WriteString(run(props, text(s[:open])))
		}
		end, depth := open, 0
		for ; end < len(s); end++ {
			if s[end] == '{' {
				depth++
			} else if s[end] == '}' {
				if depth--; depth == 0 {
					break
				}
			}
		}
		b.WriteString(m.special(s[open+1:min(end, len(s))], props))
		s = s[min(end+1, len(s)):]
	}
	return b.String()
}

func run(props, inner string) string {
	if props != "" {
		props = "<w:rPr>" + props + "</w:rPr>"
	}
	return "<w:r>" + props + inner + "</w:r>"
}

func text(s string) string { return `<w:t xml:space="preserve">` + escape(s) + "</w:t>" }

func escape(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.String()
}

var marks = map[string]string{
	"b": "<w:b/>", "i": "<w:i/>", "u": `<w:u w:val="single"/>`, "color": `<w:color w:val="C00000"/><w:highlight w:val="yellow"/>`,
	"sup": `<w:vertAlign w:val="superscript"/>`, "sub": `<w:vertAlign w:val="subscript"/>`, "strike": "<w:strike/>", "caps": "<w:smallCaps/>",
}

var alone = map[string]string{"br": "<w:br/>", "tab": "<w:tab/>", "shy": "<w:softHyphen/>", "page": `<w:br w:type="page"/>`, "nbsp": `<w:t xml:space="preserve">` + "\u00a0" + `</w:t>`}

func (m *maker) special(s, props string) string {
	head, inner, _ := strings.Cut(s, "|")
	kind, arg, _ := strings.Cut(head, " ")
	if p, ok := marks[kind]; ok {
		return m.runs(inner, props+p)
	}
	if x, ok := alone[kind]; ok {
		return run(props, x)
	}
	m.revisions++
	switch kind {
	case "link":
		m.links = append(m.links, arg)
		return fmt.Sprintf(`<w:hyperlink r:id="rLink%d">%s</w:hyperlink>`, len(m.links), m.runs(inner, `<w:rStyle w:val="Hyperlink"/>`+props))
	case "ref":
		return fmt.Sprintf(`<w:hyperlink w:anchor="%s">%s</w:hyperlink>`, arg, m.runs(inner, props))
	case "mark":
		return fmt.Sprintf(`<w:bookmarkStart w:id="%d" w:name="%s"/>%s<w:bookmarkEnd w:id="%d"/>`, m.revisions, arg, m.runs(inner, props), m.revisions)
	case "fn":
		return run(`<w:rStyle w:val="FootnoteReference"/>`, `<w:footnoteReference w:id="`+arg+`"/>`)
	case "en":
		return run(`<w:rStyle w:val="FootnoteReference"/>`, `<w:endnoteReference w:id="`+arg+`"/>`)
	case "ins", "del":
		runs := m.runs(inner, props)
		if kind == "del" {
			runs = strings.NewReplacer("<w:t ", "<w:delText ", "</w:t>", "</w:delText>").Replace(runs)
		}
		return fmt.Sprintf(`<w:%s w:id="%d" w:author="%s" w:date="2026-11-03T10:00:00Z">%s</w:%s>`, kind, 1000+m.revisions, arg, runs, kind)
	case "comment":
		return fmt.Sprintf(`<w:commentRangeStart w:id="%s"/>%s<w:commentRangeEnd w:id="%s"/><w:r><w:commentReference w:id="%s"/></w:r>`, arg, m.runs(inner, props), arg, arg)
	case "img":
		name, alt, _ := strings.Cut(arg, " ")
		return picture(name, alt, m.revisions)
	case "box":
		return run("", `<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx><w:txbxContent>`+m.paragraph("P", inner)+`</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice></mc:AlternateContent>`)
	}
	return run(props, text("{"+s+"}"))
}

func picture(name, alt string, id int) string {
	return run("", fmt.Sprintf(`<w:drawing><wp:inline><wp:extent cx="3000000" cy="2000000"/><wp:docPr id="%d" name="Grafik %d" descr="%s"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="%d" name="%s"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rImg_%s"/></pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>`,
		id, id, escape(alt), id, name, strings.ReplaceAll(name, ".", "_")))
}

const spaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"`

// styles are those of a German Word: their ids are German, their names English.
func styles() string {
	var b strings.Builder
	for _, s := range [][2]string{
		{"Standard", "Normal"}, {"Title", "Title"}, {"Subtitle", "Subtitle"}, {"Author", "Author"}, {"Date", "Date"}, {"Abstract", "Abstract"},
		{"Heading1", "heading 1"}, {"Heading2", "heading 2"}, {"Heading3", "heading 3"}, {"Heading4", "heading 4"},
		{"Caption", "caption"}, {"Quote", "Quote"}, {"ListParagraph", "List Paragraph"}, {"Toc1", "toc 1"}, {"Toc2", "toc 2"}, {"TocHeading", "TOC Heading"},
		{"FootnoteText", "footnote text"}, {"Code", "Source Code"}, {"Eigen", "Hinweiskasten"},
	} {
		fmt.Fprintf(&b, `<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/></w:style>`, s[0], s[1])
	}
	for _, s := range [][2]string{{"Hyperlink", "Hyperlink"}, {"FootnoteReference", "footnote reference"}} {
		fmt.Fprintf(&b, `<w:style w:type="character" w:styleId="%s"><w:name w:val="%s"/></w:style>`, s[0], s[1])
	}
	b.WriteString(`<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/></w:style>`)
	return "<w:styles " + spaces + ">" + b.String() + "</w:styles>"
}

// numbering has the bullets 1, the lists 2 to 5 that begin at one, and the list
// 9 that begins at five.
func numbering() string {
	var b strings.Builder
	for id, form := range []string{"bullet", "decimal"} {
		fmt.Fprintf(&b, `<w:abstractNum w:abstractNumId="%d">`, id)
		for level := range 4 {
			format := form
			if form == "decimal" && level == 1 {
				format = "lowerLetter"
			}
			fmt.Fprintf(&b, `<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%%%d."/></w:lvl>`, level, format, level+1)
		}
		b.WriteString("</w:abstractNum>")
	}
	b.WriteString(`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`)
	for _, n := range [][2]int{{2, 1}, {3, 1}, {4, 1}, {5, 1}, {9, 5}} {
		fmt.Fprintf(&b, `<w:num w:numId="%d"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="%d"/></w:lvlOverride></w:num>`, n[0], n[1])
	}
	return "<w:numbering " + spaces + ">" + b.String() + "</w:numbering>"
}

func (m *maker) zip() ([]byte, error) {
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	var rels strings.Builder
	rel := func(id, kind, target string, external bool) {
		mode := ""
		if external {
			mode = ` TargetMode="External"`
		}
		fmt.Fprintf(&rels, `<Relationship Id="%s" Type="%s%s" Target="%s"%s/>`, id, office, kind, escape(target), mode)
	}
	for _, n := range []string{"styles", "numbering", "footnotes", "endnotes", "comments"} {
		rel("r"+n, n, n+".xml", false)
	}
	for i, l := range m.links {
		rel(fmt.Sprintf("rLink%d", i+1), "hyperlink", l, true)
	}
	sect := ""
	for _, part := range [][2]string{{"header", m.header}, {"footer", m.footer}} {
		if part[1] != "" {
			rel("r"+part[0], part[0], part[0]+"1.xml", false)
			sect += fmt.Sprintf(`<w:%sReference w:type="default" r:id="r%s"/>`, part[0], part[0])
			m.parts["word/"+part[0]+"1.xml"] = []byte(map[string]string{"header": "<w:hdr ", "footer": "<w:ftr "}[part[0]] + spaces + ">" + part[1] + map[string]string{"header": "</w:hdr>", "footer": "</w:ftr>"}[part[0]])
		}
	}
	for name := range m.parts {
		if base, ok := strings.CutPrefix(name, "word/media/"); ok {
			rel("rImg_"+strings.ReplaceAll(base, ".", "_"), "image", "media/"+base, false)
		}
	}
	m.parts["word/document.xml"] = []byte("<w:document " + spaces + "><w:body>" + m.body.String() + "<w:sectPr>" + sect + "</w:sectPr></w:body></w:document>")
	m.parts["word/styles.xml"], m.parts["word/numbering.xml"] = []byte(styles()), []byte(numbering())
	m.parts["word/footnotes.xml"] = []byte("<w:footnotes " + spaces + ">" + m.footnotes.String() + "</w:footnotes>")
	m.parts["word/endnotes.xml"] = []byte("<w:endnotes " + spaces + ">" + m.endnotes.String() + "</w:endnotes>")
	m.parts["word/comments.xml"] = []byte("<w:comments " + spaces + ">" + m.comments.String() + "</w:comments>")
	relations := `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	m.parts["word/_rels/document.xml.rels"] = []byte(relations + rels.String() + "</Relationships>")
	// Links within footnotes are relations of the footnotes.
	m.parts["word/_rels/footnotes.xml.rels"] = m.parts["word/_rels/document.xml.rels"]
	m.parts["word/_rels/endnotes.xml.rels"] = m.parts["word/_rels/document.xml.rels"]
	m.parts["_rels/.rels"] = []byte(relations + `<Relationship Id="r1" Type="` + office + `officeDocument" Target="word/document.xml"/></Relationships>`)
	m.parts["docProps/core.xml"] = []byte(m.coreXML())
	m.parts["[Content_Types].xml"] = []byte(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`)
	return pack(m.parts)
}

func (m *maker) coreXML() string {
	s := `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">`
	for _, n := range [][2]string{{"title", "dc:title"}, {"creator", "dc:creator"}, {"subject", "dc:subject"}, {"modified", "dcterms:modified"}} {
		if v := m.core[n[0]]; v != "" {
			s += "<" + n[1] + ">" + escape(v) + "</" + n[1] + ">"
		}
	}
	return s + "</cp:coreProperties>"
}

func pack(parts map[string][]byte) ([]byte, error) {
	var names []string
	for n := range parts {
		names = append(names, n)
	}
	slices.Sort(names)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, n := range names {
		w, err := z.CreateHeader(&zip.FileHeader{Name: n, Method: zip.Deflate, Modified: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(parts[n]); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}
