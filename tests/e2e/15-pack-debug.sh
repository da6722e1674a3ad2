#!/usr/bin/env bash
# A library split into packages: debug symbols beside those of dh_strip and find-debuginfo, pkgconfig(), private and held libraries.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"
needs_roots
: "${CC:=cc}"
export SOURCE_DATE_EPOCH=1700000000
mkdir -p "$WORK/split/include"
cd "$WORK/split" || exit 1
quietly rpm --initdb # of the home folder: two that read packages at the same time would both make it

# ---- a library with a note that must stay, and a program without symbols of its own ----
cat >foo.c <<'X'
#include "foo.h"
int foo_add(struct foo *f, int n) { f->sum += n; return f->sum; }
__asm__(".pushsection .note.abide,\"\",%note\n.long 6,4,1\n.asciz \"abide\"\n.balign 4\n.long 42\n.popsection\n");
X
printf 'struct foo { int sum; };\nint foo_add(struct foo *f, int n);\n' >include/foo.h
printf '#include "foo.h"\nint main(void) { struct foo f = {0}; return foo_add(&f, 0); }\n' >main.c
echo 'FOO_1.0 { global: foo_add; local: *; };' >foo.map
build() { # SONAME FILE FLAG...
	# shellcheck disable=SC2086  # CC may be a command with arguments
	quietly $CC -g -O1 -shared -fPIC -Iinclude -ffile-prefix-map="$PWD"=. "-Wl,-soname,$1" -Wl,--version-script=foo.map "${@:3}" -o "$2" foo.c
}
build libfoo.so.1 libfoo.so.1.0.0 -Wl,--build-id=sha1
build libfoo.so.2 libfoo.so.2.0.0 -Wl,--build-id=sha1 -DTWO
build libfoo.so.1 noid.so -Wl,--build-id=none
strip -o bare.so libfoo.so.1.0.0
# shellcheck disable=SC2086
quietly $CC -g -Iinclude -Wl,--build-id=sha1 -o foo-tool main.c libfoo.so.1.0.0
id=$(readelf -n libfoo.so.1.0.0 | sed -n 's/.*Build ID: //p')
id_path=${id:0:2}/${id:2}

cat >libfoo.pc.in <<'X'
prefix=@PREFIX@
libdir=@LIBDIR@
need=1.2
Name: foo
Description: d
Version: @VERSION@ # of the package
Requires: zlib >= ${need}, other \
  third
Requires.private: libcrypto = 3 , inner
Libs: -L${libdir} -lfoo
X
cat >foo.yaml <<'X'
name: libfoo
version: ${VERSION:-1.0.0}
release: 1
maintainer: A Person <person@example.org>
license: MIT
description: library of foo
library:
  file: ${FILE:-libfoo.so.1.0.0}
  headers: [include]
  pkgconfig: libfoo.pc.in
  layout: ${LAYOUT}
