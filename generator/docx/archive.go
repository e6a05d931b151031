package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Bounds of a file: what is packed can be far larger than the file.
const (
	maxFile  = 60 << 20
	maxParts = 5000
	maxTotal = 400 << 20
	maxText  = 40 << 20 // of the text itself, as XML
)

// archive is an unpacked file.
type archive struct {
	format string // as pandoc calls it
	media  string // the folder that names of pictures are relative to
	parts  map[string][]byte
	names  []string
}

var zipStart = []byte("PK\x03\x04")

// unpack looks at a file and unpacks it within bounds.
func unpack(b []byte) (*archive, error) {
	switch {
	case len(b) == 0:
		return nil, errors.New("Die Datei ist leer.")
	case len(b) > maxFile:
		return nil, fmt.Errorf("Die Datei hat mehr als %d MB. Verkleinern Sie die Bilder: in Word unter „Bildformat“ → „Bilder komprimieren“.", maxFile>>20)
	case bytes.HasPrefix(b, []byte("%PDF")):
		return nil, errors.New("Das ist eine PDF-Datei. Aus ihr lässt sich kein Text mit Überschriften und Listen gewinnen; nehmen Sie die Word-Datei, aus der sie entstanden ist.")
	case bytes.HasPrefix(b, []byte("{\\rtf")):
		return nil, errors.New("Das ist eine RTF-Datei. Öffnen Sie sie in Word und speichern Sie sie als „Word-Dokument (.docx)“.")
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		if bytes.Contains(b, utf16("EncryptedPackage")) {
			return nil, errors.New("Die Datei ist mit einem Kennwort verschlüsselt. Öffnen Sie sie in Word und entfernen Sie das Kennwort unter „Datei“ → „Informationen“ → „Dokument schützen“.")
		}
		return nil, errors.New("Das ist eine Datei im alten Format .doc. Öffnen Sie sie in Word und speichern Sie sie als „Word-Dokument (.docx)“.")
	case !bytes.HasPrefix(b, zipStart):
		return nil, errors.New("Das ist keine Word-Datei (.docx) und kein OpenDocument-Text (.odt).")
	}
	a, err := unzip(b)
	if err != nil {
		return nil, err
	}
	return a, a.recognise()
}

func utf16(s string) []byte {
	var out []byte
	for _, c := range []byte(s) {
		out = append(out, c, 0)
	}
	return out
}

var errDamaged = errors.New("Die Datei ist beschädigt. Öffnen Sie sie in Word, lassen Sie sie dort reparieren und speichern Sie sie neu.")

func unzip(b []byte) (*archive, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, errDamaged
	}
	if len(z.File) > maxParts {
		return nil, errors.New("Die Datei hat ungewöhnlich viele Teile; sie wird nicht gelesen.")
	}
	a := &archive{parts: map[string][]byte{}}
	left := int64(maxTotal)
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if f.Flags&1 != 0 {
			return nil, errors.New("Die Datei ist mit einem Kennwort verschlüsselt.")
		}
		r, err := f.Open()
		if err != nil {
			return nil, errDamaged
		}
		data, err := io.ReadAll(io.LimitReader(r, left+1)) // sizes in the archive may lie
		if err := errors.Join(err, r.Close()); err != nil {
			return nil, errDamaged
		}
		if left -= int64(len(data)); left < 0 {
			return nil, fmt.Errorf("Die Datei ist entpackt größer als %d MB; sie wird nicht gelesen.", maxTotal>>20)
		}
		if _, twice := a.parts[f.Name]; !twice {
			a.names = append(a.names, f.Name)
		}
		a.parts[f.Name] = data
	}
	slices.Sort(a.names)
	return a, nil
}

func (a *archive) recognise() error {
	text := "word/document.xml"
	switch {
	case a.parts[text] != nil:
		a.format, a.media = "docx", "word/"
	case string(bytes.TrimSpace(a.parts["mimetype"])) == "application/vnd.oasis.opendocument.text" && a.parts["content.xml"] != nil:
		a.format, text = "odt", "content.xml"
	case a.parts["xl/workbook.xml"] != nil:
		return errors.New("Das ist eine Excel-Datei. Kopieren Sie die Tabelle in ein Word-Dokument.")
	case a.parts["ppt/presentation.xml"] != nil:
		return errors.New("Das ist eine PowerPoint-Datei. Kopieren Sie den Text in ein Word-Dokument.")
	default:
		return errors.New("Das ist keine Word-Datei (.docx) und kein OpenDocument-Text (.odt).")
	}
	if len(a.parts[text]) > maxText {
		return errors.New("Der Text der Datei ist ungewöhnlich groß; teilen Sie das Dokument.")
	}
	if err := wellFormed(a.parts[text]); err != nil {
		return errDamaged
	}
	return nil
}

