#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures what tracing costs: boots Linux to a shell and power-off under the stock QEMU, untraced and
# with the plugin, RUNS times each (5), in turns, and prints wall times beside the goals.
#
#     test/bench-linux.sh [RUNS]
#
# exec-floor and count-floor are a plugin that does nothing but what any must (test/floor.c): what
# they cost is QEMU's own.  pipeline is from QEMU's start to the report, by mode=count; live is that by
# mode=exec and etrace-cat -c, and live-tail its part after QEMU's end.
#
# Fetches the guest first (test/linux.sh).  The serial output of each variant's last boot is left in
# build/linux/VARIANT.serial, and what QEMU, plugin and filters said in VARIANT.err.
export LC_ALL=C ETRACE_CACHE=
top=$(cd "$(dirname "$0")/.." && pwd)
bin=${ETRACE_BIN:-$top/bin}
runs=${1:-5}
[[ $runs =~ ^[1-9][0-9]*$ ]] || { echo "usage: bench-linux.sh [RUNS]" >&2; exit 2; }
files=$("$top/test/linux.sh") || exit
{ read -r image; read -r vmlinux; read -r initramfs; } <<<"$files"
cd "${image%/*}" || exit 3
out=bench.etrace lcov=bench.info sock=bench.sock
trap 'rm -f $out $lcov $sock floor.so' EXIT
trap 'exit 130' INT TERM

die() { echo "bench-linux.sh: $*" >&2; exit 1; }

cc -O2 -shared -fPIC -fvisibility=hidden -o floor.so "$top/test/floor.c" || die "no test/floor.c"

# boot VARIANT [PLUGIN-OPTIONS [PLUGIN]]
boot() {
	local plugin=()
	[ -z "$2" ] || plugin=(-plugin "${3:-$bin/etrace-plugin.so},$2")
	qemu-system-aarch64 -M virt -cpu cortex-a57 -m 512 -accel tcg,thread=single \
		-nodefaults -nographic -serial stdio -no-reboot \
		-kernel "$image" -initrd "$initramfs" -append 'console=ttyAMA0 nokaslr panic=-1' \
		"${plugin[@]}" </dev/null >"$1.serial" 2>"$1.err" || die "$1: QEMU failed; see $PWD/$1.err"
	grep -q '^shell' "$1.serial" || die "$1: no shell; see $PWD/$1.serial"
}

# pipeline VARIANT MODE [CAT-OPTION]: as etrace-run has it, the guest has the right of way.  The report
# is there when the filters are done, not when QEMU is.
pipeline() {
	(
		set -o pipefail
		"$bin/etrace-cat" $3 "unix:$sock" | nice -n 19 "$bin/etrace-sym" "$vmlinux" |
			nice -n 19 "$bin/etrace-cov" | "$bin/etrace-fmt" -o "$lcov" lcov
	) 2>"$1.filters" &
	boot "$1" "out=unix:$sock,mode=$2"
	end=$EPOCHREALTIME
	wait $! || die "$1: a filter failed; see $PWD/$1.filters"
	cat "$1.filters" >>"$1.err"
	rm "$1.filters"
	grep -q '^SF:' "$lcov" || die "$1: the report is empty"
}

variant() {
	case $1 in
	untraced) boot "$1" ;;
	exec-null) boot "$1" out=/dev/null,mode=exec ;;
	count-null) boot "$1" out=/dev/null,mode=count ;;
	exec-floor) boot "$1" mode=exec "$PWD/floor.so" ;;
	count-floor) boot "$1" mode=count "$PWD/floor.so" ;;
	exec-file) boot "$1" "out=$out,mode=exec" ;;
	pipeline) pipeline "$1" count ;;
	live)
		pipeline "$1" exec -c
		echo "live-tail $end $EPOCHREALTIME" >>bench.times
		;;
	reading) "$bin/etrace-sym" -nK "$vmlinux" >/dev/null 2>reading.err || die "etrace-sym failed; see $PWD/reading.err" ;;
	esac
}

# The first boot is not measured: it brings all to memory, and counts the blocks.
boot count "out=$out,mode=count"
blocks=$("$bin/etrace-cat" $out | awk -F'\t' '$1 == "E" { n++; ran += $7 } END { printf "%d blocks, %d executions", n, ran }')

# Each round begins with another one: what ran before decides what memory and caches are like.
variants=(untraced exec-null exec-floor count-null count-floor exec-file pipeline live reading)
rm -f bench.times
for ((i = 0; i < runs; i++)); do
	for ((j = 0; j < ${#variants[@]}; j++)); do
		v=${variants[(i + j) % ${#variants[@]}]}
		rm -f $out $lcov
		t=$EPOCHREALTIME
		variant "$v"
		echo "$v $t $EPOCHREALTIME" >>bench.times
		[ "$v" != exec-file ] || size=$(stat -c %s $out)
	done
done

echo "$(qemu-system-aarch64 --version | head -n 1); $(nproc) processors, load $(cut -d' ' -f1-3 /proc/loadavg)"
echo "$(sed -n 's/.*\(Linux version [^ ]*\).*/\1/p' untraced.serial): $blocks; trace of mode=exec: $((size / 1000000)) MB; $runs runs"
echo
awk '{ print $1, $3 - $2 }' bench.times | sort -k 1,1 -k 2,2n | awk -v order="${variants[*]} live-tail" '
	function verdict(what, x, goal) {
		printf "%-62s %5.2f, goal %.2f: %s\n", what, x, goal, x <= goal ? "met" : "MISSED"
	}
	{ t[$1, ++n[$1]] = $2 }
	END {
		printf "%-12s %8s %8s %8s %8s\n", "seconds", "median", "min", "max", "ratio"
		for (i = 1; i <= split(order, o, " "); i++) {
			v = o[i]
			k = n[v]
			m[v] = (t[v, int((k + 1) / 2)] + t[v, int(k / 2) + 1]) / 2
			printf "%-12s %8.2f %8.2f %8.2f %8.2f\n", v, m[v], t[v, 1], t[v, k], m[v] / m["untraced"]
		}
		print ""
		verdict("mode=exec to /dev/null / untraced", m["exec-null"] / m["untraced"], 1.2)
		verdict("mode=count to /dev/null / untraced", m["count-null"] / m["untraced"], 1.05)
		verdict("mode=exec to /dev/null / the floor", m["exec-null"] / m["exec-floor"], 1.1)
		verdict("mode=count to /dev/null / the floor", m["count-null"] / m["count-floor"], 1.1)
		verdict("(boot and lcov report - reading vmlinux) / untraced", (m["pipeline"] - m["reading"]) / m["untraced"], 1.1)
		verdict("mode=exec to a file / untraced", m["exec-file"] / m["untraced"], 1.4)
		verdict("live mode=exec, until QEMU ends / untraced", (m["live"] - m["live-tail"]) / m["untraced"], 1.5)
		verdict("live mode=exec, from then to the report, seconds", m["live-tail"], 2)
	}'
for f in *.err; do
	[ ! -s "$f" ] || { echo; echo "$f:"; cat "$f"; }
done
