package export

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ag-vzkm/portal/generator/site"
)

func TestCiteText(t *testing.T) {
	in := sample(t, nil)
	for _, c := range []struct{ id, lang, want string }{
		{"krise", "de", "Müller, Anna; AG Probe (2026): Für die Krise – „bereit“ & sicher? Papier Nr.\u00a02026/02. AG Probe. https://doi.org/10.1234/ab_c (Stand: 2.\u00a0Mai 2026)"},
		{"krise", "en", "Müller, Anna (2026): For the crisis. Paper. AG Probe. https://probe.example/en/papiere/krise/"},
		{"offen", "de", "AG Probe (2026): Noch offen. Papier. Entwurf zur Diskussion. https://probe.example/papiere/offen/"},
		{"zelt", "de", ""},
	} {
		if got := CiteText(in, find(t, in, c.id, c.lang)); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	worded := sample(t, func(d *site.Draft, _ *Input) {
		e := d.Entries[3]
		e.Values = values(e.Type.Fields, "citation", values(e.Type.Fields[1].Sub, "number", str("Entwurf 2026/06")))
	})
	if got := CiteText(worded, find(t, worded, "offen", "de")); !strings.Contains(got, " Papier, Entwurf 2026/06. ") {
		t.Errorf("with a number in words: %s", got)
	}
	undated := sample(t, func(d *site.Draft, _ *Input) { d.Entries[3].Published = time.Time{} })
	if got := CiteText(undated, find(t, undated, "offen", "de")); !strings.HasPrefix(got, "AG Probe (o.\u00a0J.): ") {
		t.Errorf("without a date: %s", got)
	}
}

func TestArticle(t *testing.T) {
	in := sample(t, func(d *site.Draft, _ *Input) { d.Types[0].Citation.Kind = "article" })
	e := find(t, in, "krise", "de")
	for got, want := range map[string]string{
		CiteText(in, e):        "sicher? Probe. AG Probe. https",
		string(BibTeX(in, e)):  "@article{krise,",
		string(RIS(in, e)):     "TY  - JOUR\r\nT2  - Probe\r\nIS  - 2026/02\r\n",
		string(CSLJSON(in, e)): `"type": "article-journal"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	checkCSL(t, CSLJSON(in, e))
}

func TestNames(t *testing.T) {
	in := sample(t, nil)
	for s, want := range map[string]name{
		"Müller, Anna":           {Family: "Müller", Given: "Anna"},
		"von der Au, Anna Maria": {Family: "von der Au", Given: "Anna Maria"},
		"AG Probe":               {Literal: "AG Probe"},
		"Anna Müller":            {Literal: "Anna Müller"},
		"A, B, C":                {Literal: "A, B, C"},
		"Amt,":                   {Literal: "Amt,"},
	} {
		if got := in.parseName(s, false); got != want {
			t.Errorf("%q is %+v", s, got)
		}
	}
}

// The part of the CSL-JSON schema that our items use, in its own terms.
const cslSchema = `{
  "type": "array",
  "items": {
    "type": "object",
    "required": ["type", "id"],
    "additionalProperties": false,
    "properties": {
      "type": {"enum": ["report", "article-journal"]},
      "id": {"type": "string", "minLength": 1},
      "author": {"type": "array", "minItems": 1, "items": {
        "type": "object", "additionalProperties": false, "minProperties": 1,
        "properties": {"family": {"type": "string"}, "given": {"type": "string"}, "literal": {"type": "string"}}
      }},
      "issued": {"type": "object", "additionalProperties": false, "required": ["date-parts"], "properties": {
        "date-parts": {"type": "array", "minItems": 1, "maxItems": 2, "items":
          {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "number"}}}
      }},
      "title": {"type": "string"}, "container-title": {"type": "string"}, "publisher": {"type": "string"},
      "genre": {"type": "string"}, "number": {"type": ["string", "number"]}, "issue": {"type": ["string", "number"]},
      "DOI": {"type": "string"}, "URL": {"type": "string", "pattern": "^https://"}, "language": {"type": "string"},
      "abstract": {"type": "string"}, "keyword": {"type": "string"}, "status": {"type": "string"}
    }
  }
}`

func checkCSL(t *testing.T, data []byte) {
	t.Helper()
	c := jsonschema.NewCompiler()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(cslSchema))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddResource("csl.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("csl.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("%v in\n%s", err, data)
	}
}

var risLine = regexp.MustCompile(`^[A-Z][A-Z0-9]  - [^\r\n]*$`)

func checkRIS(t *testing.T, data []byte) {
	t.Helper()
	s := string(data)
	if strings.Count(s, "\n") != strings.Count(s, "\r\n") || !strings.HasSuffix(s, "ER  - \r\n") || !strings.HasPrefix(s, "TY  - ") {
		t.Errorf("bad frame:\n%q", s)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(s, "\r\n"), "\r\n") {
		if !risLine.MatchString(line) {
			t.Errorf("bad line %q", line)
		}
	}
}

var (
	bibHead  = regexp.MustCompile(`^@(techreport|article)\{[a-z0-9-]+$`)
	bibField = regexp.MustCompile(`^  ([a-z]+) = (\{.*\}|[a-z]{3})$`)
)

// checkBibTeX reads an entry the way BibTeX does: it counts braces, and LaTeX
// afterwards meets no character that it takes for its own.
func checkBibTeX(t *testing.T, data []byte) {
	t.Helper()
	body, ok := strings.CutSuffix(string(data), "\n}\n")
	lines := strings.Split(body, ",\n")
	if !ok || !bibHead.MatchString(lines[0]) {
		t.Fatalf("no entry: %s", data)
	}
	for _, line := range lines[1:] {
		m := bibField.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("no field: %q", line)
			continue
		}
		depth, low := 0, 1
		for i, r := range m[2] {
			if r == '{' {
				depth++
			}
			if r == '}' {
				depth--
			}
			if i < len(m[2])-1 {
				low = min(low, depth)
			}
		}
		if depth != 0 || strings.HasPrefix(m[2], "{") && low < 1 {
			t.Errorf("braces do not match: %q", line)
		}
		if slices.Contains([]string{"url", "doi"}, m[1]) {
			continue
		}
		rest := regexp.MustCompile(`\\([%&#_$]|text[a-z]+\{\})`).ReplaceAllString(m[2], "")
		if strings.ContainsAny(rest, `%&#_$~^\`) {
			t.Errorf("not escaped: %q", line)
		}
	}
}

func TestCitationFilesAreValid(t *testing.T) {
	n := 0
	for path, data := range files(t, sample(t, nil)) {
		switch {
		case strings.HasSuffix(path, ".bib"):
			checkBibTeX(t, data)
		case strings.HasSuffix(path, ".ris"):
			checkRIS(t, data)
		case strings.HasSuffix(path, ".csl.json"):
			checkCSL(t, data)
		default:
			continue
		}
		n++
	}
	if n != 12 {
		t.Errorf("%d files", n)
	}
}
