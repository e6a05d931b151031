package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/lang"
)

// mailTemplate makes the HTML of a newsletter, of tables and styles in place as
// mail programs need them.
const mailTemplate = "mail/digest.html"

// textWidth is how many characters a line of the plain text has at most.
const textWidth = 72

// Mail is the newsletter as a message: text and HTML, to be opened in a mail
// program and sent from there. The same digest gives the same bytes.
func (in *Input) Mail(d *Digest, templates fs.FS) ([]byte, error) {
	html, err := in.digestHTML(d, templates)
	if err != nil {
		return nil, err
	}
	text := in.digestText(d)
	sum := sha256.Sum256([]byte(d.Subject() + "\x00" + text + "\x00" + html))
	id := hex.EncodeToString(sum[:12])
	host := "localhost"
	if u, err := url.Parse(in.Site.Config.BaseURL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	var b bytes.Buffer
	head := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	head("From", encoded(`"`+strings.ReplaceAll(d.Site, `"`, "")+`"`, d.Site)+"\r\n <"+d.Email+">")
	head("To", "undisclosed-recipients:;")
	head("Subject", encoded(d.Subject(), d.Subject()))
	head("Date", d.Until.Format(time.RFC1123Z))
	head("Message-ID", "<"+d.Until.Format("20060102")+"."+id+"@"+host+">")
	head("List-Id", "<neues."+host+">")
	head("List-Unsubscribe", "<mailto:"+d.Email+"?subject="+url.PathEscape(in.word(d.Lang, "digest.unsubscribe"))+">")
	head("Content-Language", d.Lang)
	head("X-Unsent", "1") // mail programs open it as a draft
	head("MIME-Version", "1.0")
	head("Content-Type", `multipart/alternative;`+"\r\n"+` boundary="=_`+id+`"`)
	b.WriteString("\r\n")
	parts := multipart.NewWriter(&b)
	if err := parts.SetBoundary("=_" + id); err != nil {
		return nil, err
	}
	for _, p := range []struct{ kind, body string }{{"text/plain", text}, {"text/html", html}} {
		w, err := parts.CreatePart(textproto.MIMEHeader{"Content-Type": {p.kind + "; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"}})
		if err != nil {
			return nil, err
		}
		q := quotedprintable.NewWriter(w)
		if _, err := io.WriteString(q, p.body); err != nil {
			return nil, err
		}
		if err := q.Close(); err != nil {
			return nil, err
		}
	}
	if err := parts.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// encoded is a text for a header: plain if it is short and of ASCII, else
// encoded words (RFC 2047), each on a line of its own.
func encoded(plain, s string) string {
	if len(plain) <= encodedWidth && !strings.ContainsFunc(plain, func(r rune) bool { return r < ' ' || r > '~' || r == '\\' }) {
		return plain
	}
	var words []string
	word := ""
	for _, r := range s {
		next := string(r)
		switch {
		case r == ' ':
			next = "_"
		case !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'):
			next = ""
			for _, c := range []byte(string(r)) {
				next += fmt.Sprintf("=%02X", c)
			}
		}
		if len(word)+len(next) > encodedWidth-len("=?utf-8?q??=") {
			words = append(words, word)
			word = ""
		}
		word += next
	}
	words = append(words, word)
	return "=?utf-8?q?" + strings.Join(words, "?=\r\n =?utf-8?q?") + "?="
}

// encodedWidth is how long a line of a header is, without its name.
const encodedWidth = 66

func (in *Input) digestHTML(d *Digest, templates fs.FS) (string, error) {
	t, err := template.New("digest.html").Funcs(template.FuncMap{
		"t": func(key string, args ...any) string { return in.word(d.Lang, key, args...) },
		"mailto": func(address, subject string) template.URL {
			return template.URL("mailto:" + url.PathEscape(address) + "?subject=" + url.PathEscape(subject))
		},
	}).ParseFS(templates, mailTemplate)
	if err != nil {
		return "", fmt.Errorf("templates/%s: %w", mailTemplate, err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, d); err != nil {
		return "", fmt.Errorf("templates/%s: %w", mailTemplate, err)
	}
	return b.String(), nil
}

// digestText is the newsletter for those who read plain text.
func (in *Input) digestText(d *Digest) string {
	w := &textWriter{}
	word := func(key string, args ...any) string { return in.word(d.Lang, key, args...) }
	w.title(d.Subject(), "=")
	w.wrap("", d.Intro)
	if len(d.New) > 0 {
		w.title(word("digest.new"), "-")
	}
	for _, g := range d.New {
		w.line("")
		w.line(strings.ToUpper(g.Title))
		for _, x := range g.Items {
			w.item(x, x.Draft, x.Summary)
		}
		if g.More > 0 {
			w.line("")
			w.wrap("  ", word("digest.more", lang.Int(d.Lang, g.More)))
			w.line("  " + g.URL)
		}
	}
	if len(d.Changed) > 0 {
		w.title(word("digest.changed"), "-")
		for _, x := range d.Changed {
			w.item(x, x.Kind(), strings.Join(x.Notes, " "))
		}
	}
	if len(d.Dates) > 0 {
		w.title(d.DatesTitle, "-")
		for _, x := range d.Dates {
			w.line("")
			w.wrap("  ", "* "+x.When+": "+x.Item.Title)
			w.wrap("  ", "  "+x.What)
			w.line("  " + x.Item.URL)
		}
	}
	w.line("")
	w.line("-- ")
	w.wrap("", word("digest.why", d.Site))
	w.line(d.Home)
	if d.Follow != "" {
		w.wrap("", word("digest.follow"))
		w.line(d.Follow)
	}
	return w.b.String()
}

// Kind is what an entry is, and whether it is a draft.
func (x DigestItem) Kind() string {
	if x.Draft == "" {
		return x.Label
	}
	return x.Label + ", " + x.Draft
}

// textWriter writes lines of at most textWidth characters, addresses aside.
type textWriter struct{ b strings.Builder }

func (w *textWriter) line(s string) { w.b.WriteString(s + "\n") }

func (w *textWriter) title(s, mark string) {
	if w.b.Len() > 0 {
		w.line("")
		w.line("")
	}
	longest := 0
	for _, l := range wrapped(s, textWidth) {
		w.line(l)
		longest = max(longest, utf8.RuneCountInString(l))
	}
	w.line(strings.Repeat(mark, longest))
	if mark == "=" {
		w.line("")
	}
}

// wrap writes a paragraph; indent stands before all lines but that of a bullet.
func (w *textWriter) wrap(indent, s string) {
	bullet := ""
	if rest, ok := strings.CutPrefix(s, "* "); ok {
		bullet, s = "* ", rest
	}
	for i, l := range wrapped(s, textWidth-len(indent)) {
		if i == 0 && bullet != "" {
			w.line(bullet + l)
			continue
		}
		w.line(indent + l)
	}
}

func (w *textWriter) item(x DigestItem, kind, text string) {
	w.line("")
	w.wrap("  ", "* "+x.Title)
	if kind != "" {
		w.wrap("  ", "("+kind+")")
	}
	if text != "" {
		w.wrap("  ", text)
	}
	w.line("  " + x.URL)
}

// wrapped breaks a text at its blanks.
func wrapped(s string, width int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(strings.ReplaceAll(s, "\u00a0", " ")) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			out = append(out, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(out, line)
}
