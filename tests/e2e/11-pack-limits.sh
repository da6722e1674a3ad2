#!/usr/bin/env bash
# Packing where something runs out or gets in the way: a full disk, a signal, a folder or file system that does not let it, a
# file that changes, one core or many, and hostile packages as bases. Nothing is left, and no byte differs.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"
mkdir "$WORK/pack"
cd "$WORK/pack" || exit 1
export SOURCE_DATE_EPOCH=1700000000

names() { find "$1" -mindepth 1 -printf '%P\n' | sort | paste -sd' '; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else unshare -r "$@"; fi; }
# manifest NAME FILE: a package with one file
manifest() {
	printf 'name: %s\narch: all\nversion: 1.0\nrelease: 1\nmaintainer: A <a@example.org>\nlicense: MIT\ndescription: d\ncontents:\n  - {src: %s, dst: /usr/share/%s/file}\n' \
		"$1" "$2" "$1" >"$1.yaml"
}
head -c 3000000 /dev/urandom >random
manifest random random
{ cat random && head -c 30000000 /dev/zero; } >large
manifest large large

# ---- a full disk ----
# Without O_TMPFILE there is a hidden name to be removed: ramfs has none, tmpfs has.
# shellcheck disable=SC2016  # for the inner shell
in_tmpfs='set -e; mkdir -p small; mount -t tmpfs -o size=1m none small; rc=0; "$ABIDE" pack -f random.yaml -t small || rc=$?; ls -A small; exit $rc'
if as_root unshare -m true 2>/dev/null; then
	export ABIDE
	refuses "a full disk is one error" 1 '^abide: small/random.*: cannot write: No space left on device$' \
		as_root unshare -m sh -c "$in_tmpfs"
	is "and nothing is left on it" "$(wc -l <"$OUT")" 1
	refuses "a read-only folder is one error" 1 '^abide: small/random.*: cannot write: Read-only file system$' \
		as_root unshare -m sh -c "${in_tmpfs/size=1m/ro}"
	# shellcheck disable=SC2016  # for the inner shell
	check "a file system without O_TMPFILE will do" \
		as_root unshare -m sh -c 'set -e; mount -t ramfs none small; "$ABIDE" pack -f random.yaml -t small; ls -A small | grep -c "^\." && exit 1; test "$(ls small | wc -l)" = 2'
else
	ok "a full disk # SKIP no mount namespaces"
fi

# ---- signals ----
mkdir killed
for signal in HUP TERM KILL; do
	"$ABIDE" pack -f large.yaml -t killed >"$OUT" 2>&1 &
	pid=$!
	sleep 0.2
	kill -s $signal $pid
	rc=0
	wait $pid 2>/dev/null || rc=$?
	[ $rc -ge 128 ] || not_ok "SIG$signal came too late to be a test"
	is "nothing is left after SIG$signal" "$(names killed)" ""
done

# ---- one core or many ----
mkdir one all
if command -v taskset >/dev/null; then
	quietly taskset -c 0 "$ABIDE" pack -f large.yaml -t one
	quietly "$ABIDE" pack -f large.yaml -t all
	check "a payload of several blocks has the same bytes on one core and on all" diff -r one all
	check "dpkg-deb reads it" sh -c 'dpkg-deb --fsys-tarfile all/large_1.0-1_all.deb | tar -xO ./usr/share/large/file | cmp - large'
	check "rpm reads it" rpm -K --nosignature all/large-1.0-1.noarch.rpm
fi

# ---- names that are taken ----
mkdir -p taken/random-1.0-1.noarch.rpm
refuses "a folder that has a package's name" 1 'taken/random-1.0-1.noarch.rpm: cannot write: Is a directory$' \
	"$ABIDE" pack -f random.yaml -t taken
is "keeps all packages from being named" "$(names taken)" "random-1.0-1.noarch.rpm"

# ---- a file that changes while it is packed ----
mkdir changed
cp large growing
manifest growing growing
(while printf x >>growing && sleep 0.01; do :; done) &
writer=$!
refuses "a file that changes is noticed" 1 'growing: changed while it was being packed; try again$' "$ABIDE" pack -f growing.yaml -t changed
kill $writer 2>/dev/null || true
is "and nothing is written" "$(names changed)" ""

# ---- more files than may be open ----
echo 'int f(void) { return 1; }' >f.c
quietly cc -g -shared -fPIC -Wl,--build-id -o plugin.so f.c
mkdir plugins many
for i in {1..60}; do cp plugin.so "plugins/$i.so"; done
printf 'name: many\narch: amd64\nversion: 1.0\nrelease: 1\nmaintainer: A <a@example.org>\nlicense: MIT\ndescription: d\nstrip: true\ncontents:\n  - {src: plugins, dst: /usr/lib/many, type: tree}\n' >many.yaml
sed -i "s/^arch: amd64/arch: $(dpkg --print-architecture)/" many.yaml
# shellcheck disable=SC2016 # expanded by that shell
check "60 libraries are stripped with 40 files open" sh -c 'ulimit -n 40; exec "$0" pack -f many.yaml --base none -t many' "$ABIDE"
is "all of them" "$(dpkg-deb --fsys-tarfile many/many_1.0-1_*.deb | tar -t | grep -c 'so$')" 60

# ---- hostile packages as bases ----
# hostile NAME: a .deb whose control archive is what is in the folder control
hostile() {
	tar -C control -cf - . | xz -1 >control.tar.xz
	: >empty
	tar -cf data.tar -T empty
	printf '2.0\n' >debian-binary
	rm -f "$1"
	ar qc "$1" debian-binary control.tar.xz data.tar
}
mkdir control none
manifest native random
sed -i 's/^arch: all/arch: amd64/' native.yaml # what is for all architectures asks no base
printf 'Package: x\nArchitecture: amd64\n' >control/control
truncate -s 200M control/junk
hostile bomb.deb
refuses "a control archive that unpacks to 200 MiB" 1 'bomb.deb: .*control archive is larger than [0-9]+ MiB$' \
	"$ABIDE" pack -f native.yaml --base bomb.deb -t none
rm control/junk
truncate -s 200M control/symbols
hostile symbols.deb
refuses "a symbols file of 200 MiB" 1 'symbols.deb: .*control archive is larger than [0-9]+ MiB$' \
	"$ABIDE" pack -f native.yaml --base symbols.deb -t none
rm control/symbols
ln -s /etc/passwd control/symbols
mkfifo control/shlibs
hostile links.deb
check "a link and a pipe in a control archive are no files" "$ABIDE" pack -f native.yaml --base links.deb -t one
mkfifo pipe.deb
refuses "a pipe is not waited for" 1 'pipe.deb: not a regular file$' timeout 10 "$ABIDE" pack -f native.yaml --base pipe.deb -t none
head -c 300 bomb.deb >cut.deb
refuses "a .deb that was cut off" 1 '^abide: cut.deb: ' "$ABIDE" pack -f native.yaml --base cut.deb -t none
head -c 3000 all/large-1.0-1.noarch.rpm >cut.rpm
refuses "an .rpm that was cut off" 1 '^abide: .*cut.rpm: ' "$ABIDE" pack -f native.yaml --base cut.rpm -t none
is "none of them leaves anything" "$(names none)" ""
