#!/usr/bin/env bash
# What README.md tells a reader to type works as it stands: the block "The pipeline by hand", in a folder of links to the tree.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"

mkdir "$WORK/tree"
cd "$WORK/tree" || exit 1
ln -s "$SRC"/* .
rm -f build out
ln -s "$B" build

sed -n '/^## The pipeline by hand/,/^On a server/ s/^    //p' "$SRC/README.md" >"$WORK/commands"
{
	echo 'set -eux'
	# The tree is built already: only the rest of that line is new here.
	sed 's/^make all variants services && //' "$WORK/commands"
} >"$WORK/script"
is "the README shows the whole pipeline" \
	"$(grep -oE '^ *(WARDEN=[^ ]* )?abide [a-z]+' "$WORK/commands" | awk '{ print $NF }' | uniq | paste -sd ' ')" "inspect judge pack publish pin"
check "its commands run" bash "$WORK/script"
has "1.1.0 is judged" '^ADDS'
for file in libwarden1_1.0.0-1_*.deb libwarden1_1.1.0-1_*.deb libwarden-devel-1.1.0-1.*.rpm; do
	# shellcheck disable=SC2086  # a pattern
	check "there is $file" test -e out/$file
done
is "the service needs the library that it uses" "$(dpkg-deb -f out/ask-c_1.0-1_*.deb Depends)" "libc6 (>= 2.34), libwarden1 (>= 1.0.0)"
for file in repo/dists/stable/InRelease repo/rpm/stable/repodata/repomd.xml client/warden.sources client/warden.repo \
	acme/etc/apt/preferences.d/abide-acme.pref acme/etc/dnf/plugins/versionlock.list; do
	check "there is $file" test -s "out/$file"
done
