package generator

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io/fs"
	"maps"
	"math"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ag-vzkm/portal/generator/cache"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
)

// keys tells whether a page is still what it was: its key is a hash of all that
// its template can reach. What a template reads of the entry shown or of one
// on a card is in the key with all its fields, of entries these refer to with
// theirs, and beyond that only title and address. Templates that read more are
// found by their words (far), and their pages follow from everything.
type keys struct {
	b      *build
	words  cache.Key // words of the interface
	global cache.Key // what all pages have in common
	all    func() cache.Key

	mu       sync.Mutex
	types    map[string]cache.Key
	patterns map[string]cache.Key // of template files
	faces    map[*site.Entry]cache.Key
	cores    map[*site.Entry]cache.Key
}

func newKeys(b *build) *keys {
	k := &keys{b: b, types: map[string]cache.Key{}, patterns: map[string]cache.Key{}, faces: map[*site.Entry]cache.Key{}, cores: map[*site.Entry]cache.Key{}}
	k.words = filesKey(b.files.Templates, "i18n/*")
	k.all = sync.OnceValue(func() cache.Key {
		parts := []any{b.inputs.Content, b.inputs.Own, b.now.UnixNano(), b.head}
		for _, e := range b.site.Entries { // as they were read, a moment later
			parts = append(parts, e.Hash)
		}
		return keyOf(parts...)
	})
	return k
}

// setGlobal is called when assets have been made and the configuration is known.
func (k *keys) setGlobal(assets render.Assets) {
	b := k.b
	y, m, d := b.now.Date()
	config := *b.site.Config
	config.Location, config.KeyPos, config.Links = nil, nil, site.Links{} // no page shows them
	k.global = keyOf("page", k.words, config, b.site.Config.Location.String(), assets, b.base, b.private(), y, int(m), d, b.Lenient,
		filesKey(b.files.Templates, "layout.html", "components/*/*.html", "fields/*.html", "types/common.yaml", "taxonomies/*"))
}

// page is the key of a page. text is the hash of its entry's text, which need
// not be in p.
func (k *keys) page(j *render.Job, p *render.Page, text cache.Key) cache.Key {
	template := []string{"layout.html", "components/*/*.html", "pages/" + j.Kind + ".html"}
	switch j.Kind {
	case "entry":
		template = append(template, "types/"+j.Entry.Type.Name+"/page.html")
	case "view": // whose words come from the definitions of any types
		template = append(template, "views/"+p.View.Form+"/*.html", "views/views.yaml", "types/*/type.yaml")
	}
	outline, contents := p.Outline, p.Contents
	p.Outline, p.Contents = nil, nil
	if p.Entry != nil {
		body := p.Entry.Body
		p.Entry.Body = ""
		defer func() { p.Entry.Body = body }()
	}
	h := newHasher(k)
	h.add(reflect.ValueOf(p))
	p.Outline, p.Contents = outline, contents
	return keyOf(k.global, k.template(template), text, h.sum())
}

// Words of templates: near ones are taken out first, far ones then reach beyond
// what is in the key. deepWords follow a reference and read on from there: more
// than the title of what is referred to at the second step is in no key.
var (
	nearWords = regexp.MustCompile(`\.In (?:\$|\$?\.)[lL]ang\b|\.Site\.Config\b`)
	farWords  = regexp.MustCompile(`\.(?:In|Out|Translations|Entries|Hash|Example|Site)\b|\b(?:picture|download) +[.$(]|\| *(?:picture|download)\b|"search-results"`)
	deepWords = regexp.MustCompile(`(?s)\b(?:Get|Values|itemsof)\b.*(?:\btemplate\b|[^$]\.Entry\b.*\b(?:Get|Values|itemsof|template)\b)`)
)

// far reports whether a template reaches beyond what is in the key. It may be
// called far and not be so, which costs time only.
func far(text string) bool {
	text = nearWords.ReplaceAllString(text, "")
	return farWords.MatchString(text) || slices.ContainsFunc(strings.Split(text, "{{define"), deepWords.MatchString)
}

// template is the key of the files that a page is made with.
func (k *keys) template(patterns []string) cache.Key {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.files(patterns...)
}

// files is the key of the files that patterns name, and of everything if one of
// them is far. The built-in ones keep to what they are given, but that the
// search page names the fields of all types. Whoever calls holds the lock.
func (k *keys) files(patterns ...string) cache.Key {
	var parts []any
	for _, p := range patterns {
		key, ok := k.patterns[p]
		if !ok {
			key = filesKey(k.b.files.Templates, p)
			for _, f := range glob(k.b.files.Templates, p) {
				switch own := k.ownTemplate(f); {
				case own == "" && (f == "pages/search.html" || f == "pages/notfound.html"):
					key = keyOf(key, filesKey(k.b.files.Templates, "types/*/type.yaml"))
				case far(own):
					key = keyOf(key, k.all())
				}
			}
			k.patterns[p] = key
		}
		parts = append(parts, key)
	}
	return keyOf(parts...)
}

