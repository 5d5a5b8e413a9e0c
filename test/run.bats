# SPDX-License-Identifier: GPL-3.0-or-later
# etrace-run: real QEMUs for machines and for programs, with the filters behind them.
load lib

export ETRACE_PLUGIN=${ETRACE_PLUGIN:-$TOP/bin/etrace-plugin.so}
QEMU=qemu-$(uname -m)
VIRT="qemu-system-aarch64 -M virt -cpu cortex-a53 -nodefaults -display none"

# Programs under valgrind or with sanitizers have no etrace-run beside them.
setup_file() {
	mkdir "$BATS_FILE_TMPDIR/bin"
	cp "$TOP/bin/etrace-run" "$BATS_FILE_TMPDIR/bin"
	for p in cat sym cov fmt; do ln -s "$BIN/etrace-$p" "$BATS_FILE_TMPDIR/bin"; done
	cd "$BATS_FILE_TMPDIR"
	cat >prog.c <<-'END'
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <unistd.h>

		int main(int argc, char **argv)
		{
			char line[100];
			int child = 0;

			if (fgets(line, sizeof line, stdin))
				printf("read %s", line);
			fprintf(stderr, "an error\n");
			if (argc > 1 && !strcmp(argv[1], "crash"))
				abort();
			if (argc > 1 && !strcmp(argv[1], "fork") && !(child = fork()))
				return close(0), close(1), close(2), sleep(60);
			if (child)
				printf("%d\n", child);
			if (argc > 1 && !strcmp(argv[1], "env"))
				puts(getenv("PATH"));
			if (argc > 1 && !strcmp(argv[1], "wait"))
				for (puts("up"), fflush(stdout);;)
					pause();
			return argc > 1 ? atoi(argv[1]) : 0;
		}
	END
	gcc -g -static -o prog prog.c
	aarch64-linux-gnu-gcc -g -ffreestanding -nostdlib -static -mgeneral-regs-only -mstrict-align \
		-Wl,-Ttext=0x40200000,--build-id=none -o node "$DATA"/demo/{start.S,node.c,ring.c,crc.c,uart.c}
}

setup() {
	PATH=$BATS_FILE_TMPDIR/bin:$PATH
	cd "$BATS_TEST_TMPDIR"
	ln -s "$BATS_FILE_TMPDIR/prog" "$BATS_FILE_TMPDIR/node" .
}

# Runs etrace-run, which must not hang; standard input is that of the test, or empty.
try() { run --separate-stderr timeout -k 5 100 etrace-run "$@"; }

# da FILE: "source<TAB>line<TAB>count" of a tracefile; hits FILE TEXT: the counts of prog.c's lines with TEXT.
da() { awk -F'[:,]' '/^SF:/ { f = $2; sub(/.*\//, "", f) } /^DA:/ { print f "\t" $2 "\t" $3 }' "$1" | LC_ALL=C sort; }
hits() {
	local n
	for n in $(grep -nF -- "$2" "$BATS_FILE_TMPDIR/prog.c" | cut -d : -f 1); do
		da "$1" | awk -F'\t' -v n="$n" '$1 == "prog.c" && $2 == n { print $3 }'
	done
}

@test "a program to lcov: its input, output, errors and status are its own" {
	try -o cov.info -- $QEMU ./prog 7 <<<"a line"
	[ "$status" -eq 7 ]
	[ "$output" = "read a line" ]
	[ "$stderr" = "an error" ]
	[ "$(hits cov.info printf\(\"read)" -eq 1 ]
	[ "$(hits cov.info 'pause()')" -eq 0 ]
	[ "$(hits cov.info 'return argc')" -eq 1 ]
}

@test "the program is found behind QEMU's options, and sees the environment of the caller" {
	try -o cov.info -- $QEMU -E A=b -L / --cpu max -0 name -s 8000000 -- ./prog env </dev/null
	[ "$status" -eq 0 ]
	[ "$output" = "$PATH" ]
	[ "$stderr" = "an error" ]
	[ "$(hits cov.info getenv)" -eq 1 ]
}

# bats test_tags=qemu:count,qemu:exact
@test "a firmware to lcov: gcov's 34 lines exactly" {
	for o in "" "-O exact=on" "-m exec"; do
		try $o -o cov.info -- $VIRT -serial stdio -kernel "$DATA/aa64-O0.elf" </dev/null
		[ "$status" -eq 0 ]
		[ "$output" = $'start\nok' ]
		[ -z "$stderr" ]
		[ "$(LC_ALL=C comm -12 <(LC_ALL=C sort "$DATA/aa64-O0.expected") <(da cov.info) | wc -l)" -eq 34 ]
	done
}

