package site

import "time"

// View says for whom and when a site is made.
type View struct {
	Audience Audience  // who reads the output
	Drafts   bool      // show what is not yet published, too
	Now      time.Time // embargoes end when this instant is reached
}

// Visible is the one place that decides whether an entry is shown. What it
// refuses is dropped by Assemble, before anything can list, link, index or
// copy it.
//
//   - Members' entries are shown to members only, drafts included.
//   - A draft is shown with Drafts, or when its editor put it up for
//     discussion; an entry in review with Drafts only.
//   - Before its published instant an entry is shown with Drafts only.
//   - An archived entry is not shown where its type hides the archive.
func Visible(e *Entry, v View) bool {
	if e.Audience == Members && v.Audience != Members {
		return false
	}
	if e.Status == StatusArchived && e.Type.HideArchived {
		return false
	}
	if v.Drafts {
		return true
	}
	switch e.Status {
	case StatusDraft:
		if !e.Discussion {
			return false
		}
	case StatusReview:
		return false
	}
	return !e.Published.After(v.Now)
}
