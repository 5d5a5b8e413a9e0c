#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The main job, live: a firmware in a QEMU for a machine, and its unit tests in a QEMU for one program.
# Neither is instrumented.  Coverage of each and of both, as a table and as HTML.
set -e
cd "$(dirname "$0")/.."
PATH=$PWD/bin:$PATH
src=test/data/demo
out=build/demo
rm -rf $out
mkdir -p $out

run() { echo "$ $*"; eval "$*"; echo; }

# QEMU's name for this machine's processor, where it is not the kernel's.
case $(uname -m) in
i?86) host=i386 ;;
arm*) host=arm ;;
*) host=$(uname -m) ;;
esac

# lines_hit NAME: "file lines hit" for each file of a tracefile.
lines_hit() { sed -n 's/^SF:.*\///p; s/^LF://p; s/^LH://p' "$out/$1.info" | paste -d ' ' - - - | sort; }

run "aarch64-linux-gnu-gcc -g -ffreestanding -nostdlib -static -mgeneral-regs-only -mstrict-align \\
      -Wl,-Ttext=0x40200000 -o $out/node \\
      $src/start.S $src/node.c $src/ring.c $src/crc.c $src/uart.c"
run "etrace-run -f cov -o $out/node.cov -- \\
      qemu-system-aarch64 -M virt -cpu cortex-a53 -nodefaults -display none -serial stdio \\
      -kernel $out/node <$src/session.txt"
run "cc -g -o $out/unit $src/unit.c $src/ring.c $src/crc.c"
run "etrace-run -f cov -o $out/unit.cov -- qemu-$host $out/unit"
for i in node unit; do
	run "etrace-fmt -s \"\$PWD\" -o $out/$i.info lcov $out/$i.cov"
done
run "etrace-fmt -s \"\$PWD\" -o $out/both.info lcov $out/node.cov $out/unit.cov"
run "genhtml -q -o $out/html $out/both.info"

for i in node unit both; do lines_hit $i | sed "s/^/$i /"; done | awk '
	{ hit[$1, $2] = $4 }
	$1 == "both" { lines[$2] = $3 }
	END {
		printf "%-16s %6s %6s %6s %6s %8s\n", "file", "lines", "node", "unit", "both", "coverage"
		for (f in lines)
			printf "%-16s %6d %6s %6s %6d %7.1f%%\n", f, lines[f], ("node", f) in hit ? hit["node", f] : "-",
				("unit", f) in hit ? hit["unit", f] : "-", hit["both", f], 100 * hit["both", f] / lines[f] | "sort"
	}'
echo
echo "Report: $PWD/$out/html/index.html"
