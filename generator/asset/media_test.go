package asset

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io/fs"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"golang.org/x/image/webp"
)

const secret = "Geheimer Ort 52.52N 13.40E"

// photo is a picture whose left upper quarter is red.
func photo(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(x * 255 / w), uint8((x ^ y) & 31), uint8(y * 255 / h), 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{255, 0, 0, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// exif is a TIFF block with an orientation and something to hide.
func exif(orientation int) []byte {
	b := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	b[19] = byte(orientation)
	return append(b, secret...)
}

func jpegFile(w, h, orientation int) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, photo(w, h), &jpeg.Options{Quality: 95})
	segment := func(marker byte, data string) []byte {
		return append([]byte{0xff, marker, byte((len(data) + 2) >> 8), byte(len(data) + 2)}, data...)
	}
	return bytes.Join([][]byte{b.Bytes()[:2],
		segment(0xe1, "Exif\x00\x00"+string(exif(orientation))),
		segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret),
		segment(0xe2, "ICC_PROFILE\x00\x01\x01profil"),
		segment(0xed, secret), segment(0xfe, secret),
		b.Bytes()[2:], []byte(secret + "\xff\xd9")}, nil)
}

func pngFile(w, h, orientation int) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, photo(w, h))
	chunk := func(name, data string) []byte {
		c := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		c = append(c, name+data...)
		return binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
	}
	return bytes.Join([][]byte{b.Bytes()[:33], chunk("gAMA", "\x00\x00\xb1\x8f"), chunk("tEXt", "Comment\x00"+secret),
		chunk("iTXt", secret), chunk("tIME", "\x07\xea\x01\x01\x01\x01\x01"), chunk("eXIf", string(exif(orientation))),
		b.Bytes()[33:], []byte(secret)}, nil)
}

func gifFile() []byte {
	m := image.NewPaletted(image.Rect(0, 0, 3, 2), color.Palette{color.Black, color.White})
	var b bytes.Buffer
	_ = gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{m, m}, Delay: []int{5, 5}})
	raw := b.Bytes()
	comment := append([]byte{0x21, 0xfe, byte(len(secret))}, secret+"\x00"...)
	xmp := append([]byte{0x21, 0xff, 11}, "XMP DataXMP"...)
	xmp = append(append(xmp, byte(len(secret))), secret+"\x00"...)
	at := len(raw) - 1
	return bytes.Join([][]byte{raw[:at], comment, xmp, raw[at:], []byte(secret)}, nil)
}

// webpFile is one pixel without loss, in the extended format.
func webpFile(orientation int) []byte {
	pixel := []byte("VP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	chunk := func(name string, data []byte) []byte {
		c := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data)))
		c = append(c, data...)
		return append(c, make([]byte, len(data)&1)...)
	}
	body := bytes.Join([][]byte{chunk("VP8X", []byte{0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0}), pixel, chunk("EXIF", exif(orientation)), chunk("XMP ", []byte(secret))}, nil)
	return append(append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+4)), "WEBP"...), append(body, secret...)...)
}

func media(files map[string][]byte) (*Media, fs.FS) {
	fsys := fstest.MapFS{}
	for n, data := range files {
		fsys[n] = &fstest.MapFile{Data: data}
	}
	return NewMedia("/sub", nil), fsys
}

