package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/search/index"
)

// question is a line of search/index/testdata/questions.jsonl.
type question struct {
	ID, Query, Lang string
	Right           []string
}

func questions(t *testing.T) (all []question) {
	t.Helper()
	f, err := os.Open("search/index/testdata/questions.jsonl")
	must(t, err)
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var q question
		must(t, json.Unmarshal(lines.Bytes(), &q))
		all = append(all, q)
	}
	return all
}

// builtSite builds the portal's own site and opens its index.
func builtSite(t *testing.T) (out string, x *index.Index) {
	t.Helper()
	dir := t.TempDir()
	copySite(t, dir, strings.Compare)
	res, err := generator.Build(t.Context(), generator.Options{Source: dir, Builtin: builtin, Now: "2026-11-22"})
	must(t, err)
	if !res.OK {
		t.Fatal(res.Diagnostics)
	}
	x, err = index.Open(filepath.Join(res.Index, "bleve"))
	must(t, err)
	t.Cleanup(func() { x.Close() })
	return res.Out, x
}

func firstThree(t *testing.T, x *index.Index, query, lang string) (ids []string) {
	t.Helper()
	r, err := x.Search(t.Context(), query, index.Options{Limit: 3, Filters: map[string][]string{"lang": {lang}}})
	must(t, err)
	for _, h := range r.Hits {
		ids = append(ids, h.ID)
	}
	return ids
}

// TestOwnContentIsFound: every name of every entry finds its page, and readers'
// questions find an answer, in the first three. What two entries are called
// finds either.
func TestOwnContentIsFound(t *testing.T) {
	t.Parallel()
	_, x := builtSite(t)
	owners := map[string][]string{} // lang + name → ids
	for id, names := range x.Names() {
		lang, _, _ := strings.Cut(id, ":")
		for _, name := range names {
			owners[lang+" "+name] = append(owners[lang+" "+name], id)
		}
	}
	if len(owners) < 300 {
		t.Fatalf("only %d names", len(owners))
	}
	missed := 0
	for key, ids := range owners {
		lang, name, _ := strings.Cut(key, " ")
		if got := firstThree(t, x, name, lang); !slices.ContainsFunc(got, func(id string) bool { return slices.Contains(ids, id) }) {
			missed++
			t.Errorf("%q (%s) finds %v, not %v", name, lang, got, ids)
		}
	}
	t.Logf("%d names, %d missed", len(owners), missed)

	right, all := 0, questions(t)
	for _, q := range all {
		got := firstThree(t, x, q.Query, q.Lang)
		if slices.ContainsFunc(got, func(id string) bool {
			_, path, _ := strings.Cut(id, ":")
			return slices.Contains(q.Right, path)
		}) {
			right++
		} else {
			t.Logf("%s %q finds %v, not %v", q.ID, q.Query, got, q.Right)
		}
	}
	t.Logf("%d of %d questions are answered in the first three", right, len(all))
	if right*100 < 95*len(all) {
		t.Errorf("%d of %d questions: too few", right, len(all))
	}
}

// asked is a line for e2e/engine/ask.mjs.
type asked struct {
	Query   string              `json:"query"`
	Filters map[string][]string `json:"filters,omitempty"`
	Sort    string              `json:"sort,omitempty"`
	Limit   int                 `json:"limit,omitempty"`
	Offset  int                 `json:"offset,omitempty"`
}

func (q *asked) options() index.Options {
	return index.Options{Filters: q.Filters, ByDate: q.Sort == "date", Limit: q.Limit, Offset: q.Offset}
}

