# SPDX-License-Identifier: MIT
"""The guest kernel with its programs, in each way that it is built: a session, the checks of the system calls, memory
that comes back, programs that nobody here wrote."""
import os
import re

import pytest

from boot import BUILD, ROOT
from initramfs import write_initramfs
from test_domains import lines_of, write_config

# Which kernel, on what, with how much memory: the least that is promised.
MACHINES = {
    "pv64": ("64", "pv64", "xen-lite", 16),
    "pv32": ("32", "pv32", "xen-lite", 8),
    "native64": ("64", "native64", "none", 16),
    "native32": ("32", "native32", "none", 8),
    "pv64-xen": ("64", "pv64", "real_xen", 64),
    "pv32-oracle32": ("32", "pv32", "oracle32", 64),
}


@pytest.fixture(params=MACHINES)
def run_programs(request, xlite, quick_xlite):
    """run_programs("command") boots the kernel, whose init runs the command in a shell, and gives the lines of the
    guest. ports=True: Lua and minigzip are there, too."""
    width, kernel, hypervisor, memory = MACHINES[request.param]
    options = []
    if hypervisor == "none":
        options = ["--hypervisor", "none"]
    elif hypervisor != "xen-lite":
        options = ["--hypervisor", request.getfixturevalue(hypervisor)]

    def run(command, ports=False, cpus=1):
        ramdisk = os.path.join(BUILD, f"guest-kernel/ramdisk-{'ports-' if ports else ''}{width}.cpio")
        if not os.path.exists(ramdisk):
            pytest.skip("not built: make ports" if ports else "not built: make ramdisks")
        boot = (xlite if options else quick_xlite)(
            "run", *options, "--kernel", os.path.join(BUILD, f"guest-kernel/{kernel}/kernel.elf"), "--ramdisk", ramdisk,
            *(() if cpus == 1 else ("--cpus", cpus)), *(() if cpus == 1 or hypervisor == "none" else ("--vcpus", cpus)),
            "--memory", memory, "--extra", f"run={command}", status=0)
        if not options:
            boot.assert_audit_ok()
        return boot.guest_lines, boot

    return run


def test_session(run_programs):
    """The same on every machine: it is compared with what is written in session.txt. In the same boot, because that
    costs more than what it does, usertests: what each system call promises, asked for with good and with hostile
    arguments."""
    lines, boot = run_programs("sh /etc/session.sh; usertests -q")
    with open(os.path.join(os.path.dirname(__file__), "session.txt"), encoding="utf-8") as file:
        session = file.read().splitlines()
    assert lines[:len(session)] == session, str(boot)
    count, failed = lines[-1].removeprefix("usertests: ").split(" checks, ")
    assert failed == "0 failed" and int(count) >= 100, str(boot)
    # Some of its programs fault: the kernel tells in which function.
    assert any(re.fullmatch(r"  0x[0-9a-f]+ program_start\+0x[0-9a-f]+", line) for line in lines), str(boot)


@pytest.mark.parametrize("kernel", ["pv64", "pv32"])
def test_panic_names_functions(kernel, quick_xlite, tmp_path):
    """A ramdisk without a first program is the end of the kernel, which shows the way there."""
    ramdisk = os.path.join(tmp_path, "empty.cpio")
    os.mkdir(os.path.join(tmp_path, "nothing"))
    write_initramfs(os.path.join(tmp_path, "nothing"), ramdisk)
    image = os.path.join(BUILD, f"guest-kernel/{kernel}/kernel.elf")
    boot = quick_xlite("run", "--kernel", image, "--ramdisk", ramdisk, status=1)
    at = boot.guest_lines.index("kernel panic: /bin/init cannot be run: error 2")
    assert re.fullmatch(r"  0x[0-9a-f]+ begin_first\+0x[0-9a-f]+", boot.guest_lines[at + 1]), str(boot)


# What the real Xen cannot judge under QEMU 7.2, which reports n * 16 + 2 instead of n * 8 + 2 as the error code of
# INT n through a closed gate. Xen takes the vector from there, so `int $2` and `int $0x82` (0x822 / 8, of which it
# keeps 8 bits) look like `int $4`, which programs are allowed: they end by the overflow exception's signal instead.
# (In the same way `int $0x40` is a system call of 32-bit programs there.)
NOT_ON_XEN = ("nmi", "hypercall")


def test_hostile(run_programs, request):
    """Instructions, jumps, flags and signal frames that a program must not have its way with."""
    left_out = NOT_ON_XEN if request.node.callspec.id in ("pv64-xen", "pv32-oracle32") else ()
    lines, boot = run_programs("hostile" + "".join(f" -x {name}" for name in left_out))
    assert lines[-1] == "hostile: {0} of {0} were harmless".format(50 - len(left_out)), str(boot)


def test_hypervisor(run_programs):
    """A program shows what the kernel knows of what is below it."""
    lines, boot = run_programs("hypervisor")
    facts = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    assert facts["command line"] == "run=hypervisor" and float(facts["time since the start"].split()[0]) > 0, str(boot)
    if facts["machine"].endswith("native"):
        assert facts["interrupt line 0"] == facts["interrupt line 4"] == "in use", str(boot)
    else:
        assert facts["domain"] == ("1" if "xen-lite" in facts["hypervisor"] else "0"), str(boot)
        assert "virtual interrupt 0" in facts.values() and "Xen interface 4.17" in facts["hypervisor"], str(boot)


