# SPDX-License-Identifier: MIT
"""Runs of the real Xen that leave the processor to others while it only waits.

At boot Xen watches the CMOS clock until a second of it ends: some tenths of a second of a processor, a third of what a
short boot costs. The clock's seconds begin with QEMU's start and go by the host's time, whether QEMU runs or not. So
QEMU is stopped when the wait begins, and goes on when the second ends; for Xen that is the wait as it always is, on a
host that is busy. Where the line that announces the wait does not come, or a time is missed, Xen waits itself."""
import os
import signal
import subprocess
import tempfile
import threading
import time

# What Xen 4.17 says last before the wait.
LAST_WORDS = b"(XEN) TSC only partially writable"


def sleep_through_the_second(xlite):
    """Stops the QEMU of that process of xlite until a whole second after its start, just before the clock's."""
    try:
        with open(f"/proc/{xlite.pid}/task/{xlite.pid}/children", encoding="ascii") as file:
            qemu = int(file.read().split()[0])
        with open(f"/proc/{qemu}/stat", encoding="ascii") as file:
            start = int(file.read().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
        os.kill(qemu, signal.SIGSTOP)
    except (OSError, IndexError):
        return  # It has just ended.
    time.sleep((start - time.clock_gettime(time.CLOCK_BOOTTIME)) % 1)
    os.kill(qemu, signal.SIGCONT)


def run_xen(command, timeout, cwd):
    """As subprocess.run(), with nothing on stdin. Past the timeout, in seconds, xlite is killed."""
    output = []
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
    with tempfile.TemporaryFile() as errors, subprocess.Popen(command, stderr=errors, cwd=cwd, **streams) as xlite:
        limit = threading.Timer(timeout, xlite.kill)
        limit.start()
        for line in xlite.stdout:
            output.append(line)
            if line.startswith(LAST_WORDS):
                sleep_through_the_second(xlite)
        status = xlite.wait()
        limit.cancel()
        errors.seek(0)
        return subprocess.CompletedProcess(command, status, b"".join(output), errors.read())
