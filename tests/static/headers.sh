#!/usr/bin/env bash
# Each header compiles alone, and each source file opens with what it is for and its licence.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${CC:=cc}"

libraries='glib-2.0 gio-2.0 json-glib-1.0 libelf libdw libarchive rpm createrepo_c libcurl gpgme libcrypto libcyaml yaml-0.1 check'
# shellcheck disable=SC2086 # a list of names
read -ra flags <<<"$(pkg-config --cflags $libraries)"

while read -r header; do
	# Included from standard input: a header compiled by itself is warned of its own `#pragma once` and inline functions.
	# shellcheck disable=SC2086 # CC may be a command with arguments
	if report=$(printf '#include "%s"\n' "$PWD/$header" |
		$CC -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -Isrc -Isrc/warden "${flags[@]}" -xc - 2>&1); then
		echo "ok - $header compiles alone"
	else
		echo "not ok - $header compiles alone"
		printf '# %s\n' "${report//$'\n'/$'\n# '}"
	fi
done < <(find src tests -name '*.h' | sort)

# The first comment (behind #!) begins with at least three words, and has SPDX within its few lines or right behind it.
opening() {
	head -n 8 "$1" | awk '
		NR == 1 && /^#!/ { next }
		!text && /^[ \t]*(\/\*|\/\/|#|"""|\*)?[ \t]*$/ && NR < 4 { next }
		!text { text = 1; if (!/^ ?(\/\*|\/\/|#|"""|\*) ?[^ ]+ [^ ]+ [^ ]+/) { print "line " NR ": no purpose comment"; spdx = 1; exit } }
		/SPDX-License-Identifier: (GPL-2.0-or-later|Apache-2.0)/ { spdx = 1; exit }
		END { if (!spdx) print "no SPDX line at the top" }'
}
bad=0
while read -r file; do
	complaint=$(opening "$file")
	[ -z "$complaint" ] || { echo "not ok - $file, $complaint"; bad=1; }
done < <(find src tests scripts -type f \( -name '*.[ch]' -o -name '*.sh' -o -path 'scripts/*' -o -path tests/run -o -path tests/cases/run \) | sort)
[ "$bad" -ne 0 ] || echo "ok - every source file opens with its purpose and its licence"
