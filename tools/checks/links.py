#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""usage: links.py [ROOT]

Checks that what the book points to is there: each relative link of README.md and docs/*.md, with its heading if it
names one, and that docs/map.md names each chapter. Prints one line for each that is not, and exits 1 if there is any.
"""
import glob
import os
import re
import sys

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def anchors(path):
    """Headings as the usual renderers name them: small letters, dashes for blanks, nothing else."""
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")
            for heading in re.findall(r"^#+ (.*)$", read(path), re.MULTILINE)}


def broken_links(root, path):
    for number, line in enumerate(read(os.path.join(root, path)).split("\n"), 1):
        for link in LINK.findall(line):
            target, _, anchor = link.partition("#")
            if re.match(r"\w+:", link):
                continue
            full = os.path.normpath(os.path.join(root, os.path.dirname(path), target)) if target else \
                os.path.join(root, path)
            if not os.path.exists(full):
                yield f"{path}:{number}: {link} is not there"
            elif anchor and anchor not in anchors(full):
                yield f"{path}:{number}: {target or path} has no heading #{anchor}"


def chapters_off_the_map(root, chapters):
    named = read(os.path.join(root, "docs/map.md"))
    for chapter in chapters:
        name = os.path.basename(chapter)
        if name != "map.md" and f"({name})" not in named:
            yield f"docs/map.md: does not link {name}"


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    chapters = sorted(os.path.relpath(path, root) for path in glob.glob(os.path.join(root, "docs/*.md")))
    problems = [line for path in ["README.md", *chapters] for line in broken_links(root, path)]
    problems += chapters_off_the_map(root, chapters)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


sys.exit(main())
