#!/usr/bin/env bash
# What is quick to check in every Go file: the format, and go vet.
set -euo pipefail
cd "$(dirname "$0")/.."
unformatted=$(git ls-files --cached --others --exclude-standard '*.go' | grep -v /testdata/ | xargs -r ls -d 2>/dev/null | xargs -r gofmt -l)
if [ -n "$unformatted" ]; then
  printf 'not formatted (gofmt -w repairs it):\n%s\n' "$unformatted"
  exit 1
fi
go vet ./...
