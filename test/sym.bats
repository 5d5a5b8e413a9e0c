# SPDX-License-Identifier: GPL-3.0-or-later
# etrace-sym: symbols, lines, the map of all code, disassembly.
load lib

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# A program for the host, linked at 0x10000: aliases, weak and local functions, inlined copies, labels
# and functions of assembly without type and size, and a name that would break a record.
sample() {
	cat >t.h <<-'EOF'
		static inline __attribute__((always_inline)) int twice(int x)
		{
			volatile int y = x;
			return y * 2;
		}
	EOF
	cat >t.c <<-'EOF'
		#include "t.h"
		static __attribute__((noinline)) int local(int x) { return x + 1; }
		int aliased(int x) { return local(x) * 3; }
		int _alias(int) __attribute__((alias("aliased")));
		int weak_alias(int) __attribute__((weak, alias("aliased")));
		__attribute__((weak)) int weakling(int x)
		{
			return x - 1;
		}
		int two(int x)
		{
			int a = twice(x);
			int b = twice(x + 1);
			return a + b;
		}
		void _start(void) { for (;;) two(weakling(aliased(3))); }
	EOF
	cat >a.S <<-'EOF'
		.section .note.GNU-stack,"",@progbits
		.text
		.globl asm_label
		asm_label:
		nop
		nop
		.globl sized
		.type sized, @function
		sized:
		nop
		inside:
		nop
		.size sized, . - sized
		"evil\\name":
		nop
	EOF
	gcc -g -O1 -ffreestanding -nostdlib -static -fno-pic -no-pie -Wl,-Ttext=0x10000 "$@" -o t t.c a.S
}

# at SYMBOL [OFFSET]: its address in t, bare hex.
at() { printf %x $((0x$(nm t | S=$1 awk '$3 == ENVIRON["S"] { print $1 }') + ${2:-0})); }

# e START SIZE [IN]: an E record, of which etrace-sym has seen nothing unless an object is named.
e() { rec E 0 - "${3:--}" "$1" "$2" 1 10; }

# annot E-RECORDS ARGS...: the annotations (columns 9 to 11) that etrace-sym -e gives.
annot() { printf '%s\n' "$1" | etrace-sym -e "${@:2}" | grep ^E | cut -f 9-; }

# sym ARGS...: runs etrace-sym; output and lines are the records that it wrote.
sym() {
	run --separate-stderr etrace-sym "$@"
	[ -z "$output" ] || records
}

# where FILE SECTION: its offset and size in the file, decimal.
where() {
	readelf -SW "$1" | sed 's/^ *\[ *[0-9]*\] *//' |
		awk -v s="$2" '$1 == s { print $4, $5 }' | while read -r off size; do echo $((0x$off)) $((0x$size)); done
}

# damaged SECTION BYTES [OFFSET]: the file bad, aa64-O0.elf with these bytes, in hex, at OFFSET of the section,
# or in its middle.
damaged() {
	local off size
	read -r off size < <(where "$DATA/aa64-O0.elf" "$1")
	cp "$DATA/aa64-O0.elf" bad
	chmod u+w bad
	unhex "$2" | dd of=bad bs=1 seek=$((off + ${3:-size / 2})) conv=notrunc status=none
}

# The lines of source that the map of a file has, as file:line.
mapped() { etrace-sym -n "$1" 2>/dev/null | awk -F'\t' '$1 == "L" { print $2 ":" $3 }' | LC_ALL=C sort -u; }

# id FILE: its build-id.
id() { readelf -n "$1" | awk '/Build ID/ { print $3 }'; }

# pie FILE RESULT: a program that may be loaded anywhere, whose main() returns RESULT.
pie() { gcc -g -pie -fPIE -x c -o "$1" - <<<"int main(void) { return $2; }"; }

# low FILE: where its lowest segment with code was linked.
low() { printf %d "$(readelf -lW "$1" | awk '$1 == "LOAD" && / E / { print $3; exit }')"; }

# main_at FILE: an E record in its main(), loaded at 0x7000000000.
main_at() { e "$(printf %x $((0x7000000000 + 0x$(nm "$1" | awk '$3 == "main" { print $1 }'))))" 4; }

# facts PATH FILE: that PATH, which was FILE, ran, loaded at 0x7000000000.
facts() {
	rec I etrace-version 0.0
	rec I mode user
	rec I binary "$1"
	rec I binary-build-id "$(id "$2")"
	rec I binary-code "$(printf %x $((0x7000000000 + $(low "$2"))))"
}

# t_records FILE N [OTHER]: T records of the first N times 4 bytes of .text, where it was linked; with OTHER, the
# last OTHER ones have other bytes.
t_records() {
	local off at i
	read -r off _ < <(where "$1" .text)
	at=$(readelf -SW "$1" | awk '/ \.text / { sub(/.*PROGBITS/, ""); print $1 }')
	for ((i = 0; i < $2; i++)); do
		code=$(od -An -v -tx1 -j $((off + 4 * i)) -N 4 "$1" | tr -d ' ')
		((i < $2 - ${3:-0})) || code=f1f2f3f4
		rec T 0 - "$(printf %x $((0x$at + 4 * i)))" 0 "$code" -
	done
}

@test "a real trace, annotated and mapped" {
	run --separate-stderr bash -c "cd '$DATA' && etrace-cat aa64-smp-O2.etrace | etrace-sym aa64-smp-O2.elf"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	diff <(printf '%s\n' "$output") "$GOLDEN/aa64-smp-O2.sym"
}

@test "functions: aliases, weak, local, assembly with and without type and size" {
	sample
	[ "$(annot "$(e "$(at aliased)" 4)" t | cut -f 1)" = aliased+0 ]
	[ "$(annot "$(e "$(at weakling 1)" 4)" t | cut -f 1)" = weakling+1 ]
	[ "$(annot "$(e "$(at local)" 4)" t | cut -f 1)" = local+0 ]
	[ "$(annot "$(e "$(at asm_label 1)" 1)" t | cut -f 1)" = asm_label+1 ]
	[ "$(annot "$(e "$(at inside)" 1)" t | cut -f 1)" = sized+1 ]
	[ "$(annot "$(e "$(at 'evil\name')" 1)" t | cut -f 1)" = 'evil\\name+0' ]
	sym -n t
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	# Each function once, however many names it has; labels inside a sized one are none.
	[ "$(grep -c "^F.*${TAB}$(at aliased)${TAB}" <<<"$output")" -eq 1 ]
	grep -q "^F${TAB}.*/t.c${TAB}3${TAB}aliased${TAB}t${TAB}$(at aliased)${TAB}" <<<"$output"
	grep -q "^F${TAB}.*/a.S${TAB}5${TAB}asm_label${TAB}t${TAB}$(at asm_label)${TAB}2${TAB}0${TAB}0$" <<<"$output"
	grep -q "^F${TAB}.*/a.S${TAB}[0-9]*${TAB}sized${TAB}t${TAB}$(at sized)${TAB}2${TAB}0${TAB}0$" <<<"$output"
	[ "$(grep -c "${TAB}inside${TAB}" <<<"$output")" -eq 0 ]
	# The function's line is that of its name.
		grep -q "^F${TAB}.*/t.c${TAB}10${TAB}two${TAB}" <<<"$output"
}

