# SPDX-License-Identifier: MIT
#
# Loaded by `make debug` (tools/gdb/debug.sh), which sets $xl_bits, the guest's width, first and gives gdb the
# hypervisor's ELF file. The symbols of the guest and of its program lie beside the hypervisor's: all share one address
# space, in different slots.

set pagination off
set confirm off
# The machine starts in 16-bit mode, and guests may be 32-bit code; but QEMU gives gdb the registers of 64-bit mode
# throughout, and gdb wants an architecture to match. For backtraces of 32-bit code there is unwind32.py.
set architecture i386:x86-64
set disassembly-flavor att
set print pretty on

source tools/gdb/commands.py
source tools/gdb/unwind32.py

define xl-boot
    # Hardware breakpoints only, until boot has loaded the image: a software one would be written over.
    thbreak hypervisor_main
    continue
end
document xl-boot
Runs from power-on to the first C function of the hypervisor.
end

define xl-guest
    # The guest's entry point comes from its ELF header, which only its loader knows: break on its first symbol.
    thbreak $arg0
    continue
end
document xl-guest
xl-guest SYMBOL: runs until the guest reaches SYMBOL.
end

define xl-where
    if $rip >= 0xffff800000000000 && $rip < 0xffff880000000000
        printf "in the hypervisor, ring %d, CPU %d\n", $cs & 3, $_thread - 1
    else
        printf "in a guest, ring %d, CPU %d\n", $cs & 3, $_thread - 1
    end
    info symbol $rip
    x/5i $rip
end
document xl-where
Says whose code this is, and shows it.
end
