package source

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Lifeline is the history of one text under all the names that it has had.
type Lifeline struct {
	Commits []*Commit // those that changed the text, oldest first
}

// Changed is when the text was changed last; zero if all commits that did are
// left out.
func (l *Lifeline) Changed() time.Time {
	var last time.Time
	for _, c := range l.Commits {
		if c.When.After(last) {
			last = c.When
		}
	}
	return last
}

// Commit is a change of the repository. Name, Email and Subject are whatever
// somebody wrote, without control characters.
type Commit struct {
	// When is the day of the author, not of the commit: a rebase, which makes
	// commits anew, changes no text. But nothing can be changed after it was
	// committed, whatever the clock of an author says.
	When                 time.Time
	Name, Email, Subject string
	Merge                bool
}

// logFormat is read by header.
const logFormat = "%H%x00%at%x00%ct%x00%an%x00%ae%x00%s%x00"

// called is what a name stands for: the text that has it, or had it last.
type called struct {
	line *Lifeline
	gone bool // deleted or renamed; a branch may go on with it
}

// change is one line of a commit: what became of a name.
type change struct {
	path, from string   // from is "" if the text is new
	before     []string // hashes, of each parent
	now        string
	deleted    bool
	follow     bool // a rename or a plain change: the text is known by from
}

// logReader follows texts through the log, which comes with parents before
// their children. Names are followed forwards because that needs no knowledge
// of branches: what one of them renames is still known to the others by its
// old name.
type logReader struct {
	in     *bufio.Reader
	names  map[string]called
	ignore []string
	used   []bool
}

// readLog returns what every name stands for in the end, and those commits to
// be left out that it has not met.
func readLog(in io.Reader, ignore []string) (names map[string]called, unused []string, err error) {
	r := &logReader{in: bufio.NewReaderSize(in, 1<<16), names: map[string]called{}, ignore: ignore, used: make([]bool, len(ignore))}
	id, err := r.item()
	for err == nil {
		id, err = r.commit(id)
	}
	if !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	for i, used := range r.used {
		if !used {
			unused = append(unused, ignore[i])
		}
	}
	return r.names, unused, nil
}

// token reads up to the next NUL.
func (r *logReader) token() (string, error) {
	s, err := r.in.ReadString(0)
	if err != nil && s == "" {
		return "", io.EOF
	}
	return strings.TrimSuffix(s, "\x00"), nil
}

// item is the next token that begins something: what Git puts between commits
// and before their changes depends on what they are.
func (r *logReader) item() (s string, err error) {
	for s == "" && err == nil {
		s, err = r.token()
		s = strings.TrimPrefix(s, "\n")
	}
	return s, err
}

var errLog = errors.New("the log of Git has another form than expected")