# bats test_tags=qemu:count
@test "a firmware that a loader loads, with a comma in its name" {
	cp node no,de
	try -o cov.info -- $VIRT -serial stdio -device loader,file=no,,de,cpu-num=0 <"$DATA/demo/session.txt"
	[ "$status" -eq 0 ]
	[ "$output" = $'ok\nagain\nok\nok\n14\nbye' ]
	[ -z "$stderr" ]
	# Three samples were put, and nothing was cleared.
	line() { awk -F: -v t="$1" 'index($0, t) { print FNR }' "$DATA/demo/node.c"; }
	da cov.info | grep -qx "node.c${TAB}$(line 'ring_put(&ring')${TAB}3"
	da cov.info | grep -qx "node.c${TAB}$(line 'ring.n = 0')${TAB}0"
}

@test "each format has a default name, which is said" {
	while read -r format name; do
		try -f "$format" -- $QEMU ./prog 3 </dev/null
		[ "$status" -eq 3 ]
		[ -z "$output" ]
		[ "$stderr" = "an error"$'\n'"etrace-run: wrote $name" ]
		[ -s "$name" ]
	done <<-END
		lcov cov.info
		cachegrind cachegrind.out
		callgrind callgrind.out
		folded out.folded
		calls calls.out
		qcov qcov
		cov etrace.cov
		etrace etrace.out
		records etrace.rec
	END
	grep -q "return argc" "$(find qcov -name prog.c.qcov)"
	etrace-fmt lcov etrace.cov | cmp - cov.info
	etrace-cov etrace.rec | etrace-fmt lcov | cmp - <(sed 's/^TN:.*/TN:/' cov.info)
	grep -q 'main+.*prog\.c' etrace.out
}

# A program whose calls are known, and what it is called by: main work twice, work leaf 3 and 4 times, fact itself 4.
program_with_calls() {
	cat >calls.c <<-'END'
		#define FUNCTION __attribute__((noinline, noclone)) static int
		FUNCTION leaf(int n) { return n + 1; }
		FUNCTION work(int n) { for (int i = 0; i < n; i++) n -= leaf(i) < 0; return n; }
		FUNCTION fact(int n) { return n < 2 ? 1 : n * fact(n - 1); }
		int main(void) { return work(3) + work(4) + fact(5) != 127; }
	END
	gcc -g -static -o calls calls.c
}

# bats test_tags=qemu:exec
@test "calls: callgrind, folded and calls have each with its count, and -k keeps them" {
	user_mode
	program_with_calls
	TMPDIR=$PWD try -k -f callgrind -- $QEMU ./calls
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ "$stderr" = "etrace-run: kept $PWD/etrace-run."*/run.cov*$'\n'"etrace-run: wrote callgrind.out" ]]
	run --separate-stderr callgrind_annotate --inclusive=yes --tree=caller --threshold=100 callgrind.out
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(sed -n 's/.* < .*calls\.c:\(.*x)\).*/\1/p' <<<"$output" | sort)" = $'fact (4x)\nmain (1x)\nmain (2x)\nwork (7x)' ]
	etrace-fmt folded etrace-run.*/run.cov >kept.folded
	try -f folded -- $QEMU ./calls
	[ "$status" -eq 0 ]
	# What comes before main differs by the environment.
	of_main() { sed -n 's/.*;main\b/main/p' "$1"; }
	of_main out.folded | cmp - <(of_main kept.folded)
	[ "$(of_main out.folded | sed 's/ .*//')" = $'main\nmain;fact\nmain;work\nmain;work;leaf' ]
	try -f calls -o - -- $QEMU ./calls
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	diff - <(etrace-fmt -t 0 calls etrace-run.*/run.cov | awk '$NF == "main" { n = 5 } n-- > 0 { print $(NF - 1), $NF }') <<-'END'
		1 main
		2 work
		7 leaf
		1 fact
		fact (recursion)
	END
}

@test "calls: of all that -F follows; and not with -m count" {
	user_mode
	program_with_calls
	try -F -f callgrind -- sh -c "$QEMU ./calls; $QEMU ./calls & wait"
	[ "$status" -eq 0 ]
	[ "$stderr" = "etrace-run: wrote callgrind.out" ]
	grep -A1 '^cfn=leaf' callgrind.out | grep -q '^calls=14 2$'
	for f in callgrind folded calls; do
		try -f $f -m count -- $QEMU ./calls
		[ "$status" -eq 2 ]
		[[ "$stderr" = "etrace-run: -f $f needs the order of what runs, to know what called what: -m exec;"* ]]
	done
}

