package external

import (
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

// plan sorts links into targets. What need not be asked to be wrong is reported
// here: mail addresses, numbers, addresses that only a private network has.
func (c *check) plan(links []Link) []*target {
	byAddress := map[string]*target{}
	skipped, own := map[string]bool{}, map[string][]diag.Pos{}
	for _, l := range links {
		address := strings.TrimSpace(l.URL)
		if strings.HasPrefix(address, "//") {
			address = "https:" + address
		}
		if c.Ignore != nil && c.Ignore(address) {
			skipped[address] = true
			continue
		}
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || privateName(u.Hostname()) {
			own[address] = append(own[address], l.Pos)
			continue
		}
		fragment := u.Fragment
		u.Fragment, u.RawFragment, u.User = "", "", nil
		u.Host = strings.ToLower(u.Host)
		if u.Path == "" {
			u.Path = "/"
		}
		key := u.String()
		t := byAddress[key]
		if t == nil {
			t = &target{address: key, host: u.Hostname(), parts: map[string][]diag.Pos{}}
			byAddress[key] = t
		}
		t.at = append(t.at, l.Pos)
		if isAnchor(fragment) {
			t.parts[fragment] = append(t.parts[fragment], l.Pos)
		}
	}
	for address, at := range own {
		slices.SortFunc(at, byPlace)
		c.judge(address, slices.Compact(at))
	}
	c.sum.Skipped = len(skipped)
	c.sum.Total = len(skipped) + len(own) + len(byAddress)
	var out []*target
	for _, t := range byAddress {
		slices.SortFunc(t.at, byPlace)
		t.at = slices.Compact(t.at)
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b *target) int { return strings.Compare(a.address, b.address) })
	return out
}

// isAnchor reports whether a fragment names an element: not a place of a PDF
// file, a passage, or the state of a script.
func isAnchor(fragment string) bool {
	return fragment != "" && fragment != "top" && !strings.ContainsAny(fragment, "=/!:~")
}

// judge says what is wrong with an address that is not asked for.
func (c *check) judge(address string, at []diag.Pos) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		c.warn(at, "link-form", "Öffnen Sie die Seite im Browser und übernehmen Sie die Adresse aus der Adresszeile.", "„%s“ ist keine Adresse, die ein Browser öffnen kann.", short(address))
	case u.Scheme == "mailto":
		if !isMailto(u) {
			c.warn(at, "mail-form", "Schreiben Sie mailto:name@example.org, mehrere Empfänger mit Komma und ohne Leerzeichen.", "„%s“ ist keine E-Mail-Adresse.", short(address))
		}
	case u.Scheme == "tel":
		if !telForm.MatchString(u.Opaque) {
			c.warn(at, "telefon-form", "Schreiben Sie die Nummer mit Landesvorwahl und ohne Leerzeichen: tel:+49-30-1234567.", "„%s“ ist keine Nummer, die jedes Telefon wählen kann.", short(address))
		}
	case u.Scheme == "http" || u.Scheme == "https":
		c.warn(at, "link-privat", "Nennen Sie eine Adresse, die alle erreichen, oder schreiben Sie nur den Namen der Quelle.", "„%s“ liegt in einem internen Netz; Leserinnen und Leser kommen dort nicht hin.", short(address))
	}
}

func isMailto(u *url.URL) bool {
	to, err := url.PathUnescape(u.Opaque)
	if err != nil || to == "" {
		return err == nil && u.Query().Get("to") != ""
	}
	for one := range strings.SplitSeq(to, ",") {
		a, err := mail.ParseAddress(one)
		if err != nil || a.Name != "" || a.Address != one || !strings.Contains(one[strings.LastIndexByte(one, '@'):], ".") {
			return false
		}
	}
	return true
}

// telForm is a global number (RFC 3966), or a short one that is dialled as it
// is, such as 112.
var telForm = regexp.MustCompile(`^(\+[0-9][0-9().-]{4,24}|[0-9]{3,6})(;[a-z0-9-]+=[^;]*)*$`)

// privateName reports whether a host can only be one of a private network.
func privateName(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if ip, err := netip.ParseAddr(host); err == nil {
		return !public(ip)
	}
	if !strings.Contains(host, ".") {
		return true // "localhost", "wiki"; also ""
	}
	if looksLikeNumber.MatchString(host) {
		return true // 127.1, 0x7f.0.0.1: resolvers read them as addresses
	}
	for _, end := range []string{".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".corp"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}

var looksLikeNumber = regexp.MustCompile(`^(?:0x[0-9a-f]+|[0-9]+)(?:\.(?:0x[0-9a-f]+|[0-9]+))*$`)

// short cuts a long address for a message.
func short(s string) string {
	if r := []rune(s); len(r) > 100 {
		return string(r[:99]) + "…"
	}
	return s
}
