package sitegen

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// Days that the entries lie between, as days since 1970: what has happened,
// and what is planned.
var (
	firstDay = day("2019-01-07")
	lastPast = day("2026-11-20")
	lastDay  = day("2029-12-20")
)

func day(s string) int {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return int(t.Unix() / 86400)
}

// front writes the front matter: required fields always, others mostly.
func (w *writer) front() {
	w.keys = nil
	for i := range w.between(0, 4) {
		w.keys = append(w.keys, fmt.Sprintf("quelle-%d", i+1))
	}
	w.b.WriteString("---\n")
	r := record{writer: w, numbers: map[string]float64{}}
	for _, f := range w.kind.Fields {
		if v := r.field(f, w.kind.sample[f.Name]); v != "" {
			if v[0] != '\n' {
				v = " " + v
			}
			fmt.Fprintf(&w.b, "%s:%s\n", f.Name, v)
		}
	}
	w.b.WriteString("---\n\n")
}

// record writes the values of one mapping and knows those it has written, for
// fields that must not be less than another.
type record struct {
	*writer
	numbers map[string]float64
	whole   bool // leaves nothing out
}

// field is a field's value as YAML, "" when it is left out.
func (r record) field(f *site.Field, sample any) string {
	if v := r.kind.Versions; v != nil && f.Name == v.Replaces {
		return "" // what is replaced says so itself
	}
	if f.Common {
		if v, ok := r.common(f, sample); ok {
			return v
		}
	}
	if !f.Required && !r.whole && r.chance(30) {
		return ""
	}
	switch {
	case f.Kind == site.KindList:
		return r.list(f, sample)
	case f.Multiple:
		return r.many(f, sample)
	}
	return r.single(f, sample)
}

// common are the fields that mean something to the program.
func (r record) common(f *site.Field, sample any) (string, bool) {
	switch f.Name {
	case "title":
		return quote(r.self.title), true
	case "summary":
		return quote(r.plainText(f.MaxLen)), true
	case "published":
		return date(r.between(firstDay, lastPast-30)), true
	case "review_by":
		return date(r.between(lastPast+60, lastDay)), true
	case "status":
		if r.chance(2) {
			return string(site.StatusArchived), true
		}
		return "", true
	case "aliases":
		if r.chance(3) {
			return "[/alt/" + r.self.id + "/]", true
		}
		return "", true
	case "image":
		if r.chance(90) {
			return "", true
		}
		return r.single(f, sample), true
	case "sources":
		return r.sources(), true
	case "id", "lang", "translation_of", "discussion", "audience": // said by the file's name, or better left alone
		return "", true
	}
	return "", false
}

func (r record) sources() string {
	var b strings.Builder
	for _, key := range r.keys {
		fmt.Fprintf(&b, "\n  - {key: %s, title: %s, url: \"https://www.example.org/%s/%d\", publisher: %s, accessed: %s}",
			key, quote(r.plainText(120)), key, r.between(1, 9999), quote(r.noun().word+" "+r.place()), date(r.between(lastPast-400, lastPast)))
	}
	return b.String()
}

func (r record) list(f *site.Field, sample any) string {
	samples, _ := sample.([]any)
	n := r.between(1, 5)
	// What has to have a form can only be taken from the example.
	if slices.ContainsFunc(f.Sub, func(s *site.Field) bool { return s.Required && s.Pattern != nil }) {
		n = min(n, len(samples))
	}
	var b strings.Builder
	for i := range n {
		var s any
		if len(samples) > 0 {
			s = samples[i%len(samples)]
		}
		b.WriteString("\n  - " + r.sub(f, s))
	}
	return b.String()
}

