#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random hypercalls on xen-lite and on the real Xen, and the first call that ends differently. The test guest
random-calls makes the calls and prints digests a block; blocks that differ are run again with a line for each call.

    tests/qemu/random_calls.py [--width 32] ...         by the guest of 32 bits, beside the Xen of make oracle32
    tests/qemu/random_calls.py SEED [BLOCKS [FIRST]]    blocks of 100 calls
    tests/qemu/random_calls.py --campaign [SEED]        100,000 distinct calls and more, and a table of how they ended
    tests/qemu/random_calls.py --reduce SEED BLOCK      the fewest calls of a block that still end differently

Of each block that differs only the first difference counts: after it the two worlds may not be the same."""
import collections
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor

from boot import BUILD, ORACLE32, QUICK_XEN, ROOT, is_real_xen, run_quickly
from random_table import ERRNO, never_made, table

HOSTS = {64: ("xen-lite", "xen"), 32: ("xen-lite", f"xen={ORACLE32}")}
CALLS_A_BLOCK = 100
BLOCK = re.compile(r"block (\d+) ([0-9a-f]{16}) ([0-9a-f]{16})(.*)$")
LIST = re.compile(r"list of block (\d+)( in multicalls)?$")
# What goes in, and what comes out: the result, and words that were written.
CALL = re.compile(r"(.*?) = (-?\d+)(.*)$")
RULE = re.compile(r'^DIFFERENCE\((\w+), (\w+), (\w+), ([^"]*), "(.*)"\)$')
# Blocks that are listed in one boot: what a command line and a serial line take.
BLOCKS_A_LIST = 30
# As many blocks as it takes, and a boot is good for.
CAMPAIGN_SEED, CAMPAIGN_BLOCKS = 1, 2000


def rules():
    """name -> what xen-lite may answer where Xen answers something else, by differences.def; None: anything."""
    with open(os.path.join(ROOT, "tests/guests/random-calls/differences.def"), encoding="utf-8") as file:
        found = [match for match in map(RULE.match, file) if match]
    numbers = {name: number for number, name in ERRNO.items()}
    return {match[1]: None if match[4] == "ANY" else {-numbers[name] for name in re.findall(r"XEN_(\w+)", match[4])}
            for match in found}


def guest(width):
    return os.path.join(BUILD, f"tests/guests/random-calls/pv{width}.elf")


class Run:
    """What one boot of the guest printed."""

    def __init__(self, host, width, arguments, timeout):
        # Linear page tables are a difference that would be met all the time.
        more = ["--hypervisor-args", f"{QUICK_XEN} pv-linear-pt=false"] if is_real_xen(host) else []
        self.boot = run_quickly("run", "--hypervisor", host, *more, "--memory", 64, "--kernel", guest(width), "--extra",
                                arguments, timeout=timeout)
        self.read(self.boot.guest_lines)

    def read(self, lines):
        self.blocks, self.busy, self.marks, self.lists = {}, set(), {}, {}
        self.tally, self.distinct, marks, listed = {}, 0, [], None
        for line in lines:
            if match := BLOCK.match(line):
                block = int(match[1])
                self.blocks[block], self.marks[block], listed = match[2], marks, None
                if match[4] == " kept busy":
                    self.busy.add(block)
                else:
                    self.blocks[block] += match[3] + match[4]
            elif line.startswith("marks"):
                marks = [(name, int(result)) for name, result in re.findall(r"(\w+)=(-?\d+)", line)]
            elif match := LIST.match(line):
                listed = self.lists.setdefault(match[1] + (match[2] or ""), [])
            elif match := re.match(r"tally (\d+) (\d+) (\d+) (\d+)$", line):
                self.tally[tuple(map(int, match.groups()[:3]))] = int(match[4])
            elif match := re.match(r"calls \d+, distinct (\d+)$", line):
                self.distinct = int(match[1])
            elif listed is not None and (match := CALL.match(line)):
                listed.append(match.groups())

    @property
    def verdict(self):
        return next((line for line in reversed(self.boot.guest_lines) if line.startswith("verdict: ")), "")


def run_both(width, arguments, timeout=300):
    """The same on both hypervisors at the same time."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda host: Run(host, width, arguments, timeout), HOSTS[width]))


