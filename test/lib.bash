# SPDX-License-Identifier: GPL-3.0-or-later
# What the tests share: where programs and data are, and how to make packets.
bats_require_minimum_version 1.5.0

TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
BIN=${ETRACE_BIN:-$TOP/bin}
DATA=$TOP/test/data
GOLDEN=$TOP/test/golden
PATH=$BIN:${ETRACE_QEMU_BIN:+$ETRACE_QEMU_BIN:}$PATH
TAB=$'\t'

# No map is kept but where a test says so.
export ETRACE_CACHE=

# Under valgrind, tests that go through a file byte by byte take only every so-many-th.
STEP=${ETRACE_STEP:-1}

# le BYTES VALUE...: little-endian integers in hex; be: big-endian ones.
be() {
	local n=$1 v
	shift
	for v; do
		printf -v v %016x "$v"
		printf %s "${v:16-2*n}"
	done
}
le() {
	local n=$1 v i
	shift
	for v; do
		printf -v v %016x "$v"
		for ((i = 14; i >= 16 - 2 * n; i -= 2)); do printf %s "${v:i:2}"; done
	done
}
# A string in hex.
str() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }

# pkt TYPE UNIT PAYLOAD: a packet in hex (pkt_be: of a byte-swapped file).
pkt() { printf %s "$(le 2 "$1" "$2")$(le 4 $((${#3} / 2)))$3"; }
pkt_be() { printf %s "$(be 2 "$1" "$2")$(be 4 $((${#3} / 2)))$3"; }

info() { pkt 0x4554 0 "$(le 8 "${1:-0}")$(le 2 0 0)"; }
arch() { pkt 5 0 "$(le 4 0)$(le 1 "$1" 0)$(le 2 0)$(le 4 0)$(le 1 0 0)$(le 2 0)"; }
# exec64 UNIT TIME [DURATION START END]...; one perl, as there may be thousands.
exec64() { exec_pkt 'V Q< Q<' "$@"; }
exec32() { exec_pkt 'V V V' "$@"; }
exec_pkt() {
	perl -e '
		my ($entry, $unit, $time, @v) = map { /^0/ ? oct : $_ } @ARGV;
		my $p = pack "Q<($entry)*", $time, @v;
		print unpack "H*", pack "v v V a*", 1, $unit, length $p, $p;' -- "$@"
}

