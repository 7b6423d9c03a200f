# SPDX-License-Identifier: MIT
"""A check that cannot fail checks nothing: each is run on a small tree with exactly one breach, and must name it."""
import json
import os
import subprocess
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SPDX = "/* SPDX-License-Identifier: MIT */\n"
LONG_FUNCTION = "void f(void)\n{\n" + "    g();\n" * 61 + "}\n"
FULL_FUNCTION = "void f(void)\n{\n" + "    g();\n" * 60 + "}\n"
# Split, so that this file passes the check.
NOTE = "TO" + "DO"


def plant(folder, files):
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def run_check(check, folder):
    command = [sys.executable, os.path.join(ROOT, "tools/checks", check), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


LAYERS = [
    ("own folder", {"xen-lite/core/a.c": '#include "core/b.h"\n', "xen-lite/core/b.h": ""}, None),
    ("folder above", {"xen-lite/hv/a.c": '#include "lib/b.h"\n', "xen-lite/lib/b.h": ""}, None),
    ("contract from anywhere", {"guest-kernel/a.c": '#include "abi/xen.h"\n', "abi/xen.h": ""}, None),
    ("folder below", {"xen-lite/core/a.c": SPDX + '#include "hv/b.h"\n', "xen-lite/hv/b.h": ""},
     "xen-lite/core/a.c:2: error: xen-lite/core/ must not know xen-lite/hv/"),
    ("top from below", {"xen-lite/hypercall/a.c": '#include "trap.h"\n', "xen-lite/trap.h": ""},
     "xen-lite/hypercall/a.c:1: error"),
    ("guest includes the hypervisor", {"guest-kernel/a.c": '#include "../xen-lite/lib/b.h"\n', "xen-lite/lib/b.h": ""},
     "guest-kernel/a.c:1: error: guest-kernel/ must not know xen-lite/lib/"),
    ("a folder of the same name", {"guest-kernel/a.c": '#include "lib/b.h"\n', "guest-kernel/lib/b.h": "",
                                   "xen-lite/lib/b.h": ""}, None),
    ("libc in ring 0", {"xen-lite/lib/a.c": "#include <stdio.h>\n"},
     "xen-lite/lib/a.c:1: error: <stdio.h> does not exist"),
    ("libc in the host tool", {"tools/xlite/a.c": "#include <stdio.h>\n"}, None),
    ("missing file", {"xen-lite/lib/a.c": '#include "lib/gone.h"\n'}, "was not found"),
    ("two headers in a circle",
     {"xen-lite/lib/a.h": '#include "lib/b.h"\n', "xen-lite/lib/b.h": '#include "lib/a.h"\n'},
     "in a circle: xen-lite/lib/a.h -> xen-lite/lib/b.h -> xen-lite/lib/a.h"),
    ("a header in itself", {"abi/a.h": '#include "abi/a.h"\n'}, "in a circle: abi/a.h -> abi/a.h"),
]

STYLE = [
    ("all in order", {"a.c": SPDX + FULL_FUNCTION}, None),
    ("script", {"a.py": "#!/usr/bin/python3\n# SPDX-License-Identifier: MIT\n"}, None),
    ("no licence", {"a.h": "int a;\n"}, "a.h:1: error: the first line must be the licence"),
    ("long function", {"a.c": SPDX + LONG_FUNCTION}, "a.c:3: error: f() has 61 lines"),
    ("long file", {"a.h": SPDX + "int a;\n" * 500}, "a.h:501: error: 501 lines"),
    ("full file", {"a.h": SPDX + "int a;\n" * 499}, None),
    ("conditional in a .c file", {"a.c": SPDX + "#ifdef A\n#endif\n"}, "a.c:2: error: #if in a .c file"),
    ("conditional in a header", {"a.h": SPDX + "#ifndef A_H\n#endif\n"}, None),
    ("own header first", {"a/b.c": SPDX + '#include "a/b.h"\n#include "a/c.h"\n', "a/b.h": SPDX}, None),
    ("another header first", {"a/b.c": SPDX + '\n#include <stdint.h>\n#include "a/b.h"\n', "a/b.h": SPDX},
     "a/b.c:3: error: include b.h first"),
    ("own header not at all", {"b.c": SPDX + '#include "c.h"\n', "b.h": SPDX}, "b.c:2: error: include b.h first"),
    ("long line", {"a.S": SPDX + "/* " + "x" * 95 + " */\n"}, "a.S:2: error: 101 columns"),
    ("space at the end", {"a.c": SPDX + "int a; \n"}, "a.c:2: error: spaces at the end"),
    ("left behind", {"a.c": SPDX + f"/* {NOTE}: later */\n"}, f"a.c:2: error: '{NOTE}'"),
]

MAP = "# Map\n\n- [a](a.md)\n"

LINKS = [
    ("all there", {"README.md": "[map](docs/map.md#map) [web](https://example.org/x)\n", "docs/map.md": MAP,
                   "docs/a.md": "# A b\n[here](#a-b)\n"}, None),
    ("no such file", {"README.md": "\n[x](docs/b.md)\n", "docs/map.md": MAP, "docs/a.md": ""},
     "README.md:2: docs/b.md is not there"),
    ("no such heading", {"README.md": "[x](docs/a.md#b)\n", "docs/map.md": MAP, "docs/a.md": "# A\n"},
     "README.md:1: docs/a.md has no heading #b"),
    ("off the map", {"README.md": "", "docs/map.md": MAP, "docs/a.md": "", "docs/b.md": ""},
     "docs/map.md: does not link b.md"),
]

CASES = [("layers.py", *case) for case in LAYERS] + [("style.py", *case) for case in STYLE]
CASES += [("links.py", *case) for case in LINKS]


@pytest.mark.parametrize("check, name, files, complaint", CASES, ids=[f"{case[0]}: {case[1]}" for case in CASES])
def test_check(tmp_path, check, name, files, complaint):
    plant(tmp_path, files)
    done = run_check(check, tmp_path)
    if complaint is None:
        assert (done.returncode, done.stderr) == (0, "")
    else:
        assert done.returncode == 1
        assert complaint in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_symbol_table():
    """Sorted, relative to the lowest, data and far-away labels left out, one name an address."""
    names = "\n".join(["ffff830000001000 T first", "ffff830000001000 t alias", "ffff830000001040 t second",
                       "0000000000100000 t start32", "ffff830000001050 d data", "ffff830000001060 t .Llocal"])
    done = subprocess.run([sys.executable, os.path.join(ROOT, "tools/build/symbol-table.py")], input=names, text=True,
                          capture_output=True, check=True)
    words = done.stdout.split()
    assert [word for word in words if word.startswith("0x")] == ["0xffff830000001000", "0x0", "0x40"]
    assert '"first"' in words and '"second"' in words and '"start32"' not in words and '"alias"' not in words


def test_file_without_a_unit_test(tmp_path):
    """The lists name what there is; a list with one more file stands for a new file."""
    command = ["make", "-C", ROOT, f"BUILD={tmp_path}", "core-sources=xen-lite/core/pte.c xen-lite/core/new.c"]
    done = subprocess.run([*command, "check-tested"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("xen-lite/core/new.c: error: there is no tests/unit/test_new.c\n")


@pytest.mark.parametrize("lines, complaints", [
    ({"core/a.c": (100, 95)}, []),
    ({"core/a.c": (100, 94)}, ["xen-lite/core: error: 94.0 %"]),
    ({"core/a.c": (1000, 1000), "core/b.c": (10, 8)}, ["xen-lite/core/b.c: error: 80.0 %"]),
    ({"core/a.c": (100, 96), "core/b.h": (0, 0), "lib/c.c": (100, 1)}, []),
    ({}, ["error: it knows no file"]),
], ids=["at the floor", "below it", "one file below it", "no floor elsewhere", "nothing was measured"])
def test_coverage(tmp_path, lines, complaints):
    files = [{"filename": "xen-lite/" + name, "line_total": total, "line_covered": covered}
             for name, (total, covered) in lines.items()]
    (tmp_path / "summary.json").write_text(json.dumps({"files": files}))
    done = run_check("coverage.py", tmp_path / "summary.json")
    assert done.returncode == (1 if complaints else 0)
    assert len(done.stderr.splitlines()) == len(complaints), done.stderr
    assert all(complaint in done.stderr for complaint in complaints), done.stderr


BOOK = {
    "abi/rules.def": '/* MMU: page tables. */\n\nRULE(MMU, 1, XEN_EINVAL,\n     "What holds.",\n     "What to do.")\n',
    "abi/hypercalls.def": "/* Does it. */\nHYPERCALL(3,  some_op, 1, hc_some_op, hc_unknown)\n",
    "docs/hypercalls.md": "# Calls\n<!-- made by make docs: begin -->\n<!-- made by make docs: end -->\n"
                          "<!-- operations, made by make docs: begin -->\n"
                          "<!-- operations, made by make docs: end -->\n",
    "xen-lite/a.c": "int rule = RULE_MMU_1;\n",
    "tests/guests/claim/main.c": "/*\n * Claim: it is so.\n * Rule: MMU-1\n * Runs on: xen-lite, xen\n */\n",
}
LISTS = {"mmuext": "MMUEXT", "memory": "XENMEM", "evtchn": "EVTCHNOP", "sched": "SCHEDOP", "vcpu": "VCPUOP",
         "callback": "CALLBACKTYPE", "xen_version": "XENVER", "physdev": "PHYSDEVOP", "vm_assist": "VMASST_TYPE",
         "grant": "GNTTABOP"}
BOOK |= {f"abi/{file}.def": f"/*\n * Operations.\n *\n * {macro}(number, name): above each what it does.\n *\n"
                            f" * All of {file} are quick.\n */\n/* Asks {file}. */\n{macro}(7, ask)\n"
         for file, macro in LISTS.items()}


def rule_book(folder, *options):
    command = [sys.executable, os.path.join(ROOT, "tools/docs/rule-book.py"), *options, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_rule_book_is_printed_and_goes_stale(tmp_path):
    plant(tmp_path, BOOK)
    assert rule_book(tmp_path).returncode == 0
    assert rule_book(tmp_path, "--check").returncode == 0
    row = "| MMU-1 | EINVAL | What holds. | What to do. | [claim](../tests/guests/claim/main.c) | yes |"
    assert row in (tmp_path / "docs/rules.md").read_text()
    calls = (tmp_path / "docs/hypercalls.md").read_text()
    assert "| 3 | some_op | yes | answers ENOSYS | Does it. |" in calls
    assert "### sched_op\n\nAll of sched are quick.\n\n" in calls and "| 7 | ask | Asks sched. |" in calls
    plant(tmp_path, {"abi/rules.def": BOOK["abi/rules.def"].replace("What holds", "What held")})
    done = rule_book(tmp_path, "--check")
    assert (done.returncode, done.stderr) == (1, "docs/rules.md: is stale: run make docs\n")


def test_page_of_system_calls_is_printed_and_goes_stale(tmp_path):
    head = "/* SPDX */\n/*\n * All.\n *\n *     SYSCALL(number, ...)\n *\n *     number\n *\n * How to call.\n */\n\n"
    calls = "/* ---- Some ---- */\n\n/* Does a | b. */\nSYSCALL(7, one,  2, int, a, char *, b)\nSYSCALL(8, two, 0)\n"
    plant(tmp_path, {"guest-kernel/api/syscalls.def": head + calls,
                     "guest-kernel/api/errno.def": "ERRNO(EPERM, 1)\n", "docs/map.md": ""})
    command = [sys.executable, os.path.join(ROOT, "tools/docs/system-calls.py")]
    page = tmp_path / "docs/system-calls.md"
    assert subprocess.run([*command, tmp_path], check=False).returncode == 0
    assert "\nHow to call.\n\n## Some\n" in page.read_text()
    assert "| 7 | `one(int a, char *b)` | Does a \\| b. |\n| 8 | `two()` | as above |\n" in page.read_text()
    assert "| EPERM | 1 |" in page.read_text()
    assert subprocess.run([*command, "--check", tmp_path], check=False).returncode == 0
    page.write_text("old")
    done = subprocess.run([*command, "--check", tmp_path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "docs/system-calls.md: is stale: run make docs\n")


@pytest.mark.parametrize("chapter", ["docs/porting.md", "docs/events.md"])
def test_examples_of_a_chapter_are_printed_and_go_stale(tmp_path, chapter):
    page = "Text.\n\n<!-- excerpt a.c two: begin -->\nold\n<!-- excerpt: end -->\nMore.\n"
    plant(tmp_path, {"a.c": "/* One. */\nint one(void)\n{\n    return two(1);\n}\n\n/* Two.\n */\n"
                            "static int two(int (*f)(void))\n{\n    return f();\n}\n",
                     chapter: page})
    command = [sys.executable, os.path.join(ROOT, "tools/docs/excerpts.py")]
    done = subprocess.run([*command, "--check", tmp_path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"{chapter}: is stale: run make docs\n")
    assert subprocess.run([*command, tmp_path], check=False).returncode == 0
    assert subprocess.run([*command, "--check", tmp_path], check=False).returncode == 0
    assert (tmp_path / chapter).read_text() == page.replace(
        "old\n", "    /* Two.\n     */\n    static int two(int (*f)(void))\n    {\n        return f();\n    }\n")
    (tmp_path / "a.c").write_text("int one(void)\n{\n    return two(1);\n}\n")
    done = subprocess.run(command + [tmp_path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"{chapter}: a.c has no function two\n")


@pytest.mark.parametrize("files, complaint", [
    ({"xen-lite/a.c": ""}, "abi/rules.def: MMU-1 is used nowhere in xen-lite/\n"),
    ({"tests/guests/other/main.c": "/*\n * Rule: MMU-2\n */\n"}, "tests/guests/other: there is no rule MMU-2\n"),
], ids=["unused rule", "unknown rule"])
def test_rule_book_and_code_agree(tmp_path, files, complaint):
    plant(tmp_path, {**BOOK, **files})
    done = rule_book(tmp_path)
    assert (done.returncode, done.stderr) == (1, complaint)
