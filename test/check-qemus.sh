#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the tests that are tagged qemu:COLUMN with the QEMUs of test/qemus.sh, and prints a table.
# in:  test/check-qemus.sh trixie
# out: trixie            10.0.13   pass   pass   pass      pass   pass   pass
#
# Below it are the names of the tests that failed; build/qemu/RELEASE.tap has their output.
cd "$(dirname "$0")/.." || exit 3
columns="exec count branches exact smp mmio"
qemus=$(test/qemus.sh "$@") || exit 3

# column NAME: pass, FAIL, or n/a if all of its tests were skipped.
column() {
	ETRACE_QEMU_BIN=$bin BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-120} bats --print-output-on-failure --formatter tap \
		--filter-tags "qemu:$1" $(grep -l 'test_tags=.*qemu:' test/*.bats) </dev/null >build/qemu/tap 2>&1 || :
	cat build/qemu/tap >>"build/qemu/$release.tap"
	awk '/^not ok/ { bad++ } /^ok/ { / # skip/ ? skipped++ : good++ }
		END { print bad || !(good + skipped) ? "FAIL" : good ? "pass" : "n/a" }' build/qemu/tap
}

row() { printf '%-17s %-9s %-6s %-6s %-9s %-6s %-6s %s\n' "$@"; }

row release QEMU $columns
status=0
releases=$(printf '%s\n' "$qemus" | cut -f 1 | uniq)
for release in $releases; do
	bin=$PWD/build/qemu/$release/bin
	: >"build/qemu/$release.tap"
	results=$(for c in $columns; do column "$c"; done)
	row "$release" "$(printf '%s\n' "$qemus" | awk -v r="$release" '$1 == r { print $2; exit }')" $results
	case $results in *FAIL*) status=1 ;; esac
done
for release in $releases; do
	sed -n "s/^not ok [0-9]*/$release:/p" "build/qemu/$release.tap" | sort -u
done
exit $status
