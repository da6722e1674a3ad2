#!/usr/bin/env bash
# The gate over a suite: a bad libwarden is refused, waits in the stage, and appears to apt and dnf together with the services built for it.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"

REPO=$WORK/repo
key_new release
mkdir -p "$WORK"/{services,rebuilt,new}

variant() { ls "$B/variants/$1"/libwarden.so.*.*.*; }

pack_library() { # VARIANT VERSION: into $WORK/VERSION, as whoever packs it with other tools would, unjudged
	mkdir -p "$WORK/$2"
	quietly env LIBWARDEN="$(variant "$1")" VERSION="$2" WARDEN="$B/variants/$1/src" \
		"$ABIDE" pack -f "$SRC/packaging/libwarden.yaml" -t "$WORK/$2" --sign "$KEY"
}

pack_service() { # NAME VERSION PROGRAM LIBRARY FOLDER
	quietly env SERVICE="$1" VERSION="$2" PROGRAM="$3" ARCH="$(dpkg --print-architecture)" POLICIES="$SRC/tests/services/policies.cedar" \
		ENTITIES="$SRC/tests/services/entities.json" \
		"$ABIDE" pack -f "$SRC/packaging/service.yaml" --base "$WORK/$4" -t "$WORK/$5" --sign "$KEY"
}

build_again() { # against the bad library
	cc -std=gnu11 -O2 -g -I"$B/variants/bad/src" -o "$WORK/ask-c" "$SRC/tests/services/c/ask.c" -L"$B/variants/bad" -lwarden
}

cd "$SRC" || exit 1
for row in "base 1.0.0" "1.0.1 1.0.1" "1.1.0 1.1.0" "bad 1.2.0"; do
	read -r name version <<<"$row"
	pack_library "$name" "$version"
done
pack_service ask-c 1.0 "$B/services/ask-c" 1.0.0 services
pack_service ask-new 1.0 "$B/services/ask-new" 1.1.0 new
quietly build_again
pack_service ask-c 1.1 "$WORK/ask-c" 1.2.0 rebuilt
quietly "$ABIDE" publish init "$REPO" --key "$KEY" --origin gate

# ---- clients: what they would install, from the files as they are served ----
key_export release "$WORK/client"
apt_root=$WORK/apt
mkdir -p "$apt_root"/{etc/apt/{apt.conf.d,preferences.d,sources.list.d,trusted.gpg.d},var/lib/apt/lists/partial,var/cache/apt/archives/partial,var/lib/dpkg}
: >"$apt_root/var/lib/dpkg/status"
echo "deb [signed-by=$WORK/client/keys/release.gpg] file:$REPO stable main" >"$apt_root/etc/apt/sources.list.d/gate.list"
cat >"$apt_root/apt.conf" <<END
Dir "$apt_root"; Dir::State::status "$apt_root/var/lib/dpkg/status"; APT::Architecture "$(dpkg --print-architecture)";
APT::Sandbox::User ""; Acquire::Languages "none";
END
candidates() { # "ask-c VERSION libwarden1 VERSION", as apt would install them after an update
	APT_CONFIG=$apt_root/apt.conf apt-get -q update >"$WORK/update" 2>&1 || cat "$WORK/update"
	APT_CONFIG=$apt_root/apt.conf apt-cache policy ask-c libwarden1 | awk '/^[a-z]/ {n = $1} /Candidate:/ {print n, $2}' | paste -sd ' '
}
dnf_candidates() {
	unshare --map-root-user --pid --fork --kill-child dnf -q --noplugins --installroot="$WORK/dnf" --releasever=1 --setopt=reposdir=/nowhere \
		--repofrompath="gate,$REPO/rpm/stable" --setopt=gate.gpgkey="file://$WORK/client/keys/release.asc" --setopt=gate.repo_gpgcheck=1 --refresh -y \
		repoquery --latest-limit=1 --qf '%{name}: %{version}-%{release}' ask-c libwarden1 2>/dev/null | sort | paste -sd ' '
}

# ---- the services of the suite ----
check "services and their library come together" "$ABIDE" publish add "$REPO" "$WORK"/1.0.0/*.{deb,rpm} "$WORK"/services/*.{deb,rpm}
has "each program is judged" '^runs +2 programs'
check "a release that keeps the ABI is taken" "$ABIDE" publish add "$REPO" "$WORK"/1.0.1/*.{deb,rpm}
is "apt sees it" "$(candidates)" "ask-c: 1.0-1 libwarden1: 1.0.1-1"
refuses "a service that needs more than the suite has" 4 'deb ask-new 1.0-1 \(usr/bin/ask-new\) with libwarden1 1.0.1-1: node-missing "LIBWARDEN_1.1"' \
	"$ABIDE" publish add "$REPO" "$WORK"/new/*.deb
refuses "and in the other family" 4 'rpm ask-new 1.0-1 .* with libwarden1 1.0.1-1: node-missing "LIBWARDEN_1.1"' \
	"$ABIDE" publish add "$REPO" "$WORK"/new/*.rpm

# ---- the bad library ----
before=$(find "$REPO" -type f ! -name .abide-publish.lock -exec sha256sum {} + | sort)
refuses "a library that breaks a service" 4 '^breaks +deb ask-c 1.0-1 \(usr/bin/ask-c\) with libwarden1 1.2.0-1: struct-grew "struct warden_error" 268 -> 524' \
	"$ABIDE" publish add "$REPO" "$WORK"/1.2.0/*.{deb,rpm}
has "in both families" '^breaks +rpm ask-c 1.0-1 '
has "the error says what to do" '^abide: .*--stage'
is "and nothing is changed" "$(find "$REPO" -type f ! -name .abide-publish.lock -exec sha256sum {} + | sort)" "$before"

check "it can wait" "$ABIDE" publish add --stage "$REPO" "$WORK"/1.2.0/*.{deb,rpm}
has "and it is said why it does" '^breaks +deb ask-c 1.0-1 '
check "what waits is listed" "$ABIDE" publish list --stage "$REPO"
has "with its version" '^libwarden1 +1\.2\.0-1 +[a-z0-9]+ +deb$'
is "apt sees nothing of it" "$(candidates)" "ask-c: 1.0-1 libwarden1: 1.0.1-1"
is "nor does dnf" "$(dnf_candidates)" "ask-c: 1.0-1 libwarden1: 1.0.1-1"
check "another release goes past the stage" "$ABIDE" publish add "$REPO" "$WORK"/1.1.0/*.{deb,rpm}
is "to apt" "$(candidates)" "ask-c: 1.0-1 libwarden1: 1.1.0-1"

# ---- the service that was built again ----
refuses "the service for one family does not bring the library" 4 'with the packages in the stage .*rpm ask-c 1.0-1' \
	"$ABIDE" publish add "$REPO" "$WORK"/rebuilt/*.deb
check "for both it does" "$ABIDE" publish add "$REPO" "$WORK"/rebuilt/*.{deb,rpm}
has "the library leaves the stage" '^from stage +deb +libwarden1 1\.2\.0-1 '
has "in one state with the service" '^added +deb +ask-c 1\.1-1 '
is "apt sees both at once" "$(candidates)" "ask-c: 1.1-1 libwarden1: 1.2.0-1"
is "and so does dnf" "$(dnf_candidates)" "ask-c: 1.1-1 libwarden1: 1.2.0-1"
check "one state holds both" grep -c '^ + deb \(ask-c 1\.1-1\|libwarden1 1\.2\.0-1\) ' "$REPO"/history/stable/6
is "both of them" "$(cat "$OUT")" 2
is "and the stage is empty" "$("$ABIDE" publish list --stage "$REPO")" ""