@test "each inlined copy has an F and an L of its own" {
	sample
	sym -n t
	[ "$(grep -c "^F${TAB}.*/t.h${TAB}1${TAB}twice${TAB}" <<<"$output")" -eq 2 ]
	[ "$(grep -c "^L${TAB}.*/t.h${TAB}3${TAB}twice${TAB}" <<<"$output")" -eq 2 ]
	# The lines that call it are not lines of it.
	[ "$(grep "^L${TAB}.*/t.c${TAB}1[23]${TAB}" <<<"$output" | cut -f 4 | sort -u)" = two ]
}

@test "the files that a block has statements of, so that grep keeps what counts" {
	sample
	e=$(e "$(at two)" $((0x$(at _start) - 0x$(at two))))
	[ "$(annot "$e" t)" = "$(printf 'two+0\t%s:12\t%s' "$PWD/t.c" "$PWD/t.h")" ] ||
		[ "$(annot "$e" t)" = "$(printf 'two+0\t%s:3\t%s' "$PWD/t.h" "$PWD/t.c")" ] ||
		[ "$(annot "$e" t)" = "$(printf 'two+0\t%s:1\t%s' "$PWD/t.h" "$PWD/t.c")" ]
}

@test "coverage of one file by grep is what it is in the whole" {
	cd "$DATA"
	for f in aa64-O0 aa64-smp-O2 arm-thumb-O1 ppc-be-O1; do
		etrace-cat $f.etrace | etrace-sym $f.elf >"$BATS_TEST_TMPDIR/s"
		for file in work.c work.h thumb.c; do
			diff <(etrace-cov <"$BATS_TEST_TMPDIR/s" | lines_of | grep "^$file$TAB") \
				<(grep "$file" "$BATS_TEST_TMPDIR/s" | etrace-cov | lines_of | grep "^$file$TAB")
		done
	done
}

@test "the map is written while a live trace pauses, wherever code was loaded" {
	e=$(rec E 0 - - 40201a4c 12 1 60)
	(printf '#etrace\t2\n'; sleep 1; echo "$e") | etrace-sym "$DATA/aa64-O0.elf" >"$BATS_TEST_TMPDIR/out"
	[ "$(tail -n 3 "$BATS_TEST_TMPDIR/out" | cut -f 1 | xargs)" = "A E I" ]
	etrace-sym -n "$DATA/aa64-O0.elf" | diff - <(grep -v '^[AE]' "$BATS_TEST_TMPDIR/out")
	# A PIE too, before it is known where it is.
	pie p 1
	(printf '#etrace\t2\n'; sleep 1; facts p p; main_at p) | etrace-sym p >out
	[ "$(awk -F'\t' '$1 !~ /[FL]/ { print $1 }' out | tr '\n' ' ')" = "#etrace I O I I I I I A E I " ]
	[ "$(grep "^F.*${TAB}main${TAB}" out | cut -f 6)" = "$(grep ^E out | cut -f 5)" ]
	etrace-sym -n p | diff - <(grep -v '^[AE]\|^I'"$TAB"'[^s]' out)
}

@test "runs of a PIE at different places have the same records, and what says where they were is A" {
	pie p 1
	(facts p p; main_at p) >1
	sed 's/\t7\(0[0-9a-f]\{8\}\)\b/\t5\1/' 1 >2
	[ "$(comm -3 1 2 | wc -l)" -eq 4 ]	# binary-code and E
	for i in 1 2; do
		etrace-sym p <$i >$i.out
		[ "$(grep -c "^A${TAB}p${TAB}" $i.out)" -eq 1 ]
	done
	diff <(grep -v '^[AI]' 1.out) <(grep -v '^[AI]' 2.out)
	[ "$(grep ^A 1.out | sed 's/\t7/\t5/g')" = "$(grep ^A 2.out)" ]
	# One after the other in one stream: each A before the blocks that it is for.
	run --separate-stderr etrace-sym -e p < <(cat 1 1 2)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep '^[AE]' <<<"$output")" = "$(grep '^[AE]' 1.out; grep ^E 1.out; grep '^[AE]' 2.out)" ]
}

@test "addresses of a 32-bit object wrap at 4 GiB" {
	cd "$DATA"
	etrace-sym -nb arm-thumb-O1.elf@c0000000 | diff - <(etrace-sym -nb arm-thumb-O1.elf)
	sym -e arm-thumb-O1.elf@c0000000 <<<"$(e 200084 4)"
	[ "$status" -eq 0 ]
	[ "$output" = "$(rec A arm-thumb-O1.elf 200024 20025c 40200024; rec E 0 - arm-thumb-O1.elf 40200084 4 1 10 main+68 arm-main.c:10 -)" ]
	# A place in two parts.
	sym -e arm-thumb-O1.elf@bfdfffc0 < <(e ffffffe4 4; e 0 4)
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "$(rec A arm-thumb-O1.elf ffffffe4 100000000 40200024)" ]
	[ "${lines[1]}" = "$(rec A arm-thumb-O1.elf 0 21c 40200040)" ]
	[ "$(grep ^E <<<"$output" | cut -f 5,9 | xargs)" = "40200024 _start+0 40200040 main+0" ]
	# A bias of more bits: the guest's addresses have them.
	sym -e arm-thumb-O1.elf@ffffffff00000000 <<<"$(e ffffffff40200040 4)"
	[ "$status" -eq 0 ]
	[ "$(grep ^E <<<"$output" | cut -f 5,9 | xargs)" = "40200040 main+0" ]
}

@test "objects are named by their files; no two have one name, and none can be a token" {
	mkdir a b
	pie a/p 1
	pie b/p 2
	pie p 3
	pie ./:0123abcd 4
	pie ./- 5
	[ "$(etrace-sym -n a/p b/p p ./:0123abcd ./- | awk -F'\t' '$1 == "O" { print $2 }' | xargs)" = "p b/p ./p ./:0123abcd ./-" ]
	[ "$(etrace-sym -n p a/p | awk -F'\t' '$1 == "F" { print $5 }' | uniq | xargs)" = "p a/p" ]
	cp p 'x	y'
	[ "$(etrace-sym -n 'x	y' | grep ^O | cut -f 2,3)" = 'x\ty	x\ty' ]
	# One file is one object, at however many places.
	e=$(printf %x $((0x$(nm p | awk '$3 == "main" { print $1 }'))))
	sym p@1000000 ./p@2000000 < <(e "$(printf %x $((0x$e + 0x1000000)))" 4; e "$(printf %x $((0x$e + 0x2000000)))" 4)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep -c ^O <<<"$output")" -eq 1 ]
	[ "$(grep -c ^A <<<"$output")" -eq 2 ]
	[ "$(grep ^E <<<"$output" | cut -f 4- | uniq -c | awk '{ print $1, $2, $3, $7 }')" = "2 p $e main+0" ]
}

