/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * etrace-cat -f exec-log.
 * in:  any bytes
 * out: nothing, if all is well
 */
#include "inputs.h"

FUZZ_INPUT(in_exec_log)
