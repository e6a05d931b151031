package markdown

import (
	"os"

	"github.com/ag-vzkm/portal/generator/lang"
)

// words are those that the portal ships.
var words = func() func(l, key string, args ...any) string {
	w, err := lang.Load([]string{"de", "en"}, os.DirFS("../../templates"))
	if err != nil {
		panic(err)
	}
	return w.Must
}()
