#!/usr/bin/env bash
# Bringt das gebaute Portal auf einen Webserver, der es nur ausliefert.
#
#   portal build --now now --compress
#   docs/betrieb/rsync.sh public deploy@www.example.org:/srv/portal
#
# Auf dem Server entsteht /srv/portal/stand/PRÜFSUMME, und wenn dort alles
# angekommen und nachgerechnet ist, zeigt der Verweis /srv/portal/public darauf.
# Umgeschaltet wird in einem Augenblick; reißt die Verbindung vorher ab, bleibt
# alles, wie es war, und der nächste Aufruf macht dort weiter. Was sich nicht
# geändert hat, wird nicht übertragen und liegt nur einmal auf der Platte.
# Ohne „rechner:“ ist das Ziel ein Ordner auf diesem Rechner.
#
# BEHALTEN=5    so viele Stände bleiben liegen (der gezeigte zählt mit)
# SSH=ssh       Befehl für die Verbindung, etwa SSH="ssh -i schluessel -p 2222"
#
# Zurück zum vorigen Stand, auf dem Server (ls -t /srv/portal/stand nennt alle):
#   ln -sfn stand/PRÜFSUMME /srv/portal/neu && mv -T /srv/portal/neu /srv/portal/public
# shellcheck disable=SC1111 # quotes are German here
set -euo pipefail

if [ $# -ne 2 ]; then
  echo "Aufruf: $0 ORDNER [konto@rechner:]ZIELORDNER" >&2
  exit 2
fi
from=${1%/} to=${2%/}
keep=${BEHALTEN:-5}
ssh=${SSH:-ssh}
marker=$from/.portal-release
if [ ! -f "$marker" ]; then
  echo "In „$from“ liegt keine Ausgabe von „portal build“." >&2
  exit 2
fi

# A release is named by what is in it: to publish it again changes nothing.
name=$(sha256sum "$marker" | cut -c 1-16)

if [[ $to == *:* ]]; then
  host=${to%%:*} dir=${to#*:}
else
  host='' dir=$to
fi

# Runs a script from standard input where the files go, with arguments.
there() {
  if [ -z "$host" ]; then
    bash -s -- "$@"
  else
    # shellcheck disable=SC2086 # the command for the connection is several words
    $ssh "$host" "bash -s -- $(printf '%q ' "$@")"
  fi
}

# Says under which name it goes on, whether it is there already, and whether
# there is anything to link with. What has been damaged since is not repaired in
# place, for readers may be in it.
answer=$(there "$dir" "$name" <<'REMOTE'
set -eu
mkdir -p "$1/stand"
cd "$1"
if [ -e public ] && [ ! -L public ]; then
  echo "„$1/public“ ist ein Ordner und kein Verweis. Benennen Sie ihn um; hier wird nichts überschrieben." >&2
  exit 1
fi
name=$2 n=2 there=no
while [ -e "stand/$name" ]; do
  if (cd "stand/$name" && sha256sum --status --strict --check .portal-release); then
    there=yes
    break
  fi
  name=$2-$n n=$((n + 1))
done
if [ -e public/.portal-release ]; then before=yes; else before=no; fi
echo "$name $there $before"
REMOTE
)
read -r name there before <<<"$answer"

# Times are not sent: a file that is linked keeps its own, one that has changed
# gets a new one, and the server's ETag with it.
if [ "$there" = no ]; then
  options=(--recursive --checksum --delete '--chmod=D755,F644')
  [ "$before" = no ] || options+=(--link-dest=../../public/)
  [ -z "$host" ] || options+=(--rsh "$ssh")
  rsync "${options[@]}" "$from/" "$to/stand/.$name/"
fi

there "$dir" "$name" "$keep" "$there" <<'REMOTE'
set -eu
cd "$1"
if [ "$4" = no ]; then
  (cd "stand/.$2" && sha256sum --quiet --strict --check .portal-release)
  mv -T "stand/.$2" "stand/$2"
fi
ln -sfn "stand/$2" .public.neu
mv -fT .public.neu public
touch "stand/$2"
# What was shown last stays longest. What begins with a dot has not arrived
# wholly; after a day nobody comes back to it.
ls -1t stand | tail -n "+$(($3 + 1))" | while IFS= read -r old; do
  [ "stand/$old" = "$(readlink public)" ] || rm -rf "stand/$old"
done
find stand -mindepth 1 -maxdepth 1 -name '.*' -mtime +0 -exec rm -rf {} +
REMOTE

echo "Veröffentlicht: $to/public → stand/$name"
