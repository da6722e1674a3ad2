# What the cases of the gate share: packages in both families made of old.so, new.so and C programs, and a repository of them.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced by `Run: . $CASES/publish/gate.sh; ...`. Quiet where all is well; the case ends where it is not.
#
#   library FILE VERSION [LINE...]      FILE as libcase1 and its development and debug packages, into VERSION/; lines of `library:`
#   program NAME VERSION FILE LIBVERSION [LINE...]   the C program NAME.c, built against FILE, into NAME/VERSION/; its dependency is
#                                       that of libcase1 LIBVERSION; lines of the manifest. $CFLAGS is for the compiler
#   add PACKAGE...                      abide publish add, without the lines of what was added
#   listed [OPTION]                     what is published, or staged: "NAME VERSION FAMILY" in one line
set -eu -o pipefail
export GNUPGHOME=$PWD/.gnupg
trap 'gpgconf --kill all' EXIT
mkdir -m 700 "$GNUPGHOME"
gpg -q --batch --passphrase '' --quick-gen-key 'Gate <gate@example.org>' ed25519 sign never 2>/dev/null
abide publish init repo --key gate@example.org >/dev/null

manifest() { # NAME VERSION
	printf '%s\n' "name: $1" "version: $2" "release: 1" "maintainer: A Person <person@example.org>" "description: x" \
		"license: MIT"
}

pack() { # FOLDER OPTION...: the manifest on standard input
	local folder=$1
	shift
	mkdir -p "$folder"
	cat >"$folder/abide.yaml"
	abide pack -f "$folder/abide.yaml" -t "$folder" --sign gate@example.org "$@" >"$folder/log" 2>&1 || { cat "$folder/log" && exit 99; }
}

library() {
	local file=$1 version=$2
	shift 2
	{ manifest libcase "$version" && printf '%s\n' "library:" "  file: $file" "  layout: vendor" "  prefix: /opt/case" "$@"; } |
		pack "$version"
}

program() {
	local name=$1 version=$2 file=$3 base=$4
	shift 4
	mkdir -p "$name/$version"
	# shellcheck disable=SC2086 # options of the compiler
	cc ${CFLAGS--g -O1} -w -I. -o "$name/$version/$name" "$name.c" "./$file"
	{
		manifest "$name" "$version"
		printf '%s\n' "$@" "contents:" "  - src: $name/$version/$name" "    dst: /usr/bin/$name"
	} | pack "$name/$version" --base "$base"
}

add() { abide publish add repo "$@" | { grep -v '^added ' || true; }; }
listed() { abide publish list "$@" repo | tr -s ' ' | cut -d ' ' -f 1,2,4 | grep -v -e -dbgsym -e -debuginfo -e -dev | paste -sd ' '; }
