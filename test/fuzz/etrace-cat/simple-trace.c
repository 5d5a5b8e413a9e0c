/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-cat -f simple-trace.
 * in:  any bytes
 * out: nothing, if all is well
 */
#include "inputs.h"

FUZZ_INPUT(in_simple_trace)
