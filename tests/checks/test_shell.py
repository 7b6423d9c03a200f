# SPDX-License-Identifier: MIT
"""The guest kernel's shell is a POSIX program, so it is tried here on the host, where the sanitizers watch it."""
import glob
import os
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
USER = os.path.join(ROOT, "guest-kernel/user")

# A text, and what it prints.
SCRIPTS = {
    "quotes": (r'''echo a  "b  $X" 'c  $X' d\ e "\$X \"" ""x''', "a b   c  $X d e $X \" x\n"),
    "variables": ('X=1; Y="a b"; echo $X$Y "${Y}z" ${Z:-none} ${Z:-"$Y"} $Y', "1a b a bz none a b a b\n"),
    "substitution": ('echo $(echo a $(echo b)) "$(echo "c  )")" $(echo; echo)', "a b c  )\n"),
    "arithmetic": ("i=3; echo $((i + 2 * (4 - 1) % 4)) $((i == 3)) $((i < 2)) $((-i))", "5 1 0 -3\n"),
    "patterns": (
        "touch a.c b.c .h; mkdir d; touch d/e.c; echo *.c '*.c' */*.c [!a]* no*",
        "a.c b.c *.c d/e.c b.c d no*\n"),
    "if": ("if false; then echo a; elif true; then echo b; else echo c; fi", "b\n"),
    "loops": ("for i in 1 2 3; do if [ $i = 2 ]; then continue; fi; echo $i; done; while true; do break; done; echo e",
              "1\n3\ne\n"),
    "leaving two loops": ("for i in 1 2; do for j in 1 2; do echo $i$j; break 2; done; done", "11\n"),
    "break outside of a loop": ("break; echo on", "on\n"),
    "and, or, not": ("false && echo a || echo b; ! false && echo c; true || echo d; false; echo $?", "b\nc\n1\n"),
    "redirects": ("echo a > f; echo b >> f; cat < f; ls none 2> g; [ -s g ] && echo g; "
                  "{ echo c; ls none; } > h 2>&1; wc -l < h",
                  "a\nb\ng\n2\n"),
    "pipes": ("echo b a | tr ' ' '\\n' | sort | cat; true | false; echo $?", "a\nb\n1\n"),
    "subshells": ("X=1; (X=2; cd /; echo $X); echo $X; [ \"$(pwd)\" = / ] || echo here", "2\n1\nhere\n"),
    "jobs": ("echo a > f & wait; cat f; sh -c 'exit 3' & wait $!; echo $?", "a\n3\n"),
    "parameters": ('set a "b c"; for i in "$@"; do echo "<$i>"; done; shift; echo $1 $#', "<a>\n<b c>\nb c 1\n"),
    "environment": ("A=1 env | grep ^A=; A=2; env | grep ^A=; export A; env | grep ^A=", "A=1\nA=2\n"),
    "read": ("printf 'x y\\nz\\n' > f; { read A; read B; } < f; echo $A-$B", "x y-z\n"),
    "lines that go on": ("echo a\\\nb 'c\nd' # comment\nfor i in 1\ndo\n echo $i\ndone", "ab c\nd\n1\n"),
    "not there": ("nosuchprogram 2> /dev/null; echo $?", "127\n"),
    "signals": ("sh -c 'kill -9 $$' 2> /dev/null; echo $?", "137\n"),
}
UNFINISHED = ["if true; then", "echo 'a", 'echo "a', "echo $(", "echo ${", "(", "{ echo", "for i in a", "a |",
              "a &&", "echo >"]
WRONG = ["|", "&&", ";;", "fi", "echo )", "a | | b"]


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    program = tmp_path_factory.mktemp("shell") / "sh"
    sources = glob.glob(f"{USER}/bin/sh/*.c") + [f"{USER}/lib/signal_names.c"]
    subprocess.run(["gcc", "-std=gnu11", "-D_GNU_SOURCE", "-g", "-fsanitize=address,undefined",
                    f"-I{ROOT}/guest-kernel", *sources, "-o", program], check=True)
    # What it still has at its end the system takes back.
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0", "UBSAN_OPTIONS": "halt_on_error=1", "LC_ALL": "C"}
    return lambda *words, **options: subprocess.run([program, *words], env=environment, capture_output=True, text=True,
                                                    timeout=60, check=False, **options)


@pytest.mark.parametrize("text, output", SCRIPTS.values(), ids=SCRIPTS)
def test_script(shell, tmp_path, text, output):
    done = shell("-c", text, cwd=tmp_path)
    assert done.stdout == output
    assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr


@pytest.mark.parametrize("text", UNFINISHED)
def test_text_that_ends_too_early(shell, text):
    done = shell("-c", text)
    assert (done.returncode, done.stderr) == (2, "sh: the text ends too early\n")


@pytest.mark.parametrize("text", WRONG)
def test_text_that_is_wrong(shell, text):
    done = shell("-c", text)
    assert done.returncode == 2 and done.stderr.startswith("sh: line 1: syntax error near"), done.stderr
