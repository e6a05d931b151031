package generator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/search/index"
)

// The proof that builds which keep what they can are right: sites are edited at
// random, and after each step the release in the folder that has seen all steps
// is held byte for byte against one made in an empty folder.
var (
	proofSteps  = flag.Int("proof.steps", 40, "steps of the proof, over all its sites")
	proofSeed   = flag.Uint64("proof.seed", 1, "seed of the proof's first site")
	proofOnly   = flag.String("proof.only", "", "edits to keep to, by the beginnings of their names, with commas")
	proofShrink = flag.Duration("proof.shrink", time.Minute, "how long to look for fewer steps that fail as well")
)

// proofChain is how many steps one site goes through.
const proofChain = 100

func TestProof(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds whole sites")
	}
	chains := max(2, (*proofSteps+proofChain-1)/proofChain)
	for i := range chains {
		steps := *proofSteps*(i+1)/chains - *proofSteps*i/chains
		seed := *proofSeed + uint64(i)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			all := make([]int, steps)
			for i := range all {
				all[i] = i
			}
			p := &proof{t: t, seed: seed}
			done, err := p.run(all, true)
			if err == nil {
				t.Log(p.summary())
				return
			}
			t.Errorf("seed %d, step %d: %v\nsteps so far:\n%s", seed, done, err, strings.Join(p.log, "\n"))
			shrink(t, seed, all[:done+1])
		})
	}
}

// shrink leaves out steps as long as what is left fails, too.
func shrink(t *testing.T, seed uint64, steps []int) {
	deadline := time.Now().Add(*proofShrink)
	var last *proof
	var why error
	for size := (len(steps) + 1) / 2; size > 0 && time.Now().Before(deadline); size /= 2 {
		for at := 0; at < len(steps) && time.Now().Before(deadline); {
			fewer := slices.Delete(slices.Clone(steps), at, min(at+size, len(steps)))
			p := &proof{t: t, seed: seed}
			if done, err := p.run(fewer, false); err != nil {
				steps, last, why = fewer[:done+1], p, err
			} else {
				at += size
			}
		}
	}
	if last != nil {
		t.Logf("these %d steps alone fail: %v\n%s", len(steps), why, strings.Join(last.log, "\n"))
	}
}

// proof is one site on its way through its steps.
type proof struct {
	t    testing.TB
	seed uint64
	log  []string
	work string // holds the folders below

	world         // the site and how it is built
	out    string // of the builds that keep what they can
	last   *generator.Result
	counts struct{ same, failed, rendered, kept, searched int }
}

// run takes the steps of these numbers. What a step does follows from the seed,
// its number and the site as it is, so that others can be left out. It returns
// how many went well, and what is wrong with the next. Without all, only the
// last one is looked at.
func (p *proof) run(steps []int, all bool) (done int, err error) {
	p.work = inMemory(p.t)
	p.out = filepath.Join(p.work, "a", "public")
	p.world = newWorld(p.t, filepath.Join(p.work, "site"), p.seed)
	for i, step := range steps {
		p.rng = rand.New(rand.NewPCG(p.seed, uint64(step)))
		what := "begin"
		if i > 0 {
			what = p.change(p)
		}
		if all && i > 0 && i%25 == 0 {
			p.t.Logf("seed %d: %d steps", p.seed, i)
		}
		p.log = append(p.log, fmt.Sprintf("%4d %s", step, what))
		if err := p.step(all || i == len(steps)-1); err != nil {
			return i, err
		}
	}
	return len(steps), os.RemoveAll(p.work)
}

// inMemory is a folder for many builds: each ends by writing to the disk all that
// its file system holds, whoever it is from.
func inMemory(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "portal-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func (p *proof) summary() string {
	c := p.counts
	return fmt.Sprintf("seed %d: %d steps, %d of them with an error; %d pages made, %d kept, %d builds up to date, %d searches compared",
		p.seed, len(p.log), c.failed, c.rendered, c.kept, c.same, c.searched)
}

// step builds into the folder that has seen all steps and, to compare, into an
// empty one.
func (p *proof) step(compare bool) error {
	before := files(p.out)
	p.write()
	res, err := generator.Build(context.Background(), p.to(p.out))
	p.note(res, err)
	if !compare {
		return nil
	}
	fresh := filepath.Join(p.work, "b")
	defer os.RemoveAll(fresh)
	want, wantErr := generator.Build(context.Background(), p.to(filepath.Join(fresh, "public")))
	if err := sameResult(res, err, want, wantErr); err != nil {
		return err
	}
	if err != nil || !res.OK {
		return sameFiles("what had been published", files(p.out), before)
	}
	if err := sameFiles("the output", files(p.out), files(want.Out)); err != nil {
		return err
	}
	for _, name := range []string{"base", "private", "inputs"} {
		a, _ := os.ReadFile(filepath.Join(res.Index, name))
		b, _ := os.ReadFile(filepath.Join(want.Index, name))
		if !bytes.Equal(a, b) {
			return fmt.Errorf("beside the index, %q is %q, and after a clean build %q", name, a, b)
		}
	}
	return p.sameAnswers(res.Index, want.Index)
}

