# SPDX-License-Identifier: GPL-3.0-or-later
# Calls as etrace counted them, by functions.
# in:  names, then the addresses of symbols, OBJECT<TAB>what nm says, then records
# out: OBJECT CALLER OBJECT CALLEE CALLS INSTRUCTIONS
BEGIN { FS = OFS = "\t" }

# The function that begins there, or of that name.
function of(object, entry, name)
{
	if ((object, entry) in at)
		name = at[object, entry]
	return object OFS (((object, name) in known) ? known[object, name] : name)
}

FILENAME ~ /names$/ { known[$1, $2] = $3; next }
FILENAME ~ /symbols$/ {
	split($2, nm, " ")
	if (nm[2] !~ /^[tTwWiu]$/)
		next
	sub(/^0+/, "", nm[1])
	sub(/@.*/, "", nm[3])
	sub(/\.cold(\.[0-9]+)?$/, "", nm[3])
	at[$1, nm[1]] = nm[3]
	next
}
$1 == "C" {
	from = of($2, $3, $4)
	into = of($8, $9, $10)
	if (from == into && from ~ /\t-$/)
		next
	arc = from OFS into
	calls[arc] += $11
	sum[arc] += $13
}

END {
	for (arc in calls)
		print arc, calls[arc], sum[arc]
}
