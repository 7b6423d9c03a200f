# SPDX-License-Identifier: MIT
"""Files that xlite's tests feed to it, made byte by byte: kernels good and bad, bzImages, and a hypervisor of a few
instructions that says what it is told to. The last makes xlite's own tests independent of the real hypervisors."""
import gzip
import lzma
import os
import shutil
import struct
import subprocess

PAGE = 4096


def note(number, contents, owner=b"Xen\0"):
    """An ELF note. Text gets its NUL, a number is 8 bytes."""
    if isinstance(contents, str):
        contents = contents.encode() + b"\0"
    elif isinstance(contents, int):
        contents = struct.pack("<Q", contents)
    pad = lambda data: data + bytes(-len(data) % 4)
    return struct.pack("<III", len(owner), len(contents), number) + pad(owner) + pad(contents)


# A PV kernel's minimum: where it starts, where it is mapped, what it was written for.
NOTES = note(1, 0x100000) + note(3, 0) + note(5, "xen-3.0") + note(6, "test") + note(8, "generic")
NOTES_32 = NOTES + note(9, "yes")


class Segment:
    """A program header with its contents. Left-out fields follow from the contents; `offset` is where the header says
    that they are."""

    def __init__(self, data=b"", paddr=0x100000, kind=1, file_size=None, memory_size=None, offset=None):
        self.data, self.paddr, self.kind, self.offset = data, paddr, kind, offset
        self.file_size = len(data) if file_size is None else file_size
        self.memory_size = self.file_size if memory_size is None else memory_size


def make_elf(segments=None, notes=NOTES, bits=64, machine=None, elf_class=None, data=1, kind=2, header_count=None,
             guest_section=None, entry=0x100000):
    """An ELF file: one page of code at 1 MiB and a note segment, unless the arguments say otherwise."""
    if segments is None:
        segments = [Segment(b"\xf4" * PAGE)]
    if notes is not None:
        segments = [*segments, Segment(notes, paddr=0, kind=4)]
    machine = {64: 62, 32: 3}[bits] if machine is None else machine
    elf_class = {64: 2, 32: 1}[bits] if elf_class is None else elf_class
    header_size, program_size, section_size = (64, 56, 64) if bits == 64 else (52, 32, 40)
    at = (header_size + program_size * len(segments) + 15) // 16 * 16

    table, body = b"", b""
    for segment in segments:
        offset = at + len(body) if segment.offset is None else segment.offset
        values = (offset, segment.paddr, segment.paddr, segment.file_size, segment.memory_size)
        if bits == 64:
            table += struct.pack("<II6Q", segment.kind, 7, *values, 1)
        else:
            table += struct.pack("<8I", segment.kind, *values, 7, 1)
        body += segment.data + bytes(-len(segment.data) % 16)

    sections, sections_at, section_count = b"", 0, 0
    if guest_section is not None:
        names = b"\0__xen_guest\0.shstrtab\0"
        text_at = at + len(body)
        names_at = text_at + len(guest_section)
        body += guest_section + names
        sections_at, section_count = at + len(body), 3
        for name, section_kind, offset, size in [(0, 0, 0, 0), (1, 1, text_at, len(guest_section)),
                                                 (13, 3, names_at, len(names))]:
            form = "<II4QIIQQ" if bits == 64 else "<10I"
            sections += struct.pack(form, name, section_kind, 0, 0, offset, size, 0, 0, 0, 0)

    count = len(segments) if header_count is None else header_count
    header = b"\x7fELF" + bytes([elf_class, data, 1, 0]) + bytes(8)
    form = "<HHIQQQI6H" if bits == 64 else "<HHIIIII6H"
    header += struct.pack(form, kind, machine, 1, entry, header_size, sections_at, 0, header_size, program_size, count,
                          section_size, section_count, section_count and 2)
    return (header + table).ljust(at, b"\0") + body + sections


def pack_lz4_legacy(data):
    """The legacy frame: magic, then blocks of length and contents."""
    return tool("lz4", "-l", "-c", data=data)


def tool(*command, data):
    assert shutil.which(command[0]), f"{command[0]} is not installed"
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


