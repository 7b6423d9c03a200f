# SPDX-License-Identifier: MIT
"""Grants between two domains: the guests grant-* that take peer=N, each told who the other is. XLITE_RING_MIB says how
many MiB go through the ring by copy, and again by mapping."""
import contextlib
import os
import subprocess
import time

import pytest

from boot import BOOT_SECONDS, BUILD
from test_console import SWITCH
from test_domains import run_pair, write_config

RING_MIB = os.environ.get("XLITE_RING_MIB", "4")
WIDTHS = pytest.mark.parametrize("widths", [("pv64", "pv64"), ("pv32", "pv32"), ("pv32", "pv64")],
                                 ids=["64", "32", "32 and 64"])


@WIDTHS
def test_lending(quick_xlite, test_guest, tmp_path, widths):
    """Mapped, copied, passed on, given away; and one domain ends while the other has its page."""
    run_pair(quick_xlite, tmp_path, [test_guest("grant-peers", width) for width in widths])


AUDITS = 8


def test_races(test_guest, tmp_path):
    """All operations from both at once, while entries flip: audits by key find every count right, also
    those of what one domain holds of another's."""
    configs = [write_config(tmp_path, name, test_guest("grant-races", width), vcpus=2, cmdline=f'"peer={peer} ms=1500"')
               for name, width, peer in (("left", "pv32", 2), ("right", "pv64", 1))]
    command = [os.path.join(BUILD, "xlite"), "run", "--loader", "qemu", "--timeout", str(BOOT_SECONDS), "--cpus", "2",
               "--hypervisor-args", "guest_loglvl=none", *map(str, configs)]
    with subprocess.Popen(command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as run:
        lines, audits = [], 0
        for line in run.stdout:
            lines.append(line.decode(errors="replace").strip())
            # The last audit is that of the end, after which nobody reads.
            with contextlib.suppress(BrokenPipeError):
                if "domain 2 (right): " in lines[-1]:
                    run.stdin.write(SWITCH * 2 + b"A")
                elif "audit: ok" in lines[-1]:
                    audits += 1
                    time.sleep(0.1)
                    run.stdin.write(b"A" if audits < AUDITS else b"")
        assert run.wait() == 0, "\n".join(lines)
    assert audits > 2, "\n".join(lines)
    assert {"(d1) verdict: success", "(d2) verdict: success"} <= set(lines), "\n".join(lines)


@WIDTHS
def test_ring(quick_xlite, test_guest, tmp_path, widths):
    run_pair(quick_xlite, tmp_path, [test_guest("grant-ring", width) for width in widths], f"mib={RING_MIB}")
