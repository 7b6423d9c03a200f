# SPDX-License-Identifier: MIT
"""xlite's command line and GUEST.cfg files. Nothing boots here: --dry-run shows what would."""
import os
import re
import subprocess

import pytest

from boot import BUILD, ROOT, find_real_xen
from xlite_util import make_elf, make_hypervisor, write

# name, arguments (K stands for a good kernel), the line on stderr
BAD_OPTIONS = [
    ("nothing", [], "a command is missing"),
    ("command", ["fly"], "fly: no such command"),
    ("no domain", ["run"], "no domain is given"),
    ("option", ["run", "--fly", "K"], "--fly: no such option"),
    ("letter", ["run", "-x", "K"], "-x: no such option"),
    ("argument missing", ["run", "--kernel"], "--kernel: an argument is missing"),
    ("argument not wanted", ["run", "--icount=3", "--kernel", "K"], "--icount=3: no such option"),
    ("hypervisor", ["run", "--hypervisor", "kvm", "--kernel", "K"],
     '--hypervisor: "kvm" is neither xen-lite, xen nor none'),
    ("hypervisor, begins well", ["run", "--hypervisor", "xen-l", "--kernel", "K"], '--hypervisor: "xen-l" is neither'),
    ("none, file", ["run", "--hypervisor", "none=H", "--kernel", "K"], "--hypervisor none: has no file"),
    ("none, no header", ["run", "--hypervisor", "none", "--kernel", "K"], "there is no Multiboot2 header in its first"),
    ("none, segment", ["run", "--hypervisor", "none", "--memory", "1", "--kernel", "H"],
     "lies outside the guest's memory of 1 MB"),
    ("none, no ELF", ["run", "--hypervisor", "none", "--kernel", "/etc/passwd"], "not a kernel image"),
    ("none, vcpus", ["run", "--hypervisor", "none", "--vcpus", "2", "--kernel", "H"],
     "--hypervisor none: nobody makes 2 virtual CPUs; --cpus are the machine's own"),
    ("none, arguments", ["run", "--hypervisor", "none", "--hypervisor-args", "x", "--kernel", "H"],
     "--hypervisor-args: with --hypervisor none nobody reads them; use --extra"),
    ("none, host memory", ["run", "--hypervisor", "none", "--host-memory", "64", "--kernel", "H"],
     "--host-memory: with --hypervisor none the kernel has all of it; use --memory"),
    ("none, loader", ["run", "--hypervisor", "none", "--loader", "qemu", "--kernel", "H"],
     "--loader qemu: knows no Multiboot2"),
    ("none, firmware", ["run", "--hypervisor", "none", "--firmware", "uefi", "--kernel", "H"],
     "--firmware uefi: --hypervisor none goes with --firmware bios only"),
    ("firmware", ["run", "--firmware", "x", "--kernel", "K"], '--firmware: "x" is neither bios nor uefi'),
    ("machine", ["run", "--machine", "x", "--kernel", "K"], '--machine: "x" is neither pc nor q35'),
    ("loader", ["run", "--loader", "x", "--kernel", "K"], '--loader: "x" is neither grub nor qemu'),
    ("loader and firmware", ["run", "--loader", "qemu", "--firmware", "uefi", "--kernel", "K"],
     "--loader qemu: goes with --firmware bios only"),
    ("cpus", ["run", "--cpus", "two", "--kernel", "K"], '--cpus: "two" is not a number'),
    ("cpus, none", ["run", "--cpus", "0", "--kernel", "K"], "--cpus: 0 is out of range (1 to 255)"),
    ("cpus, wrap", ["run", "--cpus", "99999999999999999999", "--kernel", "K"], "is out of range (1 to 255)"),
    ("memory", ["run", "--memory", "1G", "--kernel", "K"], '--memory: "1G" is not a number'),
    ("vcpus", ["run", "--vcpus", "-1", "--kernel", "K"], "--vcpus: -1 is out of range (1 to 128)"),
    ("host memory", ["run", "--host-memory", "", "--kernel", "K"], '--host-memory: "" is not a number'),
    ("host memory, too little", ["run", "--host-memory", "64", "--memory", "64", "--kernel", "K"],
     "--host-memory: the domains need 64 MB, the host has 64 MB"),
    ("timeout", ["run", "--timeout", "soon", "--kernel", "K"], '--timeout: "soon" is not a number of seconds above 0'),
    ("timeout, none", ["run", "--timeout", "0", "--kernel", "K"], "is not a number of seconds above 0"),
    ("timeout, no number", ["run", "--timeout", "nan", "--kernel", "K"], "is not a number of seconds above 0"),
    ("gdb", ["run", "--gdb=70000", "--kernel", "K"], "--gdb: 70000 is out of range (1 to 65535)"),
    ("qemu-args", ["run", "--qemu-args", "-name 'x", "--kernel", "K"], "--qemu-args: a quote does not end"),
    ("domain option alone", ["run", "--memory", "64"], "--memory goes with --kernel"),
    ("domain option with file", ["run", "--extra", "x", "a.cfg"], "--extra goes with --kernel; for a GUEST.cfg"),
    ("kernel and file", ["run", "--kernel", "K", "a.cfg"], "a GUEST.cfg and --kernel exclude each other"),
    ("name", ["run", "--name", "a b", "--kernel", "K"], 'name "a b": only letters'),
    ("name, empty", ["run", "--name", "", "--kernel", "K"], 'name "": only letters'),
    ("extra", ["run", "--extra", "a\nb", "--kernel", "K"], "the guest's command line must be one line"),
    ("no file", ["run", "/none.cfg"], "/none.cfg: No such file or directory"),
    ("no kernel file", ["run", "--kernel", "/none"], "/none: No such file or directory"),
    ("kernel is a folder", ["run", "--kernel", "/"], "/: not a regular file"),
    ("no ramdisk file", ["run", "--ramdisk", "/none", "--kernel", "K"], "/none: No such file or directory"),
    ("no hypervisor file", ["run", "--hypervisor", "xen-lite=/none", "--kernel", "K"], "/none: No such file"),
    ("hypervisor is text", ["run", "--hypervisor", "xen=/etc/passwd", "--kernel", "K"],
     "not a hypervisor: no ELF file"),
]

