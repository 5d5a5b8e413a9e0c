#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Counts a program by the plugin of Debian 12's QEMU and by the exec logs of the QEMUs of test/qemus.sh: the same for
# every line.  Prints a table; build/exec-log keeps what differs.
# in:  test/exec-log/check.sh trixie
# out: aarch64   -O2   49 lines   trixie 10.0.13 equal
cd "$(dirname "$0")/../.." || exit 3
PATH=$PWD/bin:$PATH
releases=${*:-bookworm trixie trixie-backports}
qemus=$(test/qemus.sh bookworm $releases | sort -u) || exit 3
dir=build/exec-log
mkdir -p "$dir"
status=0

# counts ELF, of a trace: the L and F records of the program, without their times.
counts() {
	etrace-cat -c | etrace-sym "$1" | etrace-cov |
		awk -F'\t' '$1 == "L" { NF = 6; print } $1 == "F" && /prog[.]c/ { NF = 7; print }'
}

# row MACHINE COMPILER LEVEL
row() {
	local elf=$dir/prog.$1$3 release q line
	$2 -g "$3" -static -o "$elf" test/exec-log/prog.c || return
	build/qemu/bookworm/bin/qemu-"$1" -plugin "$PWD/bin/etrace-plugin.so,out=$elf.etrace,mode=count" "$elf" \
		>"$elf.out" || return
	counts "$elf" <"$elf.etrace" >"$elf.plugin" || return
	line=$(printf '%-9s %s  %3d lines' "$1" "$3" "$(grep -c ^L "$elf.plugin")")
	for release in $releases; do
		q=build/qemu/$release/bin/qemu-$1
		"$q" -d exec,nochain -D "$elf.log" "$elf" | cmp - "$elf.out" || return
		counts "$elf" <"$elf.log" >"$elf.$release" || return
		rm "$elf.log"
		line+="   $release $(printf '%s\n' "$qemus" | awk -v p="/$release/bin/qemu-$1" 'index($3, p) { print $2 }')"
		if cmp -s "$elf.plugin" "$elf.$release"; then line+=" equal"; else line+=" DIFFERS" status=1; fi
	done
	echo "$line"
}

for level in -O0 -O1 -O2 -O3 -Os; do
	row x86_64 gcc $level || exit 1
	row aarch64 aarch64-linux-gnu-gcc $level || exit 1
	row riscv64 riscv64-linux-gnu-gcc $level || exit 1
done
exit $status
