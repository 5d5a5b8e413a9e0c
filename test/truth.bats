# SPDX-License-Identifier: GPL-3.0-or-later
# Our counts beside gcov's: a small part of what make truth does.
load lib

HOST=$(uname -m)

# truth PROGRAM ISA: compares at -O0 and -O2; ./results is what truth.sh found.
truth() {
	run --separate-stderr env WORK="$BATS_TEST_TMPDIR" PROGRAMS="$1" ISAS="$2" LEVELS="-O0 -O2" JOBS=2 \
		"$TOP/test/truth/truth.sh"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	cd "$BATS_TEST_TMPDIR"
}

# column N LEVEL: of the summaries.  3 is lines of both, 4 equal ones, 5 those alike in hit or miss.
column() { awk -F'\t' -v n="$1" -v l="$2\$" '$1 == "S" && $2 ~ l { sum += $n } END { print sum + 0 }' results; }

@test "C: at -O0 every line of both has gcov's count, at -O2 one in twenty at the most differs in hit or miss" {
	[ "$HOST" = aarch64 ] || other=aarch64
	truth sample "$HOST $other"
	[ "$(column 3 -O0)" -ge 71 ]
	[ "$(column 4 -O0)" -eq "$(column 3 -O0)" ]
	[ "$(($(column 5 -O2) * 20))" -ge "$(($(column 3 -O2) * 19))" ]
}

@test "C++: at -O0 every line has gcov's count, but where gcov counts a line again after destructors" {
	truth sample++ "$HOST"
	[ "$(column 3 -O0)" -ge 80 ]
	[ "$(column 5 -O0)" -eq "$(column 3 -O0)" ]
	[ "$(column 4 -O0)" -ge "$(($(column 3 -O0) - 2))" ]
	run ! grep -P '^D\t.* -O0\t(?!gcov-again)' results
	[ "$(($(column 5 -O2) * 20))" -ge "$(($(column 3 -O2) * 19))" ]
}
