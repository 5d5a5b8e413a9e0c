/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-cat -f etrace.
 * in:  any bytes
 * out: nothing, if all is well
 */
#include "inputs.h"

FUZZ_INPUT(in_etrace)
