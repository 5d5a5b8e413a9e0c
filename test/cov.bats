# SPDX-License-Identifier: GPL-3.0-or-later
# etrace-cov: counting and merging.
load lib

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# A map of one function with a loop, as etrace-sym would write it, and E records for it.
map() {
	rec '#etrace' 2
	rec O prog prog abc
	rec F a.c 1 f prog 100 40 0 0
	rec L a.c 2 f prog 100+4 0 0
	rec L a.c 3 f prog 104+4,110+4,11c+4 0 0
	rec L a.c 4 f prog 108+8 0 0
	rec L a.h 9 g prog 114+8 0 0
	rec L a.h 9 g prog 200+8 0 0
	rec F a.h 8 g prog 200 8 0 0
}
e() { rec E 0 - prog "$1" "$2" "$3" "$4" f+0 a.c:2 -; }

# count FILE LINE: sum over the Ls.
count() { awk -F'\t' -v f="$1" -v l="$2" '$1 == "L" && $2 == f && $3 == l { n += $7 } END { print n + 0 }' out; }

@test "gcov's counts at -O0, all 34 lines: EXEC packets, with 32-bit addresses too, and RUN packets" {
	for t in aa64-O0 aa64-trunc32 blocks/aa64-O0-exec; do
		etrace-cat "$DATA/$t.etrace" | etrace-sym "$DATA/aa64-O0.elf" | etrace-cov >out
		lines_of <out >got
		LC_ALL=C sort "$DATA/aa64-O0.expected" >want
		[ "$(LC_ALL=C comm -12 want got | wc -l)" -eq 34 ]
	done
}

@test "optimised code, Thumb, big-endian, two CPUs: counts as checked by hand" {
	for t in arm-thumb-O1 ppc-be-O1 aa64-smp-O2; do
		run --separate-stderr bash -c "etrace-cat $DATA/$t.etrace | etrace-sym $DATA/$t.elf | etrace-cov"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		printf '%s\n' "$output" | lines_of | diff - "$GOLDEN/$t.lines"
	done
}

@test "a line counts the maximum in one function, the sum across copies; a block counts what it contains" {
	{ map; e 100 8 1 8; e 108 12 10 50; e 114 12 9 90; e 200 8 5 8; } >in
	run --separate-stderr etrace-cov in
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	printf '%s\n' "$output" >out
	[ "$(count a.c 2)" -eq 1 ]
	[ "$(count a.c 3)" -eq 10 ]	# max(1, 10, 9)
	[ "$(count a.c 4)" -eq 10 ]
	[ "$(count a.h 9)" -eq 14 ]	# 9 + 5
	grep -qx "$(rec L a.c 3 f prog 104+4:1,110+4,11c+4:9 10 51)" out
	grep -qx "$(rec F a.c 1 f prog 100 40 1 148)" out
	grep -qx "$(rec F a.h 8 g prog 200 8 5 8)" out
}

@test "a block that begins inside a statement does not count it; an end is exclusive" {
	{ map; e 10a 6 7 6; e 10c 4 5 4; e 110 4 3 1; } >in
	etrace-cov in >out
	[ "$(count a.c 4)" -eq 0 ]
	[ "$(count a.c 3)" -eq 3 ]
}

@test "time is spread over a block's bytes, and none is lost" {
	{ map; e 100 40 1 4000; e 10a 0 1 7; } >in
	etrace-cov in >out
	grep -qx "$(rec L a.c 2 f prog 100+4 1 400)" out
	grep -qx "$(rec L a.c 4 f prog 108+8 1 807)" out
	grep -qx "$(rec F a.c 1 f prog 100 40 1 4007)" out
}

@test "cat a.cov a.cov | etrace-cov doubles every count and every time" {
	etrace-cat "$DATA/aa64-smp-O2.etrace" | etrace-sym "$DATA/aa64-smp-O2.elf" | etrace-cov >a.cov
	cat a.cov a.cov | etrace-cov >twice.cov
	# The same records, F, L and per-address counts doubled.
	awk -F'\t' -v OFS='\t' '
		$1 == "F" { $8 *= 2; $9 *= 2 }
		$1 == "L" { $7 *= 2; $8 *= 2; n = split($6, a, ","); $6 = ""
			for (i = 1; i <= n; i++) { if (split(a[i], c, ":") == 2) a[i] = c[1] ":" 2 * c[2]; $6 = $6 (i > 1 ? "," : "") a[i] } }
		$1 == "U" { $5 *= 2; $6 *= 2 }
		{ print }' a.cov | diff - twice.cov
	etrace-cov a.cov a.cov | cmp - twice.cov
}