// commit reads one commit with its changes; id is its first token. It returns
// the token after it.
func (r *logReader) commit(id string) (next string, err error) {
	var f [5]string // author's time, committer's time, name, e-mail, subject
	for i := range f {
		if f[i], err = r.token(); err != nil {
			return "", errLog
		}
	}
	when, committed := unix(f[0]), unix(f[1])
	if committed.Before(when) {
		when = committed
	}
	c := &Commit{When: when, Name: plain(f[2]), Email: plain(f[3]), Subject: plain(f[4])}
	var changes []change
	for {
		if next, err = r.item(); err != nil || !strings.HasPrefix(next, ":") {
			break
		}
		ch, err := r.change(next)
		if err != nil {
			return "", err
		}
		c.Merge = c.Merge || strings.HasPrefix(next, "::")
		changes = append(changes, ch)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if r.ignored(id) {
		c = nil
	}
	r.apply(c, changes)
	return next, err
}

func (r *logReader) ignored(id string) bool {
	found := false
	for i, beginning := range r.ignore {
		if strings.HasPrefix(id, beginning) {
			found, r.used[i] = true, true
		}
	}
	return found
}

// change reads ":mode mode hash hash status" with its one or two names; a merge
// has more colons, modes and hashes, and is listed only where it differs from
// all its parents.
func (r *logReader) change(line string) (c change, err error) {
	f := strings.Fields(strings.TrimLeft(line, ":"))
	parents := len(line) - len(strings.TrimLeft(line, ":"))
	if len(f) != 2*parents+3 {
		return c, errLog
	}
	mode, status := f[parents], f[2*parents+2]
	c.before, c.now = f[parents+1:2*parents+1], f[2*parents+1]
	if c.path, err = r.token(); err != nil {
		return c, errLog
	}
	c.deleted = strings.Trim(mode, "0") == ""
	if parents > 1 {
		c.from, c.follow = c.path, true
		return c, nil
	}
	switch status[0] {
	case 'R':
		c.from, c.follow = c.path, true
		c.path, err = r.token()
	case 'C': // a copy is a text of its own
		c.path, err = r.token()
	case 'M', 'T', 'D':
		c.from, c.follow = c.path, true
	}
	if err != nil {
		return c, errLog
	}
	return c, nil
}

// apply takes up the changes of a commit, all at once: names may be swapped.
// With a nil commit names change and nothing else.
func (r *logReader) apply(c *Commit, changes []change) {
	exchange(changes)
	lines := make([]*Lifeline, len(changes))
	for i, ch := range changes {
		known := r.names[ch.path]
		switch {
		case ch.follow:
			lines[i] = r.names[ch.from].line
		case !known.gone: // added on two branches
			lines[i] = known.line
		}
		if lines[i] == nil {
			lines[i] = &Lifeline{}
		}
	}
	for _, ch := range changes {
		if old, ok := r.names[ch.from]; ok && (ch.from != ch.path || ch.deleted) {
			old.gone = true
			r.names[ch.from] = old
		}
	}
	for i, ch := range changes {
		if ch.deleted {
			continue
		}
		r.names[ch.path] = called{line: lines[i]}
		if c != nil && !slices.Contains(ch.before, ch.now) { // a mere rename changes no text
			lines[i].Commits = append(lines[i].Commits, c)
		}
	}
}

// exchange finds texts that took the name of another: Git calls both changed.
// The new text of a name has to be, byte for byte, the old one of exactly one
// other, whose name was given up or passed on in the same way.
func exchange(changes []change) {
	owner := map[string]int{} // by hash; -1 where there are several
	plain := func(ch change) bool { return ch.follow && ch.from == ch.path && len(ch.before) == 1 }
	for i, ch := range changes {
		if plain(ch) {
			if _, twice := owner[ch.before[0]]; twice {
				i = -1
			}
			owner[ch.before[0]] = i
		}
	}
	takes, taken := map[int]int{}, map[int]int{}
	for i, ch := range changes {
		if j, ok := owner[ch.now]; ok && j >= 0 && j != i && plain(ch) && !ch.deleted {
			takes[i] = j
			taken[j]++
		}
	}
	for found := true; found; {
		found = false
		for i, j := range takes {
			if _, passed := takes[j]; taken[j] > 1 || !passed && !changes[j].deleted {
				delete(takes, i)
				found = true
			}
		}
	}
	for i, j := range takes {
		changes[i].from, changes[i].before = changes[j].path, []string{changes[i].now}
	}
}

// plain takes out what is no text: names and subjects come from outside and go
// onto pages. Line breaks, marks of direction and the like become blanks.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, " "), func(r rune) bool {
		return r == ' ' || !unicode.IsPrint(r)
	}), " ")
}

// union joins what changed one file and another.
func union(a, b []*Commit) []*Commit {
	out := slices.Clone(a)
	for _, c := range b {
		if !slices.Contains(a, c) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(x, y *Commit) int { return x.When.Compare(y.When) })
	return out
}

// Newest returns up to n commits, newest first.
func (l *Lifeline) Newest(n int) []*Commit {
	out := slices.Clone(l.Commits)
	slices.Reverse(out)
	slices.SortStableFunc(out, func(a, b *Commit) int { return b.When.Compare(a.When) })
	return out[:min(n, len(out))]
}