@test "W and J: each block says which object's code ran, as in E; what is malformed is left out" {
	for t in aa64-O0 aa64-smp-O2 arm-thumb-O1; do
		etrace-cat -t "$DATA/blocks/$t-exec.etrace" | etrace-sym "$DATA/$t.elf" | executions >want
		run --separate-stderr bash -c "etrace-cat -Wt '$DATA/blocks/$t-exec.etrace' | etrace-sym '$DATA/$t.elf'"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[ "$(cut -f 1 <<<"$output" | grep -c "[EW]")" -lt 60 ]
		grep -q "^W.*$TAB$t.elf$TAB" <<<"$output"
		executions <<<"$output" | LC_ALL=C sort -s -n -k 1,1 | cmp - <(LC_ALL=C sort -s -n -k 1,1 want)
	done
	sample
	local a=$(at two) b=$(at local)
	# Blocks that say it already, or that are nowhere, stay; a token and an address of any length.
	{ rec W 0 - 3 111213 - $a 4 1 t 10 4 2 :12345678 $b 2 3; rec J 1 t 10 4 - $b 4 7; rec J 1 - ffffffff0000 4 - $a 4 18446744073709551615
		rec W 0 - 1 11 a-name-that-is-longer-than-any-that-a-trace-has-as-a-token-of-bytes 123456789abcdef 4 1; } >in
	etrace-sym t <in >out
	[ "$(grep ^[WJ] out)" = "$(rec W 0 - 3 111213 t $a 4 1 t 10 4 2 t $b 2 3; rec J 1 t 10 4 t $b 4 7
		rec J 1 - ffffffff0000 4 t $a 4 18446744073709551615; tail -n 1 in)" ]
	for bad in "W 0 - 1 11" "W 0 - 1 11 - $a 4" "W 0 - x 11 - $a 4 1" "W 0 - 2 1112 - $a 4 1 - xyz 4 1" "J 0 - $a 4 - $a 4" "J 0 - $a 4 - q 4 1"; do
		{ rec E 0 - - $a 4 1 1; rec $bad; } >in
		run --separate-stderr etrace-sym t <in
		[ "$status" -eq 1 ]
		[[ "$stderr" = "etrace-sym: standard input: line 2: "*" record is: "*", not '"* ]]
		! grep "^[WJ]" <<<"$output" || false
	done
}

@test "a malformed E is left out, and said; a token is kept where no object has code" {
	sym -e "$DATA/aa64-O0.elf" < <(rec E 0 - 40201900 4 1 10; e 40201900 4 :0123abcd; e 1234 4 :0123abcd; rec E 1)
	[ "$status" -eq 1 ]
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - aa64-O0.elf 40201900 4 1 10 main+0 aa64-main.c:40 -; rec E 0 - :0123abcd 1234 4 1 10 - - -)" ]
	[[ "${stderr_lines[0]}" = "etrace-sym: standard input: line 1: an E record is: E cpu time in start size count ns [place line also], not "* ]]
	[ "${stderr_lines[1]}" = "etrace-sym: standard input: 2 records like that were left out" ]
}

@test "C++ names are demangled; -M leaves them" {
	cat >t.cc <<-'EOF'
		namespace ns { template <class T> struct box { T v; T get(int, const char *) const { return v; } };
		template struct box<unsigned>; }
		extern "C" void _start() { for (;;) ; }
	EOF
	g++ -g -O0 -ffreestanding -nostdlib -static -fno-pic -no-pie -Wl,-Ttext=0x10000 -o t t.cc
	sym -n t
	[ "$status" -eq 0 ]
	[[ "$output" = *"${TAB}ns::box<unsigned int>::get(int, char const*) const${TAB}"* ]]
	sym -nM t
	[[ "$output" = *"${TAB}_ZNK2ns3boxIjE3getEiPKc${TAB}"* ]]
	a=$(nm t | awk '/get/ { print $1 }' | sed 's/^0*//')
	[ "$(annot "$(e "$a" 4)" t | cut -f 1)" = "ns::box<unsigned int>::get(int, char const*) const+0" ]
}

@test "Rust names are demangled, of both kinds" {
	cat >r.S <<-'EOF'
		.text
		.macro function name
		.type \name, %function
		\name:
		nop
		.size \name, . - \name
		.endm
		function _RNvNtCs1234_7mycrate3foo3bar
		function _ZN4core3fmt5write17h0123456789abcdefE
		.section .note.GNU-stack,"",%progbits
	EOF
	gcc -nostdlib -static -Wl,-e,0 -o r r.S
	sym -n r
	[ "$status" -eq 0 ]
	[ "$(grep ^F <<<"$output" | cut -f 4 | xargs)" = "mycrate::foo::bar core::fmt::write" ]
	sym -nM r
	[ "$(grep ^F <<<"$output" | cut -f 4 | head -n 1)" = _RNvNtCs1234_7mycrate3foo3bar ]
}

@test "several ELF files at once" {
	sym -n "$DATA/aa64-O0.elf" "$DATA/ppc-be-O1.elf"
	[ "$status" -eq 0 ]
	[ "$(grep -c ^O <<<"$output")" -eq 2 ]
	printf '%s\n' "$(e 40201900 4)" "$(e 1000034 4)" >in
	[ "$(etrace-sym -e "$DATA/aa64-O0.elf" "$DATA/ppc-be-O1.elf" <in | grep ^E | cut -f 9,10)" = \
		"$(printf 'main+0\taa64-main.c:40\nmain+0\tppc-main.c:4')" ]
	# One filter behind the other does the same: what is there stays, what is - is filled in.
	[ "$(etrace-sym -e "$DATA/aa64-O0.elf" <in | etrace-sym -e "$DATA/ppc-be-O1.elf" | grep ^E | cut -f 9,10)" = \
		"$(printf 'main+0\taa64-main.c:40\nmain+0\tppc-main.c:4')" ]
}

@test "no symbols, no DWARF, neither" {
	sample
	a=$(at two)
	objcopy --strip-debug t nodwarf
	sym -e nodwarf <<<"$(e "$a" 4)"
	[ "$status" -eq 0 ]
	[[ "$stderr" = "etrace-sym: nodwarf: has no DWARF, so there are functions but no source lines; "* ]]
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - nodwarf "$a" 4 1 10 two+0 - -)" ]
	strip -o stripped t
	sym stripped <<<"$(e "$a" 4)"
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-sym: stripped: has no DWARF and no functions; "* ]]
	[ "${lines[1]}" = "$(rec E 0 - stripped "$a" 4 1 10 - - -)" ]
	objcopy --strip-all --keep-section='.debug*' t nosyms 2>/dev/null
	sym nosyms <<<"$(e "$a" 4)"
	[[ "${lines[1]}" = "$(rec E 0 - nosyms "$a" 4 1 10 - "$PWD")/t.c:1"* ]] || [[ "${lines[1]}" = *"/t.h:"* ]]
	grep -q "^F${TAB}.*${TAB}two${TAB}nosyms${TAB}$a" <<<"$output"
}

