# SPDX-License-Identifier: GPL-3.0-or-later
# etrace-plugin and whole machines, where QEMU's releases differ: branches, several CPUs, devices.
# make check-qemus runs these, and other tests with tags, with each of several releases.
load lib

PLUGIN=${ETRACE_PLUGIN:-$TOP/bin/etrace-plugin.so}

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# guest ASSEMBLY: builds ./fw for the machine virt; it starts at _start, and power_off ends it.
guest() {
	{
		printf '%s\n' "$1"
		cat <<-'END'
			power_off:
				ldr x0, =0x84000008
				hvc #0
				b .
		END
	} >fw.S
	aarch64-linux-gnu-gcc -g -nostdlib -static -Wl,-e,_start,-Ttext=0x40200000,--build-id=none -o fw fw.S
}

# virt QEMU-ARGS...: runs the guest to its end.
virt() {
	timeout 60 qemu-system-aarch64 -cpu cortex-a53 -M virt -nodefaults -display none -kernel fw "$@"
}

# counts TRACE: "fw.S line count"; lines TEXT TRACE: the counts of the guest's lines with TEXT.
counts() { etrace-cat "$1" | etrace-sym fw | etrace-cov | lines_of; }
lines() {
	local n
	for n in $(grep -nF -- "$1" fw.S | cut -d : -f 1); do
		counts "$2" | awk -F'\t' -v n="$n" '$2 == n { print $3 }'
	done
}

# since RELEASE: whether QEMU is of that release or a later one, as 802 for 8.2.
since() { qemu-system-aarch64 --version | awk -v r="$1" 'NR == 1 { split($4, v, "."); exit v[1] * 100 + v[2] < r }'; }

# Whether QEMU leaves a block before an access to a device that is not its last instruction.
leaves_blocks() { since 802; }

