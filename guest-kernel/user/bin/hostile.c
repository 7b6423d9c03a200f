/* SPDX-License-Identifier: MIT */
/*
 * hostile: does what a program must not be able to do, each in a process of its own, and checks
 * that it is ended by the right signal, or goes on without having had its way. Where the kernel
 * itself falls over, nobody is left to say so. -x NAME: not that one.
 */
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/api.h"
#include "user/lib/tool.h"

long system_call(long number, long a, long b, long c, long d);

#define FLAG_TRAP      0x00100l
#define FLAG_DIRECTION 0x00400l
#define FLAG_LEVEL     0x03000l /* I/O privilege level */
#define FLAG_NESTED    0x04000l
#define FLAG_ALIGNMENT 0x40000l /* also the one that opens SMAP */

/* Addresses: of the kernel's code (on Xen a 64-bit program has none there); and one that at 64 bits
 * no pointer can have. */
#define KERNEL_IMAGE ((uintptr_t)-1 << 31 | (sizeof(long) == 8 ? 0x100000 : 0x40100000))
#define TOP_BIT      ((uintptr_t)1 << (8 * sizeof(long) - 1))

static void set_flags(long flags)
{
    __asm__ volatile("push %0; popf" : : "r"(flags) : "memory", "cc");
}

/* ---- Instructions of ring 0 ---- */

#define INSTRUCTION(name, ...)         \
    static void name(void)             \
    {                                  \
        long value = 0;                \
        char table[16] = { 0 };        \
        (void)value, (void)table;      \
        __asm__ volatile(__VA_ARGS__); \
    }

INSTRUCTION(do_hlt, "hlt")
INSTRUCTION(do_cli, "cli")
INSTRUCTION(do_sti, "sti")
INSTRUCTION(do_clts, "clts")
INSTRUCTION(do_wbinvd, "wbinvd")
INSTRUCTION(do_in, "in $0x60, %%al" : "+a"(value))
INSTRUCTION(do_out, "out %%al, $0x80" : : "a"(value))
INSTRUCTION(do_read_cr0, "mov %%cr0, %0" : "=r"(value))
INSTRUCTION(do_write_cr3, "mov %0, %%cr3" : : "r"(value))
INSTRUCTION(do_write_cr4, "mov %0, %%cr4" : : "r"(value))
INSTRUCTION(do_write_dr7, "mov %0, %%dr7" : : "r"(value))
INSTRUCTION(do_rdmsr, "rdmsr" : : "c"(0xc0000080) : "eax", "edx")
INSTRUCTION(do_wrmsr, "wrmsr" : : "c"(0xc0000080), "a"(0), "d"(0))
INSTRUCTION(do_lgdt, "lgdt %0" : : "m"(table))
INSTRUCTION(do_lidt, "lidt %0" : : "m"(table))
INSTRUCTION(do_ltr, "ltr %w0" : : "r"(value))
INSTRUCTION(do_lldt, "lldt %w0" : : "r"(value))
INSTRUCTION(do_invlpg, "invlpg %0" : : "m"(table))

/* ---- Gates and segments ---- */

INSTRUCTION(do_nmi, "int $2")
INSTRUCTION(do_double_fault, "int $8")
INSTRUCTION(do_page_fault, "int $14")
INSTRUCTION(do_interrupt, "int $32")
INSTRUCTION(do_hypercall, "int $0x82")
INSTRUCTION(do_no_gate, "int $255")
INSTRUCTION(do_breakpoint, "int3")
INSTRUCTION(do_kernel_data, "mov %w0, %%ds" : : "r"(0x10))
INSTRUCTION(do_kernel_stack, "mov %w0, %%ss" : : "r"(0x10))
INSTRUCTION(do_local_segment, "mov %w0, %%es" : : "r"(0x7))
INSTRUCTION(do_return_to_ring_0, "push $0x10; push $0; pushf; push $0x8; push $0; iretl")

/* The gate of 32-bit programs. Should it lead 64-bit ones to SYSCALL's entry, that would take ecx
 * for where to go on, and r11 for flags: here to `in`, with the privilege for it, and a clean exit.
 * (At 32 bits the bytes of mov to r11 are a mov to ebx.) */
static void do_other_call(void)
{
    __asm__ volatile("mov $1f, %%ecx; .byte 0x49, 0xc7, 0xc3; .long 0x3202; int $0x80; jmp 2f;"
                     "1: in $0x60, %%al; mov %1, %%eax; mov $0, %%edi; .byte 0x0f, 0x05; 2:"
                     :
                     : "a"(SYS_getpid), "i"(SYS_exit)
                     : "ebx", "ecx", "edi", "memory");
}

