# SPDX-License-Identifier: GPL-3.0-or-later
# Which lines and functions code is of, in all the places where compilers and linkers put it: programs
# of test/data/lines, run by QEMU, whose sources say how often each line runs: /*= N */.
load lib

HOST=$(uname -m)
SRC=$DATA/lines
PLUGIN=${ETRACE_PLUGIN:-$TOP/bin/etrace-plugin.so}

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# counted PROGRAM: runs it, and counts into ./cov.
counted() {
	"qemu-$HOST" -plugin "$PLUGIN,out=$1.etrace" "./$1" >/dev/null &&
		etrace-cat "$1.etrace" | etrace-sym "$1" | etrace-cov >cov
}

# Holds the counts of ./cov against what the files say.
as_sources_say() {
	local f
	for f; do
		awk -v f="${f##*/}" 'match($0, /\/[*\/]= [0-9]+/) {
			print f "\t" FNR "\t" substr($0, RSTART + 4, RLENGTH - 4)
		}' "$f"
	done | LC_ALL=C sort >want
	[ -s want ]
	sed "s|$SRC/||" cov | lines_of >all
	awk -F'\t' 'NR == FNR { said[$1, $2] = 1; next } said[$1, $2]' want all | diff want -
}

# f NAME: the F records of ./cov with that name, as "file line count".
f() { sed "s|$SRC/||" cov | awk -F'\t' -v name="$1" '$1 == "F" && $4 == name { print $2, $3, $8 }'; }

@test "headers, macros, a file in the middle of a function; out of line and inlined" {
	for o in -O0 -Og -O1 -O2; do
		gcc -g $o -o header "$SRC/header.c" "$SRC/header-b.c"
		counted header
		as_sources_say "$SRC"/header*
	done
}

@test "functions that were split and cloned: cold, part, constprop, isra" {
	gcc -g -O2 -o split "$SRC/split.c"
	nm split >symbols
	for clone in checked.cold lookup.part scaled.constprop summed.isra; do
		grep " t $clone" symbols
	done
	counted split
	as_sources_say "$SRC/split.c"
	# One function, entered where it begins.
	[ "$(f checked)" = "split.c 16 20" ]
	[ "$(f scaled)" = "split.c 45 6" ]
	[ "$(f summed)" = "split.c 56 5" ]
	[ "$(f lookup | awk '{ n += $3 } END { print n, $2 }')" = "12 27" ]
}

@test "a template and an inline function in two units: one copy, counted once" {
	for o in -O0 -O1; do
		g++ -g $o -fno-inline -o comdat "$SRC/comdat.cc" "$SRC/comdat-b.cc"
		counted comdat
		as_sources_say "$SRC"/comdat*
	done
}

@test "one source in two units: its lines add up" {
	for o in -O0 -O1; do
		gcc -g $o -c -DNAME=one -DMAIN -o one.o "$SRC/twice.c"
		gcc -g $o -c -DNAME=two -Dsink=sink2 -o two.o "$SRC/twice.c"
		gcc -o twice one.o two.o
		counted twice
		as_sources_say "$SRC/twice.c"
	done
}

@test "several blocks in one line" {
	for o in -O0 -Og; do
		gcc -g $o -o oneline "$SRC/oneline.c"
		counted oneline
		as_sources_say "$SRC/oneline.c"
	done
}