PACKERS = {
    "gzip": gzip.compress,
    "xz": lambda data: lzma.compress(data, check=lzma.CHECK_CRC32, filters=[{"id": lzma.FILTER_X86},
                                                                          {"id": lzma.FILTER_LZMA2, "preset": 1}]),
    "zstd": lambda data: tool("zstd", "-q", "-c", data=data),
    "lz4": lambda data: tool("lz4", "-c", data=data),
    "lz4-legacy": pack_lz4_legacy,
}


def make_bzimage(payload, unpacked_size=0, sectors=3, protocol=0x20f, payload_offset=64, length=None, offset=None):
    """A bzImage: boot sector with the setup header, `sectors` more, then the protected-mode part with the payload. As
    in Linux' own, the size of the unpacked kernel follows the payload and counts as part of it."""
    payload += struct.pack("<I", unpacked_size)
    setup = bytearray((1 + (sectors or 4)) * 512)
    setup[0x1f1] = sectors
    struct.pack_into("<H", setup, 0x1fe, 0xaa55)
    setup[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", setup, 0x206, protocol)
    struct.pack_into("<II", setup, 0x248, payload_offset if offset is None else offset,
                     len(payload) if length is None else length)
    return bytes(setup) + bytes(payload_offset) + payload


# What the made-up hypervisor does when it has spoken: machine code for 32-bit protected mode.
ENDINGS = {
    # ACPI power-off, at the port that QEMU's pc and q35 share.
    "poweroff": b"\x66\xba\x04\x06\x66\xb8\x00\x20\x66\xef\xfa\xf4\xeb\xfd",
    "hang": b"\xfa\xf4\xeb\xfd",
    # The keyboard controller's reset line.
    "reset": b"\xb0\xfe\xe6\x64\xfa\xf4\xeb\xfd",
    # isa-debug-exit, as a kernel of the bare machine tells that it is broken.
    "crash": b"\xb0\x31\xe6\xf4\xfa\xf4\xeb\xfd",
    # An exception without an IDT: mov esp, 0x80000; push 0; push 0; lidt [esp]; int3.
    "triple fault": b"\xbc\x00\x00\x08\x00\x6a\x00\x6a\x00\x0f\x01\x1c\x24\xcc",
}


def speak(port, address):
    """Machine code: writes the text at an address to a serial port, waiting for room."""
    return (b"\xbe" + struct.pack("<I", address) +  # mov esi, address
            b"\xac\x84\xc0\x74\x14" +               # next: lodsb; test al, al; jz done
            b"\x88\xc3\x66\xba" + struct.pack("<H", port + 5) +   # mov bl, al; mov dx, line status
            b"\xec\xa8\x20\x74\xfb" +               # wait: in al, dx; test al, 0x20; jz wait
            b"\x66\xba" + struct.pack("<H", port) + b"\x88\xd8\xee\xeb\xe7")  # mov al, bl; out dx, al; jmp next


# Machine code: sends back what the first serial port receives, up to and with a 'q'.
ECHO = (b"\x66\xba\xfd\x03\xec\xa8\x01\x74\xf7"      # wait: mov dx, 0x3fd; in al, dx; test al, 1; jz wait
        b"\x66\xba\xf8\x03\xec\xee\x3c\x71\x75\xed")  # mov dx, 0x3f8; in al, dx; out dx, al; cmp al, 'q'; jne wait


def make_hypervisor(console="", status="", ending="poweroff", echo=False):
    """A multiboot kernel (1 and 2) that writes one text on each serial port and ends."""
    base, text_at = 0x100000, 0x101000
    status_at = text_at + len(console.encode()) + 1
    mb2_length = 24
    headers = struct.pack("<III", 0x1badb002, 0, -0x1badb002 & 0xffffffff).ljust(16, b"\0")
    headers += struct.pack("<IIII", 0xe85250d6, 0, mb2_length, -(0xe85250d6 + mb2_length) & 0xffffffff)
    headers += struct.pack("<HHI", 0, 0, 8)
    code = headers + speak(0x3f8, text_at) + (ECHO if echo else b"") + speak(0x2f8, status_at) + ENDINGS[ending]
    image = code.ljust(text_at - base, b"\0") + console.encode() + b"\0" + status.encode() + b"\0"
    return make_elf([Segment(image, paddr=base)], notes=None, bits=32, entry=base + len(headers))


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(data)
    return path
