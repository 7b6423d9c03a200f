# SPDX-License-Identifier: MIT
"""A kernel that nobody here wrote: Debian's own, as its package ships it (a bzImage). How far it gets is measured by
its own lines."""

# Its own lines, in the order in which they appear.
MILESTONES = ["Linux version", "Booting kernel on Xen", "Xen version: 4.17", "Calibrating delay loop", "Mount-cache",
              "No filesystem could mount root"]


def test_stock_kernel_boots_until_it_wants_a_root(xlite, stock_linux):
    """Without a ramdisk the kernel ends in its own panic: there is nothing to mount."""
    boot = xlite("run", "--kernel", stock_linux, "--memory", 256, "--extra", "earlyprintk=xen console=hvc0",
                 timeout=400, status=1)
    missing = [milestone for milestone in MILESTONES if milestone not in boot.output]
    assert not missing, f"did not reach: {missing}\n{boot}"
    report = "\n".join(boot.hypervisor_lines)
    assert "domain 1 (guest) crashed on vcpu 0: the guest says so itself" in report, str(boot)
    boot.assert_audit_ok()
