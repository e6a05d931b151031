package generator

import (
	"strings"

	"github.com/ag-vzkm/portal/generator/asset"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/export"
)

// livefile.go answers for the files of a live site that are no pages.

// file is a file of the output that is no page.
func (l *Live) file(name string) ([]byte, bool) {
	for _, files := range append([]map[string][]byte{l.search}, l.recent...) {
		if data, ok := files[name]; ok {
			return data, true
		}
	}
	if data, ok := l.picture(name); ok {
		return data, true
	}
	if strings.HasPrefix(name, "assets/") { // a page may be older than this process
		l.b.bundle.All(&diag.List{})
	}
	// A page waits for its style sheet, which need not wait for all exports.
	for _, files := range [][]asset.File{l.b.bundle.Files(), l.b.live} {
		for _, f := range files {
			if f.Path == name {
				return f.Data, true
			}
		}
	}
	data, ok := l.others()[name]
	return data, ok
}

// picture is a picture or file of a text. Those that no page has asked for since
// the site was read are asked for by all of them.
func (l *Live) picture(name string) ([]byte, bool) {
	if !strings.HasPrefix(name, "media/") {
		return nil, false
	}
	data, ok := l.b.media.Get(name)
	if !ok {
		_ = l.b.each(len(l.b.site.Entries), "media", func(i int) error {
			l.b.texts.know(l.b.site.Entries[i])
			return nil
		})
		data, ok = l.b.media.Get(name)
	}
	return data, ok
}

// others makes what is not made for pages, once for every state of the site.
func (l *Live) others() map[string][]byte {
	l.making.Lock()
	defer l.making.Unlock()
	if l.files != nil {
		return l.files
	}
	all := map[string][]byte{}
	in := l.b.machine.input(l.b.jobs)
	in.Diags = &diag.List{}
	_ = export.All(in, func(name string, data []byte) error { all[name] = data; return nil })
	static, _ := asset.Static(l.b.files.Static)
	for _, f := range static {
		all[f.Path] = f.Data
	}
	l.files = all
	return all
}
