package docx

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ag-vzkm/portal/generator/lang"
)

var (
	bareURL   = regexp.MustCompile(`(?:https?://|www\.)[^\s<>"„“”»«|]+`)
	urlEnd    = regexp.MustCompile(`[.,;:!?)\]]+$`)
	ibidem    = regexp.MustCompile(`^(?i:vgl\.\s+)?(?i:ebd\.?|ebenda|a\. ?a\. ?O\.)[,;]?\s*((?:S\.|Seite|Rn\.)\s?\d+(?:\s?[–-]\s?\d+|\s?ff?\.)?)?\.?$`)
	seePrefix = regexp.MustCompile(`^(?i:ebd\.?[,;]?|ebenda[,;]?|vgl\.|vergleiche|siehe|s\.|quelle:|nach:|so:?|hierzu:?|dazu:?|auch|etwa:?|z\. ?b\.:?)\s+`)
	onlineAt  = regexp.MustCompile(`(?i)[,;.]?\s*(?:online\s+)?(?:verfügbar|abrufbar|erreichbar|zu finden)?\s*(?:unter|online|url|in|via)\s*:?\s*$`)
	accessed  = regexp.MustCompile(`(?i)[,;.]?\s*[(\[]?\s*(?:zuletzt\s+|letzter\s+)?(?:abgerufen|abruf|aufgerufen|zugriff|zugegriffen|eingesehen|besucht|stand)(?:\s+am|\s+vom)?\s*:?\s*((?:\d{1,2}\.\s?(?:\d{1,2}\.|\p{L}+)\s?\d{4})|\d{4}-\d\d-\d\d)\s*[)\]]?`)
	locator   = regexp.MustCompile(`[,;]?\s*\(?((?:S\.|Seiten?|Rn\.|Kap\.|Kapitel|Abschnitt|Abb\.|Tab\.)\s?\d+(?:\s?[–-]\s?\d+|\s?ff?\.)?)\)?`)
	withYear  = regexp.MustCompile(`^(.{2,90}?)\s*\((?:Hrsg\.,?\s*)?((?:19|20)\d\d)[a-z]?\)\s*[:,.]\s+(.+)$`)
	withColon = regexp.MustCompile(`^([^:„"]{2,90}?)(?:\s*\(Hrsg\.\))?:\s+(.+)$`)
	anyYear   = regexp.MustCompile(`\b((?:19|20)\d\d)\b`)
	// Verbs that references do not have: with one of them, a note says something.
	sentence = regexp.MustCompile(`\b(?:ist|sind|war|waren|wird|werden|wurde|wurden|hat|haben|hatte|hatten|kann|können|soll|sollen|muss|müssen|gilt|gelten|zeigt|zeigen|liegt|gibt|heißt|beträgt|daher|deshalb|allerdings|jedoch|dabei|wir|nicht)\b`)
)

// reference is a text that names a source.
type reference struct {
	Source
	at string // the place in it: „S. 12“
}

// readReference takes a text apart that names a source. urls are the addresses
// of its links; sure tells that the text stands in a list of sources.
func readReference(text string, links []inline, sure bool) (reference, bool) {
	r := reference{}
	text = tidy(text)
	var urls []string
	linked := ""
	for _, l := range links {
		urls = append(urls, l.url)
		if t := tidy(plain(l.kids)); !bareURL.MatchString(t) {
			linked = t
		}
	}
	text = bareURL.ReplaceAllStringFunc(text, func(u string) string {
		end := urlEnd.FindString(u)
		u = strings.TrimSuffix(u, end)
		if strings.HasPrefix(u, "www.") {
			u = "https://" + u
		}
		if len(links) == 0 {
			urls = append(urls, u)
		}
		return end
	})
	slices.Sort(urls)
	if urls = slices.Compact(urls); len(urls) > 1 || len(urls) == 0 && !sure {
		return r, false
	}
	if len(urls) == 1 {
		u, err := url.Parse(urls[0])
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || !strings.Contains(u.Hostname(), ".") {
			return r, false
		}
		untrack(u)
		r.URL = u.String()
	}
	for p := ""; p != text; {
		p, text = text, seePrefix.ReplaceAllString(text, "")
	}
	if m := accessed.FindStringSubmatchIndex(text); m != nil {
		r.Accessed = isoDate(text[m[2]:m[3]])
		text = text[:m[0]] + text[m[1]:]
	}
	if m := locator.FindStringSubmatchIndex(text); m != nil && !sure {
		r.at = text[m[2]:m[3]]
		text = text[:m[0]] + text[m[1]:]
	}
	text = strings.Trim(onlineAt.ReplaceAllString(trimReference(text), ""), " .,;:")
	if utf8.RuneCountInString(text) > 280 || !sure && sentence.MatchString(text) {
		return r, false
	}
	r.name(text, linked)
	return r, true
}

