//go:build unix

package cache

import (
	"fmt"
	"os"
	"syscall"
)

// inode is the file's number and the device it is on.
func inode(info os.FileInfo) string {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return fmt.Sprint(s.Dev, " ", s.Ino)
	}
	return ""
}