// ownTemplate is the text of a template that is not a built-in one.
func (k *keys) ownTemplate(file string) string {
	if path.Ext(file) != ".html" {
		return ""
	}
	b, _ := fs.ReadFile(k.b.files.Templates, file)
	if builtin, err := fs.ReadFile(k.b.files.BuiltinTemplates, file); err == nil && bytes.Equal(builtin, b) {
		return ""
	}
	return string(b)
}

func glob(fsys fs.FS, pattern string) []string {
	files, _ := fs.Glob(fsys, pattern) // the patterns are our own
	return files
}

// typeKey is the key of a type's definition and its card.
func (k *keys) typeKey(name string) cache.Key {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.types[name]
	if !ok {
		files := []string{"types/" + name + "/type.yaml", "types/" + name + "/card.html"}
		if t := k.b.site.Type(name); t != nil { // conditions are put into words with the fields they speak of
			for _, other := range spokenOf(t.Fields) {
				files = append(files, "types/"+other+"/type.yaml")
			}
		}
		key = k.files(append(files, "fields/*.html")...)
		k.types[name] = key
	}
	return key
}

// spokenOf are the types whose fields conditions speak of.
func spokenOf(fields []*site.Field) []string {
	var out []string
	for _, f := range fields {
		if f.Of != "" {
			out = append(out, f.Of)
		}
		out = append(out, spokenOf(f.Sub)...)
	}
	return out
}

// face is the key of an entry as cards and its own page show it.
func (k *keys) face(e *site.Entry) cache.Key {
	return k.memo(k.faces, e, func(h *hasher) {
		core := k.core(e)
		h.buf = append(h.buf, core[:]...)
		for _, to := range e.Out {
			core := k.core(to.To)
			h.buf = append(h.buf, core[:]...)
		}
	})
}

// core is the key of what an entry says itself. What it refers to counts by
// title and address.
func (k *keys) core(e *site.Entry) cache.Key {
	return k.memo(k.cores, e, func(h *hasher) {
		t := k.typeKey(e.Type.Name)
		h.buf = append(h.buf, t[:]...)
		bare := *e
		bare.Type, bare.Out, bare.In, bare.Translations, bare.Hash = nil, nil, nil, nil, [32]byte{}
		h.add(reflect.ValueOf(bare))
	})
}

func (k *keys) memo(known map[*site.Entry]cache.Key, e *site.Entry, make func(*hasher)) cache.Key {
	k.mu.Lock()
	key, ok := known[e]
	k.mu.Unlock()
	if ok {
		return key
	}
	h := newHasher(k)
	make(h)
	key = h.sum()
	k.mu.Lock()
	known[e] = key
	k.mu.Unlock()
	return key
}

// filesKey is the key of the files that patterns name, with their names.
func filesKey(fsys fs.FS, patterns ...string) cache.Key {
	var parts []any
	for _, p := range patterns {
		for _, f := range glob(fsys, p) {
			b, _ := fs.ReadFile(fsys, f)
			parts = append(parts, f, b)
		}
	}
	return keyOf(parts...)
}

// keyOf hashes values of any types but those that point into a site.
func keyOf(values ...any) cache.Key {
	h := newHasher(nil)
	for _, v := range values {
		h.add(reflect.ValueOf(v))
	}
	return h.sum()
}

func hexKey(k cache.Key) string { return hex.EncodeToString(k[:]) }

// hasher writes values so that different ones are different bytes.
type hasher struct {
	keys *keys // nil where no entries are met
	buf  []byte
}

// hashers are used again, for their buffers.
var hashers = sync.Pool{New: func() any { return new(hasher) }}

func newHasher(k *keys) *hasher {
	h := hashers.Get().(*hasher)
	h.keys = k
	return h
}

// sum ends a hasher's work.
func (h *hasher) sum() cache.Key {
	sum := sha256.Sum256(h.buf)
	h.keys, h.buf = nil, h.buf[:0]
	hashers.Put(h)
	return sum
}

func (h *hasher) text(s string) {
	h.buf = binary.AppendUvarint(h.buf, uint64(len(s)))
	h.buf = append(h.buf, s...)
}

