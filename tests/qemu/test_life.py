# SPDX-License-Identifier: MIT
"""What becomes of domains that have ended: restart, preserve, destroy; see docs/domain-life.md. A thousand of them, of
both widths, end at random moments in one boot, and come again: XLITE_KILLS=COUNT,SEED for others."""
import os
import re
import subprocess
import time

from boot import BOOT_SECONDS, BUILD, figure
from test_allocations import NONE, boot_with, counts
from test_console import SWITCH
from test_domains import lines_of, write_config

RESTART = {f"on_{reason}": '"restart"' for reason in ("reboot", "crash", "watchdog")}
KILLS = os.environ.get("XLITE_KILLS", "1000,1")


def said(lines, pattern):
    """What the pattern's groups are in the hypervisor's lines that match it."""
    return [match.groups() for match in (re.fullmatch(r"\(xen-lite\) " + pattern, line) for line in lines) if match]


def ends(lines):
    return said(lines, r"domain (\d+) \((\S+)\) has ended: (\w+)")


def test_lives(quick_xlite, test_guest, tmp_path):
    """A domain of each width, whose lives end in each way that brings another one. It has the next id."""
    letters = "rcwerecwrc"
    reasons = {"r": "reboot", "c": "crash", "w": "watchdog", "e": "crash"}
    configs = [write_config(tmp_path, width, test_guest("lives", width), memory=4, cmdline=f'"ends={letters}"',
                            **RESTART) for width in ("pv64", "pv32")]
    boot = quick_xlite("run", "--hypervisor-args", "restart_gap=0", *configs, status=0)
    told = {int(number): reason for number, _, reason in ends(boot.hypervisor_lines)}
    assert told == {**{i + 1: reasons[letter] for i, letter in enumerate(letters)}, 11: "poweroff", 12: "poweroff"}
    born = said(boot.hypervisor_lines, r"domain (\d+) \((\S+)\) is domain (\d+) built again")
    assert [int(number) for number, _, _ in born] == list(range(3, 13)), str(boot)
    names = dict(enumerate(("pv64", "pv32"), start=1))
    for number, name, before in born:
        assert names[int(before)] == name, str(boot)
        names[int(number)] = name
    for last in (11, 12):
        assert lines_of(boot, last) == ["verdict: success"], str(boot)
    boot.assert_audit_ok()


def test_a_restart_waits(quick_xlite, test_guest, tmp_path):
    config = write_config(tmp_path, "again", test_guest("lives"), memory=4, cmdline='"ends=rr"', **RESTART)
    began = time.monotonic()
    quick_xlite("run", "--hypervisor-args", "restart_gap=700", config, status=0)
    assert time.monotonic() - began > 1.4


def test_a_page_that_is_kept_holds_nobody_up(quick_xlite, test_guest, tmp_path):
    """The end of a domain is told, and it comes again, while another one still has a page of it mapped."""
    owner = write_config(tmp_path, "owner", test_guest("lives"), memory=4, cmdline='"lend=2 ends=r"', **RESTART)
    reader = write_config(tmp_path, "reader", test_guest("lives", "pv32"), memory=4, cmdline='"keep=1 next=3"')
    boot = quick_xlite("run", "--cpus", 2, "--hypervisor-args", "restart_gap=0", owner, reader, status=0, timeout=90)
    assert "(xen-lite) domain 3 (owner) is domain 1 built again" in boot.lines, str(boot)
    assert lines_of(boot, 3) == ["verdict: success"] and "verdict: success" in lines_of(boot, 2), str(boot)
    boot.assert_audit_ok()


def test_not_all_lives_can_be_kept(quick_xlite, test_guest, tmp_path):
    """Of a domain that comes again another one keeps a page of each life: after four of these it waits, and when the
    other one has let go of one, it comes."""
    owner = write_config(tmp_path, "owner", test_guest("lives", "pv32"), memory=4, cmdline='"lends=2"', **RESTART)
    hoarder = write_config(tmp_path, "hoarder", test_guest("lives"), memory=4, cmdline='"hoard=4"')
    boot = quick_xlite("run", "--cpus", 2, "--hypervisor-args", "restart_gap=0", owner, hoarder, status=0)
    waits = said(boot.hypervisor_lines, r"domain (\d+) \(owner\) waits: .* pages of its last (\d) lives mapped")
    assert waits == [("5", "4")], str(boot)
    assert "verdict: success" in lines_of(boot, 2) and "verdict: success" in lines_of(boot, 6), str(boot)
    boot.assert_audit_ok()


