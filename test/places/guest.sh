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
#     programs/ and programs.initramfs  small programs, linked in several ways; runs them (init.programs)
# What is there already is not made again.  Needs no root, and nothing is installed.
set -e
umask 022
here=$(cd "$(dirname "$0")" && pwd)
arch=$1
. "$here/../debian.sh"
. "$here/../newc.sh"
dir=${here%/*/*}/build/places/$arch

case $arch in
arm64) cross=aarch64-linux-gnu- loader=ld-linux-aarch64.so.1 ;;
amd64) cross=x86_64-linux-gnu- loader=ld-linux-x86-64.so.2 ;;
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
	) >busybox.log 2>&1 </dev/null ||
		{ tail busybox.log >&2; say "cannot build busybox; see $PWD/busybox.log"; exit 1; }
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

# initramfs NAME: busybox, init.NAME, and what NAME_files adds.
initramfs() {
	printf busybox >link
	${cross}strip -o stripped busybox
	{
		for d in bin dev proc sys mnt; do
			entry $d 40755
		done
		entry dev/console 20600 "" 5 1
		entry bin/busybox 100755 stripped
		for applet in sh mount umount echo grep cat ls tr insmod rmmod poweroff dd mkdir cp cmp rm sync \
			ip ping brctl tunctl mkdosfs mke2fs mkswap swapon swapoff; do
			entry bin/$applet 120777 link
		done
		entry init 100755 "$here/init.$1"
		"$1_files"
		entry 'TRAILER!!!' 0
	} >initramfs.part
	mv initramfs.part "$1.initramfs"
	rm -f link stripped marked
}

boot_files() { :; }

modules_files() {
	needs >needs
	awk -f "$here/expand.awk" needs "$here/modules.plan" >plan
	entry plan 100644 plan
	entry ko 40755
	for m in $(sed -n 's/^load \([^ ]*\).*/\1/p' plan | sort -u); do
		entry "ko/$m.ko" 100644 "loaded/$m.ko"
	done
	entry mark 40755
	for i in $(seq "$(wc -l <plan)"); do
		mark "$i" >marked
		entry "mark/$i" 100755 marked
	done
}

# The C library and its loader are where user-mode QEMU finds them with -L programs, too.
programs_files() {
	mkdir -p programs/lib
	cp "$(${cross}gcc -print-file-name=libc.so.6)" programs/lib
	cp "$(readlink -f "$(${cross}gcc -print-file-name="$loader")")" programs/lib/ld.so
	entry lib 40755
	entry lib/libc.so.6 100755 programs/lib/libc.so.6
	entry lib/ld.so 100755 programs/lib/ld.so
	for source in "$here"/programs/*.c; do
		name=$(basename "$source" .c)
		case $name in
		pie) how='-fPIE -pie -Wl,--dynamic-linker=/lib/ld.so' ;;
		static-pie) how='-fPIE -static-pie' ;;
		*) how='-fno-pie -no-pie -static' ;;
		esac
		${cross}gcc -g -O0 $how -o "programs/$name" "$source"
		entry "bin/$name" 100755 "programs/$name"
	done
	entry commands 100644 "$here/programs/commands"
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
newer modules.initramfs "$here/init.modules" "$here/modules.plan" "$here/expand.awk" || initramfs modules
newer programs.initramfs "$here/init.programs" "$here"/programs/* || initramfs programs
