#!/usr/bin/env bash
# abide publish, stopped at every change that it makes to the file system: readers find the old state or the new one, and the next command goes on.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: ABIDE, the program. FAULTS=all tries every change in every way; otherwise some are left out, for speed.
. "$(dirname "$0")/lib.sh"
cd "$WORK" || exit 1
export SOURCE_DATE_EPOCH=1700000000
: "${FAULTS:=some}"

key_new release
gpg --batch -o keyring.gpg --export release@example.org
quietly "${CC:-cc}" -D_GNU_SOURCE -O1 -shared -fPIC -o faults.so "$E2E/faults.c"

# ---- packages of both families ----
for version in 1.0 1.1; do
	cat >"$version.yaml" <<-EOF
		name: thing
		version: $version
		arch: amd64
		maintainer: A B <a@example.org>
		description: A thing
		contents:
		  - {src: $WORK/$version.yaml, dst: /opt/thing/$version}
		rpm: {signature: {key_id: $KEY}}
	EOF
	quietly "$ABIDE" pack -f "$version.yaml" -t .
done
old=(thing*1.0*.deb thing*1.0*.rpm) new=(thing*1.1*.deb thing*1.1*.rpm)

# ---- the commands that are stopped, each from a repository that is ready for it ----
publish() { "$ABIDE" publish "$@"; }
do_init() { publish init "$1" --key "$KEY" --origin acme; }
do_add() { publish add "$1" "${new[@]}"; }
do_add_deb() { publish add "$1" "${new[0]}"; }
before_init() { mkdir "$1"; }
before_add() { do_init "$1" && publish add "$1" "${old[@]}"; }
before_add_deb() { before_add "$1"; }

# What readers of each family find; "none" where there is no suite yet.
holds() {
	[ -e "$1/dists/stable/InRelease" ] || { echo none && return; }
	python3 "$E2E/repository.py" "$1" stable "$WORK/keyring.gpg"
}
family() { grep "^$2 \|^none" "$1" || echo "no $2"; }

# The files, without signatures, whose bytes differ each time, and what names their digests.
tree() {
	(cd "$1" && find . -type f ! -name InRelease ! -name '*.gpg' ! -name '*.asc' ! -name .abide-publish.lock -exec sha256sum {} + | sort)
}

# stopped COMMAND HOW N: the command is stopped in a fresh repository; then a reader looks, and the command is given again.
stopped() {
	local command=$1 how=$2 n=$3 dir=$1.$2.$3 now=$1.$2.$3.now why='' family rc=0
	cp -a "$command.before" "$dir"
	FAULT_PROGRAM=${ABIDE##*/} FAULT=$how FAULT_AT=$n LD_PRELOAD=$WORK/faults.so "do_$command" "$dir" >"$now.out" 2>&1 || rc=$?
	if [ "$how" = full ]; then
		[ $rc -le 1 ] || why="exit code $rc: $(cat "$now.out")"
		[ $rc -eq 0 ] || grep -q 'No space left' "$now.out" || why="does not say that the disk is full: $(cat "$now.out")"
	elif [ $rc -ne 137 ]; then
		why="exit code $rc, not stopped: $(cat "$now.out")"
	fi
	holds "$dir" >"$now" 2>&1 || why="a reader refuses: $(cat "$now")"
	for family in deb rpm; do
		family "$now" $family >"$now.$family"
		cmp -s "$now.$family" "$command.before.$family" || cmp -s "$now.$family" "$command.after.$family" ||
			why="$why neither the old nor the new .${family}s: $(cat "$now.$family")"
	done
	[ "$how" != full ] || [ $rc -eq 0 ] || cmp -s "$now" "$command.before.holds" || why="$why refused, yet something changed"
	if ! "do_$command" "$dir" >"$now.out" 2>&1 && ! grep -q 'is there already' "$now.out"; then
		why="$why; the next command fails: $(cat "$now.out")"
	fi
	holds "$dir" 2>&1 | cmp -s - "$command.after.holds" || why="$why; the next command does not complete it"
	tree "$dir" | cmp -s - "$command.after.tree" || why="$why; other files than without the interruption: $(tree "$dir" | diff "$command.after.tree" - | head -n 5)"
	[ -z "$why" ] || printf '%s\n' "$how at change $n: $why"
	rm -rf "$dir" "$now"*
}

# points HOW COUNT: at which changes. A power cut is a kill with losses, so a kill adds little.
points() {
	case $FAULTS.$1 in
	all.*) seq 1 "$2" ;;
	*.cut) seq 1 4 "$2" ;;
	*.kill) seq 2 16 "$2" ;;
	*.full) seq 3 8 "$2" ;;
	esac
}

export -f publish do_init do_add do_add_deb holds family tree stopped
export WORK E2E KEY
for command in init add add_deb; do
	quietly "before_$command" "$command.before"
	holds "$command.before" >"$command.before.holds" || not_ok "$command: before"
	cp -a "$command.before" "$command.after"
	rm -f count
	FAULT_PROGRAM=${ABIDE##*/} FAULT_COUNT=$WORK/count LD_PRELOAD=$WORK/faults.so quietly "do_$command" "$command.after"
	count=$(cat count)
	holds "$command.after" >"$command.after.holds" || not_ok "$command: after"
	tree "$command.after" >"$command.after.tree"
	for when in before after; do
		for family in deb rpm; do family "$command.$when.holds" $family >"$command.$when.$family"; done
	done
	for how in kill cut full; do
		points $how "$count" | xargs -P "$(nproc)" -I N bash -c \
			'new=(thing*1.1*.deb thing*1.1*.rpm); stopped "$@"' _ "$command" $how N >failures 2>&1
		is "$command, $how: $(points $how "$count" | wc -l) of $count changes" "$(cat failures)" ''
	done
done
