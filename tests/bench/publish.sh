#!/usr/bin/env bash
# Measures abide publish on COUNT (1000) small .debs and as many .rpms beside apt-ftparchive, createrepo_c, reprepro and aptly (those that
# are installed); prints times and ratios.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: ABIDE, the program; COUNT; RUNS (3), of which the best is taken; BEFORE, a command with its options that each runs under
# (chrt -f 5: precedence over what else the machine does); CORPUS, a folder to keep the generated packages and their key in (default: thrown away).
set -euo pipefail
: "${ABIDE:?}" "${COUNT:=1000}" "${RUNS:=3}" "${BEFORE:=}"
export LC_ALL=C.UTF-8 TZ=UTC
unset SOURCE_DATE_EPOCH

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

# One file in each package; four versions of each name. A call of abide pack has two files open for each package.
make_packages() {
	local i m=$work/manifests args=()
	mkdir -p "$corpus/deb" "$corpus/rpm" "$m"
	for ((i = 0; i < COUNT; i++)); do
		printf 'name: bench%d\nversion: 1.%d\nrelease: 1\narch: amd64\nsection: libs\nmaintainer: Bench <bench@example.org>\nlicense: MIT\ndescription: |\n  package %d of the measurement\n  A long line, as real packages have one.\ncontents:\n  - {src: %s, dst: /opt/bench/%d/data}\n' \
			$((i / 4)) $((i % 4)) "$i" "$m/$i" "$i" >"$m/$i.yaml"
		echo "the data of $i $RANDOM $RANDOM" >"$m/$i"
		args+=(-f "$m/$i.yaml")
	done
	for ((i = 0; i < COUNT; i += 2000)); do
		"$ABIDE" pack "${args[@]:i * 2:4000}" -p deb -t "$corpus/deb" >/dev/null
		"$ABIDE" pack "${args[@]:i * 2:4000}" -p rpm --sign bench@example.org -t "$corpus/rpm" >/dev/null
	done
	rm -rf "$m"
}

if [ ! -d "$corpus/rpm" ]; then
	echo "making $COUNT .debs and $COUNT .rpms ..." >&2
	mkdir -p "$corpus"
	mkdir -m 700 "$GNUPGHOME"
	gpg -q --batch --passphrase '' --quick-gen-key 'Bench <bench@example.org>' rsa2048 sign never 2>/dev/null
	make_packages
fi

