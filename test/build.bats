# SPDX-License-Identifier: GPL-3.0-or-later
# make: what it builds is hardened, with any compiler, and gives way to the flags of whoever builds; what it
# installs finds itself.
load lib

setup() {
	unset MAKEFLAGS MFLAGS MAKELEVEL	# of make check
	cd "$TOP"
}

# Builds etrace-cat into $BATS_TEST_TMPDIR; make_cat VARIABLE=VALUE...
make_cat() {
	local to=$BATS_TEST_TMPDIR
	run --separate-stderr make -j2 BIN="$to" OBJ="$to/o" "$@" "$to/etrace-cat"
}

# has FILE PATTERN...: readelf shows lines with each.
has() {
	local p elf
	elf=$(readelf -hdlsW "$1")
	for p in "${@:2}"; do
		grep -qE -- "$p" <<<"$elf" || { echo "$1: no $p" >&2; return 1; }
	done
}

@test "programs and plugin are hardened" {
	[ "$BIN" -ef "$TOP/bin" ] || skip "programs built in another way"
	for p in cat sym cov fmt; do
		has "bin/etrace-$p" 'FLAGS_1.* PIE' 'GNU_RELRO' 'FLAGS.*NOW' '__stack_chk_fail' '__[a-z]*printf_chk'
	done
	has bin/etrace-plugin.so 'GNU_RELRO' 'FLAGS.*NOW' '__stack_chk_fail' '__[a-z]*printf_chk'
}

@test "a compiler that lacks some of it builds the rest" {
	cat >"$BATS_TEST_TMPDIR/cc" <<-'END'
		#!/bin/sh
		case " $* " in
		*" -fstack-protector-strong "* | *" -z now "* | *_FORTIFY_SOURCE=3*)
			echo "cc: warning: unknown option" >&2
			case " $* " in *" -Werror "*) exit 1 ;; esac
			;;
		esac
		exec cc "$@"
	END
	chmod +x "$BATS_TEST_TMPDIR/cc"
	make_cat V=1 CC="$BATS_TEST_TMPDIR/cc" CFLAGS=-O1
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output == *" -D_FORTIFY_SOURCE=2 "*" -fstack-clash-protection "* ]]
	has "$BATS_TEST_TMPDIR/etrace-cat" 'FLAGS_1.* PIE' '__[a-z]*printf_chk'
	"$BATS_TEST_TMPDIR/etrace-cat" -V
}

@test "CPPFLAGS, CFLAGS and LDFLAGS have the last word" {
	make_cat CPPFLAGS=-D_FORTIFY_SOURCE=1 CFLAGS='-O1 -fno-stack-protector -fno-pie' LDFLAGS='-no-pie -z lazy'
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	has "$BATS_TEST_TMPDIR/etrace-cat" 'Type: *EXEC'
	run ! has "$BATS_TEST_TMPDIR/etrace-cat" 'FLAGS.*NOW'
	run ! has "$BATS_TEST_TMPDIR/etrace-cat" '__stack_chk_fail'
}

@test "check-sanitize fortifies nothing" {
	run make -B -n V=1 check-sanitize
	[ "$status" -eq 0 ]
	compiled=$(grep -e ' -c .*build/sanitize/.*\.o' <<<"$output")
	[[ $compiled == *-fstack-protector* && $compiled == *-fsanitize=address* ]]
	[[ $compiled != *_FORTIFY_SOURCE* ]]
}

@test "the pages that make install writes name the plugin where it is" {
	to=$BATS_TEST_TMPDIR/root
	run --separate-stderr make install DESTDIR="$to" PREFIX=/opt/etrace
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	named=$(sed -n 's|.*-plugin \(/[^,]*\),.*|\1|p' "$to/opt/etrace/share/man/man7/etrace.7" | sort -u)
	[ "$named" = /opt/etrace/lib/etrace/etrace-plugin.so ]
	[ -f "$to$named" ]
	run ! grep -r /usr/local "$to/opt/etrace/share/man"
	[ "$(stat -c %a "$to/opt/etrace/share/man/man7/etrace.7")" = 644 ]
	for p in "$TOP"/man/*; do [ -s "$to/opt/etrace/share/man/man${p##*.}/${p##*/}" ]; done
}