func trimReference(s string) string {
	s = strings.NewReplacer("()", "", "<>", "", "[]", "").Replace(s)
	return strings.Trim(tidy(s), " .,;:")
}

// name divides „Herausgeber (2025): Titel“.
func (r *reference) name(text, linked string) {
	quotes := func(s string) string {
		s = strings.Trim(s, " ,;:")
		if w := strings.Fields(s); len(w) > 0 && len([]rune(w[len(w)-1])) > 2 { // an initial keeps its dot
			s = strings.TrimRight(s, ".")
		}
		return strings.Trim(s, "„“\"”»«")
	}
	if m := withYear.FindStringSubmatch(text); m != nil {
		r.Publisher, r.Title = quotes(m[1]), quotes(m[3])
		if !strings.Contains(r.Title, m[2]) {
			r.Title += " (" + m[2] + ")"
		}
		return
	}
	if before, after, ok := strings.Cut(text, linked); ok && linked != "" && len(quotes(before)) > 1 && quotes(after) == "" {
		r.Publisher, r.Title = quotes(before), quotes(linked)
		return
	}
	if m := withColon.FindStringSubmatch(text); m != nil {
		r.Publisher, r.Title = quotes(m[1]), quotes(m[2])
		return
	}
	r.Title = quotes(text)
}

var months = []string{"januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"}

var dayForm = regexp.MustCompile(`^(\d{1,2})\.\s?(?:(\d{1,2})\.|(\p{L}+))\s?(\d{4})$`)

