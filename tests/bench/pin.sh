#!/usr/bin/env bash
# Measures abide pin on a generated fleet: CUSTOMERS (200) x PROGRAMS (60) x VERSIONS (40) in both families, from cold, from what is kept,
# and after one package more.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: ABIDE, the program; CORPUS, a folder to keep the fleet, its repository and key in (default: thrown away).
set -euo pipefail
: "${ABIDE:?}" "${CUSTOMERS:=200}" "${PROGRAMS:=60}" "${VERSIONS:=40}"
export LC_ALL=C.UTF-8 TZ=UTC
here=$(realpath "$(dirname "$0")")

work=$(mktemp -d)
corpus=${CORPUS:-$work/corpus}
export GNUPGHOME=$corpus/gnupg XDG_CACHE_HOME=$work/cache
cleanup() {
	gpgconf --kill all 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

many() { # FOLDER NAME FIRST LAST [OPTION...]: pack these manifests
	local folder=$1 name=$2 i args=()
	for ((i = $3; i <= $4; i++)); do args+=(-f "$name-$i.yaml"); done
	shift 4
	mkdir -p "$folder"
	"$ABIDE" pack "${args[@]}" -t "$folder" --sign bench@example.org "$@" >/dev/null
}

make_fleet() {
	mkdir -p "$corpus"
	mkdir -m 700 "$GNUPGHOME"
	gpg -q --batch --passphrase '' --quick-gen-key 'Bench <bench@example.org>' rsa2048 sign never 2>/dev/null
	"$here/../e2e/generated_fleet.py" "$corpus" "$PROGRAMS" "$VERSIONS" "$CUSTOMERS"
	cd "$corpus"
	many libs lib 0 $((VERSIONS - 1))
	many more lib "$VERSIONS" "$VERSIONS"
	many apps app 1 $((PROGRAMS - 1)) -b none
	many app app 0 0 -b none
	"$ABIDE" publish init repo --key bench@example.org --origin bench >/dev/null
	"$ABIDE" publish add repo libs/* >/dev/null
	"$ABIDE" publish add repo --waivers waivers.yaml apps/* >/dev/null
	cp -a repo without
	"$ABIDE" publish add repo --waivers waivers.yaml app/* >/dev/null
	cp -a repo published
}

if [ ! -d "$corpus/published" ]; then
	echo "making $VERSIONS versions of a library, $PROGRAMS programs and $CUSTOMERS customers ..." >&2
	make_fleet
fi
cd "$corpus"

# measure NAME COMMAND...: the least wall time of three runs, its CPU time and memory. reset runs before each.
measure() {
	local name=$1 run best="" line
	shift
	for run in 1 2 3; do
		reset
		/usr/bin/time -f '%e %U %S %M' -o "$work/time" "$@" >"$work/out.$run" 2>"$work/err" || {
			cat "$work/err" >&2
			return 1
		}
		line=$(awk '{printf "%.2f %.2f %d", $1, $2 + $3, $4 / 1000}' "$work/time")
		if [ -z "$best" ] || awk -v a="${line%% *}" -v b="${best%% *}" 'BEGIN {exit !(a < b)}'; then best=$line; fi
	done
	# shellcheck disable=SC2086 # three words
	printf '%-58s %6s s wall  %6s s CPU  %4d MB\n' "$name" $best
}

suite() { # FOLDER: what is published
	rm -rf repo
	cp -a "$1" repo
}
kept() { # the answers of a run before the last publication
	rm -rf "$XDG_CACHE_HOME"
	cp -a "$work/kept" "$XDG_CACHE_HOME"
}
matrix=("$ABIDE" pin matrix --html "$work/page.html")

suite published
reset() { rm -rf "$XDG_CACHE_HOME"; }
measure "matrix and page of all, from cold" "${matrix[@]}"
cp -a "$XDG_CACHE_HOME" "$work/kept"
reset() { kept; }
measure "again, from what is kept" "${matrix[@]}"
if "$ABIDE" pin check --help >/dev/null 2>&1; then
	reset() { rm -rf "$XDG_CACHE_HOME"; }
	measure "check of all customers, from cold" sh -c '"$@" || [ $? = 4 ]' sh "$ABIDE" pin check
fi
"$ABIDE" publish add repo --waivers waivers.yaml more/* >/dev/null
reset() { kept; }
measure "one version of the library more, in both families" "${matrix[@]}"
suite without
rm -rf "$XDG_CACHE_HOME" "$work/kept"
"${matrix[@]}" >/dev/null
cp -a "$XDG_CACHE_HOME" "$work/kept"
suite published
measure "one program more, in both families" "${matrix[@]}"
printf '%-58s %6d KB\n' "the page" $(($(stat -c %s "$work/page.html") / 1000))
printf '%-58s %6d KB\n' "what is kept" $(($(du -bs "$work/kept" | cut -f1) / 1000))
