#!/usr/bin/env bash
# The man pages and the option tables say the same, both ways, as abide's own help shows the tables; scdoc takes every page.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: ABIDE, the program whose tables are read.
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${ABIDE:=${B:-$PWD/build}/abide}"

# The commands and "command verb" pairs that `abide --help` lists.
commands() {
	"$ABIDE" --help | awk '
		/^Commands/ { on = 1; next }
		/^$/ && seen { exit }
		on && /^  [a-z]/ { seen = 1; name = $1 }
		on && /^  / { verb = substr($0, 12, 14); gsub(/ /, "", verb); print name, verb }'
}
# The long and short options that a help text, or the OPTIONS of a man page, shows.
options_in_help() { sed -n '/^Options:/,/^$/p' | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '--?[a-zA-Z-]+' | sort -u; }
options_in_page() { sed -n '/^# OPTIONS/,/^# [^O]/p' "$1" | grep -E '^\*-' | grep -oE '\*--?[a-zA-Z-]+\*' | tr -d '*' | sort -u; }

# same TITLE HELP PAGE: one TAP line; what only one of the two knows is shown.
same() {
	local missing extra
	missing=$(comm -23 <(echo "$2") <(echo "$3") | paste -sd' ')
	extra=$(comm -13 <(echo "$2") <(echo "$3") | paste -sd' ')
	if [ -z "$missing$extra" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1: ${missing:+not in the page: $missing }${extra:+not in the table: $extra}"
	fi
}

for page in docs/man/*.scd; do
	if complaint=$(scdoc <"$page" 2>&1 >/dev/null); then
		echo "ok - scdoc takes $page"
	else
		echo "not ok - scdoc takes $page: $complaint"
	fi
done

table=$(commands)
[ -n "$table" ] || echo "not ok - $ABIDE --help lists no command"
for name in $(cut -d' ' -f1 <<<"$table" | uniq); do
	page=docs/man/abide-$name.1.scd
	if ! [ -f "$page" ]; then
		echo "not ok - abide $name has no man page $page"
		continue
	fi
	options=$(while read -r command verb; do
		# shellcheck disable=SC2086 # no verb is no argument
		[ "$command" != "$name" ] || "$ABIDE" "$command" $verb --help | options_in_help
	done <<<"$table" | sort -u)
	same "the options of abide $name are those of its page" "$options" "$(options_in_page "$page")"
	while read -r command verb; do
		if [ "$command" != "$name" ] || [ -z "$verb" ]; then
			continue
		elif grep -Fq "*abide $name $verb*" "$page"; then
			echo "ok - abide $name $verb is in its page"
		else
			echo "not ok - abide $name $verb is not in the SYNOPSIS of $page"
		fi
	done <<<"$table"
done

same "abide(1) names every command, in the order of the pipeline" \
	"$(cut -d' ' -f1 <<<"$table" | uniq | paste -sd' ')" \
	"$(sed -n '/^# COMMANDS/,/^# O/p' docs/man/abide.1.scd | sed -n 's/^\*abide-\([a-z]*\)\*(1)$/\1/p' | paste -sd' ')"