// isoDate is a German date in the form of files, "" for none.
func isoDate(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		return s
	}
	m := dayForm.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	month, _ := strconv.Atoi(m[2])
	if m[3] != "" {
		month = 1 + slices.IndexFunc(months, func(n string) bool { return strings.HasPrefix(n, strings.ToLower(m[3])) })
	}
	d, _ := strconv.Atoi(m[1])
	t := time.Date(2000, time.Month(month), d, 0, 0, 0, 0, time.UTC)
	if month < 1 || month > 12 || t.Day() != d {
		return ""
	}
	y, _ := strconv.Atoi(m[4])
	return time.Date(y, time.Month(month), d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// cite is the citation of a reference; a source that is there already is used
// again.
func (d *Document) cite(r reference) (n inline, added bool) {
	if r.Title == "" {
		u, _ := url.Parse(r.URL)
		r.Title = strings.TrimPrefix(u.Hostname(), "www.")
	}
	for _, s := range d.Sources {
		if s.URL == r.URL && (s.URL != "" || s.Title == r.Title) {
			return inline{kind: "Cite", text: s.Key, title: r.at}, false
		}
	}
	r.Key = d.key(r.Source)
	d.Sources = append(d.Sources, r.Source)
	return inline{kind: "Cite", text: r.Key, title: r.at}, true
}

// key makes a short word for a source: its publisher's initials or first word,
// and the year.
func (d *Document) key(s Source) string {
	base := s.Publisher
	if base == "" {
		base = s.Title
	}
	key := hostKey(s.URL)
	for _, w := range strings.FieldsFunc(base, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		id := lang.ID(w)
		if len(id) < 2 || slices.Contains(small, id) {
			continue
		}
		if isAbbreviation(w) {
			key = id
			break
		}
		if key == "" {
			key = id
		}
	}
	if key == "" {
		key = "quelle"
	}
	key = key[:min(len(key), 20)]
	if y := anyYear.FindString(s.Title + " " + s.URL); y != "" && key != y {
		key += "-" + y
	}
	free := key
	for n := 2; slices.ContainsFunc(d.Sources, func(x Source) bool { return x.Key == free }); n++ {
		free = key + "-" + strconv.Itoa(n)
	}
	return free
}

// hostKey is the name within an address, if it is short: "destatis".
func hostKey(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	parts := strings.Split(u.Hostname(), ".")
	if len(parts) < 2 {
		return ""
	}
	if name := lang.ID(parts[len(parts)-2]); len(name) <= 16 && name != "bund" && name != "europa" {
		return name
	}
	return ""
}

var small = strings.Fields("der die das des dem den und von vom fuer zur zum im in an am auf mit the of and for bundesministerium bundesverband bundesamt institut deutscher deutsche deutsches")

func isAbbreviation(w string) bool {
	r := []rune(w)
	return len(r) >= 2 && len(r) <= 8 && unicode.IsUpper(r[0]) && unicode.IsUpper(r[1])
}

// notesToSources replaces footnotes that name a source by citations of it.
func (d *Document) notesToSources(list []block) {
	for i := range list {
		b := &list[i]
		d.notesIn(b.in)
		for j := range b.terms {
			d.notesIn(b.terms[j])
		}
		d.notesToSources(b.blocks)
		for j := range b.items {
			d.notesToSources(b.items[j])
		}
		for _, rows := range [][][]cell{b.head, b.rows} {
			for _, row := range rows {
				for _, c := range row {
					d.notesToSources(c.blocks)
				}
			}
		}
	}
}

func (d *Document) notesIn(in []inline) {
	for i := range in {
		n := &in[i]
		if n.kind != "Note" {
			d.notesIn(n.kids)
			continue
		}
		if len(n.blocks) != 1 || n.blocks[0].kind != "Para" {
			d.lastCited = ""
			continue
		}
		text := plain(n.blocks[0].in)
		if m := ibidem.FindStringSubmatch(tidy(text)); m != nil && d.lastCited != "" {
			*n = inline{kind: "Cite", text: d.lastCited, title: m[1], kids: marksOf(n.blocks[0].in)}
			continue
		}
		r, ok := readReference(text, linksIn(n.blocks[0].in), false)
		if !ok {
			d.lastCited = ""
			continue
		}
		cite, added := d.cite(r)
		d.lastCited = cite.text
		cite.kids = marksOf(n.blocks[0].in)
		if added {
			cite.kids = []inline{d.mark("Prüfen Sie im Kopf der Datei unter „sources“ Titel und Herausgeber.", "Die Fußnote „%s“ wurde zur Quelle „%s“.", short(tidy(text)), cite.text)}
			cite.kids = append(cite.kids, marksOf(n.blocks[0].in)...)
		}
		*n = cite
	}
}

func linksIn(in []inline) []inline {
	var out []inline
	for _, n := range in {
		if n.kind == "Link" && !strings.HasPrefix(n.url, "#") {
			out = append(out, n)
		}
		out = append(out, linksIn(n.kids)...)
	}
	return out
}

var (
	listOfSources = regexp.MustCompile(`^(?i:(?:\d+\.?\s*)?(?:quellen|literatur|quellenverzeichnis|literaturverzeichnis|quellen- und literaturverzeichnis|literatur- und quellenverzeichnis|quellen und literatur|literatur und quellen|quellenangaben|referenzen|einzelnachweise|bibliografie|bibliographie))$`)
	bracketed     = regexp.MustCompile(`^\[(\d{1,3})\]\s*`)
	citedNumber   = regexp.MustCompile(`\s?\[(\d{1,3}(?:\s?[,;]\s?\d{1,3})*)(?:,\s?(S\.\s?[^\]]{1,20}))?\]`)
)

// bibliography makes sources of a list of references at the end, and citations
// of the numbers in brackets that lead to them.
func (d *Document) bibliography() {
	at := slices.IndexFunc(d.blocks, func(b block) bool {
		return b.kind == "Header" && listOfSources.MatchString(tidy(plain(b.in)))
	})
	if at < 0 {
		return
	}
	end := at + 1
	for end < len(d.blocks) && d.blocks[end].kind != "Header" {
		end++
	}
	items, ok := listItems(d.blocks[at+1 : end])
	if !ok {
		d.blocks[at].in = append(d.blocks[at].in, d.mark("Tragen Sie die Quellen im Kopf der Datei unter „sources“ ein und zitieren Sie sie mit [@kürzel].", "Das Verzeichnis der Quellen ließ sich nicht zerlegen; es steht hier als Text."))
		return
	}
	keys := map[string]string{}
	before := len(d.Sources)
	for _, it := range items {
		n, _ := d.cite(it.ref)
		keys[it.number] = n.text
	}
	d.blocks = append(d.blocks[:at], d.blocks[end:]...)
	used := map[string]bool{}
	d.numbersIn(d.blocks, keys, used)
	d.remark("Prüfen Sie Titel, Herausgeber und Adressen; Quellen, die der Text nicht zitiert, zitieren Sie mit [@kürzel] oder löschen Sie.", "Aus dem Verzeichnis der Quellen wurden %d Einträge unter „sources“; %d davon sind im Text zitiert.", len(d.Sources)-before, len(used))
}

type listItem struct {
	number string
	ref    reference
}

// listItems reads the items of a list of sources; ok is false when one of them
// is something else.
func listItems(list []block) (out []listItem, ok bool) {
	add := func(in []inline, number int) bool {
		text := tidy(plain(in))
		no := strconv.Itoa(number)
		if m := bracketed.FindStringSubmatch(text); m != nil {
			no, text = m[1], text[len(m[0]):]
		}
		r, ok := readReference(text, linksIn(in), true)
		if ok && (r.Title != "" || r.URL != "") {
			out = append(out, listItem{no, r})
			return true
		}
		return false
	}
	for _, b := range list {
		switch b.kind {
		case "Para":
			if !add(b.in, len(out)+1) {
				return nil, false
			}
		case "OrderedList", "BulletList":
			for i, it := range b.items {
				if len(it) != 1 || it[0].kind != "Para" || !add(it[0].in, max(b.start, 1)+i) {
					return nil, false
				}
			}
		default:
			return nil, false
		}
	}
	return out, len(out) > 0
}

// numbersIn replaces [3] and [3, S. 5] by citations.
func (d *Document) numbersIn(list []block, keys map[string]string, used map[string]bool) {
	for i := range list {
		b := &list[i]
		b.in = citeNumbers(b.in, keys, used)
		d.numbersIn(b.blocks, keys, used)
		for j := range b.items {
			d.numbersIn(b.items[j], keys, used)
		}
		for _, rows := range [][][]cell{b.head, b.rows} {
			for _, row := range rows {
				for _, c := range row {
					d.numbersIn(c.blocks, keys, used)
				}
			}
		}
	}
}

func citeNumbers(in []inline, keys map[string]string, used map[string]bool) []inline {
	var out []inline
	for _, n := range in {
		if n.kind != "Str" {
			if n.kind != "Link" && n.kind != "Code" {
				n.kids = citeNumbers(n.kids, keys, used)
			}
			out = append(out, n)
			continue
		}
		pos := 0
		for _, m := range citedNumber.FindAllStringSubmatchIndex(n.text, -1) {
			numbers := strings.FieldsFunc(n.text[m[2]:m[3]], func(r rune) bool { return !unicode.IsDigit(r) })
			if slices.ContainsFunc(numbers, func(no string) bool { return keys[no] == "" }) {
				continue
			}
			out = append(out, inline{kind: "Str", text: n.text[pos:m[0]]})
			for _, no := range numbers {
				c := inline{kind: "Cite", text: keys[no]}
				if m[4] >= 0 {
					c.title = n.text[m[4]:m[5]]
				}
				used[keys[no]] = true
				out = append(out, c)
			}
			pos = m[1]
		}
		out = append(out, inline{kind: "Str", text: n.text[pos:]})
	}
	return slices.DeleteFunc(out, func(n inline) bool { return n.kind == "Str" && n.text == "" })
}