func (h *hasher) add(v reflect.Value) {
	if !v.IsValid() {
		h.buf = append(h.buf, 0)
		return
	}
	if h.special(v) {
		return
	}
	h.buf = append(h.buf, byte(v.Kind()))
	switch v.Kind() {
	case reflect.String:
		h.text(v.String())
	case reflect.Bool:
		h.buf = append(h.buf, map[bool]byte{true: 1}[v.Bool()])
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		h.buf = binary.AppendVarint(h.buf, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		h.buf = binary.AppendUvarint(h.buf, v.Uint())
	case reflect.Float32, reflect.Float64:
		h.buf = binary.LittleEndian.AppendUint64(h.buf, math.Float64bits(v.Float()))
	case reflect.Slice, reflect.Array:
		h.list(v)
	case reflect.Struct:
		for i := range v.NumField() {
			// What a template cannot reach but through methods follows from the
			// rest: what the renderer has made for several pages at once.
			if h.keys == nil || v.Type().Field(i).IsExported() {
				h.add(v.Field(i))
			}
		}
	case reflect.Map:
		h.dict(v)
	case reflect.Interface:
		if !v.IsNil() {
			h.text(v.Elem().Type().String())
		}
		h.add(v.Elem())
	case reflect.Pointer:
		h.add(v.Elem()) // not valid, and so 0, for nil
	default:
		panic("generator: no key of " + v.Type().String())
	}
}

func (h *hasher) list(v reflect.Value) {
	h.buf = binary.AppendUvarint(h.buf, uint64(v.Len()))
	if v.Type().Elem().Kind() == reflect.Uint8 && (v.Kind() == reflect.Slice || v.CanAddr()) {
		h.buf = append(h.buf, v.Bytes()...)
		return
	}
	for i := range v.Len() {
		h.add(v.Index(i))
	}
}

func (h *hasher) dict(v reflect.Value) {
	all := map[string]reflect.Value{}
	for it := v.MapRange(); it.Next(); {
		all[it.Key().String()] = it.Value() // all our maps have strings as keys
	}
	h.buf = binary.AppendUvarint(h.buf, uint64(len(all)))
	for _, k := range slices.Sorted(maps.Keys(all)) {
		h.text(k)
		h.add(all[k])
	}
}

var (
	timeType  = reflect.TypeFor[time.Time]()
	entryType = reflect.TypeFor[*site.Entry]()
	refType   = reflect.TypeFor[*site.Ref]()
	proseType = reflect.TypeFor[site.Prose]()
	imageType = reflect.TypeFor[site.Image]()
	fileType  = reflect.TypeFor[site.File]()
	// These are in the key by way of an entry or in all keys; a name will do.
	named = map[reflect.Type]func(any) string{
		reflect.TypeFor[*site.Type]():     func(v any) string { return v.(*site.Type).Name },
		reflect.TypeFor[*site.Field]():    func(v any) string { return v.(*site.Field).Name },
		reflect.TypeFor[*site.Taxonomy](): func(v any) string { return v.(*site.Taxonomy).Name },
		reflect.TypeFor[*site.Term]():     func(v any) string { t := v.(*site.Term); return t.Taxonomy.Name + "/" + t.ID },
		reflect.TypeFor[*site.Site]():     func(any) string { return "" },
	}
)

// special writes what has a form of its own.
func (h *hasher) special(v reflect.Value) bool {
	t := v.Type()
	if t == timeType {
		at := v.Interface().(time.Time)
		h.buf = binary.AppendVarint(h.buf, at.Unix())
		h.buf = binary.AppendVarint(h.buf, int64(at.Nanosecond()))
		h.text(at.Location().String())
		return true
	}
	if h.keys == nil {
		return false
	}
	if name := named[t]; name != nil {
		if !v.IsNil() {
			h.text(name(v.Interface()))
			if t, ok := v.Interface().(*site.Type); ok {
				key := h.keys.typeKey(t.Name)
				h.buf = append(h.buf, key[:]...)
			}
		}
		return true
	}
	switch t {
	case entryType:
		if !v.IsNil() {
			key := h.keys.face(v.Interface().(*site.Entry))
			h.buf = append(h.buf, key[:]...)
		}
	case refType:
		r := v.Interface().(*site.Ref)
		h.text(r.ID)
		if e := r.Entry; e != nil {
			h.text(e.Title)
			h.text(e.URL)
			h.text(e.Lang)
		}
	case proseType:
		p := h.keys.b.texts.proseOf(v.Interface().(site.Prose))
		h.text(p.HTML)
		h.text(p.Plain)
	case imageType, fileType:
		h.media(v.Interface())
	default:
		return false
	}
	return true
}

// media is a picture or file with what is in it.
func (h *hasher) media(v any) {
	var src, file string
	switch v := v.(type) {
	case site.Image:
		src, file = v.Src, v.Pos.File
		for _, s := range []string{v.Alt, v.Caption, v.Credit} {
			h.text(s)
		}
	case site.File:
		src, file = v.Src, v.Pos.File
		h.text(v.Title)
	}
	h.text(src)
	if p, ok := contentPath(file, src); ok {
		sum := h.keys.b.inputs.Files["content/"+p]
		h.buf = append(h.buf, sum[:]...)
	}
}
