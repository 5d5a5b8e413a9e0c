/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which QEMU this is.
 */
#ifndef ETRACE_RELEASE_H
#define ETRACE_RELEASE_H


/* This QEMU's release, 100 * MAJOR + MINOR; 0 if it does not say. */
unsigned qemu_release(void);

/* The API version to ask it for. */
int release_api(void);

#endif
