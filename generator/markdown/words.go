package markdown

import "fmt"

// word returns a word of the interface in the page's language.
func (p *page) word(key string, args ...any) string {
	if f := p.c.cfg.Words; f != nil {
		if s := f(p.lang, key, args...); s != "" && s != key {
			return s
		}
	}
	i := 0
	if p.lang == "en" {
		i = 1
	}
	s := defaultWord(key)[i]
	if len(args) > 0 {
		s = fmt.Sprintf(s, args...)
	}
	return s
}

// defaultWord is the German and the English word for a key.
func defaultWord(key string) [2]string {
	switch key {
	case "md.anchor":
		return [2]string{"Link zum Abschnitt: %s", "Link to section: %s"}
	case "md.external":
		return [2]string{"(externer Link)", "(external link)"}
	case "md.table":
		return [2]string{"Tabelle %d", "Table %d"}
	case "md.code":
		return [2]string{"Quelltext %d", "Code %d"}
	case "md.source":
		return [2]string{"Quelle: %s", "Source: %s"}
	case "md.credit":
		return [2]string{"Bild: %s", "Image: %s"}
	case "md.cite":
		return [2]string{"Quelle %d", "Source %d"}
	case "md.cite.at":
		return [2]string{"Quelle %d, %s", "Source %d, %s"}
	case "md.footnotes":
		return [2]string{"Fußnoten", "Footnotes"}
	case "md.footnote":
		return [2]string{"Fußnote %d", "Footnote %d"}
	case "md.footnote.back":
		return [2]string{"Zurück zur Textstelle von Fußnote %d", "Back to the text of footnote %d"}
	case "md.footnote.back.n":
		return [2]string{"Zurück zur Textstelle %[2]d von Fußnote %[1]d", "Back to text %[2]d of footnote %[1]d"}
	case "md.task.done":
		return [2]string{"erledigt:", "done:"}
	case "md.task.open":
		return [2]string{"offen:", "open:"}
	case "md.chart.data":
		return [2]string{"Daten zum Diagramm: %s", "Data of the chart: %s"}
	case "md.chart.category":
		return [2]string{"Kategorie", "Category"}
	case "md.chart.desc":
		return [2]string{"Höchster Wert: %s (%s); niedrigster Wert: %s (%s).", "Highest value: %s (%s); lowest value: %s (%s)."}
	case "md.chart.none":
		return [2]string{"Es liegen keine Werte vor.", "There are no values."}
	case "md.callout.hinweis":
		return [2]string{"Hinweis", "Note"}
	case "md.callout.kernaussage":
		return [2]string{"Kernaussage", "Key message"}
	case "md.callout.warnung":
		return [2]string{"Warnung", "Warning"}
	}
	return [2]string{key, key}
}
