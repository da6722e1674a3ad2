#!/usr/bin/env bash
# Builds OpenSSL's libcrypto twice from Debian's source, for make bench: as it is, and with what is deep inside changed.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# $B/bench/openssl/base.so and changed.so, with debug information; two structs that thousands of functions lead to, BIO and BIGNUM,
# have one member more in the second. Takes four minutes of one core, once.
set -eu
: "${B:=$PWD/build}"
here=$(dirname "$0")
dir=$B/bench/openssl
[ ! -e "$dir/changed.so" ] || exit 0
REAL=$B/bench
. "$here/../e2e/archive.sh"
archive_open || { echo "openssl.sh: $ARCHIVE_MISSING" >&2; exit 1; }
source_of openssl || { echo "openssl.sh: the archive does not give the source of openssl" >&2; exit 1; }
exec >"$dir/log" 2>&1
cd "$dir/src"
./Configure shared --prefix=/usr no-tests CFLAGS='-g -O2'
make -s -j"$(nproc)" build_generated
make -s -j"$(nproc)" libcrypto.so
cp -L libcrypto.so "$dir/base.so"
sed -i 's/^struct bio_st {/& long news;/' crypto/bio/bio_local.h
sed -i 's/^struct bignum_st {/& long news;/' crypto/bn/bn_local.h
rm -f crypto/bio/*shlib*.o crypto/bn/*shlib*.o
make -s -j"$(nproc)" libcrypto.so
cp -L libcrypto.so "$dir/changed.so"
rm -rf "$dir/src"
