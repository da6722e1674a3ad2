#!/usr/bin/env bash
# abide publish, every verb, stopped at its changes to the file system: readers find the old state or the new one, and the next command goes on.
# SPDX-License-Identifier: GPL-2.0-or-later
# Environment: ABIDE, the program. FAULTS=all tries every change in every way (an hour), FAULTS=9 every ninth; otherwise a sample is taken. VERBS="add sign": only these.
. "$(dirname "$0")/lib.sh"
cd "$WORK" || exit 1
export SOURCE_DATE_EPOCH=1700000000 # of all publications: then repomd.xml tells the fewest of them apart

key_new second
SECOND=$KEY
key_new release
gpg --batch -o keyring.gpg --export release@example.org second@example.org
quietly "${CC:-cc}" -D_GNU_SOURCE -O1 -Wall -shared -fPIC -o faults.so "$E2E/faults.c"

# ---- packages: things of both families, a library that loses an export, and a program before and after ----
manifest() { printf '%s\n' "name: $1" "version: $2" release:\ 1 arch:\ amd64 maintainer:\ "A B <a@example.org>" description:\ x license:\ MIT; }
thing() {
	mkdir "thing-$1"
	manifest thing "$1" >thing.yaml
	printf '%s\n' contents: "  - {src: $WORK/thing.yaml, dst: /opt/thing/$1}" "rpm: {signature: {key_id: $KEY}}" >>thing.yaml
	quietly "$ABIDE" pack -f thing.yaml -t "thing-$1"
}
library() {
	echo "int f(void) { return 1; } $2" | cc -g -shared -fPIC -Wl,-soname,libcase.so.1 -x c -o "case-$1.so" -
	mkdir "case-$1"
	manifest libcase "$1" >lib.yaml
	printf '%s\n' library: "  file: case-$1.so" "  layout: vendor" "  prefix: /opt/case" >>lib.yaml
	quietly "$ABIDE" pack -f lib.yaml -t "case-$1"
}
program() {
	echo "int f(void), g(void); int main(void) { return f()$2; }" | cc -g -x c -o use - -x none "./case-$1.so"
	mkdir "use-$1"
	manifest use "$1" >use.yaml
	printf '%s\n' contents: "  - {src: use, dst: /usr/bin/use}" >>use.yaml
	quietly "$ABIDE" pack -f use.yaml -t "use-$1" --base "case-$1"
}
thing 1.0
thing 1.1
library 1.0 'int g(void) { return 2; }'
library 1.1 ''
program 1.0 '+g()'
program 1.1 ''

# ---- the repositories that the verbs begin with ----
publish() { quietly "$ABIDE" publish "$@"; }
mkdir none
publish init one --key "$KEY" --origin acme
publish add one thing-1.0/*.deb thing-1.0/*.rpm
cp -a one two
publish add two thing-1.1/*.deb thing-1.1/*.rpm
cp -a two three
publish remove three thing=1.0-1
cp -a one other
publish init other --key "$KEY" --origin acme --suite testing
cp -a one keys
publish key keys --add "$SECOND"
cp -a one declared
publish base declared --add debian-12
publish init cases --key "$KEY" --origin acme
publish add cases case-1.0/*.deb use-1.0/*.deb
cp -a cases staged
publish add staged --stage case-1.1/*.deb

# try VERB BEFORE ARGUMENT...: DIR stands for the repository
try() {
	local verb=$1 before=$2
	shift 2
	[[ " ${VERBS-$verb} " == *" $verb "* ]] || return
	python3 "$E2E/publish_crash.py" "$WORK" "$verb" "$before" "$WORK/keyring.gpg" -- "$@" >"$OUT" 2>&1 || not_ok "$verb: $(tail -n 5 "$OUT")"
	while IFS= read -r line; do
		case $line in
		'ok - '*) ok "${line#ok - }" ;;
		'not ok - '*) not_ok "${line#not ok - }" ;;
		'#'*) echo "$line" ;;
		esac
	done <"$OUT"
}
export NUDGE=$'remove\nDIR\nno-such-package'
NUDGE=$'init\nDIR\n--key\n'$KEY$'\n--origin\nacme\n--base\ndebian-12' try init none init DIR --key "$KEY" --origin acme --base debian-12
try suite one init DIR --key "$SECOND" --origin beta --suite testing --base debian-12
try add one add DIR thing-1.1/*.deb thing-1.1/*.rpm
try add-deb one add DIR thing-1.1/*.deb
try add-rpm one add DIR thing-1.1/*.rpm
try promote other add DIR --suite testing --from stable thing
try remove two remove DIR thing=1.0-1
try rollback three rollback DIR 2
try prune three prune DIR --keep 1
try sign one sign DIR
try key-add one key DIR --add "$SECOND"
try key-retire keys key DIR --retire "$KEY"
try base one base DIR --add debian-12
try base-gone declared base DIR --remove debian-12
try stage cases add DIR --stage case-1.1/*.deb
try move staged add DIR use-1.1/*.deb
try unstage staged remove DIR --stage libcase1

# ---- mirrors, whose next command is the same again ----
publish mirror --allow-expired one mirrored
serve() {
	mkdir server
	# shellcheck disable=SC2034 # it is only kept open
	exec {LIFE}> >(exec python3 "$E2E/mirror_server.py" "$WORK" "$WORK/server" >/dev/null 2>server/errors {GUARD}>&-)
	until [ -e server/port ]; do sleep 0.02; done
	URL=http://127.0.0.1:$(cat server/port)
}
serve
NUDGE=$'mirror\n--allow-expired\ntwo\nDIR' try mirror-new none mirror --allow-expired two DIR
NUDGE=$'mirror\n--allow-expired\ntwo\nDIR' try mirror mirrored mirror --allow-expired two DIR
NUDGE=$'mirror\n--allow-expired\n'$URL$'/two\nDIR' try mirror-http mirrored mirror --allow-expired "$URL/two" DIR --jobs 1

# ---- two at once ----
if [ -z "${VERBS-}" ]; then
	cp -a one both
	"$ABIDE" publish add both thing-1.1/*.deb >first 2>&1 &
	FIRST=$!
	check "two publishers at once: the second waits" "$ABIDE" publish add both thing-1.1/*.rpm --wait 60
	check "and the first is done, too" wait "$FIRST"
	is "both are published" "$("$ABIDE" publish list both | grep -c 1.1-1)" 2
	check "and all is well" "$ABIDE" publish verify both
fi
