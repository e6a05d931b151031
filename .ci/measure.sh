#!/usr/bin/env bash
# Measures the program: “quality” scores the search on judged queries, “search”
# holds it against Pagefind's, “speed” holds building and previewing against
# Hugo and Pagefind; e2e/bench/<name>.mjs says how. What it makes lies in a
# temporary folder, or in the one that KEEP names; there, a second run finds the
# unpacked corpus, Hugo and Pagefind's index again.
set -euo pipefail
cd "$(dirname "$0")/.."

missing() {
  printf 'missing: %s\n' "$*" >&2
  exit 1
}

pagefind() {
  if [ ! e2e/bench/node_modules/.package-lock.json -nt e2e/bench/package-lock.json ]; then
    echo 'npm ci in e2e/bench/'
    (cd e2e/bench && npm ci --loglevel=error)
  fi
}

limit=3600
case "$1" in
quality)
  .ci/setup.sh go
  command -v node >/dev/null || missing 'Node.js 20 or newer'
  ;;
search)
  .ci/setup.sh
  pagefind
  ;;
speed)
  .ci/setup.sh go
  command -v node >/dev/null || missing 'Node.js 20 or newer'
  [ -x /usr/bin/time ] || missing 'GNU time (on Debian: apt-get install time)'
  pagefind
  limit=10800
  ;;
*)
  echo 'usage: .ci/measure.sh quality|search|speed' >&2
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
timeout -k 10 $limit node "e2e/bench/$1.mjs" "$work"
