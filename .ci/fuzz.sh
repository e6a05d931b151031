#!/usr/bin/env bash
# Runs every fuzz test for a while (Go fuzzes one at a time). What it finds
# lies in testdata/fuzz/ of the package afterwards and is a test from then on.
# usage: fuzz.sh TIME
set -uo pipefail
cd "$(dirname "$0")/.."
time=${1:?time, e.g. 10s} found=0 failed=0
for package in $(grep -rlE '^func Fuzz' --include='*_test.go' . | xargs -n 1 dirname | sort -u); do
  for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz'); do
    printf '\n== %s %s ==\n' "$package" "$target"
    found=$((found + 1))
    go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$time" || failed=$((failed + 1))
  done
done
printf '\n%d fuzz tests run, %d failed\n' "$found" "$failed"
[ "$found" -gt 0 ] && [ "$failed" -eq 0 ]
