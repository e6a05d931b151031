#!/usr/bin/env bash
# Measures the search against Pagefind's (e2e/bench/search.mjs says how). What
# it makes lies in a temporary folder, or in the one that KEEP names; there, a
# second run finds the unpacked corpus and Pagefind's index again.
set -euo pipefail
cd "$(dirname "$0")/.."
.ci/setup.sh
if [ ! e2e/bench/node_modules/.package-lock.json -nt e2e/bench/package-lock.json ]; then
  echo 'npm ci in e2e/bench/'
  (cd e2e/bench && npm ci --loglevel=error)
fi
if [ -n "${KEEP:-}" ]; then
  mkdir -p "$KEEP"
  work=$(cd "$KEEP" && pwd)
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
timeout -k 10 3600 node e2e/bench/search.mjs "$work"
