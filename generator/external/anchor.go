package external

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// readAtMost is how much is read of a page whose anchors are looked for.
const readAtMost = 2 << 20

// anchors looks for fragments in a page. Of one that is longer than what is
// read, and of a file that is no page, nobody can say what it lacks.
func anchors(resp *http.Response, fragments []string) map[string]bool {
	found, whole := map[string]bool{}, false
	if strings.Contains(resp.Header.Get("Content-Type"), "html") {
		body := &io.LimitedReader{R: resp.Body, N: readAtMost}
		z := html.NewTokenizer(body)
		for len(found) < len(fragments) && z.Next() != html.ErrorToken {
			for more := true; more; {
				var key, value []byte
				key, value, more = z.TagAttr()
				// Some hosts write the ids of foreign texts with a prefix.
				id := strings.TrimPrefix(string(value), "user-content-")
				if (string(key) == "id" || string(key) == "name") && slices.Contains(fragments, id) {
					found[id] = true
				}
			}
		}
		whole = errors.Is(z.Err(), io.EOF) && body.N > 0
	}
	for _, f := range fragments {
		found[f] = found[f] || !whole
	}
	return found
}
