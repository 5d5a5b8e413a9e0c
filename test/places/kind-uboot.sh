# SPDX-License-Identifier: GPL-3.0-or-later
# Starts U-Boot, which copies itself and goes on there, up to a command and power-off.  Both places must be found,
# nothing may be unexplained, and all lines must have run as often as when both places are given.

heading() { row arch QEMU places wrong lines differ unexplained; }
row() { printf '%-6s %-8s %6s %6s %6s %6s %12s\n' "$@"; }

hit() { awk -F '\t' '$1 == "L" && $7 > 0 { print $2, $3, $4, $6, $7 }' "$1.cov" | sort; }

check() {
	local moved name lo hi linked places=0 wrong=0 differ
	[ "$arch" = arm64 ] || return
	$here/uboot.sh || exit 3
	$here/boot.sh "$qemu" "$arch" uboot "$base" || exit
	moved=$((16#$(sed -n 's/^relocaddr *= 0x//p' "$base.serial")))
	filters "$base" $dir/u-boot
	cp "$base.etrace" "$base-given.etrace"
	filters "$base-given" $dir/u-boot@0 "$dir/u-boot@$(printf %x $moved)"
	while IFS=$'\t' read -r _ name lo hi linked; do
		case $((16#$lo - 16#$linked)) in
		0 | $moved) places=$((places + 1)) ;;
		*) wrong=$((wrong + 1)) ;;
		esac
	done < <(grep '^A' "$base.placed" | sort -u)
	differ=$(diff <(hit "$base") <(hit "$base-given") | grep -c '^[<>]')
	row "$arch" "$version" $places $wrong "$(hit "$base" | wc -l)" "$differ" "$(unexplained "$base")"
	[ $places -ge 2 ] && [ $wrong = 0 ] && [ "$differ" = 0 ] && [ "$(unexplained "$base")" = 0 ] || status=1
}
