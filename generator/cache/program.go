package cache

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Program is the hash of the running program. So that it need not be read in
// every build, its hash is remembered in the file name, with what the file
// system says of it.
func Program(name string) (Key, error) {
	exe, err := os.Executable()
	if err != nil {
		return Key{}, err
	}
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

type program struct {
	Identity string `json:"identity"`
	Hash     Key    `json:"hash"`
}

// identity changes whenever a file is replaced or written to.
func identity(info os.FileInfo) string {
	return fmt.Sprintf("%s %d %d %s", info.Name(), info.Size(), info.ModTime().UnixNano(), inode(info))
}
