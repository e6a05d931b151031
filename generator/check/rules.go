package check

import (
	"slices"
	"strings"
)

// safety checks what Content-Security-Policy: default-src 'self' would block,
// or what must not be there at all.
func (s *scan) safety(name string) {
	switch name {
	case "script":
		_, src := s.attr("src")
		if t := s.val("type"); !src && t != "application/ld+json" && t != "application/json" {
			s.page.add(fault("skript-in-seite", "Skripte gehören in eine eigene Datei.", "Ein Skript steht in der Seite selbst; die Sicherheitsregel (CSP) der Website führt es nicht aus"))
		}
	case "style":
		s.page.add(fault("stil-in-seite", "Stile gehören in das Stylesheet.", "Ein Stil steht in der Seite selbst; die Sicherheitsregel (CSP) der Website wendet ihn nicht an"))
	case "base":
		s.page.add(fault("basis-adresse", "Bitte die Vorlage prüfen.", "Die Seite verschiebt mit „base“ alle Adressen"))
	}
	if !s.html {
		return // drawings are checked when they are taken in
	}
	for _, a := range s.attrs {
		if a.key == "style" {
			s.page.add(fault("stil-in-seite", "Stile gehören in das Stylesheet.", "Ein Attribut „style“ steht in der Seite (%s); die Sicherheitsregel (CSP) der Website wendet es nicht an", name))
		}
		if len(a.key) > 2 && a.key[:2] == "on" {
			s.page.add(fault("skript-in-seite", "Skripte gehören in eine eigene Datei.", "Ein Attribut „%s“ steht in der Seite (%s); die Sicherheitsregel (CSP) der Website führt es nicht aus", a.key, name))
		}
	}
}

func (s *scan) identifiers(name string) {
	if id, ok := s.attr("id"); ok {
		switch {
		case id == "" || strings.ContainsAny(id, " \t\n"):
			s.page.add(fault("id-ungueltig", "Eine id ist nicht leer und ohne Leerzeichen.", "Die id „%s“ ist ungültig", id))
		case s.ids[id]:
			s.page.add(showable("id-doppelt", "Zwei gleich lautende Überschriften unterscheiden oder die Vorlage prüfen.", "Die id „%s“ kommt mehrfach vor", id))
		default:
			s.ids[id] = true
		}
	}
	for _, a := range s.attrs {
		switch a.key {
		case "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details", "popovertarget", "list", "headers":
			for _, id := range strings.Fields(a.val) {
				s.idrefs = append(s.idrefs, idref{a.key, id})
			}
		case "for":
			if name == "label" {
				s.labels[a.val] = true
			}
			for _, id := range strings.Fields(a.val) {
				s.idrefs = append(s.idrefs, idref{a.key, id})
			}
		}
	}
}

// loading are the relations for which a browser fetches the address.
var loading = []string{"stylesheet", "preload", "modulepreload", "icon", "apple-touch-icon", "mask-icon", "manifest",
	"prefetch", "preconnect", "dns-prefetch", "prerender"}

func (s *scan) references(name string) {
	for _, a := range s.attrs {
		switch a.key {
		case "href", "xlink:href":
			switch name {
			case "link":
				s.linkElement(a.val)
			case "use", "image", "feimage":
				s.loads(a.val)
			case "base":
			default:
				s.leads(a.val)
			}
		case "src", "poster":
			s.loads(a.val)
			if name == "script" {
				s.part(a.val)
			}
		case "data":
			if name == "object" {
				s.loads(a.val)
			}
		case "srcset", "imagesrcset":
			for _, candidate := range strings.Split(a.val, ", ") {
				ref, _, _ := strings.Cut(strings.TrimSpace(candidate), " ")
				s.loads(ref)
			}
		case "action", "formaction", "cite":
			s.leads(a.val)
		}
	}
}

func (s *scan) linkElement(ref string) {
	rels := strings.Fields(strings.ToLower(s.val("rel")))
	if !slices.ContainsFunc(rels, func(r string) bool { return slices.Contains(loading, r) }) {
		s.leads(ref)
		return
	}
	s.loads(ref)
	if slices.Contains(rels, "stylesheet") || slices.Contains(rels, "modulepreload") || s.val("as") == "font" {
		s.part(ref)
	}
}

