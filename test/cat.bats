# SPDX-License-Identifier: GPL-3.0-or-later
# etrace-cat: packets to records.
load lib

HEAD="#etrace${TAB}2"
I0=$(printf 'I\tetrace-version\t0.0\nI\tcounts\texact')

# decode HEX...: runs etrace-cat on these bytes.
decode() {
	unhex "$@" >"$BATS_TEST_TMPDIR/t"
	run --separate-stderr etrace-cat "$BATS_TEST_TMPDIR/t"
	frame
}

@test "a real trace of two CPUs with EXEC, MEM, EVENT and BARRIER" {
	run --separate-stderr etrace-cat "$DATA/aa64-smp-O2.etrace"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	diff <(printf '%s\n' "$output") "$GOLDEN/aa64-smp-O2.records"
}

@test "traces of the plugin, BLOCK with RUN or COUNT: the same counts with -c, and as from EXEC packets" {
	for t in aa64-O0-exec aa64-smp-O2-exec arm-thumb-O1-exec arm-thumb-O1-count; do
		run --separate-stderr etrace-cat "$DATA/blocks/$t.etrace"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		counts=$(etrace-sym "$DATA/${t%-*}.elf" <<<"$output" | etrace-cov | lines_of)
		[ "$(etrace-cat -c "$DATA/blocks/$t.etrace" | etrace-sym "$DATA/${t%-*}.elf" | etrace-cov | lines_of)" = "$counts" ]
		# Two CPUs wait for each other as long as it takes.
		[ $t = aa64-smp-O2-exec ] ||
			[ "$(etrace-cat "$DATA/${t%-*}.etrace" | etrace-sym "$DATA/${t%-*}.elf" | etrace-cov | lines_of)" = "$counts" ]
		[ "$(wc -l <<<"$counts")" -gt 20 ]
	done
}

@test "standard input, by nothing and by -, is the same" {
	a=$(etrace-cat "$DATA/ppc-be-O1.etrace" | cksum)
	[ "$(etrace-cat <"$DATA/ppc-be-O1.etrace" | cksum)" = "$a" ]
	[ "$(etrace-cat - <"$DATA/ppc-be-O1.etrace" | cksum)" = "$a" ]
}

@test "every execution is there: counts of each file add up to its entries" {
	for t in aa64-O0:20 aa64-smp-O2:20 aa64-trunc32:12 arm-thumb-O1:12 ppc-be-O1:12; do
		# An independent reading: od and awk over the packets.
		want=$(od -An -v -tu1 -w1 "$DATA/${t%:*}.etrace" | awk -v size="${t#*:}" '
			{ b[n++] = $1 }
			END { for (o = 0; o < n; o += 8 + len) {
				len = b[o+4] + 256 * (b[o+5] + 256 * (b[o+6] + 256 * b[o+7]))
				if (b[o] == 1 && b[o+1] == 0) e += (len - 8) / size
			} print e }')
		[ "$(etrace-cat "$DATA/${t%:*}.etrace" | awk '$1 == "E" { n += $7 } END { print n }')" -eq "$want" ]
	done
}

@test "repeats of one block become one record; times and order stay" {
	decode "$(info)" "$(arch 64)" "$(exec64 0 1000 5 0x100 0x108 6 0x100 0x108 7 0x200 0x204 8 0x100 0x108)"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - - 100 8 2 11; rec E 0 - - 200 4 1 7; rec E 0 - - 100 8 1 8)" ]
	run --separate-stderr etrace-cat -t "$BATS_TEST_TMPDIR/t"
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 1000 - 100 8 2 11; rec E 0 1011 - 200 4 1 7; rec E 0 1018 - 100 8 1 8)" ]
}

@test "-c: each block of a CPU once, with the sums of its counts and times, by address" {
	for t in aa64-O0 aa64-smp-O2 aa64-trunc32 arm-thumb-O1 ppc-be-O1; do
		etrace-cat "$DATA/$t.etrace" | awk -F'\t' -v OFS='\t' '
			$1 == "E" { k = $2 FS "-" FS $4 FS $5 FS $6; n[k] += $7; ns[k] += $8 }
			END { for (k in n) print "E", k, n[k], ns[k] }' | sort >"$BATS_TEST_TMPDIR/want"
		run --separate-stderr etrace-cat -c "$DATA/$t.etrace"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		grep ^E <<<"$output" | sort | diff - "$BATS_TEST_TMPDIR/want"
		[ "$(grep -c "^I${TAB}order${TAB}none" <<<"$output")" -eq 1 ]
		! grep ^B <<<"$output" || false
	done
	decode "$(info)" "$(arch 64)" "$(exec64 1 0 5 0x200 0x208 1 0x100 0x108)" "$(exec64 0 0 6 0x100 0x10c 7 0x100 0x108)" \
		"$(exec64 1 0 5 0x200 0x208)"
	run --separate-stderr etrace-cat -c "$BATS_TEST_TMPDIR/t"
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - - 100 8 1 7; rec E 0 - - 100 12 1 6; rec E 1 - - 100 8 1 1; rec E 1 - - 200 8 2 10)" ]
}

@test "-c: many blocks, sizes that cannot be, traces one behind the other, -t" {
	all=($(awk 'BEGIN { for (i = 0; i < 3000; i++) print 1, i % 1500 * 4096, i % 1500 * 4096 + 4 }'))
	unhex "$(info)" "$(arch 64)" "$(exec64 0 0 "${all[@]}")" >"$BATS_TEST_TMPDIR/t"
	[ "$(etrace-cat -c "$BATS_TEST_TMPDIR/t" | awk '$1 == "E" && $7 == 2 { n++ } END { print n }')" -eq 1500 ]
	unhex "$(info 1)" "$(arch 64)" "$(exec64 0 0 5 0x100 0x108 5 0x200 0x100)" \
		"$(info)" "$(arch 32)" "$(exec32 0 0 5 0x100 0x108 5 0x100 0x108)" >"$BATS_TEST_TMPDIR/t"
	run --separate-stderr etrace-cat -c "$BATS_TEST_TMPDIR/t"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"a block from 200 to 100"* ]]
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - - 100 8 - 5; rec E 0 - - 200 0 - 5; rec E 0 - - 100 8 2 10)" ]
	run --separate-stderr etrace-cat -c -t "$BATS_TEST_TMPDIR/t"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ "$stderr" = *"-t gives each execution its time, -c adds them up"* ]]
}

@test "a block of a chained trace, and the same of one that is not" {
	decode "$(info 1)" "$(arch 64)" "$(exec64 0 0 5 0x100 0x108)" "$(info)" "$(arch 64)" "$(exec64 0 0 5 0x100 0x108)"
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - - 100 8 - 5; rec E 0 - - 100 8 1 5)" ]
}

@test "high addresses, long times, large unit numbers" {
	decode "$(info)" "$(arch 64)" "$(exec64 1023 0 4294967295 0xffff800008000000 0xffff80000800fffc)"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "$(rec E 1023 - - ffff800008000000 65532 1 4294967295)" ]
}

@test "TB, NOTE, MEM, both EVENTs and BARRIER" {
	decode "$(info)" "$(arch 64)" \
		"$(pkt 2 1 "$(le 8 0x1000 0x2000 0x7f00)$(le 4 4 2)deadbeefcafe")" \
		"$(pkt 2 0 "$(le 8 0x1000 0x2000 0x7f00)$(le 4 4 0)deadbeef")" \
		"$(pkt 3 0 "$(le 8 77)$(str $'tab\there\nnew \\ line \x01')")" \
		"$(pkt 4 2 "$(le 8 78 0 0x9000000 255)$(le 4 1)$(le 1 4 0)$(le 2 0)")" \
		"$(pkt 4 2 "$(le 8 79 0 0x9000004 3)$(le 4 0)$(le 1 1 0)$(le 2 0)")" \
		"$(pkt 7 0 "$(le 8 80 1)$(le 2 0 4 3)$(str gpi)00$(str ev)00")" \
		"$(pkt 8 0 "$(le 4 1)$(le 2 0 0)$(le 8 81 1 0)$(le 2 4 3)$(str gpi)00$(str ev)00")" \
		"$(pkt 8 0 "$(le 4 0)$(le 2 0 0)$(le 8 82 1 9)$(le 2 4 3)$(str gpi)00$(str ev)00")" \
		"$(pkt 6 3 "")"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	diff <(tail -n +6 <<<"$output") - <<EOF
$(rec T 1 :045d4bb3 1000 2000 deadbeef cafe)
$(rec T 0 :045d4bb3 1000 2000 deadbeef -)
$(rec N 0 77 'tab\there\nnew \\ line \x01')
$(rec M 2 78 w 0 9000000 4 255)
$(rec M 2 79 r 0 9000004 1 3)
$(rec V 0 80 gpi ev 1 -)
$(rec V 0 81 gpi ev 1 0)
$(rec V 0 82 gpi ev 1 -)
$(rec B 3)
EOF
}

# discon UNIT TIME FROM TO KIND: a DISCON packet.
discon() { pkt 21 "$1" "$(le 8 "${@:2:3}")$(le 4 "$5")"; }

@test "DISCON: among the blocks of its CPU, of an unknown kind, with -c, byte-swapped" {
	decode "$(info)" "$(arch 64)" "$(blocks 0x100 8 2 0x200 4 1)" "$(run_pkt 0 0 1 1,1)" \
		"$(discon 0 2 0xffff800008000108 0x200 2)" "$(run_pkt 0 2 1 1,2)" "$(discon 0 3 0x204 0x280 1)" \
		"$(discon 7 18446744073709551615 0 0xffffffffffffffff 4)"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep '^[EX]' <<<"$output")" = "$(rec E 0 - - 100 8 1 2; rec X 0 2 exception ffff800008000108 200
		rec E 0 - - 200 4 1 1; rec X 0 3 interrupt 204 280; rec X 7 18446744073709551615 - 0 ffffffffffffffff)" ]
	run --separate-stderr etrace-cat -c "$BATS_TEST_TMPDIR/t"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep ^X <<<"$output")" = "$(rec X 0 2 exception ffff800008000108 200; rec X 0 3 interrupt 204 280
		rec X 7 18446744073709551615 - 0 ffffffffffffffff)" ]
	decode "$(pkt_be 0x4554 0 "$(be 8 0)$(be 2 0 0)")" "$(pkt_be 5 0 "$(be 4 0)4000$(be 2 0)$(be 8 0)")" \
		"$(pkt_be 21 3 "$(be 8 5 0x10 0x20)$(be 4 2)")"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "$(rec X 3 5 exception 10 20)" ]
}

