#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures etrace-run -m exec -f lcov, without -b and with it, and etrace-run -f callgrind, beside the same plugin that writes to
# /dev/null, QEMU alone, and valgrind's callgrind: RUNS times each (3), in turns; medians.
#
#     test/bench-run.sh [RUNS [ELF]]
#
# loop is 275 million blocks, two or three of them again and again; map is etrace-cov, which counts the map of ELF
# (default etrace-sym itself), a thousand million blocks where that is a vmlinux.
export LC_ALL=C
top=$(cd "$(dirname "$0")/.." && pwd)
bin=${ETRACE_BIN:-$top/bin}
runs=${1:-3}
[[ $runs =~ ^[1-9][0-9]*$ ]] || { echo "usage: bench-run.sh [RUNS [ELF]]" >&2; exit 2; }
elf=$(realpath -- "${2:-$bin/etrace-sym}")
dir=$top/build/bench
mkdir -p "$dir" && cd "$dir" || exit 3
export ETRACE_CACHE=$dir/cache
qemu=qemu-$(uname -m) plugin=$bin/etrace-plugin.so

die() { echo "bench-run.sh: $*" >&2; exit 1; }

cat >loop.c <<'END'
int main(void)
{
	unsigned long most = 0;

	for (unsigned long n = 1; n < 1400000; n++) {
		unsigned long steps = 0;

		for (unsigned long x = n; x != 1; steps++)
			x = x & 1 ? 3 * x + 1 : x / 2;
		most = steps > most ? steps : most;
	}
	return most == 0;
}
END
gcc -O1 -g -static -o loop loop.c || die "no loop"
"$bin/etrace-sym" -n "$elf" >map.in || die "no map of $elf"
gcc -O2 -g -static -std=gnu11 -D_GNU_SOURCE -DETRACE_VERSION='"bench"' -I"$top/src/common" -o cov \
	"$top"/src/etrace-cov/*.c "$top"/src/common/*.c || die "no static etrace-cov"
loop=(./loop) map=(./cov map.in)

measure() {
	local -n command=$2
	case $1 in
	alone) "$qemu" "${command[@]}" ;;
	null) "$qemu" -plugin "$plugin,out=/dev/null,mode=exec" "${command[@]}" ;;
	run) "$bin/etrace-run" -m exec -f lcov -o run.info -e "${command[0]}" -- "$qemu" "${command[@]}" ;;
	branches) "$bin/etrace-run" -b -f lcov -o run.info -e "${command[0]}" -- "$qemu" "${command[@]}" ;;
	calls) "$bin/etrace-run" -f callgrind -o run.calls -e "${command[0]}" -- "$qemu" "${command[@]}" ;;
	callgrind) valgrind -q --tool=callgrind --callgrind-out-file=run.callgrind "${command[@]}" ;;
	esac >/dev/null || die "$1 $2 failed"
}

rm -f run.times
for ((i = 0; i < runs; i++)); do
	for what in loop map; do
		for how in alone null run branches calls callgrind; do
			t=$EPOCHREALTIME
			measure $how $what
			echo "$what $how $t $EPOCHREALTIME" >>run.times
		done
	done
done
awk '{ print $1, $2, $4 - $3 }' run.times | sort -k 1,2 -k 3,3n | awk '
	{ t[$1, $2, ++n[$1, $2]] = $3 }
	function median(what, how,    k) {
		k = n[what, how]
		return (t[what, how, int((k + 1) / 2)] + t[what, how, int(k / 2) + 1]) / 2
	}
	END {
		print "seconds, and how many times the time to /dev/null (goal 1.5, with -b 2) or of callgrind (goal 1)"
		print "        alone  /dev/null    -f lcov          -f lcov -b       -f callgrind     callgrind"
		for (i = split("loop map", w, " "); i; i--) {
			null = median(w[i], "null")
			run = median(w[i], "run")
			b = median(w[i], "branches")
			calls = median(w[i], "calls")
			valgrind = median(w[i], "callgrind")
			printf "%-5s %7.2f %10.2f %10.2f %5.2f %10.2f %5.2f %10.2f %5.2f %13.2f\n", w[i], median(w[i], "alone"),
			       null, run, run / null, b, b / null, calls, calls / valgrind, valgrind
		}
	}'
