# SPDX-License-Identifier: MIT
"""The set-up step: quick when nothing is missing, clear where it cannot install."""
import os
import re
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run_setup(*arguments, root=ROOT, path=None):
    environment = {**os.environ, **({"PATH": path} if path else {})}
    return subprocess.run(["/bin/sh", os.path.join(root, "tools/setup.sh"), *arguments], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL,
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
                assert re.match(r"(run|test|oracle32|fetch|source) +\S+ +\S+ +\w", line), line


def test_other_distribution_lists_what_is_missing_and_stops(tmp_path):
    """A PATH without dpkg-query is a system that is not Debian; it has none of the commands either."""
    for tool in ("dirname", "sed", "id"):
        os.symlink(f"/usr/bin/{tool}", tmp_path / tool)
    done = run_setup("run", path=str(tmp_path))
    assert done.returncode == 1
    assert "not Debian 12" in done.stderr
    assert re.search(r"qemu-system-x86 +qemu-system-x86_64 +the machine", done.stderr)
    assert "libc6-dev" not in done.stderr, "it is there: the probe looks for the header"


# What a user without packages has; $1 of sudo is -n, then what it shall run.
FAKES = {
    "id": "echo 1000",
    "dpkg-query": "exit 1",
    "apt-get": "exit 1",
    "sudo": 'case " $SUDO_MAY " in *" $2 "*) echo "sudo $*" >&2 ;; *) exit 1 ;; esac',
}


def run_as_user(tmp_path, monkeypatch, sudo_may):
    """The set-up on Debian 12 for somebody who is not root. sudo_may: what sudo lets them run; None: there is none."""
    with open("/etc/os-release", encoding="utf-8") as file:
        system = file.read().replace('"', "").splitlines()
    if not {"ID=debian", "VERSION_ID=12"} <= set(system):
        pytest.skip("this is not Debian 12")
    for name, script in FAKES.items():
        if name != "sudo" or sudo_may is not None:
            (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
            (tmp_path / name).chmod(0o755)
    for tool in ("dirname", "sed", "cut", "grep"):
        os.symlink(f"/usr/bin/{tool}", tmp_path / tool)
    monkeypatch.setenv("SUDO_MAY", sudo_may or "")
    return run_setup("run", path=str(tmp_path))


@pytest.mark.parametrize("sudo_may", [None, ""], ids=["no sudo", "sudo wants a password"])
def test_user_without_sudo_is_told_what_to_install(tmp_path, monkeypatch, sudo_may):
    done = run_as_user(tmp_path, monkeypatch, sudo_may)
    assert done.returncode == 1
    assert "run as root:\n    apt-get install --no-install-recommends gcc libc6-dev" in done.stderr
    assert "installing" not in done.stderr


def test_user_with_sudo_installs_by_it(tmp_path, monkeypatch):
    done = run_as_user(tmp_path, monkeypatch, "true apt-get env")
    assert done.returncode == 0, done.stderr
    assert "setup: installing Debian packages: gcc libc6-dev" in done.stderr
    assert re.search(r"^sudo -n apt-get update", done.stderr, re.MULTILINE)
    assert re.search(r"^sudo -n env .*apt-get install .* gcc libc6-dev", done.stderr, re.MULTILINE)


def test_failed_installation_stops(tmp_path, monkeypatch):
    done = run_as_user(tmp_path, monkeypatch, "true")
    assert done.returncode == 1
    assert "could not install them all" in done.stderr
