# SPDX-License-Identifier: GPL-3.0-or-later
# The filters joined: the command lines of etrace(7), live traces, ^C, bad input all the way through.
load lib

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp "$DATA/aa64-O0.etrace" boot.etrace
	cp "$DATA/aa64-O0.elf" vmlinux
}

# da FILE: "source<TAB>line<TAB>count" of a tracefile.
da() { awk -F'[:,]' '/^SF:/ { f = $2 } /^DA:/ { print f "\t" $2 "\t" $3 }' "$1" | LC_ALL=C sort; }

# expected_in FILE: how many of gcov's 34 lines it has.
expected_in() { LC_ALL=C comm -12 <(LC_ALL=C sort "$DATA/aa64-O0.expected") <(da "$1") | wc -l; }

@test "a trace to lcov: gcov's 34 lines exactly" {
	sh_run "set -o pipefail; etrace-cat boot.etrace | etrace-sym vmlinux | etrace-cov | etrace-fmt lcov > cov.info"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ -z "$stderr" ]
	[ "$(expected_in cov.info)" -eq 34 ]
}

@test "a live socket to lcov, etrace-cat first" {
	bash -c "etrace-cat unix:$PWD/s | etrace-sym vmlinux | etrace-cov | etrace-fmt lcov >cov.info" &
	eventually test -S s
	socat -u OPEN:boot.etrace UNIX-CONNECT:s
	wait $!
	[ "$(expected_in cov.info)" -eq 34 ]
}

@test "a live socket to lcov, the emulator first" {
	socat -u OPEN:boot.etrace UNIX-LISTEN:s &
	eventually test -S s
	sh_run "set -o pipefail; etrace-cat unix:$PWD/s | etrace-sym vmlinux | etrace-cov | etrace-fmt lcov"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	printf '%s\n' "$output" >cov.info
	[ "$(expected_in cov.info)" -eq 34 ]
}

@test "one file alone, by grep" {
	sh_run "etrace-cat boot.etrace | etrace-sym vmlinux | grep work.c | etrace-cov | etrace-fmt lcov"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	printf '%s\n' "$output" >cov.info
	[ "$(grep ^SF: cov.info)" = SF:work.c ]
	[ "$(expected_in cov.info)" -eq 29 ]
	# Lines that never ran are there.
	grep -qx DA:50,0 cov.info
}

@test "the hottest blocks, by awk" {
	sh_run "etrace-cat boot.etrace | etrace-sym vmlinux | awk '\$1 == \"E\" { n[\$9] += \$7 } END { for (f in n) print n[f], f }' | sort -rn | head"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 10 ]
	[ "${lines[0]}" = "423 collatz+80" ] || [ "${lines[0]%% *}" -ge 423 ]
}

@test "two runs merged: every count twice" {
	etrace-cat boot.etrace | etrace-sym vmlinux | etrace-cov >run1.cov
	cp run1.cov run2.cov
	sh_run "cat run1.cov run2.cov | etrace-cov | etrace-fmt lcov"
	[ "$status" -eq 0 ]
	printf '%s\n' "$output" >twice.info
	etrace-fmt lcov run1.cov >once.info
	diff <(da once.info | awk -F'\t' -v OFS='\t' '{ print $1, $2, 2 * $3 }') <(da twice.info)
}

@test "^C in the middle of a live trace: what came by then is in the report" {
	# A shell with job control gives the pipeline a process group of its own; env gives SIGINT its
	# meaning, which what runs in the background has not.
	env --default-signal=INT bash -c "set -m
		etrace-cat unix:$PWD/s 2>cat.err | etrace-sym vmlinux | etrace-cov | etrace-fmt lcov >cov.info &
		jobs -p >pgid
		wait" 2>err &
	shell=$!
	eventually test -S s
	# The first part of the trace, ending inside a packet; then an emulator that runs on.
	mkfifo live
	socat -u PIPE:live UNIX-CONNECT:s &
	exec 7>live
	head -c 40000 boot.etrace >&7
	sleep 0.5
	[ ! -s cov.info ]
	kill -INT -- "-$(cat pgid)"
	wait $shell
	exec 7>&-
	[ "$(<cat.err)" = "etrace-cat: unix:$PWD/s: stopped by SIGINT at byte 39992; what came after is not in it" ]
	[ ! -e s ]
	# Nothing of it is in the report that is not in the whole, and most of it is.
	etrace-cat boot.etrace | etrace-sym vmlinux | etrace-cov | etrace-fmt lcov >whole.info
	join -t@ -j1 <(da cov.info | sed 's/\t\([^\t]*\)$/@\1/') <(da whole.info | sed 's/\t\([^\t]*\)$/@\1/') >both
	[ "$(wc -l <both)" -eq "$(da whole.info | wc -l)" ]
	awk -F@ '$2 > $3 { exit 1 } $2 > 0 { hit++ } END { exit hit < 30 }' both
	grep -q '^DA:62,[1-9]' cov.info
}

