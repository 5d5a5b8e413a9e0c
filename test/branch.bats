# SPDX-License-Identifier: GPL-3.0-or-later
# Branches: what they are in the code of each machine, which way they went, and reports of it.
load lib

PLUGIN=${ETRACE_PLUGIN:-$TOP/bin/etrace-plugin.so}
SRC=$DATA/src/branches.c

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# host [FLAGS], aarch64 [FLAGS]: builds branches.c as ./prog for a machine, whose QEMU is $qemu.
host() {
	qemu=qemu-$(uname -m)
	gcc -g "$@" -o prog "$SRC"
}
aarch64() {
	qemu=qemu-aarch64
	aarch64-linux-gnu-gcc -g "$@" -DFREESTANDING -ffreestanding -nostdlib -static -Wl,-e,start -o prog "$SRC"
}

# trace OPTIONS [QEMU-OPTIONS]: runs ./prog.
trace() { timeout 60 "$qemu" -plugin "$PLUGIN,out=t.etrace,$1" "${@:2}" ./prog; }

# A map with a loop, a branch that calls for nothing, one with a delay slot, and one that returns.
map() {
	rec '#etrace' 2
	rec F a.c 1 f prog 100 80 0 0
	rec L a.c 3 f prog 100+12 0 0
	rec R a.c 3 f prog 108 4 100 - -
	rec R a.c 5 f prog 110 4 120 - -
	rec R a.c 7 f prog 120 8 140 - -
	rec R a.c 9 f prog 140 4 - - -
}
# e START SIZE [COUNT [CPU]]: an E record.
e() { rec E "${4:-0}" - prog "$1" "$2" "${3:-1}" 10; }

# went ADDR: "taken not-taken" of the branch there, in the file out.
went() { awk -F'\t' -v a="$1" '$1 == "R" && $6 == a { print $9, $10 }' out; }

# ---- what is a branch ------------------------------------------------------------------------

# The traces and what is expected of them were made by QEMU 7.2, whose own log says the same.
@test "every conditional branch of 15 machines, and which way each went" {
	for elf in "$DATA"/branches/*.elf; do
		m=$(basename "$elf" .elf)
		zstd -qdc "${elf%.elf}.etrace.zst" >t.etrace
		run --separate-stderr bash -c "etrace-cat t.etrace | etrace-sym -b $elf | etrace-cov -b"
		[ "$status" -eq 0 ] || { echo "$m: status $status: $stderr"; return 1; }
		[ -z "$stderr" ]
		printf '%s\n' "$output" | awk -F'\t' -v OFS='\t' -v m="$m" '$1 == "R" { print m, $3, $4, $6, $7, $8, $9, $10 }'
	done >got
	diff got "$GOLDEN/branches"
	[ "$(cut -f 1 got | uniq | wc -l)" -eq 15 ]
}

@test "R and L have the same functions, inlined copies too; addresses are those that it was linked for" {
	aarch64 -O2
	etrace-sym -nb prog >map
	# (A line may have no statement where its branch is.)
	awk -F'\t' '$1 == "L" { line[$3]; known[$3, $4] }
		$1 == "R" && $3 in line { n++; if (!(($3, $4) in known)) exit bad = 1 }
		END { exit bad || n < 10 }' map
	etrace-sym -nb prog@1000 | diff map -
}

@test "a machine whose branches are not known is named, and the rest of the map is written" {
	cp "$DATA/branches/s390x.elf" hppa.elf
	printf '\0\17' | dd of=hppa.elf bs=1 seek=18 conv=notrunc status=none
	run --separate-stderr etrace-sym -nb hppa.elf
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-sym: -b: hppa.elf: which instructions of its machine (ELF's number 15) are conditional branches is not known"* ]]
	grep -q "^L${TAB}" <<<"$output"
	! grep -q "^R${TAB}" <<<"$output" || false
}

# ---- which way they went ---------------------------------------------------------------------

# branches_of_gcov FILE: "line count ...", of both ways of all branches of a line, sorted.
branches_of_gcov() {
	awk '/^ *[^ ]+: *[0-9]+:/ { split($0, a, ":"); l = a[2] + 0 }
		/^branch/ { print l, $3 == "taken" ? $4 : 0 }' "$1" | sort -n -k 1,1 -k 2,2
}

@test "gcov's counts at -O0, x86-64 and AArch64, but for a switch" {
	gcc -g -O0 --coverage -o instrumented "$SRC"
	./instrumented || true
	gcov -b -c ./*branches.gcda >/dev/null
	switch=$(grep -n 'switch' "$SRC" | cut -d : -f 1)
	branches_of_gcov branches.c.gcov | grep -v "^$switch " >want
	[ "$(wc -l <want)" -ge 40 ]
	for machine in host aarch64; do
		$machine -O0
		trace mode=exec
		etrace-cat t.etrace | etrace-sym -b prog | etrace-cov -b >out
		awk -F'\t' '$1 == "R" && $2 ~ /branches\.c$/ { print $3, $9; print $3, $10 }' out |
			sort -n -k 1,1 -k 2,2 | grep -v "^$switch " | diff want -
		# gcov has a branch a case, the code a tree of comparisons.
		grep -q "^R.branches\.c.$switch.\|^R.*/branches\.c.$switch." out
	done
}

