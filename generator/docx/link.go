package docx

import (
	"net/url"
	"slices"
	"strings"
)

// tracking are parameters that say where somebody came from.
var tracking = []string{"fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "_hsenc", "_hsmi", "mkt_tok", "igshid", "yclid", "wt_mc", "pk_campaign", "pk_kwd", "mtm_campaign", "at_medium", "at_campaign"}

// closed are hosts on which a file is for those only who may log in.
var closed = []string{"sharepoint.com", "onedrive.live.com", "1drv.ms", "teams.microsoft.com", "office.com", "officeapps.live.com", "docs.google.com", "drive.google.com"}

// link mends a link, or leaves its text only.
func (d *Document) link(n inline) []inline {
	if strings.HasPrefix(n.url, "#") {
		return []inline{n}
	}
	words := n.kids
	address, unwrapped := safeLink(strings.TrimSpace(n.url))
	u, err := url.Parse(address)
	switch {
	case err != nil || strings.HasPrefix(address, `\\`) || u.Scheme == "file" || len(u.Scheme) == 1:
		return append(words, d.mark("Legen Sie die Datei neben den Eintrag oder nennen Sie eine öffentliche Adresse.", "Der Verweis „%s“ führte zu einer Datei auf einem Rechner (%s) und wurde entfernt.", short(tidy(plain(words))), short(address)))
	case u.Scheme == "" || u.Scheme != "mailto" && u.Scheme != "tel" && u.Scheme != "http" && u.Scheme != "https":
		return append(words, d.mark("Nennen Sie die ganze Adresse, mit https.", "Der Verweis „%s“ hatte keine öffentliche Adresse (%s) und wurde entfernt.", short(tidy(plain(words))), short(address)))
	case u.Scheme == "mailto" || u.Scheme == "tel":
		n.url = address
		return []inline{n}
	case !strings.Contains(u.Hostname(), ".") || slices.ContainsFunc(closed, func(h string) bool { return u.Hostname() == h || strings.HasSuffix(u.Hostname(), "."+h) }):
		return append(words, d.mark("Nennen Sie eine Adresse, die alle öffnen können.", "Der Verweis „%s“ führte in einen geschlossenen Bereich (%s) und wurde entfernt.", short(tidy(plain(words))), u.Hostname()))
	}
	var out []inline
	if untrack(u) || unwrapped {
		out = append(out, d.mark("", "Aus der Adresse von „%s“ wurde entfernt, was nur der Verfolgung dient.", short(tidy(plain(words)))))
	}
	n.url = u.String()
	if strings.TrimSpace(plain(words)) == strings.TrimSpace(address) {
		n.kids = []inline{{kind: "Str", text: n.url}}
	}
	return append(out, n)
}

// safeLink is the address within one that a mail program has wrapped.
func safeLink(address string) (string, bool) {
	u, err := url.Parse(address)
	if err == nil && strings.HasSuffix(u.Hostname(), ".safelinks.protection.outlook.com") {
		if inner := u.Query().Get("url"); inner != "" {
			return inner, true
		}
	}
	return address, false
}

// untrack drops parameters without changing the order or form of the others.
func untrack(u *url.URL) bool {
	if u.RawQuery == "" {
		return false
	}
	parts := strings.Split(u.RawQuery, "&")
	kept := slices.DeleteFunc(slices.Clone(parts), func(p string) bool {
		key, _, _ := strings.Cut(strings.ToLower(p), "=")
		return strings.HasPrefix(key, "utm_") || slices.Contains(tracking, key)
	})
	u.RawQuery = strings.Join(kept, "&")
	return len(kept) < len(parts)
}