@test "behind the head of the pipe, the first ^C is waited out and the second one kills" {
	mkfifo never
	for p in "etrace-sym vmlinux" etrace-cov "etrace-fmt lcov"; do
		env --default-signal=INT bash -c "set -m; $p <never >/dev/null 2>&1 & jobs -p >pgid; wait %1; echo \$? >code" &
		shell=$!
		exec 7>never
		eventually test -s pgid
		sleep "${ETRACE_PAUSE:-0.3}"
		kill -INT -- "-$(cat pgid)"
		sleep "${ETRACE_PAUSE:-0.3}"
		kill -0 -- "-$(cat pgid)"
		kill -INT -- "-$(cat pgid)"
		wait $shell || true
		exec 7>&-
		[ "$(cat code)" -eq 130 ]
		rm pgid code
	done
}

@test "cut short, all the way through the pipe: what was decodable is in the report" {
	for n in 0 7 30 44 100 10000 40001; do
		head -c $n boot.etrace >cut
		sh_run "set -o pipefail; etrace-cat cut | etrace-sym vmlinux | etrace-cov | etrace-fmt lcov"
		[ "$status" -eq $((n != 44)) ] || { echo "$n: $status"; return 1; }
		[ "$n" -eq 44 ] || [[ "$stderr" = "etrace-cat: cut: byte "* ]]
		# The map is whole: the lines of the program, hit or not.
		grep -qx DA:50,0 <<<"$output"
	done
	printf '%s\n' "$output" >cov.info
	hit=$(da cov.info | awk -F'\t' '$3 > 0' | wc -l)
	[ "$hit" -gt 20 ]
}

@test "standard input or output that is closed: every filter says so, and writes into no file" {
	etrace-cat boot.etrace | etrace-sym vmlinux >records
	etrace-cov records >counts
	for p in "etrace-sym -e vmlinux" etrace-cov "etrace-fmt lcov"; do
		sh_run "timeout 5 $p <&-"
		[ "$status" -eq 1 ]
		[[ "${stderr_lines[0]}" = "${p%% *}: standard input: is not open for reading" ]]
		sh_run "timeout 5 $p <counts >&-"
		[ "$status" -eq 3 ]
		[ "$stderr" = "${p%% *}: standard output: is not open for writing" ]
	done
	sh_run "etrace-fmt -o cov.info lcov counts <&- >&-"
	[ "$status" -eq 0 ]
	[ "$(expected_in cov.info)" -eq 34 ]
	# A message is not written into the report.
	head -n -1 counts >short
	printf 'L\twork.c' >>short
	sh_run "etrace-fmt -o cov.info lcov short 2>&-"
	[ "$status" -eq 1 ]
	! grep etrace-fmt cov.info || false
}

@test "a stream that is cut off anywhere in a pipeline: each filter behind says so, and its end too" {
	cd "$BATS_TEST_TMPDIR"
	etrace-cat "$DATA/aa64-O0.etrace" >cat.rec
	etrace-sym "$DATA/aa64-O0.elf" <cat.rec >sym.rec
	etrace-cov <sym.rec >cov.rec
	no_end="standard input: the stream has no end: the program that wrote it was killed, or its output was cut off"
	for s in cat sym cov; do
		[ "$(head -n 2 $s.rec | tail -n 1)" = "$BEGIN" ]
		[ "$(tail -n 1 $s.rec)" = "$END" ]
		[ "$(grep -c "^I${TAB}stream" $s.rec)" -eq 2 ]
		head -n -1 $s.rec >$s.cut
	done
	run --separate-stderr etrace-sym "$DATA/aa64-O0.elf" <cat.cut
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-sym: $no_end" ]
	records
	for s in sym cov; do
		run --separate-stderr etrace-cov <$s.cut
		[ "$status" -eq 1 ]
		[ "$stderr" = "etrace-cov: $no_end" ]
		records
	done
	# Killed before it wrote anything.
	run --separate-stderr etrace-sym "$DATA/aa64-O0.elf" </dev/null
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-sym: standard input: is empty: the program that was to write it was killed, or what was between dropped all; -n writes the map alone" ]
	records
	# What one filter said, the others behind it pass on without a word; the last one says what it is of the report.
	sh_run "etrace-sym $DATA/aa64-O0.elf <cat.cut | etrace-cov | etrace-fmt lcov | grep -c ^TN:incomplete; echo \${PIPESTATUS[*]}"
	[ "$output" = $'1\n1 1 1 0' ]
	[ "$stderr" = "etrace-sym: $no_end"$'\n'"etrace-fmt: the report is incomplete, and says so; see above" ]
	# Files are not from here.
	etrace-sym "$DATA/aa64-O0.elf" <cat.cut 2>/dev/null >marked || true
	run --separate-stderr etrace-cov marked cov.rec
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-cov: marked: is incomplete; the program that wrote it said why" ]
	records
	# A grep between may drop both, and nothing is missing then.
	sh_run "grep 'work\.c' sym.rec | etrace-cov | etrace-fmt lcov; echo \$?"
	[ "${lines[-1]}" = 0 ]
	[ -z "$stderr" ]
	cat sym.rec sym.rec | etrace-cov >two.rec
	[ "$(tail -n 1 two.rec)" = "$END" ]
}
