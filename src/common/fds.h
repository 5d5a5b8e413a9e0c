/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Descriptors 0, 1 and 2, which a program may be started without: etrace-cat fw.etrace <&-
 */
#ifndef ETRACE_FDS_H
#define ETRACE_FDS_H

/*
 * To be called before anything is opened, which would get the number of one that is closed, and be taken
 * for standard input or written to as standard output or error.  Puts something there that can be neither
 * read nor written, so that the use of what is closed is an error, and only the use.
 */
void std_fds_check(void);

#endif
