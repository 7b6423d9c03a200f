#!/bin/busybox sh
# SPDX-License-Identifier: MIT
#
# The first program of the real Xen's dom0 in tests/qemu/domu.py. It brings up what xl needs, starts the domains of each
# folder /guests/* together, says when they have ended and why, and prints what they have said. Lines for domu.py begin
# with "dom0: ".

/bin/busybox --install -s /bin
export PATH=/bin:/usr/lib/xen-4.17/bin
log=/var/log/xen/console

mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir /dev/pts
mount -t devpts pts /dev/pts
for module in /lib/modules/*.ko; do
    insmod "$module"
done
mount -t xenfs xenfs /proc/xen
# Its first line tells the kernel's console from ours: the kernel may have left a line unfinished.
echo

xenstored --pid-file /run/xenstored.pid
xen-init-dom0 >/dev/null
xenconsoled --log=guest --log-dir=$log --pid-file=/run/xenconsoled.pid

# xl -F stays until the domain has ended, and says why. Past the time it is killed and the domain removed.
run_domain() {
    timeout "$(cat "${1%.cfg}.seconds")" xl create -F "$1" >"/run/$2.xl" 2>&1 || xl destroy "$2" 2>/dev/null
}

report_domain() {
    echo "dom0: domain $1"
    tr -d '\r' <"$log/guest-$1.log"
    echo
    echo "dom0: xl of $1"
    cat "/run/$1.xl"
    echo "dom0: end"
}

for group in /guests/*; do
    last=$(ls "$group"/*.cfg | tail -n 1)
    for config in "$group"/*.cfg; do
        name=$(basename "$config" .cfg)
        echo "dom0: start $name"
        run_domain "$config" "$name" &
        # The ids are in the order of the files, as domu.py expects. Looking costs as much as the start itself.
        [ "$config" = "$last" ] ||
            until grep -q "Waiting for domain" "/run/$name.xl" || ! kill -0 $!; do usleep 200000; done 2>/dev/null
    done
    wait
    for config in "$group"/*.cfg; do
        report_domain "$(basename "$config" .cfg)"
    done
done
echo "dom0: done"
poweroff -f
