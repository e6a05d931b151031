// Package cache keeps what was made of an input from one build to the next, by
// a hash of that input.
//
// Terms: a record is a key with a value; the pack is the one file that holds
// all records, one behind the other; its stamp says which program wrote it.
//
// A pack is only ever an aid. Open begins an empty one when the stamp is not
// the expected one, and takes a damaged pack up to the damage; Get gives
// nothing that does not match its checksum. Deleting it costs time only.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// Key is a SHA-256 of all that a value follows from.
type Key = [sha256.Size]byte

// KeyOf hashes parts, each with its length, so that their borders count.
func KeyOf(parts ...[]byte) Key {
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		binary.LittleEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	return Key(h.Sum(nil))
}

const (
	magic = "portal cache 1\n"
	// A record's head is its key, the length of its value, a checksum of the
	// value and one of the head itself.
	headSize = sha256.Size + 4 + 4 + 4
	maxValue = 1 << 30
	// slack is how many bytes of records that nobody asks for any more a pack
	// may carry along, at least; beyond that, half of it may be such.
	slack = 32 << 20
)

var sums = crc32.MakeTable(crc32.Castagnoli)

// Cache is an open pack. Get and Put may be called by many goroutines. A nil
// Cache has nothing and keeps nothing.
type Cache struct {
	name string
	file *os.File

	mu      sync.Mutex
	records map[Key]*record
	end     int64 // where the next record goes
	waiting []byte
	failed  error // the first error of writing; the rest of the build goes without
}

type record struct {
	at   int64 // of the value
	size uint32
	sum  uint32
	used bool
}

// Open opens the pack file name or begins it. stamp identifies the program and
// whatever else makes all records worthless when it changes.
func Open(name string, stamp Key) (*Cache, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, err
	}
	// What a killed compaction has left.
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"-*")); err == nil {
		for _, l := range left {
			_ = os.Remove(l)
		}
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil && os.Remove(name) == nil { // nothing is lost but time
		f, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	}
	if err != nil {
		return nil, err
	}
	c := &Cache{name: name, file: f, records: map[Key]*record{}}
	if err := c.begin(stamp); err != nil {
		f.Close()
		return nil, err
	}
	return c, nil
}

func (c *Cache) begin(stamp Key) error {
	want := append([]byte(magic), stamp[:]...)
	have := make([]byte, len(want))
	if _, err := c.file.ReadAt(have, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	c.end = int64(len(want))
	if !bytes.Equal(have, want) {
		if err := c.file.Truncate(0); err != nil {
			return err
		}
		_, err := c.file.WriteAt(want, 0)
		return err
	}
	info, err := c.file.Stat()
	if err != nil {
		return err
	}
	c.scan(info.Size())
	return c.file.Truncate(c.end)
}

// scan finds the records by their heads, up to the first that is not whole.
func (c *Cache) scan(size int64) {
	var head [headSize]byte
	for c.end+headSize <= size {
		if _, err := c.file.ReadAt(head[:], c.end); err != nil {
			return
		}
		key, r, ok := readHead(head[:])
		if !ok || c.end+headSize+int64(r.size) > size {
			return
		}
		r.at = c.end + headSize
		c.records[key] = r
		c.end = r.at + int64(r.size)
	}
}

func readHead(b []byte) (Key, *record, bool) {
	n := headSize - 4
	if crc32.Checksum(b[:n], sums) != binary.LittleEndian.Uint32(b[n:]) {
		return Key{}, nil, false
	}
	r := &record{size: binary.LittleEndian.Uint32(b[sha256.Size:]), sum: binary.LittleEndian.Uint32(b[sha256.Size+4:])}
	return Key(b[:sha256.Size]), r, r.size <= maxValue
}

func appendHead(b []byte, k Key, r *record) []byte {
	start := len(b)
	b = append(b, k[:]...)
	b = binary.LittleEndian.AppendUint32(b, r.size)
	b = binary.LittleEndian.AppendUint32(b, r.sum)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[start:], sums))
}

