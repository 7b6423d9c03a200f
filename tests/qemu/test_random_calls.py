# SPDX-License-Identifier: MIT
"""100,000 random hypercalls end on xen-lite as on the real Xen: a digest of each block of them is the same. See
tests/guests/random-calls, and random_calls.py to run other seeds and to find a call that differs."""
import pytest

from random_calls import compare, first_differences

# 100 calls a block, each made twice: by itself and in a multicall.
SEEDS = (1, 3, 5, 6)
BLOCKS = 125


@pytest.mark.parametrize("seed", SEEDS)
def test_random_calls_agree(real_xen, seed):
    assert real_xen
    runs, differing = compare(seed, BLOCKS)
    for run in runs:
        assert run.verdict == "verdict: success", str(run.boot)
        assert len(run.digests) == BLOCKS, str(run.boot)
    runs[0].boot.assert_audit_ok()
    assert not differing, "\n".join(map(str, first_differences(seed, differing[:8])))