@test "QEMU's own log: what came behind each branch" {
	for machine in host aarch64; do
		$machine -O2 -no-pie	# so that the log has the addresses of the records
		trace mode=exec -d exec,nochain,in_asm -D log
		etrace-cat t.etrace | etrace-sym -b prog | etrace-cov -b | grep "^R$TAB" >out
		# The last instruction of each block, by where the block begins; then the blocks as they ran.
		awk '/^IN:/ { first = "" }
			/^0x[0-9a-f]+:/ { sub(/^0x0*/, "", $1); sub(/:.*/, "", $1); if (!first) first = $1; last[first] = $1 }
			/^Trace/ { split($4, f, "/"); sub(/^0+/, "", f[2]); if (before) print last[before], f[2]; before = f[2] }' log |
			sort | uniq -c >steps
		while read -r _ _ _ _ _ addr len target _; do
			printf '%s %s %x\n' "$addr" "$target" $((0x$addr + len))
		done <out >ways
		awk 'NR == FNR { n[$2 " " $3] = $1; next }
			{ print $1, n[$1 " " $2] + 0, n[$1 " " $3] + 0 }' steps ways >want
		[ "$(awk '$2 + $3' want | wc -l)" -ge 10 ]
		cut -f 6,9,10 out | tr '\t' ' ' | diff want -
	done
}

@test "taken, not taken, never reached; a row of one block; map and blocks in any order" {
	{ map; e 100 c 5; e 10c 8; e 120 8; } | sed 's/\tc\t/\t12\t/' >in
	etrace-cov -b in >out
	[ "$(went 108)" = "4 1" ]
	[ "$(went 110)" = "1 0" ]
	[ "$(went 120)" = "0 0" ]
	tac in | grep -v '^E' >back
	grep '^E' in | cat - back | etrace-cov -b >out
	[ "$(went 108)" = "4 1" ]
	[ "$(went 110)" = "1 0" ]
}

@test "each CPU goes its own way" {
	{ map; e 100 12 1 0; e 10c 8 1 1; e 100 12 1 0; e 120 8 1 1; e 10c 8 1 0; e 114 4 1 0; } >in
	etrace-cov -b in >out
	[ "$(went 108)" = "1 1" ]
	[ "$(went 110)" = "1 1" ]
}

@test "an interrupt is no way to go; a block of no bytes tells where it would have gone" {
	{ map; e 100 12; e 900 8; e 100 12; e 10c 0; e 900 8; e 10c 8; e 900 8; } >in
	etrace-cov -b in >out
	[ "$(went 108)" = "0 1" ]
	# Reached, and where it went is not known.
	[ "$(went 110)" = "- -" ]
}

@test "a delay slot is part of the branch, as a block of its own too; behind it is not taken" {
	{ map; e 118 16; e 140 4; } | etrace-cov -b >out
	[ "$(went 120)" = "1 0" ]
	{ map; e 118 12; e 124 4; e 140 4; e 118 12; e 124 4; e 128 4; e 118 12; e 128 4; } | etrace-cov -b >out
	[ "$(went 120)" = "1 2" ]
}