@test "DWARF 4 and 5, compressed, in a .gnu_debuglink file, in a build-id file" {
	for flags in -gdwarf-4 -gdwarf-5 -gz=zlib "-gdwarf-4 -gz=zlib"; do
		sample $flags
		[ "$(annot "$(e "$(at weakling)" 4)" t)" = "$(printf 'weakling+0\t%s:8\t-' "$PWD/t.c")" ]
	done
	sample -Wl,--build-id
	a=$(at weakling)
	objcopy --only-keep-debug t t.debug
	objcopy --strip-all --add-gnu-debuglink=t.debug t linked
	[ "$(annot "$(e "$a" 4)" linked)" = "$(printf 'weakling+0\t%s:8\t-' "$PWD/t.c")" ]
	id=$(readelf -n t | awk '/Build ID/ { print $3 }')
	strip -o by_id t
	mkdir -p "dbg/.build-id/${id:0:2}"
	mv t.debug "dbg/.build-id/${id:0:2}/${id:2}.debug"
	[ "$(annot "$(e "$a" 4)" -D "$PWD/dbg" by_id)" = "$(printf 'weakling+0\t%s:8\t-' "$PWD/t.c")" ]
	[ "$(annot "$(e "$a" 4)" -D dbg by_id)" = "$(printf 'weakling+0\t%s:8\t-' "$PWD/t.c")" ]
}

@test "a separate file with compressed DWARF, as Debian's are, is whole though its sections grow" {
	for ((i = 0; i < 2000; i++)); do echo "int f$i(int a_$i) { int b_$i = a_$i + $i; return b_$i; }"; done >big.c
	gcc -g -gz=zlib -shared -fPIC -o big big.c
	objcopy --only-keep-debug big big.debug
	objcopy --strip-all --add-gnu-debuglink=big.debug big linked
	a=$(nm big | awk '$3 == "f7" { sub(/^0+/, "", $1); print $1 }')
	run --separate-stderr etrace-sym linked <<<"$(e "$a" 4)"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	grep -q "big\.c:8$TAB-$" <<<"$output"
}

@test "code that the linker dropped is no line" {
	cat >d.c <<-'EOF'
		int dropped(int x)
		{
			return x + 1;
		}
		void _start(void)
		{
			for (;;)
				;
		}
	EOF
	gcc -g -O0 -ffreestanding -nostdlib -static -fno-pic -no-pie -ffunction-sections -Wl,--gc-sections \
		-Wl,-Ttext=0x10000 -o t d.c
	sym -n t
	[ "$status" -eq 0 ]
	[ "$(grep -c "^L.*d.c${TAB}[123]${TAB}" <<<"$output")" -eq 0 ]
	[ "$(grep -c "^L.*d.c${TAB}[67]${TAB}" <<<"$output")" -ge 1 ]
	[ "$(grep '^F' <<<"$output" | cut -f 4)" = _start ]
}

@test "a 32-bit trace of a 64-bit guest: low halves, one warning" {
	cat >k.c <<-'EOF'
		void _start(void)
		{
			for (;;)
				;
		}
	EOF
	gcc -g -O0 -ffreestanding -nostdlib -static -fno-pic -no-pie -mcmodel=kernel \
		-Wl,-Ttext=0xffffffff81000000 -o t k.c
	printf '%s\n' "$(rec I address-bits 32)" "$(e 81000000 4)" "$(e 81000004 1)" "$(e 90000000 1)" >in
	sym -e t <in
	[ "$status" -eq 0 ]
	[ "$stderr" = "etrace-sym: addresses in this trace have 32 bits, t has 64: matching low halves (81000000 is ffffffff81000000)" ]
	[[ "${lines[1]}" = "$(rec A t 81000000 810000)"*"${TAB}ffffffff81000000" ]]
	[ "${lines[2]}" = "$(rec E 0 - t ffffffff81000000 4 1 10 _start+0 "$PWD/k.c:2" -)" ]
	[ "${lines[3]}" = "$(rec E 0 - t ffffffff81000004 1 1 10 _start+4 "$PWD/k.c:3" -)" ]
	[ "${lines[4]}" = "$(rec E 0 - - 90000000 1 1 10 - - -)" ]
	# 64-bit addresses are taken as they are.
	sed -i 1d in
	sym -e t <in
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = "$(rec E 0 - - 81000000 4 1 10 - - -)" ]
}

@test "the trace that 2021 releases recorded gives the same counts" {
	cd "$DATA"
	want=$(etrace-cat aa64-O0.etrace | etrace-sym aa64-O0.elf | etrace-cov | lines_of)
	[ "$(etrace-cat aa64-trunc32.etrace | etrace-sym aa64-O0.elf | etrace-cov | lines_of)" = "$want" ]
}

@test "a trace of something else: says where the code is" {
	sym -e "$DATA/aa64-O0.elf" <<<"$(e 1234 4)"
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-sym: $DATA/aa64-O0.elf: no block of the trace is in it: it has code at 40200800-40201d98, the trace begins at 1234; is it what the guest ran? If it was loaded elsewhere than it was linked, name it $DATA/aa64-O0.elf@BIAS" ]
	[ "$output" = "$(rec E 0 - - 1234 4 1 10 - - -)" ]
}

@test "what is no ELF: said, and the stream passes" {
	: >empty
	echo text >text
	for f in missing empty text .; do
		sym $f <<<"$(e 1234 4)"
		[ "$status" -eq 1 ]
		[[ "${stderr_lines[0]}" = "etrace-sym: $f: "* ]]
		[ "$output" = "$(rec E 0 - - 1234 4 1 10 - - -)" ]
	done
	sym
	[ "$status" -eq 2 ]
	[ -z "$output" ]
}

@test "an ELF cut anywhere, or with bytes changed, ends in a message or an answer" {
	cd "$DATA"
	e=$(e 40201900 4)
	for f in arm-thumb-O1 aa64-O0; do
		size=$(stat -c %s $f.elf)
		for ((n = 0; n < size; n += 997 * STEP)); do
			head -c $n $f.elf >"$BATS_TEST_TMPDIR/cut"
			status=0
			etrace-sym "$BATS_TEST_TMPDIR/cut" <<<"$e" >/dev/null 2>"$BATS_TEST_TMPDIR/err" || status=$?
			[ $status -le 1 ] || { echo "cut at $n: $status"; return 1; }
			[ $status -eq 0 ] || [ -s "$BATS_TEST_TMPDIR/err" ]
			cp $f.elf "$BATS_TEST_TMPDIR/cut"
			chmod u+w "$BATS_TEST_TMPDIR/cut"
			printf '\xff\xff\xff\xff' | dd of="$BATS_TEST_TMPDIR/cut" bs=1 seek=$n conv=notrunc status=none
			status=0
			timeout 20 etrace-sym "$BATS_TEST_TMPDIR/cut" <<<"$e" >/dev/null 2>&1 || status=$?
			[ $status -le 1 ] || { echo "changed at $n: $status"; return 1; }
		done
	done
}