class Comparison:
    """The same blocks on both. differing: their numbers, where calls or the world after them are not the same; busy:
    where Xen lost a reference; marks: (name, xen-lite's result, Xen's) of marked calls that differ, with how often;
    against_rules: (block, mark) of those that no rule allows."""

    def __init__(self, width, seed, blocks, first=0, timeout=300):
        self.width, self.seed = width, seed
        self.runs = run_both(width, f"seed={seed} first={first} blocks={blocks}", timeout)
        ours, theirs = self.runs
        self.busy, self.differing = theirs.busy, []
        self.marks, self.against_rules = collections.Counter(), []
        allowed = rules()
        for block in range(first, first + blocks):
            if block in ours.busy or not self.same(block):
                self.differing.append(block)
            for (name, mine), (_, other) in zip(ours.marks.get(block, []), theirs.marks.get(block, [])):
                if mine != other:
                    self.marks[name, mine, other] += 1
                    if allowed[name] is not None and mine not in allowed[name]:
                        self.against_rules.append((block, f"{name}: xen-lite {mine}, Xen {other}"))

    def same(self, block):
        """Where Xen lost a reference, the world after the block does not count."""
        mine, other = (run.blocks.get(block) for run in self.runs)
        if block in self.busy and mine:
            mine = mine[:16]
        return mine is not None and mine == other

    @property
    def good(self):
        ours, theirs = self.runs
        return not self.differing and not self.against_rules and ours.distinct == theirs.distinct and all(
            run.verdict == "verdict: success" for run in self.runs)

    def __str__(self):
        lines = [f"{host}: {len(run.blocks)} blocks, {run.distinct} distinct calls, {run.verdict}"
                 for host, run in zip(HOSTS[self.width], self.runs)]
        lines.append(f"{len(self.differing)} blocks differ: {self.differing}")
        lines.append(f"{len(self.busy)} blocks after which Xen kept a frame busy: {sorted(self.busy)}")
        lines += [f"marked {name}: xen-lite {mine}, Xen {other}: {count} times"
                  for (name, mine, other), count in sorted(self.marks.items())]
        lines += [f"against the rules, block {block}: {what}" for block, what in self.against_rules]
        return "\n".join(lines)


def first_difference(lines, others):
    for number, (mine, other) in enumerate(zip(lines, others)):
        if mine[1:] != other[1:] and " expected " not in mine[2]:
            return number, mine[0], mine[1] + mine[2], other[1] + other[2]
    return 0, "?", "no difference in the list", f"{len(lines)} lines"


def first_differences(width, seed, blocks, only=""):
    """(block, number of the line, the call, what xen-lite made of it, what Xen) for each of the blocks."""
    for at in range(0, len(blocks), BLOCKS_A_LIST):
        ours, theirs = run_both(width, f"seed={seed} list={','.join(map(str, blocks[at:at + BLOCKS_A_LIST]))}{only}")
        for block, lines in ours.lists.items():
            yield block, *first_difference(lines, theirs.lists.get(block, []))


def print_differences(width, seed, comparison):
    for block, number, call, ours, theirs in first_differences(width, seed, comparison.differing[:150]):
        print(f"block {block} line {number}: {call}\n    xen-lite {ours}\n    Xen      {theirs}")


def compare(width, seed, blocks=200, first=0):
    comparison = Comparison(width, seed, blocks, first)
    print(comparison)
    print_differences(width, seed, comparison)
    return 0 if comparison.good else 1


def reduce_block(width, seed, block):
    """Leaves out more and more calls, as long as what is left still ends differently."""
    def differs(calls):
        ours, theirs = run_both(width, f"seed={seed} list={block} only={','.join(map(str, calls))}")
        return ours.blocks != theirs.blocks or theirs.busy
    calls, pieces = list(range(CALLS_A_BLOCK)), 2
    while len(calls) > 1 and pieces <= len(calls):
        size = len(calls) // pieces
        rests = (calls[:at] + calls[at + size:] for at in range(0, len(calls), size))
        smaller = next((rest for rest in rests if rest and differs(rest)), None)
        calls, pieces = (smaller, max(pieces - 1, 2)) if smaller else (calls, pieces * 2)
    for run in run_both(width, f"seed={seed} list={block} only={','.join(map(str, calls))}"):
        print(*(f"{call} = {result}{words}" for call, result, words in run.lists[str(block)][:len(calls)]), sep="\n")
    return 0


def campaign(width, seed=CAMPAIGN_SEED, blocks=CAMPAIGN_BLOCKS):
    comparison = Comparison(width, seed, blocks, timeout=1500)
    tally = comparison.runs[0].tally
    never, never_done = never_made(tally)
    print(comparison, "", *table(tally), "", sep="\n")
    print_differences(width, seed, comparison)
    print(f"never made: {', '.join(never)}", f"made, and always refused: {', '.join(never_done)}", sep="\n")
    return 0 if comparison.good else 1


def main(arguments):
    width = 64
    if arguments[:1] == ["--width"]:
        width, arguments = int(arguments[1]), arguments[2:]
    if arguments[:1] == ["--reduce"]:
        return reduce_block(width, *map(int, arguments[1:]))
    if arguments[:1] == ["--campaign"]:
        return campaign(width, *map(int, arguments[1:]))
    return compare(width, *map(int, arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
