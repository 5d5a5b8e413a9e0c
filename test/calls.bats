# SPDX-License-Identifier: GPL-3.0-or-later
# Who called whom, and how often: programs whose calls are known from their sources.
load lib

PLUGIN=${ETRACE_PLUGIN:-$TOP/bin/etrace-plugin.so}
CALLS=$DATA/calls

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# trace COMMAND...: its trace, in t.etrace.
trace() { timeout 60 "$@" >out 2>err || { echo "status $?: $*" >&2; return 1; }; }

# calls ELF...: C records of t.etrace, and others, in records.  Nothing is said but that shared libraries have no lines,
# and that stacks had to be guessed where $GUESSES says that.
calls() {
	run --separate-stderr bash -c 'etrace-cat t.etrace | etrace-sym -C "$@" | etrace-cov -Cq >records' bash "$@"
	[ "$status" -eq 0 ]
	local known="^etrace-sym: no source lines of .*\.so"
	[ -z "$GUESSES" ] || known+="\|^etrace-cov: -C: [0-9]* \($GUESSES\)"
	[ -z "$(grep -v "$known" <<<"$stderr")" ]
}

# compare NAME: the calls between functions that NAME.arcs names are those that it says.
compare() {
	awk '
		FNR == NR && /^#/ { next }
		FNR == NR { expected[$1 FS $2] = $3; named[$1]; named[$2]; if ($1 == "*" && $3) anyone[$2]; next }
		FNR == 1 { FS = "\t"; $0 = $0 }
		$1 == "C" && $10 in named { sum["* " $10] += $11 }
		$1 == "C" && $4 in named && $10 in named { sum[$4 " " $10] += $11 }
		END {
			for (arc in sum)
				if (!(arc in expected) && arc !~ /^\*/ && !(substr(arc, index(arc, " ") + 1) in anyone))
					expected[arc] = 0
			for (arc in expected)
				if (expected[arc] != sum[arc] + 0)
					print arc ": expected " expected[arc] ", counted " sum[arc] + 0
		}' "$CALLS/$1.arcs" records | sort >differences
	! [ -s differences ] || { echo "$1 ${*:2}:" >&2; cat differences >&2; return 1; }
}

# source NAME: its file.
source_of() { find "$CALLS" -name "$1.[cS]" -o -name "$1.cc"; }

# host NAME COMPILER-AND-FLAGS...: builds NAME, runs it, and compares.
host() {
	"$2" -w -g "${@:3}" -o prog "$(source_of "$1")" $LIBRARY
	trace "qemu-$(uname -m)" -plugin "$PLUGIN,out=t.etrace" ./prog
	calls -u prog
	compare "$@"
}

# The same for AArch64.
aarch64() {
	"aarch64-linux-gnu-$2" -w -g "${@:3}" -static -o prog "$(source_of "$1")"
	trace qemu-aarch64 -plugin "$PLUGIN,out=t.etrace" ./prog
	calls prog
	compare "$@"
}

@test "recursion, calls by pointers and back from libc, and tail calls" {
	user_mode
	for level in -O0 -O2; do
		host plain gcc $level
		aarch64 plain gcc $level
	done
}

@test "signals: nested, on a stack of their own, left by siglongjmp; longjmp" {
	user_mode
	for level in -O0 -O2; do
		host signals gcc $level -static
		host signals gcc $level
		aarch64 signals gcc $level
	done
}

@test "exceptions of C++: through frames with and without cleanups, thrown again" {
	user_mode
	for level in -O0 -O2; do
		host exceptions g++ $level -static
		host exceptions g++ $level
	done
}

@test "threads: several on one CPU, ones that end in the middle" {
	user_mode
	for level in -O0 -O2; do
		host threads gcc $level -pthread
		aarch64 threads gcc $level -pthread
	done
}

@test "contexts: each goes on where it was left; setcontext jumps" {
	user_mode
	GUESSES='returns to where no call was waiting\|guesses which'
	for level in -O0 -O2; do
		host coroutines gcc $level
		aarch64 coroutines gcc $level
	done
}

@test "a shared library: called through stubs that are bound late or early, position-independent or not" {
	user_mode
	for level in -O0 -O2; do
		gcc $level -w -g -shared -fPIC -DLIBRARY -o library.so "$CALLS/library.c"
		LIBRARY=./library.so host library gcc $level -no-pie -Wl,-z,lazy
		LIBRARY=./library.so host library gcc $level -pie -Wl,-z,lazy
		LIBRARY=./library.so host library gcc $level -pie -Wl,-z,now
		LIBRARY=./library.so host library gcc $level -pie -fno-plt
	done
}

@test "processes: a parent's calls are its own; a child returns from what it never called" {
	user_mode
	for level in -O0 -O2; do
		host forks gcc $level
		gcc $level -w -g -o prog "$CALLS/forks.c"
		trace "qemu-$(uname -m)" -plugin "$PLUGIN,out=t-%p" ./prog
		for t in t-*; do
			mv "$t" t.etrace
			GUESSES='returns to where no call was waiting' calls -u prog
			# vfork's child, fork's, the parent: each is one of these.
			! grep -q "^C${TAB}.*${TAB}child${TAB}" records || compare forks-child && found=yes
		done
		[ -n "$found" ]
	done
}

# Made by machines.sh.  Register windows, delay slots, returns on a condition, calls by two instructions.
@test "calls on 17 machines, in 22 builds" {
	for elf in "$CALLS"/machines/*.elf; do
		zstd -qdc "${elf%.elf}.etrace.zst" >t.etrace
		calls "$elf"
		[ -z "$stderr" ]
		compare machines "$(basename "$elf" .elf)"
	done
}

@test "x86-64: calls and returns that are none, or not where they seem to be" {
	user_mode
	[ "$(uname -m)" = x86_64 ] || skip "x86-64 only"
	# One function returns to where nobody called.
	GUESSES='returns to where no call was waiting' host tricks gcc
}

# A small part of what make truth does.
@test "callgrind counts the same calls, and instructions" {
	user_mode
	[ "$(uname -m)" = x86_64 ] || skip "x86-64 only"
	run --separate-stderr env WORK="$PWD" PROGRAMS="plain exceptions" BUILDS="-O0.static -O2.static" JOBS=2 \
		"$TOP/test/truth/calls.sh"
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	awk -F'\t' '$1 == "S" && $3 > 10 && $3 <= $4 + 1 && $4 <= $5 + 2 { n++ } END { exit n != 4 }' calls/results
}