@test "-o -: standard output is the result, and what the guest says goes to standard error" {
	try -f records -o - -- $QEMU ./prog 4 <<<"a line"
	[ "$status" -eq 4 ]
	[ "${lines[0]}" = "#etrace${TAB}2" ]
	[[ "$output" != *"read a line"* ]]
	[ "$(sort <<<"$stderr")" = $'an error\nread a line' ]
	etrace-cov <<<"$output" | etrace-fmt lcov >cov.info
	[ "$(hits cov.info printf\(\"read)" -eq 1 ]
	# A reader that has enough does no harm.
	sh_run "set -o pipefail; timeout -k 5 100 etrace-run -f etrace -o - -- $QEMU ./prog 4 2>/dev/null </dev/null | head -n 1"
	[ "$status" -eq 4 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "-k keeps the trace and the counts, and says where" {
	TMPDIR=$PWD try -k -o cov.info -- $QEMU ./prog 2 </dev/null
	[ "$status" -eq 2 ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[[ "${stderr_lines[1]}" = "etrace-run: kept $PWD/etrace-run."*/run.cov\ "$PWD/etrace-run."*/run.etrace ]]
	etrace-fmt lcov etrace-run.*/run.cov | cmp - cov.info
	# The order is that of the stream: a live one has the map where it pauses.
	etrace-cat -c etrace-run.*/run.etrace | etrace-sym ./prog | etrace-cov | sort | cmp - <(sort etrace-run.*/run.cov)
}

@test "-p, -s and -x reach etrace-fmt" {
	echo 'prog.c:1-12' >excludes
	try -s "$BATS_FILE_TMPDIR" -p src/ -x excludes -o cov.info -- $QEMU ./prog </dev/null
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$stderr" = "an error" ]
	[ "$(grep ^SF: cov.info)" = SF:src/prog.c ]
	[ "$(da cov.info | head -n 1 | cut -f 2)" -gt 12 ]
}

@test "a crash: 128 and the signal, and the result is there" {
	ulimit -c 0
	try -o cov.info -- $QEMU ./prog crash </dev/null
	[ "$status" -eq 134 ]
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = "an error" ]
	[[ "$stderr" != *etrace-run* ]]
	[ "$(hits cov.info 'abort()')" -eq 1 ]
	[ "$(hits cov.info 'return argc')" -eq 0 ]
}

@test "a child that lives on does not keep the result waiting" {
	SECONDS=0
	try -o cov.info -- $QEMU ./prog fork </dev/null
	[ "$status" -eq 0 ]
	[ "$SECONDS" -lt 50 ]
	kill "$output"
	[ "$(hits cov.info 'return argc')" -eq 1 ]
}

# live QEMU...: etrace-run in a process group of its own, $pid, as a terminal's foreground has one; its
# guest has said something by the end of this, and waits.
live() {
	mkfifo in
	env --default-signal=INT setsid etrace-run -o cov.info -- "$@" <in >out 2>err &
	pid=$!
	exec 7>in
	echo "a line" >&7
	eventually test -s out
	sleep 0.3
}

# The live one's end: its status is in status.
ended() {
	local i
	for ((i = 0; i < 1000; i++)); do
		[ -d "/proc/$pid" ] || break
		sleep 0.05
	done
	exec 7>&-
	status=0
	wait "$pid" || status=$?
}

@test "^C, a program: it ends as it would, and the result is there" {
	live $QEMU ./prog wait
	kill -INT -- "-$pid"
	ended
	[ "$status" -eq 130 ]
	[ "$(cat out)" = $'read a line\nup' ]
	[ "$(cat err)" = "an error" ]
	[ "$(hits cov.info printf\(\"read)" -eq 1 ]
	[ "$(hits cov.info 'pause()')" -ge 1 ]
	[ "$(hits cov.info 'return argc')" -eq 0 ]
}

# bats test_tags=qemu:count
@test "^C, a machine: QEMU ends, and the result is there" {
	live $VIRT -serial stdio -kernel node
	[ "$(cat out)" = again ]
	kill -INT -- "-$pid"
	ended
	[ "$status" -eq 0 ]
	[[ "$(cat err)" = "qemu-system-aarch64: terminating on signal 2"* ]]
	[ "$(wc -l <err)" -eq 1 ]
	# What was executed is the reading of one line, and its CRC.
	grep -q '^FNDA:2,read_line$' cov.info
	grep -q '^FNDA:1,checked$' cov.info
	grep -q '^FNDA:0,command$' cov.info
}

@test "SIGTERM and SIGHUP to etrace-run alone, and to all as timeout has it" {
	for sig in TERM HUP; do
		rm -f in cov.info
		live $QEMU ./prog wait
		kill -s $sig "$pid"
		ended
		[ "$status" -eq $((128 + $(kill -l $sig))) ]
		[ "$(cat err)" = "an error" ]
		[ "$(hits cov.info 'pause()')" -ge 1 ]
	done
	rm -f cov.info
	run --separate-stderr timeout 3 etrace-run -o cov.info -- $QEMU ./prog wait </dev/null
	[ "$status" -eq 124 ]
	[ "$output" = up ]
	[ "$stderr" = "an error" ]
	# timeout does not wait.
	eventually test -s cov.info
	[ "$(hits cov.info 'pause()')" -ge 1 ]
}

@test "a second ^C, once QEMU has ended, ends the rest" {
	# A filter that never does.
	rm -rf slow
	mkdir slow
	cp "$TOP/bin/etrace-run" slow
	ln -s "$BIN"/etrace-{cat,sym,fmt} slow
	printf '#!/bin/sh\ncat >/dev/null; : >counting; exec sleep 60\n' >slow/etrace-cov
	chmod +x slow/etrace-cov
	PATH=$PWD/slow:$PATH
	live $QEMU ./prog wait
	kill -INT -- "-$pid"
	eventually test -e counting
	sleep 0.3
	kill -INT -- "-$pid"
	ended
	[ "$status" -eq 130 ]
	grep -qx 'etrace-run: interrupted before the result was complete' err
	[ ! -e cov.info ]
}

@test "no QEMU, or none that can be executed" {
	run -127 --separate-stderr timeout -k 5 100 etrace-run -o cov.info -- qemu-none ./prog
	[ -z "$output" ]
	[[ "$stderr" = "etrace-run: qemu-none: not found; "* ]]
	# What comes after -- is no option of ours.
	run -127 --separate-stderr timeout -k 5 100 etrace-run -- --version
	[[ "$stderr" = "etrace-run: --version: not found; "* ]]
	echo >qemu-text
	try -o cov.info -- ./qemu-text ./prog
	[ "$status" -eq 126 ]
	[ -z "$output" ]
	[ "$stderr" = "etrace-run: ./qemu-text: cannot be executed" ]
	[ ! -e cov.info ]
}

NO_PLUGINS="has no TCG plugins: tracing by its log, -d exec,nochain, which takes longer"

@test "a QEMU without plugins, and one that ends with 0 and traced nothing" {
	printf '#!/bin/sh\n[ "$1" = -help ] || echo "$@" >args\necho "qemu: oh no" >&2\nexit ${STATUS-0}\n' >qemu-old
	chmod +x qemu-old
	echo precious >cov.info
	echo precious >etrace.rec
	for format in lcov records; do
		STATUS=3 try -f $format -- ./qemu-old -x ./prog </dev/null
		[ "$status" -eq 3 ]
		[ -z "$output" ]
		[ "${stderr_lines[0]}" = "etrace-run: ./qemu-old $NO_PLUGINS" ]
		[ "${stderr_lines[1]}" = "qemu: oh no" ]
		[ "${stderr_lines[2]}" = "etrace-run: there is no trace, and so no result: QEMU ended before the guest ran anything, see above" ]
		[ "${#stderr_lines[@]}" -eq 3 ]
		try -f $format -- ./qemu-old ./prog </dev/null
		[ "$status" -eq 1 ]
	done
	[ "$(cat args)" = "-d exec,nochain,page -D /dev/fd/9 ./prog" ]
	# What is not named as QEMU is not asked for its help.
	mv qemu-old old
	STATUS=3 try -e ./prog -- ./old ./prog </dev/null
	[ "$status" -eq 3 ]
	[ "$(cut -d ' ' -f 1,3- args)" = "-plugin ./prog" ]
	[ "${stderr_lines[1]}" = "etrace-run: there is no trace, and so no result: ./old was built without TCG plugins; Debian's QEMUs for machines have them, and one that is named qemu-... is traced without" ]
	grep -qx precious cov.info
	grep -qx precious etrace.rec
}

# without NAME: a QEMU that is the real one but for its plugins.
without() {
	printf '#!/bin/sh\n[ "$1" != -plugin ] || exit 9\n[ "$1" != -help ] || { %s -help | grep -v plugin; exit; }\nexec %s "$@"\n' \
		"$1" "$1" >qemu-bare
	chmod +x qemu-bare
}

@test "a QEMU without plugins: the log is the trace, and the result the same" {
	without $QEMU
	try -b -o by-plugin -- $QEMU ./prog 5 <<<hello
	[ "$status" -eq 5 ]
	try -b -o by-log -- ./qemu-bare ./prog 5 <<<hello
	[ "$status" -eq 5 ]
	[ "$output" = "read hello" ]
	[ "$stderr" = "etrace-run: ./qemu-bare $NO_PLUGINS"$'\n'"an error" ]
	diff by-plugin by-log
	for mode in count exec; do
		try -m $mode -f records -o $mode -- ./qemu-bare ./prog 5 <<<hello
		[ "$status" -eq 5 ]
		grep -q "^I.source.exec-log" $mode
	done
	grep -q "^I.order.none" count
	! grep -q "^I.order" exec || false
	try -f etrace -o - -- ./qemu-bare ./prog 5 <<<hello
	[ "$status" -eq 5 ]
	[[ $output = *" main+"*"prog.c:"* ]]
}

@test "a QEMU without plugins: what does not go together with its log" {
	without $QEMU
	try -O exact=on -- ./qemu-bare ./prog </dev/null
	[ "$status" -eq 2 ]
	[ "$stderr" = "etrace-run: -O exact=on: is for the plugin, and ./qemu-bare has no TCG plugins" ]
	for option in "-d in_asm" "-D file"; do
		try -- ./qemu-bare -cpu max $option ./prog </dev/null
		[ "$status" -eq 2 ]
		[ "$stderr" = "etrace-run: ./qemu-bare has no TCG plugins, so its log is the trace: leave out its options -d and -D, or run it without etrace-run" ]
	done
	try -o - -- ./qemu-bare ./prog 5 -d </dev/null
	[ "$status" -eq 5 ]
}

@test "the plugin refuses its options: QEMU's status, and the reason" {
	try -O colour=blue -o cov.info -- $QEMU ./prog </dev/null
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ "${stderr_lines[0]}" = "etrace-plugin: there is no option 'colour=blue'"* ]]
	[ "${stderr_lines[-1]}" = "etrace-run: there is no trace, and so no result: QEMU ended before the guest ran anything, see above" ]
	[ ! -e cov.info ]
	# What needs mode=exec has it, unless told otherwise.
	try -O exact=on -o cov.info -- $QEMU ./prog 5 </dev/null
	[ "$status" -eq 5 ]
	[ "$stderr" = "an error" ]
	try -O exact=on -m count -o cov.info -- $QEMU ./prog 5 </dev/null
	[ "$status" -eq 1 ]
	[[ "${stderr_lines[0]}" = "etrace-plugin: mode=count keeps no order"* ]]
}

