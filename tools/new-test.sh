#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: tools/new-test.sh NAME          (make new-test NAME=...)
#
# Writes the skeleton of a test guest: tests/guests/NAME/main.c. It compiles, and fails until it tests something.
set -eu

cd "$(dirname "$0")/.."
name=${1:-}
case $name in
'' | *[!a-z0-9-]* | -*)
    echo "usage: make new-test NAME=what-it-claims (small letters, digits and dashes)" >&2
    exit 2
    ;;
esac
folder=tests/guests/$name
[ ! -e "$folder" ] || {
    echo "new-test: $folder is there already" >&2
    exit 1
}

mkdir -p "$folder"
cat >"$folder/main.c" <<'SKELETON'
/* SPDX-License-Identifier: MIT */
/*
 * Claim: one sentence that is true or false.
 * Rule: the ids in abi/rules.def that this shows, or where the ABI says so
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    expect(CALL(xen_version, XENVER_pagesize, NULL), 0, "what is expected, in words");
}
SKELETON
echo "$folder/main.c is written. Say in its head comment what it claims, then (pv64.elf is of 64 bits, pv32.elf of 32):"
echo "    make && build/xlite run --kernel build/$folder/pv64.elf                    # on xen-lite"
echo "    make && build/xlite run --kernel build/$folder/pv32.elf"
echo "    make && build/xlite run --hypervisor xen --kernel build/$folder/pv64.elf   # on the real Xen"
echo "    make && build/xlite run --hypervisor xen=build/oracle32/xen --kernel build/$folder/pv32.elf   # make oracle32"
