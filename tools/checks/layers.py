#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""usage: layers.py [ROOT]

Checks who includes whom. Three rules:
 1. A file of the hypervisor includes only its own folder and the folders above it in LAYERS (docs/map.md draws them).
 2. The other parts (guests, tools, tests) include only what PARTS allows them.
 3. No header includes itself, not even by way of others.
Prints one line for each breach, as a compiler would, and exits 1 if there is any.
"""
import os
import re
import sys

# Outermost last. Each may include itself and what stands before it.
LAYERS = ["abi", "xen-lite/lib", "xen-lite/core", "xen-lite/x86", "xen-lite/hv", "xen-lite/domain", "xen-lite/pv",
          "xen-lite/hypercall", "xen-lite"]

# Folders outside of the hypervisor, and what each may include beside itself.
PARTS = {
    "guest-kernel": ["abi", "guest-kernel/api"],
    "guest-kernel/api": [],
    "guest-kernel/user": ["guest-kernel/api"],
    "guest-kernel/exercises": ["guest-kernel/api", "guest-kernel/user"],
    "tests/guests": ["abi", "guest-kernel"],
    "tools/xlite": ["abi", "xen-lite/lib"],
    "tests/unit": ["abi", "xen-lite/lib", "xen-lite/core", "guest-kernel"],
    "tests/fuzz": ["abi", "xen-lite/lib", "xen-lite/core", "tests/unit", "tools/xlite"],
    "tests/abi": ["abi"],
}

# Beside -I., which all have. The names of two folders may be the same: guest-kernel/lib is not xen-lite/lib.
INCLUDE_OPTIONS = {
    "guest-kernel": ["guest-kernel"],
    "guest-kernel/api": ["guest-kernel"],
    "guest-kernel/user": ["guest-kernel"],
    "guest-kernel/exercises": ["guest-kernel"],
    "tests/guests": ["tests/guests"],
    "tools/xlite": ["tools", "xen-lite"],
    "tests/unit": ["xen-lite", "guest-kernel"],
    "tests/fuzz": ["xen-lite", "tools"],
}

# Ring 0 has no libc: these come with the compiler. The contract needs only the first.
SYSTEM_HEADERS = {
    "abi": {"stdint.h"},
    "freestanding": {"stdint.h", "stddef.h", "stdbool.h", "stdarg.h", "limits.h"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')
EXTENSIONS = (".c", ".h", ".S", ".def")


def sources(root):
    for top in ["abi", "xen-lite", *PARTS]:
        for folder, subfolders, names in os.walk(os.path.join(root, top)):
            subfolders.sort()
            for name in sorted(names):
                if name.endswith(EXTENSIONS):
                    yield os.path.relpath(os.path.join(folder, name), root)


def home_of(path):
    """The layer or part that a file belongs to: the longest of their names that its path begins with."""
    homes = [home for home in [*LAYERS, *PARTS] if path.startswith(home + "/")]
    return max(homes, key=len, default=None)


def resolve(root, path, name):
    """Finds an included file as the compiler would: beside the includer, then along the -I options of its home."""
    home = home_of(path)
    options = ["xen-lite"] if home in LAYERS else INCLUDE_OPTIONS.get(home, [])
    for base in [os.path.dirname(path), "", *options]:
        candidate = os.path.normpath(os.path.join(base, name))
        if os.path.exists(os.path.join(root, candidate)):
            return candidate
    return None


def check_system_header(home, name):
    if home == "abi":
        allowed = SYSTEM_HEADERS["abi"]
    elif home in LAYERS or home in ("guest-kernel", "guest-kernel/api", "tests/guests"):
        allowed = SYSTEM_HEADERS["freestanding"]
    else:
        return None
    if name not in allowed:
        return f"<{name}> does not exist without an operating system; {home}/ may use " + ", ".join(sorted(allowed))
    return None


def check_layer(home, target):
    other = home_of(target)
    if home in LAYERS:
        if other not in LAYERS:
            return f"the hypervisor includes {target}, which is not part of it"
        if LAYERS.index(other) > LAYERS.index(home):
            return f"{home}/ must not know {other}/: the layers are " + " < ".join(LAYERS)
    elif other != home and other not in PARTS[home]:
        return f"{home}/ must not know {other}/; beside itself it may include " + ", ".join(PARTS[home])
    return None


def check_file(root, path, edges):
    home = home_of(path)
    with open(os.path.join(root, path), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            bracket, name = match.groups()
            target = resolve(root, path, name) if bracket == '"' else None
            if target:
                edges.setdefault(path, []).append((target, number))
                problem = check_layer(home, target)
            elif bracket == '"':
                problem = f'"{name}" was not found'
            else:
                problem = check_system_header(home, name)
            if problem:
                yield f"{path}:{number}: error: {problem}"


def find_cycles(edges):
    """Depth-first search. A file that is met again while it is still open closes a cycle."""
    state = {}

    def visit(path, trail):
        state[path] = "open"
        for target, number in edges.get(path, []):
            # A .def list or a piece that is included once a width may come back on purpose.
            if state.get(target) == "open" and target.endswith(".h"):
                cycle = trail[trail.index(target):] if target in trail else [path]
                circle = " -> ".join([*cycle, target])
                yield f"{path}:{number}: error: headers include each other in a circle: {circle}"
            elif target not in state:
                yield from visit(target, [*trail, target])
        state[path] = "closed"

    for path in list(edges):
        if path not in state:
            yield from visit(path, [path])


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    edges = {}
    problems = []
    for path in sources(root):
        problems.extend(check_file(root, path, edges))
    problems.extend(find_cycles(edges))
    print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
    return 1 if problems else 0


sys.exit(main())
