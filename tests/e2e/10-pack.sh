#!/usr/bin/env bash
# Packages that abide writes, read by the distributions' own tools: dpkg-deb, dpkg, lintian, rpm, rpmlint, createrepo_c, elfdeps.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: B, the build folder; ABIDE, the program under test; PIN=write to write tests/pinned anew. Needs no root: dpkg and rpm install into folders.
. "$(dirname "$0")/lib.sh"
: "${CC:=cc}"
export SOURCE_DATE_EPOCH=1700000000
mkdir "$WORK/pack"
cd "$WORK/pack" || exit 1

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else unshare --map-root-user "$@"; fi; }

# ---- a library in three releases, with and without what judge asks for ----
mkdir src include
printf 'struct thing { int a; };\nint thing_get(const struct thing *t);\n' >include/thing.h
printf '#include "thing.h"\n#include <stdlib.h>\nint thing_get(const struct thing *t) { return getenv("THING") ? t->a : 0; }\n' >src/1.0.0.c
cp src/1.0.0.c src/1.0.1.c
{ cat src/1.0.0.c; printf 'int thing_new(void);\nint thing_new(void) { return 1; }\n'; } >src/1.1.0.c
printf 'struct thing { int b, a; };\nint thing_get(const struct thing *t);\nint thing_get(const struct thing *t) { return t->a; }\n' >src/bad.c
echo 'THING_1.0 { global: thing_get; local: *; };' >src/map
{ cat src/map; echo 'THING_1.1 { global: thing_new; } THING_1.0;'; } >src/map-1.1.0

# build NAME VERSION [FLAG...]: NAME.c as libthing.so.1.VERSION in a folder called NAME
build() {
	local name=$1 version=$2 map=src/map
	shift 2
	[ ! -e "src/map-$name" ] || map=src/map-$name
	mkdir -p "$name"
	# shellcheck disable=SC2086  # CC may be a command with arguments
	quietly $CC -g -shared -fPIC -Iinclude -Wl,-soname,libthing.so.1 "-Wl,--version-script=$map" -Wl,--build-id=sha1 "$@" \
		-o "$name/libthing.so.$version" "src/$name.c" -lc
}
build 1.0.0 1.0.0
build 1.0.1 1.0.1
build 1.1.0 1.1.0
build bad 1.2.0
mkdir bare nosoname soname2
strip -o bare/libthing.so.1.0.2 1.0.1/libthing.so.1.0.1
# shellcheck disable=SC2086
quietly $CC -g -shared -fPIC -Iinclude -o nosoname/libthing.so src/1.0.0.c
# shellcheck disable=SC2086
quietly $CC -g -shared -fPIC -Iinclude -Wl,-soname,libthing.so.2 -o soname2/libthing.so.2.0.0 src/bad.c

# shellcheck disable=SC2016  # for pkg-config, not for the shell
printf 'prefix=@PREFIX@\nlibdir=@LIBDIR@\nName: thing\nDescription: d\nVersion: @VERSION@\nLibs: -L${libdir} -lthing\n' >libthing.pc.in
cat >thing.yaml <<'X'
name: libthing
version: ${VERSION}
release: 1
maintainer: A Person <person@example.org>
vendor: Example
homepage: https://example.org/thing
license: Apache-2.0
strip: false # 15-pack-debug.sh has the other case
description: |-
  library of things
  What it does takes more than one line
  to say.

  And another paragraph.
library:
  file: ${FILE}
  abi: ${ABI:-}
  headers: [include]
  pkgconfig: libthing.pc.in
  layout: vendor
X
sed 's/layout: .*/layout: system/' thing.yaml >system.yaml

names() { find "$1" -mindepth 1 -printf '%P\n' | sort | paste -sd' '; }
# pack VERSION FILE ABI OPTION...
pack() {
	local version=$1 file=$2 abi=$3
	shift 3
	env VERSION="$version" FILE="$file" ABI="$abi" "$ABIDE" pack -f thing.yaml "$@"
}

mkdir out sys
check "a first release is packed in both families" pack 1.0.0 1.0.0/libthing.so.1.0.0 "" -t out
is "four packages, and nothing else" "$(names out)" \
	"libthing-dev_1.0.0-1_amd64.deb libthing-devel-1.0.0-1.x86_64.rpm libthing1-1.0.0-1.x86_64.rpm libthing1_1.0.0-1_amd64.deb"