# name, options, words that must follow each other in QEMU's command
QEMU_WORDS = [
    ("always", [],
     "-accel tcg -machine pc -cpu max -smp 1 -m 512 -nodefaults -no-user-config -no-reboot -display none"),
    ("machine", ["--machine", "q35"], "-machine q35"),
    ("cpu", ["--cpu", "qemu64,-svm"], "-cpu qemu64,-svm"),
    ("cpus", ["--cpus", "4"], "-smp 4"),
    ("host memory", ["--host-memory", "1000"], "-m 1000"),
    ("host memory by need", ["--memory", "1000"], "-m 1378"),
    ("icount", ["--icount"], "-icount shift=0,sleep=off -rtc base=2026-01-01T00:00:00,clock=vm"),
    ("gdb", ["--gdb"], "-S -gdb tcp:127.0.0.1:1234"),
    ("gdb port", ["--gdb=99"], "-S -gdb tcp:127.0.0.1:99"),
    ("qemu args", ["--qemu-args", "-name \"a b\" -d 'x\\y' z\\ w"], "-name 'a b' -d 'x\\y' 'z w'"),
    ("bios", [], "-device virtio-blk-pci,drive=boot,disable-legacy=on,bootindex=0"),
    ("uefi", ["--firmware", "uefi"], "-drive if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE"),
    ("xen", ["--hypervisor", "xen=H", "--memory", "40", "--vcpus", "2", "--hypervisor-args", "loglvl=all"],
     "-append 'console=com1 com1=115200,8n1 smap=0 dom0_mem=40M,max:40M dom0_max_vcpus=2 loglvl=all'"),
    ("xen, guest's line", ["--hypervisor", "xen=H", "--extra", "a,b \"c\""], "-initrd 'K a,,b \"c\"'"),
    ("xen, ramdisk", ["--hypervisor", "xen=H", "--ramdisk", "K"], "-initrd 'K ,K '"),
    ("loader qemu", ["--loader", "qemu"], "-initrd 'K kernel name=guest memory=64 vcpus=1'"),
    ("loader grub", ["--hypervisor", "xen=H", "--loader", "grub"],
     "-device virtio-blk-pci,drive=boot,disable-legacy=on,bootindex=0"),
    ("loader grub, counted", ["--icount", "--loader", "grub"],
     "-device virtio-blk-pci,drive=boot,disable-legacy=on,bootindex=0"),
]

