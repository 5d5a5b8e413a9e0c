# SPDX-License-Identifier: GPL-3.0-or-later
# Functions that have several names are one: all symbols of one address have the first of them, in the order of awk's
# comparison, and so have local ones of other files with the same name, for callgrind tells no address.
# in:  OBJECT<TAB>what nm says, a line a symbol
# out: OBJECT NAME FUNCTION
BEGIN { FS = OFS = "\t" }

function plain(name)
{
	sub(/@.*/, "", name)			# a symbol's version
	sub(/\.cold(\.[0-9]+)?$/, "", name)	# a function's other half
	return name
}

# The function that a name is known to be the same as, by itself or by others.
function root(name)
{
	while (same[name] != name)
		name = same[name]
	return name
}

function join(a, b)
{
	a = root(a)
	b = root(b)
	if (b < a)
		same[a] = b
	else
		same[b] = a
}

{
	split($2, nm, " ")
	if (nm[2] !~ /^[tTwWiu]$/)
		next
	name = $1 OFS plain(nm[3])
	if (!(name in same))
		same[name] = name
	# A half that was moved away begins where no function does.
	if (nm[3] ~ /\.cold(\.[0-9]+)?(@.*)?$/)
		next
	at = $1 OFS nm[1]
	if (at in first)
		join(first[at], name)
	first[at] = name
}

END {
	for (name in same) {
		f = root(name)
		print name, substr(f, index(f, OFS) + 1)
	}
}