@test "SWITCH: among the blocks of its CPU, with -c, byte-swapped, too short" {
	p=$(pkt 23 0 "$(le 8 2 0xffff000002c81080)")
	decode "$(info)" "$(arch 64)" "$(blocks 0x100 8 2 0x200 4 1)" "$(run_pkt 0 0 1 1,1)" "$p" "$(run_pkt 0 2 1 1,2)" \
		"$(pkt 23 7 "$(le 8 18446744073709551615 0)")"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep '^[EY]' <<<"$output")" = "$(rec E 0 - - 100 8 1 2; rec Y 0 2 ffff000002c81080
		rec E 0 - - 200 4 1 1; rec Y 7 18446744073709551615 0)" ]
	run --separate-stderr etrace-cat -c "$BATS_TEST_TMPDIR/t"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep ^Y <<<"$output")" = "$(rec Y 0 2 ffff000002c81080; rec Y 7 18446744073709551615 0)" ]
	decode "$(pkt_be 0x4554 0 "$(be 8 0)$(be 2 0 0)")" "$(pkt_be 5 0 "$(be 4 0)4000$(be 2 0)$(be 8 0)")" \
		"$(pkt_be 23 3 "$(be 8 5 0x10)")"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "$(rec Y 3 5 10)" ]
	decode "$(info)" "$(arch 64)" "$(pkt 23 0 "${p:16:30}")" "$p"
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-cat: "*"byte 44: SWITCH packet of 15 bytes; it has 16 or more; skipped" ]]
	[ "$(grep ^Y <<<"$output")" = "$(rec Y 0 2 ffff000002c81080)" ]
	for ((n = 1; n < ${#p} / 2; n += STEP)); do
		decode "$(info)" "$(arch 64)" "$p" "${p:0:2*n}"
		[ "$status" -eq 1 ]
		[[ "$stderr" = *"the trace is cut short, inside "* ]]
	done
}

@test "DISCON: too short, and cut at every byte" {
	p=$(discon 0 2 0x108 0x200 2)
	decode "$(info)" "$(arch 64)" "$(pkt 21 0 "${p:16:54}")" "$p"
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-cat: "*"byte 44: DISCON packet of 27 bytes; it has 28 or more; skipped" ]]
	[ "$(grep ^X <<<"$output")" = "$(rec X 0 2 exception 108 200)" ]
	# What a later version appends is no part of it.
	decode "$(info)" "$(arch 64)" "$(pkt 21 0 "${p:16}aabbccdd")"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "$(rec X 0 2 exception 108 200)" ]
	for ((n = 1; n < ${#p} / 2; n += STEP)); do
		decode "$(info)" "$(arch 64)" "$p" "${p:0:2*n}"
		[ "$status" -eq 1 ]
		[[ "$stderr" = *"the trace is cut short, inside "* ]]
		[ "$(grep -c ^X <<<"$output")" -eq 1 ]
	done
}

# map LO HI OFFSET [PATH [BUILD-ID]]: a MAP packet.
map() { pkt 22 0 "$(le 8 "${@:1:3}")$(str "$4")00$(str "$5")00"; }

@test "MAP: of a file, of none, gone; a name that would break a record; with the blocks of either format" {
	id=0123456789abcdef
	decode "$(info)" "$(arch 64)" "$(map 0x1000 0x3000 0x40 $'/lib/a\t\n\\b' $id)" "$(block 0 0x1000 1 1 90)" \
		"$(map 0x8000 0 0 '[anon]')" "$(map 0x1000 0x2000 0)" "$(block 1 0x8000 1 1 91)" "$(run_pkt 0 0 1 1,1)"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	G=("$(rec G 1000 3000 40 '/lib/a\t\n\\b' $id)" "$(rec G 8000 0 0 '[anon]' -)" "$(rec G 1000 2000 0 - -)")
	T=("$(rec T 0 "$(token 90)" 1000 - 90 -)" "$(rec T 0 "$(token 91)" 8000 - 91 -)")
	[ "$(grep '^[GT]' <<<"$output")" = "$(printf '%s\n' "${G[0]}" "${T[0]}" "${G[@]:1}" "${T[1]}")" ]
	# With -c at once, so that etrace-sym has something to do, and again in its place.
	run --separate-stderr etrace-cat -c "$BATS_TEST_TMPDIR/t"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep '^[GT]' <<<"$output")" = "$(printf '%s\n' "${G[@]}" "${G[0]}" "${T[0]}" "${G[@]:1}" "${T[1]}")" ]
	tb() { pkt 2 0 "$(le 8 "$1" 0 0)$(le 4 1 0)$2"; }
	decode "$(info)" "$(arch 64)" "$(map 0x1000 0x3000 0 /a)" "$(tb 0x1000 90)" "$(map 0x1000 0x3000 0 /b)" "$(tb 0x1000 91)"
	run --separate-stderr etrace-cat -c "$BATS_TEST_TMPDIR/t"
	[ "$(grep '^[GT]' <<<"$output" | cut -f 1,4,5 | uniq | tr '\t\n' '  ')" = "G 0 /a T 1000 0 G 0 /b T 1000 0 " ]
	decode "$(pkt_be 0x4554 0 "$(be 8 0)$(be 2 0 0)")" "$(pkt_be 22 0 "$(be 8 0x10 0x20 0x30)$(str /a)0000")"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "$(rec G 10 20 30 /a -)" ]
}

@test "MAP: too short, texts without an end, and cut at every byte" {
	p=$(map 0x1000 0x3000 0x40 /a 01)
	decode "$(info)" "$(arch 64)" "$(pkt 22 0 "$(le 8 1 2 3)00")" "$(pkt 22 0 "$(le 8 1 2 3)$(str abc)00$(str 01)")" \
		"$(pkt 22 0 "$(le 8 1 2 3)$(str abc)")" "$p"
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-cat: "*"byte 44: MAP packet of 25 bytes; it has 26 or more; skipped"* ]]
	[ "$(grep -c "MAP packet of [0-9]* bytes is too short for what it says is in it" <<<"$stderr")" -eq 2 ]
	[ "$(grep ^G <<<"$output")" = "$(rec G 1000 3000 40 /a 01)" ]
	for ((n = 1; n < ${#p} / 2; n += STEP)); do
		decode "$(info)" "$(arch 64)" "$p" "${p:0:2*n}"
		[ "$status" -eq 1 ]
		[[ "$stderr" = *"the trace is cut short, inside "* ]]
		[ "$(grep -c ^G <<<"$output")" -eq 1 ]
	done
}

@test "a byte-swapped file" {
	decode "$(pkt_be 0x4554 0 "$(be 8 0)$(be 2 0 0)")" "$(pkt_be 5 0 "$(be 4 0)2001$(be 2 0)$(be 8 0)")" \
		"$(pkt_be 1 2 "$(be 8 100)$(be 4 5 0x1000 0x1010)$(be 4 6 0x1000 0x1010)")"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$output" = "$(printf '%s\n' "$HEAD" "$I0"; rec I guest-bits 32; rec I guest-endian big
		rec I address-bits 32; rec E 2 - - 1000 16 2 11)" ]
}

@test "traces one behind the other, of different byte order and width" {
	decode "$(info)" "$(arch 32)" "$(exec32 0 0 1 0x10 0x14)" \
		"$(pkt_be 0x4554 0 "$(be 8 0)$(be 2 0 0)")" "$(pkt_be 5 0 "$(be 4 0)4000$(be 2 0)$(be 8 0)")" \
		"$(pkt_be 1 0 "$(be 8 0)$(be 4 5)$(be 8 0x1000 0x1010)")" \
		"$(info)" "$(arch 32)" "$(exec32 0 0 1 0x20 0x24)"
	[ "$status" -eq 0 ]
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - - 10 4 1 1; rec E 0 - - 1000 16 1 5; rec E 0 - - 20 4 1 1)" ]
}

@test "a trace of chained blocks is decoded and says so" {
	decode "$(info 1)" "$(arch 64)" "$(exec64 0 0 1 0x10 0x14)"
	[ "$status" -eq 0 ]
	[ "${lines[2]}" = "$(rec I counts seen)" ]
	# How often is not known: a grep that drops the I record does not drop that.
	[ "${lines[-1]}" = "$(rec E 0 - - 10 4 - 1)" ]
}

@test "20-byte entries though ARCH says 32, and 12-byte ones though it says 64: one warning each" {
	decode "$(info)" "$(arch 32)" "$(exec64 0 0 1 0x40200800 0x40200810 2 0x40200810 0x40200814)"
	[ "$status" -eq 0 ]
	[[ "$stderr" = *"t: byte 44: ARCH said 32 bits, the entries are of 64"* ]]
	[ "${lines[-1]}" = "$(rec E 0 - - 40200810 4 1 2)" ]
	decode "$(info)" "$(arch 64)" "$(exec32 0 0 1 0x40200800 0x40200810 2 0x40200810 0x40200814)"
	[ "$status" -eq 0 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[ "${lines[-1]}" = "$(rec E 0 - - 40200810 4 1 2)" ]
}

@test "a length that fits both widths is decided by what the entries hold" {
	e=(1 0x40200800 0x40200810 2 0x40200810 0x40200814 3 0x40200800 0x40200810 4 0x40200810 0x40200814
		5 0x40200800 0x40200810)
	decode "$(info)" "$(arch 64)" "$(exec32 0 0 "${e[@]}")"
	[ "$status" -eq 0 ]
	[ "$(grep -c ^E <<<"$output")" -eq 5 ]
	decode "$(info)" "$(arch 32)" "$(exec64 0 0 "${e[@]:0:9}")"
	[ "$(grep -c ^E <<<"$output")" -eq 3 ]
}

@test "-w forces the width" {
	unhex "$(info)" "$(arch 64)" "$(exec32 0 0 1 0x10 0x20 1 0x20 0x30 1 0 0)" >"$BATS_TEST_TMPDIR/t"
	run --separate-stderr etrace-cat -w 32 "$BATS_TEST_TMPDIR/t"
	[ "$status" -eq 0 ]
	[ "$(grep -c ^E <<<"$output")" -eq 3 ]
	run --separate-stderr etrace-cat -w 16 "$BATS_TEST_TMPDIR/t"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "$stderr" = "etrace-cat: -w takes 32 or 64, not '16'" ]
}

@test "EXEC before ARCH: decoded, and said" {
	decode "$(info)" "$(exec64 0 0 1 0x40200800 0x40200810)"
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-cat: "*"/t: byte 20: EXEC packet, and no ARCH packet told the width"*"64 bits (-w sets it)" ]]
	[ "${lines[-1]}" = "$(rec E 0 - - 40200800 16 1 1)" ]
}

@test "a width that cannot be: decoded, and said" {
	decode "$(info)" "$(arch 16)" "$(exec32 0 0 1 0x40200800 0x40200810 1 0x40200800 0x40200810)"
	[ "$status" -eq 1 ]
	[[ "${stderr_lines[0]}" = *"byte 20: ARCH packet says 16 bits, not 32 or 64"* ]]
	[ "${lines[-1]}" = "$(rec E 0 - - 40200800 16 2 2)" ]
}

@test "unknown packets are skipped by their length, with one warning a type" {
	decode "$(info)" "$(arch 64)" "$(pkt 99 0 "$(str 'something new')")" "$(pkt 99 0 "")" \
		"$(exec64 0 0 1 0x10 0x14)"
	[ "$status" -eq 0 ]
	[[ "$stderr" = *"byte 44: packets of unknown type 99 are skipped" ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[ "${lines[-1]}" = "$(rec E 0 - - 10 4 1 1)" ]
}

@test "a block of no bytes" {
	decode "$(info)" "$(arch 64)" "$(exec64 0 0 7 0x10 0x10)"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "$(rec E 0 - - 10 0 1 7)" ]
}

@test "a block that ends before it starts: size 0, and said once" {
	decode "$(info)" "$(arch 64)" "$(exec64 0 0 1 0x10 0x14 1 0x30 0x10 1 0x40 0x10)"
	[ "$status" -eq 1 ]
	[[ "${stderr_lines[0]}" = *"byte 44: EXEC packet with a block from 30 to 10;"* ]]
	[ "${lines[-1]}" = "$(rec E 0 - - 40 0 1 1)" ]
}

@test "a block up to the top of the address space ends at 0" {
	unhex "$(info)" "$(arch 32)" "$(exec32 0 0 5 0xfffffffc 0 6 0xfffff000 0xfffff010)" >"$BATS_TEST_TMPDIR/32"
	unhex "$(info)" "$(arch 64)" "$(exec64 0 0 5 0xfffffffffffffffc 0 6 0x100 0x110)" >"$BATS_TEST_TMPDIR/64"
	unhex "$(info)" "$(arch 32)" "$(blocks 0xfffffffc 4 5 0xfffff000 16 6)" "$(count 0 0 4 1 5 1 16 1 6)" \
		>"$BATS_TEST_TMPDIR/32-count"
	unhex "$(info)" "$(arch 64)" "$(blocks 0xfffffffffffffffc 4 5 0x100 16 6)" "$(run_pkt 0 0 2 1,1 1,2)" \
		>"$BATS_TEST_TMPDIR/64-run"
	for t in 32 64 32-count 64-run; do
		case $t in
		32*) want=$(rec E 0 - - fffff000 16 1 6; rec E 0 - - fffffffc 4 1 5) ;;
		64*) want=$(rec E 0 - - 100 16 1 6; rec E 0 - - fffffffffffffffc 4 1 5) ;;
		esac
		for c in "" -c; do
			run --separate-stderr etrace-cat $c "$BATS_TEST_TMPDIR/$t"
			[ "$status" -eq 0 ]
			[ -z "$stderr" ]
			[ "$(grep ^E <<<"$output" | sort)" = "$want" ] || { echo "$t $c: $output"; return 1; }
		done
	done
}

@test "sizes that cannot be, and counts of a chained trace: the same from EXEC and COUNT, with -c and without" {
	unhex "$(info 1)" "$(arch 64)" "$(exec64 0 0 5 0x200 0x204 5 0x100 0x40100 5 0x100 0x40100 6 0x30 0x10)" \
		>"$BATS_TEST_TMPDIR/exec"
	unhex "$(info 1)" "$(arch 64)" "$(blocks 0x100 0x40000 5 0x30 0xffffffe0 6 0x200 4 5)" \
		"$(count 0 0 0 2 10 1 0 1 6 2 4 1 5)" >"$BATS_TEST_TMPDIR/count"
	for t in exec count; do
		for c in "" -c; do
			run --separate-stderr etrace-cat $c "$BATS_TEST_TMPDIR/$t"
			[ "$status" -eq 1 ]
			[ "${#stderr_lines[@]}" -eq 2 ]
			if [ $t = exec ]; then
				[[ "${stderr_lines[0]}" = *"/$t: byte 44: EXEC packet with a block from 100 to 40100; such blocks are given size 0"* ]]
				[[ "${stderr_lines[1]}" = *"/$t: 3 such blocks" ]]
			else
				[[ "${stderr_lines[0]}" = *"/$t: byte 44: BLOCK packet with a block of 262144 bytes at 100; it is given size 0" ]]
				[[ "${stderr_lines[1]}" = *"/$t: byte 72: BLOCK packet with a block of 4294967264 bytes at 30; it is given size 0" ]]
			fi
			[ "$(grep ^E <<<"$output" | sort)" = "$(rec E 0 - - 100 0 - 10; rec E 0 - - 200 4 - 5; rec E 0 - - 30 0 - 6)" ]
		done
	done
}

@test "a block that goes on past the top of the address space is said; one that ends there is none" {
	local top=0xfffffffffffff800
	for w in 64 32; do
		[ $w = 64 ] || top=0xfffff800
		for c in "" -c; do
			for end in 0 0xff; do
				unhex "$(info)" "$(arch $w)" "$(exec$w 0 0 5 $top $end)" >"$BATS_TEST_TMPDIR/t"
				run --separate-stderr etrace-cat $c "$BATS_TEST_TMPDIR/t"
				[ "$status" -eq $((end != 0)) ]
				[ "$(grep ^E <<<"$output" | cut -f 5-)" = "$(rec ${top#0x} $((end ? 0 : 2048)) 1 5)" ]
			done
			[[ "$stderr" = *": byte 44: EXEC packet with a block from ${top#0x} to ff; such blocks are given size 0"* ]]
		done
	done
	unhex "$(info)" "$(arch 64)" "$(blocks 0xfffffffffffff800 2304 5)" >"$BATS_TEST_TMPDIR/t"
	run --separate-stderr etrace-cat "$BATS_TEST_TMPDIR/t"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *": BLOCK packet with a block of 2304 bytes at fffffffffffff800; it is given size 0" ]]
}

@test "a length that lies" {
	# EXEC whose payload is not whole entries: those that are whole are out, and what follows too.
	p=$(exec64 0 0 1 0x10 0x14)
	decode "$(info)" "$(arch 64)" "$(pkt 1 0 "${p:16}aabbcc")" "$(exec64 0 0 1 0x20 0x24)"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"byte 44: EXEC packet of 31 bytes ends with 3 that are no entry" ]]
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - - 10 4 1 1; rec E 0 - - 20 4 1 1)" ]
	# A packet that says it is longer than the file.
	decode "$(info)" "$(arch 64)" "${p:0:8}ffffff7f${p:16}"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"byte 80: the trace is cut short, inside the EXEC packet at byte 44; "* ]]
	[ "${lines[-1]}" = "$(rec E 0 - - 10 4 1 1)" ]
	# Too short for its kind, and names that reach out of their packet.
	decode "$(info)" "$(arch 64)" "$(pkt 4 0 00)" "$(pkt 8 0 "$(le 4 1)$(le 2 0 0)$(le 8 81 1 0)$(le 2 400 3)aabb")" "$p"
	[ "$status" -eq 1 ]
	[[ "${stderr_lines[0]}" = *"byte 44: MEM packet of 1 bytes; it has 40 or more; skipped" ]]
	[[ "${stderr_lines[1]}" = *"byte 53: EVENT packet of 38 bytes is too short for what it says is in it" ]]
	[ "${lines[-1]}" = "$(rec E 0 - - 10 4 1 1)" ]
	# No MEM has 2 MB.
	decode "$(info)" "$(le 2 4 0)$(le 4 2000000)"
	[ "$status" -eq 1 ]
	[[ "${stderr_lines[0]}" = *"byte 20: MEM packet of 2000000 bytes cannot be; skipped" ]]
}

