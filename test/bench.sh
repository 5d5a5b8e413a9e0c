#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures the filters on a trace, RUNS times each (5), in turns, and prints medians beside what bounds
# them in the same run; then peak memory, and cost against length.  make bench calls it.
#
#     test/bench.sh [RUNS]
#
# The trace is of etrace-sym itself, under qemu-user; with BENCH=linux, of a boot of Linux to a shell
# (test/linux.sh fetches that), and then the table in README is written anew.  Peak memory takes GNU
# time, if it is there.
export LC_ALL=C
top=$(cd "$(dirname "$0")/.." && pwd)
bin=${ETRACE_BIN:-$top/bin}
runs=${1:-5}
[[ $runs =~ ^[1-9][0-9]*$ ]] || { echo "usage: bench.sh [RUNS]" >&2; exit 2; }
dir=$top/build/bench
mkdir -p "$dir" && cd "$dir" || exit 3
PATH=$bin:$PATH
export ETRACE_CACHE=$dir/cache
set -o pipefail

die() { echo "bench.sh: $*" >&2; exit 1; }

linux() {
	local files image initramfs
	files=$("$top/test/linux.sh") || exit
	{ read -r image; read -r elf; read -r initramfs; } <<<"$files"
	what="Linux, to a shell and power-off"
	[ -e boot.etrace ] || qemu-system-aarch64 -M virt -cpu cortex-a57 -m 512 -nodefaults -nographic \
		-serial stdio -no-reboot -kernel "$image" -initrd "$initramfs" \
		-append 'console=ttyAMA0 nokaslr panic=-1' -plugin "$bin/etrace-plugin.so,out=boot.etrace" \
		</dev/null >boot.serial 2>&1 || die "QEMU failed; see $dir/boot.serial"
	trace=boot.etrace
}

small() {
	elf=$bin/etrace-sym what="etrace-sym, which reads itself"
	"qemu-$(uname -m)" -plugin "$bin/etrace-plugin.so,out=small.etrace" "$elf" -n "$elf" \
		>/dev/null || die "qemu-$(uname -m) failed"
	trace=small.etrace
}

if [ "$BENCH" = linux ]; then linux; else small; fi

# What is measured: a name and a command line.
names=() commands=()
add() { names+=("$1"); commands+=("$2"); }
add read 'cat $trace | cat >/dev/null'
add cat 'etrace-cat $trace >/dev/null'
add wc 'wc -l <records >/dev/null'
add mawk 'mawk "{ n += \$7 } END { print n }" <records >/dev/null'
add fold 'etrace-cat -c $trace >/dev/null'
add start 'etrace-sym -e $elf <few >/dev/null'
add sym 'etrace-cat $trace | etrace-sym -e $elf >/dev/null'
add map 'etrace-sym -nK $elf >/dev/null'
add map-kept 'etrace-sym -n $elf >/dev/null'
add map-lcov 'etrace-sym -nK $elf | etrace-cov | etrace-fmt -o map.info lcov'
add lcov 'etrace-cat $trace | etrace-sym -K $elf | etrace-cov | etrace-fmt -o all.info lcov'
add lcov-c 'etrace-cat -c $trace | etrace-sym -K $elf | etrace-cov | etrace-fmt -o fold.info lcov'
add kept 'etrace-cat -c $trace | etrace-sym $elf | etrace-cov | etrace-fmt -o kept.info lcov'

# seconds COMMAND: into $s
seconds() {
	local t=$EPOCHREALTIME
	eval "$1" || die "failed: $1"
	s=$(awk -v a="$t" -v b=$EPOCHREALTIME 'BEGIN { print b - a }')
}

etrace-cat "$trace" >records || die "the trace is bad"
# The whole of the blocks, each once: what etrace-sym learns of the ELF file before it is fast.
etrace-cat -c "$trace" >few
etrace-sym -n "$elf" | grep -c '^[FL]' >rows || die "the ELF file is bad"
n=$(awk -F'\t' '$1 == "E" { n += $7 } END { printf "%.0f", n }' few)
r=$(grep -c ^E records)