# bats test_tags=qemu:branches
@test "branches of a machine: taken and not, a device's access in the block before one too" {
	guest '
		.globl _start
	_start:	ldr x1, =0x09000000
		mov x2, #100
	1:	tbz x2, #1, 2f		// even or odd pairs
		add x3, x3, #1
	2:	str wzr, [x1, #0x30]	// the UART is off
		add x4, x4, #1
		subs x2, x2, #1
		b.ne 1b			// the loop
		cbz x2, 3f		// always
		add x3, x3, #1		// never
	3:	b power_off'
	virt -plugin "$PLUGIN,out=t"
	etrace-cat t | etrace-sym -b fw | etrace-cov -b >out
	went() { awk -F'\t' -v n="$(grep -nF -- "$1" fw.S | cut -d : -f 1)" '$1 == "R" && $3 == n { print $9, $10 }' out; }
	[ "$(went '// even')" = "50 50" ]
	[ "$(went '// the loop')" = "99 1" ]
	[ "$(went '// always')" = "1 0" ]
	[ "$(lines '// never' t)" -eq 0 ]
}

# bats test_tags=qemu:smp
@test "four CPUs at once: each count is exact, and that of mode=count too" {
	guest '
		.globl _start
	_start:	mov x19, #1
	1:	ldr x0, =0xc4000003	// PSCI: CPU_ON
		mov x1, x19
		adr x2, work
		mov x3, x19
		hvc #0
		add x19, x19, #1
		cmp x19, #4
		b.ne 1b
		mov x0, #0
		b work
	work:	add x1, x0, #1		// 50000 times the number of the CPU, from 1 on
		mov x2, #50000
		mul x1, x1, x2
	2:	add x3, x3, #1		// counted
		tbz x1, #0, 3f
		add x3, x3, #2		// every other
	3:	subs x1, x1, #1
		b.ne 2b
		adr x4, done
		add x4, x4, x0
		mov w5, #1
		strb w5, [x4]
		cbz x0, 5f
	4:	wfi
		b 4b
	5:	ldr w5, [x4]		// all four?
		ldr w6, =0x01010101
		cmp w5, w6
		b.ne 5b
		b power_off
		.data
		.balign 4
	done:	.word 0
		.text'
	# In one run, each in a copy of its own: QEMU loads a file once.
	cp "$PLUGIN" second.so
	virt -smp 4 -accel tcg,thread=multi -plugin "$PLUGIN,out=e" -plugin "$PWD/second.so,out=c,mode=count"
	[ "$(lines '// counted' e)" -eq 500000 ]
	[ "$(lines '// every other' e)" -eq 250000 ]
	diff <(counts e) <(counts c)
	# Each in its own unit.
	work=$(aarch64-linux-gnu-nm fw | sed -n 's/^0*\(.*\) . work$/\1/p')
	for t in e c; do
		etrace-cat $t | awk -F'\t' -v work="$work" '$1 == "E" && $5 == work { print $2, $7 }' | sort |
			diff - <(printf '%s 1\n' 0 1 2 3)
	done
}

# device OPTION: a loop of eight instructions, three of which access a device; each ran 20 times.
device() {
	guest '
		.globl _start
	_start:	ldr x1, =0x09000000
		mov x2, #20
	1:	add x3, x3, #1		// loop
		str wzr, [x1, #0x30]	// loop
		add x3, x3, #1		// loop
		ldr w4, [x1, #0x18]	// loop
		ldr w5, [x1, #0x30]	// loop
		add x3, x3, #1		// loop
		subs x2, x2, #1		// loop
		b.ne 1b			// loop
		b power_off'
	virt -plugin "$PLUGIN,out=t,$1"
	[ "$(lines '// loop' t | uniq -c | tr -s ' ')" = " 8 20" ]
}

# bats test_tags=qemu:mmio
@test "accesses to a device in the middle of a block: it is cut there, and goes on after it" {
	device mode=exec
	pieces=$(etrace-cat t | awk -F'\t' '$1 == "E" && $5 >= "40200008" && $5 < "40200028" { n += $7 } END { print n }')
	# The first one begins before the loop.
	if leaves_blocks; then [ "$pieces" -eq 79 ]; else [ "$pieces" -eq 19 ]; fi
}

# bats test_tags=qemu:mmio
@test "accesses to a device in the middle of a block, mode=count" {
	device mode=count
}

# bats test_tags=qemu:mmio
@test "accesses to a device in the middle of a block, exact=on" {
	device exact=on
}

# addr SYMBOL: where it is, as records have it.
addr() { aarch64-linux-gnu-nm fw | sed -n "s/^0*\(.*\) . $1\$/\1/p"; }

# bats test_tags=qemu:exec
@test "exceptions and an interrupt are in the trace, where QEMU tells of them" {
	guest '
		.globl _start
	_start:	adr x0, vectors
		msr vbar_el1, x0
		ldr x1, =0x08000000	// the distributor
		ldr x2, =0x08010000	// the interface of the CPU
		mov w3, #1
		str w3, [x1]
		str w3, [x2]
		mov w3, #0xff
		str w3, [x2, #4]
		mov w4, #3
	again:	svc #0
	return:	add w5, w5, #1
	fail:	brk #1
		subs w4, w4, #1
		b.ne again
		mov w3, #0x02000000	// interrupt 0, to itself
		str w3, [x1, #0xf00]
		msr daifclr, #2
	1:	cbz w6, 1b
		b power_off
		.balign 2048
	vectors:
		.space 0x200
	sync:	mrs x7, esr_el1
		lsr x7, x7, #26
		cmp x7, #0x3c		// brk
		b.ne 2f
		mrs x7, elr_el1
		add x7, x7, #4
		msr elr_el1, x7
	2:	eret
		.balign 0x80
	irq:	ldr w6, [x2, #0xc]
		str w6, [x2, #0x10]
		mov w6, #1
		eret'
	virt -plugin "$PLUGIN,out=t"
	etrace-cat t >out
	if ! since 1002; then
		! grep ^X out || false
		skip "this QEMU does not tell of exceptions"
	fi
	grep ^X out | cut -f 4-6 >x
	for i in 1 2 3; do
		rec exception "$(addr return)" "$(addr sync)"
		rec exception "$(addr fail)" "$(addr sync)"
	done | diff - <(head -n 6 x)
	[ "$(wc -l <x)" -eq 7 ]
	[[ "$(tail -n 1 x)" = "interrupt$TAB"*"$TAB$(addr irq)" ]]
	# Right after each comes the block where it led.
	awk -F'\t' '$1 == "X" { to = $6; next } to && $1 == "E" { n += $5 == to; to = "" } END { print n }' out |
		diff - <(echo 7)
	etrace-cat t | grep -v ^X | etrace-sym fw | etrace-cov >without
	etrace-cat t | etrace-sym fw | etrace-cov | diff - without
	etrace-cat t | etrace-sym fw | grep ^X | diff - <(grep ^X out)
}

# bats test_tags=qemu:exec
@test "a guest that begins where no memory is: the exception comes before any block" {
	since 1002 || skip "this QEMU does not tell of exceptions"
	guest '
		.globl _start
	_start:	.space 0x200
		b power_off'
	aarch64-linux-gnu-objcopy -O binary fw rom
	timeout 60 qemu-system-aarch64 -cpu cortex-a53 -M virt -nodefaults -display none -bios rom \
		-device loader,addr=0x3000000000,cpu-num=0 -plugin "$PLUGIN,out=t"
	run --separate-stderr etrace-cat t
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	records
	[ "$(grep -v ^T <<<"$output" | grep -A 1 ^E | head -n 2)" = "$(rec E 0 - - 3000000000 0 1 0
		rec X 0 0 exception 3000000000 200)" ]
	[ "$(grep -c "^E.*${TAB}200$TAB" <<<"$output")" -eq 1 ]
}
