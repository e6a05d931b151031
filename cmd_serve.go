package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/ag-vzkm/portal/generator"
	"github.com/ag-vzkm/portal/search/server"
)

func serveCommand() *cobra.Command {
	var dir, addr string
	var probing bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Zeigt die gebaute Site im Browser und beantwortet Suchanfragen",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				source, _ := cmd.Flags().GetString("source")
				dir = filepath.Join(source, "public")
			}
			if probing {
				return probe(cmd.Context(), addr, generator.BasePath(dir))
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
			l, err := listener(addr)
			if err != nil {
				return err
			}
			return serve(cmd.Context(), cmd, l, greeting(l, base), server.Handler(dir, base, generator.IsPrivate(dir), x))
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "Ordner der gebauten Site (sonst public im Ordner der Site)")
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "Adresse und Port")
	cmd.Flags().BoolVar(&probing, "probe", false, "nichts zeigen, sondern nachsehen, ob unter der Adresse schon eine Site antwortet")
	return cmd
}

// probe asks the start page of a server that runs already: a container without
// a shell has nothing else to look whether it is well.
func probe(ctx context.Context, addr, base string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("„%s“ ist keine Adresse mit Port, etwa 127.0.0.1:8080", addr)
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		addr = net.JoinHostPort("127.0.0.1", port)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, "http://"+addr+base+"/", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("Unter %s antwortet keine Site", r.URL)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("Unter %s ist die Antwort %s", r.URL, res.Status)
	}
	return nil
}

func listener(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("Unter %s antwortet schon ein anderes Programm; beenden Sie es oder wählen Sie mit --addr einen anderen Port", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("Unter %s lässt sich kein Server starten (%w); wählen Sie mit --addr einen anderen Port", addr, errors.Unwrap(err))
	}
	return l, nil
}

// greeting says where a server answers.
func greeting(l net.Listener, base string) string {
	return fmt.Sprintf("http://%s%s/ (Ende mit Strg+C)", l.Addr(), base)
}

// serve answers until the context ends, and lets running requests finish;
// ending is called before, for those that would not end by themselves.
// The greeting says where.
func serve(ctx context.Context, cmd *cobra.Command, l net.Listener, greeting string, h http.Handler, ending ...func()) error {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
	for _, end := range ending {
		s.RegisterOnShutdown(end)
	}
	fmt.Fprintln(cmd.OutOrStdout(), greeting)
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
