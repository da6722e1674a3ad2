#!/usr/bin/env bash
# judge's properties, in C++: a library of classes is the SAME under every flag of one compiler, and so is its snapshot.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The library is cxx_library/. Needs no root.
set -u
here=$(realpath "$(dirname "$0")")
B=$(realpath -m "${B:-$here/../../build}")
: "${ABIDE:=$B/abide}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
count=0 failed=0

# build NAME COMPILER FLAGS... [-- SOURCES...]: $work/NAME.so, made meanwhile; what the compiler says is in $work/NAME.log
build() {
	local name=$1 flags=() sources=(shapes.cc rest.cc)
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do flags+=("$1") && shift; done
	[ $# -gt 1 ] && shift && sources=("$@")
	(cd "$here/cxx_library" && "${flags[@]}" -std=c++20 -w -fPIC -shared -Wl,-soname,libfigures.so.1 \
	       -Wl,--version-script=figures.map -o "$work/$name.so" "${sources[@]}" >"$work/$name.log" 2>&1) &
}

# tap NAME STATUS: one line, and what was said when it failed
tap() {
	count=$((count + 1))
	if [ "$2" = 0 ]; then
		echo "ok - $1"
	else
		echo "not ok - $1" && sed 's/^/#   /' "$work/told" && failed=$((failed + 1))
	fi
}

# same TITLE OLDER NEWER: the verdict is SAME
same() {
	cat "$work/$2.log" "$work/$3.log" >"$work/told"
	"$ABIDE" judge "$work/$2.so" "$work/$3.so" >>"$work/told" 2>&1 && grep -q '^SAME' "$work/told"
	tap "$1" $?
}

# round NAME: the snapshot of $work/NAME.so, read back, is the same
round() {
	"$ABIDE" inspect --snapshot "$work/$1.so" >"$work/$1.abi" 2>"$work/told" &&
		"$ABIDE" inspect --snapshot "$work/$1.abi" >"$work/$1.again" 2>"$work/told" &&
		cmp "$work/$1.abi" "$work/$1.again" >"$work/told" 2>&1
	tap "$1: the snapshot read back" $?
}

build gcc g++ -g -O1
build gcc-O0 g++ -g -O0 -gdwarf-4
build gcc-O2 g++ -g -O2 -- rest.cc shapes.cc
build gcc-lto g++ -g -O2 -flto
build gcc-units5 g++ -g -O1 -fdebug-types-section
build gcc-units4 g++ -g -O1 -gdwarf-4 -fdebug-types-section
if command -v clang++ >/dev/null; then
	build clang clang++ -g -O0
	build clang-O2 clang++ -g -O2 -gdwarf-4
	build clang-units clang++ -g -O1 -fdebug-types-section -- rest.cc shapes.cc
fi
wait
round gcc
same 'g++ -O0, DWARF 4' gcc gcc-O0
same 'g++ -O2, files in another order' gcc gcc-O2
same 'g++ -O2 -flto' gcc gcc-lto
same 'g++ type units, DWARF 5' gcc gcc-units5
same 'g++ type units, DWARF 4' gcc gcc-units4
if command -v clang++ >/dev/null; then
	round clang
	same 'clang++ -O2, DWARF 4' clang clang-O2
	same 'clang++ type units, files in another order' clang clang-units
fi
size=$(wc -c <"$work/gcc.abi")
[ "$size" -lt 65536 ]
tap "the snapshot is small though std::string and std::vector are in it ($size bytes)" $?
echo "1..$count"
[ "$failed" = 0 ]
