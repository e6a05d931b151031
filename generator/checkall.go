package generator

import (
	"context"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// Check finds what is wrong with a site and publishes nothing. It looks at
// what the options show, and then at everything else: an embargoed entry must
// not break the build on the day it appears. What only the second look finds
// does not stop a build yet, so it is a warning.
func Check(ctx context.Context, o Options) (*Result, error) {
	o.Dry = true
	o.whole = o.Drafts && o.Audience == site.Members
	res, err := Build(ctx, o)
	if err != nil || o.whole {
		return res, err
	}
	o.Drafts, o.Audience, o.whole = true, site.Members, true
	all, err := Build(ctx, o)
	if err != nil {
		return nil, err
	}
	diags := diag.List{}
	known := map[diag.Diagnostic]bool{}
	for _, d := range res.Diagnostics {
		diags.Add(d)
		known[d] = true
	}
	for _, d := range all.Diagnostics {
		if known[d] {
			continue
		}
		if d.Severity == diag.Error {
			d.Severity = diag.Warning
			d.Text += " (Betrifft, was noch nicht veröffentlicht ist.)"
		}
		diags.Add(d)
	}
	return res.with(&diags, o.Strict), nil
}
