#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""usage: coverage.py SUMMARY

Reads gcovr's summary (--json-summary) and prints how many lines of each folder were run. Exits 1 if a folder of FLOORS
or a single file of it is below its floor, and names the file.
"""
import json
import os
import sys

# The rules decide what a guest may do: percent of the lines of the folder, and of each of its files.
FLOORS = {"xen-lite/core": (95, 85)}


def percent(files):
    total = sum(file["line_total"] for file in files)
    return 100 * sum(file["line_covered"] for file in files) / total if total else 100


def check_folder(folder, files):
    """Prints the folder's line and yields what is below its floor."""
    total = percent(files)
    print(f"{folder}: {total:.1f} % of {sum(file['line_total'] for file in files)} lines")
    of_all, of_each = FLOORS.get(folder, (0, 0))
    if total < of_all:
        yield f"{folder}: error: {total:.1f} % of its lines are run by unit tests, at least {of_all} % must be"
    for file in files:
        if percent([file]) < of_each:
            yield (f"{file['filename']}: error: {percent([file]):.1f} % of its lines are run by unit tests, "
                   f"at least {of_each} % must be")


def main():
    with open(sys.argv[1], encoding="utf-8") as summary:
        files = json.load(summary)["files"]
    folders = sorted({os.path.dirname(file["filename"]) for file in files} | set(FLOORS))
    problems = [problem for folder in folders for problem in
                check_folder(folder, [file for file in files if os.path.dirname(file["filename"]) == folder])]
    if not files:
        problems.append(f"{sys.argv[1]}: error: it knows no file")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


sys.exit(main())
