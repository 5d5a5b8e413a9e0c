#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Holds three records of the same run against each other: RUN packets, EXEC packets (two copies of the plugin in
# one QEMU), and QEMU's own log, -d exec,nochain.  For each CPU all blocks are to be the same, in their order.
#
#     test/roundtrip.sh        boots Linux, with one CPU, and with four at once (make roundtrip; minutes)
#     test/roundtrip.sh small  two firmwares of test/data (make check; seconds)
#
# The log has addresses and no sizes.  What it says differs from a trace in three ways, all known:
# - "Stopped execution" takes back the block before it: an interrupt came first.  Here too it is left out.  It names
#   no CPU; where several were about to run the same translation, the block is left open for each of them.
# - From QEMU 10.2 on a trace has blocks of no bytes, where an exception or an interrupt came.  They are left out.
# - From 8.2 on QEMU leaves a block before an access to a device, and logs the access as a block of its own, of
#   which no plugin is told.  The log of those is not looked at.
export LC_ALL=C
top=$(cd "$(dirname "$0")/.." && pwd)
PATH=${ETRACE_BIN:-$top/bin}:$PATH
plugin=${ETRACE_PLUGIN:-$top/bin/etrace-plugin.so}
dir=$(mktemp -d "${TMPDIR:-/tmp}/roundtrip.XXXXXX") || exit 3
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
set -o pipefail

die() { echo "roundtrip.sh: $*" >&2; exit 1; }

# blocks TRACE CPU COLUMNS: its E records, those of one block in a row as one: columns and how often.
blocks() {
	etrace-cat "$1" | awk -F'\t' -v cpu="$2" -v size="$3" '
		$1 == "E" && $2 == cpu && (size || $6) {
			block = size ? $5 "\t" $6 "\t" $8 / $7 : $5
			if (block != last) {
				if (n) print last "\t" n
				last = block
				n = 0
			}
			n += $7
		}
		END { if (n) print last "\t" n }'
}

# From the log on standard input: CPU, address, and how often in a row; or "?": once, or not at all.  What was
# stopped is known by its translation, and not by its CPU: several may be about to run the same one.
log_blocks() {
	awk '
		function flush(cpu) {
			if (n[cpu]) print cpu "\t" last[cpu] "\t" n[cpu]
			n[cpu] = 0
		}
		function put(cpu) {
			if (!(cpu in held)) return
			if (maybe[cpu] || held[cpu] != last[cpu]) flush(cpu)
			last[cpu] = held[cpu]
			if (maybe[cpu]) print cpu "\t" held[cpu] "\t?"
			else n[cpu]++
			maybe[cpu] = 0
		}
		/^Trace/ {
			cpu = $2 + 0
			split($4, f, "/")
			put(cpu)
			held[cpu] = f[2]
			host[cpu] = $3
		}
		/^Stopped execution/ {
			k = 0
			for (c in held) if (host[c] == $7) { k++; cpu = c }
			if (k == 1) { delete held[cpu]; maybe[cpu] = 0 }
			else for (c in held) if (host[c] == $7) maybe[c] = 1
		}
		END { for (cpu in host) { put(cpu); flush(cpu) } }' | sed 's/\t0*\([0-9a-f]\)/\t\1/'
}

# agree BLOCKS <LOG: whether both say the same; prints how many blocks the log left open.
agree() {
	awk -F'\t' -v run="$1" '
		function more() {
			if (!left && (getline line <run) > 0) {
				split(line, f, "\t")
				pc = f[1]
				left = f[2]
				at++
			}
			return left
		}
		function differ(why) {
			print "block " at ": the trace has " (left ? pc : "no more") ", the log " why >"/dev/stderr"
			bad = 1
			exit 1
		}
		$3 == "?" {
			open++
			if (!more() || pc != $2) next
			left--
			if (taken != $2) spare = 0
			taken = $2		# if the next one is missing, this was that one
			spare++
			next
		}
		{
			if (taken != $2) spare = 0
			for (n = $3; n; ) {
				if (more() && pc == $2) {
					k = n < left ? n : left
					left -= k
					n -= k
				} else if (spare) {
					spare--
					n--
				} else {
					differ($2)
				}
			}
		}
		END {
			if (bad) exit 1
			if (more()) differ("no more")
			print open + 0
		}'
}

# one NAME CPUS QEMU...: a run, and what it is to agree in.
one() {
	local name=$1 cpus=$2 cpu logged=yes n=0 k open=0
	shift 2
	cp "$plugin" "$dir/second.so" || exit 3
	rm -f "$dir/log"
	mkfifo "$dir/log" || exit 3
	log_blocks <"$dir/log" | zstd -q1 >"$dir/logged" &
	timeout 3000 "$@" -plugin "$plugin,out=$dir/run" -plugin "$dir/second.so,out=$dir/exec,format=etrace" \
		-d exec,nochain -D "$dir/log" </dev/null >"$dir/out" 2>&1 || die "$name: QEMU failed: $(tail -n 3 "$dir/out")"
	wait $!
	"$1" --version | awk 'NR == 1 { split($4, v, "."); exit v[1] * 100 + v[2] >= 802 }' || logged=
	for ((cpu = 0; cpu < cpus; cpu++)); do
		cmp <(blocks "$dir/run" $cpu yes) <(blocks "$dir/exec" $cpu yes) >&2 ||
			die "$name: CPU $cpu: RUN and EXEC packets differ"
		if [ -n "$logged" ]; then
			k=$(zstd -dc "$dir/logged" | awk -v cpu=$cpu '$1 == cpu' | agree <(blocks "$dir/run" $cpu)) ||
				die "$name: CPU $cpu: RUN packets and the log differ"
			open=$((open + k))
		fi
		n=$((n + $(etrace-cat -c "$dir/run" | awk -F'\t' -v cpu=$cpu '$1 == "E" && $2 == cpu { n += $7 } END { printf "%d", n }')))
		[ $n -gt 0 ] || die "$name: no block of CPU $cpu"
	done
	echo "$name: $n blocks on $cpus CPUs: RUN packets, EXEC packets${logged:+, the log ($open left open)} agree;" \
		"$(stat -c %s "$dir/run") and $(stat -c %s "$dir/exec") bytes"
}

small() {
	one aa64-O0 1 qemu-system-aarch64 -cpu cortex-a53 -M virt -nodefaults -display none -kernel "$top/test/data/aa64-O0.elf"
	one aa64-smp-O2 2 qemu-system-aarch64 -cpu cortex-a53 -M virt -nodefaults -display none -smp 2 \
		-accel tcg,thread=multi -kernel "$top/test/data/aa64-smp-O2.elf"
}

linux() {
	local files image initramfs
	files=$("$top/test/linux.sh") || exit
	{ read -r image; read -r _; read -r initramfs; } <<<"$files"
	for smp in 1,thread=single 4,thread=multi; do
		one "Linux, $smp" "${smp%,*}" qemu-system-aarch64 -M virt -cpu cortex-a57 -m 512 -smp "${smp%,*}" \
			-accel "tcg,${smp#*,}" -nodefaults -nographic -serial stdio -no-reboot -kernel "$image" \
			-initrd "$initramfs" -append 'console=ttyAMA0 nokaslr panic=-1'
	done
}

case $1 in
small) small ;;
'') linux ;;
*) echo "usage: roundtrip.sh [small]" >&2; exit 2 ;;
esac
