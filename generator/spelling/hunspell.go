package spelling

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

var (
	errNoProgram    = errors.New("hunspell is not installed")
	errNoDictionary = errors.New("no dictionary for the language")
)

// dictionary is one language of Hunspell, with the words of the project that
// are inflected like others.
type dictionary struct {
	program, name string
	dir           string
	stops         bool            // it tells „bzw.“ from „bzw“
	answers       map[string]bool // what has been asked
}

// names are those of a language's dictionaries, the best first.
func names(lang string) []string {
	switch lang {
	case "de":
		return []string{"de_DE", "de_DE_frami", "de-DE", "de_AT", "de_CH"}
	case "en":
		return []string{"en_GB", "en_US", "en-GB", "en-US"}
	}
	return []string{lang + "_" + strings.ToUpper(lang), lang}
}

func packageOf(lang string) string {
	return map[string]string{"de": "hunspell-de-de", "en": "hunspell-en-gb"}[lang] + map[bool]string{true: "", false: "hunspell-" + lang}[lang == "de" || lang == "en"]
}

// openDictionary finds the dictionary of a language.
func openDictionary(ctx context.Context, program, lang string, l *list) (*dictionary, error) {
	if _, err := exec.LookPath(program); err != nil {
		return nil, errNoProgram
	}
	dir, err := os.MkdirTemp("", "portal-woerter-")
	if err != nil {
		return nil, err
	}
	d := &dictionary{program: program, dir: dir, answers: map[string]bool{}}
	// A file of our own also keeps Hunspell from reading the user's.
	if err := os.WriteFile(d.personal(), []byte(strings.Join(l.models, "\n")+"\n"), 0o600); err != nil {
		d.close()
		return nil, err
	}
	for _, name := range names(lang) {
		d.name = name
		if out, err := d.run(ctx, "-l", noWord+".\n"); err == nil {
			d.stops = strings.Contains(out, noWord+".")
			return d, nil
		}
		if ctx.Err() != nil {
			break
		}
	}
	d.close()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return nil, errNoDictionary
}

// noWord is in no dictionary.
const noWord = "qqxqq"

func (d *dictionary) personal() string { return filepath.Join(d.dir, "woerter") }

func (d *dictionary) close() { _ = os.RemoveAll(d.dir) }

func (d *dictionary) run(ctx context.Context, mode, input string) (string, error) {
	cmd := exec.CommandContext(ctx, d.program, "-d", d.name, "-p", d.personal(), "-i", "UTF-8", mode)
	cmd.Stdin = strings.NewReader(input)
	var out bytes.Buffer
	cmd.Stdout = &out
	err := cmd.Run()
	return out.String(), err
}

// right returns which of the words the dictionary has.
func (d *dictionary) right(ctx context.Context, words map[string]bool) (map[string]bool, error) {
	var ask []string
	for w := range words {
		if _, asked := d.answers[w]; !asked {
			ask = append(ask, w)
			d.answers[w] = true
		}
	}
	slices.Sort(ask)
	out, err := d.run(ctx, "-l", strings.Join(ask, "\n")+"\n")
	if err != nil {
		return nil, err
	}
	for w := range strings.Lines(out) {
		d.answers[strings.TrimSpace(w)] = false
	}
	for _, w := range ask {
		if before, stop := strings.CutSuffix(w, "."); stop && !d.stops {
			d.answers[w] = d.answers[before]
		}
		// „l'eau“ may be two words to it.
		if first, rest, two := strings.Cut(w, "'"); two && (wrong(d.answers, first) || wrong(d.answers, rest)) {
			d.answers[w] = false
		}
	}
	return d.answers, nil
}

func wrong(answers map[string]bool, w string) bool {
	right, asked := answers[w]
	return asked && !right
}

// meantAtMost is for how many words suggestions are asked: each takes Hunspell
// as long as a thousand look-ups.
const meantAtMost = 400

// meant returns what the dictionary would write instead, at most three words
// for each.
func (d *dictionary) meant(ctx context.Context, words []string) (map[string][]string, error) {
	var in strings.Builder
	for _, w := range words[:min(meantAtMost, len(words))] {
		in.WriteString("^" + w + "\n")
	}
	out, err := d.run(ctx, "-a", in.String())
	if err != nil {
		return nil, err
	}
	meant := map[string][]string{}
	for line := range strings.Lines(out) { // & word count offset: a, b, c
		head, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if f := strings.Fields(head); ok && len(f) == 4 && f[0] == "&" {
			all := strings.Split(list, ", ")
			all = slices.DeleteFunc(all, func(s string) bool { return strings.Contains(s, "-") })
			meant[f[1]] = all[:min(3, len(all))]
		}
	}
	return meant, nil
}
