#!/usr/bin/env bash
# A stranger's library with a debian/ directory, or a .spec, of its own: dpkg-buildpackage and rpmbuild refuse what abide refuses.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: B, the build folder; ABIDE, the program under test. Needs no root.
. "$(dirname "$0")/lib.sh"
export SOURCE_DATE_EPOCH=1700000000 DEB_BUILD_OPTIONS=noautodbgsym
export PERL5LIB=$SRC/packaging/debhelper/perl5 PATH=$SRC/packaging/debhelper:$PATH
unset MAKEFLAGS MFLAGS MAKELEVEL
arch=$(dpkg --print-architecture) triplet=$(gcc -print-multiarch)
cd "$WORK" || exit 1

# ---- the library, in four releases; `since` is without version nodes, as many are ----
mkdir -p releases thing/debian/source
api='struct thing { int a; };\nint thing_get(const struct thing *t);\nint thing_old(void);\n'
get='#include "thing.h"\nint thing_get(const struct thing *t) { return t->a; }\nint thing_old(void) { return 1; }\n'
release() { # VERSION HEADER SOURCE
	mkdir "releases/$1"
	# shellcheck disable=SC2059  # the escapes are meant
	printf "$2" >"releases/$1/thing.h"
	# shellcheck disable=SC2059
	printf "$3" >"releases/$1/thing.c"
}
release 1.0.0 "$api" "$get"
release 1.0.1 "$api" "${get/return t->a/return t ? t->a : 0}"
release 1.1.0 "${api}int thing_new(void);\n" "${get}int thing_new(void) { return 2; }\n"
release 1.2.0 "${api/int a;/long b; int a;}int thing_new(void);\n" "${get}int thing_new(void) { return 2; }\n"

cat >thing/Makefile <<'X'
libthing.so.1: thing.c thing.h
	$(CC) -g -O2 -shared -fPIC $(LDFLAGS) -Wl,-soname,$@ -o $@ thing.c
install:
	install -D -m 644 libthing.so.1 $(DESTDIR)$(LIBDIR)/libthing.so.1
	ln -sf libthing.so.1 $(DESTDIR)$(LIBDIR)/libthing.so
	install -D -m 644 thing.h $(DESTDIR)/usr/include/thing.h
X
cat >thing/debian/control <<'X'
Source: thing
Section: libs
Priority: optional
Maintainer: A Person <person@example.org>
Build-Depends: debhelper-compat (= 13)
Standards-Version: 4.6.2
Rules-Requires-Root: no

Package: libthing1
Architecture: any
Depends: ${misc:Depends}, ${shlibs:Depends}
Description: things
 That somebody needs.

Package: libthing-dev
Section: libdevel
Architecture: any
Depends: ${misc:Depends}, libthing1 (= ${binary:Version})
Description: things - development files
 That somebody needs.
X
cat >thing/debian/rules <<'X'
#!/usr/bin/make -f
%:
	dh $@ --with abide
override_dh_auto_install:
	$(MAKE) install DESTDIR=$(CURDIR)/debian/tmp LIBDIR=/usr/lib/$(DEB_HOST_MULTIARCH)
include /usr/share/dpkg/architecture.mk
X
chmod 755 thing/debian/rules
echo '3.0 (native)' >thing/debian/source/format
echo 'usr/lib/*/libthing.so.1' >thing/debian/libthing1.install
printf '%s\n' 'usr/include' 'usr/lib/*/libthing.so' >thing/debian/libthing-dev.install

# build VERSION: the packages of a release, in $WORK
build() {
	cp "releases/$1/"* thing/
	printf 'thing (%s) unstable; urgency=medium\n\n  * Release.\n\n -- A Person <person@example.org>  Tue, 14 Nov 2023 22:13:20 +0000\n' \
		"$1" >thing/debian/changelog
	(cd thing && dpkg-buildpackage --build=binary --unsigned-changes --unsigned-buildinfo --no-check-builddeps)
}
unpacked() { # PACKAGE VERSION: the folder with its files, and with DEBIAN
	rm -rf x && dpkg-deb -R "$1_$2_$arch.deb" x && echo x
}
# record VERSION: what a release engineer does when a release is out
record() {
	mkdir -p thing/debian/abi
	cp "$(unpacked libthing-dev "$1")/usr/lib/$triplet/abide/libthing.so.1.abi" "thing/debian/abi/libthing.so.1-$1.abi"
}

