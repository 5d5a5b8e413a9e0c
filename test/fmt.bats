# SPDX-License-Identifier: GPL-3.0-or-later
# etrace-fmt: each format, read back by the tools it is for, and what goes wrong.
# in:  small streams, made here
# out: lcov, cachegrind, qcov and etrace output, messages, exit statuses

bats_require_minimum_version 1.5.0

setup() {
	fmt="${ETRACE_BIN:-$BATS_TEST_DIRNAME/../bin}/etrace-fmt"
	fmt=$(realpath "$fmt")
	[ -x "$fmt" ]
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
}

# rec FIELD... writes one record.
rec() {
	local IFS=$'\t'
	printf '%s\n' "$*"
}

# A C++ program of two files, its sources, and its coverage.
program() {
	mkdir -p src
	printf '%s\n' '#include "b.h"' 'int' 'f(int a, char b)' '{' '	return a;' '}' \
		'int f(int a, long b)' '{' '	return 1;' '}' 'int main() { return f(1, (char)2); }' > src/a.cc
	printf '%s\n' 'static inline int twice(int a)' '{' '	return 2 * a;' '}' > src/b.h
	{
		printf '#etrace\t2\n'
		rec I counts exact
		rec O prog prog.elf -
		rec F src/a.cc 3 'f(int, char)' prog 1000 32 3 30
		rec F src/a.cc 7 'f(int, long)' prog 2000 32 0 0
		rec F src/a.cc 11 main prog 3000 32 1 40
		rec F src/b.h 1 twice prog 3010 8 2 5
		rec F src/b.h 1 twice prog 1010 8 4 5
		rec F - - _start prog 4000 16 1 1
		rec L src/a.cc 5 'f(int, char)' prog 1004+8,1020+4:1 3 30
		rec L src/a.cc 9 'f(int, long)' prog 2004+8 0 0
		rec L src/a.cc 11 main prog 3004+8 1 40
		rec L src/b.h 3 twice prog 3010+8 2 5
		rec L src/b.h 3 twice prog 1010+8 4 6
		rec U 5000 5008 - 7 70
	} > prog.cov
}

lcov_of_program() {
	cat <<-'END'
	TN:
	SF:src/a.cc
	FN:3,f(int; char)
	FN:7,f(int; long)
	FN:11,main
	FNDA:3,f(int; char)
	FNDA:0,f(int; long)
	FNDA:1,main
	FNF:3
	FNH:2
	DA:3,3
	DA:5,3
	DA:7,0
	DA:9,0
	DA:11,1
	LF:5
	LH:3
	end_of_record
	SF:src/b.h
	FN:1,twice
	FNDA:6,twice
	FNF:1
	FNH:1
	DA:1,6
	DA:3,6
	LF:2
	LH:2
	end_of_record
	END
}

# expect STATUS [STDERR-LINE-PATTERN]: what the last run ended with, and that it said that alone.
expect() {
	[ "$status" -eq "$1" ] || { echo "status $status, stderr: $stderr"; return 1; }
	if [ $# -eq 1 ]; then
		[ -z "$stderr" ] || { echo "stderr: $stderr"; return 1; }
	else
		[[ "$stderr" == $2 ]] || { echo "stderr: $stderr"; return 1; }
	fi
}

# ---- lcov ------------------------------------------------------------------------------------

@test "lcov: functions, lines and their totals" {
	program
	run --separate-stderr "$fmt" lcov prog.cov
	expect 0
	[ "$output" = "$(lcov_of_program)" ]
}

@test "lcov2: functions with their last lines; those of one line are one; a lambda is inside another" {
	mkdir src && printf '%s\n' {1..30} >src/a.cc
	{
		rec F src/a.cc 3 'f<int>(int, char)' prog 1000 32 0 0
		rec F src/a.cc 3 'f<long>(long, char)' prog 1100 32 4 0
		rec F src/a.cc 10 'g()' prog 2000 32 0 0
		rec F src/a.cc 12 'g()::{lambda(int)#1}::operator()(int) const' prog 2100 32 0 0
		rec F src/a.cc 20 'h()' prog 3000 32 0 0
		rec F src/a.cc 22 'i()' prog 4000 32 0 0
		rec L src/a.cc 3 'f<int>(int, char)' prog 1000+4 0 0
		rec L src/a.cc 5 'f<int>(int, char)' prog 1004+4 0 0
		rec L src/a.cc 6 'f<long>(long, char)' prog 1104+4 4 0
		rec L src/a.cc 11 'g()' prog 2000+4 0 0
		rec L src/a.cc 12 'g()::{lambda(int)#1}::operator()(int) const' prog 2100+4 0 0
		rec L src/a.cc 13 'g()' prog 2004+4 0 0
		rec L src/a.cc 15 '_GLOBAL__sub_I_x' prog 5000+4 1 0
		rec L src/a.cc 21 'h()' prog 3004+4 2 0
		rec L src/a.cc 25 'h()' prog 3008+4 2 0
		rec L src/b.h 99 'h()' prog 3008+4 2 0
	} >prog.cov
	run --separate-stderr "$fmt" lcov2 prog.cov
	expect 0
	diff - <(printf '%s\n' "$output") <<-'END'
	TN:
	SF:src/a.cc
	FNL:0,3,6
	FNA:0,0,f<int>(int, char)
	FNA:0,4,f<long>(long, char)
	FNL:1,10,13
	FNA:1,0,g()
	FNL:2,12,12
	FNA:2,0,g()::{lambda(int)#1}::operator()(int) const
	FNL:3,20,21
	FNA:3,1,h()
	FNL:4,22,22
	FNA:4,0,i()
	FNF:5
	FNH:2
	DA:3,4
	DA:5,0
	DA:6,4
	DA:10,0
	DA:11,0
	DA:12,0
	DA:13,0
	DA:15,1
	DA:20,0
	DA:21,2
	DA:22,0
	DA:25,2
	LF:12
	LH:5
	end_of_record
	SF:src/b.h
	FNF:0
	FNH:0
	DA:99,2
	LF:1
	LH:1
	end_of_record
	END
	# All else is as in the other dialect.
	diff <("$fmt" lcov prog.cov | grep -v ^FN) <("$fmt" lcov2 prog.cov | grep -v ^FN)
}

@test "lcov: the order of the records does not matter" {
	program
	tac prog.cov > back.cov
	run --separate-stderr "$fmt" lcov back.cov
	expect 0
	[ "$output" = "$(lcov_of_program)" ]
}

@test "lcov: several streams add up, and - is standard input" {
	program
	run --separate-stderr "$fmt" lcov prog.cov - < prog.cov
	expect 0
	[[ "$output" == *"DA:5,6"* ]]
	[[ "$output" == *"FNDA:12,twice"* ]]
}

@test "lcov: lcov --summary agrees" {
	command -v lcov || skip "no lcov"
	program
	"$fmt" -o prog.info lcov prog.cov
	run --separate-stderr lcov --summary prog.info
	[ "$status" -eq 0 ]
	[[ "$output" == *"71.4% (5 of 7 lines)"* ]]
	[[ "$output" == *"75.0% (3 of 4 functions)"* ]]
}

@test "lcov: genhtml reads it without ignoring errors, and shows whole C++ names" {
	command -v genhtml || skip "no genhtml"
	program
	"$fmt" -o prog.info lcov prog.cov
	run --separate-stderr genhtml -q -o html prog.info
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	run --separate-stderr grep -rhoE 'f\(int; (char|long)\)</a>' html
	[ "$status" -eq 0 ]
	[[ "$output" == *"f(int; char)</a>"* ]]
	[[ "$output" == *"f(int; long)</a>"* ]]
}

@test "lcov: one name with several first lines in a file is one function, at the lowest" {
	{ rec F x.c 20 init prog 10 4 2 0; rec F x.c 10 init prog 20 4 3 0; } > s
	run --separate-stderr "$fmt" lcov s
	expect 0
	[[ "$output" == *$'FN:10,init\nFNDA:5,init\nFNF:1\nFNH:1\nDA:10,5\nLF:1\nLH:1'* ]]
}

@test "lcov: what several objects have of a file adds up; each has branches of its own" {
	{
		rec F x.h 1 f prog 10 8 1 0
		rec F x.h 1 f lib 10 8 2 0
		rec L x.h 2 f prog 14+4 3 0
		rec L x.h 2 f lib 14+4 4 0
		rec R x.h 2 f prog 14 4 20 1 2
		rec R x.h 2 f lib 18 4 20 3 4
		rec R x.h 2 f lib 14 4 20 5 6
		rec R x.h 2 f lib 14 4 20 10 10
	} > s
	run --separate-stderr "$fmt" lcov s
	expect 0
	diff - <(grep '^FN\|^BR\|^DA' <<< "$output") <<-'END'
	FN:1,f
	FNDA:3,f
	FNF:1
	FNH:1
	BRDA:2,0,0,15
	BRDA:2,0,1,16
	BRDA:2,1,0,3
	BRDA:2,1,1,4
	BRDA:2,2,0,1
	BRDA:2,2,1,2
	BRF:6
	BRH:6
	DA:1,3
	DA:2,7
	END
	# Their numbers do not depend on the order of the records.
	tac s | "$fmt" lcov | diff - <(printf '%s\n' "$output")
}

@test "lcov: a function that nobody entered and whose lines ran did run" {
	{ rec F x.c 1 f prog 10 8 0 0; rec L x.c 2 f prog 14+4 7 0; rec F x.c 9 g prog 20 4 0 0; } > s
	run --separate-stderr "$fmt" lcov s
	expect 0
	[[ "$output" == *$'FNDA:1,f\nFNDA:0,g\nFNF:2\nFNH:1\nDA:1,0\nDA:2,7\nDA:9,0\n'* ]]
}

@test "lcov: a lambda is not hit by the lines behind it" {
	{ rec F x.c 1 f prog 10 8 1 0; rec F x.c 2 'f()::{lambda(int)#1}' prog 20 8 0 0; rec L x.c 3 f prog 14+4 1 0; } > s
	run --separate-stderr "$fmt" lcov s
	expect 0
	[[ "$output" == *$'FNDA:1,f\nFNDA:0,f()::{lambda(int)#1}\n'* ]]
}

@test "lcov: a function that was entered ran in its first line, where that has code in another copy only" {
	{ rec F x.h 1 f prog 10 8 5 0; rec L x.h 1 f prog 10+4 0 0; rec L x.h 2 f prog 14+4 5 0; } > s
	run --separate-stderr "$fmt" lcov s
	expect 0
	[[ "$output" == *$'DA:1,5\nDA:2,5\nLF:2\nLH:2'* ]]
}

@test "lcov: lines behind the end of a source at hand, and line 0, are left out" {
	program
	{ rec L src/b.h 5 twice prog 10+4 1 0; rec F src/b.h 6 late prog 20 4 1 0; rec L src/b.h 0 twice prog 10+4 1 0; rec L gone.c 99 g prog 30+4 1 0; } >> prog.cov
	run --separate-stderr "$fmt" lcov prog.cov
	expect 0
	[[ "$output" != *"DA:5,1"* ]]
	[[ "$output" != *late* ]]
	[[ "$output" != *$'\n'"DA:0,"* ]]
	[[ "$output" == *"DA:99,1"* ]]
}

@test "lcov: seen-only counts are 0 or 1, and the name of the test says so" {
	{ rec I counts seen; rec F x.c 1 f prog 10 8 1 0; rec F x.c 1 f prog 20 8 1 0; rec L x.c 2 f prog 14+4 1 0; rec L x.c 2 f prog 24+4 1 0; } > s
	run --separate-stderr "$fmt" lcov s
	expect 0
	[[ "$output" == *$'FNDA:1,f\nFNF:1\nFNH:1\nDA:1,1\nDA:2,1\n'* ]]
	[ "${lines[0]}" = "# Counts: 1 for what was seen, 0 for what was not; how often is not known" ]
	[ "${lines[1]}" = TN:seen ]
	"$fmt" lcov2 s | head -n 2 | diff - <(printf '%s\n' "${lines[@]:0:2}")
	printf '%s\n' "$output" >a.info
	lcov -q -a a.info -a a.info -o b.info
	[ "$(head -n 1 b.info)" = TN:seen ]
}

# What a sum that is too large is, and what was said, once.
MAX=18446744073709551615
FULL="etrace-fmt: a count passed $MAX and stays there"

@test "counts that pass 2^64 stay at the largest number, and it is said once" {
	{
		rec F x.c 1 f prog 10 8 $MAX 0
		rec F x.c 1 f prog 20 8 1 0
		rec F x.c 1 g prog 20 8 9 0
		rec L x.c 2 f prog 14+4 $MAX 3
		rec L x.c 2 f prog 24+4 2 $MAX
		rec L x.c 3 f prog 24+4 1 1
		for i in 1 2; do rec R x.c 2 f prog 14 4 24 1 $MAX; done
	} > s
	run --separate-stderr "$fmt" lcov s
	expect 0 "$FULL"
	[[ "$output" == *"FNDA:$MAX,f"$'\n'* ]]
	[[ "$output" == *$'\n'"BRDA:2,0,0,2"$'\n'"BRDA:2,0,1,$MAX"$'\n'* ]]
	[[ "$output" == *$'\n'"DA:1,$MAX"$'\n'"DA:2,$MAX"$'\n'* ]]
	run --separate-stderr "$fmt" cachegrind s
	expect 0 "$FULL"
	[[ "$output" == *$'\n'"2 $MAX $MAX"$'\n'"3 1 1"$'\n'"summary: $MAX $MAX" ]]
	# The largest number itself is nothing to speak of.
	rec L x.c 2 f prog 14+4 $MAX $MAX > s
	run --separate-stderr "$fmt" lcov s
	expect 0
	[[ "$output" == *$'\n'"DA:2,$MAX"$'\n'* ]]
}

@test "lcov: control bytes in names cannot break a line" {
	{ rec F 'a\n\x1b.c' 1 $'f\e[2J\rg\\n' prog 10 8 1 0; } > s
	run --separate-stderr "$fmt" lcov s
	expect 0
	[[ "$output" == *'SF:a\x0a\x1b.c'* ]]
	[[ "$output" == *'FNDA:1,f\x1b[2J\x0dg\n'* ]]
	[ "$(wc -l <<< "$output")" -eq 10 ]
}

# ---- cachegrind ------------------------------------------------------------------------------

@test "cachegrind: costs by file and function, and their sum" {
	program
	rec L src/b.h 4 - prog 5000+4 1 9 >> prog.cov
	run --separate-stderr "$fmt" cachegrind prog.cov
	expect 0
	[ "$output" = "$(cat <<-'END'
	desc: Count: times a source line ran; ns: virtual time spent in it
	desc: Line 0: a function without lines, and how often it was entered
	desc: Addresses: unexplained code, and how often blocks of it ran
	cmd: (a guest traced in QEMU)
	events: Count ns
	fl=src/a.cc
	fn=f(int, char)
	5 3 30
	fn=main
	11 1 40
	fl=src/b.h
	fn=twice
	3 6 11
	fn=???
	4 1 9
	fl=prog.elf
	fn=_start
	0 1 1
	fl=???
	fn=(unexplained) 5000-5008
	0 7 70
	summary: 19 161
	END
	)" ]
}

@test "cachegrind: seen-only counts are 0 or 1, and their name says so" {
	{ rec I counts seen; rec L x.c 2 f prog 14+4 1 3; rec L x.c 2 f prog 24+4 1 4; rec L x.c 3 f prog 28+4 0 0; } > s
	run --separate-stderr "$fmt" cachegrind s
	expect 0
	diff - <(printf '%s\n' "$output") <<-'END'
	desc: Seen: 1 for a source line that was seen, how often is not known; ns: virtual time spent in it
	cmd: (a guest traced in QEMU)
	events: Seen ns
	fl=x.c
	fn=f
	2 1 7
	summary: 1 7
	END
	printf '%s\n' "$output" >s.cg
	cg_annotate s.cg >text
	grep -q '^Events recorded: *Seen ns' text
}

@test "cachegrind: cg_annotate and callgrind_annotate read it" {
	command -v cg_annotate || skip "no valgrind"
	program
	"$fmt" -o prog.cg cachegrind prog.cov
	run --separate-stderr cg_annotate prog.cg
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ "$output" =~ "18 (100.0%) 152 (100.0%)  PROGRAM TOTALS" ]]
	[[ "$output" =~ "src/a.cc:f(int, char)" ]]
	[[ "$output" =~ "return 2 * a;" ]]
	[[ "$output" != *WARNING* ]]
	run --separate-stderr callgrind_annotate prog.cg
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ "$output" =~ "src/b.h:twice" ]]
}

