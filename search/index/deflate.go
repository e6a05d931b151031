package index

import (
	"bytes"

	"github.com/klauspost/compress/flate"
)

// deflater compresses files one after the other. Most are small: a new
// compressor for each would cost as much as the work.
type deflater struct {
	buffer bytes.Buffer
	w      *flate.Writer
}

// deflate returns b compressed, until the next call.
func (d *deflater) deflate(b []byte) []byte {
	d.buffer.Reset()
	if d.w == nil {
		w, err := flate.NewWriter(&d.buffer, flate.BestCompression)
		if err != nil {
			panic(err) // the level is valid
		}
		d.w = w
	} else {
		d.w.Reset(&d.buffer)
	}
	_, _ = d.w.Write(b) // a buffer takes everything
	_ = d.w.Close()
	return d.buffer.Bytes()
}
