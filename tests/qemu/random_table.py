# SPDX-License-Identifier: MIT
"""What random calls were, and how they ended: a line for each operation with how often it gave what, by the counts
that the test guest random-calls prints; and which operations of abi/'s lists were never made."""
import os
import re

from boot import ROOT

# The last place of a count stands for all that are beyond, and for lists of several operations.
OTHERS = {"call": 64, "operation": 40}
# Calls with operations: the list of abi/ that names them. Of one call the low bits of an address are the operation.
OPERATIONS = {"memory_op": "memory.def", "mmuext_op": "mmuext.def", "event_channel_op": "evtchn.def",
              "event_channel_op_compat": "evtchn.def", "sched_op": "sched.def", "sched_op_compat": "sched.def",
              "vcpu_op": "vcpu.def", "physdev_op": "physdev.def", "physdev_op_compat": "physdev.def",
              "xen_version": "xen_version.def", "grant_table_op": "grant.def", "vm_assist": "vm_assist.def"}


def names_in(file, macro=r"\w+"):
    """number -> name of the entries of a list of abi/, which have the number first."""
    with open(os.path.join(ROOT, "abi", file), encoding="utf-8") as lines:
        found = (re.match(rf"{macro}\((\d+),\s*(\w+)", line) for line in lines)
        return {int(match[1]): match[2] for match in found if match}


def errno_names():
    with open(os.path.join(ROOT, "abi/errno.def"), encoding="utf-8") as lines:
        found = [re.match(r"XEN_ERRNO\((\w+),\s*(\d+)", line) for line in lines]
    return {int(match[2]): match[1] for match in reversed(found) if match}


CALLS, ERRNO = names_in("hypercalls.def"), errno_names()


# Outcomes from here on are statuses of grants.
STATUS = 140


def outcome_name(outcome):
    return f"GNTST {STATUS - outcome}" if outcome >= STATUS else ERRNO.get(outcome, outcome or "done")


def name_of(call, operation):
    if call == OTHERS["call"]:
        return "beyond 63"
    name = CALLS.get(call, f"call {call}")
    if operation == OTHERS["operation"]:
        return name + " others, or several"
    if name not in OPERATIONS:
        return f"{name} {operation}" if operation else name
    return f"{name} {names_in(OPERATIONS[name]).get(operation, operation)}"


def table(tally):
    """tally: (call, operation, outcome) -> count. Lines."""
    rows = {}
    for (call, operation, outcome), count in sorted(tally.items()):
        rows.setdefault(name_of(call, operation), []).append(f"{outcome_name(outcome)} {count}")
    return [f"{name:44}{'  '.join(outcomes)}" for name, outcomes in rows.items()]


def known_operations():
    """(call, operation) of all that abi/ lists."""
    return {(call, operation) for call, name in CALLS.items()
            for operation in (names_in(OPERATIONS[name]) if name in OPERATIONS else [0])}


def never_made(tally):
    """Names of operations, and of those that were made but never done."""
    made = {(call, operation) for call, operation, _ in tally}
    done = {(call, operation) for call, operation, outcome in tally if outcome == 0}
    known = known_operations()
    return ([name_of(*which) for which in sorted(known - made)],
            [name_of(*which) for which in sorted((known & made) - done)])
