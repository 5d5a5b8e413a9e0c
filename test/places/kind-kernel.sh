# SPDX-License-Identifier: GPL-3.0-or-later
# Boots Debian's kernel with KASLR, BOOTS times (3), and without it, NOKASLR times (3).  The kernel must be found where
# it says that it is, at its virtual and at its physical addresses, and nowhere else.
#
# lost and new are source lines that ran in each boot without KASLR and in none with it, or the other way round.  Boots
# with it have a word on their command line that means nothing, so that it is as long.  Of all executions, unexplained
# are those in no function and no line; before and unplaced those in no ELF file, before the kernel ran and after.

heading() { row arch QEMU boots virtual physical wrong lines lost new unexplained before% unplaced%; }
row() { printf '%-6s %-8s %5s %8s %9s %6s %7s %5s %5s %12s %9s %9s\n' "$@"; }

symbol() { nm $dir/vmlinux | awk -v name="$1" '$3 == name { print $1 }'; }

# The page of arm64's trampoline, from the DWARF.
tramp_page() {
	[ "$arch" = arm64 ] || return
	readelf --debug-dump=info $dir/vmlinux 2>/dev/null |
		awk '/: FIX_ENTRY_TRAMP_TEXT1$/ { getline; print $NF; exit }'
}

# boot NAME APPEND: makes NAME.lines, those that ran, and NAME.unplaced.
boot() {
	$here/boot.sh "$qemu" "$arch" boot "$1" count "$2" || exit
	filters "$1" $dir/vmlinux $dir/busybox
	awk -F '\t' '$1 == "L" && $7 > 0 { print $2 ":" $3 }' "$1.cov" | sort -u >"$1.lines"
	echo "$(unexplained "$1") $(awk -f $here/unplaced.awk "$1.placed" "$1.trace")" >"$1.unplaced"
	rm "$1.cov" "$1.trace"
}

judge() {
	awk -f $here/hex.awk -f $here/kernel.awk -v stext="$stext" -v tramp="$tramp" -v tramp_page="$tramp_page" \
		"$1.serial" "$1.placed" >"$1.judged"
	grep -q -e '^wrong' -e 'no$' "$1.judged" || rm "$1.etrace" "$1.placed"
}

# Lines that ran in each boot of one kind, of REFS and BOOTS, and in none of the other.
compare() {
	awk -v refs="$1" -v boots="$2" '
		FILENAME ~ /-nokaslr-/ { fixed[$0]++; next }
		{ moved[$0]++ }
		END {
			for (l in fixed) if (fixed[l] == refs && !(l in moved)) print "lost", l
			for (l in moved) if (moved[l] == boots && !(l in fixed)) print "new", l
		}' "$base"-nokaslr-*.lines "$base"-kaslr-*.lines | sort
}

judged() { cat "$base"-kaslr-*.judged | grep -c "$@"; }

check() {
	local refs=${NOKASLR:-3} boots=${BOOTS:-3} i stext tramp tramp_page lost all before after
	stext=$(symbol _stext) tramp=$(symbol __entry_tramp_text_start) tramp_page=$(tramp_page)
	for ((i = 1; i <= refs; i++)); do
		boot "$base-nokaslr-$i" nokaslr
		rm "$base-nokaslr-$i".{etrace,placed}
	done
	for ((i = 1; i <= boots; i++)); do
		boot "$base-kaslr-$i" nokaslR
		judge "$base-kaslr-$i"
	done
	compare "$refs" "$boots" >"$base.lines"
	read -r lost all before after < <(awk '
		{ lost += $1; all += $2; before += $3; after += $4 }
		END { printf "%.0f %.0f %.0f %.0f\n", lost, all, before, after }' "$base"-kaslr-*.unplaced)
	row "$arch" "$version" "$boots" "$(judged '^virtual.yes')" "$(judged '^physical.yes')" "$(judged ^wrong)" \
		"$(wc -l <"$base-kaslr-1.lines")" "$(grep -c ^lost "$base.lines")" "$(grep -c ^new "$base.lines")" \
		"$(percent "$lost" "$all")" "$(percent "$before" "$all")" "$(percent "$after" "$all")"
	[ "$(judged -e ^wrong -e 'no$')" = 0 ] || status=1
}
