#!/usr/bin/env bash
# Large indexes of abide publish: many xz blocks, gzip members and zstd frames, read whole by apt and dnf; Contents; the same bytes
# whatever the history.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: ABIDE, the program. Works without root where user namespaces are to be had.
set -u
: "${ABIDE:?}"
export LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=1700000000
DEBS=1000 RPMS=40

work=$(mktemp -d /tmp/pui.XXXXXX) || exit 1
export GNUPGHOME=$work/g HOME=$work/home
cleanup() {
	gpgconf --kill all 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 1
mkdir -m 700 "$GNUPGHOME" "$HOME"
gpg -q --batch --passphrase '' --quick-gen-key 'Release <release@example.org>' ed25519 sign never 2>"$work/gpg.log"

ok() {
	local name=$1
	shift
	if "$@" >"$work/now" 2>&1; then
		echo "ok - publish index: $name"
	else
		echo "not ok - publish index: $name"
		sed 's/^/# /' "$work/now" | tail -n 30
	fi
}

# ---- packages: an index of several stretches for each family ----
words=$(for ((i = 0; i < 900; i++)); do printf '%s ' "$RANDOM-$i"; done)
manifest() { # FILE NAME TEXT
	printf 'name: %s\nversion: 1.0\nrelease: 1\narch: amd64\nsection: libs\nmaintainer: A <a@example.org>\nlicense: MIT\ndescription: |\n  short\n  %s\n' "$2" "$3" >"$1"
	printf 'contents:\n  - {src: %s, dst: /opt/%s/data}\n' "$work/data" "$2" >>"$1"
}
echo data >data
debs=() rpms=()
for ((i = 0; i < DEBS; i++)); do
	manifest "d$i.yaml" "deb$i" "${words:RANDOM % 3000:300}"
	debs+=(-f "d$i.yaml")
done
for ((i = 0; i < RPMS; i++)); do
	manifest "r$i.yaml" "rpm$i" "$(tr " " "\n" <<<"$words" | shuf | tr '\n' ' ')"
	rpms+=(-f "r$i.yaml")
done
ok "packages" "$ABIDE" pack -p deb "${debs[@]}"
ok "signed packages" "$ABIDE" pack -p rpm --sign release@example.org "${rpms[@]}"

# ---- one after the other, and all at once ----
init() { "$ABIDE" publish init "$1" --key release@example.org --origin acme --contents "${@:2}" >/dev/null; }
init repo
init once
ok "most packages" "$ABIDE" publish add repo deb[1-9]*.deb rpm[1-9]*.rpm
before=$(xz -lv repo/dists/stable/main/binary-amd64/Packages.xz | grep -c SHA-256)
ok "the others" "$ABIDE" publish add repo deb0*.deb rpm0*.rpm
ok "a package comes and goes" bash -c "'$ABIDE' publish remove repo deb500 && '$ABIDE' publish add repo deb500_*.deb"
ok "all at once" "$ABIDE" publish add once ./*.deb ./*.rpm
ok "the xz file has several blocks" test "$before" -ge 4
ok "the same bytes whatever the history" bash -c '
	diff <(cd repo/dists/stable/main && cat binary-*/Packages* Contents-* | sha256sum) <(cd once/dists/stable/main && cat binary-*/Packages* Contents-* | sha256sum) &&
	diff <(grep checksum repo/rpm/stable/repodata/repomd.xml) <(grep checksum once/rpm/stable/repodata/repomd.xml)'
for z in gz xz; do
	ok "Packages.$z holds Packages" bash -c "cd repo/dists/stable/main/binary-amd64 && ${z/gz/gzip} -dc Packages.$z | cmp - Packages"
done

# ---- Contents beside apt-ftparchive's ----
apt-ftparchive contents once/pool 2>/dev/null | awk '{print $1, $NF}' | LC_ALL=C sort >reference
zcat repo/dists/stable/main/Contents-amd64.gz | awk '{print $1, $NF}' | sed 's, libs/, ,' >contents
ok "Contents is apt-ftparchive's, with sections" diff reference contents
ok "Contents is sorted" bash -c "zcat repo/dists/stable/main/Contents-amd64.gz | sed 's/ .*//' | LC_ALL=C sort -c"
ok "the Release file lists it" grep -q ' main/Contents-amd64.gz$' repo/dists/stable/Release

