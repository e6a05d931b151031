package export

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// newsletter is a digest of the sample, changed and sent.
func newsletter(t *testing.T, change func(*site.Draft, *Input), o DigestOptions) (Input, *Digest, []byte) {
	t.Helper()
	in := sample(t, change)
	in.Words = interfaceWords(t)
	d := MakeDigest(in, o)
	letter, err := in.Mail(d, os.DirFS("../../templates"))
	if err != nil {
		t.Fatal(err)
	}
	return in, d, letter
}

// interfaceWords are the program's own.
func interfaceWords(t *testing.T) *lang.Words {
	t.Helper()
	w, err := lang.Load([]string{"de", "en"}, os.DirFS("../../templates"))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func spring() DigestOptions {
	return DigestOptions{Since: date("2026-03-01"), Until: date("2026-06-01"), Lang: "de", FollowPath: "/folgen/"}
}

// parts reads a message as a mail program does.
func parts(t *testing.T, letter []byte) (head mail.Header, text, page string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%q, %v", kind, err)
	}
	r := multipart.NewReader(m.Body, params["boundary"])
	for _, to := range []*string{&text, &page} {
		p, err := r.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		if e := p.Header.Get("Content-Transfer-Encoding"); e != "quoted-printable" {
			t.Errorf("encoding %q", e)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		*to = strings.ReplaceAll(string(b), "\r\n", "\n")
	}
	if _, err := r.NextRawPart(); err != io.EOF {
		t.Errorf("a third part: %v", err)
	}
	return m.Header, text, page
}

// TestMail: a message that net/mail and mime/multipart read, with short lines
// of ASCII, the same bytes every time.
func TestMail(t *testing.T) {
	in, d, letter := newsletter(t, func(d *site.Draft, _ *Input) {
		d.Config.Title = "Bündnis für die Prüfung von Rettungsgeräten, Zelten und Übungen"
	}, spring())
	head, _, _ := parts(t, letter)
	if a, err := head.AddressList("From"); err != nil || a[0].Address != "post@ag.example" || a[0].Name != in.Site.Config.Title {
		t.Errorf("from %v, %v", a, err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(head.Get("Subject"))
	if want := in.Site.Config.Title + ": Neues vom 1. März bis 1. Juni 2026"; err != nil || subject != want {
		t.Errorf("subject %q, %v", subject, err)
	}
	if at, err := head.Date(); err != nil || !at.Equal(date("2026-06-01")) {
		t.Errorf("date %v, %v", at, err)
	}
	for _, name := range []string{"Message-Id", "List-Id", "List-Unsubscribe", "Mime-Version", "Content-Language"} {
		if head.Get(name) == "" {
			t.Errorf("no %s", name)
		}
	}
	for i, line := range bytes.Split(letter, []byte("\r\n")) {
		if len(line) > 78 || bytes.ContainsAny(line, "\r\n") || bytes.ContainsFunc(line, func(r rune) bool { return r > 126 || r < 32 && r != '\t' }) {
			t.Errorf("line %d: %q", i+1, line)
		}
	}
	if again, err := in.Mail(d, os.DirFS("../../templates")); err != nil || !bytes.Equal(again, letter) {
		t.Errorf("not the same bytes again, %v", err)
	}
}

// TestDigestText: what is new, what has changed, drafts said to be drafts; what
// is hidden, superseded or of another time is not there.
func TestDigestText(t *testing.T) {
	_, d, letter := newsletter(t, func(d *site.Draft, _ *Input) {
		d.Types[1].Home = &site.HomeBlock{View: "upcoming", Date: "tests.day"}
		change := func(day, note string) site.Value {
			f := []*site.Field{{Name: "date", Kind: site.KindDate}, {Name: "note", Kind: site.KindText}}
			return values(f, "date", site.Date{Time: date(day)}, "note", str(note))
		}
		d.Types[0].Fields = append(d.Types[0].Fields, &site.Field{Name: "changes", Kind: site.KindList})
		long := entry(d.Types[0], "lang", "de", strings.Repeat("Sehr langer Titel ", 9), date("2025-01-01"),
			"changes", list(change("2026-05-01", "Zahlen erneuert."), change("2026-07-01", "Zu spät.")))
		f := d.Types[1].Fields
		soon := entry(d.Types[1], "pruefung", "de", "Prüfung", date("2025-01-01"), "tests", list(values(f[9].Sub, "day", site.Date{Time: date("2026-07-31")}), values(f[9].Sub, "day", site.Date{Time: date("2026-08-01")})))
		d.Entries = append(d.Entries, long, soon)
	}, spring())
	_, text, _ := parts(t, letter)
	for _, line := range strings.Split(text, "\n") {
		if utf8.RuneCountInString(line) > textWidth && !strings.Contains(line, "https://") {
			t.Errorf("too wide: %q", line)
		}
	}
	var got []string
	for _, g := range d.New {
		for _, x := range g.Items {
			got = append(got, g.Title+": "+x.Title+" "+x.Draft)
		}
	}
	for _, x := range d.Changed {
		got = append(got, fmt.Sprint("changed: ", x.URL, " ", x.Notes))
	}
	for _, x := range d.Dates {
		got = append(got, "date: "+x.When+" "+x.Item.Title)
	}
	want := []string{"Papiere: Noch offen Entwurf zur Diskussion", "Papiere: Für die Krise – „bereit“ & sicher? ",
		"Geräte: Zweites Zelt ", "Geräte: =Zelt; \"groß\" ", "changed: https://probe.example/papiere/lang/ [Zahlen erneuert.]", "date: 31.\u00a0Juli 2026 Prüfung"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, s := range []string{"Zahlen erneuert.", "* 31. Juli 2026: Prüfung", "https://probe.example/folgen/", "\n-- \n"} {
		if !strings.Contains(text, s) {
			t.Errorf("the text lacks %q", s)
		}
	}
}

// TestDigestHTML: headings without gaps, every link absolute, nothing that is
// loaded from anywhere, and what entries say is text.
func TestDigestHTML(t *testing.T) {
	_, _, letter := newsletter(t, func(d *site.Draft, _ *Input) {
		d.Entries = append(d.Entries, entry(d.Types[0], "boese", "de", `<img src="x"> & "`, date("2026-05-30")))
	}, spring())
	_, _, page := parts(t, letter)
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	level, links := 0, 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "img", "script", "link", "style", "iframe":
			t.Errorf("there is a %s", n.Data)
		case "h1", "h2", "h3", "h4":
			if l := int(n.Data[1] - '0'); l > level+1 {
				t.Errorf("h%d after h%d", l, level)
			} else {
				level = l
			}
		case "html":
			if len(n.Attr) == 0 || n.Attr[0].Val != "de" {
				t.Error("no language")
			}
		case "table":
			if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "role" && a.Val == "presentation" }) {
				t.Error("a table that is not for layout")
			}
		}
		for _, a := range n.Attr {
			if a.Key == "href" {
				links++
				if !strings.HasPrefix(a.Val, "https://probe.example/") && !strings.HasPrefix(a.Val, "mailto:") {
					t.Errorf("link to %s", a.Val)
				}
			}
		}
	}
	if links < 5 || !strings.Contains(page, "&lt;img src=") {
		t.Errorf("%d links", links)
	}
}

// TestDigestOfATopic: only what carries it; of many new entries the first, and
// how many more there are; nothing at all is empty.
func TestDigestOfATopic(t *testing.T) {
	o := spring()
	in := sample(t, func(d *site.Draft, _ *Input) {
		for i := range 20 {
			d.Entries = append(d.Entries, entry(d.Types[1], fmt.Sprintf("g%02d", i), "de", "Gerät", date("2026-05-01"), "topics", list(tag("technik"))))
		}
	})
	in.Words = interfaceWords(t)
	o.Topic = in.Site.Taxonomy("thema").Terms[1]
	d := MakeDigest(in, o)
	if len(d.New) != 1 || len(d.New[0].Items) != digestItems || d.New[0].More != 21-digestItems || d.Subject() != "Probe – Technik: Neues vom 1. März bis 1. Juni 2026" {
		t.Errorf("%q: %+v", d.Subject(), d.New)
	}
	o.Since, o.Until = date("2020-01-01"), date("2020-01-02")
	if d := MakeDigest(in, o); !d.Empty() {
		t.Errorf("not empty: %+v", d)
	}
}