@test "a return on a condition leads behind a block; what else comes is no return" {
	{ map; e 10 4; e 140 4; e 14 4; e 140 4; e 144 4; e 140 4; e 13 4; } | etrace-cov -b >out
	[ "$(went 140)" = "1 1" ]
}

@test "nothing leads from one trace to the next, in one stream, one file or several" {
	{ map; e 100 12; } >1
	{ map; e 10c 8; } >2
	for how in 'cat 1 2 | etrace-cov -b' 'etrace-cov -b 1 2' \
		'{ cat 1; printf "I\tetrace-version\t0.0\n"; sed 1d 2; } | etrace-cov -b'; do
		bash -c "$how" >out
		[ "$(went 108)" = "0 0" ]
	done
}

@test "runs add up, in any order and without -b; a run that does not say adds nothing" {
	{ map; e 100 12 5; e 10c 8; } | etrace-cov -b >1.cov
	{ map; e 10c 8; e 114 4; } | etrace-cov -b >2.cov
	{ map; } | etrace-cov >3.cov
	grep -qx "$(rec R a.c 3 f prog 108 4 100 - -)" 3.cov
	for how in 'cat 1.cov 2.cov 3.cov' 'cat 3.cov 2.cov 1.cov' 'etrace-cov 3.cov 1.cov | cat - 2.cov'; do
		sh_run "$how | etrace-cov"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		printf '%s\n' "$output" >out
		[ "$(went 108)" = "4 1" ]
		[ "$(went 110)" = "0 1" ]
		[ "$(went 120)" = "0 0" ]
	done
	etrace-cov 1.cov 1.cov >out
	[ "$(went 108)" = "8 2" ]
}