@test "merging is associative and commutative, and equals counting both traces at once" {
	cd "$DATA"
	d=$BATS_TEST_TMPDIR
	etrace-cat aa64-O0.etrace | etrace-sym aa64-O0.elf >"$d/all"
	etrace-sym -n aa64-O0.elf >"$d/map"
	cd "$d"
	# Three parts of one trace: blocks dealt out, so that maxima lie elsewhere in each.
	for i in 0 1 2; do
		{ grep -v '^E' all; grep '^E' all | awk -v i=$i 'NR % 3 == i'; } | etrace-cov >$i.cov
	done
	etrace-cov <all >whole.cov
	# Times are rounded per part: compare without them.
	counts() { cut -f 1-7 "$1" | grep '^[FL]' | LC_ALL=C sort; }
	cat 0.cov 1.cov 2.cov | etrace-cov >m
	counts m | diff - <(counts whole.cov)
	cat 2.cov 0.cov 1.cov | etrace-cov >m
	counts m | diff - <(counts whole.cov)
	cat 0.cov 1.cov | etrace-cov | cat - 2.cov | etrace-cov >m
	counts m | diff - <(counts whole.cov)
	# A map, counts and a trace mix.
	{ cat 0.cov; grep '^E' all | awk 'NR % 3 != 0'; } | etrace-cov >m
	counts m | diff - <(counts whole.cov)
}

@test "facts once; unknown kinds pass; what is no part of a sum goes; U adds up" {
	{ map; map; rec I counts exact; rec I counts exact; rec Q 1 2; rec N 0 1 hi; rec M 0 1 w 0 0 4 1
		rec X 0 1 exception 10 20; rec G 1000 2000 0 /prog -
		rec U 20 28 - 5 50; rec U 24 2c - 6 60; rec E 0 - :12345678 40 4 2 9 - - -; } >in
	run --separate-stderr etrace-cov -q in
	[ "$status" -eq 0 ]
	frame
	[ "$(grep -c '^I' <<<"$output")" -eq 1 ]
	[ "$(grep -c '^O' <<<"$output")" -eq 1 ]
	[ "$(grep -c '^#' <<<"$output")" -eq 1 ]
	[ "${lines[1]}" = "$(rec Q 1 2)" ]
	[ "$(grep -c '^[NMXG]' <<<"$output")" -eq 0 ]
	[ "${lines[-1]}" = "$(rec U 20 44 - 13 119)" ]
}

@test "without L records, lines are those where blocks begin" {
	etrace-cat "$DATA/aa64-O0.etrace" | etrace-sym -e "$DATA/aa64-O0.elf" | etrace-cov >out
	[ "$(count work.c 11)" -eq 122 ]
	[ "$(count work.c 59)" -eq 0 ]
	grep -q "^L${TAB}work.c${TAB}11${TAB}collatz${TAB}" out
}

@test "a chained trace is refused, and says what to do; -f says what was seen" {
	{ rec I counts seen; map; e 100 8 5 8; } >in
	run --separate-stderr etrace-cov in
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ "$stderr" = "etrace-cov: in: this trace cannot be counted: "*"-d nochain"*"-f"* ]]
	run --separate-stderr etrace-cov -f in
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	grep -qx "$(rec I counts seen)" <<<"$output"
	printf '%s\n' "$output" >out
	[ "$(count a.c 2)" -eq 1 ]
	[ "$(count a.c 4)" -eq 0 ]
	# E records say it themselves, in case a grep dropped the I record.
	{ map; rec E 0 - prog 100 8 - 8; } >bare
	run --separate-stderr etrace-cov bare
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ "$stderr" = "etrace-cov: bare: this trace cannot be counted: "* ]]
	run --separate-stderr etrace-cov -f bare
	[ "$status" -eq 0 ]
	grep -qx "$(rec I counts seen)" <<<"$output"
	# And so it stays when merged.
	run --separate-stderr etrace-cov out
	[ "$status" -eq 1 ]
	cat out out | etrace-cov -f >twice
	[ "$(grep -c "^L${TAB}a.c${TAB}2${TAB}f${TAB}prog${TAB}100+4${TAB}1${TAB}" twice)" -eq 1 ]
}

@test "malformed records: the first is shown, the rest counted, what is good stays" {
	{ map; rec E 0 - prog xyz 8 1 1; rec E 0 - prog 100 8 x 1; rec E 1; rec L a.c x f prog 0 0 0; rec L a.c 2 f prog zz 0 0; rec F 1 2
		rec P - 100 8 prog xyz f+0 a.c:2 -; rec P - 100 8 prog; rec P - 100 8 prog ffffffffffffffff - - -; rec P - x 8 prog 1 - - -
		rec L a.c 2 f prog - 0 0; rec L a.c 2 f prog 100+4, 0 0; rec E 0 - 100 8 1 8; rec U x y; rec E 0 - prog ffffffffffffffff 8 1 1; e 100 8 1 8; } >in
	run --separate-stderr etrace-cov in
	[ "$status" -eq 1 ]
	[ "${stderr_lines[0]}" = "etrace-cov: in: line 10: an E record is: E cpu time in start size count ns [place line also], not '$(rec E 0 - prog xyz 8 1 1 | sed 's/\t/\\x09/g')'" ]
	[ "${stderr_lines[1]}" = "etrace-cov: in: 15 records like that were left out" ]
	printf '%s\n' "$output" >out
	[ "$(count a.c 2)" -eq 1 ]
}

