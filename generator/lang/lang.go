// Package lang knows how German and English are written: the words of the
// interface, dates and numbers, the order of the alphabet, and ids.
//
// Words come from templates/i18n/<lang>.yaml, a flat map from dotted key to
// text. All formatting is by language tag ("de", "en"); an unknown language
// is written like German. Nothing here depends on the machine's locale or
// clock.
package lang

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Words are the interface's words, by language and key.
type Words struct{ byLang map[string]map[string]string }

// Load reads i18n/<lang>.yaml for every language from template trees; words
// of a later tree replace those of an earlier one, key by key. A key that one
// language has and another lacks is an error: no page falls back to foreign
// words unseen.
func Load(langs []string, trees ...fs.FS) (*Words, error) {
	w := &Words{map[string]map[string]string{}}
	for _, l := range langs {
		for _, tree := range trees {
			b, err := fs.ReadFile(tree, "i18n/"+l+".yaml")
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			words := map[string]string{}
			if err := yaml.UnmarshalWithOptions(b, &words, yaml.Strict()); err != nil {
				return nil, fmt.Errorf("templates/i18n/%s.yaml ist nicht lesbar: %s", l, yaml.FormatError(err, false, false))
			}
			if w.byLang[l] == nil {
				w.byLang[l] = map[string]string{}
			}
			maps.Copy(w.byLang[l], words)
		}
		if w.byLang[l] == nil {
			return nil, fmt.Errorf("Für die Sprache „%s“ fehlt die Datei templates/i18n/%s.yaml", l, l)
		}
	}
	return w, w.complete(langs)
}

func (w *Words) complete(langs []string) error {
	for _, l := range langs {
		var missing []string
		for _, other := range langs {
			for k := range w.byLang[other] {
				if _, ok := w.byLang[l][k]; !ok {
					missing = append(missing, k)
				}
			}
		}
		slices.Sort(missing)
		if missing = slices.Compact(missing); len(missing) == 1 {
			return fmt.Errorf("templates/i18n/%s.yaml: das Wort „%s“ fehlt", l, missing[0])
		} else if len(missing) > 1 {
			return fmt.Errorf("templates/i18n/%s.yaml: das Wort „%s“ und %d weitere fehlen", l, missing[0], len(missing)-1)
		}
	}
	return nil
}

// T returns the word for key, formatted with args. A missing key is an error,
// so that a template that asks for it fails the build.
func (w *Words) T(lang, key string, args ...any) (string, error) {
	s, ok := w.byLang[lang][key]
	if !ok {
		return "", fmt.Errorf("templates/i18n/%s.yaml: das Wort „%s“ fehlt", lang, key)
	}
	if len(args) == 0 {
		return s, nil
	}
	return fmt.Sprintf(s, args...), nil
}

// N returns key.one for 1 and key.other for every other number, with the
// number written in the language where the text has %s.
func (w *Words) N(lang, key string, n int) (string, error) {
	form := ".other"
	if n == 1 {
		form = ".one"
	}
	s, err := w.T(lang, key+form)
	if err != nil || !strings.Contains(s, "%") {
		return s, err
	}
	return fmt.Sprintf(strings.ReplaceAll(s, "%d", "%s"), Int(lang, n)), nil
}

// Must is T for keys that the program itself relies on; a missing one is
// shown by its name rather than lost.
func (w *Words) Must(lang, key string, args ...any) string {
	s, err := w.T(lang, key, args...)
	if err != nil {
		return key
	}
	return s
}

const nbsp = "\u00a0"