# cut_at FROM TO: a trace cut after each number of bytes; all whole entries are out, and it is said.
cut_at() {
	local f=$DATA/aa64-smp-O2.etrace
	# How many entries and how many packets are whole in the first n bytes, read with od and awk.
	od -An -v -tu1 -w1 -N 2000 "$f" | awk -v from="$1" -v to="$2" -v step="$STEP" '
		{ b[n++] = $1 }
		END { for (o = 0; o < n; o += 8 + len) {
			len = b[o+4] + 256 * (b[o+5] + 256 * (b[o+6] + 256 * b[o+7]))
			bound[o] = 1
			if (b[o] == 1 && b[o+1] == 0)
				for (i = o + 16; i + 20 <= o + 8 + len; i += 20) done[i + 20] = 1
		} for (i = 0; i <= to; i++) {
			e += done[i]
			if (i >= from && i % step == 0) print i, e + 0, bound[i] + 0
		} }' >"$BATS_TEST_TMPDIR/want"
	# In perl, which starts one process where a shell starts four; what goes through the pipes fits them.
	perl -e '
		open my $trace, "<:raw", shift or die;
		read $trace, my $bytes, 2000;
		while (<STDIN>) {
			my ($n, $entries, $whole) = split;
			pipe my $in, my $cut or die;
			pipe my $out, my $stdout or die;
			pipe my $err, my $stderr or die;
			syswrite $cut, substr $bytes, 0, $n;
			close $cut;
			unless (fork // die) {
				open STDIN, "<&", $in and open STDOUT, ">&", $stdout and open STDERR, ">&", $stderr and
					exec "etrace-cat";
				die;
			}
			close $stdout;
			close $stderr;
			my $got = 0;
			/^E\t/ and $got += (split /\t/)[6] while <$out>;
			my $said = join "", <$err>;
			wait;
			my $status = $? & 127 ? "signal " . ($? & 127) : $? >> 8;
			next if $got == $entries && $status eq ($n == 0 || !$whole) + 0 && ($said ne "") == ($status ne 0);
			print "cut at $n: $got entries, not $entries; status $status\n$said";
			exit 1;
		}' "$f" <"$BATS_TEST_TMPDIR/want"
}

@test "cut at every byte of its first 1,000: all whole entries are out, and it is said" {
	cut_at 0 1000
}

