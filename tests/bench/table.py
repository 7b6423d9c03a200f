#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs the bench guest on xen-lite and on the real Xen and prints one table.

The unit is the instruction: QEMU counts them (xlite run --icount), so the same build gives the same figures. The
ceilings are what the release build is to stay under; a line that does not ends in "over", and the exit status is 1.

usage: table.py XLITE GUEST
"""

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


def measure(xlite, guest, hypervisor, arguments):
    """What the guest says: operation -> instructions."""
    command = [xlite, "run", "--icount", "--timeout", "120", "--hypervisor", hypervisor]
    command += ["--hypervisor-args", arguments, "--kernel", guest, "--memory", "64"]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    if "verdict: success" not in run.stdout:
        sys.exit(f"{run.stdout}{run.stderr}the bench did not come to its end on {hypervisor}")
    return {name: int(count) for count, name in re.findall(r"BENCH (\d+) (.+?)\r?$", run.stdout, re.MULTILINE)}


def main(xlite, guest):
    ours = measure(xlite, guest, "xen-lite", "guest_loglvl=none")
    theirs = measure(xlite, guest, "xen", "loglvl=none guest_loglvl=none smap=0")
    over = 0

    print(f"{'instructions':36}{'xen-lite':>9}{'Xen':>9}{'ratio':>8}{'ceiling':>9}")
    for name, count in ours.items():
        ceiling = CEILINGS[name]
        mark = "  over" if count > ceiling else ""
        over += count > ceiling
        print(f"{name:36}{count:>9,}{theirs[name]:>9,}{count / theirs[name]:>8.2f}{ceiling:>9,}{mark}")
    return 1 if over or len(ours) != len(CEILINGS) else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
