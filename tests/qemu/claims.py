# SPDX-License-Identifier: MIT
"""The test guests, and what the head comment of each one's main.c says of it:
    Claim:   what it shows
    Rule:    the rules of abi/rules.def, or where the ABI says so
    Runs on: xen-lite, xen          (the real Xen is the oracle; see HOSTS)
    Ends:    poweroff | crash ...   (how its domain ends; a quoted text after it must be in the hypervisor's report)
    Options: --cpus 2 ...           (optional: for xlite)
    Widths:  pv64, because ...      (optional: the claim is one of 64-bit guests only; or of pv32)"""
import glob
import os
import re

from boot import ROOT

# "xen" is the real Xen, whether the guest is there the privileged initial domain or an ordinary one; with -dom0 or
# -domu it is only that.
HOSTS = ("xen-lite", "xen", "xen-dom0", "xen-domu")
WIDTHS = ("pv64", "pv32")
KEYS = ("Claim", "Rule", "Runs on", "Ends", "Options", "Widths")
COMMENT = re.compile(r"/\*(?!\s*SPDX)(.*?)\*/", re.DOTALL)


def main_of(claim):
    return os.path.join(ROOT, "tests/guests", claim, "main.c")


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
    """(name, head) of each test guest."""
    for main in sorted(glob.glob(main_of("*"))):
        yield os.path.basename(os.path.dirname(main)), head_of(main)


def hosts_of(head):
    """Where it runs, without what is said about it in brackets."""
    return [host.strip() for host in re.sub(r"\(.*?\)", "", head.get("Runs on", "")).rstrip(".").split(",")]


def widths_of(head):
    """The widths that the claim is about, and the guest compiled for."""
    only = re.match(r"pv\d\d", head.get("Widths", ""))
    return (only.group(),) if only else WIDTHS


def runs_as(head, role):
    """Whether it runs on the real Xen in that role, "dom0" or "domu"."""
    return not {"xen", "xen-" + role}.isdisjoint(hosts_of(head))


def ends_with(head):
    """"poweroff" or "crash"."""
    return head["Ends"].split()[0].rstrip(".,;")


def verdict_of(lines, prefix=""):
    """What a guest that printed these, each with that prefix, says of itself in the end."""
    found = [line for line in lines if line.startswith(prefix + "verdict: ")]
    return found[-1].removeprefix(prefix + "verdict: ") if found else ""