// note keeps count, and remembers the last site without a fault, to go back to.
func (p *proof) note(res *generator.Result, err error) {
	p.last = res
	if err != nil || !res.OK {
		p.counts.failed++
		p.last = nil
		return
	}
	p.good, p.goodOptions = maps.Clone(p.files), p.o
	p.counts.rendered += res.Rendered
	p.counts.kept += res.Kept
	if len(res.Stages) == 1 {
		p.counts.same++
	}
}

func sameResult(a *generator.Result, aErr error, b *generator.Result, bErr error) error {
	if aErr != nil || bErr != nil {
		if fmt.Sprint(aErr) != fmt.Sprint(bErr) {
			return fmt.Errorf("the build says %q, a clean one %q", fmt.Sprint(aErr), fmt.Sprint(bErr))
		}
		return nil
	}
	if x, y := said(a), said(b); x != y {
		return fmt.Errorf("findings\n%sof a clean build\n%s", x, y)
	}
	type facts struct {
		OK                            bool
		Pages, Entries, Files         int
		Bytes                         int64
		Errors, Warnings, Hints, Made int
		Now                           time.Time
	}
	of := func(r *generator.Result) facts {
		f := facts{r.OK, r.Pages, r.Entries, r.Files, r.Bytes, r.Errors, r.Warnings, r.Hints, r.Rendered + r.Kept, r.Now.UTC()}
		if !r.OK { // where it stopped is not always the same place
			f.Files, f.Bytes, f.Made = 0, 0, 0
		}
		return f
	}
	if x, y := of(a), of(b); x != y {
		return fmt.Errorf("result %+v, of a clean build %+v", x, y)
	}
	return nil
}

// files are the contents of all files below dir by name.
func files(dir string) map[string]string {
	out := map[string]string{}
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			b, _ := os.ReadFile(name)
			rel, _ := filepath.Rel(dir, name)
			out[filepath.ToSlash(rel)] = string(b)
		}
		return nil
	})
	return out
}

func sameFiles(what string, got, want map[string]string) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(union(got, want))) {
		g, inGot := got[name]
		w, inWant := want[name]
		switch {
		case !inGot:
			errs = append(errs, fmt.Errorf("%s lacks %s", what, name))
		case !inWant:
			errs = append(errs, fmt.Errorf("%s has %s", what, name))
		case g != w && name != ".portal-release": // it follows from the others
			errs = append(errs, fmt.Errorf("%s: %s is another:\n%s", what, name, firstDifference(g, w)))
		}
	}
	if len(errs) == 0 && got[".portal-release"] != want[".portal-release"] {
		errs = append(errs, fmt.Errorf("%s: .portal-release is another", what))
	}
	return errors.Join(errs[:min(len(errs), 6)]...)
}

func union(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	around := func(s string) string { return s[max(0, i-80):min(len(s), i+80)] }
	return fmt.Sprintf("  …%q\n  clean: …%q", around(a), around(b))
}

// sameAnswers asks both indexes for servers, where they were asked for.
func (p *proof) sameAnswers(a, b string) error {
	if p.o.ServerIndex == nil || !*p.o.ServerIndex {
		return nil
	}
	var answers [2]string
	for i, dir := range []string{a, b} {
		x, err := index.Open(filepath.Join(dir, "bleve"))
		if err != nil {
			return err
		}
		for _, q := range []string{"Versorgung", "Notfallplan Übung", "krankenhaus", "neu", "\"im Alltag\"", "Zusatz -Übung", "probe"} {
			res, err := x.Search(context.Background(), q, index.Options{Limit: 20})
			if err != nil {
				return err
			}
			res.Took = 0
			text, err := json.Marshal(res)
			if err != nil {
				return err
			}
			answers[i] += string(text) + "\n"
		}
		x.Close()
	}
	p.counts.searched++
	if answers[0] != answers[1] {
		return fmt.Errorf("the index answers something else:\n%s", firstDifference(answers[0], answers[1]))
	}
	return nil
}
