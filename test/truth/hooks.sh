#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Holds our counts of calls against those of gcc's -finstrument-functions, of the same run, on several machines: a
# table, and all calls that differ.
#
#   PROGRAMS="plain json" ISAS="aarch64 mips" LEVELS=-O0 JOBS=2 test/truth/hooks.sh
set -o pipefail
cd "$(dirname "$0")/../.." || exit 3
top=$PWD
here=$top/test/truth
work=${WORK:-$top/build/truth}/hooks
PATH=${ETRACE_BIN:-$top/bin}:$PATH
plugin=${ETRACE_PLUGIN:-$top/bin/etrace-plugin.so}
export LC_ALL=C

PROGRAMS=${PROGRAMS:-plain signals exceptions threads coroutines sample stb uthash fmt json}
ISAS=${ISAS:-aarch64 arm thumb riscv64 mips s390x}
LEVELS=${LEVELS:--O0}
JOBS=${JOBS:-$(nproc)}

die() {
	echo "hooks: $*" >&2
	exit 1
}

# program NAME: its sources and flags.  A function that is always inlined would have hooks, and no calls.
program() {
	flags='-w -Dalways_inline=unused -D__always_inline__=__unused__'
	case $1 in
	plain | signals | threads | coroutines) sources=$top/test/data/calls/$1.c ;;
	exceptions) sources=$top/test/data/calls/$1.cc ;;
	sample | stb | uthash) sources=$here/$1.c ;;
	json) sources=$here/json.cc flags+=' -std=c++17' ;;
	fmt) sources="$here/fmt.cc $here/fmt-b.cc" flags+=' -std=c++17 -DFMT_HEADER_ONLY' ;;
	*) die "there is no program $1" ;;
	esac
}

# isa NAME: the compiler's prefix and flags, and QEMU.
isa() {
	prefix=$1-linux-gnu- mach= qemu=qemu-$1
	case $1 in
	arm) prefix=arm-linux-gnueabihf- mach=-marm ;;
	thumb) prefix=arm-linux-gnueabihf- mach=-mthumb qemu=qemu-arm ;;
	esac
}

# Headers of packages are the same on all machines.
include() {
	local h
	mkdir -p "$work/include" || exit 3
	for h in stb uthash.h utlist.h utarray.h utstring.h utstack.h utringbuffer.h nlohmann fmt; do
		[ -e "/usr/include/$h" ] || die "no /usr/include/$h: make truth installs the packages of test/truth/packages.txt"
		ln -sfn "/usr/include/$h" "$work/include/$h" || exit 3
	done
}

# build LEVEL: prog, which counts its calls into ./hooks.
build() {
	local cc=gcc
	[[ $sources = *.c ]] || cc=g++
	[ -z "$(find $sources "$here/calls/hooks.c" "$here/hooks.sh" -newer prog 2>&1)" ] && return
	"${prefix}gcc" -w $mach -O2 -g -c -o hooks.o "$here/calls/hooks.c" &&
		$prefix$cc $mach "$1" -g $flags -finstrument-functions -I"$work/include" -static -o prog \
			$sources hooks.o -lm -pthread
}

# The counts of both, in theirs and ours.
count() {
	rm -f hooks theirs ours
	touch theirs ours
	timeout 120 $qemu -plugin "$plugin,out=trace" ./prog >out 2>err </dev/null ||
		die "$PWD/prog failed: see $PWD/err"
	# Mapping symbols and labels are no functions.
	"${prefix}nm" -n prog | awk '$2 ~ /^[tTwWiuBb]$/ && $3 !~ /^[$.]/' >symbols
	{ etrace-cat -W trace | etrace-sym -C prog | etrace-cov -Cq | sed -n '/^C/p' >records; } 2>log || die "see $PWD/log"
	awk -f "$here/calls/sites.awk" symbols hooks records
}

# What differs in ./result: "D WHAT CALLER CALLEE THEIRS OURS CAUSE"; "S WHAT CALLS EQUAL EXPLAINED".
#
# Code of a library was optimized: it may jump to a function, for which the hook sees the caller's caller.
compare() {
	awk -v OFS='\t' -v what="$1" '
		{ arc = $1 OFS $2; arcs[arc] }
		FILENAME == "theirs" { theirs[arc] = $3; sum[$2] += $3 }
		FILENAME == "ours" { ours[arc] = $3; sum[$2] -= $3; library[arc] = $4 }
		END {
			for (arc in arcs) {
				split(arc, f, OFS)
				if (ours[arc] > theirs[arc] && library[arc] != "" && !sum[f[2]])
					jumped[f[2]]
			}
			for (arc in arcs) {
				split(arc, f, OFS)
				n++
				equal += theirs[arc] + 0 == ours[arc] + 0
				if (theirs[arc] + 0 == ours[arc] + 0)
					continue
				explained += f[2] in jumped
				print "D", what, arc, theirs[arc] + 0, ours[arc] + 0,
					f[2] in jumped ? "a jump of a library" : "?"
			}
			print "S", what, n + 0, equal + 0, explained + 0
		}' theirs ours >result
}

# pair PROGRAM ISA
pair() {
	local level
	program "$1"
	isa "$2"
	for level in $LEVELS; do
		mkdir -p "$work/$1/$2/$level" && cd "$work/$1/$2/$level" || exit 3
		rm -f result
		build "$level" >log 2>&1 || die "cannot build: see $PWD/log"
		count && compare "$1 $2 $level" || exit
	done
}

if [ "$1" = pair ]; then
	pair "$2" "$3"
	exit
fi

include
export PROGRAMS ISAS LEVELS WORK
for p in $PROGRAMS; do for i in $ISAS; do echo "$p $i"; done; done | xargs -P "$JOBS" -L 1 "$here/hooks.sh" pair
status=$?
for p in $PROGRAMS; do for i in $ISAS; do for l in $LEVELS; do
	[ ! -f "$work/$p/$i/$l/result" ] || cat "$work/$p/$i/$l/result"
done; done; done >"$work/results"
awk -F '\t' '
	BEGIN { printf "%-30s %7s %7s %10s\n", "calls, by hooks of gcc", "arcs", "equal", "explained" }
	$1 == "S" { printf "%-30s %7d %7d %10d\n", $2, $3, $4, $5; n += $3; equal += $4; known += $5 }
	$1 == "D" { n_cause[$7]++ }
	$1 == "D" && $7 == "?" { unknown = unknown "  " $0 "\n" }
	END {
		printf "%-30s %7d %7d %10d\n\n", "all", n, equal, known
		for (c in n_cause)
			printf "%5d  %s\n", n_cause[c], c
		printf "%s", unknown
		exit unknown != "" || n == 0
	}' "$work/results" && [ "$status" -eq 0 ]
