# SPDX-License-Identifier: MIT
"""Backtraces of 32-bit guests. gdb takes their code for 64-bit code, as QEMU gives it the registers of that mode; so
here the frames are found by hand. All our 32-bit code keeps EBP as frame pointer: [ebp] is the caller's, [ebp + 4] the
return address."""
import gdb
from gdb.unwinder import Unwinder, register_unwinder

FOUR_GIB = 1 << 32


class FrameId:
    """What gdb wants to know a frame by."""

    def __init__(self, sp, pc):
        self.sp = sp
        self.pc = pc


def word_at(address):
    data = gdb.selected_inferior().read_memory(address % FOUR_GIB, 4)
    return int.from_bytes(bytes(data), "little")


def frame_base(pc, sp, bp):
    """Where the caller's EBP and the return address lie, and the caller's EBP: it is saved by the first instruction, a
    byte long, and the second makes it the base."""
    block = gdb.block_for_pc(pc)
    while block is not None and block.function is None:
        block = block.superblock
    start = int(block.start) if block is not None else None
    if pc == start:
        return sp - 4, bp
    if start is not None and pc == start + 1:
        return sp, bp
    return bp, word_at(bp)


class Unwinder32(Unwinder):
    """Code below 4 GiB in a 32-bit guest."""

    def __init__(self):
        super().__init__("xl-32-bit")

    def __call__(self, frame):
        pc, sp, bp = (int(frame.read_register(name)) % (1 << 64) for name in ("rip", "rsp", "rbp"))
        if pc >= FOUR_GIB:
            return None
        try:
            base, caller_bp = frame_base(pc, sp, bp)
            caller_pc = word_at(base + 4)
        except gdb.MemoryError:
            base, caller_bp, caller_pc = sp, 0, 0  # a return address of 0 ends it
        unwound = frame.create_unwind_info(FrameId(gdb.Value(base + 8), gdb.Value(pc)))
        word = gdb.lookup_type("unsigned long long")
        for name, value in (("rip", caller_pc), ("rsp", base + 8), ("rbp", caller_bp)):
            unwound.add_saved_register(name, gdb.Value(value).cast(word))
        return unwound


if int(gdb.convenience_variable("xl_bits")) == 32:
    register_unwinder(None, Unwinder32())
