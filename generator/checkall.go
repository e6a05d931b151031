package generator

import (
	"context"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// Also are the checks that take more than the site itself. A build never makes
// them.
type Also struct {
	External bool // ask foreign addresses
	Fresh    bool // also those of which the answer is known
	Spelling bool // look up all words
}

// Check finds what is wrong with a site and publishes nothing. It looks at
// what the options show, and then at o.whole else: an embargoed entry must
// not break the build on the day it appears. What only the second look finds
// does not stop a build yet, so it is a warning.
//
// Words are looked up in all entries. Foreign addresses are asked only for what
// the options show: what is not published yet is not told to strangers.
func Check(ctx context.Context, o Options) (*Result, error) {
	o.Dry = true
	o.whole = o.Drafts && o.Audience == site.Members
	var links *foreign
	var words *reading
	res, err := buildThen(ctx, o, func(b *build) {
		if o.Also.External || o.Also.Fresh {
			links = b.foreign()
		}
		if o.Also.Spelling && o.whole {
			words = b.reading()
		}
	})
	if err != nil {
		return nil, err
	}
	diags := &diag.List{}
	diags.Add(res.Diagnostics...)
	if !o.whole {
		o.Drafts, o.Audience, o.whole = true, site.Members, true
		all, err := buildThen(ctx, o, func(b *build) {
			if o.Also.Spelling {
				words = b.reading()
			}
		})
		if err != nil {
			return nil, err
		}
		unpublished(all.Diagnostics, res.Diagnostics, diags)
	}
	if words != nil {
		note, err := words.check(ctx, diags)
		if err != nil {
			return nil, err
		}
		res.Notes = append(res.Notes, note)
	}
	if links != nil {
		res.Notes = append(res.Notes, links.check(ctx, o, diags))
	}
	return res.with(diags, o.Strict), nil
}

// unpublished adds what has been found besides what is known.
func unpublished(found, known []diag.Diagnostic, diags *diag.List) {
	seen := map[diag.Diagnostic]bool{}
	for _, d := range known {
		seen[d] = true
	}
	for _, d := range found {
		if seen[d] {
			continue
		}
		if d.Severity == diag.Error {
			d.Severity = diag.Warning
			d.Text += " (Betrifft, was noch nicht veröffentlicht ist.)"
		}
		diags.Add(d)
	}
}