@test "a NUL after the size of a block that ran before is malformed, in the fast path too" {
	{ map; e 100 8 1 8; e 100 '8|' 1 8; e 100 8 1 8; rec N 0 5 "$(printf %99s x)"; } | tr '|' '\0' >in
	run --separate-stderr etrace-cov in
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-cov: in: line "*": an E record is: E cpu time in start size count ns [place line also], not 'E"* ]]
	printf '%s\n' "$output" >out
	[ "$(count a.c 2)" -eq 2 ]
}

@test "a line that another one ran into is malformed, and no other of its block, in the fast path too" {
	into="$(e 100 8 1 8 | cut -f -9)$(e 108 8 1 8)"
	pad=$(rec N 0 5 "$(printf %199s x)")
	for first in "$into" "$(e 100 8 1 8)"; do
		{ map; printf '%s\n' "$first" "$into" "$(e 100 8 1 8)" "$pad"; } >in
		run --separate-stderr etrace-cov in
		[ "$status" -eq 1 ]
		[[ "$stderr" = "etrace-cov: in: line "*": an E record is: E cpu time in start size count ns [place line also], not 'E"* ]]
		printf '%s\n' "$output" >out
		[ "$(count a.c 2)" -eq $([ "$first" = "$into" ] && echo 1 || echo 2) ]
	done
}

@test "a map made once, and a trace of which the blocks alone are placed: the same counts" {
	for t in aa64-O0 aa64-smp-O2 arm-thumb-O1 ppc-be-O1; do
		etrace-cat "$DATA/$t.etrace" | etrace-sym "$DATA/$t.elf" | etrace-cov | LC_ALL=C sort >want
		etrace-sym -n "$DATA/$t.elf" >map
		etrace-cat -c "$DATA/$t.etrace" | etrace-sym -e "$DATA/$t.elf" | etrace-cov map - |
			grep -v '^I	order' | LC_ALL=C sort >got
		diff want got
		[ "$(grep -c '^L' got)" -gt 10 ]
	done
}

@test "objects at the same addresses stay apart: E counts for what is in its own" {
	{ map; rec O lib lib def; rec F a.c 1 f lib 100 40 0 0; rec L a.c 2 f lib 100+4 0 0; e 100 8 1 8
		rec E 0 - lib 100 4 5 5 f+0 a.c:2 -; rec E 0 - :12345678 100 4 7 7 - - -; rec E 0 - - 100 4 2 2 - - -; } >in
	run --separate-stderr etrace-cov -q in
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	frame
	grep -qx "$(rec F a.c 1 f prog 100 40 1 8)" <<<"$output"
	grep -qx "$(rec L a.c 2 f prog 100+4 1 4)" <<<"$output"
	grep -qx "$(rec F a.c 1 f lib 100 40 5 5)" <<<"$output"
	grep -qx "$(rec L a.c 2 f lib 100+4 5 5)" <<<"$output"
	[ "${lines[-1]}" = "$(rec U 100 104 - 9 9)" ]
}

# late WHERE: the stream, with its blocks placed late: E records say where they ran, each block at two places in turn, and P
# records before, after, or before some and after others say what that is.
late() {
	awk -F'\t' -v OFS='\t' -v where="$1" '
		$1 == "E" && $4 !~ /^[-:]/ {
			name = $4; linked = $5; place = $9 OFS $10 OFS $11
			$4 = ":0000" (NR % 2 ? "beef" : "cafe")
			$5 = (NR % 2 ? "ffff8" : "7fff0") substr("00000000000" linked, length(linked) + 1)
			$9 = $10 = $11 = "-"
			text = $4 OFS $5 OFS $6
			if (!(text in p)) { order[++n] = text; p[text] = name OFS linked OFS place; at[text] = NR }
			e[++n_e] = $0
			next
		}
		/^E/ { e[++n_e] = $0; next }
		/^I\tstream\tend/ { end = $0; next }
		{ print }
		END {
			for (i = 1; i <= n; i++)
				if (where == "before" || (where == "mixed" && i % 3 == 0)) print "P", order[i], p[order[i]]
			for (i = 1; i <= n_e; i++) {
				print e[i]
				if (where == "mixed" && i % 5 == 0 && ++k <= n && k % 3) { print "P", order[k], p[order[k]]; delete p[order[k]] }
			}
			for (i = 1; i <= n; i++)
				if (order[i] in p && (where == "after" || (where == "mixed" && i % 3))) print "P", order[i], p[order[i]]
			print end
		}'
}

