#!/usr/bin/env bash
# Side by side: two services on one booted server run with two versions of one library at once, in both families.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"
needs_roots
cd "$WORK" || exit 1
unset SOURCE_DATE_EPOCH
export DEBFULLNAME=Tester DEBEMAIL=test@example.org
arch=$(dpkg --print-architecture)
repo=$WORK/repo

# ---- the library in three versions, and services that say by which one they run ----
key_new vendor
pack_library() { # VARIANT VERSION
	mkdir -p "$2"
	quietly env -C "$SRC" LIBWARDEN="$(ls "$B/variants/$1"/libwarden.so.*.*.*)" VERSION="$2" WARDEN="$B/variants/$1/src" \
		"$ABIDE" pack -f packaging/libwarden.yaml -t "$WORK/$2" --sign "$KEY"
}
pack_library base 1.0.0
pack_library 1.0.1 1.0.1
pack_library 1.1.0 1.1.0

cat >stay.c <<'C'
#include <stdio.h>
#include <unistd.h>
#include <warden.h>
int main(int argc, char **argv)
{
	FILE *f = argc > 1 ? fopen(argv[1], "w") : stdout;
	if (f == NULL || fprintf(f, "%s\n", warden_version()) < 0 || fflush(f) != 0)
		return 1;
	for (;;)
		pause();
}
C
build() { # PROGRAM FLAG...
	quietly cc -O2 -o "$1" stay.c -I"$B/variants/base/src" "$B/variants/base/libwarden.so" "${@:2}"
}
build stay
build stay-rpath -Wl,--disable-new-dtags,-rpath,/opt/warden/lib
pack_service() { # NAME PROGRAM MODE
	printf '[Unit]\nDescription=%s\n[Service]\nExecStart=/usr/bin/%s /run/%s.version\n' "$1" "$1" "$1" >"$1.service"
	cat >"$1.yaml" <<-YAML
		name: $1
		arch: $arch
		version: "1.0"
		release: 1
		maintainer: Tester <test@example.org>
		description: a service that stays
		contents:
		  - {src: $2, dst: /usr/bin/$1, file_info: {mode: $3}}
		  - {src: $1.service, dst: /usr/lib/systemd/system/$1.service}
	YAML
	quietly "$ABIDE" pack -f "$1.yaml" --base "$WORK/1.0.0" -t services --sign "$KEY"
}
mkdir services
pack_service ask stay 0755
pack_service gate stay 0755
pack_service old stay-rpath 0755
pack_service su stay 04755

