#!/usr/bin/env bash
# Real apt and real dnf obey what `abide pin export` writes and publishes, in throwaway roots; what they do not promise is shown.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: ABIDE, the program under test. Needs no root: as a user it runs itself in a user namespace. PUBLISH_ROOTS: as in
# 24-publish-clients.sh; what has dnf5 takes part.
set -u
: "${ABIDE:=${B:-$PWD/build}/abide}"
export LC_ALL=C.UTF-8
if [ "$(id -u)" -ne 0 ]; then
	exec unshare --map-root-user "$0" "$@"
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/abide-pin.XXXXXX") || exit 1
trap 'gpgconf --homedir "$work/gnupg" --kill all 2>"$work/log"; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 1
export HOME=$work/home
mkdir "$HOME"
log=$work/log
n=0

# is TITLE WANTED GOT: one TAP line; a failure shows what the last command said.
is() {
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "# wanted '$2', got '$3'; the last command said:"
		sed 's/^/# /' "$log"
	fi
}
run() { "$@" >"$log" 2>&1; }
refused() { if run "$@"; then echo taken; else echo refused; fi; }

# ---- packages: libwarden1 in several versions, one package that takes any, one that needs 1.1.0 ----
arch=$(dpkg --print-architecture)
make_deb() { # NAME VERSION [DEPENDS]
	mkdir -p deb/DEBIAN
	printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: t <t@example.org>\nDescription: test\n%s' \
		"$1" "$2" "$arch" "${3:+Depends: $3$'\n'}" >deb/DEBIAN/control
	dpkg-deb --root-owner-group -Znone --build deb "apt/pool/$1_${2}_$arch.deb" >/dev/null
}
index_debs() {
	(cd apt && apt-ftparchive packages pool >dists/stable/main/binary-"$arch"/Packages &&
		apt-ftparchive -o APT::FTPArchive::Release::Suite=stable -o APT::FTPArchive::Release::Components=main \
			-o APT::FTPArchive::Release::Architectures="$arch" release dists/stable >../Release &&
		mv ../Release dists/stable/Release)
}
cat >one.spec <<'SPEC'
Name: %{n}
Version: %{v}
Release: 1.el9
Summary: test
License: none
BuildArch: noarch
%{?needs:Requires: %{needs}}
%description
test
%files
SPEC
make_rpm() { # NAME VERSION [REQUIRES]
	run rpmbuild -bb --define "_topdir $work/rpmbuild" --define "_rpmdir $work/dnf" --define "n $1" --define "v $2" \
		--define "_binary_payload w0.gzdio" --define "_rpmfilename %%{name}-%%{version}.rpm" \
		${3:+--define "needs $3"} one.spec || { cat "$log" >&2; exit 1; }
}
mkdir -p "apt/pool" "apt/dists/stable/main/binary-$arch" dnf
printf '%%_dbpath /usr/lib/sysimage/rpm\n' >"$HOME/.rpmmacros"
for v in 1.0.0 1.0.1 1.1.0; do
	make_deb libwarden1 "$v-1"
	make_rpm libwarden1 "$v"
done
make_deb any 1-1 libwarden1
make_rpm any 1 libwarden1
make_deb new 1-1 'libwarden1 (>= 1.1.0)'
make_rpm new 1 'libwarden1 >= 1.1.0'
index_debs
createrepo_c -q --no-database dnf

