#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs harnesses of test/fuzz, which make fuzz has built, from the files in test/data on.
# in:  test/fuzz.sh 600 exec-log
# out: exec-log	12345678 runs	0 findings
#
# What was found lies in build/fuzz, as NAME-crash-... and the like, with the log, NAME.log; so does the corpus, which
# the next time goes on from.
cd "$(dirname "$0")/.." || exit 3
seconds=$1 status=0
shift

# The beginnings of traces, as they come out of the pipeline COMMAND: records COMMAND
records() {
	for elf in arm-thumb-O1 aa64-smp-O2; do
		for t in test/data/blocks/$elf-*.etrace; do
			bin/etrace-cat -t "$t" | some | ELF=test/data/$elf.elf sh -c "$1" >"$corpus/seed-$(basename "$t")"
		done
	done
	bin/etrace-cat test/data/exec-log/7.2-user-x86_64.log | some |
		ELF=test/data/branches/x86_64.elf sh -c "$1" >"$corpus/seed-log"
}

# Records; a field that is a letter of one begins the next.
rec() { printf '\t%s' "$@" | sed 's/\t\([A-Z]\)\(\t\)/\n\1\2/g; s/^\n//'; echo; }

some() { awk '!/^[ET]/ || n[$1]++ < 40'; }

# What a harness begins with goes into its corpus: files small enough to be changed a lot.
seeds() {
	case $1 in
	exec-log) cp test/data/exec-log/* "$corpus" ;;
	etrace)
		for t in test/data/*.etrace test/data/blocks/*; do
			head -c 8192 "$t" >"$corpus/seed-$(basename "$t")"
		done
		# What a machine's trace has none of: MAP, before a BLOCK.
		perl -e 'sub p { pack "S<2 L</a*", shift, 0, shift } print p(0x4554, pack "Q< L<", 0, 0),
			p(22, pack "Q<3 (Z*)2", 0x1000, 0x3000, 0, "/lib/a.so", "0123"), p(19, pack "L<2 Q< L< C", 0, 1, 0x1000, 1, 0x90)' \
			>"$corpus/seed-map" ;;
	simple-trace)
		# Its header, two names, and an event of each.
		perl -e 'print pack("Q<3", ~0, 0xf2b177cb0aa429b4, 4), pack("(Q<Q<L</a*)2", 0, 6, "exec_tb", 0, 7, "tb_enter_exec"),
			pack("Q<3L<2Q<2", 1, 6, 9, 40, 1, 2, 3), pack("Q<3L<2Q<3", 1, 7, 9, 48, 1, 2, 3, 4)' >"$corpus/seed" ;;
	sym) records cat ;;
	cov)
		records 'bin/etrace-sym -KCb $ELF'
		# Blocks that are placed late, and unexplained ones.
		rec I mode system I etrace-version 0.0 A a 8000 8010 100 P :12345678 7000 8 a 100 f+0 a.c:2 - \
			E 0 - :12345678 7000 8 3 8 - - - E 0 - - 400000 4 1 4 - - - G 400000 0 2000 /c.so - \
			K a 100 4 f+0 a.c:2 call 100 200 - K a 200 4 g+0 - return? 200 - catch:100-104 K a 104 8 f+4 - trap 108 - plt \
			W 0 - 5 1113 a 100 4 1 a 200 4 2 X 0 9 interrupt 104 100 Y 0 9 8000 W 0 - 3 131 a 104 8 2 a 100 4 1 \
			J 0 a 100 4 a 200 4 3 C a 100 f a.c 2 100 a 200 g 4 8 9 S 'f;g' 3 4 \
			L a.c 2 f a 100+4 0 0 U 0 8 '[user space]' 2 9 U - - - 1 1 >"$corpus/seed-late" ;;
	fmt) records 'bin/etrace-sym -KCb $ELF | bin/etrace-cov -Cb' ;;
	landing)
		# What the harness replaces, with a byte more for the second program.
		head -c $((0x3b8)) test/data/ends/pads-i686.elf | tail -c $((0x3b8 - 0x1c0)) >"$corpus/seed-i686"
		head -c $((0x1f9)) test/data/ends/pads-arm.elf | tail -c $((0x1f9 - 0x16c)) >"$corpus/seed-arm" ;;
	kept) bin/etrace-sym -Kn test/data/arm-thumb-O1.elf >"$corpus/seed" ;;
	placefile)
		printf '%s\n' '# places' '' '5555-5557 r-xp 1000 fe:01 12  /usr/bin/a prog' '5557-5559 rw-p 2000 fe:01 12 /usr/bin/a' \
			'7f00-7f01 r-xp 0 00:00 0  [vdso]' 'nls_utf8 16384 1 a,b, Live 0xc0a4e000 (OE)' '400000 build/fw.elf' \
			'nls-utf8 .text 0xc0a4e000' 'bad .init.text 10' >"$corpus/seed" ;;
	place) perl -e 'print pack "Z*Q<*", "prog\@1000", 0x402010, 0x40201030, 0x402011fc, 0x1000402010' >"$corpus/seed" ;;
	esac 2>/dev/null
}

for name; do
	corpus=build/fuzz/$name.corpus
	mkdir -p "$corpus"
	seeds "$name"
	build/fuzz/fuzz-"$name" -max_total_time="$seconds" -max_len=16384 -timeout=20 -rss_limit_mb=4096 \
		-close_fd_mask=2 -print_final_stats=1 -artifact_prefix="build/fuzz/$name-" "$corpus" \
		>"build/fuzz/$name.log" 2>&1 </dev/null || status=1
	printf '%s\t%s runs\t%s findings\n' "$name" \
		"$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log")" \
		"$(find build/fuzz -maxdepth 1 -name "$name-*-*" | wc -l)"
done
exit $status
