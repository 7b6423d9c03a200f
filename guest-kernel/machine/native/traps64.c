/* SPDX-License-Identifier: MIT */
/* The entry point of a 64-bit kernel that is no exception: programs call by SYSCALL, which the
 * processor takes to the address in a register of its own. */
#include "machine/native/instructions.h"
#include "machine/native/native.h"

#define MSR_STAR  0xc0000081
#define MSR_LSTAR 0xc0000082
#define MSR_FMASK 0xc0000084

/* Interrupts, direction, trap, nested task, alignment check, I/O privilege. */
#define FLAGS_OFF 0x47700ull

/* Each CPU has an entry of its own, which knows where that one's stack is.
 * STAR also has the selectors for SYSRET, which is not used: IRETQ goes everywhere. */
void native_system_calls_init(void)
{
    write_msr(MSR_STAR, (uint64_t)KERNEL_CS << 32);
    write_msr(MSR_LSTAR, (uintptr_t)native_entry_system_call + machine_cpu() * ENTRY_SIZE);
    write_msr(MSR_FMASK, FLAGS_OFF);
}
