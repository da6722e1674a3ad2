#!/usr/bin/env bash
# What abide finds that real programs and libraries need, beside dpkg-shlibdeps (with a base captured from this system) and elfdeps.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: B, the build folder; ABIDE, the program under test; COUNT, how many files (default 40). Needs no root.
. "$(dirname "$0")/lib.sh"
: "${COUNT:=40}" "${CC:=cc}"
command -v dpkg-shlibdeps >/dev/null || skip_all "needs dpkg-shlibdeps on a system of dpkg's"
mkdir -p "$WORK/oracle/debian" "$WORK/oracle/got" "$WORK/oracle/out"
cd "$WORK/oracle" || exit 1
printf 'Source: x\nMaintainer: a <a@b.c>\n\nPackage: x\nArchitecture: any\nDescription: d\n' >debian/control

quietly "$ABIDE" base capture --output here.base
check "a base of this system" test -s here.base

# ---- what is compared: programs, and libraries in the loader's own folder, one of each package ----
# Those that every machine set up for these tests has come first, for the same set everywhere.
first='bash coreutils apt apt-utils dpkg tar xz-utils zstd cpio gpg gpgv gpgsm jq patch make rpm createrepo-c dwz shellcheck git curl
	clang-14 binutils-x86-64-linux-gnu gcc-12 g++-12 python3.11 perl-base libglib2.0-0 libarchive13 librpm9 librpmsign9
	libelf1 libdw1 libgpgme11 libjson-glib-1.0-0 libcreaterepo-c0 libcyaml1 libcurl4 libxml2 libsolv1 libdnf2 libkrb5-3
	libssl3 libsystemd0 libstdc++6 libtinfo6 libboost-iostreams1.74.0 libicu72 libgnutls30 util-linux mount systemd procps'
candidates() {
	local package
	for package in $first $(dpkg-query -W -f '${Package}\n' | sort -u); do
		dpkg -L "$package" 2>/dev/null | grep -E '^(/usr)?/s?bin/[^/]+$|^(/usr)?/lib/[a-z0-9_-]+-linux-gnu[a-z0-9]*/lib[^/]+\.so\.[^/]+$' |
			while read -r file; do
				[ -L "$file" ] || ! readelf -d "$file" 2>/dev/null | grep -q NEEDED || echo "$file"
			done | head -n 1
	done | awk '!seen[$0]++' | head -n "$COUNT"
}
candidates >files 2>/dev/null
is "files to compare" "$(wc -l <files)" "$COUNT"

# ---- differences that are known: an extended pattern of the path, and the reason ----
# None of those that every machine has. A program that links to a library in a folder of its own (RUNPATH), which no symbols or
# shlibs file tells of, is an error of abide's; dpkg-shlibdeps lets it pass where it finds the file.
known='^$'

# one FILE: both answers, a relation a line, sorted
one() {
	local name=${1//\//_}
	dpkg-shlibdeps -O "$1" 2>"out/$name.err" | sed -n 's/^shlibs:Depends=//p' | sed 's/, */\n/g' | sort >"out/$name.dpkg"
	printf 'name: one\nversion: 1\narch: %s\nmaintainer: A <a@b.c>\ndescription: d\nbase: [here.base]\ncontents: [{src: "%s", dst: "%s"}]\n' \
		"$(dpkg --print-architecture)" "$1" "$1" >"out/$name.yaml"
	mkdir -p "out/$name"
	"$ABIDE" pack -f "out/$name.yaml" -p deb -t "out/$name" >"out/$name.log" 2>&1
	dpkg-deb -f "out/$name/"*.deb Depends 2>/dev/null | sed 's/, */\n/g' | sort >"out/$name.abide"
	rm -r "out/${name:?}"
}
export -f one
# shellcheck disable=SC2016  # for the inner shell
nice xargs -a files -n 1 -P "$(nproc)" bash -c 'one "$1"' _ >/dev/null 2>&1
same=0
while read -r file; do
	name=${file//\//_}
	if [ -s "out/$name.dpkg" ] && cmp -s "out/$name.dpkg" "out/$name.abide"; then
		same=$((same + 1))
	elif [[ $file =~ $known ]]; then
		echo "# known: $file"
	else
		not_ok "$file: as dpkg-shlibdeps"
		{
			diff "out/$name.dpkg" "out/$name.abide"
			cat "out/$name.log" "out/$name.err"
		} | head -n 12 | sed 's/^/# /'
	fi
done <files
echo "# $same of $COUNT files have the same dependencies"
[ $FAILED -gt 0 ] || ok "the dependencies of $COUNT files are those of dpkg-shlibdeps"

# ---- another host: the base is all that counts ----
cat >tool.yaml <<'X'
name: tool
version: 1
arch: amd64
maintainer: A Person <person@example.org>
description: a program
contents: [{src: tool, dst: /usr/bin/tool}]
X
quietly "$CC" -o tool -x c - -lelf <<<'#include <libelf.h>
int main(void) { return (int)elf_version(EV_CURRENT); }'
check "with the base of Debian 13, on any host" "$ABIDE" pack -f tool.yaml -p deb -t got --base debian-13
dpkg-deb -f got/tool_1_amd64.deb Depends >"$OUT"
has "the packages are Debian 13's" 'libelf1t64 '

# ---- rpm: what a program requires, and whether a system has it ----
mkdir rpm
while read -r file; do
	printf 'name: one\nversion: 1\nmaintainer: A <a@b.c>\ndescription: d\nbase: [none]\ncontents: [{src: "%s", dst: "%s"}]\n' "$file" "$file" >one.yaml
	"$ABIDE" pack -f one.yaml -p rpm -t rpm >"$OUT" 2>&1 || break
	diff <(/usr/lib/rpm/elfdeps --requires "$file" | sort -u) <(rpm -qp --requires rpm/one-*.rpm | grep -Ev '^rpmlib|^config' | sort -u) >"$OUT" || break
	elf=$((${elf-0} + 1))
done < <(head -n 10 files)
is "Requires of 10 files are those of elfdeps" "${elf-0}" 10 || show_output

mkdir -p system/usr/lib/sysimage/rpm system/etc
cp "$B"/e2e/base/rpmdb/* system/usr/lib/sysimage/rpm/ || echo "# run 'make e2e-base'"
printf 'ID=fedora\nVERSION_ID="40"\n' >system/etc/os-release
check "a base of an rpm system" "$ABIDE" base capture --root system --output rpm.base
quietly "$CC" -o hello -x c - <<<'int main(void) { return 0; }'
sed '/^contents/s/src: tool/src: hello/' tool.yaml >hello.yaml
check "it has what a C program needs" "$ABIDE" pack -f hello.yaml -p rpm -t rpm --base rpm.base
refuses "and not what libelf is needed for" 4 'rpm tool: needs libelf\.so\.1.*, which no package of fedora-40 has' \
	"$ABIDE" pack -f tool.yaml -p rpm -t rpm --base rpm.base
