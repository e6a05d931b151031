package check

import (
	"bytes"
	"slices"
	"strings"
)

// safety checks what Content-Security-Policy: default-src 'self' would block,
// or what must not be there at all.
func (s *scan) safety(name string) {
	switch name {
	case "script":
		_, src := s.attr("src")
		if t := string(s.val("type")); !src && t != "application/ld+json" && t != "application/json" {
			s.add(fault("skript-in-seite", "Skripte gehören in eine eigene Datei.", "Ein Skript steht in der Seite selbst; die Sicherheitsregel (CSP) der Website führt es nicht aus"))
		}
	case "style":
		s.add(fault("stil-in-seite", "Stile gehören in das Stylesheet.", "Ein Stil steht in der Seite selbst; die Sicherheitsregel (CSP) der Website wendet ihn nicht an"))
	case "base":
		s.add(fault("basis-adresse", "Bitte die Vorlage prüfen.", "Die Seite verschiebt mit „base“ alle Adressen"))
	}
	if !s.html {
		return // drawings are checked when they are taken in
	}
	for _, a := range s.attrs {
		if a.key == "style" {
			s.add(fault("stil-in-seite", "Stile gehören in das Stylesheet.", "Ein Attribut „style“ steht in der Seite (%s); die Sicherheitsregel (CSP) der Website wendet es nicht an", name))
		}
		if len(a.key) > 2 && a.key[:2] == "on" {
			s.add(fault("skript-in-seite", "Skripte gehören in eine eigene Datei.", "Ein Attribut „%s“ steht in der Seite (%s); die Sicherheitsregel (CSP) der Website führt es nicht aus", a.key, name))
		}
	}
}

func (s *scan) identifiers(name string) {
	if id, ok := s.attr("id"); ok {
		switch h := hash(id); {
		case len(id) == 0 || bytes.ContainsAny(id, " \t\n"):
			s.add(fault("id-ungueltig", "Eine id ist nicht leer und ohne Leerzeichen.", "Die id „%s“ ist ungültig", id))
		case s.ids[h]:
			s.add(showable("id-doppelt", "Zwei gleich lautende Überschriften unterscheiden oder die Vorlage prüfen.", "Die id „%s“ kommt mehrfach vor", id))
		default:
			s.ids[h] = true
		}
	}
	for _, a := range s.attrs {
		switch a.key {
		case "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details", "popovertarget", "list", "headers":
			for id := range bytes.FieldsSeq(a.val) {
				s.idrefs = append(s.idrefs, idref{a.key, id})
			}
		case "for":
			if name == "label" {
				s.labels[hash(a.val)] = true
			}
			for id := range bytes.FieldsSeq(a.val) {
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
			for candidate := range bytes.SplitSeq(a.val, []byte(", ")) {
				ref, _, _ := bytes.Cut(bytes.TrimSpace(candidate), []byte(" "))
				s.loads(ref)
			}
		case "action", "formaction", "cite":
			s.leads(a.val)
		}
	}
}

func (s *scan) linkElement(ref []byte) {
	rels := strings.Fields(strings.ToLower(string(s.val("rel"))))
	if !slices.ContainsFunc(rels, func(r string) bool { return slices.Contains(loading, r) }) {
		s.leads(ref)
		return
	}
	s.loads(ref)
	if slices.Contains(rels, "stylesheet") || slices.Contains(rels, "modulepreload") || string(s.val("as")) == "font" {
		s.part(ref)
	}
}

// part notes a file that belongs to the weight of the page.
func (s *scan) part(ref []byte) {
	if t := s.target(ref); t.kind == inside && t.to != "" && !slices.Contains(s.facts.parts, t.to) {
		s.facts.parts = append(s.facts.parts, t.to)
	}
}

// leads notes an address that a reader may follow.
func (s *scan) leads(ref []byte) {
	if s.within(ref) {
		return
	}
	switch t := s.target(ref); t.kind {
	case inside:
		s.keep(t.link)
	case script:
		s.add(scriptFault())
	case astray:
		s.add(showable("basispfad-fehlt", "Bitte einen relativen Link schreiben oder auf die Datei verweisen.", "Der Link „%s“ führt aus der Website hinaus: Sie liegt unter „%s/“", shorten(string(ref)), s.c.opts.Base))
	}
}

// within takes the plainest links to a place on the page itself.
func (s *scan) within(ref []byte) bool {
	if len(ref) == 0 || ref[0] != '#' || bytes.ContainsAny(ref, "%: \t\n\r") {
		return false
	}
	if id := ref[1:]; len(id) > 0 && string(id) != "top" && !s.ids[hash(id)] {
		s.own = append(s.own, id)
	}
	return true
}

// loads notes an address that the browser fetches by itself.
func (s *scan) loads(ref []byte) {
	t := s.target(ref)
	if t.kind != inside {
		s.add(loadFault(t.kind, string(ref)))
		return
	}
	t.picture = true
	s.keep(t.link)
}

func (s *scan) keep(l link) {
	if !s.seen[l] {
		s.seen[l] = true
		s.facts.links = append(s.facts.links, l)
	}
}

// target resolves an address. Those from the site's root mean the same on
// every page, and menus repeat them.
func (s *scan) target(ref []byte) target {
	if t, ok := s.known[string(ref)]; ok {
		return t
	}
	whole := string(ref)
	kind, to, fragment := s.c.resolve(s.facts.name, whole)
	t := target{link{to: to, fragment: fragment}, kind}
	if len(ref) > 0 && ref[0] == '/' {
		s.known[whole] = t
	}
	return t
}

// structure checks what screen readers and keyboards rely on.
func (s *scan) structure(e *element) {
	switch e.name {
	case "html":
		s.facts.lang = string(s.val("lang"))
	case "meta":
		if bytes.EqualFold(s.val("http-equiv"), []byte("refresh")) {
			s.facts.redirect = true
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
		role := s.val("role")
		region := e.name != "div" || string(role) == "region" || string(role) == "group"
		e.labels = region && (s.has("aria-label") || s.has("aria-labelledby"))
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
		s.add(showable("ueberschrift-sprung", "Bitte keine Ebene auslassen: Auf „##“ folgt „###“.",
			"Auf eine Überschrift der Ebene %d folgt eine der Ebene %d", max(s.level, 1), level))
	}
	s.level = level
}

func (s *scan) picture(e *element) {
	alt, ok := s.attr("alt")
	if !ok {
		s.add(showable("bild-ohne-alt", "Bitte beschreiben, was das Bild zeigt; ein reines Schmuckbild bekommt einen leeren Text.",
			"Dem Bild „%s“ fehlt der Alternativtext", shorten(string(s.val("src")))))
	}
	if len(bytes.TrimSpace(alt)) > 0 && !e.hidden {
		s.give()
	}
}

func (s *scan) field(name string) {
	kind := string(s.val("type"))
	switch kind {
	case "hidden":
		return
	case "submit", "reset":
		return // the browser has words for them
	case "button", "image":
		if !s.has("value") && !s.has("alt") && !s.names() {
			s.add(fault("knopf-ohne-namen", "Bitte Text oder aria-label ergänzen.", "Ein Bedienelement (%s) hat keinen Text", name))
		}
		return
	}
	if s.names() || s.named("label") {
		return
	}
	s.fields = append(s.fields, field{s.val("id"), strings.TrimSpace(name + " " + kind)})
}
