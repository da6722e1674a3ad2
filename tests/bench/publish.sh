#!/usr/bin/env bash
# Measures abide publish on COUNT (1000) small .debs and .rpms beside apt-ftparchive and createrepo_c; prints times and ratios.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: ABIDE, the program; COUNT; CORPUS, a folder to keep the generated packages and their key in (default: thrown away).
set -euo pipefail
: "${ABIDE:?}" "${COUNT:=1000}"
export LC_ALL=C.UTF-8 TZ=UTC

# In memory where there is some: ext4 spends more on making files just after others were removed than all the rest takes.
shm=/dev/shm
[ -w "$shm" ] || shm=/tmp
work=$(mktemp -d "$shm/pub.XXXXXX")
corpus=${CORPUS:-$work/corpus}
export GNUPGHOME=$corpus/gnupg
cleanup() {
	gpgconf --kill all 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

make_debs() {
	local i tree=$work/tree
	mkdir -p "$corpus/deb" "$tree/DEBIAN" "$tree/opt"
	for ((i = 0; i < COUNT; i++)); do
		head -c 500 /dev/urandom >"$tree/opt/data"
		printf 'Package: bench%d\nVersion: 1.0-%d\nArchitecture: amd64\nMaintainer: Bench <bench@example.org>\nSection: libs\nPriority: optional\nDepends: libc6 (>= 2.31)\nDescription: package %d of the measurement\n A long line, as real packages have one.\n' \
			$((i / 4)) $((i % 4)) "$i" >"$tree/DEBIAN/control"
		dpkg-deb --root-owner-group -Zxz -b "$tree" "$corpus/deb/$i.deb" >/dev/null
	done
}

make_rpms() {
	local i spec=$work/bench.spec
	mkdir -p "$corpus/rpm"
	{
		printf 'Name: bench\nVersion: 1.0\nRelease: 1\nSummary: measurement\nLicense: MIT\nBuildArch: noarch\n%%description\nbench\n%%install\n'
		# shellcheck disable=SC2016 # for rpmbuild's shell
		printf 'mkdir -p %%{buildroot}/opt/bench\nfor i in $(seq %d); do head -c 500 /dev/urandom > %%{buildroot}/opt/bench/$i; done\n' "$COUNT"
		for ((i = 1; i <= COUNT; i++)); do
			printf '%%package p%d\nSummary: package %d\n%%description p%d\nA long line, as real packages have one.\n%%files p%d\n/opt/bench/%d\n' $i $i $i $i $i
		done
	} >"$spec"
	rpmbuild -bb -D "_topdir $work/rpmbuild" -D "_rpmdir $corpus/rpm" -D '_binary_payload w3.zstdio' "$spec" >"$work/rpmbuild.log" 2>&1
	find "$corpus/rpm" -name '*.rpm' -print0 |
		xargs -0 rpmsign --addsign -D '_gpg_name bench@example.org' -D '__gpg /usr/bin/gpg' >/dev/null 2>&1
}

if [ ! -d "$corpus/rpm" ]; then
	echo "making $COUNT .debs and $COUNT .rpms ..." >&2
	mkdir -p "$corpus"
	mkdir -m 700 "$GNUPGHOME"
	gpg -q --batch --passphrase '' --quick-gen-key 'Bench <bench@example.org>' rsa2048 sign never 2>/dev/null
	make_debs
	make_rpms
fi

# measure NAME COMMAND...: the least CPU time of three runs, its wall time and memory, kept in cpu[NAME]. reset runs before each.
declare -A cpu
reset() { :; }
measure() {
	local name=$1 run best="" line
	shift
	for run in 1 2 3; do
		reset
		/usr/bin/time -f '%U %S %e %M' -o "$work/time" "$@" >"$work/out.$run" 2>"$work/err" || {
			cat "$work/err" >&2
			return 1
		}
		line=$(awk '{printf "%.3f %.3f %d", $1 + $2, $3, $4}' "$work/time")
		if [ -z "$best" ] || awk -v a="${line%% *}" -v b="${best%% *}" 'BEGIN {exit !(a < b)}'; then best=$line; fi
	done
	cpu[$name]=${best%% *}
	# shellcheck disable=SC2086 # three words
	printf '%-44s %6s s CPU  %6s s wall  %6d KB\n' "$name" $best
}

fresh() {
	rm -rf "$work/repo"
	"$ABIDE" publish init "$work/repo" --key bench@example.org --origin bench >/dev/null
}
ratio() { awk -v n="$1" -v a="$2" -v b="$3" 'BEGIN {printf "%-44s %6.2f\n", n, a / b}'; }

mapfile -t debs < <(find "$corpus/deb" -name '*.deb' | sort)
mapfile -t rpms < <(find "$corpus/rpm" -name '*.rpm' | sort)
measure "apt-ftparchive packages" apt-ftparchive packages "$corpus/deb"
mkdir "$work/createrepo"
measure "createrepo_c --no-database" createrepo_c -q --no-database -o "$work/createrepo" "$corpus/rpm"
reset() { fresh; }
measure "abide publish add, ${#debs[@]} debs" "$ABIDE" publish add "$work/repo" "${debs[@]}"
measure "abide publish add, ${#rpms[@]} rpms" "$ABIDE" publish add "$work/repo" "${rpms[@]}"
measure "abide publish add, both" "$ABIDE" publish add "$work/repo" "${debs[@]}" "${rpms[@]}"
reset() {
	rm -rf "$work/repo"
	cp -a "$work/almost" "$work/repo"
}
fresh
"$ABIDE" publish add "$work/repo" "${debs[@]:1}" "${rpms[@]}" >/dev/null
mv "$work/repo" "$work/almost"
measure "abide publish add, one deb more" "$ABIDE" publish add "$work/repo" "${debs[0]}"
measure "abide publish list" "$ABIDE" publish list "$work/repo"
echo
ratio "debs: abide / apt-ftparchive (CPU)" "${cpu[abide publish add, ${#debs[@]} debs]}" "${cpu[apt-ftparchive packages]}"
ratio "rpms: abide / createrepo_c (CPU)" "${cpu[abide publish add, ${#rpms[@]} rpms]}" "${cpu[createrepo_c --no-database]}"
ratio "both: abide / the two together (CPU)" "${cpu[abide publish add, both]}" \
	"$(awk -v a="${cpu[apt-ftparchive packages]}" -v b="${cpu[createrepo_c --no-database]}" 'BEGIN {print a + b}')"
