# SPDX-License-Identifier: GPL-3.0-or-later
# etrace-plugin and the plugin interface of each release of QEMU, in a host that is no QEMU (test/host).
load lib

PLUGIN=${ETRACE_PLUGIN:-$TOP/bin/etrace-plugin.so}

# build MAJOR.MINOR: the host with that release's interface, as ./MAJOR.MINOR.
build() {
	gcc -std=gnu11 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -rdynamic -DMAJOR="${1%.*}" -DMINOR="${1#*.}" -o "$1" \
		"$TOP"/test/host/*.c -l:libglib-2.0.so.0 -lpthread -ldl
}

RELEASES="8.0 8.1 8.2 9.0 9.1 9.2 10.0 10.1 10.2 11.0 11.1"

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	for r in $RELEASES; do build $r; done
}

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# since RELEASE: whether $r is that release or a later one.
since() { [ "$(printf '%s\n' "$1" "$r" | sort -V | head -n 1)" = "$1" ]; }

# on RELEASE SCRIPT OPTION...: executes the script (see test/host/main.c) with the plugin.
on() { timeout 20 "$BATS_FILE_TMPDIR/$1" "$PLUGIN" out=t "${@:3}" <<<"$2"; }

# blocks: "cpu start size count" of the trace.
blocks() {
	etrace-cat t | awk -F'\t' '$1 == "E" { n[$2 " " $5 " " $6] += $7 } END { for (b in n) print b, n[b] }' | sort
}

# ran RELEASE SCRIPT OPTION BLOCK...: executes the script; the blocks of the trace are these.
ran() {
	on "$1" "$2" "$3"
	diff <(printf '%s\n' "${@:4}" | sort) <(blocks) || { echo "with the interface of $1, and $3"; return 1; }
}

@test "blocks and counts are the same with each release, in every mode" {
	script='0 40000000 3 1
		1 40000100 3 7
		0 4000000c 4 5
		0 4000001c 1 2
		1 4000000c 4 2
		3 40000200 9 1
		0 40000020 2 1'
	for r in $RELEASES; do
		for o in mode=exec mode=count exact=on time=host; do
			ran $r "$script" $o '0 40000000 12 1' '0 4000000c 16 5' '0 4000001c 4 2' '0 40000020 8 1' \
				'1 40000100 12 7' '1 4000000c 16 2' '3 40000200 36 1'
		done
	done
}

@test "the bytes of instructions; accesses to a device, with values from 9.2 on" {
	for r in $RELEASES; do
		on $r '0 40000000 2 2 access 1 9000030' tb=on mem=io
		value=0 code=$(token 1f2003d51f2003d5)
		! since 9.2 || value=120
		# Without the time of an access.
		etrace-cat t | grep '^[TEM]' | sed 's/^\(M\t0\t\)[0-9]*/\1/' | sort | diff - <(
			rec E 0 - $code 40000000 8 1 2
			rec E 0 - $code 40000000 8 1 2
			rec M 0 '' w 9000030 9000030 4 $value
			rec M 0 '' w 9000030 9000030 4 $value
			rec T 0 $code 40000000 - 1f2003d51f2003d5 -
		)
	done
}

# An access in the middle of a block, from 8.2 on, leaves it.
access() {
	script='0 40000000 4 3 access 1 9000030
		0 40000010 3 1 access 2 9000030
		0 40000020 3 5 access 0 9000030'
	if since 8.2; then
		ran $r "$script" $1 '0 40000000 8 3' '0 40000008 8 3' '0 40000010 12 1' '0 40000020 4 5' '0 40000024 8 5'
	else
		ran $r "$script" $1 '0 40000000 16 3' '0 40000010 12 1' '0 40000020 12 5'
	fi
}

@test "a block that is left before an access to a device is cut after it, in every mode" {
	for r in $RELEASES; do
		for o in mode=exec mode=count exact=on; do access $o; done
	done
}

# A failing instruction, one at a block's end, a system call, an interrupt.
EVENTS='0 40000000 4 2 exception 2
	0 40000200 2 1
	0 40000010 4 1 exception 3
	0 40000200 2 1
	0 40000020 4 1 exception 4
	0 40000200 2 1
	0 40000030 4 1 interrupt 2
	0 40000280 2 1'