# A program without lines, traced with instructions as the clock.
program_without_lines() {
	{
		rec '#etrace' 2
		rec I ns instructions
		rec O prog ./prog abc
		rec F - - main prog 1000 32 1 200
		rec F - - memcpy prog 2000 64 30 900
		rec F - - memcpy prog 3000 64 1 5
		rec F - - never prog 4000 64 0 0
		rec U 5000 5008 - 4 40
	} > prog.cov
}

@test "cachegrind: a program without lines has functions; totals are the trace's; instructions are called Ir" {
	program_without_lines
	run --separate-stderr "$fmt" cachegrind prog.cov
	expect 0
	diff - <(printf '%s\n' "$output") <<-'END'
	desc: Count: times a source line ran; Ir: instructions executed in it
	desc: Line 0: a function without lines, and how often it was entered
	desc: Addresses: unexplained code, and how often blocks of it ran
	cmd: (a guest traced in QEMU)
	events: Ir Count
	fl=./prog
	fn=main
	0 200 1
	fn=memcpy
	0 905 31
	fl=???
	fn=(unexplained) 5000-5008
	0 40 4
	summary: 1145 36
	END
	printf '%s\n' "$output" > prog.cg
	for tool in cg_annotate callgrind_annotate; do
		run --separate-stderr $tool prog.cg
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[[ "$output" =~ "1,145 (100.0%) 36 (100.0%)  PROGRAM TOTALS" ]]
		[[ "$output" =~ "905 (79.04%) 31 (86.11%)  ./prog:memcpy" ]]
		[[ "$output" =~ "40 ( 3.49%)  4 (11.11%)  ???:(unexplained) 5000-5008" ]]
	done
	# The other formats have no use for it.
	for f in lcov lcov2 qcov; do
		run --separate-stderr "$fmt" $f prog.cov
		expect 1 'etrace-fmt: nothing to render: no record has a source line that is not excluded'
	done
}

# Two objects, with and without lines, that have the same addresses, the same file and the same names.
two_objects() {
	rec L x.h 5 init prog 1000+8 3 60
	rec L x.h 5 init lib 1000+8 4 70
	rec F - - init prog 1000 32 3 65
	rec F - - init lib 1000 32 4 90
	rec F - - init plug 1000 32 9 99
	rec F - - init - 1000 32 1 11
	rec U 5000 5008 - 7 8
	rec O lib /usr/lib/lib.so def
	rec O prog ./prog abc
}

@test "cachegrind: each object has its own functions, though addresses and names are the same" {
	two_objects > s
	run --separate-stderr "$fmt" cachegrind s
	expect 0
	diff - <(grep -v '^desc\|^cmd' <<< "$output") <<-'END'
	events: Count ns
	fl=x.h
	fn=init
	5 7 130
	fl=./prog
	fn=init
	0 0 5
	fl=/usr/lib/lib.so
	fn=init
	0 0 20
	fl=plug
	fn=init
	0 9 99
	fl=???
	fn=init
	0 1 11
	fn=(unexplained) 5000-5008
	0 7 8
	summary: 24 273
	END
	# An object that O records place twice, be it by two inputs, is called by its name.
	rec O lib ./lib.so def > t
	run --separate-stderr "$fmt" cachegrind s t t
	expect 0
	[[ "$output" == *$'\nfl=lib\nfn=init\n0 0 20\n'* ]]
}

# Unexplained code of a file, of an object, and of the guest; from two inputs.
ranges() {
	rec L x.c 5 main prog 1000+8 3 60 >s
	rec O lib /usr/lib/lib.so def >>s
	rec U 28000 29c14 /lib/libc.so.6 54 300 >>s
	rec U 400000 400040 '[user space]' 6 20 >>s
	rec U 800000 0 '[generated code]' 5 20 >>s
	rec U 1000 1040 lib 4 10 >>s
	rec U 9000 9008 - 2 9 >>s
	rec U - - - 1 2 >>s
	rec U - - /lib/libc.so.6 0 1 >>s
	{ rec U 9000 9008 - 7 1; rec U 28000 28004 /lib/libc.so.6 1 1; rec U 7 9 - 0 0; } >t
}

