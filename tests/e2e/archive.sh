# Packages and sources of Debian by name, apart from what the machine has configured. Sourced, not run.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034  # ARCHIVE_MISSING is for who sources this
#
# Given: B, the build folder. May be given: REAL ($B/real), where everything is kept; MIRROR and SECURITY_MIRROR.
#
#   archive_open              reads the lists; FALSE, with the reason in $ARCHIVE_MISSING, when there is no archive
#   fetch PACKAGE [VERSION]   downloads a package once and prints its path
#   package_versions PACKAGE  prints the versions that the archive has, newest first
#   source_of SOURCE          unpacks a source package to $REAL/SOURCE/src, once
: "${REAL:=$B/real}" "${MIRROR:=http://deb.debian.org/debian}" "${SECURITY_MIRROR:=http://deb.debian.org/debian-security}"
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
APT=(-q -o "Dir::Etc::sourcelist=$REAL/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$REAL/apt/lists"
	-o "Dir::Cache=$REAL/apt/cache" -o APT::Sandbox::User=root -o Acquire::Retries=2 -o Acquire::http::Timeout=20)

archive_open() {
	local codename
	# shellcheck disable=SC1091
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
	ARCHIVE_MISSING="not a Debian with its archive's keyring"
	[ -r "$KEYRING" ] && [ -n "$codename" ] || return
	mkdir -p "$REAL/apt/lists/partial" "$REAL/apt/cache/archives/partial" "$REAL/debs"
	cat >"$REAL/apt/sources.list" <<-LIST
		deb [signed-by=$KEYRING] $MIRROR $codename main
		deb-src [signed-by=$KEYRING] $MIRROR $codename main
		deb [signed-by=$KEYRING] $SECURITY_MIRROR $codename-security main
	LIST
	ARCHIVE_MISSING="the archive $MIRROR cannot be reached"
	apt-get "${APT[@]}" -o APT::Update::Error-Mode=any update >"$REAL/apt/log" 2>&1
}

fetch() {
	local file
	# Asked where the file already is, apt-get would print nothing.
	file=$(cd "$REAL/apt" && apt-get "${APT[@]}" download --print-uris "$1${2:+=$2}" 2>/dev/null | awk '{ print $2 }')
	[ -n "$file" ] || return
	[ -e "$REAL/debs/$file" ] || (cd "$REAL/debs" && apt-get "${APT[@]}" download "$1${2:+=$2}") >"$REAL/apt/log" 2>&1 || return
	echo "$REAL/debs/$file"
}

package_versions() { apt-cache "${APT[@]}" madison "$1" | awk -F'|' '/Packages$/ && !seen[$2]++ { gsub(/ /, "", $2); print $2 }'; }

source_of() {
	[ ! -d "$REAL/$1/src" ] || return 0
	rm -rf "${REAL:?}/$1" && mkdir -p "$REAL/$1" &&
		(cd "$REAL/$1" && apt-get "${APT[@]}" source "$1") >"$REAL/apt/log" 2>&1 && mv "$REAL/$1/$1"-*/ "$REAL/$1/src"
}
