#!/usr/bin/env bash
# abide pin matrix of a generated fleet: table, JSON, what is kept between runs, and the page in headless Chromium.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"

for tool in chromium tidy python3 jq; do
	command -v $tool >/dev/null || skip_all "needs $tool; scripts/setup installs it"
done
cd "$WORK" || exit 1
PROGRAMS=12 VERSIONS=8 CUSTOMERS=6
key_new release
export XDG_CACHE_HOME=$WORK/cache
quietly python3 "$E2E/generated_fleet.py" . $PROGRAMS $VERSIONS $CUSTOMERS
many() { # NAME COUNT [OPTION...]: pack so many manifests at once
	local name=$1 count=$2 args=() i
	shift 2
	for ((i = 0; i < count; i++)); do args+=(-f "$name-$i.yaml"); done
	quietly "$ABIDE" pack "${args[@]}" "$@" --sign "$KEY"
}
mkdir libs apps more
many lib $VERSIONS -t libs
many app $PROGRAMS -b none -t apps
quietly "$ABIDE" pack -f lib-$VERSIONS.yaml -t more --sign "$KEY"
quietly "$ABIDE" publish init repo --key "$KEY" --origin matrix
quietly "$ABIDE" publish add repo libs/*
quietly "$ABIDE" publish add repo --waivers waivers.yaml apps/*

# ---- the table ----
check "the fleet as a table" env COLUMNS=100 "$ABIDE" pin matrix --html page.html
cp "$OUT" wide
has "one for each family" '^libfleet1 \(deb amd64, suite stable\): 12 services, 8 versions, 6 host classes'
has "the other" '^libfleet1 \(rpm x86_64, suite stable\): 12 services, 8 versions, 6 host classes'
has "what was built with 1.4 needs it" '^app04 1\.0-1 +X +X +X +X +\+ '
has "what was built before the function went lacks it" '^app05 1\.0-1 .*X +X +X$'
has "the first reason, and whom it concerns" '^breaks: import-missing "area5_close@FLEET_1\.0" is not exported by libfleet\.so\.1, and 1 more'
has "in ranges" '^    app05 1\.5\.0-1\.\.1\.7\.0-1$'
has "what a customer has, and what is held" '^customer000/web +X\* +Xh '
check "a narrow terminal" env COLUMNS=40 "$ABIDE" pin matrix
has "gets letters" '^a   1\.0\.0-1$'
is "and no line is longer" "$(awk 'length > 40' "$OUT" | head -1)" ''
check "again, from what is kept" env COLUMNS=100 "$ABIDE" pin matrix
is "it is the same" "$(cmp "$OUT" wide)" ''
rm -r cache
check "and anew" env COLUMNS=100 "$ABIDE" pin matrix
is "it is the same" "$(cmp "$OUT" wide)" ''
head -c 20000 cache/abide/answers >half && mv half cache/abide/answers
check "a damaged file of answers does no harm" env COLUMNS=100 "$ABIDE" pin matrix
is "it is the same" "$(cmp "$OUT" wide)" ''
check "one that cannot be written neither" env XDG_CACHE_HOME=/proc/nowhere COLUMNS=100 "$ABIDE" pin matrix
has "but it is said" '^abide: warning: answers are not kept: /proc/nowhere/abide: '

check "one customer, one service" "$ABIDE" pin matrix customer001 -s app04 -l libfleet1
has "are left" ' 1 service, 8 versions, 1 host class$'
refuses "a library that is not there" 1 '^abide: libnone1: no service of these customers uses a library of that package' "$ABIDE" pin matrix -l libnone1
refuses "a customer that is not there" 1 'nobody' "$ABIDE" pin matrix nobody

# ---- for programs ----
check "as JSON" "$ABIDE" pin matrix --json
cp "$OUT" matrix.json
json() { jq -c "$1" matrix.json; }
is "versions, oldest first" "$(json '.sections[0].versions | [.[0], .[-1]]')" '["1.0.0-1","1.7.0-1"]'
is "the exact symbols" "$(json '.sections[0].services[5].cells[5] | [.result, .program, .soname, (.findings | map(.symbols[0]))]')" \
	'["breaks","usr/bin/app05","libfleet.so.1",["area5_close@FLEET_1.0","area5_open@FLEET_1.0"]]'
is "the least that a dependency names is what it was built with" "$(json '.sections[0].services[4].cells[7].before')" '"1.4.0-1"'
is "the pin" "$(json '.sections[0].customers[1] | [.channel, .takes, .pin.version, .pin.author, .pin.expired]')" \
	'["customer001","1.3.0-1","1.3.*","ops",false]'
is "what decides" "$(json '.sections[0].customers[1].cells[3]')" '{"result":"breaks","service":"app04"}'
is "what is held goes with the version that it is held at" "$(json '.sections[0].customers[0].services[0] | [.name, .held]')" \
	'["app00","1.1.0-1"]'

# ---- one package more ----
quietly "$ABIDE" publish add repo --waivers waivers.yaml more/*
check "a version more is a column more" "$ABIDE" pin matrix --json --html more.html
cp "$OUT" matrix.json
is "judged with the others" "$(json '.sections[0].services | map(.cells[8].result) | unique')" '["breaks","runs"]'
refuses "a page in a folder that is not there" 1 'nowhere' "$ABIDE" pin matrix --html nowhere/page.html

# ---- the page ----
check "the page is valid HTML" tidy -quiet -errors page.html
refuses "it refers to nothing outside" 1 '^$|0' grep -cE '(src|href)="[^#]|url\(|@import' page.html
SHOTS=${SHOTS-$WORK}
page() { # WIDTH SCHEME EXPRESSION...: the answers, which value tells; the screenshot stays where SHOTS says
	local width=$1 scheme=$2
	shift 2
	check "Chromium shows it, $width pixels wide, $scheme" \
		"$E2E/browser.py" page.html "$width" "$scheme" "$SHOTS/matrix-$width-$scheme.png" "$@"
	cp "$OUT" answers
}
value() { sed -n "${1}p" answers; }
FITS='document.documentElement.scrollWidth <= innerWidth'
type() { echo "(() => { const f = document.querySelector('#filter-$1'); f.value = '$2'; f.dispatchEvent(new Event('input', {bubbles: true})); return document.querySelector('.filters .count').textContent })()"; }
press() { echo "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: '$1', bubbles: true, cancelable: true}))"; }
PANEL='document.querySelector(".panel").innerText.replace(/\s+/g, " ")'
SHOWN='[...document.querySelectorAll("#s0 .services tbody tr")].filter(r => r.offsetParent).length'
page 1600 light "$FITS" 'document.scripts.length + " " + document.images.length' \
	'document.querySelectorAll(".grid td").length' \
	'document.querySelector("#s0 .services").tBodies[0].rows[5].cells[6].click()' "$PANEL" \
	"$(press ArrowLeft)" "$PANEL" "$(press Escape)" 'document.querySelector(".panel").hidden + " " + document.activeElement.tagName' \
	'document.querySelector("#s0 .customers").tBodies[0].rows[0].cells[2].click()' "$PANEL" \
	"$(type customer customer001)" "$SHOWN" "$(type customer '')" "$(type service app05)" "$(type service '')" \
	"$(type version 1.3)" '[...document.querySelectorAll("#s0 .services thead th")].filter(c => c.offsetParent).length' \
	"$(type version '')" "$(echo "(() => { document.querySelector('#filter-breaks').click(); return $SHOWN })()")"
is "no scroll bar on a desktop" "$(value 1)" True
is "hostile names are no markup" "$(value 2)" '1 0'
is "all cells are there" "$(value 3)" $(((PROGRAMS + CUSTOMERS) * VERSIONS * 2))
value 5 >"$OUT"
has "a cell says why, and by which symbols" 'app05 1\.0-1 with libfleet1 1\.5\.0-1 breaks .*import-missing.*area5_close@FLEET_1\.0.*area5_open@FLEET_1\.0'
is "the arrows go on" "$(value 7 | cut -d' ' -f2-5)" 'app05 1.0-1 with libfleet1'
is "Escape closes it and goes back" "$(value 9)" 'true TD'
value 11 >"$OUT"
has "a customer's cell says what is pinned" 'customer000 web @1\.0\.\* with libfleet1 1\.1\.0-1 pinned to 1\.0\.\*: certified </script><script>alert\(1\)</script> \(ops\)'
has "what is held" 'app00 1\.0-1, held at 1\.1\.0-1'
has "and what each service does" 'breaks app03 1\.0-1'
is "filtered by customer" "$(value 12) $(value 13)" '8 services, 2 host classes 4'
is "by service" "$(value 15)" '2 services, 4 host classes'
is "by version" "$(value 18)" 2
is "to what breaks" "$(value 20)" 4
is "nothing was fetched" "$(value 21)" 'requests 0'
page 375 dark "$FITS" 'getComputedStyle(document.body.parentNode).backgroundColor'
is "no scroll bar on a phone" "$(value 1)" True
is "dark" "$(value 2)" 'rgb(20, 23, 28)'