rm -f times
for ((i = 0; i < runs; i++)); do
	for ((j = 0; j < ${#names[@]}; j++)); do
		k=$(((i + j) % ${#names[@]}))
		seconds "${commands[k]}"
		echo "${names[k]} $s" >>times
	done
done
rm -f records
cmp <(sort all.info) <(sort fold.info) || die "-c gives another report"
cmp <(sort kept.info) <(sort fold.info) || die "a map that was kept gives another report"

# peak PROGRAM COMMAND: the most memory, in MB, that PROGRAM had in COMMAND
peak() {
	local time memory
	time=$(type -P time) || { echo -; return; }
	memory=$(eval "${2//| $1 /| $time -o peak -f %M $1 }" >/dev/null && tail -n 1 peak)
	echo $((memory / 1000))
}

{
	echo "$(date -u +%F), $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) processors"
	echo "$what: $n blocks ran, $r records; the map has $(<rows) records"
	echo "the trace has $(($(stat -c %s "$trace") / 1000)) kB"
	echo
	sort -k 1,1 -k 2,2n times | awk -v n="$n" '
		function row(what, s, goal, unit) {
			printf "%-58s %7.2f s", what, s
			if (unit)
				printf " %6.0f M/s, goal %s", n / s / 1e6, goal
			else if (goal)
				printf "             goal %s s", goal
			print ""
		}
		{ t[$1, ++k[$1]] = $2 }
		END {
			for (v in k)
				m[v] = (t[v, int((k[v] + 1) / 2)] + t[v, int(k[v] / 2) + 1]) / 2
			row("cat TRACE | cat", m["read"])
			row("etrace-cat, to text", m["cat"], 190, 1)
			row("  wc -l of that text", m["wc"])
			row("  mawk, a sum of one column of it", m["mawk"])
			row("etrace-cat -c", m["fold"], 500, 1)
			row("etrace-cat | etrace-sym -e, beyond its start", m["sym"] - m["start"], 45, 1)
			row("  its start: all blocks, each once", m["start"])
			row("whole pipeline to lcov, beyond the map", m["lcov"] - m["map-lcov"], 20, 1)
			row("  the map alone to lcov", m["map-lcov"])
			row("whole pipeline to lcov, with etrace-cat -c", m["lcov-c"], "1.6")
			row("  the same, and the map kept from an earlier run", m["kept"], "1.0")
			row("etrace-sym -n, the map", m["map"], "2.0")
			row("  the same, kept", m["map-kept"])
		}'
	echo
	echo "peak MB                  etrace-cat etrace-cat -c etrace-sym etrace-cov etrace-fmt"
	for times in 1 5; do
		input=$(printf "$trace %.0s" $(seq $times))
		c="cat $input | etrace-cat | etrace-sym -K $elf | etrace-cov | etrace-fmt lcov"
		printf 'trace %2d times %21s %13s %10s %10s %10s\n' $times "$(peak etrace-cat "$c")" \
			"$(peak etrace-cat "cat $input | etrace-cat -c")" "$(peak etrace-sym "$c")" \
			"$(peak etrace-cov "$c")" "$(peak etrace-fmt "$c")"
	done
	echo
	echo "times the trace     to lcov    with -c"
	for times in 1 2 5 10; do
		input=$(printf "$trace %.0s" $(seq $times))
		seconds "cat $input | etrace-cat | etrace-sym -K $elf | etrace-cov | etrace-fmt lcov >/dev/null"
		a=$s
		seconds "cat $input | etrace-cat -c | etrace-sym -K $elf | etrace-cov | etrace-fmt lcov >/dev/null"
		printf '%15d %9.2f s %8.2f s\n' $times "$a" "$s"
	done
	echo
	echo "times the ELF file      map"
	for i in 1 2 3 4; do cp "$elf" copy.$i; done
	for times in 1 2 4; do
		seconds "etrace-sym -nK $(seq -f copy.%g -s ' ' $times) >/dev/null"
		printf '%18d %6.2f s\n' $times "$s"
	done
	rm copy.?
} | tee table
[ "${PIPESTATUS[0]}" = 0 ] || exit 1

[ "$BENCH" = linux ] || exit 0
awk '
	NR == FNR { table = table (NF ? "    " : "") $0 "\n"; next }
	/^Speed$/ { print; print ""; printf "%s\n", table; skip = 1; next }
	skip && /^[A-Z]/ { skip = 0 }
	!skip' table "$top/README" >readme && cp readme "$top/README"
