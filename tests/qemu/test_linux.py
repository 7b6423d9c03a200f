# SPDX-License-Identifier: MIT
"""A kernel that nobody here wrote: Debian's own, as its package ships it (a bzImage). How far it gets is measured by
its own lines."""

# In the order in which they appear. "Booting" is printed before the kernel knows its hypervisor, "version" after its
# first questions to it.
MILESTONES = ["Linux version", "Booting kernel on Xen", "Xen version"]


def test_stock_kernel_reaches_its_xen_lines(xlite, stock_linux):
    boot = xlite("run", "--kernel", stock_linux, "--memory", 256, "--host-memory", 512, "--timeout", 60,
                 "--extra", "earlyprintk=xen console=hvc0")
    reached = [milestone for milestone in MILESTONES if milestone in boot.output]
    assert "Booting" in boot.output and "on Xen" in boot.output, f"reached {reached}\n{boot}"
    # Where it stops, it stops with words: a report that says why. The hypervisor itself stays sound.
    assert boot.status in (0, 1, 124), str(boot)
    if boot.status == 1:
        assert any("domain" in line or "d1" in line for line in boot.hypervisor_lines), f"no report\n{boot}"
        boot.assert_audit_ok()
