#!/usr/bin/env bash
# judge --released: a new libwarden against a repository that abide publish made, which is read from the signature down.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: B, the build folder (make variants); ABIDE, the program under test. Needs no root.
. "$(dirname "$0")/lib.sh"
cd "$SRC" || exit 1

export GNUPGHOME=$WORK/keys SOURCE_DATE_EPOCH=1700000000
mkdir -m 700 "$GNUPGHOME"
key_new release
REPO=$WORK/repo
library() { ls "$B/variants/$1"/libwarden.so.*.*.*; }
# pack VARIANT VERSION
pack() {
	quietly env LIBWARDEN="$(library "$1")" VERSION="$2" WARDEN="$B/variants/$1/src" \
		"$ABIDE" pack -f packaging/libwarden.yaml --sign release@example.org -t "$WORK/packages"
}
mkdir "$WORK/packages"
quietly "$ABIDE" publish init "$REPO" --key release@example.org
judge() { "$ABIDE" judge --headers "$B/variants/$1/src/warden.h" --released "$REPO" "$(library "$1")"; }

check "of an empty repository, a first release" judge base
has "says so" '^first release of libwarden\.so\.1:'

pack base 1.0.0
pack 1.0.1 1.0.1
quietly "$ABIDE" publish add "$REPO" "$WORK"/packages/libwarden1{,-dbgsym}_1.0.*.deb "$WORK"/packages/libwarden1{,-debuginfo}-1.0.*.rpm
check "1.1.0 adds, and keeps the release law" judge 1.1.0
has "a minor version was demanded" 'demands +a higher minor version than 1\.0\.1-1 \(1\.1\.0 or later\)$'
has "the newest of four packages was taken" "released +1\.0\.1-1: $REPO/.*1\.0\.1.* of suite stable, signed by [0-9A-F]{40}, the newest of 4$"
refuses "a struct that grew under its soname" 4 'refused +claims libwarden\.so\.1, which is released' judge bad
refuses "an addition under a patch version" 4 'refused +claims 1\.0\.2: too low; the law demands a higher minor version than 1\.0\.1-1' \
	"$ABIDE" judge --headers "$B/variants/1.1.0/src/warden.h" --released "$REPO" --new-version 1.0.2 "$(library 1.1.0)"
check "the JSON of it" sh -c "'$ABIDE' judge --json --headers '$B/variants/1.1.0/src/warden.h' --released '$REPO' '$(library 1.1.0)' |
	jq -e '.verdict == \"ADDS\" and .law.kept and .released.version == \"1.0.1-1\" and (.first_release | not)'"

# ---- what was tampered with is not read ----
for package in "$REPO"/pool/main/*/*/libwarden1_1.0.1-1_*.deb "$REPO"/rpm/stable/Packages/libwarden1-1.0.1-1.*.rpm; do
	printf X | dd of="$package" bs=1 seek=200 conv=notrunc status=none
done
refuses "a package that is not as its signed index says" 3 'its SHA-256 is [0-9a-f]{64}, the signed index says [0-9a-f]{64}' judge 1.1.0
sed -i 's/^Origin: .*/Origin: other/' "$REPO/dists/stable/InRelease"
refuses "a Release file that was edited" 3 'InRelease: ' judge 1.1.0