# name, options, line of grub.cfg
GRUB_LINES = [
    ("hypervisor", [], "multiboot2 /boot/xen-lite console=com1,vga com1=115200,8n1 status=com2"),
    ("hypervisor args", ["--hypervisor-args", "loglvl=all maxcpus=1"],
     "multiboot2 /boot/xen-lite console=com1,vga com1=115200,8n1 status=com2 loglvl=all maxcpus=1"),
    ("defaults", [], "module2 /boot/d1-kernel kernel name=guest memory=64 vcpus=1"),
    ("all", ["--name", "n", "--memory", "20", "--vcpus", "3", "--extra", "a=b  c"],
     "module2 /boot/d1-kernel kernel name=n memory=20 vcpus=3 -- a=b c"),
    ("special characters", ["--extra", "$x; {y} 'z' #"],
     "module2 /boot/d1-kernel kernel name=guest memory=64 vcpus=1 -- '$x;' '{y}' ''\\''z'\\''' '#'"),
    ("ramdisk", ["--ramdisk", "K"], "module2 /boot/d1-ramdisk ramdisk name=guest"),
    ("no menu, and an end", [], "reboot"),
    ("uefi finds the image", ["--firmware", "uefi"], "search.fs_label XEN-LITE root"),
    ("xen by image", ["--hypervisor", "xen=H", "--firmware", "uefi", "--extra", "x y"], "module2 /boot/d1-kernel x y"),
]

# name, text (line 1 sets name, line 2 the kernel), what follows "kernel name=x "
GOOD_CONFIGS = [
    ("least", "", "memory=64 vcpus=1"),
    ("numbers", "memory = 32\nmaxmem = 48\nvcpus = 2\nmaxvcpus = 4\ncpu_weight = 512\ncap = 150",
     "memory=32 maxmem=48 vcpus=2 maxvcpus=4 cpu_weight=512 cap=150"),
    ("event channels", "max_event_channels = 4095", "memory=64 vcpus=1 max_event_channels=4095"),
    ("numbers as text", 'memory = "32"', "memory=32 vcpus=1"),
    ("only maxima", "maxmem = 48\nmaxvcpus = 4", "memory=48 maxmem=48 vcpus=4 maxvcpus=4"),
    ("cpus", 'cpus = "0-3,^1"', "memory=64 vcpus=1 cpus=0-3,^1"),
    ("cpus, list", 'cpus = ["0", "2-3"]', "memory=64 vcpus=1 cpus=0:2-3:"),
    ("cpus, for each", f"vcpus = 128\ncpus = {['0-3'] * 128}", "memory=64 vcpus=128 cpus=" + "0-3:" * 128),
    ("cpus, numbers in lines", "cpus = [\n0,\n2 ]", "memory=64 vcpus=1 cpus=0:2:"),
    ("actions", 'on_poweroff="preserve"\non_reboot="restart"\non_crash="destroy"\non_watchdog="restart"',
     "memory=64 vcpus=1 on_poweroff=preserve on_reboot=restart on_crash=destroy on_watchdog=restart"),
    ("extra", 'extra = "a b"', "memory=64 vcpus=1 -- a b"),
    ("root and extra", 'extra = "a b"\nroot = "/dev/xvda ro"', "memory=64 vcpus=1 -- root=/dev/xvda ro a b"),
    ("root", 'root = "/dev/xvda"', "memory=64 vcpus=1 -- root=/dev/xvda"),
    ("cmdline", 'cmdline = "c"', "memory=64 vcpus=1 -- c"),
    ("type", 'type = "pv"', "memory=64 vcpus=1"),
    ("builder", 'builder = "generic"', "memory=64 vcpus=1"),
    ("comments and semicolons", "# memory = 1\nmemory = 33 ; vcpus = 2 # ;\n", "memory=33 vcpus=2"),
    ("twice: the last counts", "memory = 33\nmemory = 34", "memory=34 vcpus=1"),
    ("no newline at the end", "memory = 33", "memory=33 vcpus=1"),
]

# name, text, the line on stderr; "F" stands for the file
WARNINGS = [
    ("vif", "\nvif = [ 'bridge=b' ]", "F:4: warning: vif is not supported and has no effect"),
    ("disk in several lines", "disk = [\n 'x',\n 'y' ]\nmemory = 5", "F:3: warning: disk is not supported"),
    ("behind a list", "vif = [ # ]\n '# ]' ]\nuuid = '1'", "F:5: warning: uuid is not supported"),
    ("cmdline wins", 'cmdline = "c"\nextra = "e"', "F: warning: root and extra have no effect beside cmdline"),
]

