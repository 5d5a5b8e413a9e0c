# SPDX-License-Identifier: GPL-3.0-or-later
# The log of qemu -d exec,nochain: etrace-cat, etrace-sym, and what comes of it.
load lib

LOGS=$DATA/exec-log

setup() { cd "$BATS_TEST_TMPDIR"; }

# The E records of a stream, without the kind: "cpu start size count ns".
blocks() { awk -F'\t' '$1 == "E" { print $2, $5, $6, $7, $8 }'; }

# log LINE...: decodes a log of these lines.
log() {
	printf '%s\n' "$@" >log
	run --separate-stderr etrace-cat log
}

@test "a log of each release: every block, where it began" {
	local f
	for f in "$LOGS"/*.log; do
		run --separate-stderr etrace-cat "$f"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		records
		[ "${lines[0]}" = "$(rec I source exec-log)" ]
		printf '%s\n' "${lines[@]}" | grep -qx "$(rec I counts exact)"
		# Each as often as the log has it, but for what did not run.
		diff <(awk '$1 == "Trace" { split($4, f, "/"); sub(/^0*/, "", f[2]); n[f[2]]++ }
			$1 == "Stopped" { gsub(/[][]/, "", $8); sub(/^0*/, "", $8); n[$8]-- }
			END { for (a in n) print a, n[a] }' "$f" | sort) \
		     <(printf '%s\n' "${lines[@]}" | blocks | awk '{ n[$2] += $4 } END { for (a in n) print a, n[a] }' | sort)
	done
	[ "$f" != "$LOGS/*.log" ]
}

