# SPDX-License-Identifier: MIT
"""Kernel images: what xlite accepts, how it unwraps, and the line with which it refuses. Nothing boots; --iso shows
what the hypervisor would get."""
import shutil
import subprocess

import pytest

from xlite_util import NOTES, NOTES_32, PACKERS, PAGE, Segment, make_bzimage, make_elf, make_hypervisor, note, write

MB = 1 << 20
CODE = b"\xf4" * PAGE
LINUX_LIKE = note(1, 0xffffffff80100000) + note(3, 0xffffffff80000000) + note(5, "xen-3.0") + note(6, "linux")
GUEST_SECTION = b"GUEST_OS=test,XEN_VER=xen-3.0,VIRT_BASE=0xC0000000,VIRT_ENTRY=0xC0100000,LOADER=generic,PAE=yes\0"

GOOD = [
    ("64 bits", make_elf()),
    ("32 bits", make_elf(bits=32, notes=NOTES_32)),
    ("linux needs no loader note", make_elf(notes=LINUX_LIKE)),
    ("notes of others", make_elf(notes=note(3, b"\1\2\3", owner=b"GNU\0") + NOTES)),
    ("numbers of 4 bytes", make_elf(notes=NOTES + note(3, b"\0\0\0\0"))),
    ("physical offset", make_elf([Segment(CODE, paddr=0xc0100000)], notes=NOTES + note(4, 0xc0000000))),
    ("guest section, offset is the virtual base",
     make_elf([Segment(CODE, paddr=0xc0100000)], bits=32, notes=None, guest_section=GUEST_SECTION)),
    ("guest section with offset",
     make_elf(bits=32, notes=None, guest_section=GUEST_SECTION.replace(b"PAE", b"ELF_PADDR_OFFSET=0x0,PAE"))),
    ("fills the memory", make_elf([Segment(CODE, paddr=0, memory_size=64 * MB)])),
    ("neighbours", make_elf([Segment(CODE, paddr=0x101000), Segment(CODE, paddr=0x100000)])),
    ("empty segment inside another", make_elf([Segment(CODE), Segment(b"", paddr=0x100800)])),
    ("not loaded, outside", make_elf([Segment(CODE), Segment(CODE, paddr=1 << 40, kind=0x6474e551)])),
]

# name, file, the line behind the file's name
BAD = [
    ("empty", b"", "not a kernel image"),
    ("text", b"#!/bin/sh\n", "not a kernel image"),
    ("magic only", b"\x7fELF", "not an ELF file"),
    ("header cut", make_elf()[:40], "truncated: the ELF header ends at 0x40, the file has 0x28"),
    ("table cut", make_elf()[:100], "truncated: segment headers at 0x40 take 0x70 bytes, the file has 0x64"),
    ("segment cut", make_elf([Segment(CODE, offset=8000)]),
     "truncated: segment 0 at 0x1f40 takes 0x1000 bytes, the file has "),
    ("segment offset wraps", make_elf([Segment(CODE, offset=2**64 - 16)]),
     "truncated: segment 0 at 0xfffffffffffffff0 takes 0x1000 bytes"),
    ("note segment cut", make_elf([Segment(CODE), Segment(NOTES, kind=4, offset=1 << 30)], notes=None),
     "truncated: notes at 0x40000000 take "),
    ("class", make_elf(elf_class=3), "ELF class is 3, neither 32 nor 64 bits"),
    ("class of the other width", make_elf(elf_class=1), "ELF machine is 62, not 32-bit x86"),
    ("byte order", make_elf(data=2), "ELF byte order is not little-endian"),
    ("machine", make_elf(machine=183), "ELF machine is 183, not 64-bit x86"),
    ("machine, 32 bits", make_elf(bits=32, machine=40), "ELF machine is 40, not 32-bit x86"),
    ("object file", make_elf(kind=1), "ELF type is 1, not an executable"),
    ("no program headers", make_elf(header_count=0), "nothing to load: no loadable segment"),
    ("nothing to load", make_elf([]), "nothing to load: no loadable segment"),
    ("no Xen note", make_elf(notes=None), "no Xen notes and no section __xen_guest"),
    ("only notes of others", make_elf(notes=note(5, "xen-3.0", owner=b"GNU\0")), "no Xen notes"),
    ("version", make_elf(notes=NOTES + note(5, "xen-2.0")), 'built for Xen version "xen-2.0"'),
    ("version missing", make_elf(notes=note(8, "generic")), 'the note XEN_VERSION is missing: it must be "xen-3.0"'),
    ("loader missing", make_elf(notes=note(5, "xen-3.0")), 'the note LOADER is missing: it must be "generic"'),
    ("loader", make_elf(notes=NOTES + note(8, "special")), 'needs the loader "special"'),
    ("no PAE", make_elf(bits=32), 'a 32-bit kernel without PAE: note PAE_MODE must be "yes"'),
    ("note is no number", make_elf(notes=NOTES + note(3, b"\1\2\3")), "Xen note 3: a number of 3 bytes"),
    ("overlap", make_elf([Segment(CODE), Segment(CODE, paddr=0x100ff0)]),
     "segments 0 and 1 overlap at 0x100ff0"),
    ("same place", make_elf([Segment(CODE), Segment(CODE)]), "segments 0 and 1 overlap at 0x100000"),
    ("outside", make_elf([Segment(CODE, paddr=64 * MB)]),
     "segment 0 (guest-physical 0x4000000, 0x1000 bytes) lies outside the guest's memory of 64 MB"),
    ("one byte outside", make_elf([Segment(CODE, paddr=0, memory_size=64 * MB + 1)]),
     "lies outside the guest's memory"),
    ("wraps", make_elf([Segment(CODE, paddr=2**64 - PAGE, memory_size=2 * PAGE)]),
     "segment 0 wraps around the end of memory"),
    ("below the offset", make_elf(notes=NOTES + note(4, 0x200000)), "lies outside the guest's memory"),
    ("entry outside", make_elf(notes=NOTES + note(1, 0x101000)),
     "entry point 0x101000 is outside the kernel (0x100000-0x101000, with page 0 at VIRT_BASE 0x0)"),
    ("smaller in memory", make_elf([Segment(CODE, memory_size=1)]),
     "segment 0 has 0x1000 bytes for 0x1 bytes of memory"),
    ("bzImage, header cut", make_bzimage(b"")[:0x210], "bzImage: truncated in its setup header"),
    ("bzImage, old", make_bzimage(b"", protocol=0x207),
     "bzImage: boot protocol 2.07 does not say where the payload is"),
    ("bzImage, no payload", make_bzimage(b"", length=0), "bzImage: its header says that it has no payload"),
    ("bzImage, cut", make_bzimage(b"x" * 5000)[:4000], "bzImage: truncated: the payload ends at byte"),
    ("bzImage, offset outside", make_bzimage(b"", offset=2**32 - 1), "bzImage: truncated: the payload ends at byte"),
    ("bzImage, unknown packing", make_bzimage(b"BZh91AY&SY"), "not a kernel image"),
    ("bzImage in bzImage in bzImage in bzImage", make_bzimage(make_bzimage(make_bzimage(make_bzimage(make_elf())))),
     "not a kernel image"),
]


