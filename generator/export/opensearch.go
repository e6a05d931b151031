package export

import (
	"bytes"
	"encoding/xml"
	"strings"
	"unicode/utf8"
)

// openSearch is an OpenSearch 1.1 description: with it a browser offers the
// portal as one of its search engines.
type openSearch struct {
	XMLName     xml.Name `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
	ShortName   string
	Description string
	Language    string
	Encoding    string          `xml:"InputEncoding"`
	Image       openImage       `xml:"Image"`
	URLs        []openSearchURL `xml:"Url"`
}

type openImage struct {
	Type string `xml:"type,attr"`
	URL  string `xml:",chardata"`
}

type openSearchURL struct {
	Type     string `xml:"type,attr"`
	Rel      string `xml:"rel,attr"`
	Template string `xml:"template,attr"`
}

const shortNameMost = 16 // characters, by the specification

// writeOpenSearch writes opensearch.xml for each language.
func (in *Input) writeOpenSearch(w *writer) {
	for _, l := range in.Site.Config.Languages {
		home := in.Site.Config.Prefix(l) + "/"
		b, err := xml.MarshalIndent(openSearch{
			ShortName:   shortName(in.Site.Config.Title),
			Description: in.word(l, wordSearch),
			Language:    l,
			Encoding:    "UTF-8",
			Image:       openImage{"image/svg+xml", in.abs("/favicon.svg")},
			URLs:        []openSearchURL{{"text/html", "results", in.abs(home+"suche/") + "?q={searchTerms}"}},
		}, "", "  ")
		if err != nil {
			w.errs = append(w.errs, err)
			continue
		}
		w.put(home+"opensearch.xml", bytes.Join([][]byte{[]byte(strings.TrimSpace(xml.Header)), b, nil}, []byte("\n")))
	}
}

// shortName cuts a title at a word.
func shortName(title string) string {
	name := ""
	for _, word := range strings.Fields(title) {
		longer := strings.TrimSpace(name + " " + word)
		if utf8.RuneCountInString(longer) > shortNameMost {
			break
		}
		name = longer
	}
	if name == "" {
		runes := []rune(title)
		name = string(runes[:min(len(runes), shortNameMost)])
	}
	return name
}
