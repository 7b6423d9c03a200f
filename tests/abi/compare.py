#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""usage: compare.py [--root DIR] [--scratch DIR] [--compiler CC] [--quick] [--verbose]

Compares all that DIR/abi defines with Debian's headers of Xen in /usr/include/xen: each constant's value, each
structure's size, each field's offset and size. Our headers are read in three ways, as a 32-bit guest, a 64-bit guest
and the hypervisor see them; what they define is found by the compiler, so nothing can be forgotten: a name that Xen's
headers do not have either is in OWN below, or is a failure. The other way round, the lists (.def) must be complete.
Last line: N passed, N failed, N skipped.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

from view import View

XEN = "/usr/include/xen"
XEN_HEADERS = ("xen", "callback", "elfnote", "event_channel", "features", "grant_table", "memory", "nmi", "physdev",
               "sched", "vcpu", "version", "io/console", "io/xs_wire")
# Two error numbers are the hypervisor's own; a header shows them to itself only.
XEN_INCLUDES = ("#include <stdint.h>\n#define __XEN__\n#include <xen/errno.h>\n#undef __XEN__\n#define __XEN_TOOLS__\n"
                + "".join(f"#include <xen/{name}.h>\n" for name in XEN_HEADERS))

XEN_VERSION = "-D__XEN_INTERFACE_VERSION__=0x00040e00"

# What is ours and not in Xen's headers, with the reason.
OWN = {
    r"ABI_\w+|abi_\w+": "how our headers work",
    r"E820_\w+|struct e820entry": "the BIOS's memory map format, which Xen only refers to",
    r"struct iret_context_32": "a stack frame that Xen's headers do not describe",
}
OWN_32 = {r"struct iret_context": "a stack frame that Xen's headers do not describe"}

# What Xen's headers have at one width only, although it has no suffix.
ONLY = {
    32: r"FLAT_RING1_\w+|struct xen_callback",
    64: r"FLAT_RING3_[CDS]S(32|64)|HYPERVISOR_VIRT_END|SEGBASE_\w+|VGCF_(in_syscall|IN_SYSCALL)",
}

# Types that <stdint.h> makes.
STDINT = r"u?int\w*_t|__\w+"

# Lists that must have every entry that Xen's headers have, but for those in the second pattern.
COMPLETE = (
    r"(__HYPERVISOR|MMUEXT|MMU|UVMF|EVTCHNOP|EVTCHNSTAT|SCHEDOP|SHUTDOWN|VCPUOP|XENVER|VMASST_TYPE|VMASST_CMD|"
    r"CALLBACKTYPE|CALLBACKOP|CONSOLEIO|XENFEAT|XEN_ELFNOTE|VIRQ|PHYSDEVOP|GNTTABOP|GTF|GNTMAP|GNTST|DOMID|SIF|VGCF|"
    r"RUNSTATE|XENMAPSPACE|XENMEMF)_\w+|XEN_E[A-Z0-9]+",
    r"XEN_ELFNOTE_(CRASH|DUMPCORE)_\w+|PHYSDEVOP_(DBGP|IRQ_UNMASK)_\w+|__HYPERVISOR_VIRT_\w+|GNTTABOP_error_msgs|"
    r"PHYSDEVOP_pirq_eoi_gmfn|XENMEMF_exact_node")

SUFFIX = re.compile(r"^(.+)_(32|64)$")


def matches(patterns, name):
    return any(re.fullmatch(pattern, name) for pattern in patterns)


class Report:
    """Counts, and says what differs."""

    def __init__(self, verbose):
        self.passed = self.failed = 0
        self._verbose = verbose

    def check(self, what, ours, theirs):
        if ours == theirs:
            self.passed += 1
            if self._verbose:
                print(f"ok   {what} = {ours}")
        else:
            self.failed += 1
            print(f"FAIL {what}: ours {ours}, Xen's {theirs}")


