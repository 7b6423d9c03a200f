# SPDX-License-Identifier: MIT
"""The same image on xen-lite and on the real Xen: the same lines. Only a line that begins with "hypervisor:" may
differ, because it says which one it is."""


def lines_that_count(boot):
    return [line for line in boot.guest_lines if not line.startswith("hypervisor:")]


def from_first_line(lines):
    """GRUB and the firmware write on the same serial line before the guest does."""
    first = next(number for number, line in enumerate(lines) if line.startswith("Guest kernel"))
    return lines[first:]


def test_bundled_guest_prints_the_same(quick_xlite, guest_kernel, real_xen):
    ours = quick_xlite("run", "--kernel", guest_kernel, status=0)
    theirs = quick_xlite("run", "--hypervisor", real_xen, "--kernel", guest_kernel, status=0)
    assert from_first_line(lines_that_count(ours)) == from_first_line(lines_that_count(theirs))


def test_bundled_guest_prints_the_same_at_32_bits(quick_xlite, guest_kernel, oracle32):
    """Only its first line says which it is."""
    wide = quick_xlite("run", "--kernel", guest_kernel, status=0)
    narrow = quick_xlite("run", "--hypervisor", oracle32, "--kernel", guest_kernel.replace("pv64", "pv32"), status=0)
    assert from_first_line(lines_that_count(narrow))[1:] == from_first_line(lines_that_count(wide))[1:]
    assert "Guest kernel, 32-bit paravirtual." in narrow.guest_lines


def test_second_domain_is_refused_on_the_real_xen(xlite, guest_kernel, real_xen, tmp_path):
    """There the first domain is dom0, and only a dom0 with tools can start others."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.cfg").write_text(f'name = "{name}"\ntype = "pv"\nkernel = "{guest_kernel}"\nmemory = 16\n')
    boot = xlite("run", "--hypervisor", real_xen, tmp_path / "a.cfg", tmp_path / "b.cfg", status=2)
    assert "xen" in boot.errors.lower()


def test_debians_xen_runs_no_32_bit_guest(xlite, test_guest, real_xen):
    """Hence make oracle32."""
    boot = xlite("run", "--hypervisor", real_xen, "--kernel", test_guest("xen-version", "pv32"), status=3)
    assert "Found 32-bit PV kernel, but CONFIG_PV32 missing" in "\n".join(boot.hypervisor_lines), str(boot)
