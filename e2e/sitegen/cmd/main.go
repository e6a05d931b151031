// Writes a site of so many entries into a folder, with this repository's own
// content types. Run it at the repository's root:
//
//	go run ./e2e/sitegen/cmd -n 10000 -seed 1 FOLDER
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/ag-vzkm/portal/e2e/sitegen"
)

func main() {
	n := flag.Int("n", 1000, "number of entries")
	seed := flag.Uint64("seed", 1, "the same seed gives the same bytes")
	flag.Parse()
	if flag.NArg() != 1 || *n < 1 {
		flag.Usage()
		os.Exit(2)
	}
	s, err := sitegen.New(os.DirFS("templates"), *n, *seed)
	if err == nil {
		err = s.Write(flag.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
