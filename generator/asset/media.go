package asset

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// Image is a picture of the output. Variants are the candidates of a srcset,
// smallest first, the picture itself among them unless it is very large; it
// is empty when there is nothing to choose.
type Image struct {
	URL, Path     string
	Width, Height int
	Variants      []Variant
}

// Variant is a picture scaled to Width pixels.
type Variant struct {
	URL, Path string
	Width     int
}

// Download is a file of the output that readers save.
type Download struct {
	URL, Path string
	Size      int64
}

// Error is what an editor reads when a picture or file cannot be used. Unwrap
// gives the cause; errors.Is(err, fs.ErrNotExist) tells a missing file.
type Error struct {
	Text string
	Hint string // what to do, or ""
	Err  error
}

func (e *Error) Error() string { return e.Text }
func (e *Error) Unwrap() error { return e.Err }

// Advice is the hint.
func (e *Error) Advice() string { return e.Hint }

const (
	maxImageBytes = 20 << 20
	maxFileBytes  = 100 << 20
	// madeBy is part of every name: who changes how pictures are made raises
	// it, and no reader keeps an old one.
	madeBy = "1"
)

// Cache keeps what was made of pictures, by their content, from one build to
// the next. The zero Cache is ready to use.
type Cache struct {
	Store Store // for builds of other processes; may be nil

	mu   sync.Mutex
	made map[string]*once[picture]
	// Two at a time: a picture of 50 megapixels takes 200 MB while at work.
	work chan struct{}
}

// Store keeps bytes by a hash of what they were made from. It may forget
// anything at any time, and is used by many goroutines at once.
type Store interface {
	Get(key [sha256.Size]byte) (value []byte, ok bool)
	Put(key [sha256.Size]byte, value []byte)
}

// Media makes pictures and files for the pages of one build. Its methods may
// be called by many goroutines.
type Media struct {
	base  string
	cache *Cache

	mu     sync.Mutex
	images map[string]*once[Image]
	downs  map[string]*once[Download]
	files  map[string][]byte
}

// NewMedia starts a build. base is the base path of the site; cache may be nil.
func NewMedia(base string, cache *Cache) *Media {
	if cache == nil {
		cache = &Cache{}
	}
	return &Media{base: base, cache: cache, images: map[string]*once[Image]{}, downs: map[string]*once[Download]{}, files: map[string][]byte{}}
}

// Image makes the picture at name ready. fsys must be the same in every call.
func (m *Media) Image(fsys fs.FS, name string) (Image, error) {
	return shared(&m.mu, m.images, name).do(func() (Image, error) {
		data, err := read(fsys, name, "Bild", maxImageBytes)
		if err != nil {
			return Image{}, err
		}
		p, err := m.cache.picture(name, data)
		if err != nil {
			return Image{}, err
		}
		return m.add(p, stem(name, data)), nil
	})
}

// downloads are the kinds of files that a page may offer. What a browser would
// run in the site's name is not among them.
var downloads = []string{".pdf", ".zip", ".odt", ".ods", ".odp", ".docx", ".xlsx", ".pptx", ".rtf", ".epub", ".csv", ".txt", ".json", ".geojson", ".gpx",
	".ics", ".vcf", ".bib", ".ris", ".mp3", ".mp4", ".webm", ".ogg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"}

// File makes the file at name ready. A picture loses its metadata here, too.
func (m *Media) File(fsys fs.FS, name string) (Download, error) {
	return shared(&m.mu, m.downs, name).do(func() (Download, error) {
		ext := strings.ToLower(path.Ext(name))
		if !slices.Contains(downloads, ext) {
			return Download{}, &Error{Text: fmt.Sprintf("Dateien mit der Endung „%s“ werden nicht veröffentlicht, denn sie können im Browser oder auf dem Rechner etwas ausführen: „%s“.", ext, name),
				Hint: "Bieten Sie die Datei als PDF oder gepackt als ZIP-Datei an."}
		}
		data, err := read(fsys, name, "Datei", maxFileBytes)
		if err != nil {
			return Download{}, err
		}
		if sniff(data) != "" || ext == ".svg" {
			img, err := m.Image(fsys, name)
			if err != nil {
				return Download{}, err
			}
			m.mu.Lock()
			defer m.mu.Unlock()
			return Download{URL: img.URL, Path: img.Path, Size: int64(len(m.files[img.Path]))}, nil
		}
		p := "media/" + stem(name, data) + slug(ext, ".")
		m.mu.Lock()
		defer m.mu.Unlock()
		m.files[p] = data
		return Download{URL: m.base + "/" + p, Path: p, Size: int64(len(data))}, nil
	})
}

// Has reports whether a file of the output, by its path, was asked for so far.
func (m *Media) Has(path string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.files[path]
	return ok
}

