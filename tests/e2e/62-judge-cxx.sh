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

# build NAME COMPILER FLAGS... [-- SOURCES...]: $work/NAME.so
build() {
	local name=$1 flags=() sources=(shapes.cc rest.cc)
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do flags+=("$1") && shift; done
	[ $# -gt 1 ] && shift && sources=("$@")
	(cd "$here/cxx_library" && "${flags[@]}" -std=c++20 -w -fPIC -shared -Wl,-soname,libfigures.so.1 \
	       -Wl,--version-script=figures.map -o "$work/$name.so" "${sources[@]}")
}

# tap NAME STATUS: one line, and what the command said when it failed
tap() {
	count=$((count + 1))
	if [ "$2" = 0 ]; then
		echo "ok - $1"
	else
		echo "not ok - $1" && sed 's/^/#   /' "$work/told" && failed=$((failed + 1))
	fi
}

# same NAME BASE COMPILER FLAGS... [-- SOURCES...]: built so, it is the SAME as $work/BASE.so
same() {
	local name=$1 base=$2
	shift 2
	build other "$@" >"$work/told" 2>&1 && "$ABIDE" judge "$work/$base.so" "$work/other.so" >"$work/told" 2>&1 &&
		grep -q '^SAME' "$work/told" && ! grep -q 'private: \|no longer' <(grep -v 'inline: callers' "$work/told")
	tap "$name" $?
}

# round NAME: the snapshot of $work/NAME.so, read back, is the same
round() {
	"$ABIDE" inspect --snapshot "$work/$1.so" >"$work/$1.abi" 2>"$work/told" &&
		"$ABIDE" inspect --snapshot "$work/$1.abi" >"$work/$1.again" 2>"$work/told" &&
		cmp "$work/$1.abi" "$work/$1.again" >"$work/told" 2>&1
	tap "$1: the snapshot read back" $?
}

build gcc g++ -g -O1
round gcc
same 'g++ -O0, DWARF 4' gcc g++ -g -O0 -gdwarf-4
same 'g++ -O2, files in another order' gcc g++ -g -O2 -- rest.cc shapes.cc
same 'g++ -O2 -flto' gcc g++ -g -O2 -flto
same 'g++ type units, DWARF 5' gcc g++ -g -O1 -fdebug-types-section
same 'g++ type units, DWARF 4' gcc g++ -g -O1 -gdwarf-4 -fdebug-types-section
if command -v clang++ >/dev/null; then
	build clang clang++ -g -O0
	round clang
	same 'clang++ -O2, DWARF 4' clang clang++ -g -O2 -gdwarf-4
	same 'clang++ type units, files in another order' clang clang++ -g -O1 -fdebug-types-section -- rest.cc shapes.cc
fi
size=$(wc -c <"$work/gcc.abi")
[ "$size" -lt 65536 ]
tap "the snapshot is small though std::string and std::vector are in it ($size bytes)" $?
echo "1..$count"
[ "$failed" = 0 ]
