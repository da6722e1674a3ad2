#!/usr/bin/env bash
# abide judge --html in headless Chromium: what the page holds, that it fits a phone, and that it asks nobody for anything.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"

for tool in chromium tidy python3; do
	command -v $tool >/dev/null || skip_all "needs $tool; scripts/setup installs it"
done
cd "$WORK" || exit 1

library() { # NAME SOURCE...
	local name=$1
	shift
	printf '%s\n' "$@" >"$name.c"
	quietly cc -g -O2 -w -shared -fPIC -Wl,-soname,libdoor.so.1 -o "$name.so" "$name.c"
}

# The names of symbols and members may hold anything.
EVIL='<script>alert(1)</script><img src=x onerror=alert(1)>'
PLAIN=$(echo "$EVIL" | tr -c 'a-z\n' _)
USES=$(for n in {a..l}; do echo "int door_use_$n(struct door *d) { return d->state; }"; done)
library old 'enum colour { RED, GREEN };' \
	'struct hinge { char side; long weight; };' \
	'struct door { int state; char flag; const char **names; struct hinge hinge; enum colour colour; };' \
	'struct key { int a, b; };' \
	'int door_open(int how, struct door *d) { return d->state; } int door_key(struct key *k) { return k->a; }' \
	"int door_gone(void) { return 1; } int $PLAIN(void) { return 1; }" "$USES"
sed -i "s|$PLAIN|$EVIL|g" old.so
library new 'enum colour { RED, BLUE, GREEN };' \
	'struct hinge { char side; long weight; };' \
	'struct door { int state; long serial; const char **names; struct hinge hinge; enum colour colour; void *more; };' \
	'struct key { int b, a; };' \
	'int door_open(int how, struct door *d) { return d->state; } int door_key(struct key *k) { return k->a; }' \
	"$USES $(for n in {1..60}; do echo "int door_new_$n(void) { return 1; }"; done)"
cat >waivers.yaml <<-YAML
	waivers:
	  - {rule: member-moved, subject: "struct key", reason: "ours <alone>", author: Ann, until: 9999-12-31}
YAML

refuses "the verdict is told, and the page is written" 4 'BREAKS' \
	"$ABIDE" judge --waivers waivers.yaml --html page.html old.so new.so
check "the page is valid HTML" tidy -quiet -errors page.html
refuses "it refers to nothing outside" 1 '^$|0' grep -cE '(src|href)="[^#]|url\(|@import' page.html

# page WIDTH SCHEME EXPRESSION...: the answers in $OUT; the screenshot stays where SHOTS says.
SHOTS=${SHOTS-$WORK}
page() {
	local file=$1 width=$2 scheme=$3
	shift 3
	check "Chromium shows $file, $width pixels wide, $scheme" \
		"$E2E/browser.py" "$file" "$width" "$scheme" "$SHOTS/${file%.html}-$width-$scheme.png" "$@"
}
value() { sed -n "${1}p" "$OUT"; }
FITS='document.documentElement.scrollWidth <= innerWidth'
TEXT='.textContent.replace(/\s+/g, " ").trim()'
SHOWN='getComputedStyle(document.body.parentNode).backgroundColor'
row() { echo "[...document.querySelectorAll('.card')].find(c => c.querySelector('h3 code').textContent == '$1').querySelector('$2')"; }

page page.html 1280 light "$FITS" "document.querySelector('.word')$TEXT" "document.querySelector('.demands')$TEXT" \
	"$(row 'struct door' .path)$TEXT" "$(row 'struct door' '.layout .sides')$TEXT" \
	"$(row 'struct door' '.layout .changed')$TEXT" "$(row 'struct door' '.layout .hole')$TEXT" \
	"$(row 'struct key' .waiver)$TEXT" "$(row 'enum colour' '.values .changed')$TEXT" \
	'document.scripts.length + " " + document.images.length' \
	'[...document.querySelectorAll("h3 code")].some(c => c.textContent.startsWith("<script>"))' \
	'document.querySelectorAll(".list li").length' "$SHOWN"
is "no scroll bar on a desktop" "$(value 1)" True
is "the word" "$(value 2)" BREAKS
is "what the release law demands" "$(value 3)" 'Demands the soname libdoor.so.2, beside the old library'
is "the way to a type" "$(value 4)" 'door_open() parameter 2: struct door *'
is "both sizes" "$(value 5)" 'Old, 40 bytesNew, 56 bytes'
is "a member that moved, on both sides" "$(value 6)" '88namesconst char **168namesconst char **'
is "a hole" "$(value 7)" '53hole'
is "a waiver" "$(value 8)" 'Waived until 9999-12-31: ours <alone> (Ann)'
is "an enumerator's two values" "$(value 9)" 'GREEN12'
is "a name is no markup" "$(value 10) $(value 11)" '1 0 True'
is "all additions are there" "$(value 12)" 60
is "light" "$(value 13)" 'rgb(255, 255, 255)'
is "nothing was fetched" "$(value 14)" 'requests 0'

page page.html 375 dark "$FITS" "$SHOWN" "getComputedStyle($(row 'struct door' '.layout .same .n')).display" innerWidth
is "no scroll bar on a phone" "$(value 1)" True
is "dark" "$(value 2)" 'rgb(20, 23, 28)'
is "on a phone, what did not change stands once" "$(value 3)" none

cat >app.c <<-C
	int door_open(int how, void *d);
	int main(void) { return door_open(1, 0); }
C
quietly cc -o app app.c ./old.so
quietly cc -o other app.c ./old.so
refuses "programs make a page, too" 4 '2 programs' "$ABIDE" judge --html used.html --used-by app --used-by other old.so new.so
check "which is valid" tidy -quiet -errors used.html
page used.html 375 light "$FITS" 'document.querySelectorAll("section > header").length' 'document.querySelectorAll("nav li").length'
is "no scroll bar" "$(value 1)" True
is "a section and a line of contents for each program" "$(value 2) $(value 3)" '2 2'

deb() { # VERSION LIBRARY...
	local version=$1 file
	shift
	rm -rf top
	mkdir -p top/DEBIAN top/usr/lib
	printf '%s\n' 'Package: libdoor1' "Version: $version" 'Architecture: all' 'Maintainer: Test <test@example.org>' \
		'Description: door' >top/DEBIAN/control
	for file; do cp "$file.so" "top/usr/lib/lib$file.so.1"; done
	quietly dpkg-deb --root-owner-group --build top "door_$version.deb"
}
quietly cc -g -shared -fPIC -Wl,-soname,libmore.so.1 -o more.so app.c
deb 1 old
deb 2 new more
refuses "packages make a page" 4 BREAKS "$ABIDE" judge --html packages.html door_1.deb door_2.deb
check "which is valid" tidy -quiet -errors packages.html
page packages.html 375 dark "$FITS" '[...document.querySelectorAll(".word")].map(w => w.textContent).join(" ")'
is "no scroll bar" "$(value 1)" True
is "a section for each library" "$(value 2)" 'BREAKS ADDS'

refuses "a folder that is not there" 1 'abide: nowhere: cannot open' "$ABIDE" judge --html nowhere/page.html old.so new.so
refuses "--floor has no page" 2 'floor has no --html' "$ABIDE" judge --html floor.html --floor app old.so new.so
