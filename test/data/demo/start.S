/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The demo's first and last instructions, on QEMU's machine virt. */
	.globl	_start
_start:
	ldr	x1, =stack_top
	mov	sp, x1
	bl	main
	ldr	x0, =0x84000008		/* PSCI SYSTEM_OFF */
	hvc	#0
1:	b	1b

	.bss
	.balign	16
	.skip	4096
stack_top:
