package generator

import (
	"strings"

	"github.com/ag-vzkm/portal/generator/asset"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/markdown"
	"github.com/ag-vzkm/portal/generator/render"
	"github.com/ag-vzkm/portal/generator/view"
	"github.com/ag-vzkm/portal/search/client"
)

func (b *build) assets() error {
	if b.bundled == nil || b.bundled.base != b.base {
		b.bundled = b.makeBundles(b.memo != nil)
	}
	b.diags.Add(b.bundled.found...)
	for _, t := range b.site.Types {
		if _, ok := b.bundle.Icon(t.Icon); !ok {
			b.diags.Errorf(t.At("icon"), "symbol-unbekannt", diag.DidYouMean(t.Icon, b.bundle.IconNames()), "Das Symbol „%s“ gibt es nicht in templates/icons.", t.Icon)
		}
	}
	b.media = asset.NewMedia(b.base, b.pictureCache())
	b.texts = newTexts(b)
	b.machine = newMachine(b)
	assets := render.Assets{CSS: b.bundle.CSS, JS: b.bundle.JS, Icons: b.bundle.Icons, Search: b.search.UI, Fonts: b.fonts()}
	b.keys.setGlobal(assets)
	newRenderer := render.New
	if b.before != nil {
		newRenderer = b.before.Next
	}
	r, err := newRenderer(render.Input{
		Site: b.site, Words: b.words, Templates: b.files.Templates,
		Assets:  assets,
		Prose:   b.texts.prose,
		Plain:   b.texts.plain,
		Picture: b.texts.picture, Download: b.texts.download,
		Related: view.Related(b.site.Entries, b.profileOf, relatedEntries),
		Machine: b.machine,
		View:    b.view, ViewFiles: b.own(b.bundle.View), PageFiles: b.own(b.bundle.Page),
		Blocks:  b.texts.blocks,
		Past:    b.pastOf,
		Private: b.private(),
	})
	if err != nil {
		b.templateFault(err, "")
		b.tellFaults()
		return errStop
	}
	b.renderer, b.before = r, nil // which would hold all those before it
	b.jobs = r.Plan()
	r.CheckConfig(b.diags)
	b.res.Pages = len(b.jobs)
	return nil
}

// own gives what single kinds of pages load; what is wrong with it is reported.
func (b *build) own(files func(string, *diag.List) (style, script string)) func(string) (string, string) {
	return func(name string) (string, string) { return files(name, b.diags) }
}

// relatedEntries is how many related entries a page shows at most.
const relatedEntries = 4

// bundled are style sheets, scripts and icons, which a preview takes over while
// no template changes.
type bundled struct {
	bundle *asset.Bundle
	search *asset.Search
	live   []asset.File // the search's, in a preview
	base   string
	found  []diag.Diagnostic
}

func (b *build) makeBundles(live bool) *bundled {
	found := &diag.List{Lenient: b.Lenient}
	made := &bundled{base: b.base}
	made.bundle = asset.New(b.files.Templates, asset.Options{Base: b.base, Diags: found,
		CSS: []asset.Text{{Name: "chroma.css", Content: markdown.ChromaCSS()}}})
	made.search = asset.NewSearch(client.Files, b.base, found)
	if live {
		made.live = made.search.Overlay(client.Files, found)
	}
	made.found = found.Sorted()
	return made
}

// pictureCache is the preview's, or one that lies with what else is kept.
func (b *build) pictureCache() *asset.Cache {
	switch {
	case b.pictures != nil:
		return b.pictures
	case b.cache != nil:
		return &asset.Cache{Store: b.cache}
	}
	return nil
}

// fonts are the addresses of the upright fonts: pages ask for them at once, so
// that they are there when the text is painted first.
func (b *build) fonts() []string {
	var out []string
	for _, f := range b.bundle.Files() {
		if strings.HasSuffix(f.Path, ".woff2") && !strings.Contains(f.Path, "italic") {
			out = append(out, b.base+"/"+f.Path)
		}
	}
	return out
}
