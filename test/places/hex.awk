# SPDX-License-Identifier: GPL-3.0-or-later
# Hexadecimal addresses as numbers that awk, whose numbers are doubles, has exactly.
# Those of the kernel's half, 2^64 - 2^52 and above, become negative ones.
BEGIN { CONVFMT = OFMT = "%.17g" }	# some awks would round them where they are subscripts

function num(hex,    n, i) {
	if (hex == "0")
		return 0
	if (length(hex) == 16) {
		if (substr(hex, 1, 3) != "fff") {
			print "hex.awk: " hex ": in neither half of the address space" >"/dev/stderr"
			exit 3
		}
		hex = substr(hex, 4)
		n = -4503599627370496
	}
	if (hex in num_of)
		return n + num_of[hex]
	num_key = hex
	num_sum = 0
	for (i = 1; i <= length(hex); i++)
		num_sum = num_sum * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
	num_of[num_key] = num_sum
	return n + num_sum
}
