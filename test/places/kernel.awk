# SPDX-License-Identifier: GPL-3.0-or-later
# Holds places of vmlinux that etrace-sym found against where the guest said that its kernel is.
#     awk -f hex.awk -f kernel.awk -v stext=HEX -v tramp=HEX -v tramp_page=N serial placed
# stext: _stext as linked; serial: what the guest said; placed: etrace-sym's A records.
# out: virtual	yes
#      physical	yes
#      wrong	the A record
#
# /proc/iomem's "Kernel code" begins at _stext.  KPTI of arm64 maps the code at __entry_tramp_text_start, TRAMP as
# linked, at a fixed address too: FIX_ENTRY_TRAMP_TEXT1 pages, which is TRAMP_PAGE, below FIXADDR_TOP, which is 32 MiB
# below VMEMMAP_START (Linux 6.1, arch/arm64/include/asm/fixmap.h and memory.h; 48-bit addresses, pages of 4 KiB).
BEGIN { FS = "[\t ]+"; OFS = "\t" }
FNR == 1 { part++ }
part == 1 && $3 == "_stext" { virtual = num($1) - num(stext) }
part == 1 && /Kernel code/ { sub(/-.*/, "", $2); physical = num($2) - num(stext) }
part == 2 && $1 == "A" && $2 == "vmlinux" {
	bias = num($3) - num($5)
	if (bias == virtual)
		seen["virtual"]
	else if (bias == physical)
		seen["physical"]
	else if (!tramp || num(tramp) + bias != num("fffffbfffe000000") - tramp_page * 4096)
		print "wrong", $0
}
END {
	print "virtual", "virtual" in seen ? "yes" : "no"
	print "physical", "physical" in seen ? "yes" : "no"
}