EVENTS_REST=('0 40000200 8 3' '0 40000020 16 1' '0 40000030 16 1' '0 40000280 8 1')
# Where QEMU tells of them, blocks of no bytes say where control had come to.
EVENTS_TOLD=("${EVENTS_REST[@]}" '0 40000010 12 1' '0 40000030 0 1' '0 40000038 0 1')

@test "exact=on: an exception cuts its block, and from 10.2 on in its last instruction too" {
	for r in $RELEASES; do
		if since 10.2; then
			ran $r "$EVENTS" exact=on '0 40000000 8 2' "${EVENTS_TOLD[@]}"
		else
			ran $r "$EVENTS" exact=on '0 40000000 8 2' '0 40000010 16 1' "${EVENTS_REST[@]}"
		fi
	done
}

@test "discontinuities: from 10.2 on an exception cuts its block in every trace in order, and the trace says so" {
	for r in $RELEASES; do
		for o in mode=exec time=host; do
			if since 10.2; then
				ran $r "$EVENTS" $o '0 40000000 8 2' "${EVENTS_TOLD[@]}"
				etrace-cat t | grep -qx "$(rec I discontinuities known)"
			else
				ran $r "$EVENTS" $o '0 40000000 16 2' '0 40000010 16 1' "${EVENTS_REST[@]}"
				! etrace-cat t | grep discontinuities || false
			fi
		done
	done
}

@test "exceptions and interrupts: from 10.2 on a record of each, in its place; with range=, of those inside" {
	block() { rec E 0 - - "$@" "$((${2:-0} / 4))"; }
	event() { rec X 0 "$@"; }
	for r in $RELEASES; do
		for o in mode=exec exact=on; do
			on $r "$EVENTS" $o tb=off
			since 10.2 || { ! etrace-cat t | grep ^X || false; continue; }
			etrace-cat t | grep '^[EX]' | diff - <(
				block 40000000 8 1
				event 2 exception 40000008 40000000
				block 40000000 8 1
				event 4 exception 40000008 40000200
				block 40000200 8 1
				block 40000010 12 1
				event 9 exception 4000001c 40000200
				block 40000200 8 1
				block 40000020 16 1
				block 40000030 0 1
				event 15 exception 40000030 40000200
				block 40000200 8 1
				block 40000030 16 1
				block 40000038 0 1
				event 21 interrupt 40000038 40000280
				block 40000280 8 1
			) || { echo "with the interface of $r, and $o"; return 1; }
			on $r "$EVENTS" $o range=40000000-40000010
			[ "$(etrace-cat t | grep ^X | cut -f 4-)" = "$(rec exception 40000008 40000000
				rec exception 40000008 40000200)" ]
		done
		# What takes EXEC packets knows nothing of these; in mode=count there is no order.
		for o in format=etrace time=host mode=count; do
			on $r "$EVENTS" $o
			[ "$(etrace-cat t | grep -c '^[EX]')" -gt 0 ]
			! etrace-cat t | grep ^X || false
		done
	done
}

@test "exceptions of x86, which are told twice: from 10.2 on the block is cut where it came, and there is one record" {
	script='0 40000000 4 1 fault 2
		0 40000200 2 1
		0 40000020 4 1 fault 4
		0 40000200 2 1
		0 40000030 4 1 interrupt 2
		0 40000280 2 1'
	export GUEST=x86_64
	for r in 10.2 11.0 11.1; do
		on $r "$script" tb=off
		etrace-cat t | grep '^[EX]' | cut -f 1,4- | diff - <(
			rec E - 40000000 8 1 2
			rec X exception 40000008 40000200
			rec E - 40000200 8 1 2
			rec E - 40000020 16 1 4
			rec E - 40000030 0 1 0
			rec X exception 40000030 40000200
			rec E - 40000200 8 1 2
			rec E - 40000030 16 1 4
			rec E - 40000038 0 1 0
			rec X interrupt 40000038 40000280
			rec E - 40000280 8 1 2
		) || { echo "with the interface of $r"; return 1; }
		ran $r "$script" mode=count '0 40000000 8 1' '0 40000200 8 2' '0 40000020 16 1' '0 40000030 16 1' '0 40000280 8 1'
	done
}

