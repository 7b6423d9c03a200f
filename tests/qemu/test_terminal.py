# SPDX-License-Identifier: MIT
"""The teaching kernel's terminal, as somebody at the keyboard meets it: line editing, the end of input, Ctrl-C for the
job in front and for no other, and more typed at once than the terminal holds."""
import os
import subprocess
import threading

import pytest

from boot import BUILD, ESCAPES, wait_for
from test_console import SWITCH

PROMPT = "$ "
# Ten times what terminal, console ring and hypervisor hold together.
LINES = "".join(f"{number:049}\r" for number in range(500))


class Terminal:
    """xlite with keyboard and screen on pipes. To be used by `with`."""

    def __init__(self, *arguments):
        command = [os.path.join(BUILD, "xlite"), "run", "--timeout", "120", *map(str, arguments)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.output, self.seen = b"", 0
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        while part := os.read(self.process.stdout.fileno(), 4096):
            self.output += part

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()

    def wait(self, text):
        """Until this is shown, behind what was waited for before. Returns what was shown on the way, with it."""
        wait_for(lambda: text.encode() in self.output[self.seen:] or self.process.poll() is not None)
        at = self.output.find(text.encode(), self.seen)
        assert at >= 0, f"{text!r} was not shown\n{self.output.decode(errors='replace')}"
        start, self.seen = self.seen, at + len(text)
        return ESCAPES.sub("", self.output[start:self.seen].decode(errors="replace")).replace("\r", "")

    def type(self, keys):
        self.process.stdin.write(keys.encode())
        self.process.stdin.flush()

    def run(self, command):
        """Types a command, and waits until it says that it has begun: from then on it has the keyboard."""
        self.type(f"sh -c 'echo be''gun; {command}'\r")
        self.wait("begun")


@pytest.fixture
def terminal(request, programs):
    """The shell's first prompt is there."""
    kernel, *rest = request.param.split("-")
    arguments = ["--kernel", os.path.join(BUILD, "guest-kernel", kernel, "kernel.elf"), "--ramdisk", programs(kernel)]
    if kernel.startswith("native"):
        arguments += ["--hypervisor", "none"]
    elif rest:
        arguments += ["--loader", "qemu", "--hypervisor", request.getfixturevalue("real_xen")]
    else:
        arguments += ["--loader", "qemu"]
    with Terminal(*arguments) as opened:
        opened.wait(PROMPT)
        yield opened


@pytest.mark.parametrize("terminal", ["pv64", "pv32", "native64", "pv64-xen"], indirect=True)
def test_keyboard(terminal):
    # A line is edited before the program gets it; its end mark ends the program.
    terminal.run("cat")
    terminal.type("one\x7f\x7f\x7ftwo x\x17three\r")
    terminal.wait("two three")
    terminal.type("\x04")
    terminal.wait(PROMPT)

    # Ctrl-C ends the job in front, with all its processes, and neither the shell nor the job in the background.
    terminal.type("sleep 1000 &\r")
    terminal.wait(PROMPT)
    terminal.run("sleep 1000 | sleep 1000")
    terminal.type("\x03")
    terminal.wait("^C")
    terminal.wait(PROMPT)
    terminal.type("echo sta''tus $?; ps\r")
    shown = terminal.wait("status 130") + terminal.wait(PROMPT)
    assert shown.count("sleep") == 1, shown

    # What is in the background gets nothing of what is typed.
    terminal.type("kill %1; cat &\r")
    terminal.wait("cat: ")
    terminal.type("\r")
    terminal.wait(PROMPT)


# Not on Xen, which keeps 128 bytes and drops the others.
@pytest.mark.parametrize("terminal", ["pv64", "native64"], indirect=True)
def test_long_paste(terminal):
    """Nobody reads for a while: the bytes wait where they are until there is room."""
    terminal.run("sleep 0.3; cat >/tmp/paste; wc -l /tmp/paste")
    terminal.type(LINES + "\x04")
    terminal.wait(f"{499:049}")
    assert "500" in terminal.wait("/tmp/paste")
    terminal.wait(PROMPT)
    terminal.type("exit\r")
    wait_for(lambda: terminal.process.poll() is not None)
    assert terminal.process.returncode == 0, terminal.output.decode(errors="replace")


@pytest.mark.parametrize("terminal", ["pv64"], indirect=True)
def test_keys_of_the_hypervisor_behind_a_paste(terminal):
    """What nobody reads does not keep them back for ever."""
    terminal.run("sleep 1000")
    terminal.type(LINES + SWITCH.decode() + "m")
    terminal.wait("free memory: ")
