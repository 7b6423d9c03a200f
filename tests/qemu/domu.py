#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Guests as ordinary, unprivileged domains on the real Xen. Xen boots under QEMU with Debian's kernel as dom0, whose
initial ramdisk is made here of Debian's packages: xl, the daemons that it needs, and busybox. dom0_init.sh starts the
guests there and reports; nothing is installed and nothing needs a disk.

    tests/qemu/domu.py [--pv32] GUEST...   test guests by name, or ELF files: what they print, and how they end
    tests/qemu/domu.py [--pv32] --all      all test guests that run on the real Xen, each judged by its head comment

With --pv32 the 32-bit test guests, on the Xen that make oracle32 builds; its dom0 is the same 64-bit one.
The boot takes some 20 s, each guest 1 to 2 s more."""
import dataclasses
import glob
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from boot import BUILD, ORACLE32, PACKAGES, QUICK_XEN, ROOT, find_real_xen, run_xlite
from claims import claims, ends_with, head_of, main_of, runs_as, verdict_of, widths_of
from initramfs import write_initramfs

XEN_PROGRAMS = "usr/lib/xen-4.17/bin"
PROGRAMS = ("xl", "xenstored", "xenconsoled", "xen-init-dom0")
MODULES = ("xen-evtchn.ko", "xen-privcmd.ko", "xenfs/xenfs.ko", "xen-gntdev.ko")
# What the scripts of dom0 expect to be there.
FOLDERS = ("dev", "etc/xen", "lib/modules", "proc", "run/xen", "run/xenstored", "sys", "tmp", "var/lib/xen",
           "var/lib/xenstored", "var/lock", "var/log/xen/console")
DOM0_MEMORY = 300
# Of xl's options only these are needed; nothing is ever restarted.
CONFIG = """name = "{name}"
type = "pv"
kernel = "/kernels/{kernel}"
memory = {memory}
vcpus = {vcpus}
max_event_channels = 131071
on_poweroff = "destroy"
on_reboot = "destroy"
on_crash = "destroy"
"""


@dataclasses.dataclass
class Domain:
    """One to start. ids count from 1 in the order of a run. cpus are the host's that it may run on."""
    name: str
    kernel: str
    memory: int = 32
    vcpus: int = 1
    extra: str = ""
    ramdisk: str = ""
    cpus: str = ""
    seconds: int = 240


@dataclasses.dataclass
class Ended:
    """What became of it. reason is the shutdown code of sched.h, None if it did not end by itself."""
    name: str
    lines: list
    xl_lines: list

    @property
    def reason(self):
        for line in self.xl_lines:
            if match := re.search(r"has shut down, reason code (\d+)", line):
                return int(match[1])
        return None

    def __str__(self):
        return "\n".join([self.name + ":", *self.lines[-60:], *self.xl_lines])


def packaged(package, pattern):
    """A file of a fetched package, or ""."""
    found = sorted(glob.glob(os.path.join(PACKAGES, package, pattern)))
    return found[-1] if found else ""


def hypervisor_for(width):
    """What xlite is told of the Xen that runs guests of that width."""
    return f"xen={ORACLE32}" if width == "pv32" else "xen"


def what_is_missing(width="pv64"):
    """Words, if this cannot run here."""
    wanted = {"xen-utils-4.17": XEN_PROGRAMS + "/xl", "busybox-static": "bin/busybox",
              "linux-image-amd64": "lib/modules/*/kernel/drivers/xen/xenfs/xenfs.ko"}
    missing = [package for package, pattern in wanted.items() if not packaged(package, pattern)]
    if width == "pv64" and not find_real_xen():
        missing.append("xen-hypervisor-4.17-amd64")
    if missing:
        return "not here (make setup-tests fetches them): " + ", ".join(missing)
    if width == "pv32" and not os.path.exists(ORACLE32):
        return "the Xen that runs 32-bit guests is not here: make oracle32 builds it"
    lost = [line.split()[0] for line in libraries() if "not found" in line]
    return "libraries of xl are not here: " + ", ".join(lost) if lost else ""


