package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// maxPicture is how large a picture of the documentation may be: it is fetched
// with the handbook, and lies in Git for ever.
const maxPicture = 80_000

// TestDocumentation follows every link and picture of the documentation that
// stays within the repository, and holds the table of contents of a page
// against its sections. A picture that nothing shows is found, too.
func TestDocumentation(t *testing.T) {
	files := []string{"README.md", "CONTRIBUTING.md"}
	for _, pattern := range []string{"docs/*.md", "docs/*/*.md"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	pages := map[string]*docPage{}
	for _, file := range files {
		pages[file] = readDoc(t, file)
	}
	shown := map[string]bool{}
	for _, file := range files {
		for _, l := range pages[file].links {
			fault := ""
			if l.picture {
				shown[path.Join(path.Dir(file), l.to)] = true
				fault = pictureFault(path.Join(path.Dir(file), l.to), l.text)
			} else {
				fault = linkFault(pages, file, l.to)
			}
			if fault != "" {
				t.Errorf("%s: [%s](%s): %s", file, l.text, l.to, fault)
			}
		}
		for _, missing := range pages[file].notListed() {
			t.Errorf("%s: the table of contents lacks „%s“", file, missing)
		}
	}
	pictures, err := filepath.Glob("docs/bilder/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pictures {
		if !shown[filepath.ToSlash(p)] {
			t.Errorf("%s: nothing shows it", p)
		}
	}
	if len(shown) == 0 || len(pages) < 7 {
		t.Errorf("only %d pages and %d pictures were found", len(pages), len(shown))
	}
}

type docLink struct {
	text, to string
	picture  bool
}

type docPage struct {
	links   []docLink
	anchors map[string]bool
	chapter []string // anchors of the sections of the second level
	listed  []string // anchors that the table of contents names, if there is one
}

func readDoc(t *testing.T, file string) *docPage {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := &docPage{anchors: map[string]bool{}}
	root := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	err = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			anchor := p.anchor(plainText(n, source))
			if n.Level == 2 {
				p.chapter = append(p.chapter, anchor)
			}
		case *ast.Link:
			to := string(n.Destination)
			p.links = append(p.links, docLink{plainText(n, source), to, false})
			_, item := n.Parent().Parent().(*ast.ListItem)
			if anchor, own := strings.CutPrefix(to, "#"); own && item && len(p.chapter) == 0 {
				p.listed = append(p.listed, anchor)
			}
		case *ast.Image:
			p.links = append(p.links, docLink{plainText(n, source), string(n.Destination), true})
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// anchor is the fragment that GitHub and GitLab give a heading.
func (p *docPage) anchor(heading string) string {
	slug := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
	anchor := slug
	for n := 1; p.anchors[anchor]; n++ {
		anchor = fmt.Sprintf("%s-%d", slug, n)
	}
	p.anchors[anchor] = true
	return anchor
}

// notListed are the sections that a table of contents forgets. What comes
// before the table is none of its business.
func (p *docPage) notListed() []string {
	if len(p.listed) < 3 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.chapter), func(a string) bool { return slices.Contains(p.listed, a) })
}

func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if s, ok := n.(*ast.Text); ok && entering {
			b.Write(s.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

func linkFault(pages map[string]*docPage, file, to string) string {
	if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
		return ""
	}
	name, anchor, _ := strings.Cut(to, "#")
	target := file
	if name != "" {
		target = path.Join(path.Dir(file), name)
	}
	if _, err := os.Stat(target); err != nil {
		return "there is no such file"
	}
	if p := pages[target]; p != nil && anchor != "" && !p.anchors[anchor] {
		return "there is no such section"
	}
	return ""
}

func pictureFault(file, alt string) string {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return "there is no such picture"
	case info.Size() > maxPicture:
		return fmt.Sprintf("the picture has %d bytes, at most %d are wanted", info.Size(), maxPicture)
	case len([]rune(alt)) < 15:
		return "the alternative text does not say what there is to see"
	}
	return ""
}