@test "blocks that are placed late, by P records before E records or after: the same counts, to the byte" {
	for t in aa64-O0 aa64-smp-O2 arm-thumb-O1 ppc-be-O1; do
		etrace-cat "$DATA/$t.etrace" | etrace-sym -b "$DATA/$t.elf" >once
		etrace-cat "$DATA/$t.etrace" | etrace-sym -e "$DATA/$t.elf" >bare
		for where in before after mixed; do
			late $where <once >late
			[ "$(grep -c "^E${TAB}[^$TAB]*$TAB[^$TAB]*$TAB$t.elf" late)" -eq 0 ]
			[ "$(grep -c ^P late)" -gt 20 ]
			etrace-cov once | cmp - <(etrace-cov late)
			etrace-cov -b once | cmp - <(etrace-cov -b late)
			# Without a map, blocks are lines of their own, in their order.
			etrace-cov bare | cmp - <(late $where <bare | etrace-cov)
			cat once once | etrace-cov -b | cmp - <(cat late once | etrace-cov -b)
		done
		etrace-cov -b once | grep -q "^R.*[1-9][0-9]*$TAB[1-9][0-9]*$"
	done
}

@test "a P record is of its trace, and the last one of a block counts" {
	late='E	0	-	:12345678	7000	8	3	8	-	-	-'
	{ map; rec P :12345678 7000 8 prog 100 f+0 a.c:2 -; printf '%s\n' "$late"; } >in
	counts() { run --separate-stderr etrace-cov -q "$@"; [ "$status" -eq 0 ]; [ -z "$stderr" ]; frame; printf '%s\n' "$output" >out; }
	counts in
	[ "$(count a.c 2)" -eq 3 ]
	[ "$(grep -c ^U out)" -eq 0 ]
	# Another trace has something else there, whatever a trace begins with.
	for new in "#etrace${TAB}2" "$(rec I etrace-version 0.0)" "$(rec I source exec-log)"; do
		{ cat in; printf '%s\n' "$new" "$late"; } >two
		counts two
		[ "$(count a.c 2)" -eq 3 ]
		grep -qx "$(rec U 7000 7008 - 3 8)" out
		{ printf '%s\n' "$late" "$new"; cat in; } >two
		counts two
		[ "$(count a.c 2)" -eq 3 ]
		grep -qx "$(rec U 7000 7008 - 3 8)" out
	done
	printf '%s\n' "$late" >more
	counts in more
	[ "$(count a.c 2)" -eq 3 ]
	grep -qx "$(rec U 7000 7008 - 3 8)" out
	# Two that differ; and of another size it is another block.
	{ cat in; rec P :12345678 7000 8 prog 108 f+8 a.c:4 -; rec P :12345678 7000 4 prog 200 g+0 a.h:9 -; } >in2
	counts in2
	[ "$(count a.c 2)" -eq 0 ]
	[ "$(count a.c 4)" -eq 3 ]
	[ "$(count a.h 9)" -eq 0 ]
	# One of which nothing ran; one whose size is not known.
	{ map; e 100 8 1 8; rec P - 7000 - prog 200 g+0 a.h:9 -; rec P - 9000 8 prog 200 g+0 a.h:9 -; } >in3
	counts in3
	[ "$(count a.h 9)" -eq 0 ]
	[ "$(grep -c ^U out)" -eq 0 ]
	{ cat in3; rec E 0 - - 7000 - 1 5 - - -; } >in4
	counts in4
	[ "$(grep -c ^U out)" -eq 0 ]
	grep -qx "$(rec F a.h 8 g prog 200 8 0 5)" out
}

# The U records that etrace-cov -q writes of the records on standard input.
ranges() { etrace-cov -q "$@" | grep '^U'; }
# x START SIZE COUNT NS: an E of a block that is in no object.
x() { rec E 0 - :12345678 "$@" - - -; }

@test "unexplained code: what is near each other is one range, those that ran most come first" {
	{ map; x 5000 8 1 10; x 105007 1 2 20; x 205008 4 40 30; x ffffffffffffffff 1 50 50; x fffffffffff00000 0 1 7
		rec E 0 - prog 900 4 2 9 - - -; rec E 0 - - 902 4 3 9 - - -; e 100 8 1 8; } >in
	ranges in | diff - <(rec U fffffffffff00000 0 - 51 57; rec U 205008 20500c - 40 30; rec U 902 105008 - 6 39; rec U 900 904 prog 2 9)
	# Each byte more between two of them than there may be.
	{ map; x 5000 8 2 10; x 105008 1 1 20; } >in2
	ranges in2 | diff - <(rec U 5000 5008 - 2 10; rec U 105008 105009 - 1 20)
	# What it wrote it reads; what is between two ranges makes them one.
	etrace-cov -q in | etrace-cov | cmp - <(etrace-cov -q in)
	etrace-cov -q in2 >cov
	{ cat cov cov; rec U 7000 7004 - 1 1; rec U 7000 7004 prog 1 1; } | ranges | diff - <(rec U 5000 105009 - 7 61; rec U 7000 7004 prog 1 1)
	# Without places: of the same what they are one; what has no count has its time.
	{ rec U - - a 1 1; rec U - - b 0 1; rec U - - a 2 0; rec U 0 8 a 1 1; rec U 0 8 c 0 0; } | ranges |
		diff - <(rec U - - a 3 1; rec U 0 8 a 1 1; rec U - - b 0 1)
}

