#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs the bench guest at both widths on xen-lite and on the real Xen, and prints a table for each.

The unit is the instruction: QEMU counts them (xlite run --icount), so the same build gives the same figures. The
ceilings are what the release build is to stay under; a line that does not ends in "over", and the exit status is 1.
Debian's Xen runs no 32-bit guests: beside pv32 is the one that `make oracle32` builds, if it is there.

usage: table.py XLITE FOLDER ORACLE32     (FOLDER has pv64.elf and pv32.elf)
"""

import os
import re
import subprocess
import sys

CEILINGS = {
    "null hypercall": 110,
    "unknown hypercall": 90,
    "multicall of 8": 600,
    "set_timer_op": 250,
    "sched_yield": 500,
    "evtchn send, already pending": 150,
    "evtchn send to self, upcall, iret": 450,
    "interdomain send, upcall, iret": 470,
    "mmu_update, 1 entry": 450,
    "mmu_update, 64 entries": 16000,
    "update_va_mapping, invlpg": 420,
    "update_va_mapping, unmap, map": 750,
    "pin + unpin of an empty L1": 8000,
    "mmuext new_baseptr": 250,
    "trapped page-table write": 800,
    "grant copy, 64 bytes": 500,
    "grant copy, 4 KiB": 1050,
    "copy from a grant, 4 KiB": 1290,
    "copy from a grant, 64 bytes": 660,
    "grant map + unmap": 1200,
    "RDMSR": 550,
    "MOV from CR0": 550,
    "CPUID with the prefix": 220,
    "int3 to the kernel and back": 300,
    "ud2 to the kernel and back": 320,
    "page fault to the kernel and back": 330,
    "user SYSCALL and back": 300,
    "user int 0x80 and back": 300,
    "user page fault and back": 380,
}


# A 32-bit guest may take so much longer: some paths do more, and none less.
MORE_AT_32 = 1.15


def measure(xlite, guest, hypervisor, arguments):
    """What the guest says: operation -> instructions. Its last line is the verdict; the real Xen, which then halts the
    machine, takes minutes for that while instructions are counted."""
    command = [xlite, "run", "--icount", "--timeout", "120", "--hypervisor", hypervisor]
    command += ["--hypervisor-args", arguments, "--kernel", guest, "--memory", "64"]
    lines = []
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as run:
        for line in run.stdout:
            lines.append(line.rstrip())
            if line.startswith("verdict: "):
                run.terminate()
    if "verdict: success" not in lines:
        sys.exit("\n".join(lines) + f"\nthe bench did not come to its end on {hypervisor}")
    found = [re.fullmatch(r"BENCH (\d+) (.+)", line) for line in lines]
    return {match[2]: int(match[1]) for match in found if match}


def table(ours, theirs, factor):
    """Prints it; how many lines are over their ceiling, or missing."""
    over = 0

    for name, count in ours.items():
        ceiling = int(CEILINGS[name] * factor)
        mark = "  over" if count > ceiling else ""
        over += count > ceiling
        beside = f"{theirs[name]:>9,}{count / theirs[name]:>8.2f}" if theirs else f"{'-':>9}{'-':>8}"
        print(f"{name:36}{count:>9,}{beside}{ceiling:>9,}{mark}")
    return over + len(CEILINGS) - len(ours)


def main(xlite, folder, oracle32):
    over = 0

    for width, xen, factor in (("pv64", "xen", 1), ("pv32", f"xen={oracle32}", MORE_AT_32)):
        guest = f"{folder}/{width}.elf"
        print(f"{'instructions, ' + width:36}{'xen-lite':>9}{'Xen':>9}{'ratio':>8}{'ceiling':>9}", flush=True)
        ours = measure(xlite, guest, "xen-lite", "guest_loglvl=none")
        runs_there = width == "pv64" or os.path.exists(oracle32)
        theirs = measure(xlite, guest, xen, "loglvl=none guest_loglvl=none smap=0") if runs_there else {}
        over += table(ours, theirs, factor)
    return 1 if over else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