BAD_CONFIGS = [
    ("unknown key", "\n\nmemoory = 3", "F:5: memoory: unknown key"),
    ("unknown key behind semicolon", "memory = 3; nmae = 'x'", "F:3: nmae: unknown key"),
    ("unknown key behind a comment", "vcpus = 2 # don't\nmemoory = 3", "F:4: memoory: unknown key"),
    ("wrong when set again", "memory = 3\nmemory = 'x'", 'F:4: memory: "x" is not a number'),
    ("not a number", "memory = 'much'", 'F:3: memory: "much" is not a number'),
    ("out of range", "vcpus = 1000", "F:3: vcpus: 1000 is out of range (1 to 128)"),
    ("zero", "memory = 0", "F:3: memory: 0 is out of range"),
    ("cap", "cap = 12801", "F:3: cap: 12801 is out of range (0 to 12800)"),
    ("weight", "cpu_weight = 70000", "F:3: cpu_weight: 70000 is out of range (1 to 65535)"),
    ("event channels", "max_event_channels = 131072", "F:3: max_event_channels: 131072 is out of range (1 to 131071)"),
    ("list for a value", "memory = [ '3' ]", "F:3: memory: one value is wanted, not a list"),
    ("type", 'type = "hvm"', 'F:3: type: "hvm" is not supported, only "pv" is'),
    ("builder", 'builder = "hvm"', 'F:3: builder: "hvm" is not supported'),
    ("cpus", 'cpus = "zero"', "F:3: cpus: CPUs are wanted"),
    ("cpus, empty", "cpus = []", "F:3: cpus: CPUs are wanted"),
    ("cpus, by node", "cpus = ['nodes:1']", "F:3: cpus: CPUs by node are not supported"),
    ("cpus, many", f"cpus = {['0,2,4,6'] * 128}",
     "F: the settings and the guest's command line take 1061 characters, at most 1023 reach the hypervisor"),
    ("cpus, nested", "cpus = [ [ '1' ] ]", "F:3: cpus: a list of CPU numbers is wanted"),
    ("action", 'on_crash = "explode"', 'F:3: on_crash: "explode" is no action'),
    ("syntax", "memory 3\n", "F:3: config parsing error"),
    ("open string", 'extra = "x', "F:3: config parsing error"),
    ("maxmem", "memory = 3\nmaxmem = 2", "F: maxmem (2 MB) is less than memory (3 MB)"),
    ("maxvcpus", "vcpus = 3\nmaxvcpus = 2", "F: maxvcpus (2) is less than vcpus (3)"),
    ("name", "name = 'a b'", 'F: name "a b": only letters'),
    ("not text", "\0", "F: not a text file"),
]


def ids(cases):
    return [case[0] for case in cases]


@pytest.fixture
def files(tmp_path):
    """K is a kernel, H a hypervisor."""
    return {"K": write(tmp_path, "K", make_elf()), "H": write(tmp_path, "H", make_hypervisor())}


@pytest.fixture
def dry_run(xlite, files):
    """Prints what a run with these options would do, for the made-up kernel and hypervisor."""
    def run(*options):
        options = [files.get(word, word.replace("=H", "=" + files["H"])) for word in options]
        if "--hypervisor" not in options:
            options = ["--hypervisor", f"xen-lite={files['H']}", *options]
        return xlite("run", "--dry-run", *options, "--kernel", files["K"], status=0)
    return run


@pytest.mark.parametrize("arguments, message", [case[1:] for case in BAD_OPTIONS], ids=ids(BAD_OPTIONS))
def test_bad_option(xlite, files, arguments, message):
    words = [files.get(word, word) for word in arguments]
    if words[:1] == ["run"] and "--hypervisor" not in words:
        words[1:1] = ["--hypervisor", f"xen-lite={files['H']}"]
    boot = xlite(*words, status=2)
    assert boot.errors.startswith("xlite: ") and boot.errors.count("\n") == 1, boot.errors
    assert message in boot.errors and boot.output == ""


@pytest.mark.parametrize("options, words", [case[1:] for case in QEMU_WORDS], ids=ids(QEMU_WORDS))
def test_qemu_command(dry_run, files, options, words):
    command = dry_run(*options).output.splitlines()[0]
    for name, path in files.items():
        command = command.replace(path, name)
    assert f" {words}" in command


