# What the cases of states share: small packages in both families, and a repository whose clock goes by days.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced by `Run: . $CASES/publish/states.sh; ...`.
#
#   package NAME VERSION [CONTENT [LINE]]   NAME-VERSION/ with a .deb and a signed .rpm for all architectures; LINE is one of the manifest
#   on DAY VERB [ARGUMENT...]        abide publish VERB repo ARGUMENT... on that day after 14 November 2023
#   listed [OPTION...]               what is published: "NAME VERSION FAMILY" in one line
#   resign                           sign dists/stable again, after the Release file was edited
set -u -o pipefail
export GNUPGHOME=$PWD/.gnupg DEBFULLNAME='Jane Doe' DEBEMAIL=jane@example.org
trap 'gpgconf --kill all' EXIT
mkdir -m 700 "$GNUPGHOME"
gpg -q --batch --passphrase '' --faked-system-time 20231101T000000 --quick-gen-key 'R <r@example.org>' ed25519 sign never 2>/dev/null

package() {
	mkdir -p "$1-$2"
	echo "${3-$1 $2}" >"$1-$2/data"
	printf '%s\n' "name: $1" "version: $2" "release: 1" "arch: all" "${4-umask: 022}" "maintainer: A Person <person@example.org>" "description: x" \
		"license: MIT" "contents:" "  - src: $1-$2/data" "    dst: /opt/$1/data" >"$1-$2/abide.yaml"
	SOURCE_DATE_EPOCH=1700000000 abide pack -f "$1-$2/abide.yaml" -t "$1-$2" --sign r@example.org >"$1-$2/log" 2>&1 || cat "$1-$2/log"
}

on() {
	local day=$1 verb=$2
	shift 2
	SOURCE_DATE_EPOCH=$((1700000000 + day * 86400)) abide publish "$verb" repo "$@"
}

listed() { abide publish list "$@" repo | tr -s ' ' | cut -d ' ' -f 1,2,4 | paste -sd ' '; }

resign() {
	rm -f repo/dists/stable/{InRelease,Release.gpg}
	gpg -q --batch --clearsign -o repo/dists/stable/InRelease repo/dists/stable/Release
	gpg -q --batch -abo repo/dists/stable/Release.gpg repo/dists/stable/Release
}

on 0 init --key r@example.org >/dev/null
