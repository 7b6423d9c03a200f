# SPDX-License-Identifier: MIT
"""`make debug`: gdb finds the machine stopped, has the symbols of hypervisor, guest kernel and a program of it, and can
run to each."""
import os
import re
import subprocess

import pytest

from boot import BOOT_SECONDS, BUILD, ROOT
from machine import free_port


def gdb(width, run, commands):
    """What it says to the commands."""
    guest_kernel = os.path.join(BUILD, "guest-kernel", width, "kernel.elf")
    words = [word for command in commands + ["kill"] for word in ("-ex", command)]
    done = subprocess.run(["tools/gdb/debug.sh", BUILD, guest_kernel, run, "--batch", *words], cwd=ROOT, text=True,
                          env={**os.environ, "XLITE_GDB_PORT": str(free_port())}, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=BOOT_SECONDS, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("width, ring", [("pv32", "1"), ("pv64", "3")])
def test_symbols_of_hypervisor_guest_and_program(width, ring):
    commands = ["xl-boot", "xl-where", "xl-guest kernel_main", "xl-where", "xl-domains", "xl-frame 0"]
    commands += ["xl-program main", "xl-where", "thbreak call_read", "continue", "bt"]
    said = gdb(width, "cat /etc/rc", commands)
    wheres = re.findall(r"^in (the hypervisor|a guest), ring (\d)[^\n]*\n(\w+)", said, re.MULTILINE)
    assert wheres == [("the hypervisor", "0", "hypervisor_main"), ("a guest", ring, "kernel_main"),
                      ("a guest", "3", "main")], said
    assert "at guest-kernel/user/bin/cat.c:" in said and "Error in testing" not in said, said
    assert re.search(r"^#0 .*call_read .*\n#1 .*trap_arrives .*\n#2 .*(entry_common|<signal)", said, re.MULTILINE), said
    if width == "pv64":  # gdb, made for 64 bits, does not understand what a 32-bit entry tells of its frame
        assert re.search(r"^#2 .*\n#3 .* system_call .*(\n.*)+ main ", said, re.MULTILINE), said
    assert re.search(r"^domain 1 \(guest\): \d+ pages\n  vcpu 0: VCPU_RUNNING on CPU 0", said, re.MULTILINE), said
    assert re.search(r"count = 0x\w+", said), said


def test_kernel_without_a_program():
    said = gdb("pv32", "", ["xl-guest kernel_main", "xl-where", "xl-program"])
    assert "in a guest, ring 1" in said, said
    assert "no program was given" in said, said
