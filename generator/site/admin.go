package site

import (
	"net/url"

	"github.com/ag-vzkm/portal/generator/diag"
)

// Admin says where the forms keep files when they do not lie in a folder of the
// editor's own machine.
type Admin struct {
	Backend *Backend `yaml:"backend"`
}

// Backend is a host of Git repositories.
type Backend struct {
	Name    string `yaml:"name"` // one of Hosts
	Repo    string `yaml:"repo"` // owner/name
	Branch  string `yaml:"branch"`
	BaseURL string `yaml:"base_url"` // where one signs in
	APIRoot string `yaml:"api_root"`
	// AppID, AuthType and AuthEndpoint belong to signing in by OAuth.
	AppID        string   `yaml:"app_id"`
	AuthType     string   `yaml:"auth_type"` // "pkce" or nothing
	AuthEndpoint string   `yaml:"auth_endpoint"`
	Pos          diag.Pos `yaml:"-"`
}

// BackendHosts are the hosts that there are: where their interface is, where
// one signs in, and where else a browser finds what belongs to them.
var BackendHosts = map[string]struct{ API, Sign, Avatars string }{
	"github": {"https://api.github.com", "", "https://avatars.githubusercontent.com"},
	"gitlab": {"https://gitlab.com", "https://gitlab.com", "https://secure.gravatar.com"},
	"gitea":  {"https://gitea.com", "https://gitea.com", ""},
}

// Hosts are the origins that the forms ask for.
func (b *Backend) Hosts() []string {
	if b == nil {
		return nil
	}
	known := BackendHosts[b.Name]
	var out []string
	for _, of := range [][2]string{{b.APIRoot, known.API}, {b.BaseURL, known.Sign}, {"", known.Avatars}} {
		address := of[0]
		if address == "" {
			address = of[1]
		}
		u, err := url.Parse(address)
		if address == "" || err != nil {
			continue
		}
		if origin := u.Scheme + "://" + u.Host; len(out) == 0 || out[0] != origin {
			out = append(out, origin)
		}
	}
	return out
}
