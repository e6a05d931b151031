package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestMain makes the test binary a second program that keeps values in a pack,
// when asked to by its environment.
func TestMain(m *testing.M) {
	if name := os.Getenv("CACHE_TEST_PACK"); name != "" {
		c, err := Open(name, stamp)
		if err != nil {
			panic(err)
		}
		for i := range 3000 {
			c.Put(key(i), value(i))
			if v, ok := c.Get(key(i / 2)); ok && !bytes.Equal(v, value(i/2)) {
				panic("a wrong value")
			}
		}
		if err := c.Close(); err != nil {
			panic(err)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var stamp = Key{1}

func key(i int) Key { return KeyOf(fmt.Append(nil, i)) }

func value(i int) []byte { return bytes.Repeat(fmt.Append(nil, i, " "), i%40) }

func open(t testing.TB, name string) *Cache {
	t.Helper()
	c, err := Open(name, stamp)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func shut(t testing.TB, c *Cache) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// pack makes a pack with the first n values.
func pack(t testing.TB, n int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), ".portal", "public.cache")
	c := open(t, name)
	for i := range n {
		c.Put(key(i), value(i))
	}
	shut(t, c)
	return name
}

// has returns how many of the first n values are there. A wrong one is an error.
func has(t testing.TB, c *Cache, n int) int {
	t.Helper()
	found := 0
	for i := range n {
		v, ok := c.Get(key(i))
		if ok && !bytes.Equal(v, value(i)) {
			t.Errorf("value %d is %q", i, v)
		}
		if ok {
			found++
		}
	}
	return found
}

func TestRoundTrip(t *testing.T) {
	c := open(t, pack(t, 100))
	if n := has(t, c, 200); n != 100 {
		t.Errorf("%d values", n)
	}
	c.Put(key(3), []byte("another"))
	c.Put(key(150), nil)
	for range 2 {
		if v, ok := c.Get(key(3)); !ok || string(v) != "another" {
			t.Errorf("got %q, %t", v, ok)
		}
		if v, ok := c.Get(key(150)); !ok || len(v) != 0 || !c.Has(key(150)) {
			t.Errorf("got %q, %t", v, ok)
		}
		if c.Has(key(151)) {
			t.Error("has what was never kept")
		}
		shut(t, c)
		c = open(t, c.name)
	}
	v, _ := c.Get(key(7))
	v[0] = 'x' // it is the caller's
	if w, _ := c.Get(key(7)); !bytes.Equal(w, value(7)) {
		t.Errorf("got %q", w)
	}
	shut(t, c)
}

// TestLargeValues: they go to the disk before the end, and are found there.
func TestLargeValues(t *testing.T) {
	c := open(t, filepath.Join(t.TempDir(), "cache"))
	large := bytes.Repeat([]byte("groß "), 300_000)
	for i := range 5 {
		c.Put(key(i), append(value(i), large...))
		c.Put(key(100+i), value(i))
	}
	for range 2 {
		for i := range 5 {
			if v, ok := c.Get(key(i)); !ok || !bytes.Equal(v, append(value(i), large...)) {
				t.Errorf("value %d is another: %d bytes", i, len(v))
			}
			if v, ok := c.Get(key(100 + i)); !ok || !bytes.Equal(v, value(i)) {
				t.Errorf("got %q", v)
			}
		}
		shut(t, c)
		c = open(t, c.name)
	}
	shut(t, c)
}

func TestAnotherStamp(t *testing.T) {
	name := pack(t, 50)
	c, err := Open(name, Key{2})
	if err != nil {
		t.Fatal(err)
	}
	if n := has(t, c, 50); n != 0 {
		t.Errorf("%d values of another program", n)
	}
	shut(t, c)
	c = open(t, name)
	if n := has(t, c, 50); n != 0 {
		t.Errorf("%d values are back", n)
	}
	shut(t, c)
}

func TestNil(t *testing.T) {
	var c *Cache
	c.Put(key(1), value(1))
	if _, ok := c.Get(key(1)); ok || c.Has(key(1)) {
		t.Error("nothing has something")
	}
	c.Abandon()
	shut(t, c)
}

// TestDamage turns every byte of a pack, one at a time, and cuts it at every
// length. What is found is right; what stands before the damage is found; and
// the pack can be written to again.
func TestDamage(t *testing.T) {
	const n = 7
	name := pack(t, n)
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	ends := recordEnds(whole)
	look := func(what string, at int, b []byte) {
		t.Helper()
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
		c := open(t, name)
		before := 0
		if at >= len(magic)+len(stamp) {
			for before < n && ends[before] <= at {
				before++
			}
		}
		if found := has(t, c, n); found < before || found == n && at < len(b) && what == "turned" && at >= len(magic)+len(stamp) {
			t.Errorf("%s at %d: %d values, %d stand before", what, at, found, before)
		}
		for i := range n + 2 {
			c.Put(key(i), value(i))
		}
		shut(t, c)
		c = open(t, name)
		if found := has(t, c, n+2); found != n+2 {
			t.Errorf("%s at %d: %d values after all were kept again", what, at, found)
		}
		shut(t, c)
	}
	for at := range whole {
		b := bytes.Clone(whole)
		b[at] ^= 1 << (at % 8)
		look("turned", at, b)
		look("cut", at, whole[:at])
	}
	look("longer", len(whole), append(bytes.Clone(whole), whole[len(magic)+len(stamp):]...))
	look("zeros", len(whole), append(bytes.Clone(whole), make([]byte, 1000)...))
	look("another file", 0, bytes.Repeat([]byte("Unsinn"), 1000))
}

// recordEnds are where the records of a pack end.
func recordEnds(b []byte) []int {
	var ends []int
	for at := len(magic) + sha256.Size; at < len(b); {
		at += headSize + int(binary.LittleEndian.Uint32(b[at+sha256.Size:]))
		ends = append(ends, at)
	}
	return ends
}

// TestLongLengths: a head with a right checksum and a length that cannot be.
func TestLongLengths(t *testing.T) {
	for _, size := range []uint32{1, maxValue, maxValue + 1, 1<<32 - 1} {
		name := pack(t, 3)
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		k := key(9)
		if err := os.WriteFile(name, appendHead(b, k, &record{size: size}), 0o644); err != nil {
			t.Fatal(err)
		}
		c := open(t, name)
		if _, ok := c.Get(k); ok || has(t, c, 3) != 3 {
			t.Errorf("size %d is taken for good", size)
		}
		shut(t, c)
	}
}

// TestCompact: what two builds did not ask for goes when there is much of it.
func TestCompact(t *testing.T) {
	name := filepath.Join(t.TempDir(), "cache")
	c := open(t, name)
	large := make([]byte, slack/8)
	for i := range 10 {
		large[0] = byte(i)
		c.Put(key(i), large)
	}
	c.Put(key(100), []byte("klein"))
	shut(t, c)
	sizes := func() int64 {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	full := sizes()
	for _, c := range []struct {
		asked   []int
		failed  bool
		compact bool
	}{
		{[]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, false, false},
		{[]int{1, 2, 3}, true, false}, // a failed build says nothing
		{[]int{1, 2, 3, 4, 5, 100}, false, false},
		{[]int{1, 100}, false, true},
	} {
		p := open(t, name)
		for _, i := range c.asked {
			if i == 100 && !p.Has(key(i)) {
				t.Error("the small value is gone")
			} else if _, ok := p.Get(key(i)); !ok {
				t.Errorf("value %d is gone", i)
			}
		}
		if c.failed {
			p.Abandon()
		} else {
			shut(t, p)
		}
		if got := sizes() < full; got != c.compact {
			t.Fatalf("%v: %d bytes of %d", c.asked, sizes(), full)
		}
	}
	p := open(t, name)
	v, ok := p.Get(key(1))
	if !ok || len(v) != len(large) || v[0] != 1 || p.Has(key(2)) || !p.Has(key(100)) {
		t.Error("not what was asked for is left")
	}
	shut(t, p)
	if names, _ := filepath.Glob(filepath.Join(filepath.Dir(name), "*")); len(names) != 1 {
		t.Error(names)
	}
}

// TestCompactDropsDamaged: a value that was spoilt after it was read is not
// given a place in the new pack that Get would believe.
func TestCompactDropsDamaged(t *testing.T) {
	name := pack(t, 30)
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c := open(t, name)
	has(t, c, 30)
	b[len(b)-1] ^= 1
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
	smaller, err := c.compact()
	if err != nil {
		t.Fatal(err)
	}
	c.file.Close()
	if err := os.Rename(smaller, name); err != nil {
		t.Fatal(err)
	}
	c = open(t, name)
	if n := has(t, c, 30); n != 29 {
		t.Errorf("%d values", n)
	}
	shut(t, c)
}

func TestConcurrent(t *testing.T) {
	name := pack(t, 200)
	c := open(t, name)
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 1500 {
				n := (i*7 + w) % 900
				c.Put(key(n), value(n))
				c.Has(key(n + 1))
				if v, ok := c.Get(key(n)); !ok || !bytes.Equal(v, value(n)) {
					t.Errorf("value %d is %q, %t", n, v, ok)
				}
				if v, ok := c.Get(key(n + 2)); ok && !bytes.Equal(v, value(n+2)) {
					t.Errorf("value %d is %q", n+2, v)
				}
			}
		})
	}
	wg.Wait()
	shut(t, c)
	c = open(t, name)
	if n := has(t, c, 900); n != 900 {
		t.Errorf("%d values", n)
	}
	shut(t, c)
}