check "dh --with abide builds a first release" build 1.0.0
has "and says that it is the first" 'libthing1: first release of libthing.so.1'
record 1.0.0
check "the development package holds the snapshot" "$ABIDE" inspect thing/debian/abi/libthing.so.1-1.0.0.abi
has "with what the public header shows" 'struct thing'
check "SAME is built" build 1.0.1
has "and said in the log" '^SAME'
record 1.0.1
check "ADDS is built" build 1.1.0
has "and said in the log" '^ADDS'
record 1.1.0
unpacked libthing1 1.1.0 >"$OUT"
is "the verdict is in the package" "$(jq -r .verdict x/usr/share/doc/libthing1/abi-verdict.json)" ADDS
is "shlibs asks for the release that added something" "$(cat x/DEBIAN/shlibs)" "libthing 1 libthing1 (>= 1.1.0)"
is "the symbols file names the development package" "$(sed -n '2p' x/DEBIAN/symbols)" "* Build-Depends-Package: libthing-dev"
grep -v '^\*' x/DEBIAN/symbols >symbols.abide

# dpkg-gensymbols, which is told the same three releases
mkdir -p told/debian
cp thing/debian/control told/debian/
for version in 1.0.0 1.0.1 1.1.0; do
	unpacked libthing1 $version >"$OUT"
	previous=(); [ ! -e told/symbols ] || previous=(-I../symbols)
	mv told/symbols symbols 2>/dev/null
	(cd told && quietly dpkg-gensymbols -q "-v$version" -plibthing1 -e../x/usr/lib/"$triplet"/libthing.so.1 "${previous[@]}" -Osymbols)
done
check "symbols are those of dpkg-gensymbols for the same history" diff told/symbols symbols.abide

# Five releases with version nodes, one of them without a symbol that comes back
nodes='V_1 { global: one; local: *; }; V_2 { global: two; } V_1;'
both='int one(void) { return 1; } int two(void) { return 2; }'
direct() { # VERSION CODE MAP
	quietly gcc -g -shared -fPIC -Wl,-soname,libnode.so.2 -Wl,--version-script=<(echo "$3") -xc -o node.so <(echo "$2")
	quietly "$ABIDE" history record -V "$1" node.so nodes
	previous=(); [ ! -e told/nodes ] || previous=(-I../previous)
	mv told/nodes previous 2>/dev/null
	(cd told && quietly dpkg-gensymbols -q -c0 "-v$1" -plibthing1 -e../node.so "${previous[@]}" -Onodes)
}
direct 0.9 "${both% int*}" "${nodes% V_2*}"
direct 0.10 "$both" "$nodes"
direct 1.0~rc1 "${both% int*}" "${nodes% V_2*}"
direct 1.0 "$both" "$nodes"
direct 1.0.1 "$both" "$nodes"
"$ABIDE" history symbols -V 1.1 -n libthing1 node.so nodes | grep -v '^\*' >nodes.abide
is "a symbol that came back needs the release of its return" "$(sed -n 's/^ two@V_2 //p' nodes.abide)" 1.0
is "symbols are those of dpkg-gensymbols with nodes and gaps, too" "$(cat nodes.abide)" "$(grep -v '^#MISSING' told/nodes)"

rm ./*.deb
refuses "BREAKS is not built" - 'struct-grew +4 -> 16 bytes' build 1.2.0
has "and the log says why" '^BREAKS'
has "with abide's exit code" 'rules:[0-9]+: binary.* Error 4$'
is "and no package is left" "$(ls ./*.deb 2>/dev/null)" ""

# ---- what is left of that build is enough for dh_abide alone ----
alone() { (cd thing && dh_abide "$@"); }
refuses "dh_abide says the same alone" 4 'libthing1: libthing.so.1 is refused' alone
printf '%s\n' 'waivers:' '  - rule: struct-grew' '    subject: struct thing' '    reason: nobody allocates it' '    author: A Person' '    until: 2099-12-31' \
	'  - rule: member-moved' '    subject: struct thing' '    reason: nobody reads it' '    author: A Person' '    until: 2099-12-31' >thing/debian/libthing1.abi-waivers
check "waivers are found" alone
has "and shown" 'nobody allocates it'
rm thing/debian/libthing1.abi-waivers
refuses "without headers everything counts" 4 'private types included' alone --no-headers
strip thing/debian/libthing1/usr/lib/*/libthing.so.1
refuses "UNKNOWN is refused, with its own exit code" 7 'libthing1: libthing.so.1 is refused' alone
mv thing/debian/abi/libthing.so.1-1.0.0.abi thing/debian/libthing1.abi
mv thing/debian/abi "$WORK/history"
refuses "one snapshot is enough to judge by" 7 'libthing1: libthing.so.1 is refused' alone
