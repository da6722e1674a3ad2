#!/usr/bin/env bash
# The same built files packed by abide and by the distributions' own tools: docs/packages.md lists everything that differs.
# SPDX-License-Identifier: GPL-2.0-or-later
# Three libraries of Debian, taken from its binary packages, and libwarden. Needs no root, but the package archive.
. "$(dirname "$0")/lib.sh"
. "$E2E/archive.sh"
archive_open || skip_all "$ARCHIVE_MISSING"
FOUND=$WORK/found
: >"$FOUND"
oracle() { python3 "$E2E/pack_oracle.py" "$@"; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else unshare --map-root-user "$@"; fi; }

# found KIND PACKAGE COMMAND...: notes the differences that COMMAND prints
found() {
	local kind=$1 package=$2
	shift 2
	"$@" >"$OUT" 2>"$WORK/error" || { cat "$WORK/error" && not_ok "$package: $*"; }
	awk -F'\t' -v OFS='\t' -v kind="$kind" -v package="$package" '{ print kind ": " $1, package, $2 }' "$OUT" >>"$FOUND"
}

# critics PACKAGE FILE: what lintian or rpmlint has to say, by tag
critics() {
	case $2 in
	*.deb) found lintian "$1" sh -c "TMPDIR=$WORK lintian --allow-root --fail-on none $2 2>&1 | sed -nE 's/^[EW]: [^:]*: ([^ ]*) ?/\1\t/p'" ;;
	*) found rpmlint "$1" sh -c "rpmlint $2 2>/dev/null | sed -nE 's/^[^ ]*: [EW]: ([^ ]*) ?/\1\t/p'" ;;
	esac
}

# one FOLDER PATTERN: the one file there
one() { find "$1" -maxdepth 1 -name "$2"; }

# rpms FOLDER: the .rpm files in FOLDER/ours packed once more by rpmbuild, into FOLDER/theirs
rpms() {
	local folder=$1 rpm
	mkdir "$folder/root" "$folder/theirs"
	for rpm in "$folder"/ours/*.rpm; do rpm2cpio "$rpm" | (cd "$folder/root" && cpio -idmu --quiet); done
	oracle spec "$folder/root" "$folder"/ours/*.rpm >"$folder/files.spec"
	quietly env SOURCE_DATE_EPOCH="$(rpm -qp --qf '%{BUILDTIME}\n' "$folder"/ours/*.rpm | head -n 1)" rpmbuild --quiet -bb \
		-D "_topdir $folder/top" -D "_rpmdir $folder/theirs" -D '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
		-D "_dbpath $folder/norpmdb" "$folder/files.spec"
}

# installs FOLDER: both families' tools install what is in FOLDER/ours, and find it as the packages say
installs() {
	local folder=$1 rpm root=$1/installed package
	mkdir -p "$root/var/lib/dpkg/"{info,updates,triggers} "$root/etc" "$root/usr/bin"
	: >"$root/var/lib/dpkg/status"
	check "dpkg installs them" as_root dpkg --root="$root" --force-not-root --force-depends --force-script-chrootless --force-unsafe-io \
		--log=/dev/null -i "$folder"/ours/*.deb
	is "dpkg --verify agrees" "$(dpkg --root="$root" --verify 2>&1)" ""
	check "rpm -K" rpm -K "$folder"/ours/*.rpm
	check "rpm installs them" as_root rpm --root "$root.rpm" --dbpath /var/lib/rpm --nodeps --noscripts -i "$folder"/ours/*.rpm
	for rpm in "$folder"/ours/*.rpm; do
		package=$(rpm -qp --qf '%{NAME}' "$rpm")
		check "rpm -V $package" as_root rpm --root "$root.rpm" --dbpath /var/lib/rpm -V --nodeps "$package"
	done
}

# unpacks FOLDER: what dpkg-deb and rpm2cpio give back are the same files
unpacks() {
	local folder=$1 file
	mkdir "$folder/deb"
	for file in "$folder"/ours/*.deb; do quietly dpkg-deb -I "$file" && quietly dpkg-deb -x "$file" "$folder/deb"; done
	(cd "$folder/deb" && find . -type f ! -path './usr/share/doc/*' ! -path './usr/share/lintian/*' -exec sha256sum {} +) | sed 's|/lib/[a-z0-9_]*-linux-gnu/|/lib64/|' | sort >"$folder/deb.sums"
	(cd "$folder/root" && find . -type f ! -path './usr/share/doc/*' ! -path './usr/share/lintian/*' -exec sha256sum {} +) | sed 's|/lib/[a-z0-9_]*-linux-gnu/|/lib64/|' | sort >"$folder/rpm.sums"
	check "both families hold the same files" diff "$folder/deb.sums" "$folder/rpm.sums"
}

compare_rpms() {
	local folder=$1 rpm package
	rpms "$folder"
	for rpm in "$folder"/ours/*.rpm; do
		package=$(rpm -qp --qf '%{NAME}' "$rpm")
		found rpm "$package" oracle rpm "$folder/theirs/${rpm##*/}" "$rpm"
		critics "$package" "$rpm"
	done
}

# ---- three libraries of Debian ----