func TestMetadataIsGone(t *testing.T) {
	m, fsys := media(map[string][]byte{"a.jpg": jpegFile(600, 400, 1), "b.png": pngFile(600, 400, 1), "c.gif": gifFile(), "d.webp": webpFile(1),
		"gedreht.jpg": jpegFile(600, 400, 6), "gedreht.png": pngFile(600, 400, 8),
		"e.svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="x" i:name="` + secret + `" width="1" height="1"><!-- ` + secret + ` --><metadata>` + secret + `</metadata><i:x><g>` + secret + `</g></i:x><image href="data:image/jpeg;base64,` + base64.StdEncoding.EncodeToString(jpegFile(9, 9, 1)) + `"/></svg>`)})
	for _, n := range []string{"a.jpg", "b.png", "c.gif", "d.webp", "e.svg", "gedreht.jpg", "gedreht.png"} {
		if !bytes.Contains(mustRead(fsys, n), []byte(secret)) {
			t.Fatalf("%s has nothing to hide", n)
		}
		if _, err := m.Image(fsys, n); err != nil {
			t.Errorf("%s: %v", n, err)
		}
	}
	files := m.Files()
	if len(files) < 8 {
		t.Errorf("%d files", len(files))
	}
	for _, f := range files {
		if bytes.Contains(f.Data, []byte("Geheim")) || bytes.Contains(f.Data, []byte("Exif")) || bytes.Contains(f.Data, []byte("eXIf")) {
			t.Errorf("%s still has its metadata", f.Path)
		}
		switch path.Ext(f.Path) {
		case ".jpg":
			if _, err := jpeg.Decode(bytes.NewReader(f.Data)); err != nil || !bytes.Contains(f.Data, []byte("ICC_PROFILE")) {
				t.Errorf("%s: %v, or no colour profile", f.Path, err)
			}
		case ".png":
			if _, err := png.Decode(bytes.NewReader(f.Data)); err != nil || !bytes.Contains(f.Data, []byte("gAMA")) {
				t.Errorf("%s: %v, or no gamma", f.Path, err)
			}
		case ".gif":
			if g, err := gif.DecodeAll(bytes.NewReader(f.Data)); err != nil || len(g.Image) != 2 || !bytes.Contains(f.Data, []byte("NETSCAPE")) {
				t.Errorf("%s: %v, or it moves no more", f.Path, err)
			}
		case ".webp":
			if _, err := webp.Decode(bytes.NewReader(f.Data)); err != nil || f.Data[20]&0x0c != 0 {
				t.Errorf("%s: %v", f.Path, err)
			}
		case ".svg":
			if !bytes.Contains(f.Data, []byte(`<image href="data:image/jpeg;base64,`)) {
				t.Errorf("%s has lost its picture: %s", f.Path, f.Data)
			}
		}
	}
}

func TestVariants(t *testing.T) {
	m, fsys := media(map[string][]byte{"bilder/Übersicht der  Häuser.JPG": jpegFile(1500, 1000, 0), "klein.png": pngFile(480, 10, 0), "breit.jpg": jpegFile(2000, 100, 0)})
	img, err := m.Image(fsys, "bilder/Übersicht der  Häuser.JPG")
	if err != nil {
		t.Fatal(err)
	}
	stem := strings.TrimSuffix(path.Base(img.Path), "-uebersicht-der-haeuser.jpg")
	if len(stem) != 8 || img.URL != "/sub/"+img.Path || img.Width != 1500 || img.Height != 1000 {
		t.Errorf("got %+v", img)
	}
	var got []string
	for _, v := range img.Variants {
		got = append(got, fmt.Sprintf("%d %s", v.Width, strings.TrimPrefix(v.URL, "/sub/media/"+stem)))
	}
	want := "[480 -uebersicht-der-haeuser-480.jpg 960 -uebersicht-der-haeuser-960.jpg 1440 -uebersicht-der-haeuser-1440.jpg 1500 -uebersicht-der-haeuser.jpg]"
	if fmt.Sprint(got) != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
	for _, f := range m.Files() {
		if c, _, err := image.DecodeConfig(bytes.NewReader(f.Data)); err != nil || strings.HasSuffix(f.Path, "-960.jpg") && (c.Width != 960 || c.Height != 640) {
			t.Errorf("%s: %v %v", f.Path, c, err)
		}
	}
	if img, err = m.Image(fsys, "klein.png"); err != nil || len(img.Variants) > 0 {
		t.Errorf("scaled up: %+v, %v", img, err)
	}
	if img, err = m.Image(fsys, "breit.jpg"); err != nil || len(img.Variants) != 3 {
		t.Errorf("a very large one is offered to all: %+v, %v", img, err)
	}
}

func TestOrientation(t *testing.T) {
	// Where the red quarter of an upright 40 × 20 picture is to be found.
	for o, want := range map[int]image.Point{1: {5, 5}, 2: {35, 5}, 3: {35, 15}, 4: {5, 15}, 5: {5, 5}, 6: {15, 5}, 7: {15, 35}, 8: {5, 35}} {
		m, fsys := media(map[string][]byte{"a.jpg": jpegFile(40, 20, o), "a.png": pngFile(40, 20, o)})
		for _, n := range []string{"a.jpg", "a.png"} {
			img, err := m.Image(fsys, n)
			if err != nil {
				t.Fatal(err)
			}
			if upright := o < 5; upright != (img.Width == 40 && img.Height == 20) {
				t.Errorf("%s, orientation %d: %d × %d", n, o, img.Width, img.Height)
			}
			for _, f := range m.Files() {
				if f.Path != img.Path {
					continue
				}
				pic, _, err := image.Decode(bytes.NewReader(f.Data))
				if err != nil {
					t.Fatal(err)
				}
				if r, g, b, _ := pic.At(want.X, want.Y).RGBA(); r < 0xd000 || g > 0x4000 || b > 0x4000 {
					t.Errorf("%s, orientation %d: red is not at %v", n, o, want)
				}
			}
		}
	}
}

func TestRefusedPictures(t *testing.T) {
	huge := pngFile(1, 1, 1)
	binary.BigEndian.PutUint32(huge[16:], 9000)
	binary.BigEndian.PutUint32(huge[20:], 9000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	svg := func(inner string) []byte {
		return []byte("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>\n" + inner + "</svg>")
	}
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"gross.png", huge, "Das Bild „gross.png“ hat 9000 × 9000 Pixel; mehr als 50 Millionen sind zu viel."},
		{"schwer.jpg", make([]byte, maxImageBytes+1), "Das Bild „schwer.jpg“ ist größer als 20 MB."},
		{"halb.jpg", jpegFile(200, 200, 1)[:6000], "Das Bild „halb.jpg“ ist beschädigt oder unvollständig."},
		{"halb.png", pngFile(200, 200, 1)[:1000], "Das Bild „halb.png“ ist beschädigt oder unvollständig."},
		{"halb.gif", gifFile()[:30], "Das Bild „halb.gif“ ist beschädigt oder unvollständig."},
		{"halb.webp", webpFile(1)[:40], "Das Bild „halb.webp“ ist beschädigt oder unvollständig."},
		{"quer.webp", webpFile(6), "Das Bild „quer.webp“ ist quer gespeichert und nur mit einem Vermerk gedreht."},
		{"text.png", []byte("kein Bild"), "Das Bild „text.png“ hat ein Format, das die Website nicht zeigen kann."},
		{"leer.svg", []byte("<svg/>"), "Das Bild „leer.svg“ nennt seine Größe nicht."},
		{"offen.svg", []byte("<svg width='1' height='1'>"), "Das Bild „offen.svg“ ist kein gültiges SVG."},
		{"a.svg", svg("<script>x()</script>"), "Das Bild „a.svg“ enthält das Element „script“, das etwas ausführen oder einbetten kann (Zeile 2)."},
		{"b.svg", svg("<g onload='x()'/>"), "Das Bild „b.svg“ enthält das Attribut „onload“, das etwas ausführen kann (Zeile 2)."},
		{"c.svg", svg("<foreignObject/>"), "Das Bild „c.svg“ enthält das Element „foreignObject“, das etwas ausführen oder einbetten kann (Zeile 2)."},
		{"d.svg", svg("<image href='https://example.org/x.png'/>"), "Das Bild „d.svg“ verweist auf „https://example.org/x.png“ außerhalb der Datei (Zeile 2)."},
		{"e.svg", svg("<a xlink:href=' JavaScript:x()'/>"), "Das Bild „e.svg“ verweist auf „ JavaScript:x()“ außerhalb der Datei (Zeile 2)."},
		{"f.svg", svg("<style>@im<![CDATA[port 'x']]></style>"), "Das Bild „f.svg“ lädt mit „@import“ oder „image-set“ etwas von außerhalb der Datei (Zeile 2)."},
		{"g.svg", svg("<rect fill='url( //example.org/x#y)'/>"), "Das Bild „g.svg“ verweist mit „url(//example.org/x#y)“ auf etwas außerhalb der Datei (Zeile 2)."},
		{"h.svg", svg("<use href='data:image/svg+xml,x'/>"), "Das Bild „h.svg“ verweist auf „data:image/svg+xml,x“ außerhalb der Datei (Zeile 2)."},
		{"i.svg", svg("<set attributeName='xlink:href' to='x'/>"), "Das Bild „i.svg“ ändert mit einer Animation das Attribut „xlink:href“ (Zeile 2)."},
		{"j.svg", svg("<meta xmlns='http://www.w3.org/1999/xhtml'/>"), "Das Bild „j.svg“ enthält etwas anderes als SVG („http://www.w3.org/1999/xhtml“) (Zeile 2)."},
		{"k.svg", svg(`<style>a{fill:u\72l(x)}</style>`), "Das Bild „k.svg“ enthält einen Stil mit „\\“, der sich nicht prüfen lässt (Zeile 2)."},
		{"l.svg", []byte("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg viewBox='0 0 1 1'>&a;</svg>"), "Das Bild „l.svg“ ist kein gültiges SVG."},
	}
	for _, tt := range tests {
		m, fsys := media(map[string][]byte{tt.name: tt.data})
		_, err := m.Image(fsys, tt.name)
		if err == nil || err.Error() != tt.want {
			t.Errorf("got  %v\nwant %s", err, tt.want)
		}
		if len(m.Files()) > 0 {
			t.Errorf("%s was published", tt.name)
		}
	}
	m, fsys := media(nil)
	_, err := m.Image(fsys, "bilder/fehlt.png")
	if !errors.Is(err, fs.ErrNotExist) || err.Error() != "Das Bild „bilder/fehlt.png“ gibt es nicht." {
		t.Errorf("got %v", err)
	}
}

func TestSVG(t *testing.T) {
	tests := []struct{ in, size, want string }{
		{`<svg width="24" height="12"><path d="M0"/></svg>`, "24 × 12",
			`<svg xmlns="http://www.w3.org/2000/svg" width="24" height="12"><path d="M0"></path></svg>`},
		{`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30.4,20"><text>a &lt; b &amp; „c“</text></svg>`, "30 × 20",
			`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30.4,20"><text>a &lt; b &amp; „c“</text></svg>`},
		{`<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="25.4mm" viewBox="0 0 2 1"/>`, "192 × 96",
			`<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="25.4mm" viewBox="0 0 2 1"></svg>`},
		{`<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="1" height="1"><style>.a{fill:url(#g)}</style><use xlink:href="#g"/></svg>`, "1 × 1",
			`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="1" height="1"><style>.a{fill:url(#g)}</style><use xlink:href="#g"></use></svg>`},
	}
	for _, tt := range tests {
		p, err := makePicture([]byte(tt.in))
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		if size := fmt.Sprintf("%d × %d", p.Width, p.Height); size != tt.size || string(p.Data) != tt.want+"\n" {
			t.Errorf("got  %s %s\nwant %s %s", size, p.Data, tt.size, tt.want)
		}
	}
}

func TestFiles(t *testing.T) {
	m, fsys := media(map[string][]byte{"docs/Satzung (neu).PDF": []byte("%PDF-1.7"), "foto.jpg": jpegFile(50, 50, 1), "x.html": nil})
	d, err := m.File(fsys, "docs/Satzung (neu).PDF")
	if err != nil || !strings.HasSuffix(d.URL, "-satzung-neu.pdf") || !strings.HasPrefix(d.URL, "/sub/media/") || d.Size != 8 {
		t.Errorf("got %+v, %v", d, err)
	}
	if d, err = m.File(fsys, "foto.jpg"); err != nil || d.Size == int64(len(mustRead(fsys, "foto.jpg"))) {
		t.Errorf("a photo for download keeps its metadata: %+v, %v", d, err)
	}
	if _, err = m.File(fsys, "x.html"); err == nil {
		t.Error("a page was taken for a download")
	}
	if len(m.Files()) != 2 {
		t.Errorf("%d files", len(m.Files()))
	}
}

// TestCache: many ask at once, one makes; the next build finds it made, and
// publishes only what it asked for itself.
func TestCache(t *testing.T) {
	cache := &Cache{}
	fsys := fstest.MapFS{"a.jpg": {Data: jpegFile(1000, 800, 1)}, "b.png": {Data: pngFile(900, 900, 1)}, "kaputt.png": {Data: []byte("\x89PNG\r\n\x1a\n")}, "auch.png": {Data: []byte("\x89PNG\r\n\x1a\n")}}
	first := NewMedia("", cache)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			if _, err := first.Image(fsys, []string{"a.jpg", "b.png"}[i%2]); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	second := NewMedia("", cache)
	if _, err := second.Image(fsys, "a.jpg"); err != nil {
		t.Fatal(err)
	}
	for _, f := range second.Files() {
		if !strings.Contains(f.Path, "-a") {
			t.Errorf("%s was not asked for", f.Path)
		}
	}
	fresh := NewMedia("", nil)
	if _, err := fresh.Image(fsys, "a.jpg"); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprintf("%x", fresh.Files()) != fmt.Sprintf("%x", second.Files()) {
		t.Error("the same picture was made in two ways")
	}
	for _, n := range []string{"kaputt.png", "auch.png"} {
		if _, err := second.Image(fsys, n); err == nil || !strings.Contains(err.Error(), n) {
			t.Errorf("%s: got %v", n, err)
		}
	}
}

// FuzzPicture: no file makes the program fall over.
func FuzzPicture(f *testing.F) {
	for _, seed := range [][]byte{jpegFile(8, 8, 6), pngFile(8, 8, 6), gifFile(), webpFile(1), []byte(`<svg width="1" height="1"><style>a{}</style></svg>`)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 4096 {
			if p, err := makePicture(data); err == nil && (p.Width <= 0 || p.Height <= 0 || len(p.Data) == 0) {
				t.Errorf("got %+v", p)
			}
		}
	})
}