X
manifest() { # NAME LAYOUT LINE...: a manifest like foo.yaml, with more lines in its library
	sed "s/\${LAYOUT}/$2/" foo.yaml >"$1"
	[ $# -eq 2 ] || printf '  %s\n' "${@:3}" >>"$1"
}
manifest vendor.yaml vendor
manifest system.yaml system
names() { find "$1" -mindepth 1 -printf '%P\n' | sort | paste -sd' '; }
pack() { "$ABIDE" pack -f "$@"; }

mkdir out sys
check "a library becomes three packages in each family" pack vendor.yaml -t out
is "runtime, development, debug" "$(names out)" "libfoo-dev_1.0.0-1_amd64.deb libfoo-devel-1.0.0-1.x86_64.rpm \
libfoo1-1.0.0-1.x86_64.rpm libfoo1-dbgsym_1.0.0-1_amd64.deb libfoo1-debuginfo-1.0.0-1.x86_64.rpm libfoo1_1.0.0-1_amd64.deb"
quietly pack system.yaml -t sys
mkdir again
(umask 077 && TMPDIR=$WORK TZ=Asia/Tokyo quietly pack system.yaml -t again)
check "another umask, temporary folder and time zone give the same bytes" diff -r sys again
is "and nothing stays in the temporary folder" "$(find "$WORK" -maxdepth 1 -name 'abide-*')" ""

# ---- the stripped library ----
mkdir deb rpm
for package in sys/*.deb; do quietly dpkg-deb -x "$package" deb; done
for package in sys/*.rpm; do rpm2cpio "$package" | (cd rpm && cpio -idm --quiet); done
stripped=deb/usr/lib/x86_64-linux-gnu/libfoo.so.1.0.0 symbols=deb/usr/lib/debug/.build-id/$id_path.debug
is "the build-id stays" "$(readelf -n $stripped | sed -n 's/.*Build ID: //p')" "$id"
is "so does a note that is not loaded" "$(objcopy -O binary --only-section=.note.abide --set-section-flags .note.abide=alloc $stripped /dev/stdout | od -tx1)" \
	"$(objcopy -O binary --only-section=.note.abide --set-section-flags .note.abide=alloc libfoo.so.1.0.0 /dev/stdout | od -tx1)"
is "symbols and debug information do not" "$(readelf -SW $stripped | grep -cE ' \.(symtab|debug_|comment)')" 0
check "they are in the debug file" sh -c "readelf -SW '$symbols' | grep -q '\.debug_info' && readelf -SW '$symbols' | grep -q '\.symtab'"
is "which .gnu_debuglink names in a .deb as dh_strip does" "$(readelf -p .gnu_debuglink $stripped | sed -n 's/.*\] *\(.*\.debug\).*/\1/p')" "${id:2}.debug"
is "and in an .rpm as find-debuginfo does" "$(readelf -p .gnu_debuglink rpm/usr/lib64/libfoo.so.1.0.0 | sed -n 's/.*\] *\(.*\.debug\).*/\1/p')" \
	libfoo.so.1.0.0-1.0.0-1.x86_64.debug
check "eu-unstrip joins the two again" eu-unstrip -o whole.so $stripped "$symbols"
check "the types are those of what was built" sh -c "'$ABIDE' inspect -s libfoo.so.1.0.0 | grep -v ^version >a.abi && '$ABIDE' inspect -s whole.so >b.abi && cmp a.abi b.abi"
check "a judge finds them, too" "$ABIDE" judge libfoo.so.1.0.0 $stripped --debug-dir deb/usr/lib/debug

# ---- what debhelper makes of the same file ----
mkdir -p ref/debian ref/prebuilt
cp libfoo.so.1.0.0 ref/prebuilt
printf 'libfoo (1.0.0-1) unstable; urgency=medium\n\n  * Release.\n\n -- A Person <person@example.org>  Tue, 14 Nov 2023 22:13:20 +0000\n' >ref/debian/changelog
printf '%s\n' 'Source: libfoo' 'Section: libs' 'Priority: optional' 'Maintainer: A Person <person@example.org>' 'Build-Depends: debhelper-compat (= 13)' \
	'' 'Package: libfoo1' 'Architecture: amd64' 'Multi-Arch: same' 'Description: library of foo' ' text' >ref/debian/control
# shellcheck disable=SC2016  # for make
printf '%s\n' '#!/usr/bin/make -f' '%:' '	dh $@' 'override_dh_auto_%:' >ref/debian/rules
chmod 755 ref/debian/rules
echo 'prebuilt/* usr/lib/x86_64-linux-gnu' >ref/debian/libfoo1.install
quietly env -C ref debian/rules binary
# dpkg-gencontrol counts a DEBIAN folder, too.
control() { dpkg-deb -I "$1" control | sed '/^Installed-Size/d'; }
check "the control file of -dbgsym is debhelper's" diff <(control libfoo1-dbgsym_1.0.0-1_amd64.deb) <(control sys/libfoo1-dbgsym_1.0.0-1_amd64.deb)
entries() { dpkg-deb -c "$1" | awk '{print $1, $2, $6, $7, $8}'; }
check "so are its files, modes and links" diff <(entries libfoo1-dbgsym_1.0.0-1_amd64.deb) <(entries sys/libfoo1-dbgsym_1.0.0-1_amd64.deb)
quietly dpkg-deb -x libfoo1_1.0.0-1_amd64.deb ref/x
sections() { readelf -SW "$1" | sed -n 's/^ *\[ *[0-9]*\] \(\.[^ ]*\).*/\1/p' | sort; }
check "its strip leaves the same sections of the library" diff <(sections ref/x/usr/lib/x86_64-linux-gnu/libfoo.so.1.0.0) <(sections $stripped)

# ---- what rpmbuild makes of it; told to keep the build-id, as we do ----
cat >foo.spec <<X
	%global _enable_debug_packages 1
	%undefine _debugsource_packages
	%undefine _unique_build_ids
	%global _no_recompute_build_ids 1
	%define __spec_install_post %{__debug_install_post}
	Name: libfoo1
	Version: 1.0.0
	Release: 1
	Summary: library of foo
	License: MIT
	%description
	text
	%debug_package
	%prep
	%setup -c -T
	%install
	install -D -m 755 $PWD/libfoo.so.1.0.0 %{buildroot}/usr/lib64/libfoo.so.1.0.0
	ln -s libfoo.so.1.0.0 %{buildroot}/usr/lib64/libfoo.so.1
	%files
	/usr/lib64/libfoo.so.1*
X
sed -i 's/^\t//' foo.spec
quietly rpmbuild -bb -D "_topdir $WORK/top" -D "_dbpath $WORK/norpmdb" foo.spec
theirs=$WORK/top/RPMS/x86_64/libfoo1
ours=sys/libfoo1
list() { rpm -qp --qf '[%{FILENAMES} %{FILEMODES:perms} %{FILEFLAGS} %{FILELINKTOS} %{FILEUSERNAME}\n]' "$1"; }
check "files, modes and links of -debuginfo are rpmbuild's" diff <(list "$theirs-debuginfo-1.0.0-1.x86_64.rpm") <(list "$ours-debuginfo-1.0.0-1.x86_64.rpm")
check "so are those of the runtime package" diff <(list "$theirs-1.0.0-1.x86_64.rpm") <(list "$ours-1.0.0-1.x86_64.rpm")
# What elfdeps makes of a file called *.debug is no library; rpmbuild's payload is gzip here.
relations() { rpm -qp --provides --requires "$1" | grep -vE '\.debug\(\)|PayloadIs'; }
check "and its relations" diff <(relations "$theirs-debuginfo-1.0.0-1.x86_64.rpm") <(relations "$ours-debuginfo-1.0.0-1.x86_64.rpm")
of() { rpm -qp --qf '%{GROUP}|%{SUMMARY}|%{DESCRIPTION}|%{ARCH}|%{NAME}' "$1"; }
is "and what it says of itself" "$(of "$ours-debuginfo-1.0.0-1.x86_64.rpm")" "$(of "$theirs-debuginfo-1.0.0-1.x86_64.rpm")"

# ---- pkgconfig() ----
requires() { rpm -qp --requires sys/libfoo-devel-1.0.0-1.x86_64.rpm | grep -E 'pkgconfig|pkg-config'; }
is "pkgconfig() provided is what rpm's script says" "$(rpm -qp --provides sys/libfoo-devel-1.0.0-1.x86_64.rpm | grep pkgconfig)" \
	"$(echo rpm/usr/lib64/pkgconfig/libfoo.pc | /usr/lib/rpm/pkgconfigdeps.sh --provides)"
is "and so is what is required" "$(requires)" "$(echo rpm/usr/lib64/pkgconfig/libfoo.pc | /usr/lib/rpm/pkgconfigdeps.sh --requires | sed 's/ *$//' | LC_ALL=C sort)"

# ---- the snapshot ----
check "the development package carries the ABI snapshot" cmp deb/usr/lib/x86_64-linux-gnu/abide/libfoo.so.1.abi \
	<("$ABIDE" inspect -s -H include libfoo.so.1.0.0)
check "against which the next release is judged" "$ABIDE" judge deb/usr/lib/x86_64-linux-gnu/abide/libfoo.so.1.abi libfoo.so.1.0.0 -H include

# ---- which packages, and of what ----
only() { # WANTED LINE...: the packages of a manifest with these lines in its library
	rm -rf some && mkdir some
	manifest some.yaml vendor "${@:2}"
	check "${*:2}" pack some.yaml -t some -p deb && is "makes $1" "$(names some)" "$1"
}
only "libfoo1_1.0.0-1_amd64.deb" 'split: [runtime]'
dpkg-deb -x some/libfoo1_1.0.0-1_amd64.deb some/x
is "stripped all the same" "$(readelf -SW some/x/opt/foo/lib/libfoo.so.1.0.0 | grep -c '\.symtab')" 0
only "libfoo-dev_1.0.0-1_amd64.deb libfoo1-dbgsym_1.0.0-1_amd64.deb" 'split: [dev, debug]'
FILE=bare.so only "libfoo-dev_1.0.0-1_amd64.deb libfoo1_1.0.0-1_amd64.deb" 'split: [runtime, dev, debug]'
refuses "a part that there is not" 1 "some.yaml:12:20: library.split: .doc. is not a value" sh -c "sed 's/split:.*/split: [runtime, doc]/' some.yaml >some2.yaml; cp some2.yaml some.yaml; '$ABIDE' pack -f some.yaml"
refuses "a library without build-id" 1 "library.file: .*noid.so: has no build-id.*-Wl,--build-id" env FILE=noid.so "$ABIDE" pack -f vendor.yaml -t out
cat >tool.yaml <<'X'
name: foo-tool
version: 1.0.0
release: 1
arch: amd64
maintainer: A Person <person@example.org>
license: MIT
description: program of foo
depends: ["libfoo1 (>= 1.0.0)"]
base: [debian-12, sys/libfoo1_1.0.0-1_amd64.deb]
contents:
  - {src: foo-tool, dst: /usr/bin/foo-tool}
X
mkdir tool
quietly pack tool.yaml -t tool -p deb
is "a program is packed as it is" "$(names tool)" foo-tool_1.0.0-1_amd64.deb
quietly sh -c "echo 'strip: true' >>tool.yaml"
quietly pack tool.yaml -t tool -p deb
is "but strip: true separates its symbols, too" "$(names tool)" "foo-tool-dbgsym_1.0.0-1_amd64.deb foo-tool_1.0.0-1_amd64.deb"

# ---- two sonames side by side ----
refuses "a path that the next soname would have, too" 1 "side.yaml:[0-9]+:[0-9]+: contents\[0\].dst: /etc/foo.conf would be in the package of the next soname" \
	sh -c "{ cat vendor.yaml; printf 'contents:\n  - {src: foo.c, dst: /etc/foo.conf}\n'; } >side.yaml; '$ABIDE' pack -f side.yaml -t out"
quietly sh -c "sed -i 's/foo.conf}/foo.conf, unversioned: true}/' side.yaml"
mkdir two
check "unless its entry says so" pack side.yaml -t two
rm two/*
FILE=libfoo.so.2.0.0 VERSION=2.0.0 quietly pack vendor.yaml -t two

# ---- private and held ----
mkdir private held
manifest private.yaml system 'private: true'
quietly pack private.yaml -t private
is "a private library tells dpkg nothing" "$(dpkg-deb --ctrl-tarfile private/libfoo1_1.0.0-1_amd64.deb | tar -t | sort | paste -sd' ')" "./ ./control ./md5sums"
is "and rpm neither" "$(rpm -qp --provides private/libfoo1-1.0.0-1.x86_64.rpm | grep -c '\.so')" 0
manifest held.yaml vendor 'held: true'
quietly pack held.yaml -t held
is "a held library is a package of its own name" "$(names held)" "libfoo1-held-1.0.0-1.0.0-1.x86_64.rpm libfoo1-held-1.0.0_1.0.0-1_amd64.deb"
refuses "only in a folder of its vendor" 1 "library.held: only for layout: vendor" sh -c "sed 's/layout: .*/layout: system/' held.yaml >h.yaml; '$ABIDE' pack -f h.yaml"

# ---- installed, by apt and dnf ----
root_up debian apt --bind "$WORK/split" --have gdb
check "apt installs library, symbols and program" inside debian apt-get install -y "$PWD"/out/libfoo1_*.deb "$PWD"/out/libfoo1-dbgsym_*.deb "$PWD"/tool/*.deb
# shellcheck disable=SC2016
check "gdb finds the source line of a function in the library" inside debian sh -c \
	'gdb -batch -ex "break foo_add" -ex run -ex "print *f" -ex "info source" /usr/bin/foo-tool 2>&1'
has "by its build-id" 'sum = 0'
check "apt installs the held version and the next major beside it" inside debian apt-get install -y "$PWD"/held/*.deb "$PWD"/two/libfoo2_*.deb "$PWD"/two/libfoo2-dbgsym_*.deb
is "the loader finds both majors, and not what is held" "$(inside debian ldconfig -p | sed -n 's/.*=> \(.*libfoo.*\)/\1/p' | sort | paste -sd' ')" \
	"/opt/foo/lib/libfoo.so.1 /opt/foo/lib/libfoo.so.2"
check "what is held can be used" inside debian env LD_LIBRARY_PATH=/opt/foo/held/1.0.0/lib ldd /usr/bin/foo-tool
has "by whom is told" '/opt/foo/held/1.0.0/lib/libfoo.so.1'
check "and removed again" inside debian apt-get purge -y libfoo1-held-1.0.0
check "which harms nobody" inside debian foo-tool
check "dpkg --verify agrees" inside debian dpkg --verify

root_up fedora dnf --bind "$WORK/split"
check "dnf installs library, symbols, the held version and the next major" inside fedora dnf -y install "$PWD"/out/libfoo1-*.rpm \
	"$PWD"/held/*.rpm "$PWD"/two/libfoo2-*.rpm
check "rpm -V agrees" inside fedora rpm -V libfoo1 libfoo1-debuginfo libfoo1-held-1.0.0 libfoo2 libfoo2-debuginfo
check "links lead from build-id to file and symbols" inside fedora sh -c \
	"test -f /usr/lib/debug/.build-id/$id_path.debug && test -f /usr/lib/debug/.build-id/$id_path && cmp /usr/lib/.build-id/$id_path /opt/foo/lib/libfoo.so.1"
quietly inside fedora gdb -batch -ex 'info line foo_add' /opt/foo/lib/libfoo.so.1
has "gdb finds the symbols" 'Line 2 of ".*foo.c"'
check "dnf removes what is held" inside fedora dnf -y remove libfoo1-held-1.0.0
check "down to the last folder" inside fedora test ! -e /opt/foo/held