@test "a unit of a DWARF version that is not known: said, and the units after it are read" {
	# The second unit begins where the first, whose length is its first word, ends.
	read -r off _ < <(where "$DATA/aa64-O0.elf" .debug_info)
	length=$(od -An -tu4 -j "$off" -N 4 "$DATA/aa64-O0.elf" | tr -d ' ')
	damaged .debug_info 0600 $((4 + length + 4))
	run --separate-stderr etrace-sym -n bad
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-sym: bad: cannot read a compilation unit (DWARF version 6): its functions and lines are left out; build with -gdwarf-5 if its version is newer, else copy or build the file anew" ]
	mapped "$DATA/aa64-O0.elf" >all
	mapped bad >some
	[ -z "$(comm -13 all some)" ]
	[ "$(comm -23 all some | cut -d : -f 1 | sort -u | wc -l)" -eq 1 ]
	[ "$(cut -d : -f 1 some | sort -u | wc -l)" -ge 4 ]
	# Annotating, without the map, it is said too.
	run --separate-stderr etrace-sym -e bad <<<"$(e 40201900 4)"
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-sym: bad: cannot read a compilation unit "* ]]
}

@test "half a .debug_line, a broken .debug_abbrev, a .debug_info cut short: said once, with how often" {
	read -r off size < <(where "$DATA/aa64-O0.elf" .debug_line)
	tail -c +$((off + 1)) "$DATA/aa64-O0.elf" | head -c $((size / 2)) >half
	aarch64-linux-gnu-objcopy --update-section .debug_line=half "$DATA/aa64-O0.elf" bad
	run --separate-stderr etrace-sym -n bad
	[ "$status" -eq 1 ]
	[[ "${stderr_lines[0]}" = "etrace-sym: bad: cannot read the line table of a unit ("*"), 2 times: its code has no lines; is the file whole? Copy or build it anew" ]]
	[ "$(grep -c 'line table of a unit' <<<"$stderr")" -eq 1 ]
	[ "$(grep -c ^L <<<"$output")" -gt 50 ]
	read -r off size < <(where "$DATA/aa64-O0.elf" .debug_abbrev)
	damaged .debug_abbrev "$(printf '00%.0s' $(seq $((size / 2))))"
	run --separate-stderr etrace-sym -n bad
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-sym: bad: cannot read a compilation unit (invalid DWARF), 2 times: its functions and lines are left out; build with -gdwarf-5 if its version is newer, else copy or build the file anew" ]
	[ "$(grep -c ^L <<<"$output")" -gt 50 ]
	read -r off size < <(where "$DATA/aa64-O0.elf" .debug_info)
	tail -c +$((off + 1)) "$DATA/aa64-O0.elf" | head -c $((size / 2)) >half
	aarch64-linux-gnu-objcopy --update-section .debug_info=half "$DATA/aa64-O0.elf" bad
	run --separate-stderr etrace-sym -n bad
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-sym: bad: cannot read a compilation unit's header (its length is wrong): "* ]]
	[ "$(grep -c ^L <<<"$output")" -gt 50 ]
}

@test "a symbol table that cannot be read, sections beyond the end of the file: said" {
	damaged .text 00
	headers=$(readelf -hW bad | awk '/Start of section headers/ { print $5 }')
	number=$(readelf -SW bad | sed -n 's/^ *\[ *\([0-9]*\)\] \.symtab.*/\1/p')
	# sh_link, which says where the names are
	unhex ffffffff | dd of=bad bs=1 seek=$((headers + 64 * number + 40)) conv=notrunc status=none
	run --separate-stderr etrace-sym -n bad
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-sym: bad: cannot read the symbol table (invalid section index): functions without DWARF are missing; is the file whole? Copy or build it anew" ]
	grep -q "^L${TAB}work.c${TAB}" <<<"$output"
	head -c 80200 "$DATA/aa64-O0.elf" >cut
	run --separate-stderr etrace-sym -n cut
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-sym: cut: cannot read all sections (by its headers it has 80216 bytes, but it has 80200): what they hold is left out; the file is cut short: copy it anew" ]
}