@test "no ELF file: QEMU is not started, and it is said what to do" {
	echo text >Image
	while read -r want args; do
		try -o cov.info $args </dev/null
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ "$stderr" = "etrace-run: "*"${want//_/ }"* ]] || { echo "$args: $stderr"; return 1; }
	done <<-END
		Image:_not_an_ELF_file;_name_the_one_that_it_was_made_from:_for_a_Linux_kernel,_-e_vmlinux -- $VIRT -kernel Image
		QEMU's_command_line_names_no_ELF_file; -- $VIRT -append x
		./Image:_not_an_ELF_file; -- $QEMU ./Image
		./prog_is_no_QEMU;_put_the_one_that_runs_it_before_it -- ./prog
		none:_no_such_file -- $VIRT -bios none
		-e_none:_no_such_file -e none -- $QEMU ./prog
		-e_Image:_not_an_ELF_file -e Image -- $QEMU ./prog
	END
	[ ! -e cov.info ]
}

# bats test_tags=qemu:count
@test "-e: what QEMU is given need not be an ELF file; elf@bias too" {
	aarch64-linux-gnu-objcopy -O binary node node.bin
	for e in node node@0; do
		try -e $e -o cov.info -- $VIRT -serial stdio -device loader,file=node.bin,addr=0x40200000,cpu-num=0 \
			<"$DATA/demo/session.txt"
		[ "$status" -eq 0 ]
		[ "${lines[5]}" = bye ]
		[ -z "$stderr" ]
		grep -q '^FNDA:3,ring_put$' cov.info
	done
}

