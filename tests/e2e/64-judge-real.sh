#!/usr/bin/env bash
# judge on real libraries of Debian: what promises to be compatible is, what is broken on purpose is found, and every note is explained.
# SPDX-License-Identifier: GPL-2.0-or-later
#
#   libc6, libkrb5 and others   as packages with their debug packages, against themselves and against what else the archive has
#   sqlite, libxml2, OpenSSL    from source, against themselves with one change: in a body, in a private struct, a function more, and
#                               in a public struct
#
# Sources and builds are kept in $REAL ($B/real): a second run takes seconds. archive.sh says what else may be given.
# Needs the network, not root. Where the archive cannot be reached the test is skipped and says so.
set -u
. "$(dirname "$0")/lib.sh"
. "$E2E/archive.sh"
JOBS=$(nproc)

# Notes that are right to be given: RULE, an extended pattern for the subject, and why. All others fail the test.
EXPECTED_NOTES=(
	"floor-raised ld-linux-.* the dynamic linker is a part of the same package"
	"source-changed __rseq_(offset|size) Debian's security update made glibc's own definition of them no longer const"
	"ifunc-changed (__)?(expm1|log2)(_finite|f32x|f64)? Debian's security update chooses variants with FMA for them"
)

# ---- verdicts ----

note_is_expected() { # RULE SUBJECT
	local row rule pattern
	for row in "${EXPECTED_NOTES[@]}"; do
		read -r rule pattern _ <<<"$row"
		[ "$rule" = "$1" ] && [[ $2 =~ ^($pattern)$ ]] && return 0
	done
	return 1
}

# verdict DESC WORD OLD NEW [OPTION...]: judges, and looks at what each finding says.
verdict() {
	local desc=$1 wanted=$2 rule subject got bad=0
	shift 2
	"$ABIDE" judge --json "$@" >"$OUT" 2>"$WORK/err"
	got=$(jq -r .verdict "$OUT" 2>/dev/null)
	if [ "$got" != "$wanted" ]; then
		not_ok "$desc: $wanted"
		echo "# got '$got' from: abide judge $*"
		jq -r '(.libraries // [.])[] | .soname as $s | .findings[] | select(.verdict != "SAME") |
			"# \($s): \(.verdict) \(.rule) \(.subject): \(.change)"' "$OUT" 2>/dev/null | head -n 40
		sed 's/^/# /' "$WORK/err"
		return 1
	fi
	jq -r '(.libraries // [.])[].findings[] | select(.verdict == "SAME") | [.rule, .subject] | @tsv' "$OUT" >"$WORK/notes"
	while IFS=$'\t' read -r rule subject; do
		note_is_expected "$rule" "$subject" || { bad=1; echo "# a note that nobody explained: $rule $subject"; }
	done <"$WORK/notes"
	if [ $bad = 0 ]; then ok "$desc: $wanted"; else not_ok "$desc: $wanted, every note explained"; fi
}

# ---- packages ----

# package_with_debug DESC PACKAGE DEBUG_PACKAGE: against itself.
package_with_debug() {
	local package debug
	if ! package=$(fetch "$2") || ! debug=$(fetch "$3"); then
		ok "$1 # SKIP the archive has no $2 with $3"
		return
	fi
	verdict "$1 against itself" SAME "$package" "$package" -D "$debug"
}

# What programs see of the C library: more than the system's own headers does not matter, and less makes types private.
libc_headers() {
	local name
	for name in argp dirent dlfcn fcntl fenv fts ftw glob grp iconv langinfo link locale math mntent netdb nl_types obstack poll printf \
		pthread pwd regex resolv sched search semaphore setjmp signal spawn stdio stdlib string syslog termios time unistd utmpx \
		wchar wctype wordexp; do
		printf '%s\n' -H "/usr/include/$name.h"
	done
}