// Files returns what was asked for so far, by path.
func (m *Media) Files() []File {
	m.mu.Lock()
	defer m.mu.Unlock()
	files := make([]File, 0, len(m.files))
	for p, data := range m.files {
		files = append(files, File{p, data})
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return files
}

// keepInSrcset is the width up to which the picture itself is offered to every
// reader; a larger one is there for those who open it.
const keepInSrcset = 1920

func (m *Media) add(p picture, stem string) Image {
	main := "media/" + stem + p.Ext
	img := Image{URL: m.base + "/" + main, Path: main, Width: p.Width, Height: p.Height}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.files[main] = p.Data
	for _, v := range p.Variants {
		vp := fmt.Sprintf("media/%s-%d%s", stem, v.Width, p.Ext)
		m.files[vp] = v.Data
		img.Variants = append(img.Variants, Variant{URL: m.base + "/" + vp, Path: vp, Width: v.Width})
	}
	if len(img.Variants) > 0 && p.Width <= keepInSrcset {
		img.Variants = append(img.Variants, Variant{URL: img.URL, Path: main, Width: p.Width})
	}
	return img
}

func (c *Cache) picture(name string, data []byte) (picture, error) {
	c.mu.Lock()
	if c.made == nil {
		c.made = map[string]*once[picture]{}
		c.work = make(chan struct{}, 2)
	}
	c.mu.Unlock()
	sum := sha256.Sum256(data)
	p, err := shared(&c.mu, c.made, string(sum[:])).do(func() (picture, error) {
		c.work <- struct{}{}
		defer func() { <-c.work }()
		return c.make(data)
	})
	if e, ok := errors.AsType[*Error](err); ok {
		// The same bytes may lie under several names.
		return picture{}, &Error{Text: fmt.Sprintf("Das Bild „%s“ %s", name, e.Text), Hint: e.Hint, Err: e.Err}
	}
	return p, err
}

// make makes a picture, or takes it from the store. Only those of which there
// are variants are dear enough to be kept.
func (c *Cache) make(data []byte) (picture, error) {
	if c.Store == nil {
		return makePicture(data)
	}
	key := sha256.Sum256(append([]byte("picture "+madeBy+" "), data...))
	if raw, ok := c.Store.Get(key); ok {
		var p picture
		if json.Unmarshal(raw, &p) == nil {
			return p, nil
		}
	}
	p, err := makePicture(data)
	if err == nil && len(p.Variants) > 0 {
		if raw, err := json.Marshal(p); err == nil {
			c.Store.Put(key, raw)
		}
	}
	return p, err
}

// once is a result that many ask for and one makes.
type once[T any] struct {
	sync.Once
	v   T
	err error
}

func (o *once[T]) do(f func() (T, error)) (T, error) {
	o.Do(func() { o.v, o.err = f() })
	return o.v, o.err
}

func shared[T any](mu *sync.Mutex, m map[string]*once[T], key string) *once[T] {
	mu.Lock()
	defer mu.Unlock()
	if m[key] == nil {
		m[key] = &once[T]{}
	}
	return m[key]
}

func read(fsys fs.FS, name, what string, limit int64) ([]byte, error) {
	article := map[string]string{"Bild": "Das Bild", "Datei": "Die Datei"}[what]
	f, err := fsys.Open(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, &Error{Text: fmt.Sprintf("%s „%s“ gibt es nicht.", article, name), Err: fs.ErrNotExist,
			Hint: "Bitte Schreibweise und Ordner prüfen; Groß- und Kleinschreibung zählen."}
	}
	if err != nil {
		return nil, &Error{Text: fmt.Sprintf("%s „%s“ lässt sich nicht öffnen.", article, name), Err: err}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, &Error{Text: fmt.Sprintf("%s „%s“ lässt sich nicht lesen.", article, name), Err: err}
	}
	if int64(len(data)) > limit {
		return nil, &Error{Text: fmt.Sprintf("%s „%s“ ist größer als %d MB.", article, name, limit>>20),
			Hint: "Bitte verkleinern oder stärker komprimieren."}
	}
	return data, nil
}

// stem is the part of a name in media/ that says what it is and which version.
func stem(name string, data []byte) string {
	h := sha256.New()
	h.Write([]byte(madeBy))
	h.Write(data)
	base := slug(strings.TrimSuffix(path.Base(name), path.Ext(name)), "-")
	return hex.EncodeToString(h.Sum(nil)[:4]) + "-" + cmp.Or(base, "datei")
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss",
	"a\u0308", "ae", "o\u0308", "oe", "u\u0308", "ue") // as macOS writes them

// slug keeps letters and digits of ASCII and keep; anything else is a hyphen.
func slug(s, keep string) string {
	s = umlauts.Replace(strings.ToLower(s))
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', strings.ContainsRune(keep, r) && r != '-':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimRight(b.String()[:min(b.Len(), 80)], "-")
}