@test "functions that the linker dropped are no lines, at address 0 either" {
	cat >rom.ld <<-'EOF'
		ENTRY(vectors)
		SECTIONS {
			.text 0 : { KEEP(*(.vectors)) *(.text*) }
			.rest : { *(.eh_frame*) }
		}
	EOF
	rec dropped.c 2 twice dropped.c 4 twice dropped.c 5 twice \
	    dropped.c 15 kept dropped.c 16 kept dropped.c 17 kept dropped.c 18 kept \
	    dropped-b.c 8 _start dropped-b.c 9 _start dropped-b.c 10 _start |
		tr '\t' '\n' | paste - - - | LC_ALL=C sort >want
	cp "$SRC/vectors.S" "$SRC"/dropped*.c .
	for ld in bfd gold lld; do
		type -P ld.$ld >/dev/null || continue
		for how in "-Wl,-Ttext=0,-e,_start" "-Wl,-T,rom.ld vectors.S"; do
			for version in 4 5; do
				gcc -gdwarf-$version -O1 -ffreestanding -nostdlib -static -fno-pic -no-pie \
					-ffunction-sections -fuse-ld=$ld -Wl,--gc-sections,--build-id=none $how \
					-o t dropped.c dropped-b.c
				etrace-sym -n t | sed "s|$PWD/||" >map
				awk -F'\t' '$1 == "L" { print $2 "\t" $3 "\t" $4 }' map | grep -v vectors |
					LC_ALL=C sort | diff want -
				[ "$(awk '$1 == "F" { print $4 }' map | grep -v vectors | sort | xargs)" = \
					"_start kept twice" ]
				kept=$(nm t | awk '/ kept$/ { print $1 }')
				run etrace-sym -e t <<<"$(rec E 0 - - "$kept" 4 1 1)"
				[[ "$output" = *"${TAB}kept+0${TAB}"*dropped.c:* ]]
			done
		done
	done
}

@test "functions that the linker folded into one: each has the sum" {
	gcc -g -O0 -ffunction-sections -fuse-ld=gold -Wl,--icf=all -o folded "$SRC/folded.c"
	[ "$(nm folded | awk '/ add_(one|1)$/ { print $1 }' | uniq | wc -l)" -eq 1 ]
	counted folded
	as_sources_say "$SRC/folded.c"
	[ "$(f add_one)" = "folded.c 5 7" ]
	[ "$(f add_1)" = "folded.c 11 7" ]
}

@test "rows: statements, views, line 0, discriminators" {
	gcc -nostdlib -static -Wl,-Ttext=0x10000 -Wl,-e,f -Wl,--build-id=none -o rows "$SRC/rows.S"
	# Lines advance by -6 and 6 then, not by 93 and -93; gas writes no rows of line 0.
	objcopy --dump-section .debug_line=table rows
	LC_ALL=C sed -i 's/\x03\xdd\x00/\x03\xfa\x7f/; s/\x03\xa3\x7f/\x03\x86\x00/' table
	objcopy --update-section .debug_line=table rows
	readelf --debug-dump=decodedline rows | grep 'rows.c  *0  *0x10010'
	etrace-sym -n rows | awk -F'\t' '$1 == "L" { print $3, $6 }' | sort -n >got
	diff - got <<-'EOF'
		3 10000+0
		4 10000+4
		5 10004+8
		6 1000c+4
		7 10018+4,1001c+8
		8 10028+4
		9 10024+4
	EOF
}

@test "a row that begins where its sequence ends is of no code" {
	cat >a.S <<-'EOF'
		.file 1 "a.c"
		.globl _start
		.type _start, %function
		_start:
		.loc 1 1
		nop
		.loc 1 2 0 view .L1
		.loc 1 3 0 view .L2
		.size _start, .-_start
		.section .far, "ax", %progbits
		.globl far
		.type far, %function
		far:
		.loc 1 8
		nop
		.size far, .-far
		.section .note.GNU-stack, "", %progbits
	EOF
	echo 'void other(void) { }' >other.c
	gcc -g -nostdlib -static -Wl,-Ttext=0x401000,--section-start=.far=0x405000,--build-id=none -o a a.S other.c
	# A nop is of 1 byte, or of 4.
	readelf --debug-dump=decodedline a | grep -q '^a.c  *2  *0x40100[14] '
	etrace-sym -n a | awk -F'\t' '$1 == "L" && $2 ~ /a.c$/ { print $3, $4, $6 }' | sed 's/+[14]$/+nop/' |
		diff - <(printf '%s\n' '1 _start 401000+nop' '8 far 405000+nop')
}
