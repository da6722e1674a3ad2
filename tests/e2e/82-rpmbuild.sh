#!/usr/bin/env bash
# A stranger's library with a spec file of its own: rpmbuild refuses what abide refuses; sonames with a version, for rpm and dnf.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: B, the build folder; ABIDE, the program under test. Needs no root.
. "$(dirname "$0")/lib.sh"
export SOURCE_DATE_EPOCH=1700000000
cd "$WORK" || exit 1
printf '%%_dbpath %s\n' "$WORK/rpmdb" >"$HOME/.rpmmacros"

mkdir include releases rpms
printf 'struct thing { int a; };\nint thing_get(const struct thing *t);\n' >include/thing.h
get='#include "thing.h"\nint thing_get(const struct thing *t) { return t->a; }\n'
# shellcheck disable=SC2059  # the escapes are meant
printf "$get" >releases/1.0.0.c
# shellcheck disable=SC2059
printf "${get}int thing_new(void) { return 2; }\n" >releases/1.1.0.c
printf 'struct thing { long b; int a; };\nint thing_get(const struct thing *t) { return t->a; }\nint thing_new(void) { return 2; }\n' >releases/1.2.0.c
cat >thing.spec <<'X'
%global debug_package %{nil}
%global _build_id_links none
Name: thing
Version: %{wanted}
Release: 1
Summary: things
License: MIT
%{abide_versioned_sonames}
%description
things
%package -n libthing1
Summary: things
%description -n libthing1
things
%package devel
Summary: things
%description devel
things
%install
mkdir -p %{buildroot}%{_libdir} %{buildroot}%{_includedir}
gcc -g -O2 -shared -fPIC -I%{top}/include -Wl,-soname,libthing.so.1 -o %{buildroot}%{_libdir}/libthing.so.1 %{top}/releases/%{version}.c
ln -s libthing.so.1 %{buildroot}%{_libdir}/libthing.so
cp %{top}/include/thing.h %{buildroot}%{_includedir}/
%abide_check -H %{buildroot}%{_includedir} -n libthing1 -s %{_libdir} %{buildroot}%{_libdir}/libthing.so.1 %{history}
%files -n libthing1
%{_libdir}/libthing.so.1
%{_docdir}/libthing1
%files devel
%{_includedir}/thing.h
%{_libdir}/libthing.so
%{_libdir}/abide
X

# build VERSION [HISTORY]
build() {
	local -a told=(-D 'history %{nil}')
	[ $# -eq 1 ] || told=(-D "history $2")
	rpmbuild -bb --load "$SRC/packaging/rpm/macros.abide" -D "_topdir $WORK/top" -D "_rpmdir $WORK/rpms" -D '_rpmfilename %%{NAME}-%%{VERSION}.rpm' \
		-D "top $WORK" -D "wanted $1" "${told[@]}" -D "__abide $ABIDE" \
		-D "__abide_elfdeps $SRC/packaging/rpm/abide-elfdeps" thing.spec
}
file_of() { rpm2cpio "rpms/$1" | cpio -i --quiet --to-stdout ".$2"; }

check "%abide_check lets a first release through" build 1.0.0
mkdir history
snapshot=$(rpm -qlp rpms/thing-devel-1.0.0.rpm | grep '\.abi$')
file_of thing-devel-1.0.0.rpm "$snapshot" >history/libthing.so.1-1.0.0.abi
is "the snapshot is called like the soname" "${snapshot##*/}" libthing.so.1.abi
check "the development package holds the snapshot" "$ABIDE" inspect history/libthing.so.1-1.0.0.abi
has "with what the public header shows" 'struct thing'
check "ADDS is built, against a folder of snapshots" build 1.1.0 "$WORK/history"
has "and said in the log" '^ADDS'
is "the verdict is in the package" "$(file_of libthing1-1.1.0.rpm /usr/share/doc/libthing1/abi-verdict.json | jq -r .verdict)" ADDS
file_of thing-devel-1.1.0.rpm "$snapshot" >history/libthing.so.1-1.1.0.abi
refuses "BREAKS is not built" 1 'struct-grew +4 -> 16 bytes' build 1.2.0 "$WORK/history"
has "and the log says why" '^BREAKS'
is "and there is no package of it" "$(ls rpms/*1.2.0* 2>/dev/null)" ""
refuses "nor against one snapshot" 1 '^BREAKS' build 1.2.0 "$WORK/history/libthing.so.1-1.1.0.abi"

# ---- sonames with a version: abide-elfdeps and abide pack say the same; rpm and dnf take them as meant ----
marker='()(64bit)'; [ "$(getconf LONG_BIT)" = 64 ] || marker=
rpm -qp --provides rpms/libthing1-1.1.0.rpm >"$OUT"
is "a library without version nodes provides its soname with its version" "$(grep ^libthing.so "$OUT")" "libthing.so.1$marker = 1.1.0"
printf '%s\n' 'name: libthing' 'version: 1.1.0' 'maintainer: A <a@b.c>' 'description: d' 'library:' '  file: one.so' '  history: history' '  headers: [include]' '  layout: system' >abide.yaml
quietly gcc -g -O2 -shared -fPIC -Iinclude -Wl,--hash-style=both -Wl,-soname,libthing.so.1 -o one.so releases/1.1.0.c
quietly "$ABIDE" pack -p rpm
is "and so it does when abide packs it" "$(rpm -qp --provides libthing1-1.1.0-1.*.rpm | grep ^libthing.so)" "libthing.so.1$marker = 1.1.0"
quietly gcc -shared -fPIC -Wl,-soname,libnode.so.1 -Wl,--version-script=<(echo 'NODE_1 { global: *; };') -o libnode.so.1 releases/1.1.0.c -Iinclude
elfdeps=$(rpm -E '%{_rpmconfigdir}')/elfdeps
is "a library with version nodes is left as it was" "$(echo libnode.so.1 | "$SRC/packaging/rpm/abide-elfdeps" "$elfdeps" 1.1.0 --provides)" \
	"$(echo libnode.so.1 | "$elfdeps" --provides)"

user() { # NAME RELATION: a package that requires this
	printf '%s\n' "name: $1" 'arch: amd64' 'version: 1' 'maintainer: A <a@b.c>' 'description: d' "depends: ['libthing.so.1$marker$2']" >user.yaml
	quietly "$ABIDE" pack -f user.yaml -p rpm -t users
}
mkdir users
user plain ''
user enough ' >= 1.0.5'
user toomuch ' >= 1.2.0'
cp libthing1-1.1.0-1.*.rpm users/
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else unshare --map-root-user "$@"; fi; }
takes() { as_root rpm --root "$WORK/root" --dbpath /var/lib/rpm -i --test users/libthing1-*.rpm "users/$1-"*.rpm; }
check "rpm: who asks for no version is content" takes plain
check "rpm: and who asks for a lower one" takes enough
refuses "rpm: who asks for a higher one is not" - 'libthing.so.1.* >= 1.2.0 is needed by toomuch' takes toomuch
quietly createrepo_c -q users
dnf -q --setopt=reposdir=/nonexistent --setopt=cachedir="$WORK/cache" --setopt=logdir="$WORK" --installroot="$WORK/root" --releasever=1 \
	--repofrompath=users,file://"$WORK/users" --repo=users repoclosure >"$OUT" 2>&1
is "dnf: the same" "$(sed -n 's/^package: \([a-z0-9]*\)-.*/\1/p' "$OUT" | paste -sd' ')" toomuch
