package generator

import (
	"io/fs"
	"runtime"
	"time"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
)

// options.go is what a build is asked for, and what it reports.

// Options of a build. Source and Builtin are required.
type Options struct {
	Source   string // the site's folder
	Builtin  fs.FS  // the program's own templates and static files
	Out      string // the output folder; default public in Source
	Audience site.Audience
	Drafts   bool
	BaseURL  string // instead of base_url
	Now      string // see ParseNow; "" asks SOURCE_DATE_EPOCH, Git, the clock
	Lenient  bool
	Strict   bool
	Compress bool // write .br and .gz beside the files
	Dry      bool // check only: publish nothing
	whole    bool // look at what only shows in all of the content
	// ServerIndex asks for the index of portal serve and portal search beside
	// that of the browser. By default, sites of up to serverIndexUpTo entries
	// have it.
	ServerIndex *bool
	Also        Also // of Check
	Progress    func(stage string, done, total int)
}

// serverIndexUpTo is up to how many entries the server's index is made without
// being asked for: up to there it costs less than a second.
const serverIndexUpTo = 2000

// Result is what a build reports.
type Result struct {
	OK          bool              `json:"ok"`
	Out         string            `json:"out"`
	Index       string            `json:"index"`
	Pages       int               `json:"pages"`
	Rendered    int               `json:"rendered"` // pages made anew
	Kept        int               `json:"kept"`     // pages taken over from the release before
	Indexed     bool              `json:"indexed"`  // the search index was made anew
	Entries     int               `json:"entries"`
	Files       int               `json:"files"`
	Bytes       int64             `json:"bytes"`
	Now         time.Time         `json:"now"`
	Errors      int               `json:"errors"`
	Warnings    int               `json:"warnings"`
	Hints       int               `json:"hints"`
	Stages      []Stage           `json:"stages"`
	Memory      Memory            `json:"memory"`
	Notes       []string          `json:"notes,omitempty"` // what a check of Also came to
	Diagnostics []diag.Diagnostic `json:"diagnostics,omitempty"`
	Help        string            `json:"-"` // where their codes are explained; see site.Config
}

// Stage is a step of the build and how long it took.
type Stage struct {
	Name string  `json:"name"`
	Ms   float64 `json:"ms"`
}

// Memory is what a build took: allocations since the program began, and the
// most bytes that the system gave it.
type Memory struct {
	Allocs     uint64 `json:"allocs"`
	AllocBytes uint64 `json:"allocBytes"`
	FromSystem uint64 `json:"fromSystem"`
}

func memory() Memory {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Memory{m.Mallocs, m.TotalAlloc, m.Sys}
}

// with fills in what was found.
func (r *Result) with(diags *diag.List, strict bool) *Result {
	r.Diagnostics = diags.Sorted()
	r.Errors, r.Warnings, r.Hints = diags.Count(diag.Error), diags.Count(diag.Warning), diags.Count(diag.Hint)
	r.OK = !diags.Failed(strict)
	return r
}