deb=out/libthing1_1.0.0-1_amd64.deb dev=out/libthing-dev_1.0.0-1_amd64.deb
rpm=out/libthing1-1.0.0-1.x86_64.rpm devel=out/libthing-devel-1.0.0-1.x86_64.rpm

# ---- .deb, as dpkg reads it ----
is "members of the .deb" "$(ar t $deb | paste -sd' ')" "debian-binary control.tar.xz data.tar.xz"
is "Depends of the development package is exact" "$(dpkg-deb -f $dev Depends)" "libthing1 (= 1.0.0-1)"
is "the vendor layout is not Multi-Arch: same" "$(dpkg-deb -I $deb control | grep -c Multi-Arch)" 0
is "shlibs" "$(dpkg-deb -I $deb shlibs)" "libthing 1 libthing1 (>= 1.0.0)"
is "in a vendor folder, who depends on it waits for ldconfig" "$(dpkg-deb -I $deb triggers)" "activate-await ldconfig"
is "conffiles" "$(dpkg-deb -I $deb conffiles)" "/etc/ld.so.conf.d/thing.conf"
quietly dpkg-deb -x $deb x && quietly dpkg-deb -x $dev x
is "the loader is told where" "$(cat x/etc/ld.so.conf.d/thing.conf)" "/opt/thing/lib"
is "the soname's link" "$(readlink x/opt/thing/lib/libthing.so.1)" "libthing.so.1.0.0"
is "the linker's link" "$(readlink x/opt/thing/lib/libthing.so)" "libthing.so.1"
is "the .pc file is filled in" "$(sed -n 's/^libdir=//p' x/opt/thing/lib/pkgconfig/libthing.pc)" "/opt/thing/lib"
check "the library is what was built" cmp x/opt/thing/lib/libthing.so.1.0.0 1.0.0/libthing.so.1.0.0
dpkg-deb -I $deb md5sums >sums
check "md5sums hold" sh -c 'cd x && md5sum -c --quiet ../sums'

# dpkg-gensymbols, over the same file and version: it has seen none of the symbols either
mkdir -p debian g/opt
printf 'Source: libthing\nMaintainer: a <a@b.c>\n\nPackage: libthing1\nArchitecture: any\nDescription: d\n' >debian/control
quietly dpkg-gensymbols -v1.0.0 -plibthing1 -ex/opt/thing/lib/libthing.so.1.0.0 -Og/symbols -q
dpkg-deb -I $deb symbols | sed '/^\* Build-Depends-Package: libthing-dev$/d' >our.symbols
check "symbols are those of dpkg-gensymbols" diff g/symbols our.symbols
quietly env VERSION=1.0.0 FILE=1.0.0/libthing.so.1.0.0 "$ABIDE" pack -f system.yaml -t sys
is "the system layout is Multi-Arch: same" "$(dpkg-deb -f sys/libthing1_1.0.0-1_amd64.deb Multi-Arch)" "same"
is "the system layout does not make anybody wait" "$(dpkg-deb -I sys/libthing1_1.0.0-1_amd64.deb triggers)" "activate-noawait ldconfig"
dpkg-deb -c sys/libthing1_1.0.0-1_amd64.deb >"$OUT"
has "the system layout in Debian" "/usr/lib/x86_64-linux-gnu/libthing.so.1.0.0"
rpm -qlp sys/libthing1-1.0.0-1.x86_64.rpm >"$OUT" 2>&1
has "the system layout in an .rpm" "^/usr/lib64/libthing.so.1.0.0"
is "no scriptlet where glibc's file trigger looks" "$(rpm -qp --scripts sys/libthing1-1.0.0-1.x86_64.rpm)" ""

# dpkg with a database of its own, in which there is only the C library
root=$WORK/dpkg
mkdir -p "$root/var/lib/dpkg/"{info,updates,triggers} "$root/etc" "$root/usr/bin"
printf 'Package: libc6\nStatus: install ok installed\nMaintainer: a <a@b.c>\nArchitecture: %s\nVersion: 2.36-9\nDescription: d\n' \
	"$(dpkg --print-architecture)" >"$root/var/lib/dpkg/status"
touch "$root"/var/lib/dpkg/info/libc6.{list,md5sums}
into() { as_root dpkg --root="$root" --force-not-root --force-script-chrootless --force-unsafe-io --log=/dev/null "$@"; }
check "dpkg installs both" into -i $deb $dev
check "dpkg --verify agrees" into --verify
into --audit >"$OUT" 2>&1
is "dpkg has nothing to complain of" "$(grep -c . "$OUT")" 0

