#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""usage: system-calls.py [--check] [ROOT]

Prints docs/system-calls.md from guest-kernel/api/syscalls.def and errno.def, which the kernel and its programs are
compiled from. With --check nothing is written: exit status 1 if the file is not what would be written. `make docs` and
`make check` call it.
"""
import os
import re
import sys

ARGUMENTS = [argument for argument in sys.argv[1:] if argument != "--check"]
ROOT = ARGUMENTS[0] if ARGUMENTS else "."
API, PAGE = "guest-kernel/api/", "docs/system-calls.md"
COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)
CALL = re.compile(r"^SYSCALL\((\d+),\s*(\w+),\s*\d+,?\s*(.*)\)$", re.MULTILINE)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def sentence(comment):
    """A comment's text in one line, for a cell of a table."""
    text = " ".join(line.strip(" *") for line in comment.strip("/").split("\n")).strip()
    return text.replace("|", "\\|").replace("<", "&lt;")


def prototype(name, arguments):
    """exec(const char *path, ...): the list has types and names in turn."""
    words = [word.strip() for word in arguments.split(",")] if arguments else []
    pairs = [f"{kind}{'' if kind.endswith('*') else ' '}{word}" for kind, word in zip(words[::2], words[1::2])]
    return f"`{name}({', '.join(pairs)})`"


def calls():
    """A table for each part of the list. A call without a comment of its own shares the one before."""
    lines, comment = [], ""
    for found in re.findall(r"/\*(?:.|\n)*?\*/|^SYSCALL\(.*\)$", read(API + "syscalls.def"), re.MULTILINE):
        heading, call = re.fullmatch(r"/\* ---- (.*?) ---- \*/", found), CALL.fullmatch(found)
        if heading:
            lines += ["", f"## {heading.group(1)}", "", "| number | call | what it does |", "|---|---|---|"]
        elif call:
            lines.append(f"| {call.group(1)} | {prototype(*call.groups()[1:])} | {comment or 'as above'} |")
            comment = ""
        else:
            comment = sentence(found)
    return lines


def errors():
    entries = re.findall(r"^ERRNO\((\w+), (\d+)\)", read(API + "errno.def"), re.MULTILINE)
    rows = [f"| {name} | {number} |" for name, number in entries]
    return ["", "## Errors", "", "| name | number |", "|---|---|", *rows]


def page():
    head = COMMENT.findall(read(API + "syscalls.def"))[1]
    # Behind the lines that explain the macro.
    rules = [sentence(part) for part in re.split(r"\n \*\n", head)][3:]
    lines = ["# System calls of the teaching kernel", "",
             "Printed by `make docs` from [syscalls.def](../guest-kernel/api/syscalls.def) and",
             "[errno.def](../guest-kernel/api/errno.def): change those, not this file.", ""]
    lines += [line for rule in rules if rule for line in (rule, "")][:-1]
    return "\n".join(lines + calls() + errors()) + "\n"


def main():
    full, text = os.path.join(ROOT, PAGE), page()
    if os.path.exists(full) and read(PAGE) == text:
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{PAGE}: is stale: run make docs", file=sys.stderr)
        return 1
    with open(full, "w", encoding="utf-8") as file:
        file.write(text)
    return 0


sys.exit(main())
