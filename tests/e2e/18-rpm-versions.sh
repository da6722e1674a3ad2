#!/usr/bin/env bash
# Every version of rpm that a Debian release has takes our packages: signed and not, of every compression and layout.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: ROOTS=1, or else it is skipped: three minimal Debian systems are made in $B/roots, once, which takes some
# minutes and 250 MB of downloads; MIRROR. Needs root.
. "$(dirname "$0")/lib.sh"
[ "${ROOTS-}" = 1 ] || skip_all "ROOTS=1 is not set: it makes systems of other Debian releases"
[ "$(id -u)" = 0 ] || skip_all "needs root"
: "${MIRROR:=http://deb.debian.org/debian}"
cd "$WORK" || exit 1

# ---- packages ----

mkdir include
echo 'const char *thing(int n);' >include/thing.h
# shellcheck disable=SC2016  # for pkg-config
printf 'Name: thing\nDescription: d\nVersion: @VERSION@\nLibs: -L@LIBDIR@ -lthing\n' >thing.pc.in
printf 'THING_1.0 { global: thing; local: *; };\n' >map
printf '#!/bin/sh\nexit 0\n' >script
echo 'const char *thing(int n) { return n ? "a" : "b"; }' >thing.c
echo 'const char *thing(int n); int main(int c, char **v) { (void)v; return thing(c)[0] != 97; }' >tool.c
quietly cc -g -shared -fPIC -Wl,-soname,libthing.so.1 -Wl,--version-script=map -o libthing.so.1.0.0 thing.c
quietly cc -g -o tool tool.c ./libthing.so.1.0.0
cat >library.yaml <<'X'
name: libthing
version: 1.0.0
release: 1
maintainer: A Person <person@example.org>
license: MIT
mtime: 2024-01-31T12:00:00Z
description: |-
  library of things
  Tschüß.
rpm: {compression: "${COMPRESSION}"}
library: {file: libthing.so.1.0.0, headers: [include], pkgconfig: thing.pc.in, layout: LAYOUT}
X
cat >tool.yaml <<'X'
name: thing-tool
version: 2.0~rc1
epoch: 3
release: 1
maintainer: A Person <person@example.org>
license: MIT
mtime: 2024-01-31T12:00:00Z
description: a program of things
depends: [bash | zsh]
rpm: {compression: "${COMPRESSION}"}
strip: true
scripts: {preinstall: script, postinstall: script, preremove: script, postremove: script}
contents:
  - {src: tool, dst: /usr/bin/thing-tool}
  - {src: include, dst: /usr/share/thing-tool, type: tree}
  - {src: map, dst: /etc/thing.conf, type: config|noreplace}
  - {src: thing-tool, dst: /usr/bin/thing-link, type: symlink}
  - {dst: /var/lib/thing-tool, type: dir, file_info: {mode: 0750, owner: daemon, group: daemon}}
  - {dst: /var/log/thing.log, type: ghost}
X
for layout in vendor system; do sed "s/LAYOUT/$layout/" library.yaml >$layout.yaml; done
key_new pack
mkdir packages
for layout in vendor system; do
	for compression in xz zstd gzip none; do
		folder=packages/$layout-$compression
		mkdir "$folder-unsigned" "$folder-signed"
		quietly env COMPRESSION=$compression "$ABIDE" pack -p rpm $layout.yaml tool.yaml -t "$folder-unsigned"
		quietly env COMPRESSION=$compression "$ABIDE" pack -p rpm $layout.yaml tool.yaml -t "$folder-signed" --sign pack@example.org
	done
done
gpg --export -a pack@example.org >packages/key.asc

# ---- what runs in each root; it prints what went wrong ----

cat >packages/try <<'X'
set -u
cd /packages
mkdir -p /var/lib/rpm-of-test
rpm() { command rpm --dbpath /var/lib/rpm-of-test "$@"; }
# An rpm of Debian's before 4.20 installs nothing by itself.
debian=
if rpm --force-debian --version >/dev/null 2>&1; then debian=--force-debian; fi
rpmkeys --dbpath /var/lib/rpm-of-test --import key.asc || echo "the key cannot be imported"
for folder in */; do
	# rpm 6 as it comes wants a signature; the distributions differ.
	level=digest
	case $folder in *-signed/) level=all ;; esac
	for file in "$folder"*.rpm; do
		said=$(rpmkeys --dbpath /var/lib/rpm-of-test -K "$file" 2>&1) || echo "rpm -K: $said"
		case $folder in
		*-signed/) [[ $said == *signatures\ OK ]] || echo "no signature is seen: $said" ;;
		esac
		rpm -qip --provides --requires --scripts --changelog "$file" >/dev/null 2>error || echo "rpm -qip fails: $file"
		! [ -s error ] || sed "s|^|rpm -qip $file: |" error
	done
	rpm $debian -D "_pkgverify_level $level" -i --nodeps "$folder"*.rpm || echo "rpm -i fails: $folder"
	mapfile -t names < <(rpm -qa --qf '%{NAME}\n' | grep thing)
	[ ${#names[@]} = 5 ] || echo "$folder: there are not five packages, but ${names[*]}"
	rpm -V --nodeps "${names[@]}" || echo "rpm -V fails: $folder"
	rpm $debian -e --nodeps "${names[@]}" || echo "rpm -e fails: $folder"
	left=$(find / -xdev -name '*thing*' ! -path '/packages/*' ! -path '/proc/*' ! -path '/tmp/*')
	[ -z "$left" ] || echo "$folder: left behind: $left"
done
X

# ---- the roots ----

# root_of SUITE: makes it once. A suite that this debootstrap does not know yet is made like sid.
root_of() {
	local root=$B/roots/$1 like=/usr/share/debootstrap/scripts/$1
	[ ! -e "$root/etc/os-release" ] || return 0
	[ -e "$like" ] || like=/usr/share/debootstrap/scripts/sid
	rm -rf "$root" "$root.part" && mkdir -p "$B/roots" &&
		debootstrap --variant=minbase --include=rpm "$1" "$root.part" "$MIRROR" "$like" && mv "$root.part" "$root"
}

# try_in SUITE: on a throwaway copy
try_in() {
	mkdir -p "$WORK/$1"
	# shellcheck disable=SC2016  # for the inner shell
	unshare --mount --pid --fork --kill-child --net -- bash -ec '
		mount -t tmpfs tmpfs "$2" && mkdir "$2/upper" "$2/work" "$2/root"
		mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
		mount -t proc proc "$2/root/proc"
		cp -r "$3" "$2/root/packages"
		exec chroot "$2/root" env -i LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp bash /packages/try' \
		bash "$B/roots/$1" "$WORK/$1" "$WORK/packages" 2>&1
}

for suite in bullseye bookworm trixie forky; do
	check "a minimal system of $suite" root_of $suite || continue
	version=$(chroot "$B/roots/$suite" rpm --version)
	is "$version of $suite checks, shows, installs, verifies and removes all of them" "$(try_in $suite)" ""
done