func BenchmarkPhoto12MP(b *testing.B) {
	data := jpegFile(4000, 3000, 6)
	for b.Loop() {
		if _, err := makePicture(data); err != nil {
			b.Fatal(err)
		}
	}
}

func mustRead(fsys fs.FS, name string) []byte {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		panic(err)
	}
	return b
}

// shelf is a store that counts.
type shelf struct {
	sync.Mutex
	kept map[[32]byte][]byte
	hits int
}

func (s *shelf) Get(key [32]byte) ([]byte, bool) {
	s.Lock()
	defer s.Unlock()
	value, ok := s.kept[key]
	if ok {
		s.hits++
	}
	return value, ok
}

func (s *shelf) Put(key [32]byte, value []byte) {
	s.Lock()
	defer s.Unlock()
	s.kept[key] = value
}

// TestStore: the next process takes a picture's variants as they are, and makes
// them again if what was kept is not readable.
func TestStore(t *testing.T) {
	t.Parallel()
	s := &shelf{kept: map[[32]byte][]byte{}}
	files := fstest.MapFS{"a.jpg": {Data: jpegFile(1000, 500, 1)}, "b.gif": {Data: gifFile()}}
	made := func() string {
		m := NewMedia("", &Cache{Store: s})
		for name := range files {
			if _, err := m.Image(files, name); err != nil {
				t.Fatal(err)
			}
		}
		return fmt.Sprintf("%x", m.Files())
	}
	first := made()
	if len(s.kept) != 1 || s.hits != 0 {
		t.Errorf("%d kept, %d taken", len(s.kept), s.hits)
	}
	if made() != first || s.hits != 1 {
		t.Errorf("another result, or not taken from the store: %d", s.hits)
	}
	for key := range s.kept {
		s.kept[key] = []byte("{")
	}
	if made() != first {
		t.Error("a damaged record shows")
	}
}
