package export

import (
	"cmp"
	"slices"

	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/view"
)

// FollowFeeds are the feeds of the values that the listed entries of a type have
// in a field: one for each series, one for each addressee.
func FollowFeeds(s *site.Site, t *site.Type, x site.Follow, l string) []*Feed {
	f := t.FieldByPath(x.Field)
	if f == nil || !t.Feed {
		return nil
	}
	byKey := map[string]*Feed{}
	var out []*Feed
	for _, e := range s.OfType(t.Name, l) {
		for _, w := range FollowWords(e, x.Field) {
			feed := byKey[w.Key]
			if feed == nil {
				feed = &Feed{Title: s.Config.Title + " – " + f.Label.In(l) + ": " + w.Label, Name: w.Label, Description: w.Note, Lang: l,
					Page: s.TypeURL(t, l), Type: t, Field: x.Field, Value: w.Key, sources: make([][]*site.Entry, 1)}
				byKey[w.Key] = feed
				out = append(out, feed.at(feed.Page+lang.ID(x.Field)+"/"+w.Key+"/"))
			}
			feed.sources[0] = append(feed.sources[0], e)
		}
	}
	out = slices.DeleteFunc(out, func(f *Feed) bool { return !slices.ContainsFunc(f.sources[0], f.takes) })
	order := view.Scale(s, t, x.Field, l, nil)
	place := func(f *Feed) int { return slices.IndexFunc(order, func(w view.Word) bool { return w.Key == f.Value }) }
	lang.SortBy(l, out, func(f *Feed) string { return f.Name })
	slices.SortStableFunc(out, func(a, b *Feed) int { return cmp.Compare(place(a), place(b)) })
	return out
}

// FollowWords are the words that an entry has in a field, of a text each value
// with the address that it makes.
func FollowWords(e *site.Entry, path string) []view.Word {
	words := view.Words(e, path, e.Lang)
	for _, v := range site.Each(e.Get(path)) {
		s, ok := v.(site.Str)
		if !ok {
			continue
		}
		key := lang.ID(s.S)
		if key != "" && !slices.ContainsFunc(words, func(w view.Word) bool { return w.Key == key }) {
			words = append(words, view.Word{Key: key, Label: s.S})
		}
	}
	return words
}
