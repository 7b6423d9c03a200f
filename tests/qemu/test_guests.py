# SPDX-License-Identifier: MIT
"""Each folder of tests/guests/ with a main.c is a test guest that makes one claim. The head comment of main.c says
    Claim:   what it shows
    Rule:    the rules of abi/rules.def, or where the ABI says so
    Runs on: xen-lite, xen          (the real Xen is the oracle)
    Ends:    poweroff | crash ...   (how its domain ends; a quoted text after it must be in the hypervisor's report)
    Options: --cpus 2 ...           (optional: for xlite)
Here each runs where it says, and must end as it says, with the verdict success and all counts in order. What runs on
xen-lite runs on its build that panics at undefined behaviour (make UBSAN=1) as well."""
import glob
import os
import re
import shlex

import pytest

from boot import BUILD, ROOT

HOSTS = ("xen-lite", "xen")
# What a case is called: the hypervisor, and whose build of xlite and it (see run_xlite).
RUNS = {"xen-lite": ("xen-lite", "."), "ubsan": ("xen-lite", "ubsan"), "xen": ("xen", ".")}
KEYS = ("Claim", "Rule", "Runs on", "Ends", "Options")
COMMENT = re.compile(r"/\*(?!\s*SPDX)(.*?)\*/", re.DOTALL)


def head_of(main):
    """The keys of the head comment. A value goes on in lines that do not begin with a key."""
    with open(main, encoding="utf-8") as file:
        comment = COMMENT.search(file.read())
    head, key = {}, None
    for line in (comment.group(1) if comment else "").splitlines():
        line = line.strip().lstrip("*").strip()
        match = re.match(r"(" + "|".join(KEYS) + r"):\s*(.*)", line)
        if match:
            key = match.group(1)
            head[key] = match.group(2)
        elif not line:
            key = None
        elif key:
            head[key] += " " + line
    return head


def claims():
    for main in sorted(glob.glob(os.path.join(ROOT, "tests/guests/*/main.c"))):
        yield os.path.basename(os.path.dirname(main)), head_of(main)


def cases():
    for claim, head in claims():
        for name, (host, build) in RUNS.items():
            if re.search(rf"\b{host}\b(?!-)", head.get("Runs on", "")):
                yield pytest.param(claim, head, host, build, id=f"{claim}-{name}")


@pytest.mark.parametrize("claim, head", [pytest.param(*case, id=case[0]) for case in claims()])
def test_head_comment_is_complete(claim, head):
    missing = [key for key in KEYS[:4] if not head.get(key)]
    assert not missing, f"tests/guests/{claim}/main.c: its head comment lacks {', '.join(missing)}"
    hosts = [host.strip() for host in re.sub(r"\(.*?\)", "", head["Runs on"]).rstrip(".").split(",")]
    assert hosts[0] in HOSTS, f"tests/guests/{claim}/main.c: runs on {hosts}, but there are only {HOSTS}"


def verdict_of(boot):
    found = [line for line in boot.guest_lines if line.startswith("verdict: ")]
    return found[-1].removeprefix("verdict: ") if found else ""


@pytest.mark.parametrize("claim, head, host, build", cases())
def test_claim(xlite, test_guest, request, claim, head, host, build):
    if host == "xen":
        request.getfixturevalue("real_xen")
    if not os.path.exists(os.path.join(BUILD, build, "xlite")):
        pytest.skip("not built: make UBSAN=1 hypervisor xlite")
    options = shlex.split(head.get("Options", ""))
    boot = xlite("run", "--hypervisor", host, *options, "--kernel", test_guest(claim), build=build)

    verdict = verdict_of(boot)
    if verdict.startswith("skip"):
        pytest.skip(verdict)
    assert boot.status in (0, 1), str(boot)
    ends = head["Ends"].split()[0].rstrip(".,;")
    if ends == "poweroff":
        assert verdict == "success", str(boot)
        assert boot.status == 0, str(boot)
    else:
        assert not verdict.startswith(("failure", "error")), str(boot)
        assert boot.status == 1, str(boot)
    if host == "xen-lite":
        for text in re.findall(r'"([^"]+)"', head["Ends"]):
            assert text in "\n".join(boot.hypervisor_lines), f"the report lacks '{text}'\n{boot}"
        boot.assert_audit_ok()