# block NUMBER START SIZE [INSTRUCTIONS [CODE-IN-HEX]]: a BLOCK packet.
block() { pkt 19 0 "$(le 4 "$1" "$3")$(le 8 "$2")$(le 4 "${4:-1}")$5"; }
# blocks START SIZE INSTRUCTIONS, each: BLOCK packets with numbers from 0 on.
blocks() {
	local n=0
	for (( ; $#; n++)); do
		block $n "$1" "$2" "$3"
		shift 3
	done
}
# items ITEM...: items of RUN packets, as src/common/run.h has them, each a list of numbers with commas between.
items() {
	perl -e 'for (split /,/, join ",", @ARGV) {
		my $v = $_;
		for (; $v >= 128; $v >>= 7) { printf "%02x", $v & 127 | 128 }
		printf "%02x", $v;
	}' -- "$@"
}
# run_pkt UNIT TIME BLOCKS ITEM...: a RUN packet.
run_pkt() { pkt 20 "$1" "$(le 8 "$2")$(le 4 "$3")$(items "${@:4}")"; }
# count UNIT [NUMBER BYTES COUNT NS]...: a COUNT packet.
count() {
	local unit=$1 p=
	shift
	for (( ; $#; )); do
		p+=$(le 4 "$1" "$2")$(le 8 "$3" "$4")
		shift 4
	done
	pkt 16 "$unit" "$p"
}

# token HEX: the token of these bytes, FNV-1a.
token() {
	local h=$((0x811c9dc5)) i
	for ((i = 0; i < ${#1}; i += 2)); do
		h=$(((h ^ 16#${1:i:2}) * 0x01000193 & 0xffffffff))
	done
	printf ':%08x' $h
}

# unhex HEX...: the bytes.
unhex() { printf %s "$@" | perl -ne 'print pack "H*", $_'; }

# rec FIELD...: a record.
rec() { local IFS=$TAB; printf '%s\n' "$*"; }

# The records that a stream begins and ends with.
BEGIN=$(rec I stream begin)
END=$(rec I stream end)
INCOMPLETE=$(rec I stream incomplete)

# After run: the stream in output and lines begins, and ends as status says; both records are taken out.
frame() {
	local end=$END n=${#lines[@]}
	[ "$status" -eq 0 ] || end=$INCOMPLETE
	if [ "${lines[0]}" != "#etrace${TAB}2" ] || [ "${lines[1]}" != "$BEGIN" ] || [ "${lines[n - 1]}" != "$end" ]; then
		printf 'no frame, with status %s:\n%s\n' "$status" "$output" >&2
		return 1
	fi
	lines=("${lines[0]}" "${lines[@]:2:n - 3}")
	output=$(printf '%s\n' "${lines[@]}")
}

# The same, and the header too, so that only what is between them is left.
records() {
	frame
	lines=("${lines[@]:1}")
	output=$(printf '%s\n' "${lines[@]}")
}

# Runs a command line in bash, as a user would type it; status is that of the last program.
sh_run() { run --separate-stderr bash -c "$1"; }

# "file line count" of all lines that a stream (standard input) has, sums over copies.
lines_of() { awk -F'\t' '$1 == "L" { n[$2 "\t" $3] += $7 } END { for (l in n) print l "\t" n[l] }' | LC_ALL=C sort; }

# Each execution that a stream says, by E and by W records: cpu, time, in, start, size, ns.  The decoder is steps.h's in other
# words.
executions() {
	perl -F'\t' -lane '
		sub put { print join "\t", @_ }
		if ($F[0] eq "E") {
			my $ns = $F[7] / $F[6];
			put(@F[1 .. 5], $ns), $F[2] = $F[2] eq "-" ? "-" : $F[2] + $ns for 1 .. $F[6];
		}
		next if $F[0] ne "W";
		my ($cpu, $time, $left, $steps, @b, %succ, $at) = @F[1 .. 4];
		for (my $i = 5; $i < @F; $i += 4) { push @b, [ @F[$i .. $i + 3] ] }
		my @number;
		while ($steps =~ /([P-p]*)([0-O])/g) {
			my ($v, $shift) = (0, 0);
			for (split //, $1 . $2) { my $d = ord($_) - 48; $d-- if $_ gt "\\"; $v |= ($d & 31) << $shift; $shift += 5 }
			push @number, $v;
		}
		$at = 0;
		my $go = sub {
			my $node = shift;
			my $s = $succ{$at} //= [0, 0, 0];
			if ($s->[0] == $node) { $s->[2] = 0 }
			elsif ($s->[1] == $node && !$s->[2]) { $s->[2] = 1 }
			elsif ($s->[0] && !$s->[1]) { $s->[1] = $node }
			else { @$s = ($node, $s->[0], 0) }
			$left--;
			put($cpu, $time, @{ $b[$node - 1] });
			$time += $b[$node - 1][3] if $time ne "-";
			$at = $node;
		};
		while (@number) {
			my $n = shift @number;
			$go->($succ{$at}[0]) for 1 .. $n >> 1;
			$go->($n & 1 ? shift @number : $succ{$at}[1]);
		}
		$go->($succ{$at}[0]) while $left > 0'
}

# Skips a test of user mode where make check-qemus tests a release whose qemu-user has no plugins.
user_mode() {
	[ -z "$ETRACE_QEMU_BIN" ] || "$ETRACE_QEMU_BIN/qemu-$(uname -m)" -help 2>/dev/null | grep -q -e -plugin ||
		skip "a QEMU with plugins for machines only"
}

# Waits, 10 s at the most, until a command succeeds.
eventually() {
	local i
	for ((i = 0; i < 200; i++)); do
		"$@" 2>/dev/null && return
		sleep 0.05
	done
	echo "never: $*" >&2
	return 1
}
