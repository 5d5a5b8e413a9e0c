/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of all kinds, of 4 bytes each. */
#ifdef __x86_64__
#define FOUR_BYTES nop; nop; nop; nop
#else
#define FOUR_BYTES nop
#endif
	.text
	.file 1 "rows.c"
	.globl f
	.type f, %function
f:
	.loc 1 3 1 is_stmt 1 view -0	/* where line 4 begins too, and nowhere else */
	.loc 1 4 1 view .LVU1
	FOUR_BYTES
	.loc 1 5 1 is_stmt 0		/* the only row of its line */
	FOUR_BYTES
	.loc 1 4 1 is_stmt 0		/* line 4 goes on */
	FOUR_BYTES
	.loc 1 6 1 is_stmt 1
	FOUR_BYTES
	.loc 1 99 1 is_stmt 1		/* the test makes line 0 of it: of no line */
	FOUR_BYTES
	.loc 1 6 1 is_stmt 0 discriminator 2
	FOUR_BYTES
	.loc 1 7 1 is_stmt 1
	FOUR_BYTES
	.loc 1 7 1 is_stmt 0 discriminator 3	/* another block of the statement */
	FOUR_BYTES
	.loc 1 7 1 is_stmt 0 discriminator 3
	FOUR_BYTES
	.loc 1 8 1 is_stmt 1 view .LVU2	/* no code here ... */
	.loc 1 9 1 view .LVU3
	FOUR_BYTES
	.loc 1 8 1			/* ... but here */
	FOUR_BYTES
	.size f, . - f
	.section .note.GNU-stack,"",%progbits
