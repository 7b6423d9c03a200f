#!/bin/busybox sh
# SPDX-License-Identifier: MIT
#
# The first program of a Linux guest in tests/qemu/test_linux.py: a little work for the shell, then /userland, then how
# the kernel got on, and off.

/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev

echo "init: $(grep -c ^processor /proc/cpuinfo) processors"
echo "init: $(seq 1 300 | awk '{ sum += 1 / $1 } END { printf "%.6f", sum }') is the harmonic sum"
trap 'echo "init: signal caught"' USR1
kill -USR1 $$
dd if=/dev/urandom of=/tmp.bin bs=64k count=4 2>/dev/null
gzip -c /tmp.bin | gunzip | cmp - /tmp.bin && echo "init: packed and unpacked"
i=0
while [ $i -lt 40 ]; do
    (exit $i) || true
    i=$((i + 1))
done
/userland
# What it thinks worth a warning, or worse.
dmesg -r | sed -n 's/^<[0-4]>/init: kernel: /p'
echo "init: done"
poweroff -f
