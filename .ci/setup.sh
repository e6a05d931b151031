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

# install REASON PACKAGE…
install() {
  local sudo=() reason=$1
  shift
  has apt-get || missing "$reason. Install it with this system's package manager."
  if [ "$(id -u)" -ne 0 ]; then
    has sudo && sudo -n true 2>/dev/null || missing "$reason. Install it with: sudo apt-get install $*"
    sudo=(sudo -n)
  fi
  printf 'installing %s (%s)\n' "$*" "$reason"
  "${sudo[@]}" apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    missing "$reason; apt-get could not install $*"
}

go version >/dev/null 2>&1 || missing "Go $(awk '$1 == "go" { print $2 }' go.mod) or newer"
[ "${1:-}" = go ] && exit 0

node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$node_major" -ge 20 ] || missing 'Node.js 20 or newer'
has npm || missing 'npm (on Debian: apt-get install npm)'
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || install 'Chromium for the browser tests (or set CHROMIUM to one)' chromium fonts-liberation
has java || install 'a Java runtime for the Nu Html Checker' default-jre-headless

# Programs that read what the portal writes, or that it calls. They are
# installed together: apt-get is slow to begin.
packages=()
wants() { has "$1" || packages+=("${@:2}"); } # PROGRAM PACKAGE…
wants pandoc pandoc
wants hunspell hunspell
[ -f /usr/share/hunspell/de_DE.dic ] || packages+=(hunspell-de-de)
[ -f /usr/share/hunspell/en_GB.dic ] || packages+=(hunspell-en-gb)
wants nginx nginx-light
[ -f /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ] || packages+=(libnginx-mod-http-brotli-static)
wants caddy caddy
wants systemd-analyze systemd
wants shellcheck shellcheck
wants rsync rsync
wants rclone rclone
wants openssl openssl
wants pngquant pngquant
[ ${#packages[@]} -eq 0 ] || install 'programs that tests run' "${packages[@]}"

# npm writes this file last; it is older than the lock when a package changed.
if [ ! e2e/node_modules/.package-lock.json -nt e2e/package-lock.json ]; then
  echo 'npm ci in e2e/'
  (cd e2e && npm ci --loglevel=error) || missing 'the packages of e2e/package-lock.json'
fi
