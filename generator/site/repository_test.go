package site_test

import (
	"strings"
	"testing"

	"github.com/ag-vzkm/portal/generator/site"
)

// TestRepositoryLinks: what follows from the address of a repository, and what
// is put in for placeholders.
func TestRepositoryLinks(t *testing.T) {
	t.Parallel()
	page := site.Page{File: "content/ä & #1/50 %?.md", Path: "portal/content/ä & #1/50 %?.md", Title: "A & B {url}", URL: "https://p.example/ä/", Subject: "Fehler: A & B", Body: "Seite\n"}
	const path = "portal/content/%C3%A4%20&%20%231/50%20%25%3F.md"
	for _, c := range []struct {
		repo              site.Repository
		forge             string
		edit, issue, hist string
	}{
		{site.Repository{}, "", "", "", ""},
		{site.Repository{URL: "https://github.com/o/r"}, "GitHub", "https://github.com/o/r/edit/main/" + path,
			"https://github.com/o/r/issues/new?title=Fehler%3A%20A%20%26%20B&body=Seite%0A", "https://github.com/o/r/commits/main/" + path},
		{site.Repository{URL: "https://www.github.com/o/r.git/", Branch: "a/b#c"}, "GitHub", "https://www.github.com/o/r/edit/a/b%23c/" + path,
			"https://www.github.com/o/r/issues/new?title=Fehler%3A%20A%20%26%20B&body=Seite%0A", "https://www.github.com/o/r/commits/a/b%23c/" + path},
		{site.Repository{URL: "https://gitlab.verband.example/gruppe/unter/r"}, "GitLab", "https://gitlab.verband.example/gruppe/unter/r/-/edit/main/" + path,
			"https://gitlab.verband.example/gruppe/unter/r/-/issues/new?issue%5Btitle%5D=Fehler%3A%20A%20%26%20B&issue%5Bdescription%5D=Seite%0A",
			"https://gitlab.verband.example/gruppe/unter/r/-/commits/main/" + path},
		{site.Repository{URL: "https://codeberg.org/o/r"}, "Codeberg", "https://codeberg.org/o/r/_edit/main/" + path,
			"https://codeberg.org/o/r/issues/new?title=Fehler%3A%20A%20%26%20B&body=Seite%0A", "https://codeberg.org/o/r/commits/branch/main/" + path},
		{site.Repository{URL: "https://git.example:8443/x/o/r", Kind: "gitea"}, "Gitea", "https://git.example:8443/x/o/r/_edit/main/" + path,
			"https://git.example:8443/x/o/r/issues/new?title=Fehler%3A%20A%20%26%20B&body=Seite%0A", "https://git.example:8443/x/o/r/commits/branch/main/" + path},
		{site.Repository{Edit: "https://x.example/{file}?t={title}", Issue: "mailto:a@x.example?subject={title}&body={url}", History: "https://x.example/?f={file}"}, "",
			"https://x.example/content/%C3%A4%20&%20%231/50%20%25%3F.md?t=A%20%26%20B%20%7Burl%7D",
			"mailto:a@x.example?subject=A%20%26%20B%20%7Burl%7D&body=https%3A%2F%2Fp.example%2F%C3%A4%2F",
			"https://x.example/?f=content%2F%C3%A4%20%26%20%231%2F50%20%25%3F.md"},
		{site.Repository{URL: "https://github.com/o/r", Issue: "https://x.example/melden"}, "GitHub", "https://github.com/o/r/edit/main/" + path,
			"https://x.example/melden", "https://github.com/o/r/commits/main/" + path},
	} {
		edit, issue, hist := c.repo.Links(page)
		got, want := strings.Join([]string{c.repo.Forge(), edit, issue, hist}, "\n"), strings.Join([]string{c.forge, c.edit, c.issue, c.hist}, "\n")
		if got != want {
			t.Errorf("%+v:\n%s\nwant\n%s", c.repo, got, want)
		}
	}
}

// TestAuthor: only who is named is found, by the whole name or address.
func TestAuthor(t *testing.T) {
	t.Parallel()
	anna, berta := &site.GitAuthor{Git: []string{"anna@x.example", "A. Muster"}}, &site.GitAuthor{Git: []string{"Berta"}}
	h := site.History{Authors: []*site.GitAuthor{anna, berta}}
	for _, c := range []struct {
		name, email string
		want        *site.GitAuthor
	}{
		{"wer", "Anna@X.example", anna}, {"A. Muster", "", anna}, {"Berta", "b@x.example", berta},
		{"berta", "b@x.example", nil}, {"Bert", "", nil}, {"", "", nil}, {"a@x.example", "anna@x.example.org", nil},
	} {
		if got := h.Author(c.name, c.email); got != c.want {
			t.Errorf("%q <%s> is %v", c.name, c.email, got)
		}
	}
}
