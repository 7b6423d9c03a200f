# SPDX-License-Identifier: MIT
"""Domains that end at random points, in the middle of whatever long calls their vCPUs make. Each is audited when it
ends, and after the last one as much memory is in use as before the first: the hypervisor's audit counts both.
XLITE_KILL_BOOTS=N makes N boots instead of one, each with other times."""
import os
import random

import pytest

from test_domains import write_config

DOMAINS = 20
BOOTS = int(os.environ.get("XLITE_KILL_BOOTS", "1"))


@pytest.mark.parametrize("seed", range(BOOTS))
def test_kills_at_random(quick_xlite, test_guest, tmp_path, seed):
    times = random.Random(seed)
    configs = [write_config(tmp_path, f"guest{number}", test_guest("long-calls"), memory=24, vcpus=4,
                            cmdline=f'"kill={times.randrange(1000, 300000)}"') for number in range(DOMAINS)]
    boot = quick_xlite("run", "--cpus", 2, "--host-memory", 768, *configs, status=1)
    ended = [line for line in boot.hypervisor_lines if line.endswith("has ended: crash")]
    assert len(ended) == DOMAINS, str(boot)
    boot.assert_audit_ok()
