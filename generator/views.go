package generator

import (
	"sync"

	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// views are computed once for their page and their tables.
type views struct {
	mu    sync.Mutex
	known map[string]func() view.Data
}

// forget lets views be computed anew: texts have changed that they may show.
func (v *views) forget() {
	v.mu.Lock()
	v.known = nil
	v.mu.Unlock()
}

// view computes a view of the site in a language.
func (b *build) view(v *site.ViewDef, lang string) (view.Context, view.Data) {
	c := view.Context{
		Site: b.site, Def: v, Lang: lang,
		Entries: b.renderer.ViewEntries(v, lang),
		Plain:   b.texts.plain,
		Figures: b.texts.figures,
		Word:    func(key string, args ...any) string { return b.words.Must(lang, key, args...) },
	}
	b.views.mu.Lock()
	data, ok := b.views.known[lang+" "+v.Name]
	if !ok {
		data = sync.OnceValue(func() view.Data { return view.Make(c) })
		if b.views.known == nil {
			b.views.known = map[string]func() view.Data{}
		}
		b.views.known[lang+" "+v.Name] = data
	}
	b.views.mu.Unlock()
	return c, data()
}
