// Command portal turns a folder of Markdown into a static portal with a
// prebuilt German full-text index. README.md says how to use it and
// docs/architecture.md how it is made.
package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

//go:embed all:templates all:static
var builtin embed.FS

// Exit codes: content that cannot be published, and everything else.
const (
	exitContent = 1
	exitUsage   = 2
)

// errContent ends a command whose diagnostics have been printed.
var errContent = errors.New("content")

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run executes the command line and returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := rootCommand()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errContent):
		return exitContent
	}
	fmt.Fprintf(stderr, "portal: %s\n", germanError(err, cmd))
	return exitUsage
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "portal",
		Short:         "Baut aus Markdown ein statisches Portal mit deutscher Volltextsuche",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.PersistentFlags().String("source", ".", "Ordner der Site (mit portal.yaml und content/)")
	root.AddCommand(
		buildCommand(),
		checkCommand(),
		explainCommand(),
		previewCommand(),
		newCommand(),
		importCommand(),
		dueCommand(),
		digestCommand(),
		searchCommand(),
		serveCommand(),
		schemaCommand(),
		vscodeCommand(),
		adminCommand(),
	)
	speakGerman(root)
	return root
}
