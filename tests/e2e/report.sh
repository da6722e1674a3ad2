# The short report of a demonstration: numbered steps, facts under them, a table at the end; every command's output in a log.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
#   report_start LOG             begins; LOG is kept
#   step TITLE                   a heading with its number and the seconds since the start
#   run COMMAND...               runs it, its output to the log and to $OUT only; when it fails, shows what failed and ends
#   run_refused EXIT PATTERN COMMAND...   likewise for what must be refused: EXIT ("-": any but 0), output like the extended PATTERN
#   fact NAME VALUE              one aligned line
#   table_row CELL...            adds a row to the table (the first row is its head)
#   table_print                  shows it
#   report_end                   says how long it took and where the log is
#
# Colour only on a terminal, and not when NO_COLOR is set.

if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; then
	BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' PLAIN=$'\e[0m'
else
	BOLD='' DIM='' RED='' PLAIN=''
fi
STEPS=0
TABLE=()

# Seconds since report_start, with one digit after the point.
elapsed() {
	local tenths=$(((${EPOCHREALTIME/[.,]/} - REPORT_BEGAN) / 100000))
	echo "$((tenths / 10)).$((tenths % 10))"
}

report_start() {
	REPORT_BEGAN=${EPOCHREALTIME/[.,]/}
	REPORT_LOG=$1
	: "${OUT:=$(mktemp)}"
	: >"$REPORT_LOG"
}

step() {
	STEPS=$((STEPS + 1))
	printf '\n%s%d. %s%s %s(%s s)%s\n' "$BOLD" $STEPS "$*" "$PLAIN" "$DIM" "$(elapsed)" "$PLAIN"
	printf '\n==== %d. %s\n' $STEPS "$*" >>"$REPORT_LOG"
}

fact() {
	printf '   %-22s %s\n' "$1" "${*:2}"
	printf '## %s: %s\n' "$1" "${*:2}" >>"$REPORT_LOG"
}

# Runs a command into $OUT and the log; its exit code in $REPORT_RC.
logged() {
	REPORT_RC=0
	printf '\n$ %s\n' "$(printf '%q ' "$@")" >>"$REPORT_LOG"
	"$@" >"$OUT" 2>&1 || REPORT_RC=$?
	cat "$OUT" >>"$REPORT_LOG"
	printf '(exit %d, %s s)\n' $REPORT_RC "$(elapsed)" >>"$REPORT_LOG"
}

report_failure() { # WHAT COMMAND...
	{
		printf '\n%s%s%s (step %d, after %s s)\n' "$RED" "$1" "$PLAIN" $STEPS "$(elapsed)"
		printf '   $ %s\n' "$(printf '%q ' "${@:2}")"
		tail -n 20 "$OUT" | sed 's/^/   | /'
		echo "   all output: $REPORT_LOG"
	} >&2
	exit 1
}

run() {
	logged "$@"
	[ $REPORT_RC -eq 0 ] || report_failure "failed with exit code $REPORT_RC" "$@"
}

run_refused() {
	local exit=$1 pattern=$2
	shift 2
	logged "$@"
	[ $REPORT_RC -ne 0 ] || report_failure "should have been refused" "$@"
	[ "$exit" = - ] || [ $REPORT_RC -eq "$exit" ] || report_failure "was refused with exit code $REPORT_RC, not $exit" "$@"
	grep -Eq -- "$pattern" "$OUT" || report_failure "was refused, but not for '$pattern'" "$@"
}

table_row() {
	local IFS=$'\x1f'
	TABLE+=("$*")
}

table_print() {
	local -a widths=() cells
	local row i line
	for row in "${TABLE[@]}"; do
		IFS=$'\x1f' read -ra cells <<<"$row"
		for i in "${!cells[@]}"; do
			[ ${#cells[i]} -le "${widths[i]:-0}" ] || widths[i]=${#cells[i]}
		done
	done
	echo
	for row in "${!TABLE[@]}"; do
		IFS=$'\x1f' read -ra cells <<<"${TABLE[row]}"
		line=
		for i in "${!cells[@]}"; do
			printf -v cells[i] '%-*s' "${widths[i]}" "${cells[i]}"
			line+="${cells[i]}  "
		done
		line=${line%"${line##*[! ]}"}
		if [ "$row" = 0 ]; then
			printf '   %s%s%s\n' "$BOLD" "$line" "$PLAIN"
		else
			printf '   %s\n' "$line"
		fi
		printf '%s\n' "$line" >>"$REPORT_LOG"
	done
}

report_end() { printf '\n%sdone in %s s; every command and its output: %s%s\n' "$DIM" "$(elapsed)" "$REPORT_LOG" "$PLAIN"; }
