#!/usr/bin/env bash
# The harness tries itself: packages and repositories made by the distributions' own tools go through the real apt and dnf.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"
needs_roots

# ---- a tiny library, twice packaged in two versions, in reference repositories ----

REPO="$WORK/a repo"
ARCH=$(dpkg --print-architecture)

compile() { # VERSION
	echo "const char *tiny(void) { return \"$1\"; }" >"$WORK/tiny.c"
	cc -shared -fPIC -Wl,-soname,libtiny.so.1 -o "$WORK/libtiny.so.$1" "$WORK/tiny.c"
}

make_deb() { # VERSION
	local top=$WORK/deb
	rm -rf "$top"
	mkdir -p "$top/DEBIAN" "$top/opt/tiny/lib" "$top/etc/ld.so.conf.d" "$REPO/pool"
	cp "$WORK/libtiny.so.$1" "$top/opt/tiny/lib/"
	ln -s "libtiny.so.$1" "$top/opt/tiny/lib/libtiny.so.1"
	echo /opt/tiny/lib >"$top/etc/ld.so.conf.d/tiny.conf"
	printf '%s\n' 'Package: libtiny1' "Version: $1" "Architecture: $ARCH" 'Maintainer: Test <test@example.org>' \
		'Depends: libc6 (>= 2.30)' 'Description: tiny' >"$top/DEBIAN/control"
	echo 'activate-await ldconfig' >"$top/DEBIAN/triggers"
	dpkg-deb --root-owner-group -Znone --build "$top" "$REPO/pool/libtiny1_$1_$ARCH.deb"
}

make_apt_repo() {
	local suite=$REPO/dists/stable
	mkdir -p "$suite/main/binary-$ARCH"
	(cd "$REPO" && apt-ftparchive packages pool >"$suite/main/binary-$ARCH/Packages")
	apt-ftparchive -o APT::FTPArchive::Release::Suite=stable -o APT::FTPArchive::Release::Architectures="$ARCH" \
		-o APT::FTPArchive::Release::Components=main release "$suite" >"$WORK/Release"
	gpg --batch --yes --quiet --local-user "$KEY" --clearsign --output "$suite/InRelease" "$WORK/Release"
}

