package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/search/server"
)

func serveCommand() *cobra.Command {
	var dir, addr string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Zeigt die gebaute Site im Browser und beantwortet Suchanfragen",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				source, _ := cmd.Flags().GetString("source")
				dir = filepath.Join(source, "public")
			}
			if _, err := os.Stat(filepath.Join(dir, "index.html")); err != nil {
				return fmt.Errorf("In „%s“ liegt keine gebaute Site. Bauen Sie zuerst: portal build", dir)
			}
			at, err := indexOf(dir)
			if err != nil {
				return err
			}
			x, err := server.Open(at)
			if err == nil {
				defer x.Close()
				err = x.Ready()
			} else {
				x = nil
			}
			if err != nil {
				fmt.Fprintf(cmd.ErrOrStderr(), "portal: ohne Suche auf dem Server: %s\n", indexFault(dir, err))
			}
			base := generator.BasePath(dir)
			return listen(cmd.Context(), cmd, addr, base, server.Handler(dir, base, generator.IsPrivate(dir), x))
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "Ordner der gebauten Site (sonst public im Ordner der Site)")
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "Adresse und Port")
	return cmd
}

// listen serves until the context ends, and lets running requests finish.
func listen(ctx context.Context, cmd *cobra.Command, addr, base string, h http.Handler) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("Unter %s lässt sich kein Server starten (%w); wählen Sie mit --addr einen anderen Port", addr, errors.Unwrap(err))
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
	fmt.Fprintf(cmd.OutOrStdout(), "http://%s%s/ (Ende mit Strg+C)\n", l.Addr(), base)
	stopped := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = s.Shutdown(late)
	})
	defer stopped()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
