#!/usr/bin/env bash
# warden.h compiles alone, without a warning, in old and new C and in C++.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
cd "$(dirname "$0")/../.." || exit 2

# compiles COMPILER LANGUAGE STANDARD
compiles() {
	if ! command -v "$1" >/dev/null; then
		echo "ok - warden.h as $3 # SKIP no $1"
	elif echo '#include "warden.h"' |
		"$1" -x "$2" "-std=$3" -Wall -Wextra -pedantic -Werror -Isrc/warden -fsyntax-only - >&2; then
		echo "ok - warden.h as $3 ($1)"
	else
		echo "not ok - warden.h as $3 ($1)"
	fi
}

compiles gcc c c99
compiles gcc c c17
compiles gcc c++ c++11
compiles clang c c99
compiles clang c++ c++17
