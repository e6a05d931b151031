package cache

import (
	"crypto/sha256"
	"debug/elf"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Program tells one program from another: by the build ID that Go's linker puts
// into an ELF file, which follows from all that the program was made of. Where
// there is none, it is the hash of the file. So that this need not be read in
// every build, it is remembered in the file name, with what the file system says
// of it.
func Program(name string) (Key, error) {
	exe, err := os.Executable()
	if err != nil {
		return Key{}, err
	}
	if id := buildID(exe); len(id) > 0 {
		return sha256.Sum256(id), nil
	}
	return fileHash(exe, name)
}

func fileHash(exe, name string) (Key, error) {
	info, err := os.Stat(exe)
	if err != nil {
		return Key{}, err
	}
	seen := program{Identity: identity(info)}
	var known program
	if b, err := os.ReadFile(name); err == nil && json.Unmarshal(b, &known) == nil && known.Identity == seen.Identity {
		return known.Hash, nil
	}
	f, err := os.Open(exe)
	if err != nil {
		return Key{}, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return Key{}, err
	}
	seen.Hash = Key(h.Sum(nil))
	if b, err := json.Marshal(seen); err == nil && os.MkdirAll(filepath.Dir(name), 0o755) == nil {
		_ = os.WriteFile(name, b, 0o644) // it is only for the next time
	}
	return seen.Hash, nil
}

// buildID is nil if the file is no ELF file or was linked without one.
func buildID(exe string) []byte {
	f, err := elf.Open(exe)
	if err != nil {
		return nil
	}
	defer f.Close()
	s := f.Section(".note.go.buildid")
	if s == nil {
		return nil
	}
	note, err := s.Data()
	if err != nil || len(note) < 16 { // three words and the name "Go"
		return nil
	}
	return note[16:]
}

type program struct {
	Identity string `json:"identity"`
	Hash     Key    `json:"hash"`
}

// identity changes whenever a file is replaced or written to.
func identity(info os.FileInfo) string {
	return fmt.Sprintf("%s %d %d %s", info.Name(), info.Size(), info.ModTime().UnixNano(), inode(info))
}
