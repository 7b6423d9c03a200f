#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random hypercalls in a mass, by a 64-bit and a 32-bit domain of one machine that know each other's number: in
portions, each of which is a boot with a seed of its own. A portion must end well: no crash, and all counts right. Of a
million calls each operation must have been tried, and done where it can be.

    tests/qemu/many_calls.py CALLS [SEED [AT ONCE]]    portions of seeds SEED, SEED + 1, ... until there are so many

A line for each portion says how far it got: to go on another day, begin with the next seed."""
import collections
import os
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from boot import BUILD, run_quickly
from random_table import never_made, table

PORTION = 10_000_000
WIDTHS = {1: "pv64", 2: "pv32"}

# Quarters of the calls that each makes: under an emulator those of 32 bits take almost twice as long.
QUARTERS = {1: 3, 2: 1}

# What is not called, as no guest would survive it or there is no such call; and what an unprivileged guest is always
# refused, or has asked for before.
NEVER_MADE = re.compile(r"arch_[3-6]|sched_op(_compat)? (block|shutdown)|iret|multicall|"
                        r"(event_channel|physdev)_op_compat .*")
NEVER_DONE = re.compile(
    r"arch_\d|argo_op|dm_op|domctl|hvm_op|hypfs_op|kexec_op|platform_op|sysctl|tmem_op|xenoprof_op|xenpmu_op|xsm_op|"
    r"\w+_op_compat .*|physdev_op (?!set_iopl|set_iobitmap).*|event_channel_op bind_pirq|grant_table_op dump_table|"
    r"sched_op (pin_override|remote_shutdown|shutdown.*)|vcpu_op (get_physid|initialise|register_vcpu_info)|"
    r"xen_version build_id|mmuext_op (FLUSH_CACHE.*|MARK_SUPER|UNMARK_SUPER)|"
    r"memory_op (access_op|acquire_resource|add_to_physmap.*|claim_pages|get_pod_target|get_vnumainfo|"
    r"machine_memory_map|paging_op|remove_from_physmap|set_pod_target|sharing_op)")


class Portion:
    """One boot. made: calls by both domains; tally: domain -> (call, operation, outcome) -> count."""

    def __init__(self, seed, calls, build, cpus=1):
        self.seed, self.calls = seed, calls
        with tempfile.TemporaryDirectory() as folder:
            configs = [self.write_config(folder, number, calls * QUARTERS[number] // 4 + 1) for number in WIDTHS]
            # The release build has the audit, too, but for the asking.
            self.boot = run_quickly("run", "--cpus", cpus, "--hypervisor-args", "guest_loglvl=none audit", *configs,
                                    build=build, timeout=240 + calls // 10000)
        lines = [re.match(r"\(d(\d)\) (.*)", line) for line in self.boot.lines]
        self.made, self.counted = 0, True
        self.tally = {number: collections.Counter() for number in WIDTHS}
        for domain, text in (match.groups() for match in lines if match):
            if match := re.match(r"(\d+) calls, (\d+) more by programs", text):
                self.made += int(match[1]) + int(match[2])
                self.counted &= self.tally[int(domain)].total() == int(match[1])
            elif match := re.match(r"tally (\d+) (\d+) (\d+) (\d+)$", text):
                self.tally[int(domain)][tuple(map(int, match.groups()[:3]))] += int(match[4])

    def write_config(self, folder, number, calls):
        path = os.path.join(folder, f"{WIDTHS[number]}.cfg")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'name = "{WIDTHS[number]}"\nmemory = 32\nvcpus = 2\n'
                       f'kernel = "{BUILD}/tests/guests/random-calls/{WIDTHS[number]}.elf"\n'
                       f'extra = "seed={self.seed} calls={calls} peer={3 - number}"\n')
        return path

    @property
    def problems(self):
        """In words; none if it ended well."""
        found = []
        if self.boot.status != 0 or sum("verdict: success" in line for line in self.boot.lines) != len(WIDTHS):
            found.append(f"it ended badly: {self.boot}")
        if not any("audit: ok" in line for line in self.boot.lines):
            found.append("no good audit")
        if not self.counted:
            found.append("a domain's tally is not that of its calls: something wrote to its memory")
        if self.made < self.calls:
            found.append(f"{self.made} calls were made, not {self.calls}")
        return found


def rotten(portions):
    """Operations that were never made, and those that were always refused, beyond what is known."""
    never, refused = never_made(sum((tally for portion in portions for tally in portion.tally.values()),
                                    collections.Counter()))
    return ([name for name in never if not NEVER_MADE.fullmatch(name)],
            [name for name in refused if not NEVER_DONE.fullmatch(name)])


def main(arguments):
    calls, seed, at_once = (*map(int, arguments), *(10**9, 1, 1)[len(arguments):])
    seeds, made, begin = range(seed, seed + -(-calls // PORTION)), 0, time.monotonic()
    tally = collections.Counter()
    with ThreadPoolExecutor(at_once) as pool:
        for portion in pool.map(lambda number: Portion(number, min(PORTION, calls), "release", cpus=2), seeds):
            if portion.problems:
                print(f"seed {portion.seed}:", *portion.problems, sep="\n")
                return 1
            made += portion.made
            for of_domain in portion.tally.values():
                tally.update(of_domain)
            print(f"seed {portion.seed}: {portion.made} calls; {made} in all, {time.monotonic() - begin:.0f} s",
                  flush=True)
    print(*table(tally), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