@test "user mode: where the program was loaded" {
	local v
	for v in 7.2:4000001000 10.0:555555557000 11.1:555555557000; do
		run --separate-stderr etrace-cat "$LOGS/${v%:*}-user-x86_64.log"
		[ "$status" -eq 0 ]
		[[ $output = *"$(rec I mode user)"* ]]
		[[ $output = *"$(rec I binary-code "${v#*:}")"* ]]
	done
}

@test "the older spellings; what has no CPU is CPU 0" {
	log "Trace 0x7f0 [00001000] a" "Trace 0x7f0 [3: 0000000000002000] b" "Trace 2: 0x7f0 [0000/00003000/0000a0b3] c" \
	    "Trace 1: 0x7f0 [0000000000000000/00000000ffffffff80001000/0/0] d" "Trace 1: 0x7f0 [0/ffffffff80001000/0/200]"
	[ "$status" -eq 1 ]	# an address of more than 64 bits
	[[ "$stderr" = "etrace-cat: log: byte 103: a line of a block that cannot be read: Trace 1: "* ]]
	[ "$(blocks <<<"$output")" = $'0 1000 - 1 -\n1 ffffffff80001000 - 1 -\n2 3000 - 1 -\n3 2000 - 1 -' ]
}

@test "the size is the distance to the next block of the CPU, if that is near; what repeats is one record" {
	log "Trace 0: 0x1 [0/1000/0/200]" "Trace 1: 0x1 [0/1004/0/200]" "Trace 0: 0x2 [0/1010/0/200]" \
	    "Trace 0: 0x1 [0/1000/0/200]" "Trace 0: 0x2 [0/1010/0/200]" "Trace 0: 0x2 [0/1010/0/200]" \
	    "Trace 0: 0x2 [0/1010/0/200]" "Trace 0: 0x3 [0/9000/0/200]"
	[ "$status" -eq 0 ]
	[ "$(blocks <<<"$output")" = $'0 1000 16 1 -\n0 1010 - 1 -\n0 1000 16 1 -\n0 1010 - 3 -\n0 9000 - 1 -\n1 1004 - 1 -' ]
	[[ $output = *"$(rec I sizes next)"* ]]
	run --separate-stderr etrace-cat -c log
	[ "$status" -eq 0 ]
	[ "$(blocks <<<"$output")" = $'0 1000 16 2 -\n0 1010 - 4 -\n0 9000 - 1 -\n1 1004 - 1 -' ]
	[[ $output = *"$(rec I order none)"* ]]
}

@test "no block goes on after the last address" {
	log "Trace 0: 0x1 [0/fffffffffffffff0/0/200]" "Trace 0: 0x2 [0/0/0/200]" \
	    "Trace 0: 0x1 [0/fffffffffffffff0/0/200]" "Trace 0: 0x3 [0/8/0/200]"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(blocks <<<"$output")" = $'0 fffffffffffffff0 16 1 -\n0 0 - 1 -\n0 fffffffffffffff0 - 1 -\n0 8 - 1 -' ]
}

@test "a block that did not run, and one that was left before a device access" {
	log "Trace 0: 0x1 [0/1000/0/200]" "Trace 1: 0x2 [0/1000/0/200]" "Stopped execution of TB chain before 0x1 [1000] f" \
	    "Trace 0: 0x3 [0/2000/0/200]" "cpu_io_recompile: rewound execution of TB to 0000000000002008" \
	    "Trace 0: 0x4 [0/2008/0/201]" "Trace 0: 0x5 [0/200c/0/200]" \
	    "cpu_io_recompile: rewound execution of TB to 000000000000200c" "Trace 0: 0x6 [0/200c/0/201]" "Trace 0: 0x7 [0/2010/0/200]"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(awk -F'\t' '$1 == "E" || $2 == "sizes" { print $2, $3, $5, $6 }' <<<"$output")" = \
		$'sizes exact  \n0 - 2000 8\nsizes instruction  \n0 - 2008 -\nsizes exact  \n0 - 200c 0\nsizes instruction  \n0 - 200c -\nsizes next  \n0 - 2010 -\n1 - 1000 -' ]
}

@test "chained blocks: counts are not known, which is said" {
	log "Trace 0: 0x1 [0/1000/0/200]" "Trace 0: 0x1 [0/1000/0/0]" "Linking TBs 0x1 index 0 -> 0x2" "Trace 0: 0x1 [0/1000/0/0]"
	[ "$status" -eq 0 ]
	[[ "$stderr" = "etrace-cat: log: byte 28: the log misses executions, since blocks were chained: "*"-d exec,nochain" ]]
	[[ $output = *"$(rec I counts exact)"*"$(rec I counts seen)"* ]]
	[ "$(blocks <<<"$output")" = "0 1000 - - -" ]
}

@test "other lines are skipped, and said once; the guest's output before a block's line" {
	log "IN: main" "0x00001000:  d503201f  nop" "Trace me if you can" "Trace 0: 0x1 [0/1000/0/200] main" \
	    "no newlineTrace 0: 0x1 [0/2000/0/200] f" "bye"
	[ "$status" -eq 0 ]
	[ "$stderr" = "etrace-cat: log: 4 lines are not of -d exec, and were skipped, the first at byte 0" ]
	[ "$(blocks <<<"$output")" = "0 1000 4096 1 -"$'\n'"0 2000 - 1 -" ]
}

@test "cut short anywhere: what was whole is there" {
	local size at n
	head -n 5 "$LOGS/7.2-system-arm.log" >five
	size=$(stat -c %s five)
	for ((at = 72; at < size; at += STEP)); do
		head -c $at five >cut
		run --separate-stderr etrace-cat cut
		n=$(grep -c '^Trace.*]' cut || :)
		[ "$(blocks <<<"$output" | awk '{ n += $4 } END { print n }')" = "$n" ]
		if [ "$(tail -c 1 cut)" = "" ]; then
			[ "$status" -eq 0 ]
			[ -z "$stderr" ]
		else
			[ "$status" -eq 1 ]
			[[ "$stderr" = *"byte $at: the log is cut short, inside its last line"* ]]
		fi
	done
}

@test "live: a block is out when the next one is there, and no more is waited for than a line" {
	mkfifo fifo
	etrace-cat fifo >out &
	local pid=$!
	exec 8>fifo
	printf 'Trace 0: 0x1 [0/10' >&8
	sleep 0.2
	printf '00/0/200] f\nTrace 0: 0x1 [0/2000/0/200] f\nTrace 0: 0x1 [0/1000/0/200] f\n' >&8
	eventually grep -q "^E.0.-.-.1000.4096.1.-" out
	exec 8>&-
	wait $pid
	[ "$(tail -n 1 out)" = "$END" ]
}

@test "-k: logs and etraces from one socket" {
	etrace-cat -k unix:s >out 2>err &
	local pid=$!
	eventually test -S s
	socat -u FILE:"$LOGS/11.1-system-arm.log" UNIX-CONNECT:s
	socat -u FILE:"$DATA/arm-thumb-O1.etrace" UNIX-CONNECT:s
	eventually grep -q etrace-version out
	eventually grep -q source out
	kill -s TERM $pid
	wait $pid || :
	[ "$(grep -c "^E" out)" -gt 100 ]
	[ ! -s err ]
}

@test "-f: what the first bytes do not tell, and what there is" {
	run --separate-stderr etrace-cat -f elf "$LOGS/7.2-system-arm.log"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $stderr == "etrace-cat: -f takes etrace (what etrace-plugin and qemu -etrace write) or exec-log (what qemu -d exec,nochain writes)"*", not 'elf'" ]]
	{ yes 'a line of another log' | head -n 5000 && cat "$LOGS/7.2-system-arm.log"; } >late
	run --separate-stderr etrace-cat late
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-cat: late: byte 0: not a trace; "* ]]
	run --separate-stderr etrace-cat -f exec-log late
	[ "$status" -eq 0 ]
	[ "$(blocks <<<"$output" | awk '{ n += $4 } END { print n }')" -eq 40 ]
	run --separate-stderr etrace-cat -f exec-log "$DATA/arm-thumb-O1.etrace"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"byte 0: no line of it is a block; qemu -d exec,nochain -D FILE writes some"* ]]
	run --separate-stderr etrace-cat -f etrace "$LOGS/7.2-system-arm.log"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"byte 0: no INFO packet at the start"* ]]
}

