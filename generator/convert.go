package generator

import (
	"bytes"
	"encoding/gob"
	"errors"

	"github.com/ag-vzkm/portal/generator/cache"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/markdown"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
	"github.com/ag-vzkm/portal/generator/view"
)

// text is a converted text.
type text struct {
	known
	doc  *markdown.Doc
	page *render.Text
}

// known is what is kept of a converted text from one build to the next.
type known struct {
	Sum    cache.Key   // of the HTML and the contents list
	Plain  cache.Key   // of the plain text
	Page   render.Text // without HTML and contents list
	Links  []markdown.Link
	Proses []knownProse
	Claims []markdown.Claim
	Found  []diag.Diagnostic
	// Asked are the converter's questions about the site. While their answers
	// are the same, so is the text (a verifying trace, after Mokhov, Mitchell
	// and Peyton Jones, Build Systems à la Carte, 2018).
	Asked []question
}

type knownProse struct {
	Key  site.Prose
	Made prose
}

type question struct {
	Kind         byte
	About, Place string
	Answer       cache.Key
}

// know returns what is known of an entry's text, and the text itself if it had
// to be converted for that.
func (t *texts) know(e *site.Entry) (*known, *text) {
	key := t.key(e)
	if b, ok := t.b.cache.Get(key); ok {
		k := &known{}
		if gob.NewDecoder(bytes.NewReader(b)).Decode(k) == nil && t.holds(k.Asked) {
			t.learn(e, k)
			return k, nil
		}
	}
	x := t.convert(e)
	t.learn(e, &x.known)
	var b bytes.Buffer
	if t.b.cache != nil && gob.NewEncoder(&b).Encode(x.known) == nil {
		t.b.cache.Put(key, b.Bytes())
	}
	return &x.known, x
}

// key is of all that a text follows from but the answers about the site.
func (t *texts) key(e *site.Entry) cache.Key {
	var proses []site.Prose
	e.Values.Walk(func(_ string, it site.Item) {
		for _, v := range site.Each(it.Value) {
			if p, ok := v.(site.Prose); ok {
				proses = append(proses, p)
			}
		}
	})
	return keyOf(t.bases[e.Lang], e.Hash, e.Pos.File, e.ID, e.Title, e.URL, e.Type.Claims, anchors(e), proses, sourcesOf(e))
}

// anchors are the ids that the page gives to the entry's statements.
func anchors(e *site.Entry) []string {
	var out []string
	for _, s := range view.Statements(e, e.Lang) {
		out = append(append(out, s.Anchor), s.Formerly...)
	}
	return out
}

// version is a file with what is in it.
type version struct {
	file string
	hash [32]byte
}

func (t *texts) learn(e *site.Entry, k *known) {
	for _, p := range k.Proses {
		t.proses.Store(p.Key, p.Made)
	}
	if _, again := t.told.LoadOrStore(version{e.Pos.File, e.Hash}, true); !again {
		t.b.diags.Add(k.Found...)
	}
}

// convert converts an entry's text and its markdown fields, which share a page.
func (t *texts) convert(e *site.Entry) *text {
	diags := &diag.List{Lenient: t.b.Lenient}
	ask := &asker{texts: t}
	conv := t.conv.With(ask, diags)
	body, err := source.Body(t.b.files.Content, e)
	if err != nil {
		why := "Prüfen Sie die Rechte der Datei."
		if errors.Is(err, source.ErrChanged) {
			why = "Bauen Sie noch einmal."
		}
		diags.Errorf(e.Pos, "datei-veraendert", why, "Die Datei hat sich während des Bauens geändert oder ist nicht mehr lesbar.")
	}
	in := markdown.Input{Pos: e.BodyPos, Lang: e.Lang, Body: body, Title: e.Title, Terms: t.terms[e.Lang],
		SelfID: e.ID, Sources: sourcesOf(e), Claims: e.Type.Claims, Scope: markdown.NewScope(anchors(e)...)}
	x := &text{doc: conv.Convert(in)}
	x.Claims, x.Links = x.doc.Claims, x.doc.Links
	in.Terms, in.Title = nil, ""
	e.Values.Walk(func(_ string, it site.Item) {
		for _, v := range site.Each(it.Value) {
			if p, ok := v.(site.Prose); ok {
				in.Body, in.Pos, in.Indent = []byte(p.Source), p.Pos, p.Indent
				d := conv.Convert(in)
				x.Proses = append(x.Proses, knownProse{p, prose{d.HTML, plainText(d)}})
				x.Claims, x.Links = append(x.Claims, d.Claims...), append(x.Links, d.Links...)
			}
		}
	})
	x.Page = render.Text{Terms: x.doc.Terms, Cited: in.Scope.Cited(), First: x.doc.FirstParagraph}
	page := x.Page
	page.HTML, page.Breaks = x.doc.HTML, x.doc.Breaks
	for _, h := range x.doc.Outline {
		page.Outline = append(page.Outline, render.Heading{Level: h.Level, ID: h.ID, Text: h.Text})
	}
	x.page = &page
	x.Sum, x.Plain = keyOf(page.HTML, page.Outline, page.Breaks), keyOf(x.doc.Sections)
	x.Found, x.Asked = diags.Sorted(), ask.asked
	return x
}

// asker answers a converter's questions and notes them.
type asker struct {
	*texts
	asked []question
}

func (a *asker) note(kind byte, about, place string, answer ...any) {
	a.asked = append(a.asked, question{kind, about, place, keyOf(answer...)})
}

func (a *asker) Entry(id, lang string) (markdown.Target, bool) {
	target, ok := a.texts.Entry(id, lang)
	a.note('e', id, lang, target, ok)
	return target, ok
}

func (a *asker) Suggest(id string) string {
	s := a.texts.Suggest(id)
	a.note('s', id, "", s)
	return s
}

func (a *asker) Path(file, dest string) (string, bool) {
	url, ok := a.texts.Path(file, dest)
	a.note('p', dest, file, url, ok)
	return url, ok
}

func (a *asker) Image(file, src string) (markdown.Image, error) {
	img, err := a.texts.Image(file, src)
	a.note('i', src, file, img, errorText(err))
	return img, err
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// holds asks all questions again and reports whether the answers are the same.
// Asking is also what brings the pictures and files of a text into the output.
func (t *texts) holds(asked []question) bool {
	again := &asker{texts: t, asked: make([]question, 0, len(asked))}
	for i, q := range asked {
		switch q.Kind {
		case 'e':
			again.Entry(q.About, q.Place)
		case 's':
			again.Suggest(q.About)
		case 'p':
			again.Path(q.Place, q.About)
		case 'i':
			_, _ = again.Image(q.Place, q.About)
		}
		if len(again.asked) != i+1 || again.asked[i] != q {
			return false
		}
	}
	return true
}