var months = map[string][12]string{
	"de": {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

var monthsShort = map[string][12]string{
	"de": {"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
	"en": {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

func pick[T any](m map[string]T, lang string) T {
	if v, ok := m[lang]; ok {
		return v
	}
	return m["de"]
}

// Date writes a day: „15. April 2026“, “15 April 2026”. A zero time is "".
func Date(lang string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	month := pick(months, lang)[t.Month()-1]
	if lang == "en" {
		return fmt.Sprintf("%d%s%s %d", t.Day(), nbsp, month, t.Year())
	}
	return fmt.Sprintf("%d.%s%s %d", t.Day(), nbsp, month, t.Year())
}

// Months are the names of the months.
func Months(lang string) [12]string { return pick(months, lang) }

// MonthShort is the month for a calendar sheet: „Apr.“.
func MonthShort(lang string, t time.Time) string { return pick(monthsShort, lang)[t.Month()-1] }

// Month is a month with its year: „April 2026“.
func Month(lang string, t time.Time) string {
	return pick(months, lang)[t.Month()-1] + nbsp + strconv.Itoa(t.Year())
}

var weekdays = map[string][7]string{
	"de": {"Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"},
	"en": {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
}

// Weekdays are the days of the week from Monday on.
func Weekdays(lang string) [7]string { return pick(weekdays, lang) }

// Weekday is the day of the week of a day.
func Weekday(lang string, t time.Time) string { return Weekdays(lang)[(int(t.Weekday())+6)%7] }

// Span writes when something is: „Mittwoch, 27. Januar 2027, 8:00 bis 9:15 Uhr“.
// Without an end it is a moment; of whole days no times are written.
func Span(lang string, start, end time.Time, days bool) string {
	to := " bis "
	if lang == "en" {
		to = " to "
	}
	text := Weekday(lang, start) + ", " + Date(lang, start)
	sameDay := start.Format(time.DateOnly) == end.Format(time.DateOnly)
	switch {
	case days && (sameDay || !end.After(start)):
		return text
	case days:
		return text + to + Weekday(lang, end) + ", " + Date(lang, end)
	case !end.After(start):
		return text + ", " + Clock(lang, start)
	case sameDay:
		return text + ", " + strconv.Itoa(start.Hour()) + start.Format(":04") + to + Clock(lang, end)
	}
	return text + ", " + Clock(lang, start) + to + Weekday(lang, end) + ", " + DateTime(lang, end)
}

// Clock writes the time of day: „9:30 Uhr“, “9:30”.
func Clock(lang string, t time.Time) string {
	s := strconv.Itoa(t.Hour()) + t.Format(":04")
	if lang == "en" {
		return s
	}
	return s + nbsp + "Uhr"
}

// DateTime writes day and time; midnight is a day only.
func DateTime(lang string, t time.Time) string {
	if t.IsZero() || t.Hour() == 0 && t.Minute() == 0 {
		return Date(lang, t)
	}
	return Date(lang, t) + ", " + Clock(lang, t)
}

// Int writes a whole number with groups of three from five digits on in
// German, from four in English.
func Int(lang string, n int) string { return Number(lang, float64(n)) }

// Number writes a number with the language's decimal sign and groups.
func Number(lang string, x float64) string {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	sign := ""
	if s[0] == '-' {
		sign, s = "−", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	group, point, least := ".", ",", 5
	if lang == "en" {
		group, point, least = ",", ".", 4
	}
	if len(whole) >= least {
		var parts []string
		for len(whole) > 3 {
			parts = append([]string{whole[len(whole)-3:]}, parts...)
			whole = whole[:len(whole)-3]
		}
		whole = strings.Join(append([]string{whole}, parts...), group)
	}
	if frac != "" {
		whole += point + frac
	}
	return sign + whole
}

// Quantity writes a number with its unit, held together by a no-break space.
func Quantity(lang string, x float64, unit string) string {
	if unit == "" {
		return Number(lang, x)
	}
	return Number(lang, x) + nbsp + unit
}

// Money writes an amount given in hundredths: „500.000 €“, “€500,000”; full
// millions in words.
func Money(lang string, cents int64, currency string) string {
	sign, before := currency, currency+nbsp
	if currency == "EUR" {
		sign, before = "€", "€"
	}
	amount := ""
	switch {
	case cents%100_000_000_000 == 0 && cents != 0:
		amount = Number(lang, float64(cents/100_000_000_000)) + nbsp + map[bool]string{true: "bn", false: "Mrd."}[lang == "en"]
	case cents%10_000_000 == 0 && cents >= 100_000_000:
		amount = Number(lang, float64(cents)/100_000_000) + nbsp + map[bool]string{true: "m", false: "Mio."}[lang == "en"]
	case cents%100 == 0:
		amount = Number(lang, float64(cents/100))
	default:
		amount = Number(lang, float64(cents/100))
		point := ","
		if lang == "en" {
			point = "."
		}
		amount += point + fmt.Sprintf("%02d", cents%100)
	}
	if lang == "en" {
		return before + amount
	}
	return amount + nbsp + sign
}

// Compare orders words by the language's rules: in German Ä sorts with A
// (DIN 5007-1) and numbers by their value. Safe for one goroutine.
func Compare(lang string) func(a, b string) int {
	tag, err := language.Parse(lang)
	if err != nil {
		tag = language.German
	}
	c := collate.New(tag, collate.Loose, collate.Numeric)
	strict := collate.New(tag, collate.Numeric)
	return func(a, b string) int {
		if d := c.CompareString(a, b); d != 0 {
			return d
		}
		if d := strict.CompareString(a, b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	}
}

// Initial is the letter under which a word stands in an A–Z: upper case,
// without accents; digits and signs under "#".
func Initial(word string) string {
	for _, r := range norm.NFD.String(word) {
		if unicode.IsLetter(r) {
			return string(unicode.ToUpper(r))
		}
		if unicode.IsDigit(r) {
			return "#"
		}
	}
	return "#"
}

// ID makes an address from a text, in the German way: ä→ae, ö→oe, ü→ue, ß→ss,
// other accents dropped, everything else a hyphen. It may be "".
func ID(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	hyphen := false
	write := func(t string) {
		if hyphen && b.Len() > 0 {
			b.WriteByte('-')
		}
		hyphen = false
		b.WriteString(t)
	}
	if !norm.NFC.IsNormalString(s) {
		s = norm.NFC.String(s)
	}
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			write(string(r))
		case r >= 'A' && r <= 'Z':
			write(string(r + 'a' - 'A'))
		case r == 0xAD: // soft hyphen
		default:
			if t := letter(r); t != "" {
				write(t)
			} else {
				hyphen = true
			}
		}
	}
	return b.String()
}

func letter(r rune) string {
	switch unicode.ToLower(r) {
	case 'ä':
		return "ae"
	case 'ö':
		return "oe"
	case 'ü':
		return "ue"
	case 'ß', 'ẞ':
		return "ss"
	case 'æ':
		return "ae"
	case 'ø':
		return "oe"
	}
	if r < 0x80 || !unicode.IsLetter(r) {
		return ""
	}
	base := []rune(norm.NFD.String(string(unicode.ToLower(r))))[0]
	if base < 0x80 && unicode.IsLetter(base) {
		return string(base)
	}
	return ""
}

// SortBy sorts in the language's order by the text that key gives.
func SortBy[T any](lang string, items []T, key func(T) string) {
	if len(items) < 2 {
		return // most often; the rules of a language are large
	}
	less := Compare(lang)
	slices.SortStableFunc(items, func(a, b T) int { return less(key(a), key(b)) })
}
