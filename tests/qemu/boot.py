# SPDX-License-Identifier: MIT
"""Running xlite, and looking at what came of it."""
import glob
import os
import re
import subprocess
import time

import pytest

from nap import run_xen

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("XLITE_BUILD", "build"))
# What was fetched, for all builds.
PACKAGES = os.path.join(ROOT, "build/packages")

# How long a test waits for a boot, and for what should happen at once. A quiet machine needs a hundredth of it; but the
# waiting costs only where something is wrong, and a time-out is never what a test wants to see by accident.
BOOT_SECONDS = 240
SOON_SECONDS = 90

# MiB of a guest to which it does not matter. They are cleared before it starts and again behind it, and the host has to
# find each page: with the 64 that xlite gives, that would be a third of what a short boot costs.
QUICK_MEMORY = 16

# UEFI firmware and GRUB draw on the serial line.
ESCAPES = re.compile(r"\x1b(\[[0-9;?=]*[A-Za-z]|[()][A-Z0-9]|[=>c])")

# What tells most about a run that went wrong.
TELLING = re.compile(r"verdict: (?!success)|panic|crash|audit: .*failed", re.IGNORECASE)


def shortened(lines, first=12, last=48):
    """Without the middle, if they are many."""
    left_out = len(lines) - first - last
    return lines if left_out <= 0 else [*lines[:first], f"[... {left_out} lines ...]", *lines[-last:]]


class Boot:
    """How one run of xlite ended."""

    def __init__(self, command, status, output, errors):
        self.command, self.status, self.output, self.errors = command, status, output, errors

    @property
    def lines(self):
        """What was on the console, without the firmware's escape sequences and empty lines."""
        text = ESCAPES.sub("", self.output).replace("\r", "")
        return [line.rstrip() for line in text.split("\n") if line.strip()]

    @property
    def guest_lines(self):
        return [line for line in self.lines if not line.startswith(("(xen-lite) ", "(XEN) "))]

    @property
    def hypervisor_lines(self):
        return [line for line in self.lines if line.startswith(("(xen-lite) ", "(XEN) "))]

    def assert_audit_ok(self):
        """At the end of a test boot the hypervisor recomputes every count of every frame."""
        audits = [line for line in self.hypervisor_lines if "audit: " in line]
        assert any("audit: ok" in line for line in audits), f"no good audit\n{self}"
        assert not any("failed" in line for line in audits), f"the audit failed\n{self}"

    @property
    def summary(self):
        """How it ended, in one line: of what a failed assertion says, pytest's list of failures shows no more."""
        telling = [line for line in self.lines if TELLING.search(line)] or self.lines[-1:]
        return "; ".join([f"exit status {self.status}", *telling[-4:]])

    def __str__(self):
        return "\n".join([self.summary, " ".join(self.command), *shortened(self.lines), self.errors[-4000:]])


def need_build(build):
    """Skips the test if that build's hypervisor was not made; make test has made all, so there it is a failure."""
    if not os.path.exists(os.path.join(BUILD, build, "xen-lite.elf")):
        missing = pytest.fail if "XLITE_BUILDS_MADE" in os.environ else pytest.skip
        missing(f"not built: {os.path.basename(BUILD)}/{build}/xen-lite.elf; make test LAYERS=builds makes it")


def figure(usual, reporting):
    """A figure of time or size belongs to a build of the hypervisor: the second one is that of the build which reports
    undefined behaviour, where what it does takes about twice as many instructions. (make test UBSAN=1)"""
    with open(os.path.join(BUILD, "xen-lite.elf"), "rb") as image:
        return reporting if b"__ubsan_handle_" in image.read() else usual


def run_xlite(*arguments, stdin=None, timeout=BOOT_SECONDS, status=None, build="."):
    """Runs xlite with these arguments and returns a Boot. status=N also asserts how it exits. build="release" takes
    another build's hypervisor (see need_build); with clang's goes its xlite."""
    need_build(build)
    command = [os.path.join(BUILD, "clang/xlite" if build == "clang" else "xlite"), *map(str, arguments)]
    if build not in (".", "clang"):
        command[2:2] = ["--hypervisor", f"xen-lite={BUILD}/{build}/xen-lite.elf"]
    if arguments[:1] == ("run",) and "--timeout" not in arguments:
        command[2:2] = ["--timeout", str(timeout)]
    # xlite ends by itself at its own time-out; if it does not, that is a failure too.
    limit = timeout + 30
    if stdin is None and any(map(is_real_xen, command)):
        done = run_xen(command, limit, ROOT)
    else:
        feed = {"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}
        done = subprocess.run(command, capture_output=True, timeout=limit, check=False, cwd=ROOT, **feed)
    output, errors = (stream.decode(errors="replace") for stream in (done.stdout, done.stderr))
    boot = Boot(command, done.returncode, output, errors)
    if status is not None:
        assert boot.status == status, str(boot)
    return boot


# What the real Xen may leave out in tests: to clear all memory while its CPUs are idle, which the host then has to
# find; to change page tables at each entry from a guest where the CPU says it is Intel's (its guard against Meltdown),
# which flushes the TLB each time: a sweep of all MSRs took 6.3 s of a processor and takes 1.4; and SMEP, which it takes
# off CR4 for guests of 32 bits, whose random calls took 4.2 s and take 3.0. It is to say when it calibrates a timer
# (nap.py).
QUICK_XEN = "bootscrub=false xpti=false smep=0 apic_verbosity=verbose"


def is_real_xen(word):
    return word == "xen" or str(word).startswith("xen=")


def run_quickly(command, *arguments, **options):
    """run_xlite, and QEMU loads hypervisor and domains itself: half of what a short boot costs would be GRUB's. A guest
    has QUICK_MEMORY, the real Xen the arguments QUICK_XEN, and the machine no screen, for which the firmware would
    run a driver and each line would be drawn, unless the test says otherwise."""
    defaults = ["--memory", QUICK_MEMORY] if "--kernel" in arguments and "--memory" not in arguments else []
    if "--qemu-args" not in arguments:
        defaults += ["--qemu-args", "-vga none"]
    if any(map(is_real_xen, arguments)) and "--hypervisor-args" not in arguments:
        defaults += ["--hypervisor-args", QUICK_XEN]
    return run_xlite(command, "--loader", "qemu", *defaults, *arguments, **options)


def wait_for(condition, pause=0.05):
    """Until condition() is true."""
    end = time.monotonic() + SOON_SECONDS
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(pause)


# The real Xen with 32-bit guests switched on: make oracle32 builds it.
ORACLE32 = os.path.join(ROOT, "build/oracle32/xen")


def find_real_xen():
    return sorted(glob.glob("/boot/xen-*.gz") + glob.glob(os.path.join(PACKAGES, "*/boot/xen-*-amd64.gz")))
