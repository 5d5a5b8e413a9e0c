# SPDX-License-Identifier: GPL-3.0-or-later
# in:  results
# out: a table, its sums, and differences by their causes; fails if one has none
BEGIN {
	FS = "\t"
	row = "%-22s %7s %12s %12s %10s\n"
	printf row, "calls, by callgrind", "arcs", "equal calls", "and cost", "explained"
}
$1 == "S" {
	printf row, $2, $3, $4, $5, $6
	arcs += $3
	calls += $4
	cost += $5
	known += $6
}
$1 == "D" || $1 == "C" { n[$3]++ }
($1 == "D" || $1 == "C") && $3 == "?" { unknown = unknown "  " $0 "\n" }
END {
	printf row "\n", "all", arcs, calls, cost, known + 0
	for (c in n)
		printf "%5d  %s\n", n[c], c
	printf "%s", unknown
	exit unknown != "" || arcs == 0
}