# ---- roots: the host's apt and dnf, and nothing of the host's configuration ----
# enter NAME: $root is a new empty root with the repository in its configuration.
enter_apt() {
	root=$work/root-$1
	mkdir -p "$root"/etc/apt/{preferences.d,sources.list.d,apt.conf.d,trusted.gpg.d} \
		"$root"/var/lib/apt/lists/partial "$root"/var/cache/apt/archives/partial "$root"/var/log/apt \
		"$root"/var/lib/dpkg/{info,updates,triggers}
	: >"$root/var/lib/dpkg/status"
	echo "$arch" >"$root/var/lib/dpkg/arch"
	echo "deb [trusted=yes] file:$work/apt stable main" >"$root/etc/apt/sources.list"
	cat >"$root/etc/apt/apt.conf" <<-CONF
		Dir "$root";
		Dir::State::status "$root/var/lib/dpkg/status";
		Dir::Bin::dpkg "$(command -v dpkg)";
		Dir::Log "$root/var/log/apt";
		Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";
		DPkg::Options { "--root=$root"; "--log=$root/var/log/dpkg.log"; "--force-unsafe-io"; "--force-script-chrootless"; };
		DPkg::Use-Pty "false";
		APT::Architecture "$arch"; APT::Sandbox::User ""; Acquire::Languages "none";
	CONF
	export APT_CONFIG=$root/etc/apt/apt.conf
	run apt-get update
}
enter_dnf() {
	root=$work/root-$1
	mkdir -p "$root"/etc/dnf/plugins "$root"/etc/yum.repos.d
	printf '[main]\nbest=False\n' >"$root/etc/dnf/dnf.conf"
	printf '[t]\nname=t\nbaseurl=file://%s/dnf\ngpgcheck=0\nmetadata_expire=0\n' "$work" >"$root/etc/yum.repos.d/t.repo"
	# With --installroot the plugin would read the host's list: its own configuration names the root's.
	printf '[main]\nenabled=1\nlocklist=%s/etc/dnf/plugins/versionlock.list\n' "$root" >"$root/etc/dnf/plugins/versionlock.conf"
	: >"$root/etc/dnf/plugins/versionlock.list"
}
apt_() { run apt-get -y -q "$@"; }
dnf_() {
	run dnf -y -q --installroot="$root" -c "$root/etc/dnf/dnf.conf" --setopt=reposdir="$root/etc/yum.repos.d" \
		--setopt=pluginconfpath="$root/etc/dnf/plugins" --disableplugin='*' --enableplugin=versionlock --releasever=1 --refresh "$@"
}
deb_has() { dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${db:Status-Abbrev}${Version}' "${1:-libwarden1}" 2>/dev/null | sed -n 's/^ii //p'; }
rpm_has() { rpm --root "$root" -q --qf '%{version}' "${1:-libwarden1}" 2>/dev/null | grep -v 'not installed'; }
pin() { # VERSION: pins libwarden1 and exports into $root, whichever family it is of
	run "$ABIDE" pin set acme libwarden1 "$1" --reason "the end-to-end test" --author test
	run "$ABIDE" pin export acme -o "$root"
}

# ---- apt ----
enter_apt apt-free
apt_ install libwarden1=1.0.0-1
apt_ upgrade
is "apt: without a pin, upgrade takes 1.1.0" 1.1.0-1 "$(deb_has)"

enter_apt apt-pinned
apt_ install libwarden1=1.0.0-1
pin '1.0.*'
is "apt: the candidate under the pin 1.0.* is 1.0.1" 1.0.1-1 "$(apt-cache policy libwarden1 | sed -n 's/^  Candidate: //p')"
apt_ upgrade
is "apt: upgrade takes 1.0.1" 1.0.1-1 "$(deb_has)"
apt_ dist-upgrade
is "apt: dist-upgrade stays" 1.0.1-1 "$(deb_has)"
apt_ install libwarden1
is "apt: install by name stays" 1.0.1-1 "$(deb_has)"
apt_ install any
is "apt: installing what takes any version stays" "1-1 1.0.1-1" "$(deb_has any) $(deb_has)"
is "apt: what needs 1.1.0 is refused" refused "$(refused apt_ install new)"
is "apt: and nothing moved" " 1.0.1-1" "$(deb_has new) $(deb_has)"

make_deb libwarden1 1.0.2-1
make_deb libwarden1 1.0.1-2
index_debs
apt_ update
apt_ upgrade
is "apt: a fix inside the range arrives" 1.0.2-1 "$(deb_has)"
apt_ install libwarden1=1.1.0-1
is "apt: a version that a person names is taken, whatever the pin (as abide-pin(1) says)" 1.1.0-1 "$(deb_has)"
is "apt: the way back is the candidate; without --allow-downgrades it is refused" refused "$(refused apt_ dist-upgrade)"
apt_ dist-upgrade --allow-downgrades
is "apt: with --allow-downgrades dist-upgrade goes back into the range" 1.0.2-1 "$(deb_has)"
pin 1.0.1
apt_ dist-upgrade --allow-downgrades
is "apt: the pin 1.0.1 takes that version with its newest revision" 1.0.1-2 "$(deb_has)"
pin 1.0.1-1
apt_ dist-upgrade --allow-downgrades
is "apt: the pin 1.0.1-1 takes that revision" 1.0.1-1 "$(deb_has)"
run "$ABIDE" pin unset acme libwarden1 --reason "the end-to-end test"
run "$ABIDE" pin export acme -o "$root"
apt_ upgrade
is "apt: when the pin is taken out, upgrade takes 1.1.0" 1.1.0-1 "$(deb_has)"
enter_apt apt-nothing
pin '2.*'
is "apt: a pin that no version meets leaves no candidate" "(none)" "$(apt-cache policy libwarden1 | sed -n 's/^  Candidate: //p')"

# ---- dnf4 ----
is "dnf: the versionlock plugin as packaged reads the path that is exported" 1 \
	"$(grep -c '^locklist = /etc/dnf/plugins/versionlock.list$' /etc/dnf/plugins/versionlock.conf)"
enter_dnf dnf-free
dnf_ install libwarden1-1.0.0
dnf_ upgrade
is "dnf: without a pin, upgrade takes 1.1.0" 1.1.0 "$(rpm_has)"

enter_dnf dnf-pinned
dnf_ install libwarden1-1.0.0
pin '1.0.*'
dnf_ upgrade
is "dnf: upgrade takes 1.0.1" 1.0.1 "$(rpm_has)"
dnf_ distro-sync
is "dnf: distro-sync stays" 1.0.1 "$(rpm_has)"
dnf_ install any
is "dnf: installing what takes any version stays" "1 1.0.1" "$(rpm_has any) $(rpm_has)"
is "dnf: what needs 1.1.0 is refused" refused "$(refused dnf_ install new)"
is "dnf: a version that a person names is refused too" refused "$(refused dnf_ install libwarden1-1.1.0)"
is "dnf: and nothing moved" " 1.0.1" "$(rpm_has new) $(rpm_has)"
make_rpm libwarden1 1.0.2
createrepo_c -q --no-database dnf
dnf_ upgrade
is "dnf: a fix inside the range arrives" 1.0.2 "$(rpm_has)"
pin 1.0.1
dnf_ distro-sync
is "dnf: the pin 1.0.1 takes that version with any release; distro-sync goes back to it" 1.0.1 "$(rpm_has)"
pin 1.0.2-1.el9
dnf_ upgrade
is "dnf: the pin 1.0.2-1.el9 takes that release" 1.0.2 "$(rpm_has)"
run "$ABIDE" pin unset acme libwarden1 --reason "the end-to-end test"
run "$ABIDE" pin export acme -o "$root"
dnf_ upgrade
is "dnf: when the pin is taken out, upgrade takes 1.1.0" 1.1.0 "$(rpm_has)"

# ---- dnf5, of the roots that have it ----
# enter_dnf5 ROOT: a system above it, which lasts from one command to the next; ROOT is not changed.
enter_dnf5() {
	root=$work/root-dnf5
	lower=$1
	rm -rf "$root" && mkdir -p "$root"/{up,work,top,etc/dnf}
}
in_dnf5() {
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m bash -ec '
		mount -t overlay -o "lowerdir=$1,upperdir=$2/up,workdir=$2/work" overlay "$2/top"
		mkdir -p "$2/top/etc/dnf/vars" "$2/top/etc/yum.repos.d" "$2/top/srv/dnf"
		mount --bind "$3/dnf" "$2/top/srv/dnf"
		echo 1 >"$2/top/etc/dnf/vars/releasever"
		printf "[t]\nname=t\nbaseurl=file:///srv/dnf\ngpgcheck=0\nmetadata_expire=0\n" >"$2/top/etc/yum.repos.d/t.repo"
		cp "$2/etc/dnf/versionlock.toml" "$2/top/etc/dnf" 2>&1 || true
		exec chroot "$2/top" env HOME=/root LC_ALL=C.UTF-8 "${@:4}"' bash "$lower" "$root" "$work" "$@"
}
dnf5_() { run in_dnf5 dnf5 -y --refresh "$@"; }
dnf5_has() { in_dnf5 rpm -q --qf '%{version}' "${1:-libwarden1}" 2>/dev/null | grep -v 'not installed'; }
have_dnf5=no
for candidate in ${PUBLISH_ROOTS-}; do
	[ -x "$candidate/usr/bin/dnf5" ] || continue
	have_dnf5=yes
	enter_dnf5 "$candidate"
	dnf5_ install libwarden1-1.0.0
	pin '1.0.*'
	dnf5_ upgrade
	is "dnf5: upgrade takes 1.0.2" 1.0.2 "$(dnf5_has)"
	dnf5_ distro-sync
	is "dnf5: distro-sync stays" 1.0.2 "$(dnf5_has)"
	dnf5_ install any
	is "dnf5: installing what takes any version stays" "1 1.0.2" "$(dnf5_has any) $(dnf5_has)"
	is "dnf5: what needs 1.1.0 is refused" refused "$(refused dnf5_ install new)"
	is "dnf5: a version that a person names is refused too" refused "$(refused dnf5_ install libwarden1-1.1.0)"
	pin 1.0.1
	dnf5_ distro-sync
	is "dnf5: the pin 1.0.1 takes that version with any release; distro-sync goes back to it" 1.0.1 "$(dnf5_has)"
	pin 1.0.2-1.el9
	dnf5_ upgrade
	is "dnf5: the pin 1.0.2-1.el9 takes that release" 1.0.2 "$(dnf5_has)"
	run "$ABIDE" pin unset acme libwarden1 --reason "the end-to-end test"
	run "$ABIDE" pin export acme -o "$root"
	dnf5_ upgrade
	is "dnf5: when the pin is taken out, upgrade takes 1.1.0" 1.1.0 "$(dnf5_has)"
done
if [ $have_dnf5 = no ]; then
	n=$((n + 1))
	echo "ok $n - dnf5 # SKIP PUBLISH_ROOTS names no root with dnf5"
fi

# ---- a server that sees the channel's suite and nothing else ----
# A new folder, with packages made by abide pack: rpms in a repository are signed.
mkdir -p "$work/fleet/packages" && cd "$work/fleet" || exit 1
export GNUPGHOME=$work/gnupg
mkdir -m 700 "$GNUPGHOME"
run gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-gen-key 'test <t@example.org>' ed25519 sign never
make_both() { # NAME VERSION [DEPENDS]: a .deb and an .rpm, published in suite stable
	rm -f packages/*
	printf '%s\n' "name: $1" "version: \"$2\"" 'release: 1' 'arch: all' 'maintainer: t <t@example.org>' 'description: test' \
		"${3:+depends: [\"$3\"]}" >one.yaml
	run "$ABIDE" pack -f one.yaml -t packages --sign t@example.org && run "$ABIDE" publish add repo packages/*
}
run "$ABIDE" publish init repo --key t@example.org
for v in 1.0.0 1.0.1 1.1.0; do make_both libwarden1 "$v"; done
make_both any 1 libwarden1
make_both new 1 'libwarden1 >= 1.1.0'
printf 'fleet: test\nrepository: repo\n' >fleet.yaml
export_acme() { run "$ABIDE" pin export acme --publish; }
run "$ABIDE" pin set acme libwarden1 '1.0.*' --reason "the end-to-end test" --author test
export_acme
is "the channel is published as a suite" "2: 8 added" "$(sed -n 's/.*suite acme, state \(2: [0-9]* added\).*/\1/p' "$log")"
is "with what it lets through of both families" "any 1-1 libwarden1 1.0.0-1 libwarden1 1.0.1-1 new 1-1" \
	"$("$ABIDE" publish list repo --suite acme | awk '$NF == "deb" { print $1, $2 }' | sort | paste -sd' ')"
is "and nothing is stored twice" 0 "$(find repo/rpm/acme/Packages -type f -links 1 | wc -l)"

# wander NAME SEED STEPS COMMAND...: that many of these commands, at random; prints every version that the server ever had.
wander() {
	local name=$1 seen='' steps=$3 has=${1%%-*}_has
	local -a words
	RANDOM=$2
	[ "$has" = apt_has ] && has=deb_has
	[ "$has" = dnf_has ] && has=rpm_has
	shift 3
	seen=$($has)$'\n'
	for ((; steps > 0; steps--)); do
		read -ra words <<<"${*:RANDOM % $# + 1:1}"
		"${name%%-*}_" "${words[@]}"
		seen="$seen$($has)"$'\n'
	done
	sort -u <<<"$seen" | grep . | paste -sd' '
}
apt_commands=(upgrade dist-upgrade full-upgrade 'install libwarden1' 'install any' 'install new' 'remove any' autoremove
	'--reinstall install libwarden1' 'upgrade --with-new-pkgs' 'install any new' '--only-upgrade install libwarden1')
dnf_commands=(upgrade distro-sync 'upgrade libwarden1' 'install libwarden1' 'install any' 'install new' 'remove any' upgrade-minimal
	'reinstall libwarden1' 'upgrade --best' 'install --allowerasing new' 'distro-sync --allowerasing')

enter_apt apt-suite
echo "deb [trusted=yes] file:$work/fleet/repo acme main" >"$root/etc/apt/sources.list"
apt_ update
apt_ install libwarden1=1.0.0-1
is "apt, suite: no sequence of commands leaves the range" "1.0.0-1 1.0.1-1" \
	"$(wander apt-suite 1 30 "${apt_commands[@]}" 'install libwarden1=1.1.0-1' 'install libwarden1/acme')"
enter_dnf dnf-suite
sed -i "s|^baseurl.*|baseurl=file://$work/fleet/repo/rpm/acme|" "$root/etc/yum.repos.d/t.repo"
dnf_ install libwarden1-1.0.0
is "dnf, suite: no sequence of commands leaves the range" "1.0.0 1.0.1" \
	"$(wander dnf-suite 2 15 "${dnf_commands[@]}" 'install libwarden1-1.1.0' 'upgrade libwarden1-1.1.0')"

enter_apt apt-files
echo "deb [trusted=yes] file:$work/fleet/repo stable main" >"$root/etc/apt/sources.list"
apt_ update
apt_ install libwarden1=1.0.0-1
run "$ABIDE" pin export acme -o "$root"
is "apt, files on the full mirror: no sequence of commands does" "1.0.0-1 1.0.1-1" \
	"$(wander apt-files 3 30 "${apt_commands[@]}")"
enter_dnf dnf-files
sed -i "s|^baseurl.*|baseurl=file://$work/fleet/repo/rpm/stable|" "$root/etc/yum.repos.d/t.repo"
dnf_ install libwarden1-1.0.0
run "$ABIDE" pin export acme -o "$root"
is "dnf, files on the full mirror: no sequence of commands does" "1.0.0 1.0.1" \
	"$(wander dnf-files 4 15 "${dnf_commands[@]}" 'install libwarden1-1.1.0')"

make_both libwarden1 1.0.2
export_acme
is "a fix in the range is published to the channel: what differs, and nothing else" "3: 2 added" \
	"$(sed -n 's/.*suite acme, state \(3: [0-9]* added\).*/\1/p' "$log")"
for server in apt-suite apt-files; do
	root=$work/root-$server
	export APT_CONFIG=$root/etc/apt/apt.conf
	apt_ update
	apt_ upgrade
	is "$server: it arrives" 1.0.2-1 "$(deb_has)"
done
for server in dnf-suite dnf-files; do
	root=$work/root-$server
	dnf_ upgrade
	is "$server: it arrives" 1.0.2 "$(rpm_has)"
done
run "$ABIDE" pin set acme libwarden1 '>= 1.0.1, < 1.0.2' --reason "a range" --author test
root=$work/root-apt-files
export APT_CONFIG=$root/etc/apt/apt.conf
run "$ABIDE" pin export acme -o "$root"
is "apt: a range is written as the versions of it" 1.0.1-1 "$(apt-cache policy libwarden1 | sed -n 's/^  Candidate: //p')"
run "$ABIDE" pin set acme libwarden1 '1.0.*' --reason "over" --author test --until 2001-01-31
is "a channel with a pin that is over is not published" "3 refused" \
	"$("$ABIDE" pin export acme --publish >"$log" 2>&1; echo $?) $(grep -q 'ended on 2001-01-31' "$log" && echo refused)"
echo "1..$n"
