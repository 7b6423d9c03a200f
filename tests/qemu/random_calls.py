#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random hypercalls on xen-lite and on the real Xen, and the first call that ends differently. The test guest
random-calls makes the calls and prints a digest a block; blocks whose digests differ are run again with a line for
each call.

    tests/qemu/random_calls.py SEED [BLOCKS [FIRST]]

Of each block that differs only the first difference counts: after it the two worlds may not be the same."""
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor

from boot import BUILD, run_xlite

GUEST = os.path.join(BUILD, "tests/guests/random-calls/pv64.elf")
HOSTS = ("xen-lite", "xen")
DIGEST = re.compile(r"block (\d+) ([0-9a-f]{16})$")
LIST = re.compile(r"list of block (\d+)( in multicalls)?$")
# What goes in, and what comes out: the result, and words that were written.
CALL = re.compile(r"(.*?) = (-?\d+)(.*)$")
# Blocks that are listed in one boot: what a command line and a serial line take.
BLOCKS_A_LIST = 30


class Run:
    """What one boot of the guest printed."""

    def __init__(self, host, arguments, timeout):
        # Linear page tables are a difference that would be met all the time.
        more = ["--hypervisor-args", "pv-linear-pt=false"] if host == "xen" else []
        self.boot = run_xlite("run", "--hypervisor", host, *more, "--kernel", GUEST, "--extra", arguments,
                              timeout=timeout)
        self.digests, self.lists = {}, {}
        listed = None
        for line in self.boot.guest_lines:
            if match := DIGEST.match(line):
                self.digests[int(match[1])] = match[2]
                listed = None
            elif match := LIST.match(line):
                listed = self.lists.setdefault(match[1] + (match[2] or ""), [])
            elif listed is not None and (match := CALL.match(line)):
                listed.append(match.groups())

    @property
    def verdict(self):
        return next((line for line in reversed(self.boot.guest_lines) if line.startswith("verdict: ")), "")


def run_both(arguments, timeout=300):
    """The same on both hypervisors at the same time."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda host: Run(host, arguments, timeout), HOSTS))


def first_differences(seed, blocks):
    """(block, number of the line, the call, what xen-lite made of it, what Xen) for each of the blocks."""
    for at in range(0, len(blocks), BLOCKS_A_LIST):
        ours, theirs = run_both(f"seed={seed} list={','.join(map(str, blocks[at:at + BLOCKS_A_LIST]))}")
        for block, lines in ours.lists.items():
            for number, (mine, other) in enumerate(zip(lines, theirs.lists.get(block, []))):
                if mine[1:] != other[1:] and " expected " not in mine[2]:
                    yield block, number, mine[0], mine[1] + mine[2], other[1] + other[2]
                    break
            else:
                yield block, 0, "?", "no difference in the list", f"{len(lines)} lines"


def compare(seed, blocks, first=0):
    """Runs the blocks on both; returns both runs and the numbers of the blocks that differ."""
    runs = run_both(f"seed={seed} first={first} blocks={blocks}")
    ours, theirs = (run.digests for run in runs)
    differing = [block for block in range(first, first + blocks) if ours.get(block) != theirs.get(block)]
    return runs, differing


def main(seed, blocks=200, first=0):
    runs, differing = compare(seed, blocks, first)
    for host, run in zip(HOSTS, runs):
        print(f"{host}: {len(run.digests)} blocks, {run.verdict}")
    print(f"seed {seed}: {len(differing)} of {blocks} blocks differ")
    for block, number, call, ours, theirs in first_differences(seed, differing[:150]):
        print(f"block {block} line {number}: {call}\n    xen-lite {ours}\n    Xen      {theirs}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
