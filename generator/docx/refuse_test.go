package docx

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ag-vzkm/portal/generator/docx/docxtest"
)

func pack(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		must(t, err)
		_, err = w.Write([]byte(text))
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

// TestRefusals: files that are no Word documents, or too much, are refused
// before any other program sees them.
func TestRefusals(t *testing.T) {
	t.Parallel()
	good, err := docxtest.Make("Title: T\nP: Text")
	must(t, err)
	broken := bytes.Clone(good)
	for i := 200; i < 400; i++ {
		broken[i] ^= 0x55
	}
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":      {nil, "Die Datei ist leer"},
		"doc":        {[]byte(ole), "im alten Format .doc"},
		"encrypted":  {[]byte(ole + string(utf16("EncryptedPackage"))), "mit einem Kennwort verschlüsselt"},
		"pdf":        {[]byte("%PDF-1.7"), "Das ist eine PDF-Datei"},
		"rtf":        {[]byte(`{\rtf1 x}`), "Das ist eine RTF-Datei"},
		"text":       {[]byte("Nur Text"), "keine Word-Datei"},
		"cut off":    {good[:len(good)/2], "Die Datei ist beschädigt"},
		"broken":     {broken, "Die Datei ist beschädigt"},
		"zip":        {pack(t, map[string]string{"a.txt": "a"}), "keine Word-Datei"},
		"excel":      {pack(t, map[string]string{"xl/workbook.xml": "<x/>"}), "Das ist eine Excel-Datei"},
		"powerpoint": {pack(t, map[string]string{"ppt/presentation.xml": "<x/>"}), "Das ist eine PowerPoint-Datei"},
		"no xml":     {pack(t, map[string]string{"word/document.xml": "<w:document><w:body>"}), "pandoc"},
		"bad xml":    {pack(t, map[string]string{"word/document.xml": "<w:document <"}), "Die Datei ist beschädigt"},
		"entities":   {pack(t, map[string]string{"word/document.xml": `<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>`}), "Die Datei ist beschädigt"},
		"deep":       {pack(t, map[string]string{"word/document.xml": strings.Repeat("<a>", 600)}), "Die Datei ist beschädigt"},
		"bomb":       {pack(t, map[string]string{"word/document.xml": "<x>" + strings.Repeat(" ", maxText) + "</x>"}), "ungewöhnlich groß"},
	} {
		if name == "no xml" {
			needPandoc(t)
		}
		_, err := Read(context.Background(), c.data, Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPandocAtFault: a pandoc that is missing, old, slow or broken is told from
// the others.
func TestPandocAtFault(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("the programs of this test are shell scripts")
	}
	file, err := docxtest.Make("P: Text")
	must(t, err)
	for name, c := range map[string]struct{ script, want string }{
		"old":    {"echo 'Unknown option --sandbox.' >&2; exit 6", "zu alt"},
		"slow":   {"exec sleep 30", "nicht fertig"},
		"broken": {"echo 'pandoc: kaputt' >&2; exit 1", "(pandoc: kaputt)"},
		"silent": {"exit 0", "nicht zu verstehen"},
		"wrong":  {`echo '{"blocks":[{"t":"Para","c":7}]}'`, "nicht zu verstehen"},
	} {
		program := filepath.Join(t.TempDir(), "pandoc")
		must(t, os.WriteFile(program, []byte("#!"+sh+"\ncat >/dev/null\n"+c.script+"\n"), 0o755))
		o := Options{Pandoc: program}
		if name == "slow" {
			o.Timeout = 100 * time.Millisecond
		}
		_, err := Read(context.Background(), file, o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(context.Background(), file, Options{Pandoc: "gibt-es-nicht"}); !errors.Is(err, ErrNoPandoc) {
		t.Error(err)
	}
}

// TestOpenDocument: what LibreOffice writes is read, too.
func TestOpenDocument(t *testing.T) {
	needPandoc(t)
	cmd := exec.Command("pandoc", "--from=markdown", "--to=odt", "--output=-")
	cmd.Stdin = strings.NewReader("# Eins\n\nText mit **Fett**.[^1]\n\n- a\n- b\n\n[^1]: Fuß.\n")
	data, err := cmd.Output()
	must(t, err)
	d, err := Read(context.Background(), data, Options{})
	must(t, err)
	got, _ := d.Write("x")
	if want := "Text mit **Fett**.[^1]\n\n- a\n- b\n\n[^1]: Fuß.\n"; got != want || d.Title != "Eins" {
		t.Errorf("%s: %s", d.Title, got)
	}
}
