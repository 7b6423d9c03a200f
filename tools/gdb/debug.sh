#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: tools/gdb/debug.sh BUILD GUEST RUN [GDB-ARGUMENT...]
#
# Boots GUEST on xen-lite in a QEMU that is stopped at power-on, and runs gdb on it with the symbols of both. If RUN is
# not empty, GUEST is the teaching kernel: it gets its ramdisk and runs that line of shell, and gdb has the symbols of
# the program that the line begins with, too. The console goes to BUILD/debug-console-PORT.log: gdb needs the terminal.
# When gdb ends, QEMU ends. The port between the two is 1234, or what XLITE_GDB_PORT says.
set -eu

build=$1
guest=$2
run=$3
shift 3
port=${XLITE_GDB_PORT:-1234}
log=$build/debug-console-$port.log
program=${run%% *}

case $(od -An -tu1 -j4 -N1 "$guest") in # ELF's class
*1) bits=32 ;;
*) bits=64 ;;
esac
if [ -n "$program" ]; then
    set -- -ex "add-symbol-file $build/user-$bits/debug/$program" -ex "set \$xl_program = \"$program\"" "$@"
    with="--ramdisk $build/guest-kernel/ramdisk-$bits.cpio"
fi

# shellcheck disable=SC2086 # options, to be split
"$build/xlite" run "--gdb=$port" --timeout 86400 --kernel "$guest" ${with:-} --extra "${run:+run=$run}" \
    </dev/null >"$log" 2>&1 &
machine=$!
trap 'kill "$machine" 2>/dev/null || true; wait "$machine" 2>/dev/null || true' EXIT INT TERM

echo "debug: the console is in $log (tail -f it in another terminal)"
echo "debug: xl-boot runs to hypervisor_main, xl-guest SYMBOL to a function of the guest, xl-program SYMBOL to one of"
echo "debug: the program; xl-where, xl-domains and xl-frame MFN show where it is and what it has"
gdb -q -iex 'set auto-load safe-path .' -iex "set \$xl_bits = $bits" -x tools/gdb/xen-lite.gdb \
    -ex "add-symbol-file $guest" -ex 'set tcp connect-timeout 120' -ex "target remote 127.0.0.1:$port" \
    "$@" "$build/xen-lite.elf"
