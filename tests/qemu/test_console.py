# SPDX-License-Identifier: MIT
"""Input: it goes to one domain at a time, the first one at the start; three Ctrl-a switch it, and a line says where."""
import os
import subprocess
import time

import pytest

from boot import BOOT_SECONDS, BUILD
from test_domains import lines_of, write_config

SWITCH = b"\x01\x01\x01"


def test_input_reaches_the_guest(quick_xlite, guest_kernel):
    boot = quick_xlite("run", "--kernel", guest_kernel, "--extra", "echo", stdin=b"hello\nquit\n", status=0)
    assert "echo: hello" in boot.guest_lines, str(boot)


def test_input_goes_to_the_first_domain(quick_xlite, guest_kernel, tmp_path):
    first = write_config(tmp_path, "first", guest_kernel, extra='"echo"')
    second = write_config(tmp_path, "second", guest_kernel)
    boot = quick_xlite("run", first, second, stdin=b"to the first\nquit\n", status=0)
    assert "echo: to the first" in lines_of(boot, 1), str(boot)


def test_three_ctrl_a_switch_the_input(quick_xlite, guest_kernel, tmp_path):
    configs = [write_config(tmp_path, name, guest_kernel, extra='"echo"') for name in ("first", "second")]
    # The order of the switch is domain 1, domain 2, the hypervisor's own keys, domain 1 again.
    script = b"one\nquit\n" + SWITCH + b"two\nquit\n"
    boot = quick_xlite("run", *configs, stdin=script, status=0)
    assert "echo: one" in lines_of(boot, 1), str(boot)
    assert "echo: two" in lines_of(boot, 2), str(boot)
    assert any("input" in line.lower() for line in boot.hypervisor_lines), f"no line says where input goes\n{boot}"


def test_input_follows_a_domain_that_comes_again(guest_kernel, tmp_path):
    """And does not go to the one behind it, which is there all the time."""
    again = write_config(tmp_path, "again", guest_kernel, extra='"echo"', on_poweroff='"restart"')
    other = write_config(tmp_path, "other", guest_kernel, extra='"echo"')
    command = [os.path.join(BUILD, "xlite"), "run", "--loader", "qemu", "--timeout", str(BOOT_SECONDS),
               "--hypervisor-args", "restart_gap=0", str(again), str(other)]
    typed = {"(d1) echo: one": b"quit\n", "(xen-lite) domain 3 (again) is domain 1 built again": b"two\n"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        lines = []
        run.stdin.write(b"one\n")
        run.stdin.flush()
        for line in run.stdout:
            lines.append(line.decode(errors="replace").strip())
            run.stdin.write(typed.get(lines[-1], b""))
            run.stdin.flush()
            if "echo: two" in lines[-1]:
                run.terminate()
        run.wait()
    assert "(d3) echo: two" in lines, "\n".join(lines)


def test_a_flood_leaves_room_for_reports(test_guest, tmp_path):
    """Nobody reads for some seconds; in these a domain writes all that it can, and another comes again and crashes."""
    flood = write_config(tmp_path, "flood", test_guest("console"), cmdline='"flood=3000"')
    crash = write_config(tmp_path, "crash", test_guest("lives"), memory=4, cmdline='"ends=.rc"',
                         on_reboot='"restart"')
    command = [os.path.join(BUILD, "xlite"), "run", "--loader", "qemu", "--cpus", "2", "--timeout", str(BOOT_SECONDS),
               "--hypervisor-args", "restart_gap=2000", str(flood), str(crash)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          pipesize=4096) as run:
        time.sleep(3.5)
        output = run.stdout.read().decode(errors="replace")
        assert run.wait() == 1, output[-4000:]
    said = "\n".join(line for line in output.splitlines() if "(xen-lite)" in line)
    assert "lost" not in said and "domain 3 (crash) crashed" in said and "domain 3 (crash) has ended" in said, said


@pytest.mark.parametrize("hypervisor", ["xen-lite", "xen"])
def test_a_read_by_call_loses_nothing(test_guest, request, hypervisor):
    if hypervisor == "xen":
        request.getfixturevalue("real_xen")
    command = [os.path.join(BUILD, "xlite"), "run", "--loader", "qemu", "--timeout", str(BOOT_SECONDS), "--hypervisor",
               hypervisor, "--kernel", test_guest("console-read"), "--extra", "typed=60"]
    # Typed only when the guest has read once: what comes earlier goes to the console ring, or on Xen to nobody.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        lines = []
        for line in run.stdout:
            lines.append(line.decode(errors="replace").strip())
            if lines[-1] == "ready":
                run.stdin.write(b"0123456789" * 6)
                run.stdin.flush()
        run.wait()
    assert "verdict: success" in lines, "\n".join(lines)
