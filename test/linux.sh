#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches what a traced boot of Linux needs, and prints where it is: Debian's arm64 cloud kernel, the
# vmlinux of it, and an initramfs that says so when it has come to a shell, and powers off.
#
# All is kept under build/linux, apt's lists too.  Needs no root, and nothing of arm64 is installed.
set -e
umask 022
test=$(cd "$(dirname "$0")" && pwd)
arch=arm64
. "$test/debian.sh"
. "$test/newc.sh"
dir=${test%/*}/build/linux
mkdir -p "$dir"
cd "$dir"

done_already() { [ -s Image ] && [ -s vmlinux ] && [ -s initramfs ]; }

initramfs() {
	cat >init <<-'END'
		#!/bin/busybox sh
		echo init
		/bin/busybox sh -c 'echo shell; ls /bin >/dev/null'
		/bin/busybox poweroff -f
	END
	printf busybox >link
	{
		entry bin 40755
		entry bin/busybox 100755 busybox
		entry bin/ls 120777 link
		entry dev 40755
		entry dev/console 20600 "" 5 1
		entry init 100755 init
		entry 'TRAILER!!!' 0
	} >initramfs.part
	mv initramfs.part initramfs
	rm init link busybox
}

if ! done_already; then
	update
	kernel=$(newest_kernel)
	package "$kernel"
	unpack "$kernel" 'boot/vmlinuz-*' Image
	forget "$kernel"
	package busybox-static
	unpack busybox-static bin/busybox busybox
	forget busybox-static
	initramfs
	package "$kernel-dbg"
	unpack "$kernel-dbg" 'usr/lib/debug/boot/vmlinux-*' vmlinux
	forget "$kernel-dbg"
fi
printf '%s\n' "$dir/Image" "$dir/vmlinux" "$dir/initramfs"