# What depends on the kernel and not on who is below it need not be tried on the real Xen, which is slow.
WITHOUT_XEN = pytest.mark.parametrize("run_programs", ["pv64", "pv32", "native64", "native32"], indirect=True)


@WITHOUT_XEN
def test_processors(run_programs):
    """Two of them: many processes at once, which fork, map memory, write to pipes and send signals."""
    lines, boot = run_programs("grep ^processors /proc/hypervisor; stress -n 2", cpus=2)
    assert lines == ["processors: 2", "stress: fine"], str(boot)


@WITHOUT_XEN
def test_no_memory_is_lost(run_programs):
    """As much is free after 1,000 programs as before, and after other things that end in the middle."""
    lines, boot = run_programs("leaks")
    assert lines[-1] == "leaks: none" and "fork, exec, exit: 1000 times, 0 KiB missing" in lines, str(boot)


# What is below the C library has been tried on the other machines by then.
@pytest.mark.parametrize("run_programs", ["pv64", "pv32"], indirect=True)
def test_programs_of_others(run_programs):
    """Lua's interpreter and zlib's minigzip, compiled unchanged."""
    lines, boot = run_programs(
        "lua check.lua && minigzip < /bin/sh > z && minigzip -d < z | cmp - /bin/sh && echo same", ports=True)
    assert lines == ["lua: fine", "same"], str(boot)


# What pair-left.sh and pair-right.sh say: neither reads or writes anything but what comes from the other.
LEFT = ["Hello, left. I count:", "798", "799", "800", "sent: {0}", "answer: {0}", "writing ended with 141",
        "reading ended with 0"]
RIGHT = ["Hello, right.", "received: {0}", "{1}"]


def talk(left):
    """The lines of both sides, if the left kernel is of that width: it sends its shell."""
    with open(os.path.join(BUILD, f"user-{left[-2:]}/root/bin/sh"), "rb") as file:
        sent, checksum = file.read(), 2166136261
    for byte in sent:
        checksum = (checksum ^ byte) * 16777619 % 2**32
    told = f"{len(sent)} bytes, checksum {checksum:08x}"
    return [[line.format(told, len(sent)) for line in lines] for lines in (LEFT, RIGHT)]


def test_two_kernels_talk(quick_xlite, programs):
    """make run-pair: a 64- and a 32-bit one, through /dev/peer; and one outlives the other."""
    for kernel in ("pv64", "pv32"):
        programs(kernel)
    boot = quick_xlite("run", "--cpus", 2, *(os.path.join(ROOT, f"guest-kernel/pair/{name}.cfg")
                                             for name in ("left", "right")), status=0)
    assert [lines_of(boot, domain) for domain in (1, 2)] == talk("pv64"), str(boot)
    boot.assert_audit_ok()


def test_two_kernels_part(quick_xlite, programs, test_guest, tmp_path):
    """Domain 2 restarts in the middle of a file; its successor, domain 7, is nobody's peer. Domain 4 is none that keeps
    the rules: it writes anything to the page. And domain 5 ends when its page is mapped, with no port to connect to.
    Domains 1, 3 and 6, which have these for a peer, are told, and go on."""
    def kernel(name, width, command, **settings):
        return write_config(tmp_path, name, os.path.join(BUILD, f"guest-kernel/{width}/kernel.elf"),
                            ramdisk=f'"{programs(width)}"', cmdline=f'"{command}"', **settings)
    told = "echo reading: $?; yes > /dev/peer; echo writing: $?"
    begun = "{ echo begun; halt -r; } > /dev/peer"
    alone = "cat /dev/peer & sleep 0.3; kill $!; wait $!; echo reading: $?"
    boot = quick_xlite(
        "run", "--cpus", 2, "--hypervisor-args", "restart_gap=0",
        kernel("left", "pv64", f"offer=2 run=cat /dev/peer; {told}; sleep 0.4"),
        kernel("right", "pv32", f"accept=1 run=if grep -q '^domain: 2' /proc/hypervisor; then {begun}; "
               f"else {alone}; fi", on_reboot='"restart"'),
        kernel("spoilt", "pv32", f"offer=4 run=cat /dev/peer > /dev/null; {told}"),
        write_config(tmp_path, "spoils", test_guest("lives"), cmdline='"spoil=3 ms=300"'),
        write_config(tmp_path, "lends", test_guest("lives"), memory=4, cmdline='"lend=6"'),
        kernel("left-alone", "pv32", f"accept=5 run=cat /dev/peer; {told}"), status=0)
    assert lines_of(boot, 1) == ["begun", "reading: 0", "writing: 141"], str(boot)
    assert lines_of(boot, 7) == ["Terminated", "reading: 143"], str(boot)
    for domain in (3, 6):
        assert lines_of(boot, domain) == ["cat: /dev/peer: I/O error", "reading: 1", "yes: output: I/O error",
                                          "writing: 1"], str(boot)
    assert lines_of(boot, 4) == ["verdict: success"], str(boot)
    boot.assert_audit_ok()
