# SPDX-License-Identifier: MIT
"""What xlite makes of a run: exit status, console, time-out, clean-up. The hypervisor is a made-up one that says on
its serial ports what the case tells it to, so each ending can be had."""
import glob
import os
import pty
import signal
import subprocess
import time

import pytest

from boot import BUILD, SOON_SECONDS, wait_for
from machine import free_port
from xlite_util import make_elf, make_hypervisor, write

XLITE = os.path.join(BUILD, "xlite")
GOOD_END = "domain 1 guest poweroff\naudit ok\nhalted\n"

# name, status channel, how the machine ends, exit status, text on stderr
ENDS = [
    ("all powered off", GOOD_END, "poweroff", 0, ""),
    ("powered off, machine stays", GOOD_END, "hang", 0, ""),
    ("powered off, machine resets", GOOD_END, "reset", 0, ""),
    ("crash", "domain 1 guest crash\naudit ok\nhalted\n", "poweroff", 1, "domain 1 (guest) ended with crash"),
    ("reboot", "domain 1 guest reboot\naudit ok\nhalted\n", "poweroff", 1, "domain 1 (guest) ended with reboot"),
    ("suspend", "domain 1 guest suspend\nhalted\n", "poweroff", 1, "ended with suspend"),
    ("watchdog", "domain 1 guest watchdog\nhalted\n", "poweroff", 1, "ended with watchdog"),
    ("never built", "halted\n", "poweroff", 1, "1 of 1 domains never ran"),
    ("panic", "panic no memory map\n", "hang", 3, "panic no memory map"),
    ("panic after a crash", "domain 1 guest crash\npanic lost\n", "reset", 3, "panic lost"),
    ("audit", "domain 1 guest poweroff\naudit failed 2\nhalted\n", "poweroff", 3, "audit failed 2"),
    ("reset without a word", "", "reset", 3, "before all domains had ended"),
    ("domain ended, hypervisor lost", "domain 1 guest poweroff\n", "reset", 3, "before all domains had ended"),
    ("unknown lines are passed over", "hello\ndomain x\n" + GOOD_END, "poweroff", 0, ""),
]

# The same for the real Xen's lines on the console.
XEN_ENDS = [
    ("halt", "(XEN) Hardware Dom0 halted: halting machine\n", "hang", 0, ""),
    ("power off by ACPI", "(XEN) Entering ACPI S5 state.\n", "poweroff", 0, ""),
    ("crash", "(XEN) Hardware Dom0 crashed: rebooting machine in 5 seconds.\n", "hang", 1, "Dom0 crashed"),
    ("reboot", "(XEN) Hardware Dom0 shutdown: rebooting machine\n", "hang", 1, "Dom0 shutdown"),
    ("panic", "(XEN) Panic on CPU 0:\n", "hang", 3, "Panic on CPU 0"),
    ("reset without a word", "(XEN) Xen version 4.17\n", "reset", 3, "before all domains had ended"),
    ("in the middle of a line", "he said (XEN) Hardware Dom0 halted: halting machine\n", "reset", 3, "before all"),
]

# The same without a hypervisor: how the machine ends is all there is.
BARE_ENDS = [
    ("poweroff", 0, ""),
    ("reset", 1, "the machine was reset, and not switched off"),
    ("triple fault", 1, "the machine was reset, and not switched off"),
    ("crash", 1, "the kernel crashed"),
]


@pytest.fixture
def kernel(tmp_path):
    return write(tmp_path, "kernel.elf", make_elf())


@pytest.mark.parametrize("status_text, ending, expect, error", [case[1:] for case in ENDS], ids=[c[0] for c in ENDS])
def test_end(quick_xlite, kernel, tmp_path, status_text, ending, expect, error):
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor("(xen-lite) hello\n", status_text, ending))
    boot = quick_xlite("run", "--hypervisor", f"xen-lite={hypervisor}", "--kernel", kernel, status=expect)
    assert error in boot.errors and (boot.errors == "") == (error == ""), str(boot)
    assert boot.lines == ["(xen-lite) hello"]


@pytest.mark.parametrize("text, ending, expect, error", [case[1:] for case in XEN_ENDS], ids=[c[0] for c in XEN_ENDS])
def test_xen_end(xlite, kernel, tmp_path, text, ending, expect, error):
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor(text, "", ending))
    boot = xlite("run", "--hypervisor", f"xen={hypervisor}", "--kernel", kernel, status=expect)
    assert error in boot.errors and (boot.errors == "") == (error == ""), str(boot)
    assert boot.lines == text.splitlines()


@pytest.mark.parametrize("ending, expect, error", BARE_ENDS, ids=[case[0] for case in BARE_ENDS])
def test_bare_end(xlite, tmp_path, ending, expect, error):
    kernel = write(tmp_path, "kernel", make_hypervisor("hello\n", "", ending))
    boot = xlite("run", "--hypervisor", "none", "--kernel", kernel, "--memory", 32, status=expect)
    assert error in boot.errors and (boot.errors == "") == (error == ""), str(boot)
    assert boot.lines == ["hello"]


