#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""usage: excerpts.py [--check] [ROOT]

Prints functions of the sources into the pages of docs/, between the lines

    <!-- excerpt FILE FUNCTION...: begin -->
    <!-- excerpt: end -->

so that the examples there are code that the tests run. With --check nothing is written: exit status 1 if a page is
not what would be written. `make docs` and `make check` call it.
"""
import glob
import os
import re
import sys

ARGUMENTS = [argument for argument in sys.argv[1:] if argument != "--check"]
ROOT = ARGUMENTS[0] if ARGUMENTS else "."
EXCERPT = re.compile(r"<!-- excerpt (\S+) (.*): begin -->\n(?:.|\n)*?<!-- excerpt: end -->")


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def function(page, path, name):
    """The definition, with the comment right above it."""
    found = re.search(rf"(?:^/\*(?:(?!\*/)(?:.|\n))*\*/\n)?^[a-z][^;{{}}#]*\b{name}\([^;{{}}]*\)\n{{\n(?:.|\n)*?^}}\n",
                      read(path), re.MULTILINE)
    if found is None:
        sys.exit(f"{page}: {path} has no function {name}")
    return found.group(0)


def printed(page, match):
    path, names = match.group(1), match.group(2)
    code = "\n".join(function(page, path, name) for name in names.split())
    lines = [f"    {line}".rstrip() for line in code.rstrip().split("\n")]
    return "\n".join([f"<!-- excerpt {path} {names}: begin -->", *lines, "<!-- excerpt: end -->"])


def renew(page):
    """Brings the page up to date; with --check says whether it is."""
    text = read(page)
    fresh = EXCERPT.sub(lambda match: printed(page, match), text)
    if fresh == text:
        return True
    if "--check" in sys.argv[1:]:
        print(f"{page}: is stale: run make docs", file=sys.stderr)
        return False
    with open(os.path.join(ROOT, page), "w", encoding="utf-8") as file:
        file.write(fresh)
    return True


def main():
    pages = sorted(glob.glob("docs/*.md", root_dir=ROOT))
    return 0 if all([renew(page) for page in pages]) else 1


sys.exit(main())