@test "profiles: unexplained code is of its file, or what it may be, by range; the tools show it" {
	ranges
	run --separate-stderr "$fmt" cachegrind s t
	expect 0
	diff - <(grep -v '^desc\|^cmd' <<< "$output") <<-'END'
	events: Count ns
	fl=x.c
	fn=main
	5 3 60
	fl=/lib/libc.so.6
	fn=(unexplained) 28000-29c14
	0 54 300
	fl=???
	fn=(unexplained) 9000-9008
	0 9 10
	fn=[user space] 400000-400040
	0 6 20
	fn=[generated code] 800000-0
	0 5 20
	fl=/usr/lib/lib.so
	fn=(unexplained) 1000-1040
	0 4 10
	fl=???
	fn=(unexplained)
	0 1 2
	fl=/lib/libc.so.6
	fn=(unexplained) 28000-28004
	0 1 1
	fn=(unexplained)
	0 0 1
	summary: 83 424
	END
	"$fmt" -o s.cg cachegrind s t
	"$fmt" -o s.callgrind callgrind s t
	for tool in "cg_annotate s.cg" "callgrind_annotate s.cg" "callgrind_annotate s.callgrind"; do
		run --separate-stderr $tool
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[[ "$output" =~ "83 (100.0%) 424 (100.0%)  PROGRAM TOTALS" ]]
		[[ "$output" =~ "54 (65.06%) 300 (70.75%)  "(/lib/libc.so.6|"???")":(unexplained) 28000-29c14" ]]
		[[ "$output" =~ ":[user space] 400000-400040" ]]
		[[ "$output" =~ ":[generated code] 800000-0" ]]
	done
	[[ "$output" =~ "(unexplained) 28000-29c14 [/lib/libc.so.6]" ]]
}

@test "summary and etrace: unexplained code is listed, those ranges that ran most first" {
	ranges
	run --separate-stderr "$fmt" summary s t
	expect 0
	diff - <(printf '%s\n' "$output") <<-'END'
	   lines      hit            file
	       1        1  100.0 %  x.c
	       executions            unexplained
	               54            /lib/libc.so.6 (unexplained) 28000-29c14
	                9            (unexplained) 9000-9008
	                6            [user space] 400000-400040
	                5            [generated code] 800000-0
	                4            /usr/lib/lib.so (unexplained) 1000-1040
	                1            (unexplained)
	                1            /lib/libc.so.6 (unexplained) 28000-28004
	                0            (unexplained) 7-9
	                0            /lib/libc.so.6 (unexplained)
	lines: 100.0 % (1 of 1)
	END
	rec I counts seen >>t
	run --separate-stderr "$fmt" summary s t
	expect 0
	grep -qx '             seen            unexplained' <<<"$output"
	grep -qx '                1            /lib/libc.so.6 (unexplained) 28000-29c14' <<<"$output"
	run --separate-stderr "$fmt" etrace s
	expect 0
	diff - <(printf '%s\n' "$output") <<-'END'
	         3             1000  main                             x.c:5 [prog]
	        54            28000  (unexplained)                    - [/lib/libc.so.6]
	         6           400000  (unexplained)                    - [user space]
	         5           800000  (unexplained)                    - [generated code]
	         4             1000  (unexplained)                    - [lib]
	         2             9000  (unexplained)                    -
	         1                -  (unexplained)                    -
	         0                -  (unexplained)                    - [/lib/libc.so.6]
	END
}

@test "etrace: a block in no ELF file has the file that was mapped there, or is generated code" {
	{
		rec G 7f0000 7f4000 2000 /lib/libc.so.6 -
		rec G 800000 900000 0 '[anon]' -
		rec E 0 - :12345678 7f0010 8 2 1
		rec E 0 - :12345678 800010 8 3 1 - - -
		rec E 0 - prog 800010 8 4 1 main+0 x.c:5 -
		rec E 0 - - 900010 8 5 1
		rec G 800000 900000 0 x
		rec '#etrace' 2
		rec I etrace-version 0.0
		rec E 0 - :12345678 7f0010 8 6 1
	} >s
	run --separate-stderr "$fmt" etrace s
	expect 1 "etrace-fmt: s: line 7: a G record is: G lo hi offset path build-id, not "*
	diff - <(printf '%s\n' "$output") <<-'END'
	         2             2010  -                                - [/lib/libc.so.6]
	         3           800010  -                                - [generated code]
	         4           800010  main+0                           x.c:5 [prog]
	         5           900010  -                                -
	         6           7f0010  -                                -
	END
}

@test "callgrind: each function is in its object; callgrind_annotate reads it" {
	two_objects > s
	run --separate-stderr "$fmt" callgrind s
	expect 0
	diff - <(grep -v '^desc\|^cmd' <<< "$output") <<-'END'
	# callgrind format
	version: 1
	creator: etrace-fmt
	positions: line
	events: Count ns
	ob=./prog
	fl=x.h
	fn=init
	5 3 60
	ob=/usr/lib/lib.so
	fl=x.h
	fn=init
	5 4 70
	ob=./prog
	fl=???
	fn=init
	0 0 5
	ob=/usr/lib/lib.so
	fl=???
	fn=init
	0 0 20
	ob=plug
	fl=???
	fn=init
	0 9 99
	ob=???
	fl=???
	fn=init
	0 1 11
	fn=(unexplained) 5000-5008
	0 7 8
	summary: 24 273
	END
	printf '%s\n' "$output" > s.cg
	run --separate-stderr callgrind_annotate s.cg
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ "$output" =~ "24 (100.0%) 273 (100.0%)  PROGRAM TOTALS" ]]
	[[ "$output" =~ "7 (29.17%) 130 (47.62%)  x.h:init ["[./] ]]
	# All else is as in the other: the sum of each line and function over the objects.
	program
	rec L src/b.h 3 twice other 3010+8 2 5 >> prog.cov
	sums() { awk -F= '/^[fo][lbn]=/ { at[$1] = $2 } /^[0-9]/ { split($0, n, " "); k = at["fl"] ":" at["fn"] ":" n[1]
		a[k] += n[2]; b[k] += n[3] } END { for (k in a) print k, a[k], b[k] }' | sort; }
	"$fmt" callgrind prog.cov | sed '/^ob=prog.elf/,/^ob=???/s/^fl=???/fl=prog.elf/' | sums | diff - <("$fmt" cachegrind prog.cov | sums)
}

@test "cachegrind: a function is not counted beside its lines" {
	{
		rec O prog ./prog abc
		rec L x.S 5 all prog 1000+8,1010+8 3 60
		rec F - - all prog 1000 32 3 60
		rec F - - part prog 2000 32 2 50
		rec L x.S 9 part prog 2010+4 2 20
		rec L x.S 10 part prog 2014+4 0 0
		rec F - - part prog 5000 32 2 50
		rec F - - cold prog 3000 32 2 50
		rec L x.S 20 cold prog 4000+4 7 70
		rec F x.S 30 known prog 6000 32 2 50
	} > s
	run --separate-stderr "$fmt" cachegrind s
	expect 0
	[ "$(grep -v '^desc\|^cmd' <<< "$output")" = "$(cat <<-'END'
	events: Count ns
	fl=x.S
	fn=all
	5 3 60
	fn=part
	9 2 20
	fn=cold
	20 7 70
	fl=./prog
	fn=part
	0 2 80
	fn=cold
	0 2 50
	summary: 16 280
	END
	)" ]
	# Lines that are left out are not to come back that way.
	echo x.S > x
	run --separate-stderr "$fmt" cachegrind -x x s
	expect 0
	[[ "$output" == *$'\nfl=./prog\nfn=part\n0 2 80\nfn=cold\n0 2 50\nsummary: 4 130' ]]
}

@test "cachegrind: times that are not all instructions are not called that, and it is said" {
	program_without_lines
	mixed='etrace-fmt: the times of some runs are instructions, those of others are not: the event is called ns; merge runs of one kind'
	grep -v '^I' prog.cov > silent.cov
	sed 's/instructions/host-time/' prog.cov > host.cov
	{ cat prog.cov; rec I ns virtual-time; } > merged.cov
	for s in "prog.cov silent.cov" "host.cov prog.cov" merged.cov "-"; do
		run --separate-stderr "$fmt" cachegrind $s < <(cat silent.cov prog.cov)
		expect 0 "$mixed"
		[[ "$output" == *$'\nevents: Count ns\n'* ]]
	done
	for s in host.cov silent.cov "host.cov silent.cov"; do
		run --separate-stderr "$fmt" cachegrind $s
		expect 0
		[[ "$output" == *$'\nevents: Count ns\n'* ]]
	done
	# A map says nothing of times: none has passed.
	sed '/^[IU]/d; s/[0-9]*\t[0-9]*$/0\t0/' prog.cov > map.cov
	run --separate-stderr "$fmt" cachegrind map.cov prog.cov prog.cov
	expect 0
	[[ "$output" == *$'\nevents: Ir Count\n'*$'\nsummary: 2290 72' ]]
}

@test "cachegrind: malformed records are left out" {
	program_without_lines
	{ rec U 5; rec U 5000 5008 - x 7; rec O prog; rec F - - f prog 10 32 1; rec L a.c 1 f prog - 1 1; rec L a.c 1 f prog 10+z 1 1; } >> prog.cov
	run --separate-stderr "$fmt" cachegrind prog.cov
	expect 1 $'etrace-fmt: prog.cov: line 9: a U record is: U lo hi what count ns, not *\netrace-fmt: prog.cov: 6 records like that were left out*'
	[[ "$output" == *$'\nsummary: 1145 36' ]]
}

# ---- calls -------------------------------------------------------------------------------------

