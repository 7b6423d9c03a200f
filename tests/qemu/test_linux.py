# SPDX-License-Identifier: MIT
"""A kernel that nobody here wrote: Debian's own, as its package ships it (a bzImage). How far it gets is measured by
its own lines; how well it runs programs, by tests/linux/: a script and a program that tells right from wrong."""
import os
import re
import shutil

import pytest

from boot import BUILD, ROOT
from domu import packaged
from initramfs import write_initramfs

# Its own lines, in the order in which they appear.
MILESTONES = ["Linux version", "Booting kernel on Xen", "Xen version: 4.17", "Calibrating delay loop", "Mount-cache",
              "No filesystem could mount root"]


@pytest.mark.long
def test_stock_kernel_boots_until_it_wants_a_root(quick_xlite, stock_linux):
    """Without a ramdisk the kernel ends in its own panic: there is nothing to mount. (GRUB would take longer to read
    the 63 MiB of the unpacked kernel than the kernel runs.)"""
    boot = quick_xlite("run", "--kernel", stock_linux, "--memory", 256, "--extra", "earlyprintk=xen console=hvc0",
                       timeout=400, status=1)
    missing = [milestone for milestone in MILESTONES if milestone not in boot.output]
    assert not missing, f"did not reach: {missing}\n{boot}"
    report = "\n".join(boot.hypervisor_lines)
    assert "domain 1 (guest) crashed on vcpu 0: the guest says so itself" in report, str(boot)
    boot.assert_audit_ok()


# Above "notice" it says only these, on the real Xen as an ordinary domain as well.
USUAL_WARNINGS = re.compile(r"cpu \d+ spinlock event irq|hrtimer: interrupt took|Grant table initialized")
SHELL = ["harmonic sum", "signal caught", "packed and unpacked"]


@pytest.fixture
def ramdisk(tmp_path):
    """busybox, tests/linux/init.sh, which it runs, and tests/linux/userland.c as a program."""
    busybox = packaged("busybox-static", "bin/busybox")
    if not busybox:
        pytest.skip("busybox-static is not here: make setup-tests fetches it")
    root, archive = tmp_path / "root", tmp_path / "initramfs"
    for folder in ("bin", "proc", "sys", "dev"):
        (root / folder).mkdir(parents=True)
    shutil.copy(busybox, root / "bin/busybox")
    shutil.copy(os.path.join(ROOT, "tests/linux/init.sh"), root / "init")
    shutil.copy(os.path.join(BUILD, "tests/linux/userland"), root / "userland")
    write_initramfs(root, archive)
    return archive


@pytest.mark.long
def test_programs_run(quick_xlite, stock_linux, ramdisk):
    """Four vCPUs on two CPUs: they are taken away from each other as well."""
    boot = quick_xlite("run", "--kernel", stock_linux, "--ramdisk", ramdisk, "--cpus", 2, "--vcpus", 4, "--memory", 256,
                       "--extra", "console=hvc0 quiet", timeout=400, status=0)
    assert "init: 4 processors" in boot.lines, str(boot)
    missing = [words for words in SHELL if not any(line.startswith("init: ") and words in line for line in boot.lines)]
    assert not missing, f"the shell did not come to: {missing}\n{boot}"
    assert any(re.fullmatch(r"userland: \d+ checks, 0 wrong", line) for line in boot.lines), str(boot)
    warnings = [line for line in boot.lines if line.startswith("init: kernel: ") and not USUAL_WARNINGS.search(line)]
    assert not warnings, "\n".join(warnings)
    assert "init: done" in boot.lines, str(boot)
    boot.assert_audit_ok()
