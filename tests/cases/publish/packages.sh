# What the cases of bad packages share: a repository with one package of each family, and packages made byte by byte.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced by `Run: . $CASES/publish/packages.sh; ...`, after which what is in states.sh is there too.
#
#   control TEXT            hostile.deb, a whole .deb with that control file (escapes of printf)
#   say FILE...             abide publish add, its exit code, and whether the repository is as it was
#   flip FILE OFFSET NAME   FILE with a bit changed there, as NAME; from the end when OFFSET is negative
# shellcheck source=tests/cases/publish/states.sh
. "$CASES/publish/states.sh"
package aa 1.0
on 1 add aa-1.0/*.deb aa-1.0/*.rpm >/dev/null

control() {
	rm -rf t && mkdir -p t/e
	printf '%b' "$1" >t/control
	tar -C t --owner=0 --group=0 -czf control.tar.gz ./control
	tar -C t/e -czf data.tar.gz .
	echo 2.0 >debian-binary
	rm -f hostile.deb
	ar rc hostile.deb debian-binary control.tar.gz data.tar.gz
}

contents() { (cd repo && find . -type f ! -name .abide-publish.lock -exec sha256sum {} + | sort); }

say() {
	local code=0 before after
	before=$(contents)
	on 2 add "$@" || code=$?
	after=$(contents)
	if [ "$before" = "$after" ]; then echo "code $code, untouched"; else echo "code $code, changed"; fi
}

flip() { python3 -c 'import sys; d = bytearray(open(sys.argv[1], "rb").read()); d[int(sys.argv[2])] ^= 1; open(sys.argv[3], "wb").write(d)' "$@"; }