@test "cut at every byte of its second 1,000: all whole entries are out, and it is said" {
	cut_at 1000 2000
}

@test "what is no trace: a message that says what to do, status 1" {
	cd "$BATS_TEST_TMPDIR"
	run --separate-stderr etrace-cat missing.etrace
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-cat: missing.etrace: No such file or directory" ]
	run --separate-stderr etrace-cat .
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-cat: .: is a directory, not a file" ]
	: >empty
	run --separate-stderr etrace-cat empty
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-cat: empty: byte 0: the trace is empty; record one with "* ]]
	frame
	[ "$output" = "$HEAD" ]
	echo 'int main(void) { return 0; }' >text.c
	run --separate-stderr etrace-cat text.c
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-cat: text.c: byte 0: not a trace; record one with "* ]]
	run --separate-stderr etrace-cat "$DATA/aa64-O0.elf"
	[[ "$stderr" = *"not a trace; it is an ELF file; etrace-sym takes those" ]]
	etrace-cat "$DATA/aa64-O0.etrace" >records
	run --separate-stderr etrace-cat records
	[[ "$stderr" = *"it is a record stream already"* ]]
	zstd -q "$DATA/aa64-O0.etrace" -o t.zst
	run --separate-stderr etrace-cat t.zst
	[[ "$stderr" = *"it is zstd-compressed: zstd -dc FILE | etrace-cat" ]]
}

@test "no INFO at the start, but packets: decoded, and said" {
	decode "$(arch 64)" "$(exec64 0 0 1 0x10 0x14)"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"byte 0: no INFO packet at the start, but ARCH; decoding" ]]
	[ "${lines[-1]}" = "$(rec E 0 - - 10 4 1 1)" ]
}

@test "usage errors" {
	run --separate-stderr etrace-cat a b
	[ "$status" -eq 2 ]
	run --separate-stderr etrace-cat -x
	[ "$status" -eq 2 ]
	[[ "$stderr" = *"Try 'etrace-cat -h'"* ]]
	run --separate-stderr etrace-cat -k file
	[ "$status" -eq 2 ]
	[ "$stderr" = "etrace-cat: -k is for a socket, unix:PATH" ]
}

@test "a full disk is status 3; a reader that went away ends it silently" {
	sh_run "etrace-cat '$DATA/aa64-O0.etrace' >/dev/full"
	[ "$status" -eq 3 ]
	[ "$stderr" = "etrace-cat: standard output: No space left on device; what was written is incomplete" ]
	sh_run "etrace-cat '$DATA/ppc-be-O1.etrace' '$DATA/ppc-be-O1.etrace' | true; echo \${PIPESTATUS[0]}"
	sh_run "(while cat '$DATA/ppc-be-O1.etrace'; do :; done) 2>/dev/null | etrace-cat | head -1; echo \${PIPESTATUS[1]}"
	[ "${lines[0]}" = "$HEAD" ]
	[ "${lines[1]}" -eq 141 ]
	[ -z "$stderr" ]
}

@test "a socket: etrace-cat first, the emulator connects" {
	s=$BATS_TEST_TMPDIR/s
	etrace-cat "unix:$s" >"$BATS_TEST_TMPDIR/out" &
	eventually test -S "$s"
	socat -u "OPEN:$DATA/aa64-O0.etrace" "UNIX-CONNECT:$s"
	wait $!
	etrace-cat "$DATA/aa64-O0.etrace" | cmp - "$BATS_TEST_TMPDIR/out"
	[ ! -e "$s" ]
}

@test "a socket: the emulator first, etrace-cat connects" {
	s=$BATS_TEST_TMPDIR/s
	socat -u "OPEN:$DATA/aa64-O0.etrace" "UNIX-LISTEN:$s" &
	eventually test -S "$s"
	run --separate-stderr etrace-cat "unix:$s"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$output" = "$(etrace-cat "$DATA/aa64-O0.etrace")" ]
}

@test "a socket: one that is stale is replaced; what is not a socket is left alone" {
	s=$BATS_TEST_TMPDIR/s
	socat -u "UNIX-LISTEN:$s,unlink-close=0" OPEN:/dev/null &
	eventually test -S "$s"
	kill -9 $!
	wait $! || true
	[ -S "$s" ]
	etrace-cat "unix:$s" >"$BATS_TEST_TMPDIR/out" &
	eventually socat -u "OPEN:$DATA/aa64-O0.etrace" "UNIX-CONNECT:$s"
	wait $!
	etrace-cat "$DATA/aa64-O0.etrace" | cmp - "$BATS_TEST_TMPDIR/out"
	echo precious >"$s"
	run --separate-stderr etrace-cat "unix:$s"
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-cat: unix:$s: is there and is not a socket; name another path, or remove it" ]
	[ "$(cat "$s")" = precious ]
}

@test "a socket: the emulator unlinks ours and listens at its own: we connect there" {
	s=$BATS_TEST_TMPDIR/s
	etrace-cat "unix:$s" >"$BATS_TEST_TMPDIR/out" &
	cat=$!
	eventually test -S "$s"
	socat -u "OPEN:$DATA/aa64-O0.etrace" "UNIX-LISTEN:$s,unlink-early" &
	wait $!
	wait $cat
	etrace-cat "$DATA/aa64-O0.etrace" | cmp - "$BATS_TEST_TMPDIR/out"
}

@test "a socket whose directory is missing, or whose name is too long" {
	run --separate-stderr etrace-cat "unix:$BATS_TEST_TMPDIR/no/s"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"cannot make the socket: No such file or directory" ]]
	run --separate-stderr etrace-cat "unix:$(printf '%0200d' 0)"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"a socket's path has 1 to 107 bytes" ]]
}

# ---- -k --------------------------------------------------------------------------------------

