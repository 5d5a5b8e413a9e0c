# SPDX-License-Identifier: GPL-3.0-or-later
# What gcov counted from: each function's blocks and arcs, of gcov-dump -l of the notes, then of the
# data.  From the graph follows what causes a count that is not ours.
#
# in:  FUNCTION ..., BLOCKS, ARCS, LINES; COUNTERS
# out: work.c<TAB>9<TAB>452<TAB>29<TAB>452,29<TAB>1
#
# The columns: file, line; the sum over functions of the maximum over blocks that have code of the
# line; how often control came to the line from another one; the counts of these blocks; the number of functions.

# Of two arcs on each of which one is left that is not known, the flow in and out of a block gives it.
function solve(	i, j, a, b, again, n, m, sum) {
	for (i = 0; i < blocks; i++)
		known[i] = 0
	do {
		again = 0
		for (b = 0; b < blocks; b++)
			again += settle(b, succ, n_succ, b == 1) + settle(b, pred, n_pred, b == 0)
	} while (again)
}

# The block's count of its arcs on one side, and the other way round.
function settle(b, arcs, n, none,	i, a, unknown, last, sum) {
	if (none || !n[b])
		return 0
	for (i = 1; i <= n[b]; i++) {
		a = arcs[b, i]
		if (a in count)
			sum += count[a]
		else {
			unknown++
			last = a
		}
	}
	if (!unknown && !known[b]) {
		block[b] = sum + 0
		return known[b] = 1
	}
	if (unknown == 1 && known[b]) {
		count[last] = block[b] - sum
		return 1
	}
	return 0
}

# One function: NAME is its key in what was read.
function tally(f,	i, j, n, part, b, k, w, at, src, come, l) {
	split("", count); split("", block); split("", n_succ); split("", n_pred); split("", succ); split("", pred)
	blocks = n_blocks[f]
	n = n_arcs[f]
	at = 0
	for (i = 1; i <= n; i++) {
		split(arc[f, i], w, " ")
		succ[w[1], ++n_succ[w[1]]] = i
		pred[w[2], ++n_pred[w[2]]] = i
		from[i] = w[1]
		if (!w[3])
			count[i] = counter[f, at++] + 0
	}
	solve()
	split("", on)
	split("", list)
	for (i = 1; i <= n_places[f]; i++) {
		split(place[f, i], w, "\t")
		k = w[2] "\t" w[3]
		if (!((k, w[1]) in on)) {
			on[k, w[1]] = 1
			list[k] = list[k] " " w[1]
		}
	}
	for (k in list) {
		n = split(list[k], part, " ")
		l = come = 0
		for (i = 1; i <= n; i++) {
			b = part[i]
			if (block[b] > l)
				l = block[b]
			counts[k] = counts[k] (counts[k] == "" ? "" : ",") block[b]
			for (j = 1; j <= n_pred[b]; j++)
				if (!((k, from[pred[b, j]]) in on))
					come += count[pred[b, j]]
		}
		max[k] += l
		functions[k]++
		entries[k] += come
	}
}

/FUNCTION ident=/ {
	match($0, /ident=[0-9]+/)
	fn = substr($0, RSTART, RLENGTH) FILENAME2()
	if (/`/) {
		skip[fn] = /, artificial$/
		order[++n_fn] = fn
	}
	next
}
function FILENAME2() { return substr($1, 1, length($1) - 6) }
/:BLOCKS [0-9]+ blocks/ { n_blocks[fn] = $(NF - 1); next }
/:ARCS [0-9]+ arcs/ { arcs = 1; next }
arcs && match($0, /block [0-9]+: /) {
	n = split(substr($0, RSTART + RLENGTH), w, " ")
	match($0, /block [0-9]+/)
	src = substr($0, RSTART + 6, RLENGTH - 6)
	for (i = 1; i <= n; i++) {
		split(w[i], x, /[:(]/)
		arc[fn, ++n_arcs[fn]] = src " " x[1] " " (x[2] ~ /[1357]$/)
	}
	next
}
/:LINES$/ { arcs = 0; lines = 1; next }
lines && match($0, /block [0-9]+:`/) {
	b = substr($0, RSTART + 6, RLENGTH - 8)
	n = split(substr($0, RSTART + RLENGTH - 1), w, "`")
	for (i = 2; i <= n; i++) {
		j = index(w[i], "':")
		file = path(substr(w[i], 1, j - 1))
		m = split(substr(w[i], j + 2), x, ", ")
		for (j = 1; j <= m; j++)
			place[fn, ++n_places[fn]] = b "\t" file "\t" (x[j] + 0)
	}
	next
}
/:COUNTERS arcs / { n_counter = 0; next }
/^[^ ]+ +[0-9]+: [0-9 ]+$/ {
	sub(/^[^ ]+ +[0-9]+: /, "")
	m = split($0, w, " ")
	for (i = 1; i <= m; i++)
		counter[fn, n_counter++] = w[i]
}
END {
	for (i = 1; i <= n_fn; i++)
		if (!skip[order[i]])
			tally(order[i])
	for (k in max)
		print k "\t" max[k] "\t" entries[k] "\t" counts[k] "\t" functions[k]
}
