# SPDX-License-Identifier: MIT
"""The set-up step: quick when nothing is missing, clear where it cannot install."""
import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run_setup(*arguments, root=ROOT, path=None):
    environment = {**os.environ, **({"PATH": path} if path else {})}
    return subprocess.run(["/bin/sh", os.path.join(root, "tools/setup.sh"), *arguments], capture_output=True, text=True,
                          env=environment, check=False)


def test_nothing_missing_says_nothing():
    """The tests run after the set-up, so here it has nothing to do."""
    done = run_setup("run")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_unknown_purpose_is_refused():
    done = run_setup("everything")
    assert done.returncode == 2
    assert "usage" in done.stderr


def test_every_package_has_a_reason():
    with open(os.path.join(ROOT, "tools/packages.txt"), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                assert re.match(r"(run|test|fetch) +\S+ +\S+ +\w", line), line


def test_other_distribution_lists_what_is_missing_and_stops(tmp_path):
    """A PATH without dpkg-query is a system that is not Debian; it has none of the commands either."""
    for tool in ("dirname", "sed", "id"):
        os.symlink(f"/usr/bin/{tool}", tmp_path / tool)
    done = run_setup("run", path=str(tmp_path))
    assert done.returncode == 1
    assert "not Debian 12" in done.stderr
    assert re.search(r"qemu-system-x86 +qemu-system-x86_64 +the machine", done.stderr)
    assert "libc6-dev" not in done.stderr, "it is there: the probe looks for the header"