make_rpm() { # VERSION
	cat >"$WORK/tiny.spec" <<-SPEC
		%global debug_package %{nil}
		%global _build_id_links none
		%global _buildshell /bin/bash
		%global __os_install_post %{nil}
		Name: libtiny1
		Version: $1
		Release: 1
		Summary: tiny
		License: MIT
		%description
		tiny
		%install
		install -D -m 755 $WORK/libtiny.so.$1 %{buildroot}/usr/lib64/libtiny.so.$1
		ln -s libtiny.so.$1 %{buildroot}/usr/lib64/libtiny.so.1
		%files
		/usr/lib64/*
	SPEC
	mkdir -p "$REPO/rpm/stable/Packages"
	rpmbuild --quiet -bb -D "_topdir $WORK/top" -D "_rpmdir $REPO/rpm/stable/Packages" -D "_rpmfilename %%{NAME}-%%{VERSION}.rpm" \
		-D "_dbpath $WORK/norpmdb" "$WORK/tiny.spec" &&
		rpmsign --addsign -D "_gpg_name $KEY" -D "__gpg /usr/bin/gpg" "$REPO/rpm/stable/Packages/libtiny1-$1.rpm"
}

make_dnf_repo() {
	createrepo_c --quiet --no-database "$REPO/rpm/stable" &&
		gpg --batch --yes --quiet --local-user "$KEY" --armor --detach-sign "$REPO/rpm/stable/repodata/repomd.xml"
}

database_state() {
	local file
	for file in /var/lib/dpkg/status /var/lib/dpkg/available /var/lib/rpm/* /var/lib/apt/extended_states /var/lib/dnf/* \
		"$MACHINE_HOME"/.rpmdb/* /etc/apt/sources.list /etc/ld.so.cache /etc/ld.so.conf.d/*; do
		[ ! -f "$file" ] || sha256sum "$file"
	done
}

speaks() { # ROOT: which version a program loads there
	inside "$1" python3 -c 'import ctypes; f = ctypes.CDLL("libtiny.so.1").tiny; f.restype = ctypes.c_char_p; print(f().decode())' 2>&1
}

before=$(database_state)
key_new tester
mkdir "$REPO"
key_export tester "$REPO"
for version in 1.0.0 1.1.0; do
	quietly compile $version
	quietly make_deb $version
	quietly make_rpm $version
done
quietly make_apt_repo
quietly make_dnf_repo

# ---- apt ----

root_up debian apt --bind "$REPO"
apt_source debian "$REPO" tester
check "apt-get update reads a signed repository whose path has a space" inside debian apt-get update
check "apt-get installs a version named" inside debian apt-get install -y libtiny1=1.0.0
has "the machine's own ldconfig trigger ran" 'Processing triggers for libc-bin'
is "a program loads the library from /opt" "$(speaks debian)" 1.0.0
check "apt-get upgrades" inside debian apt-get upgrade -y
is "the program loads the newer library" "$(speaks debian)" 1.1.0
check "apt-get goes back" inside debian apt-get install -y --allow-downgrades libtiny1=1.0.0
is "the program loads the older library again" "$(speaks debian)" 1.0.0
check "apt-get purges" inside debian apt-get purge -y libtiny1
refuses "nothing of it is left in the cache of the loader" 1 '^0$' inside debian sh -c 'ldconfig -p | grep -c libtiny[.]so'
refuses "nothing of it is left on disk" 2 'No such file' inside debian ls /opt/tiny /etc/ld.so.conf.d/tiny.conf

# ---- dnf ----

root_up fedora dnf --bind "$REPO"
dnf_repo fedora "$REPO" tester
check "dnf installs a version named from a signed repository" inside fedora dnf -y install libtiny1-1.0.0
is "glibc's file trigger ran ldconfig" "$(speaks fedora)" 1.0.0
check "dnf upgrades" inside fedora dnf -y upgrade
is "the program loads the newer library" "$(speaks fedora)" 1.1.0
check "dnf goes back" inside fedora dnf -y downgrade libtiny1-1.0.0
is "the program loads the older library again" "$(speaks fedora)" 1.0.0
check "dnf removes" inside fedora dnf -y remove libtiny1
refuses "nothing of it is left in the cache of the loader" 1 '^0$' inside fedora sh -c 'ldconfig -p | grep -c libtiny[.]so'
refuses "a package with unknown requirements is refused" 1 'nothing provides|No match' inside fedora dnf -y install nosuchpackage

# ---- what was tampered with is refused (by the clients: this is what the tests of abide's repositories build on) ----

sed -i 's/^Suite: stable/Suite: stabel/' "$REPO/dists/stable/InRelease"
refuses "apt-get refuses a changed InRelease" 100 'BADSIG|invalid' inside debian apt-get update --error-on=any
sed -i 's/^Suite: stabel/Suite: stable/' "$REPO/dists/stable/InRelease"
cp "$REPO/rpm/stable/repodata/repomd.xml" "$WORK/repomd.xml"
echo '<!-- changed -->' >>"$REPO/rpm/stable/repodata/repomd.xml"
refuses "dnf refuses a changed repomd.xml" 1 'Bad (PGP|GPG) signature' inside fedora dnf -y --refresh install libtiny1
cp "$WORK/repomd.xml" "$REPO/rpm/stable/repodata/repomd.xml"
printf x | dd of="$REPO/pool/libtiny1_1.1.0_$ARCH.deb" bs=1 seek=600 conv=notrunc status=none
refuses "apt-get refuses a changed .deb" 100 'Hash Sum mismatch' inside debian sh -c 'apt-get update && apt-get install -y libtiny1'
printf x | dd of="$REPO/rpm/stable/Packages/libtiny1-1.1.0.rpm" bs=1 seek=6000 conv=notrunc status=none
refuses "dnf refuses a changed .rpm" 1 'incorrect checksum|checksum doesn.t match' inside fedora dnf -y --refresh install libtiny1

# ---- nothing is left, whatever happens ----

root_down debian
root_down fedora

is "exit codes come through" "$("$E2E/root" apt -- sh -c 'exit 7'; echo $?)" 7
is "standard input comes through" "$(echo word | "$E2E/root" apt -- cat)" word
check "a repository shown to a root cannot be written there" "$E2E/root" apt --bind "$REPO" -- sh -c "! touch '$REPO/x'"
refuses "a folder that is not there is named" 125 'no such directory: /nonexistent' "$E2E/root" apt --bind /nonexistent -- true

# Waits up to two seconds until no process has WORD in its command line; zombies (which only their parent can end) do not count.
gone() {
	local _
	for _ in {1..40}; do
		! grep -lzq -e "$1" /proc/[0-9]*/cmdline 2>/dev/null && return
		sleep 0.05
	done
	grep -lz -e "$1" /proc/[0-9]*/cmdline
	return 1
}

mount_count() { wc -l </proc/self/mountinfo; }
cat >"$WORK/victim" <<'VICTIM'
. "$1/lib.sh"
key_new victim
root_up one apt
root_up two dnf
echo "$WORK" >"$2.tmp" && mv "$2.tmp" "$2"
inside one sh -c "(trap '' INT TERM HUP; sleep $3 & sleep $3); sleep $3"
VICTIM

for signal in KILL INT TERM; do
	word=98765.$$$RANDOM told=$WORK/told.$signal mounts=$(mount_count)
	env --default-signal=INT setsid "$BASH" "$WORK/victim" "$E2E" "$told" $word >"$WORK/victim.log" 2>&1 &
	victim=$!
	for _ in {1..200}; do [ -e "$told" ] && grep -lzq "^$word$" /proc/[0-9]*/cmdline 2>/dev/null && break; sleep 0.05; done
	folder=$(cat "$told")
	if [ $signal = KILL ]; then
		kill -KILL $victim
	else
		kill -$signal -- -$victim
	fi
	wait $victim 2>/dev/null
	check "SIG$signal: no process in a root survives" gone "$word"
	check "SIG$signal: no root, cleaner or key agent survives" gone "$folder"
	is "SIG$signal: the work folder is gone, no mount is left" "$(ls -d "$folder" 2>/dev/null) $(mount_count)" " $mounts"
done

is "the machine's own package databases were not touched" "$(database_state)" "$before"