@test "mode=count: from 10.2 on a block that an exception left is cut where QEMU told of one" {
	for r in 10.2 11.0 11.1; do
		ran $r "$EVENTS" mode=count '0 40000000 8 2' '0 40000010 16 1' "${EVENTS_REST[@]}"
	done
}

@test "a translation that serves two mappings: from 9.0 on blocks have the address where they ran" {
	script='0 40000000 3 2
		0 80001000 2 1
		0 40000000 3 4 at 80000000
		0 80001000 2 1
		0 40000000 3 1'
	for r in $RELEASES; do
		for o in mode=exec mode=count exact=on time=host; do
			if since 9.0; then
				ran $r "$script" $o '0 40000000 12 3' '0 80000000 12 4' '0 80001000 8 2'
			else
				ran $r "$script" $o '0 40000000 12 7' '0 80001000 8 2'
			fi
		done
		# A pc that is not at the same place of a page is no other mapping.
		ran $r '0 40000000 3 2
			0 80001000 2 1
			0 40000000 3 4 at 80000004' mode=exec '0 40000000 12 6' '0 80001000 8 1'
		# What is outside of the range where it was translated may be inside where it runs.
		for o in mode=exec mode=count; do
			since 9.0 || continue
			on $r "$script" $o range=80000000-80000010
			[ "$(blocks)" = "0 80000000 12 4" ]
			on $r "$script" $o range=40000000-40000010
			[ "$(blocks)" = "0 40000000 12 3" ]
		done
	done
}

@test "user mode: the file that code is of, and another one after a system call that mapped it there" {
	head -c 4096 /dev/zero >mapped
	for r in $RELEASES; do
		for o in mode=exec mode=count; do
			printf '%s\n' '0 40000000 3 2' '0 40001000 2 1' '0 40000000 3 4 map' '0 40001000 2 1' |
				timeout 20 "$BATS_FILE_TMPDIR/$r" -u "$PLUGIN" out=t $o
			etrace-cat t >records
			grep -qx "$(rec I mode user)" records
			# What the memory was of before is the host's own file.
			awk -F'\t' -v OFS='\t' '$1 == "G" { print $1, n++ ? $2 : "", $5 } $1 == "T" { print $1, $4, $6 }' records | diff - <(
				rec G '' "$BATS_FILE_TMPDIR/$r"
				rec T 40000000 1f2003d51f2003d51f2003d5
				rec T 40001000 1f2003d51f2003d5
				rec G 40000000 -
				rec G 40000000 "$PWD/mapped"
				rec T 40000000 000000000000000000000000
			) || { echo "with the interface of $r, and $o"; return 1; }
		done
	done
}

@test "the host refuses what its release would: another API version, and functions that it lacks" {
	refuses() {
		printf '%s\n' "$2" 'int qemu_plugin_install(void) { return 0; }' >p.c
		gcc -shared -fPIC -o p.so p.c
		run --separate-stderr "$BATS_FILE_TMPDIR/$1" ./p.so </dev/null
		[ "$status" -eq 1 ]
		[[ "$stderr" = "host: "*$3* ]]
	}
	refuses 8.2 'int qemu_plugin_version = 2;' 'requires API version 2, and this release takes 0 to 1'
	refuses 10.2 'int qemu_plugin_version = 1;' 'requires API version 1, and this release takes 2 to 5'
	refuses 11.1 'int qemu_plugin_version = 6;' 'requires API version 6, and this release takes 7 to 7'
	refuses 10.1 'int qemu_plugin_register_vcpu_discon_cb(); int qemu_plugin_version = 5;
		void *p = qemu_plugin_register_vcpu_discon_cb;' 'undefined symbol: qemu_plugin_register_vcpu_discon_cb'
	refuses 9.0 'int qemu_plugin_register_vcpu_tb_exec_inline(); int qemu_plugin_version = 2;
		void *p = qemu_plugin_register_vcpu_tb_exec_inline;' 'undefined symbol'
}
