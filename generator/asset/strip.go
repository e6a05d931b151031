package asset

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// The functions here take the metadata out of a picture without touching its
// pixels. They keep what they know and drop the rest: place, camera, names,
// comments, previews, and whatever follows the end of the picture (phones put
// a film there). ok is false when the file is not built as it should be.

// stripJPEG keeps the colour profile (APP2) and Adobe's colour transform
// (APP14). profile is the part to insert in what is made of the picture.
func stripJPEG(b []byte) (clean, profile []byte, orientation int, ok bool) {
	out := bytes.NewBuffer(make([]byte, 0, len(b)))
	out.Write(b[:2])
	for i := 2; i+2 <= len(b) && b[i] == 0xff; {
		marker := b[i+1]
		if marker == 0xff { // fill byte
			i++
			continue
		}
		if marker == 0xd9 {
			out.Write(b[i : i+2])
			return out.Bytes(), profile, orientation, true
		}
		if i+4 > len(b) {
			break
		}
		end := i + 2 + int(binary.BigEndian.Uint16(b[i+2:]))
		if end > len(b) || end < i+4 {
			return nil, nil, 0, false
		}
		segment := b[i:end]
		switch {
		case marker == 0xe1 && bytes.HasPrefix(segment[4:], []byte("Exif\x00\x00")):
			orientation = exifOrientation(segment[10:])
		case marker == 0xe2 && bytes.HasPrefix(segment[4:], []byte("ICC_PROFILE\x00")):
			profile = append(profile, segment...)
			out.Write(segment)
		case marker >= 0xe1 && marker <= 0xef && marker != 0xee, marker == 0xfe,
			marker == 0xe0 && bytes.HasPrefix(segment[4:], []byte("JFXX\x00")):
			// dropped
		default:
			out.Write(segment)
		}
		i = end
		if marker == 0xda { // pixels follow, up to the next real marker
			start := i
			for i+1 < len(b) && (b[i] != 0xff || b[i+1] == 0 || b[i+1] == 0xff || b[i+1] >= 0xd0 && b[i+1] <= 0xd7) {
				i++
			}
			out.Write(b[start:i])
		}
	}
	return nil, nil, 0, false
}

func insertJPEG(b, profile []byte) []byte {
	if len(profile) == 0 {
		return b
	}
	return bytes.Join([][]byte{b[:2], profile, b[2:]}, nil)
}

// keepPNG are the chunks that decide how a PNG looks, the moving ones of APNG
// included; profilePNG are those of its colours.
var (
	keepPNG    = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "bKGD", "pHYs", "sBIT", "acTL", "fcTL", "fdAT"}
	profilePNG = []string{"iCCP", "sRGB", "gAMA", "cHRM", "cICP"}
)

func stripPNG(b []byte) (clean, profile []byte, orientation int, ok bool) {
	out := bytes.NewBuffer(make([]byte, 0, len(b)))
	out.Write(b[:8])
	for i := 8; i+12 <= len(b); {
		n := int(binary.BigEndian.Uint32(b[i:]))
		if n > len(b)-i-12 {
			return nil, nil, 0, false
		}
		name, chunk := string(b[i+4:i+8]), b[i:i+12+n]
		switch {
		case slices.Contains(profilePNG, name):
			profile = append(profile, chunk...)
			out.Write(chunk)
		case slices.Contains(keepPNG, name):
			out.Write(chunk)
		case name == "eXIf":
			orientation = exifOrientation(chunk[8 : 8+n])
		}
		if name == "IEND" {
			return out.Bytes(), profile, orientation, true
		}
		i += 12 + n
	}
	return nil, nil, 0, false
}

// insertPNG puts the profile behind the header, which is 33 bytes long.
func insertPNG(b, profile []byte) []byte {
	if len(profile) == 0 {
		return b
	}
	return bytes.Join([][]byte{b[:33], profile, b[33:]}, nil)
}

func stripGIF(b []byte) (clean []byte, ok bool) {
	if len(b) < 13 {
		return nil, false
	}
	out := bytes.NewBuffer(make([]byte, 0, len(b)))
	i := 13 + colourTable(b[10])
	if i > len(b) {
		return nil, false
	}
	out.Write(b[:i])
	for i < len(b) {
		start := i
		keep := true
		switch b[i] {
		case 0x3b:
			out.WriteByte(0x3b)
			return out.Bytes(), true
		case 0x2c:
			if i+11 > len(b) {
				return nil, false
			}
			i += 11 + colourTable(b[i+9])
		case 0x21:
			if i+3 > len(b) {
				return nil, false
			}
			loop := b[i+1] == 0xff && (bytes.HasPrefix(b[i+3:], []byte("NETSCAPE2.0")) || bytes.HasPrefix(b[i+3:], []byte("ANIMEXTS1.0")))
			keep = b[i+1] == 0xf9 || loop
			i += 2
		default:
			return nil, false
		}
		for { // sub-blocks, the last one empty
			if i >= len(b) {
				return nil, false
			}
			n := int(b[i])
			i += 1 + n
			if n == 0 {
				break
			}
		}
		if i > len(b) {
			return nil, false
		}
		if keep {
			out.Write(b[start:i])
		}
	}
	return nil, false
}

func colourTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

func stripWebP(b []byte) (clean []byte, animated bool, orientation int, ok bool) {
	out := bytes.NewBuffer(make([]byte, 0, len(b)))
	out.Write(b[:12])
	b = b[:min(len(b), 8+int(binary.LittleEndian.Uint32(b[4:])))]
	for i := 12; i+8 <= len(b); {
		n := int(binary.LittleEndian.Uint32(b[i+4:]))
		if n > len(b)-i-8 {
			return nil, false, 0, false
		}
		end := min(i+8+n+n&1, len(b))
		chunk := bytes.Clone(b[i:end])
		switch name := string(b[i : i+4]); name {
		case "VP8X":
			if n < 10 {
				return nil, false, 0, false
			}
			animated = chunk[8]&0x02 != 0
			chunk[8] &^= 0x08 | 0x04 // no EXIF, no XMP
			out.Write(chunk)
		case "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP":
			out.Write(chunk)
		case "EXIF":
			orientation = exifOrientation(bytes.TrimPrefix(chunk[8:], []byte("Exif\x00\x00")))
		}
		i = end
	}
	clean = out.Bytes()
	binary.LittleEndian.PutUint32(clean[4:], uint32(len(clean)-8))
	return clean, animated, orientation, true
}

// exifOrientation reads the one entry of a TIFF directory that matters: how
// the camera was held, 1 to 8. 0 means not known.
func exifOrientation(t []byte) int {
	if len(t) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(t[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(t[4:]))
	if at < 8 || at+2 > len(t) {
		return 0
	}
	for n, e := int(order.Uint16(t[at:])), at+2; n > 0 && e+12 <= len(t); n, e = n-1, e+12 {
		if order.Uint16(t[e:]) == 0x0112 {
			if v := int(order.Uint16(t[e+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 0
		}
	}
	return 0
}