// Get returns the value of a key. It belongs to the caller.
func (c *Cache) Get(k Key) ([]byte, bool) {
	if c == nil {
		return nil, false
	}
	c.mu.Lock()
	r := c.records[k]
	var at int64
	if r != nil {
		at = r.at
		if waits := at - (c.end - int64(len(c.waiting))); waits >= 0 {
			r.used = true
			value := bytes.Clone(c.waiting[waits : waits+int64(r.size)])
			c.mu.Unlock()
			return value, true
		}
	}
	c.mu.Unlock()
	if r == nil {
		return nil, false
	}
	value := make([]byte, r.size)
	if _, err := c.file.ReadAt(value, at); err != nil || crc32.Checksum(value, sums) != r.sum {
		c.mu.Lock()
		delete(c.records, k)
		c.mu.Unlock()
		return nil, false
	}
	c.mu.Lock()
	r.used = true
	c.mu.Unlock()
	return value, true
}

// Has reports whether there is a value, and keeps it for the next build. It may
// still turn out to be damaged.
func (c *Cache) Has(k Key) bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.records[k]
	if r != nil {
		r.used = true
	}
	return r != nil
}

// Put keeps a value. One that is there already stays.
func (c *Cache) Put(k Key, value []byte) {
	if c == nil || len(value) > maxValue {
		return
	}
	sum := crc32.Checksum(value, sums)
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.records[k]; r != nil && r.sum == sum && int(r.size) == len(value) {
		r.used = true
		return
	}
	if c.failed != nil {
		return
	}
	r := &record{size: uint32(len(value)), sum: sum, used: true}
	c.waiting = append(appendHead(c.waiting, k, r), value...)
	r.at = c.end + headSize
	c.end = r.at + int64(len(value))
	c.records[k] = r
	if len(c.waiting) > 1<<20 {
		c.flush()
	}
}

// flush writes what waits. Whoever calls holds the lock.
func (c *Cache) flush() {
	at := c.end - int64(len(c.waiting))
	_, err := c.file.WriteAt(c.waiting, at)
	c.waiting = c.waiting[:0]
	if err != nil {
		// Nothing behind the fault can be relied on, and nothing more is kept.
		c.failed = err
		for k, r := range c.records {
			if r.at >= at {
				delete(c.records, k)
			}
		}
		c.end = at
	}
}

// Close writes the rest and, if much of the pack was not asked for since Open,
// leaves that behind.
func (c *Cache) Close() error {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flush()
	var used int64
	for _, r := range c.records {
		if r.used {
			used += headSize + int64(r.size)
		}
	}
	err := c.failed
	if idle := c.end - used; err == nil && idle > slack && idle > c.end/2 {
		err = c.compact()
	}
	return errors.Join(err, c.file.Close())
}

// Abandon closes without writing: a build that failed says nothing about what
// will be asked for.
func (c *Cache) Abandon() {
	if c != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.flush()
		c.file.Close()
	}
}

// compact writes a new pack with the used records and puts it in the place of
// the old one.
func (c *Cache) compact() error {
	f, err := os.CreateTemp(filepath.Dir(c.name), "."+filepath.Base(c.name)+"-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = c.copyUsed(f)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), c.name)
}

func (c *Cache) copyUsed(f *os.File) error {
	stamp := make([]byte, len(magic)+sha256.Size)
	if _, err := c.file.ReadAt(stamp, 0); err != nil {
		return err
	}
	if _, err := f.Write(stamp); err != nil {
		return err
	}
	var b []byte
	for k, r := range c.records {
		if !r.used {
			continue
		}
		b = appendHead(b[:0], k, r)
		n := len(b)
		b = append(b, make([]byte, r.size)...)
		if _, err := c.file.ReadAt(b[n:], r.at); err != nil {
			return err
		}
		if _, err := f.Write(b); err != nil {
			return err
		}
	}
	return nil
}
