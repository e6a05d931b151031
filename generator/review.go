package generator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
	"github.com/ag-vzkm/portal/generator/view"
)

// reviews reports what is overdue for review: a hint at first, a warning, which
// --strict does not let pass, when the grace of portal.yaml has passed, too.
func (b *build) reviews(entries []*site.Entry) {
	grace := b.site.Config.Review.Days()
	var listed []*site.Entry
	for _, e := range entries {
		if e.Listed() {
			listed = append(listed, e)
		}
	}
	for _, r := range view.Reviews(listed, b.now) {
		if r.Day.IsZero() || r.Left >= 0 {
			continue
		}
		pos := r.Entry.Pos
		if it := r.Entry.Values.Item("review_by"); it != nil {
			pos = it.Pos
		}
		hint := "Prüfen Sie die Angaben nach und setzen Sie „reviewed_on“ und „review_by“ neu."
		if r.Owner != "" {
			hint = "Zuständig: " + r.Owner + ". " + hint
		}
		report := b.diags.Hintf
		if -r.Left > grace {
			report = b.diags.Warnf
		}
		report(pos, "pruefung-ueberfaellig", hint, "Die Angaben waren bis zum %s zu prüfen; das ist seit %s überfällig.", lang.Date("de", r.Day), since(-r.Left))
	}
}

func since(days int) string {
	if days == 1 {
		return "einem Tag"
	}
	return lang.Int("de", days) + " Tagen"
}

// Model is a site that has been read, for commands that tell something about it.
type Model struct {
	Site      *site.Site
	Words     *lang.Words
	Templates fs.FS
}

// ReadModel reads a site without making anything of it. The model is nil if the
// content has errors, which are among what was found.
func ReadModel(ctx context.Context, o Options) (*Model, []diag.Diagnostic, error) {
	files, err := source.Dir(o.Source, o.Builtin)
	if err != nil {
		return nil, nil, fmt.Errorf("Der Ordner „%s“ ist nicht lesbar", o.Source)
	}
	b := &build{Options: o, ctx: ctx, files: files, diags: &diag.List{Lenient: o.Lenient}, res: &Result{}, profiles: &sync.Map{}}
	if err := b.read(); err != nil && !errors.Is(err, errStop) {
		return nil, nil, err
	}
	found := b.diags.Sorted()
	if b.diags.Failed(false) {
		return nil, found, nil
	}
	return &Model{b.site, b.words, files.Templates}, found, nil
}
