# SPDX-License-Identifier: GPL-3.0-or-later
# Calls by functions: as hooks counted them, and as etrace did, of the functions that have hooks.
# in:  what nm -n says, without labels that are no functions; hooks; records
# out: theirs, ours: "CALLER CALLEE CALLS"; a function is what nm calls its address last.  After a caller without hooks
#      comes "library".
BEGIN { FS = "\t" }

function hex(text, i, n)
{
	for (i = 1; i <= length(text); i++)
		n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return n
}

# The function that ADDR is in, "-" for none.
function of(addr, low, high, middle)
{
	low = 0
	high = n + 1
	while (high - low > 1) {
		middle = int((low + high) / 2)
		if (start[middle] <= addr)
			low = middle
		else
			high = middle
	}
	return low == 0 || addr >= last ? "-" : name[low]
}

# What is entered without a call: main, to which start-up code jumps on some machines, so that it is not what main
# returns to; handlers; and what a new context begins with.
function no_call(caller, callee)
{
	return callee == "main" || caller == "-" || caller ~ /restorer/ || callee == "task" && caller ~ /context/
}

FILENAME ~ /symbols$/ {
	split($0, nm, " ")
	addr = hex(nm[1])
	if (n == 0 || start[n] != addr)
		n++
	start[n] = addr
	name[n] = nm[3]
	if (nm[3] == "_end" || nm[3] == "end")
		last = addr
	next
}
FILENAME ~ /hooks$/ {
	split($0, h, " ")
	callee = of(hex(h[1]))
	hooked[callee]
	if (!no_call(caller = of(hex(h[2]) - 1), callee))
		theirs[caller " " callee] += h[3]
	next
}
$1 == "C" && (callee = of(hex($9))) in hooked && !no_call(caller = of(hex($3)), callee) {
	ours[caller " " callee] += $11
}

END {
	for (arc in theirs)
		print arc, theirs[arc] > "theirs"
	for (arc in ours) {
		split(arc, f, " ")
		print arc, ours[arc], f[1] in hooked ? "" : "library" > "ours"
	}
}
