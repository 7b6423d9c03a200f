#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: tools/oracle32.sh TARGET          (make oracle32)
#
# Builds the real Xen for 32-bit guests: Debian's package of it is built without them (CONFIG_PV32), so this takes the
# package's source, switches them on, and builds the hypervisor alone, in a minute or two. The result is TARGET/xen;
# nothing is installed and nothing outside TARGET is changed: apt gets lists and sources.list of its own there.
set -eu

target=$(realpath -m "${1:?usage: tools/oracle32.sh TARGET}")
if [ -f "$target/xen" ]; then
    exit 0
fi
for command in apt-get dpkg-source flex bison make gcc; do
    command -v "$command" >/dev/null || {
        echo "oracle32: $command is missing; tools/setup.sh oracle32 installs what is needed" >&2
        exit 1
    }
done

work=$target/work
rm -rf "$work"
mkdir -p "$work"
tree=$work/xen
"$(dirname "$0")/fetch-source.sh" xen "$tree" 4.17.
echo "oracle32: building it (log: $target/log)" >&2
echo CONFIG_PV32=y >"$tree/xen/.config"
for goal in olddefconfig build; do
    # Of make's own variables none is for the other tree.
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
        make -C "$tree/xen" -j"$(nproc)" XEN_ROOT="$tree" "$goal" >>"$target/log" 2>&1 || {
        tail -n 20 "$target/log" >&2
        exit 1
    }
done
grep -q '^CONFIG_PV32=y' "$tree/xen/.config"
cp "$tree/xen/xen" "$target/xen"
rm -rf "$work"
