# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced: writes a cpio archive in the format "newc", entry by entry, which Linux takes as its initramfs
# (Documentation/driver-api/early-userspace/buffer-format.rst of Linux).

newc_inode=0
newc_pad() { head -c $(((4 - $1 % 4) % 4)) /dev/zero; }

# entry NAME MODE [FILE [MAJOR MINOR]]: of FILE's content, if it is not empty; TRAILER!!! is the last.
entry() {
	newc_size=0
	[ -z "$3" ] || newc_size=$(wc -c <"$3")
	newc_inode=$((newc_inode + 1))
	printf '070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\0' \
		$newc_inode $((0$2)) 0 0 1 0 "$newc_size" 0 0 "${4:-0}" "${5:-0}" $((${#1} + 1)) 0 "$1"
	newc_pad $((110 + ${#1} + 1))
	[ -z "$3" ] || cat "$3"
	newc_pad "$newc_size"
}