def test_bare_input(xlite, tmp_path):
    kernel = write(tmp_path, "kernel", make_hypervisor("prompt>", echo=True))
    boot = xlite("run", "--hypervisor", "none", "--kernel", kernel, stdin=b"keys q", status=0)
    assert boot.output.endswith("prompt>keys q"), str(boot)


def test_two_domains_of_which_one_never_ends(quick_xlite, kernel, tmp_path):
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor("", GOOD_END))
    configs = []
    for name in ("one", "two"):
        configs.append(write(tmp_path, f"{name}.cfg", f'name="{name}"\nkernel="{kernel}"\n'.encode()))
    boot = quick_xlite("run", "--hypervisor", f"xen-lite={hypervisor}", *configs, status=1)
    assert "1 of 2 domains never ran" in boot.errors


@pytest.mark.parametrize("machine", ["pc", "q35"])
def test_image_boots(xlite, kernel, tmp_path, machine):
    """On UEFI it does in test_boot.py."""
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor("(xen-lite) hello\n", GOOD_END))
    boot = xlite("run", "--hypervisor", f"xen-lite={hypervisor}", "--kernel", kernel, "--machine", machine,
                 status=0)
    assert "(xen-lite) hello" in boot.lines, str(boot)


@pytest.mark.parametrize("options", [["--cpu", "none-such"], ["--qemu-args", "-none-such"]], ids=["cpu", "qemu-args"])
def test_qemu_refuses(xlite, kernel, tmp_path, options):
    """What QEMU knows better is QEMU's to check."""
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor())
    boot = xlite("run", "--hypervisor", f"xen-lite={hypervisor}", "--kernel", kernel, *options, status=2)
    assert "none-such" in boot.errors and "xlite: QEMU failed with exit status 1" in boot.errors


def test_packed_hypervisor(xlite, kernel, tmp_path):
    """The real Xen's file is gzip'd; GRUB gets it unpacked."""
    import gzip
    hypervisor = write(tmp_path, "hypervisor.gz", gzip.compress(make_hypervisor("(xen-lite) hello\n", GOOD_END)))
    xlite("run", "--hypervisor", f"xen-lite={hypervisor}", "--kernel", kernel, status=0)


def test_grub_says_what_is_wrong_and_the_run_ends(xlite, kernel, tmp_path):
    """An ELF file that GRUB refuses, because no multiboot header is in it."""
    hypervisor = write(tmp_path, "hypervisor", make_elf())
    boot = xlite("run", "--hypervisor", f"xen-lite={hypervisor}", "--kernel", kernel, status=3)
    assert any(line.startswith("error: ") for line in boot.lines), str(boot)


@pytest.mark.parametrize("hello", ["(xen-lite) input goes to domain 1\n", "(xen-lite) hello\n"],
                         ids=["when the hypervisor names the listener", "after a second"])
def test_input_from_a_pipe(quick_xlite, kernel, tmp_path, hello):
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor(hello, GOOD_END, echo=True))
    boot = quick_xlite("run", "--hypervisor", f"xen-lite={hypervisor}", "--kernel", kernel, stdin=b"keys q", status=0)
    assert boot.output.endswith("keys q"), str(boot)


def test_output_comes_at_once(kernel, tmp_path):
    """A text without newline, from a machine that then stays silent."""
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor("prompt>", "", "hang"))
    process = start(hypervisor, kernel, "--timeout", "200")
    try:
        assert read_until(process.stdout.fileno(), b"prompt>")
    finally:
        finish(process)


def test_terminal(kernel, tmp_path):
    """Keys go out one by one without echo; Ctrl-C ends the run; the terminal is as it was."""
    import termios
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor("(xen-lite) input goes to domain 1\n", "", "hang",
                                                               echo=True))
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    process = start(hypervisor, kernel, "--timeout", "200", stdin=slave, stdout=slave, start_new_session=True,
                    preexec_fn=lambda: __import__("fcntl").ioctl(0, termios.TIOCSCTTY, 0))
    try:
        assert read_until(master, b"domain 1")
        os.write(master, b"key\r")
        assert read_until(master, b"key\r")
        assert termios.tcgetattr(slave) != before
        os.write(master, b"\x03")
        assert process.wait(SOON_SECONDS) == -signal.SIGINT
        assert termios.tcgetattr(slave) == before
    finally:
        finish(process)
        os.close(master)
        os.close(slave)


def test_ctrl_c_for_the_guest(kernel, tmp_path):
    """With --ctrl-c guest the guest gets it as any key, and Ctrl-\\ ends the run."""
    import termios
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor("(xen-lite) input goes to domain 1\n", "", "hang",
                                                               echo=True))
    master, slave = pty.openpty()
    process = start(hypervisor, kernel, "--timeout", "200", "--ctrl-c", "guest", stdin=slave, stdout=slave,
                    start_new_session=True, preexec_fn=lambda: __import__("fcntl").ioctl(0, termios.TIOCSCTTY, 0))
    try:
        assert read_until(master, b"domain 1")
        os.write(master, b"\x03key\r")
        assert read_until(master, b"\x03key\r")
        os.write(master, b"\x1c")
        assert process.wait(SOON_SECONDS) == -signal.SIGQUIT
    finally:
        finish(process)
        os.close(master)
        os.close(slave)