func (r record) sub(f *site.Field, sample any) string {
	values, _ := sample.(map[string]any)
	// Of what is agreed, an item says all: the program asks for owner and day.
	inner := record{r.writer, map[string]float64{}, f.Kind == site.KindList}
	var parts []string
	for _, s := range f.Sub {
		s := *s
		s.Common = s.Common || f.Common
		if v := inner.field(&s, values[s.Name]); v != "" {
			parts = append(parts, s.Name+": "+v)
		}
	}
	if len(parts) == 0 && len(f.Sub) > 0 {
		parts = append(parts, f.Sub[0].Name+": "+inner.single(f.Sub[0], values[f.Sub[0].Name]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// many is a list of one to three different values.
func (r record) many(f *site.Field, sample any) string {
	if f.Kind == site.KindConstraint {
		return flow(sample)
	}
	var parts []string
	n := r.between(1, 3)
	if f.Kind == site.KindFile {
		n = 1 // there is only one
	}
	for range n {
		if v := r.single(f, first(sample)); v != "" && !slices.Contains(parts, v) {
			parts = append(parts, v)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func (r record) single(f *site.Field, sample any) string {
	switch f.Kind {
	case site.KindText:
		return r.text(f, sample)
	case site.KindMarkdown:
		return quote(r.plainText(limit(f, 400)))
	case site.KindDate:
		return date(r.day(f))
	case site.KindDateTime:
		return date(r.day(f)) + fmt.Sprintf("T%02d:%02d", r.between(9, 17), 15*r.between(0, 3))
	case site.KindNumber:
		return number(r.number(f))
	case site.KindRange:
		a := r.number(f)
		return fmt.Sprintf("{min: %s, max: %s}", number(a), number(a+math.Round((bound(f.Max, 1000)-a)/2)))
	case site.KindMoney:
		return fmt.Sprintf("%d000 EUR", r.between(20, 90000))
	case site.KindBool:
		return strconv.FormatBool(r.chance(50))
	case site.KindEnum, site.KindLevel:
		if len(f.Values) > 0 {
			return f.Values[r.rng.IntN(len(f.Values))].Key
		}
		return number(r.number(f))
	case site.KindTags:
		return one(r.writer, r.terms[f.Vocabulary])
	case site.KindRelation:
		return r.relation(f)
	case site.KindLink:
		return "https://www.example.org/" + r.self.id
	case site.KindRecord:
		return r.sub(f, sample)
	case site.KindImage:
		return fmt.Sprintf("{src: /%s, alt: %s, caption: %s, credit: Probe}", figure, quote(r.plainText(100)), quote(r.plainText(120)))
	case site.KindFile:
		return fmt.Sprintf("{src: /%s, title: %s}", figure, quote(r.noun().word+" als Grafik"))
	}
	return flow(sample) // a constraint, as the example has it
}

// text is a word where little fits, else a name, else a sentence.
func (r record) text(f *site.Field, sample any) string {
	switch n := limit(f, 60); {
	case f.Cites && len(r.keys) == 0:
		return ""
	case f.Cites:
		return r.keys[r.rng.IntN(len(r.keys))]
	case f.Pattern != nil:
		return flow(sample)
	case n <= 20:
		return quote(r.abbreviation())
	case n <= 120:
		return quote(r.plainName(n))
	default:
		return quote(r.plainText(n))
	}
}

// abbreviation is three to five capitals: letters of the words of a name.
func (r record) abbreviation() string {
	letters := strings.ToUpper(one(r.writer, r.words.Parts)[:1] + r.place()[:2])
	for range r.between(0, 2) {
		letters += string(rune('A' + r.rng.IntN(26)))
	}
	return letters
}

func (r record) plainName(limit int) string {
	for {
		if s := r.noun().word + " " + r.place(); len(s) <= limit {
			return s
		}
		if s := r.place(); len(s) <= limit {
			return s
		}
	}
}

func limit(f *site.Field, otherwise int) int {
	if f.MaxLen > 0 {
		return f.MaxLen
	}
	return otherwise
}

// day is in the past for the common fields, and not before another where the
// field must not be.
func (r record) day(f *site.Field) int {
	from, to := day("2023-01-09"), lastDay
	if f.Common {
		from, to = firstDay, lastPast
	}
	if low, ok := r.numbers[f.NotBefore]; ok {
		from = int(low) + 1
		to = from + 3
	}
	d := r.between(from, to)
	r.numbers[f.Name] = float64(d)
	return d
}

func (r record) number(f *site.Field) float64 {
	low, high := bound(f.Min, 0), bound(f.Max, 1000)
	if other, ok := r.numbers[f.NotBefore]; ok {
		low = max(low, other)
	}
	n := math.Round(low + r.rng.Float64()*(high-low))
	r.numbers[f.Name] = n
	return n
}

func bound(b *float64, otherwise float64) float64 {
	if b == nil {
		return otherwise
	}
	return *b
}

// relation is the id of another entry, the first of a type most often.
func (r record) relation(f *site.Field) string {
	list := r.entries
	if len(f.To) > 0 {
		list = r.byType[f.To[r.rng.IntN(len(f.To))]].entries
	}
	i := r.rank(len(list))
	if list[i].id == r.self.id {
		i = (i + 1) % len(list)
	}
	return list[i].id
}

func date(d int) string { return time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly) }

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// first is the first of a list, or the value itself.
func first(v any) any {
	if list, ok := v.([]any); ok && len(list) > 0 {
		return list[0]
	}
	return v
}

// flow writes a value of an example back as YAML, keys in their order.
func flow(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = flow(x)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for _, key := range sortedKeys(v) {
			parts = append(parts, key+": "+flow(v[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case string:
		return quote(v)
	}
	return fmt.Sprint(v)
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func quote(s string) string { return strconv.Quote(s) }