@test "unexplained code in a hundred places: at most 64 ranges, and none of it is lost" {
	{
		rec L a.c 2 f prog 100+4 0 0
		for ((i = 1; i <= 100; i++)); do x $(printf %x $((i << 24))) 8 $i 2; done
	} >many
	ranges many >u
	[ "$(wc -l <u)" -eq 49 ]
	[ "$(head -n 2 u)" = "$(rec U - - - 1378 104; rec U 64000000 64000008 - 100 2)" ]
	etrace-cov -q many | ranges | cmp - u
	# As many things that may be told apart.
	for ((i = 1; i <= 100; i++)); do rec U 1000 1008 /lib/$i $i 1; done | ranges >u
	[ "$(wc -l <u)" -eq 64 ]
	[ "$(head -n 2 u)" = "$(rec U - - - 703 37; rec U 1000 1008 /lib/100 100 1)" ]
	[ "$(tail -n 1 u)" = "$(rec U - - /lib/38 38 1)" ]
	[ "$(awk -F'\t' '{ n += $5; ns += $6 } END { print n, ns }' u)" = "5050 100" ]
}

@test "unexplained code: the files that were mapped, at their offsets, and generated code" {
	{
		map
		rec G 7f0000 7f4000 2000 '/lib/c\\x20.so' -
		rec G 800000 900000 0 '[anon]' -
		rec G 7f1000 7f2000 0 '[vdso]' -
		rec G 900000 0 fffff '/lib/d.so' 123
		x 7f0010 8 1 1; x 7f1010 8 2 2; x 7f2010 8 4 4; x 800000 4 8 8; x 900002 4 16 16; x 700000 4 32 32
		rec G 7f0000 0 0 - -
	} >in
	ranges in | diff - <(
		rec U 700000 700004 - 32 32
		rec U 100001 100005 /lib/d.so 16 16
		rec U 800000 800004 '[generated code]' 8 8
		rec U 2010 4018 '/lib/c\\x20.so' 5 5
		rec U 7f1010 7f1018 '[vdso]' 2 2)
	# Another run has the same file elsewhere.
	{ rec '#etrace' 2; map; rec G 0 2000 2000 /lib/d.so -; x 10 8 1 1; } >a
	{ rec '#etrace' 2; map; rec G 70000 72000 2000 /lib/d.so -; x 70000 8 2 2; } >b
	cat a b | ranges | diff - <(rec U 2000 2018 /lib/d.so 3 3)
	# A file on top of another, and of the end of the next one.
	{ rec G 0 10 0 a -; rec G 10 30 0 b -; rec G 5 18 40 c -; rec G 18 20 0 c2 -; for a in 0 4 5 17 18 1f 20 2f 30; do x $a 1 1 0; done; } | ranges |
		LC_ALL=C sort | diff - <(rec U 0 5 a 2 0; rec U 0 8 c2 2 0; rec U 10 20 b 2 0; rec U 30 31 - 1 0; rec U 40 53 c 2 0)
	{ rec G 10 10 0 a -; rec G 20 10 0 a -; rec G 0 8 fffffffffffffffc a -; rec G 0 8 a -; rec A prog 0 8; } >bad
	run --separate-stderr etrace-cov bad
	[ "$status" -eq 1 ]
	[ "${stderr_lines[0]}" = "etrace-cov: bad: line 1: a G record is: G lo hi offset path build-id, not 'G\x0910\x0910\x090\x09a\x09-'" ]
	[ "${stderr_lines[1]}" = "etrace-cov: bad: 5 records like that were left out" ]
}

