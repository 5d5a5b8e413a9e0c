/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls and returns of x86-64 that are none, or are not where they seem to be. */
	.text

.macro function name
	.type \name, @function
\name:
.endm
.macro end name
	.size \name, . - \name
.endm

/* Its address, by a call that nobody returns from. */
function address
	call 1f
1:	pop %rax
	call leaf
	ret
end address

/* The same with a call over data: the callee's return address is the data's. */
function over_data
	call 1f
	.long 0x12345678
1:	pop %rax
	mov (%rax), %eax
	call leaf
	ret
end over_data

/* As gcc has it for calls by pointers with -mindirect-branch=thunk. */
function thunk
	call 2f
1:	pause
	lfence
	jmp 1b
2:	mov %rax, (%rsp)
	ret
end thunk

function by_thunk
	lea leaf(%rip), %rax
	call thunk
	lea leaf(%rip), %rax
	call thunk
	ret
end by_thunk

/* A tail call by the thunk. */
function tail_by_thunk
	lea leaf(%rip), %rax
	jmp thunk
end tail_by_thunk

/* A jump by push and ret. */
function push_ret
	lea leaf(%rip), %rax
	push %rax
	ret
end push_ret

/* A call by push and jmp. */
function push_jmp
	lea 1f(%rip), %rax
	push %rax
	jmp leaf
1:	call leaf
	ret
end push_jmp

/* A tail call on a condition: taken every other time. */
function conditional
	test $1, %edi
	jnz leaf
	ret
end conditional

/* Falls into the next function, which is entered so and by calls.  (If no branch were between, it would be one block.) */
function falls
	cmp $11, %ebx
	je never
end falls
function into
	call leaf
	ret
end into

/* Its caller's caller is returned to: what is on the way is left with it. */
function skips
	call skipped
	call never
	ret
end skips
function skipped
	call leaf
	add $8, %rsp
	ret
end skipped

function never
	ret
end never

function leaf
	mov $1, %eax
	ret
end leaf

	.globl main
function main
	push %rbx
	mov $10, %ebx
1:	call address
	call over_data
	call by_thunk
	call tail_by_thunk
	call push_ret
	call push_jmp
	mov %ebx, %edi
	call conditional
	call falls
	call into
	call skips
	dec %ebx
	jnz 1b
	xor %eax, %eax
	pop %rbx
	ret
end main
	.section .note.GNU-stack, "", @progbits