@test "a result that failed: 1, unless QEMU has a status of its own" {
	try -o /dev/full -- $QEMU ./prog </dev/null
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"etrace-run: the result is missing or incomplete, see above" ]]
	try -o /dev/full -- $QEMU ./prog 6 </dev/null
	[ "$status" -eq 6 ]
	[[ "$stderr" = *"etrace-run: the result is missing or incomplete, see above" ]]
	try -e "$DATA/ppc-be-O1.elf" -o cov.info -- $QEMU ./prog </dev/null
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"is not the program that ran"*"etrace-run: the result is missing or incomplete, see above" ]]
	# What can be known before is said before.
	try -o no/such/cov.info -- $QEMU ./prog </dev/null
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[ "$stderr" = "etrace-run: no/such/cov.info: there is no directory no/such" ]
}

@test "a filter that is not there: the guest runs on" {
	mkdir alone
	cp "$TOP/bin/etrace-run" alone
	sh_run "PATH=/usr/bin:/bin exec timeout -k 5 100 alone/etrace-run -o cov.info -- $QEMU ./prog 6 <<<'a line'"
	[ "$status" -eq 6 ]
	[ "$output" = "read a line" ]
	[[ "$stderr" = *"etrace-run: the result is missing or incomplete, see above" ]]
}