def libraries():
    """What the loader says of the programs: Xen's libraries are installed for xlite's sake, the others are usual."""
    programs = [packaged("xen-utils-4.17", f"{XEN_PROGRAMS}/{program}") for program in PROGRAMS]
    said = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=False).stdout
    return [line.strip() for line in said.splitlines() if "=>" in line or "/ld-linux" in line]


def put(root, path, source):
    target = os.path.join(root, path.lstrip("/"))
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copy(source, target)


def make_dom0(root):
    """Its files but for the guests."""
    for folder in FOLDERS:
        os.makedirs(os.path.join(root, folder))
    os.symlink("/run", os.path.join(root, "var/run"))
    with open(os.path.join(root, "etc/xen/xl.conf"), "w", encoding="utf-8") as file:
        file.write('autoballoon="off"\n')
    put(root, "init", os.path.join(ROOT, "tests/qemu/dom0_init.sh"))
    put(root, "bin/busybox", packaged("busybox-static", "bin/busybox"))
    for program in PROGRAMS:
        put(root, f"{XEN_PROGRAMS}/{program}", packaged("xen-utils-4.17", f"{XEN_PROGRAMS}/{program}"))
    for module in MODULES:
        source = packaged("linux-image-amd64", "lib/modules/*/kernel/drivers/xen/" + module)
        put(root, "lib/modules/" + os.path.basename(module), source)
    files = [re.search(r"(/\S+)", line.split("=>")[-1])[1] for line in libraries()]
    # Threads end by it; nothing is linked with it.
    unwinder = os.path.join(os.path.dirname(next(file for file in files if "/libc." in file)), "libgcc_s.so.1")
    for file in [*files, unwinder]:
        put(root, file, file)


def add_guest(root, group, domain, kernels):
    """kernels: those that are there already, by file."""
    folder = os.path.join(root, "guests", f"{group:03}")
    os.makedirs(folder, exist_ok=True)
    for file in filter(None, (domain.kernel, domain.ramdisk)):
        if file not in kernels:
            kernels[file] = str(len(kernels))
            put(root, "kernels/" + kernels[file], file)
    text = CONFIG.format(name=domain.name, kernel=kernels[domain.kernel], memory=domain.memory, vcpus=domain.vcpus)
    if domain.ramdisk:
        text += f'ramdisk = "/kernels/{kernels[domain.ramdisk]}"\n'
    for key in ("extra", "cpus"):
        if value := getattr(domain, key):
            text += f'{key} = "{value}"\n'
    for suffix, content in (("cfg", text), ("seconds", f"{domain.seconds}\n")):
        with open(os.path.join(folder, f"{domain.name}.{suffix}"), "w", encoding="utf-8") as file:
            file.write(content)


def parse(boot):
    """name -> Ended. The hypervisor's lines and the kernel's may come at any place."""
    ended, name, into = {}, None, None
    for line in boot.guest_lines:
        if match := re.match(r"dom0: (domain|xl of) (\S+)$", line):
            name = ended.setdefault(match[2], Ended(match[2], [], []))
            into = name.lines if match[1] == "domain" else name.xl_lines
        elif line.startswith("dom0: "):
            into = None
        elif into is not None:
            into.append(line)
    return ended


def run_domains(groups, timeout, machine=(), width="pv64"):
    """Boots once. groups: lists of Domain; those of one list run together, one list after the other. machine: more
    options for xlite. width: the Xen for such guests. Returns (name -> Ended, the Boot)."""
    with tempfile.TemporaryDirectory(prefix="domu-") as folder:
        root, archive, kernels = os.path.join(folder, "root"), os.path.join(folder, "dom0.cpio"), {}
        make_dom0(root)
        for number, group in enumerate(groups):
            for domain in group:
                add_guest(root, number, domain, kernels)
        write_initramfs(root, archive)
        memory = DOM0_MEMORY + 2 * (os.path.getsize(archive) >> 20)
        most = max(sum(domain.memory for domain in group) for group in groups)
        # Guards against what a CPU speculates are all calls and returns, which an emulator is slowest at.
        boot = run_xlite("run", "--hypervisor", hypervisor_for(width), "--cpus", 2,
                         "--hypervisor-args", f"{QUICK_XEN} spec-ctrl=false",
                         "--host-memory", memory + most + 200, "--memory", memory,
                         "--kernel", packaged("linux-image-amd64", "boot/vmlinuz-*"), "--ramdisk", archive,
                         "--extra", "console=hvc0 quiet loglevel=3 mitigations=off", *machine, timeout=timeout)
    return parse(boot), boot