def test_an_id_comes_again(quick_xlite, test_guest, tmp_path):
    """After all others: a channel of a dead domain is nobody's until then. Both ends have FIFO events. And a
    mapping of a page of the first one is undone when the last one has its number."""
    listener = write_config(tmp_path, "listener", test_guest("lives"), memory=4, cmdline='"hear=2"')
    speaker = write_config(tmp_path, "speaker", test_guest("lives", "pv32"), memory=2, cmdline='"say=2"', **RESTART)
    boot = quick_xlite("run", "--cpus", 2, "--hypervisor-args", "restart_gap=0", listener, speaker, status=0)
    born = said(boot.hypervisor_lines, r"domain (\d+) \(speaker\) is domain \d+ built again")
    assert [int(number) for number, in born] == [*range(3, 257), 2], str(boot)
    assert "verdict: success" in lines_of(boot, 1) and "verdict: success" in lines_of(boot, 2), str(boot)
    boot.assert_audit_ok()


def preserving(test_guest, folder):
    """Five domains: only the second is kept. Of the others one comes again, and three ends are nobody's to undo."""
    actions = ({}, {"on_crash": '"preserve"'}, {"on_reboot": '"rename-restart"'}, {}, {})
    return [write_config(folder, f"guest{i}", test_guest("lives", width), memory=4, cmdline='"ends=scrou"',
                         **{**RESTART, **own})
            for i, (width, own) in enumerate(zip(("pv64", "pv32", "pv32", "pv64", "pv32"), actions), start=1)]


def test_preserved(quick_xlite, test_guest, tmp_path):
    """Without somebody who could look at what is kept the run ends."""
    boot = quick_xlite("run", "--hypervisor-args", "restart_gap=0", *preserving(test_guest, tmp_path), status=1)
    assert {reason for _, _, reason in ends(boot.hypervisor_lines)} == {
        "suspend", "reboot", "soft_reset", "unknown", "poweroff"}
    kept = said(boot.hypervisor_lines, r"domain (\d+) \(guest2\) has ended: (crash); it is preserved")
    assert kept == [("2", "crash")], str(boot)
    assert any("on_reboot=rename-restart acts as restart" in line for line in boot.hypervisor_lines), str(boot)
    assert boot.hypervisor_lines[-1].endswith("only preserved domains are left: key D destroys them"), str(boot)