# main called work twice, and twice(), inlined into work, called leaf; fact called itself.
program_with_calls() {
	mkdir -p src
	printf '%s\n' 'int leaf(int a) { return a; }' 'int work(int n)' '{' '	return twice(n);' '}' \
		'int fact(int n) { return n < 2 ? 1 : n * fact(n - 1); }' 'int main() {' '	return work(1) +' '		work(2) + fact(3);' '}' >src/a.c
	printf '%s\n' 'static inline int twice(int a) {' '	return leaf(a) + leaf(a);' '}' >src/b.h
	{
		rec '#etrace' 2
		rec I ns instructions
		rec O prog ./prog abc
		rec F src/a.c 1 leaf prog 1000 16 4 40
		rec F src/a.c 2 work prog 1100 64 2 30
		rec F src/b.h 1 twice prog 1100 32 2 20
		rec F src/a.c 6 fact prog 1200 32 3 60
		rec F src/a.c 7 main prog 1300 64 1 7
		rec F - - _start prog 1400 16 1 3
		rec L src/a.c 1 leaf prog 1000+16 4 40
		rec L src/a.c 2 work prog 1120+8 2 4
		rec L src/a.c 5 work prog 1128+8 2 6
		rec L src/b.h 2 twice prog 1104+8,110c+4 2 20
		rec L src/a.c 6 fact prog 1200+32 3 60
		rec L src/a.c 8 main prog 1300+16 1 3
		rec L src/a.c 9 main prog 1310+16 1 4
		rec C prog 1400 _start - - 1408 prog 1300 main 1 27 137
		rec C prog 1300 main src/a.c 8 1308 prog 1100 work 1 8 35
		rec C prog 1300 main src/a.c 9 1314 prog 1100 work 1 8 35
		rec C prog 1300 main src/a.c 9 131c prog 1200 fact 1 6 60
		rec C prog 1200 fact src/a.c 6 1210 prog 1200 fact 2 6 60
		rec C prog 1100 work src/b.h 2 1108 prog 1000 leaf 2 4 20
		rec C prog 1100 work src/b.h 2 110c prog 1000 leaf 2 4 20
		rec S _start 2 3
		rec S '_start;main' 5 7
		rec S '_start;main;work' 8 30
		rec S '_start;main;work;leaf' 8 40
		rec S '_start;main;fact' 6 60
		rec S '[signal];handler' 3 10
		rec U 5000 5008 - 3 10
	} >prog.cov
}

@test "callgrind: calls with what they took, by the function and not by the inlined copy" {
	program_with_calls
	run --separate-stderr "$fmt" callgrind prog.cov
	expect 0
	diff - <(printf '%s\n' "$output") <<-'END'
	# callgrind format
	version: 1
	creator: etrace-fmt
	positions: line
	desc: Ir: instructions executed
	desc: Blocks: blocks entered, all of a function in its first line
	desc: Count: times a source line ran, calls not included
	cmd: (a guest traced in QEMU)
	event: ns : Virtual Time (ns)
	event: Blocks : Blocks Entered
	event: Count : Line Executions (Self)
	events: Ir Blocks Count
	summary: 150 32 19

	ob=./prog
	fl=src/a.c
	fn=leaf
	1 40 8 4
	fn=work
	2 4 8 2
	5 6 0 2
	fi=src/b.h
	2 20 0 2
	cfi=src/a.c
	cfn=leaf
	calls=4 1
	2 40 8
	fl=src/a.c
	fn=fact
	6 60 6 3
	cfn=fact
	calls=2 6
	6 60 6
	fn=main
	7 0 5 0
	8 3 0 1
	cfn=work
	calls=1 2
	8 35 8
	9 4 0 1
	cfn=work
	calls=1 2
	9 35 8
	cfn=fact
	calls=1 6
	9 60 6
	fl=???
	fn=_start
	0 3 2 1
	cfi=src/a.c
	cfn=main
	calls=1 7
	0 137 27
	ob=???
	fn=(unexplained) 5000-5008
	0 10 0 3
	fn=handler
	0 0 3 0
	totals: 150 32 19
	END
}