@test "installed, and called by a link: the plugin is in ../lib/etrace" {
	mkdir -p usr/bin usr/lib/etrace
	cp "$TOP/bin/etrace-run" usr/bin
	ln -s "$BIN"/etrace-{cat,sym,cov,fmt} usr/bin
	ln -s usr/bin/etrace-run er
	sh_run "unset ETRACE_PLUGIN; exec timeout -k 5 100 ./er -o cov.info -- $QEMU ./prog </dev/null"
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[[ "$stderr" = "etrace-run: $PWD/usr/bin/../lib/etrace/etrace-plugin.so: no such plugin; "* ]]
	cp "$ETRACE_PLUGIN" usr/lib/etrace
	sh_run "unset ETRACE_PLUGIN; exec timeout -k 5 100 ./er -o cov.info -- $QEMU ./prog 6 </dev/null"
	[ "$status" -eq 6 ]
	[ "$stderr" = "an error" ]
	[ "$(hits cov.info 'return argc')" -eq 1 ]
}

@test "a command line that is wrong: 2" {
	while read -r want args; do
		try $args
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ "${stderr_lines[0]}" = "etrace-run: ${want//_/ }"* ]] || { echo "$args: $stderr"; return 1; }
		[ "${stderr_lines[1]}" = "Try 'etrace-run -h', or man etrace-run." ]
	done <<-END
		-f_takes_lcov,_ -f gcov -- $QEMU ./prog
		-m_takes_count_or_exec,_not_'both' -m both -- $QEMU ./prog
		-O_out=: -O tb=on,out=x -- $QEMU ./prog
		-f_qcov_writes_a_directory -f qcov -o - -- $QEMU ./prog
		option_requires_an_argument_--_'o' -o
		which_QEMU?
		which_command? -F
		-F_-k_keeps_the_counts,_and_-f_records_has_none -F -k -f records -- true
	END
}

@test "a guest that ran nothing: no report of zeros, but what happened" {
	echo precious >cov.info
	echo 'int main(void) { return 0; }' | gcc -g -x c -o hostprog -
	for mode in count exec; do
		try -m $mode -e hostprog -o cov.info -- qemu-aarch64 ./hostprog </dev/null
		[ "$status" -ne 0 ]
		[ -z "$output" ]
		[[ "${stderr_lines[0]}" = *hostprog* ]]
		[ "${stderr_lines[-1]}" = "etrace-run: there is no trace, and so no result: QEMU ended before the guest ran anything, see above" ]
		[ "${#stderr_lines[@]}" -le 3 ]
		try -m $mode -e node -o cov.info -- $VIRT -serial stdio -kernel no-such-file </dev/null
		[ "$status" -eq 1 ]
		[ "${stderr_lines[-1]}" = "etrace-run: there is no trace, and so no result: QEMU ended before the guest ran anything, see above" ]
	done
	grep -qx precious cov.info
}

