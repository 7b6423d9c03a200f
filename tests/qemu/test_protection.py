# SPDX-License-Identifier: MIT
"""The hypervisor's own pages, as the processor's page tables have them: W^X, guard pages, what a guest may reach; and
what becomes of a hypervisor that runs over the end of a stack, or hangs. The faults are made from outside, by gdb:
nothing that a guest could do leads there."""
import re
import time

import pytest

from machine import Machine

GUEST_WAITS = 'echo: type lines, "quit" ends'
HV_START, HV_END = 0xffff_8000_0000_0000, 0xffff_8800_0000_0000
M2P_END = 0xffff_8080_0000_0000
STACKS, STACK_BLOCK = 0xffff_8200_8000_0000, 0x10000
IMAGE, IMAGE_END = 0xffff_8280_0000_0000, 0xffff_8300_0000_0000


class Page:
    """A line of QEMU's `info tlb`: where, to which frame, and nine letters for nine bits."""

    def __init__(self, line):
        found = re.match(r"(\w{16}): (\w{16}) ([X-])[G-]([P-])[DACT-]{4}([U-])([W-])$", line)
        assert found, line
        self.address, self.frame = int(found[1], 16), int(found[2], 16)
        self.size = 0x200000 if found[4] == "P" else 0x1000
        self.executable, self.user, self.writable = found[3] == "-", found[5] == "U", found[6] == "W"
        self.line = line


@pytest.fixture
def machine(xlite, guest_kernel, tmp_path):
    """Two CPUs, and a guest that waits for input."""
    xlite("run", "--kernel", guest_kernel, "--extra", "echo", "--iso", tmp_path / "boot.iso", "--hypervisor-args",
          "noreboot watchdog_timeout=3", status=0)
    with Machine(tmp_path, tmp_path / "boot.iso", "-smp", "2") as booted:
        booted.wait_for(GUEST_WAITS)
        yield booted


def hypervisor_pages(machine):
    pages = [Page(line) for line in machine.ask("info tlb").replace("\r", "").splitlines()]
    return [page for page in pages if HV_START <= page.address < HV_END]


def check_writable_or_executable(pages):
    executable = [page for page in pages if page.executable]
    assert len(executable) > 10
    assert all(IMAGE <= page.address < IMAGE_END and page.size == 0x1000 for page in executable)
    code = {page.frame for page in executable}
    for page in pages:
        frames = range(page.frame, page.frame + page.size, 0x1000)
        assert not page.writable or not any(frame in code for frame in frames), f"code can be written by {page.line}"


def check_that_guests_only_read_m2p(pages):
    reached = [page for page in pages if page.user]
    assert reached and all(page.address < M2P_END and not page.writable for page in reached)


def check_guard_pages_of_stacks(pages):
    mapped = [page.address - STACKS for page in pages if STACKS <= page.address < IMAGE]
    # #DF, NMI, #MC and #DB have a page each, the main stack four, and below each is nothing.
    expected = [cpu * STACK_BLOCK + page * 0x1000 for cpu in range(2) for page in (1, 3, 5, 7, 12, 13, 14, 15)]
    assert mapped == expected


def check_lock_order(machine):
    """The next CPU that wants a lock gets the page allocator's. When it has that, it is sent for a small object, whose
    lock comes before."""
    machine.debug("tbreak spin_lock_other", "continue", "set var $rdi = (unsigned long)&buddy_lock",
                  "tbreak **(unsigned long *)$rsp", "continue", "set var $rdi = 16",
                  "set var $rip = (unsigned long)hv_alloc", "detach")
    machine.wait_for("panic: lock order: slab taken while buddy is held")
    machine.wait_for(" hv_alloc+0x")


def test_pages_and_lock_order(machine):
    """In one boot: the pages that may be executed cannot be written, a guest reaches nothing, stacks have guards; and
    the end of the machine, a lock that is taken out of order is told with both locks' names, and where that was."""
    pages = hypervisor_pages(machine)
    check_writable_or_executable(pages)
    check_that_guests_only_read_m2p(pages)
    check_guard_pages_of_stacks(pages)
    check_lock_order(machine)


@pytest.mark.parametrize("cpu", [0, 1])
def test_stack_overflow_is_a_panic(machine, cpu):
    """The last word of the main stack is about to be used."""
    lowest = STACKS + cpu * STACK_BLOCK + 0xc000
    machine.debug(f"thread {cpu + 1}", f"set var $rsp = {lowest + 8:#x}", "detach")
    machine.wait_for("panic: the stack is full: ")
    machine.wait_for(f"cpu {cpu}  rip ")


@pytest.mark.long
@pytest.mark.parametrize("cpu", [0, 1])
def test_watchdog_finds_a_cpu_that_hangs(machine, cpu):
    """The boot CPU looks after the others and itself. From the idle loop the CPU is sent into one that jumps to itself,
    where boot's code was, which nobody needs any more, with interrupts off."""
    machine.debug("set var *(unsigned short *)hypervisor_main = 0xfeeb", f"thread {cpu + 1}",
                  "set var $rip = (unsigned long)hypervisor_main", "set var $eflags = $eflags & ~0x200", "detach")
    machine.wait_for(f"panic: watchdog: CPU {cpu} hangs")
    machine.wait_for(" hypervisor_main+0x0")


@pytest.mark.long
def test_watchdog_knows_a_machine_that_was_stopped(machine):
    """Each time long enough for a second of the CMOS clock to end, but the hearts get no second between."""
    for _ in range(6):
        machine.tell("stop")
        time.sleep(1.05)
        machine.tell("cont")
        time.sleep(0.02)
    machine.type(b"quit\n")
    machine.wait_for("all domains have ended")
