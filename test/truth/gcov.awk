# SPDX-License-Identifier: GPL-3.0-or-later
# What gcov -t -a says, one line a line.
# in:         12:    9:	while (n != 1) {
#             12:    9-block  0
# out: work.c<TAB>9<TAB>12<TAB>12,452<TAB>	while (n != 1) {
#
# The columns: file, line, count, the counts of the blocks that end in the line, the text.
# An instance of a template has a part of its own behind the lines of all instances together: between
# two rules, the first line being its name.  It is left out.

function flush() {
	if (line)
		print file "\t" line "\t" count "\t" (blocks == "" ? "-" : blocks) "\t" text
	line = 0
}

function number(s) {
	gsub(/[ *]/, "", s)
	return s ~ /^[#=%$]+$/ ? 0 : s
}

/^ *-: +0:Source:/ { flush(); file = path(substr($0, index($0, "Source:") + 7)); instance = 0; next }
/^ *-: +0:/ { next }
/^-+$/ { flush(); rule = 1; next }
rule { rule = 0; instance = $0 !~ /^ *(-|[0-9]+\*?|#####|=====): *[0-9]+:/ }
instance { next }
/^ *([0-9]+\*?|#+|=+|%+|\$+): *[0-9]+-block +[0-9]+/ {
	n = number(substr($0, 1, index($0, ":") - 1))
	blocks = blocks == "" ? n : blocks "," n
	next
}
/^ *([0-9]+\*?|#####|=====): *[0-9]+:/ {
	flush()
	i = index($0, ":")
	count = number(substr($0, 1, i - 1))
	rest = substr($0, i + 1)
	i = index(rest, ":")
	line = substr(rest, 1, i - 1) + 0
	text = substr(rest, i + 1)
	gsub("\t", " ", text)
	blocks = ""
	next
}
/^ *-: *[0-9]+:/ { flush() }
END { flush() }