# The oldest version in the archive against the newest: what a security or point release changed.
libc_updated() {
	local oldest newest old old_debug new new_debug
	local -a headers
	mapfile -t headers < <(libc_headers)
	newest=$(package_versions libc6 | head -n 1) oldest=$(package_versions libc6 | tail -n 1)
	if [ "$oldest" = "$newest" ] || ! old=$(fetch libc6 "$oldest") || ! old_debug=$(fetch libc6-dbg "$oldest") ||
		! new=$(fetch libc6 "$newest") || ! new_debug=$(fetch libc6-dbg "$newest"); then
		ok "libc6 against its update # SKIP the archive has one version of libc6 and libc6-dbg"
		return
	fi
	verdict "libc6 $oldest against $newest" SAME "$old" "$new" -D "$old_debug" -D "$new_debug" "${headers[@]}"
}

packages() {
	package_with_debug "libc6, all its libraries" libc6 libc6-dbg
	libc_updated
	package_with_debug "libkrb5" libkrb5-3 libkrb5-dbg
	package_with_debug "libgssapi-krb5" libgssapi-krb5-2 libkrb5-dbg
	package_with_debug "libk5crypto" libk5crypto3 libkrb5-dbg
}

# ---- from source ----

# variant LIBRARY NAME FILE: puts FILE away as the variant NAME of a library.
variant() {
	cp -L "$3" "$REAL/$1/$2.so.new" && mv "$REAL/$1/$2.so.new" "$REAL/$1/$2.so"
}

# edit FILE SED_SCRIPT: changes it; fails when nothing changed.
edit() {
	cp "$1" "$1.orig" && sed -i -E "$2" "$1" && ! cmp -s "$1" "$1.orig"
}

# restore FILE: undoes it, so that make notices.
restore() {
	mv "$1.orig" "$1" && touch "$1"
}

# The four changes of each library are named alike: NAME.so is what each build function leaves in $REAL/LIBRARY.
judge_variants() { # LIBRARY TITLE PUBLIC_STRUCT HEADER_OPTION...
	local dir=$REAL/$1 title=$2 struct=$3
	shift 3
	verdict "$title against itself" SAME "$dir/base.so" "$dir/base.so"
	verdict "$title, another body" SAME "$dir/base.so" "$dir/body.so"
	verdict "$title, a function more" ADDS "$dir/base.so" "$dir/function.so" "$@"
	verdict "$title, another private struct, its headers known" SAME "$dir/base.so" "$dir/private.so" "$@"
	verdict "$title, another public struct" BREAKS "$dir/base.so" "$dir/public.so" "$@"
	jq -r '.findings[].subject' "$OUT" >"$WORK/subjects"
	check "$title: $struct is named" grep -q "^$struct" "$WORK/subjects"
}

from_source() { # PACKAGE TITLE PUBLIC_STRUCT HEADER_OPTION...
	if [ ! -e "$REAL/$1/public.so" ]; then
		if ! source_of "$1"; then
			ok "$2 # SKIP the archive does not give its source"
			return
		fi
		"build_$1" >"$REAL/$1/build.log" 2>&1 || { not_ok "$2 builds"; tail -n 20 "$REAL/$1/build.log" | sed 's/^/# /'; return; }
	fi
	judge_variants "$@"
}

compile_sqlite() { # NAME: compiles the amalgamation as it is now
	cc -g -O0 -w -fPIC -shared -DSQLITE_ENABLE_COLUMN_METADATA -Wl,-soname,libsqlite3.so.0 -o "$WORK/sqlite.so" sqlite3.c -lm &&
		variant sqlite3 "$1" "$WORK/sqlite.so"
}

build_sqlite3() {
	cd "$REAL/sqlite3/src" && ./configure --disable-tcl --disable-readline && make sqlite3.c && compile_sqlite base || return 1
	cp sqlite3.h sqlite3.c ..
	edit sqlite3.c 's/^(SQLITE_API int sqlite3_libversion_number\(void\)\{ return SQLITE_VERSION_NUMBER)/\1 + 0 * (int)sizeof(int)/' &&
		compile_sqlite body && cp ../sqlite3.c . &&
		echo 'SQLITE_API int sqlite3_brand_new(sqlite3 *db) { return db != 0; }' >>sqlite3.c && compile_sqlite function &&
		cp ../sqlite3.c . && edit sqlite3.c 's/^struct Vdbe \{/&\n  long news;/' && compile_sqlite private &&
		cp ../sqlite3.c . && edit sqlite3.c 's/^struct sqlite3_file \{/&\n  long news;/' && compile_sqlite public
}