@test "DWARF in .dwo files; one that is gone is said" {
	sample -gsplit-dwarf
	etrace-sym -n t | grep -v ^O >split
	sample
	etrace-sym -n t | grep -v ^O | diff split -
	sample -gsplit-dwarf
	rm ./*.dwo
	run --separate-stderr etrace-sym -n t
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-sym: t: cannot read the .dwo file of a compilation unit (t-t.dwo): its inlined copies are left out; "* ]]
	[ "$(grep -c "^L${TAB}" <<<"$output")" -gt 5 ]
}

@test "DWARF 5 has a file 0, which Clang's declarations name" {
	gcc -gdwarf-5 -dA -S -x c -o z.s - <<<'int main(void) { return 0; }'
	sed -i '/DW_AT_decl_file (/s/0x1/0/' z.s
	gcc -o z z.s
	run --separate-stderr etrace-sym -n z
	[ "$status" -eq 0 ]
	[[ "$(grep "^F.*${TAB}main${TAB}" <<<"$output")" = "F$TAB"*"<stdin>${TAB}1${TAB}main${TAB}"* ]]
}

@test "an object file, not linked: its sections follow each other from 0 on" {
	gcc -g -c -O1 -fcf-protection=none -x c -o t.o - <<-'EOF'
		int f(int x) { return x + 1; }
		__attribute__((section(".init.text"), aligned(16))) int g(int x) { return f(x) * 2; }
	EOF
	[ "$(readelf -SW t.o | awk '/ \.text / { print $7 + 0 }')" -lt 10 ]
	run --separate-stderr etrace-sym -n t.o
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	grep -q "^F${TAB}.*${TAB}1${TAB}f${TAB}t.o${TAB}0${TAB}" <<<"$output"
	grep -q "^F${TAB}.*${TAB}2${TAB}g${TAB}t.o${TAB}10${TAB}" <<<"$output"
	grep -q "^L${TAB}.*${TAB}2${TAB}g${TAB}t.o${TAB}10+" <<<"$output"
}

@test "-b of a file of debug information, which has no code, is said" {
	sample -Wl,--build-id
	objcopy --only-keep-debug t alone
	run --separate-stderr etrace-sym -nb alone
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-sym: alone: cannot read machine code ("*"its branches are left out; a file of debug information has none: give the one that has the code" ]]
	run --separate-stderr etrace-sym -n alone
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "code at the end of the address space" {
	cat >top.S <<-'EOF'
		.section .reset,"ax",@progbits
		.type reset, @function
		reset:
		.rept 12
		nop
		.endr
		.size reset, . - reset
		.type last, @function
		last:
		nop
		testl %eax, %eax
		nop
		.size last, . - last
		.section .note.GNU-stack,"",@progbits
		.text
		.globl _start
		_start:
		nop
	EOF
	gcc -g -c top.S
	ld -Ttext=0x10000 --section-start=.reset=0xfffffffffffffff0 -o top top.o
	printf '%s\n' "$(e fffffffffffffff0 16)" "$(e fffffffffffffffd 3)" >in
	run --separate-stderr etrace-sym top <in
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep ^E <<<"$output" | cut -f 9,10 | tr '\n' ' ')" = "reset+0$TAB$PWD/top.S:5 last+1$TAB$PWD/top.S:11 " ]
	grep -qx "L$TAB$PWD/top.S${TAB}5${TAB}reset${TAB}top${TAB}fffffffffffffff0+12${TAB}0${TAB}0" <<<"$output"
	grep -qx "L$TAB$PWD/top.S${TAB}10${TAB}last${TAB}top${TAB}fffffffffffffffc+1${TAB}0${TAB}0" <<<"$output"
}

@test "each ELF file that no block is in is named" {
	e 40201900 4 >in
	run --separate-stderr etrace-sym -e "$DATA/aa64-O0.elf" "$DATA/ppc-be-O1.elf" <in
	[ "$status" -eq 0 ]
	[ "$stderr" = "etrace-sym: $DATA/ppc-be-O1.elf: no block of the trace is in it: it has code at 1000024-1000324; is it what the guest ran? If it was loaded elsewhere than it was linked, name it $DATA/ppc-be-O1.elf@BIAS" ]
	e 1234 4 >>in
	run --separate-stderr etrace-sym -e "$DATA/aa64-O0.elf" "$DATA/ppc-be-O1.elf" <in
	[[ "$stderr" = *", the trace has code of no file at 1234; is it what"* ]]
	# None of them is what ran.
	run --separate-stderr etrace-sym -e "$DATA/aa64-O0.elf" "$DATA/ppc-be-O1.elf" <<<"$(e 1234 4)"
	[ "$status" -eq 1 ]
	[ "${#stderr_lines[@]}" -eq 2 ]
	[[ "${stderr_lines[1]}" = "etrace-sym: $DATA/ppc-be-O1.elf: no block of the trace is in it: "*", the trace begins at 1234; "* ]]
	# One has code where another has, which is named first.
	run --separate-stderr etrace-sym -e "$DATA/aa64-O0.elf" "$DATA/aa64-smp-O2.elf" <<<"$(e 40201900 4)"
	[ "$status" -eq 0 ]
	[[ "$stderr" = "etrace-sym: $DATA/aa64-smp-O2.elf: no block of the trace is in it: what ran at its addresses is $DATA/aa64-O0.elf"* ]]
	# Without a block nothing is known.
	run --separate-stderr etrace-sym -e "$DATA/aa64-O0.elf" "$DATA/ppc-be-O1.elf" <<<"#etrace${TAB}2"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "an ELF file without code" {
	gcc -g -nostdlib -static -Wl,-e,0 -x c -o data - <<<'int x = 1;'
	run --separate-stderr etrace-sym -e data "$DATA/aa64-O0.elf" <<<"$(e 40201900 4)"
	[ "$status" -eq 0 ]
	[ "$stderr" = "etrace-sym: data: no block of the trace is in it: it has no code; name the file that the guest ran" ]
	run --separate-stderr etrace-sym -e data <<<"$(e 40201900 4)"
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-sym: data: no block of the trace is in it: it has no code; name the file that the guest ran" ]
}

@test "user mode: the binary is known by its build-id, whatever its name" {
	pie p 1
	pie q 2
	cp p renamed
	run --separate-stderr etrace-sym -e renamed q < <(facts /bin/p p; main_at p)
	[ "$status" -eq 1 ]
	[ "$(grep ^E <<<"$output" | cut -f 9)" = main+0 ]
	[ "$stderr" = "etrace-sym: q: is not the program that ran, and the trace does not say where it was loaded, so no block is in it; name it q@BIAS" ]
	# Whatever the order of the facts.
	run --separate-stderr etrace-sym -e renamed q@0 < <(facts /bin/p p | head -n 1; facts /bin/p p | sed 1d | tac; main_at p)
	[ "$(grep ^E <<<"$output" | cut -f 9)" = main+0 ]
	# Without a build-id, by its name.
	run --separate-stderr etrace-sym -e p q < <(facts /bin/p p | grep -v build-id; main_at p)
	[ "$status" -eq 1 ]
	[ "$(grep ^E <<<"$output" | cut -f 9)" = main+0 ]
	[ "$stderr" = "etrace-sym: q: is not the program that ran, and the trace does not say where it was loaded, so no block is in it; name it q@BIAS" ]
	# One trace after the other: each is the binary of one.
	run --separate-stderr etrace-sym -e p q < <(facts p p; main_at p; facts q q; main_at q)
	[ "$status" -eq 0 ]
	[ -z "$(grep 'not the program' <<<"$stderr")" ]
}

@test "user mode: another build of the program is said to be that" {
	mkdir new
	pie p 1
	pie new/p 2
	run --separate-stderr etrace-sym -e new/p < <(facts /bin/p p; main_at p)
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-sym: new/p: is not the program that ran: its build-id is $(id new/p), the trace's $(id p); name the file that ran, /bin/p, and a shared library as LIBRARY@BIAS" ]
	[ "$(grep ^E <<<"$output" | cut -f 9)" = main+0 ]
	run --separate-stderr etrace-sym -e new/p p < <(facts /bin/p p; main_at p)
	[ "$status" -eq 1 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ "$stderr" = "etrace-sym: new/p: is not the program that ran: "* ]]
	[ "$(grep ^E <<<"$output" | cut -f 9)" = main+0 ]
	# One that is not loaded elsewhere than it was linked.
	sample -Wl,--build-id
	run --separate-stderr etrace-sym -e t < <(facts /bin/p p; e "$(at two)" 4)
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-sym: t: is not the program that ran: its build-id is $(id t), the trace's $(id p); name the file that ran, /bin/p" ]
	run --separate-stderr etrace-sym -e t@0 < <(facts /bin/p p; e "$(at two)" 4)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	run --separate-stderr etrace-sym -e t < <(facts /bin/t t; e "$(at two)" 4)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "T records: code that is not the ELF file's is said" {
	sample
	(t_records t 8 3; e "$(at two)" 4) >right
	run --separate-stderr etrace-sym -e t <right
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep ^T <<<"$output")" = "$(grep ^T right)" ]
	# Most of the blocks, or many: something else ran there too.
	(t_records t 13 7; e "$(at two)" 4) >wrong
	run --separate-stderr etrace-sym -e t <wrong
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-sym: t: 13 blocks ran at its addresses, 7 have other bytes: it is not the build that ran, or not all that did; give the ELF files of what ran" ]
	run --separate-stderr etrace-sym -e t < <(t_records t 13 4; e "$(at two)" 4)
	[ "$status" -eq 0 ]
	[ "$stderr" = "etrace-sym: t: 13 blocks ran at its addresses, 4 have other bytes: it is not the build that ran, or not all that did; give the ELF files of what ran" ]
	run --separate-stderr etrace-sym -e t <wrong
	[ "$(grep ^T <<<"$output")" = "$(grep ^T wrong)" ]
	(t_records t 16 4; e "$(at two)" 4) >patched
	run --separate-stderr etrace-sym -e t <patched
	[ "$status" -eq 0 ]
	# Where it was loaded.
	(t_records t 16 | sed 's/^T\t0\t-\t1/T\t0\t-\t5/'; e "5$(at two | cut -c 2-)" 4) >moved
	run --separate-stderr etrace-sym -e t@40000 <moved
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	# A file of debug information has no code to compare.
	objcopy --only-keep-debug t alone
	run --separate-stderr etrace-sym -e alone <wrong
	[ "$status" -eq 0 ]
	[ "$stderr" = "etrace-sym: alone: has no code, only debug information, so it cannot be found by its bytes; give the file that it was split from too" ]
	run --separate-stderr etrace-sym -e t <<<"$(rec T 0 - 10000 0 0g -)"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"line 1: a T record is: T cpu in vaddr paddr code host-code, not "* ]]
}

@test "other kinds, comments and odd records pass unchanged, in order" {
	printf '#etrace\t2\n# hello\nX\ta\tb\n\nN\t0\t5\thi\nF\tx\t1\ty\to\t0\t0\t0\t0\nnonsense\n' >in
	# What another etrace-sym placed stays as it is, in an object that had nothing to say of it too.
	rec E 0 - o 40201900 4 1 10 f+0 a.c:1 - >>in
	rec E 0 - o 40201900 4 1 10 - - - >>in
	rec E 0 - :0123abcd 40201900 4 1 10 f+0 - - >>in
	sym -e "$DATA/aa64-O0.elf" <in
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	diff <(etrace-sym -e "$DATA/aa64-O0.elf" <in | grep -v "^I${TAB}stream") in
}

@test "a stream of another version, a binary one, a last line cut short" {
	sym -e "$DATA/aa64-O0.elf" <<<"#etrace${TAB}1"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"line 1: a stream of version 1, and this program reads version 2; make it again"* ]]
	sym -e "$DATA/aa64-O0.elf" <"$DATA/aa64-O0.etrace"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"standard input: is binary, not a record stream; decode a trace with etrace-cat first" ]]
	# With its header it is a stream, whatever others put there.
	sym -e "$DATA/aa64-O0.elf" < <(printf '#etrace\t2\nX\ta\0b\n'; e 40201900 4)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - aa64-O0.elf 40201900 4 1 10 main+0 aa64-main.c:40 -)" ]
	sym -e "$DATA/aa64-O0.elf" < <(e 40201900 4; printf 'E\t0')
	[ "$status" -eq 1 ]
	[ "$(grep ^E <<<"$output")" = "$(rec E 0 - aa64-O0.elf 40201900 4 1 10 main+0 aa64-main.c:40 -)" ]
	[[ "$stderr" = *"standard input: the last line, 2, is cut short and was left out" ]]
}

@test "a NUL after the size of a block that ran before is malformed, in the fast path too" {
	{ echo "#etrace${TAB}2"; e 40201900 4; e 40201900 '4|'; e 40201900 4; rec N 0 5 "$(printf %199s x)"; } | tr '|' '\0' >"$BATS_TEST_TMPDIR/in"
	sym -e "$DATA/aa64-O0.elf" <"$BATS_TEST_TMPDIR/in"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"line 3: an E record is: E cpu time in start size count ns [place line also], not 'E"* ]]
	[ "$(grep -c ^E <<<"$output")" -eq 2 ]
}

@test "disassembly for the machine of the ELF" {
	sym -de "$DATA/aa64-O0.elf" <<<"$(rec T 1 - 40200800 40200800 a00038d5001c4092 -)"
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "$(rec D 1 40200800 a00038d5 'mrs x0, mpidr_el1')" ]
	[ "${lines[2]}" = "$(rec D 1 40200804 001c4092 'and x0, x0, #0xff')" ]
	# Big-endian code, and a symbol among the operands.
	sym -de "$DATA/ppc-be-O1.elf" <<<"$(rec T 0 - 100002c 100002c 48000009 -)"
	[ "${lines[1]}" = "$(rec D 0 100002c 48000009 'bl 1000034 <main+0>')" ]
	# Thumb where the function is Thumb, ARM where it is ARM.
	sym -de "$DATA/arm-thumb-O1.elf" < <(rec T 0 - 40200230 40200230 002900dd -; rec T 0 - 40200024 40200024 0cd09fe5 -)
	[[ "${lines[1]}" = "$(rec D 0 40200230 0029 'cmp r1, #0')"* ]]
	[[ "${lines[4]}" = "$(rec D 0 40200024 0cd09fe5 'ldr sp, [pc, #12]')"* ]]
}

@test "disassembly for a machine by name, with and without an ELF; what is cut, and what is bad" {
	sym -m i386:x86-64 <<<"$(rec T 0 - 1000 1000 554889e50f -)"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "${lines[1]}" = "$(rec D 0 1000 55 'push %rbp')" ]
	[ "${lines[2]}" = "$(rec D 0 1001 4889e5 'mov %rsp,%rbp')" ]
	[ "${lines[3]}" = "$(rec D 0 1004 0f '.byte 0xf')" ]
	sym -m aarch64 <<<"$(rec T 0 - 1000 1000 a00038d5a000 -)"
	[ "${lines[1]}" = "$(rec D 0 1000 a00038d5 'mrs x0, mpidr_el1')" ]
	[ "${lines[2]}" = "$(rec D 0 1004 a000 '(cut short)')" ]
	sym -m thumb <<<"$(rec T 0 - 1000 1000 0029 -)"
	[ "${lines[1]}" = "$(rec D 0 1000 0029 'cmp r1, #0')" ]
	sym -m riscv:rv64 <<<"$(rec T 0 - 1000 1000 1305a000 -)"
	[ "${lines[1]}" = "$(rec D 0 1000 1305a000 'li a0,10')" ]
	sym -m no-such <<<"$(rec T 0 - 1000 1000 00 -)"
	[ "$status" -eq 1 ]
	[[ "$stderr" = "etrace-sym: -d: no disassembler for no-such; "* ]]
	sym -m arm <<<"$(rec T 0 - 1000 1000 zz -)"
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"line 1: a T record is: T cpu in vaddr paddr code host-code, not "* ]]
}

# ---- maps that are kept ------------------------------------------------------------------------

# kept [N]: there are N files (1) in the directory of kept maps, and each is a map.
kept() {
	[ "$(ls -A cache 2>/dev/null | wc -l)" -eq "${1:-1}" ] && [ "$(ls -A cache 2>/dev/null | grep -c '\.map$')" -eq "${1:-1}" ]
}

# same ARGS...: etrace-sym -n ARGS, which may use kept maps, writes what it does with -K, and nothing on stderr.
same() {
	etrace-sym -nK "$@" >want
	run --separate-stderr etrace-sym -n "$@"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	printf '%s\n' "$output" | diff want -
}

# The map of t is kept, and the line tables of t are gone while its size and time are as before: only the kept map has
# lines.
kept_and_damaged() {
	sample -Wl,--build-id
	same t
	read -r off size < <(where t .debug_line)
	touch -r t when
	head -c "$size" /dev/zero | dd of=t bs=1 seek="$off" conv=notrunc status=none
	touch -r when t
}

@test "a map is kept, and used where the same ELF file comes again, whatever its path" {
	export ETRACE_CACHE=$PWD/cache
	kept_and_damaged
	kept
	[ "$(stat -c %a cache)" = 700 ]
	[ "$(stat -c %a cache/*)" = 600 ]
	touch -d '2 days ago' cache/*
	run --separate-stderr etrace-sym -n t
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	printf '%s\n' "$output" | diff want -
	[ -n "$(find cache -name '*.map' -mmin -5)" ]	# used now
	mkdir sub
	mv t sub
	run --separate-stderr etrace-sym -n sub/t
	[ "$status" -eq 0 ]
	printf '%s\n' "$output" | diff <(sed "s|^O\tt\tt|O\tt\tsub/t|" want) -
	# To a file that is appended to, which sendfile(2) refuses.
	: >out
	etrace-sym -n sub/t >>out
	diff <(sed "s|^O\tt\tt|O\tt\tsub/t|" want) out
	# -K and an empty ETRACE_CACHE use none.
	run --separate-stderr etrace-sym -nK sub/t
	[ "$status" -eq 1 ]
	ETRACE_CACHE='' run --separate-stderr etrace-sym -n sub/t
	[ "$status" -eq 1 ]
}

@test "kept maps of several files, while a live trace pauses: the records and their order are the same" {
	export ETRACE_CACHE=$PWD/cache
	sample -Wl,--build-id
	live() { (printf '#etrace\t2\n'; sleep 1; e "$(at two)" 4) | etrace-sym "$@" t "$DATA/aa64-O0.elf" 2>/dev/null; }
	live -K >want
	[ "$(tail -n 3 want | cut -f 1 | xargs)" = "A E I" ]
	live | diff want -
	kept 2
	live | diff want -
	kept 2
}

@test "where maps are kept: ETRACE_CACHE, XDG_CACHE_HOME, HOME; where they cannot be, nothing is said" {
	sample -Wl,--build-id
	unset ETRACE_CACHE XDG_CACHE_HOME
	HOME=$PWD/home
	mkdir home
	same t
	[ "$(ls home/.cache/etrace | wc -l)" -eq 1 ]
	export XDG_CACHE_HOME=$PWD/xdg
	same t
	[ "$(ls xdg/etrace | wc -l)" -eq 1 ]
	export XDG_CACHE_HOME=relative
	same t
	[ ! -e relative ]
	for ETRACE_CACHE in "$PWD/t/cache" /dev/null /proc/none; do
		export ETRACE_CACHE
		same t
		same t
	done
	unset HOME XDG_CACHE_HOME ETRACE_CACHE
	same t
}

@test "a kept map that was cut, changed, or is none is made anew" {
	export ETRACE_CACHE=$PWD/cache
	sample -Wl,--build-id
	same t
	kept
	file=$(ls cache/*)
	cp "$file" good
	size=$(stat -c %s good)
	for n in 0 1 31 32 100 $((size / 2)) $((size - 33)) $((size - 1)); do
		head -c $n good >"$file"
		same t
		cmp good "$file"
		for byte in '\0' '\377'; do
			cp good "$file"
			printf "$byte" | dd of="$file" bs=1 seek=$n conv=notrunc status=none
			same t
			cmp good "$file"
		done
	done
	for n in 1 100 5000; do
		head -c $n /dev/zero | cat good - >"$file"
		same t
		cmp good "$file"
	done
	rm "$file"
	mkfifo "$file"
	same t
	cmp good "$file"
}

@test "what a map depends on: options, symbols, debug file, build, name" {
	export ETRACE_CACHE=$PWD/cache
	sample -Wl,--build-id
	same t
	same -b t
	same -M t
	same -bM t
	kept 4
	cp t other
	same other
	kept 5
	# One build-id, without DWARF, and with that elsewhere.
	id=$(id t)
	mkdir -p "dbg/.build-id/${id:0:2}"
	objcopy --only-keep-debug t "dbg/.build-id/${id:0:2}/${id:2}.debug"
	strip -o by_id t
	touch -r t by_id
	cp -p t full
	cp -p by_id t
	run --separate-stderr etrace-sym -n t
	[ "$status" -eq 1 ]
	kept 6
	same -D dbg t
	grep -q ^L want
	kept 7
	cp -p full t
	same t
	kept 7
	# Another time: it may have been changed.
	touch -d yesterday t
	same t
	kept 8
}

@test "no map is kept of what has no build-id, is not whole, or has DWARF in further files" {
	export ETRACE_CACHE=$PWD/cache
	sample -Wl,--build-id=none
	same t
	damaged .debug_abbrev 00000000000000000000000000000000
	run --separate-stderr etrace-sym -n bad
	[ "$status" -eq 1 ]
	cp "$DATA/branches/s390x.elf" hppa.elf
	printf '\0\17' | dd of=hppa.elf bs=1 seek=18 conv=notrunc status=none
	run --separate-stderr etrace-sym -nb hppa.elf
	[ "$status" -eq 1 ]
	sample -Wl,--build-id -gsplit-dwarf
	same t
	kept 0
}

@test "kept maps have a gigabyte: what was not used for longest goes, and what a killed writer left" {
	export ETRACE_CACHE=$PWD/cache
	mkdir -m 700 cache
	sample -Wl,--build-id
	truncate -s 400M cache/0000000000000001.map cache/0000000000000002.map cache/0000000000000003.map
	touch -d '3 days ago' cache/*1.map
	touch -d '5 days ago' cache/*2.map
	touch -d '4 days ago' cache/*3.map
	touch cache/1-1.tmp
	touch -d '2 hours ago' cache/2-2.tmp
	same t
	[ "$(ls cache | grep -c '\.map$')" -eq 3 ]
	[ ! -e cache/0000000000000002.map ]
	[ "$(ls cache | grep tmp)" = 1-1.tmp ]
}

@test "a kept map comes while the trace is read, whole and first; a reader that goes away ends it silently" {
	export ETRACE_CACHE=$PWD/cache
	sample -Wl,--build-id
	etrace-sym -n t >want
	{ rec I a b; seq -f "$(rec N 0 %g x)" 100000; } >in
	run --separate-stderr bash -c "etrace-sym t <in | { sleep 0.3; cat; } >out"
	[ -z "$stderr" ]
	diff <(grep '^[OFL]' want) <(head -n "$(wc -l <want)" out | grep '^[OFL]')
	diff <(grep '^[OFL]' want) <(grep '^[OFL]' out)
	diff <(sed 's/^#.*//' in) <(grep '^[IN]' out | grep -v "^I${TAB}stream")
	run --separate-stderr bash -c 'set -o pipefail; etrace-sym t <in | head -n 1 >/dev/null'
	[ "$status" -eq 141 ]
	[ -z "$stderr" ]
}

@test "several may make one map at the same time" {
	export ETRACE_CACHE=$PWD/cache
	sample -Wl,--build-id
	etrace-sym -nK t >want
	pids=()
	for i in 1 2 3 4 5 6; do
		etrace-sym -n t >out.$i 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	for i in 1 2 3 4 5 6; do diff want out.$i; done
	kept
	same t
}

@test "a full disk is status 3" {
	sh_run "etrace-sym -n '$DATA/aa64-O0.elf' >/dev/full"
	[ "$status" -eq 3 ]
	[ "$stderr" = "etrace-sym: standard output: No space left on device; what was written is incomplete" ]
}