static void do_no_segments(void)
{
    __asm__ volatile("mov %w0, %%fs; mov %w0, %%gs; mov %w0, %%es" : : "r"(0) : "memory");
    _exit(system_call(SYS_getpid, 0, 0, 0, 0) > 0 ? 0 : 1);
}

/* ---- Memory ---- */

static void touch(uintptr_t address)
{
    *(volatile char *)address = 1;
}

INSTRUCTION(do_null, "movb $0, (%0)" : : "r"(0l) : "memory")

static void do_kernel_memory(void)
{
    touch(KERNEL_IMAGE);
}

static void do_top_bit(void)
{
    touch(TOP_BIT);
}

static void do_jump_to_top_bit(void)
{
    ((void (*)(void))TOP_BIT)();
}

static void do_jump_to_kernel(void)
{
    ((void (*)(void))(KERNEL_IMAGE))();
}

static void do_write_code(void)
{
    touch((uintptr_t)do_null);
}

static void do_execute_data(void)
{
    static char code[] = { (char)0xc3 };

    ((void (*)(void))(uintptr_t)code)();
}

/* ---- Flags ---- */

static void do_trap_flag(void)
{
    set_flags(FLAG_TRAP);
}

static void with_flags(long flags)
{
    set_flags(flags);
    if (system_call(SYS_getpid, 0, 0, 0, 0) <= 0 || system_call(SYS_close, 99, 0, 0, 0) >= 0)
        _exit(1);
    set_flags(0);
}

static void do_odd_flags(void)
{
    with_flags(FLAG_DIRECTION);
    with_flags(FLAG_ALIGNMENT);
    with_flags(FLAG_NESTED);
    with_flags(FLAG_DIRECTION | FLAG_ALIGNMENT | FLAG_NESTED | FLAG_LEVEL);
}

static void do_fault_with_odd_flags(void)
{
    set_flags(FLAG_DIRECTION | FLAG_ALIGNMENT | FLAG_NESTED);
    do_null();
}

static void do_level(void)
{
    set_flags(FLAG_LEVEL);
    do_in();
}

/* ---- Arithmetic ---- */

INSTRUCTION(do_divide, "mov $0, %%ecx; idiv %%ecx" : : "a"(1), "d"(0) : "ecx")

static void do_x87(void)
{
    const uint16_t nothing_masked = 0x340;

    __asm__ volatile("fldcw %0; fld1; fchs; fsqrt; fwait" : : "m"(nothing_masked));
}

/* ---- sigreturn: a program may claim that it was interrupted in any state ---- */

/* What machine.h calls struct user_state, and signal.c's mask behind it. */
struct claim {
    unsigned long pc, sp, result, flags, rest[14];
    unsigned char fpu[512];
    uint32_t blocked;
};

static char stack[4096] __attribute__((aligned(16)));

static void claim(unsigned long pc, unsigned long sp, int filler)
{
    struct claim claim;

    memset(&claim, filler, sizeof(claim));
    claim.blocked = 0;
    claim.pc = pc;
    claim.sp = sp;
    system_call(SYS_sigreturn, (long)&claim, 0, 0, 0);
}

/* Whatever was claimed, ports are still closed, and interrupts still come. */
static void after_claim(void)
{
    set_flags(0);
    system_call(SYS_alarm, 50, 0, 0, 0);
    for (;;)
        ;
}

static void do_claim_everything(void)
{
    claim((unsigned long)after_claim, (unsigned long)stack + sizeof(stack) - 64, 0xff);
}

static void after_claim_of_ports(void)
{
    do_in();
}

static void do_claim_ports(void)
{
    claim((unsigned long)after_claim_of_ports, (unsigned long)stack + sizeof(stack) - 64, 0xff);
}

static void do_claim_kernel(void)
{
    claim(KERNEL_IMAGE, (unsigned long)stack + sizeof(stack), 0);
}

static void do_claim_top_bit(void)
{
    claim(TOP_BIT, 0, 0);
}

/* Nor can a handler be called there. */
static void do_claim_no_stack(void)
{
    signal(SIGSEGV, (void (*)(int))after_claim);
    claim((unsigned long)after_claim, 1, 0);
}

static void do_claim_from_nowhere(void)
{
    system_call(SYS_sigreturn, (long)KERNEL_IMAGE, 0, 0, 0);
}

