# SPDX-License-Identifier: GPL-3.0-or-later
# Loads, uses and unloads modules, as modules.plan says; etrace-sym is given all modules of that kernel.  No section may
# be found where the guest did not say it was.
#
# wrong are A records.  Then, of the sections that ran, by how many of their blocks did, how many were found.  Then
# blocks: right; bad, placed elsewhere; none, not placed.  executed% is how much of all executions of modules was placed
# right.

heading() { row arch QEMU blocks wrong 50+ 20-49 10-19 3-9 1-2 right bad none executed%; }
row() { printf '%-6s %-8s %8s %6s %8s %8s %8s %8s %8s %7s %6s %6s %10s\n' "$@"; }

check() {
	$here/boot.sh "$qemu" "$arch" modules "$base" count || exit
	filters "$base" $dir/vmlinux $dir/busybox $dir/ko/*.ko
	rm "$base.cov"
	readelf -SW $dir/ko/*.ko | awk -f $here/layout.awk >"$base.layout"
	awk -f $here/truth.awk "$base.serial" >"$base.truth" || die "$base: see above"
	awk -f $here/hex.awk -f $here/modules.awk "$base".{layout,truth,placed,trace} >"$base.judged"
	row "$arch" "$version" $(awk -F '\t' '
		$1 == "record" { wrong++ }
		$1 == "section" {
			c = $6 >= 50 ? 1 : $6 >= 20 ? 2 : $6 >= 10 ? 3 : $6 >= 3 ? 4 : 5
			ran[c]++
			found[c] += $7 > 0
			blocks += $6
			right += $7
			bad += $8
			none += $9
			executions += $10
			placed += $11
		}
		END {
			printf "%d %d", blocks, wrong
			for (c = 1; c <= 5; c++)
				printf " %d/%d", found[c], ran[c]
			printf " %d %d %d %.4f\n", right, bad, none, executions ? 100 * placed / executions : 0
		}' "$base.judged")
	! grep -q '^record' "$base.judged" || status=1
}
