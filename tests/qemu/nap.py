# SPDX-License-Identifier: MIT
"""Runs of the real Xen that leave the processor to others while it only waits.

At boot Xen watches a clock twice: how far the APIC's timer gets in 50 ms, and when a second of the CMOS clock ends,
which is some tenths of a second of a processor, a third of what a short boot costs. These clocks go by the host's time,
whether QEMU runs or not; the seconds begin with QEMU's start. So QEMU is stopped when a wait begins, and goes on just
before it ends; for Xen that is the wait as it always is, on a host that is busy. Where the line that announces a wait
does not come, or a time is missed, Xen waits itself. (Its third wait, for ten ticks of a timer, must not be slept
through: it wants to hear more than four of them.)"""
import os
import signal
import subprocess
import tempfile
import threading
import time


def rest_of_second(start):
    return (start - time.clock_gettime(time.CLOCK_BOOTTIME)) % 1


# What Xen 4.17 says last before a wait, the first of them only if it is told to (QUICK_XEN in boot.py), and for how
# many seconds QEMU is stopped then, which was started at start.
WAITS = {b"(XEN) calibrating APIC timer": lambda start: 0.045, b"(XEN) TSC only partially writable": rest_of_second}


def nap(xlite, seconds):
    """Stops the QEMU of that process of xlite for seconds(when it was started)."""
    try:
        with open(f"/proc/{xlite.pid}/task/{xlite.pid}/children", encoding="ascii") as file:
            qemu = int(file.read().split()[0])
        with open(f"/proc/{qemu}/stat", encoding="ascii") as file:
            start = int(file.read().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
        os.kill(qemu, signal.SIGSTOP)
    except (OSError, IndexError):
        return  # It has just ended.
    time.sleep(seconds(start))
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
            for last_words, seconds in WAITS.items():
                if line.startswith(last_words):
                    nap(xlite, seconds)
        status = xlite.wait()
        limit.cancel()
        errors.seek(0)
        return subprocess.CompletedProcess(command, status, b"".join(output), errors.read())
