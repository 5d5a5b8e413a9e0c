#!/bin/busybox sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The guest's first process: tells where the kernel is.
# out: ffff800008010000 T _stext
#        40210000-4158ffff : Kernel code
export PATH=/bin
mount -t proc proc /proc
echo 0 >/proc/sys/kernel/kptr_restrict
echo 0 >/proc/sys/kernel/printk
echo truth begins
grep ' _stext$' /proc/kallsyms
grep Kernel /proc/iomem
echo truth ends
ls /bin >/dev/null
poweroff -f