# ---- .rpm, as rpm reads it ----
check "rpm -K" rpm -K $rpm $devel
rpm -Kv $rpm >"$OUT" 2>&1
has "with the legacy digest" "MD5 digest: OK"
for side in provides requires; do
	/usr/lib/rpm/elfdeps --$side 1.0.0/libthing.so.1.0.0 | sort >elf.$side
	rpm -qp --$side $rpm | grep -E '^(lib[^ ]*\.so|rtld)' | sort >our.$side
	check "ELF $side are those of elfdeps" diff elf.$side our.$side
done
rpm -qp --provides $rpm >"$OUT"
has "its name, with the architecture" '^libthing1\(x86-64\) = 1.0.0-1$'
rpm -qp --requires $devel >"$OUT"
has "the development package needs exactly this runtime" '^libthing1\(x86-64\) = 1.0.0-1$'
rpm -qp --scripts $rpm >"$OUT"
has "ldconfig after installation" '^postinstall program: /sbin/ldconfig'
has "ldconfig after removal" '^postuninstall program: /sbin/ldconfig'
rpm2cpio $rpm | (mkdir c && cd c && cpio -idm --quiet)
check "rpm2cpio gives the library back" cmp c/opt/thing/lib/libthing.so.1.0.0 1.0.0/libthing.so.1.0.0
quietly createrepo_c -q out
check "createrepo_c reads both" test "$(zcat out/repodata/*primary.xml.gz | grep -c '<package type="rpm">')" = 2
rm -r out/repodata
printf '%%_dbpath /var/lib/rpm\n' >"$HOME/.rpmmacros"
check "rpm installs both" as_root rpm --root "$WORK/rpm" --nodeps --noscripts -i $rpm $devel
check "rpm -V agrees" as_root rpm --root "$WORK/rpm" -V --nodeps libthing1 libthing-devel
check "and removes them" as_root rpm --root "$WORK/rpm" --nodeps --noscripts -e libthing1 libthing-devel
is "down to the last folder" "$(names "$WORK/rpm/opt")" ""

# ---- what the distributions' critics have left to say; each with its reason ----
# dir-or-file-in-opt, package-modifies-ld.so-search-path, non-versioned-file-in-library-package: the vendor layout itself.
# package-has-unnecessary-activation-of-ldconfig-trigger: lintian knows the standard folders only; ours needs the trigger.
# unstripped-binary-or-object: packed as built here, by `strip: false`.
# initial-upload-closes-no-bugs: not an upload to Debian.
# no-group-tag: "Unspecified", as rpmbuild writes. no-binary: headers with links of their architecture's library.
# missing-hash-section: as linked, GNU hash only. no-signature: signed below. no-major-in-name: as every -devel.
# requires-on-release: exactly this runtime. invalid-license: rpmlint's list is older than SPDX names.
# summary-not-capitalized: Debian and Fedora disagree. only-non-binary-in-usr-lib, no-documentation: a tiny sample.
explained='dir-or-file-in-opt|package-modifies-ld.so-search-path|non-versioned-file-in-library-package|package-has-unnecessary-activation-of-ldconfig-trigger'
explained+='|unstripped-binary-or-object|initial-upload-closes-no-bugs|no-group-tag|no-binary|missing-hash-section'
explained+='|no-signature|no-major-in-name|requires-on-release|invalid-license|summary-not-capitalized|only-non-binary-in-usr-lib|no-documentation'
critics() {
	if command -v "$1" >/dev/null; then
		TMPDIR=$WORK "$@" 2>&1 | grep -E '^[EW]: |: [EW]: ' | grep -Ev "$explained" >"$OUT"
		is "${*:1:1} has nothing more to say" "$(cat "$OUT")" ""
	else
		ok "$1 # SKIP it is not installed"
	fi
}
critics lintian $deb $dev
critics rpmlint $rpm $devel