@test "-t: said, since a log has no times" {
	run --separate-stderr etrace-cat -t "$LOGS/7.2-system-arm.log"
	[ "$status" -eq 0 ]
	[ "$stderr" = "etrace-cat: $LOGS/7.2-system-arm.log: -t: an exec log has no times" ]
}

# ---- where blocks end ------------------------------------------------------------------------

# ends ASSEMBLY-FILE... of an x86-64 ELF at 1000, and E records on standard input: "start size count ns".
asm() { as -o prog.o - && ld -Ttext=0x401000 -o prog prog.o 2>/dev/null; }
ends() { { rec I source exec-log && rec I sizes "${1:-next}" && cat; } | etrace-sym -e prog | awk -F'\t' '$1 == "E" { print $5, $6, $7, $8 }'; }

@test "blocks end with a jump, with their page, or where the CPU went on" {
	[ "$(uname -m)" = x86_64 ] || skip "written for x86-64"
	asm <<-'END'
		.globl _start
		_start:	nop			# 401000
		head:	inc %eax		# 401001
			cmp $9, %eax		# 401003
			jne head		# 401006
			syscall			# 401008
			rep stosb		# 40100a
			call _start		# 40100c
			mov %rax, %cr3		# 401011
			jmp *%rax		# 401014
			.org 0xffe
			nop
			nop
			nop
			ret			# 402001
			.org 0x1ffe
			nop
			mov $1, %eax		# 401fff..., in two pages
			ret
	END
	run --separate-stderr ends <<-END
		$(rec E 0 - - 401000 - 1 -)
		$(rec E 0 - - 401000 1 1 -)
		$(rec E 0 - - 401000 3 1 -)
		$(rec E 0 - - 401001 - 7 -)
		$(rec E 0 - - 401008 2 1 -)
		$(rec E 0 - - 40100a - 5 -)
		$(rec E 0 - - 40100c - 1 -)
		$(rec E 0 - - 401011 3 1 -)
		$(rec E 0 - - 401011 - - -)
		$(rec E 0 - - 401ffe - 1 -)
		$(rec E 0 - - 402ffe - 1 -)
		$(rec E 0 - - 402fff - 1 -)
		$(rec E 0 - - 500000 64 3 -)
	END
	# Of the second and third, one jumped into itself, the other was left within.
	diff <(printf '%s\n' "${lines[@]}") - <<-END
		401000 8 1 4
		401000 8 1 4
		401000 3 1 2
		401001 7 7 21
		401008 2 1 1
		40100a 2 5 5
		40100c 5 1 1
		401011 3 1 1
		401011 5 - -
		401ffe 2 1 2
		402ffe 1 1 1
		402fff 5 1 1
		500000 - 3 -
	END
	run --separate-stderr ends exact <<-END
		$(rec E 0 - - 401000 3 2 -)
		$(rec E 0 - - 401000 0 2 -)
		$(rec E 0 - - 500000 64 3 -)
	END
	[ "$output" = $'401000 3 2 4\n401000 0 2 0\n500000 64 3 -' ]
	run --separate-stderr ends instruction < <(rec E 0 - - 401003 - 2 -)
	[ "$output" = "401003 3 2 2" ]
}