// wellFormed holds XML against its grammar and against nesting that no program
// writes. Entities of its own are no part of these formats.
func wellFormed(b []byte) error {
	d := xml.NewDecoder(bytes.NewReader(b))
	depth := 0
	for {
		t, err := d.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		switch t.(type) {
		case xml.Directive:
			return errDamaged
		case xml.StartElement:
			if depth++; depth > 500 {
				return errDeep
			}
		case xml.EndElement:
			depth--
		}
	}
}

// zip packs the parts again.
func (a *archive) zip() ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, n := range a.names {
		w, err := z.CreateHeader(&zip.FileHeader{Name: n, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(a.parts[n]); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

// properties are what Word knows of a document.
type properties struct {
	Title    string  `xml:"title"`
	Creator  string  `xml:"creator"`
	Modified instant `xml:"modified"`
}

// instant is a point in time in as much detail as programs give it; zero if
// there is none.
type instant struct{ time.Time }

func (i *instant) UnmarshalText(b []byte) error {
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(form, strings.TrimSpace(string(b))); err == nil {
			i.Time = t
			break
		}
	}
	return nil
}

func (a *archive) properties() properties {
	var p properties
	if xml.Unmarshal(a.parts["docProps/core.xml"], &p) != nil {
		return properties{}
	}
	p.Title, p.Creator = tidy(p.Title), tidy(p.Creator)
	return p
}

// pictures tells which relations of the text lead to a part of the file.
func (a *archive) pictures() func(relation string) bool {
	var all struct {
		Relations []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
			Mode   string `xml:"TargetMode,attr"`
		} `xml:"Relationship"`
	}
	err := xml.Unmarshal(a.parts["word/_rels/document.xml.rels"], &all)
	inside := map[string]bool{}
	for _, r := range all.Relations {
		inside[r.ID] = r.Mode != "External" && a.picture(r.Target) != nil
	}
	return func(relation string) bool { return inside[relation] || err != nil }
}

// picture is the part that a picture's name leads to.
func (a *archive) picture(name string) []byte {
	return a.parts[path.Clean(a.media+strings.TrimPrefix(name, "/word/"))]
}

var textRun = regexp.MustCompile(`<w:t(?:\s[^>]*)?>([^<]*)</w:t>`)

func textOf(x string) string {
	var b strings.Builder
	for _, m := range textRun.FindAllStringSubmatch(x, -1) {
		b.WriteString(html.UnescapeString(m[1]))
	}
	return tidy(b.String())
}

var pageNumber = regexp.MustCompile(`(?i)^[\s\d|/–-]*(?:seite)?[\s\d]*(?:von)?[\s\d|/–-]*$`)

// margins are the texts above and below every page, each once.
func (a *archive) margins() []string {
	var out []string
	for _, n := range a.names {
		if base := path.Base(n); path.Dir(n) == "word" && (strings.HasPrefix(base, "header") || strings.HasPrefix(base, "footer")) {
			if t := textOf(string(a.parts[n])); !pageNumber.MatchString(t) && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out
}

var (
	wordRun     = regexp.MustCompile(`(?s)<w:r(?:\s[^>]*)?>.*?</w:r>`)
	highlighted = regexp.MustCompile(`<w:highlight w:val="[^"n][^"]*"/>`) // not "none"
)

// highlights are the texts marked with a colour, joined where they touch.
func (a *archive) highlights() []string {
	var out []string
	last := -1
	doc := string(a.parts["word/document.xml"])
	for _, at := range wordRun.FindAllStringIndex(doc, -1) {
		r := doc[at[0]:at[1]]
		t := textOf(r)
		if !highlighted.MatchString(r) || t == "" {
			continue
		}
		if at[0] == last {
			out[len(out)-1] += " " + t
		} else {
			out = append(out, t)
		}
		last = at[1]
	}
	return out
}