class Comparison:
    """Our three views against Xen's two."""

    def __init__(self, options, scratch, report):
        self._report, self._compiler, self._scratch = report, options.compiler, scratch
        self._xen = {width: self._view(f"xen{width}", [f"-m{width}", XEN_VERSION], XEN_INCLUDES)
                     for width in (32, 64)}
        ours = '#include "abi/xen.h"\n'
        self._views = {width: self._view(name, [*flags, f"-I{options.root}"], ours)
                       for name, width, flags in (("guest32", 32, ["-m32"]), ("guest64", 64, ["-m64"]),
                                                  ("hypervisor", None, ["-m64", "-DABI_BOTH_WIDTHS"]))}

    def _view(self, name, flags, includes):
        return View(name, [self._compiler, *flags], includes, self._scratch)

    @staticmethod
    def _counterparts(width, name, may_have_suffix):
        """Pairs (Xen's view, Xen's name) that `name` of a view of this width has to agree with."""
        suffix = SUFFIX.match(name)
        if suffix and may_have_suffix:
            return [(int(suffix[2]), suffix[1])]
        widths = [width] if width else [32, 64]
        return [(each, name) for each in widths if not matches([ONLY[96 - each]], name)]

    @staticmethod
    def _is_own(width, name):
        return matches(OWN, name) or (width == 32 and matches(OWN_32, name))

    def _structures(self, view, width):
        for tag, fields in view.structures.items():
            if self._is_own(width, tag):
                continue
            for xen_width, xen_tag in self._counterparts(width, tag, width is None):
                theirs = self._xen[xen_width].structures.get(xen_tag, {})
                for path, place in fields.items():
                    what = f"{view.name}: {tag}{'.' if path else ''}{path} (offset, size)"
                    self._report.check(what, place, theirs.get(path, "not there"))

    def _typedefs(self, view, width):
        for name, size in view.typedefs.items():
            if re.fullmatch(STDINT, name) or self._is_own(width, name):
                continue
            for xen_width, xen_name in self._counterparts(width, name, False):
                theirs = self._xen[xen_width].typedefs.get(xen_name, "not there")
                self._report.check(f"{view.name}: sizeof({name})", size, theirs)

    def _constants(self, view, width):
        strings = [name for name, macro in view.macros.items() if '"' in macro[3]]
        plain = [name for name in view.macros if name not in strings and not self._is_own(width, name)]
        own_constants = dict.fromkeys(view.constants)
        view.evaluate(plain)
        names = [name for name in [*own_constants, *plain] if not self._is_own(width, name)]
        for name in names:
            for xen_width, xen_name in self._counterparts(width, name, True):
                self._constant(view, name, self._xen[xen_width], xen_name)
        for name in strings:
            for xen_width, xen_name in self._counterparts(width, name, False):
                theirs = self._xen[xen_width].assemble(xen_name)
                self._report.check(f"{view.name}: bytes of {name}", view.assemble(name).hex(), theirs.hex())

    def _constant(self, view, name, xen, xen_name):
        keys = [key for key in view.constants if key.split("(")[0] == name]
        for key in keys:
            theirs = xen.constants.get(xen_name + key[len(name):], "not there")
            self._report.check(f"{view.name}: {key}", view.constants[key], theirs)

    def _complete(self, view, width):
        """Everything of Xen's that belongs to one of the lists is in it."""
        xen = self._xen[width]
        present, left_out = COMPLETE
        for name in sorted({*xen.macros, *xen.constants}):
            if "(" in name or not re.fullmatch(present, name) or re.fullmatch(left_out, name):
                continue
            there = name in view.constants or name in view.macros
            self._report.check(f"{view.name}: has {name}", there, True)

    def run(self):
        for view in self._xen.values():
            ours = {name for one in self._views.values() for name in (*one.macros, *one.constants)}
            wanted = {SUFFIX.sub(r"\1", name) for name in ours} & {*view.macros}
            view.evaluate(sorted(name for name in wanted if '"' not in view.macros[name][3]))
        for width, view in self._views.items():
            self._structures(view, width)
            self._typedefs(view, width)
            self._constants(view, width)
            if width:
                self._complete(view, width)


def check_assembler(root, compiler, report):
    """The symbols of abi/asm.h are the enumerators of the same lists; and it assembles."""
    command = [compiler, f"-I{root}", "-E", "-P", "-x", "assembler-with-cpp", f"{root}/abi/asm.h"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    symbols = re.findall(r"\.set (\w+), (\w+)", text)
    source = '#include "abi/xen.h"\n' + "".join(f'_Static_assert({name} == {value}, "");\n' for name, value in symbols)
    done = subprocess.run([compiler, f"-I{root}", "-fsyntax-only", "-x", "c", "-"], input=source,
                          capture_output=True, text=True, check=False)
    report.check("asm.h: symbols equal the enumerators", done.stderr or len(symbols), len(symbols))
    done = subprocess.run([compiler, "-c", "-x", "assembler", "-o", "/dev/null", "-"], input=text,
                          capture_output=True, text=True, check=False)
    report.check("asm.h: assembles", done.stderr, "")


def check_alone(root, report):
    """Each header compiles on its own with both compilers, for guests of both widths and for the hypervisor."""
    folder = f"{root}/abi"
    names = sorted(name for name in os.listdir(folder) if name.endswith(".h") and not name.startswith("struct_"))
    for compiler in ("gcc", "clang"):
        for flags in (["-m32"], ["-m64"], ["-m64", "-DABI_BOTH_WIDTHS"]):
            for name in names:
                language = "assembler-with-cpp" if name == "asm.h" else "c"
                command = [compiler, *flags, "-std=gnu11", "-ffreestanding", "-Wall", "-Wextra", "-Wundef", "-Wshadow",
                           "-Werror", f"-I{root}", "-c", "-o", "/dev/null", "-x", language, "-"]
                done = subprocess.run(command, input=f'#include "abi/{name}"\n', capture_output=True, text=True,
                                      check=False)
                report.check(f"{name}: compiles alone, {compiler} {' '.join(flags)}", done.stderr, "")


def check_reached(root, compiler, report):
    """No file of abi/ escapes: each is included by one of the headers that users include."""
    reached = set()
    for header in ("xen.h", "asm.h", "rules.h", "privilege.h"):
        command = [compiler, f"-I{root}", "-M", "-x", "assembler-with-cpp" if header == "asm.h" else "c",
                   f"{root}/abi/{header}"]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        reached |= {os.path.basename(word) for word in text.split()}
    for name in sorted(os.listdir(f"{root}/abi")):
        if name.endswith((".h", ".def")):
            report.check(f"{name}: is included", name in reached, True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[2])
    parser.add_argument("--root", default=".", help="folder that holds abi/")
    parser.add_argument("--scratch", default="build/tests/abi", help="folder for what is compiled on the way")
    parser.add_argument("--compiler", default="gcc")
    parser.add_argument("--quick", action="store_true", help="leave out that each header compiles alone")
    parser.add_argument("--verbose", action="store_true", help="print what agrees, too")
    options = parser.parse_args()
    os.makedirs(options.scratch, exist_ok=True)
    if not os.path.exists(f"{XEN}/xen.h"):
        print(f"skip: no {XEN}/xen.h (Debian package libxen-dev)")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    report = Report(options.verbose)
    # A folder of our own, so that two runs at once do not meet.
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        Comparison(options, scratch, report).run()
    check_assembler(options.root, options.compiler, report)
    if not options.quick:
        check_alone(options.root, report)
    check_reached(options.root, options.compiler, report)
    print(f"{report.passed} passed, {report.failed} failed, 0 skipped")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
