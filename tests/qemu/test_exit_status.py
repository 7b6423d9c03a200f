# SPDX-License-Identifier: MIT
"""xlite's exit status: 0 all powered off, 1 a domain ended otherwise, 2 bad usage or input, 3 the hypervisor is at
fault, 124 time-out; and nothing of QEMU is left behind."""
import os
import signal
import subprocess
import time

import pytest

from boot import BUILD, ROOT, SOON_SECONDS, wait_for

BAD_USAGE = [
    ("no guest", ["run"]),
    ("unknown option", ["run", "--no-such-option"]),
    ("unknown command", ["fly"]),
    ("no such file", ["run", "--kernel", "/does/not/exist"]),
    ("not a kernel", ["run", "--kernel", "/etc/passwd"]),
    ("a program of the host", ["run", "--kernel", "/bin/true"]),
    ("unknown hypervisor", ["run", "--hypervisor", "other", "--kernel", "/bin/true"]),
]


@pytest.mark.parametrize("arguments", [case[1] for case in BAD_USAGE], ids=[case[0] for case in BAD_USAGE])
def test_bad_usage(xlite, arguments):
    boot = xlite(*arguments, status=2)
    assert boot.errors.strip(), "a refusal says why"


def test_truncated_kernel(xlite, guest_kernel, tmp_path):
    cut = tmp_path / "cut.elf"
    with open(guest_kernel, "rb") as file:
        cut.write_bytes(file.read()[:5000])
    boot = xlite("run", "--kernel", cut, status=2)
    assert len(boot.errors.strip().splitlines()) == 1, boot.errors
    assert "cut.elf" in boot.errors


def test_time_out(xlite, guest_kernel):
    """The guest waits for input that never comes."""
    began = time.monotonic()
    xlite("run", "--kernel", guest_kernel, "--extra", "echo", "--timeout", 8, status=124)
    assert time.monotonic() - began < 8 + SOON_SECONDS


def test_dry_run_prints_the_command(xlite, guest_kernel):
    boot = xlite("run", "--dry-run", "--kernel", guest_kernel, status=0)
    assert "qemu-system-x86_64" in boot.output


@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_qemu_ends_with_xlite(guest_kernel, signal_name):
    """A tag in QEMU's arguments finds exactly this QEMU again."""
    tag = f"xlite-test-{os.getpid()}-{signal_name}"
    command = [os.path.join(BUILD, "xlite"), "run", "--kernel", guest_kernel, "--extra", "echo", "--timeout", "200",
               "--qemu-args", f"-name {tag}"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               cwd=ROOT)
    try:
        wait_for(lambda: running_with(tag))
        process.send_signal(getattr(signal, signal_name))
        wait_for(lambda: not running_with(tag))
        assert process.wait(SOON_SECONDS) != 0
    finally:
        process.kill()


def running_with(tag):
    """The QEMU processes that have the tag on their command lines."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(b"qemu-system-x86_64") and tag.encode() in b" ".join(words):
            found.append(pid)
    return found
