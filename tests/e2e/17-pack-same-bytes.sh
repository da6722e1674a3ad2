#!/usr/bin/env bash
# Same input, same bytes: packages made by another user, in another place, with everything around them different.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: PIN=write to write tests/pinned/pack-library.sha256 anew. Needs no root.
# shellcheck disable=SC2016  # "$0" "$@" are for the inner shell
. "$(dirname "$0")/lib.sh"
cp "$ABIDE" "$WORK/abide"
ABIDE=$WORK/abide
first=$WORK/first
mkdir -p "$first"

# A library of fixed bytes, and more than the compressor takes in one piece.
inputs() { # FOLDER NAME...: made in this order, which is that of a simple file system's folders
	local folder=$1 name
	shift
	mkdir -p "$folder/data/d" "$folder/include"
	for name; do
		case $name in
		lib) cp "$SRC/tests/fuzz/corpus/fuzz_facts/dwarf5.so" "$folder/libx.so.1.2.3" ;;
		header) echo 'int x(void);' >"$folder/include/x.h" ;;
		pc) printf 'Name: x\nDescription: x\nVersion: @VERSION@\nLibs: -L@LIBDIR@ -lx\n' >"$folder/x.pc.in" ;;
		large) yes 'a line that is repeated' | head -c 30M >"$folder/data/d/large" ;;
		link) ln -s d/large "$folder/data/link" ;;
		script) printf '#!/bin/sh -e\nexit 0\n' >"$folder/script" ;;
		*) echo "$name" >"$folder/data/$name" ;;
		esac
	done
	chmod -R a+rX "$folder"
	cat >"$folder/abide.yaml" <<-'X'
		name: libx
		version: 1.2.3
		epoch: "2"
		release: 4~rc1
		maintainer: A Person <person@example.org>
		license: MIT
		homepage: https://example.org/x
		mtime: 2024-01-31T12:00:00Z
		description: |-
		  library x
		  Tschüß.
		depends: [adduser]
		contents:
		  - {src: data, dst: /usr/share/x, type: tree, unversioned: true}
		  - {src: data/a, dst: /etc/x.conf, type: config, unversioned: true}
		scripts: {postinstall: script}
		overrides: {rpm: {depends: []}}
		library:
		  file: libx.so.1.2.3
		  headers: [include]
		  pkgconfig: x.pc.in
		  layout: LAYOUT
	X
	sed 's/LAYOUT/vendor/' "$folder/abide.yaml" >"$folder/vendor.yaml"
	sed 's/LAYOUT/system/; s/^name: libx/name: libx-system/' "$folder/abide.yaml" >"$folder/system.yaml"
}

pack() { # FOLDER TARGET COMMAND...: both layouts, by way of COMMAND
	local folder=$1 target=$2 layout
	shift 2
	for layout in vendor system; do
		mkdir -p "$target/$layout"
		chmod 777 "$target/$layout"
		quietly env -C "$folder" "$@" "$ABIDE" pack -f $layout.yaml -t "$target/$layout"
	done
}

same() { # DESC COMMAND...: packed once more by way of COMMAND, from FOLDER
	local desc=$1 again
	shift
	again=$(mktemp -d "$WORK/again.XXXXXX")
	chmod 755 "$again"
	pack "$FOLDER" "$again" "$@"
	check "$desc" diff -r "$first/out" "$again"
	rm -rf "$again"
}

umask 022
inputs "$first" lib header pc large link script a b c
pack "$first" "$first/out" env
is "twelve packages" "$(find "$first/out" -type f | wc -l)" 12

FOLDER=$first
if [ "$(id -u)" = 0 ]; then
	another=(setpriv --reuid 65534 --regid 65534 --clear-groups)
else
	another=(unshare --user --map-user=1234 --map-group=1234)
fi
same "another user" "${another[@]}"
same "umask 077" sh -c 'umask 077; exec "$0" "$@"'
same "another locale, time zone and home" LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8 TZ=Asia/Tokyo HOME=/nonexistent USER=other LOGNAME=other
same "one processor" taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')"
same "a clock that is wrong by years" faketime '2035-06-07 08:09:10'
if unshare --uts true 2>/dev/null; then
	same "a machine of another name" unshare --uts sh -c 'hostname elsewhere; exec "$0" "$@"'
else
	ok "a machine of another name # SKIP needs leave to make namespaces"
fi

# tmpfs lists what was made last first
elsewhere=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo "$WORK")/same.XXXXXX") || exit 1
trap 'rc=$?; rm -rf -- "$elsewhere"; (exit $rc); finish' EXIT
FOLDER=$elsewhere/another/place
inputs "$FOLDER" c b a script link large pc header lib
find "$FOLDER" -exec touch -h -d 2001-02-03 {} +
chmod -R go+rX "$elsewhere"
same "another folder on another file system, whose files are listed in another order, and older" env
same "all of it at once" "${another[@]}" sh -c 'umask 027; exec "$0" "$@"' faketime '2001-01-01' env LC_ALL=C TZ=America/St_Johns

# ---- pinned: these bytes, for compressors of these versions ----
digests() {
	# shellcheck disable=SC2016  # dpkg-query's own ${}
	dpkg-query -W -f '# ${Package} ${source:Upstream-Version}\n' liblzma5 zlib1g libzstd1 2>/dev/null
	(cd "$first/out" && sha256sum -- */*)
}
digests >"$WORK/digests"
pinned=$SRC/tests/pinned/pack-library.sha256
if [ "${PIN:-}" = write ]; then cp "$WORK/digests" "$pinned"; fi
if diff <(grep '^#' "$WORK/digests") <(grep '^#' "$pinned") >"$OUT"; then
	check "the bytes are the pinned ones" diff "$pinned" "$WORK/digests"
else
	ok "the bytes are the pinned ones # SKIP other compressors: $(grep '^#' "$WORK/digests" | paste -sd' ')"
fi