@test "unexplained code of a machine: boot ROM, what ran before the kernel, the kernel, user space" {
	t() { rec T 0 :12345678 "$1" - 00 -; }
	# As blocks were translated, while they are counted in no order.
	{ rec I etrace-version 0.0; rec I mode system; rec I order none; rec L a.c 1 start vmlinux ffff800008000000+4 0 0
		t 40000000; t 7c00; t ffff800008000000; t 400000; t ffff800009000000; t 40000010
		x ffff800009000000 4 8 8; rec E 0 - vmlinux ffff800008000000 4 5 5 start+0 a.c:1 -
		x 400000 8 4 4; x 7c00 4 2 2; x 40000010 4 16 16; x 40000000 4 1 1; x 7c00 8 32 32; } >in
	ranges in | diff - <(
		rec U 7c00 7c08 '[before the kernel]' 34 34
		rec U 40000010 40000014 '[user space]' 16 16
		rec U ffff800009000000 ffff800009000004 '[kernel]' 8 8
		rec U 400000 400008 '[user space]' 4 4
		rec U 40000000 40000004 '[boot ROM]' 1 1)
	# Other bytes at an address are another block.
	{ cat in; rec E 0 - :87654321 7c00 8 3 3 - - -; } | ranges | grep -Fqx "$(rec U 7c00 7c08 '[user space]' 3 3)"
	# Code that is explained, near where the machine began: no boot ROM.
	{ cat in; rec A prog 40000000 40000014 0; } | ranges | grep -Fqx "$(rec U 40000000 40000004 '[before the kernel]' 1 1)"
	# No kernel, whose code is in the upper half, ran; of a process, or of a trace without T records, nothing is known.
	{ grep -v ffff800 in; rec L a.c 1 start prog 10+4 0 0; rec A prog 10 14 10; } | ranges | cut -f 2-4 |
		diff - <(rec 7c00 7c08 -; rec 40000000 40000014 '[boot ROM]'; rec 400000 400008 -)
	# Nor is it known where the boot ROM ends, if nothing is explained.
	[ "$({ grep -v ffff800 in; rec L a.c 1 start prog 10+4 0 0; } | ranges | cut -f 4 | sort -u)" = - ]
	for change in "s/mode${TAB}system/mode${TAB}user/" '/^I.mode/d' '/^T/d'; do
		[ "$(sed "$change" in | ranges | cut -f 4 | sort -u)" = - ]
	done
	run --separate-stderr etrace-cov <(rec T 0 :12345678 x - 00 -)
	[ "$status" -eq 1 ]
	[[ "${stderr_lines[0]}" = *"line 1: a T record is: T cpu in vaddr paddr code host-code, not 'T"* ]]
}

@test "what is unexplained is said, if it is noticeable: how much, the largest ranges, and what they may be" {
	said() { run --separate-stderr etrace-cov "$@"; [ "$status" -eq 0 ]; }
	{ map; e 100 8 999 8; x 5000 8 1 1; } >in
	said in
	[ "$stderr" = "etrace-cov: 0.1 % of 1000 executions are in no ELF file: 0.1 % in 5000-5008; give etrace-sym, or etrace-run -e, the ELF files of what ran there" ]
	said -q in
	[ -z "$stderr" ]
	{ map; e 100 8 1000 8; x 5000 8 1 1; } >less
	said less
	[ -z "$stderr" ]
	# Code of an object that is in no function is not what an ELF file is missing for.
	{ map; e 100 8 1000 8; rec E 0 - prog 999 4 10 9 - - -; } >less
	said less
	[ -z "$stderr" ]
	# Where a file has it, where that was does not matter; the three largest ones, and what else there is.
	{
		map; e 100 8 100 8
		rec G 7f0000 7f4000 2000 /lib/c.so -; rec G 800000 0 0 '[anon]' -
		x 7f0000 8 30 1; x 7f3f00 8 0 1; rec G 900000 a00000 0 /lib/c.so -; x 980000 8 20 1; x 800000 8 30 1; x 305000 8 10 9; x 5000 8 6 1; x 125000 8 4 1
	} >in
	said in
	[ "$stderr" = "etrace-cov: 50.0 % of 200 executions are in no ELF file: 25.0 % in /lib/c.so, 15.0 % in [generated code] 800000-800008, 5.0 % in 305000-305008, 5.0 % in 2 more; etrace-sym -u uses the files that were mapped" ]
	# Generated code is in no ELF file that there is; what else there is may be.
	{ map; e 100 8 50 8; rec G 800000 900000 0 '[anon]' -; x 800000 8 50 1; } >jit
	said jit
	[ "$stderr" = "etrace-cov: 50.0 % of 100 executions are in no ELF file: 50.0 % in [generated code] 800000-800008" ]
	said <(cat jit; x 5000 8 1 1)
	[[ "$stderr" = *", 1.0 % in 5000-5008; give etrace-sym, or etrace-run -e, the ELF files of what ran there" ]]
	# What was counted before was said before.
	etrace-cov -q in >cov
	said cov less
	[ -z "$stderr" ]
	said -f <(sed 's/^E.*prog.100.*/I\tcounts\tseen\n&/' in)
	[[ "$stderr" = "etrace-cov: 50.0 % of 200 blocks seen are in no ELF file"* ]]
}

