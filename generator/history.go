package generator

import (
	"slices"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

// past is what Git knows at a commit.
type past struct {
	head   string
	ignore []string
	source.History
}

// readPast reads the history, unless it is that of the state before.
func (b *build) readPast(c *site.Config) {
	head := source.Head(b.Source)
	var ignore []string
	for _, id := range c.History.Ignore {
		ignore = append(ignore, id.ID)
	}
	if b.past == nil || b.past.head != head || !slices.Equal(b.past.ignore, ignore) {
		b.past = &past{head, ignore, source.ReadHistory(b.ctx, b.Source, ignore)}
	}
	b.diags.Add(b.past.Found...)
	if c.History.Pos.File != "" && !b.past.Known() && len(b.past.Found) == 0 {
		b.diags.Hintf(c.History.Pos, "git-fehlt", "Bauen Sie in einem Klon des Repositorys, mit dem Ordner „.git“.",
			"„history“ hat hier keine Wirkung, denn die Texte liegen in keinem Git-Repository mit einem Commit.")
	}
	for _, id := range c.History.Ignore {
		if slices.Contains(b.past.Unused, id.ID) {
			b.diags.Warnf(id.Pos, "konfiguration-verlauf", "Die Nummer eines Commits zeigt „git log -- content“; acht Stellen genügen.",
				"Einen Commit „%s“, der Texte ändert, gibt es in der Git-Geschichte nicht.", id.ID)
		}
	}
}

// changed is the day of a text's last change; zero if none is known.
func (p *past) changed(e *site.Entry, loc *time.Location) time.Time {
	line := p.Of(e.Pos.File, e.Companion)
	if line == nil || line.Changed().IsZero() {
		return time.Time{}
	}
	return day(line.Changed(), loc)
}

func day(t time.Time, loc *time.Location) time.Time {
	y, m, d := t.In(loc).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// maxCommits is how many commits of an entry a page is told at most.
const maxCommits = 30

// pastOf is what the page of an entry may say of its history: subjects if the
// site shows them, names if they are in its list, and nobody else's.
func (b *build) pastOf(e *site.Entry) render.Past {
	c := b.site.Config
	out := render.Past{File: b.past.fileOf(e.Pos.File, c)}
	line := b.past.Of(e.Pos.File, e.Companion)
	if line == nil {
		out.Uncommitted = b.memo != nil && b.past.Known()
		return out
	}
	if c.History.Show {
		for _, commit := range line.Newest(len(line.Commits)) {
			if !commit.Merge && commit.Subject != "" && len(out.Commits) < maxCommits {
				out.Commits = append(out.Commits, render.Commit{Day: day(commit.When, c.Location), Subject: commit.Subject})
			}
		}
	}
	for _, commit := range line.Commits {
		if a := c.History.Author(commit.Name, commit.Email); a != nil && !commit.Merge && !slices.Contains(out.Authors, a) {
			out.Authors = append(out.Authors, a)
		}
	}
	return out
}

// fileOf is the path of a file in the repository that editors see.
func (p *past) fileOf(file string, c *site.Config) string {
	if folder := c.Repository.Folder; folder != "" {
		return strings.Trim(folder, "/") + "/" + file
	}
	if rest, ok := strings.CutPrefix(file, "content/"); ok && p.Inside {
		return p.Prefix + rest
	}
	return file
}

// commitsEvery is how often a preview looks for a commit.
const commitsEvery = 2 * time.Second

// Commits tells of every commit, checkout or the like after the site has taken
// it up, until the context ends. It asks Git again and again: where its files
// lie, and which of them change, is its own affair.
func (l *Live) Commits() <-chan struct{} {
	told := make(chan struct{})
	l.mu.RLock()
	head := ""
	if l.past != nil {
		head = l.past.head
	}
	l.mu.RUnlock()
	l.work.Go(func() {
		defer close(told)
		for head != "" { // else there is no repository
			select {
			case <-l.ctx.Done():
				return
			case <-time.After(commitsEvery):
			}
			now := source.Head(l.opts.Source)
			if now == head || now == "" {
				continue
			}
			head = now
			l.Changed(nil, false)
			select {
			case <-l.ctx.Done():
				return
			case told <- struct{}{}:
			}
		}
	})
	return told
}