@test "callgrind: callgrind_annotate has inclusive costs, callers and callees" {
	program_with_calls
	"$fmt" -o callgrind.out callgrind prog.cov
	touch -d '1 hour ago' src/*
	run --separate-stderr callgrind_annotate --inclusive=yes --tree=both --threshold=100 callgrind.out
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ ${output,,} != *warning* ]]
	grep -q '^ *140 (93.33%) .* \* *???:_start \[./prog\]$' <<<"$output"
	grep -q '^ *137 (91.33%) .* \* *src/a.c:main \[./prog\]$' <<<"$output"
	grep -q '^ *137 (91.33%) .* < ???:_start (1x) \[./prog\]$' <<<"$output"
	grep -q '^ *70 (46.67%) .* \* *src/a.c:work \[./prog\]$' <<<"$output"
	grep -q '^ *70 (46.67%) .* > *src/a.c:work (2x) \[./prog\]$' <<<"$output"
	grep -q '^ *40 (26.67%) .* < src/b.h:work (4x)' <<<"$output"
	grep -q '^ *60 (40.00%) .* > *src/a.c:fact (2x) \[./prog\]$' <<<"$output"
	grep -q '=> src/a.c:leaf (4x)$' <<<"$output"
}

@test "callgrind: the events are what the trace has" {
	program_with_calls
	grep -v '^I' prog.cov >s
	run --separate-stderr "$fmt" callgrind s
	expect 0
	[[ $output == *$'\nevents: ns Blocks Count\nsummary: 150 32 19\n'* ]]
	# Without times blocks are what all goes by.
	awk -F'\t' -v OFS='\t' '/^[FLCSU]/ { $NF = 0 } { print }' prog.cov >s
	run --separate-stderr "$fmt" callgrind s
	expect 0
	[[ $output == *$'\nevents: Blocks Count\nsummary: 32 19\n'* ]]
	[[ $output == *$'\nfn=main\n7 5 0\n8 0 1\ncfn=work\ncalls=1 2\n8 8\n'* ]]
	# Two runs are one profile.
	run --separate-stderr "$fmt" callgrind prog.cov prog.cov
	expect 0
	[[ $output == *$'\nsummary: 300 64 38\n'*$'\ncalls=4 6\n6 120 12\n'* ]]
}

@test "callgrind: what is cold, nameless, of two names or left out is some function's" {
	{
		rec F x.c 5 all prog 1000 64 1 9
		rec F x.h 1 copy prog 1000 64 1 9
		rec F x.c 9 part prog 2000 16 1 5
		rec F - - alias prog 3000 16 1 2
		rec F - - named prog 3000 16 1 4
		rec L x.h 2 copy prog 1004+4 1 9
		rec L x.c 10 part prog 2004+4 1 5
		rec L x.c 11 part prog 8004+4 1 6
		rec L x.c 12 part prog 9004+4 1 7
		rec C prog 1000 all x.h 2 1008 prog 2000 part 1 1 18
		rec C prog 2000 part x.c 10 2004 prog 9000 part.cold 1 1 7
		rec C prog 2000 part x.c 10 2004 prog 3000 named 1 1 6
		rec C prog 2000 part x.c 10 2004 lib 0 - 1 1 3
		rec C lib 0 - - - 4 - 7f00 - 1 1 1
		rec S 'all;part;[unknown];f' 1 1
		rec U 100 108 lib 1 2
	} >s
	run --separate-stderr "$fmt" callgrind s
	expect 0
	diff - <(sed '1,/^summary/d' <<<"$output") <<-'END'

	ob=prog
	fl=x.c
	fn=all
	fi=x.h
	2 9 0 1
	cfi=x.c
	cfn=part
	calls=1 9
	2 18 1
	fl=x.c
	fn=part
	10 5 0 1
	cfi=???
	cfn=named
	calls=1 0
	10 6 1
	cfi=???
	cfn=part.cold
	calls=1 0
	10 7 1
	cob=lib
	cfi=???
	cfn=(unexplained) lib
	calls=1 0
	10 3 1
	11 6 0 1
	fl=???
	fn=named
	0 6 0 2
	fn=part.cold
	fi=x.c
	12 7 0 1
	ob=lib
	fl=???
	fn=(unexplained) lib
	0 2 0 1
	cob=???
	cfn=0x7f00
	calls=1 0
	0 1 1
	ob=???
	fn=f
	0 0 1 0
	totals: 35 1 7
	END
	# Some functions begin with nops before what DWARF has of them; the next may have the same name.
	{
		rec F x.c 7 f prog 1008 32 1 9
		rec F x.c 9 f prog 1040 32 1 9
		rec L x.c 8 f prog 1010+4 1 9
		rec L x.c 10 f prog 1044+4 1 9
		rec C prog 1000 f x.c 8 1010 prog 1038 f 1 1 9
		rec C prog 1000 f x.c 8 1010 prog 1028 f 1 1 0
	} >t
	run --separate-stderr "$fmt" callgrind t
	expect 0
	diff - <(sed '1,/^ob/d' <<<"$output") <<-'END'
	fl=x.c
	fn=f
	8 9 0 1
	cfi=???
	cfn=f
	calls=1 0
	8 0 1
	cfn=f
	calls=1 9
	8 9 1
	fn=f
	10 9 0 1
	totals: 18 0 2
	END
	# Lines that are left out: their calls stay.
	echo x.h >x
	run --separate-stderr "$fmt" callgrind -x x s
	expect 0
	[[ $output == *$'\nfl=x.c\nfn=all\ncfn=part\ncalls=1 9\n0 18 1\n'* ]]
}

@test "folded: a line a stack, with what was spent in it" {
	program_with_calls
	rec S 'f(int, char);g<a:b>(x y)' 1 5 >>prog.cov
	run --separate-stderr "$fmt" folded prog.cov
	expect 0
	diff - <(printf '%s\n' "$output") <<-'END'
	[signal];handler 10
	_start 3
	_start;main 7
	_start;main;fact 60
	_start;main;work 30
	_start;main;work;leaf 40
	f(int, char);g<a:b>(x y) 5
	END
	# What flamegraph.pl and inferno take: functions, a blank, a number.
	[ "$(grep -cvE '^[^;]+(;[^;]+)* [0-9]+$' <<<"$output")" -eq 0 ]
	# Runs add up; a stack that cost nothing is none; without times it is blocks.
	rec S 'idle' 0 0 >>prog.cov
	run --separate-stderr "$fmt" folded prog.cov - <prog.cov
	expect 0
	[[ $output == *$'\n_start;main;work 60\n'*' 10' ]]
	[[ $output != *idle* ]]
	run --separate-stderr "$fmt" folded - < <(awk -F'\t' -v OFS='\t' '/^S/ { $NF = 0 } { print }' prog.cov)
	expect 0
	[[ $output == *$'\n_start;main;work 8\n'* ]]
}

@test "calls: a tree of functions, with calls and shares" {
	program_with_calls
	run --separate-stderr "$fmt" calls prog.cov
	expect 0
	diff - <(printf '%s\n' "$output") <<-'END'
	150 instructions, 32 blocks of code
	total: with all that it called; self: without; calls: by the function above it,
	wherever that is

	  total    self         calls  function
	 93.3 %   2.0 %             -  _start
	 91.3 %   4.7 %             1    main
	 46.7 %  20.0 %             2      work
	 26.7 %  26.7 %             4        leaf
	 40.0 %  40.0 %             1      fact
	      -       -             2        fact (recursion)
	  6.7 %   0.0 %             -  [signal]
	  6.7 %   6.7 %             -    handler
	END
	rec I calls-repaired 3 >>prog.cov
	run --separate-stderr "$fmt" calls -t 30 prog.cov
	expect 0
	diff - <(sed '3,5d' <<<"$output") <<-'END'
	150 instructions, 32 blocks of code
	guessed or repaired: 3 stacks; CALLS in etrace(7) says why
	  total    self         calls  function
	 93.3 %   2.0 %             -  _start
	 91.3 %   4.7 %             1    main
	 46.7 %  20.0 %             2      work
	 40.0 %  40.0 %             1      fact
	      -       -             2        fact (recursion)

	What took less than 30 % is left out; -t 0 shows it.
	END
}

@test "calls: 80 columns, whatever names, levels and numbers are" {
	long=$(printf 'std::vector<std::pair<int, é> >%.0s' {1..9})
	for i in {1..40}; do
		stack=$stack${stack:+;}f$i
		rec C x "$i" "f$i" - - 1 x "$((i + 1))" "f$((i + 1))" 123456789012 1 1
		rec S "$stack" 1 1
		rec S "$stack;$long" 1 1
	done >s
	run --separate-stderr "$fmt" calls -t 0 s
	expect 0
	[ "$(LC_ALL=C awk 'length > 80' <<<"$output" | wc -l)" -eq 0 ]
	iconv -f UTF-8 -t UTF-8 <<<"$output" >/dev/null
	[[ $output == *$'\n 72.5 %   1.2 %  123456789012                        f12\n'* ]]
	[[ $output == *' [14] f15'* ]]
	[[ $output == *' std::vector<'*...* ]]
}

@test "calls: what took little is one line where it is something together" {
	{ rec S main 10 100; for i in {1..20}; do rec S "main;f$i" 1 "$i"; done; } >s
	run --separate-stderr "$fmt" calls -t 5 s
	expect 0
	diff - <(sed 1,5d <<<"$output") <<-'END'
	100.0 %  32.3 %             -  main
	  6.5 %   6.5 %             -    f20
	  6.1 %   6.1 %             -    f19
	  5.8 %   5.8 %             -    f18
	  5.5 %   5.5 %             -    f17
	  5.2 %   5.2 %             -    f16
	 38.7 %       -             -    ... 15 more

	What took less than 5 % is left out; -t 0 shows it.
	END
	run --separate-stderr "$fmt" calls -t 0 s
	[ "${#lines[@]}" -eq 25 ]
	[[ ${lines[24]} == *'  0.3 %   0.3 %             -    f1' ]]
}

@test "calls -F: callers and callees of one function" {
	program_with_calls
	run --separate-stderr "$fmt" calls -F work prog.cov
	expect 0
	diff - <(printf '%s\n' "$output") <<-'END'
	150 instructions, 32 blocks of code

	work
	calls 2, total  46.7 %, self  20.0 %

	   cost         calls           called by
	100.0 %             2  100.0 %  main

	   cost         calls           calls
	 42.9 %             -        -  (itself)
	 57.1 %             4  100.0 %  leaf
	END
	run --separate-stderr "$fmt" calls -F fact prog.cov
	expect 0
	diff - <(sed 1,2d <<<"$output") <<-'END'
	fact
	calls 3, total  40.0 %, self  40.0 %

	   cost         calls           called by
	100.0 %             1   33.3 %  main
	  0.0 %             2   66.7 %  fact

	   cost         calls           calls
	100.0 %             -        -  (itself)
	  0.0 %             2  100.0 %  fact
	END
	run --separate-stderr "$fmt" calls -F main -t 45 prog.cov
	expect 0
	[[ $output == *$'\n 51.1 %             2   66.7 %  work\n 43.8 %             1   33.3 %  ... 1 more; -t 0 shows them' ]]
}

@test "calls -F: which function is meant" {
	{ rec S 'main;n::run(int)' 1 1; rec S 'main;n::run(int);n::runner(int)' 1 1; rec S 'main;n::stop(int);n::stop(char)' 1 1; } >s
	for f in 'n::run(int)' n::run runner 'stop(c'; do
		run --separate-stderr "$fmt" calls -F "$f" s
		expect 0
	done
	[ "${lines[1]}" = 'n::stop(char)' ]
	echo old >out
	run --separate-stderr "$fmt" calls -F stop -o out s
	expect 2 $'etrace-fmt: -F stop: 2 functions have a name like that; which one?\netrace-fmt:   n::stop(int)\netrace-fmt:   n::stop(char)'
	run --separate-stderr "$fmt" calls -F nothing -o out s
	expect 2 'etrace-fmt: -F nothing: no function that ran has a name like that'
	[ "$(cat out)" = old ]
	[ "$(echo out*)" = out ]
	for args in "-F f lcov" "-t 3 folded"; do
		run --separate-stderr "$fmt" $args s
		expect 2 "etrace-fmt: -F and -t are for the format calls, not for ${args##* }"
	done
	for n in '' x 1x -1 101 nan; do
		run --separate-stderr "$fmt" calls -t "$n" s
		expect 2 "etrace-fmt: -t takes a number from 0 to 100, not '$n'"
	done
}

@test "folded, calls: without calls it is said what to do" {
	program_with_calls
	grep -v '^[CS]' prog.cov >no.cov
	{ cat no.cov; rec I order none; } >unordered.cov
	for f in folded calls; do
		run --separate-stderr "$fmt" -o out $f no.cov
		expect 1 'etrace-fmt: nothing to render: there are no calls, S records; give -C to etrace-sym and to etrace-cov'
		run --separate-stderr "$fmt" -o out $f unordered.cov
		expect 1 'etrace-fmt: nothing to render: the trace has no order of blocks, *without mode=count, and leave out etrace-cat -c'
		[ ! -e out ]
		run --separate-stderr "$fmt" $f - < <(rec E 0 - - 10 4 1 1)
		expect 1 'etrace-fmt: standard input: holds E records, not counts: put etrace-cov before etrace-fmt'
		[ -z "$output" ]
	done
	{ rec S main 1; rec S main 1 x; rec C prog; rec I stream begin; } >>prog.cov
	run --separate-stderr "$fmt" calls prog.cov
	expect 1 $'etrace-fmt: prog.cov: line *: an S record is: S stack blocks ns, not *\netrace-fmt: prog.cov: 3 records like that were left out*incomplete; see above'
	[ "${lines[1]}" = 'incomplete: some of what ran is not in it' ]
	run --separate-stderr "$fmt" callgrind prog.cov
	[ "$status" -eq 1 ]
	[[ $output == *$'\ndesc: Incomplete: some of what ran is not counted\n'* ]]
}

# ---- qcov ------------------------------------------------------------------------------------

@test "qcov: annotates beside the sources, as gcov does" {
	program
	run --separate-stderr "$fmt" qcov prog.cov
	expect 0
	[ -z "$output" ]
	[ "$(cat src/a.cc.qcov)" = "$(cat <<-'END'
	        -:    0:Source:src/a.cc
	        -:    0:Counts:exact
	        -:    1:#include "b.h"
	        -:    2:int
	        -:    3:f(int a, char b)
	        -:    4:{
	        3:    5:	return a;
	        -:    6:}
	        -:    7:int f(int a, long b)
	        -:    8:{
	    #####:    9:	return 1;
	        -:   10:}
	        1:   11:int main() { return f(1, (char)2); }
	END
	)" ]
	grep -qx '        6:    3:	return 2 \* a;' src/b.h.qcov
	[ "$(ls src)" = $'a.cc\na.cc.qcov\nb.h\nb.h.qcov' ]
}

@test "qcov: -o is a directory" {
	program
	run --separate-stderr "$fmt" qcov -o out/cov prog.cov
	expect 0
	[ -f out/cov/src/a.cc.qcov ]
	[ -f out/cov/src/b.h.qcov ]
	[ ! -e src/a.cc.qcov ]
}

@test "qcov: sources that are not found" {
	program
	rec L gone/c.c 7 g prog 50+4 2 0 >> prog.cov
	run --separate-stderr "$fmt" qcov prog.cov
	expect 0 'etrace-fmt: 1 of 3 source files were not found, such as gone/c.c; say where they are with -s and -p'
	[ -f src/a.cc.qcov ]
	run --separate-stderr "$fmt" qcov -o d prog.cov
	expect 0 '*1 of 3 source files were not found*'
	[ "$(tail -n +3 d/gone/c.c.qcov)" = '        2:    7:/*EOF*/' ]
	rm -r src d
	run --separate-stderr "$fmt" qcov prog.cov
	expect 1 '*3 of 3 source files were not found*'
}

@test "qcov: overwrites its own files and no others" {
	program
	"$fmt" qcov prog.cov
	echo mine > src/a.cc.qcov
	sed -i 's/^/#/' src/b.h.qcov
	"$fmt" qcov prog.cov 2>/dev/null && false
	rm src/b.h.qcov
	run --separate-stderr "$fmt" qcov prog.cov
	expect 1 'etrace-fmt: src/a.cc.qcov: exists, and was not written by this program: left as it is'
	[ "$(cat src/a.cc.qcov)" = mine ]
	grep -q 'Source:src/b.h' src/b.h.qcov
	rm src/a.cc.qcov
	run --separate-stderr "$fmt" qcov prog.cov prog.cov
	expect 0
	grep -q '  12:    3:' src/b.h.qcov
}

@test "qcov: no path leads out of the directory" {
	mkdir -p a/b/out
	{ rec L ../../x.c 1 f prog 10+4 1 0; rec L /etc/y.c 1 f prog 10+4 1 0; rec L .. 1 f prog 10+4 1 0; rec L / 1 f prog 10+4 1 0; } > s
	cd a/b
	run --separate-stderr "$fmt" qcov -o out ../../s
	[ "$status" -eq 1 ]
	cd ../..
	[ "$(find a -type f | LC_ALL=C sort)" = "$(printf '%s\n' a/b/out/.qcov a/b/out/^.qcov a/b/out/^/^/x.c.qcov a/b/out/etc/y.c.qcov)" ]
	[ ! -e x.c.qcov ]
}

