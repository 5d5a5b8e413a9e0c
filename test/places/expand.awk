# SPDX-License-Identifier: GPL-3.0-or-later
# Puts before each load of a plan the modules that it depends on, and drops comments and what is loaded already.
# in:  name TAB dependencies TAB path, for each module; then the plan
# out: load zsmalloc
#      load zram
BEGIN { FS = "\t" }
function load(name, rest,    deps, n, i) {
	if (name in loaded)
		return
	if (!(name in needs)) {
		print "expand.awk: there is no module " name >"/dev/stderr"
		exit 1
	}
	n = split(needs[name], deps, ",")
	for (i = 1; i <= n; i++)
		load(deps[i])
	loaded[name]
	print "load " name rest
}
FNR == NR { needs[$1] = $2; next }
/^#/ || !NF { next }
{ split($0, word, " "); name = word[2] }
word[1] == "load" { load(name, substr($0, 6 + length(name))); next }
word[1] == "unload" { delete loaded[name] }
{ print }
