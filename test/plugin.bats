# SPDX-License-Identifier: GPL-3.0-or-later
# etrace-plugin in real QEMUs, system and user mode.
load lib

PLUGIN=${ETRACE_PLUGIN:-$TOP/bin/etrace-plugin.so}

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# virt ELF OPTIONS [QEMU-ARGS]: runs a firmware of test/data to its power-off.
virt() {
	local qemu="qemu-system-aarch64 -cpu cortex-a53"
	[[ $1 = arm-* ]] && qemu="qemu-system-arm -cpu cortex-a15"
	timeout 60 $qemu -M virt -nodefaults -display none -serial stdio -kernel "$DATA/$1.elf" \
		-plugin "$PLUGIN,$2" "${@:3}"
}

# counts TRACE ELF: "file line count".
counts() { etrace-cat "$1" | etrace-sym "$2" | etrace-cov | lines_of; }

# host C-SOURCE [FLAGS]: builds ./prog for this machine, whose QEMU is $QEMU.
QEMU=qemu-$(uname -m)
host() { user_mode && printf '%s\n' "$1" >prog.c && gcc -g -O0 "${@:2}" -o prog prog.c; }

# hits TRACE LINE: how often a line of prog.c ran.
hits() { counts "$1" prog | awk -F'\t' -v l="$2" '$1 ~ /prog.c$/ && $2 == l { print $3 }'; }

# What the writer has left is on its way for a moment after a sudden end.
hits_are() { [ "$(hits "$1" "$2" 2>/dev/null)" = "$3" ]; }

# bats test_tags=qemu:exec,qemu:exact
@test "the same counts as the recorded trace of it: AArch64, exact where exceptions cut blocks" {
	run --separate-stderr virt aa64-O0 out=t,exact=on
	[ "$status" -eq 0 ]
	[ "$output" = $'start\nok' ]
	[ -z "$stderr" ]
	diff <(counts t "$DATA/aa64-O0.elf") <(counts "$DATA/aa64-O0.etrace" "$DATA/aa64-O0.elf")
	# Without, the three aborted loads and what follows them in their block count too, and nothing else;
	# unless QEMU tells of exceptions.
	run --separate-stderr virt aa64-O0 out=t
	if etrace-cat t | grep -qx "$(rec I discontinuities known)"; then
		diff <(counts t "$DATA/aa64-O0.elf") <(counts "$DATA/aa64-O0.etrace" "$DATA/aa64-O0.elf")
		return
	fi
	[ "$(diff <(counts t "$DATA/aa64-O0.elf") <(counts "$DATA/aa64-O0.etrace" "$DATA/aa64-O0.elf") | grep '^<')" = \
		"$(printf '< aa64-start.S\t%s\n' 44$'\t'3 45$'\t'6 46$'\t'6)" ]
}

# bats test_tags=qemu:exec,qemu:count,qemu:exact
@test "the same counts as the recorded trace of it: ARM and Thumb, in every mode" {
	counts "$DATA/arm-thumb-O1.etrace" "$DATA/arm-thumb-O1.elf" >want
	for o in mode=exec mode=count exact=on time=host tb=on mem=all; do
		run --separate-stderr virt arm-thumb-O1 out=t,$o
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		diff <(counts t "$DATA/arm-thumb-O1.elf") want
	done
}

# bats test_tags=qemu:exec
@test "QEMU's own log of the same run has the same blocks in the same order" {
	for elf in aa64-O0 arm-thumb-O1; do
		virt $elf out=t -d exec,nochain -D log >/dev/null
		# What was stopped before it began did not run.
		awk '/^Trace/ { split($4, f, "/"); sub(/^0+/, "", f[2]); if (last) print last; last = f[2] }
			/^Stopped execution/ { last = "" } END { print last }' log >want
		[ "$(wc -l <want)" -gt 500 ]
		etrace-cat t | awk -F'\t' '$1 == "E" && $6 { for (i = 0; i < $7; i++) print $5 }' >got
		# From 8.2 on QEMU logs a device access, inside the block before it, as a block of its own.
		if [ "$(qemu-system-arm --version | sed -n '1s/[^0-9]*\([0-9]*\).*/\1/p')" -lt 8 ]; then
			diff got want
		else
			[ -z "$(diff got want | grep '^<')" ]
		fi
	done
}

