#!/usr/bin/env bash
# judge on other machines: 32 and 64 bit, both byte orders, read on this one. Needs no root.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One source of every construct is compiled by clang for each machine, and judged against itself with other flags, against
# three changes, and against its snapshot. Machines of one data model have the same layout fingerprints: lp64; ilp32, and
# ilp32q with a long double of 16 bytes; those of x86, whose long double has 80 bits (lp64x, ilp32x); and i386, where what has 8
# bytes is aligned to 4.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$WORK" || exit 1

# Machine; linker, of LLVM, or the GNU one where LLVM's does not know the machine; data model; the other flag.
machines() {
	cat <<-'TABLE'
		x86_64-linux-gnu         lld                       lp64x    -gdwarf-4
		x86_64-linux-gnux32      lld                       ilp32x   -gdwarf-4
		i386-linux-gnu           lld                       i386     -gdwarf-2
		armv7-linux-gnueabihf    lld                       ilp32    -mthumb
		aarch64-linux-gnu        lld                       lp64     -gdwarf-4
		aarch64_be-linux-gnu     lld                       lp64     -gdwarf-3
		powerpc-linux-gnu        lld                       ilp32q   -gdwarf-4
		powerpc64-linux-gnu      powerpc64-linux-gnu-ld    lp64     -gdwarf-3
		powerpc64le-linux-gnu    lld                       lp64     -gdwarf-4
		s390x-linux-gnu          s390x-linux-gnu-ld        lp64     -gdwarf-2
		sparc64-linux-gnu        sparc64-linux-gnu-ld      lp64     -gdwarf-4
		mips-linux-gnu           lld                       ilp32    -gdwarf-3
		mipsel-linux-gnu         lld                       ilp32    -gdwarf-2
		mips64-linux-gnuabi64    lld                       lp64     -gdwarf-4
		riscv32-linux-gnu        lld                       ilp32q   -gdwarf-4
		riscv64-linux-gnu        lld                       lp64     -fdebug-types-section
	TABLE
}

cat >all.c <<'C'
typedef unsigned char u8;
typedef unsigned int u32;
enum colour { RED, GREEN = 5, BLUE = -1 };
struct bits { u32 a:3, b:7; int c:5; u8 d; unsigned long long e:33, f:20; _Bool g:1; };
union both { int i; float f; struct { short lo, hi; } half; };
struct node {
	struct node *next; union both u; enum colour colour; long n; void *p; long double ld; double d; long long ll;
	struct bits bits; int (*call)(struct node *, int); char name[7]; int tail[];
};
struct bits table = {1};
enum colour paint = GREEN;
__thread int per_thread = 3;
int walk(struct node *n, u8 narrow, ...) { return n->bits.b + narrow; }
int walk_too(struct node *n, u8 narrow, ...) __attribute__((alias("walk")));
struct bits by_value(struct bits b) { b.a++; return b; }
long double twice(long double x) { return x + x; }
static int own(struct node *n, int i) { return i + (int)n->n; }
int (*hook(void))(struct node *, int) { return own; }
int *tls(void) { return &per_thread; }
C
sed 's/b:7;/b:6;/' all.c >bit-field.c
sed 's/(struct node \*, int);/(struct node *, double);/' all.c >call.c
sed 's/GREEN = 5/GREEN = 6/' all.c >colour.c
sed 's/struct bits b)/struct bits other_name)/; s/b\.a++; return b;/other_name.a++; return other_name;/' all.c >renamed.c

# build MACHINE LINKER SOURCE [FLAG]
build() {
	local linker=$2
	[ "$linker" = lld ] || linker=/usr/bin/$linker
	quietly clang --target="$1" -g -O2 -fPIC -nostdlib -shared -fuse-ld="$linker" -Wl,-soname,liball.so.1 ${4+"$4"} -o "$3${4-}.so" "$3.c"
}

fingerprints() { "$ABIDE" inspect --snapshot "$1" | awk -F '\t' '$1 == "type" { print $2, $5 } $1 ~ /^(function|object|tls)$/ { print $2, $5 }' | sha256sum; }

declare -A LAYOUT=()
while read -r machine linker model other; do
	for source in all bit-field call colour renamed; do build "$machine" "$linker" "$source"; done
	build "$machine" "$linker" all "$other"
	check "$machine: the same with $other" "$ABIDE" judge all.so "all$other.so"
	check "$machine: the same with a renamed parameter" "$ABIDE" judge all.so renamed.so
	refuses "$machine: a narrower bit-field breaks" 4 'member-moved +member b' "$ABIDE" judge all.so bit-field.so
	refuses "$machine: another function pointer breaks" 4 'member-type +member call' "$ABIDE" judge all.so call.so
	refuses "$machine: another enumerator's value breaks" 4 'BREAKS .*enum colour' "$ABIDE" judge all.so colour.so
	"$ABIDE" inspect --snapshot all.so >all.abi
	check "$machine: the same as its snapshot" "$ABIDE" judge all.abi all.so
	is "$machine: every export has a declaration" "$("$ABIDE" inspect --json all.so | jq '[.exports[] | select(.declaration == null)] | length')" 0
	got=$(fingerprints all.so)
	is "$machine: the layout of $model" "$got" "${LAYOUT[$model]-$got}"
	LAYOUT[$model]=$got
	rm -f ./*.so all.abi
done < <(machines)
is "data models differ" "$(printf '%s\n' "${LAYOUT[@]}" | sort -u | wc -l)" "${#LAYOUT[@]}"
