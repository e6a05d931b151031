#!/usr/bin/env bash
# Bringt das gebaute Portal in einen S3-Speicher (AWS, Ceph, MinIO und andere).
# Braucht rclone ab 1.60; den Speicher richten Sie mit „rclone config“ ein oder
# mit den Umgebungsvariablen RCLONE_CONFIG_…, siehe README.md.
#
#   portal build --now now --compress
#   docs/betrieb/s3.sh public speicher:mein-eimer
#
# Ein Speicher kann nicht alles auf einmal austauschen. Darum die Reihenfolge:
# erst, was nur neue Seiten nennen (Namen mit Prüfsumme), dann alles andere, dann
# das Verzeichnis der Suche, und gelöscht wird zuletzt. So führt zu jeder Zeit
# alles irgendwohin, auch wenn der Vorgang abbricht; der nächste Aufruf macht weiter.
#
# Der Eimer, oder der Pfad darin, gehört dem Portal allein, denn was nicht zum
# Portal gehört, wird gelöscht. Liegt dort schon anderes, geschieht nichts.
#
# KOMPRIMIERT=1  legt Seiten, Stile, Skripte und SVG komprimiert ab. Nötig, wenn
#                davor kein Dienst komprimiert; wer gzip nicht kann, liest sie
#                dann nicht. Umschalten: einmal mit NEU=1 aufrufen.
# NEU=1          überträgt alles, auch was schon dort liegt (andere Kopfzeilen)
# BEHALTEN=1     löscht nichts
# shellcheck disable=SC1111 # quotes are German here
set -euo pipefail

if [ $# -ne 2 ]; then
  echo "Aufruf: $0 ORDNER SPEICHER:EIMER[/PFAD]" >&2
  exit 2
fi
from=${1%/} to=${2%/}
if [ ! -f "$from/.portal-release" ]; then
  echo "In „$from“ liegt keine Ausgabe von „portal build“." >&2
  exit 2
fi
command -v rclone >/dev/null || { echo 'Es fehlt rclone (Debian: apt-get install rclone).' >&2; exit 2; }

# Ending, media type. As portal serve has them: hosts guess, and often wrongly.
types='html text/html; charset=utf-8
css text/css; charset=utf-8
js text/javascript; charset=utf-8
json application/json; charset=utf-8
atom application/atom+xml; charset=utf-8
xml application/xml; charset=utf-8
txt text/plain; charset=utf-8
csv text/csv; charset=utf-8
ics text/calendar; charset=utf-8
bib application/x-bibtex; charset=utf-8
ris application/x-research-info-systems; charset=utf-8
webmanifest application/manifest+json
svg image/svg+xml
png image/png
jpg image/jpeg
webp image/webp
gif image/gif
woff2 font/woff2
pdf application/pdf
bin application/octet-stream'
packable='html css js svg'

# What is deleted must be ours: the mark is put where there was nothing, and
# nothing is done where it is missing.
mark=.portal-ziel
content=$(rclone lsf "$to" --max-depth 1) || [ $? -eq 3 ] # 3: nothing is there yet
if [ -z "$content" ]; then
  echo 'Dieser Ort gehört dem Portal; docs/betrieb/s3.sh löscht hier, was nicht dazugehört.' |
    rclone rcat "$to/$mark" --s3-no-check-bucket
elif ! grep -qxF "$mark" <<<"$content"; then
  echo "In $to liegt schon etwas, das nicht vom Portal ist. Wählen Sie einen leeren Eimer oder einen eigenen Pfad." >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The tree as it is to lie in the bucket. A bucket cannot choose between a file
# and its compressed forms: there is one of them.
cp -rl "$from" "$work/site" 2>/dev/null || { rm -rf "$work/site" && cp -r "$from" "$work/site"; }
cd "$work/site"
rm -f .portal-release
: >"$work/packed"
if [ -n "${KOMPRIMIERT:-}" ]; then
  for ext in $packable; do
    find . -type f -name "*.$ext.gz" -printf '%P\n' | while IFS= read -r gz; do
      if [ -f "${gz%.gz}" ]; then
        mv -f "$gz" "${gz%.gz}"
        printf '%s\n' "${gz%.gz}" >>"$work/packed"
      fi
    done
  done
fi
# Compressed forms lie beside their file; other archives are content.
find . -type f \( -name '*.br' -o -name '*.gz' \) -printf '%P\n' | while IFS= read -r f; do
  [ ! -f "${f%.*}" ] || rm -f "$f"
done
find . -type f -printf '%P\n' | LC_ALL=C sort >"$work/all"
LC_ALL=C sort -o "$work/packed" "$work/packed"

# Three lists that follow one another.
hashed='^(assets/|media/|search/ui-|search/[^/]+/)'
last='^search/(manifest\.bin|engine\.js)$'
grep -E "$hashed" "$work/all" >"$work/1" || true
grep -Ev "$hashed" "$work/all" | grep -Ev "$last" >"$work/2" || true
grep -E "$last" "$work/all" >"$work/3" || true

again=(--checksum)
[ -z "${NEU:-}" ] || again=(--ignore-times)

# send LIST CACHING TYPE [HEADER]
send() {
  [ -s "$1" ] || return 0
  local more=()
  [ $# -lt 4 ] || more=(--header-upload "$4")
  rclone copy "$work/site" "$to" --files-from-raw "$1" --no-traverse "${again[@]}" --transfers 8 --s3-no-check-bucket \
    --header-upload "Cache-Control: $2" --header-upload "Content-Type: $3" "${more[@]}"
}

# batch LIST CACHING: by media type, and by what is compressed
batch() {
  local ext type rest=$work/rest
  cp "$1" "$rest"
  while read -r ext type; do
    grep "\.$ext\$" "$rest" >"$work/type" || continue
    LC_ALL=C comm -23 "$work/type" "$work/packed" >"$work/plain"
    LC_ALL=C comm -12 "$work/type" "$work/packed" >"$work/gzip"
    send "$work/plain" "$2" "$type"
    send "$work/gzip" "$2" "$type" 'Content-Encoding: gzip'
    grep -v "\.$ext\$" "$rest" >"$rest.new" || true
    mv "$rest.new" "$rest"
  done <<<"$types"
  send "$rest" "$2" application/octet-stream
}

batch "$work/1" 'public, max-age=31536000, immutable'
batch "$work/2" 'no-cache'
batch "$work/3" 'no-cache'

if [ -z "${BEHALTEN:-}" ]; then
  rclone lsf "$to" --files-only --recursive --fast-list | grep -vxF "$mark" | LC_ALL=C sort >"$work/there"
  LC_ALL=C comm -13 "$work/all" "$work/there" >"$work/gone"
  [ ! -s "$work/gone" ] || rclone delete "$to" --fast-list --files-from-raw "$work/gone" --s3-no-check-bucket
fi
echo "Veröffentlicht: $(wc -l <"$work/all") Dateien in $to"
