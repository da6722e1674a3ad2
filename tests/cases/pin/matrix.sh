# What the cases of the matrix share: a fleet over the repository of publish/gate.sh, on a base that is written down here.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced by `Run: . $CASES/pin/matrix.sh; ...` (see publish/gate.sh for library and program).
#
#   unjudged PACKAGE...     publishes them, with all that the gate has against them waived
#   fleet SERVICE...        a fleet with one customer who has these
#   matrix [OPTION...]      the matrix in 100 columns, without empty lines
# shellcheck source=tests/cases/publish/gate.sh
. "$CASES/publish/gate.sh"
export XDG_CACHE_HOME=$PWD/.cache COLUMNS=100

unjudged() {
	local rule
	{
		echo 'waivers:'
		for rule in struct-grew struct-shrank member-moved symbol-removed import-missing node-missing; do
			echo "  - {rule: $rule, subject: '*', reason: the case wants it, author: case, until: 9999-12-31}"
		done
	} >.waivers.yaml
	abide publish add repo --waivers .waivers.yaml "$@" >.log 2>&1 || { cat .log && exit 99; }
}

fleet() {
	local arch service
	arch=$(dpkg --print-architecture)
	printf '%s\t%s\n' abide-base 1 family deb name here arch "$arch" >here.base
	printf 'package\tlibc6\t2.36-9\t%s\n' "$arch" >>here.base
	mkdir -p channels
	printf '%s\n' 'fleet: case' 'repository: repo' 'bases: [{name: here, base: here.base}]' >fleet.yaml
	{
		printf '%s\n' 'channel: acme' 'hosts:' '  - class: all' '    base: here' '    services:'
		for service; do echo "      - {name: $service, reason: the case}"; done
	} >channels/acme.yaml
}

matrix() { abide pin matrix "$@" | grep -v '^$'; }
