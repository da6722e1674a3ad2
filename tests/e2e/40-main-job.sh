#!/usr/bin/env bash
# The main job as the demonstration does it: its own checks hold, and what it reports is what the issue of the release asks for.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"
needs_roots

check "the demonstration runs to its end" "$E2E/demo"
has "1.0.1, where only the implementation changed, is SAME" '^ *1\.0\.1 +SAME: .*exit 0'
has "1.1.0, with a new function in a new node, is ADDS" '^ *1\.1\.0 +ADDS: .*exit 0'
has "the struct that grew under its soname is BREAKS" '^ *bad +BREAKS: .*exit 4'
has "the reason is named" '"struct warden_error" via '
has "and how large it became" 'struct-grew +268 -> 524 bytes'
has "pack refuses it and names the soname it would need" 'refuses bad with exit 4: .*libwarden\.so\.2'
has "apt refuses the service that needs 1.1.0, from metadata" 'apt +ask-new : Depends: libwarden1 \(>= 1\.1\.0\) but 1\.0\.1-1 '
has "dnf refuses it, from metadata" 'dnf +nothing provides libwarden\.so\.1\(LIBWARDEN_1\.1\)\(64bit\)'

# Each row: what had happened, the server, the version that answered for the services in C, Go and Python, and their bytes.
row() { has "after \"$1\" $2 runs on $3" "^ *$1 +$2 +$3 +$3 +$3 +as built"; }
for server in debian acme-debian fedora acme-fedora; do
	row install $server 1.0.0
	row '1.0.1 published' $server 1.0.1
	row downgrade $server 1.0.0
done
for server in debian fedora; do row '1.1.0 published' $server 1.1.0; done
for server in acme-debian acme-fedora; do row '1.1.0 published' $server 1.0.1; done
has "it ends with the repository" "^The repository is $B/demo/repo"
check "which has a signed Release for apt" gpgv --keyring "$B/demo/repo/keys/abide-demo.gpg" "$B/demo/repo/dists/stable/InRelease"
check "and a signed repomd.xml for dnf" gpgv --keyring "$B/demo/repo/keys/abide-demo.gpg" \
	"$B/demo/repo/rpm/stable/repodata/repomd.xml.asc" "$B/demo/repo/rpm/stable/repodata/repomd.xml"