@test "qcov: no result is that of two sources, by .. and ^, by an absolute path or by a link" {
	mkdir a
	for f in ../x.c ^/x.c /etc/y.c etc/y.c; do rec L $f 1 f prog 10+4 1 0; done > s
	run --separate-stderr "$fmt" qcov -o out s
	[ "$status" -eq 1 ]
	[ "${stderr_lines[1]}" = "etrace-fmt: out/etc/y.c.qcov: is for /etc/y.c, and would be for etc/y.c too, which was left out; tell them apart with -s, -p or -o" ]
	[[ "${stderr_lines[0]}" == "etrace-fmt: out/^/x.c.qcov: is for ../x.c, and would be for ^/x.c too"* ]]
	[ "$(head -n 1 out/^/x.c.qcov)" = '        -:    0:Source:../x.c' ]
	[ "$(head -n 1 out/etc/y.c.qcov)" = '        -:    0:Source:/etc/y.c' ]
	# Results of an earlier run are replaced, as ever, and told apart from those of this one.
	run --separate-stderr "$fmt" qcov -o out s
	[ "$status" -eq 1 ]
	[ "${#stderr_lines[@]}" -eq 3 ]
	mkdir src && echo 'int x;' >src/a.c && ln -s src link
	for f in src/a.c link/a.c a/../src/a.c; do rec L $f 1 f prog 10+4 1 0; done > s
	run --separate-stderr "$fmt" qcov s
	[ "$status" -eq 1 ]
	[[ "${stderr_lines[0]}" == "etrace-fmt: link/a.c.qcov: is for a/../src/a.c, and would be for link/a.c too"* ]]
	[[ "${stderr_lines[1]}" == "etrace-fmt: src/a.c.qcov: is for a/../src/a.c, and would be for src/a.c too"* ]]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[ "$(tail -n 1 src/a.c.qcov)" = '        1:    1:int x;' ]
}

@test "qcov: escaped paths are opened under their true name" {
	printf 'int x;\n' > $'a\tb.c'
	rec L 'a\tb.c' 1 f prog 10+4 4 0 > s
	run --separate-stderr "$fmt" qcov s
	expect 0
	[ "$(cat $'a\tb.c.qcov')" = $'        -:    0:Source:a\\x09b.c\n        -:    0:Counts:exact\n        4:    1:int x;' ]
}

@test "qcov: a path that is a fifo or a directory is no source" {
	mkfifo p
	mkdir d
	{ rec L p 1 f prog 10+4 4 0; rec L d 1 f prog 10+4 4 0; } > s
	run --separate-stderr timeout 5 "$fmt" qcov s
	expect 1 '*2 of 2 source files were not found*'
}

# Makes reads of the file $FLAKY be of 3 bytes, each the second time, and fail behind $FLAKY_END bytes.
flaky() {
	cat > flaky.c <<-'END'
	#define _GNU_SOURCE
	#include <dlfcn.h>
	#include <errno.h>
	#include <fcntl.h>
	#include <stdlib.h>
	#include <sys/stat.h>
	#include <unistd.h>

	ssize_t read(int fd, void *p, size_t n)
	{
		static ssize_t (*real)(int, void *, size_t);
		static long reads;
		const char *name = getenv("FLAKY"), *end = getenv("FLAKY_END");
		struct stat is, want;

		if (!real)
			real = (ssize_t (*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
		if (!name || stat(name, &want) || fstat(fd, &is) || is.st_ino != want.st_ino || is.st_dev != want.st_dev)
			return real(fd, p, n);
		if (reads++ % 2 == 0) {
			errno = EINTR;
			return -1;
		}
		if (end && lseek(fd, 0, SEEK_CUR) >= atol(end)) {
			errno = EIO;
			return -1;
		}
		return real(fd, p, n < 3 ? n : 3);
	}
	END
	gcc -shared -fPIC -o flaky.so flaky.c -ldl
}

# run_flaky FILE BYTES FORMAT: renders s; FILE cannot be read behind BYTES (never fails if that is empty).
run_flaky() {
	run --separate-stderr env FLAKY=$1 ${2:+FLAKY_END=$2} ASAN_OPTIONS=verify_asan_link_order=0 \
		LD_PRELOAD="$PWD/flaky.so" "$fmt" "${@:3}" s
}

@test "a source whose reads are interrupted, and short, is read all the same" {
	flaky
	printf 'one\n\nthree, and no newline' > a.c
	for i in 1 2 3 4; do rec L a.c $i f prog 10+4 $i 0; done > s
	run_flaky a.c '' lcov
	expect 0
	[[ "$output" == *$'\nDA:1,1\nDA:2,2\nDA:3,3\nLF:3\n'* ]]
	run_flaky a.c '' qcov
	expect 0
	diff - <(tail -n +3 a.c.qcov) <<-'END'
	        1:    1:one
	        2:    2:
	        3:    3:three, and no newline
	        4:    4:/*EOF*/
	END
}

@test "a source that cannot be read is said, and no line of it is lost" {
	flaky
	printf 'one\ntwo\nthree\nfour\n' > a.c
	{ for i in 1 2 3 4 9; do rec L a.c $i f prog 10+4 $i 0; done; rec L b.c 1 f prog 10+4 1 0; } > s
	for f in lcov lcov2; do
		run_flaky a.c 6 $f
		expect 1 'etrace-fmt: a.c: Input/output error; its length is not known, so lines past its end are kept'
		[[ "$output" == *$'\nDA:3,3\nDA:4,4\nDA:9,9\nLF:5\n'*"SF:b.c"* ]]
		# All that are needed were there.
		run_flaky a.c 9999 $f
		expect 0
		[[ "$output" == *$'\nDA:4,4\nLF:4\n'* ]]
	done
	run_flaky a.c 6 qcov -o out
	expect 1 'etrace-fmt: a.c: Input/output error; the text of its lines is missing from there on'$'\n*1 of 2 source files were not found*'
	diff - <(tail -n +3 out/a.c.qcov) <<-'END'
	        1:    1:one
	        2:    2:tw
	        3:    3:/*EOF*/
	        4:    4:/*EOF*/
	        9:    9:/*EOF*/
	END
	[ -f out/b.c.qcov ]
	# A real one.
	[ -f /proc/self/mem ] || skip "no /proc"
	rec L /proc/self/mem 7 f prog 10+4 1 0 > s
	run --separate-stderr "$fmt" lcov s
	expect 1 'etrace-fmt: /proc/self/mem: Input/output error; *'
	[[ "$output" == *"DA:7,1"* ]]
}

@test "a source of 1 TB, and a line that is longer than any buffer" {
	truncate -s 1T big.c || skip "no such files here"
	rec L big.c 2 f prog 10+4 1 0 > s
	run --separate-stderr "$fmt" lcov s
	expect 1 'etrace-fmt: big.c: File too large; its length is not known, so lines past its end are kept'
	[[ "$output" == *"DA:2,1"* ]]
	run --separate-stderr "$fmt" qcov s
	expect 1 'etrace-fmt: big.c: File too large; the text of its lines is missing from there on'
	[ "$(tail -n +3 big.c.qcov)" = '        1:    2:/*EOF*/' ]
	# No more is read than lines are needed.
	printf 'one\ntwo\n' | dd of=big.c conv=notrunc status=none
	run --separate-stderr "$fmt" lcov s
	expect 0
	[[ "$output" == *"DA:2,1"* ]]
	rm big.c
	head -c 300000 /dev/zero | tr '\0' x > long.c
	printf '\ntwo\n' >> long.c
	for i in 1 2 3; do rec L long.c $i f prog 10+4 1 0; done > s
	run --separate-stderr "$fmt" lcov s
	expect 0
	[[ "$output" == *$'\nDA:1,1\nDA:2,1\nLF:2\n'* ]]
	"$fmt" qcov -o out s
	cmp <(tail -n +3 out/long.c.qcov | cut -c 17-) <(cat long.c; echo '/*EOF*/')
	[ "$(cut -c 1-20 out/long.c.qcov | tail -n 3)" = $'        1:    1:xxxx\n        1:    2:two\n        1:    3:/*EO' ]
}

@test "etrace: seen-only counts say so, of records from etrace-cat and from etrace-cov" {
	rec E 0 - - 100 8 - 8 f+0 x.c:2 - >s
	[ "$("$fmt" etrace s)" = "      seen              100  f+0                              x.c:2" ]
	{ rec I counts seen; rec L x.c 2 f prog 10+4,20+4:0 1 0; } >s
	run --separate-stderr "$fmt" etrace s
	expect 0
	[ "${lines[0]}" = "      seen               10  f                                x.c:2 [prog]" ]
	[ "${lines[1]}" = "         0               20  f                                x.c:2 [prog]" ]
	# What comes before counts as ever.
	[ "$(sed '1s/seen/exact/' s | "$fmt" etrace | head -n 1)" = "         1               10  f                                x.c:2 [prog]" ]
}

@test "qcov: seen-only counts say so" {
	printf 'a\nb\n' > x.c
	{ rec L x.c 1 f prog 10+4 1 0; rec L x.c 1 g prog 14+4 1 0; rec L x.c 2 f prog 18+4 0 0; rec I counts seen; } > s
	run --separate-stderr "$fmt" qcov s
	expect 0
	[ "$(tail -n 2 x.c.qcov)" = $'     seen:    1:a\n    #####:    2:b' ]
	grep -q ':Counts:seen' x.c.qcov
}

@test "qcov: -o that is not a directory" {
	program
	run --separate-stderr "$fmt" qcov -o /dev/full prog.cov
	expect 3 'etrace-fmt: /dev/full: Not a directory'
}

# ---- etrace ----------------------------------------------------------------------------------

@test "etrace: blocks and the addresses of lines, in the order of the stream" {
	{
		rec E 0 - prog 40201a4c 12 5 60 collatz+88 work.c:9 -
		rec E 0 - - 40200000 8 1 200
		rec E 0 - :0123abcd 40200008 - 1 -
		rec E 0 - :0123abcd 40200008 8 1 - - - -
		rec E 0 - libc.so.6 1000 8 18446744073709551615 200 - - -
		rec F work.c 5 collatz prog 402019f4 108 9 0
		rec L work.c 9 collatz prog 40201a04+4,40201a4c+12:452 0 9800
		rec L - - memcpy - 40201b04+4 7 9800
		rec E 0 - - 8 4 1 0 a_very_long_function_name_of_more_than_32+4 x.c:1 y.c:2
	} > s
	run --separate-stderr "$fmt" etrace s
	expect 0
	[ "$output" = "$(cat <<-'END'
	         5         40201a4c  collatz+88                       work.c:9 [prog]
	         1         40200000  -                                -
	         1         40200008  -                                -
	         1         40200008  -                                -
	18446744073709551615             1000  -                                - [libc.so.6]
	         0         40201a04  collatz                          work.c:9 [prog]
	       452         40201a4c  collatz                          work.c:9 [prog]
	         7         40201b04  memcpy                           -
	         1                8  a_very_long_function_name_of_more_than_32+4 x.c:1
	END
	)" ]
}

@test "etrace: prefixes and excludes apply to it too" {
	{
		rec E 0 - - 10 4 5 60 f+0 /b/a.c:1 -
		rec E 0 - - 14 4 5 60 f+4 /b/a.c:2 -
		rec E 0 - - 18 4 5 60 g+4 - -
		rec L /b/a.c 2 f prog 14+4 1 0
		rec L /b/a.c 3 f prog 18+4 1 0
	} > s
	echo a.c:2 > x
	run --separate-stderr "$fmt" etrace -s /b -p new -x x s
	expect 0
	[ "$(awk '{ print $2, $4 }' <<< "$output")" = $'10 new/a.c:1\n18 -\n18 new/a.c:3' ]
}

@test "etrace: malformed records are reported and left out" {
	{ rec E 0 - - 10 4 x 60; rec E 0 - - 10; rec E 0 - - 14 4 2 60; rec L a.c 3 f prog 10+4,zz 1 0; rec L a.c 3 f prog - 1 0; } > s
	run --separate-stderr "$fmt" etrace s
	expect 1 $'etrace-fmt: s: line 1: an E record is: *\netrace-fmt: s: 4 records like that were left out\netrace-fmt: what was written is incomplete; see above'
	[ "$(awk '{ print $2 }' <<< "$output")" = $'14\n10' ]
}

@test "etrace: writes what it has before it waits for more" {
	mkfifo in
	"$fmt" etrace -o out.txt in &
	exec 7> in
	rec E 0 - - 10 4 1 60 >&7
	exec 7>&-
	wait $!
	grep -q 10 out.txt
	mkfifo in2 out2
	"$fmt" etrace in2 > out2 &
	exec 8< out2 7> in2
	rec E 0 - - abc 4 1 60 >&7
	read -r -t 5 line <&8
	[[ "$line" == *abc* ]]
	exec 7>&- 8<&-
	wait $!
}

# ---- paths and excludes ----------------------------------------------------------------------

sources() {
	grep ^SF: <<< "$output" | cut -c 4- | paste -sd ' '
}

@test "-s: takes prefixes off at slashes" {
	{ for f in /build/linux/a.c /build/linux-old/b.c /build/c.c d.c /build/linux; do rec L $f 1 f prog 10+4 1 0; done; } > s
	for p in /build/linux /build/linux/; do
		run --separate-stderr "$fmt" lcov -s "$p" s
		expect 0
		[ "$(sources)" = "/build/c.c /build/linux /build/linux-old/b.c a.c d.c" ]
	done
	run --separate-stderr "$fmt" lcov -s /build/linux -s /build s
	expect 0
	[ "$(sources)" = "a.c c.c d.c linux linux-old/b.c" ]
	run --separate-stderr "$fmt" lcov -s / s
	expect 0
	[ "$(sources)" = "build/c.c build/linux build/linux-old/b.c build/linux/a.c d.c" ]
}

@test "-p: goes before relative paths only, after -s" {
	{ for f in /b/a.c /usr/b.h c.c; do rec L $f 1 f prog 10+4 1 0; done; } > s
	for p in new new/; do
		run --separate-stderr "$fmt" lcov -s /b -p "$p" s
		expect 0
		[ "$(sources)" = "/usr/b.h new/a.c new/c.c" ]
	done
	run --separate-stderr "$fmt" lcov -p / s
	expect 0
	[ "$(sources)" = "/b/a.c /c.c /usr/b.h" ]
}

@test "-s: two names of one file become one" {
	{ rec L /b/a.c 1 f prog 10+4 1 0; rec L a.c 1 f prog 20+4 2 0; } > s
	run --separate-stderr "$fmt" lcov -s /b s
	expect 0
	[ "$(sources)" = a.c ]
	[[ "$output" == *"DA:1,3"* ]]
}

@test "./a.c, .//a.c and a.c are one file, to each format and each option; x/../a.c need not be" {
	mkdir sr
	printf '%s\n' 1 2 3 4 5 > sr/a.c
	{
		rec F ./sr/a.c 1 f prog 10 16 1 9
		rec F sr//a.c 1 f prog 10 16 1 9
		rec L sr/a.c 1 f prog 14+4 7 1
		rec L ./sr/a.c 2 f prog 18+4 9 1
		rec L sr//.//a.c 3 f prog 1c+4 11 1
		rec L ././sr/a.c 3 g prog 1c+4 1 1
		rec R ./sr/a.c 3 f prog 1c 4 14 5 6
		rec R sr/a.c 3 f prog 1c 4 14 1 1
	} > s
	run --separate-stderr "$fmt" lcov s
	expect 0
	[ "$(sources)" = sr/a.c ]
	[[ "$output" == *$'FN:1,f\nFNDA:2,f\nFNF:1\nFNH:1\nBRDA:3,0,0,6\nBRDA:3,0,1,7\nBRF:2\nBRH:2\nDA:1,7\nDA:2,9\nDA:3,12\n'* ]]
	run --separate-stderr "$fmt" cachegrind s
	expect 0
	[ "$(grep -c ^fl= <<< "$output")" -eq 1 ]
	run --separate-stderr "$fmt" qcov s
	expect 0
	[ "$(tail -n 5 sr/a.c.qcov)" = $'        7:    1:1\n        9:    2:2\n       12:    3:3\n        -:    4:4\n        -:    5:5' ]
	for s in sr ./sr .//sr/./; do
		run --separate-stderr "$fmt" lcov -s $s -p .//new/ s
		expect 0
		[ "$(sources)" = new/a.c ]
	done
	run --separate-stderr "$fmt" lcov -s . -p . s
	expect 0
	[ "$(sources)" = sr/a.c ]
	for x in ./sr/a.c sr//a.c ./a.c:3 a.c:3; do
		echo "$x" > x
		run --separate-stderr "$fmt" lcov -x x s
		case $x in
		*sr*) expect 1 '*nothing to render*' ;;
		./a.c:3) expect 0; [[ "$output" == *"DA:3,12"* ]] ;;
		*) expect 0; [[ "$output" == *"DA:2,9"* && "$output" != *"DA:3"* ]] ;;
		esac
	done
	rec L sr/../sr/a.c 2 f prog 18+4 9 1 >> s
	rec L /../b/./a.c 2 f prog 18+4 9 1 >> s
	rec L /b/a.c 2 f prog 18+4 9 1 >> s
	run --separate-stderr "$fmt" lcov s
	expect 0
	[ "$(sources)" = "/b/a.c sr/../sr/a.c sr/a.c" ]
}

