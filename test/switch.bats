# SPDX-License-Identifier: GPL-3.0-or-later
# Switches of stacks: etrace-plugin's switch=, and what etrace-run makes of it.
load lib

PLUGIN=${ETRACE_PLUGIN:-$TOP/bin/etrace-plugin.so}

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# guest ASSEMBLY: builds ./fw for the machine virt; it starts at _start, and power_off ends it.  "context N" is one that
# begins at the label of that name with its own address in x19.  swap goes from context x0 to context x1.
guest() {
	cat >fw.S <<-END
		.macro context name, to
		\name:	.quad \name, 0, 0, \to, \name\()_top
			.skip 512
			.balign 16
		\name\()_top:
		.endm
		.globl _start, swap
		$1
			.balign ${2:-4}
			.org . + ${3:-0}
		swap:	mov x9, sp
			stp x19, x20, [x0]
			stp x29, x30, [x0, #16]
			str x9, [x0, #32]
			ldp x19, x20, [x1]
			ldp x29, x30, [x1, #16]
			ldr x9, [x1, #32]
			mov sp, x9
			ret
		power_off:
			ldr x0, =0x84000008
			hvc #0
			b .
	END
	aarch64-linux-gnu-gcc -g -nostdlib -static -Wl,-e,_start,-Ttext=0x40200000,--build-id=none,-N,--no-warn-rwx-segments -o fw fw.S
}

# code NAME SIZE: the first bytes of a function of fw, in hex; address NAME: where it is.
address() { aarch64-linux-gnu-nm fw | awk -v n="$1" '$3 == n { sub(/^0*/, "", $1); print $1 }'; }
code() {
	aarch64-linux-gnu-objcopy -O binary -j .text fw text
	od -An -v -tx1 -j $((0x$(address "$1") - 0x40200000)) -N "$2" text | tr -d ' \n'
}

# virt OPTIONS [QEMU-ARGS]: runs the guest to its end, with these options of the plugin.
virt() {
	timeout 60 qemu-system-aarch64 -cpu cortex-a53 -M virt -nodefaults -display none -kernel fw \
		-plugin "$PLUGIN,out=t,$1" "${@:2}"
}

# stacks TRACE: the names of the stacks, by labels of fw.
stacks() {
	etrace-cat "$1" | awk -F'\t' 'NR == FNR { sub(/^0*/, "", $1); name[$1] = $3; next }
		$1 == "Y" { print $4 in name ? name[$4] : $4 }' <(aarch64-linux-gnu-nm fw | tr ' ' "$TAB") -
}

TWO='
	context main, 0
	context other, other_begins
_start:	ldr x0, =main_top
	mov sp, x0
	mov x20, #3
1:	ldr x0, =main
	ldr x1, =other
	bl swap
	subs x20, x20, #1
	b.ne 1b
	b power_off
other_begins:
	mov x0, x19
	ldr x1, =main
	bl swap
	b other_begins'

# bats test_tags=qemu:exec
@test "switch=: each stack that a CPU goes on with, between the blocks before and after" {
	guest "$TWO"
	for o in '' ,exact=on ,mem=all; do
		virt "switch=$(code swap 16)$o"
		[ "$(stacks t | xargs)" = "other main other main other main" ]
	done
	# The block that switches is before it, and after it is where the other stack left off.
	virt "switch=$(code swap 36)"
	etrace-cat t | etrace-sym -e fw | awk -F'\t' '$1 == "E" { if (y) print last, "Y", $9; last = $9; y = 0 }
		$1 == "Y" { y = 1 }' >around
	[ "$(head -n 2 around)" = "swap+0 Y other_begins+0"$'\n'"swap+0 Y _start+24" ]
	[ "$(wc -l <around)" -eq 6 ]
	# Its time is that of the end of the block before; counts have it too, and are the same without.
	[ "$(etrace-cat t | awk -F'\t' '$1 == "E" { ns += $8 } $1 == "Y" && $3 != ns { print }')" = "" ]
	[ "$(etrace-cat -c t | grep -c ^Y)" -eq 6 ]
	etrace-cat -c t | grep ^E >with
	virt mode=exec
	etrace-cat -c t | grep ^E | diff - with
	# A function that the guest does not have, or a part of one that it has, is not found.
	virt "switch=$(code swap 16)00000000,switch=$(code power_off 16)"
	! etrace-cat t | grep ^Y || false
}

# bats test_tags=qemu:exec
@test "switch=: a function of several blocks, and where nothing was traced" {
	# Its first block ends with the page.
	for skip in 4092 4088 4084; do
		guest "$TWO" 4096 $skip
		[ $((0x$(address swap) % 4096)) -eq $skip ]
		virt "switch=$(code swap 16)"
		[ "$(stacks t | xargs)" = "other main other main other main" ]
	done
	virt "switch=$(code swap 16),range=$(address _start)-$(address other_begins)"
	[ "$(stacks t | xargs)" = "other main other main other main" ]
}

# bats test_tags=qemu:exec
@test "switch=CODE:OFFSET: the load that tells is not the first one; several functions" {
	guest '
	context a, a_begins
	context b, b_begins
	current: .quad a
	canary:	.quad 0
_start:	ldr x0, =a_top
	mov sp, x0
	mov x20, #3
1:	bl yield
	subs x20, x20, #1
	b.ne 1b
	b power_off
a_begins:
	b .
b_begins:
	mov x0, x19
	ldr x1, =a
	bl swap
	b b_begins
yield:	ldr x2, =canary
	ldr x3, [x2]
	ldr x2, =current
	ldr x0, [x2]
	mov x9, sp
	stp x19, x20, [x0]
	stp x29, x30, [x0, #16]
	str x9, [x0, #32]
	bl choose
	ldp x19, x20, [x1]
	ldp x29, x30, [x1, #16]
	ldr x9, [x1, #32]
	mov sp, x9
	ret
choose:	ldr x2, =current
	ldr x1, =b
	ret'
	yield=$(code yield 36) swap=$(code swap 20)
	virt "switch=$yield:24"
	[ "$(stacks t | xargs)" = "b b b" ]
	virt "switch=$yield:24,switch=$swap"
	[ "$(stacks t | xargs)" = "b a b a b a" ]
	# Without the offset it is the address of a constant.
	virt "switch=$yield"
	[ "$(stacks t | sort -u | wc -l)" -eq 1 ]
	! stacks t | grep -qx '[ab]' || false
}

# bats test_tags=qemu:smp
@test "switch=: no CPU goes on with a stack before another one has left it" {
	# Two CPUs hand two tasks to each other: 40 bytes from its context each says who has it, 0 for nobody, then
	# who called it, then who had it last.
	guest '
	context cpu0, 0
	context cpu1, 0
	context task0, task_begins
	context task1, task_begins
	cpus:	.quad cpu0, cpu1
	tasks:	.quad task0, task1
	left:	.quad 2000
	.macro add_to addr, n
		ldr x1, =\addr
	9:	ldaxr x0, [x1]
		add x0, x0, #\n
		stlxr w2, x0, [x1]
		cbnz w2, 9b
	.endm
_start:	ldr x0, =0xc4000003	// PSCI: CPU_ON
	mov x1, #1
	adr x2, work
	mov x3, #1
	hvc #0
	mov x0, #0
work:	ldr x22, =cpus
	ldr x22, [x22, x0, lsl #3]
	mov x24, #0
next:	ldr x1, =left
	ldar x0, [x1]
	cmp x0, #0
	b.le power_off
	eor x24, x24, #1
	ldr x25, =tasks
	ldr x25, [x25, x24, lsl #3]
	add x26, x25, #40
	ldr x0, [x25, #56]
	cmp x0, x22
	b.eq next
	mov x1, #1
1:	ldaxr x0, [x26]
	cbnz x0, next
	stxr w0, x1, [x26]
	cbnz w0, 1b
	str x22, [x25, #48]
	str x22, [x25, #56]
	mov x0, x22
	mov x1, x25
	bl swap
	stlr xzr, [x26]
	add_to left, -1
	b next
task_begins:
	mov x0, x19
	ldr x1, [x19, #48]
	bl swap
	b task_begins'
	virt "switch=$(code swap 16)" -smp 2 -accel tcg,thread=multi
	etrace-cat -c t | grep ^Y >y
	awk -F'\t' '$4 in owner && owner[$4] != $2 { bad++ }
		{ delete owner[has[$2]]; if ($4 in cpu && cpu[$4] != $2) moved++; owner[$4] = cpu[$4] = $2; has[$2] = $4 }
		END { print bad + 0, (moved > 1900) }' y >judged
	[ "$(cat judged)" = "0 1" ]
}

@test "etrace-sym -c: how a function begins, of the first name and file that have it" {
	guest "$TWO"
	run --separate-stderr etrace-sym -c swap fw
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$output" = "$(code swap 32)" ]
	run --separate-stderr etrace-sym -c nothing,swap,_start "$DATA/aa64-O0.elf" fw
	[ "$status" -eq 0 ]
	[ "$output" = "$(code swap 32)" ]
	# Of Thumb, whose addresses are odd.
	run --separate-stderr etrace-sym -c thumb_sum "$DATA/arm-thumb-O1.elf"
	[ "$status" -eq 0 ]
	[[ "$output" = 2911dd024600eb81* ]] || [[ "$output" = 002911dd0246* ]]
	run --separate-stderr etrace-sym -c nothing,nobody fw
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ "$stderr" = "etrace-sym: -c: no file has a function nothing,nobody" ]
}

# bats test_tags=qemu:exec
@test "etrace-run -S: calls and stacks are those of each context" {
	guest '
	context main, 0
	context other, other_begins
	.macro func name
		.globl \name
		.type \name, %function
	\name:
	.endm
	func _start
		ldr x0, =main_top
		mov sp, x0
		mov x20, #3
	1:	bl ping
		subs x20, x20, #1
		b.ne 1b
		b power_off
	func ping
		mov x21, x30
		ldr x0, =main
		ldr x1, =other
		bl swap
		ret x21
	func other_begins
	1:	bl pong
		b 1b
	func pong
		mov x22, x30
		mov x0, x19
		ldr x1, =main
		bl swap
		ret x22
	.type swap, %function'
	# x21 and x22 are not saved: each is of one context alone.
	run --separate-stderr etrace-run -S swap -f folded -o out -- qemu-system-aarch64 -cpu cortex-a53 -M virt \
		-nodefaults -display none -kernel fw
	[ "$status" -eq 0 ]
	[ -z "$stderr" ] || { echo "$stderr"; false; }
	LC_ALL=C sort out | diff - <(printf '%s\n' '_start 13' '_start;ping 15' '_start;ping;swap 27' '_start;power_off 2' \
		'other_begins 5' 'other_begins;pong 14' 'other_begins;pong;swap 27')
	run --separate-stderr etrace-run -S nothing -f folded -o out -- qemu-system-aarch64 -M virt -kernel fw
	[ "$status" -eq 2 ]
	[ "$stderr" = "etrace-run: -S nothing: no ELF file has such a function" ]
	run --separate-stderr etrace-run -S swap -o out -- qemu-system-aarch64 -M virt -kernel fw
	[ "$status" -eq 2 ]
	[[ "$stderr" = "etrace-run: -S is for -f callgrind, folded and calls: "* ]]
}