# measure NAME COMMAND...: the least CPU time of RUNS runs, its wall time and memory, kept in cpu[NAME]. reset runs before each.
declare -A cpu
reset() { :; }
measure() {
	local name=$1 run best="" line
	shift
	if ! command -v "$1" >/dev/null; then
		printf '%-44s not installed\n' "$name"
		return
	fi
	for ((run = 1; run <= RUNS; run++)); do
		reset
		# shellcheck disable=SC2086 # BEFORE: words
		/usr/bin/time -f '%U %S %e %M' -o "$work/time" $BEFORE "$@" >"$work/out.$run" 2>"$work/err" || {
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
	"$ABIDE" publish init "$work/repo" --key bench@example.org --origin bench "$@" >/dev/null
}
ratio() { awk -v n="$1" -v a="$2" -v b="$3" 'BEGIN {printf "%-44s %6.2f\n", n, (b > 0 ? a / b : 0)}'; }

mapfile -t debs < <(find "$corpus/deb" -name '*.deb' | sort | head -n "$COUNT")
mapfile -t rpms < <(find "$corpus/rpm" -name '*.rpm' | sort | head -n "$COUNT")
# The tools beside us read folders: theirs have the same packages.
mkdir "$work/deb" "$work/rpm" "$work/createrepo"
printf '%s\0' "${debs[@]}" | xargs -0 cp -t "$work/deb"
printf '%s\0' "${rpms[@]}" | xargs -0 cp -t "$work/rpm"
measure "apt-ftparchive packages" apt-ftparchive packages "$work/deb"
apt-ftparchive --db "$work/cache.db" packages "$work/deb" >/dev/null
measure "apt-ftparchive packages, cached" apt-ftparchive --db "$work/cache.db" packages "$work/deb"
measure "createrepo_c --no-database" createrepo_c -q --no-database -o "$work/createrepo" "$work/rpm"
measure "createrepo_c" createrepo_c -q -o "$work/createrepo" "$work/rpm"
measure "createrepo_c --update" createrepo_c -q --update --skip-stat -o "$work/createrepo" "$work/rpm"

# One package more: all but the first, and then the first.
mv "$work/deb/${debs[0]##*/}" "$work/rpm/${rpms[0]##*/}" "$work"
rm "$work/cache.db"
apt-ftparchive --db "$work/cache.db" packages "$work/deb" >/dev/null
createrepo_c -q -o "$work/createrepo" "$work/rpm"
mv "$work/${debs[0]##*/}" "$work/deb"
mv "$work/${rpms[0]##*/}" "$work/rpm"
cp -a "$work/cache.db" "$work/cache.before"
cp -a "$work/createrepo" "$work/createrepo.before"
reset() {
	rm -rf "$work/createrepo"
	cp -a "$work/createrepo.before" "$work/createrepo"
	cp -a "$work/cache.before" "$work/cache.db"
}
measure "apt-ftparchive packages, one more" apt-ftparchive --db "$work/cache.db" packages "$work/deb"
measure "createrepo_c --update, one more" createrepo_c -q --update --skip-stat -o "$work/createrepo" "$work/rpm"
rm -rf "$work/createrepo.before"

# Debian 12's reprepro keeps one version of each name, which is a quarter of the packages; it is given all.
mkdir -p "$work/reprepro.conf"
printf 'Codename: stable\nArchitectures: amd64\nComponents: main\nSignWith: bench@example.org\n' >"$work/reprepro.conf/distributions"
run_reprepro() { reprepro --silent --confdir "$work/reprepro.conf" --basedir "$work/reprepro" -C main includedeb stable "$@"; }
run_aptly() { aptly -config="$work/aptly.conf" "$@"; }
aptly_all() {
	run_aptly repo create -distribution=stable -component=main bench && run_aptly repo add bench "$@" &&
		run_aptly publish repo -batch -skip-contents -gpg-key=bench@example.org bench
}
aptly_more() { run_aptly repo add bench "$@" && run_aptly publish update -batch -skip-contents -gpg-key=bench@example.org stable; }
export -f run_reprepro run_aptly aptly_all aptly_more
export work
# by_function NAME FUNCTION PACKAGE...: measure a function above. These tools take so long that once is enough.
by_function() { RUNS=1 measure "$1" bash -c '"$@"' bash "${@:2}"; }
reset() { :; }
if command -v reprepro >/dev/null; then
	by_function "reprepro includedeb, all but one" run_reprepro "${debs[@]:1}"
	by_function "reprepro includedeb, one more" run_reprepro "${debs[0]}"
else
	echo "reprepro: not installed"
fi
if command -v aptly >/dev/null; then
	printf '{"rootDir": "%s", "gpgProvider": "gpg"}' "$work/aptly" >"$work/aptly.conf"
	by_function "aptly repo add and publish, all but one" aptly_all "${debs[@]:1}"
	by_function "aptly repo add and publish, one more" aptly_more "${debs[0]}"
else
	echo "aptly: not installed"
fi
rm -rf "$work/aptly" "$work/reprepro"

reset() { fresh; }
measure "abide publish add, debs" "$ABIDE" publish add "$work/repo" "${debs[@]}"
measure "abide publish add, rpms" "$ABIDE" publish add "$work/repo" "${rpms[@]}"
measure "abide publish add, both" "$ABIDE" publish add "$work/repo" "${debs[@]}" "${rpms[@]}"
reset() { fresh --contents; }
measure "abide publish add, debs, with Contents" "$ABIDE" publish add "$work/repo" "${debs[@]}"
# A repository as it is on an ordinary day: the many packages came last month, and one a day since then.
then=$(($(date +%s) - 30 * 86400))
SOURCE_DATE_EPOCH=$then fresh
SOURCE_DATE_EPOCH=$then "$ABIDE" publish add "$work/repo" "${debs[@]:4}" "${rpms[@]:1}" >/dev/null
for day in 1 2 3; do
	SOURCE_DATE_EPOCH=$((then + day * 86400)) "$ABIDE" publish add "$work/repo" "${debs[day]}" >/dev/null
done
mv "$work/repo" "$work/almost"
reset() {
	rm -rf "$work/repo"
	cp -a "$work/almost" "$work/repo"
}
measure "abide publish add, one deb more" "$ABIDE" publish add "$work/repo" "${debs[0]}"
measure "abide publish add, one rpm more" "$ABIDE" publish add "$work/repo" "${rpms[0]}"

# The same on the day on which all the others were published.
SOURCE_DATE_EPOCH=$then fresh
SOURCE_DATE_EPOCH=$then "$ABIDE" publish add "$work/repo" "${debs[@]:4}" "${rpms[@]:1}" >/dev/null
rm -rf "$work/almost"
mv "$work/repo" "$work/almost"
export SOURCE_DATE_EPOCH=$((then + 60))
measure "abide publish add, one rpm more, that day" "$ABIDE" publish add "$work/repo" "${rpms[0]}"
unset SOURCE_DATE_EPOCH
measure "abide publish list" "$ABIDE" publish list "$work/repo"
echo
ratio "debs: abide / apt-ftparchive (CPU)" "${cpu[abide publish add, debs]}" "${cpu[apt-ftparchive packages]}"
ratio "rpms: abide / createrepo_c --no-database (CPU)" "${cpu[abide publish add, rpms]}" "${cpu[createrepo_c --no-database]}"
ratio "rpms: abide / createrepo_c (CPU)" "${cpu[abide publish add, rpms]}" "${cpu[createrepo_c]}"
for other in "createrepo_c --no-database" createrepo_c; do
	ratio "both: abide / apt-ftparchive and $other (CPU)" "${cpu[abide publish add, both]}" \
		"$(awk -v a="${cpu[apt-ftparchive packages]}" -v b="${cpu[$other]}" 'BEGIN {print a + b}')"
done
