#!/usr/bin/env bash
# abide publish beside apt-ftparchive and createrepo_c, and in front of the real apt and dnf, which must also refuse what was tampered with.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: ABIDE, the program. Works without root where user namespaces are to be had.
set -u
: "${ABIDE:?}"
export LC_ALL=C TZ=UTC
unset SOURCE_DATE_EPOCH

work=$(mktemp -d /tmp/pub.XXXXXX) || exit 1
export GNUPGHOME=$work/g HOME=$work/home
site=$work/site repo=$work/repo root=$work/apt rpmroot=$work/dnf
cleanup() {
	gpgconf --kill all 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 1

# ok NAME COMMAND...: the command must succeed. What it prints is shown only if it does not, and is in $work/out for the next.
ok() {
	local name=$1
	shift
	if "$@" >"$work/now" 2>&1; then
		echo "ok - publish: $name"
	else
		echo "not ok - publish: $name"
		sed 's/^/# /' "$work/now" | tail -n 30
	fi
	mv "$work/now" "$work/out"
}

# fails CODE TEXT COMMAND...: ends with that exit code and one line of error that holds TEXT.
fails() {
	local code=$1 text=$2 found
	shift 2
	"$@" >"$work/stdout" 2>"$work/stderr"
	found=$?
	cat "$work/stdout" "$work/stderr"
	echo "exit code $found"
	[ $found -eq "$code" ] && [ "$(wc -l <"$work/stderr")" -eq 1 ] && grep -qF -- "$text" "$work/stderr"
}

# unchanged COMMAND...: the command succeeds and the repository has the same bytes after it.
tree() { find "$1" -type f ! -name .abide-publish.lock -exec sha256sum {} + | sort; }
unchanged() {
	local before
	before=$(tree "$repo")
	"$@" && [ "$before" = "$(tree "$repo")" ] && [ ! -e "$repo/.incoming" ]
}

# ---- keys and reference packages ----
mkdir -m 700 "$GNUPGHOME" "$HOME"
key() { gpg -q --batch --passphrase '' "$@" 2>>"$work/gpg.log"; }
key --quick-gen-key 'Release <release@example.org>' rsa2048 sign never
key --quick-gen-key 'Stranger <stranger@example.org>' ed25519 sign never
key --faked-system-time 20200101T000000 --quick-gen-key 'Late <late@example.org>' ed25519 sign 1d
key --quick-gen-key 'Gone <gone@example.org>' ed25519 sign never
gone=$(gpg --list-keys --with-colons gone@example.org | awk -F: '/^fpr/ {print $10; exit}')
sed 's/^:---/---/' "$GNUPGHOME/openpgp-revocs.d/$gone.rev" | key --import

# deb FILE NAME VERSION ARCH [CONTENT]
deb() {
	local t=$work/tree
	rm -rf "$t"
	mkdir -p "$t/DEBIAN" "$t/opt/$2"
	echo "${5-$2 $3}" >"$t/opt/$2/data"
	cat >"$t/DEBIAN/control" <<EOF
Maintainer: A B <a@example.org>
Package: $2
Version: $3
Source: libwarden
Architecture: $4
X-Custom-Field: kept as it is
Homepage: https://example.org/
Section: libs
Priority: optional
Multi-Arch: same
Recommends: nothing-at-all (>= 1:2~)
Description: short, and
 long, with
 .
 an empty line
EOF
	sed -i "${6-}" "$t/DEBIAN/control"
	dpkg-deb --root-owner-group -Z"${compression:-xz}" -b "$t" "$1" >/dev/null
}
deb one.deb libwarden1 1.0.0-1 amd64
compression=zstd deb two.deb libwarden1 1.10.0-1 amd64
compression=gzip deb nine.deb libwarden1 1:1.9.0-1 amd64
compression=none deb doc.deb warden-doc 1.0.0-1 all "" '/^Multi-Arch/d'
deb other.deb libwarden1 1.0.0-1 amd64 "other bytes"
head -c 600 one.deb >cut.deb

# rpm NAME VERSION [EPOCH]: left in $work/rpms/ARCH
rpm_package() {
	cat >"$work/x.spec" <<EOF
Name: $1
Epoch: ${3-0}
Version: $2
Release: 1
Summary: a & b <c>
License: MIT
BuildArch: noarch
Provides: warden(x) = 1
Recommends: something
%description
text & <more>
%install
mkdir -p %{buildroot}/opt/$1; echo $1 $2 > %{buildroot}/opt/$1/data
%files
/opt/$1
%changelog
* Mon Jan 01 2024 A B <a@example.org> - $2-1
- first & <last>
EOF
	rpmbuild -bb -D "_topdir $work/rpmbuild" -D "_rpmdir $work/rpms" "$work/x.spec" >"$work/rpmbuild.log" 2>&1
}
sign() { rpmsign --addsign -D "_gpg_name $1" -D '__gpg /usr/bin/gpg' "$2" >/dev/null 2>&1; }
rpm_package libwarden1 1.0.0
rpm_package libwarden1 1.10.0 1
rpm_package warden-tools 2.0~rc1
cp rpms/noarch/libwarden1-1.0.0-1.noarch.rpm unsigned.rpm
cp unsigned.rpm stranger.rpm
sign stranger@example.org stranger.rpm
for f in rpms/noarch/*.rpm; do sign release@example.org "$f"; done
cp rpms/noarch/libwarden1-1.0.0-1.noarch.rpm tampered.rpm
printf 'X' | dd of=tampered.rpm bs=1 seek=$(($(stat -c %s tampered.rpm) - 20)) conv=notrunc status=none

# ---- clients ----
mkdir -p "$root"/{etc/apt/{apt.conf.d,preferences.d,sources.list.d,trusted.gpg.d},var/lib/apt/lists/partial,var/cache/apt/archives/partial,var/log/apt}
mkdir -p "$root"/var/lib/dpkg/{info,updates,triggers,parts,alternatives}
: >"$root/var/lib/dpkg/status"
echo amd64 >"$root/var/lib/dpkg/arch"
cat >"$root/apt.conf" <<EOF
Dir "$root"; Dir::State::status "$root/var/lib/dpkg/status"; Dir::Log "$root/var/log/apt"; Dir::Bin::dpkg "/usr/bin/dpkg";
Dir::Etc::trustedparts "$root/etc/apt/trusted.gpg.d"; APT::Architecture "amd64"; APT::Architectures { "amd64"; };
APT::Sandbox::User ""; DPkg::Use-Pty "false"; Acquire::Languages "none"; Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";
DPkg::Options { "--root=$root"; "--force-not-root"; "--log=$root/var/log/dpkg.log"; "--force-unsafe-io"; };
EOF
apt() { APT_CONFIG=$root/apt.conf apt-get "$@"; }
fresh_apt() { rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/archives/*.deb; }
# Not one warning, notice or error.
quiet_update() {
	fresh_apt
	apt update >"$work/update" 2>&1 && ! grep -E '^(W|E|N|Warning|Notice|Err)' "$work/update"
}

# gpg-agents that dnf leaves behind go with the namespace.
namespace=(unshare --pid --fork --kill-child)
[ "$(id -u)" -eq 0 ] || namespace=(unshare --map-root-user --pid --fork --kill-child)
mkdir -p "$rpmroot/etc/yum.repos.d"
echo '[main]' >"$rpmroot/etc/dnf.conf"
printf '%%_dbpath /usr/lib/sysimage/rpm\n' >"$HOME/.rpmmacros"
dnf_run() {
	"${namespace[@]}" dnf -y --noplugins --installroot="$rpmroot" -c "$rpmroot/etc/dnf.conf" \
		--setopt=reposdir="$rpmroot/etc/yum.repos.d" --releasever=1 "$@"
}
fresh_dnf() { rm -rf "${rpmroot:?}/var"; }
dnf_update() {
	fresh_dnf
	dnf_run makecache >"$work/makecache" 2>&1 && ! grep -iE 'warning|error' "$work/makecache"
}
serve() {
	rm -rf "$site"
	cp -a "$repo" "$site"
}

# ---- init ----
start=1700000000
SOURCE_DATE_EPOCH=$start ok "init makes a repository" "$ABIDE" publish init "$repo" --key release@example.org --origin 'ACME Ltd'
fpr=$(gpg --list-keys --with-colons release@example.org | awk -F: '/^fpr/ {print $10; exit}')
ok "init prints the fingerprint" grep -q "$fpr" "$work/out"
ok "init twice is refused" unchanged fails 1 "is there already" "$ABIDE" publish init "$repo" --key release@example.org
ok "a key that gpg does not have" fails 1 "gpg has no secret key" "$ABIDE" publish init "$work/no" --key nobody@example.org
ok "an expired key" fails 3 expired "$ABIDE" publish init "$work/no" --key late@example.org
ok "a revoked key" fails 3 revoked "$ABIDE" publish init "$work/no" --key "$gone"
ok "they leave nothing behind" test ! -e "$work/no"
mkdir mine && echo dear >mine/diary
ok "a directory that is not ours" fails 1 "not empty" "$ABIDE" publish init mine --key release@example.org
ok "and it stays as it was" test "$(ls -A mine)" = diary
rm -rf "$work/full" && mkdir "$work/full"
ok "an empty directory is taken" "$ABIDE" publish init "$work/full" --key release@example.org --valid-days 7
ok "valid-days is in the Release file" bash -c "
	d() { date -d \"\$(sed -n \"s/^\$1: //p\" '$work/full/dists/stable/Release')\" +%s; }
	[ \$((\$(d Valid-Until) - \$(d Date))) -eq \$((7 * 86400)) ]"
ok "valid-days out of range is usage" fails 2 valid-days "$ABIDE" publish init "$work/no" --key "$fpr" --valid-days 99999
ok "client-config" "$ABIDE" publish client-config "$repo" --url "file://$site" -o "$work/client"
ok "client-config says where the files go" grep -q /etc/apt/keyrings "$work/out"
sed "s|/etc/apt/keyrings|$work/client|" client/acme-ltd.sources >"$root/etc/apt/sources.list.d/acme.sources"
sed "s|/etc/pki/rpm-gpg|$work/client|" client/acme-ltd.repo >"$rpmroot/etc/yum.repos.d/acme.repo"
ok "the repo file asks for both signatures" test "$(grep -cE '^(repo_)?gpgcheck=1$' client/acme-ltd.repo)" -eq 2
ok "a URL that is none" fails 1 "no URL" "$ABIDE" publish client-config "$repo" --url 'not a url' -o "$work/no"
serve
ok "the date is SOURCE_DATE_EPOCH's" grep -qx 'Date: Tue, 14 Nov 2023 22:13:20 UTC' "$repo/dists/stable/Release"
expired() {
	! quiet_update && grep expired "$work/update"
}
ok "a repository past its Valid-Until is refused by apt" expired
rm -rf "$repo"
"$ABIDE" publish init "$repo" --key release@example.org --origin 'ACME Ltd' >/dev/null
serve
ok "an empty repository, without one warning by apt" quiet_update
ok "an empty repository, without one warning by dnf" dnf_update

# ---- add ----
ok "packages for all architectures alone" "$ABIDE" publish add "$repo" doc.deb
serve
ok "apt sees them" bash -c "$(declare -f quiet_update fresh_apt apt); root='$root' work='$work'; quiet_update && APT_CONFIG=$root/apt.conf apt-cache show warden-doc"
ok "both families in one command" "$ABIDE" publish add "$repo" two.deb one.deb nine.deb rpms/noarch/*.rpm
ok "it says what was added" test "$(grep -c '^added' "$work/out")" -eq 6
ok "the same again" unchanged "$ABIDE" publish add "$repo" one.deb rpms/noarch/libwarden1-1.0.0-1.noarch.rpm
ok "is already there" test "$(grep -c '^already there' "$work/out")" -eq 2
"$ABIDE" publish list "$repo" | tr -s ' ' >"$work/list"
ok "list, in the order of versions" diff - "$work/list" <<'EOF'
libwarden1 1.0.0-1 amd64 deb
libwarden1 1.10.0-1 amd64 deb
libwarden1 1:1.9.0-1 amd64 deb
warden-doc 1.0.0-1 all deb
libwarden1 1.0.0-1 noarch rpm
libwarden1 1:1.10.0-1 noarch rpm
warden-tools 2.0~rc1-1 noarch rpm
EOF
ok "list as JSON" bash -c "'$ABIDE' publish list '$repo' --json | python3 -c 'import json, sys; assert len(json.load(sys.stdin)[\"packages\"]) == 7'"
ok "the pool is laid out as Debian's" test -f "$repo/pool/main/libw/libwarden/libwarden1_1.9.0-1_amd64.deb"

# ---- beside the reference tools ----
stanzas() { awk -v RS= -v ORS='\0' 1 "$1" | sort -z | tr '\0' '\n'; }
(cd "$repo" && apt-ftparchive -o APT::FTPArchive::MD5=false -o APT::FTPArchive::SHA1=false -o APT::FTPArchive::SHA512=false packages pool) >reference
stanzas reference >reference.sorted
stanzas "$repo/dists/stable/main/binary-amd64/Packages" >ours.sorted
ok "Packages is apt-ftparchive's, byte for byte but for the order" diff reference.sorted ours.sorted
ok "Packages.xz and Packages.gz hold it" bash -c "cd '$repo/dists/stable/main/binary-amd64' && xz -dc Packages.xz | cmp - Packages && gzip -dc Packages.gz | cmp - Packages"
mkdir -p reference.d
createrepo_c -q --no-database -o reference.d "$repo/rpm/stable"
for part in primary filelists other; do
	chunks() { zcat "$1"/repodata/*-$part.xml.gz | sed 's/<time file="[0-9]*"/<time/' | awk 'BEGIN {RS = "</package>\n"; ORS = "\0"} 1' | sort -z | tr '\0' '\n'; }
	# Of ours only the present generation.
	mkdir -p "ours.$part/repodata"
	cp "$repo/rpm/stable/$(grep -o "repodata/[0-9a-f]*-$part.xml.gz" "$repo/rpm/stable/repodata/repomd.xml")" "ours.$part/repodata/"
	chunks reference.d >reference.xml
	chunks "ours.$part" >ours.xml
	ok "$part.xml is createrepo_c's but for the file times" diff reference.xml ours.xml
done
ok "no weak digest anywhere" bash -c "! grep -rEil 'md5|sha1[^0-9]' '$repo/dists' '$repo/rpm/stable/repodata/repomd.xml'"

# ---- the real clients ----
serve
ok "apt update without one warning" quiet_update
ok "apt used the by-hash files" bash -c "rm -f '$site'/dists/stable/main/binary-*/Packages*; $(declare -f quiet_update fresh_apt apt); root='$root' work='$work'; quiet_update"
serve
ok "apt installs a version by number" apt install -y --no-install-recommends libwarden1=1.0.0-1
ok "it is there" test "$(cat "$root/opt/libwarden1/data")" = "libwarden1 1.0.0-1"
ok "apt upgrades to the newest" apt install -y --no-install-recommends libwarden1
ok "which is the one with the epoch" test "$(cat "$root/opt/libwarden1/data")" = "libwarden1 1:1.9.0-1"
ok "dnf makecache without one warning" dnf_update
ok "dnf sees all versions" bash -c "$(declare -f dnf_run); $(declare -p namespace); rpmroot='$rpmroot'; [ \$(dnf_run -q repoquery --showduplicates libwarden1 | grep -c libwarden1) -eq 2 ]"
ok "dnf installs, with both signatures checked" dnf_run install libwarden1
ok "it is there" test "$(cat "$rpmroot/opt/libwarden1/data")" = "libwarden1 1.10.0"

# ---- removed and brought back ----
dnf_versions() { dnf_run -q repoquery --showduplicates libwarden1 2>>"$work/makecache" | grep -c libwarden1; }
before=$("$ABIDE" publish history "$repo" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["state"])')
ok "a version is removed from both families" "$ABIDE" publish remove "$repo" libwarden1=1:1.9.0-1 libwarden1=1:1.10.0-1 --why 'crashes on start'
serve
ok "apt takes it without one warning" quiet_update
ok "and no longer offers it" bash -c "! APT_CONFIG=$root/apt.conf apt-cache madison libwarden1 | grep '1:1.9.0-1'"
ok "dnf takes it without one warning" dnf_update
ok "and has one version less" test "$(dnf_versions)" -eq 1
ok "rollback to the state before" "$ABIDE" publish rollback "$repo" "$before" --why 'it did not'
serve
ok "apt takes it without one warning" quiet_update
ok "and offers the removed one again" bash -c "APT_CONFIG=$root/apt.conf apt-cache madison libwarden1 | grep -q '1:1.9.0-1'"
ok "dnf takes it without one warning" dnf_update
ok "and has both again" test "$(dnf_versions)" -eq 2

# ---- bad packages: refused, and nothing changes ----
sums=$(sha256sum <one.deb | cut -c1-64)
ok "other bytes under a published version" unchanged fails 3 "$sums" "$ABIDE" publish add "$repo" other.deb
ok "the message has both digests" grep -q "$(sha256sum <other.deb | cut -c1-64)" "$work/stderr"
ok "an unsigned rpm" unchanged fails 3 "not signed" "$ABIDE" publish add "$repo" unsigned.rpm
ok "an rpm signed by somebody else" unchanged fails 3 "not signed by this repository's key" "$ABIDE" publish add "$repo" stranger.rpm
ok "an rpm whose payload was changed" unchanged fails 3 payload "$ABIDE" publish add "$repo" tampered.rpm
ok "a cut .deb" unchanged fails 1 cut.deb "$ABIDE" publish add "$repo" cut.deb
ok "a file that is no package" unchanged fails 1 "neither" "$ABIDE" publish add "$repo" x.spec
ok "a file that is not there" unchanged fails 1 missing.deb "$ABIDE" publish add "$repo" missing.deb
deb new.deb libwarden2 2.0.0-1 amd64
ok "all or none" unchanged fails 3 "not signed" "$ABIDE" publish add "$repo" new.deb unsigned.rpm
ok "two packages of one name in one command" unchanged fails 3 "other bytes" bash -c "
	cp new.deb new2.deb && printf 'x\n' >>new2.deb && '$ABIDE' publish add '$repo' new.deb new2.deb"
ok "no such suite" unchanged fails 1 "no suite 'nosuch'" "$ABIDE" publish add "$repo" new.deb --suite nosuch
SOURCE_DATE_EPOCH=$start ok "a clock in the past" unchanged fails 3 "check the clock" "$ABIDE" publish add "$repo" new.deb
ok "a second publisher is told" unchanged fails 1 "another publisher" flock "$repo/.abide-publish.lock" "$ABIDE" publish add "$repo" new.deb --wait 0

# ---- generations and suites ----
"$ABIDE" publish add "$repo" new.deb >/dev/null
deb newer.deb libwarden2 2.0.1-1 amd64
"$ABIDE" publish add "$repo" newer.deb >/dev/null
by_hash() { find "$work/gen/dists/stable" -path '*by-hash*' -type f | sort; }
generation() { # DAY VERSION: a publication on that day, and the files that it has and those before it left
	deb "gen$2.deb" gen "$2" amd64
	SOURCE_DATE_EPOCH=$((start + $1 * 86400)) "$ABIDE" publish add "$work/gen" "gen$2.deb" >/dev/null
	by_hash >"gen$2"
}
SOURCE_DATE_EPOCH=$start "$ABIDE" publish init "$work/gen" --key release@example.org >/dev/null
for n in 1 2 3 4 5; do generation 0 "$n"; done
ok "the indexes of a day's publications all stay" test "$(wc -l <gen5)" -eq $((3 + 5 * 3))
generation 9 6
ok "those of the last three at any time" test "$(wc -l <gen6)" -eq $((3 + 4 * 3))
ok "and no others" test -z "$(comm -12 gen1 gen6 | grep binary-amd64)"
ok "a second suite in the directory" "$ABIDE" publish init "$repo" --key release@example.org --origin 'ACME Ltd' --suite testing
ok "with a package of the first" "$ABIDE" publish add "$repo" one.deb --suite testing
ok "refuses other bytes of what the first has" unchanged fails 3 "other bytes" bash -c "
	cp newer.deb newer2.deb && printf 'x\n' >>newer2.deb && '$ABIDE' publish add '$repo' newer2.deb --suite testing"
serve
ok "apt still takes the first without a warning" quiet_update

# ---- killed at any moment: readers go on, and so does the next add ----
killed=0
for delay in 0.02 0.05 0.08 0.11 0.14 0.17 0.2 0.25 0.3 0.4; do
	deb "kill$delay.deb" libwarden3 "3.0-$delay" amd64
	"$ABIDE" publish add "$repo" "kill$delay.deb" >/dev/null 2>&1 &
	publisher=$!
	sleep "$delay"
	kill -9 $publisher 2>/dev/null
	wait $publisher 2>/dev/null || killed=$((killed + 1))
	serve
	"$ABIDE" publish list "$repo" >/dev/null && quiet_update || echo "not ok - publish: killed after $delay s"
done
echo "# $killed of 10 publishers were killed at work"
ok "killed at any moment, the next add goes on" "$ABIDE" publish add "$repo" kill*.deb
serve
ok "and apt takes it without one warning" quiet_update
ok "nothing is left of the interrupted ones" test -z "$(find "$repo" -name '.incoming' -o -name '.*.next')"

# ---- same packages, same time, same bytes ----
for n in 1 2; do
	(
		export SOURCE_DATE_EPOCH=$start
		"$ABIDE" publish init "$work/same$n" --key release@example.org --origin same
		"$ABIDE" publish add "$work/same$n" one.deb doc.deb rpms/noarch/*.rpm
	) >/dev/null
	find "$work/same$n" \( -name 'InRelease' -o -name Release.gpg -o -name repomd.xml.asc \) -delete
done
ok "same packages, same time, same bytes" diff -r same1 same2

# ---- tampering: the client refuses, and so does abide ----
apt_refuses() {
	! quiet_update && cat "$work/update"
}
refuses_add() { fails 3 "$1" "$ABIDE" publish add "$site" doc.deb; }
serve
sed -i 's/^Label: ACME/Label: EVIL/' "$site/dists/stable/InRelease"
ok "apt refuses a changed InRelease" apt_refuses
ok "abide refuses it" refuses_add "InRelease"
serve
for f in "$site"/dists/stable/main/binary-amd64/{Packages,Packages.xz,Packages.gz}; do
	printf 'x' >>"$f" # hard links: the by-hash files change with them
done
ok "apt refuses a changed Packages" apt_refuses
ok "abide refuses it" refuses_add "SHA-256"
serve
sed -i 's/<revision>/<revision>1/' "$site/rpm/stable/repodata/repomd.xml"
ok "dnf refuses a changed repomd.xml" bash -c "$(declare -f dnf_update dnf_run fresh_dnf); $(declare -p namespace); rpmroot='$rpmroot' work='$work'; ! dnf_update && cat '$work/makecache'"
ok "abide refuses it" refuses_add "repomd.xml"
serve
primary=$(grep -o 'repodata/[0-9a-f]*-primary.xml.gz' "$site/rpm/stable/repodata/repomd.xml")
printf 'x' >>"$site/rpm/stable/$primary"
ok "abide refuses a changed primary.xml.gz" fails 3 "SHA-256" "$ABIDE" publish add "$site" rpms/noarch/libwarden1-1.0.0-1.noarch.rpm
serve
quiet_update
cp other.deb "$site/pool/main/libw/libwarden/libwarden1_1.0.0-1_amd64.deb"
ok "apt refuses a changed .deb" bash -c "! APT_CONFIG=$root/apt.conf apt-get install -y --allow-downgrades --no-install-recommends libwarden1=1.0.0-1"
dnf_update
cp tampered.rpm "$site/rpm/stable/Packages/libwarden1-1.0.0-1.noarch.rpm"
ok "dnf refuses a changed .rpm" bash -c "$(declare -f dnf_run); $(declare -p namespace); rpmroot='$rpmroot'; ! dnf_run download --destdir '$work/dl' libwarden1-1.0.0 && test ! -e $work/dl/libwarden1-1.0.0-1.noarch.rpm"
