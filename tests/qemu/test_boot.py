# SPDX-License-Identifier: MIT
"""The bundled guest on every kind of machine: firmware, chipset, CPU model, number of CPUs, amount of memory."""
import os
import shlex
import subprocess

import pytest

from boot import BOOT_SECONDS, BUILD

LAST_LINE = "Good bye."

# One case an axis, and the corners where axes meet. Not the full product: each boot costs seconds.
MACHINES = [
    "--firmware bios --machine q35 --cpu max --cpus 2 --vcpus 2",
    "--firmware bios --machine q35 --cpu qemu64 --cpus 8",
    # The firmware alone takes five seconds of a processor. See test_no_screen and test_screen.py, too.
    "--firmware uefi --machine q35 --cpu qemu64 --cpus 4 --host-memory 5120",
    # Fits beside the hypervisor in 64 MiB.
    "--firmware bios --machine pc --host-memory 64 --memory 16",
    # The memory goes on behind the hole below 4 GiB, which pc and q35 have at different places.
    "--firmware bios --machine pc --host-memory 16384",
    "--firmware bios --machine q35 --host-memory 16384 --cpus 2",
    # What a CPU lacks: paravirtualisation needs none of these.
    "--cpu qemu64,-svm,-vmx",
    "--cpu max,-smap,-smep,-umip",
    "--cpu max,-x2apic,-tsc-deadline --cpus 4",
]


@pytest.mark.long
@pytest.mark.parametrize("machine", MACHINES, ids=[machine.replace("--", "").replace(" ", "-") for machine in MACHINES])
def test_machine(xlite, guest_kernel, machine):
    boot = xlite("run", *shlex.split(machine), "--kernel", guest_kernel, status=0)
    assert boot.guest_lines[-1] == LAST_LINE, str(boot)
    boot.assert_audit_ok()


@pytest.mark.long
def test_no_screen(xlite, guest_kernel):
    """UEFI without a graphics card, on a pc: that is said, and the serial port is enough."""
    boot = xlite("run", "--firmware", "uefi", "--machine", "pc", "--cpus", 2, "--qemu-args", "-vga none",
                 "--kernel", guest_kernel, status=0)
    assert "(xen-lite) no screen: the boot loader has set up none" in boot.lines, str(boot)
    assert boot.guest_lines[-1] == LAST_LINE, str(boot)
    boot.assert_audit_ok()


@pytest.mark.parametrize("build", ["release", "clang", "ubsan"])
def test_other_builds(xlite, guest_kernel, build):
    """The hypervisor without its checks, which audits only when it is asked to, and as clang compiles it."""
    boot = xlite("run", "--cpus", 2, "--hypervisor-args", "audit", "--kernel", guest_kernel, build=build, status=0)
    assert boot.guest_lines[-1] == LAST_LINE, str(boot)
    boot.assert_audit_ok()


def test_boot_without_an_image(guest_kernel):
    """The Multiboot 1 header: QEMU loads hypervisor and guest by itself, no GRUB and no xlite."""
    command = ["qemu-system-x86_64", "-accel", "tcg", "-m", "256", "-cpu", "max", "-display", "none", "-no-reboot",
               "-nic", "none", "-serial", "stdio", "-kernel", os.path.join(BUILD, "xen-lite.elf"),
               "-append", "console=com1", "-initrd", guest_kernel]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=BOOT_SECONDS, check=False)
    assert LAST_LINE in done.stdout.decode(errors="replace"), done.stdout.decode(errors="replace")


def test_written_image_boots(xlite, guest_kernel, tmp_path):
    """--iso writes the image for somebody else to boot: here QEMU, with both kinds of firmware's own boot order."""
    image = tmp_path / "boot.iso"
    xlite("run", "--kernel", guest_kernel, "--iso", image, status=0)
    command = ["qemu-system-x86_64", "-accel", "tcg", "-m", "256", "-cpu", "max", "-display", "none", "-no-reboot",
               "-nic", "none", "-serial", "stdio", "-cdrom", str(image)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=BOOT_SECONDS, check=False)
    assert LAST_LINE in done.stdout.decode(errors="replace"), done.stdout.decode(errors="replace")
