# What end-to-end tests share: TAP lines, throwaway roots, keys and work folder, all gone when the test ends. Sourced, not run.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A test starts with:   . "$(dirname "$0")/lib.sh"; needs_roots
# It has then:          $WORK   its own folder, short and readable by all, removed at the end
#                       $OUT    what the last check, refuses or quietly printed
#                       $HOME   a folder in $WORK; what it was is $MACHINE_HOME
#                       $B      the build folder; $ABIDE the program under test; $SRC the source tree
#
#   check DESC COMMAND...                 ok when COMMAND succeeds
#   refuses DESC EXIT PATTERN COMMAND...  ok when COMMAND fails with EXIT ("-": any but 0) and its output matches the extended PATTERN
#   is DESC GOT WANTED                    ok when the two strings are equal
#   has DESC PATTERN                      ok when $OUT matches the extended PATTERN
#   ok DESC; not_ok DESC                  said by the test itself
#   quietly COMMAND...                    runs a step of the preparation: its output goes to $OUT, and ends the test when it fails
#   skip_all REASON                       ends the test as skipped (the demo, which cannot be skipped, defines its own)
#
#   key_new NAME [ALGORITHM]              makes a key without passphrase in $GNUPGHOME; its fingerprint in $KEY
#   key_export NAME REPO                  its public half as REPO/keys/NAME.asc (armored) and NAME.gpg (for Signed-By)
#
#   root_up ROOT apt|dnf [--bind DIR]... [--have PACKAGE]... [--systemd]   a throwaway root (see tests/e2e/root) that lives until
#                                         the test ends
#   inside ROOT COMMAND...                runs COMMAND in it, as an administrator would; with its exit code, stdin and output
#   root_down ROOT                        ends it now
#   apt_source ROOT REPO NAME [SUITE]     what an administrator does once: the key and the line apt_line prints
#   dnf_repo ROOT REPO NAME [SUITE]       likewise, the section that dnf_section prints
#
# root_up must be called by the test's own shell (not in a pipe or a subshell): the root dies with the shell that called it.

# shellcheck disable=SC2034  # KEY, SRC and others are for the tests
set -u
export LC_ALL=C.UTF-8 TZ=UTC
E2E=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
SRC=$(realpath "$E2E/../..")
B=$(realpath -m "${B:-$SRC/build}")
: "${ABIDE:=$B/abide}"
export B ABIDE
declare -A ROOT_PID=() ROOT_TASK=()
TESTS=0 FAILED=0

# ---- TAP ----

ok() {
	TESTS=$((TESTS + 1))
	echo "ok $TESTS - $*"
}

not_ok() {
	TESTS=$((TESTS + 1)) FAILED=$((FAILED + 1))
	echo "not ok $TESTS - $*"
}

show_output() { tail -n 40 "$OUT" | sed 's/^/# /'; }

check() {
	local desc=$1 rc=0
	shift
	"$@" >"$OUT" 2>&1 || rc=$?
	if [ $rc -eq 0 ]; then
		ok "$desc"
	else
		not_ok "$desc"
		echo "# exit code $rc from: $*"
		show_output
		return 1
	fi
}

refuses() {
	local desc=$1 exit=$2 pattern=$3 rc=0
	shift 3
	"$@" >"$OUT" 2>&1 || rc=$?
	if [ $rc -ne 0 ] && { [ "$exit" = - ] || [ $rc -eq "$exit" ]; } && grep -Eq -- "$pattern" "$OUT"; then
		ok "$desc"
	else
		not_ok "$desc"
		echo "# exit code $rc (wanted $exit, and output like '$pattern') from: $*"
		show_output
		return 1
	fi
}

is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		printf '%s\n' "got '$2'" "wanted '$3'" | sed 's/^/# /'
		return 1
	fi
}

has() {
	if grep -Eq -- "$2" "$OUT"; then
		ok "$1"
	else
		not_ok "$1"
		echo "# no line like '$2' in:"
		show_output
		return 1
	fi
}

quietly() {
	local rc=0
	"$@" >"$OUT" 2>&1 || rc=$?
	[ $rc -eq 0 ] && return
	not_ok "preparation: $*"
	echo "# exit code $rc"
	show_output
	exit 1
}

skip_all() {
	ok "${0##*/} # SKIP $*"
	exit 0
}

# ---- the work folder, and the end ----

