#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""usage: rule-book.py [--check] [ROOT]

Prints the rule book, docs/rules.md, and the tables of calls and their operations in docs/hypercalls.md from what the
code itself is compiled from: abi/rules.def, abi/hypercalls.def, the lists of operations, and the head comments of the
test guests. With --check nothing is written:
exit status 1 if a file is not what would be written. In both cases it is an error if a rule is used nowhere in
xen-lite/, or if a test guest names a rule that is not there. `make docs` and `make check` call it.
"""
import glob
import os
import re
import sys

ARGUMENTS = [argument for argument in sys.argv[1:] if argument != "--check"]
CHECK_ONLY = "--check" in sys.argv[1:]
ROOT = ARGUMENTS[0] if ARGUMENTS else "."
RULE = re.compile(r'^RULE\((\w+), (\d+), (\w+),\s+"((?:[^"\\]|\\.)*)",\s+"((?:[^"\\]|\\.)*)"\)', re.MULTILINE)
# A family's heading is the comment above its first rule.
PART = re.compile(r"/\* (?P<family>[A-Z]+): (?P<heading>.*?) \*/|" + RULE.pattern, re.MULTILINE | re.DOTALL)
CALL = re.compile(r"/\*(?P<comment>(?:(?!\*/).)*?)\*/\s*HYPERCALL\((?P<number>\d+),\s*(?P<name>\w+),\s*\d+,"
                  r"\s*(?P<handler>\w+),\s*(?P<handler32>\w+)\)", re.DOTALL)
MARKS = "<!-- made by make docs: begin -->", "<!-- made by make docs: end -->"
OPERATION_MARKS = "<!-- operations, made by make docs: begin -->", "<!-- operations, made by make docs: end -->"
# Calls whose operations have a list of their own, and what an entry of it is called.
LISTS = {"mmuext_op": ("mmuext", "MMUEXT"), "memory_op": ("memory", "XENMEM"),
         "grant_table_op": ("grant", "GNTTABOP"),
         "event_channel_op": ("evtchn", "EVTCHNOP"), "sched_op": ("sched", "SCHEDOP"), "vcpu_op": ("vcpu", "VCPUOP"),
         "callback_op": ("callback", "CALLBACKTYPE"), "xen_version": ("xen_version", "XENVER"),
         "physdev_op": ("physdev", "PHYSDEVOP"), "vm_assist": ("vm_assist", "VMASST_TYPE")}


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def sources(folder):
    for where, _, names in sorted(os.walk(os.path.join(ROOT, folder))):
        for name in sorted(names):
            if name.endswith((".c", ".h", ".S")):
                yield os.path.relpath(os.path.join(where, name), ROOT)


def used_rules():
    """Names as in C: RULE_MMU_7."""
    return {rule for path in sources("xen-lite") for rule in re.findall(r"\bRULE_[A-Z]+_\d+\b", read(path))}


def head_lines(text, key):
    """The value of a key of the head comment, which may go on in the next lines."""
    match = re.search(rf"^ \* {key}:(.*?)(?=^ \* (?:Claim|Rule|Runs on|Ends|Options|Widths):|^ \*/|^ \*$)", text,
                      re.MULTILINE | re.DOTALL)
    return match.group(1).replace("\n *", " ") if match else ""


def test_guests():
    """Rule's name -> {claim: runs on Xen}."""
    tests = {}
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/guests/*/main.c"))):
        claim = os.path.basename(os.path.dirname(path))
        text = read(path)
        on_xen = bool(re.search(r"\bxen\b(?!-)", head_lines(text, "Runs on")))
        for rule in re.findall(r"\b[A-Z]+-\d+\b", head_lines(text, "Rule")):
            tests.setdefault(rule, {})[claim] = on_xen
    return tests


def plain(text):
    """A C string's text, in a cell of a table."""
    return text.replace('\\"', '"').replace("|", "\\|").replace("<", "&lt;")


def sentence(text):
    return " ".join(line.strip(" *") for line in text.split("\n")).strip()


def evidence(tests):
    """What shows the rule, and whether the real Xen was seen to do the same."""
    if not tests:
        return "", "not compared"
    links = ", ".join(f"[{claim}](../tests/guests/{claim}/main.c)" for claim in tests)
    return links, "yes" if any(tests.values()) else "not compared"


def rule_book(problems):
    used, tests = used_rules(), test_guests()
    lines = ["# The rule book", "",
             "Printed by `make docs` from [abi/rules.def](../abi/rules.def) and the head comments of the test",
             "guests: change those, not this file. [errors.md](errors.md) tells what a rule is and how it shows on",
             "the log.", "",
             "*errno*: what the refused call returns, negated; none where no call is there to return from, or it",
             "has no error for this: then the sentence says what happens. *Xen*: yes where a test guest that names",
             "the rule runs on the real Xen 4.17 as well and sees the same there; not compared where none does.", ""]
    known = set()
    for part in PART.finditer(read("abi/rules.def")):
        if part.group("family"):
            heading, _, rest = sentence(part.group("heading")).partition(". ")
            lines += ["", f"## {part.group('family')}: {heading.rstrip('.')}", ""]
            lines += [rest, ""] if rest else []
            lines += ["| rule | errno | what holds | what to do | shown by | Xen |", "|---|---|---|---|---|---|"]
            continue
        family, number, errno, text, advice = part.groups()[2:]
        name = f"{family}-{number}"
        known.add(name)
        if f"RULE_{family}_{number}" not in used:
            problems.append(f"abi/rules.def: {name} is used nowhere in xen-lite/")
        error = "none" if errno == "0" else errno.removeprefix("XEN_")
        shown, agrees = evidence(tests.get(name))
        lines.append(f"| {name} | {error} | {plain(text)} | {plain(advice)} | {shown} | {agrees} |")
    for name in sorted(set(tests) - known):
        problems.append(f"tests/guests/{', '.join(tests[name])}: there is no rule {name}")
    count = len(known)
    lines += ["", f"{count} rules, {sum(1 for name in known if tests.get(name))} of them shown by a test guest."]
    return "\n".join(lines) + "\n"


def call_table():
    answers = {"hc_unknown": "answers ENOSYS", "hc_not_offered": "answers ENOSYS",
               "hc_privileged": "answers EPERM", "hc_unsupported": "answers EOPNOTSUPP"}
    lines = ["| number | call | 64-bit guests | 32-bit guests | what it is for |", "|---|---|---|---|---|"]
    for call in CALL.finditer(read("abi/hypercalls.def")):
        answer, answer32 = (answers.get(call.group(handler), "yes") for handler in ("handler", "handler32"))
        comment = sentence(call.group("comment").split("/*")[-1])
        lines.append(f"| {call.group('number')} | {plain(call.group('name'))} | {answer} | {answer32} | "
                     f"{plain(comment)} |")
    return "\n".join(lines)


def legend_of(text):
    """What the head comment of a list says behind the line that describes its macro, as paragraphs."""
    head = re.search(r"/\*(?! SPDX)(.*?)\*/", text, re.DOTALL).group(1)
    paragraphs = [sentence(part) for part in re.split(r"\n \*\n", head)]
    macro = next(i for i, part in enumerate(paragraphs) if re.match(r"[A-Z_]+\(number, name", part))
    return [part for part in paragraphs[macro + 1:] if part]


