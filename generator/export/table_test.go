package export

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/site"
)

// readCSV reads a table back as rows by column.
func readCSV(t *testing.T, data []byte, comma rune) []map[string]string {
	t.Helper()
	rest, ok := bytes.CutPrefix(data, []byte("\uFEFF"))
	if !ok {
		t.Error("no byte order mark")
	}
	if bytes.Count(rest, []byte("\n")) != bytes.Count(rest, []byte("\r\n")) {
		t.Error("a line does not end in CR LF")
	}
	r := csv.NewReader(bytes.NewReader(rest))
	r.Comma = comma
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, h := range rows[0] {
			m[h] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func TestCSV(t *testing.T) {
	out := files(t, sample(t, nil))
	rows := readCSV(t, out["geraete/geraete.csv"], ';')
	for column, want := range map[string]string{
		"id": "zelt", "title": `'=Zelt; "groß"`, "weight_kg [kg]": "12,5", "power.battery_h [h]": "4", "power.source": "akku | netz",
		"temp.min [°C]": "-20,5", "temp.max [°C]": "40", "price": "500000,5", "price.currency": "EUR", "level": "7", "mobile": "true",
		"makers": "hersteller", "kinds": "technik", "tests.day": "2026-01-01 | ", "tests.text": "Lief gut. | Ohne Tag.",
		"tests.by": "hersteller, zelt-2 | ", "site.lat": "52,52", "sheet": "https://probe.example/geraete/zelt/blatt.pdf",
		"more": "https://mehr.example/?a=1&b=2", "needs": "weight_kg <= 20", "published": "2026-03-01", "status": "veroeffentlicht",
	} {
		if got := rows[0][column]; got != want {
			t.Errorf("%s is %q, want %q", column, got, want)
		}
	}
	if _, ok := rows[0]["reviewer"]; ok {
		t.Error("a field for editors is in the table")
	}
	if rows := readCSV(t, out["en/papiere/papiere.csv"], ','); len(rows) != 1 || rows[0]["title"] != "For the crisis" {
		t.Errorf("in English: %v", rows)
	}
	if rows := readCSV(t, out["papiere/papiere.csv"], ';'); len(rows) != 3 || !slices.ContainsFunc(rows, func(r map[string]string) bool { return r["status"] == "ersetzt" }) {
		t.Errorf("every visible entry has a row: %v", rows)
	}
}

func TestHarmless(t *testing.T) {
	for in, want := range map[string]string{
		`=HYPERLINK("x")`: `'=HYPERLINK("x")`, "+49 30 1": "'+49 30 1", "-1+2": "'-1+2", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1",
		"-20,5": "-20,5", "-3": "-3", "4 = 4": "4 = 4", "": "", "–": "–",
	} {
		if got := harmless(in); got != want {
			t.Errorf("%q is %q", in, got)
		}
	}
}

func TestJSONTable(t *testing.T) {
	got := decode(t, files(t, sample(t, nil))["geraete/geraete.json"])
	if at(got, "updated") != "2026-03-02" || at(got, "title") != "Probe – Geräte" || at(got, "licence") == nil {
		t.Errorf("head: %v", got)
	}
	row := at(got, "entries").([]any)[0]
	if at(row, "weight_kg") != 12.5 || at(row, "temp", "min") != -20.5 || at(row, "price", "currency") != "EUR" || at(row, "mobile") != true {
		t.Errorf("row: %v", row)
	}
	makers := at(row, "makers").([]any)
	if len(makers) != 1 || at(makers[0], "url") != "https://probe.example/stellen/hersteller/" {
		t.Errorf("relation: %v", makers)
	}
	field := at(got, "fields").([]any)[0]
	if at(field, "name") != "weight_kg" || at(field, "unit") != "kg" {
		t.Errorf("field: %v", field)
	}
}

// A new folder with a type is all it takes; and one value where several may
// stand is an array all the same.
func TestNewType(t *testing.T) {
	in := sample(t, func(d *site.Draft, _ *Input) {
		f := []*site.Field{{Name: "farben", Kind: site.KindText, Multiple: true, Label: de("Farben")}}
		fresh := &site.Type{Name: "neuling", Folder: "neues/ganz", Feed: true, Labels: site.Labels{One: de("Neuling"), Many: de("Neulinge")}, Fields: f, JSONLD: &site.JSONLD{Type: "Thing"}}
		d.Types = append(d.Types, fresh)
		d.Entries = append(d.Entries, entry(fresh, "eins", "de", "Eins", date("2026-05-05"), "farben", str("rot")))
	})
	out := files(t, in)
	for _, path := range []string{"neues/ganz/feed.atom", "neues/ganz/feed.json", "neues/ganz/ganz.csv", "neues/ganz/ganz.json"} {
		if out[path] == nil {
			t.Errorf("no %s", path)
		}
	}
	row := at(decode(t, out["neues/ganz/ganz.json"]), "entries").([]any)[0]
	if l, ok := at(row, "farben").([]any); !ok || len(l) != 1 {
		t.Errorf("row: %v", row)
	}
	if !strings.Contains(string(out["sitemap.xml"]), "/neues/ganz/eins/") {
		t.Error("not in the sitemap")
	}
}