# bats test_tags=qemu:exec
@test "RUN packets, EXEC packets and QEMU's log of one run: the same blocks in the same order" {
	run --separate-stderr "$TOP/test/roundtrip.sh" small
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "${#lines[@]}" -eq 2 ]
}

# bats test_tags=qemu:exec,qemu:count
@test "format=etrace: the same report, byte for byte, and no packet that other readers do not know" {
	types() { perl -e 'local $/; $_ = <STDIN>; my %n; for (my $o = 0; $o < length; $o += 8 + unpack "V", substr $_, $o + 4) {
		$n{unpack "v", substr $_, $o}++ } print join " ", sort { $a <=> $b } keys %n' <"$1"; }
	report() { etrace-cat ${3#-b} "$1" | etrace-sym ${3#-c} "$2" | etrace-cov ${3#-c} | etrace-fmt -o "$1.info" lcov; }
	cp "$PLUGIN" second.so
	for elf in aa64-O0 arm-thumb-O1; do
		for o in mode=exec exact=on mem=io; do
			virt $elf out=a,$o -plugin "$PWD/second.so,out=b,$o,format=etrace" >/dev/null
			mem=; [ $o != mem=io ] || mem=' 4'
			x=; ! etrace-cat a | grep -q ^X || x=' 21'
			[ "$(types a)" = "${mem# }${mem:+ }5 17 18 19 20$x 17748" ]
			[ "$(types b)" = "1 2$mem 5 17 18 17748" ]
			for c in -b -c; do
				report a "$DATA/$elf.elf" $c
				report b "$DATA/$elf.elf" $c
				[ "$(grep -c ^DA: a.info)" -ge 20 ]
				cmp a.info b.info
			done
			# The accesses are at their places, with their times.
			diff <(etrace-cat a | grep ^M) <(etrace-cat b | grep ^M)
		done
	done
	virt aa64-O0 out=a,mode=count,format=etrace >/dev/null
	[ "$(types a)" = "5 16 17 18 19 17748" ]
	# Where each execution has a time of its own.
	virt aa64-O0 out=a,time=host >/dev/null
	[ "$(types a)" = "1 2 5 17 18 17748" ]
}

@test "other code at an address is another block, and the same again is the same" {
	[ "$(uname -m)" = x86_64 ] || skip "code of x86"
	host '#include <stdio.h>
		#include <string.h>
		#include <sys/mman.h>
		int main(void) { int s = 0;
		unsigned char *p = mmap(0, 4096, 7, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (int i = 0; i < 9; i++) {
			memcpy(p, i % 3 ? "\xb8\1\0\0\0\xc3" : "\xb8\2\0\0\0\xc3", 6);
			s += ((int (*)(void))p)();
		}
		printf("%lx", (long)p); return s; }'
	for o in mode=exec mode=count; do
		run $QEMU -plugin "$PLUGIN,out=t,$o" ./prog
		[ "$status" -eq 12 ]
		etrace-cat t >r
		for code in b802000000c3:3 b801000000c3:6; do
			t=$(token ${code%:*})
			[ "$(grep -c "^T${TAB}0${TAB}$t${TAB}$output${TAB}" r)" -eq 1 ]
			[ "$(awk -F'\t' -v t=$t -v a="$output" '$1 == "E" && $4 == t && $5 == a { n += $7 } END { print n }' r)" = ${code#*:} ]
		done
	done
}

# bats test_tags=qemu:exec,qemu:count
@test "user mode: counts, the binary and where it was loaded; a PIE's bias is found" {
	host 'int main(void) { volatile int s = 0;
		for (int i = 0; i < 1000; i++)
			s += i;
		return s & 7; }' -pie -fPIE
	for o in mode=exec mode=count; do
		run --separate-stderr $QEMU -plugin "$PLUGIN,out=t,$o" ./prog
		[ "$status" -eq 4 ]
		[ -z "$output" ]
		[ -z "$stderr" ]
		[ "$(hits t 3)" -eq 1000 ]
		[ "$(hits t 2)" -eq 1001 ]
	done
	etrace-cat t >records
	grep -qx "$(rec I binary ./prog)" records
	grep -qx "$(rec I mode user)" records
	grep -qx "$(rec I qemu "$($QEMU --version | sed -n '1s/.*version \([0-9]*\.[0-9]*\).*/\1/p')")" records
	grep -qx "$(rec I ns instructions)" records
	# Without the fact, the bias can be said.
	read -r lo linked < <(etrace-sym prog <records | awk -F'\t' '$1 == "A" { print $3, $5 }')
	bias=$(printf %x $((0x$lo - 0x$linked)))
	[ "$bias" != 0 ]
	grep -v '^I' records | etrace-sym "prog@$bias" | etrace-cov | lines_of | grep -q "prog.c${TAB}3${TAB}1000"
	# Or it is found.
	read -r lo linked < <(grep -v '^[GI]' records | etrace-sym -e prog | awk -F'\t' '$1 == "A" { print $3, $5 }')
	[ "$(printf %x $((0x$lo - 0x$linked)))" = "$bias" ]
}

# origins: of each T of the records on standard input "address code path offset", by the G records before it; whether
# the file has this code there is a column more, and "-" is nothing.
origins() {
	perl -F'\t' -lane '
		if ($F[0] eq "G") {
			my ($lo, $hi, $off) = map { hex } @F[1 .. 3];
			@g = map {
				my ($l, $h, $o, $p) = @$_;
				$h <= $lo || $l >= $hi ? $_ : (($l < $lo ? [$l, $lo, $o, $p] : ()), ($h > $hi ? [$hi, $h, $o + $hi - $l, $p] : ()));
			} @g;
			push @g, [$lo, $hi, $off, $F[4]] if $F[4] ne "-";
		} elsif ($F[0] eq "T") {
			my $a = hex $F[3];
			my ($g) = grep { $_->[0] <= $a && $a < $_->[1] } @g;
			my ($path, $off) = $g ? ($g->[3], $g->[2] + $a - $g->[0]) : ("-", 0);
			my ($code, $same) = ("", "-");
			if (open my $f, "<", $path) {
				seek $f, $off, 0;
				read $f, $code, length($F[5]) / 2;
				$same = unpack("H*", $code) eq $F[5] ? "same" : "other";
			}
			printf "%s\t%s\t%s\t%x\t%s\n", $F[3], $F[5], $path, $off, $same;
		}'
}

@test "user mode: the files that code is of, as they come and go; each has the code of the blocks that are there" {
	host '#include <dlfcn.h>
		#include <stdio.h>
		#include <unistd.h>
		int main(void) { int s = 0;
		for (int i = 0; i < 3; i++) {
			char name[] = "./a.so";
			name[2] += i;
			void *lib = dlopen(name, RTLD_NOW);
			if (i == 2) unlink(name);
			s += ((int (*)(int))dlsym(lib, "f"))(10);
			if (i < 2) dlclose(lib);
		}
		return s; }'
	for o in mode=exec mode=count mode=exec,format=etrace; do
		for f in a b c; do
			echo "int f(int n) { int s = 0; while (n-- > 0) s += n & ('$f' - 'a' + 1); return s; }" |
				gcc -shared -nostartfiles -fPIC -Wl,--build-id=0x01$f$f -x c -o $f.so -
		done
		run --separate-stderr $QEMU -plugin "$PLUGIN,out=t,$o" ./prog
		[ "$status" -eq 26 ]
		[ -z "$stderr" ]
		etrace-cat t >r
		[ "$(awk -F'\t' '$1 == "G" && $5 ~ "^'"$PWD"'/.[.]so" { print $5, $6 }' r)" = \
			"$(printf '%s\n' "$PWD/a.so 01aa" "$PWD/b.so 01bb" "$PWD/c.so (deleted) -")" ]
		[ "$(grep -c "^G$TAB[0-9a-f]*$TAB[0-9a-f]*${TAB}0$TAB-$TAB-$" r)" -ge 2 ]
		grep -q "^G$TAB.*$TAB$PWD/prog$TAB[0-9a-f]*$" r
		grep -q "^G$TAB.*/libc\.so\.6$TAB" r
		# With -c too, where blocks are told at the end.
		etrace-cat -c t >c
		for records in r c; do
			origins <$records >o
			[ "$(cut -f 5 o | grep -c same)" -ge 1000 ]
			[ "$(grep -c "$PWD/[ab].so.*same" o)" -ge 2 ]
			[ "$(cut -f 3,5 o | grep -v same | grep -vFx -e "[anon]$TAB-" -e "$PWD/c.so (deleted)$TAB-" | wc -l)" -eq 0 ]
		done
	done
	# Not in a trace of a machine.
	virt aa64-O0 out=t >/dev/null
	! etrace-cat t | grep ^G || false
}

@test "user mode: generated code, and what is mapped over it" {
	[ "$(uname -m)" = x86_64 ] || skip "code of x86"
	host '#define _GNU_SOURCE
		#include <fcntl.h>
		#include <stdio.h>
		#include <string.h>
		#include <sys/mman.h>
		#include <unistd.h>
		static unsigned char code[8192] = { 0xb8, 1, 0, 0, 0, 0xc3, [4096] = 0xb8, 2, 0, 0, 0, 0xc3 };
		static int sum;
		static void call(void *p) { sum += ((int (*)(void))p)(); }
		static void *map(void *p, int fd, int off) {
			return mmap(p, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, (fd < 0 ? MAP_ANONYMOUS : 0) | MAP_PRIVATE |
				(p ? MAP_FIXED : 0), fd, off); }
		int main(void) {
		int fd = open("code", O_RDWR | O_CREAT, 0666), mem = memfd_create("jit", 0);
		unsigned char *p = map(0, -1, 0);
		write(fd, code, sizeof code);
		write(mem, code, sizeof code);
		printf("%lx", (long)p);
		for (int i = 4; i < 8; i++) { memcpy(p, code, 6); p[1] = i; call(p); }
		map(p, fd, 0); call(p);
		map(p, fd, 4096); call(p);
		munmap(p, 4096); map(p, mem, 0); p[1] = 8; call(p);
		return sum; }'
	for o in mode=exec mode=count; do
		run $QEMU -plugin "$PLUGIN,out=t,$o" ./prog
		[ "$status" -eq 33 ]
		etrace-cat t | origins | grep "^$output$TAB" | cut -f 2- | sed "s|$TAB\[anon].*|$TAB[anon]|" | diff - <(
			for i in 4 5 6 7; do rec b80${i}000000c3 '[anon]'; done
			rec b801000000c3 "$PWD/code" 0 same
			rec b802000000c3 "$PWD/code" 1000 same
			rec b808000000c3 '[anon]'
		)
	done
}

@test "user mode: the files of a forked child are in its own trace" {
	host '#include <sys/wait.h>
		#include <unistd.h>
		int main(void) { if (!fork()) _exit(0); wait(0); return 0; }'
	$QEMU -plugin "$PLUGIN,out=t-%p" ./prog
	[ "$(ls t-* | wc -l)" -eq 2 ]
	for t in t-*; do
		etrace-cat $t | origins | cut -f 5 | sort | uniq -c | awk '{ print ($1 > 300), $2 }' >n
		[ "$(cat n)" = "1 same" ]
	done
}

@test "a PIE at two biases: its runs merge into the records of two runs at one" {
	host '#include <stdio.h>
		static int sum(int n) { int s = 0; for (int i = 0; i < n; i++) s += i & 3 ? i : -i; return s; }
		int main(void) { fprintf(stderr, "%d %p\n", sum(1000), (void *)main); return 0; }'
	loader=$(readelf -l prog | sed -n 's/.*interpreter: \(.*\)]/\1/p')
	$QEMU -plugin "$PLUGIN,out=1" ./prog 2>at.1
	$QEMU -plugin "$PLUGIN,out=2" "$loader" ./prog 2>at.2
	! cmp at.1 at.2 || false
	read -r _ main <at.2
	bias=$(printf %x $((main - 0x$(nm prog | awk '$3 == "main" { print $1 }'))))
	etrace-cat -c 1 | etrace-sym prog | etrace-cov >1.cov
	etrace-cat -c 2 | etrace-sym "prog@$bias" | etrace-cov >2.cov
	etrace-cov 1.cov 1.cov | grep '^[FL]' >want
	etrace-cov 1.cov 2.cov | grep '^[FL]' | diff want -
	grep -q "^L${TAB}.*${TAB}sum${TAB}prog${TAB}.*${TAB}200[0-9]${TAB}" want
}

@test "out: a socket with either side first, a descriptor, a name with the process id" {
	host 'int main(void) { return 0; }'
	s=$PWD/s
	etrace-cat "unix:$s" >a &
	cat=$!
	eventually test -S s
	$QEMU -plugin "$PLUGIN,out=unix:$s" ./prog
	wait $cat
	$QEMU -plugin "$PLUGIN,out=unix:$s" ./prog &
	qemu=$!
	eventually test -S s
	etrace-cat "unix:$s" >b
	wait $qemu
	$QEMU -plugin "$PLUGIN,out=fd:9" ./prog 9>c.etrace
	etrace-cat c.etrace >c
	$QEMU -plugin "$PLUGIN,out=d-%p" ./prog
	etrace-cat d-[0-9]* >d
	for f in a b c d; do
		[ "$(grep -c "^E" $f)" -gt 100 ]
		[ "$(etrace-sym prog <$f | etrace-cov | lines_of | grep "prog.c${TAB}1${TAB}" | cut -f 3)" -eq 1 ]
	done
}

# bats test_tags=qemu:exec,qemu:count
@test "the end, however it comes, loses nothing: exit, SIGTERM, SIGKILL, a crash" {
	host '#include <stdio.h>
		#include <unistd.h>
		int main(int argc, char **argv) { volatile int n = 0;
		for (int i = 0; i < 54321; i++)
			n++;
		puts("done"); fflush(stdout);
		if (argc > 2) *(volatile int *)0 = 1;
		while (argc > 1) pause(); }'
	for mode in exec count; do
		for sig in TERM KILL; do
			$QEMU -plugin "$PLUGIN,out=t,mode=$mode" ./prog x >out &
			eventually grep -q done out
			kill -$sig $!
			wait $! || true
			eventually hits_are t 5 54321
		done
		$QEMU -plugin "$PLUGIN,out=t,mode=$mode" ./prog x y >out 2>/dev/null || true
		eventually hits_are t 5 54321
		$QEMU -plugin "$PLUGIN,out=t,mode=$mode" ./prog >out
		[ "$(hits t 5)" -eq 54321 ]
	done
}

# bats test_tags=qemu:exec
@test "system mode, SIGTERM: what ran is in the trace" {
	# The other firmware waits for its second CPU, which is not there.
	virt aa64-smp-O2 out=t -smp 2 >out &
	wait $!
	[ "$(counts t "$DATA/aa64-smp-O2.elf" | grep "^aa64-start.S${TAB}4$TAB" | cut -f 3)" -eq 1 ]
	timeout -s TERM 3 qemu-system-aarch64 -cpu cortex-a53 -M virt -nodefaults -display none -S \
		-kernel "$DATA/aa64-O0.elf" -plugin "$PLUGIN,out=t" 2>err || true
	grep -qx "etrace-plugin: QEMU ended before the guest ran anything, so there is no trace" err
	[ ! -s t ]
}

# bats test_tags=qemu:smp
@test "threads: every count is exact, in both modes, and each vCPU has its own unit" {
	host '#include <pthread.h>
		static void *work(void *p) { volatile int s = 0;
		for (int i = 0; i < 200000; i++)
			s++;
		return p; }
		int main(void) { pthread_t t[4];
		for (int i = 0; i < 4; i++) pthread_create(t + i, 0, work, 0);
		for (int i = 0; i < 4; i++) pthread_join(t[i], 0); return 0; }' -pthread
	for mode in exec count; do
		$QEMU -plugin "$PLUGIN,out=t,mode=$mode" ./prog
		[ "$(hits t 4)" -eq 800000 ]
		[ "$(etrace-cat t | awk -F'\t' '$1 == "E" && !s[$2]++' | wc -l)" -ge 2 ]
	done
}

@test "a server: it takes QEMU and each child that forks, and where there is none the guest runs untraced" {
	host '#include <sys/wait.h>
		#include <unistd.h>
		int main(void) { volatile int n = 0;
		for (int i = 0; i < 500; i++)
			n++;
		if (!fork()) {
			for (int i = 0; i < 3000; i++)
				n++;
			_exit(0);
		}
		wait(0); return 3; }'
	for mode in exec count; do
		mkfifo in
		etrace-cat -kce "unix:$PWD/s" <in >r 2>err &
		cat=$!
		exec 7>in
		eventually test -S s
		run --separate-stderr $QEMU -plugin "$PLUGIN,out=server:$PWD/s,mode=$mode" ./prog
		[ "$status" -eq 3 ]
		[ -z "$output" ]
		[ -z "$stderr" ]
		exec 7>&-
		wait $cat
		[ ! -s err ]
		rm in
		[ "$(grep -c etrace-version r)" -eq 2 ]
		# What ran before the fork counts once, also where QEMU counts itself.
		etrace-sym prog <r | etrace-cov | lines_of | cut -f 2- >n
		for n in "5${TAB}500" "8${TAB}3000"; do grep -qx "$n" n; done
	done
	run --separate-stderr $QEMU -plugin "$PLUGIN,out=server:$PWD/s" ./prog
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[ "$stderr" = "etrace-plugin: unix:$PWD/s: cannot connect: No such file or directory
etrace-plugin: the guest goes on, untraced" ]
	[ ! -e s ]
}

@test "fork: a child is traced where out has a place for it, and never spoils its parent's trace" {
	host '#include <sys/wait.h>
		#include <unistd.h>
		int main(void) { volatile int n = 0;
		if (!fork()) {
			for (int i = 0; i < 3000; i++)
				n++;
			_exit(0);
		}
		wait(0);
		for (int i = 0; i < 200; i++)
			n++;
		return n != 200; }'
	for mode in exec count; do
		rm -f t*
		$QEMU -plugin "$PLUGIN,out=t,mode=$mode" ./prog
		[ "$(hits t 6)" -eq 0 ]
		[ "$(hits t 11)" -eq 200 ]
		$QEMU -plugin "$PLUGIN,out=t-%p,mode=$mode" ./prog
		[ "$(ls t-* | wc -l)" -eq 2 ]
		cat t-* >both
		[ "$(hits both 6)" -eq 3000 ]
		[ "$(hits both 11)" -eq 200 ]
	done
}

@test "a program that closes all descriptors is traced to its end" {
	host '#define _GNU_SOURCE
		#include <unistd.h>
		int main(void) { volatile int n = 0;
		for (int i = 0; i < 2000; i++) close(i);
		for (int i = 0; i < 654321; i++)
			n++;
		return 0; }'
	$QEMU -plugin "$PLUGIN,out=t" ./prog
	[ "$(hits t 6)" -eq 654321 ]
}

@test "exec: what ran before it is in the trace" {
	host '#include <unistd.h>
		int main(void) { volatile int n = 0;
		for (int i = 0; i < 777; i++)
			n++;
		execl("/bin/true", "true", (char *)0); return 1; }'
	$QEMU -plugin "$PLUGIN,out=t" ./prog
	eventually hits_are t 4 777
}

# bats test_tags=qemu:exec
@test "the translated code, for etrace-sym to disassemble; accesses to devices; a range" {
	virt aa64-O0 out=t,tb=on,mem=io >/dev/null
	etrace-cat t | etrace-sym -de "$DATA/aa64-O0.elf" >s
	grep -qx "$(rec D 0 40200800 a00038d5 'mrs x0, mpidr_el1')" s
	# Each T comes before the first E of its block; one that an interrupt kept from running has none.
	awk -F'\t' '$1 == "T" { t[$4] = 1 } $1 == "E" && $6 && !($5 in t) { exit 1 }' s
	# "start\n" and "ok\n" to the UART, at its physical address, in their places between the blocks.
	[ "$(grep -c "^M${TAB}0${TAB}[0-9]*${TAB}w${TAB}9000000${TAB}9000000${TAB}4${TAB}" s)" -eq 9 ]
	virt aa64-O0 out=t,range=40201a60-40201ab0 >/dev/null
	etrace-cat t >r
	[ "$(awk -F'\t' '$1 == "E" { n++; if ($5 < "40201a60" || $5 >= "40201ab0") exit 1 } END { print (n > 0) }' r)" -eq 1 ]
	grep -qx "$(rec I range 40201a60-40201ab0)" r
}

@test "a reader that goes away: said once, and the guest runs to its end" {
	host 'int main(void) { volatile int s = 0;
		for (int i = 0; i < 3000000; i++) s++;
		return 5; }'
	etrace-cat "unix:$PWD/s" 2>/dev/null | head -2 >/dev/null &
	eventually test -S s
	run --separate-stderr timeout 60 $QEMU -plugin "$PLUGIN,out=unix:$PWD/s" ./prog
	[ "$status" -eq 5 ]
	[ "$stderr" = "etrace-plugin: the trace is incomplete: the reader went away; the guest goes on, untraced" ]
	run --separate-stderr timeout 60 $QEMU -plugin "$PLUGIN,out=/dev/full" ./prog
	[ "$status" -eq 5 ]
	[ "$stderr" = "etrace-plugin: the trace is incomplete: it cannot be written: No space left on device; the guest goes on, untraced" ]
}

# The process that writes the file $1.
writer_of() {
	local fd
	for fd in /proc/[0-9]*/fd/*; do
		[ "$(readlink "$fd")" != "$1" ] || ! grep -qx etrace-writer "${fd%/fd/*}/comm" || basename "${fd%/fd/*}"
	done 2>/dev/null
}

@test "a writer that is killed, or may not write on: said in each mode, and the trace has no end" {
	host '#include <unistd.h>
		int main(void) { volatile int s = 0;
		char c;
		if (read(0, &c, 1) > 0)
			for (int i = 0; i < 3000000; i++) s++;
		return 5; }'
	mkfifo in
	for mode in exec count; do
		rm -f t
		$QEMU -plugin "$PLUGIN,out=$PWD/t,mode=$mode" ./prog <in 2>err &
		pid=$!
		exec 7>in
		eventually test -s t
		kill -KILL "$(writer_of "$PWD/t")"
		echo >&7
		status=0
		wait $pid || status=$?
		exec 7>&-
		[ "$status" -eq 5 ]
		[ "$(cat err)" = "etrace-plugin: the trace is incomplete: the process that writes it, etrace-writer, was killed" ]
		run --separate-stderr etrace-cat t
		[ "$status" -eq 1 ]
		[[ "$stderr" = *"the trace has no end: the process that wrote it was killed, "* ]]
		sh_run "ulimit -f 8; echo | $QEMU -plugin '$PLUGIN,out=$PWD/t,mode=$mode' ./prog"
		[ "$status" -eq 5 ]
		[ "$stderr" = "etrace-plugin: the trace is incomplete: it cannot be written: File too large; the guest goes on, untraced" ]
		run --separate-stderr etrace-cat t
		[ "$status" -eq 1 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ "$stderr" = *"the trace is cut short, "* || "$stderr" = *"the trace has no end: "* ]]
	done
}

@test "the bytes of each block, once, and the build-id of the program" {
	host 'int main(void) { return 0; }' -Wl,--build-id=0x0123456789abcdef
	$QEMU -plugin "$PLUGIN,out=t" ./prog
	etrace-cat t >r
	grep -qx "$(rec I binary-build-id 0123456789abcdef)" r
	[ "$(awk -F'\t' '$1 == "T" { if (length($6) % 2) exit 1; t[$4, length($6) / 2]++ }
		$1 == "E" && $6 && t[$5, $6] != 1 { n++ } END { print n + 0 }' r)" -eq 0 ]
	$QEMU -plugin "$PLUGIN,out=t,tb=off" ./prog
	! etrace-cat t | grep ^T || false
}

@test "a reader that is slow, stopped and continued: nothing is lost" {
	host 'int main(void) { volatile int s = 0;
		for (int i = 0; i < 2000000; i++)
			s++;
		return 0; }'
	$QEMU -plugin "$PLUGIN,out=unix:$PWD/s" ./prog &
	eventually test -S s
	etrace-cat "unix:$PWD/s" >r &
	cat=$!
	for i in 1 2 3 4; do
		kill -STOP $cat 2>/dev/null || break
		sleep 0.2
		kill -CONT $cat 2>/dev/null || break
		sleep 0.02
	done
	wait $cat
	[ "$(etrace-sym prog <r | etrace-cov | lines_of | grep "prog.c${TAB}3${TAB}" | cut -f 3)" -eq 2000000 ]
}

@test "options that are wrong: QEMU does not start, and it is said why" {
	host 'int main(void) { return 0; }'
	try() { run --separate-stderr $QEMU -plugin "$PLUGIN$1" ./prog; [ "$status" -ne 0 ]; [ -z "$output" ]; }
	try ""
	[[ "${stderr_lines[0]}" = "etrace-plugin: out= is missing: out=FILE, out=unix:PATH, out=server:PATH or out=fd:N says where the trace goes" ]]
	try ,out=t,colour=blue
	[[ "${stderr_lines[0]}" = "etrace-plugin: there is no option 'colour=blue'; there are out, mode, "* ]]
	try ,out=t,format=perf
	[[ "${stderr_lines[0]}" = "etrace-plugin: format takes blocks or etrace, not 'perf'" ]]
	try ,out=t,mode=both
	[[ "${stderr_lines[0]}" = "etrace-plugin: mode takes exec or count, not 'both'" ]]
	try ,out=t,mode=count,exact=on
	[[ "${stderr_lines[0]}" = "etrace-plugin: mode=count keeps no order"* ]]
	try ,out=t,range=zz
	for code in zz 0102030405060 01020304050607 010203040506070809: 0102030405060708:zz; do
		try ,out=t,switch=$code
		[[ "${stderr_lines[0]}" = "etrace-plugin: switch takes CODE or CODE:OFFSET, in hex, where CODE is a function's first bytes, 8 or more, not '$code'" ]]
	done
	try ,out=t,mode=count,switch=0102030405060708
	[[ "${stderr_lines[0]}" = "etrace-plugin: mode=count keeps no order, so that exact, time=host, mem and switch need mode=exec" ]]
	for o in format=etrace time=host; do
		try ,out=t,$o,switch=0102030405060708
		[[ "${stderr_lines[0]}" = "etrace-plugin: switch needs format=blocks: other readers of etrace know no SWITCH packets; so no time=host either" ]]
	done
	try ,out=/no/such/dir/t
	[[ "${stderr_lines[0]}" = "etrace-plugin: /no/such/dir/t: No such file or directory" ]]
	try ,out=fd:77
	[[ "${stderr_lines[0]}" = "etrace-plugin: fd:77: no such descriptor is open" ]]
}

# bats test_tags=qemu:exec,qemu:count,qemu:exact
@test "an instruction that is partly in the next page counts once, not with the block before it too" {
	[ "$(uname -m)" = x86_64 ] || skip "code of x86"
	user_mode
	for left in 2 3 4 5 6 7 8 9; do
		cat >prog.S <<-END
			.globl main
			.balign 4096
			main:	mov \$10, %ecx
				jmp loop
				.skip 4096 - 10 - $left
			loop:	inc %eax
				mov \$0x11223344, %edx
				dec %ecx
				jnz loop
				xor %eax, %eax
				ret
			.section .note.GNU-stack
		END
		gcc -g -o prog prog.S
		for o in mode=exec mode=count exact=on; do
			$QEMU -plugin "$PLUGIN,out=t,$o" ./prog
			[ "$(counts t prog | cut -f3 | sort -n | uniq -c | tr -s ' \n' ' ')" = " 4 1 4 10 " ]
		done
	done
}
