#!/usr/bin/env bash
# This project's own packages, made by dpkg-buildpackage and rpmbuild, install and work; libwarden2 beside libwarden1 harms neither.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"
needs_roots

PKG=$WORK/packages
mkdir "$PKG"
cd "$SRC" || exit 1
cores=$(nproc)
export DEB_BUILD_OPTIONS="nocheck noopt noautodbgsym parallel=$cores" CFLAGS=-O0
check "scripts/release deb" scripts/release deb "$PKG"
check "scripts/release rpm" scripts/release rpm "$PKG"
for name in abide libwarden1 libwarden-dev; do
	check "there is a .deb of $name" test -e "$PKG"/${name}_*.deb
	check "there is a .rpm of $name" test -e "$PKG"/${name/%-dev/-devel}-[0-9]*.rpm
done
quietly sh -c "rpm -qlp '$PKG'/abide-[0-9]*.rpm"
for file in /usr/bin/abide /usr/include/abide.h /usr/share/man/man1/abide.1 /usr/share/bash-completion/completions/abide /usr/share/doc/abide/README.md; do
	has "the .rpm of abide holds $file" "^$file"
done
check "the source archive is the same twice" sh -c "scripts/release source '$PKG' && cp '$PKG'/abide-*.tar.xz '$WORK/once.xz' &&
	scripts/release source '$PKG' && cmp '$PKG'/abide-*.tar.xz '$WORK/once.xz'"

# ---- a later libwarden2, as the rule for its files has it: a configuration file named after the package ----

two=$WORK/two
mkdir -p "$two/opt/warden/lib" "$two/etc/ld.so.conf.d"
echo 'const char *warden_version(void) { return "2.0.0"; }' >"$WORK/two.c"
quietly cc -shared -fPIC -Wl,-soname,libwarden.so.2 -o "$two/opt/warden/lib/libwarden.so.2" "$WORK/two.c"
echo /opt/warden/lib >"$two/etc/ld.so.conf.d/libwarden2.conf"
cat >"$WORK/two.spec" <<-SPEC
	%global debug_package %{nil}
	%global _build_id_links none
	Name: libwarden2
	Version: 2.0.0
	Release: 1
	Summary: two
	License: Apache-2.0
	%description
	two
	%install
	cp -a $two/. %{buildroot}/
	%post -p /sbin/ldconfig
	%postun -p /sbin/ldconfig
	%files
	%config /etc/ld.so.conf.d/libwarden2.conf
	%dir /opt/warden
	%dir /opt/warden/lib
	/opt/warden/lib/libwarden.so.2
SPEC
quietly rpmbuild --quiet -bb -D "_topdir $WORK/top" -D "_rpmdir $PKG" -D '_rpmfilename %%{NAME}.rpm' -D "_dbpath $WORK/norpmdb" "$WORK/two.spec"

control() { # FOLDER PACKAGE VERSION [DEPENDS]
	mkdir -p "$1/DEBIAN"
	printf '%s\n' "Package: $2" "Version: $3" "Architecture: $(dpkg --print-architecture)" 'Maintainer: Test <test@example.org>' \
		"Depends: ${4-libc6}" "Description: $2" >"$1/DEBIAN/control"
}
control "$two" libwarden2 2.0.0
echo 'activate-await ldconfig' >"$two/DEBIAN/triggers"
echo /etc/ld.so.conf.d/libwarden2.conf >"$two/DEBIAN/conffiles"
quietly dpkg-deb --root-owner-group --build "$two" "$PKG/libwarden2.deb"

# A service that loads the library while it is being configured, as one does that is started then.
service=$WORK/service
loads='import ctypes, sys; f = ctypes.CDLL("libwarden.so." + sys.argv[1]).warden_version; f.restype = ctypes.c_char_p; print(f().decode())'
control "$service" service 1 'libwarden1, python3'
printf '#!/bin/sh\npython3 -c '\''%s'\'' 1\n' "$loads" >"$service/DEBIAN/postinst"
chmod 755 "$service/DEBIAN/postinst"
quietly dpkg-deb --root-owner-group --build "$service" "$PKG/service.deb"

