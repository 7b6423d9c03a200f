# SPDX-License-Identifier: MIT
"""Every allocation of the hypervisor fails once: the option fail_alloc= of its debug build makes those fail whose
numbers it lists. In the end all counts must be in order, and as much memory in use as before the first domain."""
import re

import pytest

from boot import BOOT_SECONDS

REPORT = re.compile(r"fail_alloc: (\d+) allocations, (\d+) of them failed")
NONE = 0xffffffff


def counts(boot):
    """(allocations, failures) up to the start of the guests, and up to the end."""
    found = [tuple(map(int, match)) for match in REPORT.findall("\n".join(boot.hypervisor_lines))]
    assert len(found) >= 2, str(boot)
    return found[0], found[-1]


def boot_with(quick_xlite, numbers, *arguments):
    return quick_xlite("run", "--hypervisor-args", "fail_alloc=" + ",".join(map(str, numbers)), *arguments,
                       "--timeout", BOOT_SECONDS)


def test_calls_of_a_guest(quick_xlite, test_guest):
    """All allocations that a guest causes, in a few boots. A call that failed is made again, which shifts the numbers
    of what follows: so every third number fails, from three starts."""
    guest = ("--vcpus", 4, "--kernel", test_guest("allocations"))
    start, end = (made for made, _ in counts(boot_with(quick_xlite, [NONE], *guest)))
    assert end - start > 25
    for first in range(1, 4):
        numbers = range(start + first, start + first + 3 * 31, 3)
        boot = boot_with(quick_xlite, numbers, *guest)
        assert boot.status == 0, str(boot)
        assert "verdict: success" in boot.guest_lines, str(boot)
        failed = counts(boot)[1][1]
        assert f"allocations failed: {failed}" in boot.guest_lines, str(boot)
        assert failed > 8, str(boot)
        boot.assert_audit_ok()


@pytest.mark.parametrize("width, first", [("pv64", 1), ("pv64", 12), ("pv32", 1), ("pv32", 12)])
def test_creation_of_domains(quick_xlite, test_guest, tmp_path, width, first):
    """Each domain but the last meets a failure, one allocation later than the one before. It is said that it cannot be
    built, or it runs (without its symbols, for messages). The domains are alike, so they come to the allocations in
    turn; but what one leaves in the slab, the next need not ask for. The same holds for the M2P of 32-bit domains,
    which is made with the first of them, and by more than one if one fails."""
    domains, numbers, number = 12, [], 0
    for domain in range(domains - 1):
        number += first + domain
        numbers.append(number)
    configs = []
    kernel = test_guest("start-info", width)
    for domain in range(domains):
        config = tmp_path / f"guest{domain}.cfg"
        config.write_text(f'name = "guest{domain}"\nkernel = "{kernel}"\nmemory = 4\nvcpus = 2\n')
        configs.append(config)
    boot = boot_with(quick_xlite, numbers, *configs)
    assert boot.status == 1, str(boot)
    assert counts(boot)[0][1] == domains - 1, str(boot)
    left_out = re.findall(r"domain (guest\d+)(?:: | is left out: ).*\bmemory\b", "\n".join(boot.hypervisor_lines))
    assert len(left_out) >= domains - 3 and "guest11" not in left_out, str(boot)
    assert boot.output.count("verdict: success") == domains - len(left_out), str(boot)
    boot.assert_audit_ok()
