#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""usage: mutations.py [--scratch DIR] [--compiler CC]

Proves that compare.py would notice: copies abi/, makes one mistake in the copy, and expects compare.py to fail and to
name what is wrong. Last line: N passed, N failed, N skipped.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

# (the mistake, file, what stands there, what the copy has instead, what the report must mention); a blank stands for
# any number of blanks
MISTAKES = (
    ("a number in a list", "mmuext.def", "MMUEXT(15, NEW_USER_BASEPTR)", "MMUEXT(14, NEW_USER_BASEPTR)",
     "MMUEXT_NEW_USER_BASEPTR: ours 14, Xen's 15"),
    ("an entry left out", "sched.def", "SCHEDOP(6, watchdog)", "", "has SCHEDOP_watchdog"),
    ("a name that Xen does not have", "vcpu.def", "VCPUOP(2,  down)", "VCPUOP(2,  down)\nVCPUOP(99, leap)",
     "VCPUOP_leap: ours 99, Xen's not there"),
    ("a flag", "numbers.h", "SIF_MOD_START_PFN (1 << 3)", "SIF_MOD_START_PFN (1 << 5)",
     "SIF_MOD_START_PFN: ours 32, Xen's 8"),
    ("an address", "layout.h", "MACH2PHYS_VIRT_START_32 ABI_UL(0xf58", "MACH2PHYS_VIRT_START_32 ABI_UL(0xf50",
     "hypervisor: MACH2PHYS_VIRT_START_32"),
    ("the bytes of an instruction", "numbers.h", '".byte 0x0f,0x0b,0x78', '".byte 0x0f,0x0b,0x79',
     "bytes of XEN_CPUID"),
    ("two fields swapped", "struct_same_calls.h", "uint32_t virq; /* VIRQ_* */ uint32_t vcpu;",
     "uint32_t vcpu; uint32_t virq;", "struct evtchn_bind_virq.virq"),
    ("a field of another size", "struct_width_start.h", "uint32_t flags; /* SIF_* */",
     "abi_ulong flags; /* SIF_* */", "guest64: struct start_info.flags"),
    ("64 bits with the wrong alignment in a 32-bit structure", "struct_width_calls.h", "abi_u64 timeout_abs_ns;",
     "uint64_t timeout_abs_ns;", "hypervisor: struct vcpu_set_singleshot_timer_32"),
    ("a field that Xen does not have", "struct_width_memory.h", "uint32_t mem_flags;",
     "uint16_t colour; uint32_t mem_flags;", "struct xen_memory_reservation.colour"),
    ("a file that nobody includes", "constants.h", '#include "abi/grant_numbers.h"', "",
     "grant_numbers.h: is included"),
)


def copy_with_mistake(folder, mistake):
    """Returns how often the text to be changed was there: it should be once."""
    _, name, old, new, _ = mistake
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree("abi", os.path.join(folder, "abi"))
    path = os.path.join(folder, "abi", name)
    with open(path, encoding="utf-8") as source:
        text = source.read()
    pattern = r"\s+".join(re.escape(word) for word in old.split())
    text, times = re.subn(pattern, lambda match: new, text)
    with open(path, "w", encoding="utf-8") as target:
        target.write(text)
    return times


def is_noticed(mistake, folder, compiler):
    """Makes the mistake in a copy in `folder`; True if compare.py fails and says why."""
    if copy_with_mistake(folder, mistake) != 1:
        print(f"FAIL {mistake[0]}: {mistake[1]} does not have the text to be changed once")
        return False
    compare = os.path.join(os.path.dirname(__file__), "compare.py")
    command = [sys.executable, compare, "--quick", "--compiler", compiler, "--root", folder, "--scratch", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 1 and mistake[4] in done.stdout:
        return True
    print(f"FAIL {mistake[0]} in {mistake[1]} was not noticed:\n{done.stdout}{done.stderr}")
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[2])
    parser.add_argument("--scratch", default="build/tests/abi/mutations")
    parser.add_argument("--compiler", default="gcc")
    options = parser.parse_args()
    if not os.path.exists("/usr/include/xen/xen.h"):
        print("0 passed, 0 failed, 1 skipped")
        return 0
    os.makedirs(options.scratch, exist_ok=True)
    # A folder of our own, so that two runs at once do not meet, and in it one for each mistake.
    with tempfile.TemporaryDirectory(dir=options.scratch) as folder, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        noticed = pool.map(lambda number: is_noticed(MISTAKES[number], os.path.join(folder, str(number)),
                                                     options.compiler), range(len(MISTAKES)))
        failed = list(noticed).count(False)
    print(f"{len(MISTAKES) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
