#!/usr/bin/env bash
# Makes ready what the tests need: Go, Node, a Chromium, a Java runtime, the
# packages of e2e/. On Debian it installs what it can; otherwise it says what
# is missing. Without arguments it does everything, with “go” only Go.
set -euo pipefail
cd "$(dirname "$0")/.."

missing() {
  printf 'missing: %s\n' "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# install PACKAGE REASON
install() {
  local sudo=()
  has apt-get || missing "$2. Install it with this system's package manager."
  if [ "$(id -u)" -ne 0 ]; then
    has sudo && sudo -n true 2>/dev/null || missing "$2. Install it with: sudo apt-get install $1"
    sudo=(sudo -n)
  fi
  printf 'installing %s (%s)\n' "$1" "$2"
  "${sudo[@]}" apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$1" >/dev/null ||
    missing "$2; apt-get could not install $1"
}

go version >/dev/null 2>&1 || missing "Go $(awk '$1 == "go" { print $2 }' go.mod) or newer"
[ "${1:-}" = go ] && exit 0

node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$node_major" -ge 20 ] || missing 'Node.js 20 or newer'
has npm || missing 'npm (on Debian: apt-get install npm)'
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || install chromium 'Chromium for the browser tests; or set CHROMIUM to one'
has java || install default-jre-headless 'a Java runtime for the Nu Html Checker'

# npm writes this file last; it is older than the lock when a package changed.
if [ ! e2e/node_modules/.package-lock.json -nt e2e/package-lock.json ]; then
  echo 'npm ci in e2e/'
  (cd e2e && npm ci --loglevel=error) || missing 'the packages of e2e/package-lock.json'
fi
