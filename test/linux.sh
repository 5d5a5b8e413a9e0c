#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches what a traced boot of Linux needs, and prints where it is: Debian's arm64 cloud kernel, the
# vmlinux of it, and an initramfs that says so when it has come to a shell, and powers off.
#
# All is kept under build/linux, apt's lists too.  Needs no root, and nothing of arm64 is installed.
set -e
umask 022
dir=$(cd "$(dirname "$0")/.." && pwd)/build/linux
mkdir -p "$dir"
cd "$dir"

done_already() { [ -s Image ] && [ -s vmlinux ] && [ -s initramfs ]; }

# apt for arm64, with lists and an empty status of its own.
apt_arm64() {
	tool=$1
	shift
	"$tool" -qq -oAPT::Architecture=arm64 -oAPT::Architectures::=arm64 -oAPT::Sandbox::User= \
		-oDir::State="$dir/state" -oDir::Cache="$dir/cache" -oDir::State::status="$dir/status" "$@"
}

# The newest kernel that is there with its -dbg package.
newest() {
	apt_arm64 apt-cache search --names-only '^linux-image-6\.1\.[0-9]*-[0-9]*-cloud-arm64(-dbg)?$' |
		sed 's/ .*//; s/-dbg$//' | sort -V | uniq -d | tail -n 1
}

# package NAME: fetches it; unpack NAME PATTERN FILE: takes the one file out of it, then forgets it.
package() {
	echo "linux.sh: fetching $1" >&2
	apt_arm64 apt-get download "$1"
}
unpack() {
	dpkg-deb --fsys-tarfile "$1"_*.deb | tar -xO --wildcards "./$2" >"$3.part"
	[ -s "$3.part" ]
	mv "$3.part" "$3"
	rm "$1"_*.deb
}

# entry NAME MODE [FILE [MAJOR MINOR]]: one file of a cpio archive, in the format "newc".
ino=0
pad() { head -c $(((4 - $1 % 4) % 4)) /dev/zero; }
entry() {
	size=0
	[ -z "$3" ] || size=$(wc -c <"$3")
	ino=$((ino + 1))
	printf '070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\0' \
		$ino $((0$2)) 0 0 1 0 "$size" 0 0 "${4:-0}" "${5:-0}" $((${#1} + 1)) 0 "$1"
	pad $((110 + ${#1} + 1))
	[ -z "$3" ] || cat "$3"
	pad "$size"
}

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
	mkdir -p state/lists/partial cache/archives/partial
	: >status
	rm -f ./*.deb
	apt_arm64 apt-get update
	kernel=$(newest)
	[ "$kernel" ] || { echo "linux.sh: apt knows no linux-image-6.1.*-cloud-arm64 with its -dbg package" >&2; exit 1; }
	package "$kernel"
	unpack "$kernel" 'boot/vmlinuz-*' Image
	package busybox-static
	unpack busybox-static bin/busybox busybox
	initramfs
	package "$kernel-dbg"
	unpack "$kernel-dbg" 'usr/lib/debug/boot/vmlinux-*' vmlinux
fi
printf '%s\n' "$dir/Image" "$dir/vmlinux" "$dir/initramfs"
