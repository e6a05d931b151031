#!/usr/bin/env bash
# Scores the search on judged queries (e2e/bench/quality.mjs says how). What it
# makes lies in a temporary folder, or in the one that KEEP names.
set -euo pipefail
cd "$(dirname "$0")/.."
.ci/setup.sh go
command -v node >/dev/null || { echo 'missing: Node.js 20 or newer' >&2; exit 1; }
if [ -n "${KEEP:-}" ]; then
  mkdir -p "$KEEP"
  work=$(cd "$KEEP" && pwd)
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
timeout -k 10 1800 node e2e/bench/quality.mjs "$work"
