#!/usr/bin/env bash
# abide pin matrix against the truth: services built against older libwardens are run with every version. What "runs" answers as with the
# library it was built with; what "breaks" fails, or answers otherwise, in the cases in which that can be shown.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"

command -v jq >/dev/null || skip_all "needs jq; scripts/setup installs it"
ARCH=$(dpkg --print-architecture)
cd "$WORK" || exit 1
key_new release
mkdir -p libs apps fleet/channels bin

# ---- libwarden in six versions; of the last three, each breaks programs in its own way ----
declare -A FOLDER=([1.0.0]=$B/variants/base [1.0.1]=$B/variants/1.0.1 [1.1.0]=$B/variants/1.1.0 [1.2.0]=$B/variants/bad)

derive() { # VERSION NAME SED-EXPRESSION...: 1.1.0 with changes in it
	local version=$1 name=$2
	shift 2
	mkdir -p "$name/src"
	cp "$B"/variants/1.1.0/src/* "$name/src"
	sed -i "$@" "$name"/src/*.[ch] "$name/src/libwarden.map"
	IFS=. read -r _ minor _ <<<"$version"
	sed -i "s/\(WARDEN_VERSION_MINOR\) 1/\1 $minor/" "$name/src/warden.h"
	quietly make -s -j2 -C "$SRC" WARDEN="$WORK/$name/src" B="$WORK/$name" CFLAGS='-O0 -g' libwarden
	FOLDER[$version]=$WORK/$name
}
derive 1.3.0 gone -e '/^\twarden_answer_policy_count;$/d'
derive 1.4.0 moved -e '/^struct warden_error {/,/^};/{/^\tchar text/d; s/^struct warden_error {/&\n\tchar text[WARDEN_ERROR_TEXT];/}'
VERSIONS=(1.0.0 1.0.1 1.1.0 1.2.0 1.3.0 1.4.0)

for version in "${VERSIONS[@]}"; do
	library=$(ls "${FOLDER[$version]}"/libwarden.so.*.*.*)
	quietly env -C "$SRC" LIBWARDEN="$library" VERSION="$version" WARDEN="${FOLDER[$version]}/src" \
		"$ABIDE" pack -f packaging/libwarden.yaml -p deb -t "$WORK/libs"
done

# ---- services: with debug information and without, in C, Go and Python, built with old and new versions ----
build() { # NAME VERSION SOURCE
	quietly cc -std=gnu11 -O2 -g -I"${FOLDER[$2]}/src" -o "bin/$1" "$SRC/tests/services/c/$3" -L"${FOLDER[$2]}" -lwarden
}
cp "$B/services/ask-c" "$B/services/ask-go" "$B/services/ask-py" "$B/services/ask-new" bin
build ask-bare 1.0.1 ask.c
build ask-late 1.4.0 ask.c
strip bin/ask-bare bin/ask-late
cat >guard.c <<'END'
#include <warden.h>
#include <stdio.h>
/* Says of what it is told whether it is what the header says it is. */
int main(void)
{
	struct { struct warden_error error; unsigned char fence[4096]; } room = {.fence = {0}};
	warden *w;
	for (unsigned i = 0; i < sizeof room.fence; i++)
		room.fence[i] = 0xa5;
	if (warden_open(&w, "/nonexistent/policies", NULL, &room.error) == WARDEN_OK)
		return 1;
	printf("code %d: %s\n", room.error.code, room.error.text);
	return 0;
}
END
quietly cc -std=gnu11 -O2 -g -I"${FOLDER[1.0.0]}/src" -o bin/ask-guard guard.c -L"${FOLDER[1.0.0]}" -lwarden
declare -A BUILT=([ask-c]=1.0.0 [ask-go]=1.0.0 [ask-py]=1.0.0 [ask-bare]=1.0.1 [ask-new]=1.1.0 [ask-late]=1.4.0 [ask-guard]=1.0.0)
for service in "${!BUILT[@]}"; do
	arch=$ARCH base=libs/libwarden1_${BUILT[$service]}-1_$ARCH.deb
	cp "$SRC/packaging/service.yaml" "$service.yaml"
	case $service in
	ask-py) arch=all ;;&
	ask-py | ask-bare | ask-late) # whoever packs these says nothing of the version
		base=none
		echo 'depends: [libwarden1]' >>"$service.yaml"
		;;
	esac
	quietly env SERVICE="$service" VERSION=1.0 PROGRAM="bin/$service" ARCH="$arch" POLICIES="$SRC/tests/services/policies.cedar" \
		ENTITIES="$SRC/tests/services/entities.json" \
		"$ABIDE" pack -f "$service.yaml" --base "$base" -p deb -t apps
done

