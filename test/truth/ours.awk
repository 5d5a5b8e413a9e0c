# SPDX-License-Identifier: GPL-3.0-or-later
# Our counts, one line a line: of a tracefile, and of the counts that it was made from.
# in:  L<TAB>work.c<TAB>9<TAB>collatz<TAB>fw.elf<TAB>40201a04+4:29,40201a4c+12<TAB>452<TAB>6149
#      FN:5,collatz
#      DA:9,452
# out: work.c<TAB>9<TAB>452<TAB>40201a04+4:29,40201a4c+12<TAB>-
#
# The fourth column is the statements of all functions and copies, those of each behind a blank, or
# "-" if only the tracefile has the line; the fifth is F where a function begins.
BEGIN { FS = "\t" }

FNR == NR {
	if ($1 == "L") {
		k = path($2) "\t" $3
		rows[k] = k in rows ? rows[k] " " $6 : $6
	}
	next
}
/^SF:/ { file = path(substr($0, 4)); next }
/^FN:/ {
	split(substr($0, 4), fn, ",")
	begins[file, fn[1]] = 1
	next
}
/^DA:/ {
	split(substr($0, 4), da, ",")
	k = file "\t" da[1]
	print k "\t" da[2] "\t" (k in rows ? rows[k] : "-") "\t" ((file, da[1]) in begins ? "F" : "-")
}