@test "-s, -p and -o: an empty one is refused" {
	for o in s p o; do
		run --separate-stderr "$fmt" lcov -$o ''
		expect 2 "etrace-fmt: -$o: is empty"
		[ -z "$output" ]
	done
}

@test "-x: lines, ranges and files are left out, and functions that begin there" {
	program
	printf '%s\n' '# comment' '' '  a.cc:5  ' 'src/a.cc:6-9' > x
	run --separate-stderr "$fmt" lcov -x x prog.cov
	expect 0
	[[ "$output" == *$'FN:3,f(int; char)\nFN:11,main\n'* ]]
	[[ "$output" == *$'FNF:2\nFNH:2\nDA:3,3\nDA:11,1\nLF:2\nLH:2\n'* ]]
	[[ "$output" == *"SF:src/b.h"* ]]
	printf 'b.h\r\n' > y
	run --separate-stderr "$fmt" lcov -x x -x y prog.cov
	expect 0
	[[ "$output" != *"SF:src/b.h"* ]]
}

@test "-x: matches before and after -s and -p, at slashes" {
	rec L /build/linux/drivers/foo.c 1 f prog 10+4 1 0 > s
	for x in drivers/foo.c /build/linux/drivers/foo.c foo.c:1 new/drivers/foo.c; do
		echo "$x" > x
		run --separate-stderr "$fmt" lcov -s /build/linux -p new -x x s
		expect 1 'etrace-fmt: nothing to render: no record has a source line that is not excluded'
		[ -z "$output" ]
	done
	for x in oo.c /drivers/foo.c foo.c:2 foo; do
		echo "$x" > x
		run --separate-stderr "$fmt" lcov -s /build/linux -p new -x x s
		expect 0
	done
}

@test "-x: malformed lines are refused" {
	program
	for x in 'a.c:' 'a.c:x' ':3' 'a.c:0' 'a.c:9-3' 'a.c:1-' 'a.c:1-2-3' 'a.c:99999999999'; do
		printf '# ok\n%s\n' "$x" > x
		run --separate-stderr "$fmt" lcov -x x prog.cov
		expect 2 "etrace-fmt: x:2: an exclude is file, file:line or file:from-to, not '$x'"
		[ -z "$output" ]
	done
	run --separate-stderr "$fmt" lcov -x none prog.cov
	expect 1 'etrace-fmt: none: No such file or directory'
}

# ---- output ----------------------------------------------------------------------------------

@test "-o: writes a file, and leaves nothing else behind" {
	program
	echo old > out.info
	chmod 600 out.info
	run --separate-stderr "$fmt" lcov -o out.info prog.cov
	expect 0
	[ -z "$output" ]
	[ "$(cat out.info)" = "$(lcov_of_program)" ]
	[ "$(stat -c %a out.info)" = 600 ]
	[ "$(ls)" = $'out.info\nprog.cov\nsrc' ]
}

@test "-o: the input may be the output" {
	program
	run --separate-stderr "$fmt" etrace -o prog.cov prog.cov
	expect 0
	grep -q 'main .*src/a.cc:11' prog.cov
}

@test "-o: a file is left alone when there is nothing to write" {
	echo old > out.info
	run --separate-stderr "$fmt" lcov -o out.info none
	expect 1 'etrace-fmt: none: No such file or directory'
	[ "$(cat out.info)" = old ]
	run --separate-stderr "$fmt" etrace -o out.info none
	expect 1 'etrace-fmt: none: No such file or directory'
	[ "$(cat out.info)" = old ]
}

@test "-o: devices, pipes and links are written in place" {
	program
	for f in lcov cachegrind etrace; do
		run --separate-stderr "$fmt" $f -o /dev/full prog.cov
		expect 3 'etrace-fmt: /dev/full: No space left on device*'
		[ -c /dev/full ]
	done
	ln -s target link
	run --separate-stderr "$fmt" lcov -o link prog.cov
	expect 0
	[ -L link ]
	[ "$(cat target)" = "$(lcov_of_program)" ]
	run --separate-stderr "$fmt" lcov -o /dev/stdout prog.cov
	expect 0
	[ "$output" = "$(lcov_of_program)" ]
}

