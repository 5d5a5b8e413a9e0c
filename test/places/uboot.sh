#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds U-Boot from Debian's source for QEMU's arm64 machine, with debug information: build/places/arm64/u-boot.bin and
# u-boot, its ELF file.  It starts, copies itself to the end of the memory, says where that is (bdinfo), and powers off.
# What is there already is not made again.
set -e
umask 022
here=$(cd "$(dirname "$0")" && pwd)
arch=arm64
. "$here/../debian.sh"
dir=${here%/*/*}/build/places/arm64
mkdir -p "$dir"
cd "$dir"
[ ! -s u-boot ] || [ ! -s u-boot.bin ] || exit 0

build() {
	export CROSS_COMPILE=aarch64-linux-gnu-
	make qemu_arm64_defconfig
	scripts/config --set-val BOOTDELAY 0 --set-str BOOTCOMMAND 'bdinfo; poweroff'
	make olddefconfig
	make -j2 u-boot.bin
}

update
source_package u-boot u-boot.src
say "building u-boot"
(cd u-boot.src && build) >u-boot.log 2>&1 </dev/null ||
	{ tail u-boot.log >&2; say "cannot build u-boot; see $PWD/u-boot.log"; exit 1; }
mv u-boot.src/u-boot.bin u-boot.src/u-boot .
rm -r u-boot.src
