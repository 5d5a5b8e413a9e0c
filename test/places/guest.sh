#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes what a guest needs that boots Linux of Debian, for one architecture:
#     test/places/guest.sh arm64
# in build/places/arm64:
#     vmlinuz vmlinux   Debian's cloud kernel, and its ELF file with DWARF
#     ko/               all of its modules, with DWARF
#     busybox           Debian's source built with DWARF; the guest has it without
#     boot.initramfs    tells where the kernel is (init.boot)
#     modules.initramfs loads and unloads modules, and tells where they are (init.modules, modules.plan)
# What is there already is not made again.  Needs no root, and nothing is installed.
set -e
umask 022
here=$(cd "$(dirname "$0")" && pwd)
arch=$1
. "$here/../debian.sh"
. "$here/../newc.sh"
dir=${here%/*/*}/build/places/$arch

case $arch in
arm64) cross=aarch64-linux-gnu- ;;
amd64) cross=x86_64-linux-gnu- ;;
*) echo "usage: guest.sh arm64|amd64" >&2; exit 2 ;;
esac
mkdir -p "$dir"
cd "$dir"

# The modules as the guest loads them are in loaded/: those with DWARF are ten times as large.
kernel() {
	update
	kernel=$(newest_kernel)
	package "$kernel"
	unpack "$kernel" 'boot/vmlinuz-*' vmlinuz
	modules "$kernel" './lib/modules/*' loaded
	forget "$kernel"
	package "$kernel-dbg"
	unpack "$kernel-dbg" 'usr/lib/debug/boot/vmlinux-*' vmlinux
	modules "$kernel-dbg" './usr/lib/debug/lib/modules/*' ko
	forget "$kernel-dbg"
}

# modules PACKAGE PATTERN DIRECTORY: all .ko files of it, side by side.
modules() {
	rm -rf "$3" "$3.part"
	mkdir -p "$3.part/tree"
	dpkg-deb --fsys-tarfile "$1"_*.deb | tar -x --wildcards --no-same-owner -C "$3.part/tree" "$2.ko"
	find "$3.part/tree" -name '*.ko' -exec mv -t "$3.part" {} +
	rm -r "$3.part/tree"
	mv "$3.part" "$3"
}

# Debian has its debug information in an archive of its own, which mirrors need not have.
busybox() {
	source_package busybox busybox.src
	say "building busybox for $arch"
	cp busybox.src/debian/config/pkg/static busybox.src/.config
	(
		cd busybox.src
		yes '' | make CROSS_COMPILE=$cross oldconfig
		make -j2 CROSS_COMPILE=$cross CONFIG_EXTRA_CFLAGS=-g busybox
	) >busybox.log 2>&1 </dev/null || { tail busybox.log >&2; say "cannot build busybox; see $PWD/busybox.log"; exit 1; }
	mv busybox.src/busybox_unstripped busybox
	rm -r busybox.src
}

# What each module depends on: NAME TAB DEPENDENCY,...
needs() {
	for ko in loaded/*.ko; do
		name=${ko#loaded/}
		printf '%s\t%s\n' "${name%.ko}" "$(${cross}objcopy -O binary --only-section=.modinfo "$ko" /dev/stdout |
			tr '\0' '\n' | sed -n 's/^depends=//p')"
	done
}

# bytes HEX...
bytes() {
	for b; do
		printf "\\$(printf %o "0x$b")"
	done
}

# mark NUMBER: the ELF file of a program that calls _exit with it, which etrace-cat's T records then show.
mark() {
	case $arch in
	# movz x0, NUMBER; movz x8, 93; svc 0
	arm64) machine=b7 code="$(printf '%x %x 80 d2' $((($1 & 7) << 5)) $(($1 >> 3))) a8 b 80 d2 1 0 0 d4" ;;
	# mov $NUMBER, %edi; mov $60, %eax; syscall
	amd64) machine=3e code="bf $(printf '%x %x' $(($1 & 255)) $(($1 >> 8))) 0 0 b8 3c 0 0 0 f 5" ;;
	esac
	zeros="0 0 0 0 0 0"
	bytes 7f 45 4c 46 2 1 1 0 $zeros 0 0 2 0 $machine 0 1 0 0 0
	bytes 78 0 40 0 0 0 0 0 40 $zeros 0 $zeros 0 0 0 0 0 0 40 0 38 0 1 0 $zeros
	bytes 1 0 0 0 5 0 0 0 $zeros 0 0 0 0 40 0 0 0 0 0 0 0 40 0 0 0 0 0 84 $zeros 0 84 $zeros 0 0 10 $zeros
	bytes $code
}

# initramfs NAME [MODULE...]: busybox, init.NAME, the modules and, if there are any, the plan.
initramfs() {
	printf busybox >link
	${cross}strip -o stripped busybox
	{
		for d in bin dev proc sys mnt ko; do
			entry $d 40755
		done
		entry dev/console 20600 "" 5 1
		entry bin/busybox 100755 stripped
		for applet in sh mount umount echo grep cat ls tr insmod rmmod poweroff dd mkdir cp cmp rm sync \
			ip ping brctl tunctl mkdosfs mke2fs mkswap swapon swapoff; do
			entry bin/$applet 120777 link
		done
		entry init 100755 "$here/init.$1"
		if [ $# -gt 1 ]; then
			entry plan 100644 plan
			entry mark 40755
			for i in $(seq "$(wc -l <plan)"); do
				mark "$i" >marked
				entry "mark/$i" 100755 marked
			done
		fi
		name=$1
		shift
		for m; do
			entry "ko/$m.ko" 100644 "loaded/$m.ko"
		done
		entry 'TRAILER!!!' 0
	} >initramfs.part
	mv initramfs.part "$name.initramfs"
	rm -f link stripped marked
}

plan() {
	needs >needs
	awk -f "$here/expand.awk" needs "$here/modules.plan" >plan
}

# newer FILE OTHER...: FILE is there, and none of the others is newer.
newer() {
	made=$1
	shift
	[ -s "$made" ] || return
	for other in "$here/guest.sh" busybox "$@"; do
		! [ "$other" -nt "$made" ] || return
	done
}

[ -s vmlinux ] && [ -d ko ] || kernel
[ -s busybox ] || busybox
newer boot.initramfs "$here/init.boot" || initramfs boot
newer modules.initramfs "$here/init.modules" "$here/modules.plan" "$here/expand.awk" || {
	plan
	initramfs modules $(sed -n 's/^load \([^ ]*\).*/\1/p' plan | sort -u)
}
