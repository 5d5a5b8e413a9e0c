#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs test files (all, or those named) and closes with "N passed, N failed, N skipped".
cd "$(dirname "$0")/.." || exit 3
[ $# -gt 0 ] || set -- test/*.bats
mkdir -p build
BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-120} bats --print-output-on-failure --formatter tap "$@" >build/check.tap 2>&1
status=$?
grep -v '^ok\|^1\.\.' build/check.tap
ok=$(grep -c '^ok' build/check.tap)
skip=$(grep -c '^ok.*# skip' build/check.tap)
bad=$(grep -c '^not ok' build/check.tap)
echo "$((ok - skip)) passed, $bad failed, $skip skipped"
[ "$status" -eq 0 ] && [ "$ok" -gt 0 ]
