# SPDX-License-Identifier: GPL-3.0-or-later
# etrace-sym: object files that were not linked, as Linux modules are, and files that have only debug information.
load lib

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# Code of several sections, with branches and calls between them, and to code of another file.
source_file() {
	cat >m.c <<-'EOF'
		extern volatile int sink;
		volatile int sink;
		int table[40];
		static int helper(int x)
		{
			int s = 0;
			for (int i = 0; i < x; i++)
				s += table[i & 31] > i ? i : x;
			return s;
		}
		__attribute__((cold, noinline)) void bad(int x)
		{
			sink = x;
		}
		int work(int x)
		{
			while (x > 3) {
				if (__builtin_expect(table[x & 31] == 77, 0)) {
					bad(x);
					sink = 9;
					bad(x + 1);
				}
				x = helper(x) - 7;
			}
			return helper(x);
		}
		__attribute__((section(".init.text"))) int start(int n)
		{
			int r = 0;
			for (int i = 0; i < n; i++)
				r += work(i);
			return r;
		}
		__attribute__((section(".exit.text"))) void stop(void)
		{
			if (sink)
				bad(sink);
		}
	EOF
}

# layout FILE: a linker script that puts each section of an object file where etrace-sym has it.
layout() {
	echo 'SECTIONS {'
	readelf -SW "$1" | sed -n 's/^ *\[ *[1-9][0-9]*\] *//p' | while read -r name _ _ _ size _ flags rest; do
		[[ "$flags" = *A* ]] || continue
		align=${rest##* }
		at=$(((${end:-0} + align - 1) / align * align))
		end=$((at + 0x$size))
		((0x$size == 0)) || echo "$name $at : { *($name) }"
	done
	echo '/DISCARD/ : { *(.note.gnu.property) } }'
}

# map FILE: the map, of which it is left out what the file is called.
map() { etrace-sym -nb "$1" | grep '^[FLR]' | sed "s/${TAB}$1${TAB}/${TAB}x${TAB}/"; }

@test "the map of an object file is that of the same file linked" {
	source_file
	for prefix in '' aarch64-linux-gnu-; do
		for flags in -O0 -O2 '-O2 -ffunction-sections' '-O1 -gz' '-O2 -gdwarf-4'; do
			"${prefix}gcc" -g -c -ffreestanding -fno-pic $flags -o m.o m.c
			layout m.o >script
			"${prefix}ld" -T script -e 0 -o linked m.o
			map m.o >got
			map linked >want
			diff want got || { echo "$prefix $flags"; return 1; }
			for f in work bad start stop; do grep -q "^F${TAB}.*${TAB}$f${TAB}" got; done
			grep -q "^R" got
		done
	done
}

@test "branches to other sections of an object file; none to those of other files" {
	cat >b.S <<-'EOF'
		.globl f
		.type f, @function
		f:
		cbz x0, g
		tbz x0, #3, local
		b.ne extern_code
		cbnz x0, f
		ret
		.size f, . - f
		.section .text.cold, "ax"
		nop
		.globl g
		g: ret
		nop
		local: ret
	EOF
	aarch64-linux-gnu-gcc -g -c b.S
	run --separate-stderr etrace-sym -nb b.o
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	# .text has 20 bytes, and .text.cold is right after it.
	[ "$(awk -F'\t' '$1 == "R" { print $3, $6, $7, $8 }' <<<"$output")" = "$(printf '%s\n' '4 0 4 18' '5 4 4 20' '7 c 4 0')" ]
}

@test "code of an object file is found by its bytes, whatever a loader put into them" {
	cat >c.c <<-'EOF'
		extern int far(int);
		int helper(int x) { return far(x) + far(x + 1) * 3; }
		int work(int n)
		{
			int s = 0;
			for (int i = 0; i < n; i++)
				s += helper(i) ^ far(s);
			return s;
		}
		__attribute__((section(".init.text"))) int start(void) { return work(10) + far(3); }
	EOF
	aarch64-linux-gnu-gcc -g -O1 -c -ffreestanding c.c
	aarch64-linux-gnu-ld -Ttext=0x70000000 --section-start=.init.text=0x71230000 --defsym=far=0x70008000 -e work -o loaded c.o
	for section in .text=70000000 .init.text=71230000; do
		aarch64-linux-gnu-objcopy -O binary -j "${section%=*}" loaded bytes
		n=$((0x${section#*=}))
		while read -r code; do
			rec T 0 - "$(printf %x $n)" 0 "$code" -
			rec E 0 - "$(token "$code")" "$(printf %x $n)" $((${#code} / 2)) 1 10
			n=$((n + ${#code} / 2))
		done < <(od -An -v -tx1 -w32 bytes | tr -d ' ')
	done >in
	run --separate-stderr etrace-sym -e c.o <in
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	grep -qx "A${TAB}c.o${TAB}70000000${TAB}[0-9a-f]*${TAB}0" <<<"$output"
	init=$(etrace-sym -n c.o | awk -F'\t' '$1 == "F" && $4 == "start" { print $6 }')
	[ "$init" != 0 ]
	grep -qx "A${TAB}c.o${TAB}71230000${TAB}[0-9a-f]*${TAB}$init" <<<"$output"
	[ "$(grep -c "${TAB}helper+\|${TAB}work+\|${TAB}start+" <<<"$output")" -eq "$(grep -c ^E in)" ]
}

# patched FILE ADDRESS [OFFSET=HEX]...: a block of all of .text, at that address, with other bytes at these offsets.
patched() {
	local code at=$2 site off hex
	"${prefix}objcopy" -O binary -j .text "$1" bytes
	code=$(od -An -v -tx1 bytes | tr -d ' \n')
	for site in "${@:3}"; do
		off=$((${site%=*} * 2)) hex=${site#*=}
		code=${code:0:off}$hex${code:off+${#hex}}
	done
	rec T 0 - "$at" 0 "$code" -
	rec E 0 - "$(token "$code")" "$at" $((${#code} / 2)) 1 10
}

@test "code that Linux patches where its tables say so" {
	cat >p.S <<-'EOF'
		.globl f
		.type f, @function
		f:
		1: nop
		nop
		add x0, x0, #1
		add x1, x1, #2
		add x2, x2, #3
		add x3, x3, #4
		2: nop
		3: dmb ish
		4: dmb ish
		ret
		.set n, 0
		.rept 30
		mov x4, #n
		.set n, n + 3
		.endr
		.size f, . - f
		.section __patchable_function_entries, "aw"
		.quad 1b
		.section __jump_table, "aw"
		.word 2b - ., 4b - .
		.quad 0
		.section .altinstructions, "a"
		.word 3b - ., 5f - .
		.hword 1
		.byte 8, 8
		.section .altinstr_replacement, "ax"
		5: nop
		nop
	EOF
	prefix=aarch64-linux-gnu-
	aarch64-linux-gnu-gcc -g -c p.S
	patched p.o 70000000 0=e9031eaa 4=112233d5 24=03000014 28=1f2003d51f2003d5 >in
	run --separate-stderr etrace-sym -e p.o <in
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	grep -q "^A${TAB}p.o${TAB}70000000${TAB}" <<<"$output"
	# Other instructions are not theirs.
	for off in 8 20 36; do
		patched p.o 70000000 0=e9031eaa $off=00000000 >in
		[ -z "$(etrace-sym -e p.o <in 2>/dev/null | grep ^A)" ]
	done
}

@test "code that Linux patches on x86-64" {
	[ "$(uname -m)" = x86_64 ] || skip "no assembler for x86-64"
	cat >p.S <<-'EOF'
		.globl f
		.type f, @function
		f:
		1: call __fentry__
		mov $0x12345678, %eax
		mov $0x23456789, %ecx
		mov $0x3456789a, %edx
		2: .byte 0x0f, 0x1f, 0x44, 0, 0
		3: .byte 0x66, 0x90
		4: lock incl (%rax)
		5: .byte 0x2e
		jmp __x86_indirect_thunk_rax
		6: stac
		7: call *8(%rax)
		ret
		.set n, 1
		.rept 30
		mov $n * 0x1234567, %eax
		.set n, n + 1
		.endr
		9: ret
		nop
		nop
		nop
		nop
		.size f, . - f
		.section __mcount_loc, "a"
		.quad 1b
		.section __jump_table, "aw"
		.long 2b - ., 9b - .
		.quad 0
		.long 3b - ., 9b - .
		.quad 0
		.section .smp_locks, "a"
		.long 4b - .
		.section .retpoline_sites, "a"
		.long 5b - .
		.section .altinstructions, "a"
		.long 6b - ., 8f - .
		.word 1
		.byte 3, 3
		.section .parainstructions, "a"
		.balign 8
		.quad 7b
		.byte 1, 3
		.balign 8
		.section .altinstr_replacement, "ax"
		8: nop
		nop
		nop
	EOF
	gcc -g -c p.S
	# 0 call, 20 and 25 NOPs, 27 lock, 30 thunk, 36 stac, 39 call
	patched p.o 70000000 0=0f1f440000 20=e912000000 25=eb10 27=3e 30=ffe00f1f4000 36=0f1f00 39=0f1f00 >in
	run --separate-stderr etrace-sym -e p.o <in
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	grep -q "^A${TAB}p.o${TAB}70000000${TAB}" <<<"$output"
	for off in 5 19 42 60; do
		patched p.o 70000000 $off=00 >in
		[ -z "$(etrace-sym -e p.o <in 2>/dev/null | grep ^A)" ] || { echo "$off"; return 1; }
	done
}

@test "the DWARF of an object file for a machine that libdw cannot relocate is not read, and that is said" {
	source_file
	aarch64-linux-gnu-gcc -g -c -ffreestanding m.c -o odd.o
	unhex 3412 | dd of=odd.o bs=1 seek=18 conv=notrunc status=none
	run --separate-stderr etrace-sym -n odd.o
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-sym: odd.o: cannot read the DWARF ("*"): there are functions but no source lines; "* ]]
	grep -q "^F.*${TAB}work${TAB}" <<<"$output"
	[ -z "$(grep ^L <<<"$output")" ]
}

@test "the map of an object file is kept" {
	export ETRACE_CACHE=$PWD/cache
	source_file
	gcc -g -c -ffreestanding m.c -o parts.o
	ld -r --build-id -o m.o parts.o
	etrace-sym -n m.o >first
	[ "$(ls cache | wc -l)" -eq 1 ]
	etrace-sym -n m.o | diff first -
	etrace-sym -nK m.o | diff first -
}

@test "of many files that did not run, it is said how many these are" {
	source_file
	gcc -g -c -ffreestanding m.c
	for i in 1 2 3 4 5; do cp m.o "$i.o"; done
	ran() { rec E 0 - - 0 4 1 10; }
	run --separate-stderr etrace-sym -e m.o@0 1.o 2.o 3.o 4.o < <(ran)
	[ "$status" -eq 0 ]
	[ "${#stderr_lines[@]}" -eq 4 ]
	[[ "${stderr_lines[3]}" = "etrace-sym: 4.o: no block of the trace is in it: "* ]]
	run --separate-stderr etrace-sym -e m.o@0 1.o 2.o 3.o 4.o 5.o < <(ran)
	[ "$status" -eq 0 ]
	[ "$stderr" = 'etrace-sym: 5 of 6 ELF files have no block of the trace, such as 1.o' ]
}

@test "of more files than may be open" {
	source_file
	gcc -g -c -ffreestanding m.c
	for i in $(seq 70); do cp m.o "$i.o"; done
	ulimit -n 40
	run --separate-stderr etrace-sym -n $(seq 70 | sed 's/$/.o/')
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep -c "^L${TAB}.*${TAB}work${TAB}70.o${TAB}" <<<"$output")" -gt 4 ]
}

# ---- only debug information ----------------------------------------------------------------------

# split: full, prog without its DWARF, prog.dbg with nothing else.
split() {
	printf '%s\n' 'int f(int x) { return x + 1; }' 'int main(void) { return f(2); }' >p.c
	gcc -g -Wl,--build-id -o full p.c
	objcopy --only-keep-debug full prog.dbg
	strip -o prog full
}

# objects ARGS...: the O records of a map, "name path" each, after checking that f has its line.
objects() {
	etrace-sym -n "$@" >out 2>err
	[ ! -s err ]
	grep -q "^L${TAB}.*/p.c${TAB}1${TAB}f${TAB}" out
	awk -F'\t' '$1 == "O" { print $2, $3 }' out
}

@test "a file and its debug information are one object, in any order" {
	split
	[ "$(objects prog prog.dbg)" = 'prog prog' ]
	[ "$(objects prog.dbg prog)" = 'prog prog' ]
	[ "$(objects prog.dbg prog prog.dbg prog)" = 'prog prog' ]
	# The one with DWARF may have the code too, as Debian's modules do.
	[ "$(objects prog full)" = 'prog prog' ]
	[ "$(objects full prog)" = 'full full' ]
	# Another build is another object.
	printf '%s\n' 'int g(int x) { return x + 1; }' 'int main(void) { return g(3); }' >q.c
	gcc -g -Wl,--build-id -o other q.c
	strip other
	[ "$(etrace-sym -n other prog.dbg 2>/dev/null | grep -c ^O)" -eq 2 ]
	# Where it is said to be counts for both.
	main=$(nm full | awk '$3 == "main" { print $1 }')
	for args in 'prog@7000000000 prog.dbg' 'prog.dbg prog@7000000000' 'prog prog.dbg@7000000000'; do
		run --separate-stderr etrace-sym -e $args <<<"$(rec E 0 - - "$(printf %x $((0x$main + 0x7000000000)))" 4 1 10)"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		grep -q "^E${TAB}0${TAB}-${TAB}prog${TAB}.*/p.c:2${TAB}" <<<"$output"
	done
}

@test "debug information alone: the file that it was split from is looked for, and else it is said" {
	split
	run --separate-stderr etrace-sym -e prog.dbg <<<"$(rec E 0 - - 1 4 1 10)"
	[ "$status" -eq 1 ]
	[ "${stderr_lines[0]}" = "etrace-sym: prog.dbg: has no code, only debug information, so it cannot be found by its bytes; give the file that it was split from too" ]
	# Beside it.
	mv prog.dbg prog.debug
	[ "$(objects prog.debug)" = 'prog prog' ]
	# Where it was.
	mkdir -p root/usr/lib/debug/usr/bin root/usr/bin
	mv prog.debug root/usr/lib/debug/usr/bin/
	[ "$(objects root/usr/lib/debug/usr/bin/prog.debug)" = 'prog.debug root/usr/lib/debug/usr/bin/prog.debug' ]
	mv prog root/usr/bin
	[ "$(objects root/usr/lib/debug/usr/bin/prog.debug)" = 'prog root/usr/bin/prog' ]
	mv root/usr/lib/debug/usr/bin/prog.debug root/usr/lib/debug/usr/bin/prog
	cd root
	[ "$(objects usr/lib/debug/usr/bin/prog)" = 'prog usr/bin/prog' ]
	# What is there is of another build.
	gcc -g -Wl,--build-id -x c -o usr/bin/prog - <<<'int main(void) { return 7; }'
	[ "$(objects usr/lib/debug/usr/bin/prog)" = 'prog usr/lib/debug/usr/bin/prog' ]
}