quietly "$ABIDE" publish init "$repo" --key "$KEY" --origin vendor
quietly "$ABIDE" publish add "$repo" 1.0.0/*.deb 1.0.0/*.rpm services/*.deb services/*.rpm
quietly "$ABIDE" publish add "$repo" 1.0.1/*.deb 1.0.1/*.rpm
quietly "$ABIDE" publish add "$repo" 1.1.0/*.deb 1.1.0/*.rpm
mkdir channels
cat >fleet.yaml <<'YAML'
fleet: test
repository: repo
YAML
channel() { # SERVICE VERSION...: acme holds each of these services at that version of libwarden1
	printf '%s\n' 'channel: acme' 'packages:' '  - {name: libwarden1, version: "1.*", reason: one major, author: ops}' held: >channels/acme.yaml
	while [ $# -gt 0 ]; do
		printf '  - {service: %s, package: libwarden1, version: "%s", reason: certified, author: ops}\n' "$1" "$2" >>channels/acme.yaml
		shift 2
	done
	printf '%s\n' "$hosts" >>channels/acme.yaml
}
hosts='hosts:
  - class: web
    base: debian
    services: [{name: ask}, {name: gate}, {name: old}, {name: su}]
  - class: rpm
    base: el
    services: [{name: ask}, {name: gate}, {name: old}, {name: su}]'
printf '%s\n' 'bases:' "  - {name: debian, base: debian-12-$arch}" "  - {name: el, base: el.base}" >>fleet.yaml
export_acme() { "$ABIDE" pin export acme --publish --why "$1"; }

mkdir -p el/usr/lib/sysimage/rpm
cp "$B"/e2e/base/rpmdb/* el/usr/lib/sysimage/rpm/
quietly "$ABIDE" base capture --root el --output el.base

# ---- what cannot be held is refused, and why ----
channel old 1.0.1
refuses "a program with DT_RPATH cannot be moved" 1 'usr/bin/old has a DT_RPATH.*LD_LIBRARY_PATH' export_acme no
channel su 1.0.1
refuses "a set-user-ID program cannot be moved" 1 'usr/bin/su is set-user-ID' export_acme no
channel ask 3.0
refuses "a version that is not there cannot be held" 1 'channels/acme.yaml: held: ask: suite stable has no libwarden1 3.0' export_acme no
is "and nothing was published" "$(ls "$repo/dists")" stable

# ---- made and published ----
channel ask 1.0.1
check "the channel is published with what is held" export_acme "ask is certified on 1.0.1"
has "what servers need is named" 'publish client-config --url URL --suite acme'
held_deb=$(find "$repo/pool" -name 'libwarden1-held-1.0.1_*.deb')
held_rpm=$(find "$repo/rpm/acme" -name 'libwarden1-held-1.0.1-*.rpm')
is "the files lie in the vendor's folder, where nobody looks" \
	"$(dpkg-deb -c "$held_deb" | awk '{ print $6 }' | grep -E 'held/|\.d/50' | grep -v '/$' | sort | paste -sd' ')" \
	"./opt/warden/held/1.0.1/lib/libwarden.so.1 ./opt/warden/held/1.0.1/lib/libwarden.so.1.0.1 ./usr/lib/systemd/system/ask.service.d/50-abide-held-libwarden1.conf"
is "dpkg is told of no library" "$(dpkg-deb --ctrl-tarfile "$held_deb" | tar -t | sort | paste -sd' ')" "./ ./control ./md5sums ./postinst ./postrm"
is "rpm neither" "$(rpm -qp --provides "$held_rpm" 2>/dev/null | grep -c '\.so')" 0
is "it is the published library" "$(dpkg-deb --fsys-tarfile "$held_deb" | tar -xO ./opt/warden/held/1.0.1/lib/libwarden.so.1.0.1 | sha256sum)" \
	"$(dpkg-deb --fsys-tarfile 1.0.1/libwarden1_1.0.1-1_*.deb | tar -xO ./opt/warden/lib/libwarden.so.1.0.1 | sha256sum)"
check "the suite is whole" "$ABIDE" publish verify --suite acme --packages "$repo"
check "a second export changes nothing" export_acme "again"
has "and says so" 'suite acme, state 2: nothing differs'
quietly "$ABIDE" publish history --suite acme "$repo"
has "the state says who and why" 'Tester <test@example.org>.*|ask is certified on 1.0.1'
is "and which channel file" "$(awk '$1 == "Channel:" { print $2 }' "$repo/history/acme/2")" "$(sha256sum <channels/acme.yaml | cut -c 1-64)"

# ---- two booted servers ----
quietly "$ABIDE" publish client-config "$repo" --url "file://$repo" --suite acme -o client
root_up debian apt --bind "$repo" --systemd
root_up fedora dnf --bind "$repo" --systemd
copy_in() { inside "$1" install -D -m 644 /dev/stdin "$3" <"client/$2"; }
copy_in debian vendor.gpg /etc/apt/keyrings/vendor.gpg
copy_in debian vendor.sources /etc/apt/sources.list.d/vendor.sources
copy_in fedora RPM-GPG-KEY-vendor /etc/pki/rpm-gpg/RPM-GPG-KEY-vendor
copy_in fedora vendor.repo /etc/yum.repos.d/vendor.repo
install_() { # PACKAGE...: on both
	quietly inside debian sh -c 'apt-get update && apt-get install -y "$@"' _ "$@"
	quietly inside fedora dnf -y --refresh install "$@"
}
remove_() {
	quietly inside debian apt-get remove -y "$@"
	quietly inside fedora dnf -y remove "$@"
}
restart_() { for server in debian fedora; do quietly inside "$server" systemctl restart "$@"; done; }
# By which version the services run, as they say themselves and as the kernel has it.
runs() { # SERVER
	local service pid
	for service in ask gate; do
		pid=$(inside "$1" systemctl show -P MainPID "$service")
		inside "$1" sh -c "printf '%s %s ' $service \$(cat /run/$service.version); sed -n 's|.* \(/opt/warden/.*\)|\1|p' /proc/$pid/maps | sort -u | paste -sd,"
	done
}
current="/opt/warden/lib/libwarden.so.1.1.0" held="/opt/warden/held/1.0.1/lib/libwarden.so.1.0.1"

install_ libwarden1 ask gate
restart_ ask gate
for server in debian fedora; do
	is "$server: both services run with 1.1.0" "$(runs $server)" "ask 1.1.0 $current"$'\n'"gate 1.1.0 $current"
done
install_ libwarden1-held-1.0.1
for server in debian fedora; do
	is "$server: a service that runs keeps what it has" "$(runs $server)" "ask 1.1.0 $current"$'\n'"gate 1.1.0 $current"
done
restart_ ask gate
for server in debian fedora; do
	is "$server: two versions at once, from the next start" "$(runs $server)" "ask 1.0.1 $held"$'\n'"gate 1.1.0 $current"
	is "$server: the loader finds the current one only" "$(inside $server ldconfig -p | sed -n 's/.*=> \(.*libwarden.*\)/\1/p')" /opt/warden/lib/libwarden.so.1
done

# ---- the channel changes ----
channel ask 1.0.1 gate 1.0.1
check "a second service is held" export_acme "gate, too"
is "the library is not taken from the pool again" "$(find "$repo/pool" -name 'libwarden1-held-1.0.1_*.deb' | wc -l)" 2
for server in debian fedora; do
	if [ $server = debian ]; then
		quietly inside debian sh -c 'apt-get update && apt-get -y upgrade'
	else
		quietly inside fedora dnf -y --refresh upgrade
	fi
	quietly inside $server systemctl restart ask gate
	is "$server: an upgrade brings it" "$(runs $server)" "ask 1.0.1 $held"$'\n'"gate 1.0.1 $held"
done
channel ask 1.0.0
check "the service moves to another version" export_acme "back to 1.0.0"
quietly inside debian sh -c 'apt-get update && apt-get install -y libwarden1-held-1.0.0'
refuses "dnf says that only one can decide for a service" 1 'conflicts' inside fedora dnf -y --refresh install libwarden1-held-1.0.0
quietly inside fedora dnf -y install --allowerasing libwarden1-held-1.0.0
restart_ ask gate
for server in debian fedora; do
	is "$server: the earlier one has left" "$(runs $server | cut -d' ' -f 1,2 | paste -sd' ')" "ask 1.0.0 gate 1.1.0"
	is "$server: down to the last folder" "$(inside $server ls /opt/warden/held)" 1.0.0
done
remove_ libwarden1-held-1.0.0
restart_ ask gate
for server in debian fedora; do
	is "$server: removed, both run with 1.1.0 again" "$(runs $server)" "ask 1.1.0 $current"$'\n'"gate 1.1.0 $current"
	is "$server: and nothing is left" "$(inside $server sh -c 'ls -d /opt/warden/held /usr/lib/systemd/system/ask.service.d 2>/dev/null')" ""
done
