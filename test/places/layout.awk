# SPDX-License-Identifier: GPL-3.0-or-later
# Where sections with code of object files are, if all that are loaded follow each other from 0 on, each aligned.
# in:  what readelf -SW prints of the files
# out: file	section	address	size, both decimal
#
# Those of one byte are left out: Linux fills them with veneers of its own (.plt of arm64), which are in no file.
BEGIN { OFS = "\t" }
function hex(s,    n, i) {
	for (i = 1; i <= length(s); i++)
		n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
	return n + 0
}
/^File: / { file = $2; sub(/.*\//, "", file); end = 0; next }
sub(/^ *\[ *[0-9]+\] /, "") && $2 ~ /^[A-Z]/ && $7 ~ /A/ {
	align = $NF > 1 ? $NF : 1
	end = int((end + align - 1) / align) * align
	if ($7 ~ /X/ && hex($5) > 1)
		print file, $1, end, hex($5)
	end += hex($5)
}