@test "two builds of one name: their counts merge, their blocks cannot, which is said" {
	{ map; rec O prog old/prog 0ff1ce; e 100 8 1 8; } >in
	run --separate-stderr etrace-cov in
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-cov: prog: two builds of it ran, "*"count each run by itself"* ]]
	{ map; e 100 8 1 8; } | etrace-cov >1.cov
	{ rec O prog old/prog 0ff1ce; rec L a.c 2 f prog 100+4 7 0; } >2.cov
	run --separate-stderr etrace-cov 1.cov 2.cov
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	grep -qx "$(rec L a.c 2 f prog 100+4 8 4)" <<<"$output"
}

@test "blocks that etrace-sym has not seen are unexplained, which is said" {
	{ map; e 100 8 1 8; rec E 0 - :12345678 100 8 3 8; rec E 0 - - 100 8 4 8; } >in
	run --separate-stderr etrace-cov in
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-cov: 2 blocks have no place, for etrace-sym has not seen them, and count as unexplained (U): put etrace-sym before etrace-cov" ]
	frame
	grep -qx "$(rec F a.c 1 f prog 100 40 1 8)" <<<"$output"
	[ "${lines[-1]}" = "$(rec U 100 108 - 7 16)" ]
}

@test "a size and a time that are not known are 0" {
	{ map; rec E 0 - - 100 - 3 - - - -; } >in
	run --separate-stderr etrace-cov -q in
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	frame
	[ "${lines[-1]}" = "$(rec U 100 101 - 3 0)" ]
}

@test "nothing to count, and no etrace-sym before it" {
	run --separate-stderr etrace-cov </dev/null
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-cov: nothing to count: there was no E, F or L record" ]
	frame
	[ "$output" = "#etrace${TAB}2" ]
	run --separate-stderr etrace-cov <<<"$(rec E 0 - prog 100 8 1 8)"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"put etrace-sym before etrace-cov, with an ELF file that has symbols or DWARF" ]]
	frame
	[ "${lines[1]}" = "$(rec U 100 108 prog 1 8)" ]
}

@test "a file that is missing: said, the others are counted" {
	{ map; e 100 8 1 8; } >in
	run --separate-stderr etrace-cov missing in
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-cov: missing: No such file or directory" ]
	printf '%s\n' "$output" >out
	[ "$(count a.c 2)" -eq 1 ]
}

@test "a full disk is status 3, a usage error 2" {
	sh_run "etrace-cat '$DATA/aa64-O0.etrace' | etrace-sym '$DATA/aa64-O0.elf' | etrace-cov >/dev/full"
	[ "$status" -eq 3 ]
	[ "$stderr" = "etrace-cov: standard output: No space left on device; what was written is incomplete" ]
	run --separate-stderr etrace-cov -z
	[ "$status" -eq 2 ]
}

# A count or a time that passed 2^64 - 1: what it is then, and what was said, once.
MAX=18446744073709551615
FULL="etrace-cov: a count passed $MAX and stays there"

@test "counts and times that pass 2^64 stay at the largest number, wherever they add up" {
	{ map; e 100 8 $MAX $MAX; e 100 8 2 2; rec U 10 18 - $MAX 7; rec U 10 18 - 3 $MAX; } >in
	run --separate-stderr etrace-cov in
	[ "$status" -eq 0 ]
	[ "$stderr" = "$FULL" ]
	grep -qx "$(rec F a.c 1 f prog 100 40 $MAX $MAX)" <<<"$output"
	grep -qx "$(rec L a.c 3 f prog 104+4,110+4:0,11c+4:0 $MAX 9223372036854775808)" <<<"$output"
	frame
	[ "${lines[-1]}" = "$(rec U 10 18 - $MAX $MAX)" ]
	# Counts that were there already, in the map; and those of blocks come to them.
	rec F a.c 1 f prog 100 8 $MAX $MAX >map
	rec L a.c 2 f prog 100+4:$MAX,104+4 3 $MAX >>map
	for more in map <(e 100 8 1 8); do
		run --separate-stderr etrace-cov map $more
		frame
		[ "$status" -eq 0 ]
		[ "$stderr" = "$FULL" ]
		[ "${lines[1]}" = "$(rec F a.c 1 f prog 100 8 $MAX $MAX)" ]
		[[ "${lines[2]}" = "$(rec L a.c 2 f prog 100+4,104+4:)"[46]"$TAB$MAX$TAB$MAX" ]]
	done
	run --separate-stderr etrace-cov map
	[ -z "$stderr" ]
}

@test "blocks that overlap: their sum is right up to 2^64 - 1, and stays there" {
	half=9223372036854775808
	{ map; e 100 8 $half 1; e 104 8 $((half - 1)) 1; } >in
	run --separate-stderr etrace-cov in
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	grep -q "^$(rec L a.c 3 f prog 104+4,110+4:0,11c+4:0 $MAX)" <<<"$output"
	grep -q "^$(rec L a.c 4 f prog 108+8 $((half - 1)))" <<<"$output"
	# What is behind them all is as if the sum had never been too large.
	{ cat in; e 104 8 $half 1; e 104 8 $MAX 1; e 110 4 5 1; } >more
	run --separate-stderr etrace-cov more
	[ "$status" -eq 0 ]
	[ "$stderr" = "$FULL" ]
	grep -q "^$(rec L a.c 3 f prog 104+4,110+4:5,11c+4:0 $MAX)" <<<"$output"
	grep -q "^$(rec L a.c 2 f prog 100+4 $half)" <<<"$output"
}

