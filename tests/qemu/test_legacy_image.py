# SPDX-License-Identifier: MIT
"""Kernels from before ELF notes say what they are in a section __xen_guest, as text. A test guest is made into one."""
import subprocess

import pytest

VIRT_BASE = {"pv64": 0xffffffffa0000000, "pv32": 0xd0000000}  # as in tests/guests/support/layout.h


def text(width, rest=""):
    return ("GUEST_OS=test,GUEST_VER=1,XEN_VER=xen-3.0,LOADER=generic,HYPERCALL_PAGE=0x1,"
            f"VIRT_BASE={VIRT_BASE[width]:#x},VIRT_ENTRY={VIRT_BASE[width]:#x}{rest}")


def make_legacy(guest, folder, words, physical_base):
    """The same guest without notes; its segments' physical addresses begin at physical_base."""
    section, image = folder / "guest.txt", folder / "legacy.elf"
    section.write_bytes(words.encode() + b"\0")
    subprocess.run(["objcopy", "--remove-section", ".note.Xen", "--add-section", f"__xen_guest={section}",
                    "--change-section-lma", f"*+{physical_base:#x}", guest, image], check=True)
    return image


@pytest.mark.parametrize("host", ["xen-lite", "xen"])
@pytest.mark.parametrize("width, rest, physical_base", [
    ("pv64", ",ELF_PADDR_OFFSET=0", 0),
    ("pv64", "", VIRT_BASE["pv64"]),
    ("pv32", ",PAE=yes[extended-cr3]", VIRT_BASE["pv32"]),
    ("pv32", ",PAE=yes", VIRT_BASE["pv32"]),
], ids=["physical addresses from 0", "physical addresses are virtual ones, the default", "32 bits",
        "32 bits, root below 4 GiB"])
def test_legacy_image_boots(quick_xlite, test_guest, request, tmp_path, host, width, rest, physical_base):
    if host == "xen":
        host = request.getfixturevalue("real_xen" if width == "pv64" else "oracle32")
    image = make_legacy(test_guest("start-info", width), tmp_path, text(width, rest), physical_base)
    boot = quick_xlite("run", "--hypervisor", host, "--kernel", image, status=0)
    assert "verdict: success" in boot.guest_lines, str(boot)


def test_nothing_says_that_it_is_for_xen(quick_xlite, test_guest, tmp_path):
    """Without the text the same image is refused, so the text is what the cases above boot by."""
    image = make_legacy(test_guest("start-info"), tmp_path, "", 0)
    subprocess.run(["objcopy", "--remove-section", "__xen_guest", image], check=True)
    assert "no Xen notes and no section __xen_guest" in quick_xlite("run", "--kernel", image, status=2).errors
