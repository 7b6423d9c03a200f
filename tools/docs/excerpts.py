#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""usage: excerpts.py [--check] [ROOT]

Prints functions of the sources into docs/porting.md, between the lines

    <!-- excerpt FILE FUNCTION...: begin -->
    <!-- excerpt: end -->

so that the examples there are code that the tests run. With --check nothing is written: exit status 1 if the page is
not what would be written. `make docs` and `make check` call it.
"""
import os
import re
import sys

ARGUMENTS = [argument for argument in sys.argv[1:] if argument != "--check"]
ROOT = ARGUMENTS[0] if ARGUMENTS else "."
PAGE = "docs/porting.md"
EXCERPT = re.compile(r"<!-- excerpt (\S+) (.*): begin -->\n(?:.|\n)*?<!-- excerpt: end -->")


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def function(path, name):
    """The definition, with the comment right above it."""
    found = re.search(rf"(?:^/\*(?:(?!\*/)(?:.|\n))*\*/\n)?^[a-z][^;{{}}#]*\b{name}\([^;{{}}]*\)\n{{\n(?:.|\n)*?^}}\n",
                      read(path), re.MULTILINE)
    if found is None:
        sys.exit(f"{PAGE}: {path} has no function {name}")
    return found.group(0)


def printed(match):
    path, names = match.group(1), match.group(2)
    code = "\n".join(function(path, name) for name in names.split())
    lines = [f"    {line}".rstrip() for line in code.rstrip().split("\n")]
    return "\n".join([f"<!-- excerpt {path} {names}: begin -->", *lines, "<!-- excerpt: end -->"])


def main():
    text = read(PAGE)
    fresh = EXCERPT.sub(printed, text)
    if fresh == text:
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{PAGE}: is stale: run make docs", file=sys.stderr)
        return 1
    with open(os.path.join(ROOT, PAGE), "w", encoding="utf-8") as file:
        file.write(fresh)
    return 0


sys.exit(main())