@test "-cb, -W: branches from folded steps, and from walks, are those of the ordered trace" {
	same() {
		etrace-cat "$1" | etrace-sym -b "$2" | etrace-cov -bq >ordered
		run --separate-stderr bash -c "etrace-cat -cb '$1' | etrace-sym -b '$2' | etrace-cov -bq"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		grep -v "^I${TAB}order$TAB" <<<"$output" | diff - ordered
		run --separate-stderr bash -c "etrace-cat -W '$1' | etrace-sym -b '$2' | etrace-cov -bq"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		diff <(grep "^[FLR]$TAB" <<<"$output") <(grep "^[FLR]$TAB" ordered)
		[ "$(grep "^R$TAB" ordered | cut -f 9,10 | grep -vc "^[-0]${TAB}[-0]$")" -ge "$3" ]
	}
	for t in aa64-O0 aa64-smp-O2 arm-thumb-O1 ppc-be-O1; do same "$DATA/$t.etrace" "$DATA/$t.elf" 10; done
	for t in aa64-O0 aa64-smp-O2 arm-thumb-O1; do same "$DATA/blocks/$t-exec.etrace" "$DATA/$t.elf" 10; done
	for t in "$DATA"/branches/*.elf; do
		zstd -qdc "${t%.elf}.etrace.zst" >t.etrace
		same t.etrace "$t" 10
	done
	for t in "$DATA"/exec-log/*-system-aarch64.log; do same "$t" "$DATA/aa64-smp-O2.elf" 3; done
	# A trace after another, of another file, counts with it; a block that is found late is placed.
	cat "$DATA/aa64-O0.etrace" "$DATA/arm-thumb-O1.etrace" "$DATA/aa64-O0.etrace" >t.etrace
	same t.etrace "$DATA/aa64-O0.elf" 10
	host -O1 -pie -fPIE
	trace mode=exec
	same t.etrace prog 10
}

@test "J: steps between blocks; one that names a block without an E record says nothing; P places both" {
	{ map; rec I order steps; e 100 12 5; e 10c 8 5; rec J 0 prog 100 12 prog 100 12 4; rec J 0 prog 100 12 prog 10c 8 1
		rec J 0 prog 100 12 prog 10c 4 7; rec J 0 prog 10c 8 prog 114 4 2; e 114 4 2 0; } >in
	etrace-cov -b in >out
	[ "$(went 108)" = "4 1" ]
	[ "$(went 110)" = "0 0" ]	# the block at 114 came too late
	{ map; rec I order steps; rec E 0 - :1 7100 12 5 10 - - -; rec J 0 :1 7100 12 :1 7100 12 3
		rec P :1 7100 12 prog 100 f+0 a.c:3 -; } >in
	etrace-cov -b in >out
	[ "$(went 108)" = "3 0" ]
	sed "/^I${TAB}order/d" in >without
	etrace-cov -b without >out	# a J record is only heeded where it is in the place of the order
	[ "$(went 108)" = "4 0" ]
	for bad in "J 0 prog 100 12 prog 100 12" "J 0 prog 100 12 prog 100 12 x"; do
		{ map; rec I order steps; rec $bad; } >in
		run --separate-stderr etrace-cov -b in
		[ "$status" -eq 1 ]
		[[ "$stderr" = *"a J record is: J cpu in start size to-in to-start to-size count, not '"* ]]
	done
}

# ---- what cannot be counted ------------------------------------------------------------------

@test "mode=count has no order: the stream says so, and no branch is made up" {
	host -O0
	trace mode=count
	[ "$(etrace-cat t.etrace | grep -c "^I${TAB}order${TAB}none$")" -eq 1 ]
	run --separate-stderr bash -c "etrace-cat t.etrace | etrace-sym -b prog | etrace-cov -bq"
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-cov: -b: a trace says how often blocks were executed, and not in which order"*"mode=exec"* ]]
	printf '%s\n' "$output" >out
	[ "$(grep "^R$TAB" out | cut -f 9,10 | sort -u)" = "-$TAB-" ]
	trace mode=exec
	run --separate-stderr bash -c "etrace-cat -c t.etrace | etrace-sym -b prog | etrace-cov -bq"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"decode it with -cb, or without -c" ]]
	[ "$(grep "^R$TAB" <<<"$output" | cut -f 9,10 | sort -u)" = "-$TAB-" ]
	# Lines are counted as ever, and a run that has the order adds its branches.
	[ "$(lines_of <out | awk -F'\t' '$3 > 0' | wc -l)" -gt 20 ]
	etrace-cat t.etrace | etrace-sym -b prog | etrace-cov -b >exec.cov
	etrace-cov out exec.cov | grep "^R$TAB" | diff - <(grep "^R$TAB" exec.cov)
}

@test "a chained trace has no order either" {
	{ map; rec I counts seen; e 100 12; e 10c 8; } >in
	run --separate-stderr etrace-cov -bf in
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-cov: -b: a trace says what was seen"* ]]
	printf '%s\n' "$output" >out
	[ "$(went 108)" = "- -" ]
}

@test "-b on one side of the pipe alone is said" {
	{ map; e 100 12; } >in
	run --separate-stderr etrace-cov in
	[ "$status" -eq 0 ]
	[ "$stderr" = "etrace-cov: the branches of this trace were not counted: give -b" ]
	printf '%s\n' "$output" >out
	[ "$(went 108)" = "- -" ]
	grep -v '^R' in >none
	run --separate-stderr etrace-cov -b none
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-cov: -b: there are no R records: give -b to etrace-sym too" ]
}

@test "malformed R records are left out" {
	{ map; rec R a.c 3 f prog 108; rec R a.c 3 f prog xyz 4 100 1 1; rec R a.c 3 f prog 108 4 zz 1 1; rec R a.c 3 f prog 108 4 100 1 x; } >in
	run --separate-stderr etrace-cov in
	[ "$status" -eq 1 ]
	[[ "${stderr_lines[0]}" = "etrace-cov: in: line 8: an R record is: R file line func in addr len target taken not-taken, not "* ]]
	[ "$(grep -c '^R' <<<"$output")" -eq 4 ]
}

# ---- reports ---------------------------------------------------------------------------------

# A counted stream: a line with two branches, of which one was never reached; one that did not run; one
# that ran without its branch; a branch that is not known; one of a line without statements.
counted() {
	rec '#etrace' 2
	rec I counts exact
	rec F a.c 1 f prog 100 80 1 0
	rec L a.c 3 f prog 100+12 7 0
	rec L a.c 5 f prog 120+4 0 0
	rec L a.c 7 f prog 130+4 2 0
	rec L a.c 9 f prog 140+4 2 0
	rec R a.c 3 f prog 118 4 100 0 0
	rec R a.c 3 f prog 108 4 100 5 0
	rec R a.c 5 f prog 120 4 100 0 0
	rec R a.c 7 f prog 130 4 100 0 0
	rec R a.c 9 f prog 140 4 100 - -
	rec R a.c 11 f prog 150 4 100 1 1
}
lcov_of_counted() {
	cat <<-'END'
	TN:
	SF:a.c
	FN:1,f
	FNDA:1,f
	FNF:1
	FNH:1
	BRDA:3,0,0,5
	BRDA:3,0,1,0
	BRDA:3,1,0,-
	BRDA:3,1,1,-
	BRDA:5,0,0,-
	BRDA:5,0,1,-
	BRF:6
	BRH:1
	DA:1,1
	DA:3,7
	DA:5,0
	DA:7,2
	DA:9,2
	LF:5
	LH:4
	end_of_record
	END
}

@test "lcov: what lcov 1.16 and 2 take of them" {
	counted >in
	run --separate-stderr etrace-fmt lcov in
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$output" = "$(lcov_of_counted)" ]
	tac in | etrace-fmt lcov | diff - <(lcov_of_counted)
	# Two inputs add up.
	etrace-fmt lcov in in | grep -x -e BRDA:3,0,0,10 -e BRDA:3,0,1,0 -e BRDA:3,1,0,- | [ "$(wc -l)" -eq 3 ]
	printf 'a.c:3\n' >excludes
	etrace-fmt -x excludes lcov in | grep ^BR | diff - <(printf '%s\n' BRDA:5,0,0,- BRDA:5,0,1,- BRF:2 BRH:0)
}

@test "lcov: a stream without branches says nothing of them" {
	counted | grep -v '^R' | etrace-fmt lcov >out
	! grep ^BR out || false
	counted | sed '/^R/s/[0-9-]*\t[0-9-]*$/-\t-/' | etrace-fmt lcov | diff - out
}

@test "lcov itself reads them, and adds up" {
	counted | etrace-fmt lcov >a.info
	lcov -q --rc lcov_branch_coverage=1 -a a.info -a a.info -o b.info
	grep -qx BRDA:3,0,0,10 b.info
	grep -qx BRDA:5,0,0,- b.info
	run lcov --rc lcov_branch_coverage=1 --summary b.info
	[[ "$output" = *"branches...: 16.7% (1 of 6 branches)"* ]]
}

@test "etrace-run -b: branches from a QEMU to a tracefile; what has none says so" {
	cp "$TOP/bin/etrace-run" .
	for p in cat sym cov fmt; do ln -s "$BIN/etrace-$p" .; done
	export ETRACE_PLUGIN=$PLUGIN
	host -O0
	run --separate-stderr ./etrace-run -b -o cov.info -- "$qemu" ./prog
	[ "$status" -eq 0 ]
	[[ -z "$stderr" || "$stderr" = "etrace-sym: no source lines of "*libc.so* ]]
	trace mode=exec
	etrace-cat t.etrace | etrace-sym -b prog | etrace-cov -b | etrace-fmt lcov | diff - cov.info
	[ "$(grep -c ^BRDA: cov.info)" -ge 40 ]
	./etrace-run -b -f cov -o - -- "$qemu" ./prog | grep -q "^R$TAB.*${TAB}3${TAB}3\$"
	./etrace-run -b -f records -o - -- "$qemu" ./prog | grep -q "^R$TAB.*$TAB-$TAB-\$"
	run --separate-stderr ./etrace-run -b -m count -- "$qemu" ./prog
	[ "$status" -eq 2 ]
	[[ "$stderr" = "etrace-run: -b needs the order of what runs: -m exec"* ]]
	run --separate-stderr ./etrace-run -b -f qcov -- "$qemu" ./prog
	[ "$status" -eq 2 ]
	[[ "$stderr" = "etrace-run: -b is for -f lcov, lcov2, cov and records"* ]]
}
