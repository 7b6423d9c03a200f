/* SPDX-License-Identifier: MIT */
/*
 * Claim: IN, CLI and STI are for whoever's ring is not above the virtual I/O privilege level: a
 *     program's is 3, the kernel's is 1, or 0 with the assist architectural_iopl. With the assist,
 *     and not without it, frames show the level and iret sets it. POPF changes neither it nor IF.
 * Rule: IO-5, IO-3; abi/vm_assist.def
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define RFLAGS_IF   0x200ul
#define RFLAGS_IOPL 0x3000ul
#define LEVEL(n)    ((unsigned long)(n) << 12)

/* The POST code's port: reading it does no harm where the domain has it. */
static void user_in(void)
{
    __asm__ volatile("in $0x80, %%al; " USER_CALL ::: "ax", USER_CALL_CLOBBERS);
}

static void user_cli(void)
{
    __asm__ volatile("cli; " USER_CALL ::: USER_CALL_CLOBBERS);
}

static void user_sti(void)
{
    __asm__ volatile("sti; " USER_CALL ::: USER_CALL_CLOBBERS);
}

static void set_level(uint32_t level)
{
    struct physdev_set_iopl request = { .iopl = level };

    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &request), 0, "set_iopl %u", level);
}

static void expect_allowed(bool happened, bool allowed, const char *what, unsigned level,
                           bool assist)
{
    expect_true(happened != allowed, "%s at level %u, %s the assist, is %s", what, level,
                assist ? "with" : "without", allowed ? "allowed" : "a fault");
}

static void try_kernel(unsigned level, bool assist)
{
    bool allowed = (assist ? 0 : 1) <= level;
    struct fault f;

    set_level(level);
    f = TRY("in $0x80, %%al", : : : "rax", "memory");
    expect_allowed(f.happened, allowed, "the kernel's in", level, assist);
    f = TRY("cli", : : : "memory");
    expect_allowed(f.happened, allowed, "the kernel's cli", level, assist);
    f = TRY("sti", : : : "memory");
    expect_allowed(f.happened, allowed, "the kernel's sti", level, assist);
    f = TRY("ud2", : : : "memory");
    expect_hex(f.flags & RFLAGS_IOPL, assist ? LEVEL(level) : 0, "the level in a frame");
}

/* The frame to go there has the level, too: with the assist it is set by that. */
static void try_program(void (*code)(void), const char *what, unsigned level, bool assist)
{
    struct frame frame = code_frame((const void *)code, true);

    set_level(level);
    frame.flags |= LEVEL(level);
    frame = code_run(frame);
    expect_allowed(frame.vector == X_GP, level == 3, what, level, assist);
    expect_hex(frame.flags & RFLAGS_IOPL, assist ? LEVEL(level) : 0, "the level in its frame");
}

/* The level in a frame for iret: 0 here, and 3 before. */
static void try_iret(bool assist)
{
    set_level(3);
    expect(user_run(user_in).vector, assist ? X_GP : VECTOR_SYSCALL, "in, level 0 in the frame");
}

static void try_popf(void)
{
    unsigned long before, after;

    set_level(3);
    __asm__ volatile("pushf; pop %0" : "=r"(before)::"memory");
    expect_hex(before & (RFLAGS_IOPL | RFLAGS_IF), RFLAGS_IF, "the flags that PUSHF sees");
    __asm__ volatile("push $0x3002; popf; pushf; pop %0" : "=r"(after)::"memory", "cc");
    expect_hex(after & (RFLAGS_IOPL | RFLAGS_IF), RFLAGS_IF, "the flags after POPF");
}

void test_main(void)
{
    for (unsigned assist = 0; assist < 2; assist++) {
        expect(CALL(vm_assist, assist ? VMASST_CMD_enable : VMASST_CMD_disable,
                    VMASST_TYPE_architectural_iopl),
               0, "vm_assist");
        for (unsigned level = 0; level < 4; level++) {
            try_kernel(level, assist);
            try_program(user_in, "a program's in", level, assist);
            try_program(user_cli, "a program's cli", level, assist);
            try_program(user_sti, "a program's sti", level, assist);
        }
        try_iret(assist);
        try_popf();
    }
}
