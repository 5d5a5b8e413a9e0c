# SPDX-License-Identifier: GPL-3.0-or-later
# Calls as callgrind counted them, by functions.
# in:  names and symbols, as records.awk has them, then what valgrind --tool=callgrind --compress-strings=no
#      --compress-pos=no --demangle=no --separate-recs=1 wrote
# out: OBJECT CALLER OBJECT CALLEE CALLS INSTRUCTIONS
BEGIN { FS = OFS = "\t" }

function base(path)
{
	sub(/.*\//, "", path)
	return path
}

function half(name) { return name ~ /\.cold(\.[0-9]+)?$/ }

function of(object, name)
{
	sub(/@.*/, "", name)
	sub(/\.cold(\.[0-9]+)?$/, "", name)
	# What has no size in the symbol table has an address for its name, and none of an object may be the program's.
	if (object == "???" && ("prog", substr(name, 3)) in at)
		object = "prog"
	if (name ~ /^0x/ && (object, substr(name, 3)) in at)
		name = at[object, substr(name, 3)]
	# What has no name at all is one function an object.
	if (name ~ /^0x/ && object != "???")
		name = "-"
	return object OFS (((object, name) in known) ? known[object, name] : name)
}

FILENAME ~ /names$/ { known[$1, $2] = $3; next }
FILENAME ~ /symbols$/ {
	split($2, nm, " ")
	if (nm[2] ~ /^[tTwWiu]$/)
		at[$1, nm[1]] = nm[3]
	next
}
/^ob=/ { object = base(substr($0, 4)); next }
/^fn=/ { fn = substr($0, 4); next }
/^cob=/ { to = base(substr($0, 5)); next }
/^cfn=/ { callee = substr($0, 5); next }
/^calls=/ {
	split(substr($0, 7), c, " ")
	getline
	split($0, cost, " ")
	from = of(object, fn)
	into = of(to == "" ? object : to, callee)
	to = ""
	# To the other half of a function and back is no call, nor is one in what has no name.
	if (from == into && (half(fn) || half(callee) || from ~ /\t-$/))
		next
	calls[from, into] += c[1]
	sum[from, into] += cost[2]
}

# A stub of a section that valgrind does not know, ".plt.got", is of no object: what it calls, it is called for.
function through_stubs(arc, a, stub)
{
	for (arc in calls) {
		split(arc, a, SUBSEP)
		if (a[1] ~ /^\?\?\?/) {
			target[a[1]] = a[2]
			own[a[1]] -= sum[arc]
		}
		if (a[2] ~ /^\?\?\?/) {
			own[a[2]] += sum[arc]
			n[a[2]] += calls[arc]
		}
	}
	for (arc in calls) {
		split(arc, a, SUBSEP)
		stub = a[2]
		if (!(stub in target))
			continue
		into = a[1] SUBSEP target[stub]
		more_calls[into] += calls[arc]
		more_sum[into] += sum[arc] - own[stub] / n[stub] * calls[arc]
	}
	for (arc in calls) {
		split(arc, a, SUBSEP)
		if (a[1] in target || a[2] in target)
			delete calls[arc]
	}
	for (arc in more_calls) {
		calls[arc] += more_calls[arc]
		sum[arc] += more_sum[arc]
	}
}

END {
	through_stubs()
	for (arc in calls) {
		split(arc, a, SUBSEP)
		print a[1], a[2], calls[arc], sum[arc]
	}
}
