package generator

import (
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/ag-vzkm/portal/generator/site"
)

// clock.go decides for which instant a site is made.

// fromClock reports whether nothing but the clock says for when the site is made.
func (b *build) fromClock() bool {
	_, err := strconv.ParseInt(epoch(), 10, 64)
	return b.Now == "now" || b.Now == "jetzt" || b.Now == "" && err != nil && b.head == ""
}

// epoch is the instant of a reproducible build (reproducible-builds.org).
func epoch() string { return os.Getenv("SOURCE_DATE_EPOCH") }

// history fills in what Git knows, and the instant that embargoes are held
// against: --now, else SOURCE_DATE_EPOCH (reproducible-builds.org), else the
// commit, else the clock. With one of the first three, the same input gives
// the same bytes at any time.
func (b *build) history(d *site.Draft) error {
	b.readPast(d.Config)
	h := b.past.History
	for _, e := range d.Entries {
		e.Changed = b.past.changed(e, d.Config.Location)
	}
	epoch, epochErr := strconv.ParseInt(epoch(), 10, 64)
	switch {
	case b.Now != "":
		var err error
		if b.now, err = ParseNow(b.Now, d.Config.Location); err != nil {
			return err
		}
	case epochErr == nil:
		b.now = time.Unix(epoch, 0)
	case !h.Head.IsZero():
		b.now = h.Head
	default:
		b.now = time.Now()
	}
	b.now = b.now.In(d.Config.Location)
	return nil
}

// ParseNow reads an instant: "now", a day, a day with a time, both in loc, or
// RFC 3339.
func ParseNow(s string, loc *time.Location) (time.Time, error) {
	if s == "now" || s == "jetzt" {
		return time.Now(), nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(form, s, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--now: „%s“ ist kein Zeitpunkt; schreiben Sie 2026-11-22, 2026-11-22T09:00:00+01:00 oder now", s)
}
