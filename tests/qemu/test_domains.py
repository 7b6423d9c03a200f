# SPDX-License-Identifier: MIT
"""Several domains at once: each has its prefix, its end and its memory, and none disturbs another."""
import re

import pytest


def write_config(folder, name, kernel, **settings):
    lines = {"name": f'"{name}"', "type": '"pv"', "kernel": f'"{kernel}"', "memory": "16", **settings}
    path = folder / f"{name}.cfg"
    path.write_text("".join(f"{key} = {value}\n" for key, value in lines.items()))
    return path


def lines_of(boot, domain):
    return [line.removeprefix(f"(d{domain}) ") for line in boot.lines if line.startswith(f"(d{domain}) ")]


def test_eight_domains(quick_xlite, guest_kernel, tmp_path):
    configs = [write_config(tmp_path, f"guest{number}", guest_kernel) for number in range(1, 9)]
    boot = quick_xlite("run", "--cpus", 2, "--host-memory", 512, *configs, status=0)
    for domain in range(1, 9):
        assert "Good bye." in lines_of(boot, domain), f"domain {domain} did not finish\n{boot}"
    boot.assert_audit_ok()


def test_sixty_four_domains(quick_xlite, test_guest, tmp_path):
    """On two CPUs, of both widths; each watches its memory, timer and events meanwhile."""
    kernels = [test_guest("neighbour", width) for width in ("pv64", "pv32")]
    configs = [write_config(tmp_path, f"guest{number}", kernels[number % 2], memory=8, cmdline='"ms=40"')
               for number in range(64)]
    boot = quick_xlite("run", "--cpus", 2, "--host-memory", 1024, *configs, status=0)
    for domain in range(1, 65):
        assert "verdict: success" in lines_of(boot, domain), f"domain {domain}\n{boot}"
    boot.assert_audit_ok()


@pytest.mark.parametrize("width", ["pv64", "pv32"])
def test_seventy_vcpus_on_two_cpus(quick_xlite, test_guest, width):
    """The test guest's claim with flushes of other CPUs; as a guest of its own it has one, like the real Xen's."""
    quick_xlite("run", "--cpus", 2, "--vcpus", 70, "--kernel", test_guest("vcpu-many", width),
                status=0).assert_audit_ok()


def test_lines_are_not_mixed(quick_xlite, guest_kernel, tmp_path):
    """Each line on the console belongs to one domain: what one prints alone, it prints the same beside others."""
    alone = quick_xlite("run", "--kernel", guest_kernel, "--memory", 16, status=0)
    configs = [write_config(tmp_path, name, guest_kernel) for name in ("left", "right")]
    boot = quick_xlite("run", *configs, status=0)
    same = re.compile(r"^(traps|user): ")
    expected = [line for line in alone.guest_lines if same.match(line)]
    assert expected, str(alone)
    for domain in (1, 2):
        assert [line for line in lines_of(boot, domain) if same.match(line)] == expected, str(boot)


def test_one_domain_has_no_prefix(quick_xlite, guest_kernel):
    boot = quick_xlite("run", "--kernel", guest_kernel, status=0)
    assert "Good bye." in boot.lines


def run_pair(quick_xlite, folder, kernels, arguments="", **settings):
    """Two domains of the same guest, each told who the other is."""
    configs = [write_config(folder, name, kernel, cmdline=f'"peer={peer} {arguments}"', **settings)
               for name, kernel, peer in zip(("left", "right"), kernels, (2, 1))]
    boot = quick_xlite("run", "--cpus", 2, *configs, status=0)
    for domain in (1, 2):
        assert "verdict: success" in lines_of(boot, domain), str(boot)
    boot.assert_audit_ok()


@pytest.mark.parametrize("widths", [("pv64", "pv64"), ("pv32", "pv32"), ("pv32", "pv64")],
                         ids=["64", "32", "32 and 64"])
def test_event_channel_between_domains(quick_xlite, test_guest, tmp_path, widths):
    run_pair(quick_xlite, tmp_path, [test_guest("event-peers", width) for width in widths])


def test_races_on_channels_between_domains(quick_xlite, test_guest, tmp_path):
    run_pair(quick_xlite, tmp_path, [test_guest("event-races", width) for width in ("pv32", "pv64")], vcpus=2,
             max_event_channels=4095)


def test_domains_are_closed_to_each_other(quick_xlite, test_guest, tmp_path):
    run_pair(quick_xlite, tmp_path, [test_guest("foreign-domains")] * 2)


# What a report says of a kernel that took an exception without a handler, line by line.
REPORTS = {
    "pv64": [
        r"domain 1 \(crash-pv64\) crashed on vcpu 0: TRAP-2: #UD, but the guest has registered no handler",
        r"  kernel mode in ring 3, upcall masked, rip [0-9a-f]{16} test_main\+0x[0-9a-f]+",
        r"  rsp [0-9a-f]{16}  rflags [0-9a-f]{8}  cs e033  ss e02b  vector 6  error 0",
        r"  code at rip: 0f 0b .*",
        r"    L4\[1ff\] = [0-9a-f]{16}: frame [0-9a-f]+ of d1: L3 table, 1 such uses, 3 references",
        r"    L1\[[0-9a-f]{3}\] = [0-9a-f]{16}: frame [0-9a-f]+ of d1: writable, 1 such uses, 2 references",
        r"    [0-9a-f]{16} support_start\+0x[0-9a-f]+",
    ],
    "pv32": [
        r"domain 2 \(crash-pv32\) crashed on vcpu 0: TRAP-2: #UD, but the guest has registered no handler",
        r"  kernel mode in ring 1, upcall masked, eip d0[0-9a-f]{6} test_main\+0x[0-9a-f]+",
        r"  esp d0[0-9a-f]{6}  eflags [0-9a-f]{8}  vector 6  error 0",
        r"  cs e019  ss e021  ds e021  es e021  fs e021  gs e021",
        r"  code at eip: 0f 0b .*",
        r"    L3\[003\] = [0-9a-f]{16}: frame [0-9a-f]+ of d2: last L2 table, 1 such uses, 3 references",
        r"    L1\[[0-9a-f]{3}\] = [0-9a-f]{16}: frame [0-9a-f]+ of d2: writable, 1 such uses, 2 references",
        r"    d0[0-9a-f]{6} support_start\+0x[0-9a-f]+",
    ],
}


def test_a_crash_leaves_domains_of_both_widths_alone(quick_xlite, test_guest, tmp_path):
    """One of each width crashes, one of each watches its memory, timer and events meanwhile; and the reports."""
    configs = [write_config(tmp_path, f"{what}-{width}", test_guest(claim, width))
               for what, claim in (("crash", "crash-no-handler"), ("watch", "neighbour")) for width in REPORTS]
    boot = quick_xlite("run", "--cpus", 2, *configs, status=1)
    for domain in (3, 4):
        assert "verdict: success" in lines_of(boot, domain), str(boot)
    boot.assert_audit_ok()
    for width, expected in REPORTS.items():
        for line in expected:
            assert any(re.fullmatch(r"\(xen-lite\) " + line, said) for said in boot.hypervisor_lines), \
                f"the report of {width} lacks {line}\n{boot}"
