# SPDX-License-Identifier: GPL-3.0-or-later
# QEMU's simple trace.  Debian's QEMUs have another backend (log), so traces are made here: the layout is that of
# QEMU's trace/simple.c; what is in the larger ones a QEMU said otherwise, by its log of events or to the plugin.
load lib

setup() { cd "$BATS_TEST_TMPDIR"; }

# simple [>]: a trace (of a big-endian host) with the records that standard input has, a line each: header [VERSION],
# name ID NAME, enter NS CPU START END [PID], exec NS PC, event ID NS LENGTH [ARGUMENT...], dropped N, type N.
# Numbers are decimal or 0x...
simple() {
	perl -e '
		my $o = shift // "<";
		my $q = "Q$o";
		my $head = "$q$q$q" . "L$o" . "L$o";
		sub event { my ($id, $ns, $pid, @v) = @_; pack "$head($q)*", 1, $id, $ns, 24 + 8 * @v, $pid, @v }
		no warnings "portable";
		while (<STDIN>) {
			my ($what, @v) = map { /^0x/ ? hex : $_ } split;
			print $what eq "header" ? pack("$q*", ~0, 0xf2b177cb0aa429b4, $v[0] // 4)
			    : $what eq "name" ? pack("$q${q}L$o/a*", 0, @v)
			    : $what eq "enter" ? event(7, $v[0], $v[4] // 1, @v[1 .. 3])
			    : $what eq "exec" ? event(6, $v[0], 1, 0x7f0000000000 + $v[1], $v[1])
			    : $what eq "dropped" ? event(~0 - 1, 9, 1, $v[0])
			    : $what eq "event" ? pack("$head($q)*", 1, @v[0 .. 2], 1, @v[3 .. $#v])
			    : $what eq "type" ? pack($q, $v[0]) : die "$what?";
		}' -- "$@"
}
names() { printf '%s\n' header "name 0 dma_blk_io" "name 6 exec_tb" "name 7 tb_enter_exec"; }
# trace LINE...: decodes a trace of these events.
trace() {
	{ names && printf '%s\n' "$@"; } | simple >t
	run --separate-stderr etrace-cat t
}

@test "tb_enter_exec: all executions, with the time to the next one of the CPU; the order of bytes is found out" {
	local o
	for o in '<' '>'; do
		{ names
		  printf '%s\n' "enter 1000 0xf00 0x40200800 0x4020080c" "event 0 1001 24" "event 0 1002 40 1 2" \
			"enter 1010 0xf00 0x4020080c 0x40200810" "enter 1012 0xf00 0x4020080c 0x40200810" \
			"enter 1015 0xf00 0xffffffff80001000 0xffffffff80001010" \
			"enter 1021 0xf00 0xfffffff0 0" "enter 1030 0xf00 0xfffffffffffffff8 0"
		} | simple "$o" >t
		run --separate-stderr etrace-cat t
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		records
		diff - <(printf '%s\n' "${lines[@]}") <<-END
			$(rec I source simple-trace)
			$(rec I counts exact)
			$(rec I ns host-time)
			$(rec E 0 - - 40200800 12 1 10)
			$(rec E 0 - - 4020080c 4 2 5)
			$(rec E 0 - - ffffffff80001000 16 1 6)
			$(rec E 0 - - fffffff0 16 1 9)
			$(rec E 0 - - fffffffffffffff8 8 1 -)
		END
	done
}

@test "a CPU is known by its pointer and its process; -t, -c" {
	trace "enter 10 0xa00 0x1000 0x1004" "enter 20 0xb00 0x2000 0x2004" "enter 30 0xa00 0x1000 0x1004" \
	      "enter 35 0xa00 0x1000 0x1004 2" "enter 40 0xb00 0x3000 0x3004" "enter 60 0xa00 0x1008 0x100c"
	[ "$status" -eq 0 ]
	records
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - - 1000 4 2 50)
$(rec E 0 - - 1008 4 1 -)
$(rec E 1 - - 2000 4 1 20)
$(rec E 1 - - 3000 4 1 -)
$(rec E 2 - - 1000 4 1 -)" ]
	run --separate-stderr etrace-cat -t t
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(awk '$1 == "E" { print $2, $3, $5 }' <<<"$output")" = $'0 10 1000\n0 60 1008\n1 20 2000\n1 40 3000\n2 35 1000' ]
	run --separate-stderr etrace-cat -c t
	[ "$status" -eq 0 ]
	records
	[ "$output" = "$(rec I source simple-trace)
$(rec I counts exact)
$(rec I ns host-time)
$(rec I order none)
$(rec E 0 - - 1000 4 2 50)
$(rec E 0 - - 1008 4 1 0)
$(rec E 1 - - 2000 4 1 20)
$(rec E 1 - - 3000 4 1 0)
$(rec E 2 - - 1000 4 1 0)" ]
}

@test "exec_tb alone: what ran, not how often, nor where it ends; beside tb_enter_exec it tells nothing" {
	trace "exec 1 0x2000" "exec 2 0x1000" "exec 3 0x1004" "exec 4 0x2000"
	[ "$status" -eq 0 ]
	[ "$stderr" = "etrace-cat: t: exec_tb tells of few executions: how often a block ran is not known, nor all that ran; etrace-run and qemu -d exec,nochain tell" ]
	records
	[ "$output" = "$(rec I source simple-trace)
$(rec I counts seen)
$(rec I order none)
$(rec I sizes next)
$(rec E 0 - - 1000 - - -)
$(rec E 0 - - 1004 - - -)
$(rec E 0 - - 2000 - - -)" ]
	seen=$output
	run --separate-stderr etrace-cat -c t
	[ "$status" -eq 0 ]
	records
	[ "$output" = "$seen" ]
	trace "exec 1 0x1000" "enter 2 0xa00 0x1000 0x1008" "exec 3 0x3000"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	records
	[ "$(tail -n +2 <<<"$output")" = "$(rec I counts exact)
$(rec I ns host-time)
$(rec E 0 - - 1000 8 1 -)" ]
}

@test "dropped events are said, status 1; all that is there is written" {
	trace "enter 10 0xa00 0x1000 0x1004" "dropped 40" "enter 20 0xa00 0x2000 0x2004" "dropped 2"
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-cat: t: byte 170: QEMU dropped events, since it could not write them fast enough: executions are missing about here; trace fewer events
etrace-cat: t: 42 events were dropped" ]
	records
	[ "$(grep -c ^E <<<"$output")" -eq 2 ]
}

@test "cut short at any byte: what was whole is written, the offset said" {
	local at n size whole
	trace "exec 5 0x500" "enter 10 0xa00 0x1000 0x1004" "enter 20 0xa00 0x2000 0x2004" "enter 30 0xa00 0x1000 0x1004"
	size=$(stat -c %s t)
	for ((at = 9; at < size; at += STEP)); do
		head -c $at t >cut
		run --separate-stderr etrace-cat cut
		records
		n=0
		# The header, three names, exec_tb of 48 bytes, the others of 56.
		whole=$(((at - 24 - 30 - 27 - 33 - 48) / 56))
		((at < 24 + 30 + 27 + 33 + 48 + 56)) || n=$whole
		[ "$(grep -c "^E${TAB}0$TAB-$TAB-$TAB[12]000${TAB}4${TAB}1" <<<"$output")" -eq $n ]
		case $at in
		24 | 54 | 81 | 114)
			[ "$status" -eq 1 ]
			[[ $stderr == "etrace-cat: cut: byte $at: no event of the trace that ends here is a block"* ]]
			;;
		162 | 218 | 274)
			[ "$status" -eq 0 ]
			;;
		*)
			[ "$status" -eq 1 ]
			[[ $stderr == "etrace-cat: cut: byte $at: the trace is cut short, inside the "*" at byte "*"; all before that was decoded"* ]] || { echo "$at: $stderr" >&2; return 1; }
			;;
		esac
	done
	for at in 1 8; do
		head -c $at t >cut
		run --separate-stderr etrace-cat cut
		[ "$status" -eq 1 ]
		[[ $stderr == "etrace-cat: cut: byte 0: not a trace;"* ]]
	done
}

@test "traces one after the other" {
	{ { names && echo "enter 10 0xa00 0x1000 0x1004"; } | simple
	  { printf '%s\n' header "name 7 exec_tb_exit" "name 6 exec_tb" "exec 10 0x2000" "event 7 5 40 1 2"; } | simple '>'; } >t
	run --separate-stderr etrace-cat t
	[ "$status" -eq 0 ]
	records
	[ "$(grep -v '^#' <<<"$output")" = "$(rec I source simple-trace)
$(rec I counts exact)
$(rec I ns host-time)
$(rec E 0 - - 1000 4 1 -)
$(rec I source simple-trace)
$(rec I counts seen)
$(rec I order none)
$(rec I sizes next)
$(rec E 0 - - 2000 - - -)" ]
}

@test "what cannot be: said with its offset, status 1; what came before is written" {
	local ok="enter 10 0xa00 0x1000 0x1004"
	# bad MESSAGE BLOCKS LINE...
	bad() {
		trace "${@:3}"
		[ "$status" -eq 1 ]
		[[ $stderr == "etrace-cat: t: $1"* ]] || { echo "$stderr" >&2; return 1; }
		records
		[ "$(grep -c ^E <<<"$output")" -eq "$2" ]
	}
	bad "byte 170: a record of type 2, which cannot be; what comes after is not decoded" 1 "$ok" "type 2" "$ok"
	bad "byte 170: an event with the length 23, which" 1 "$ok" "event 7 1 23" "$ok"
	bad "byte 170: an event with the length 4294967295, which" 1 "$ok" "event 7 1 4294967295" "$ok"
	bad "byte 170: no name was given for the event with the number 9; such events are left out" 1 "$ok" "event 9 1 24"
	bad "byte 170: no name was given for the event with the number 18446744073709551613; such" 1 "$ok" \
		"event 0xfffffffffffffffd 1 24" "event 9 1 24"
	[[ $stderr == *$'\n'"etrace-cat: t: 2 events were left out" ]]
	bad "byte 170: tb_enter_exec has 24 bytes of arguments, not 16; such events are left out" 2 "$ok" "event 7 1 40 1 2" "$ok" \
		"enter 20 0xa00 0x1004 0x1008"
	bad "byte 170: exec_tb has 16 bytes of arguments, not 0; such" 1 "$ok" "event 6 1 24"
	bad "byte 114: tb_enter_exec with a block from 1000 to 1000; such blocks are given size 0" 2 \
		"enter 10 0xa00 0x1000 0x1000" "enter 20 0xa00 0x1000 0xffffff" "enter 30 0xa00 0x2000 0x2004"
	[[ $stderr == *$'\n'"etrace-cat: t: 2 such blocks" ]]
	# Past the top of the address space, where etrace-sym would take a size for malformed; and 4 GiB too long.
	bad "byte 114: tb_enter_exec with a block from fffffffffffff800 to ff; such" 3 "enter 1 1 0xfffffffffffff800 0xff" \
		"enter 2 1 0xfffffff0 8" "enter 3 1 0x1000 0x100001004"
	[ "$(awk -F'\t' '$1 == "E" { print $6 }' <<<"$output" | sort -u)" = 0 ]
	{ names; for i in {1..300}; do echo "enter $i $i 0x1000 0x1004"; done; } | simple >t
	run --separate-stderr etrace-cat t
	[ "$status" -eq 1 ]
	[[ $stderr == *"byte $((114 + 256 * 56)): tb_enter_exec on more than 256 CPUs; events of the others are left out"*"44 events were left out" ]]
	[ "$(grep -c ^E <<<"$output")" -eq 256 ]
	# A name of 4 GiB, in 20 bytes.
	{ names | simple; unhex "$(le 8 0 5)$(le 4 0xffffffff)"; } >t
	run --separate-stderr etrace-cat t
	[ "$status" -eq 1 ]
	[[ $stderr == "etrace-cat: t: byte 114: a name with the length 4294967295, which cannot be;"* ]]
}

@test "an older version, which has no names; -f with something else" {
	simple <<<"header 3" >t
	run --separate-stderr etrace-cat t
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-cat: t: byte 0: a simple trace of version 3; that of version 4 can be read" ]
	run --separate-stderr etrace-cat -f simple-trace "$DATA/aa64-O0.etrace"
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-cat: $DATA/aa64-O0.etrace: byte 0: no header of a simple trace" ]
}

@test "the executions of an etrace, as tb_enter_exec: the same blocks, live too, and the same counts of lines" {
	etrace-cat "$DATA/aa64-smp-O2.etrace" >by-etrace
	{ names
	  awk -F'\t' '$1 == "E" && $6 { for (i = 0; i < $7; i++) print "enter", ++t, 4096 * ($2 + 1), "0x" $5, 0 + $6 }' by-etrace |
		perl -ane '$F[4] = sprintf "0x%x", hex($F[3]) + $F[4]; print "@F\n"'
	} | simple >t
	run --separate-stderr bash -c 'cat t | etrace-cat'
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	# Of each CPU, in order.
	sequence() { awk -F'\t' -v cpu=$1 '$1 == "E" && $6 && $2 == cpu { for (i = 0; i < $7; i++) print $5, $6 }'; }
	first=$(awk -F'\t' '$1 == "E" && $6 { print $2; exit }' by-etrace)
	[ "$first" = 0 ]
	for cpu in 0 1; do
		[ "$(sequence $cpu <by-etrace | wc -l)" -gt 10 ]
		diff <(sequence $cpu <by-etrace) <(sequence $cpu <<<"$output")
	done
	etrace-sym "$DATA/aa64-smp-O2.elf" <by-etrace | etrace-cov | lines_of >lines
	grep -q "work.c${TAB}10${TAB}423" lines
	for o in '' -c; do
		diff lines <(etrace-cat $o t | etrace-sym "$DATA/aa64-smp-O2.elf" | etrace-cov | lines_of)
	done
}

@test "exec_tb as QEMU logs it: lines that it says ran did, but for a block that was cut" {
	local cmd=(qemu-system-aarch64 -cpu cortex-a53 -M virt -nodefaults -display none -kernel "$DATA/aa64-O0.elf")
	"${cmd[@]}" -trace enable=exec_tb,file=log
	{ names; sed -n 's/.*exec_tb tb:.* pc=\(0x[0-9a-f]*\)$/exec 1 \1/p' log; } | simple >t
	run --separate-stderr etrace-cat t
	[ "$status" -eq 0 ]
	[ "$(grep -c ^E <<<"$output")" -gt 10 ]
	etrace-cat t | etrace-sym "$DATA/aa64-O0.elf" | etrace-cov -f >seen.cov
	grep -qx "$(rec I counts seen)" seen.cov
	lines_of <seen.cov | awk -F'\t' '$3' | cut -f 1,2 >seen
	etrace-cat "$DATA/aa64-O0.etrace" | etrace-sym "$DATA/aa64-O0.elf" | etrace-cov | lines_of | awk -F'\t' '$3' | cut -f 1,2 >ran
	[ "$(wc -l <seen)" -gt 50 ]
	# A load faults and cuts its block, which exec_tb does not tell: the line after it.
	[ "$(comm -23 seen ran)" = "aa64-start.S${TAB}44" ]
}
