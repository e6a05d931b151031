package diag

import (
	"fmt"
	"strings"
)

// GitHub writes a finding as a workflow command, which GitHub shows beside
// the line.
func GitHub(d Diagnostic) string {
	level := [...]string{"notice", "warning", "error"}[d.Severity]
	text := d.Text
	if d.Hint != "" {
		text += " → " + d.Hint
	}
	var props []string
	if d.File != "" {
		props = append(props, "file="+property(d.File))
	}
	if d.Line > 0 {
		props = append(props, fmt.Sprintf("line=%d", d.Line))
	}
	if d.Col > 0 {
		props = append(props, fmt.Sprintf("col=%d", d.Col))
	}
	props = append(props, "title="+property(d.Code))
	return fmt.Sprintf("::%s %s::%s", level, strings.Join(props, ","), command(text))
}

// command escapes a text as workflow commands want it; line ends are kept, other
// control characters are not.
func command(s string) string {
	lines := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' })
	for i, line := range lines {
		lines[i] = printable(line)
	}
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(strings.Join(lines, "\n"))
}

func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(command(s))
}
