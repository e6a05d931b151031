package main

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator/diag"
)

// usage is what --help prints, in German.
const usage = `{{with or .Long .Short}}{{.}}

{{end}}Aufruf:{{if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} BEFEHL

Befehle:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Optionen:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

Für alle Befehle:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
`

// speakGerman gives a command and those below it German help and errors.
func speakGerman(root *cobra.Command) {
	root.SetUsageTemplate(usage)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { fmt.Fprint(c.OutOrStdout(), germanUsage(c.UsageString())) })
	root.SetHelpCommand(&cobra.Command{Use: "hilfe", Hidden: true})
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return germanError(err, cmd) })
	var each func(*cobra.Command)
	each = func(c *cobra.Command) {
		c.InitDefaultHelpFlag()
		if f := c.Flags().Lookup("help"); f != nil {
			f.Usage = "diese Hilfe"
		}
		for _, sub := range c.Commands() {
			each(sub)
		}
	}
	each(root)
}

var flagKind = regexp.MustCompile(`(?m)^( +(?:-\w, )?--[\w-]+ )(stringArray|strings?|int )`)

// germanUsage puts the words into German that cobra writes by itself. Columns
// stay where they are.
func germanUsage(s string) string {
	s = strings.NewReplacer("(default ", "(sonst ", " [flags]", " [Optionen]").Replace(s)
	return flagKind.ReplaceAllStringFunc(s, func(flag string) string {
		m := flagKind.FindStringSubmatch(flag)
		return m[1] + fmt.Sprintf("%-*s", len(m[2]), map[bool]string{true: "ZAHL", false: "WERT"}[m[2] == "int "])
	})
}

var cobraErrors = []struct {
	form *regexp.Regexp
	text string
}{
	{regexp.MustCompile(`^unknown flag: (\S+)`), "Die Option %s gibt es nicht."},
	{regexp.MustCompile(`^unknown shorthand flag: '(.)'`), "Die Option -%s gibt es nicht."},
	{regexp.MustCompile(`^flag needs an argument: (.+)`), "Die Option %s braucht einen Wert."},
	{regexp.MustCompile(`^invalid argument "(.*)" for "`), "„%s“ ist kein Wert dieser Option."},
	{regexp.MustCompile(`^unknown command "(.*)" for`), "Den Befehl „%s“ gibt es nicht."},
	{regexp.MustCompile(`^(?:accepts|requires) .* arg\(s\), .*received (\d+)`), "Die Zahl der Angaben stimmt nicht (es sind %s)."},
}

// meant suggests the command that a word was meant to be.
func meant(word string, cmd *cobra.Command) string {
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	if near := diag.Nearest(word, names, 2); len(near) > 0 {
		return " Meinten Sie " + diag.QuoteList(near, "oder") + "?"
	}
	return ""
}

// germanError says what cobra says about a command line, and where to look.
func germanError(err error, cmd *cobra.Command) error {
	for _, e := range cobraErrors {
		if m := e.form.FindStringSubmatch(err.Error()); m != nil {
			return fmt.Errorf(e.text+"%s Hilfe: %s --help", strings.TrimSpace(m[1]), meant(m[1], cmd), cmd.CommandPath())
		}
	}
	return germanFileError(err)
}

// fileErrors are what editors meet when a command reads or writes a file.
var fileErrors = []struct {
	is   error
	text string
}{
	{fs.ErrPermission, "Der Zugriff auf „%s“ ist nicht erlaubt"},
	{fs.ErrNotExist, "„%s“ gibt es nicht"},
	{syscall.EISDIR, "„%s“ ist ein Ordner"},
	{syscall.ENOTDIR, "„%s“ liegt nicht in einem Ordner, sondern in einer Datei"},
	{syscall.EROFS, "„%s“ liegt auf einem Datenträger, auf den nicht geschrieben werden kann"},
	{syscall.ENOSPC, "Für „%s“ ist auf dem Datenträger kein Platz mehr"},
	{syscall.ENAMETOOLONG, "„%s“ ist als Name zu lang"},
}

// germanFileError says in German what the system says about a file, and leaves
// what stands around it.
func germanFileError(err error) error {
	var of *fs.PathError
	if !errors.As(err, &of) {
		return err
	}
	for _, e := range fileErrors {
		if errors.Is(of.Err, e.is) {
			return errors.New(strings.Replace(err.Error(), of.Error(), fmt.Sprintf(e.text, of.Path), 1))
		}
	}
	return err
}
