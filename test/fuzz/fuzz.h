/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For harnesses of libFuzzer (make fuzz): a file of whatever bytes.  What they find is a crash, a report of the
 * sanitizers, or that it does not end; what the code says on the way is not looked at.
 */
#ifndef ETRACE_FUZZ_H
#define ETRACE_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "die.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file with these bytes, to be read from its beginning; to be closed. */
static inline int fuzz_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET))
		die(ST_SYSTEM, "no file for the fuzzer's bytes");
	return fd;
}

#endif
