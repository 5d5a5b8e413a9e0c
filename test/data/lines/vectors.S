/* SPDX-License-Identifier: GPL-3.0-or-later */
	.section .vectors,"ax"
	.globl vectors
vectors:
	jmp _start
	nop
	nop
	.section .note.GNU-stack,"",@progbits
