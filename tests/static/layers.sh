#!/usr/bin/env bash
# The layers of src/ hold; and scripts/check-layers finds each way in which they could be broken.
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
cd "$(dirname "$0")/../.." || exit 2

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

if scripts/check-layers >"$work/report" 2>&1; then
	echo "ok - no room includes what it may not"
else
	echo "not ok - no room includes what it may not"
	sed 's/^/# /' "$work/report"
fi

# finds FILE LINE WANTED: a tree with this line in this file is refused with this message; with "-" it passes.
finds() {
	local code=0
	rm -rf "$work/tree"
	mkdir -p "$work/tree/$(dirname "$1")"
	printf 'STAGES := inspect judge pack publish pin\n' >"$work/tree/Makefile"
	printf '/* planted */\n%s\n' "$2" >"$work/tree/$1"
	scripts/check-layers "$work/tree" >"$work/report" 2>&1 || code=1
	if [ "$3" = - ] && [ "$code" -eq 0 ]; then
		echo "ok - $1 may have: $2"
	elif [ "$3" != - ] && [ "$code" -eq 1 ] && grep -Fq -- "$1:2: $3" "$work/report"; then
		echo "ok - $1 may not have: $2"
	else
		echo "not ok - $1: $2: exit code $code, report:"
		sed 's/^/# /' "$work/report"
	fi
}

finds src/judge/a.c '#include "pack/pack.h"' 'judge includes pack/pack.h'
finds src/judge/a.c '#include "inspect/facts.h"' -
finds src/pin/a.c '#  include "cli/cli.h"' 'pin includes cli/cli.h'
finds src/core/a.c '#include "inspect/facts.h"' 'core includes inspect/facts.h'
finds src/pin/a.c '#include "warden/warden.h"' 'pin includes warden/warden.h'
finds src/warden/a.c '#include "core/file.h"' 'warden includes core/file.h'
finds src/warden/a.c '#include <glib.h>' 'libwarden includes <glib.h>'
finds src/warden/a.c '#include <openssl/evp.h>' -
finds src/cli/a.c '#include "pin/channel.h"' -
finds src/judge/a.h '#include <gelf.h>' 'judge includes <gelf.h>; it belongs to: inspect'
finds src/inspect/a.c '#include <elfutils/libdw.h>' -
finds src/pin/a.c '#include <yaml.h>' 'pin includes <yaml.h>; it belongs to: core'
finds src/inspect/a.c '#include <rpm/rpmlib.h>' 'inspect includes <rpm/rpmlib.h>'
finds src/pack/a.c '#include <createrepo_c/createrepo_c.h>' 'pack includes <createrepo_c/createrepo_c.h>'
finds src/pack/a.c '#include <openssl/evp.h>' 'pack includes <openssl/evp.h>'
finds src/pin/a.c '	printf("x");' 'printf() below src/cli'
finds src/pin/a.c '	if (x) exit(1);' 'exit() below src/cli'
finds src/warden/a.c '	abort();' 'abort() below src/cli'
finds src/pin/a.c '	snprintf(b, 1, "printf(%d)", 1); /* exit(1) */' -
finds src/cli/a.c '	puts("x");' -