// TestFullDisk: an error of writing ends the keeping and nothing else. Whatever
// had been written is still there.
func TestFullDisk(t *testing.T) {
	name := pack(t, 20)
	c := open(t, name)
	c.file.Close()
	f, err := os.Open(name) // for reading only
	if err != nil {
		t.Fatal(err)
	}
	c.file = f
	c.Put(key(50), make([]byte, 2<<20))
	c.Put(key(51), value(51))
	if n := has(t, c, 20); n != 20 {
		t.Errorf("%d values", n)
	}
	if _, ok := c.Get(key(50)); ok || c.Has(key(51)) {
		t.Error("has what could not be written")
	}
	if err := c.Close(); err == nil {
		t.Error("nobody is told")
	}
	c = open(t, name)
	if n := has(t, c, 60); n != 20 {
		t.Errorf("%d values", n)
	}
	shut(t, c)
}

func TestCannotOpen(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "folder", "full"), 0o755))
	must(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o644))
	for _, name := range []string{"folder", "file/cache"} {
		if c, err := Open(filepath.Join(dir, name), stamp); err == nil {
			t.Errorf("%s: no error", name)
			c.Abandon()
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestSecondProcess: two programs in one pack cost each other values, and never
// give wrong ones.
func TestSecondProcess(t *testing.T) {
	name := filepath.Join(t.TempDir(), "cache")
	exe, err := os.Executable()
	must(t, err)
	var wg sync.WaitGroup
	errs := make([]error, 3)
	for i := range errs {
		wg.Go(func() {
			cmd := exec.Command(exe)
			cmd.Env = append(os.Environ(), "CACHE_TEST_PACK="+name)
			out, err := cmd.CombinedOutput()
			if err != nil {
				errs[i] = fmt.Errorf("%w\n%s", err, out)
			}
		})
	}
	wg.Wait()
	must(t, errors.Join(errs...))
	c := open(t, name)
	t.Log(has(t, c, 3000), "of 3000 values are left")
	for i := range 3000 {
		c.Put(key(i), value(i))
	}
	shut(t, c)
	c = open(t, name)
	if n := has(t, c, 3000); n != 3000 {
		t.Errorf("%d values", n)
	}
	shut(t, c)
}

func TestKeyOf(t *testing.T) {
	seen := map[Key]string{}
	for _, parts := range [][]string{{}, {""}, {"", ""}, {"a"}, {"a", ""}, {"", "a"}, {"ab"}, {"a", "b"}, {"b", "a"}} {
		var b [][]byte
		for _, p := range parts {
			b = append(b, []byte(p))
		}
		k := KeyOf(b...)
		if other, ok := seen[k]; ok {
			t.Errorf("%q and %s have one key", parts, other)
		}
		seen[k] = fmt.Sprintf("%q", parts)
	}
}

// TestProgram: a program knows itself by its build ID and leaves nothing lying.
func TestProgram(t *testing.T) {
	exe, err := os.Executable()
	must(t, err)
	if runtime.GOOS == "linux" && len(buildID(exe)) == 0 {
		t.Error("no build ID")
	}
	name := filepath.Join(t.TempDir(), "program")
	first, err := Program(name)
	must(t, err)
	again, err := Program(name)
	must(t, err)
	if first != again || first == (Key{}) {
		t.Errorf("%x, then %x", first, again)
	}
	other := filepath.Join(t.TempDir(), "other")
	must(t, os.WriteFile(other, []byte("#!/bin/sh"), 0o755))
	if id := buildID(other); id != nil {
		t.Errorf("a script has the build ID %q", id)
	}
}

// TestFileHash: the hash is that of the file, remembered or not, and what stands
// in the memory is not believed when it does not fit.
func TestFileHash(t *testing.T) {
	name := filepath.Join(t.TempDir(), "d", "program")
	exe, err := os.Executable()
	must(t, err)
	want, err := fileHash(exe, name)
	must(t, err)
	b, err := os.ReadFile(exe)
	must(t, err)
	if want != sha256.Sum256(b) {
		t.Error("not the hash of the program")
	}
	kept, err := os.ReadFile(name)
	must(t, err)
	for _, text := range []string{string(kept), "", "{", "null", `{"identity":"x","hash":[1]}`, "[]", strings.ToUpper(string(kept))} {
		must(t, os.WriteFile(name, []byte(text), 0o644))
		if got, err := fileHash(exe, name); err != nil || got != want {
			t.Errorf("%.20q: %x, %v", text, got, err)
		}
	}
}

// FuzzOpen: whatever is in the file, opening, asking and keeping go well.
func FuzzOpen(f *testing.F) {
	name := pack(f, 4)
	whole, err := os.ReadFile(name)
	must(f, err)
	f.Add(whole)
	f.Add(whole[:60])
	f.Add([]byte(magic))
	f.Add(appendHead(slices.Clone(whole), key(1), &record{size: 5, sum: crc32.Checksum([]byte("abcde"), sums)}))
	file := filepath.Join(f.TempDir(), "cache")
	f.Fuzz(func(t *testing.T, b []byte) {
		must(t, os.WriteFile(file, b, 0o644))
		c := open(t, file)
		for k, r := range c.records {
			if v, ok := c.Get(k); ok && crc32.Checksum(v, sums) != r.sum {
				t.Error("a value does not match its checksum")
			}
		}
		c.Put(key(1), value(1))
		shut(t, c)
		c = open(t, file)
		if v, ok := c.Get(key(1)); !ok || !bytes.Equal(v, value(1)) {
			t.Errorf("got %q, %t", v, ok)
		}
		shut(t, c)
	})
}