@test "what has no size counts in U, and not at all where etrace-sym was left out" {
	{ rec I source exec-log && rec E 0 - - 1000 - 3 - - - - && rec L a.c 1 f a 10+4 0 0; } >rec
	run --separate-stderr etrace-cov -q rec
	[ "$status" -eq 0 ]
	[[ $output = *"$(rec U 1000 1001 - 3 0)"* ]]
	etrace-cat "$LOGS/7.2-system-arm.log" >rec
	run --separate-stderr etrace-cov rec
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-cov: rec: the trace does not say where blocks end; etrace-sym finds that out: etrace-cat trace | etrace-sym elf | etrace-cov" ]
}

@test "a machine whose blocks' ends are not known: said, status 1" {
	run --separate-stderr bash -c "{ printf 'I\tsizes\tnext\nE\t0\t-\t-\t100\t-\t1\t-\n'; etrace-cat '$DATA/ppc-be-O1.etrace' | grep ^E | sed 5q; } |
		etrace-sym -e '$DATA/ppc-be-O1.elf'"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"ppc-be-O1.elf: the trace says only where blocks begin, and which instructions end one is not known"* ]]
}

@test "the counts of the log are those of the plugin, line for line; user mode" {
	user_mode
	gcc -g -O1 -static -o prog "$TOP/test/exec-log/prog.c"
	qemu-$(uname -m) -plugin "${ETRACE_PLUGIN:-$TOP/bin/etrace-plugin.so},out=t" -d exec,nochain -D log ./prog >said
	etrace-cat t | etrace-sym prog | etrace-cov | grep '^[LF]' >plugin
	etrace-cat log | etrace-sym prog | etrace-cov | grep '^[LF]' >by-log
	etrace-cat -c log | etrace-sym prog | etrace-cov | grep '^[LF]' >folded
	[ "$(grep -c prog.c plugin)" -gt 50 ]
	diff plugin by-log
	diff plugin folded
	# And branches.
	etrace-cat t | etrace-sym -b prog | etrace-cov -b | grep '^R' >plugin
	etrace-cat log | etrace-sym -b prog | etrace-cov -b | grep '^R' >by-log
	[ -s plugin ]
	diff plugin by-log
}

@test "the counts of the log are those of the plugin, line for line; a machine" {
	qemu-system-aarch64 -cpu cortex-a53 -M virt -smp 2 -nodefaults -display none -kernel "$DATA/aa64-smp-O2.elf" \
		-plugin "${ETRACE_PLUGIN:-$TOP/bin/etrace-plugin.so},out=t" -d exec,nochain -D log
	etrace-cat t | etrace-sym "$DATA/aa64-smp-O2.elf" | etrace-cov | lines_of >plugin
	etrace-cat log | etrace-sym "$DATA/aa64-smp-O2.elf" | etrace-cov | lines_of >by-log
	[ -s plugin ]
	# The plugin of a QEMU that tells of exceptions knows where they cut blocks.
	etrace-cat t | grep -q discontinuities || diff plugin by-log
}