version=$(sed -n 's/^#define WARDEN_VERSION_\(MAJOR\|MINOR\|PATCH\) *\([0-9]*\)$/\2/p' src/warden/warden.h | paste -sd.)
speaks() { inside "$1" python3 -c "$loads" "$2" 2>&1 | tail -n 1; } # ROOT MAJOR
both() { echo "$(speaks "$1" 1) $(speaks "$1" 2)"; }
GONE='OSError: libwarden.so.%s: cannot open shared object file: No such file or directory'
# shellcheck disable=SC2059  # the format is above
gone() { printf "$GONE" "$1"; }
config_files() { inside "$1" sh -c 'cd /etc/ld.so.conf.d && ls -d *warden* 2>/dev/null | tr "\n" " "'; }
debs=("$PKG"/libwarden1_*.deb) rpms=("$PKG"/libwarden1-*.rpm)

# The two families differ in these words only.
both_majors() { # ROOT FAMILY ONE TWO; INSTALL and REMOVE are arrays
	check "$2: libwarden1 is installed" inside "$1" "${INSTALL[@]}" "$3"
	is "$2: its library is found" "$(speaks "$1" 1)" "$version"
	check "$2: libwarden2 is installed beside it" inside "$1" "${INSTALL[@]}" "$4"
	is "$2: both are found" "$(both "$1")" "$version 2.0.0"
	check "$2: libwarden1 is removed" inside "$1" "${REMOVE[@]}" libwarden1
	is "$2: libwarden2 is still found, libwarden1 is not" "$(both "$1")" "$(gone 1) 2.0.0"
	is "$2: its configuration went with it" "$(config_files "$1")" "libwarden2.conf "
	check "$2: libwarden1 is installed again" inside "$1" "${INSTALL[@]}" "$3"
	check "$2: libwarden2 is removed" inside "$1" "${REMOVE[@]}" libwarden2
	is "$2: libwarden1 is still found, libwarden2 is not" "$(both "$1")" "$version $(gone 2)"
	is "$2: its configuration went with it" "$(config_files "$1")" "warden.conf "
}

have=()
for name in $(dpkg-deb -f "$PKG"/abide_*.deb Depends | sed 's/([^)]*)//g; s/|[^,]*//g; s/,/ /g'); do have+=(--have "$name"); done
root_up debian apt --bind "$PKG" "${have[@]}"
INSTALL=(apt-get install -y) REMOVE=(apt-get purge -y)
both_majors debian apt "${debs[0]}" "$PKG/libwarden2.deb"
quietly inside debian apt-get purge -y libwarden1
check "apt: a service installed in the same run loads the library while it is configured" \
	inside debian apt-get install -y "$PKG/service.deb" "${debs[0]}"
check "apt: libwarden-dev is installed" inside debian apt-get install -y "$PKG"/libwarden-dev_*.deb
quietly inside debian sh -c 'printf "%s\n" "#include <warden.h>" "#include <stdio.h>" "int main(void) { puts(warden_version()); }" >/root/t.c'
# shellcheck disable=SC2016  # expanded inside
check "apt: a program is compiled with what pkg-config says" inside debian sh -c \
	'cc -o /root/t /root/t.c $(PKG_CONFIG_PATH=/opt/warden/lib/pkgconfig pkg-config --cflags --libs libwarden)'
is "apt: and runs" "$(inside debian /root/t)" "$version"
check "apt: abide is installed" inside debian apt-get install -y "$PKG"/abide_*.deb
check "apt: abide runs" inside debian /usr/bin/abide --version
check "apt: abide has a man page" inside debian test -e /usr/share/man/man1/abide.1.gz
check "apt: all of it is purged" inside debian apt-get purge -y abide libwarden1 libwarden-dev service
refuses "apt: nothing is left in /opt" 2 'No such file' inside debian ls /opt/warden

root_up fedora dnf --bind "$PKG"
INSTALL=(dnf -y install) REMOVE=(dnf -y remove)
both_majors fedora dnf "${rpms[0]}" "$PKG/libwarden2.rpm"
check "dnf: libwarden-devel is installed" inside fedora dnf -y install "$PKG"/libwarden-devel-*.rpm
check "dnf: all of it is removed" inside fedora dnf -y remove libwarden1
refuses "dnf: nothing is left in /opt" 2 'No such file' inside fedora ls /opt/warden
