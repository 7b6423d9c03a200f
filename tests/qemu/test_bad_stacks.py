# SPDX-License-Identifier: MIT
"""Exceptions without a stack end a 32-bit guest: each case of the test guest crash-ring1-stack, which has one a domain.
On xen-lite all of them run as domains of two machines; on the real Xen each costs a boot, so that what holds for both
rings alike is tried there in one of them."""
import re

import pytest

from test_domains import write_config

# Rows of the guest's tables: what is wrong with the address, with the segment, with an iret.
ADDRESSES, SEGMENTS, IRETS = 9, 7, 4
# The real Xen takes a null selector for a moment.
NULL_SEGMENT = ADDRESSES + SEGMENTS - 1
# Can be written, but no guest's kernel can have it: the CPU says so on the way to the handler.
HYPERVISOR_SEGMENT = ADDRESSES + SEGMENTS - 2
KINDS = 14


def is_bad_segment(line):
    """Whether the case is one of an address that would do, in a segment that cannot be written."""
    found = re.match(r"case=(\d+) ", line)
    return found is not None and ADDRESSES <= int(found[1]) != HYPERVISOR_SEGMENT


def cases(*rings):
    """Command lines of the guest. The kind of exception changes from case to case."""
    lines = [(number, ring) for number in range(ADDRESSES) for ring in rings]
    lines += [(number, 3) for number in range(ADDRESSES, ADDRESSES + SEGMENTS)]
    lines = [f"case={number} ring={ring} kind={index % KINDS}" for index, (number, ring) in enumerate(lines)]
    return lines + [f"iret=1 case={number}" for number in range(IRETS)] + ["open=1"]


def cases_on_xen():
    both = cases(1, 3)
    memory = [both[2 * number + number % 2] for number in range(ADDRESSES)]
    return memory + [line for line in both[2 * ADDRESSES:] if not line.startswith(f"case={NULL_SEGMENT} ")]


@pytest.mark.parametrize("half", range(2))
def test_on_xen_lite(quick_xlite, test_guest, tmp_path, half):
    lines = cases(1, 3)[half::2]
    configs = [write_config(tmp_path, f"guest{number}", test_guest("crash-ring1-stack", "pv32"), memory=16,
                            cmdline=f'"{line}"') for number, line in enumerate(lines)]
    boot = quick_xlite("run", "--cpus", 2, "--host-memory", 512, *configs, status=1)
    ended = [line for line in boot.hypervisor_lines if line.endswith("has ended: crash")]
    assert len(ended) == len(lines), str(boot)
    assert not any("verdict:" in line for line in boot.guest_lines), str(boot)
    assert sum("is no segment that can be written" in line for line in boot.hypervisor_lines) == \
        sum(is_bad_segment(line) for line in lines), str(boot)
    boot.assert_audit_ok()


@pytest.mark.parametrize("line", cases_on_xen())
def test_on_the_real_xen(quick_xlite, test_guest, oracle32, line):
    boot = quick_xlite("run", "--hypervisor", oracle32, "--kernel", test_guest("crash-ring1-stack", "pv32"), "--extra",
                       line, status=1)
    assert not any("verdict:" in line for line in boot.guest_lines), str(boot)
