#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes machines/*.elf and their traces again: machines.c for each machine, by Debian's gcc-12-*, run by QEMU 7.2.
cd "$(dirname "$0")" || exit 3
plugin=../../../bin/etrace-plugin.so
mkdir -p machines

# machine NAME QEMU COMPILER FLAGS...
machine() {
	local out=machines/$1
	"$3" "${@:4}" -w -g -ffreestanding -fno-delete-null-pointer-checks -fno-toplevel-reorder -nostdlib -static \
		-fno-asynchronous-unwind-tables -Wl,-e,start,-z,max-page-size=8192 \
		-Wl,--build-id=none -o "$out.elf" machines.c || exit
	# Its writer may outlive QEMU, which dies of the fault.
	{ "qemu-$2" -plugin "$plugin,out=fd:9" "$out.elf" 9>&1 >/dev/null | cat >"$out.etrace"; } 2>/dev/null
	zstd -qf --rm -19 "$out.etrace"
}

arm=arm-linux-gnueabihf-gcc
machine x86_64 x86_64 x86_64-linux-gnu-gcc-12 -O2 -no-pie
machine i386 i386 i686-linux-gnu-gcc-12 -O2 -fno-pie -no-pie
machine aarch64 aarch64 aarch64-linux-gnu-gcc-12 -O2
machine arm arm $arm -O2 -marm -march=armv7-a -mfloat-abi=soft
machine armv4-O1 arm $arm -O1 -marm -march=armv4 -mfloat-abi=soft	# popne {r4, pc}; mov lr, pc
machine armv4 arm $arm -O2 -marm -march=armv4 -mfloat-abi=soft		# movle pc, lr
machine armv5 arm $arm -O2 -marm -march=armv5t -mfloat-abi=soft		# bxle lr
machine thumb arm $arm -O2 -mthumb -march=armv7-a -mfloat-abi=soft
machine thumb1 arm $arm -O2 -mthumb -march=armv5t -mfloat-abi=soft
machine riscv64 riscv64 riscv64-linux-gnu-gcc-12 -O2
machine mips mips mips-linux-gnu-gcc-12 -O2 -mno-abicalls -fno-pic
machine mipsel mipsel mipsel-linux-gnu-gcc-12 -O2 -mno-abicalls -fno-pic
machine ppc ppc powerpc-linux-gnu-gcc-12 -O2
machine ppc64 ppc64 powerpc64-linux-gnu-gcc-12 -O2
machine ppc64le ppc64le powerpc64le-linux-gnu-gcc-12 -O2
machine s390x s390x s390x-linux-gnu-gcc-12 -O2
machine sparc64 sparc64 sparc64-linux-gnu-gcc-12 -O2
machine sparc64-O0 sparc64 sparc64-linux-gnu-gcc-12 -O0
machine sh4 sh4 sh4-linux-gnu-gcc-12 -O2
machine m68k m68k m68k-linux-gnu-gcc-12 -O2
machine alpha alpha alpha-linux-gnu-gcc-12 -O2
