#!/usr/bin/env bash
# abide publish mirror: from a directory and over http, refreshed and gone on with, in front of apt and dnf; and what it refuses.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"
needs_roots
cd "$WORK" || exit 1
unset SOURCE_DATE_EPOCH http_proxy https_proxy

# ---- the server ----

# serve NAME ROOT [CERTIFICATE KEY]: its URL in $URL; it ends with this script, whose end of a pipe it waits for.
serve() {
	mkdir -p "$WORK/$1"
	# shellcheck disable=SC2034 # it is only kept open
	exec {LIFE}> >(exec python3 "$E2E/mirror_server.py" "$2" "$WORK/$1" "${@:3}" >/dev/null 2>"$WORK/$1/errors" {GUARD}>&-)
	until [ -e "$WORK/$1/port" ]; do sleep 0.02; done
	URL=http${3:+s}://127.0.0.1:$(cat "$WORK/$1/port")
}

# faults LINE...: what goes wrong from now on (see mirror_server.py); the log begins anew. A line counts anew only if it is another.
COUNT=0
faults() {
	COUNT=$((COUNT + 1))
	: >"$WORK/server/log"
	printf '%s\n' "$@" | sed "s/\([^ ]* [^ ]* \)\([^ ]*\)/\1(?:\2)(?#$COUNT)/" >"$WORK/server/faults"
	[ $# -gt 0 ] || : >"$WORK/server/faults"
}
asked() { grep -cE -- "$1" "$WORK/server/log"; }

# ---- packages and repositories ----

arch=$(dpkg --print-architecture)
quietly gpg --batch --quiet --passphrase '' --quick-gen-key 'Release <release@example.org>' rsa2048 sign never
key_new stranger
FINGERPRINT=$(gpg --with-colons --list-keys release@example.org | awk -F: '$1 == "fpr" { print $10; exit }')

# deb NAME VERSION [KIB]: left as NAME_VERSION.deb
deb() {
	rm -rf tree && mkdir -p tree/DEBIAN tree/opt/data
	openssl enc -aes-128-ctr -pass "pass:$1$2" -nosalt -pbkdf2 </dev/zero 2>/dev/null | head -c "${3:-1}K" >"tree/opt/data/$1"
	printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: t <t@example.org>\nDescription: test\n' "$1" "$2" "$arch" >tree/DEBIAN/control
	dpkg-deb --root-owner-group -Znone --build tree "${1}_$2.deb" >/dev/null
}
deb small 1
deb small 2
deb small 3
deb big 1 900
deb big 2 900
cat >one.spec <<'SPEC'
Name: %{n}
Version: %{v}
Release: 1
Summary: test
License: none
BuildArch: noarch
%description
test
%install
mkdir -p %{buildroot}/opt/data; head -c 40000 /dev/zero >%{buildroot}/opt/data/%{n}
%files
/opt/data/%{n}
SPEC
rpm_package() {
	quietly rpmbuild -bb --define "_topdir $WORK/rpmbuild" --define "_rpmdir $WORK" --define "n $1" --define "v $2" \
		--define "_binary_payload w0.gzdio" --define "_rpmfilename %%{name}-%%{version}.rpm" one.spec
	quietly rpmsign --addsign --define "_gpg_name release@example.org" --define '__gpg /usr/bin/gpg' "$1-$2.rpm"
}
rpm_package small 1
rpm_package small 2

# publish WHAT...: at a time of its own, as Date has whole seconds.
NOW=$(($(date +%s) - 1000))
publish() {
	NOW=$((NOW + 1))
	SOURCE_DATE_EPOCH=$NOW quietly "$ABIDE" publish "$@"
}
mirror() { "$ABIDE" publish mirror "$@"; }
tree() { (cd "$1" && find . -name .mirror -prune -o -name .abide-publish.lock -o -type f -exec sha256sum {} + | sort); }
# The same for clients, but for indexes of earlier generations.
same() { ! diff -r -x .mirror -x .abide-publish.lock "$1" "$2" | grep -v "^Only in .*\(by-hash\|repodata\)"; }
# stays DESC EXIT PATTERN COMMAND...: it refuses, and the mirror $dst has the bytes that it had.
stays() {
	local before
	rm -rf "$dst/.mirror"
	before=$(tree "$dst")
	refuses "$@" && is "${1}: the mirror is what it was" "$(tree "$dst")" "$before"
}

publish init repo --key release@example.org --origin ACME
publish add repo small_1.deb small-1.rpm
cp -a repo older
publish add repo small_2.deb big_1.deb small-2.rpm
mkdir shown && cp -a repo shown/
serve server "$WORK/shown"
faults
src=$URL/repo dst=$WORK/m
show() { rm -rf shown/repo && cp -a "${1-repo}" shown/repo; }

# ---- a fresh mirror ----

told() { python3 -c "import json, sys; print(json.load(sys.stdin)$1)" <"$OUT"; }

check "over http" mirror "$src" "$dst"
has "it says what there is" 'suite stable: changed: .*: 3 deb, 2 rpm, 1\.1.MB'
check "it is what the source is" same repo "$dst"
faults
check "again" mirror "$src/" "$dst"
has "up to date" 'suite stable: up to date'
is "only the top files are asked for" "$(asked .)" 5
check "from a directory" mirror --json "$WORK/repo" linked
is "JSON counts the links" "$(told '["linked"]')" 5
is "JSON says who signed" "$(told '["suites"][0]["keys"][0]')" "$FINGERPRINT"
check "it is the same" same repo linked
check "packages are links to the source's files" test linked/pool/main/s/small/small_1_"$arch".deb -ef repo/pool/main/s/small/small_1_"$arch".deb
check "metadata is not" test ! linked/dists/stable/InRelease -ef repo/dists/stable/InRelease
check "from a file: URL, by --key FINGERPRINT" mirror "file://$WORK/repo" by-url --key "$FINGERPRINT"
gpg --armor --export stranger >stranger.asc
gpg --export release@example.org >release.gpg
check "a mirror of a mirror, by --key FILE" env GNUPGHOME="$WORK/nothing" "$ABIDE" publish mirror "$dst" second --key release.gpg
check "has the same bytes" same repo second
check "verify finds nothing wrong in it" "$ABIDE" publish verify --packages second
rm -rf linked by-url second

# ---- refreshed ----

publish add repo small_3.deb
show
faults
check "a refresh" mirror "$src" "$dst" --jobs 2
is "fetches one package" "$(asked /pool/)" 1
is "and no metadata of the family that did not change" "$(asked '/rpm/.*(primary|other)')" 0
check "the indexes of the generation before stay" test "$(find "$dst/dists" -path '*by-hash*' -size +0 | wc -l)" -ge 11

# ---- lost connections ----

publish add repo big_2.deb
show
faults '-1 cut /big_2 100000'
stays "a server that loses every connection" 1 'connection was cut' mirror "$src" "$dst"
is "it is asked for the rest each time" "$(asked 'big_2.*bytes=[123]00000- 206')" 3
check "what came is kept" test "$(stat -c %s "$dst"/.mirror/*.part)" = 400000
faults '1 norange /big_2'
check "a server without ranges" mirror "$src" "$dst"
is "was asked for the rest" "$(asked 'big_2.*bytes=400000- 200')" 1
check "and what it sent is right" same repo "$dst"
check "nothing is left of the parts" test -z "$(find "$dst/.mirror" -type f ! -name retired)"
check "verify finds nothing wrong in it" "$ABIDE" publish verify --packages "$dst"

# ---- attacks, and servers that fail: one more publication to be fetched, which never is ----

deb big 3 900
publish add repo big_3.deb
show
faults '-1 wrong /big_3 1000'
stays "a package with a wrong byte" 3 'big_3.*its digest is' mirror "$src" "$dst"
faults '-1 wrong /by-hash/ 1000'
stays "indexes with a wrong byte" 3 'its digest is' mirror "$src" "$dst"
faults '-1 wrong InRelease 200'
stays "an InRelease with a wrong byte" 3 'InRelease: ' mirror "$src" "$dst"
faults '-1 wrong repomd.xml$ 200'
stays "a repomd.xml with a wrong byte" 3 'repomd.xml' mirror "$src" "$dst"
faults '-1 endless InRelease'
stays "an InRelease without end" 3 'InRelease: more than 16777216 bytes' mirror "$src" "$dst"
faults '-1 endless /by-hash/'
stays "indexes without end" 3 'more than the [0-9]* bytes that are signed for' mirror "$src" "$dst"
faults '-1 endless /big_3'
stays "a package without end" 3 'more than the [0-9]* bytes that are signed for' mirror "$src" "$dst"
faults '-1 headers InRelease'
stays "headers without end" 1 'InRelease: .*(headers without end|oo large|header)' mirror "$src" "$dst"
faults '1 cut /big_3 100000' '-1 badrange /big_3'
stays "another range than the one asked for" 1 'another range than asked for' mirror "$src" "$dst"
# It takes a while until that is told from a slow line, so it is waited for at the end.
plain=$URL
serve stalling "$WORK/repo"
echo '-1 stall /big_3 100000' >stalling/faults
mirror --timeout 1 "$URL" stalled >stalled.log 2>&1 &
stalled=$!
faults '-1 status /big_3 503'
stays "a server that is overloaded" 1 'the server answers 503' mirror "$src" "$dst"
faults '-1 status /big_3 404'
stays "a package that is not there" 1 'no file pool/.*big_3' mirror "$src" "$dst"
faults '-1 status dists/ 404'
stays "a suite that is hidden" 1 'not there any more, but the mirror has it' mirror "$src" "$dst"
faults '-1 redirect /big_3 %s'
stays "a redirect in a circle" 1 'too many redirects' mirror "$src" "$dst"
faults '-1 redirect /big_3 file:///etc/passwd'
stays "a redirect to a file" 1 'redirects to what is neither http nor https' mirror "$src" "$dst"

# From https to http: the mirror's own server, over TLS, whose redirects lead to the one without.
quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout tls.key -out tls.crt -days 2 \
	-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1
serve tls "$WORK/shown" "$WORK/tls.crt" "$WORK/tls.key"
stays "a certificate that nobody knows" 1 'certificate' mirror "$URL/repo" "$dst"
echo "1 redirect /big_3 $plain%s" >"$WORK/tls/faults"
stays "a redirect from https to http" 1 'from https to http, which is not followed' \
	env CURL_CA_BUNDLE="$WORK/tls.crt" "$ABIDE" publish mirror "$URL/repo" "$dst"
faults "1 redirect /big_3 $URL%s"
check "a redirect from http to https" env CURL_CA_BUNDLE="$WORK/tls.crt" "$ABIDE" publish mirror "$src" "$dst"
check "leads to the right bytes" same repo "$dst"

# ---- states that are not the next one ----

show older
faults
stays "an older state" 3 'newer. A publisher who goes back publishes .* somebody replays an old state' mirror "$src" "$dst"
cp -a "$dst" back
check "--allow-rollback takes it" mirror --allow-rollback "$src" back
check "and all of it" diff -r older/dists/stable/InRelease back/dists/stable/InRelease
show
cp -a shown/repo/dists/stable/. shown/repo/dists/other
stays "a suite under another's name" 3 "signed for the suite 'stable'" mirror "$src" "$dst" --suite other
(unset SOURCE_DATE_EPOCH && cd "$WORK" && SOURCE_DATE_EPOCH=1500000000 quietly "$ABIDE" publish init expired --key release@example.org)
refuses "an expired state" 3 'expired at 2018-.*somebody holds back' mirror expired new
check "leaves nothing behind" test ! -e new
check "--allow-expired takes it" mirror --allow-expired expired new
SOURCE_DATE_EPOCH=$(($(date +%s) + 200000)) quietly "$ABIDE" publish init future --key release@example.org
refuses "a state from the future" 3 'yet to come' mirror future new2
quietly "$ABIDE" publish init foreign --key stranger@example.org --origin ACME
show foreign
stays "a state by another key" 3 "signed by $KEY; what .* is from another key" mirror "$src" "$dst"
stays "by another key than --key" 3 "not by $FINGERPRINT \(--key\)" mirror --key "$FINGERPRINT" "$src" "$dst"
refuses "by a key that is not in --key FILE" 3 'gpg does not have that key' mirror --key release.gpg foreign new2
show
rm shown/repo/rpm/stable/repodata/repomd.xml.asc
stays "a repomd.xml without signature" 3 'not signed: there is no repomd.xml.asc' mirror "$src" "$dst"
check "nothing of them is anywhere" test ! -e new2

# ---- apt and dnf repositories by other tools ----

sign_apt() { # what is in plain/dists/stable/Release
	rm -f plain/dists/stable/{InRelease,Release.gpg}
	gpg --batch -q -u release@example.org --clearsign -o plain/dists/stable/InRelease plain/dists/stable/Release
	gpg --batch -q -u release@example.org -u stranger@example.org -abs -o plain/dists/stable/Release.gpg plain/dists/stable/Release
}
make_apt() { # PACKAGE...: with one more second in Date
	NOW=$((NOW + 1))
	mkdir -p plain/pool "plain/dists/stable/main/binary-$arch"
	rm -f plain/pool/* plain/dists/stable/*Release*
	cp "$@" plain/pool/
	(cd plain && apt-ftparchive packages pool >"dists/stable/main/binary-$arch/Packages")
	xz -kf "plain/dists/stable/main/binary-$arch/Packages"
	apt-ftparchive -o APT::FTPArchive::Release::Suite=stable -o APT::FTPArchive::Release::Components=main \
		-o APT::FTPArchive::Release::Architectures="$arch" release plain/dists/stable |
		sed "s/^Date: .*/Date: $(date -u -R -d "@$NOW" | sed 's/+0000/UTC/')/" >Release
	mv Release plain/dists/stable/Release
	rm "plain/dists/stable/main/binary-$arch/Packages" # listed, but not there: as Debian has it
	sign_apt
}
dst=$WORK/apt
make_apt small_1.deb small_2.deb
check "apt-ftparchive's repository, signed by two keys" mirror plain "$dst"
make_apt small_2.deb small_3.deb
check "a refresh of it" mirror plain "$dst"
is "what is no longer named stays for one generation" "$(cd "$dst/pool" && echo *)" 'small_1.deb small_2.deb small_3.deb'
make_apt small_3.deb
check "another" mirror plain "$dst"
is "and goes then" "$(cd "$dst/pool" && echo *)" 'small_2.deb small_3.deb'
mkdir evil && cp small_2.deb evil/small_3.deb
make_apt evil/small_3.deb
stays "other bytes under the name of a package" 3 'small_3.deb: signed with other bytes than before' mirror plain "$dst"
craft() { # SED for Packages, SED for Release
	make_apt small_3.deb
	xz -dc "plain/dists/stable/main/binary-$arch/Packages.xz" | sed "$1" >"plain/dists/stable/main/binary-$arch/Packages"
	rm "plain/dists/stable/main/binary-$arch/Packages.xz"
	apt-ftparchive -o APT::FTPArchive::Release::Suite=stable release plain/dists/stable | sed "$2" >Release
	mv Release plain/dists/stable/Release
	sign_apt
}
craft 's|^Filename: .*|Filename: ../../etc/passwd|' ''
stays "a package whose path leads elsewhere" 1 'its path leads elsewhere' mirror plain "$dst"
craft 's|^Filename: .*|Filename: dists/stable/x.deb|' ''
stays "a package among the metadata" 1 'cannot be mirrored' mirror plain "$dst"
craft '/^SHA/d' ''
stays "a package with weak digests only" 3 'no digest of at least SHA-256' mirror plain "$dst"
craft '' 's| main/.*| ../../x|'
stays "an index whose path leads elsewhere" 1 'leads elsewhere' mirror plain "$dst"
# shellcheck disable=SC2016  # sed's
craft '' '/^SHA256/,$d'
stays "a Release file with weak digests only" 3 'only digests weaker than SHA-256' mirror plain "$dst"
rm plain/dists/stable/InRelease plain/dists/stable/Release.gpg
stays "a Release file without signature" 3 'not signed' mirror plain "$dst"
mkdir -p rpms && cp small-1.rpm small-2.rpm rpms
quietly createrepo_c -q --revision 5 rpms
gpg --batch -q -u release@example.org -abo rpms/repodata/repomd.xml.asc rpms/repodata/repomd.xml
check "createrepo_c's repository" mirror rpms dnf
check "is the same" same rpms dnf
sed -i 's|<checksum type="sha256">[^<]*|<checksum type="sha1">0000000000000000000000000000000000000000|' rpms/repodata/repomd.xml
rm rpms/repodata/repomd.xml.asc
gpg --batch -q -u release@example.org -abo rpms/repodata/repomd.xml.asc rpms/repodata/repomd.xml
dst=$WORK/dnf
stays "weak digests in repomd.xml" 3 'neither SHA-256 nor SHA-512' mirror rpms "$dst"
refuses "what is no repository" 1 "no signed repository with a suite 'stable'" mirror "$WORK/older/pool" new2

# ---- a publisher and clients at work meanwhile ----

dst=$WORK/busy
show older
faults
check "a mirror that clients read" mirror "$src" "$dst"
root_up debian apt --bind "$WORK"
apt_source debian "$dst" acme
root_up fedora dnf --bind "$WORK"
dnf_repo fedora "$dst" acme
apt_reads() { inside debian apt-get -qq update && ! inside debian apt-get update 2>&1 | grep -E '^(W|E|Err)'; }
check "apt" apt_reads
check "dnf" inside fedora dnf -y -q makecache
rm -rf shown/repo && ln -s "$WORK/repo" shown/repo
(
	for n in 4 5 6; do
		deb small $n
		SOURCE_DATE_EPOCH=$((NOW + n)) "$ABIDE" publish add repo small_$n.deb
	done
) >publisher.log 2>&1 &
publisher=$!
rounds=0
while kill -0 $publisher 2>/dev/null || [ $rounds -lt 2 ]; do
	rounds=$((rounds + 1))
	mirror --limit-rate 4M "$src" "$dst" >mirror.log 2>&1 || not_ok "a mirror while its publisher works: $(cat mirror.log)"
	apt_reads >client.log 2>&1 || not_ok "apt while the mirror is refreshed: $(cat client.log)"
done
check "the mirror ends with what the publisher ended with" same repo "$dst"
killed=0
for delay in 0.05 0.1 0.2; do
	rm -rf "$dst/dists" "$dst/rpm/stable/repodata"
	cp -a older/dists "$dst/" && cp -a older/rpm/stable/repodata "$dst/rpm/stable/"
	rm -f "$dst"/pool/main/b/big/*
	"$ABIDE" publish mirror "$src" "$dst" >/dev/null 2>&1 &
	pid=$!
	sleep $delay
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null || killed=$((killed + 1))
	apt_reads >client.log 2>&1 || not_ok "apt after a mirror was killed: $(cat client.log)"
done
echo "# $killed of 3 mirrors were killed at work"
check "after that, a refresh" mirror "$src" "$dst"
check "is whole" same repo "$dst"
check "nothing is left of the killed ones" test -z "$(find "$dst" -name '*.part' -o -name '.*.next')"
check "verify finds nothing wrong in it" "$ABIDE" publish verify --packages "$dst"
check "apt still reads it" apt_reads
check "dnf still reads it" inside fedora dnf -y -q --refresh makecache
check "dnf installs from it" inside fedora dnf -y -q install small
refuses "two at once: the second is told" 1 'at work here' flock "$dst/.abide-publish.lock" "$ABIDE" publish mirror --wait 0 "$src" "$dst"

# ---- progress ----

python3 - "$ABIDE" "$src" "$WORK/slow" >terminal 2>&1 <<'PY'
import os, pty, sys
os.environ["TERM"] = "xterm"
pty.spawn([sys.argv[1], "publish", "mirror", "--limit-rate", "3M", sys.argv[2], sys.argv[3]])
PY
cp terminal "$OUT"
has "a bar on a terminal" 'fetching \[#+-*\] +[0-9]+% .*[kM]B of .*MB'
check "that is gone at the end" bash -c "tr '\r' '\n' <terminal | sed 's/\x1b\[K//' | grep -n '[^ ]' | tail -n 2 | grep -v 'fetching \['"
rm -rf slow
check "none elsewhere" bash -c "! '$ABIDE' publish mirror --limit-rate 3M '$src' slow 2>&1 | grep fetching"

wait "$stalled"
is "a server that holds the line and sends nothing" "$? $(grep -o 'big_3.*' stalled.log)" \
	"1 big_3_$arch.deb: too slow, or no answer: given up"
check "what came is kept" test -n "$(find stalled/.mirror -name '*.part')" -a ! -e stalled/dists
