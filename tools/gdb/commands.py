# SPDX-License-Identifier: MIT
"""gdb commands that know the hypervisor's structures: xl-domains, xl-frame MFN; and the teaching kernel's processes:
xl-program."""
import os
import re

import gdb

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def address_of_area(name):
    """The areas of the address space are macros, which gdb does not see: look them up where they are drawn."""
    with open(os.path.join(ROOT, "xen-lite/x86/layout.h"), encoding="utf-8") as layout:
        return int(re.search(rf"#define {name}\s+LAYOUT_UL\((\w+)\)", layout.read()).group(1), 16)


class Domains(gdb.Command):
    """xl-domains: lists the domains and their vCPUs."""

    def __init__(self):
        super().__init__("xl-domains", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        table = gdb.parse_and_eval("domain_table")
        first, last = table.type.range()
        for index in range(first, last + 1):
            if table[index]:
                self.show(table[index].dereference())

    @staticmethod
    def show(domain):
        config = domain["config"]
        print(f"domain {int(domain['id'])} ({config['name'].string()}): {int(domain['pages'])} pages")
        for number in range(int(config["max_vcpus"])):
            if domain["vcpu"][number]:
                vcpu = domain["vcpu"][number].dereference()
                print(f"  vcpu {number}: {vcpu['state']} on CPU {int(vcpu['cpu'])}, "
                      f"rip {int(vcpu['regs']['rip']):#x} when last saved")


class Frame(gdb.Command):
    """xl-frame MFN: shows the frame table's entry of a machine frame."""

    def __init__(self):
        super().__init__("xl-frame", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        mfn = int(gdb.parse_and_eval(argument))
        limit = int(gdb.parse_and_eval("frame_count"))
        if not 0 <= mfn < limit:
            raise gdb.GdbError(f"the frame table ends before frame {limit:#x}")
        table = gdb.Value(address_of_area("FRAME_TABLE_BASE")).cast(gdb.lookup_type("struct frame").pointer())
        print((table + mfn).dereference().format_string(format="x"))


class Program(gdb.Command):
    """xl-program [SYMBOL]: runs until the program of `make debug RUN=` is started, and on to SYMBOL (main)."""

    def __init__(self):
        super().__init__("xl-program", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        name = gdb.convenience_variable("xl_program")
        if name is None:
            raise gdb.GdbError("no program was given: make debug RUN=ls")
        # All programs lie at the same addresses: a breakpoint alone would stop in the first that comes by. And they are
        # not in memory yet: so it is a hardware one.
        cpu = "*(unsigned *)(((unsigned long long)$sp | 0x1fff) - 15)"  # machine_cpu(): at the end of the stack
        running = f"'guest-kernel/kernel/schedule.c'::cpus[{cpu}].running"
        gdb.execute(f'thbreak machine_user_enter if $_streq({running}->name, "{name.string()}")')
        gdb.execute("continue")
        gdb.execute(f"thbreak {argument or 'main'}")
        gdb.execute("continue")


Domains()
Frame()
Program()
