#!/usr/bin/env bash
# Side by side: two services on one booted server run with two versions of one library at once, in both families.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"
needs_roots
cd "$WORK" || exit 1
# shellcheck source=tests/e2e/fleet.sh
. "$E2E/fleet.sh"

fleet_libraries
fleet_program stay
fleet_program stay-rpath -Wl,--disable-new-dtags,-rpath,/opt/warden/lib
fleet_service ask stay 0755
fleet_service gate stay 0755
fleet_service old stay-rpath 0755
fleet_service su stay 04755
fleet_repository

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
export_acme() { "$ABIDE" pin export acme --publish --why "$1"; }

# ---- what cannot be held is refused, and why ----
channel old 1.0.1
refuses "a program with DT_RPATH cannot be moved" 1 'usr/bin/old has a DT_RPATH.*LD_LIBRARY_PATH' export_acme no
channel su 1.0.1
refuses "a set-user-ID program cannot be moved" 1 'usr/bin/su is set-user-ID' export_acme no
channel ask 3.0
refuses "a channel that abide pin check does not pass is not published" 4 'channels/acme.yaml: web: ask: .* no longer has libwarden1 3.0' export_acme no
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
root_up debian apt --bind "$repo" --systemd
root_up fedora dnf --bind "$repo" --systemd
fleet_client acme debian fedora
install_() { # PACKAGE...: on both
	quietly inside debian sh -c 'apt-get update && apt-get install -y "$@"' _ "$@"
	quietly inside fedora dnf -y --refresh install "$@"
}
remove_() {
	quietly inside debian apt-get remove -y "$@"
	quietly inside fedora dnf -y remove "$@"
}
restart_() { for server in debian fedora; do quietly inside "$server" systemctl restart "$@"; done; }
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
echo left by a crash >"$repo/rpm/acme/Packages/libwarden1-held-1.0.1-1.0.1-1+acme.3.$(uname -m).rpm"
check "a second service is held; what a crash left in the place of its package is replaced" export_acme "gate, too"
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