def test_time_out(quick_xlite, kernel, tmp_path):
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor("(xen-lite) hello\n", "", "hang"))
    began = time.monotonic()
    boot = quick_xlite("run", "--timeout", "1.5", "--hypervisor", f"xen-lite={hypervisor}", "--kernel", kernel,
                       status=124)
    assert time.monotonic() - began < 1.5 + SOON_SECONDS
    assert "1.5 seconds" in boot.errors


def test_reader_goes_away(kernel, tmp_path):
    """As in `xlite run ... | head -1`."""
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor("(xen-lite) hello\n" * 20000, "", "hang"))
    process = start(hypervisor, kernel, "--timeout", "200")
    os.read(process.stdout.fileno(), 10)
    process.stdout.close()
    assert process.wait(SOON_SECONDS) == -signal.SIGPIPE


@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGKILL"])
def test_signal_ends_everything(kernel, tmp_path, signal_name):
    """QEMU ends with xlite, and no temporary file stays."""
    number = getattr(signal, signal_name)
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor("(xen-lite) hello\n", "", "hang"))
    folder = tmp_path / "tmp"
    folder.mkdir()
    process = start(hypervisor, kernel, "--timeout", "200", env={**os.environ, "TMPDIR": str(folder)})
    try:
        assert read_until(process.stdout.fileno(), b"hello")
        children = children_of(process.pid)
        assert len(children) == 1
        process.send_signal(number)
        assert process.wait(SOON_SECONDS) == -number
        wait_for(lambda: not os.path.exists(f"/proc/{children[0]}") or is_zombie(children[0]))
        assert glob.glob(str(folder / "*")) == []
    finally:
        finish(process)


def test_killed_when_qemu_has_just_begun(kernel, tmp_path):
    """QEMU's files have no names any more by then."""
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor("(xen-lite) hello\n", "", "hang"))
    folder = tmp_path / "tmp"
    folder.mkdir()
    process = start(hypervisor, kernel, env={**os.environ, "TMPDIR": str(folder)})
    try:
        wait_for(lambda: any(b"qemu" in command_of(child) for child in children_of(process.pid)), pause=0.001)
        process.kill()
        process.wait(SOON_SECONDS)
        assert glob.glob(str(folder / "*")) == []
    finally:
        finish(process)


def test_no_file_is_left_after_an_error(xlite, kernel, tmp_path, monkeypatch):
    """The error comes late: the directory exists by then."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    xlite("run", "--hypervisor", f"xen-lite={write(tmp_path, 'h', make_elf())}", "--kernel", kernel, "--ramdisk",
          "/does/not/exist", status=2)
    assert glob.glob(str(folder / "*")) == []


def test_counted_boots_repeat(quick_xlite, guest_kernel):
    """--icount: two runs print the same, times included."""
    boots = [quick_xlite("run", "--icount", "--kernel", guest_kernel, status=0) for _ in range(2)]
    assert boots[0].output == boots[1].output


def test_gdb_waits(kernel, tmp_path):
    """Nothing runs until gdb says so."""
    import socket
    hypervisor = write(tmp_path, "hypervisor", make_hypervisor("(xen-lite) hello\n", GOOD_END))
    port = free_port()
    process = start(hypervisor, kernel, "--timeout", "200", f"--gdb={port}")
    try:
        wait_for(lambda: can_connect(port))
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(b"$c#63")
        assert process.wait(SOON_SECONDS) == 0
    finally:
        finish(process)


def can_connect(port):
    import socket
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            # "Why have you stopped?" Answered with a signal: it waits. Detach, so that the next one can come.
            connection.sendall(b"$?#3f")
            answer = connection.recv(100)
    except OSError:
        return False
    return b"T05" in answer or b"S05" in answer


def start(hypervisor, kernel, *arguments, **options):
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, **options}
    return subprocess.Popen([XLITE, "run", "--hypervisor", f"xen-lite={hypervisor}", "--kernel", kernel, *arguments],
                            **streams)


def finish(process):
    process.kill()
    process.wait()
    if process.stdout and not process.stdout.closed:
        process.stdout.close()


def read_until(fd, text):
    import select
    seen, end = b"", time.monotonic() + SOON_SECONDS
    while text not in seen:
        if not select.select([fd], [], [], max(0, end - time.monotonic()))[0]:
            return False
        part = os.read(fd, 4096)
        if not part:
            return False
        seen += part
    return True


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def command_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().split(b"\0")[0]
    except OSError:
        return b""


def is_zombie(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return file.read().rpartition(")")[2].split()[0] == "Z"