/* ---- All of it ---- */

static const struct {
    const char *name;
    void (*act)(void);
    int signal, signal_32; /* 0: the program goes on */
} acts[] = {
#define ACT_BY_WIDTH(name_, at_64, at_32)                                      \
    {                                                                          \
        .name = #name_, .act = do_##name_, .signal = at_64, .signal_32 = at_32 \
    }
#define ACT(name, signal) ACT_BY_WIDTH(name, signal, signal)
    ACT(hlt, SIGSEGV),
    ACT(cli, SIGSEGV),
    ACT(sti, SIGSEGV),
    ACT(clts, SIGSEGV),
    ACT(wbinvd, SIGSEGV),
    ACT(in, SIGSEGV),
    ACT(out, SIGSEGV),
    ACT(read_cr0, SIGSEGV),
    ACT(write_cr3, SIGSEGV),
    ACT(write_cr4, SIGSEGV),
    ACT(write_dr7, SIGSEGV),
    ACT(rdmsr, SIGSEGV),
    ACT(wrmsr, SIGSEGV),
    ACT(lgdt, SIGSEGV),
    ACT(lidt, SIGSEGV),
    ACT(ltr, SIGSEGV),
    ACT(lldt, SIGSEGV),
    ACT(invlpg, SIGSEGV),
    ACT(nmi, SIGSEGV),
    ACT(double_fault, SIGSEGV),
    ACT(page_fault, SIGSEGV),
    ACT(interrupt, SIGSEGV),
    ACT(hypercall, SIGSEGV),
    ACT(no_gate, SIGSEGV),
    ACT_BY_WIDTH(other_call, SIGSEGV, 0),
    ACT(breakpoint, SIGTRAP),
    ACT(kernel_data, SIGSEGV),
    ACT(kernel_stack, SIGSEGV),
    ACT(local_segment, SIGSEGV),
    ACT(return_to_ring_0, SIGSEGV),
    ACT(no_segments, 0),
    ACT(null, SIGSEGV),
    ACT(kernel_memory, SIGSEGV),
    ACT(top_bit, SIGSEGV),
    ACT(jump_to_top_bit, SIGSEGV),
    ACT(jump_to_kernel, SIGSEGV),
    ACT(write_code, SIGSEGV),
    ACT(execute_data, SIGSEGV),
    ACT(trap_flag, SIGTRAP),
    ACT(odd_flags, 0),
    ACT(fault_with_odd_flags, SIGSEGV),
    ACT(level, SIGSEGV),
    ACT(divide, SIGFPE),
    ACT(x87, SIGFPE),
    ACT(claim_everything, SIGALRM),
    ACT(claim_ports, SIGSEGV),
    ACT(claim_kernel, SIGSEGV),
    ACT(claim_top_bit, SIGSEGV),
    ACT(claim_no_stack, SIGSEGV),
    ACT(claim_from_nowhere, SIGSEGV),
};

#define ACTS (sizeof(acts) / sizeof(acts[0]))
static bool left_out[ACTS];

/* How the child must end. */
static int expected(unsigned i)
{
    return sizeof(long) == 8 ? acts[i].signal : acts[i].signal_32;
}

static bool is_harmless(unsigned i)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        acts[i].act();
        _exit(0);
    }
    if (child == -1 || waitpid(child, &status, 0) != child)
        return complain("fork") == 0;
    if (status == expected(i))
        return true;
    printf("hostile: %s: ended with 0x%x, not with signal %d\n", acts[i].name, (unsigned)status,
           expected(i));
    return false;
}

static bool leave_out(const char *name)
{
    for (unsigned i = 0; i < ACTS; i++)
        if (strcmp(acts[i].name, name) == 0)
            return left_out[i] = true;
    return false;
}

int main(int count, char *words[])
{
    unsigned done = 0, harmless = 0;
    int option;

    tool_begin(count, words, "hostile", "[-x NAME]...");
    while ((option = getopt(count, words, "x:")) != -1) {
        if (option == '?')
            return usage();
        if (!leave_out(optarg))
            return complain_of(optarg, "no act has this name") + 1;
    }
    for (unsigned i = 0; i < ACTS; i++) {
        if (left_out[i])
            continue;
        fflush(stdout);
        done++;
        harmless += is_harmless(i);
    }
    printf("hostile: %u of %u were harmless\n", harmless, done);
    return harmless == done ? 0 : 1;
}