@test "-o: a place that cannot be written" {
	program
	run --separate-stderr "$fmt" lcov -o none/out.info prog.cov
	expect 3 'etrace-fmt: none/out.info*: No such file or directory'
	run --separate-stderr "$fmt" lcov -o src prog.cov
	expect 3 'etrace-fmt: src: Is a directory'
}

@test "output on /dev/full is an error of the system" {
	program
	for f in lcov cachegrind etrace; do
		run --separate-stderr bash -c '"$0" "$1" prog.cov > /dev/full' "$fmt" $f
		expect 3 'etrace-fmt: standard output: No space left on device*'
	done
}

@test "a disk that is full leaves no half of a file" {
	program
	for i in {1..1000}; do rec L x.c $i f prog 10+4 1 0; done >> prog.cov
	run --separate-stderr bash -c 'ulimit -f 4; trap "" XFSZ; "$0" lcov -o out.info prog.cov' "$fmt"
	expect 3 'etrace-fmt: out.info: File too large*'
	[ "$(ls)" = $'prog.cov\nsrc' ]
}

@test "a reader that goes away ends it in silence" {
	seq 300000 | awk -v OFS='\t' '{ print "L", "x.c", $1, "f", "prog", $1 "+4", 1, 0 }' > s
	for f in lcov cachegrind etrace; do
		run --separate-stderr bash -c '"$0" "$1" s | head -n 1 > /dev/null; exit ${PIPESTATUS[0]}' "$fmt" $f
		expect 141
	done
}

# ---- input -----------------------------------------------------------------------------------

@test "E records want etrace-cov" {
	program
	rec E 0 - - 10 4 1 60 >> prog.cov
	echo old > out.info
	for f in lcov cachegrind qcov; do
		run --separate-stderr "$fmt" $f -o out.info prog.cov
		expect 1 'etrace-fmt: prog.cov: holds E records, not counts: put etrace-cov before etrace-fmt'
		[ -z "$output" ]
		[ "$(cat out.info)" = old ]
	done
}

@test "a stream without code wants an ELF file" {
	printf '#etrace\t2\nU\t5000\t5008\t-\t5\t60\n' > s
	for f in lcov cachegrind qcov; do
		run --separate-stderr "$fmt" $f s
		expect 1 'etrace-fmt: nothing to render: there are no F or L records; give etrace-sym the ELF file that ran'
		[ -z "$output" ]
		run --separate-stderr "$fmt" $f < /dev/null
		expect 1 'etrace-fmt: nothing to render*'
	done
	run --separate-stderr "$fmt" etrace s
	expect 0
	[ "$output" = "         5             5000  (unexplained)                    -" ]
}

# A tracefile as it is of a stream where something was missing.
incomplete() { sed 's/^TN:$/# Incomplete: some of what ran is not counted\nTN:incomplete/'; }

@test "malformed records are reported and left out" {
	program
	{
		rec L src/a.cc 5 f prog 10+4 1
		rec L src/a.cc 5 f prog 10+4 1 0 0
		rec L src/a.cc five f prog 10+4 1 0
		rec L src/a.cc 5 f prog 10+4 -1 0
		rec L src/a.cc 4294967296 f prog 10+4 1 0
		rec F src/a.cc 3 f prog 0x10 32 1 0
		rec F src/a.cc 3 f prog 10 32 - 0
		rec F src/a.cc 3 f
		rec L src/a.cc 5 f prog - 1 0
		rec R src/a.cc 5 f prog 10 4 20 1
		rec U 5
		rec O prog.elf
	} >> prog.cov
	run --separate-stderr "$fmt" lcov prog.cov
	expect 1 $'etrace-fmt: prog.cov: line 16: an L record is: L file line func in addr+len\\[:count],... count ns, not *\netrace-fmt: prog.cov: 12 records like that were left out\netrace-fmt: the report is incomplete, and says so; see above'
	[ "$output" = "$(lcov_of_program | incomplete)" ]
}

@test "other kinds and comments are ignored" {
	program
	{ echo '# a comment'; echo; echo L; rec Z 1 2; rec Y a.c 1 f 10 1 2; } >> prog.cov
	run --separate-stderr "$fmt" lcov prog.cov
	expect 0
	[ "$output" = "$(lcov_of_program)" ]
}

@test "a last line that is cut short is reported, and the rest rendered" {
	program
	printf 'L\tsrc/a.cc\t5\tf\t10+4\t1\t' >> prog.cov
	run --separate-stderr "$fmt" lcov prog.cov
	expect 1 $'etrace-fmt: prog.cov: the last line, 16, is cut short and was left out\netrace-fmt: the report is incomplete, and says so; see above'
	[ "$output" = "$(lcov_of_program | incomplete)" ]
}

@test "a stream of another version is refused" {
	{ printf '#etrace\t1\n'; rec L x.c 1 f 10+4 1 0; } > s
	for f in lcov etrace; do
		run --separate-stderr "$fmt" $f s
		expect 1 'etrace-fmt: s: line 1: a stream of version 1, *'
		[ -z "$output" ]
	done
}

@test "a file that is missing does not keep the others from being rendered" {
	program
	run --separate-stderr "$fmt" lcov none prog.cov
	expect 1 $'etrace-fmt: none: No such file or directory\netrace-fmt: the report is incomplete, and says so; see above'
	[ "$output" = "$(lcov_of_program | incomplete)" ]
	run --separate-stderr "$fmt" etrace none prog.cov
	expect 1 $'etrace-fmt: none: No such file or directory\netrace-fmt: what was written is incomplete; see above'
	[ "$(wc -l <<< "$output")" -eq 7 ]
}

@test "every byte of a stream may be its last" {
	program
	for ((n = 0; n < $(stat -c %s prog.cov); n += 7)); do
		head -c $n prog.cov > cut.cov
		for f in lcov cachegrind etrace; do
			run --separate-stderr "$fmt" $f cut.cov
			[ "$status" -le 1 ] || { echo "$n bytes, $f: status $status, stderr: $stderr"; return 1; }
		done
	done
}

# ---- command line ----------------------------------------------------------------------------

@test "a format that does not exist, or none" {
	run --separate-stderr "$fmt" gcov x
	expect 2 "etrace-fmt: there is no format 'gcov'; there are"$'\n  lcov *\n  cachegrind *\n  qcov *\n  etrace *'
	[ -z "$output" ]
	run --separate-stderr "$fmt"
	expect 2 $'etrace-fmt: which format? There are\n  lcov *'
	[ -z "$output" ]
}

@test "-h and -V" {
	run --separate-stderr "$fmt" -h
	expect 0
	[ "${lines[0]}" = "usage: etrace-fmt [-hV] [-F name] [-o file] [-t share] [-psx arg] format [file ...]" ]
	[[ "$output" == *$'\n  qcov '* ]]
	run --separate-stderr "$fmt" -V
	expect 0
	[[ "$output" == "etrace-fmt "* ]]
	run --separate-stderr "$fmt" -q
	expect 2 '*invalid option*'
}

@test "an interrupt does not keep the report from being written" {
	mkfifo in
	program
	env --default-signal=INT "$fmt" lcov -o out.info in &	# a shell makes its jobs ignore it
	exec 7> in
	cat prog.cov >&7
	sleep 0.2
	kill -INT $!
	exec 7>&-
	wait $!
	[ "$(cat out.info)" = "$(lcov_of_program)" ]
}

@test "a stream that has no end, or says that it is incomplete: each report says so" {
	program
	{ rec I stream begin; cat prog.cov; } > cut.cov
	{ cat cut.cov; rec I stream incomplete; } > missing.cov
	{ cat cut.cov; rec I stream end; } > whole.cov
	cat cut.cov whole.cov > cut-first.cov
	for s in cut missing cut-first; do
		run --separate-stderr "$fmt" lcov < $s.cov
		[ "$status" -eq 1 ]
		[ "$(head -n 2 <<< "$output")" = $'# Incomplete: some of what ran is not counted\nTN:incomplete' ]
		[ "${stderr_lines[-1]}" = "etrace-fmt: the report is incomplete, and says so; see above" ]
		[ "$s" = missing ] || [ "${stderr_lines[0]}" = "etrace-fmt: standard input: the stream has no end: the program that wrote it was killed, or its output was cut off" ]
	done
	run --separate-stderr "$fmt" lcov missing.cov
	expect 1 $'etrace-fmt: missing.cov: is incomplete; the program that wrote it said why\netrace-fmt: the report is incomplete, and says so; see above'
	run --separate-stderr "$fmt" lcov2 missing.cov
	[ "${lines[1]}" = TN:incomplete ]
	{ rec I counts seen; cat missing.cov; } > seen.cov
	run --separate-stderr "$fmt" lcov seen.cov
	[ "${lines[2]}" = TN:seen_incomplete ]
	run --separate-stderr "$fmt" cachegrind missing.cov
	[ "${lines[1]}" = "desc: Incomplete: some of what ran is not counted" ]
	run --separate-stderr "$fmt" -o q qcov missing.cov
	[ "$status" -eq 1 ]
	[ "$(grep -rl "Counts:exact; incomplete: some of what ran is not counted" q | wc -l)" -ge 1 ]
	# lcov keeps the name.
	"$fmt" -o miss.info lcov missing.cov || true
	lcov -q -a miss.info -o all.info
	grep -qx TN:incomplete all.info
	# A grep that drops facts is no reason to complain; and what is whole is.
	for s in whole prog; do
		run --separate-stderr "$fmt" lcov $s.cov
		expect 0
		[ "$output" = "$(lcov_of_program)" ]
	done
}

@test "summary: lcov's lines of each file, and of all" {
	program
	"$fmt" -o info lcov prog.cov
	run --separate-stderr "$fmt" summary prog.cov
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	awk -F: '/^SF/ { f = $2 } /^LF/ { n = $2; m += n } /^LH/ { h = $2; k += h; print n, h, sprintf("%.1f %%", 100 * h / n), f }
		END { print "executions unexplained\n7 (unexplained) 5000-5008"
			printf "lines: %.1f %% (%d of %d)\n", 100 * k / m, k, m }' info >want
	diff <(sed '1d; s/^ *//; s/  */ /g' <<<"$output") want
	[ "$(wc -l <want)" -eq 5 ]
}