def test_keys_about_preserved_domains(test_guest, tmp_path):
    """Their ports are printed, their memory is audited, and in the end they are destroyed."""
    events = write_config(tmp_path, "events", test_guest("event-delivery"), memory=4, on_poweroff='"preserve"')
    command = [os.path.join(BUILD, "xlite"), "run", "--loader", "qemu", "--timeout", str(BOOT_SECONDS),
               "--hypervisor-args", "restart_gap=0", *map(str, preserving(test_guest, tmp_path)), str(events)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        lines = []
        for line in run.stdout:
            lines.append(line.decode(errors="replace").strip())
            if "only preserved" in lines[-1]:
                # From domain 1, which is gone, to the preserved ones, and on to the hypervisor.
                run.stdin.write(SWITCH * 3 + b"eAD")
                run.stdin.flush()
        assert run.wait() == 1, "\n".join(lines)
    assert sum("audit: ok" in line for line in lines) == 2, "\n".join(lines)
    assert said(lines, r"domain \d+ \((\w+)\): (\d+) ports, (.*)") == [
        ("guest2", "1", "two-level events"), ("events", "3", "FIFO events, 1 pages of words, 1 control blocks")]
    assert said(lines, r"  (\d): ipi, vcpu 0(.*)") == [(port, ", priority 7") for port in "23"], "\n".join(lines)
    assert lines[-1].endswith("powering off"), "\n".join(lines)


def test_without_memory(quick_xlite, test_guest, tmp_path):
    """A domain for which there is no memory is left out with a word, and the others run."""
    configs = [write_config(tmp_path, name, test_guest("lives"), memory=memory)
               for name, memory in (("first", 5), ("large", 120), ("last", 2))]
    boot = quick_xlite("run", "--host-memory", 128, *configs, status=1)
    wants = said(boot.hypervisor_lines,
                 r"domain large is left out: it wants (\d+) MiB of memory, and (\d+) MiB are free")
    assert len(wants) == 1 and wants[0][0] == "120" and 100 < int(wants[0][1]) < 120, str(boot)
    assert boot.output.count("verdict: success") == 2, str(boot)


def test_timer_beside_restarts(quick_xlite, test_guest, tmp_path):
    """A domain with a timer, beside one of 64 MiB and 32 vCPUs that is built three times more: each instruction takes
    1 ns."""
    ramdisk = tmp_path / "ramdisk"
    ramdisk.write_bytes(bytes(range(256)) * 16384)
    victim = write_config(tmp_path, "victim", test_guest("neighbour"), cmdline='"late=1000 ms=400 periodic=0"')
    again = write_config(tmp_path, "again", test_guest("lives"), memory=64, vcpus=32, ramdisk=f'"{ramdisk}"',
                         cmdline='"ends=.rrr"', **RESTART)
    boot = quick_xlite("run", "--icount", "--hypervisor-args", "restart_gap=0", victim, again, status=0)
    assert len(said(boot.hypervisor_lines, r"domain \d+ \(again\) is domain (\d+) built again")) == 3, str(boot)
    worst = [int(match[1]) for match in (re.search(r"worst delay of the timer: (\d+) us", line) for line in boot.lines)
             if match]
    assert len(worst) == 1 and worst[0] < figure(1000, 2000), str(boot)
    boot.assert_audit_ok()


def test_restarts_without_memory(quick_xlite, test_guest, tmp_path):
    """Domains that reboot, of which each finds no memory for another part of what it is built of. A failure that is
    told ends it as a crash; who can do without (the symbols for messages) comes again."""
    domains = 12
    configs = [write_config(tmp_path, f"guest{i}", test_guest("lives", ("pv64", "pv32")[i % 2]), memory=4, vcpus=2,
                            cmdline=f'"ends={"r" * domains}"', **RESTART) for i in range(domains)]
    counted = boot_with(quick_xlite, [NONE], *configs)
    number, numbers = counts(counted)[0][0], []
    for domain in range(domains):
        number += 1 + 2 * domain
        numbers.append(number)
    boot = boot_with(quick_xlite, numbers, *configs)
    assert boot.status == 1 and counts(boot)[1][1] == domains, str(boot)
    failed = said(boot.hypervisor_lines, r"domain (guest\d+): .*\bmemory\b.*")
    assert len(failed) >= domains - 3, str(boot)
    assert boot.output.count("verdict: success") == domains - len(failed), str(boot)
    boot.assert_audit_ok()


def test_restarts_while_another_takes_the_memory(quick_xlite, test_guest, tmp_path):
    """Of all that comes back of two domains that reboot another one takes what it gets: before the first is built
    again, and while the second is. Both are told with sizes, nothing of them is left, and a neighbour goes on. (Each
    instruction takes 1 ns: who comes first does not depend on the host.)"""
    again = [write_config(tmp_path, name, test_guest("lives", width), memory=8, cmdline='"lend=3 ends=rr"', **RESTART)
             for name, width in (("early", "pv64"), ("late", "pv32"))]
    taker = write_config(tmp_path, "taker", test_guest("lives"), memory=4, maxmem=64, cmdline='"take=1 next=5"')
    neighbour = write_config(tmp_path, "neighbour", test_guest("neighbour"), memory=4, cmdline='"ms=200"')
    boot = quick_xlite("run", "--icount", "--host-memory", 32, "--hypervisor-args", "restart_gap=0 guest_loglvl=none",
                       *again, taker, neighbour, status=1, timeout=60)
    early = said(boot.hypervisor_lines, r"domain early is left out: it wants 8 MiB of memory, and (\d) MiB are free")
    late = said(boot.hypervisor_lines, r"domain late: it wants 8192 KiB of memory, and only (\d+) KiB of that are free")
    assert len(early) == len(late) == 1 and int(early[0][0]) < 8 and int(late[0][0]) < 8192, str(boot)
    assert lines_of(boot, 3)[-1] == lines_of(boot, 4)[-1] == "verdict: success", str(boot)
    boot.assert_audit_ok()


def test_a_thousand_kills(quick_xlite, test_guest, tmp_path):
    guests = (("smp-type-race", "pv64", 3, 4), ("smp-type-race", "pv32", 3, 4), ("hypercall-storm", "pv64", 2, 2),
              ("event-storm", "pv32", 3, 4), ("grant-storm", "pv64", 2, 1), ("grant-storm", "pv32", 2, 1))
    configs = [write_config(tmp_path, f"{claim}-{width}", test_guest(claim, width), memory=memory, vcpus=vcpus,
                            on_poweroff='"restart"', on_crash='"restart"') for claim, width, memory, vcpus in guests]
    boot = quick_xlite("run", "--cpus", 2, "--host-memory", 128, "--hypervisor-args",
                       f"restart_gap=0 kill={KILLS},6000 guest_loglvl=none", *configs, status=1)
    count = int(KILLS.split(",", maxsplit=1)[0])
    crashed = sum(reason == "crash" for _, _, reason in ends(boot.hypervisor_lines))
    assert count <= crashed <= count + len(configs), str(boot)
    assert "verdict: failure" not in boot.output, str(boot)
    boot.assert_audit_ok()