build_libxml2() {
	cd "$REAL/libxml2/src" || return 1
	# Debian's patches are younger than what autotools made of the files before them.
	touch aclocal.m4 && sleep 1 && touch configure config.h.in && find . -name Makefile.in -exec touch {} + &&
		./configure --without-python --without-lzma --without-zlib --without-icu --disable-static CFLAGS='-g -O0' &&
		make -j"$JOBS" libxml2.la && variant libxml2 base .libs/libxml2.so &&
		edit dict.c 's/^xmlDictFree\(xmlDictPtr dict\) \{/&\n    int twice = dict != NULL;\n    if (!twice)\n        return;/' &&
		make libxml2.la && variant libxml2 body .libs/libxml2.so && restore dict.c &&
		cp tree.c tree.c.orig && printf '\nint xmlBrandNew(xmlNodePtr node);\nint xmlBrandNew(xmlNodePtr node) { return node != NULL; }\n' >>tree.c &&
		edit libxml2.syms 's/^LIBXML2_2\.9\.11 \{/LIBXML2_2.9.14 {\n  global:\n    xmlBrandNew;\n};\n&/' &&
		rm -f libxml2.la && make libxml2.la && variant libxml2 function .libs/libxml2.so && restore libxml2.syms &&
		restore tree.c &&
		edit dict.c 's/^struct _xmlDict \{/&\n    long news;/' && rm -f libxml2.la && make libxml2.la &&
		variant libxml2 private .libs/libxml2.so && restore dict.c &&
		cp -r include ../ && edit include/libxml/uri.h 's/^struct _xmlURI \{/&\n    long news;/' &&
		make -j"$JOBS" libxml2.la && variant libxml2 public .libs/libxml2.so
}

# Only libcrypto, and of it what the variants need: the whole would take minutes.
build_openssl() {
	cd "$REAL/openssl/src" || return 1
	./Configure shared --prefix=/usr no-asm no-tests no-engine no-module no-legacy no-ssl no-dtls no-cmp no-ct no-ocsp no-ts no-gost \
		no-whirlpool no-aria no-camellia no-seed no-idea no-rc2 no-rc4 no-des no-cast no-bf no-md4 no-mdc2 no-sm2 no-sm3 no-sm4 \
		no-siphash no-scrypt no-rmd160 no-blake2 no-ec2m CFLAGS='-O0 -g' &&
		make -s build_generated && crypto_variant base && cp -r include ../ && change_openssl
}

change_openssl() {
	edit crypto/comp/comp_lib.c 's/^    return meth->type;/    return meth != NULL ? meth->type : 0;/' && crypto_variant body comp &&
		restore crypto/comp/comp_lib.c &&
		edit crypto/comp/comp_local.h 's/^struct comp_ctx_st \{/&\n    long news;/' && crypto_variant private comp &&
		restore crypto/comp/comp_local.h &&
		printf '\nint OPENSSL_brand_new(const COMP_CTX *c);\nint OPENSSL_brand_new(const COMP_CTX *c) { return c != 0; }\n' \
			>>crypto/comp/comp_lib.c &&
		printf 'OPENSSL_brand_new 5999\t3_0_99\tEXIST::FUNCTION:\n' >>util/libcrypto.num && crypto_variant function comp &&
		edit include/openssl/srp.h.in 's/^    BIGNUM \*s;/    long news;\n&/' && make -s build_generated && crypto_variant public srp
}

crypto_variant() { # NAME [FOLDER]: with the objects of crypto/FOLDER compiled anew
	[ $# -eq 1 ] || rm -f "crypto/$2"/*shlib*.o
	make -s -j"$JOBS" libcrypto.so && variant openssl "$1" libcrypto.so
}

archive_open || skip_all "$ARCHIVE_MISSING"
packages
from_source sqlite3 "sqlite" "struct sqlite3_file" -H "$REAL/sqlite3/sqlite3.h"
# Public headers include one another by the path that a consumer names.
export CPATH=$REAL/libxml2/include:$REAL/openssl/include
from_source libxml2 "libxml2" "struct _xmlURI" -H "$REAL/libxml2/include/libxml"
from_source openssl "OpenSSL's libcrypto" "struct SRP_user_pwd_st" -H "$REAL/openssl/include/openssl"
