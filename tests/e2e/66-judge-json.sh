#!/usr/bin/env bash
# What abide judge --json prints is what docs/judge.schema.json says.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"

python3 -c 'import jsonschema' 2>/dev/null || skip_all "needs python3-jsonschema; scripts/setup installs it"
cd "$WORK" || exit 1

library() { # NAME SOURCE [FLAGS]
	echo "$2" >"$1.c"
	# shellcheck disable=SC2086  # FLAGS are words
	quietly cc ${3--g} -O2 -w -shared -fPIC -Wl,-soname,libcase.so.1 -o "$1.so" "$1.c"
}

library old 'struct s { int a; }; int f(struct s *p) { return p->a; } int g(void) { return 1; }'
library new 'struct s { int a, b; }; int f(struct s *p) { return p->a; } int h(char *p) { return 1; }'
library bare 'struct s { int a; }; int f(struct s *p) { return p->a; } int g(void) { return 1; }' -g0
echo 'int f(void *p); int main(void) { return f(0); }' >app.c
quietly cc -o app app.c ./old.so
cat >waivers.yaml <<-YAML
	waivers:
	  - {rule: struct-grew, subject: "*", reason: ours, author: Ann, until: 9999-12-31}
YAML

deb() { # VERSION LIBRARY...
	local top=$WORK/deb version=$1 file
	shift
	rm -rf "$top"
	mkdir -p "$top/DEBIAN" "$top/usr/lib"
	printf '%s\n' 'Package: libcase1' "Version: $version" "Architecture: all" 'Maintainer: Test <test@example.org>' \
		'Description: case' >"$top/DEBIAN/control"
	for file; do cp "$file" "$top/usr/lib/lib${file%.so}.so.1"; done
	quietly dpkg-deb --root-owner-group --build "$top" "case_$version.deb"
}
echo 'int more(void) { return 1; }' >more.c
quietly cc -g -shared -fPIC -Wl,-soname,libmore.so.1 -o more.so more.c
deb 1 old.so
deb 2 new.so more.so

follows() { # WHAT ARGUMENTS...
	local what=$1 rc=0
	shift
	"$ABIDE" judge --json "$@" >out.json || rc=$?
	[ $rc -eq 0 ] || [ $rc -eq 4 ] || [ $rc -eq 7 ] || not_ok "$what: exit code $rc"
	check "$what follows the schema" python3 -m jsonschema -i out.json "$SRC/docs/judge.schema.json"
}

follows "a verdict" old.so new.so
follows "a verdict without evidence" old.so bare.so
follows "a verdict with waivers" --waivers waivers.yaml old.so new.so
follows "a verdict on packages" case_1.deb case_2.deb
follows "a verdict for a program" --used-by app old.so new.so
follows "a verdict for a program, without the older library" --used-by app new.so
follows "a floor" --floor app old.so new.so

echo '{"verdict": "MAYBE"}' >out.json
refuses "another word does not follow it" 1 'MAYBE' python3 -m jsonschema -i out.json "$SRC/docs/judge.schema.json"
