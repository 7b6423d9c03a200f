# SPDX-License-Identifier: MIT
"""Grants between two domains: the guests grant-* that take peer=N, each told who the other is. XLITE_RING_MIB says how
many MiB go through the ring by copy, and again by mapping."""
import os

import pytest

from test_domains import lines_of, write_config

RING_MIB = os.environ.get("XLITE_RING_MIB", "4")
WIDTHS = pytest.mark.parametrize("widths", [("pv64", "pv64"), ("pv32", "pv32"), ("pv32", "pv64")],
                                 ids=["64", "32", "32 and 64"])


def run_pair(quick_xlite, folder, kernels, arguments="", **settings):
    configs = [write_config(folder, name, kernel, cmdline=f'"peer={peer} {arguments}"', **settings)
               for name, kernel, peer in zip(("left", "right"), kernels, (2, 1))]
    boot = quick_xlite("run", "--cpus", 2, *configs, status=0)
    for domain in (1, 2):
        assert "verdict: success" in lines_of(boot, domain), str(boot)
    boot.assert_audit_ok()


@WIDTHS
def test_lending(quick_xlite, test_guest, tmp_path, widths):
    """Mapped, copied, passed on, given away; and one domain ends while the other has its page."""
    run_pair(quick_xlite, tmp_path, [test_guest("grant-peers", width) for width in widths])


def test_races(quick_xlite, test_guest, tmp_path):
    """All operations from both at once, while entries flip: the audit finds every count right."""
    run_pair(quick_xlite, tmp_path, [test_guest("grant-races", width) for width in ("pv32", "pv64")], "ms=1500",
             vcpus=2)


@WIDTHS
def test_ring(quick_xlite, test_guest, tmp_path, widths):
    run_pair(quick_xlite, tmp_path, [test_guest("grant-ring", width) for width in widths], f"mib={RING_MIB}")
