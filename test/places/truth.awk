# SPDX-License-Identifier: GPL-3.0-or-later
# Makes of a guest's console what it says of its modules: which section was where, from which step on, and up to
# which (- for the end).
# in:  step 3 load dummy
#      /sys/module/dummy/sections/.text:0xffff800001234000
# out: dummy	.text	ffff800001234000	3	17
BEGIN { OFS = "\t" }
{ sub(/\r$/, "") }
/^step / { step = $2; op = $3; module = $4; gsub(/-/, "_", module) }
op == "load" && /^\/sys\/module\// {
	split($0, f, "/")
	split(f[6], g, ":0x")
	where[module, g[1]] = g[2]
	from[module, g[1]] = step
}
op == "unload" && /^\/sys\/module\// {
	split($0, f, "/")
	split(f[6], g, ":0x")
	if (where[module, g[1]] != g[2]) {
		print "truth.awk: " $0 ": it was at " where[module, g[1]] >"/dev/stderr"
		bad = 1
	}
	print module, g[1], g[2], from[module, g[1]], step
	delete where[module, g[1]]
}
END {
	for (k in where) {
		split(k, f, SUBSEP)
		print f[1], f[2], where[k], from[k], "-"
	}
	exit bad
}
