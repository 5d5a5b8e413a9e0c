# SPDX-License-Identifier: GPL-3.0-or-later
# How much of what ran is in no ELF file, and how much of that first ran before the kernel did: firmware, boot loader,
# the kernel's own decompressor.
#     awk -f unplaced.awk placed trace
# placed: etrace-sym's A, E and P records; trace: etrace-cat's E and T records.
# out: executions	of no file, before	of no file, after
BEGIN { FS = OFS = "\t" }
function padded(hex) { return substr("0000000000000000", length(hex) + 1) hex }
function in_kernel(address,    i) {
	for (i = 1; i <= n; i++)
		if (lo[i] <= address && address < hi[i])
			return 1
	return 0
}
FNR == 1 { part++ }
part == 1 && $1 == "A" && $2 == "vmlinux" { lo[++n] = padded($3); hi[n] = $4 == "0" ? "g" : padded($4) }
part == 1 && $1 == "E" { lost[++placed] = $4 ~ /^[:-]/ }
part == 1 && $1 == "P" { late[$2, $3, $4] }
part == 2 && $1 == "T" && !started && !(started = in_kernel(padded($4))) { early[$3, $4] }
part == 2 && $1 == "E" {
	all += $7
	if (lost[++i] && !(($4, $5, $6) in late)) {
		if (($4, $5) in early)
			before += $7
		else
			after += $7
	}
}
END { printf "%.0f\t%.0f\t%.0f\n", all, before, after }
