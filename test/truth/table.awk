# SPDX-License-Identifier: GPL-3.0-or-later
# The table, program x ISA x level, and the number of lines by the cause of their disagreement.
# in:  what compare.awk wrote
BEGIN {
	FS = "\t"
	split("gcov-sum gcov-again gcov-part brace-end brace-jump copies loop-first jump-split no-row no-code conditional ? " \
		"inlined-away code-moved entry-shared ran-early", order, " ")
	says["gcov-sum"] = "gcov adds up all blocks of a line, as none ends in it"
	says["gcov-again"] = "gcov adds up: control came back to a line, or went round in it more than once"
	says["gcov-part"] = "gcov leaves out a block that goes on to another line"
	says["brace-end"] = "} where a function or scope ends; to gcov that is no block, or only an exception's"
	says["brace-jump"] = "} that is a jump without a row of its own"
	says["copies"] = "a function that is inlined at -O0 too: gcov takes its copies in one function for one"
	says["loop-first"] = "a function begins with a loop, and gcov counts that as its line"
	says["jump-split"] = "a jump that gcov has once is in several places"
	says["no-row"] = "a block of gcov's has no code, or no row, of its own"
	says["no-code"] = "our statement has no code, and counts where the next one begins"
	says["conditional"] = "conditional instructions instead of a branch: they pass, doing nothing"
	says["?"] = "NOT EXPLAINED"
	says["inlined-away"] = "the function's line: no inlined copy that ran has code there"
	says["code-moved"] = "the line ran, but what it did is in code of other lines"
	says["entry-shared"] = "the function's line: an inlined copy is entered where other code is"
	says["ran-early"] = "the line did not run, but code of it did: moved before a test"
	printf "%-8s %-8s %-4s %7s %7s %8s %8s %8s %8s\n", "program", "isa", "level", "both", "equal", "", "hit/miss",
		"gcov's", "ours"
}
$1 == "S" {
	split($2, w, " ")
	printf "%-8s %-8s %-4s %7d %7d %7.2f%% %7.2f%% %8d %8d\n", w[1], w[2], w[3], $3, $4, 100 * $4 / $3, 100 * $5 / $3,
		$6, $7
	level = w[3]
	if (!(level in both))
		levels[++n_levels] = level
	both[level] += $3
	equal[level] += $4
	alike[level] += $5
	by_rule[level] += $8
}
$1 == "D" { n[$3]++ }
END {
	for (i = 1; i <= n_levels; i++) {
		l = levels[i]
		printf "%-8s %-8s %-4s %7d %7d %7.2f%% %7.2f%%\n", "all", "", l, both[l], equal[l],
			100 * equal[l] / both[l], 100 * alike[l] / both[l]
	}
	if ("-O0" in both)
		printf "\nAt -O0 %.2f%% equal what gcov prints or, where that is a sum, the maximum that it has of the line's blocks\n",
			100 * by_rule["-O0"] / both["-O0"]
	print "\nLines that disagree, by cause: at -O0 in their counts, else in hit or miss"
	for (i = 1; i in order; i++)
		if (order[i] in n)
			printf "%7d  %-12s  %s\n", n[order[i]], order[i], says[order[i]]
}
