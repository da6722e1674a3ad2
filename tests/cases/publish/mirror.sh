# What the cases of mirrors share: the packages and the clock of states.sh, and a repository that does not expire before 2033.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced by `Run: . $CASES/publish/mirror.sh; ...`.
#
#   mirror [OPTION...]     abide publish mirror repo m; what it says, without date and bytes, and its exit code if it is not 0
#   sound DIR              what verify says of it, in one line, and its exit code
#   same A B               whether clients and verify find the same in both, but for what a mirror keeps for readers in the middle
# shellcheck source=/dev/null
. "$CASES/publish/states.sh"
printf 'abide-base\t1\nfamily\tdeb\nname\tsys\narch\tamd64\npackage\tdpkg\t1.21\tamd64\tforeign\n' >sys.base
rm -rf repo
on 0 init --key r@example.org --valid-days 3650 --base sys.base >/dev/null

mirror() {
	local code=0
	abide publish mirror "$@" repo m >said 2>&1 || code=$?
	sed -E 's/ of 20.*, valid until [^ ]+:/:/; s/, [0-9.]+.[kM]?B//; s/, [0-9]+.bytes//' said
	[ $code -eq 0 ] || echo "exit code $code"
}

sound() {
	local code=0
	abide publish verify --packages "$1" >said || code=$?
	grep -v -e '^package files' -e '^tried' -e '^packages that' said | paste -sd ' '
	return $code
}

same() { ! diff -r -x .mirror -x .abide-publish.lock "$1" "$2" | grep -v '^Only in .*\(by-hash\|repodata\)' && echo same; }
