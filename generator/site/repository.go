package site

import (
	"net/url"
	"strings"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Repository says where editors work on the texts: a repository at a forge
// (GitHub and the like), from which the addresses follow, or these themselves,
// with placeholders. What is given wins over what follows.
type Repository struct {
	URL    string `yaml:"url"`    // https://github.com/ORG/REPO
	Branch string `yaml:"branch"` // default: main
	Kind   string `yaml:"kind"`   // of the forge, where its host does not tell
	Folder string `yaml:"folder"` // of the site in the repository; default: as Git says

	Edit    string   `yaml:"edit"`
	Issue   string   `yaml:"issue"`
	History string   `yaml:"history"`
	Pos     diag.Pos `yaml:"-"`
}

// Placeholders of addresses: the file from the site's folder, the page's title
// and its address.
var Placeholders = []string{"{file}", "{title}", "{url}"}

// forge is how the addresses of a kind of forge are made. {path} is the file
// from the repository's root, {body} a text that the reader goes on with.
type forge struct{ name, edit, issue, history string }

var forges = map[string]forge{
	"github":  {"GitHub", "/edit/{branch}/{path}", "/issues/new?title={title}&body={body}", "/commits/{branch}/{path}"},
	"gitlab":  {"GitLab", "/-/edit/{branch}/{path}", "/-/issues/new?issue%5Btitle%5D={title}&issue%5Bdescription%5D={body}", "/-/commits/{branch}/{path}"},
	"forgejo": {"Forgejo", "/_edit/{branch}/{path}", "/issues/new?title={title}&body={body}", "/commits/branch/{branch}/{path}"},
	"gitea":   {"Gitea", "/_edit/{branch}/{path}", "/issues/new?title={title}&body={body}", "/commits/branch/{branch}/{path}"},
}

// ForgeKinds are the values of Kind.
var ForgeKinds = []string{"forgejo", "gitea", "github", "gitlab"}

// ForgeKind is the kind of forge: as given, or by the host of the address; "" if
// neither tells.
func (r *Repository) ForgeKind() string {
	if r.Kind != "" || r.URL == "" {
		return r.Kind
	}
	switch host := r.host(); {
	case host == "github.com":
		return "github"
	case host == "codeberg.org":
		return "forgejo"
	case host == "gitea.com":
		return "gitea"
	default: // names that those who run one give it
		first, _, _ := strings.Cut(host, ".")
		if _, known := forges[first]; known && first != "github" {
			return first
		}
	}
	return ""
}

func (r *Repository) host() string {
	u, err := url.Parse(r.URL)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// Forge is what people call the forge, "" if there is none.
func (r *Repository) Forge() string {
	if r.host() == "codeberg.org" {
		return "Codeberg"
	}
	return forges[r.ForgeKind()].name
}

// Page is what the links of a page are made from. Title is the page's; Subject
// and Body are what a message about it begins with.
type Page struct {
	File, Path    string // from the folder of the site, and of the repository
	Title, URL    string
	Subject, Body string
}

// Links are the addresses to edit a page, to report an error in it, and of its
// history; "" where there is none.
func (r *Repository) Links(p Page) (edit, issue, history string) {
	f := forges[r.ForgeKind()]
	branch := r.Branch
	if branch == "" {
		branch = "main"
	}
	link := func(own, ours string) string {
		switch {
		case own != "":
			return fill(own, map[string]string{"file": p.File, "title": p.Title, "url": p.URL})
		case r.URL != "" && ours != "":
			base := strings.TrimSuffix(strings.TrimSuffix(r.URL, "/"), ".git")
			return base + fill(ours, map[string]string{"branch": branch, "path": p.Path, "title": p.Subject, "body": p.Body})
		}
		return ""
	}
	return link(r.Edit, f.edit), link(r.Issue, f.issue), link(r.History, f.history)
}

// fill puts values in for placeholders, escaped for the part of an address that
// they stand in: slashes part folders before the question mark only. Escaped, no
// value has a brace that could be taken for a placeholder.
func fill(template string, values map[string]string) string {
	path, query, asks := strings.Cut(template, "?")
	replace := func(s string, escape func(string) string) string {
		for key, v := range values {
			s = strings.ReplaceAll(s, "{"+key+"}", escape(v))
		}
		return s
	}
	path = replace(path, func(s string) string { return strings.ReplaceAll(url.PathEscape(s), "%2F", "/") })
	if !asks {
		return path
	}
	return path + "?" + replace(query, func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") })
}

// History says what readers see of the Git history. Names are data of persons:
// only who is in Authors is ever shown.
type History struct {
	Show    bool           `yaml:"show"` // the subjects of commits
	Authors []*GitAuthor   `yaml:"authors"`
	Ignore  []IgnoreCommit `yaml:"ignore"` // commits that changed no meaning
	Pos     diag.Pos       `yaml:"-"`
}

// GitAuthor is somebody known to Git by names and e-mail addresses, and to
// readers as Name or as the entry of this id.
type GitAuthor struct {
	Git   []string `yaml:"git"`
	Name  string   `yaml:"name"`
	Entry string   `yaml:"entry"`
	Pos   diag.Pos `yaml:"-"`
}

// IgnoreCommit is a commit named by the beginning of its id.
type IgnoreCommit struct {
	ID  string
	Pos diag.Pos
}

// UnmarshalText reads the id; its place is filled in by who reads the file.
func (c *IgnoreCommit) UnmarshalText(b []byte) error {
	c.ID = strings.ToLower(string(b))
	return nil
}

// Author finds who Git calls by this name or e-mail address; nil if nobody is
// to be shown.
func (h *History) Author(name, email string) *GitAuthor {
	for _, a := range h.Authors {
		for _, known := range a.Git {
			if known == name || strings.EqualFold(known, email) && email != "" {
				return a
			}
		}
	}
	return nil
}
