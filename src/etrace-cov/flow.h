/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which block followed which, on each CPU by itself, and how often.
 */
#ifndef ETRACE_FLOW_H
#define ETRACE_FLOW_H

#include <stdint.h>

struct flow;

struct flow *flow_new(void);
void flow_free(struct flow *f);

/* CPU executed BLOCK, a small number, TIMES (1 or more) in a row, after the blocks of calls before. */
void flow_step(struct flow *f, uint64_t cpu, uint32_t block, uint64_t times);

/* TO followed FROM so many TIMES, 1 or more. */
void flow_add(struct flow *f, uint32_t from, uint32_t to, uint64_t times);

/* Calls VISIT for each pair of blocks, of which TO followed FROM so many times. */
void flow_each(const struct flow *f, void (*visit)(void *arg, uint32_t from, uint32_t to, uint64_t times), void *arg);

#endif
