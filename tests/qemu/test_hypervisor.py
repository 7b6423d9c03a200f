# SPDX-License-Identifier: MIT
"""The hypervisor's own words: its keys, its options, and how it dies."""
import os
import re
import subprocess

from boot import BOOT_SECONDS, BUILD
from test_console import SWITCH


def boot_alone(options):
    """Without xlite, which would not boot such a thing."""
    command = ["qemu-system-x86_64", "-accel", "tcg", "-m", "128", "-cpu", "max", "-display", "none", "-no-reboot",
               "-nic", "none", "-serial", "stdio", "-kernel", os.path.join(BUILD, "xen-lite.elf"), "-append", options]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=BOOT_SECONDS, check=False)
    return done.stdout.decode(errors="replace").replace("\r", "").splitlines()


def test_keys(quick_xlite, guest_kernel):
    boot = quick_xlite("run", "--kernel", guest_kernel, "--extra", "echo", stdin=SWITCH + b"hmA?" + SWITCH + b"quit\n",
                       status=0)
    text = "\n".join(boot.hypervisor_lines)
    assert "input goes to xen-lite now" in text, str(boot)
    assert re.search(r"free memory: \d+ KiB", text), str(boot)
    assert text.count("audit: ok") == 2, f"one by key, one at the end\n{boot}"
    assert "key '?': nothing; 'h' lists the keys" in text, str(boot)
    assert re.search(r"input goes to domain 1 .* now", text), str(boot)


def test_panic_says_why_and_where(quick_xlite, guest_kernel):
    """Reason, a backtrace with names, what the other CPU was doing; xlite exits with 3."""
    boot = quick_xlite("run", "--kernel", guest_kernel, "--extra", "echo", "--cpus", 2, stdin=SWITCH + b"C", status=3)
    lines = "\n".join(boot.hypervisor_lines)
    assert "panic: asked for by key" in lines, str(boot)
    assert re.search(r"  ffff\w{12} keys_press\+0x", lines), str(boot)
    assert re.search(r"cpu [01] was at ", lines), str(boot)


def test_no_domain_is_a_panic():
    lines = boot_alone("console=com1")
    assert "(xen-lite) panic: no domain to run" in lines, "\n".join(lines)


def test_unknown_option_is_named_and_boot_goes_on():
    lines = boot_alone("console=com1 speed=warp")
    warnings = [line for line in lines if "speed" in line and "unknown option" in line]
    assert len(warnings) == 1, "\n".join(lines)
    assert any("no domain to run" in line for line in lines), "\n".join(lines)


def test_quiet_log(quick_xlite, guest_kernel):
    """loglvl=error leaves the guest's lines and no chatter."""
    boot = quick_xlite("run", "--kernel", guest_kernel, "--hypervisor-args", "loglvl=error audit=0", status=0)
    assert "Good bye." in boot.guest_lines, str(boot)
    assert not any("MiB of RAM" in line for line in boot.hypervisor_lines), str(boot)


def test_maxcpus(quick_xlite, guest_kernel):
    boot = quick_xlite("run", "--kernel", guest_kernel, "--cpus", 4, "--hypervisor-args", "maxcpus=2", status=0)
    assert any(re.search(r"\b2 CPUs", line) for line in boot.hypervisor_lines), str(boot)


def test_refusals_do_not_flood_the_log(quick_xlite, test_guest):
    """Invariant F4: thousands of refused calls, and what is said about them passes one bucket of tokens."""
    boot = quick_xlite("run", "--kernel", test_guest("hypercall-storm"), status=0)
    assert len(boot.hypervisor_lines) < 300, f"{len(boot.hypervisor_lines)} lines\n{boot}"
