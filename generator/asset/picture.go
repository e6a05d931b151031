package asset

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// picture is a picture as it is published. Its texts of errors go on after
// „Das Bild „x““.
type picture struct {
	Data          []byte
	Ext           string
	Width, Height int
	Variants      []scaled
}

type scaled struct {
	Width int
	Data  []byte
}

const maxPixels = 50_000_000

var widths = []int{480, 960, 1440}

var (
	errBroken = &Error{Text: "ist beschädigt oder unvollständig.", Hint: "Bitte im Bildprogramm neu speichern."}
	errFormat = &Error{Text: "hat ein Format, das die Website nicht zeigen kann.", Hint: "Möglich sind JPEG, PNG, WebP, GIF und SVG."}
)

// sniff tells the format by the first bytes: the name may be wrong.
func sniff(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return ".jpg"
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return ".png"
	case bytes.HasPrefix(b, []byte("GIF87a")), bytes.HasPrefix(b, []byte("GIF89a")):
		return ".gif"
	case len(b) > 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return ".webp"
	}
	return ""
}

func makePicture(data []byte) (picture, error) {
	switch sniff(data) {
	case ".jpg":
		return makeJPEG(data)
	case ".png":
		return makePNG(data)
	case ".gif":
		return makeGIF(data)
	case ".webp":
		return makeWebP(data)
	}
	if looksLikeSVG(data) {
		return makeSVG(data)
	}
	return picture{}, errFormat
}

func checkSize(c image.Config, err error) error {
	if err != nil || c.Width <= 0 || c.Height <= 0 {
		return errBroken
	}
	if c.Width*c.Height > maxPixels {
		return &Error{Text: fmt.Sprintf("hat %d × %d Pixel; mehr als %d Millionen sind zu viel.", c.Width, c.Height, maxPixels/1_000_000),
			Hint: "Bitte auf höchstens 4000 Pixel Breite verkleinern."}
	}
	return nil
}

func makeJPEG(data []byte) (picture, error) {
	if err := checkSize(jpeg.DecodeConfig(bytes.NewReader(data))); err != nil {
		return picture{}, err
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return picture{}, errBroken
	}
	clean, profile, orientation, ok := stripJPEG(data)
	if !ok {
		return picture{}, errBroken
	}
	if _, coloured := img.(*image.YCbCr); !coloured {
		profile = nil // it is one for grey or for ink, and what is written below has colours
	}
	encode := func(img image.Image, quality int) ([]byte, error) {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		return insertJPEG(b.Bytes(), profile), nil
	}
	if orientation > 1 {
		img = turn(img, orientation)
		if clean, err = encode(img, 90); err != nil {
			return picture{}, err
		}
	}
	p := picture{Data: clean, Ext: ".jpg", Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}
	return p, p.scale(img, func(img image.Image) ([]byte, error) { return encode(img, 82) })
}

func makePNG(data []byte) (picture, error) {
	if err := checkSize(png.DecodeConfig(bytes.NewReader(data))); err != nil {
		return picture{}, err
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return picture{}, errBroken
	}
	clean, profile, orientation, ok := stripPNG(data)
	if !ok {
		return picture{}, errBroken
	}
	if colourType := data[25]; colourType == 0 || colourType == 4 {
		profile = nil // one for grey
	}
	encode := func(img image.Image) ([]byte, error) {
		var b bytes.Buffer
		enc := png.Encoder{CompressionLevel: png.BestCompression}
		if err := enc.Encode(&b, img); err != nil {
			return nil, err
		}
		return insertPNG(b.Bytes(), profile), nil
	}
	if orientation > 1 {
		img = turn(img, orientation)
		if clean, err = encode(img); err != nil {
			return picture{}, err
		}
	}
	p := picture{Data: clean, Ext: ".png", Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}
	return p, p.scale(img, encode)
}

func makeGIF(data []byte) (picture, error) {
	c, err := gif.DecodeConfig(bytes.NewReader(data))
	if err := checkSize(c, err); err != nil {
		return picture{}, err
	}
	if _, err := gif.Decode(bytes.NewReader(data)); err != nil {
		return picture{}, errBroken
	}
	clean, ok := stripGIF(data)
	if !ok {
		return picture{}, errBroken
	}
	return picture{Data: clean, Ext: ".gif", Width: c.Width, Height: c.Height}, nil
}

func makeWebP(data []byte) (picture, error) {
	c, err := webp.DecodeConfig(bytes.NewReader(data))
	if err := checkSize(c, err); err != nil {
		return picture{}, err
	}
	clean, animated, orientation, ok := stripWebP(data)
	if !ok {
		return picture{}, errBroken
	}
	if orientation > 1 {
		return picture{}, &Error{Text: "ist quer gespeichert und nur mit einem Vermerk gedreht.", Hint: "Bitte im Bildprogramm drehen und neu speichern."}
	}
	if !animated { // moving ones the library cannot read
		if _, err := webp.Decode(bytes.NewReader(data)); err != nil {
			return picture{}, errBroken
		}
	}
	return picture{Data: clean, Ext: ".webp", Width: c.Width, Height: c.Height}, nil
}

// scale adds the widths below the picture's own. A variant that is no smaller
// in bytes than the next larger one helps nobody and is left out.
func (p *picture) scale(img image.Image, encode func(image.Image) ([]byte, error)) error {
	limit := len(p.Data)
	for i := len(widths) - 1; i >= 0; i-- {
		w := widths[i]
		if w >= p.Width {
			continue
		}
		dst := image.NewRGBA(image.Rect(0, 0, w, max(1, (p.Height*w+p.Width/2)/p.Width)))
		draw.CatmullRom.Scale(dst, dst.Bounds(), img, img.Bounds(), draw.Src, nil)
		data, err := encode(dst)
		if err != nil {
			return err
		}
		if len(data) < limit {
			limit = len(data)
			p.Variants = append([]scaled{{w, data}}, p.Variants...)
		}
	}
	return nil
}

// turn applies an EXIF orientation, 2 to 8.
func turn(src image.Image, orientation int) image.Image {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	if orientation >= 5 {
		w, h = h, w
	}
	flat := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(flat, flat.Bounds(), src, b.Min, draw.Src)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range b.Dy() {
		for x := range b.Dx() {
			dx, dy := turned(x, y, b.Dx(), b.Dy(), orientation)
			copy(dst.Pix[dst.PixOffset(dx, dy):][:4], flat.Pix[flat.PixOffset(x, y):][:4])
		}
	}
	return dst
}

func turned(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
