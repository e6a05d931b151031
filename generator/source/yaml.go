package source

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/ag-vzkm/portal/generator/site"
)

// get is the value of a key of a mapping, nil when it is not there.
func (n node) get(key string) *node {
	for i := range n.pairs {
		if n.pairs[i].key == key {
			return &n.pairs[i].value
		}
	}
	return nil
}

// writeYAML writes a field as the handbook shows it: values in one line,
// records indented by two, items of a list behind a dash.
func writeYAML(b *strings.Builder, f *site.Field, name string, n node, indent string) {
	switch {
	case f.Kind == site.KindRecord:
		fmt.Fprintf(b, "%s%s:\n", indent, name)
		writeFields(b, f.Sub, n, indent+"  ", indent+"  ")
	case f.Kind == site.KindList:
		fmt.Fprintf(b, "%s%s:\n", indent, name)
		for _, it := range n.items {
			writeFields(b, f.Sub, it, indent+"  - ", indent+"    ")
		}
	case f.Kind == site.KindMarkdown && strings.Contains(n.text, "\n"):
		fmt.Fprintf(b, "%s%s: |-\n", indent, name)
		for line := range strings.SplitSeq(strings.TrimSpace(n.text), "\n") {
			b.WriteString(strings.TrimRight(indent+"  "+line, " ") + "\n")
		}
	default:
		fmt.Fprintf(b, "%s%s: %s\n", indent, name, flow(f, n))
	}
}

// writeFields writes the values of a record in the order of its fields; lead
// stands before the first of them.
func writeFields(b *strings.Builder, fields []*site.Field, n node, lead, indent string) {
	for _, f := range fields {
		v := n.get(f.Name)
		if v == nil {
			continue
		}
		var own strings.Builder
		writeYAML(&own, f, f.Name, *v, indent)
		b.WriteString(lead + strings.TrimPrefix(own.String(), indent))
		lead = indent
	}
}

// bare are values that need no quotation marks and cannot be taken for
// something else.
var bare = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_+.-]*( [A-Z]{3})?$|^\d{4}-\d\d-\d\dT\d\d:\d\d$|^https?://[^\s#"\\]+[^\s#"\\:]$`)

func flow(f *site.Field, n node) string {
	var parts []string
	switch n.kind {
	case mapping:
		for _, p := range n.pairs {
			parts = append(parts, p.key+": "+flow(f, p.value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case sequence:
		for _, it := range n.items {
			parts = append(parts, flow(f, it))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	// Within brackets, addresses would need a closer look.
	free := f.Kind != site.KindText && f.Kind != site.KindMarkdown && f.Kind != site.KindImage && f.Kind != site.KindFile && !f.Multiple
	if f.Kind == site.KindTags || f.Kind == site.KindRelation || f.Kind == site.KindEnum || free {
		if bare.MatchString(n.text) {
			return n.text
		}
	}
	return quote(n.text)
}
