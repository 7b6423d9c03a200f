# SPDX-License-Identifier: MIT
"""A machine that a test looks into from outside: by QEMU's control channel and by its debugger's port."""
import json
import os
import socket
import subprocess
import time

from boot import BOOT_SECONDS, BUILD, shortened

OVMF = ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd")


def free_port():
    """A TCP port of this host that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Machine:
    """QEMU with a boot image, its serial port on pipes and its control channel on a socket. To be used by `with`."""

    def __init__(self, folder, image, *arguments, uefi=False):
        command = ["qemu-system-x86_64", "-accel", "tcg", "-m", "256", "-cpu", "max", "-nodefaults", "-no-reboot",
                   "-display", "none", "-serial", "stdio", "-qmp", f"unix:{folder}/qmp,server=on,wait=off",
                   "-gdb", f"unix:{folder}/gdb,server=on,wait=off",
                   *arguments]
        command += ["-drive", f"if=none,id=boot,format=raw,readonly=on,file={image}",
                    "-device", "virtio-blk-pci,drive=boot,disable-legacy=on,bootindex=0"]
        if uefi:
            variables = os.path.join(folder, "variables.fd")
            with open(OVMF[1], "rb") as old, open(variables, "wb") as new:
                new.write(old.read())
            command += ["-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={OVMF[0]}",
                        "-drive", f"if=pflash,format=raw,unit=1,file={variables}"]
        self.folder, self.command, self.output = folder, command, b""
        self.process, self.control, self.answers = None, None, None

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        os.set_blocking(self.process.stdout.fileno(), False)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        if self.control is not None:
            self.control.close()

    def wait_for(self, text):
        """Reads the serial port until this has come."""
        end = time.monotonic() + BOOT_SECONDS
        while text.encode() not in self.output:
            ended = self.process.poll() is not None
            time.sleep(0.05)
            self.output += self.process.stdout.read() or b""
            if text.encode() not in self.output and (ended or time.monotonic() > end):
                lines = shortened(self.output.decode(errors="replace").replace("\r", "").split("\n"))
                why = "the machine ended" if ended else f"{BOOT_SECONDS} s are over"
                raise AssertionError("\n".join([f"{why} without the line '{text}'", *lines]))

    def type(self, keys):
        self.process.stdin.write(keys)
        self.process.stdin.flush()

    def tell(self, command, **arguments):
        """A command of QEMU's control protocol. Events that come in between are none of ours."""
        if self.control is None:
            self.control = socket.socket(socket.AF_UNIX)
            self.control.connect(f"{self.folder}/qmp")
            self.answers = self.control.makefile()
            self.answers.readline()
            self.tell("qmp_capabilities")
        self.control.sendall(json.dumps({"execute": command, "arguments": arguments}).encode())
        while True:
            answer = json.loads(self.answers.readline())
            assert "error" not in answer, answer
            if "return" in answer:
                return answer["return"]

    def ask(self, line):
        """A command of QEMU's monitor for people, and its answer."""
        return self.tell("human-monitor-command", **{"command-line": line})

    def debug(self, *commands):
        """Lets gdb do this with the machine, which stands still meanwhile, and returns what gdb said."""
        words = [word for command in commands for word in ("-ex", command)]
        done = subprocess.run(["gdb", "-q", "-batch", "-ex", f"target remote {self.folder}/gdb", *words,
                               os.path.join(BUILD, "xen-lite.elf")], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=BOOT_SECONDS, check=False)
        return done.stdout + done.stderr
