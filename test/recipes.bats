# SPDX-License-Identifier: GPL-3.0-or-later
# etrace(7): every command line of the page does what it says, in the order of the page, with real QEMUs.
load lib

export ETRACE_PLUGIN=${ETRACE_PLUGIN:-$TOP/bin/etrace-plugin.so}

# Writes each display with command lines to a file of its own, 01.sh and so on; a line that goes on is indented.
recipes() {
	mandoc -Tascii "$TOP/man/etrace.7" | col -bx | awk '
		/^ *\$ / { if (!inside) file = sprintf("%02d.sh", ++n); inside = 1; sub(/^ *\$ /, "") }
		!NF { inside = 0 }
		inside { print >file }'
	sed -i "s|/usr/local/lib/etrace/etrace-plugin.so|$ETRACE_PLUGIN|; s|/tmp/s\b|$PWD/s|; s|qemu-x86_64|qemu-$(uname -m)|" \
		[0-9]*.sh
}

# The files that FIRST STEPS says to copy.
samples() {
	cp "$DATA/aa64-O0.etrace" fw.etrace
	cp "$DATA/aa64-O0.elf" fw.elf
	cp "$DATA/aa64-trunc32.etrace" fw32.etrace
	cp "$DATA/aa64-smp-O2.etrace" smp.etrace
	cp "$DATA/aa64-smp-O2.elf" smp.elf
	cp -r "$DATA/src" src
}

# recipe FILE: runs it as a shell with job control does, and waits for what it leaves in the background.  Where it
# waits at the socket and starts no QEMU, the page's socat is at the other end.
recipe() {
	local sender=true
	if grep -q 'unix:' "$1" && ! grep -q etrace-plugin "$1"; then
		sender="eventually test -S s && . ./$(grep -l ^socat [0-9]*.sh)"
	fi
	(eval "$sender") &
	sed -i -e '1i set -m' -e '$a status=$?; wait; exit $status' "$1"
	timeout -k 5 60 bash "$1" >"$1.out" 2>"$1.err" </dev/null || echo "status $?" >>"$1.err"
	wait
}

setup_file() {
	mkdir "$BATS_FILE_TMPDIR/bin"
	cp "$TOP/bin/etrace-run" "$BATS_FILE_TMPDIR/bin"
	for p in cat sym cov fmt; do ln -s "$BIN/etrace-$p" "$BATS_FILE_TMPDIR/bin"; done
	PATH=$BATS_FILE_TMPDIR/bin:$PATH
	cd "$BATS_FILE_TMPDIR"
	samples
	recipes
	for r in [0-9]*.sh; do grep -q ^socat "$r" || recipe "$r"; done
}

setup() { cd "$BATS_FILE_TMPDIR"; }

# of TEXT: the recipe that has it.
of() { grep -lF -- "$1" [0-9]*.sh; }

# expected_in FILE: how many of gcov's 34 lines a tracefile has.
expected_in() {
	LC_ALL=C comm -12 <(LC_ALL=C sort "$DATA/aa64-O0.expected") \
		<(awk -F'[:,]' '/^SF:/ { f = $2; sub(/.*\//, "", f) } /^DA:/ { print f "\t" $2 "\t" $3 }' "$1" | LC_ALL=C sort) |
		wc -l
}

@test "the page has its recipes, and each runs to its end, without a message" {
	[ "$(ls [0-9]*.sh | wc -l)" -ge 25 ]
	for r in [0-9]*.sh; do
		grep -q ^socat "$r" && continue
		# What this trace is for.
		sed -i '/^etrace-sym: .*32 bits/d' "$r.err"
		# The host's libc may have debug information or not.
		sed -i '/^etrace-sym: no source lines of /d' "$r.err"
		[ ! -s "$r.err" ] || { cat "$r" "$r.err" >&2; false; }
	done
}

@test "a recorded trace, etrace-run, a live QEMU: gcov's 34 lines" {
	for f in fw.info run.info fw-live.info; do [ "$(expected_in $f)" -eq 34 ] || { echo $f; false; }; done
	etrace-fmt lcov my.cov >my.info
	[ "$(expected_in my.info)" -eq 34 ]
	[ -s html/index.html ]
}

@test "a server for three runs: every count is three times that of one" {
	diff <(grep ^L my.cov | awk -F'\t' -v OFS='\t' '{ print $2, $3, $4, 3 * $7 }') \
		<(grep ^L suite.cov | awk -F'\t' -v OFS='\t' '{ print $2, $3, $4, $7 }')
}

@test "a command that is followed: the same for three runs" {
	diff <(awk -F'[:,]' -v OFS=, '/^DA:/ { print $2, 3 * $3 }' run.info) <(awk -F'[:,]' -v OFS=, '/^DA:/ { print $2, $3 }' suite.info)
}

@test "a program and its shared library: its lines have the counts of the firmware" {
	lines() { awk -F'[:,]' '/^SF:/ { f = $2 ~ /(^|\/)src\/work.c$/ } f && /^DA:/ { print $2, $3 }' "$1"; }
	etrace-fmt lcov prog.cov >kept.info
	diff <(lines run.info) <(lines prog.info)
	diff <(lines run.info) <(lines kept.info)
	[ "$(lines run.info | grep -c ' [1-9]')" -gt 20 ]
}

@test "what the others print" {
	[ "$(wc -l <"$(of 'etrace-cat fw.etrace | head').out")" -eq 10 ]
	grep -q 'collatz' "$(of 'sub(/').out"
	[ "$(cat "$(of '%c').out")" = "$(printf 'start\nok')" ]
	[ "$(wc -l <"$(of 'last[$2]').out")" -eq 2 ]
	grep -qw main_secondary "$(of 'if (!n[f])').out"
	[ "$(grep -c . all.cov)" -gt 100 ]
	grep -q "^BRDA:" fwb.info
	grep -q ' 29        collatz$' "$(of '-F collatz').out"
	grep -q '^100.0 %            29  100.0 %  work$' "$(of '-F collatz').out"
	grep -q '^_start;main;work;collatz 33412$' fw.folded
	callgrind_annotate --inclusive=yes callgrind.out | grep -q 'src/work.c:collatz'
	grep -q ' 29        collatz$' calls.out
}