library() { # RUNTIME DEVEL
	local runtime=$1 devel=$2 folder=$WORK/$1 theirs_runtime theirs_devel name package
	theirs_runtime=$(fetch "$runtime") && theirs_devel=$(fetch "$devel")
	if [ -z "$theirs_runtime" ] || [ -z "$theirs_devel" ]; then
		not_ok "$runtime: cannot be downloaded"
		return
	fi
	mkdir -p "$folder/ours" "$folder/stated"
	name=$(oracle manifests "$theirs_runtime" "$theirs_devel" "$folder") || { not_ok "$runtime: no manifest"; return; }
	check "$runtime: every file stated" "$ABIDE" pack -f "$folder/runtime.yaml" -p deb -t "$folder/stated"
	check "$devel: every file stated" "$ABIDE" pack -f "$folder/devel.yaml" -p deb -t "$folder/stated"
	check "$runtime, $devel: as a library" "$ABIDE" pack -f "$folder/library.yaml" -t "$folder/ours"
	for package in "$runtime" "$devel"; do
		found "deb, files stated" "$package" oracle deb "$(fetch "$package")" "$(one "$folder/stated" "${package}_*.deb")"
	done
	found deb "$runtime" oracle deb "$theirs_runtime" "$(one "$folder/ours" "${name}_*.deb")"
	found deb "$devel" oracle deb "$theirs_devel" "$(one "$folder/ours" "${devel}_*.deb")"
	critics "$runtime" "$(one "$folder/ours" "${name}_*.deb")"
	critics "$devel" "$(one "$folder/ours" "${devel}_*.deb")"
	compare_rpms "$folder"
	unpacks "$folder"
	installs "$folder"
}
library zlib1g zlib1g-dev
library libjansson4 libjansson-dev
library libxml2 libxml2-dev

# ---- libwarden, against debhelper ----

# debhelper FOLDER: the .deb files in FOLDER/ours packed once more by debhelper, into FOLDER/debhelper
debhelper() {
	local folder=$1 deb package tree=$1/source
	mkdir -p "$tree/debian" "$folder/debhelper"
	printf '%s\n' "libwarden ($(dpkg-deb -f "$folder"/ours/libwarden1_*.deb Version)) unstable; urgency=medium" '' '  * Release.' '' \
		" -- $(dpkg-deb -f "$folder"/ours/libwarden1_*.deb Maintainer)  $(date -R -d "@$SOURCE_DATE_EPOCH")" >"$tree/debian/changelog"
	printf '%s\n' 'Source: libwarden' "Maintainer: $(dpkg-deb -f "$folder"/ours/libwarden1_*.deb Maintainer)" 'Section: libs' 'Priority: optional' \
		"Homepage: $(dpkg-deb -f "$folder"/ours/libwarden1_*.deb Homepage)" 'Build-Depends: debhelper-compat (= 13)' >"$tree/debian/control"
	for deb in "$folder"/ours/*.deb; do
		package=$(dpkg-deb -f "$deb" Package)
		dpkg-deb -x "$deb" "$tree/debian/$package"
		{
			printf '%s\n' '' "Package: $package" 'Architecture: any'
			dpkg-deb -f "$deb" Section Multi-Arch Description
			case $package in *-dev) echo "Depends: libwarden1 (= \${binary:Version})" ;; *) echo "Depends: \${shlibs:Depends}" ;; esac
		} >>"$tree/debian/control"
	done
	echo 'activate-await ldconfig' >"$tree/debian/libwarden1.triggers"
	dpkg-deb -I "$folder"/ours/libwarden1_*.deb symbols >"$tree/debian/libwarden1.symbols"
	# shellcheck disable=SC2016  # for the inner shell
	quietly env -C "$tree" "DESTDIR=$folder/debhelper" sh -ec 'dh_fixperms; dh_makeshlibs -V"libwarden1 (>= $(dpkg-parsechangelog -S Version |
		sed s/-[^-]*\$//))" -- -c4; dh_installdeb; dh_shlibdeps -l"$PWD/debian/libwarden1/opt/warden/lib"; dh_gencontrol; dh_md5sums
		dh_builddeb --destdir="$DESTDIR"'
}

warden=$WORK/libwarden
mkdir -p "$warden/ours"
library=$(find "$B" -maxdepth 1 -name 'libwarden.so.*.*.*' | sort | tail -n 1)
strip --strip-unneeded -o "$warden/${library##*/}" "$library"
export SOURCE_DATE_EPOCH=1700000000
check "libwarden: as a library" env -C "$SRC" VERSION="${library##*/libwarden.so.}" LIBWARDEN="$warden/${library##*/}" \
	"$ABIDE" pack -f packaging/libwarden.yaml -t "$warden/ours"
debhelper "$warden"
for package in libwarden1 libwarden-dev; do
	found deb "$package" oracle deb "$(one "$warden/debhelper" "${package}_*.deb")" "$(one "$warden/ours" "${package}_*.deb")"
	critics "$package" "$(one "$warden/ours" "${package}_*.deb")"
done
compare_rpms "$warden"
unpacks "$warden"
installs "$warden"

# ---- every difference has its row ----

oracle listed "$SRC/docs/packages.md" "$FOUND" >"$OUT" 2>&1
is "docs/packages.md lists what differs, and nothing else" "$(cat "$OUT")" ""