# ---- a fleet of one customer who has them all ----
cat >waivers.yaml <<END
waivers:
$(for rule in struct-grew member-moved member-type import-missing symbol-removed; do
	echo "  - {rule: $rule, subject: \"*\", reason: the test wants it, author: test, until: 9999-12-31}"
done)
END
quietly "$ABIDE" publish init fleet/repo --key "$KEY" --origin runs
quietly "$ABIDE" publish add fleet/repo libs/*.deb
quietly "$ABIDE" publish add fleet/repo --waivers waivers.yaml apps/*.deb
printf '%s\t%s\n' abide-base 1 family deb name here arch "$ARCH" >fleet/here.base
printf 'package\tlibc6\t2.36-9\t%s\n' "$ARCH" >>fleet/here.base
cat >fleet/fleet.yaml <<END
fleet: runs
repository: repo
bases: [{name: here, base: here.base}]
END
{
	printf 'channel: acme\nhosts:\n  - class: all\n    base: here\n    services:\n'
	for service in "${!BUILT[@]}"; do printf '      - {name: %s, reason: the test}\n' "$service"; done
	printf 'packages:\n  - {name: libwarden1, version: "1.0.*", reason: certified, author: ops}\n'
} >fleet/channels/acme.yaml

check "the matrix is made" "$ABIDE" pin matrix -f fleet/fleet.yaml --html page.html
cp "$OUT" text
quietly "$ABIDE" pin matrix -f fleet/fleet.yaml --json
cp "$OUT" matrix.json
word() { # SERVICE VERSION
	jq -r --arg s "$1" --arg v "$2-1" '.sections[0] | (.versions | index($v)) as $i | .services[] | select(.name == $s) | .cells[$i].result' matrix.json
}
reason() { # SERVICE VERSION
	jq -r --arg s "$1" --arg v "$2-1" '.sections[0] | (.versions | index($v)) as $i | .services[] | select(.name == $s) | .cells[$i].reason' matrix.json
}

# ---- the truth ----
run() { # SERVICE VERSION: what it says to a question and to a policy that is not there, and how it ends
	local rc=0
	LD_LIBRARY_PATH=${FOLDER[$2]} "bin/$1" "$SRC/tests/services/policies.cedar" "$SRC/tests/services/entities.json" \
		User alice read Folder handbook 2>&1 || rc=$?
	LD_LIBRARY_PATH=${FOLDER[$2]} "bin/$1" "$WORK/no/such/policies" "$WORK/no/such/entities" User alice read Folder handbook 2>&1 || rc=$((rc + $?))
	echo "exit $rc"
}
answer() { run "$@" | sed 's/libwarden [0-9.]*/libwarden/'; }

lied='' runs=0 breaks=0 shown=0
for service in "${!BUILT[@]}"; do
	truth=$(answer "$service" "${BUILT[$service]}")
	for version in "${VERSIONS[@]}"; do
		got=$(answer "$service" "$version")
		case $(word "$service" "$version") in
		runs)
			runs=$((runs + 1))
			[ "$got" = "$truth" ] || lied+="$service runs with $version: $got; "
			;;
		breaks)
			breaks=$((breaks + 1))
			[ "$got" = "$truth" ] || shown=$((shown + 1))
			;;
		note) ;;
		*) lied+="$service with $version: $(word "$service" "$version"); " ;;
		esac
	done
done
is "what runs is as it was" "$lied" ""
check "there are such" test $runs -ge 10
echo "# $runs run, $breaks break, of which $shown show it in what they answer"

# shows SERVICE VERSION REASON PATTERN: it breaks, and that is what happens
shows() {
	is "$1 breaks with $2" "$(word "$1" "$2")" breaks
	reason "$1" "$2" >"$OUT"
	has "because of $3" "$3"
	answer "$1" "$2" >"$OUT"
	has "and that is seen: $4" "$4"
}
shows ask-new 1.0.1 'node-missing "LIBWARDEN_1.1"' "version \`LIBWARDEN_1.1' not found"
shows ask-c 1.3.0 'import-missing "warden_answer_policy_count@LIBWARDEN_1.0"' 'symbol lookup error.*warden_answer_policy_count'
shows ask-bare 1.3.0 'import-missing "warden_answer_policy_count' 'symbol lookup error.*warden_answer_policy_count'
shows ask-go 1.3.0 'import-missing "warden_answer_policy_count' 'symbol lookup error.*warden_answer_policy_count'
shows ask-guard 1.4.0 'member-moved "struct warden_error' 'code [0-9]{6,}'
is "a program with its own types knows that the struct is too small" "$(word ask-c 1.2.0)" breaks
is "one that needs no more than the oldest has runs with it" "$(word ask-c 1.0.0) $(word ask-go 1.1.0)" "runs runs"
is "one without types may have been built with what breaks the others" "$(word ask-bare 1.0.1)" note
reason ask-bare 1.0.1 >"$OUT"
has "which is said" 'unless it was built with 1\.2\.0-1 or a later one: struct-grew'
is "so may one that was: it is not said to run with the oldest" "$(word ask-late 1.0.0)" note
check "which it does not" test "$(answer ask-late 1.0.0)" != "$(answer ask-late 1.4.0)"
is "what loads the library by itself is noted" "$(word ask-py 1.0.0)" note
jq -r '.sections[0].customers[0].takes' matrix.json >"$OUT"
has "what the customer has is marked" '^1\.0\.1-1$'
cp text "$OUT"
has "in the table, too" '^acme/all .*X\*'
