#!/usr/bin/env bash
# What abide publish writes, in front of the real apt, dnf and zypper: not one warning, also while keys change and a publisher works.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# This machine's own clients (Debian 12: apt 2.6, dnf 4) always take part, and zypper 1.14.42 where it is installed (Debian's cannot
# be beside dnf-plugins-core, which other tests need). Further ones do from the roots named in
# PUBLISH_ROOTS (folders, separated by blanks), such as debootstrap makes them; they are not changed:
#   debootstrap --variant=minbase --include=dnf5,zypper,rpm,gpg,gpg-agent forky ROOT MIRROR sid     # apt 3.3, dnf 5, zypper 1.14.101
#   debootstrap --variant=minbase trixie ROOT MIRROR                                                # apt 3.0
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
needs_roots
unset SOURCE_DATE_EPOCH

repo=$WORK/repo

# ---- clients: each call is a fresh server, in an overlay that goes with it ----

cat >"$WORK/functions" <<'EOF'
# What `abide publish client-config` says, done as root of a server, and then the client; ends with 0 when it says not one warning.
quiet() {
	"$@" >/run/out 2>&1 </dev/null && ! grep -E '^(W|N|E|Warning|Notice|Error|Err):|^>>>|[Ww]arning: |Error: ' /run/out
}
apt_client() {
	rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/* /etc/apt/preferences.d/*
	install -D -m 644 "$1"/*.sources -t /etc/apt/sources.list.d
	install -D -m 644 "$1"/*.gpg -t /etc/apt/keyrings
	quiet apt -o APT::Sandbox::User= update && apt-cache show warden-doc >/run/out 2>&1
}
# rpm_config DIR CONFIG. Debian keeps rpm's database in the home folder, and has plugins that want more of the repository.
rpm_config() {
	rm -rf /etc/yum.repos.d/* /etc/zypp/repos.d/* /etc/dnf/plugins/local.conf
	mkdir -p /etc/rpm /etc/dnf/vars /etc/dnf/libdnf5-plugins
	echo '%_dbpath /usr/lib/sysimage/rpm' >/etc/rpm/macros
	echo 1 >/etc/dnf/vars/releasever
	printf '[main]\nenabled=0\n' | tee /etc/dnf/plugins/local.conf >/etc/dnf/libdnf5-plugins/local.conf
	install -D -m 644 "$2"/RPM-GPG-KEY-* -t /etc/pki/rpm-gpg
	install -D -m 644 "$2"/*.repo -t "$1"
}
dnf_client() {
	local dnf=dnf
	! command -v dnf5 >/run/out || dnf=dnf5
	rpm_config /etc/yum.repos.d "$1"
	rm -rf /var/cache/dnf /var/cache/libdnf5
	quiet "$dnf" -y makecache && quiet "$dnf" -y install warden-doc && rpm -q warden-doc >/run/out && rpm -e warden-doc
}
zypper_client() {
	rpm_config /etc/zypp/repos.d "$1"
	rm -rf /var/lib/rpm /var/cache/zypp # what dnf's database and an earlier configuration left
	echo '%_dbpath /var/lib/rpm' >/etc/rpm/macros # where Debian's libzypp looks for keys
	rpm --import /etc/pki/rpm-gpg/RPM-GPG-KEY-* && quiet zypper --non-interactive refresh --force &&
		quiet zypper --non-interactive download warden-doc
}
EOF
cat >"$WORK/client" <<'EOF'
# client FUNCTIONS apt|dnf|zypper CONFIG...: one after the other on the same server
. "$1"
for config in "${@:3}"; do
	"${2}_client" "$config" || { cat /run/out; exit 1; }
done
EOF

# in_root ROOT COMMAND...
in_root() {
	# shellcheck disable=SC2016  # expanded inside
	unshare --mount --pid --fork --kill-child --uts --ipc -- "$BASH" -ec '
		root=$1 work=$2 t=$3
		shift 3
		mount -t tmpfs -o mode=755 tmpfs "$t"
		mkdir "$t/up" "$t/work" "$t/root"
		mount -t overlay -o "lowerdir=$root,upperdir=$t/up,workdir=$t/work" overlay "$t/root"
		mount -t proc proc "$t/root/proc"
		mount -t tmpfs -o mode=755 tmpfs "$t/root/dev"
		mount -t tmpfs -o mode=755 tmpfs "$t/root/run"
		for node in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "$t/root/dev/${node%:*}" c 1 "${node#*:}"; done
		mkdir -p "$t/root/$work"
		mount --rbind "$work" "$t/root/$work"
		exec chroot "$t/root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 bash "$@"' \
		_ "$1" "$WORK" "$WORK/mnt" "${@:2}"
}
mkdir "$WORK/mnt"
# client ROOT TOOL CONFIG...
client() { in_root "$1" "$WORK/client" "$WORK/functions" "${@:2}"; }

roots=(/)
# shellcheck disable=SC2206  # a list
roots+=(${PUBLISH_ROOTS-})
has_tool() { chroot "$1" bash -c "command -v $2 || { [ $2 = dnf ] && command -v dnf5; }" >/dev/null 2>&1; }
# version ROOT TOOL: "TOOL VERSION", for the names of checks
version() {
	echo "$2 $(chroot "$1" bash -c "dpkg-query -W -f '\${Version} ' $2 $2[0-9]" 2>/dev/null | cut -d' ' -f1)"
}
# everybody DESC yes|no CONFIG...: whether every client of every root takes it.
everybody() {
	local desc=$1 expected=$2 root tool
	shift 2
	for root in "${roots[@]}"; do
		for tool in apt dnf zypper; do
			has_tool "$root" $tool || continue
			case $expected in
			yes) check "$desc: $(version "$root" $tool) takes it without a warning" client "$root" $tool "$@" ;;
			no) refuses "$desc: $(version "$root" $tool) refuses it" - . client "$root" $tool "$@" ;;
			esac
		done
	done
}

# ---- packages and keys ----

key_new old rsa3072
old=$KEY
key_new new
new=$KEY
export_config() { # NAME KEYS...: the configuration as it is now, with only these keys
	"$ABIDE" publish client-config "$repo" --url "file://$repo" -o "$WORK/$1" >/dev/null || return 1
	[ $# -eq 1 ] || gpg --batch --yes -o "$WORK/$1/acme.gpg" --export "${@:2}"
	[ $# -eq 1 ] || gpg --batch --yes --armor -o "$WORK/$1/RPM-GPG-KEY-acme" --export "${@:2}"
}
mkdir -p "$WORK/tree/DEBIAN"
cat >"$WORK/tree/DEBIAN/control" <<'EOF'
Package: warden-doc
Version: 1.0-1
Architecture: all
Maintainer: A B <a@example.org>
Description: documents
EOF
quietly dpkg-deb --root-owner-group -b "$WORK/tree" "$WORK/doc.deb"
# rpm_doc VERSION [KEY]
rpm_doc() {
	printf '%s\n' "Name: warden-doc" "Version: $1" "Release: 1" "Summary: documents" "License: MIT" "BuildArch: noarch" %description text \
		%files >"$WORK/doc.spec"
	quietly rpmbuild -bb -D "_topdir $WORK/rpmbuild" -D "_rpmdir $WORK" -D "_build_id_links none" "$WORK/doc.spec"
	[ $# -eq 1 ] || quietly rpmsign --addsign -D "_gpg_name $2" -D '__gpg /usr/bin/gpg' "$WORK/noarch/warden-doc-$1-1.noarch.rpm"
}
rpm_doc 1.0 "$old"
quietly "$ABIDE" publish init "$repo" --key "$old" --origin ACME
quietly "$ABIDE" publish add "$repo" "$WORK/doc.deb" "$WORK/noarch/warden-doc-1.0-1.noarch.rpm"
quietly export_config before

everybody "one key" yes "$WORK/before"

# ---- a rotation: both keys sign for a while ----

check "a second key" "$ABIDE" publish key "$repo" --add "$new"
has "both are shown" "$new"
quietly export_config both
quietly export_config new "$new"
everybody "two keys, a server that knows the first" yes "$WORK/before"
everybody "two keys, a server that knows both" yes "$WORK/both"
check "two keys, a server that knows the second: apt" client / apt "$WORK/new"
everybody "from one key to two" yes "$WORK/before" "$WORK/both"
rpm_doc 2.0 "$new"
check "a package signed by the second key" "$ABIDE" publish add "$repo" "$WORK/noarch/warden-doc-2.0-1.noarch.rpm"
is "Signed-By announces both" "$(sed -n 's/^Signed-By: //p' "$repo/dists/stable/Release")" "$old, $new"
check "the first key is retired" "$ABIDE" publish key "$repo" --retire "$old"
everybody "the second key alone, a server that knows both" yes "$WORK/both"
everybody "the second key alone, a server that knows only it" yes "$WORK/new"
everybody "the second key alone, a server that knows only the first" no "$WORK/before"
refuses "the last key stays" 1 "the only key" "$ABIDE" publish key "$repo" --retire "$new"

# ---- readers while a publisher works ----

publications=10
for n in $(seq $publications); do rpm_doc "3.$n"; done
quietly rpmsign --addsign -D "_gpg_name $new" -D '__gpg /usr/bin/gpg' "$WORK"/noarch/warden-doc-3.*.rpm
python3 - "$repo" "$WORK/port" <<'EOF' &
import http.server, os, socketserver, sys
class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *arguments): pass
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer): daemon_threads = True
os.chdir(sys.argv[1])
server = Server(("127.0.0.1", 0), Handler)
with open(sys.argv[2] + ".new", "w") as f: f.write(str(server.server_address[1]))
os.rename(sys.argv[2] + ".new", sys.argv[2])
server.serve_forever()
EOF
server=$!
for _ in $(seq 100); do [ -e "$WORK/port" ] || sleep 0.1; done
quietly "$ABIDE" publish client-config "$repo" --url "http://127.0.0.1:$(cat "$WORK/port")" -o "$WORK/http"
cat >"$WORK/loop" <<'EOF'
# loop FUNCTIONS CONFIG STOP: apt and dnf, again and again until STOP is there; says how often
. "$1"
runs=0
rpm_config /etc/yum.repos.d "$2"
while [ ! -e "$3" ]; do
	apt_client "$2" && quiet dnf -y --refresh makecache || { cat /run/out; exit 1; }
	runs=$((runs + 1))
done
echo "$runs times"
EOF
in_root / "$WORK/loop" "$WORK/functions" "$WORK/http" "$WORK/stop" >"$WORK/loop.out" 2>&1 &
reader=$!
publish_often() {
	local n
	for n in $(seq $publications); do
		sed -i "s/^Version: .*/Version: 2.$n/" "$WORK/tree/DEBIAN/control"
		dpkg-deb --root-owner-group -b "$WORK/tree" "$WORK/loop.deb" >/dev/null
		"$ABIDE" publish add "$repo" "$WORK/loop.deb" "$WORK/noarch/warden-doc-3.$n-1.noarch.rpm" || return 1
	done
}
check "$publications publications while apt and dnf read" publish_often
: >"$WORK/stop"
wait "$reader"
is "no reader failed" $? 0 || sed 's/^/# /' "$WORK/loop.out"
tail -n 1 "$WORK/loop.out" | sed 's/^/# both read /'
kill "$server"
wait "$server" 2>/dev/null || true
