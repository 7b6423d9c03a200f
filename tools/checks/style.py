#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""usage: style.py [ROOT]

Checks the limits that clang-format does not know:
 - the first line names the licence (the second one in scripts)
 - no C file or header over 500 lines, no function over 60
 - no #if in .c files: variants are files, tables or ops structs
 - a .c file includes the header of its own name first, which shows that the header stands alone
 - no line over 100 columns in C and assembly (make files and shell: 120)
 - no note to oneself left behind (see LEFT_BEHIND)
Prints one line for each breach, as a compiler would, and exits 1 if there is any.
"""
import os
import re
import subprocess
import sys

FILE_LINES = 500
FUNCTION_LINES = 60
CODE = (".c", ".h", ".S", ".def")
SCRIPTS = (".py", ".sh", ".mk", ".gdb")
WIDTH = {**dict.fromkeys(CODE, 100), **dict.fromkeys(SCRIPTS, 120)}

# Split, so that this file passes its own check.
LEFT_BEHIND = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|\bfor n" r"ow\b")
CONDITIONAL = re.compile(r"^\s*#\s*(if|ifdef|ifndef|elif)\b")
# clang-format puts the brace of a function, and only that, alone in column 0.
FUNCTION_BEGINS = re.compile(r"^\{$")
FUNCTION_ENDS = re.compile(r"^\}$")
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]')
FUNCTION_NAME = re.compile(r"(\w+)\(")


def files():
    """What git tracks or would track. A tree that is no repository (the tests of this check) is taken whole."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listing = subprocess.run(command, capture_output=True, text=True, check=False)
    if listing.returncode == 0:
        names = listing.stdout.splitlines()
    else:
        names = [os.path.normpath(os.path.join(folder, name)) for folder, _, found in os.walk(".") for name in found]
    return sorted(filter(os.path.isfile, names))


def extension(path):
    return ".mk" if os.path.basename(path) == "Makefile" else os.path.splitext(path)[1]


def check_licence(path, lines):
    head = lines[:2] if lines and lines[0].startswith("#!") else lines[:1]
    if not any("SPDX-License-Identifier: MIT" in line for line in head):
        yield 1, "the first line must be the licence: SPDX-License-Identifier: MIT"


def check_lines(path, lines):
    width = WIDTH[extension(path)]
    for number, line in enumerate(lines, 1):
        if len(line.expandtabs(8)) > width:
            yield number, f"{len(line.expandtabs(8))} columns, at most {width}"
        if line != line.rstrip():
            yield number, "spaces at the end of the line"
        match = LEFT_BEHIND.search(line)
        if match:
            yield number, f"'{match.group()}': do it, or file an issue and say in a comment what the limit is"


def check_conditionals(path, lines):
    for number, line in enumerate(lines, 1):
        if CONDITIONAL.match(line):
            yield number, "#if in a .c file: make the variants files, tables or ops structs"


def check_own_header(path, lines):
    header = os.path.basename(path)[:-2] + ".h"
    if not os.path.exists(path[:-2] + ".h"):
        return
    includes = [(number, INCLUDE.match(line).group(1)) for number, line in enumerate(lines, 1) if INCLUDE.match(line)]
    if not includes or os.path.basename(includes[0][1]) != header:
        yield includes[0][0] if includes else 1, f"include {header} first: so it is known to stand alone"


def check_lengths(path, lines):
    if len(lines) > FILE_LINES:
        yield FILE_LINES + 1, f"{len(lines)} lines, a file ends at {FILE_LINES}"
    name, begin = "?", None
    for number, line in enumerate(lines, 1):
        if line and not line[0].isspace() and FUNCTION_NAME.search(line):
            name = FUNCTION_NAME.search(line).group(1)
        if FUNCTION_BEGINS.match(line):
            begin = number
        elif FUNCTION_ENDS.match(line) and begin is not None:
            if number - begin - 1 > FUNCTION_LINES:
                yield begin, f"{name}() has {number - begin - 1} lines, a function ends at {FUNCTION_LINES}"
            begin = None


def checks_for(path):
    checks = [check_licence, check_lines]
    if extension(path) in (".c", ".h"):
        checks.append(check_lengths)
    if extension(path) == ".c":
        checks += [check_conditionals, check_own_header]
    return checks


def main():
    os.chdir(sys.argv[1] if len(sys.argv) > 1 else ".")
    problems = 0
    for path in files():
        if extension(path) not in WIDTH:
            continue
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        for check in checks_for(path):
            for number, text in check(path, lines):
                print(f"{path}:{number}: error: {text}", file=sys.stderr)
                problems += 1
    return 1 if problems else 0


sys.exit(main())
