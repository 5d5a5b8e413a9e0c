#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The main job on a real trace: AArch64 firmware under QEMU, its coverage as a table and as HTML.
set -e
cd "$(dirname "$0")/.."
PATH=$PWD/bin:$PATH
out=build/demo
rm -rf $out
mkdir -p $out

run() { echo "$ $*"; eval "$*"; }

run "etrace-cat test/data/aa64-O0.etrace | etrace-sym test/data/aa64-O0.elf | etrace-cov >$out/demo.cov"
run "etrace-fmt -p test/data/src -o $out/demo.info lcov $out/demo.cov"
run "genhtml -q -o $out/html $out/demo.info"
echo
awk -F'\t' '
	$1 == "L" { n[$2 "\t" $3] += $6 }
	END {
		for (l in n) { split(l, k, "\t"); all[k[1]]++; hit[k[1]] += n[l] > 0 }
		printf "%-16s %6s %6s %8s\n", "file", "lines", "hit", "coverage"
		for (f in all) printf "%-16s %6d %6d %7.1f%%\n", f, all[f], hit[f], 100 * hit[f] / all[f] | "sort"
	}' $out/demo.cov
echo
echo "Report: $PWD/$out/html/index.html"
