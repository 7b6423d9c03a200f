# SPDX-License-Identifier: MIT
"""The fixtures of the tests that boot something."""
import glob
import os

import pytest

from boot import BUILD, ORACLE32, PACKAGES, find_real_xen, run_quickly, run_xlite


@pytest.fixture
def xlite():
    """See run_xlite in boot.py. As a user runs it: from GRUB's image unless the test says otherwise."""
    return run_xlite


@pytest.fixture
def quick_xlite():
    """The same without GRUB, for what is about the hypervisor and its guests."""
    return run_quickly


@pytest.fixture
def guest_kernel():
    """The bundled guest."""
    return os.path.join(BUILD, "guest-kernel/pv64/kernel.elf")


@pytest.fixture
def programs():
    """programs("pv64") is the ramdisk with programs for that kernel."""
    def ramdisk(width):
        path = os.path.join(BUILD, f"guest-kernel/ramdisk-{width[-2:]}.cpio")
        if not os.path.exists(path):
            pytest.skip("not built: make ramdisks")
        return path
    return ramdisk


@pytest.fixture
def test_guest():
    """test_guest("claim") is the image of a test guest, test_guest("claim", "pv32") the 32-bit one."""
    return lambda claim, width="pv64": os.path.join(BUILD, "tests/guests", claim, width + ".elf")


@pytest.fixture
def real_xen():
    """Skips the test where the real Xen is not at hand (see tools/fetch-package.sh)."""
    if not find_real_xen():
        pytest.skip("the real Xen is not here: make setup-tests fetches it")
    return "xen"


@pytest.fixture
def oracle32():
    """The real Xen that runs 32-bit guests. Debian's own is built without them; test_oracle.py has its words."""
    if not os.path.exists(ORACLE32):
        pytest.skip('"Found 32-bit PV kernel, but CONFIG_PV32 missing", says Debian\'s Xen; make oracle32 builds one '
                    "that has it")
    return f"xen={ORACLE32}"


@pytest.fixture
def stock_linux():
    """Debian's own kernel, as fetched."""
    kernels = sorted(glob.glob(os.path.join(PACKAGES, "linux-image-*/boot/vmlinuz-*")))
    if not kernels:
        pytest.skip("Debian's kernel is not here: make setup-tests fetches it")
    return kernels[-1]
