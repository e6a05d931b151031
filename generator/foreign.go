package generator

import (
	"context"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/external"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
)

// foreign is what a site leads to outside of itself, and how it asks there.
type foreign struct {
	links  []external.Link
	ignore []site.AddressPattern
	agent  string
	cache  string
}

// AnswersFile is where the answers of foreign addresses are kept from one check
// to the next. It may be deleted at any time.
func AnswersFile(out string) string {
	return filepath.Join(filepath.Dir(out), ".portal", "external.json")
}

// foreign collects the addresses outside of the site that its pages lead to,
// and mail addresses and numbers: in texts, in fields, in portal.yaml.
func (b *build) foreign() *foreign {
	cfg := b.site.Config
	f := &foreign{ignore: cfg.Links.Ignore, agent: agent(cfg), cache: AnswersFile(b.Out)}
	own, _ := url.Parse(cfg.BaseURL)
	add := func(address string, pos diag.Pos) {
		u, err := url.Parse(strings.TrimSpace(address))
		if err != nil || u.Host != "" && !strings.EqualFold(u.Host, own.Host) || u.Scheme == "mailto" || u.Scheme == "tel" {
			f.links = append(f.links, external.Link{URL: address, Pos: pos})
		}
	}
	for _, e := range b.site.Entries {
		known, _ := b.texts.know(e)
		for _, l := range known.Links {
			add(l.URL, l.Pos)
		}
		e.Values.Walk(func(_ string, it site.Item) {
			for _, v := range site.Each(it.Value) {
				if l, ok := v.(site.Link); ok {
					add(l.URL, it.Pos)
				}
			}
		})
		if c := e.Type.Citation; c != nil && c.DOI != "" && e.Text(c.DOI) != "" {
			add("https://doi.org/"+e.Text(c.DOI), e.Pos)
		}
	}
	f.configured(cfg, add)
	return f
}

// configured adds what portal.yaml leads to. A mail address stands there by
// itself.
func (f *foreign) configured(cfg *site.Config, add func(string, diag.Pos)) {
	add(cfg.Licence, cfg.At("licence"))
	add(cfg.Publisher.URL, cfg.At("publisher.url"))
	add(cfg.Repository.URL, cfg.At("repository.url"))
	add(cfg.Security.Policy, cfg.At("security.policy"))
	for key, address := range map[string]string{"publisher.email": cfg.Publisher.Email, "security.contact": cfg.Security.Contact} {
		if strings.Contains(address, "@") && !strings.Contains(address, ":") {
			address = "mailto:" + address
		}
		add(address, cfg.At(key))
	}
	for _, it := range slices.Concat(cfg.Nav, cfg.Footer) {
		add(it.URL, it.Pos)
	}
}

// agent names the portal to those who are asked, in ASCII as HTTP wants it.
func agent(cfg *site.Config) string {
	return "portal-check (" + lang.ID(cfg.Title) + "; +" + cfg.BaseURL + ")"
}

// check asks, and says in a line what came of it.
func (f *foreign) check(ctx context.Context, o Options, diags *diag.List) string {
	used := make([]bool, len(f.ignore))
	progress := o.Progress
	if progress == nil {
		progress = func(string, int, int) {}
	}
	sum := external.Check(ctx, f.links, external.Options{
		Cache: f.cache, Fresh: o.Also.Fresh, Agent: f.agent,
		Ignore: func(address string) bool {
			hit := false
			for i, p := range f.ignore {
				if p.Match(address) {
					used[i], hit = true, true
				}
			}
			return hit
		},
		Progress: func(done, total int) { progress("links", done, total) },
	}, diags)
	progress("links", sum.Total, sum.Total) // also when it has been interrupted
	for i, p := range f.ignore {
		if !used[i] {
			diags.Hintf(p.Pos, "links-muster-unbenutzt", "Löschen Sie das Muster, wenn es keinen solchen Link mehr gibt.", "Auf das Muster „%s“ passt kein Link.", p.Text)
		}
	}
	return sum.String()
}