# The folder and the agent of its keys outlive not even a SIGKILL of the test: a cleaner waits for the other end of a pipe to close.
start_work() {
	WORK=$(mktemp -d /tmp/e2e.XXXXXX) || exit 1
	chmod 755 "$WORK"
	OUT=$WORK/out
	: >"$OUT"
	export GNUPGHOME=$WORK/gnupg
	# Debian's rpm keeps its database in the home folder, and makes one when it only reads a package file.
	MACHINE_HOME=$HOME
	export HOME=$WORK/home
	mkdir -m 700 "$GNUPGHOME" "$HOME"
	# shellcheck disable=SC2016  # expanded by the cleaner
	exec {GUARD}> >(exec setsid bash -c 'exec >/dev/null 2>&1; cat; cd /; gpgconf --kill all; rm -rf -- "$1"' _ "$WORK")
	CLEANER=$!
	trap finish EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

finish() {
	local rc=$? name
	trap '' INT TERM HUP
	for name in "${!ROOT_TASK[@]}"; do root_down "$name"; done
	exec {GUARD}>&-
	wait "$CLEANER" 2>/dev/null
	[ $TESTS -eq 0 ] || echo "1..$TESTS"
	[ $rc -ne 0 ] || [ $FAILED -eq 0 ] || rc=1
	exit $rc
}

# ---- throwaway roots ----

# On a terminal (the demo) sudo may ask; a test never does.
needs_roots() {
	local -a sudo=(sudo -n)
	[ ! -t 0 ] || sudo=(sudo)
	if [ "$(id -u)" != 0 ]; then
		"${sudo[@]}" true 2>/dev/null || skip_all "needs root, or sudo without a password"
		finish_quietly
		exec "${sudo[@]}" HOME="$MACHINE_HOME" B="$B" ABIDE="$ABIDE" ${NO_COLOR+"NO_COLOR=$NO_COLOR"} "$BASH" "$0"
	fi
	unshare --mount --pid --fork true 2>/dev/null || skip_all "needs leave to make namespaces and mounts"
}

finish_quietly() {
	trap - EXIT
	exec {GUARD}>&-
	wait "$CLEANER" 2>/dev/null
}

root_up() {
	local name=$1 ready=$WORK/ready.$1 pid='' tries=0
	shift
	mkfifo "$ready"
	"$E2E/root" "$@" --hold 9 </dev/null 9>"$ready" {GUARD}>&- &
	ROOT_TASK[$name]=$!
	read -r pid <"$ready"
	rm "$ready"
	if [ -z "$pid" ]; then
		not_ok "root '$name' ($*) does not come up"
		exit 1
	fi
	ROOT_PID[$name]=$pid
	case " $* " in *' --systemd '*) ;; *) return 0 ;; esac
	until inside "$name" systemctl is-active --quiet e2e.target 2>/dev/null; do
		sleep 0.05
		[ $((tries += 1)) -lt 400 ] || {
			not_ok "root '$name' does not boot"
			exit 1
		}
	done
}

inside() {
	local pid=${ROOT_PID[$1]}
	shift
	nsenter --target "$pid" --mount --root --pid --ipc --uts --net --cgroup --wdns=/ -- /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive TERM="${TERM-dumb}" "$@" {GUARD}>&-
}

root_down() {
	kill "${ROOT_TASK[$1]}" 2>/dev/null
	wait "${ROOT_TASK[$1]}" 2>/dev/null
	unset "ROOT_TASK[$1]" "ROOT_PID[$1]"
}

# ---- keys ----

# Ed25519 is made at once; a server with rpm before 4.16 (EL 8) would need rsa3072.
key_new() {
	quietly gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-gen-key "$1 <$1@example.org>" "${2-ed25519}" sign never
	KEY=$(gpg --batch --quiet --no-auto-check-trustdb --with-colons --list-keys "$1@example.org" | awk -F: '$1 == "fpr" { print $10; exit }')
}

key_export() {
	mkdir -p "$2/keys"
	gpg --batch --yes --armor --output "$2/keys/$1.asc" --export "$1@example.org"
	gpg --batch --yes --output "$2/keys/$1.gpg" --export "$1@example.org"
}

# ---- what a server is told once ----

url_of() {
	local path
	path=$(realpath "$1")
	path=${path//%/%25}
	echo "${path// /%20}"
}

apt_line() { echo "deb [signed-by=/etc/apt/keyrings/$2.gpg] file:$(url_of "$1") ${3-stable} main"; }

dnf_section() {
	printf '%s\n' "[$2]" "name=$2" "baseurl=file://$(url_of "$1")/rpm/${3-stable}" "gpgkey=file://$(url_of "$1")/keys/$2.asc" \
		enabled=1 gpgcheck=1 repo_gpgcheck=1 metadata_expire=0
}

apt_source() {
	inside "$1" cp "$(realpath "$2")/keys/$3.gpg" "/etc/apt/keyrings/$3.gpg"
	apt_line "$2" "$3" "${4-stable}" | inside "$1" tee "/etc/apt/sources.list.d/$3.list" >/dev/null
}

dnf_repo() {
	dnf_section "$2" "$3" "${4-stable}" | inside "$1" tee "/etc/yum.repos.d/$3.repo" >/dev/null
}

start_work