# Sets member to the process with this name, as in /proc/PID/comm, of those that the test started.  A nice one
# may not be there yet.
find_member() {
	local p name
	for p in /proc/[0-9]*; do
		{ read -r name <"$p/comm" && [ "$name" = "$1" ] && grep -qzx "MEMBER_OF=$PWD" "$p/environ"; } 2>/dev/null || continue
		member=${p#/proc/}
		return
	done
	return 1
}

# What a test that failed left would keep bats waiting.
teardown() {
	[ -z "${MEMBER_OF-}" ] || ! find_member "$QEMU" || kill "$member"
}

@test "a member of the pipeline that is killed: etrace-run fails and says so, and the report does" {
	export MEMBER_OF=$PWD
	for mode in exec count; do
		for victim in "KILL etrace-writer" "KILL etrace-cat" "TERM etrace-cat" "INT etrace-cat" "KILL etrace-sym" \
			"KILL etrace-cov" "KILL etrace-fmt"; do
			rm -f in cov.info
			mkfifo in
			etrace-run -m $mode -o cov.info -- $QEMU ./prog wait <in >out 2>err &
			pid=$!
			exec 7>in
			echo "a line" >&7
			eventually grep -qx up out
			eventually find_member "${victim#* }"
			kill -s ${victim% *} "$member"
			sleep 0.2
			find_member "$QEMU"
			kill -s TERM "$member"
			ended
			[ "$status" -eq 143 ]
			grep -q "^etrace-run: the result is missing or incomplete, see above" err ||
				{ echo "$mode $victim: nothing said"; cat err; return 1; }
			[ ! -e cov.info ] || grep -qx TN:incomplete cov.info || { echo "$mode $victim: looks whole"; return 1; }
		done
	done
}

# ---- -F --------------------------------------------------------------------------------------

# A program that forks: 500, and 3000 in the child, of times in line 5 and line 8.
forker() {
	cat >forker.c <<-'END'
		#include <sys/wait.h>
		#include <unistd.h>
		int main(void) { volatile int n = 0;
		for (int i = 0; i < 500; i++)
			n++;
		if (!fork()) {
			for (int i = 0; i < 3000; i++)
				n++;
			_exit(0);
		}
		wait(0); return 3; }
	END
	gcc -g -static -o forker forker.c
}
# forked FILE N: whether the lines of forker.c ran N times as often as in one run.
forked() { [ "$(da "$1" | awk -F'\t' '$1 == "forker.c" && ($2 == 5 || $2 == 8) { printf "%d ", $3 }')" = "$((500 * $2)) $((3000 * $2)) " ]; }

@test "-F: QEMUs that a command starts, by a shell, env, timeout, make and xargs, one after the other and at once" {
	forker
	printf 'check: a b\na b: ; -%s ./forker\n' $QEMU >Makefile
	n=0
	for command in "$QEMU ./forker; exit 5" "env A=1 timeout 50 $QEMU ./forker; exit 5" "make -s -j2 check 2>/dev/null; exit 5" \
		"echo 1 2 3 4 | xargs -n 1 -P 4 $QEMU ./forker; exit 5" "$QEMU ./forker & $QEMU ./forker; wait; exit 5"; do
		n=$((n + 1))
		for o in "" "-m exec" -b; do
			rm -f cov.info
			TMPDIR=$PWD try -F $o -o cov.info -- sh -c "$command" <<<"a line"
			[ "$status" -eq 5 ]
			[ -z "$output" ]
			[ -z "${stderr/make: *ignored)}" ]
			# No -e: the traces name the program.
			forked cov.info "$(cut -c $n <<<11242)" || { echo "$command"; da cov.info; return 1; }
			[ -z "$(ls -d etrace-run.* 2>/dev/null)" ]
		done
	done
}

@test "-F: a program whose own QEMU is the command; standard input, output and errors are the command's" {
	gcc -g -static -o static "$BATS_FILE_TMPDIR/prog.c"
	try -F -o cov.info -- $QEMU ./static 7 <<<"a line"
	[ "$status" -eq 7 ]
	[ "$output" = "read a line" ]
	[ "$stderr" = "an error" ]
	[ "$(hits cov.info 'return argc')" -eq 1 ]
	# Each is a trace of its own.
	forker
	try -F -f records -o - -- $QEMU ./forker
	[ "$status" -eq 3 ]
	[ "$(grep -c "^I${TAB}etrace-version" <<<"$output")" -eq 2 ]
	TMPDIR=$PWD try -Fk -o cov.info -- $QEMU ./forker
	[ "$status" -eq 3 ]
	[ "$stderr" = "etrace-run: kept $(echo "$PWD"/etrace-run.*/run.cov)" ]
	etrace-fmt lcov etrace-run.*/run.cov | cmp - cov.info
}

# bats test_tags=qemu:count
@test "-F: QEMUs for machines, by name, and by path where they are the command" {
	one="$VIRT -serial stdio -kernel node <$DATA/demo/session.txt"
	try -F -e node -o cov.info -- sh -c "$one; $one"
	[ "$status" -eq 0 ]
	[ "${lines[5]}" = bye ]
	[ "${lines[11]}" = bye ]
	[ -z "$stderr" ]
	grep -q '^FNDA:6,ring_put$' cov.info
	try -F -e node -o cov.info -- "$(type -P qemu-system-aarch64)" ${VIRT#* } -serial stdio -kernel node <"$DATA/demo/session.txt"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	grep -q '^FNDA:3,ring_put$' cov.info
	# What does not run a guest is as it is without.
	try -F -e node -o cov2.info -- sh -c "qemu-system-aarch64 --version; qemu-system-aarch64 -M help; $QEMU --version" <<<""
	[ "$status" -eq 1 ]
	[[ "${lines[0]}" = "QEMU emulator version"* && "${lines[2]}" = "Supported machines are:" ]]
	[ "${#stderr_lines[@]}" -eq 2 ]
}

@test "-F: nothing to trace: said, with what to do, and a result of an earlier run stays" {
	echo precious >cov.info
	try -F -o cov.info -- sh -c 'echo said; exit 4'
	[ "$status" -eq 4 ]
	[ "$output" = said ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[[ "${stderr_lines[1]}" = "etrace-run: nothing was traced, and so there is no result: the command started no QEMU that has TCG plugins, "* ]]
	try -F -o cov.info -- true
	[ "$status" -eq 1 ]
	grep -qx precious cov.info
	run -127 --separate-stderr timeout -k 5 100 etrace-run -F -o cov.info -- no-such-command
	[ "$stderr" = "etrace-run: no-such-command: not found" ]
}

@test "-F: what the command leaves running is waited for, and ended by ^C" {
	forker
	SECONDS=0
	try -F -o cov.info -- sh -c "(sleep 1; exec $QEMU ./forker) & exit 6"
	[ "$status" -eq 6 ]
	[ -z "$stderr" ]
	forked cov.info 1
	for sig in INT TERM; do
		rm -f cov.info
		env --default-signal=INT setsid etrace-run -F -e ./prog -o cov.info -- sh -c "$QEMU ./prog wait </dev/null & exit 6" >out 2>err 3>&- &
		pid=$!
		eventually grep -q 'etrace-run: the command has ended; waiting for what it started and still runs, which ^C ends' err
		if [ $sig = INT ]; then kill -INT -- "-$pid"; else kill -TERM "$pid"; fi
		ended
		[ "$status" -eq 6 ]
		[ "$(hits cov.info 'pause()')" -ge 1 ]
		[ "$(hits cov.info 'return argc')" -eq 0 ]
	done
}

@test "-f cov and -f records: the file appears when it is whole" {
	for f in cov records; do
		echo precious >result
		rm -rf broken
		mkdir broken
		cp "$TOP/bin/etrace-run" broken
		ln -s "$BIN"/etrace-{cat,sym,cov,fmt} broken
		filter=etrace-cov
		[ $f = cov ] || filter=etrace-sym
		rm broken/$filter
		printf '#!/bin/sh\nhead -c 100; kill -KILL $$\n' >broken/$filter
		chmod +x broken/$filter
		sh_run "broken/etrace-run -f $f -o result -- $QEMU ./prog </dev/null"
		[ "$status" -eq 1 ]
		[[ "$stderr" = *"etrace-run: the result is missing or incomplete, see above" ]]
		[ "$(cat result)" = precious ]
		[ "$(ls result*)" = result ]
		try -f $f -o result -- $QEMU ./prog </dev/null
		[ "$status" -eq 0 ]
		[ "$(tail -n 1 result)" = "$END" ]
		try -f $f -o /dev/null -- $QEMU ./prog </dev/null
		[ "$status" -eq 0 ]
		[ -c /dev/null ]
	done
}

@test "standard input, output or error that is closed is nothing, and no file that is opened later" {
	for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
		rm -f cov.info
		sh_run "timeout 60 etrace-run -o cov.info -- $QEMU ./prog 4 $closed"
		[ "$status" -eq 4 ]
		[ -z "$output" ]
		[[ "$closed" = *'2>&-'* ]] || [ "$stderr" = "an error" ]
		[ "$(hits cov.info 'return argc')" -eq 1 ]
	done
}

@test "shared libraries, one that is loaded twice, PIE and static PIE: lines ran as often as linked statically" {
	local flags how mode l result
	cat >f.c <<-'END'
		int f(int n)
		{
			int s = 0;

			for (int i = 0; i < n; i++)
				s += i % 3;
			return s;
		}
	END
	sed 's/f(/g(/; s/% 3/% 5 == 4 ? 7 : 1/' f.c >g.c
	sed 's/f(/h(/; s/% 3/\& 1/' f.c >h.c
	cat >main.c <<-'END'
		int f(int), h(int);
		int (*load(void))(int);
		void unload(void);
		int main(void)
		{
			int s = f(10) + h(20);

			for (int i = 0; i < 3; i++) {
				s += load()(30 + i);
				unload();
			}
			return s & 63;
		}
	END
	cat >dynamic.c <<-'END'
		#include <dlfcn.h>
		static void *lib;
		int (*load(void))(int)
		{
			lib = dlopen("./libg.so", RTLD_NOW);
			return (int (*)(int))dlsym(lib, "g");
		}
		void unload(void) { dlclose(lib); }
	END
	cat >static.c <<-'END'
		int g(int);
		int (*load(void))(int) { return g; }
		void unload(void) { }
	END
	for l in f g h; do gcc -g -O0 -shared -fPIC -o lib$l.so $l.c; done
	flags='-g -O0'
	gcc $flags -static -o static main.c static.c f.c g.c h.c
	gcc $flags -static-pie -o static-pie main.c static.c f.c g.c h.c
	gcc $flags -no-pie -o no-pie main.c dynamic.c ./libf.so ./libh.so
	gcc $flags -pie -o pie main.c dynamic.c ./libf.so ./libh.so
	./static || result=$?
	for how in static static-pie no-pie pie; do
		for mode in count exec; do
			try -m $mode -o cov.info -- "$QEMU" ./$how
			[ "$status" -eq "$result" ]
			[[ -z "$stderr" || "$stderr" = "etrace-sym: no source lines of "* ]]
			! grep -q 'lib[fgh].so' <<<"$stderr" || false
			da cov.info | grep -P '^(main|f|g|h)\.c\t' >$how.$mode
		done
	done
	grep -qx "f.c${TAB}6${TAB}10" static.count
	grep -qx "g.c${TAB}6${TAB}93" static.count
	[ "$(grep -c "${TAB}0$" static.count)" -eq 0 ]
	for how in static.exec static-pie.{count,exec} no-pie.{count,exec} pie.{count,exec}; do cmp static.count $how; done
}
