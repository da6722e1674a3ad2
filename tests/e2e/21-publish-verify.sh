#!/usr/bin/env bash
# abide publish verify beside the real apt and dnf: made-up repositories, of which each package must be installable or not for all alike.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: ABIDE, the program; CLOSURE_SEEDS, which repositories to make up (default: "3 4"); CLOSURE_RPM_SEEDS (default: 1).
. "$(dirname "$0")/lib.sh"

key_new release rsa3072
oracle=$E2E/closure_oracle.py

# ---- debs ----

# apt_world ROOT: an apt whose world is that folder alone.
apt_world() {
	mkdir -p "$1"/{etc/apt/{apt.conf.d,preferences.d,sources.list.d,trusted.gpg.d},var/lib/apt/lists/partial,var/cache/apt/archives/partial,var/log/apt}
	mkdir -p "$1"/var/lib/dpkg/{info,updates,triggers,parts,alternatives}
	cat >"$1/apt.conf" <<-EOF
		Dir "$1"; Dir::State::status "$1/var/lib/dpkg/status"; Dir::Log "$1/var/log/apt"; Dir::Bin::dpkg "/usr/bin/dpkg";
		Dir::Etc::trustedparts "$1/etc/apt/trusted.gpg.d"; APT::Architecture "amd64"; APT::Architectures { "amd64"; "i386"; };
		APT::Sandbox::User ""; Acquire::Languages "none"; APT::Install-Recommends "false";
	EOF
}

# agree_debs SEED: makes up packages, publishes them, and asks apt and verify about each.
agree_debs() {
	local dir=$WORK/debs$1 root=$WORK/apt$1
	quietly "$oracle" make-debs "$1" "$dir"
	apt_world "$root"
	cp "$dir/status" "$root/var/lib/dpkg/status"
	printf 'ID=made\nVERSION_ID=%s\n' "$1" >"$root/etc/os-release"
	quietly "$ABIDE" base capture --root "$root" --available "$dir/elsewhere/Packages" --output "$dir/made.base"
	quietly "$ABIDE" publish init "$dir/repo" --key "$KEY" --base "$dir/made.base"
	quietly "$ABIDE" publish add "$dir/repo" "$dir"/*.deb
	{
		echo "deb [signed-by=$dir/repo/keys/repo.gpg] file:$dir/repo stable main"
		echo "deb [trusted=yes] file:$dir/elsewhere ./"
	} >"$root/etc/apt/sources.list"
	export APT_CONFIG=$root/apt.conf
	quietly apt-get -qq update
	"$ABIDE" publish verify --json "$dir/repo" >"$dir/report"
	check "debs, seed $1: what apt installs and what it does not" "$oracle" check-debs "$dir" "$dir/report" && tail -n 1 "$OUT" | sed 's/^/# /'
	unset APT_CONFIG
}

for seed in ${CLOSURE_SEEDS-3 4}; do agree_debs "$seed"; done

# ---- rpms ----

# agree_rpms SEED: the same with dnf, on the base of the throwaway roots.
agree_rpms() {
	local dir=$WORK/rpms$1 root=$WORK/dnf$1 spec
	quietly "$oracle" make-specs "$1" "$dir"
	for spec in "$dir"/*.spec; do
		quietly rpmbuild -bb -D "_topdir $dir/build" -D "_rpmdir $dir/rpms" "$spec"
	done
	quietly rpmsign --addsign -D "_gpg_name $KEY" -D '__gpg /usr/bin/gpg' "$dir"/rpms/noarch/*.rpm
	mkdir -p "$root/usr/lib/sysimage/rpm" "$root/etc"
	cp "$B"/e2e/base/rpmdb/* "$root/usr/lib/sysimage/rpm/"
	printf 'ID=made\nVERSION_ID=%s\n' "$1" >"$root/etc/os-release"
	echo '%_dbpath /usr/lib/sysimage/rpm' >"$HOME/.rpmmacros"
	quietly "$ABIDE" base capture --root "$root" --output "$dir/made.base"
	quietly "$ABIDE" publish init "$dir/repo" --key "$KEY" --base "$dir/made.base"
	quietly "$ABIDE" publish add "$dir/repo" "$dir"/rpms/noarch/*.rpm
	"$ABIDE" publish verify --json "$dir/repo" >"$dir/report"
	check "rpms, seed $1: what dnf installs and what it does not" /usr/bin/python3 "$oracle" check-rpms "$root" "file://$dir/repo/rpm/stable" "$dir/report" &&
		tail -n 1 "$OUT" | sed 's/^/# /'
}

for seed in ${CLOSURE_RPM_SEEDS-1}; do agree_rpms "$seed"; done

# ---- an .rpm that was changed where its size does not tell ----

if [ -n "${CLOSURE_RPM_SEEDS-1}" ]; then
	repo=$(echo "$WORK"/rpms*/repo | cut -d' ' -f1)
	rpm=$(find "$repo/rpm/stable/Packages" -name '*.rpm' | sort | head -n 1)
	"$ABIDE" publish verify "$repo" >"$OUT" 2>&1
	has "rpms: their contents are not read" "only the size was looked at"
	printf X | dd of="$rpm" bs=1 seek=$(($(stat -c %s "$rpm") - 9)) conv=notrunc status=none
	refuses "rpms: with --packages they are" 3 "${rpm##*/}: its payload's SHA-256 is" "$ABIDE" publish verify --packages "$repo"
fi
