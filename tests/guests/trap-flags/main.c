/* SPDX-License-Identifier: MIT */
/*
 * Claim: flag 4 of a trap table's entry, and no other, masks events in the handler, whoever was
 *     interrupted. The frame has the mask as it was, and IF as its opposite; IOPL and what the
 *     handler must not begin with (TF, NT, RF, AC) are out of the handler's flags, and AC is kept
 *     in the frame. iret brings the mask back.
 * Rule: abi/struct_same_calls.h, trap_info; TRAP-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define RFLAGS_TF   0x100ul
#define RFLAGS_IF   0x200ul
#define RFLAGS_DF   0x400ul
#define RFLAGS_IOPL 0x3000ul
#define RFLAGS_NT   0x4000ul
#define RFLAGS_AC   0x40000ul
/* The AC flag of a handler: left as it is for 32-bit guests. */
#define AC_64       (WORD_BITS == 64 ? RFLAGS_AC : 0)
#define UD2_LENGTH  2

static struct frame seen;
static unsigned mask_inside;
static unsigned long flags_inside;

static void set_handler(unsigned flags)
{
    const struct trap_info table[] = {
        { .vector = X_UD,
          .flags = (uint8_t)flags,
          .cs = FLAT_KERNEL_CS,
          .address = (unsigned long)vector_stubs + X_UD * VECTOR_STUB_SIZE },
        { .address = 0 },
    };

    expect(CALL(set_trap_table, table), 0, "flags %u", flags);
}

static unsigned mask_now(void)
{
    return READ_ONCE(shared_info->vcpu_info[0].evtchn_upcall_mask);
}

static void look(struct frame *frame)
{
    seen = *frame;
    mask_inside = mask_now();
    __asm__ volatile("pushf; pop %0" : "=r"(flags_inside));
    frame->ip += UD2_LENGTH;
}

static void from_kernel(unsigned flags, bool masked)
{
    if (masked)
        events_mask();
    else
        events_unmask();
    __asm__ volatile("ud2" ::: "memory");

    expect((long)mask_inside, masked || (flags & 4), "flags %u: mask in the handler", flags);
    expect((long)(seen.cs >> MASK_BIT), masked, "flags %u: mask in the frame", flags);
    expect_hex(seen.flags & RFLAGS_IF, masked ? 0 : RFLAGS_IF, "flags %u: IF in the frame", flags);
    expect_hex(seen.cs & 0xffff, KERNEL_CS_SHOWN, "flags %u: cs", flags);
    expect((long)mask_now(), masked, "flags %u: mask after iret", flags);
    events_mask();
}

static void user_ud2(void)
{
    __asm__ volatile("ud2");
}

static void from_user(unsigned flags)
{
    struct frame frame = user_run(user_ud2);

    expect_hex(frame.cs, FLAT_USER_CS, "flags %u: cs of a program, whose mask is off", flags);
    expect_hex(frame.flags & RFLAGS_IF, RFLAGS_IF, "flags %u: IF of a program", flags);
    expect_hex(frame.ss, FLAT_USER_SS, "flags %u: ss of a program", flags);
}

/* As a test would set them: by POPF, which cannot change IF and IOPL in ring 3. */
static void other_flags(void)
{
    __asm__ volatile("pushf; orl %0, (" R(sp) "); popf\n"
                                              "ud2\n"
                                              "pushf; andl %1, (" R(sp) "); popf"
                     :
                     : "i"(RFLAGS_DF | RFLAGS_IOPL | RFLAGS_NT | RFLAGS_AC),
                       "i"(~(int)(RFLAGS_DF | RFLAGS_NT | RFLAGS_AC))
                     : "memory", "cc");
    expect_hex(seen.flags & (RFLAGS_AC | RFLAGS_DF | RFLAGS_IOPL), RFLAGS_AC | RFLAGS_DF,
               "AC, DF and IOPL in the frame");
    expect_hex(flags_inside & (AC_64 | RFLAGS_NT | RFLAGS_TF | RFLAGS_IOPL), 0,
               "what the handler does not begin with");
}

void test_main(void)
{
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    trap_hook = look;
    for (unsigned flags = 0; flags < 8; flags++) {
        set_handler(flags);
        from_kernel(flags, false);
        from_kernel(flags, true);
        from_user(flags);
    }
    other_flags();
}