# ---- the gate ----
mkdir gate
check "SAME is packed" pack 1.0.1 1.0.1/libthing.so.1.0.1 1.0.0/libthing.so.1.0.0 -t gate
has "and said" "^SAME"
check "ADDS is packed" pack 1.1.0 1.1.0/libthing.so.1.1.0 1.0.0/libthing.so.1.0.0 -t gate
has "and said" "^ADDS"
dpkg-deb -I gate/libthing1_1.1.0-1_amd64.deb symbols >"$OUT"
has "a new symbol needs the new version" '^ thing_new@THING_1.1 1.1.0$'
has "an old one does not" '^ thing_get@THING_1.0 1.0.0$'
dpkg-deb --fsys-tarfile gate/libthing1_1.1.0-1_amd64.deb | tar -xO ./usr/share/doc/libthing1/abi-verdict.json >"$OUT" 2>&1
has "the verdict travels in the .deb" '"verdict" : "ADDS"'
rpm2cpio gate/libthing1-1.1.0-1.x86_64.rpm | cpio -i --quiet --to-stdout ./usr/share/doc/libthing1/abi-verdict.json >"$OUT"
has "and in the .rpm" '"verdict" : "ADDS"'
before=$(names gate)
refuses "BREAKS is refused" 4 'BREAKS: .*struct thing.* it needs the soname libthing\.so\.2$' \
	pack 1.2.0 bad/libthing.so.1.2.0 1.0.0/libthing.so.1.0.0 -t gate
is "with one line" "$(wc -l <"$OUT")" 1
refuses "UNKNOWN is refused" 7 'UNKNOWN: it cannot be told' pack 1.0.2 bare/libthing.so.1.0.2 1.0.0/libthing.so.1.0.0 -t gate
is "and neither leaves anything" "$(names gate)" "$before"
check "a new soname replaces nobody" pack 2.0.0 soname2/libthing.so.2.0.0 1.0.0/libthing.so.1.0.0 -t gate
check "dpkg takes both sonames side by side" into -i gate/libthing2_2.0.0-1_amd64.deb
check "and so does rpm" as_root rpm --root "$WORK/rpm" --nodeps --noscripts -i $rpm gate/libthing2-2.0.0-1.x86_64.rpm

# ---- signatures ----
key_new pack
mkdir signed
check "--sign signs the .rpm" pack 1.0.0 1.0.0/libthing.so.1.0.0 "" -p rpm -t signed --sign pack@example.org
is "and prints what it always prints" "$(wc -l <"$OUT")" 3
has "with the digest of what is there" "sha256:$(sha256sum <signed/libthing1-1.0.0-1.x86_64.rpm | cut -c1-16)"
gpg --export -a pack@example.org >key.asc
quietly as_root rpmkeys --root "$WORK/rpm" --import key.asc
check "rpm verifies it" as_root rpmkeys --root "$WORK/rpm" -K signed/libthing1-1.0.0-1.x86_64.rpm
{ cat thing.yaml; echo 'rpm: {signature: {key_id: pack@example.org}}'; } >signing.yaml
mkdir signed-too
check "a manifest may name the key" env VERSION=1.0.0 FILE=1.0.0/libthing.so.1.0.0 "$ABIDE" pack -f signing.yaml -p rpm -t signed-too
check "and rpm verifies that, too" as_root rpmkeys --root "$WORK/rpm" -K signed-too/libthing1-1.0.0-1.x86_64.rpm
has "as a signature" "signatures OK"
printf 'x' | dd of=signed/libthing1-1.0.0-1.x86_64.rpm bs=1 seek=7000 conv=notrunc status=none
refuses "a changed byte is noticed" - 'NOT OK' as_root rpmkeys --root "$WORK/rpm" -K signed/libthing1-1.0.0-1.x86_64.rpm
mkdir unsigned
refuses "a key that gpg does not have" 1 "gpg has no secret key 'nobody@example.org'" \
	pack 1.0.0 1.0.0/libthing.so.1.0.0 "" -t unsigned --sign nobody@example.org
is "with one line" "$(wc -l <"$OUT")" 1
is "and nothing left behind" "$(names unsigned)" ""

# ---- bad input: one line, exit code 1, nothing left ----
mkdir none
base=$'name: tool\narch: all\nversion: 1.0\nmaintainer: A <a@b.c>\ndescription: d\n'
# bad DESC PATTERN TEXT: a manifest that ends with TEXT
bad() {
	printf '%s%s\n' "$base" "$3" >bad.yaml
	refuses "$1" 1 "^abide: $2" "$ABIDE" pack -f bad.yaml -t none
	[ "$(wc -l <"$OUT") $(names none)" = "1 " ] || not_ok "$1: more than one line, or something left"
}
refuses "no manifest" 1 'cannot open: No such file' "$ABIDE" pack -f missing.yaml
bad "an unknown key" "bad.yaml:6:1: unknown key 'dependz'; did you mean 'depends'" 'dependz: [a]'
bad "a wrong type" 'bad.yaml:6:10: depends: expected a list' 'depends: a'
bad "a missing file" 'bad.yaml:7:10: contents\[0\].src: missing.txt: no such file' $'contents:\n  - src: missing.txt\n    dst: /a'
bad "two entries for one path" "bad.yaml:8:10: contents\[1\].dst: '/a' is given twice" \
	$'contents:\n  - {src: thing.yaml, dst: /a}\n  - dst: //a/\n    type: dir'