def image_of(claim, width="pv64"):
    return os.path.join(BUILD, "tests/guests", claim, width + ".elf")


def domain_of(claim, head, width="pv64"):
    """The test guest as xl is to start it, by the options that it has for xlite; and xlite's for the machine."""
    options = shlex.split(head.get("Options", ""))
    values = dict(zip(options[::2], options[1::2]))
    domain = Domain(claim, image_of(claim, width))
    domain.vcpus = int(values.get("--vcpus", 1))
    domain.extra = values.get("--extra", "")
    domain.ramdisk = os.path.join(ROOT, values["--ramdisk"]) if "--ramdisk" in values else ""
    # The machine has two.
    domain.cpus = "0" if values.get("--cpus", "2") == "1" else ""
    return domain, ("--cpu", values["--cpu"]) if "--cpu" in values else ()


def complaint(head, ended):
    """Why a test guest did not end as its head comment says; "" if it did, or says that it cannot run here."""
    if ended is None:
        return "it never ran"
    verdict, crashed = verdict_of(ended.lines), ended.reason == 3
    if ended.reason is None:
        return "it did not end"
    if ends_with(head) == "crash":
        if any("wrong: " in line for line in ended.lines):
            return "something was wrong before it crashed"
        return "" if crashed and not verdict else f"it did not crash: reason {ended.reason}, verdict {verdict}"
    good = verdict == "success" or verdict.startswith("skip")
    return "" if good and ended.reason == 0 else f"reason {ended.reason}, verdict {verdict or 'none'}"


def judge(names, heads, width):
    """Runs these test guests, a boot for each kind of machine. Yields (name, complaint, Ended or None)."""
    machines = {}
    for name in names:
        domain, machine = domain_of(name, heads[name], width)
        machines.setdefault(machine, []).append([domain])
    for machine, groups in machines.items():
        ended, boot = run_domains(groups, timeout=300 + 30 * len(groups), machine=machine, width=width)
        if not ended:
            print(boot)
        for group in groups:
            name = group[0].name
            yield name, complaint(heads[name], ended.get(name)), ended.get(name)


def judge_all(width):
    heads = dict(claims())
    names = [name for name, head in heads.items() if runs_as(head, "domu") and width in widths_of(head)]
    failed = 0
    for name, what, ended in judge(names, heads, width):
        skipped = not what and verdict_of(ended.lines).startswith("skip")
        print(f"  {'FAILED' if what else 'skip  ' if skipped else 'ok    '} {name}" +
              (f": {what}\n{ended}" if what else ""), flush=True)
        failed += bool(what)
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed or not names else 0


def show(arguments, width):
    """Each guest by itself, whatever its head comment says of domains without privilege."""
    groups = []
    for argument in arguments:
        if os.path.exists(main_of(argument)):
            groups.append([domain_of(argument, head_of(main_of(argument)), width)[0]])
        else:
            groups.append([Domain(os.path.basename(argument), os.path.abspath(argument))])
    ended, boot = run_domains(groups, timeout=300 + 60 * len(groups), width=width)
    if len(ended) != len(groups):
        print(boot)
    for domain in ended.values():
        print(f"{domain}\n")
    return 0 if len(ended) == len(groups) else 1


def main(arguments):
    if not arguments or "--help" in arguments:
        print(__doc__)
        return 0 if arguments else 2
    width = "pv32" if arguments[0] == "--pv32" else "pv64"
    arguments = arguments[width == "pv32":]
    missing = what_is_missing(width)
    if missing:
        print("domu: " + missing, file=sys.stderr)
        return 2
    return judge_all(width) if arguments == ["--all"] else show(arguments, width)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
