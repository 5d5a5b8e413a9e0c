# SPDX-License-Identifier: GPL-3.0-or-later
# Joins our counts and gcov's, and says of each that differs what causes it.
# in:  what graph.awk, ours.awk and gcov.awk wrote, in this order
# out: S<TAB>stb aarch64 -O2<TAB>lines of both, equal, hit or miss alike, only gcov's, only ours, equal to gcov's or to MAX
#      D<TAB>stb aarch64 -O2<TAB>cause<TAB>file:line<TAB>gcov's<TAB>ours<TAB>blocks<TAB>statements<TAB>text
#
# Of optimised code, a count that differs is a disagreement only where one of the two is 0.
#
# A statement's truth is MAX: gcov's own counts of the blocks that have code of the line, the maximum
# in each function.  gcov prints something else where it does its sum over a line (gcov.cc,
# accumulate_line_info): how often control came to the blocks that end in the line from others, and
# went round in it.

function base(p) {
	sub(/.*\//, "", p)
	return p
}

# The counts of our statements are gcov's together: code that it has once is in several places.
function split_up(rows, max,	i, n, part, sum, c) {
	gsub(" ", ",", rows)
	n = split(rows, part, ",")
	for (i = 1; i <= n; i++)
		sum += split(part[i], c, ":") == 2 ? c[2] : ours
	return sum == max
}

function cause(	most, copy) {
	most = max[k]
	if (ours == most) {
		if (ends == "-")
			return "gcov-sum"
		return gcov > ours ? "gcov-again" : "gcov-part"
	}
	if (ours < most && begins[k] == "F" && ends == "-")
		return "loop-first"
	if (ours > most && (ours == entries[k] || split(rows[k], copy, " ") > functions[k]))
		return "copies"
	if (rows[k] !~ /\+[1-9]/)
		return "no-code"
	if (text ~ /^[ \t]*}/)
		return ours < most ? "brace-jump" : "brace-end"
	if (ours < most && split_up(rows[k], most))
		return "jump-split"
	if (ours < most)
		return "no-row"
	if (ours < gcov && gcov == entries[k])
		return "gcov-again"
	return ours > most && what ~ / (arm|thumb) / ? "conditional" : "?"
}

function cause_optimised() {
	if (gcov)
		return rows[k] == "-" ? "inlined-away" : "code-moved"
	return rows[k] == "-" ? "entry-shared" : "ran-early"
}

BEGIN { FS = OFS = "\t" }
{ k = $1 SUBSEP $2 }
FILENAME ~ /graph$/ {
	max[k] = $3
	entries[k] = $4
	functions[k] = $6
	next
}
FILENAME ~ /ours$/ {
	count[k] = $3
	rows[k] = $4
	begins[k] = $5
	next
}
!(k in count) {
	only_gcov++
	next
}
{
	gcov = $3
	ours = count[k]
	ends = $4
	text = $5
	seen[k] = 1
	both++
	alike += !ours == !gcov
	equal += ours == gcov
	by_rule += ours == gcov || ours == max[k]
	if (what ~ /-O0$/ ? ours != gcov : !ours != !gcov)
		print "D", what, what ~ /-O0$/ ? cause() : cause_optimised(), base($1) ":" $2, gcov, ours, ends, rows[k], text
}
END {
	for (k in count)
		only_ours += !(k in seen)
	print "S", what, both + 0, equal + 0, alike + 0, only_gcov + 0, only_ours + 0, by_rule + 0
}