// part notes a file that belongs to the weight of the page.
func (s *scan) part(ref string) {
	if kind, to, _ := s.c.resolve(s.page.path, ref); kind == inside && to != "" && !slices.Contains(s.page.parts, to) {
		s.page.parts = append(s.page.parts, to)
	}
}

// leads notes an address that a reader may follow.
func (s *scan) leads(ref string) {
	switch kind, to, fragment := s.c.resolve(s.page.path, ref); kind {
	case inside:
		s.links[link{to: to, fragment: fragment}] = true
	case script:
		s.page.add(scriptFault())
	case astray:
		s.page.add(showable("basispfad-fehlt", "Bitte einen relativen Link schreiben oder auf die Datei verweisen.", "Der Link „%s“ führt aus der Website hinaus: Sie liegt unter „%s/“", shorten(ref), s.c.opts.Base))
	}
}

// loads notes an address that the browser fetches by itself.
func (s *scan) loads(ref string) {
	kind, to, fragment := s.c.resolve(s.page.path, ref)
	if kind == inside {
		s.links[link{to: to, fragment: fragment, picture: true}] = true
		return
	}
	s.page.add(loadFault(kind, ref))
}

// structure checks what screen readers and keyboards rely on.
func (s *scan) structure(e *element) {
	switch e.name {
	case "html":
		s.page.lang = s.val("lang")
	case "meta":
		if strings.EqualFold(s.val("http-equiv"), "refresh") {
			s.page.redirect = true
		}
	case "main":
		if _, hidden := s.attr("hidden"); !hidden {
			s.mains++
		}
	case "h1", "h2", "h3", "h4", "h5", "h6":
		s.heading(int(e.name[1] - '0'))
	case "img":
		s.picture(e)
	case "svg":
		if !e.hidden && s.names() {
			s.give()
		}
	case "a":
		if href, ok := s.attr("href"); ok {
			e.wants, e.what, e.named = true, href, s.names()
		}
	case "button", "summary":
		e.wants, e.named = true, s.names()
	case "input", "select", "textarea":
		s.field(e.name)
	case "label":
		e.labels = true
	case "table":
		e.alone = !s.names() && !s.named("section", "div", "figure", "details")
	case "caption":
		if t := s.around("table"); t != nil {
			t.caption = true
		}
	case "figcaption":
		if f := s.around("figure"); f != nil {
			f.caption = true
		}
	case "section", "div", "figure", "details":
		region := e.name != "div" || s.val("role") == "region" || s.val("role") == "group"
		e.labels = region && (s.val("aria-label") != "" || s.val("aria-labelledby") != "")
	}
}

func (s *scan) named(elements ...string) bool {
	return slices.ContainsFunc(s.open, func(e element) bool { return e.labels && slices.Contains(elements, e.name) })
}

func (s *scan) heading(level int) {
	if level == 1 {
		s.heads++
	}
	if level > max(s.level, 1)+1 {
		s.page.add(showable("ueberschrift-sprung", "Bitte keine Ebene auslassen: Auf „##“ folgt „###“.",
			"Auf eine Überschrift der Ebene %d folgt eine der Ebene %d", max(s.level, 1), level))
	}
	s.level = level
}

func (s *scan) picture(e *element) {
	alt, ok := s.attr("alt")
	if !ok {
		s.page.add(showable("bild-ohne-alt", "Bitte beschreiben, was das Bild zeigt; ein reines Schmuckbild bekommt einen leeren Text.",
			"Dem Bild „%s“ fehlt der Alternativtext", shorten(s.val("src"))))
	}
	if strings.TrimSpace(alt) != "" && !e.hidden {
		s.give()
	}
}

func (s *scan) field(name string) {
	kind := s.val("type")
	switch kind {
	case "hidden":
		return
	case "submit", "reset":
		return // the browser has words for them
	case "button", "image":
		if s.val("value") == "" && s.val("alt") == "" && !s.names() {
			s.page.add(fault("knopf-ohne-namen", "Bitte Text oder aria-label ergänzen.", "Ein Bedienelement (%s) hat keinen Text", name))
		}
		return
	}
	if s.names() || s.named("label") {
		return
	}
	s.fields = append(s.fields, field{s.val("id"), strings.TrimSpace(name + " " + kind)})
}