@test "counts of branches, and of steps, that pass 2^64 stay there" {
	{ rec L a.c 3 f prog 100+8 0 0; rec R a.c 3 f prog 104 4 100 1 $MAX; } >map
	{ e 100 8 $MAX 8; e 100 8 9 8; e 108 4 1 4; } >run
	run --separate-stderr etrace-cov -b map run
	[ "$status" -eq 0 ]
	[ "$stderr" = "$FULL" ]
	grep -qx "$(rec R a.c 3 f prog 104 4 100 $MAX $MAX)" <<<"$output"
	run --separate-stderr etrace-cov map map
	[ "$stderr" = "$FULL" ]
	grep -qx "$(rec R a.c 3 f prog 104 4 100 2 $MAX)" <<<"$output"
}

@test "a block that ends at 2^64 counts, for its lines, its function and its branch" {
	{
		rec F a.c 1 top prog fffffffffffffff0 16 0 0
		rec L a.c 2 top prog fffffffffffffff0+8 0 0
		rec L a.c 3 top prog fffffffffffffff8+8 0 0
		rec R a.c 3 top prog fffffffffffffffc 4 fffffffffffffff0 - -
		rec F a.c 9 low prog 0 8 0 0
		rec L a.c 9 low prog 0+8 0 0
	} >map
	{ e fffffffffffffff0 16 3 48; e 0 8 1 8; } >run
	run --separate-stderr etrace-cov -b map run
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	records
	diff - <(printf '%s\n' "${lines[@]}") <<-END
	$(rec F a.c 1 top prog fffffffffffffff0 16 3 48)
	$(rec F a.c 9 low prog 0 8 1 8)
	$(rec L a.c 2 top prog fffffffffffffff0+8 3 24)
	$(rec L a.c 3 top prog fffffffffffffff8+8 3 24)
	$(rec L a.c 9 low prog 0+8 1 8)
	$(rec R a.c 3 top prog fffffffffffffffc 4 fffffffffffffff0 2 1)
	END
	# The last byte alone, and none of it.
	{ rec E 0 - prog fffffffffffffff0 16 3 48; rec E 0 - prog ffffffffffffffff 1 2 2; rec E 0 - prog ffffffffffffffff 0 1 5; } >run
	run --separate-stderr etrace-cov -b map run
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep -c '^U' <<<"$output")" -eq 0 ]
	grep -qx "$(rec L a.c 3 top prog fffffffffffffff8+8 3 31)" <<<"$output"
	grep -qx "$(rec F a.c 1 top prog fffffffffffffff0 16 3 55)" <<<"$output"
	run --separate-stderr etrace-cov <(rec F a.c 9 low other 0 8 0 0) run
	[ "$status" -eq 1 ]
	frame
	[ "${lines[-1]}" = "$(rec U fffffffffffffff0 0 prog 6 55)" ]
}

@test "runs whose times are not of one kind: those that are virtual, and say nothing, are said to be" {
	trace() { rec '#etrace' 2; rec I etrace-version 0.0; [ -z "$1" ] || rec I ns "$1"; map; e 100 8 1 8; }
	trace '' >virtual
	trace instructions >instr
	trace host-time >host
	kinds() { etrace-cov "$@" | grep "^I${TAB}ns" | cut -f 3 | paste -sd ' '; }
	[ "$(kinds virtual virtual)" = "" ]
	[ "$(kinds instr instr)" = instructions ]
	[ "$(kinds instr host)" = "instructions host-time" ]
	[ "$(kinds instr virtual)" = "instructions virtual-time" ]
	[ "$(kinds virtual instr)" = "instructions virtual-time" ]
	[ "$(cat virtual instr | kinds -)" = "instructions virtual-time" ]
	[ "$(grep -v '^#' virtual instr -h | kinds -)" = "instructions virtual-time" ]
	# Counts, merged once more; and a map, which is of no trace.
	for t in virtual instr; do etrace-cov $t >$t.cov; done
	[ "$(kinds virtual.cov instr.cov)" = "instructions virtual-time" ]
	[ "$(etrace-cov instr.cov virtual.cov | kinds - instr)" = "instructions virtual-time" ]
	map >map
	[ "$(kinds map instr.cov map)" = instructions ]
	# Two versions in one file of counts are not two traces.
	{ cat instr.cov; rec I etrace-version 0.1; } >two.cov
	[ "$(kinds two.cov instr)" = instructions ]
}