bad "a path outside of the root" "bad.yaml:6:.*contents\[0\].dst: '/a/../../b' must not have" 'contents: [{src: thing.yaml, dst: /a/../../b}]'
bad "a relative path" "bad.yaml:6:.*contents\[0\].dst: 'a' must begin with /" 'contents: [{src: thing.yaml, dst: a}]'
bad "a link that leaves the package" '.*the link must lead' 'contents: [{src: ../../../x, dst: /a/b, type: symlink}]'
bad "machine code for all architectures" '.*machine code in a package' "contents: [{src: 1.0.0/libthing.so.1.0.0, dst: /a}]"
bad "a bad relation" "bad.yaml:6:11: depends\[0\]: 'a >> '" 'depends: ["a >> "]'
bad "a library that is not there" 'bad.yaml:7:9: library.file: missing.so' $'library:\n  file: missing.so'
bad "a library that is none" 'bad.yaml:7:9: library.file: thing.yaml' $'library:\n  file: thing.yaml'
bad "a library without soname" 'bad.yaml:7:9: library.file: .*link it with -Wl,-soname' $'library:\n  file: nosoname/libthing.so'
bad "a library for another architecture" "bad.yaml:2:7: arch: 'all'" $'library:\n  file: 1.0.0/libthing.so.1.0.0'
base=${base/version: 1.0/version: one} bad "a version that dpkg does not take" ".*'one': dpkg wants"  ''
base=${base/version: 1.0/version: 1-2} bad "a version that hides a revision" ".*'1-2'"  ''
base=${base/name: tool/name: To ol} bad "a name that nobody takes" ".*'To ol'"  ''
refuses "an unknown format is a usage error" 2 "'apk'; expected deb, rpm" pack 1.0.0 1.0.0/libthing.so.1.0.0 "" -p deb,apk
refuses "a folder that is not there" 1 "^abide: none/x: cannot open the directory" pack 1.0.0 1.0.0/libthing.so.1.0.0 "" -t none/x
refuses "a folder that is none" 1 "^abide: thing.yaml: cannot open the directory" pack 1.0.0 1.0.0/libthing.so.1.0.0 "" -t thing.yaml

# ---- same input, same bytes ----
mkdir -p data/b data/a one other/place
printf 'hello\n' >data/a/hello
printf '#!/bin/sh\nexit 0\n' >data/b/run
chmod 755 data/b/run
ln -s ../a/hello data/b/link
cat >data.yaml <<'X'
name: tiny
arch: all
version: 1.2.3
release: 4
maintainer: A Person <person@example.org>
license: MIT
description: nothing but data
contents:
  - {src: data, dst: /usr/share/tiny, type: tree}
  - {src: data/a/hello, dst: /etc/tiny.conf, type: config}
X
quietly "$ABIDE" pack -f data.yaml -t one
cp -r --no-preserve=timestamps data other/place/
(cd other/place && umask 077 && touch -d 2001-01-01 data/a/hello && TZ=Asia/Tokyo LC_ALL=C quietly "$ABIDE" pack -f ../../data.yaml -t .)
check "another folder, umask, time zone and locale give the same bytes" \
	diff -r --exclude=data one other/place
# The pinned digests hold for the compressors that they name.
{
	echo "# liblzma $(dpkg-query -W -f '${source:Upstream-Version}' liblzma5 2>/dev/null)"
	(cd one && sha256sum ./*)
} >digests
if cmp -s <(head -n 1 digests) <(head -n 1 "$SRC/tests/pinned/pack.sha256"); then
	check "the bytes are the pinned ones" diff "$SRC/tests/pinned/pack.sha256" digests
else
	ok "the bytes are the pinned ones # SKIP other compressors: $(head -n 1 digests)"
fi
if [ "${PIN:-}" = write ]; then cp digests "$SRC/tests/pinned/pack.sha256"; fi
