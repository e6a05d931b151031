package generator

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"regexp"
	"slices"
	"sync"

	"github.com/ag-vzkm/portal/generator/cache"
	"github.com/ag-vzkm/portal/generator/check"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// page makes one page, or keeps the one of the release before if it follows
// from the same.
func (b *build) page(j *render.Job) error {
	if !b.renderer.Owns(j) {
		return nil // another page has its address; that has been reported
	}
	name := outputFile(j.Path)
	var k *known
	var x *text
	if j.Entry != nil {
		k, x = b.texts.know(j.Entry)
	}
	p, err := b.renderer.Fill(j, shownText(k, x))
	if err != nil {
		return b.spoilt(err, j, name)
	}
	var key cache.Key
	if b.cache != nil {
		key = keyOf("page", name, j.Pos, b.keys.page(j, p, sumOf(k)))
	}
	if b.cache == nil || !b.keepPage(name, key) {
		if k != nil && x == nil { // only now is the text itself needed
			x = b.texts.convert(j.Entry)
			if p, err = b.renderer.Fill(j, x.page); err != nil {
				return b.spoilt(err, j, name)
			}
		}
		html := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(html)
		html.Reset()
		if err := b.renderer.Execute(html, j, p); err != nil {
			return b.spoilt(err, j, name)
		}
		if err := b.newPage(name, key, j, html.Bytes()); err != nil {
			return err
		}
	}
	if j.Kind != "entry" {
		return nil
	}
	for _, l := range k.Links {
		b.checker.Written(name, l.URL, l.Pos)
		if b.whole {
			b.linked.note(j.Entry, l.URL, b.base)
		}
	}
	if j.Entry.Listed() {
		return b.docs.add(j.Entry, k, x)
	}
	return nil
}

// buffers are for pages at work.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// shownText is the text as far as it is there.
func shownText(k *known, x *text) *render.Text {
	switch {
	case x != nil:
		return x.page
	case k != nil:
		return &k.Page
	}
	return nil
}

func sumOf(k *known) cache.Key {
	if k == nil {
		return cache.Key{}
	}
	return k.Sum
}

// spoilt reports a page that its template cannot make.
func (b *build) spoilt(err error, j *render.Job, name string) error {
	b.templateFault(err, j.Path)
	b.checker.File(name, nil) // links to it are not what is wrong
	return nil
}

// madePage is what is kept of a page from one build to the next.
type madePage struct {
	Sum   [sha256.Size]byte
	Facts *check.Facts
	Media []string // pictures and files that it shows
}

func (b *build) newPage(name string, key cache.Key, j *render.Job, html []byte) error {
	facts := b.checker.Scan(name, j.Pos, html)
	b.checker.Add(facts)
	b.rendered.Add(1)
	if b.cache != nil {
		var raw bytes.Buffer
		made := &madePage{sha256.Sum256(html), facts, b.mediaIn(html)}
		if err := gob.NewEncoder(&raw).Encode(made); err != nil {
			return err
		}
		b.cache.Put(key, raw.Bytes())
	}
	return b.write(name, html)
}

var mediaPath = regexp.MustCompile(`/(media/[^\s"'?#,]+)`)

// mediaIn lists the pictures and files that a page shows.
func (b *build) mediaIn(html []byte) []string {
	var out []string
	for _, m := range mediaPath.FindAllSubmatch(html, -1) {
		if p := string(m[1]); b.media.Has(p) && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// keepPage keeps a page of the release before. What the page shows has to be
// there without it, since its template is not asked.
func (b *build) keepPage(name string, key cache.Key) bool {
	var made madePage
	raw, ok := b.cache.Get(key)
	if !ok || gob.NewDecoder(bytes.NewReader(raw)).Decode(&made) != nil {
		return false
	}
	for _, m := range made.Media {
		if !b.media.Has(m) {
			return false
		}
	}
	if !b.keep(name, made.Sum) {
		return false
	}
	b.kept.Add(1)
	b.checker.Add(made.Facts)
	return true
}

// keep takes a file over from the release before.
func (b *build) keep(name string, sum [sha256.Size]byte) bool {
	size, ok := b.stage.Keep(name, sum)
	if ok {
		b.claim(name)
		b.bytes.Add(size)
		b.count.Add(1)
	}
	return ok
}

// profile notes what an entry's text is about while it is read anyway.
func (b *build) profile(e *site.Entry, body []byte) {
	key := keyOf("profile", e.Hash)
	p := &view.Profile{}
	if raw, ok := b.cache.Get(key); !ok || p.UnmarshalBinary(raw) != nil {
		p = view.NewProfile(e, body)
		if raw, err := p.MarshalBinary(); err == nil {
			b.cache.Put(key, raw)
		}
	}
	b.profiles.Store(e.Hash, p)
}

func (b *build) profileOf(e *site.Entry) *view.Profile {
	p, _ := b.profiles.Load(e.Hash)
	profile, _ := p.(*view.Profile)
	return profile
}

// show makes a page and nothing else; nil if its template cannot.
func (b *build) show(j *render.Job) []byte {
	var k *known
	var x *text
	if j.Entry != nil {
		if k, x = b.texts.know(j.Entry); x == nil {
			x = b.texts.convert(j.Entry)
		}
	}
	p, err := b.renderer.Fill(j, shownText(k, x))
	if err == nil {
		var html bytes.Buffer
		if err = b.renderer.Execute(&html, j, p); err == nil {
			return html.Bytes()
		}
	}
	b.templateFault(err, j.Path)
	b.tellFaults()
	return nil
}
