# SPDX-License-Identifier: GPL-3.0-or-later
# etrace-sym: where in the guest objects are, found by the bytes of blocks.
load lib

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp "$DATA/aa64-O0.elf" fw
	cp "$DATA/aa64-smp-O2.elf" smp
}

# ran FILE BIAS [STEP [FIRST [N]]]: T and E records of .text, cut into blocks of 24 bytes, every STEP-th from the
# FIRST one on, N of them, BIAS (hex) higher than it was linked.  XOR=80: with this changed in each byte.
ran() {
	local off size at
	read -r at off size < <(readelf -SW "$1" | sed -n 's/.* \.text *PROGBITS *//p')
	perl -e '
		my ($file, $at, $off, $size, $bias, $step, $first, $n) = @ARGV;
		$_ = hex for $at, $off, $size, $bias;
		open my $f, "<", $file; seek $f, $off, 0; read $f, my $text, $size;
		my (@t, @e);
		for (my $i = $first * 24; $i + 24 <= $size && $n-- > 0; $i += 24 * $step) {
			my $code = substr $text, $i, 24;
			$code ^= pack("H*", $ENV{XOR}) x 24 if $ENV{XOR};
			my $h = 0x811c9dc5;
			$h = (($h ^ $_) * 0x01000193) & 0xffffffff for unpack "C*", $code;
			my $start = sprintf "%x", $at + $bias + $i;
			push @t, sprintf "T\t0\t:%08x\t%s\t-\t%s\t-\n", $h, $start, unpack "H*", $code;
			push @e, sprintf "E\t0\t-\t:%08x\t%s\t24\t2\t-\n", $h, $start;
		}
		print $ENV{ORDERED} ? map({ ($t[$_], $e[$_]) } 0 .. $#t) : (@t, "I\torder\tnone\n", @e)' \
		"$1" "$at" "$off" "$size" "$2" "${3:-1}" "${4:-0}" "${5:-999999}"
}

# places: what column "in" and the start of the E records in $output are, less the guest's bias.
in_of() { grep ^E <<<"$output" | cut -f 4 | sort | uniq -c | sed 's/^ *//'; }
starts() { grep ^E <<<"$output" | cut -f 5; }
cov() { etrace-cov 2>/dev/null | grep -v '^[IU]'; }

sym() { run --separate-stderr etrace-sym "$@"; }

@test "code is found wherever it runs, and has the addresses that it was linked for" {
	sym fw < <(ran fw 0)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ] || { echo "$stderr"; false; }
	linked=$(starts)
	map=$(cov <<<"$output")
	for bias in 5000000 ffff800000000000 7f0000003000; do
		sym fw < <(ran fw $bias)
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[ "$(starts)" = "$linked" ]
		[ "$(grep -c ^A <<<"$output")" -eq 1 ]
		grep -q "^A${TAB}fw${TAB}$(printf %x $((0x$bias + 0x40200800)))$TAB" <<<"$output"
		[ "$(cov <<<"$output")" = "$map" ]
	done
}

@test "code in several places, one after the other, is one object's" {
	sym fw < <(ran fw 0; ran fw 10000000; ran fw ffff000000000000)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ] || { echo "$stderr"; false; }
	[ "$(in_of)" = "$(($(ran fw 0 | grep -c ^E) * 3)) fw" ]
	[ "$(grep -c ^A <<<"$output")" -eq 3 ]
}

@test "two programs at the same addresses are told apart; what only one has is that one's" {
	readelf -SW smp | grep -q "PROGBITS *$(readelf -SW fw | sed -n 's/.* \.text *PROGBITS *\([0-9a-f]*\) .*/\1/p')"
	sym fw smp < <(ran fw 0 1 190 20; ran smp 0 1 190 20)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ] || { echo "$stderr"; false; }
	[ "$(in_of)" = $'20 fw\n20 smp' ]
	sym smp fw < <(ran fw 0 1 190 20)
	[ "$status" -eq 0 ]
	[ "$(in_of)" = '20 fw' ]
	[[ "$stderr" = "etrace-sym: smp: no block of the trace is in it"* ]]
}

@test "an ordered stream: blocks that ran before they were found are placed late, and count the same" {
	for bias in 0 5000000; do
		sym fw < <(ORDERED=1 ran fw $bias)
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		late=$(grep -c ^P <<<"$output" || true)
		cov <<<"$output" >$bias.cov
		sym fw < <(ORDERED=1 ran fw $bias 1 0 10)
		cov <<<"$output" >$bias.cov10
		# A trace that goes on with another one: what is late comes before that begins.
		sym fw < <(rec I etrace-version 0.0; ORDERED=1 ran fw $bias 1 0 10; rec I etrace-version 0.0; e 10)
		! sed '1,/etrace-version/d; 1,/etrace-version/d' <<<"$output" | grep ^P || false
		[ "$bias" = 0 ] || [ "$(grep -c ^P <<<"$output")" -eq 10 ]
	done
	[ "$late" -gt 10 ]
	[ "$late" -lt 40 ]
	cmp 0.cov 5000000.cov
	cmp 0.cov10 5000000.cov10
	grep -q '^L.*[1-9][0-9]*'"$TAB"'[0-9]*$' 0.cov
}
e() { rec E 0 - - "$1" 4 1 10; }

