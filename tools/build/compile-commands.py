#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Turns the commands of a dry run of make (stdin) into compile_commands.json (stdout)."""
import json
import os
import shlex
import sys


def entry_of(line):
    try:
        words = shlex.split(line)
    except ValueError:
        return None
    if "-c" not in words or "-o" not in words:
        return None
    source = words[words.index("-c") + 1]
    if not source.endswith((".c", ".S")):
        return None
    return {"directory": os.getcwd(), "file": source, "output": words[words.index("-o") + 1], "arguments": words}


# A recipe may be broken over lines.
text = sys.stdin.read().replace("\\\n", " ")
json.dump([entry for entry in map(entry_of, text.splitlines()) if entry], sys.stdout, indent=1)
print()
