#!/usr/bin/env bash
# The exported symbols are the promised ones; and scripts/check-symbols finds each way in which they could not be.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: B, the build folder with libwarden.so.
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${B:=$PWD/build}" "${CC:=cc}"

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# is NAME WANTED_EXIT_CODE WANTED_LINE: checks the library in $work/lib against the sources in $work/src.
is() {
	local code
	scripts/check-symbols "$work/lib.so" "$work/src" >"$work/report" 2>&1
	code=$?
	if [ "$code" -eq "$2" ] && grep -Fq -- "$3" "$work/report"; then
		echo "ok - $1"
	else
		echo "not ok - $1: exit code $code, report:"
		sed 's/^/# /' "$work/report"
	fi
}

# A stand-in library with the functions named, under the map of $work/src.
build() {
	local name
	for name; do echo "void $name(void); void $name(void) {}"; done >"$work/lib.c"
	# shellcheck disable=SC2086 # CC may be a command with arguments
	$CC -shared -fPIC -o "$work/lib.so" "$work/lib.c" -Wl,--version-script="$work/src/libwarden.map" ||
		echo "not ok - the stand-in library cannot be built"
}

fresh() {
	rm -rf "$work/src"
	mkdir "$work/src"
	cp src/warden/libwarden.map src/warden/libwarden.released "$work/src/"
}

mapfile -t all < <(sed -n 's/^\t\(warden_[a-z_]*\);$/\1/p' src/warden/libwarden.map)
mapfile -t but_check < <(printf '%s\n' "${all[@]}" | grep -vx warden_check)

fresh
cp -L "$B/libwarden.so" "$work/lib.so"
is "libwarden.so exports what is promised" 0 "as promised"

build "${all[@]}"
is "a stand-in with every symbol passes" 0 "as promised"

build "${but_check[@]}"
is "a function that was not written is found" 1 "warden_check@LIBWARDEN_1.0: is in libwarden.map"

sed -i '/\twarden_check;/d' "$work/src/libwarden.map"
build "${but_check[@]}"
is "a released symbol deleted from code and map is found" 1 "warden_check@LIBWARDEN_1.0: was released"
if grep -q 'libwarden.map' "$work/report"; then
	echo "not ok - only the frozen list can tell a deletion, but the map did"
else
	echo "ok - the map alone would not have told"
fi

fresh
sed -i '/\twarden_check;/d' "$work/src/libwarden.map"
printf 'LIBWARDEN_1.1 {\nglobal:\n\twarden_check;\n} LIBWARDEN_1.0;\n' >>"$work/src/libwarden.map"
build "${all[@]}"
is "a released symbol moved to another node is found" 1 "warden_check@LIBWARDEN_1.0: was released"

fresh
sed -i 's/^global:/global:\n\twarden_new;/' "$work/src/libwarden.map"
build "${all[@]}" warden_new
is "a new symbol in a released node is found" 1 "warden_new@LIBWARDEN_1.0: is new in a released node"

fresh
printf 'LIBWARDEN_1.1 {\nglobal:\n\twarden_new;\n} LIBWARDEN_1.0;\n' >>"$work/src/libwarden.map"
build "${all[@]}" warden_new
is "a new symbol in a new node passes" 0 "as promised"

fresh
sed -i 's/^local:/\twarden_leak*;\nlocal:/' "$work/src/libwarden.map"
build "${all[@]}" warden_leaked
is "an export that the map does not name is found" 1 "warden_leaked@LIBWARDEN_1.0: is exported, and not in"

rm "$work/lib.so"
is "a library that is not there cannot be judged" 2 "cannot read"
