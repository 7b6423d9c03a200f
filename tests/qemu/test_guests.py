# SPDX-License-Identifier: MIT
"""Each folder of tests/guests/ with a main.c is a test guest that makes one claim; claims.py reads its head comment.
Here each runs where that says, and must end as it says, with the verdict success and all counts in order. What runs on
xen-lite runs on its build that panics at undefined behaviour (make UBSAN=1) as well. Those that want no options and
power off share machines, which costs a boot for eight and shows that each claim holds among neighbours; the others have
one for themselves. A claim that holds at both widths is tried at one of them on each of the two builds. On the real Xen
each is the initial domain here, at both widths: 32-bit guests on the Xen that make oracle32 builds. test_domu.py runs
guests as ordinary domains there."""
import os
import re
import shlex

import pytest

from boot import QUICK_MEMORY
from claims import HOSTS, KEYS, WIDTHS, claims, ends_with, hosts_of, runs_as, verdict_of, widths_of

# What a case is called: the hypervisor, whose build of xlite and it (see run_xlite), and the guest's width.
RUNS = {"xen-lite": ("xen-lite", ".", "pv64"), "ubsan": ("xen-lite", "ubsan", "pv64"), "xen": ("xen", ".", "pv64"),
        "xen-lite-pv32": ("xen-lite", ".", "pv32"), "ubsan-pv32": ("xen-lite", "ubsan", "pv32"),
        "xen-pv32": ("xen", ".", "pv32")}
# A guest of both widths that has a machine for itself runs there once on each build of xen-lite. So do those that share
# machines, but which width is where alternates: domains of both are to be neighbours.
ONCE = {".": "pv64", "ubsan": "pv32"}
# Domains on one machine, and its CPUs by build: many guests on one get much in each other's way, on two they also run
# at the same time.
NEIGHBOURS = 8
SHARED = {"xen-lite": (".", 1), "ubsan": ("ubsan", 2)}


def runs_on(head, host):
    return runs_as(head, "dom0") if host == "xen" else host in hosts_of(head)


def may_share(head):
    return runs_on(head, "xen-lite") and "Options" not in head and ends_with(head) == "poweroff"


def runs_here(head, widths, host, build, width):
    """Whether a guest that is compiled for these widths has a machine for itself there."""
    if width not in widths or not runs_on(head, host):
        return False
    if host == "xen":
        return True
    return not may_share(head) and (len(widths) == 1 or ONCE[build] == width)


def cases():
    for claim, head in claims():
        for name, (host, build, width) in RUNS.items():
            if runs_here(head, widths_of(head), host, build, width):
                marks = [pytest.mark.long] if "Options" in head else []
                yield pytest.param(claim, head, host, build, width, id=f"{claim}-{name}", marks=marks)


def neighbourhoods():
    """The guests that share a machine. Those next to each other in the alphabet are alike: they are spread."""
    sharing = [(claim, widths_of(head)) for claim, head in claims() if may_share(head)]
    for turn, (name, (build, cpus)) in enumerate(SHARED.items()):
        here = [(claim, widths[(number + turn) % len(widths)]) for number, (claim, widths) in enumerate(sharing)]
        machines = -(-len(here) // NEIGHBOURS)
        for number in range(machines):
            neighbours = here[number::machines]
            yield pytest.param(neighbours, build, cpus, id=f"{name}-{'+'.join(map('-'.join, neighbours))}")


@pytest.mark.parametrize("claim, head", [pytest.param(*case, id=case[0]) for case in claims()])
def test_head_comment_is_complete(claim, head):
    missing = [key for key in KEYS[:4] if not head.get(key)]
    assert not missing, f"tests/guests/{claim}/main.c: its head comment lacks {', '.join(missing)}"
    hosts = hosts_of(head)
    widths = head.get("Widths", "pv64").split()[0].rstrip(".,:")
    assert widths in WIDTHS, f"tests/guests/{claim}/main.c: the first word of Widths is {widths}, none of {WIDTHS}"
    assert set(hosts) <= set(HOSTS), f"tests/guests/{claim}/main.c: runs on {hosts}, but there are only {HOSTS}"


def prepare(request, host, width):
    """What xlite is told of the hypervisor. Skips the case where it is not there."""
    if host == "xen":
        return ["--hypervisor", request.getfixturevalue("oracle32" if width == "pv32" else "real_xen")]
    return []


@pytest.mark.parametrize("claim, head, host, build, width", cases())
def test_claim(quick_xlite, test_guest, request, claim, head, host, build, width):
    hypervisor = prepare(request, host, width)
    options = shlex.split(head.get("Options", ""))
    boot = quick_xlite("run", *hypervisor, *options, "--kernel", test_guest(claim, width), build=build)

    verdict = verdict_of(boot.guest_lines)
    # What it needs is in its options: on xen-lite there is no reason to skip.
    if verdict.startswith("skip") and host == "xen":
        pytest.skip(verdict)
    assert boot.status in (0, 1), str(boot)
    if ends_with(head) == "poweroff":
        assert verdict == "success", str(boot)
        assert boot.status == 0, str(boot)
    else:
        # It ends in the middle: what was wrong before that has no verdict.
        assert not verdict.startswith(("failure", "error", "skip")), str(boot)
        assert not any("wrong: " in line for line in boot.guest_lines), str(boot)
        assert boot.status == 1, str(boot)
    if host == "xen-lite":
        for text in re.findall(r'"([^"]+)"', head["Ends"]):
            assert text in "\n".join(boot.hypervisor_lines), f"the report lacks '{text}'\n{boot}"
        boot.assert_audit_ok()


@pytest.mark.parametrize("neighbours, build, cpus", neighbourhoods())
def test_claims_side_by_side(quick_xlite, test_guest, tmp_path, neighbours, build, cpus):
    configs = []
    for claim, width in neighbours:
        kernel = os.path.abspath(test_guest(claim, width))
        configs.append(tmp_path / f"{claim}-{width}.cfg")
        configs[-1].write_text(f'name = "{claim}-{width}"\ntype = "pv"\nkernel = "{kernel}"\n'
                               f"memory = {QUICK_MEMORY}\n", encoding="utf-8")
    boot = quick_xlite("run", "--cpus", cpus, *configs, build=build)

    verdicts = {guest: verdict_of(boot.guest_lines, f"(d{domain}) ") for domain, guest in enumerate(neighbours, 1)}
    failed = {guest: verdict for guest, verdict in verdicts.items() if verdict != "success"}
    assert not failed, f"{failed}\n{boot}"
    assert boot.status == 0, str(boot)
    boot.assert_audit_ok()