# keep OPTION...: etrace-cat -k at the socket s, with its output in out and its messages in err; its process is $cat.
keep() {
	cd "$BATS_TEST_TMPDIR"
	etrace-cat -k "$@" "unix:$PWD/s" >out 2>err &
	cat=$!
	eventually test -S s
}
held=()
send() { timeout 30 socat -u "FILE:$1" "UNIX-CONNECT:$PWD/s"; }
# hold NAME: a client whose trace is what is written to the descriptor in $fd.
hold() {
	mkfifo "$1"
	(
		for fd in "${held[@]}"; do exec {fd}>&-; done
		exec timeout 30 socat -u "OPEN:$1,rdonly" "UNIX-CONNECT:$PWD/s"
	) 3>&- &
	exec {fd}>"$1"
	held+=($fd)
}
stop() {
	kill -s "${1:-INT}" $cat
	status=0
	wait $cat || status=$?
	[ ! -e s ]
}
# The traces in out, as "records checksum" lines, in order of size; and those of files.
traces() {
	rm -rf split && mkdir split
	awk '/^#|^I\tstream/ { next } /^I\tetrace-version/ { n++ } { print >("split/" n) }' "${1:-out}"
	for i in split/*; do sort "$i" | cksum; done | sort
}
records_of() { etrace-cat "$@" | grep -v "^#\|^I${TAB}stream"; }
traces_of() { records_of "$@" | sort | cksum; }
in_out() { [ "$(grep -c "$1" out)" -eq "$2" ]; }

@test "-k takes one connection after the other until it is stopped" {
	keep
	for i in 1 2 3; do send "$DATA/aa64-O0.etrace"; done
	eventually in_out ^E $((3 * $(etrace-cat "$DATA/aa64-O0.etrace" | grep -c ^E)))
	stop
	[ "$status" -eq 0 ]
	[ ! -s err ]
	in_out '^#' 1
}

@test "-k: several at once, each whole and apart, with -c too" {
	for c in "" -c; do
		keep $c
		clients=()
		for t in aa64-O0 aa64-smp-O2 aa64-trunc32 arm-thumb-O1 ppc-be-O1; do
			send "$DATA/$t.etrace" &
			clients+=($!)
		done
		for i in "${clients[@]}"; do wait "$i"; done
		stop
		[ "$status" -eq 0 ]
		[ "$(sed "s,^etrace-cat: unix:$PWD/s,," err)" = "$(etrace-cat "$DATA/aa64-trunc32.etrace" 2>&1 >/dev/null |
			sed "s,^etrace-cat: $DATA/aa64-trunc32.etrace,,")" ]
		for t in aa64-O0 aa64-smp-O2 aa64-trunc32 arm-thumb-O1 ppc-be-O1; do
			traces_of $c "$DATA/$t.etrace" 2>/dev/null
		done | sort | diff - <(traces)
		in_out '^#' 1
	done
}

@test "-k: the first is live, and the second is read to its end though the first goes on" {
	for i in 1 2 3 4 5; do cat "$DATA/ppc-be-O1.etrace"; done >"$BATS_TEST_TMPDIR/long"	# more than a socket holds
	keep
	hold first
	head -c 30000 "$DATA/aa64-O0.etrace" >&$fd
	eventually in_out etrace-version 1
	send long
	tail -c +30001 "$DATA/aa64-O0.etrace" >&$fd
	exec {fd}>&-
	eventually in_out etrace-version 6
	stop
	[ "$status" -eq 0 ]
	[ ! -s err ]
	{ traces_of "$DATA/aa64-O0.etrace"; for i in 1 2 3 4 5; do traces_of "$DATA/ppc-be-O1.etrace"; done; } | sort |
		diff - <(traces)
}

@test "-k: one that came while another was read is live once that has ended" {
	keep
	hold first
	a=$fd
	cat "$DATA/arm-thumb-O1.etrace" >&$a
	eventually in_out etrace-version 1
	hold second
	head -c 30000 "$DATA/aa64-O0.etrace" >&$fd
	sleep 0.2
	in_out etrace-version 1
	exec {a}>&-
	eventually in_out etrace-version 2
	tail -c +30001 "$DATA/aa64-O0.etrace" >&$fd
	exec {fd}>&-
	eventually in_out ^E $(($(etrace-cat "$DATA/aa64-O0.etrace" | grep -c ^E) + $(etrace-cat "$DATA/arm-thumb-O1.etrace" | grep -c ^E)))
	stop
	[ "$status" -eq 0 ]
	[ ! -s err ]
	{ traces_of "$DATA/aa64-O0.etrace"; traces_of "$DATA/arm-thumb-O1.etrace"; } | sort | diff - <(traces)
}

@test "-k: many short ones while a long one is read, in a row and at once" {
	keep
	unhex "$(info)" "$(arch 64)" "$(exec64 0 0 1 0x10 0x14)" >short
	hold first
	head -c 30000 "$DATA/aa64-O0.etrace" >&$fd
	eventually in_out etrace-version 1
	# More at once than are decoded at once.
	for close in 'close $s' 'push @s, $s'; do
		perl -MSocket -e '
			local $/;
			my @s;
			my $trace = <STDIN>;
			for (1 .. 200) {
				my $s;
				socket($s, AF_UNIX, SOCK_STREAM, 0) && connect($s, sockaddr_un($ARGV[0])) or die $!;
				syswrite $s, $trace;
				'"$close"';
			}' "$PWD/s" <short
	done
	exec {fd}>&-
	eventually in_out etrace-version 401
	stop
	[ "$status" -eq 1 ]
	[[ "$(<err)" = "etrace-cat: unix:$PWD/s: byte 30000: the trace is cut short, inside the EXEC packet"* ]]
	[ "$(grep -c "^E${TAB}0${TAB}-${TAB}-${TAB}10${TAB}4${TAB}1${TAB}1$" out)" -eq 400 ]
	awk '/^I\tetrace-version/ && last !~ /^E|^I\tstream/ { exit 1 } { last = $0 }' out
}

# over CAT: waits until the process has ended, and leaves its status.
over() {
	status=0
	wait "$1" || status=$?
	[ ! -e s ]
}

@test "-ke: the end of standard input is its own, but for traces that are under way, and those that come meanwhile" {
	cd "$BATS_TEST_TMPDIR"
	mkfifo in
	etrace-cat -kce "unix:$PWD/s" <in >out 2>err &
	cat=$!
	exec {in}>in
	eventually test -S s
	send "$DATA/arm-thumb-O1.etrace"
	hold long
	head -c 30000 "$DATA/aa64-O0.etrace" >&$fd
	# What stands there says nothing.
	echo text >&$in
	exec {in}>&-
	sleep 0.3
	[ -S s ]
	send "$DATA/ppc-be-O1.etrace"
	tail -c +30001 "$DATA/aa64-O0.etrace" >&$fd
	exec {fd}>&-
	over $cat
	[ "$status" -eq 0 ]
	[ ! -s err ]
	in_out '^#' 1
	for t in aa64-O0 arm-thumb-O1 ppc-be-O1; do traces_of -c "$DATA/$t.etrace"; done | sort | diff - <(traces)
}

@test "-ke: a connection on which nothing comes is none; without a trace nothing is written, which is said" {
	cd "$BATS_TEST_TMPDIR"
	mkfifo in
	for n in 0 1; do
		etrace-cat -ke "unix:$PWD/s" <in >out 2>err &
		cat=$!
		exec {in}>in
		eventually test -S s
		hold nothing
		a=$fd
		send /dev/null
		[ $n = 0 ] || send "$DATA/arm-thumb-O1.etrace"
		send /dev/null
		exec {a}>&-
		exec {in}>&-
		over $cat
		rm nothing
		if [ $n = 0 ]; then
			[ "$status" -eq 1 ]
			[ ! -s out ]
			[ "$(cat err)" = "etrace-cat: unix:$PWD/s: no trace came" ]
		else
			[ "$status" -eq 0 ]
			[ ! -s err ]
			etrace-cat "$DATA/arm-thumb-O1.etrace" | diff - out
		fi
	done
	run --separate-stderr etrace-cat -e
	[ "$status" -eq 2 ]
	[ "$stderr" = "etrace-cat: -e says when -k ends: take both" ]
}

@test "-k: a process that is killed is said, and the others are whole" {
	keep
	hold first
	a=$fd
	head -c 30000 "$DATA/aa64-O0.etrace" >&$a
	eventually in_out etrace-version 1
	first=$(pgrep -P $cat)
	hold second
	head -c 30000 "$DATA/aa64-smp-O2.etrace" >&$fd
	two() { [ "$(pgrep -P $cat | wc -l)" -eq "$1" ]; }
	eventually two 2
	second=$(pgrep -P $cat | grep -vx "$first")
	send "$DATA/arm-thumb-O1.etrace"
	eventually two 2
	# The one that has a spool, then the one that has the output.
	kill -KILL "$second"
	eventually two 1
	kill -KILL "$first"
	eventually in_out etrace-version 3
	send "$DATA/ppc-be-O1.etrace"
	eventually in_out etrace-version 4
	exec {a}>&- {fd}>&-
	stop
	[ "$status" -eq 1 ]
	[ "$(<err)" = "$(for i in 1 2; do
		echo "etrace-cat: unix:$PWD/s: the process that decoded a trace died: Killed; the trace is incomplete"; done)" ]
	[ "$(tail -c 1 out | od -An -tx1)" = " 0a" ]
	in_out '^# cut short here' 1
	for t in arm-thumb-O1 ppc-be-O1; do
		[ "$(traces | grep -cxF "$(traces_of "$DATA/$t.etrace")")" -eq 1 ]
	done
	# What was decoded of the two that were killed is there too, and nothing else.
	cmp -n "$(stat -c %s split/1)" split/1 <(records_of "$DATA/aa64-O0.etrace")
	cmp -n "$(stat -c %s split/2)" split/2 <(records_of "$DATA/aa64-smp-O2.etrace")
	[ "$(grep -c ^E split/2)" -gt 100 ]
}

@test "-k: SIGINT or SIGTERM, to it or to all, ends what is under way, and that is said" {
	for sig in INT TERM; do
		for all in "" -; do
			rm -f "$BATS_TEST_TMPDIR"/{first,second}
			cd "$BATS_TEST_TMPDIR"
			setsid etrace-cat -k "unix:$PWD/s" >out 2>err &
			cat=$!
			eventually test -S s
			hold first
			a=$fd
			head -c 30000 "$DATA/aa64-O0.etrace" >&$a
			eventually in_out etrace-version 1
			hold second
			head -c 10000 "$DATA/aa64-smp-O2.etrace" >&$fd
			send "$DATA/arm-thumb-O1.etrace"
			sleep 0.2
			kill -s $sig -- "$all$cat"
			status=0
			wait $cat || status=$?
			[ "$status" -eq 1 ]
			[ ! -e s ]
			[ "$(sort err)" = "$(echo "etrace-cat: unix:$PWD/s: stopped by SIG$sig at byte 10000; what came after is not in it"
				echo "etrace-cat: unix:$PWD/s: stopped by SIG$sig at byte 29992; what came after is not in it")" ]
			exec {a}>&- {fd}>&-
			{ traces_of "$DATA/arm-thumb-O1.etrace"; traces_of <(head -c 30000 "$DATA/aa64-O0.etrace")
				traces_of <(head -c 10000 "$DATA/aa64-smp-O2.etrace"); } 2>/dev/null | sort | diff - <(traces)
		done
	done
}

@test "-k: an emulator that listens already is connected to, then others are taken" {
	cd "$BATS_TEST_TMPDIR"
	socat -u "FILE:$DATA/aa64-O0.etrace" "UNIX-LISTEN:$PWD/s" &
	eventually test -S s
	keep
	eventually in_out etrace-version 1
	eventually send "$DATA/arm-thumb-O1.etrace"
	eventually in_out etrace-version 2
	stop
	[ "$status" -eq 0 ]
	[ ! -s err ]
	{ traces_of "$DATA/aa64-O0.etrace"; traces_of "$DATA/arm-thumb-O1.etrace"; } | sort | diff - <(traces)
}

@test "-k: without room for spools, traces are taken one at a time; with too little, what is lost is said" {
	mkdir "$BATS_TEST_TMPDIR/gone"
	TMPDIR=$BATS_TEST_TMPDIR/gone keep
	rm -r gone
	hold first
	head -c 30000 "$DATA/aa64-O0.etrace" >&$fd
	eventually in_out etrace-version 1
	send "$DATA/arm-thumb-O1.etrace"
	sleep 0.2
	in_out etrace-version 1
	tail -c +30001 "$DATA/aa64-O0.etrace" >&$fd
	exec {fd}>&-
	eventually in_out etrace-version 2
	stop
	[ "$status" -eq 0 ]
	[[ "$(<err)" = "etrace-cat: $PWD/gone: cannot make a file: No such file or directory; "* ]]
	{ traces_of "$DATA/aa64-O0.etrace"; traces_of "$DATA/arm-thumb-O1.etrace"; } | sort | diff - <(traces)

	rm -f first
	mkfifo pipe
	(trap '' XFSZ; ulimit -f 40; exec etrace-cat -k "unix:$PWD/s" 2>err >pipe) &
	cat=$!
	cat pipe >out &
	reader=$!
	eventually test -S s
	hold first
	head -c 30000 "$DATA/aa64-O0.etrace" >&$fd
	eventually in_out etrace-version 1
	send "$DATA/arm-thumb-O1.etrace"
	send "$DATA/ppc-be-O1.etrace" || true
	tail -c +30001 "$DATA/aa64-O0.etrace" >&$fd
	exec {fd}>&-
	eventually in_out etrace-version 3
	stop
	wait $reader
	[ "$status" -eq 3 ]
	[[ "$(<err)" = "etrace-cat: "*": File too large; what was written is incomplete" ]]
	for t in aa64-O0 arm-thumb-O1; do
		[ "$(traces | grep -cxF "$(traces_of "$DATA/$t.etrace")")" -eq 1 ]
	done
	! awk -F'\t' '$1 == "E" && NF != 8' out | grep . || false
}

@test "-k: a reader that goes away ends it, silently, and the socket is removed" {
	cd "$BATS_TEST_TMPDIR"
	mkfifo pipe
	{ etrace-cat -k "unix:$PWD/s" 2>err >pipe || echo $? >code; } 3>&- &
	exec {fd}<pipe
	eventually test -S s
	send "$DATA/aa64-O0.etrace"
	exec {fd}<&-
	eventually test -s code
	[ "$(<code)" -eq 141 ]
	[ ! -e s ]
	[ ! -s err ]
}

@test "what is live is out as soon as it is in" {
	mkfifo "$BATS_TEST_TMPDIR/f"
	etrace-cat "$BATS_TEST_TMPDIR/f" >"$BATS_TEST_TMPDIR/out" &
	exec 7>"$BATS_TEST_TMPDIR/f"
	unhex "$(info)" "$(arch 64)" "$(exec64 0 0 1 0x10 0x14)" >&7
	eventually grep -q '^E' "$BATS_TEST_TMPDIR/out"
	exec 7>&-
	wait $!
}

@test "SIGINT and SIGTERM end a trace that is under way: what was decoded is out, and it is said" {
	cd "$BATS_TEST_TMPDIR"
	mkfifo f
	for sig in INT TERM; do
		etrace-cat f >out 2>err &
		exec 7>f
		# Then the trace ends within a packet.
		unhex "$(info)" "$(arch 64)" "$(exec64 0 0 1 0x10 0x14)" "$(pkt 3 0 "$(le 8 77)$(str text)")" >whole
		head -c -2 whole >&7
		eventually grep -q '^E' out
		kill -s $sig $!
		status=0
		wait $! || status=$?
		exec 7>&-
		[ "$status" -eq 1 ]
		[ "$(<err)" = "etrace-cat: f: stopped by SIG$sig at byte 80; what came after is not in it" ]
		[ "$(tail -n 2 out)" = "$(rec E 0 - - 10 4 1 1; echo "$INCOMPLETE")" ]
	done
}

@test "SIGINT after the writer has ended: all is read, and nothing is said" {
	cd "$BATS_TEST_TMPDIR"
	mkfifo f
	etrace-cat f >out 2>err &
	cat=$!
	exec 7>f
	head -c 30000 "$DATA/aa64-O0.etrace" >&7
	eventually in_out etrace-version 1
	kill -STOP $cat
	tail -c +30001 "$DATA/aa64-O0.etrace" >&7
	exec 7>&-
	kill -INT $cat
	kill -CONT $cat
	wait $cat
	[ ! -s err ]
	etrace-cat "$DATA/aa64-O0.etrace" | cmp - out
}

@test "SIGINT before anything came: said, unless -k waits" {
	cd "$BATS_TEST_TMPDIR"
	mkfifo f
	for name in "unix:$PWD/s" f; do
		etrace-cat $name >out 2>err &
		cat=$!
		[ $name = f ] && sleep 0.2 || eventually test -S s
		kill -INT $cat
		status=0
		wait $cat || status=$?
		[ "$status" -eq 1 ]
		[ "$(<err)" = "etrace-cat: $name: stopped by SIGINT before anything came" ]
		[ "$(<out)" = "$(printf '%s\n' "$HEAD" "$BEGIN" "$INCOMPLETE")" ]
		[ ! -e s ]
	done
	keep
	stop TERM
	[ "$status" -eq 0 ]
	[ ! -s err ]
	[ "$(<out)" = "$(printf '%s\n' "$HEAD" "$BEGIN" "$END")" ]
}

@test "standard input or output that is closed is said if it is needed, and no file takes its place" {
	cd "$BATS_TEST_TMPDIR"
	cp "$DATA/aa64-O0.etrace" t
	etrace-cat t >want
	sh_run "etrace-cat t <&-"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$output" = "$(<want)" ]
	sh_run "etrace-cat t 2>&-"
	[ "$status" -eq 0 ]
	[ "$output" = "$(<want)" ]
	for in in '<&-' '0>x'; do
		sh_run "timeout 5 etrace-cat $in"
		[ "$status" -eq 1 ]
		[ "$stderr" = "etrace-cat: standard input: is not open for reading" ]
		frame
		[ "$output" = "$HEAD" ]
	done
	for out in '>&-' '1<t'; do
		for in in '' '<&-'; do
			sh_run "timeout 5 etrace-cat t $in $out"
			[ "$status" -eq 3 ]
			[ "$stderr" = "etrace-cat: standard output: is not open for writing" ]
		done
	done
	# A file with a mistake, standard error closed: the message goes nowhere, least of all into a file.
	head -c 1000 t >short
	cksum short >sum
	sh_run "etrace-cat short 2>&- >out"
	[ "$status" -eq 1 ]
	cksum short | diff - sum
	grep -c etrace-cat out && return 1
	sh_run "etrace-cat -h >&-"
	[ "$status" -eq 3 ]
	sh_run "etrace-cat short <&- >&- 2>&-"
	[ "$status" -eq 3 ]
	cksum short | diff - sum
}

@test "-c: counts and times that pass 2^64 stay at the largest number, and it is said once" {
	cd "$BATS_TEST_TMPDIR"
	max=18446744073709551615
	unhex "$(info)" "$(arch 64)" "$(blocks 0x10 4 1 0x20 4 1)" "$(count 0 0 4 -1 -2 0 4 1 3 1 4 2 4)" \
		"$(count 1 0 4 7 8)" >t
	run --separate-stderr etrace-cat -c t
	[ "$status" -eq 0 ]
	[ "$stderr" = "etrace-cat: a count passed $max and stays there" ]
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - - 10 4 $max $max; rec E 0 - - 20 4 2 4; rec E 1 - - 10 4 7 8)" ]
}

@test "-c: one execution more than 2^64 - 1, and what is up to there is exact" {
	cd "$BATS_TEST_TMPDIR"
	max=18446744073709551615
	many="$(info)$(arch 64)$(blocks 0x10 4 1)$(count 0 0 4 -2 5)"
	unhex "$many" "$(exec64 0 0 1 0x10 0x14)" >t
	run --separate-stderr etrace-cat -c t
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	grep -qx "$(rec E 0 - - 10 4 $max 6)" <<<"$output"
	unhex "$many" "$(exec64 0 0 1 0x10 0x14 1 0x10 0x14 1 0x10 0x14)" >t
	run --separate-stderr etrace-cat -c t
	[ "$status" -eq 0 ]
	[ "$stderr" = "etrace-cat: a count passed $max and stays there" ]
	grep -qx "$(rec E 0 - - 10 4 $max 8)" <<<"$output"
}

# fact KEY VALUE, end [TEXT]: packets of the plugin's.
fact() { pkt 17 0 "$(str "$1")00$(str "$2")00"; }
end() { pkt 18 0 "$(str "$1")00"; }

@test "a trace that says that it has an end, and has none" {
	e=$(exec64 0 0 1 0x10 0x14)
	want=$(rec I address-bits 64; rec E 0 - - 10 4 1 1)
	decode "$(info 2)" "$(arch 64)" "$e" "$(end)"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(tail -n 2 <<<"$output")" = "$want" ]
	decode "$(info 2)" "$(arch 64)" "$e"
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-cat: "*"/t: byte 80: the trace has no end: the process that wrote it was killed, could not write on, or has not ended yet; all before that was decoded" ]]
	[ "$(tail -n 2 <<<"$output")" = "$want" ]
	run --separate-stderr etrace-cat -c "$BATS_TEST_TMPDIR/t"
	[ "$status" -eq 1 ]
	frame
	[ "${lines[-1]}" = "$(rec E 0 - - 10 4 1 1)" ]
	# One that knows that it is not whole.
	decode "$(info 2)" "$(arch 64)" "$e" "$(end "counts are lost")"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"/t: byte 80: the trace is incomplete: counts are lost" ]]
	[ "$(tail -n 2 <<<"$output")" = "$want" ]
	# The first of two.
	decode "$(info 2)" "$(arch 64)" "$e" "$(info 2)" "$(arch 64)" "$e" "$(end)"
	[ "$status" -eq 1 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ "$stderr" = *"/t: byte 80: the trace has no end: "* ]]
	[ "$(grep -c ^E <<<"$output")" -eq 2 ]
	# What promises none needs none.
	decode "$(info)" "$(arch 64)" "$e"
	[ "$status" -eq 0 ]
}

@test "-c, live: facts are out at once, and nothing more before the end" {
	cd "$BATS_TEST_TMPDIR"
	mkfifo f
	etrace-cat -c f >out 2>err &
	exec 7>f
	unhex "$(info 2)" "$(arch 64)" "$(fact mode system)" >&7
	eventually grep -qx "$(rec I mode system)" out
	for i in 1 2 3; do
		unhex "$(pkt 2 0 "$(le 8 0x1000 0x2000 0x7f00)$(le 4 4 0)deadbeef")" >&7
		sleep 0.1
	done
	! grep ^T out || false
	unhex "$(end)" >&7
	exec 7>&-
	wait $!
	[ "$(grep -c ^T out)" -eq 3 ]
	[ ! -s err ]
}

# Blocks 0 to 3, for the tests that follow: 10 (4 bytes, 1 instruction), 20 (8, 2), 30 (12, 3), 40 (16, 4).
B4="$(info)$(arch 64)$(blocks 0x10 4 1 0x20 8 2 0x30 12 3 0x40 16 4)"

@test "BLOCK: code becomes a T record, once; a block without code none" {
	t=$(token a00038d5)
	# The last one: other code at the address of the first.
	decode "$(info)" "$(arch 64)" "$(block 0 0x40200800 4 1 a00038d5)" "$(block 1 0x40200804 4 1)" \
		"$(block 2 0x40200800 4 1 1f2003d5)" "$(run_pkt 0 0 4 1,1 1,0,1,2,1 1,2 1,3)"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep ^T <<<"$output")" = "$(rec T 0 $t 40200800 - a00038d5 -; rec T 0 $(token 1f2003d5) 40200800 - 1f2003d5 -)" ]
	# E has the token of the block, also where it was cut.
	want=$(rec E 0 - $t 40200800 4 1 1; rec E 0 - $t 40200800 2 1 1; rec E 0 - - 40200804 4 1 1
		rec E 0 - $(token 1f2003d5) 40200800 4 1 1)
	[ "$(grep ^E <<<"$output")" = "$want" ]
	run --separate-stderr etrace-cat -c "$BATS_TEST_TMPDIR/t"
	[ "$(grep ^E <<<"$output" | sort)" = "$(sort <<<"$want")" ]
}

@test "RUN: first successors, second ones, others; executions of one block in a row are one record" {
	# The example in run.h: 0 1 0 1 0 2; two other CPUs, which begin at the same node; and the first one again.
	unhex "$B4" "$(run_pkt 0 100 6 1,1 1,2 1,1 5,3)" "$(run_pkt 1 0 3 1,3 1,1)" "$(run_pkt 2 7 4 0)" \
		"$(run_pkt 0 200 6 1,3 5,2)" "$(run_pkt 0 300 4 0 0)" >"$BATS_TEST_TMPDIR/t"
	run --separate-stderr etrace-cat -t "$BATS_TEST_TMPDIR/t"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep ^E <<<"$output")" = "$(
		rec E 0 100 - 10 4 1 1; rec E 0 101 - 20 8 1 2; rec E 0 103 - 10 4 1 1; rec E 0 104 - 20 8 1 2; rec E 0 106 - 10 4 1 1
		rec E 0 107 - 30 12 1 3
		rec E 1 0 - 30 12 1 3; rec E 1 3 - 10 4 1 1; rec E 1 4 - 20 8 1 2
		rec E 2 7 - 30 12 1 3; rec E 2 10 - 10 4 1 1; rec E 2 11 - 20 8 1 2; rec E 2 13 - 10 4 1 1
		rec E 0 200 - 30 12 1 3; rec E 0 203 - 10 4 1 1; rec E 0 204 - 20 8 2 4; rec E 0 208 - 10 4 1 1; rec E 0 209 - 20 8 1 2
		rec E 0 300 - 20 8 4 8)" ]
	run --separate-stderr etrace-cat -c "$BATS_TEST_TMPDIR/t"
	[ "$status" -eq 0 ]
	[ "$(grep ^E <<<"$output")" = "$(
		rec E 0 - - 10 4 5 5; rec E 0 - - 20 8 9 18; rec E 0 - - 30 12 2 6
		rec E 1 - - 10 4 1 1; rec E 1 - - 20 8 1 2; rec E 1 - - 30 12 1 3
		rec E 2 - - 10 4 2 2; rec E 2 - - 20 8 1 2; rec E 2 - - 30 12 1 3)" ]
}

@test "RUN: a block that was cut has the bytes and instructions that were executed; one may have none" {
	unhex "$B4" "$(run_pkt 0 5 4 1,4 1,0,4,8,2 3,0,2,0,0)" >"$BATS_TEST_TMPDIR/t"
	run --separate-stderr etrace-cat -t "$BATS_TEST_TMPDIR/t"
	[ "$status" -eq 0 ]
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 5 - 40 16 1 4; rec E 0 9 - 40 8 1 2; rec E 0 11 - 40 16 1 4; rec E 0 15 - 20 0 1 0)" ]
	run --separate-stderr etrace-cat -c "$BATS_TEST_TMPDIR/t"
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - - 20 0 1 0; rec E 0 - - 40 8 1 2; rec E 0 - - 40 16 2 8)" ]
}

@test "RUN: a trace with chained blocks has no counts; traces one after the other have blocks of their own" {
	t="$(info 1)$(arch 64)$(blocks 0x10 4 1)$(run_pkt 0 0 3 1,1 1,1)"
	unhex "$t" "$(info)" "$(arch 64)" "$(blocks 0x50 8 2)" "$(run_pkt 0 0 2 1,1 1,1)" >"$BATS_TEST_TMPDIR/t"
	for c in "" -c; do
		run --separate-stderr etrace-cat $c "$BATS_TEST_TMPDIR/t"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[ "$(grep ^E <<<"$output")" = "$(rec E 0 - - 10 4 - 3; rec E 0 - - 50 8 2 4)" ]
	done
}

# Blocks, in perl: a random walk on three CPUs with loops and cuts, written to t as packets and to want as records;
# the coder is run.h's in other words.
walks() {
	perl -e '
		srand shift;
		my (@next, @last, %succ, $t, $want, %n);
		my $blocks = 40;
		my $varint = sub { my $v = shift; my $s = ""; for (; $v >= 128; $v >>= 7) { $s .= chr($v & 127 | 128) } $s . chr $v };
		my $pkt = sub { my ($type, $unit, $p) = @_; $t .= pack "v v V a*", $type, $unit, length $p, $p };
		$pkt->(0x4554, 0, pack "Q< v v", 0, 0, 0);
		$pkt->(5, 0, pack "V C C v V C C v", 0, 64, 0, 0, 0, 0, 0, 0);
		$pkt->(19, 0, pack "V V Q< V", $_, 4 * ($_ + 1), 0x1000 * ($_ + 1), $_ + 1) for 0 .. $blocks - 1;
		my @to = map { my $b = $_; [ ($b + 1) % $blocks, int rand $blocks, int rand $blocks ] } 0 .. $blocks - 1;
		for (1 .. 300) {
			my $unit = int rand 3;
			my ($items, $n, $firsts) = ("", 0, 0);
			my $at = $last[$unit] // 0;
			my $want = $at ? $to[$at - 1][0] + 1 : 1;
			my $size = 1 + int rand(rand() < 0.2 ? 3000 : 60);
			while ($n < $size) {
				my $r = rand;
				my $node = $at == 0 ? 1 : $r < 0.02 ? $at : 1 + $to[$at - 1][$r < 0.9 ? 0 : $r < 0.97 ? 1 : 2];
				my $cut = rand() < 0.01;
				my $times = !$cut && rand() < 0.01 ? 1 + int rand 500 : 1;
				for (1 .. $times) {
					my $s = $succ{$at} //= [0, 0, 0];	# first, second, whether it went to the second
					my ($bytes, $insns) = $cut ? (4 * int rand $node, int rand $node) : (4 * $node, $node);
					if (!$cut && $s->[0] == $node) { $firsts++ }
					else {
						$items .= !$cut && $s->[1] == $node ? $varint->(2 * $firsts)
							: $varint->(2 * $firsts + 1) . ($cut ? "\0" : "") . $varint->($node)
							  . ($cut ? $varint->($bytes) . $varint->($insns) : "");
						$firsts = 0;
					}
					if ($s->[0] == $node) { $s->[2] = 0 }
					elsif ($s->[1] == $node && !$s->[2]) { $s->[2] = 1 }
					elsif ($s->[0] && !$s->[1]) { $s->[1] = $node }
					else { @$s = ($node, $s->[0], 0) }
					$want{$unit} .= sprintf "%x\t%d\t%d\n", 0x1000 * $node, $bytes, $insns;
					$at = $node;
					$n++;
				}
			}
			$last[$unit] = $at;
			$pkt->(20, $unit, pack "Q< V a*", 0, $n, $items);
		}
		open my $o, ">", "t"; print $o $t; close $o;
		for (0 .. 2) { open my $o, ">", "want$_"; print $o $want{$_}; close $o }' -- "$1"
}

@test "RUN: random walks come out as they went in, in order, and with -c the same sums" {
	cd "$BATS_TEST_TMPDIR"
	for seed in 1 2 3 4; do
		walks $seed
		etrace-cat t >r
		etrace-cat -c t >c
		for unit in 0 1 2; do
			[ "$(wc -l <want$unit)" -gt 5000 ]
			awk -F'\t' -v u=$unit '$1 == "E" && $2 == u { for (i = 0; i < $7; i++) print $5 "\t" $6 "\t" $8 / $7 }' r |
				cmp - want$unit
			awk -F'\t' '{ n[$1 "\t" $2]++; ns[$1 "\t" $2] += $3 } END { for (b in n) print b "\t" n[b] "\t" ns[b] }' want$unit |
				sort >sums
			awk -F'\t' -v OFS='\t' -v u=$unit '$1 == "E" && $2 == u { print $5, $6, $7, $8 }' c | sort | cmp - sums
		done
	done
}

@test "RUN: a long loop is counted as it is written" {
	cd "$BATS_TEST_TMPDIR"
	# 0 1 2, then round and round, 1,000,000 blocks and one that leaves the loop.
	unhex "$B4" "$(run_pkt 0 0 1000000 1,1 1,2 1,3 1,2 1999991,4)" "$(run_pkt 0 0 3)" >t
	run --separate-stderr etrace-cat -c t
	[ "$status" -eq 1 ]	# nothing is known to follow block 3
	[[ "$stderr" = *"RUN packet with a block whose successor is not known; "* ]]
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - - 10 4 1 1; rec E 0 - - 20 8 499999 999998; rec E 0 - - 30 12 499999 1499997; rec E 0 - - 40 16 1 4)" ]
	etrace-cat t 2>/dev/null | awk -F'\t' '$1 == "E" { n[$5] += $7 } END { print n[10], n[20], n[30], n[40] }' >got
	[ "$(cat got)" = "1 499999 499999 1" ]
}

@test "-W: a walk is one record, which another CPU, another packet and with -t a pause break off" {
	cd "$BATS_TEST_TMPDIR"
	unhex "$B4" "$(run_pkt 0 100 6 1,1 1,2 1,1 5,3)" "$(run_pkt 0 109 1 1,1)" "$(run_pkt 1 0 3 1,3 1,1)" >t
	run --separate-stderr etrace-cat -W t
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep ^W <<<"$output")" = "$(rec W 0 - 7 1112115311 - 10 4 1 - 20 8 2 - 30 12 3; rec W 1 - 3 111213 - 30 12 3 - 10 4 1 - 20 8 2)" ]
	! grep ^E <<<"$output" || false
	unhex "$B4" "$(run_pkt 0 100 2 1,1 1,2)" "$(pkt 3 0 "$(le 8 103)$(str hello)")" "$(run_pkt 0 103 2 1,1)" "$(run_pkt 0 200 1 1,1)" >t
	run --separate-stderr etrace-cat -Wt t
	[ "$status" -eq 0 ]
	[ "$(grep -v "^[I#T]" <<<"$output")" = "$(rec W 0 100 2 1112 - 10 4 1 - 20 8 2; rec N 0 103 hello
		rec W 0 103 2 1112 - 10 4 1 - 20 8 2; rec W 0 200 1 11 - 10 4 1)" ]
	# A part of a block is a block.
	unhex "$B4" "$(run_pkt 0 5 6 1,4 1,0,4,8,2 3,0,2,0,0 1,4 1,0,4,8,2)" >t
	[ "$(etrace-cat -Wt t | grep ^W)" = "$(rec W 0 5 6 111211131112 - 40 16 4 - 40 8 2 - 20 0 0)" ] || { etrace-cat -Wt t; false; }
	run --separate-stderr etrace-cat -cW t
	[ "$status" -eq 2 ]
	[ "$stderr" = "etrace-cat: -W keeps the order of blocks, -c gives it up: take one of them" ]
}

@test "-W: what E records say, of random walks and of long ones" {
	cd "$BATS_TEST_TMPDIR"
	for seed in 5 6; do
		walks $seed
		for t in "" -t; do
			etrace-cat $t t | executions | LC_ALL=C sort -s -n -k 1,1 >e
			etrace-cat -W $t t >w
			! grep ^E w || false
			executions <w | LC_ALL=C sort -s -n -k 1,1 | cmp - e
		done
		[ "$(grep -c ^W w)" -gt 100 ]
	done
	# More blocks than a record has, each twice; and a loop of 1,000,000 blocks.
	{ unhex "$(info)$(arch 64)"
		perl -e 'for (0 .. 39999) { print pack "v v V V V Q< V", 19, 0, 20, $_, 4, 4 * $_, 1 }
			sub v { my $v = shift; ($v > 127 ? chr($v & 127 | 128) . v($v >> 7) : chr $v) }
			my $items = join "", map { v(1) . v(1 + $_ % 20000) } 0 .. 39999;
			print pack("v v V Q< V", 20, 0, 12 + length $items, 0, 40000), $items'
		unhex "$B4" "$(run_pkt 0 40000 1000000 1,1 1,2 1,3 1,2)"; } >t
	etrace-cat -Wt t >w
	[ "$(grep ^W w | cut -f 1-4)" = "$(rec W 0 0 16384; rec W 0 16384 16384; rec W 0 32768 7232; rec W 0 40000 1000000)" ]
	executions <w | cmp - <(etrace-cat -t t | executions)
}

# steps: the J records of E records, in the order that etrace-cat has them.
steps() {
	awk -F'\t' -v OFS='\t' '
		$1 == "I" && $2 == "etrace-version" { split("", last) }
		$1 != "E" { next }
		{ b = $4 FS $5 FS $6 }
		$2 in last { n["J" FS $2 FS last[$2] FS b]++ }
		$7 > 1 { n["J" FS $2 FS b FS b] += $7 - 1 }
		{ last[$2] = b }
		END { for (k in n) print k, n[k] }' | LC_ALL=C sort
}

@test "-cb: which block came after which, and how often: as in the ordered trace" {
	cd "$BATS_TEST_TMPDIR"
	for t in "$DATA"/{aa64-O0,aa64-smp-O2,aa64-trunc32,arm-thumb-O1,ppc-be-O1}.etrace "$DATA"/blocks/*-exec.etrace \
		"$DATA"/exec-log/*-system-*.log; do
		run --separate-stderr etrace-cat -cb "$t"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		etrace-cat "$t" | steps >want
		[ "$(wc -l <want)" -gt 5 ]
		grep ^J <<<"$output" | LC_ALL=C sort | diff - want
		[ "$(grep "^I${TAB}order" <<<"$output")" = "$(rec I order steps)" ]
		diff <(grep ^E <<<"$output") <(etrace-cat -c "$t" | grep ^E)
	done
	for seed in 7 8; do
		walks $seed
		etrace-cat t | steps >want
		[ "$(grep -c "$TAB" want)" -gt 200 ]
		etrace-cat -cb t >c
		grep ^J c | LC_ALL=C sort | diff - want
		grep ^E c | diff - <(etrace-cat -c t | grep ^E)
	done
	# Long loops; and traces one after the other, whose last and first blocks are no step.
	{ unhex "$B4" "$(run_pkt 0 0 1000000 1,1 1,2 1,3 1,2)"; unhex "$B4" "$(run_pkt 0 0 1000 1,1 1,1)"; } >t
	[ "$(etrace-cat -cb t | grep ^J)" = "$(rec J 0 - 10 4 - 20 8 1; rec J 0 - 20 8 - 30 12 499999; rec J 0 - 30 12 - 20 8 499999
		rec J 0 - 10 4 - 10 4 999)" ]
}

@test "-cb: many CPUs; and where nothing is known of the order, there are no steps" {
	cd "$BATS_TEST_TMPDIR"
	for ((i = 0; i < 600; i++)); do all+=$(run_pkt $i 0 2 1,1 1,2); done
	for ((i = 0; i < 600; i++)); do all+=$(run_pkt $i 0 2 1,3 1,0,3,4,1); done
	unhex "$B4" "$all" >t
	etrace-cat -cb t | grep ^J | LC_ALL=C sort | diff - <(etrace-cat t | steps)
	[ "$(etrace-cat -cb t | grep -c ^J)" -eq 1800 ]
	etrace-cat -cb "$DATA/blocks/arm-thumb-O1-count.etrace" | grep "^[JI]" | diff - <(etrace-cat -c "$DATA/blocks/arm-thumb-O1-count.etrace" | grep ^I)
	unhex "$(info 1)$(arch 64)$(blocks 0x10 4 1)$(run_pkt 0 0 3 1,1 1,1)" >t
	etrace-cat -cb t | diff - <(etrace-cat -c t)
	run --separate-stderr etrace-cat -b t
	[ "$status" -eq 2 ]
	[ "$stderr" = "etrace-cat: -b folds the order of blocks with them: take -c too" ]
}

# complains OFFSET TEXT PACKET...: after B4 the packets are bad there, and E records are those of $want.
complains() {
	unhex "$B4" "${@:3}" >"$BATS_TEST_TMPDIR/t"
	for c in "" -c; do
		run --separate-stderr timeout 10 etrace-cat $c "$BATS_TEST_TMPDIR/t"
		[ "$status" -eq 1 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[ "$stderr" = "etrace-cat: $BATS_TEST_TMPDIR/t: byte $1: $2" ]
		frame
		[ "$(grep ^E <<<"$output" | sort)" = "$want" ] || { echo "$output"; return 1; }
	done
}

@test "RUN, BLOCK and COUNT that cannot be: said with the byte, and what was decodable is kept" {
	after="; the rest of it, and RUN packets after it, cannot be decoded"
	good=$(run_pkt 0 0 1 1,1) more=$(run_pkt 0 0 1 1,1)
	want=$(rec E 0 - - 10 4 1 1)
	complains 198 "RUN packet with a block of which no BLOCK packet came$after" "$good" "$(run_pkt 0 0 2 1,9 1,1)" "$more"
	complains 198 "RUN packet with a block of which no BLOCK packet came$after" "$good" "$(run_pkt 0 0 2 1,4294967295 1,1)" "$more"
	complains 198 "RUN packet with a block whose second successor is not known$after" "$good" "$(run_pkt 0 0 2 0 1,1)" "$more"
	complains 198 "RUN packet with a block whose successor is not known$after" "$good" "$(run_pkt 0 0 2 2)" "$more"
	complains 198 "RUN packet with a block whose successor is not known$after" "$good" "$(run_pkt 0 0 1)" "$more"
	complains 198 "RUN packet with more blocks than it says$after" "$good" "$(run_pkt 0 0 0 1,1)" "$more"
	complains 198 "RUN packet with more blocks than it says$after" "$good" "$(run_pkt 0 0 7 15,1)" "$more"
	complains 198 "RUN packet with more bytes of a block than it has$after" "$good" "$(run_pkt 0 0 1 1,0,1,5,1)" "$more"
	complains 198 "RUN packet with an item that is malformed$after" "$good" "$(run_pkt 0 0 1 1)" "$more"
	complains 198 "RUN packet with an item that is malformed$after" "$good" "$(pkt 20 0 "$(le 8 0)$(le 4 1)ffffffffffffffffff")" "$more"
	complains 178 "RUN packet with more blocks than one can have$after" "$good" "$(run_pkt 0 0 1048577 1,1)" "$more"
	complains 178 "BLOCK packet with the number 6; the next one is 4; skipped" "$good" "$(block 6 0x50 4)"
	complains 178 "BLOCK packet with the number 3; the next one is 4; skipped" "$good" "$(block 3 0x50 4)"
	complains 178 "BLOCK packet of 24 bytes is too short for what it says is in it" "$good" "$(block 4 0x50 5 1 aabbccdd)"
	complains 178 "COUNT packet with block 4, of which no BLOCK packet came; left out" "$good" "$(count 0 4 4 1 1)"
	complains 178 "COUNT packet with 5 bytes of block 0, which has 4; left out" "$good" "$(count 0 0 5 1 1)"
	complains 178 "COUNT packet with block 0, executed 0 times; left out" "$good" "$(count 0 0 4 0 57)"
	want=$(rec E 0 - - 10 4 1 1)
	complains 156 "COUNT packet of 25 bytes ends with 1 that are no entry" "$(x=$(count 0 0 4 1 1) && pkt 16 0 "${x:16}aa")"
	# Without any BLOCK.
	decode "$(info)" "$(arch 64)" "$(run_pkt 0 0 1 1,1)" "$(count 0 0 4 1 1)"
	[ "$status" -eq 1 ]
	[[ "${stderr_lines[0]}" = *"byte 64: RUN packet with a block of which no BLOCK packet came$after" ]]
	[[ "${stderr_lines[1]}" = *"COUNT packet with block 0, of which no BLOCK packet came; left out" ]]
}

@test "RUN cut at each byte: all blocks of whole items are there, and it is said" {
	cd "$BATS_TEST_TMPDIR"
	walks 9
	etrace-cat t | grep ^E >whole
	for ((n = 1150 + 8 * 28; n < 1150 + 8 * 28 + 400; n += STEP)); do
		head -c $n t >short
		run --separate-stderr etrace-cat short
		[ "${#stderr_lines[@]}" -le 1 ]
		[ "$status" -eq "${#stderr_lines[@]}" ]
		grep ^E <<<"$output" | awk -F'\t' '{ for (i = 0; i < $7; i++) print $2, $5, $6 }' >got
		awk -F'\t' '{ for (i = 0; i < $7; i++) print $2, $5, $6 }' whole | head -n "$(wc -l <got)" | cmp - got
	done
}

@test "many CPUs: -c keeps counts of some, and all add up" {
	cd "$BATS_TEST_TMPDIR"
	{
		printf %s "$B4"
		for ((u = 0; u < 600; u++)); do run_pkt $u 0 2 1,1 1,2; run_pkt $((599 - u)) 0 2 1,1 1,2; done
	} | perl -ne 'print pack "H*", $_' >t
	run --separate-stderr etrace-cat -c t
	[ "$status" -eq 0 ]
	[ "$(grep ^E <<<"$output" | awk -F'\t' '{ n[$2 " " $5] += $7 } END { for (b in n) if (n[b] != 2) exit 1; print length(n) }')" -eq 1200 ]
}

@test "-p: waits until a trace begins, reads nothing of it, and says by its status if none came" {
	cd "$BATS_TEST_TMPDIR"
	unhex "$B4" "$(run_pkt 0 0 1 1,1)" >t
	sh_run "{ sleep 0.2; cat t; } | { etrace-cat -p && etrace-cat; } | grep ^E"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$output" = "$(rec E 0 - - 10 4 1 1)" ]
	sh_run "{ etrace-cat -p && etrace-cat -p && etrace-cat; } <t | grep ^E"
	[ "$output" = "$(rec E 0 - - 10 4 1 1)" ]
	for in in '</dev/null' '< <(sleep 0.1)' '<&-'; do
		sh_run "timeout 5 etrace-cat -p $in"
		[ "$status" -eq 1 ]
		[ -z "$output$stderr" ]
	done
	run --separate-stderr etrace-cat -p t
	[ "$status" -eq 2 ]
	[[ "${stderr_lines[0]}" = "etrace-cat: -p is for standard input" ]]
}