@test "how a block that is placed late ends is said of where it was, and then of where it is" {
	sym -eC fw < <(ORDERED=1 ran fw 5000000)
	[ "$status" -eq 0 ]
	perl -F'\t' -lane '
		$k{"@F[1 .. 3]"}++ if $F[0] eq "K";
		die "no K before: @F" if $F[0] eq "E" && !$k{"@F[3 .. 5]"};
		if ($F[0] eq "P") {
			die "no K before: @F" unless $k{"@F[1 .. 3]"};
			die "no K after: @F" unless <> =~ /^K\t$F[4]\t$F[5]\t$F[3]\t/;
			$n++;
		}
		END { die "@{[%k]}" if !$n || grep $_ > 1, values %k }' <<<"$output"
}

@test "a block that looks like it is not enough; nor are other bytes at its addresses" {
	sym fw < <(ran fw 5000000 20 190 1)
	[[ "$(in_of)" = '1 :'* ]]
	! grep -q ^A <<<"$output" || false
	sym fw < <(XOR=80 ran fw 0)
	[ "$status" -eq 1 ]
	n=$(ran fw 0 | grep -c ^E)
	[ "$stderr" = "etrace-sym: fw: $n blocks ran at its addresses, $n have other bytes: it is not the build that ran, or not all that did; give the ELF files of what ran" ]
	! grep -q "^E.*${TAB}fw$TAB" <<<"$output" || false
	# Nor does a place explain it that most blocks there speak against.
	(ran fw 5000000 9; XOR=80 ran fw 5000000) | LC_ALL=C sort -t "$TAB" -k 1,1r -k 4,4 >both
	sym fw <both
	[ "$(grep -c ^E <<<"$output")" -gt 200 ]
	! grep -q ^A <<<"$output" || false
	# But what the user says is so.
	sym fw@0 < <(XOR=80 ran fw 0 1 0 3)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ] || { echo "$stderr"; false; }
	[ "$(in_of)" = '3 fw' ]
}

@test "code that patches itself: what differs between its blocks is its own" {
	mixed() { ran fw 5000000 2; XOR=01 ran fw 5000000 10 1; }
	sym fw < <(mixed)
	n=$(ran fw 0 2 | grep -c ^E)
	[ "$(in_of | tail -1)" = "$n fw" ]
	printf 'aaaa' >table
	objcopy --add-section .altinstructions=table fw patched 2>/dev/null || aarch64-linux-gnu-objcopy --add-section .altinstructions=table fw patched
	sym patched < <(mixed)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ] || { echo "$stderr"; false; }
	m=$(mixed | grep -c ^E)
	[ "$(in_of)" = "$m patched" ]
}

@test "mapped files: placed as the trace says, until something else is there" {
	g() { rec G "$(printf %x $((0x40200000 + 0x$1)))" "$(printf %x $((0x40300000 + 0x$1)))" "$2" "$3" "${4:--}"; }
	off=$(readelf -lW fw | awk '$1 == "LOAD" && /E/ { print substr($2, 3); exit }')
	# One block is not enough to be found.
	sym fw < <(g 5000000 "$off" /x/fw; ran fw 5000000 20 190 1)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ] || { echo "$stderr"; false; }
	[ "$(in_of)" = '1 fw' ]
	sym fw < <(g 5000000 "$off" /x/other; ran fw 5000000 20 190 1)
	[ "$status" -eq 1 ]
	[[ "$(in_of)" = "1 :"* ]]
	sym fw < <(g 5000000 "$off" /x/fw; g 5000000 0 - -; ran fw 5000000 20 190 1)
	[ "$status" -eq 1 ]
	[[ "$(in_of)" = "1 :"* ]]
	sym fw smp < <(g 5000000 "$off" /x/fw; ran fw 5000000 20 190 1; g 5000000 "$off" /y/smp; ran smp 5000000 20 190 1)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ] || { echo "$stderr"; false; }
	[ "$(in_of)" = $'1 fw\n1 smp' ]
	sym fw < <(rec G 1000 xyz 0 /x/fw -)
	[ "$status" -eq 1 ]
	[ "$stderr" = "etrace-sym: standard input: line 1: a G record is: G lo hi offset path build-id, not ${output##*stream*begin?}" ] ||
		[[ "$stderr" = *"a G record is: G lo hi offset path build-id"* ]]
}

@test "a file that was mapped as a whole, from before its code on, is where the trace says" {
	echo 'int f(int x) { return x; }' | gcc -g -shared -fPIC -Wl,-z,separate-code -x c - -o lib.so
	f=$(nm lib.so | sed -n 's/^0*\([0-9a-f]*\) T f$/\1/p')
	[ $((0x$f)) -ge 4096 ]
	sym -e lib.so < <(rec G 7f0000000000 7f0000010000 0 /x/lib.so -
		rec E 0 - - "$(printf %x $((0x7f0000000000 + 0x$f)))" 4 1 1)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	grep -q "^A${TAB}lib.so${TAB}7f0000000000${TAB}7f0000010000${TAB}0$" <<<"$output"
	grep -q "^E${TAB}0${TAB}-${TAB}lib.so$TAB$f${TAB}4${TAB}1${TAB}1${TAB}f+0$TAB" <<<"$output"
}