// TestSameAnswers: the browser's engine, in Node, and the Go search give the
// same answers: hits in the same order with the same excerpts, totals, facets,
// suggestions; with filters and without.
func TestSameAnswers(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not there")
	}
	out, x := builtSite(t)
	random := rand.New(rand.NewPCG(3, 4))
	var queries []asked
	for _, query := range append(manyQueries(t, x), kept...) {
		queries = append(queries, asked{Query: query})
	}
	for i := range queries {
		if i%2 == 1 {
			narrow(random, &queries[i])
		}
	}
	words := contentWords(t)
	for range 600 {
		q := asked{Query: wild(random, words)}
		narrow(random, &q)
		queries = append(queries, q)
	}
	if len(queries) < 1000 {
		t.Fatalf("only %d queries", len(queries))
	}
	input := filepath.Join(t.TempDir(), "queries.json")
	data, err := json.Marshal(queries)
	must(t, err)
	must(t, os.WriteFile(input, data, 0o600))
	cmd := exec.Command(node, "e2e/engine/ask.mjs", out, input)
	cmd.Stderr = os.Stderr
	said, err := cmd.Output()
	must(t, err)
	var answers []index.Result
	must(t, json.Unmarshal(said, &answers))
	same := 0
	for i, q := range queries {
		want, err := x.Search(context.Background(), q.Query, q.options())
		must(t, err)
		if a, b := gist(&answers[i]), gist(want); a == b {
			same++
		} else {
			t.Logf("%+q %v: %s", q.Query, q.options(), difference(a, b))
		}
	}
	t.Logf("%d of %d queries have the same answer", same, len(queries))
	if same*200 < 199*len(queries) { // logarithms may differ in the last digit
		t.Errorf("%d of %d queries: too few", same, len(queries))
	}
}

// gist is what must be the same of an answer: all but the time it took, and
// scores to the last digit.
func gist(r *index.Result) string {
	r.Took = 0
	for i := range r.Hits {
		r.Hits[i].Score = math.Round(r.Hits[i].Score*1e6) / 1e6
	}
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		panic(err)
	}
	return string(b)
}

