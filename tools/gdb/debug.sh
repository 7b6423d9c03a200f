#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: tools/gdb/debug.sh BUILD GUEST [GDB-ARGUMENT...]
#
# Boots GUEST on xen-lite in a QEMU that is stopped at power-on, and runs gdb on it with the symbols of both. The
# console goes to BUILD/debug-console-PORT.log: gdb needs the terminal. When gdb ends, QEMU ends. The port between the
# two is 1234, or what XLITE_GDB_PORT says.
set -eu

build=$1
guest=$2
shift 2
port=${XLITE_GDB_PORT:-1234}
log=$build/debug-console-$port.log

"$build/xlite" run "--gdb=$port" --timeout 86400 --kernel "$guest" </dev/null >"$log" 2>&1 &
machine=$!
trap 'kill "$machine" 2>/dev/null || true; wait "$machine" 2>/dev/null || true' EXIT INT TERM

echo "debug: the console is in $log (tail -f it in another terminal)"
echo "debug: xl-boot runs to hypervisor_main, xl-guest SYMBOL to a function of the guest; xl-where, xl-domains and"
echo "debug: xl-frame MFN show where it is and what it has"
gdb -q -iex 'set auto-load safe-path .' -x tools/gdb/xen-lite.gdb -ex "add-symbol-file $guest" \
    -ex 'set tcp connect-timeout 120' -ex "target remote 127.0.0.1:$port" "$@" "$build/xen-lite.elf"
