# SPDX-License-Identifier: MIT
"""The fixtures of the tests that boot something."""
import glob
import os

import pytest

from boot import BUILD, find_real_xen, run_xlite


@pytest.fixture
def xlite():
    """See run_xlite in boot.py."""
    return run_xlite


@pytest.fixture
def guest_kernel():
    """The bundled guest."""
    return os.path.join(BUILD, "guest-kernel/pv64/kernel.elf")


@pytest.fixture
def test_guest():
    """test_guest("claim") is the image of a test guest."""
    return lambda claim: os.path.join(BUILD, "tests/guests", claim, "pv64.elf")


@pytest.fixture
def real_xen():
    """Skips the test where the real Xen is not at hand (see tools/fetch-package.sh)."""
    if not find_real_xen():
        pytest.skip("the real Xen is not here: make setup-tests fetches it")
    return "xen"


@pytest.fixture
def stock_linux():
    """Debian's own kernel, as fetched."""
    kernels = sorted(glob.glob(os.path.join(BUILD, "packages/linux-image-*/boot/vmlinuz-*")))
    if not kernels:
        pytest.skip("Debian's kernel is not here: make setup-tests fetches it")
    return kernels[-1]