@pytest.mark.parametrize("options, line", [case[1:] for case in GRUB_LINES], ids=ids(GRUB_LINES))
def test_grub_commands(dry_run, options, line):
    assert line in dry_run(*options).output.splitlines()


def read_config(xlite, files, tmp_path, text, status):
    head = f'name = "x"\nkernel = "{files["K"]}"\n'
    path = write(tmp_path, "F", (head + text).encode())
    boot = xlite("run", "--dry-run", "--hypervisor", f"xen-lite={files['H']}", path, status=status)
    return boot, boot.errors.replace(path, "F")


@pytest.mark.parametrize("text, line", [case[1:] for case in GOOD_CONFIGS], ids=ids(GOOD_CONFIGS))
def test_config(xlite, files, tmp_path, text, line):
    boot, errors = read_config(xlite, files, tmp_path, text, status=0)
    assert f"module2 /boot/d1-kernel kernel name=x {line}" in boot.output.splitlines()
    assert errors == ""


def test_config_ramdisk(xlite, files, tmp_path):
    boot, _ = read_config(xlite, files, tmp_path, f'ramdisk = "{files["K"]}"', status=0)
    assert "module2 /boot/d1-ramdisk ramdisk name=x" in boot.output.splitlines()


@pytest.mark.parametrize("text, line", [case[1:] for case in WARNINGS], ids=ids(WARNINGS))
def test_config_warning(xlite, files, tmp_path, text, line):
    _, errors = read_config(xlite, files, tmp_path, text, status=0)
    assert errors.splitlines()[-1].startswith(f"xlite: {line}"), errors


@pytest.mark.parametrize("text, line", [case[1:] for case in BAD_CONFIGS], ids=ids(BAD_CONFIGS))
def test_bad_config(xlite, files, tmp_path, text, line):
    _, errors = read_config(xlite, files, tmp_path, text, status=2)
    assert errors.startswith(f"xlite: {line}"), errors
    assert errors.count("\n") == 1


@pytest.mark.parametrize("text, message", [("name='x'", "F: no kernel is given"), ("kernel='x'", "F: no name is given"),
                                           ("", "F: no kernel is given")], ids=["kernel", "name", "empty"])
def test_config_lacks(xlite, tmp_path, text, message):
    path = write(tmp_path, "F", text.encode())
    assert message in xlite("run", path, status=2).errors.replace(path, "F")


def test_modules_have_a_maximum(xlite, files, tmp_path):
    text = f'kernel="{files["K"]}"\nramdisk="{files["K"]}"\n'
    paths = [write(tmp_path, f"{i}.cfg", f'name="x{i}"\n{text}'.encode()) for i in range(129)]
    hypervisor = ["--hypervisor", f"xen-lite={files['H']}"]
    assert "takes 256 kernels and ramdisks at most" in xlite("run", "--dry-run", *hypervisor, *paths, status=2).errors
    xlite("run", "--dry-run", *hypervisor, *paths[1:], status=0)


def test_names_are_distinct(xlite, files, tmp_path):
    paths = [write(tmp_path, name, f'name="x"\nkernel="{files["K"]}"\n'.encode()) for name in ("a.cfg", "b.cfg")]
    assert 'b.cfg: the name "x" is taken by' in xlite("run", *paths, status=2).errors


def test_modules_of_several_domains(xlite, files, tmp_path):
    paths = [write(tmp_path, name, f'name="{name}"\nkernel="{files["K"]}"\nramdisk="{files["K"]}"\n'.encode())
             for name in ("one", "two")]
    boot = xlite("run", "--dry-run", "--hypervisor", f"xen-lite={files['H']}", *paths, status=0)
    modules = [line.split()[1:4] for line in boot.output.splitlines() if line.startswith("module2")]
    assert modules == [["/boot/d1-kernel", "kernel", "name=one"], ["/boot/d1-ramdisk", "ramdisk", "name=one"],
                       ["/boot/d2-kernel", "kernel", "name=two"], ["/boot/d2-ramdisk", "ramdisk", "name=two"]]


def test_xen_takes_one_domain(xlite, files, tmp_path):
    paths = [write(tmp_path, name, f'name="{name}"\nkernel="{files["K"]}"\n'.encode()) for name in ("one", "two")]
    boot = xlite("run", "--hypervisor", f"xen={files['H']}", *paths, status=2)
    assert "--hypervisor xen boots one domain, its dom0; 2 are given" in boot.errors


