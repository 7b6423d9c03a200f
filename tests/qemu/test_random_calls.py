# SPDX-License-Identifier: MIT
"""Random hypercalls end on xen-lite as on the real Xen: digests of each block of them are the same, and calls that are
marked differ only as the rules of differences.def allow. See tests/guests/random-calls, and random_calls.py for the
campaign of 100,000 distinct calls, for other seeds, and to find a call that differs. And a storm of them, by several
vCPUs at once of a 64-bit and of a 32-bit domain, harms nobody but its domain. XLITE_FUZZ_CALLS says how many calls
such a pair makes in all, XLITE_FUZZ_SEED which ones (make fuzz-guest makes more of them)."""
import os

import pytest

from boot import ORACLE32, need_build
from many_calls import Portion, rotten
from random_calls import Comparison, Run, first_differences
from test_domains import write_config

# 100 calls a block, each made twice: by itself and in a multicall.
SEEDS = (1, 3, 5, 6)
BLOCKS = 125
FUZZ_CALLS = int(os.environ.get("XLITE_FUZZ_CALLS", "20000000"))
FUZZ_SEED = int(os.environ.get("XLITE_FUZZ_SEED", "1"))
STORM_SECONDS = int(os.environ.get("XLITE_STORM_SECONDS", "3"))


def assert_good_run(run):
    assert run.verdict == "verdict: success", str(run.boot)
    assert len(run.blocks) == BLOCKS, str(run.boot)


def assert_consistent(run):
    """What can be seen on xen-lite alone: one by one calls end as in multicalls, and all counts are in order."""
    assert_good_run(run)
    run.boot.assert_audit_ok()
    torn = [block for block, digests in run.blocks.items() if "in multicalls" in digests]
    assert not torn and not run.busy, f"blocks {torn}, busy {run.busy}"


def differs_again(comparison, block):
    """Interrupted in a list or a multicall, the real Xen forgets a result now and then: at 32 bits in one of 25 runs on
    a busy machine. Made once more, the block then ends as on xen-lite, where it is to end as it did."""
    again = Comparison(comparison.width, comparison.seed, 1, block)
    return not again.good or again.runs[0].blocks[block] != comparison.runs[0].blocks[block]


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("width", [64, 32])
def test_random_calls_agree(request, width, seed):
    assert request.getfixturevalue("real_xen" if width == 64 else "oracle32")
    comparison = Comparison(width, seed, BLOCKS)
    ours, theirs = comparison.runs
    assert_consistent(ours)
    assert_good_run(theirs)
    assert ours.distinct == theirs.distinct, str(comparison)
    doubtful = sorted({*comparison.differing, *(block for block, _ in comparison.against_rules)})
    few = len(doubtful) <= 4
    differing = [block for block in doubtful if not few or differs_again(comparison, block)]
    told = "\n".join(map(str, first_differences(width, seed, differing[:8])))
    assert not differing, f"{told}\n{comparison}"


# Where there is a Xen that runs them, the comparison has seen all of that.
if not os.path.exists(ORACLE32):
    @pytest.mark.long
    @pytest.mark.parametrize("seed", SEEDS)
    def test_random_calls_of_32_bits(seed):
        assert_consistent(Run("xen-lite", 32, f"seed={seed} blocks={BLOCKS}", timeout=300))


@pytest.mark.parametrize("build", [".", "ubsan"])
def test_storm(quick_xlite, test_guest, tmp_path, build):
    seed = int.from_bytes(os.urandom(3), "little")
    storms = [write_config(tmp_path, f"storm-{width}", test_guest("random-calls", width), memory=32, vcpus=4,
                           extra=f'"seed={seed} storm={STORM_SECONDS}"') for width in ("pv64", "pv32")]
    victim = write_config(tmp_path, "victim", test_guest("neighbour"), memory=16, extra=f'"ms={STORM_SECONDS * 1000}"')
    boot = quick_xlite("run", "--cpus", 3, *storms, victim, build=build, timeout=240 + 4 * STORM_SECONDS)
    assert boot.status == 0, f"seed {seed}: {boot}"
    assert sum("verdict: success" in line for line in boot.lines) == 3, f"seed {seed}: {boot}"
    boot.assert_audit_ok()


@pytest.mark.long
def test_many_calls():
    """A 64-bit and a 32-bit domain know each other's number: on one CPU and with all checks, and on two. Each operation
    is tried, and done where it can be. All frames come back."""
    need_build("ubsan")
    need_build("release")
    portions = [Portion(FUZZ_SEED, FUZZ_CALLS // 10, "ubsan"),
                Portion(FUZZ_SEED + 1, FUZZ_CALLS // 10 * 9, "release", cpus=2)]
    for portion in portions:
        assert not portion.problems, f"seed {portion.seed}: {portion.problems}"
    assert rotten(portions) == ([], [])
