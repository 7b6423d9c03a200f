# SPDX-License-Identifier: MIT
"""What the domain builder refuses in a 32-bit kernel. QEMU loads the module: xlite would look at the file before."""
import os
import pathlib
import re
import struct
import subprocess

import pytest

import xlite_util
from boot import BOOT_SECONDS, BUILD

ENTRY, HYPERCALL_PAGE, VIRT_BASE, PADDR_OFFSET, PAE_MODE, HV_START_LOW = 1, 2, 3, 4, 9, 12
BASE, TOO_HIGH = 0xd0000000, 0xf57c0000  # the first as in tests/guests/support/layout.h


def note(kind, value):
    """An ELF note with a word or four letters."""
    return struct.pack("<III4s", 4, 4, kind, b"Xen") + (struct.pack("<I", value) if isinstance(value, int) else value)


@pytest.mark.parametrize("changes, words", [
    ([(note(PAE_MODE, b"yes\0"), note(PAE_MODE, b"no\0\0"))], r"a 32-bit kernel without PAE .*\(IMG-2\)"),
    ([(note(PADDR_OFFSET, 0), note(HV_START_LOW, 0xf5800001))],
     r"it wants the hypervisor above 0xf5800001 \(HV_START_LOW\), and that begins at 0xf5800000 \(IMG-3\)"),
    ([(note(VIRT_BASE, BASE), note(VIRT_BASE, TOO_HIGH)), (note(ENTRY, BASE), note(ENTRY, TOO_HIGH)),
      (note(HYPERCALL_PAGE, BASE + 0x1000), note(HYPERCALL_PAGE, TOO_HIGH + 0x1000))],
     r"would be at 0xf57c0000-0x[0-9a-f]{8}: there is the hypervisor \(IMG-3\)"),
], ids=["no PAE", "hypervisor too low", "image too high"])
def test_kernel_is_refused(test_guest, tmp_path, changes, words):
    contents = pathlib.Path(test_guest("xen-version", "pv32")).read_bytes()
    image = tmp_path / "guest.elf"
    for old, new in changes:
        assert contents.count(old) == 1
        contents = contents.replace(old, new)
    image.write_bytes(contents)
    assert_refused(image, words)


def test_kernel_that_needs_ring_0_is_refused(tmp_path):
    """Of either width."""
    image = tmp_path / "guest.elf"
    image.write_bytes(xlite_util.make_elf(notes=xlite_util.NOTES + xlite_util.note(10, "!supervisor_mode_kernel")))
    assert_refused(image, r"it needs supervisor_mode_kernel \(note FEATURES\), which PV guests do not have \(IMG-4\)")


def assert_refused(image, words):
    command = ["qemu-system-x86_64", "-accel", "tcg", "-m", "128", "-cpu", "max", "-display", "none", "-no-reboot",
               "-nic", "none", "-serial", "stdio", "-kernel", os.path.join(BUILD, "xen-lite.elf"),
               "-append", "console=com1", "-initrd", image]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=BOOT_SECONDS, check=False)
    output = done.stdout.decode(errors="replace")
    assert re.search(r"domain module0: " + words, output), output