# ---- apt ----
root=$work/apt
mkdir -p "$root"/{etc/apt/{apt.conf.d,preferences.d,sources.list.d,trusted.gpg.d},var/lib/apt/lists/partial,var/cache/apt/archives/partial,var/log/apt,var/lib/dpkg}
: >"$root/var/lib/dpkg/status"
gpg --export release@example.org >"$work/key.gpg"
cat >"$root/apt.conf" <<EOF2
Dir "$root"; Dir::State::status "$root/var/lib/dpkg/status"; APT::Architecture "amd64"; APT::Architectures { "amd64"; };
APT::Sandbox::User ""; Acquire::Languages "none"; Acquire::Check-Valid-Until "false";
Acquire::IndexTargets::deb::Contents-deb { MetaKey "\$(COMPONENT)/Contents-\$(ARCHITECTURE)"; ShortDescription "Contents-\$(ARCHITECTURE)"; Description "Contents"; flatMetaKey "Contents-\$(ARCHITECTURE)"; };
EOF2
echo "deb [signed-by=$work/key.gpg] file:$work/repo stable main" >"$root/etc/apt/sources.list"
export APT_CONFIG=$root/apt.conf
for z in xz gz; do
	rm -rf "$root"/var/lib/apt/lists/*
	ok "apt update by $z without one warning" bash -c "apt-get -o Acquire::CompressionTypes::Order::=$z update 2>&1 | tee update; ! grep -E '^(W|E|N|Err)' update"
	ok "apt sees all packages" test "$(apt-cache dumpavail | grep -c '^Package: deb')" -eq "$DEBS"
done
ok "apt has taken Contents" bash -c "ls '$root'/var/lib/apt/lists/*Contents-amd64*"

# ---- dnf ----
namespace=(unshare --pid --fork --kill-child)
[ "$(id -u)" -eq 0 ] || namespace=(unshare --map-root-user --pid --fork --kill-child)
rpmroot=$work/dnf
mkdir -p "$rpmroot/etc/yum.repos.d"
echo '[main]' >"$rpmroot/etc/dnf.conf"
gpg --export --armor release@example.org >"$work/key.asc"
dnf_count() { # DIR
	printf '[x]\nname=x\nbaseurl=file://%s/rpm/stable\nrepo_gpgcheck=1\ngpgcheck=1\ngpgkey=file://%s/key.asc\n' "$1" "$work" >"$rpmroot/etc/yum.repos.d/x.repo"
	rm -rf "${rpmroot:?}/var"
	"${namespace[@]}" dnf -y --noplugins --installroot="$rpmroot" -c "$rpmroot/etc/dnf.conf" --setopt=reposdir="$rpmroot/etc/yum.repos.d" \
		--releasever=1 --forcearch=x86_64 -q repoquery --qf '%{name}' 2>"$work/dnf.err" | grep -c '^rpm'
}
init zstd --rpm-compression zstd
ok "the same packages, in zstd" "$ABIDE" publish add zstd rpm[1-9]*.rpm
ok "and one more" "$ABIDE" publish add zstd rpm0*.rpm
ok "dnf sees all packages, of gzip members" test "$(dnf_count "$work/repo")" -eq "$RPMS"
ok "dnf sees all packages, of zstd frames" test "$(dnf_count "$work/zstd")" -eq "$RPMS"
primary=$(grep -o 'repodata/[0-9a-f]*-primary.xml.zst' zstd/rpm/stable/repodata/repomd.xml)
ok "zstd's own program reads them" bash -c "zstd -dc 'zstd/rpm/stable/$primary' | cmp - <(zcat 'repo/rpm/stable/$(grep -o 'repodata/[0-9a-f]*-primary.xml.gz' repo/rpm/stable/repodata/repomd.xml)')"
