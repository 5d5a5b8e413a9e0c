#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Boots a guest of guest.sh with the plugin, until it powers off:
#     test/places/boot.sh QEMU-BIN ARCH GUEST NAME [MODE [APPEND]]
# in:  test/places/boot.sh build/qemu/bookworm/bin arm64 modules build/places/m exec
# out: build/places/m.etrace, and m.serial: what the guest said; m.err: what QEMU and the plugin did
#
# Fails if the guest did not come to its end, or if something failed in it.
export LC_ALL=C
top=$(cd "$(dirname "$0")/../.." && pwd)
bin=${ETRACE_BIN:-$top/bin}
qemu=$1 arch=$2 guest=$3 name=$4 mode=${5:-count} append=$6

die() { echo "boot.sh: $name: $*" >&2; exit 1; }

case $arch in
arm64) machine=(qemu-system-aarch64 -M virt -cpu cortex-a57) console=ttyAMA0 ;;
amd64) machine=(qemu-system-x86_64 -M q35 -cpu max) console=ttyS0 ;;
*) die "$arch: no such guest" ;;
esac
case $guest in
uboot) files=(-bios "$top/build/places/$arch/u-boot.bin") begin='^U-Boot' end='^poweroff' ;;
*)
	files=(-kernel "$top/build/places/$arch/vmlinuz" -initrd "$top/build/places/$arch/$guest.initramfs"
		-append "console=$console panic=-1 $append")
	begin='^truth begins' end='^truth ends'
	;;
esac
ulimit -f 4000000
timeout "${BOOT_TIMEOUT:-300}" nice "$qemu/${machine[0]}" "${machine[@]:1}" -m 512 -accel tcg,thread=single \
	-nodefaults -nographic -serial stdio -no-reboot "${files[@]}" \
	-plugin "$bin/etrace-plugin.so,out=$name.etrace,mode=$mode" </dev/null >"$name.serial.part" 2>"$name.err" ||
	die "QEMU ended with status $?; see $name.err and $name.serial.part"
tr -d '\r' <"$name.serial.part" | sed -n "/$begin/,\$p" >"$name.serial"
rm "$name.serial.part"
grep -q "$end" "$name.serial" || die "the guest did not come to its end; see $name.serial"
! grep -qx failed "$name.serial" || die "something failed in the guest; see $name.serial"
