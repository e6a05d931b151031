package generator

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ag-vzkm/portal/generator/cache"
	"github.com/ag-vzkm/portal/generator/publish"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

// inputs are all files that a build can depend on, with their hashes.
type inputs struct {
	Files   map[string][sha256.Size]byte // by path from the site's folder
	Content cache.Key                    // of content
	Own     cache.Key                    // of portal.yaml and the site's own templates and static files
	Sizes   map[string]int64             // in bytes, by path
	Bytes   int64                        // of content
	seen    cache.Key                    // see look
}

// readInputs hashes every file of the site. Reading all of it is quicker than
// it sounds, and unlike times and sizes it is never wrong.
func readInputs(f source.Files) *inputs {
	in := &inputs{Files: map[string][sha256.Size]byte{}, Sizes: map[string]int64{}, seen: look(f)}
	for _, tree := range trees(f) {
		names, seen := list(tree.fsys)
		sums, sizes := hashAll(tree.fsys, names)
		parts := make([]any, 0, 2*len(names))
		for i, n := range names {
			in.Files[tree.name+"/"+n], in.Sizes[tree.name+"/"+n] = sums[i], sizes[i]
			if tree.name == "content" {
				in.Bytes += sizes[i]
			}
			parts = append(parts, n, sums[i])
		}
		if tree.name == "content" {
			in.Content = keyOf(parts, seen.others)
		} else {
			in.Own = keyOf(in.Own, tree.name, parts, seen.others)
		}
	}
	config, _ := fs.ReadFile(f.Root, "portal.yaml")
	in.Own = keyOf(in.Own, config)
	return in
}

// look takes note of names, sizes and times, without reading anything.
func look(f source.Files) cache.Key {
	var all []any
	for _, tree := range trees(f) {
		_, seen := list(tree.fsys)
		all = append(all, tree.name, seen.others, seen.stats)
	}
	if info, err := fs.Stat(f.Root, "portal.yaml"); err == nil {
		all = append(all, info.Size(), info.ModTime())
	}
	return keyOf(all...)
}

type tree struct {
	name string
	fsys fs.FS
}

// trees are the folders of a site that it has.
func trees(f source.Files) []tree {
	all := []tree{{"content", f.Content}, {"templates", f.OwnTemplates}, {"static", f.OwnStatic}}
	return slices.DeleteFunc(all, func(t tree) bool { return t.fsys == nil })
}

// listing is what a walk sees of a tree without opening its files.
type listing struct {
	others []string // what is no plain file: folders, links
	stats  []string
}

func list(fsys fs.FS) (files []string, seen listing) {
	_ = fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			seen.others = append(seen.others, p+" unreadable")
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case d.Type().IsRegular():
			files = append(files, p)
			if info, err := d.Info(); err == nil {
				seen.stats = append(seen.stats, p, fmt.Sprint(info.Size(), info.ModTime().UnixNano()))
			}
		case d.Type()&fs.ModeSymlink != 0:
			seen.others = append(seen.others, p)
			if info, err := fs.Stat(fsys, p); err == nil && info.Mode().IsRegular() {
				files = append(files, p)
			}
		default:
			seen.others = append(seen.others, p)
		}
		return nil
	})
	return files, seen
}

func hashAll(fsys fs.FS, names []string) (sums [][sha256.Size]byte, sizes []int64) {
	sums, sizes = make([][sha256.Size]byte, len(names)), make([]int64, len(names))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			h, buf := sha256.New(), make([]byte, 64<<10)
			for i := int(next.Add(1)) - 1; i < len(names); i = int(next.Add(1)) - 1 {
				f, err := fsys.Open(names[i])
				if err != nil {
					continue // whoever needs it will say so
				}
				h.Reset()
				sizes[i], _ = io.CopyBuffer(h, struct{ io.Reader }{f}, buf)
				f.Close()
				sums[i] = [sha256.Size]byte(h.Sum(nil))
			}
		})
	}
	wg.Wait()
	return sums, sizes
}

// state is what is remembered of the last build of an output: what it was made
// of, what came out, and how long that holds.
type state struct {
	From   cache.Key
	Now    time.Time
	Until  time.Time // when the next embargo ends or the next day begins; zero: the instant was given
	Output [32]byte
	Index  [32]byte
	Result Result
}

// from is the key of everything a build starts from.
func (b *build) from() cache.Key {
	o := b.Options
	return keyOf("state", b.inputs.Content, b.inputs.Own, b.Out, string(o.Audience), o.Drafts, o.BaseURL, o.Now, o.Lenient, o.Strict, o.Compress,
		b.ServerIndex, b.head, epoch())
}

// stateKey is where the last build of the output is remembered.
func (b *build) stateKey() cache.Key { return keyOf("last build", b.Out) }

// upToDate reports whether nothing has changed since the last build, whose
// result is then this one's, too.
func (b *build) upToDate() bool {
	var s state
	raw, ok := b.cache.Get(b.stateKey())
	if !ok || gob.NewDecoder(bytes.NewReader(raw)).Decode(&s) != nil || s.From != b.from() {
		return false
	}
	if now := time.Now(); !s.Until.IsZero() && (now.Before(s.Now) || !now.Before(s.Until)) {
		return false
	}
	if id, ok := publish.Identity(b.Out); !ok || id != s.Output {
		return false
	}
	if id, ok := publish.Identity(b.res.Index); !ok || id != s.Index {
		return false
	}
	stages := b.res.Stages
	*b.res = s.Result
	b.res.Stages, b.res.Rendered, b.res.Kept, b.res.Indexed = stages, 0, s.Result.Pages, false
	b.diags.Add(s.Result.Diagnostics...)
	return true
}

// remember notes the build for the next one, unless a file has changed while
// it was at work.
func (b *build) remember() {
	if b.cache != nil && b.site != nil && look(b.files) != b.inputs.seen {
		b.cache.Reset() // some of what was kept may be under the key of something else
		return
	}
	if b.cache == nil || b.site == nil || !b.res.OK {
		return
	}
	s := state{From: b.from(), Now: b.now, Until: b.until, Result: *b.res}
	var ok1, ok2 bool
	s.Output, ok1 = publish.Identity(b.Out)
	s.Index, ok2 = publish.Identity(b.res.Index)
	var raw bytes.Buffer
	if ok1 && ok2 && gob.NewEncoder(&raw).Encode(s) == nil {
		b.cache.Put(b.stateKey(), raw.Bytes())
	}
}

// validUntil is when a build that goes by the clock may show something else: at
// the end of the next embargo, or when somewhere a day begins.
func validUntil(entries []*site.Entry, now time.Time) time.Time {
	const zones = 15 * time.Minute // their offsets are multiples of that
	until := now.Truncate(zones).Add(zones)
	for _, e := range entries {
		if e.Published.After(now) && e.Published.Before(until) {
			until = e.Published
		}
	}
	return until
}
