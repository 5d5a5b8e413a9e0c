# SPDX-License-Identifier: GPL-3.0-or-later
# etrace-sym -C: how blocks end.
load lib

PLUGIN=${ETRACE_PLUGIN:-$TOP/bin/etrace-plugin.so}

setup() {
	cd "$BATS_TEST_TMPDIR"
}

sym() { run --separate-stderr etrace-sym -e "$@"; }

# t ADDR HEX: a T record, and the E record of this block; e ADDR SIZE [IN]: an E record.
t() {
	rec T 0 "$(token "$2")" "$1" - "$2" -
	e "$1" $((${#2} / 2)) "$(token "$2")"
}
e() { rec E 0 - "${3:--}" "$1" "$2" 1 1; }

# ends: the columns end, at, to and role of K records in $output.
ends() { grep "^K$TAB" <<<"$output" | cut -f 7-; }

# What follows each block, in the annotated trace on stdin, and cannot by its K record; then how many of each end.
steps() {
	perl -F'\t' -lane '
		if ($F[0] eq "K") {
			print "twice: @F" if $k{"@F[1 .. 3]"};
			$k{"@F[1 .. 3]"} = [@F[6, 8], hex($F[2]) + $F[3]];
		}
		next unless $F[0] eq "E";
		my ($b, $before, $start) = ("@F[3 .. 5]", $last{$F[1]}, hex $F[4]);
		print "no K: $b" unless $k{$b};
		if ($before) {
			my ($end, $to, $after) = @{$k{$before}};
			my $ok = $to ne "-" && $start == hex $to;
			$ok = 1 if $end =~ /^(return|resume)/ || ($end =~ /^(call|jump)/ && $to eq "-");
			$ok = 1 if $end =~ /^(-|trap)$|\?/ && $start == $after;
			print "$before $end $to, then $b" unless $ok;
			$n{$end}++;
		}
		$last{$F[1]} = $b;
		END { print join " ", map { "$_:$n{$_}" } sort keys %n }'
}

# ---- what the code says ------------------------------------------------------------------------

# golden/ends: machine, code of a block at 40000000, end, at, to, and its assembly.
@test "every kind of end on 15 machines, by the bytes of the trace" {
	for m in $(cut -f 1 "$GOLDEN/ends" | uniq); do
		grep "^$m$TAB" "$GOLDEN/ends" >want
		while IFS=$TAB read -r _ code _; do
			rec '#etrace' 2		# each is a trace
			t 40000000 "$code"
		done <want >in
		sym -C "$DATA/branches/$m.elf" <in
		[ "$(grep -c '^K' <<<"$output")" -eq "$(wc -l <want)" ]
		ends | cut -f 1-3 | paste - <(cut -f 6- want) | diff - <(cut -f 3- want) || { echo "$m"; false; }
	done
	[ "$(cut -f 1 "$GOLDEN/ends" | uniq | wc -l)" -eq 15 ]
}

@test "stubs of PowerPC with 64 bits, which are in .text" {
	# std r2,24(r1) or 40(r1); ld r12,...; mtctr r12; bctr
	sym -C "$DATA/branches/ppc64le.elf" < <(t 50000000 180041f8608182e9a603897d2004804e
		t 50000100 608182e9a603897d2004804e)
	[ "$(ends)" = "$(rec jump 5000000c - plt; rec jump 50000108 - -)" ]
	sym -C "$DATA/ends/pads-powerpc64.elf" < <(t 50000000 f8410028e98281607d8903a64e800420; t 50000100 f84100284e800020)
	[ "$(ends)" = "$(rec jump 5000000c - plt; rec return 50000104 - -)" ]
}

@test "what came next in the traces of 15 machines agrees" {
	for elf in "$DATA"/branches/*.elf; do
		m=$(basename "$elf" .elf)
		zstd -qdc "${elf%.elf}.etrace.zst" | etrace-cat | etrace-sym -eC "$elf" 2>stderr | steps >got
		[ ! -s stderr ] || { echo "$m: $(<stderr)"; false; }
		[ "$(wc -l <got)" -eq 1 ] || { head "$m" got; false; }
		grep -q 'call:[0-9]* .*jump?:[0-9]* return' got
		printf '%s\t%s\n' "$m" "$(<got)"
	done >all
	[ "$(wc -l <all)" -eq 15 ]
}

@test "a dynamic program, all its libraries: every step agrees; stubs have a role" {
	printf '%s\n' '#include <stdio.h>' '#include <stdlib.h>' \
		'static int cmp(const void *a, const void *b) { return *(int *)a - *(int *)b; }' \
		'int main(void) { int a[] = {3, 1, 2}; qsort(a, 3, sizeof *a, cmp); printf("%d\n", *a); }' >p.c
	gcc -g -O1 -o host p.c
	aarch64-linux-gnu-gcc -g -O1 -o aarch64 p.c
	for m in host aarch64; do
		cpu=$m root=
		[ $m = aarch64 ] && root="-L /usr/aarch64-linux-gnu"
		[ $m = host ] && cpu=$(uname -m)
		timeout 60 "qemu-$cpu" $root -plugin "$PLUGIN,out=t,mode=exec" ./$m >/dev/null
		etrace-cat t | etrace-sym -eCu $m >out 2>stderr
		steps <out >got
		[ "$(wc -l <got)" -eq 1 ] || { head got; false; }
		grep -q 'call:[0-9]\{3,\} .*return:[0-9]\{3,\} trap:[0-9]' got
		[ "$(awk -F'\t' '$1 == "K" && $10 == "plt"' out | wc -l)" -ge 4 ]
		[ -z "$(awk -F'\t' '$1 == "K" && $10 == "plt" && $7 != "jump"' out)" ]
	done
}

# ---- when it is said ---------------------------------------------------------------------------

@test "once a block and trace, right before the first record of it" {
	cp "$DATA/branches/aarch64.elf" p
	etrace-cat <(zstd -qdc "$DATA/branches/aarch64.etrace.zst") >one
	etrace-sym -eC p <one | awk -F'\t' '
		$1 == "K" { if (k[$2, $3, $4]++) exit bad = 1; last = $2 FS $3 FS $4 FS $5 FS $6 }
		$1 == "E" { b = $4 FS $5 FS $6 FS $9 FS $10; if (!seen[b]++) { n++; if (last != b) exit bad = 1 } }
		END { exit bad || n < 20 }'
	# A trace begins: they are said again, also where annotations are found again.
	{ cat one one; sed -n 's/^#/#/p; /^T/p; /^E/{p;q}' one; } | etrace-sym -eC p >two
	n=$(etrace-sym -eC p <one | grep -c '^K')
	[ "$(grep -c '^K' two)" -eq $((2 * n + 1)) ]
	# Without -C there are none, and the rest is the same.
	etrace-sym -eC p <one | grep -v '^K' | diff - <(etrace-sym -e p <one)
	# Those of walks and steps too.
	for o in -W -c; do
		etrace-cat $o <(zstd -qdc "$DATA/branches/aarch64.etrace.zst") | etrace-sym -eC p | grep '^K' | sort >walked
		etrace-sym -eC p <one | grep '^K' | sort | diff walked -
	done
}

# ---- which code --------------------------------------------------------------------------------

@test "the trace's code, else the ELF file's; a part of a block goes on; no code is said" {
	cp "$DATA/branches/x86_64.elf" p
	at=4011a4 to=401000	# a call
	sym -C p < <(e "$at" 5)
	[ "$(ends)" = "$(rec call "$at" "$to" -)" ]
	sym -C p < <(t 50000000 90c3; e 50000000 1 "$(token 90c3)"; e 50000000 0 "$(token 90c3)")
	[ "$(ends)" = "$(rec return 50000001 - -; rec - - - -; rec - - - -)" ]
	sym -C p < <(e "$at" 5; e 60000000 5; e 60000010 5)
	[ "$status" -eq 0 ]
	[[ "$stderr" = *"etrace-sym: -C: how 2 blocks end is not known, the first one at 60000000: neither the trace nor an ELF file has their code; name all that the guest ran"* ]]
	[ "$(grep -c '^K' <<<"$output")" -eq 1 ]
	[ "$(grep -c '^E' <<<"$output")" -eq 3 ]
}

@test "in an object file relocations say where branches go" {
	printf '%s\n' 'void other(void); static int n; __attribute__((noinline)) static void own(void) { n++; __asm__(""); }' \
		'__attribute__((section(".text.far"), noinline)) void far(void) { n--; __asm__(""); }' \
		'void f(void) { own(); far(); other(); n++; }' >o.c
	for cc in gcc aarch64-linux-gnu-gcc; do
		$cc -g -O1 -fno-pic -fno-optimize-sibling-calls -c o.c
		# Its calls, as linked: .text is at 0.
		objdump=${cc%gcc}objdump
		$objdump -dr -j .text o.o | awk '$3 ~ /^(call|bl)$/ || $0 ~ /\t(call|bl)/ { sub(/:/, "", $1); print $1 }' >calls
		[ "$(wc -l <calls)" -ge 2 ]
		size=$([ "$cc" = gcc ] && echo 5 || echo 4)
		sym -C o.o@10000 < <(while read -r a; do e "$(printf %x $((0x10000 + 0x$a)))" "$size"; done <calls)
		[ "$status" -eq 0 ]
		[ "$(ends | cut -f 1,2)" = "$(sed "s/^/call$TAB/" calls)" ]
		# The last one is to another file; the one to .text.far is there.
		[ "$(ends | tail -n 1 | cut -f 3)" = - ]
		far=$(etrace-sym -n o.o | awk -F'\t' '$1 == "F" && $4 == "far" { print $6 }')
		ends | cut -f 3 | grep -qx "$far"
	done
}

@test "a machine that is not known is named, and the rest is written" {
	cp "$DATA/branches/s390x.elf" hppa.elf
	printf '\0\17' | dd of=hppa.elf bs=1 seek=18 conv=notrunc status=none
	sym -C hppa.elf < <(t 50000000 07fe)
	[ "$status" -eq 1 ]
	[[ "$stderr" = *"etrace-sym: -C: hppa.elf: which instructions of its machine (ELF's number 15) call and return is not known, so there are no K records of its blocks; etrace-sym(1) lists the machines where it is"* ]]
	! grep -q "^K$TAB" <<<"$output" || false
	grep -q "^E$TAB" <<<"$output"
	run --separate-stderr etrace-sym -C -m thumb </dev/null
	[ "$status" -eq 2 ]
}

# ---- landing pads ------------------------------------------------------------------------------

# What -C says of blocks at the addresses in the file pads, of PROGRAM: address, ranges of call sites.
caught() {
	while IFS=$TAB read -r at _; do e "$at" 4; done <pads | etrace-sym -eC "$1" 2>/dev/null |
		awk -F'\t' -v OFS='\t' '$1 == "K" { sub(/^catch:/, "", $10); print $3, $10 }'
}

# The same by the compiler's assembly CODE.s, whose labels were kept, in PROGRAM.
tables() {
	perl -e '
		my (%at, %from, @v, $in);
		open my $f, "-|", @ARGV[1, 2];
		while (<$f>) { $at{$2} = hex $1 if /^(\w+) \w (\S+)$/ }
		open $f, "<", $ARGV[0];
		while (<$f>) {
			$in = /SB/, @v = () if /LLSDACS[BE]\d+:/;
			next unless $in && /^\s+\.(?:uleb128|4byte|word)\s+(?:(L_\w+)-(L_\w+)|\w+)/;
			push @v, $1 ? [$at{$1}, $at{$1} - $at{$2}] : 0;
			next if @v < 4;
			push @{$from{$v[2][0]}}, [$v[0][0], $v[0][0] + $v[1][1]] if $v[2];
			@v = ();
		}
		for my $pad (sort { $a <=> $b } keys %from) {
			my @r;
			for (sort { $a->[0] <=> $b->[0] } @{$from{$pad}}) {
				@r && $_->[0] == $r[-1][1] ? $r[-1][1] = $_->[1] : push @r, $_;
			}
			printf "%x\t%s\n", $pad, join ",", map { sprintf "%x-%x", @$_ } @r;
		}' "$1" "${3:-nm}" "$2"
}

@test "landing pads, and the calls whose exceptions come to each, by the compiler's assembly" {
	for cc in gcc aarch64-linux-gnu-gcc; do
		for flags in -O1 '-O2 -fpic'; do
			$cc $flags -fexceptions -ffreestanding -S -o code.s "$DATA/src/cleanup.c"
			sed -i 's/\.\(L[EHBF]*[0-9][0-9]*\)\b/L_\1/g' code.s
			$cc -nostdlib -static -Wl,-e,both -o p code.s
			tables code.s p "${cc%gcc}nm" >pads
			[ "$(wc -l <pads)" -ge 4 ]
			caught p | diff - pads
		done
	done
	# What is no pad has none, nor has the beginning of a function.
	nm p | sed -n 's/^0*\([0-9a-f]*\) T.*/\1/p' >pads
	[ -z "$(caught p | cut -f 2 | grep -vx -e - || true)" ]
}

# The files were made as those above are, and what is expected of them too.
@test "landing pads of six more machines: big-endian, 32 bits, ARM's own tables" {
	for m in i686 arm mips powerpc64 riscv64 s390x; do
		sed -n "s/^$m$TAB//p" "$GOLDEN/pads" >pads
		[ "$(wc -l <pads)" -eq 4 ]
		caught "$DATA/ends/pads-$m.elf" | diff - pads
	done
}

@test "C++: where exceptions went, the pad's ranges have the call" {
	printf '%s\n' '#include <stdexcept>' 'struct R { ~R() { n++; } static int n; }; int R::n;' \
		'__attribute__((noinline)) int f(int n) { if (n > 2) throw std::runtime_error("x"); return n; }' \
		'__attribute__((noinline)) int g(int n) { R r; return f(n) + f(n + 1); }' \
		'int main() { int n = 0; for (int i = 0; i < 5; i++) try { n += g(i); } catch (std::exception &e) { n--; } return n; }' >e.cc
	g++ -g -O1 -o e e.cc
	timeout 60 "qemu-$(uname -m)" -plugin "$PLUGIN,out=t,mode=exec" ./e || true
	etrace-cat t | etrace-sym -eCu e >out 2>/dev/null
	# Two pads: in g, behind both of its calls; in main, behind the one to g.
	awk -F'\t' '$1 == "K" && $2 == "e" && $10 ~ /^catch:/ { sub(/\+.*/, "", $5); print $5, $10 }' out | sort >got
	cat got
	[ "$(wc -l <got)" -eq 2 ]
	# Each call of f or g in e that an exception left is in the ranges of the next pad that ran.
	perl -F'\t' -lane '
		if ($F[0] eq "K" && $F[1] eq "e") {
			my $b = "@F[1 .. 3]";
			$call{$b} = hex $F[7] if $F[6] eq "call" && $F[8] ne "-";
			$pad{$b} = [map { [map hex, split /-/] } split /,/, $1] if $F[9] =~ /^catch:(.*)/;
			$back{hex($F[2]) + $F[3]} = 1 if $call{$b};
		}
		next unless $F[0] eq "E" && $F[3] eq "e";
		my $b = "@F[3 .. 5]";
		if ($pad{$b}) {
			my ($at) = pop @stack;
			# Calls that ended otherwise come first.
			$at = pop @stack while @stack && !grep { $at >= $_->[0] && $at < $_->[1] } @{$pad{$b}};
			$n++ if grep { $at >= $_->[0] && $at < $_->[1] } @{$pad{$b}};
			$pads++;
		}
		push @stack, $call{$b} if $call{$b};
		END { print "$n of $pads" }' out >got
	grep -qE '^(6) of \1$' got || { cat got; false; }
}