def operations():
    """A table for each call that has operations."""
    lines = []
    for call, (file, macro) in LISTS.items():
        text = read(f"abi/{file}.def")
        lines += [f"### {call}", ""]
        for paragraph in legend_of(text):
            lines += [plain(paragraph), ""]
        lines += ["| number | name | what it does |", "|---|---|---|"]
        for entry in re.finditer(rf"/\*((?:(?!\*/).)*?)\*/\s*{macro}\((\d+),\s*(\w+)\)", text, re.DOTALL):
            lines.append(f"| {entry.group(2)} | {entry.group(3)} | {plain(sentence(entry.group(1)))} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def with_table(text, table, marks):
    """The text with the part between the marks replaced."""
    begin, end = marks
    before, rest = text.split(begin)
    return f"{before}{begin}\n{table}\n{end}{rest.split(end)[1]}"


def main():
    problems = []
    calls = with_table(read("docs/hypercalls.md"), call_table(), MARKS)
    wanted = {"docs/rules.md": rule_book(problems),
              "docs/hypercalls.md": with_table(calls, operations(), OPERATION_MARKS)}
    for path, text in wanted.items():
        full = os.path.join(ROOT, path)
        if os.path.exists(full) and read(path) == text:
            continue
        if CHECK_ONLY:
            problems.append(f"{path}: is stale: run make docs")
        else:
            with open(full, "w", encoding="utf-8") as file:
                file.write(text)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


sys.exit(main())
