#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs the teaching kernel's program `bench` in all builds, and prints what its services cost on each, in one table.

The unit is the instruction: QEMU counts them (xlite run --icount), and a nanosecond of the kernel's clock is one. The
ratios are to the native build of the same width: what paravirtualisation costs.

usage: kernel_table.py XLITE FOLDER XEN-LITE     (FOLDER has <build>/kernel.elf and ramdisk-<width>.cpio)
"""

import re
import subprocess
import sys

LAST = "fork, exec, exit, wait"


def measure(xlite, folder, build, hypervisor, arguments):
    """What the program says: service -> instructions. With its last line all is known; to power a counted machine off
    may take minutes."""
    width = build[-2:]
    command = [xlite, "run", "--icount", "--timeout", "300", "--hypervisor", hypervisor]
    command += ["--hypervisor-args", arguments] if arguments else []
    command += ["--kernel", f"{folder}/{build}/kernel.elf", "--ramdisk", f"{folder}/ramdisk-{width}.cpio"]
    command += ["--extra", "run=bench"]
    found, lines = {}, []
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as run:
        for line in run.stdout:
            lines.append(line.rstrip())
            match = re.fullmatch(r"(.+): (\d+) ns", lines[-1])
            if match:
                found[match[1]] = int(match[2])
            if LAST in found:
                run.terminate()
                return found
    sys.exit("\n".join(lines) + f"\nbench did not come to its end: {build} on {hypervisor}")


def main(xlite, folder, xen_lite):
    machines = [
        ("native64", "native64", "none", None),
        ("pv64", "pv64", f"xen-lite={xen_lite}", "guest_loglvl=none"),
        ("pv64 on Xen", "pv64", "xen", "loglvl=none guest_loglvl=none smap=0"),
        ("native32", "native32", "none", None),
        ("pv32", "pv32", f"xen-lite={xen_lite}", "guest_loglvl=none"),
    ]
    base = {}
    columns = []

    for title, build, hypervisor, arguments in machines:
        found = measure(xlite, folder, build, hypervisor, arguments)
        width = build[-2:]
        base.setdefault(width, found)
        columns.append((title, width, found))
    head = "".join(f"{title:>{11 if base[width] is found else 17}}" for title, width, found in columns)
    print(f"{'instructions, ratio to native':30}{head}")
    for name in columns[0][2]:
        line = f"{name:30}"
        for _, width, found in columns:
            native = base[width][name]
            line += f"{found[name]:>11,}" if found is base[width] else f"{found[name]:>11,}{found[name] / native:>6.2f}"
        print(line)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