// difference is the first line in which two answers differ.
func difference(browser, server string) string {
	a, b := strings.Split(browser, "\n"), strings.Split(server, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d\nbrowser %s\nserver  %s", i, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(a), len(b))
}

// narrow gives a question filters, an order and a page.
func narrow(random *rand.Rand, q *asked) {
	values := map[string][]string{
		"lang": {"de", "en"}, "type": {"glossary", "product", "need", "funding", "position", "none"},
	}
	q.Filters = map[string][]string{}
	for _, field := range []string{"lang", "type"} {
		for _, v := range values[field] {
			if random.IntN(3) == 0 {
				q.Filters[field] = append(q.Filters[field], v)
			}
		}
	}
	q.Sort = []string{"", "", "date"}[random.IntN(3)]
	q.Limit, q.Offset = 1+random.IntN(12), []int{0, 0, 3, 10, 900}[random.IntN(5)]
}

// contentWords are the words of the site's texts as they are written, and what
// stands between them.
func contentWords(t *testing.T) (words []string) {
	must(t, filepath.WalkDir("content", func(name string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".md" {
			return err
		}
		text, err := os.ReadFile(name)
		words = append(words, strings.Fields(string(text))...)
		return err
	}))
	return words
}

// odd is what queries have beside words.
var odd = strings.Split(`"|"|"|„|“|”|«|»|-|−|--|-"|titel:|title:|TITEL:"|titel:und|titel:|:|und|oder|bzw.|der|§|§ |21|2021/821|1.000,5|z. B.|`+
	`*|?|~|(|)|[|+|&|<b>|'|\|😀|👩‍🚒|שלום|مرحبا|`+"\u202e|\u200f|a\u0308|u\u0308ber|\u0301|\u00ad|\u200b|\u00a0|\u3000|\t|\n|\x00|\ufeff|\u0085"+`|İ|ſ|ß|ẞ|Ａ|中文|дом|IV|XI`, "|")

// wild is a question of words of the site and of what is odd, whole or in part,
// at times very long.
func wild(random *rand.Rand, words []string) string {
	var b strings.Builder
	at := random.IntN(len(words) - 20)
	for range 1 + random.IntN(7) {
		switch random.IntN(9) {
		case 0, 1:
			b.WriteString(odd[random.IntN(len(odd))])
		case 2: // neighbours in quotes
			n := random.IntN(len(words) - 5)
			b.WriteString([]string{"", "-", "titel:", "titel:", "Titel:"}[random.IntN(5)] + `"` + strings.Join(words[n:n+1+random.IntN(3)], " ") + `"`)
		case 3:
			b.WriteString([]string{"titel:", "-", "−", "-titel:"}[random.IntN(4)] + words[random.IntN(len(words))])
		case 4: // with a slip
			w := []rune(words[random.IntN(len(words))])
			i := random.IntN(len(w))
			b.WriteString(string(w[:i]) + string(w[min(i+1, len(w)):]))
		case 5: // the next word of the text
			at++
			b.WriteString(words[at])
		default:
			b.WriteString(words[random.IntN(len(words))])
		}
		if random.IntN(6) > 0 {
			b.WriteString(" ")
		}
	}
	if random.IntN(60) == 0 {
		return strings.Repeat(b.String(), 1+10_000/b.Len())
	}
	return b.String()
}

// kept are questions that once had two answers, or none.
var kept = []string{
	"Initiativeausfuhrgüter", // divided in more than two, behind the longer of two members
	"Chairté",                // é is shown as the browser knows it
	`Titel:""IT" Versorgungsformen, titel:"accessed: 2026-11-22" bei ud `, // an empty phrase
	`−vor titel:""IT" -titel:texts ` + "\u0085" + ` titel:"mit Notaufnahme," hat `,
	`titel:Quantenradar Sichtung`, `titel:"Quantenradar Sichtung"`, `titel:Quantenradar "Sichtung Quantenradar"`,
	`titel:Katastrofenschutz -Bund`, `"Katastrofenschutz" Sichtung`, `titel:und Sichtung`, `titel:und`, `"und der"`, `"und der" Sichtung`,
	`titel:Sichtung "Quantenradar Sichtung"`, `-Sichtung`, `-"Sichtung Triage"`, `Sichtung -"und"`, `Sichtung -und`, `"Sichtung`, `titel:"Sichtung`,
	`Krisenvorsorge "und" -reaktion`, `Krisenvorsorge und  -reaktion`, `titel:Kran`, `titel:Kran `,
}

// manyQueries are names, questions, and what readers make of them: halves,
// typos, phrases, other spellings, several at once.
func manyQueries(t *testing.T, x *index.Index) (queries []string) {
	var names []string
	for _, all := range x.Names() {
		names = append(names, all...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for i, name := range names {
		words := strings.Fields(name)
		last := words[len(words)-1]
		switch i % 9 {
		case 0:
			queries = append(queries, name)
		case 1:
			queries = append(queries, strings.ToLower(name))
		case 2:
			queries = append(queries, string([]rune(name)[:max(2, len([]rune(name))*2/3)]))
		case 3:
			queries = append(queries, `"`+name+`"`)
		case 4:
			queries = append(queries, strings.NewReplacer("ä", "ae", "ö", "o", "ü", "u", "ß", "ss").Replace(name))
		case 5:
			if r := []rune(last); len(r) > 5 {
				r[len(r)/2], r[len(r)/2+1] = r[len(r)/2+1], r[len(r)/2]
				queries = append(queries, string(r))
			}
		case 6:
			queries = append(queries, last+" "+names[(i*7)%len(names)])
		case 7:
			queries = append(queries, words[0]+" -"+last)
		case 8:
			queries = append(queries, "titel:"+last)
		}
	}
	for _, q := range questions(t) {
		queries = append(queries, q.Query)
	}
	for id := range x.Names() {
		_, path, _ := strings.Cut(id, ":")
		queries = append(queries, strings.ReplaceAll(strings.ReplaceAll(path, "/", " "), "-", " "))
	}
	slices.Sort(queries)
	queries = append(slices.Compact(queries), "", "und der", "§", "§ 21", "2021/821", "\"", "-", "a", "Ü", "\u00ad", "🙂", strings.Repeat("Krankenhaus ", 60))
	return queries
}
