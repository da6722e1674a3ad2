#!/usr/bin/env bash
# abide pin check beside the real apt and dnf: made-up fleets, on whose hosts all must install the same or refuse the same.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: ABIDE, the program; FLEETS, how many fleets to make up (default: 12); FIRST, the first seed (default: 1).
. "$(dirname "$0")/lib.sh"

key_new release rsa3072
oracle=$E2E/pin_oracle.py
BATCH=25 # fleets of one repository

# apt_world ROOT: an apt whose world is that folder alone.
apt_world() {
	mkdir -p "$1"/{etc/apt/{apt.conf.d,preferences.d,sources.list.d,trusted.gpg.d},var/lib/apt/lists/partial,var/cache/apt/archives/partial,var/log/apt}
	mkdir -p "$1"/var/lib/dpkg/{info,updates,triggers,parts,alternatives}
	cat >"$1/apt.conf" <<-END
		Dir "$1"; Dir::State::status "$1/var/lib/dpkg/status"; Dir::Log "$1/var/log/apt"; Dir::Bin::dpkg "/usr/bin/dpkg";
		Dir::Etc::trustedparts "$1/etc/apt/trusted.gpg.d"; APT::Architecture "amd64"; APT::Architectures { "amd64"; "i386"; };
		APT::Sandbox::User ""; Acquire::Languages "none"; APT::Install-Recommends "false";
	END
}

# bases FLEET SEED: the two systems of a fleet; every other has one of the fleet's own rpms installed.
bases() {
	local root=$1/dnf some
	apt_world "$1/apt"
	cp "$1/status" "$1/apt/var/lib/dpkg/status"
	printf 'ID=made\nVERSION_ID=%s\n' "$2" >"$1/apt/etc/os-release"
	quietly "$ABIDE" base capture --root "$1/apt" --available "$1/elsewhere/Packages" --output "$1/deb.base"
	mkdir -p "$root/usr/lib/sysimage/rpm" "$root/etc"
	cp "$B"/e2e/base/rpmdb/* "$root/usr/lib/sysimage/rpm/"
	printf 'ID=made\nVERSION_ID=%s\n' "$2" >"$root/etc/os-release"
	if [ $(($2 % 2)) -eq 0 ]; then
		for some in "$dir"/rpms/noarch/"f$2-alpha-1.0"*.rpm; do
			[ ! -f "$some" ] || quietly rpm --root "$root" -i --justdb --nodeps --nosignature "$some"
		done
	fi
	quietly "$ABIDE" base capture --root "$root" --output "$1/rpm.base"
}

# agree FIRST COUNT: makes up fleets, publishes what they take from, and asks all three.
agree() {
	step() { [ -z "${TIMES-}" ] || echo "# $(date +%T) $1"; }
	dir=$WORK/from$1
	local spec fleet seed title="fleets $1 to $(($1 + $2 - 1))"
	step begin
	quietly "$oracle" make "$1" "$2" "$dir"
	for spec in "$dir"/specs/*.spec; do
		quietly rpmbuild -bb -D "_topdir $dir/build" -D "_rpmdir $dir/rpms" -D '_binary_payload w0.gzdio' "$spec"
	done
	step built
	find "$dir/rpms" -name '*.rpm' -print0 | xargs -0 -P 2 -n 40 rpmsign --addsign -D "_gpg_name $KEY" -D '__gpg /usr/bin/gpg' >"$OUT" 2>&1
	step signed
	quietly "$ABIDE" publish init "$dir/repo" --key "$KEY"
	quietly "$ABIDE" publish add "$dir/repo" "$dir"/debs/*.deb "$dir"/rpms/noarch/*.rpm
	echo '%_dbpath /usr/lib/sysimage/rpm' >"$HOME/.rpmmacros"
	step published
	for fleet in "$dir"/fleets/*; do
		seed=${fleet##*/}
		bases "$fleet" "$seed"
		"$ABIDE" pin check --fleet "$fleet/fleet.yaml" --json >"$fleet/report" 2>"$OUT"
		case $? in
		0 | 4) ;;
		*) not_ok "fleet $seed: pin check" && show_output ;;
		esac
	done
	step checked
	check "$title: what apt installs and what it does not" "$oracle" check-apt "$dir" && tail -n 1 "$OUT" | sed 's/^/# /'
	step apt
	check "$title: what dnf installs and what it does not" /usr/bin/python3 "$oracle" check-dnf "$dir" && tail -n 1 "$OUT" | sed 's/^/# /'
	step dnf
	check "$title: the command dnf says so too" /usr/bin/python3 "$oracle" check-dnf-command "$dir" 3 && tail -n 1 "$OUT" | sed 's/^/# /'
	rm -f "$HOME/.rpmmacros"
	[ "${FLEETS-12}" -le "$BATCH" ] || rm -rf "$dir"
}

for ((left = ${FLEETS-12}, first = ${FIRST-1}; left > 0; left -= BATCH, first += BATCH)); do
	agree "$first" $((left < BATCH ? left : BATCH))
done
