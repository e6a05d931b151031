package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator/admin"
	"github.com/ag-vzkm/portal/generator/diag"
	"github.com/ag-vzkm/portal/generator/site"
	"github.com/ag-vzkm/portal/generator/source"
)

func adminCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "admin",
		Short: "Schreibt die Formulare für einen eigenen Server; gespeichert wird bei einem Git-Dienst",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, _ := cmd.Flags().GetString("source")
			return writeForms(cmd, dir, out)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "Ordner, in den die Formulare geschrieben werden; muss leer oder von diesem Befehl sein")
	return cmd
}

func writeForms(cmd *cobra.Command, dir, out string) error {
	if out == "" {
		return errors.New("Nennen Sie mit --out einen Ordner, in den die Formulare kommen, etwa --out formulare")
	}
	var diags diag.List
	d, err := draft(dir, &diags)
	if err != nil {
		return err
	}
	if d == nil {
		printDiagnostics(cmd, cmd.ErrOrStderr(), diags.Sorted())
		return errContent
	}
	if d.Config.Admin.Backend == nil {
		return errors.New("In portal.yaml steht kein Git-Dienst für die Formulare. Ergänzen Sie „admin: {backend: {name: gitlab, repo: besitzer/name}}“; ohne ihn sind die Formulare Teil von „portal preview“")
	}
	if own := folderOfSite(dir, out); own != "" {
		return fmt.Errorf("Was im Ordner „%s“ liegt, gehört zur Site, und die Formulare gehören nicht dazu; wählen Sie einen Ordner außerhalb", own)
	}
	if found, err := os.ReadDir(out); err == nil && len(found) > 0 {
		if _, err := os.Stat(filepath.Join(out, "sveltia", "VERSION")); err != nil {
			return fmt.Errorf("Im Ordner „%s“ liegt etwas, das nicht von diesem Befehl ist; wählen Sie einen anderen", out)
		}
	}
	files, err := admin.Files(d, admin.Options{Hosted: true, Prefix: source.Prefix(dir)})
	if err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(out, "sveltia")); err != nil { // of another version
		return err
	}
	for name, data := range files {
		file := filepath.Join(out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(cmd.OutOrStdout(), "Die Formulare liegen in %s, mit Sveltia CMS %s. Gespeichert wird in %s.\n", out, admin.Version(), d.Config.Admin.Backend.Repo)
	return nil
}

// folderOfSite is the folder of a site that a path leads into, "" for none: what
// lies there is published, or taken for a text.
func folderOfSite(dir, name string) string {
	for _, own := range []string{"content", "static", "templates", "public"} {
		if rest, err := filepath.Rel(resolved(filepath.Join(dir, own)), resolved(name)); err == nil && filepath.IsLocal(rest) {
			return own
		}
	}
	return ""
}

// resolved follows the links in a path, whose end need not exist.
func resolved(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if abs == filepath.Dir(abs) {
		return abs
	}
	return filepath.Join(resolved(filepath.Dir(abs)), filepath.Base(abs))
}

// draft reads a site as it lies there, hidden entries included; nil if it
// cannot be read.
func draft(dir string, diags *diag.List) (*site.Draft, error) {
	files, err := source.Dir(dir, builtin)
	if err != nil {
		return nil, fmt.Errorf("Der Ordner „%s“ ist nicht lesbar", dir)
	}
	return source.Load(files, nil, nil, diags), nil
}

// forms are those of a preview; base tells where the site lies in it.
func forms(dir string, base func() string) http.Handler {
	name := dir
	if abs, err := filepath.Abs(dir); err == nil {
		name = filepath.Base(abs)
	}
	return admin.Handler(func() (*site.Draft, admin.Options) {
		d, err := draft(dir, &diag.List{})
		if err != nil {
			d = nil
		}
		return d, admin.Options{Folder: name, Base: base()}
	})
}

// formOf gives the address of a file's form. What has a companion has none: a
// form writes its fields into the text.
func formOf(dir string, languages func() []string) func(file string) string {
	return func(file string) string {
		beside := filepath.Join(dir, filepath.FromSlash(strings.TrimSuffix(file, ".md")+".yaml"))
		if _, err := os.Stat(beside); err == nil {
			return ""
		}
		return admin.Address(file, languages())
	}
}
