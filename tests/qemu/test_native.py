# SPDX-License-Identifier: MIT
"""The bundled kernel on the bare machine: booted by GRUB, no hypervisor, both widths."""
import os
import re

import pytest

from boot import BUILD, ROOT

# What the tour says of the machine, which is another one.
DIFFERENT = ("Guest kernel, ", "hypervisor: ", "spaces: the page table ")


def kernel(build):
    return os.path.join(BUILD, "guest-kernel", build, "kernel.elf")


@pytest.fixture
def bare(xlite):
    """Boots native64 or native32."""
    return lambda width, *arguments, **options: xlite("run", "--hypervisor", "none", "--kernel",
                                                      kernel(f"native{width}"), *arguments, **options)


@pytest.mark.parametrize("width, machine", [(64, "pc"), (32, "q35")])
def test_tour(bare, quick_xlite, width, machine):
    """It is the same as that of the PV kernel of the same source."""
    native = bare(width, "--machine", machine, "--memory", 16, "--extra", "two words", status=0)
    paravirtual = quick_xlite("run", "--kernel", kernel(f"pv{width}"), status=0)
    same = [[line for line in boot.guest_lines if not line.startswith(DIFFERENT)] for boot in (native, paravirtual)]
    assert same[0] == same[1], str(native)
    assert native.lines[0] == f"Guest kernel, {width}-bit native."
    assert 'hypervisor: command line "two words"' in native.lines
    assert "spaces: the page table can be read, and can be written" in native.lines
    assert "spaces: the page table can be read, and cannot be written" in paravirtual.lines


@pytest.mark.parametrize("width, cpu", [(64, "qemu64"), (32, "max,-smap,-smep,-umip")])
def test_input(bare, width, cpu):
    """Keys come by interrupt. The processor lacks what the kernel can do without."""
    boot = bare(width, "--cpu", cpu, "--extra", "echo", stdin=b"hello\nquit\n", status=0)
    assert "echo: hello" in boot.lines and boot.lines[-1] == "Good bye.", str(boot)


@pytest.mark.parametrize("width", [64, 32])
def test_crash(bare, tmp_path, width):
    """A kernel that panics says so, and xlite does."""
    ramdisk = tmp_path / "ramdisk"
    ramdisk.write_bytes(b"no file system" * 1000)
    boot = bare(width, "--ramdisk", ramdisk, status=1)
    assert "kernel panic: the ramdisk is no file system" in boot.lines, str(boot)
    assert any("kernel_main+0x" in line for line in boot.lines), str(boot)
    assert boot.errors == "xlite: the kernel crashed\n"


def test_the_kernel_is_small():
    """docs/teaching-kernel.md says how small. Lines with nothing but a comment do not count."""
    lines = 0
    for part in ("kernel", "lib", "machine"):
        for folder, _, names in os.walk(os.path.join(ROOT, "guest-kernel", part)):
            for name in names:
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)
                lines += sum(1 for line in text.splitlines() if line.strip())
    with open(os.path.join(ROOT, "docs/teaching-kernel.md"), encoding="utf-8") as file:
        told = re.search(r"made to be read: ([\d,]+) lines", file.read())[1]
    assert lines < 8000 and abs(lines - int(told.replace(",", ""))) < 100, lines


def test_the_chapter_tells_every_function():
    """docs/from-ring-0-to-ring-1.md walks through machine.h."""
    with open(os.path.join(ROOT, "guest-kernel/machine/machine.h"), encoding="utf-8") as file:
        functions = set(re.findall(r"\b(?:machine|kernel)_\w+(?=\()", file.read()))
    with open(os.path.join(ROOT, "docs/from-ring-0-to-ring-1.md"), encoding="utf-8") as file:
        told = set(re.findall(r"\*\*`(\w+)`\*\*", file.read()))
    assert len(functions) > 30 and functions == told
