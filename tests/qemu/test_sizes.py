# SPDX-License-Identifier: MIT
"""Small and large domains, many of them, what the hypervisor keeps for itself, and how long it takes to start."""
import os
import re
import subprocess

import pytest

from boot import BUILD, ROOT, figure, need_build
from screen import Machine
from test_console import SWITCH
from test_domains import lines_of, write_config

# The largest domain takes a while: the machine's memory must first be had from the host, page by page.
LARGE_SECONDS = 300


@pytest.mark.parametrize("options, timeout", [
    pytest.param(["--memory", 8], 60, id="8"),
    # From both sides of the hole below 4 GiB.
    pytest.param(["--memory", 2304, "--host-memory", 5120, "--ramdisk", "large"], LARGE_SECONDS, id="2304-ramdisk"),
])
@pytest.mark.long
def test_start_of_day(quick_xlite, test_guest, tmp_path, options, timeout):
    """Lists of frames, page tables and M2P are whole, whatever the size. (Most of the time is the host's, which has to
    find each page that the hypervisor clears for the domain.)"""
    ramdisk = tmp_path / "large"
    ramdisk.write_bytes(os.urandom(8 << 20))
    options = [ramdisk if option == "large" else option for option in options]
    boot = quick_xlite("run", "--kernel", test_guest("start-memory"), *options, timeout=timeout, status=0)
    assert "verdict: success" in boot.guest_lines, str(boot)
    boot.assert_audit_ok()


def test_bundled_guest_with_a_large_ramdisk(quick_xlite, guest_kernel, tmp_path):
    """What it manages is the memory behind the ramdisk, not the first part of all."""
    (tmp_path / "large").write_bytes(bytes(33 << 20))
    boot = quick_xlite("run", "--kernel", guest_kernel, "--memory", 80, "--ramdisk", tmp_path / "large",
                       "--extra", "tour", status=0)
    assert "Good bye." in boot.guest_lines, str(boot)


def test_too_small_for_its_image(quick_xlite, guest_kernel):
    """xlite sees that the image does not fit."""
    boot = quick_xlite("run", "--kernel", guest_kernel, "--memory", 1, status=2)
    assert "lies outside the guest's memory of 1 MB" in boot.errors, str(boot)


def test_too_small_for_all_that_it_starts_with(quick_xlite, guest_kernel, test_guest, tmp_path):
    """The hypervisor names domain, need and rule; the others start."""
    (tmp_path / "large").write_bytes(bytes(7 << 20))
    small = write_config(tmp_path, "small", guest_kernel, memory=8, ramdisk=f'"{tmp_path}/large"')
    other = write_config(tmp_path, "other", test_guest("start-memory"), memory=8)
    boot = quick_xlite("run", small, other, status=1)
    assert any(re.search(r"domain small: needs \d+ KiB to start and has 8192 KiB: .*\(IMG-6\)", line)
               for line in boot.hypervisor_lines), str(boot)
    assert any("verdict: success" in line for line in boot.lines), str(boot)


def test_more_than_the_machine_has(quick_xlite, guest_kernel, tmp_path):
    configs = [write_config(tmp_path, name, guest_kernel, memory=250) for name in ("first", "second")]
    boot = quick_xlite("run", "--host-memory", 505, *configs, status=1)
    assert any(re.search("domain second is left out: it wants 250 MiB of memory, and 24[0-9] MiB are free", line)
               for line in boot.hypervisor_lines), str(boot)
    assert "Good bye." in boot.guest_lines, str(boot)


@pytest.mark.parametrize("cpus", [1, 4])
def test_32_domains_in_512_mib(quick_xlite, guest_kernel, tmp_path, cpus):
    """Each with its ramdisk: as many modules as there may be."""
    configs = [write_config(tmp_path, f"number{number}", guest_kernel, memory=8, ramdisk=f'"{ROOT}/LICENSE"',
                            extra='"tour"') for number in range(1, 33)]
    boot = quick_xlite("run", "--cpus", cpus, "--host-memory", 512, *configs, status=0)
    for domain in range(1, 33):
        assert lines_of(boot, domain)[-1] == "Good bye.", f"domain {domain} did not finish\n{boot}"
    boot.assert_audit_ok()


@pytest.mark.parametrize("memory", [64, 512, 4096, 16384])
def test_memory_kept_for_itself(quick_xlite, guest_kernel, memory):
    """At most 3 MB and one per cent, with a domain running; its image as boot module is counted in."""
    domain = 8
    boot = quick_xlite("run", "--cpus", 4, "--kernel", guest_kernel, "--memory", domain, "--host-memory", memory,
                       "--extra", "echo", stdin=SWITCH + b"m" + SWITCH + b"quit\n", status=0)
    free = re.search(r"free memory: (\d+) KiB", "\n".join(boot.hypervisor_lines))
    assert free, str(boot)
    kept = ((memory - domain) << 20) - (int(free[1]) << 10)
    assert kept <= figure(3_000_000, 4_000_000) + (memory << 20) // 100, f"{kept >> 10} KiB of {memory} MiB\n{boot}"


def test_size_of_the_image(tmp_path):
    """The release build, stripped."""
    need_build("release")
    stripped = tmp_path / "stripped.elf"
    subprocess.run(["strip", "-o", stripped, os.path.join(BUILD, "release/xen-lite.elf")], check=True)
    assert stripped.stat().st_size < 400_000


@pytest.mark.long
def test_time_from_power_on(quick_xlite, test_guest, tmp_path):
    """From power-on by way of GRUB to the guest's first instructions, counted: the counter counts one a nanosecond. (It
    does not repeat exactly: GRUB waits for its disk in the time of the host.) With fewer CPUs it takes no longer."""
    quick_xlite("run", "--kernel", test_guest("start-tsc"), "--iso", tmp_path / "boot.iso", build="release", status=0)
    with Machine(tmp_path, tmp_path / "boot.iso", "-vga", "std", "-smp", "4", "-icount", "shift=0,sleep=off",
                 "-rtc", "base=2026-01-01T00:00:00,clock=vm") as machine:
        machine.wait_for("verdict: success")
    first = re.search(rb"first TSC: (\d+)", machine.output)
    assert int(first[1]) < 450_000_000, f"{int(first[1]) / 1e9:.3f} s"