def test_the_bare_machine_takes_one_kernel(xlite, files, tmp_path):
    paths = [write(tmp_path, name, f'name="{name}"\nkernel="{files["H"]}"\n'.encode()) for name in ("one", "two")]
    boot = xlite("run", "--hypervisor", "none", *paths, status=2)
    assert "--hypervisor none: boots one kernel; 2 are given" in boot.errors


def test_the_bare_machine_is_the_kernel_s(xlite, files):
    """The kernel stands where a hypervisor would, with its own command line; its memory is the machine's."""
    lines = xlite("run", "--dry-run", "--hypervisor", "none", "--kernel", files["H"], "--ramdisk", files["K"],
                  "--extra", "a b", "--memory", 48, "--icount", status=0).output.splitlines()
    assert " -m 48 " in lines[0] and " -device isa-debug-exit,iobase=0xf4 " in lines[0]
    assert [line for line in lines if "/boot/" in line] == ["multiboot2 /boot/kernel a b", "module2 /boot/ramdisk"]


def test_the_packaged_xen_is_found(xlite, files, real_xen):
    boot = xlite("run", "--dry-run", "--hypervisor", real_xen, "--kernel", files["K"], status=0)
    assert re.search(r"-kernel /\S+/xlite-\w+/hypervisor", boot.output), find_real_xen()


def test_quotes_are_warned_of(xlite, files, tmp_path):
    """GRUB changes them, so the user must know."""
    boot = xlite("run", "--hypervisor", f"xen-lite={files['H']}", "--kernel", files["K"], "--extra", 'a="b"',
                 "--iso", tmp_path / "x.iso", status=0)
    assert boot.errors.startswith("xlite: warning: GRUB will put a backslash before each quote")


def test_dry_run_leaves_nothing(dry_run, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = sorted(os.listdir(tmp_path))
    dry_run()
    assert sorted(os.listdir(tmp_path)) == before


def test_iso_is_written_and_nothing_boots(xlite, files, tmp_path):
    boot = xlite("run", "--hypervisor", f"xen-lite={files['H']}", "--kernel", files["K"], "--iso", tmp_path / "x.iso",
                 status=0)
    assert boot.output == ""
    with open(tmp_path / "x.iso", "rb") as file:
        image = file.read()
    assert image[0x1fe:0x200] == b"\x55\xaa" and image[0x8001:0x8006] == b"CD001"
    assert b"EFI" in image


def test_iso_that_cannot_be_written(xlite, files):
    boot = xlite("run", "--hypervisor", f"xen-lite={files['H']}", "--kernel", files["K"], "--iso", "/proc/x.iso",
                 status=2)
    assert "xorriso failed" in boot.errors


def test_a_tool_is_missing(files, tmp_path):
    """With nothing in PATH. xlite looks in the sbin folders as well, where none of its tools is."""
    done = subprocess.run([os.path.join(BUILD, "xlite"), "run", "--hypervisor", f"xen-lite={files['H']}", "--kernel",
                           files["K"]], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "xorriso is not installed" in done.stderr


def options_in(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))


def test_help_and_manual_name_all_options(xlite):
    """The program's own list is in options.c."""
    with open(os.path.join(ROOT, "tools/xlite/options.c"), encoding="utf-8") as file:
        known = {f"--{name}" for name in re.findall(r'^    \{ "([a-z-]+)", \w+_argument', file.read(), re.MULTILINE)}
    with open(os.path.join(ROOT, "docs/xlite.md"), encoding="utf-8") as file:
        manual = file.read()
    assert len(known) == 23
    assert options_in(xlite("run", "--help", status=0).output) == known - {"--help"}
    assert known <= options_in(manual)


def test_manual_names_all_keys(xlite):
    with open(os.path.join(ROOT, "tools/xlite/config.c"), encoding="utf-8") as file:
        keys = set(re.findall(r'^    \{ "(\w+)", take_', file.read(), re.MULTILINE))
    with open(os.path.join(ROOT, "docs/xlite.md"), encoding="utf-8") as file:
        manual = file.read()
    assert len(keys) == 20
    assert {key for key in keys if f"`{key}`" not in manual} == set()


def test_version(xlite):
    assert re.fullmatch(r"xlite \d+\.\d+\n", xlite("--version", status=0).output)


def test_help(xlite):
    assert xlite("--help", status=0).output.startswith("usage: xlite run [options] GUEST.cfg...")
