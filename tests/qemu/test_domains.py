# SPDX-License-Identifier: MIT
"""Several domains at once: each has its prefix, its end and its memory, and none disturbs another."""
import re


def write_config(folder, name, kernel, **settings):
    lines = {"name": f'"{name}"', "type": '"pv"', "kernel": f'"{kernel}"', "memory": "16", **settings}
    path = folder / f"{name}.cfg"
    path.write_text("".join(f"{key} = {value}\n" for key, value in lines.items()))
    return path


def lines_of(boot, domain):
    return [line.removeprefix(f"(d{domain}) ") for line in boot.lines if line.startswith(f"(d{domain}) ")]


def test_eight_domains(quick_xlite, guest_kernel, tmp_path):
    configs = [write_config(tmp_path, f"guest{number}", guest_kernel) for number in range(1, 9)]
    boot = quick_xlite("run", "--cpus", 2, "--host-memory", 512, *configs, status=0)
    for domain in range(1, 9):
        assert "Good bye." in lines_of(boot, domain), f"domain {domain} did not finish\n{boot}"
    boot.assert_audit_ok()


def test_lines_are_not_mixed(quick_xlite, guest_kernel, tmp_path):
    """Each line on the console belongs to one domain: what one prints alone, it prints the same beside others."""
    alone = quick_xlite("run", "--kernel", guest_kernel, "--memory", 16, status=0)
    configs = [write_config(tmp_path, name, guest_kernel) for name in ("left", "right")]
    boot = quick_xlite("run", *configs, status=0)
    same = re.compile(r"^(traps|user): ")
    expected = [line for line in alone.guest_lines if same.match(line)]
    assert expected, str(alone)
    for domain in (1, 2):
        assert [line for line in lines_of(boot, domain) if same.match(line)] == expected, str(boot)


def test_one_domain_has_no_prefix(quick_xlite, guest_kernel):
    boot = quick_xlite("run", "--kernel", guest_kernel, status=0)
    assert "Good bye." in boot.lines


def run_pair(quick_xlite, folder, kernel, **settings):
    """Two domains of the same guest, each told who the other is."""
    configs = [write_config(folder, name, kernel, cmdline=f'"peer={peer}"', **settings)
               for name, peer in (("left", 2), ("right", 1))]
    boot = quick_xlite("run", "--cpus", 2, *configs, status=0)
    for domain in (1, 2):
        assert "verdict: success" in lines_of(boot, domain), str(boot)
    boot.assert_audit_ok()


def test_event_channel_between_domains(quick_xlite, test_guest, tmp_path):
    run_pair(quick_xlite, tmp_path, test_guest("event-peers"))


def test_races_on_channels_between_domains(quick_xlite, test_guest, tmp_path):
    run_pair(quick_xlite, tmp_path, test_guest("event-races"), vcpus=2)


def test_domains_are_closed_to_each_other(quick_xlite, test_guest, tmp_path):
    run_pair(quick_xlite, tmp_path, test_guest("foreign-domains"))
