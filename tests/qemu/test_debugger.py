# SPDX-License-Identifier: MIT
"""`make debug`: gdb finds the machine stopped, has the symbols of both, and can run to either."""
import os
import re
import subprocess

import pytest

from boot import BOOT_SECONDS, BUILD, ROOT
from machine import free_port


@pytest.mark.parametrize("width, ring", [("pv32", "1"), ("pv64", "3")])
def test_symbols_of_hypervisor_and_guest(width, ring):
    guest_kernel = os.path.join(BUILD, "guest-kernel", width, "kernel.elf")
    commands = ["xl-boot", "xl-where", "xl-guest kernel_main", "xl-where", "xl-domains", "xl-frame 0", "kill"]
    words = [word for command in commands for word in ("-ex", command)]
    done = subprocess.run(["tools/gdb/debug.sh", BUILD, guest_kernel, "--batch", *words], cwd=ROOT, text=True,
                          env={**os.environ, "XLITE_GDB_PORT": str(free_port())}, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=BOOT_SECONDS, check=False)
    wheres = re.findall(r"^in (the hypervisor|a guest), ring (\d)", done.stdout, re.MULTILINE)
    assert wheres == [("the hypervisor", "0"), ("a guest", ring)], done.stdout + done.stderr
    assert "kernel_main" in done.stdout
    assert re.search(r"^domain 1 \(guest\): \d+ pages\n  vcpu 0: VCPU_RUNNING on CPU 0", done.stdout, re.MULTILINE)
    assert re.search(r"count = 0x\w+", done.stdout)
