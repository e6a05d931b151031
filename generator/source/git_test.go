package source_test

import (
	"os"
	"os/exec"
	"testing"
)

// git runs in a repository of the test's own, at a given day.
func git(t *testing.T, dir, day string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	at := day + "T12:00:00+00:00"
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_DATE="+at, "GIT_COMMITTER_DATE="+at, "GIT_CONFIG_GLOBAL=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@probe.example", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@probe.example")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}
