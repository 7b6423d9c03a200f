/* SPDX-License-Identifier: MIT */
/*
 * Claim: what a program does wrong arrives in its kernel with the right vector, error code,
 *     instruction pointer and (page faults) address; the frame is that of a program. int 0x80 with
 * a handler needs no privilege, without one it is a general protection fault.
 * Rule: TRAP-2; Intel SDM 3, chapter 6
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define UNCHANGED 0x77ul

/* For the programs, which load them from memory: immediate operands of all widths differ. */
static const unsigned long nothing __attribute__((used)) = UNMAPPED_ADDRESS;
static const unsigned long hypervisor __attribute__((used)) = HYPERVISOR_ADDRESS;
static const unsigned long m2p __attribute__((used)) = MACH2PHYS_VIRT_START;
static const unsigned long not_canonical __attribute__((used)) = NONCANONICAL_ADDRESS;

/* What follows the label in a program; the label says where the frame must point. */
#define PROGRAM(name, before, fault)                                                        \
    extern char name##_at[];                                                                \
    static void name(void)                                                                  \
    {                                                                                       \
        __asm__ volatile(before "\n" #name "_at: " fault : : : "memory", "ax", "cx", "dx"); \
    }

PROGRAM(invalid, "", "ud2")
PROGRAM(divide, "xor %%ecx, %%ecx", "div %%ecx")
PROGRAM(write_nothing, "mov nothing, " R(ax), "movl $1, (" R(ax) ")")
PROGRAM(read_nothing, "mov nothing, " R(ax), "movl (" R(ax) "), %%eax")
PROGRAM(fetch_nothing, "mov nothing, " R(ax) "; jmp *" R(ax), "nop")
PROGRAM(read_hypervisor, "mov hypervisor, " R(ax), "movl (" R(ax) "), %%eax")
PROGRAM(write_m2p, "mov m2p, " R(ax), "movl %%eax, (" R(ax) ")")
PROGRAM(no_address, "mov not_canonical, " R(ax), "movl (" R(ax) "), %%eax")
PROGRAM(cli, "", "cli")
PROGRAM(halt, "", "hlt")
PROGRAM(in, "", "in $0x80, %%al")
PROGRAM(read_cr3, "", "mov %%cr3, " R(ax))
PROGRAM(read_msr, "mov $0x1b, %%ecx", "rdmsr")
PROGRAM(breakpoint, "", "int3")
PROGRAM(enter, "", "sysenter")
PROGRAM(lock, "", ".byte 0xf0, 0x90")
PROGRAM(too_long, "", ".fill 15, 1, 0x66; nop")
PROGRAM(hypervisor_ds, "mov $0xe010, %%eax", "mov %%eax, %%ds")
PROGRAM(beyond_the_table, "mov $0xffff, %%eax", "mov %%eax, %%ds")
PROGRAM(int80, "", "int $0x80")
PROGRAM(x87_error, "fninit; push $0x37b; fldcw (" R(sp) "); pop " R(ax) "; fld1; fldz; fdivrp",
        "fwait")
PROGRAM(step, "pushf; orl $0x100, (" R(sp) "); popf; nop", "nop")

/* 32-bit guests have no such address, and a handler for int 0x80 from the start. */
#define ONLY_64(name) (WORD_BITS == 64 ? (name) : NULL)

static const struct {
    const char *name;
    void (*program)(void);
    const char *at;
    unsigned after; /* bytes behind the label that the frame points */
    unsigned vector, code;
    unsigned long address;
} cases[] = {
    { "invalid opcode", invalid, invalid_at, 0, X_UD, 0, UNCHANGED },
    { "division by zero", divide, divide_at, 0, X_DE, 0, UNCHANGED },
    { "write to nothing", write_nothing, write_nothing_at, 0, X_PF, PF_USER | PF_WRITE,
      UNMAPPED_ADDRESS },
    { "read of nothing", read_nothing, read_nothing_at, 0, X_PF, PF_USER, UNMAPPED_ADDRESS },
    { "jump to nothing", fetch_nothing, (char *)UNMAPPED_ADDRESS, 0, X_PF, PF_USER | PF_FETCH,
      UNMAPPED_ADDRESS },
    { "read of the hypervisor", read_hypervisor, read_hypervisor_at, 0, X_PF, PF_USER,
      HYPERVISOR_ADDRESS },
    { "write to the M2P", write_m2p, write_m2p_at, 0, X_PF, PF_USER | PF_WRITE | PF_PRESENT,
      MACH2PHYS_VIRT_START },
    { ONLY_64("read of no address"), no_address, no_address_at, 0, X_GP, 0, UNCHANGED },
    { "cli", cli, cli_at, 0, X_GP, 0, UNCHANGED },
    { "hlt", halt, halt_at, 0, X_GP, 0, UNCHANGED },
    { "in", in, in_at, 0, X_GP, 0, UNCHANGED },
    { "read of CR3", read_cr3, read_cr3_at, 0, X_GP, 0, UNCHANGED },
    { "rdmsr", read_msr, read_msr_at, 0, X_GP, 0, UNCHANGED },
    { "int3", breakpoint, breakpoint_at, 1, X_BP, 0, UNCHANGED },
    { "sysenter", enter, enter_at, 0, WORD_BITS == 64 ? X_UD : X_GP, 0, UNCHANGED },
    { "lock nop", lock, lock_at, 0, X_UD, 0, UNCHANGED },
    { "16 bytes", too_long, too_long_at, 0, X_GP, 0, UNCHANGED },
    { "the hypervisor's data segment", hypervisor_ds, hypervisor_ds_at, 0, X_GP, 0xe010,
      UNCHANGED },
    { "a selector beyond the table", beyond_the_table, beyond_the_table_at, 0, X_GP, 0xfffc,
      UNCHANGED },
    { ONLY_64("int 0x80 without a handler"), int80, int80_at, 0, X_GP, 0x402, UNCHANGED },
    { "1 / 0 of the x87", x87_error, x87_error_at, 0, X_MF, 0, UNCHANGED },
    { "single step", step, step_at, 0, X_DB, 0, UNCHANGED },
};

static void expect_frame(struct frame frame, unsigned vector, const char *at, const char *name)
{
    expect((long)frame.vector, (long)vector, "%s: vector", name);
    expect_hex(frame.ip, (unsigned long)at, "%s: rip", name);
    expect_hex(frame.cs, FLAT_USER_CS, "%s: cs", name);
    expect_hex(frame.ss, FLAT_USER_SS, "%s: ss", name);
}

static void int80_with_handler(void)
{
    struct trap_info table[2] = {
        { .vector = 0x80,
          .cs = FLAT_KERNEL_CS,
          .address = (unsigned long)vector_stubs + 0x80 * VECTOR_STUB_SIZE },
        { .address = 0 },
    };

    for (unsigned flags = 0; flags < 8; flags++) {
        table[0].flags = (uint8_t)flags;
        expect(CALL(set_trap_table, table), 0, "a handler for int 0x80");
        expect_frame(user_run(int80), 0x80, int80_at + 2, "int 0x80");
        expect_fault(TRY("int $0x80", : : : "memory"), 0x80, 0, "int 0x80 from the kernel");
    }
}

void test_main(void)
{
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    for (unsigned i = 0; i < COUNT(cases); i++) {
        struct frame frame;

        if (cases[i].name == NULL)
            continue;
        shared_info->vcpu_info[0].arch.cr2 = UNCHANGED;
        frame = user_run(cases[i].program);
        expect_frame(frame, cases[i].vector, cases[i].at + cases[i].after, cases[i].name);
        expect_hex(frame.error, cases[i].code, "%s: error code", cases[i].name);
        expect_hex(shared_info->vcpu_info[0].arch.cr2, cases[i].address, "%s: address",
                   cases[i].name);
    }
    __asm__ volatile("fninit");
    int80_with_handler();
}