@pytest.fixture
def try_image(xlite, tmp_path):
    """Runs xlite as far as needed to have this file checked."""
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor())

    def run(data, status, *options):
        kernel = write(tmp_path, "kernel", data)
        boot = xlite("run", *(options or ["--dry-run"]), "--hypervisor", f"xen-lite={hypervisor}", "--kernel", kernel,
                     status=status)
        return boot.errors.replace(kernel, "KERNEL")
    return run


def ids(cases):
    return [case[0] for case in cases]


@pytest.mark.parametrize("data", [case[1] for case in GOOD], ids=ids(GOOD))
def test_good_image(try_image, data):
    assert try_image(data, 0) == ""


@pytest.mark.parametrize("data, line", [case[1:] for case in BAD], ids=ids(BAD))
def test_bad_image(try_image, data, line):
    errors = try_image(data, 2)
    assert errors.startswith("xlite: KERNEL: ") and errors.count("\n") == 1, errors
    assert line in errors


# Bigger than a block of each packer, and not the same everywhere.
BIG = make_elf([Segment(bytes(range(256)) * 50000 + b"end")])

WRAPPINGS = {
    "packed": lambda pack: pack(BIG),
    "bzImage": lambda pack: make_bzimage(pack(BIG), len(BIG)),
    "bzImage with 4 setup sectors written as 0": lambda pack: make_bzimage(pack(BIG), len(BIG), sectors=0),
    "packed bzImage": lambda pack: pack(make_bzimage(pack(BIG), len(BIG))),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("packer", PACKERS)
def test_unwrapping(try_image, tmp_path, packer, wrapping):
    """The image has exactly the ELF file in it."""
    if not shutil.which("xorriso"):
        pytest.skip("xorriso is not installed")
    image = tmp_path / "x.iso"
    assert try_image(WRAPPINGS[wrapping](PACKERS[packer]), 0, "--iso", image) == ""
    out = tmp_path / "out"
    subprocess.run(["xorriso", "-osirrox", "on", "-indev", image, "-extract", "/boot/d1-kernel", out],
                   capture_output=True, check=True)
    assert out.read_bytes() == BIG


def test_unpacked_payload(try_image):
    """A bzImage may hold the ELF file as it is."""
    assert try_image(make_bzimage(BIG), 0) == ""


@pytest.mark.parametrize("damage", ["cut", "changed"])
@pytest.mark.parametrize("packer", PACKERS)
def test_damaged_packing(try_image, packer, damage):
    packed = bytearray(PACKERS[packer](BIG))
    if damage == "cut":
        packed = packed[:len(packed) // 2]
    else:
        middle = len(packed) // 2
        packed[middle:middle + 16] = bytes(byte ^ 0xff for byte in packed[middle:middle + 16])
    errors = try_image(bytes(packed), 2)
    name = packer.removesuffix("-legacy")
    assert errors.startswith(f"xlite: KERNEL: its {name} data are "), errors
    assert errors.count("\n") == 1


def test_unpacks_without_end(try_image):
    """A small file must not fill the host's memory."""
    bomb = subprocess.run("head -c 300M /dev/zero | zstd -q -c", shell=True, capture_output=True, check=True).stdout
    assert "its zstd data unpack to more than 256 MiB" in try_image(bomb, 2)


def test_control_characters_do_not_reach_the_terminal(try_image):
    errors = try_image(make_elf(notes=NOTES + note(5, "\x1b[2J\n")), 2)
    assert "\x1b" not in errors and errors.count("\n") == 1


def test_ramdisk_must_fit(xlite, tmp_path):
    kernel = write(tmp_path, "kernel", make_elf())
    ramdisk = write(tmp_path, "ramdisk", bytes(8 * MB))
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor())
    boot = xlite("run", "--dry-run", "--hypervisor", f"xen-lite={hypervisor}", "--kernel", kernel, "--ramdisk", ramdisk,
                 "--memory", 8, status=2)
    assert "the ramdisk (8388608 bytes) does not fit into the guest's memory of 8 MB" in boot.errors


def test_stock_kernel(xlite, stock_linux, tmp_path):
    """Debian's bzImage is unwrapped and passes."""
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor())
    xlite("run", "--dry-run", "--hypervisor", f"xen-lite={hypervisor}", "--kernel", stock_linux, "--memory", 128,
          status=0)
