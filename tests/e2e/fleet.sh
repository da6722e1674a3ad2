# What the tests of pin export share: libwarden in three versions and services that say by which one they run, of both families,
# in a signed repository; a base of each family; servers that are asked. Sourced after lib.sh, in $WORK.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
#   fleet_libraries                  packs libwarden 1.0.0, 1.0.1 and 1.1.0 into folders of these names; makes the key vendor
#   fleet_program NAME FLAG...       builds a program that writes the version of its libwarden to the file it is given, and stays
#   fleet_service NAME PROGRAM MODE  packs it as a service, into services/
#   fleet_repository                 publishes it all in $repo, suite stable, and makes el.base
#   fleet_client SUITE ROOT...       makes servers read a suite
#   runs ROOT                        by which version and file ask and gate run: as they say, and as the kernel does
# shellcheck disable=SC2034  # $repo is the tests'
repo=$WORK/repo
unset SOURCE_DATE_EPOCH
export DEBFULLNAME=Tester DEBEMAIL=test@example.org

pack_library() { # VARIANT VERSION
	mkdir -p "$2"
	quietly env -C "$SRC" LIBWARDEN="$(ls "$B/variants/$1"/libwarden.so.*.*.*)" VERSION="$2" WARDEN="$B/variants/$1/src" \
		"$ABIDE" pack -f packaging/libwarden.yaml -t "$WORK/$2" --sign "$KEY"
}

fleet_libraries() {
	key_new vendor
	pack_library base 1.0.0
	pack_library 1.0.1 1.0.1
	pack_library 1.1.0 1.1.0
	mkdir services
	cat >stay.c <<-'C'
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
}

fleet_program() {
	quietly cc -O2 -o "$1" stay.c -I"$B/variants/base/src" "$B/variants/base/libwarden.so" "${@:2}"
}

fleet_service() {
	printf '[Unit]\nDescription=%s\n[Service]\nExecStart=/usr/bin/%s /run/%s.version\n' "$1" "$1" "$1" >"$1.service"
	cat >"$1.yaml" <<-YAML
		name: $1
		arch: $(dpkg --print-architecture)
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

fleet_repository() {
	quietly "$ABIDE" publish init "$repo" --key "$KEY" --origin vendor
	quietly "$ABIDE" publish add "$repo" 1.0.0/*.deb 1.0.0/*.rpm services/*.deb services/*.rpm
	quietly "$ABIDE" publish add "$repo" 1.0.1/*.deb 1.0.1/*.rpm
	quietly "$ABIDE" publish add "$repo" 1.1.0/*.deb 1.1.0/*.rpm
	mkdir -p channels el/usr/lib/sysimage/rpm
	cp "$B"/e2e/base/rpmdb/* el/usr/lib/sysimage/rpm/
	quietly "$ABIDE" base capture --root el --output el.base
	printf '%s\n' 'fleet: test' 'repository: repo' 'bases:' "  - {name: debian, base: debian-12-$(dpkg --print-architecture)}" \
		'  - {name: el, base: el.base}' >fleet.yaml
}

fleet_client() {
	local suite=$1 server
	quietly "$ABIDE" publish client-config "$repo" --url "file://$repo" --suite "$suite" -o "client-$suite"
	for server in "${@:2}"; do
		copy_in "$server" vendor.gpg /etc/apt/keyrings/
		copy_in "$server" vendor.sources /etc/apt/sources.list.d/
		copy_in "$server" RPM-GPG-KEY-vendor /etc/pki/rpm-gpg/
		copy_in "$server" vendor.repo /etc/yum.repos.d/
	done
}
copy_in() { inside "$1" install -D -m 644 /dev/stdin "$3$2" <"client-$suite/$2"; }

runs() {
	local service pid
	for service in ask gate; do
		pid=$(inside "$1" systemctl show -P MainPID "$service")
		inside "$1" sh -c "printf '%s %s ' $service \$(cat /run/$service.version); sed -n 's|.* \(/opt/warden/.*\)|\1|p' /proc/$pid/maps | sort -u | paste -sd,"
	done
}
