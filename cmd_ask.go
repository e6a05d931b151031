package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/lang"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

// asker asks an editor for what an entry needs, line by line.
type asker struct {
	ctx   context.Context
	in    io.Reader
	out   io.Writer
	lines chan string // closed at the end of the input
	shown []string    // what a number means: the list that was shown last
}

var errStopped = errors.New("Abgebrochen; es wurde nichts geschrieben")

func newAsker(cmd *cobra.Command) *asker {
	return &asker{ctx: cmd.Context(), in: cmd.InOrStdin(), out: cmd.ErrOrStderr()}
}

func (a *asker) keyboard() bool {
	f, ok := a.in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// answer reads a line. Reading goes on beside, so that Ctrl-C ends the wait.
func (a *asker) answer() (string, error) {
	if a.lines == nil {
		a.lines = make(chan string)
		go func() {
			defer close(a.lines)
			for s := bufio.NewScanner(a.in); s.Scan(); {
				select {
				case a.lines <- s.Text():
				case <-a.ctx.Done():
					return
				}
			}
		}()
	}
	fmt.Fprint(a.out, "> ")
	select {
	case line, ok := <-a.lines:
		if ok {
			return strings.TrimSpace(line), nil
		}
	case <-a.ctx.Done():
	}
	fmt.Fprintln(a.out)
	return "", errStopped
}

func (a *asker) say(format string, args ...any) { fmt.Fprintf(a.out, format+"\n", args...) }

// until asks until take has no objection to the answer.
func (a *asker) until(take func(string) error) error {
	for {
		s, err := a.answer()
		if err != nil {
			return err
		}
		if err = take(s); err == nil {
			return nil
		}
		a.say("  %s", strings.TrimSpace(err.Error()))
	}
}

// list shows what can be chosen from; its numbers are answers from now on.
func (a *asker) list(keys, labels []string) {
	a.shown = keys
	for i, k := range keys {
		text := k
		if l := labels[i]; l != "" && l != k {
			text += " – " + l
		}
		a.say("  %2d  %s", i+1, text)
	}
}

// meant is what a number in the list shown last stands for, or the answer.
func (a *asker) meant(s string) string {
	if i, err := strconv.Atoi(s); err == nil && i > 0 && i <= len(a.shown) {
		return a.shown[i-1]
	}
	return s
}

// typ asks for the kind of content.
func (a *asker) typ(types []*site.Type) (*site.Type, error) {
	types = slices.Clone(types)
	slices.SortStableFunc(types, func(x, y *site.Type) int {
		return cmp.Compare(x.Labels.One.In("de"), y.Labels.One.In("de"))
	})
	var names, labels []string
	for _, t := range types {
		names, labels = append(names, t.Name), append(labels, t.Labels.One.In("de"))
	}
	a.say("Was möchten Sie anlegen? Nummer oder Name:")
	a.list(names, labels)
	var found *site.Type
	err := a.until(func(s string) error {
		s = a.meant(s)
		for i, t := range types {
			if strings.EqualFold(s, t.Name) || strings.EqualFold(s, labels[i]) {
				found = t
				return nil
			}
		}
		return fmt.Errorf("„%s“ steht nicht in der Liste. %s", s, diag.DidYouMean(s, slices.Concat(names, labels)))
	})
	return found, err
}

// usefulFields bounds how many fields are asked for that may stay empty.
const usefulFields = 6

// form asks for what the form still lacks: the title, required fields, and some
// that are of use to readers. All others stand in the file with an explanation.
func (a *asker) form(f *source.Form, id *string) error {
	a.say("\n%s. Eingabetaste ohne Antwort: weiter, das Feld bleibt offen. „?“ zeigt, was möglich ist. Strg+C bricht ab.", f.Type.Labels.One.In("de"))
	optional := 0
	for _, first := range []bool{true, false} {
		for _, field := range f.Type.Fields {
			basic := field.Common && field.Required
			if basic != first || f.Has(field.Name) {
				continue
			}
			if !field.Required {
				if !useful(field) || optional == usefulFields {
					continue
				}
				optional++
			}
			if err := a.group(f, field, field.Name, ""); err != nil {
				return err
			}
		}
	}
	return a.id(f, id)
}

// useful are fields that stand on cards and at the head of pages, and the words
// by which entries are found.
func useful(f *site.Field) bool {
	if f.Kind == site.KindRecord || f.Kind == site.KindList {
		return false
	}
	return f.Card || f.Glance || f.Common && f.Facet
}

// group asks for a field or, of a group, for the fields that it requires.
func (a *asker) group(f *source.Form, field *site.Field, path, above string) error {
	label := above + field.Label.In("de")
	switch field.Kind {
	case site.KindList:
		return a.items(f, field, path, label)
	case site.KindRecord:
		return a.members(f, field, path, label)
	}
	return a.field(f, field, path, label)
}

func (a *asker) members(f *source.Form, field *site.Field, path, label string) error {
	for _, sub := range field.Sub {
		if sub.Required {
			if err := a.group(f, sub, path+"."+sub.Name, label+" › "); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *asker) items(f *source.Form, field *site.Field, path, label string) error {
	for n := 1; ; n++ {
		if err := a.members(f, field, path+"."+strconv.Itoa(n), fmt.Sprintf("%s %d", label, n)); err != nil {
			return err
		}
		a.say("\nNoch ein Eintrag unter „%s“? j oder n:", label)
		more := false
		if err := a.until(func(s string) error {
			more = strings.HasPrefix(strings.ToLower(s), "j")
			return nil
		}); err != nil || !more {
			return err
		}
	}
}

// field asks for one value until the form takes it.
func (a *asker) field(f *source.Form, field *site.Field, path, label string) error {
	if field.Required {
		label += " (Pflicht)"
	}
	a.say("\n%s", label)
	if h := field.Help.In("de"); h != "" {
		a.say("  %s", strings.ReplaceAll(h, "\n", " "))
	}
	keys, labels := choices(f, field)
	a.shown = nil
	switch {
	case len(keys) > 0 && len(keys) <= 12 && field.Kind != site.KindRelation:
		a.list(keys, labels)
	case len(keys) > 0:
		a.say("  „?“ zeigt alle %d, „? wort“ die passenden.", len(keys))
	}
	return a.until(func(s string) error {
		if want, ok := strings.CutPrefix(s, "?"); ok {
			return a.show(field, keys, labels, strings.TrimSpace(want))
		}
		if s == "" {
			if field.Common && field.Name == "title" {
				return errors.New("Ohne Titel geht es nicht.")
			}
			return nil
		}
		var parts []string
		for _, p := range a.parts(field, s) {
			key, err := a.choose(keys, labels, p)
			if err != nil {
				return err
			}
			parts = append(parts, key)
		}
		if len(keys) > 0 {
			s = strings.Join(parts, ", ")
		}
		return f.Set(path, s)
	})
}

func (a *asker) parts(field *site.Field, s string) []string {
	if !field.Multiple {
		return []string{s}
	}
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// show lists what a field can be; it is no answer yet.
func (a *asker) show(field *site.Field, keys, labels []string, want string) error {
	if len(keys) == 0 {
		return errors.New(cmp.Or(field.Help.In("de"), "Hier ist freier Text möglich."))
	}
	fitK, fitL := fitting(keys, labels, want)
	if len(fitK) == 0 {
		return fmt.Errorf("Nichts enthält „%s“.", want)
	}
	const most = 60
	rest := max(0, len(fitK)-most)
	a.list(fitK[:len(fitK)-rest], fitL)
	if rest > 0 {
		return fmt.Errorf("… und %d weitere; „? wort“ zeigt nur passende. Ihre Wahl:", rest)
	}
	return errors.New("Ihre Wahl, Nummer oder Kennung:")
}

// fitting are the keys that contain a word, or whose label does.
func fitting(keys, labels []string, word string) (k, l []string) {
	word = lang.ID(word)
	for i := range keys {
		if strings.Contains(lang.ID(keys[i]), word) || strings.Contains(lang.ID(labels[i]), word) {
			k, l = append(k, keys[i]), append(l, labels[i])
		}
	}
	return k, l
}

// choose finds the one that is meant: by number, key, label, or a part of its
// label that no other has.
func (a *asker) choose(keys, labels []string, s string) (string, error) {
	if len(keys) == 0 || slices.Contains(keys, s) {
		return s, nil
	}
	if m := a.meant(s); m != s {
		return m, nil
	}
	for i, l := range labels {
		if strings.EqualFold(s, l) {
			return keys[i], nil
		}
	}
	fitK, fitL := fitting(keys, labels, s)
	switch {
	case lang.ID(s) == "" || len(fitK) == 0:
		return s, nil // the form says what is near
	case len(fitK) == 1:
		a.say("  → %s (%s)", fitL[0], fitK[0])
		return fitK[0], nil
	}
	a.list(fitK[:min(len(fitK), 20)], fitL)
	return "", fmt.Errorf("„%s“ kann mehreres sein; nennen Sie die Nummer oder die Kennung.", s)
}

// choices are the keys that a field takes and what they are called; none for
// free values.
func choices(f *source.Form, field *site.Field) (keys, labels []string) {
	add := func(k, l string) { keys, labels = append(keys, k), append(labels, l) }
	switch field.Kind {
	case site.KindEnum, site.KindLevel:
		for _, v := range field.Values {
			add(v.Key, v.Label.In("de"))
		}
	case site.KindTags:
		for _, t := range f.Terms(field) {
			add(t.ID, t.Label.In("de"))
		}
	case site.KindRelation:
		for _, e := range f.Targets(field) {
			add(e.ID, e.Title)
		}
	}
	return keys, labels
}

// id asks whether the id made of the title is good.
func (a *asker) id(f *source.Form, id *string) error {
	if *id != "" {
		return nil
	}
	made := f.ID()
	a.say("\nKennung und Dateiname\n  Teil der Adresse; bleibt für immer gleich. Eingabetaste: %s", made)
	return a.until(func(s string) error {
		switch {
		case s == "":
			*id = made
		case s != lang.ID(s):
			return fmt.Errorf("Nur Kleinbuchstaben, Ziffern und Bindestriche, etwa %s.", cmp.Or(lang.ID(s), made))
		case f.Taken(s):
			return fmt.Errorf("Die Kennung „%s“ gibt es schon.", s)
		default:
			*id = s
		}
		return nil
	})
}
