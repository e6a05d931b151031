#!/usr/bin/env bash
# Measures the search: “quality” scores it on judged queries, “search” holds it
# against Pagefind's; e2e/bench/<name>.mjs says how. What it makes lies in a
# temporary folder, or in the one that KEEP names; there, a second run finds the
# unpacked corpus and Pagefind's index again.
set -euo pipefail
cd "$(dirname "$0")/.."
case "$1" in
quality)
  .ci/setup.sh go
  command -v node >/dev/null || { echo 'missing: Node.js 20 or newer' >&2; exit 1; }
  ;;
search)
  .ci/setup.sh
  if [ ! e2e/bench/node_modules/.package-lock.json -nt e2e/bench/package-lock.json ]; then
    echo 'npm ci in e2e/bench/'
    (cd e2e/bench && npm ci --loglevel=error)
  fi
  ;;
*)
  echo 'usage: .ci/measure.sh quality|search' >&2
  exit 2
  ;;
esac
if [ -n "${KEEP:-}" ]; then
  mkdir -p "$KEEP"
  work=$(cd "$KEEP" && pwd)
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
timeout -k 10 3600 node "e2e/bench/$1.mjs" "$work"