@test "-u: files that were mapped are used without being named" {
	g() { rec G "$(printf %x $((0x40200000 + 0x$1)))" "$(printf %x $((0x40300000 + 0x$1)))" "$2" "$3" -; }
	off=$(readelf -lW fw | awk '$1 == "LOAD" && /E/ { print substr($2, 3); exit }')
	sym -u < <(g 5000000 "$off" "$PWD/fw"; g 9000000 0 "$PWD/places.none"; g a000000 0 '[anon]'; ran fw 5000000 20 190 1)
	[ "$status" -eq 0 ]
	[ -z "$stderr" ] || { echo "$stderr"; false; }
	[ "$(in_of)" = '1 fw' ]
	grep -q "^O${TAB}fw$TAB$PWD/fw$TAB" <<<"$output"
	grep -q '^L' <<<"$output"
	# What has no debug information is named, with what helps.
	objcopy -g fw bare 2>/dev/null || aarch64-linux-gnu-objcopy -g fw bare
	sym -u < <(g 5000000 "$off" "$PWD/bare"; ran bare 5000000 20 190 1)
	[ "$status" -eq 0 ]
	[ "$stderr" = "etrace-sym: no source lines of bare, which has no debug information; -D /usr/lib/debug uses what is installed of it (on Debian, find-dbgsym-packages FILE names the package)" ]
}

@test "blocks of an object file that relocations change wholly say nothing of where it is" {
	{
		printf '.text\n.globl f\nf: add x1, x1, #1\neor x2, x2, x1\norr x3, x3, x2\nsub x4, x4, x3\n'
		for i in {1..10}; do printf 'adrp x0, d\nadd x0, x0, :lo12:d\n'; done
		printf '.data\nd: .word 1\n'
	} | aarch64-linux-gnu-gcc -c -x assembler -o drv.ko -
	aarch64-linux-gnu-objcopy -O binary -j .text drv.ko code
	# One block of f's, where drv.ko is not; and after it what agrees with itself, and could be any.
	{
		rec T 0 - 500000 - "$(head -c 16 code | od -An -v -tx1 | tr -d ' \n')" -
		for i in {0..9}; do rec T 0 - "$(printf %x $((0x500010 + 8 * i)))" - 0000009000400091 -; done
		rec E 0 - - 500000 16 1 4
	} >in
	sym drv.ko <in
	! grep -q ^A <<<"$output" || false
	grep -qx "$(rec E 0 - - 500000 16 1 4 - - -)" <<<"$output"
	sym drv.ko@500000 <in
	grep -q "^A${TAB}drv.ko${TAB}500000$TAB" <<<"$output"
}

@test "code that was moved by little: what is as it was linked by chance is not there" {
	printf 'aaaa' >table
	aarch64-linux-gnu-objcopy --add-section .altinstructions=table fw moved
	# A block that was patched to what the file has at its address.
	read -r chance at < <(ran moved 0 1 195 1 | awk -F'\t' '$1 == "T" { print $3, $4 }')
	mixed() { ran moved 0 1 195 1 | grep ^T; ran moved 1000 | grep -v "$TAB$at$TAB"; ran moved 0 1 195 1 | grep ^E; }
	for order in cat tac; do
		(mixed | grep ^T | $order; mixed | grep -v ^T) >in
		sym moved <in
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[ "$(grep ^A <<<"$output" | cut -f 3)" = 40201800 ]
		[ "$(starts | tail -1)" = "$(printf %x $((0x$at - 0x1000)))" ]
	done
}

@test "object files with the same code are twins: said, and their blocks are in neither" {
	for i in {1..40}; do echo "add x$((i % 20)), x$((i % 7)), #$i"; done | (echo .text; echo .globl f; echo f:; cat) >f.s
	for f in one two; do
		{ cat f.s; echo ".data; .ascii \"$f\""; } | aarch64-linux-gnu-gcc -c -x assembler -o $f.ko -
	done
	aarch64-linux-gnu-objcopy -O binary -j .text one.ko code
	for at in 0 40 80; do
		rec T 0 - "$(printf %x $((0x500000 + at)))" - "$(tail -c +$((at + 1)) code | head -c 40 | od -An -v -tx1 | tr -d ' \n')" -
	done >in
	rec I order none >>in
	for at in 0 40 80; do rec E 0 - - "$(printf %x $((0x500000 + at)))" 40 1 10; done >>in
	sym -e one.ko <in
	[ "$status" -eq 0 ]
	[ "$(in_of)" = '3 one.ko' ]
	sym -e one.ko two.ko <in
	[ "$(in_of)" = '3 -' ]
	[[ "$stderr" = *"etrace-sym: 3 blocks are ambiguous, and in no ELF file: several have the same code there, such as one.ko and two.ko; say where these were loaded, with -a"* ]]
	sym -e one.ko two.ko@500000 <in
	[ "$(in_of)" = '3 two.ko' ]
}
