# SPDX-License-Identifier: GPL-3.0-or-later
# Calls that two sides counted, of what is called from roots down, and each difference with its cause.
#
# What a function and all below it cost differs where a function below it differs in its own cost, or in its calls; so
# causes are those of functions and of calls, and a cost above them has theirs.
#
# in:  -v what=PROGRAM.BUILD -v roots='main start_thread', causes, calls of theirs, calls of ours
# out: S WHAT ARCS EQUAL-IN-CALLS EQUAL-IN-COST EXPLAINED
#      D WHAT CAUSE CALLER CALLEE CALLS OURS	an arc whose calls differ
#      F WHAT CAUSE FUNCTION COST OURS		a function whose own cost differs
#      C WHAT CAUSE CALLER CALLEE COST OURS	an arc whose cost differs, and its calls do not
BEGIN { FS = OFS = "\t" }

FILENAME ~ /causes$/ {
	if ($0 !~ /^(#|$)/) {
		n++
		where[n] = $1
		from[n] = $2
		into[n] = $3
		cause[n] = $4
	}
	next
}
FILENAME != last { side++; last = FILENAME }
{
	arc = $1 OFS $2 OFS $3 OFS $4
	f = $1 OFS $2
	g = $3 OFS $4
	arcs[arc]
	calls[side, arc] = $5
	cost[side, arc] = $6
	own[side, f] -= $6
	own[side, g] += $6
	called[side, g]
	callees[f] = callees[f] "\n" g
	below[$2] = below[$2] "\n" f
	below[$4] = below[$4] "\n" g
}

# Marks all that is called from f.
function reach(f, list, i, k)
{
	if (f in reached)
		return
	reached[f]
	k = split(callees[f], list, "\n")
	for (i = 2; i <= k; i++)
		reach(list[i])
}

function name(f) { return substr(f, index(f, OFS) + 1) }

function why(caller, callee, i)
{
	for (i = 1; i <= n; i++)
		if (what ~ "^(" where[i] ")$" && caller ~ "^(" from[i] ")$" && callee ~ "^(" into[i] ")$")
			return cause[i]
	return "?"
}

# The causes of what differs from f down: the first that is known, "?" if one is not, "" for none.
function causes_below(f, list, i, k, c, result)
{
	if (f in seen)
		return ""
	seen[f]
	result = differs[f]
	k = split(callees[f], list, "\n")
	for (i = 2; i <= k && result != "?"; i++)
		if ((c = causes_below(list[i])) != "" && (result == "" || c == "?"))
			result = c
	return result
}

END {
	k = split(roots, list, " ")
	for (i = 1; i <= k; i++) {
		m = split(below[list[i]], roots_of, "\n")
		for (j = 2; j <= m; j++)
			reach(roots_of[j])
	}
	for (f in reached) {
		if (!((1, f) in called) || !((2, f) in called) || own[1, f] == own[2, f])
			continue
		differs[f] = why("-", name(f))
		print "F", what, differs[f], name(f), own[1, f], own[2, f] | "sort"
	}
	for (arc in arcs) {
		split(arc, a, OFS)
		f = a[1] OFS a[2]
		if (!(f in reached) || calls[1, arc] + 0 == calls[2, arc] + 0)
			continue
		c = why(a[2], a[4])
		if (differs[f] != "?")
			differs[f] = c
		print "D", what, c, a[2], a[4], calls[1, arc] + 0, calls[2, arc] + 0 | "sort"
		explained += c != "?"
	}
	for (arc in arcs) {
		split(arc, a, OFS)
		if (!((a[1] OFS a[2]) in reached))
			continue
		total++
		if (calls[1, arc] + 0 != calls[2, arc] + 0)
			continue
		equal++
		if (cost[1, arc] + 0 == cost[2, arc] + 0) {
			both++
			continue
		}
		split("", seen)
		if ((c = causes_below(a[3] OFS a[4])) == "")
			c = why(a[2], a[4])	# the same in sum
		explained += c != "?"
		print "C", what, c, a[2], a[4], cost[1, arc] + 0, cost[2, arc] + 0 | "sort"
	}
	close("sort")
	print "S", what, total + 0, equal + 0, both + 0, explained + 0
}
