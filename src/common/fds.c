/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps files away from descriptors 0, 1 and 2.
 * in:  etrace-cat fw.etrace <&-
 * out: 0 is /dev/null, open for writing
 */
#include "fds.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "die.h"

void std_fds_check(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			die(ST_SYSTEM, "/dev/null: %s", strerror(errno));
}
