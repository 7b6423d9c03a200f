/* SPDX-License-Identifier: MIT */
/*
 * Claim: a kernel in ring 1 may use ports, CLI and STI from I/O privilege 1 on, a program in ring 3
 *     with level 3; the level is set by set_iopl, or with the assist architectural_iopl by the
 *     EFLAGS of iret, when frames show it and the kernel, as if it were ring 0, needs none. CLI and
 *     STI change nothing: events have their mask.
 * Rule: IO-3, IO-4, IO-5
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because a 64-bit kernel is in ring 3 itself
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define IOPL(level) ((uint32_t)(level) << 12)

extern const struct snippet instructions[], instructions_end[];

// clang-format off
__asm__(SNIPPETS(instructions)
        SNIPPET_DONE("cli")
        SNIPPET_DONE("sti")
        SNIPPET_DONE("cli; pushf; testl $0x200, (%esp); jz 6f; pop %eax; 6:")
        SNIPPET_DONE("inb $0x80, %al")
        SNIPPET_DONE("inl %dx, %eax")
        SNIPPET_DONE("outb %al, $0x80")
        SNIPPET_DONE("outb %al, %dx")
        SNIPPET_DONE("pushf; xorl $0x3200, (%esp); popf; pushf; testl $0x3000, (%esp); jnz 9f")
        SNIPPETS_END(instructions));
// clang-format on

/* POPF is never refused; it takes nothing either. */
static bool needs_level(const struct snippet *s)
{
    return s->text[0] != 'p';
}

static void try_all(unsigned ring, unsigned level, bool by_flags)
{
    for (const struct snippet *s = instructions; s < instructions_end; s++) {
        bool taken = !needs_level(s) || level >= ring || (by_flags && ring == 1);
        struct raw_start start = raw_start(s->code, ring);
        struct raw_arrival a;

        start.sp -= 64;
        start.dx = 0x80;
        if (by_flags) {
            start.flags |= IOPL(level);
            a = raw_iret(start, 4, 0);
        } else {
            a = raw_go(start, 4);
        }
        expect((long)a.vector, taken ? X_UD : X_GP, "ring %u, level %u, %s", ring, level, s->text);
        expect_hex(a.words[taken ? 2 : 3] & IOPL(3), by_flags ? IOPL(level) : 0,
                   "ring %u, level %u, %s: the frame's IOPL", ring, level, s->text);
    }
}

void test_main(void)
{
    struct physdev_set_iopl wrong = { .iopl = 4 };

    raw_begin();
    for (unsigned level = 0; level < 4; level++) {
        struct physdev_set_iopl request = { .iopl = level };

        expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &request), 0, "set_iopl %u", level);
        try_all(1, level, false);
        try_all(3, level, false);
    }
    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &wrong), -XEN_EINVAL, "set_iopl 4");

    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_architectural_iopl), 0, "the assist");
    for (unsigned level = 0; level < 4; level++) {
        try_all(1, level, true);
        try_all(3, level, true);
    }
    raw_end();
}
