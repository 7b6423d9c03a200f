# SPDX-License-Identifier: MIT
"""The screen, as a person sees it: text on BIOS, pixels on UEFI; and what is there when the hypervisor panics."""
import os
import shutil
import subprocess

import pytest

from boot import BUILD
from screen import Screen
from test_console import SWITCH

GUEST_WAITS = 'echo: type lines, "quit" ends'
# The text screen has 25 lines, and these have gone by the time the guest waits.
FIRST_LINES = ["(xen-lite) domain 1 (guest): 64 MiB, 1 vcpu", "Guest kernel, 64-bit paravirtual."]

MACHINES = {
    "uefi-q35-qemu64-4": (True, ["-vga", "std", "-machine", "q35", "-smp", "4", "-cpu", "qemu64"]),
    # 800 by 600 pixels, which lie in RAM.
    "uefi-ramfb": (True, ["-device", "ramfb", "-machine", "pc"]),
    "bios-pc": (False, ["-vga", "std", "-machine", "pc"]),
    "bios-q35-qemu64-4": (False, ["-vga", "std", "-machine", "q35", "-smp", "4", "-cpu", "qemu64"]),
}


@pytest.fixture
def boot_image(xlite, guest_kernel, tmp_path):
    """boot_image(options) is an image whose guest waits for input."""
    def make(options):
        xlite("run", "--kernel", guest_kernel, "--extra", "echo", "--iso", tmp_path / "boot.iso", "--hypervisor-args",
              f"noreboot {options}", status=0)
        return tmp_path / "boot.iso"
    return make


def panic_by_key(machine, read):
    """All is in order, and then the hypervisor is told to panic."""
    machine.type(SWITCH + b"A")
    machine.wait_for("audit: ok")
    machine.type(b"C")
    machine.wait_for("panic: asked for by key")
    lines = machine.wait_for_line(read, "keys_press+0x")
    assert "(xen-lite) panic: asked for by key" in lines, "\n".join(lines)


@pytest.mark.parametrize("name", MACHINES)
def test_boot_and_panic(boot_image, tmp_path, name):
    uefi, arguments = MACHINES[name]
    with Screen(tmp_path, boot_image("console=com1,vga"), *arguments, uefi=uefi) as machine:
        read = machine.picture_lines if uefi else machine.text_lines
        machine.wait_for(GUEST_WAITS)
        lines = machine.wait_for_line(read, GUEST_WAITS)
        for line in FIRST_LINES:
            assert not uefi or line in lines, "\n".join(lines)
        panic_by_key(machine, read)


def test_graphics_on_bios(guest_kernel, tmp_path):
    """A boot menu of somebody else, which knows nothing of text screens: GRUB chooses a graphical one."""
    boot = tmp_path / "files/boot"
    os.makedirs(boot / "grub")
    shutil.copy(os.path.join(BUILD, "xen-lite.elf"), boot)
    shutil.copy(guest_kernel, boot)
    (boot / "grub/grub.cfg").write_text("multiboot2 /boot/xen-lite.elf noreboot\n"
                                        "module2 /boot/kernel.elf kernel -- echo\nboot\n", encoding="utf-8")
    subprocess.run(["grub-mkrescue", "-d", "/usr/lib/grub/i386-pc", "-o", tmp_path / "boot.iso", tmp_path / "files"],
                   check=True, capture_output=True)
    with Screen(tmp_path, tmp_path / "boot.iso", "-vga", "std") as machine:
        machine.wait_for(GUEST_WAITS)
        lines = machine.wait_for_line(machine.picture_lines, GUEST_WAITS)
        assert FIRST_LINES[-1] in lines, "\n".join(lines)
        panic_by_key(machine, machine.picture_lines)


@pytest.mark.parametrize("uefi", [True, False], ids=["uefi", "bios"])
def test_cpu_without_nx(boot_image, tmp_path, uefi):
    """The check that an UEFI machine can fail speaks on the graphical screen, too."""
    with Screen(tmp_path, boot_image("console=com1,vga"), "-vga", "std", "-cpu", "max,-nx", uefi=uefi) as machine:
        message = "(xen-lite) panic: this CPU has no execute-disable (NX)"
        machine.wait_for(message)
        machine.wait_for_line(machine.picture_lines if uefi else machine.text_lines, message)


def test_without_vga_the_screen_is_left_alone(boot_image, tmp_path):
    with Screen(tmp_path, boot_image("console=com1"), "-vga", "std") as machine:
        machine.wait_for(GUEST_WAITS)
        assert not any("xen-lite" in line for line in machine.text_lines())
