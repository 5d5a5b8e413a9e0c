#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Holds our counts against gcov's: a table, and each disagreement by its cause.
#
# Each program is built with gcov's counters at -O0, which is the truth, and without them at each
# level.  All are run in QEMU; what is not instrumented is traced.
#
#   ISAS="aarch64 riscv64" LEVELS="-O0 -O2" PROGRAMS="stb json" JOBS=2 test/truth/truth.sh
set -o pipefail
cd "$(dirname "$0")/../.." || exit 3
top=$PWD
here=$top/test/truth
work=${WORK:-$top/build/truth}
PATH=${ETRACE_BIN:-$top/bin}:$PATH
plugin=${ETRACE_PLUGIN:-$top/bin/etrace-plugin.so}
export LC_ALL=C

PROGRAMS=${PROGRAMS:-sample sample++ stb uthash cov json fmt}
ISAS=${ISAS:-x86_64 aarch64 arm thumb riscv64 mips s390x}
LEVELS=${LEVELS:--O0 -Og -O2 -Os lto}
JOBS=${JOBS:-$(nproc)}

die() {
	echo "truth: $*" >&2
	exit 1
}

# program NAME: its language, sources, the headers that packages have of it, flags and arguments.
program() {
	local cxx="-std=c++17 -include $here/instances.h"
	lang=gcc sources=$here/$1.c headers= flags=-w args=
	case $1 in
	sample) ;;
	sample++) lang=g++ sources=$here/sample.cc flags+=" $cxx" ;;
	stb) headers=stb flags+=' -lm' ;;
	uthash) headers='uthash.h utlist.h utarray.h utstring.h utstack.h utringbuffer.h' ;;
	cov)	# etrace-cov itself
		sources="$top/src/etrace-cov/*.c $top/src/common/*.c" args=$top/test/golden/aa64-smp-O2.sym
		flags+=" -std=gnu11 -D_GNU_SOURCE -DETRACE_VERSION=\"0\" -I$top/src/common"
		;;
	json) lang=g++ sources=$here/json.cc headers=nlohmann flags+=" $cxx" ;;
	fmt) lang=g++ sources="$here/fmt.cc $here/fmt-b.cc" headers=fmt flags+=" $cxx -DFMT_HEADER_ONLY" ;;
	*) die "there is no program $1" ;;
	esac
}

# isa NAME: the compiler's prefix and flags, and QEMU.  One of them builds position-independent
# programs with shared libraries, the others link all.
isa() {
	prefix=$1-linux-gnu- mach=-static qemu=qemu-$1
	case $1 in
	x86_64) mach='-fPIE -pie' ;;
	arm) prefix=arm-linux-gnueabihf- mach+=' -marm' ;;
	thumb) prefix=arm-linux-gnueabihf- mach+=' -mthumb' qemu=qemu-arm ;;
	aarch64 | riscv64 | mips | s390x) ;;
	*) die "there is no ISA $1" ;;
	esac
}

level() {
	case $1 in
	lto) optimise='-O2 -flto' ;;
	-O*) optimise=$1 ;;
	*) die "there is no level $1" ;;
	esac
}

# build DIR FLAGS...: DIR/prog, unless it was built so from what there is.
build() {
	local dir=$1 command
	shift
	command="$prefix$lang -g $* $mach -I$work/include -o prog $sources $flags"
	if [ "$(cat "$dir/command" 2>/dev/null)" != "$command" ] ||
		[ -n "$(find $sources $work/include/stamp -newer "$dir/prog" 2>&1)" ]; then
		rm -rf "$dir"
		mkdir -p "$dir"
		(cd "$dir" && $command) >"$dir/log" 2>&1 || die "cannot build: see $dir/log"
		echo "$command" >"$dir/command"
	fi
}

# truth DIR: what gcov says of the run of DIR/prog, in DIR/truth.
truth() {
	(
		cd "$1" || exit
		rm -f ./*.gcda
		timeout 120 $qemu ./prog $args >out 2>err </dev/null || die "$1/prog failed: see $1/err"
		"${prefix}gcov" -t -a ./*.gcda >gcov 2>log || die "gcov failed: see $1/log"
		awk -f "$here/path.awk" -f "$here/gcov.awk" gcov >truth
		[ -s truth ] || die "gcov says nothing: see $1/gcov"
		{ "${prefix}gcov-dump" -l ./*.gcno && "${prefix}gcov-dump" -l ./*.gcda; } >dump 2>log || die "gcov-dump failed: see $1/log"
		awk -f "$here/path.awk" -f "$here/graph.awk" dump >graph
	)
}

# ours DIR TRUTH-DIR: what the trace of DIR/prog says, in DIR/ours.
ours() {
	(
		cd "$1" || exit
		timeout 120 $qemu -plugin "$plugin,out=trace,mode=count" ./prog $args >out 2>err </dev/null ||
			die "$1/prog failed: see $1/err"
		cmp -s out "$2/out" || die "$1/prog and $2/prog wrote different things to out"
		etrace-cat trace | etrace-sym prog | etrace-cov >cov 2>log || die "see $1/log"
		etrace-fmt lcov cov >info 2>log || die "see $1/log"
		awk -f "$here/path.awk" -f "$here/ours.awk" cov info >ours
	)
}

# pair PROGRAM ISA: all levels of one program.
pair() {
	local dir=$work/$1/$2
	program "$1"
	isa "$2"
	build "$dir/gcov" -O0 --coverage
	truth "$dir/gcov" || exit
	for l in $LEVELS; do
		level "$l"
		build "$dir/$l" "$optimise"
		ours "$dir/$l" "$dir/gcov" || exit
		awk -v what="$1 $2 $l" -f "$here/compare.awk" "$dir/gcov/graph" "$dir/$l/ours" "$dir/gcov/truth" >"$dir/$l/result" || exit
	done
}

if [ "$1" = pair ]; then
	pair "$2" "$3"
	exit
fi

mkdir -p "$work/include" || exit 3
for p in $PROGRAMS; do
	program "$p"
	for h in $headers; do
		[ -e "/usr/include/$h" ] || die "no /usr/include/$h: make truth installs the packages of test/truth/packages.txt"
		[ -e "$work/include/$h" ] || ln -s "/usr/include/$h" "$work/include" || exit 3
	done
done
[ -e "$work/include/stamp" ] || touch "$work/include/stamp"

export PROGRAMS ISAS LEVELS WORK
for p in $PROGRAMS; do for i in $ISAS; do echo "$p $i"; done; done |
	xargs -P "$JOBS" -L 1 "$here/truth.sh" pair
status=$?
for p in $PROGRAMS; do for i in $ISAS; do for l in $LEVELS; do
	[ -f "$work/$p/$i/$l/result" ] && cat "$work/$p/$i/$l/result"
done; done; done >"$work/results"
awk -f "$here/table.awk" "$work/results"
[ "$status" -eq 0 ]
