/* SPDX-License-Identifier: MIT */
/* Exceptions as they arrive, and descriptor tables, for 32-bit guests: see raw32.h. */
#include "tests/guests/support/raw32.h"

#include "tests/guests/support/support.h"

#define FLAGS_IF    0x200
#define MASK_EVENTS 4

extern volatile struct raw_arrival raw_arrival;
extern uint32_t raw_words;

void raw_enter(const struct raw_start *start);
void raw_enter_iret(const struct raw_start *start, uint32_t stack);

_Noreturn void raw_unexpected(void);
_Noreturn void raw_unexpected(void)
{
    raw_end();
    error("vector %u at 0x%x 0x%x 0x%x", raw_arrival.vector, raw_arrival.words[0],
          raw_arrival.words[1], raw_arrival.words[2]);
}

static struct callback_register callback(unsigned type, unsigned vector)
{
    return (struct callback_register){
        .type = (uint16_t)type,
        .address = { .cs = FLAT_KERNEL_CS, .eip = raw_entry(vector) },
    };
}

static void set_handler(unsigned vector, unsigned level)
{
    struct trap_info table[2] = {
        { .vector = (uint8_t)vector,
          .flags = (uint8_t)(MASK_EVENTS | level),
          .cs = FLAT_KERNEL_CS,
          .address = raw_entry(vector) },
    };

    if (CALL(set_trap_table, table) != 0)
        error("no raw handler for %u", vector);
}

void raw_begin(void)
{
    struct callback_register failsafe = callback(CALLBACKTYPE_failsafe, RAW_FAILSAFE);

    user_sees_kernel();
    events_mask();
    for (unsigned vector = 0; vector < 20; vector++)
        if (vector != X_NMI && vector != 9 && vector != 15 && vector != 18)
            set_handler(vector, vector == X_BP || vector == X_OF ? 3 : 0);
    if (CALL(callback_op, CALLBACKOP_register, &failsafe) != 0)
        error("no raw failsafe callback");
}

void raw_end(void)
{
    traps_init();
}

void raw_int(unsigned vector, unsigned level)
{
    set_handler(vector, level);
}

struct raw_start raw_start(const void *code, unsigned ring)
{
    uint32_t data = ring == 3 ? FLAT_USER_DS : FLAT_KERNEL_DS;

    return (struct raw_start){
        .ip = (uint32_t)code,
        .cs = ring == 3 ? FLAT_USER_CS : FLAT_KERNEL_CS,
        .flags = FLAGS_IF,
        .sp = (uint32_t)user_stack_end,
        .ss = data,
        .ds = data,
        .es = data,
    };
}

/* What was printed may have brought an event, which would come first where events are on. */
static void forget_events(void)
{
    WRITE_ONCE(shared_info->vcpu_info[0].evtchn_upcall_pending, 0);
}

struct raw_arrival raw_go(struct raw_start start, unsigned words)
{
    raw_words = words;
    raw_arrival.vector = ~0u;
    forget_events();
    raw_enter(&start);
    events_mask();
    return raw_arrival;
}

struct raw_arrival raw_iret(struct raw_start start, unsigned words, uint32_t frame)
{
    uint32_t own[6] = { start.ax, start.ip, start.cs, start.flags, start.sp, start.ss };

    raw_words = words;
    raw_arrival.vector = ~0u;
    forget_events();
    raw_enter_iret(&start, frame ? frame : (uint32_t)own);
    events_mask();
    return raw_arrival;
}

/* ---- Snippets ---- */

struct raw_arrival snippet_run(const struct snippet *s, struct raw_start start, unsigned words)
{
    if (s->vector == X_NM)
        CALL(fpu_taskswitch, 1);
    start.ip = (uint32_t)s->code;
    return raw_go(start, words);
}

bool has_error_code(unsigned vector)
{
    return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17;
}

// clang-format off
__asm__(SNIPPETS(exceptions)
        SNIPPET("0", "0", "2", "xor %ecx, %ecx; div %ecx")
        SNIPPET("1", "0", "9b - 8b", "pushf; orl $0x100, (%esp); popf; nop")
        SNIPPET("3", "0", "1", "int3")
        SNIPPET("4", "0", "5", "movb $0x7f, %al; addb $1, %al; into")
        SNIPPET("5", "0", "9", "push $5; push $4; mov $9, %ecx; bound %ecx, (%esp)")
        SNIPPET("6", "0", "0", "ud2")
        SNIPPET("7", "0", "0", "fninit")
        SNIPPET("11", "0x28", "5", "mov $0x2b, %eax; mov %eax, %es")
        SNIPPET("12", "0x28", "5", "mov $0x2b, %eax; mov %eax, %ss")
        SNIPPET("13", "0", "0", "hlt")
        SNIPPET("13", "0xe008", "5", "mov $0xe008, %eax; mov %eax, %es")
        SNIPPET("14", "4", "0", "mov 0x12345000, %eax")
        SNIPPET("14", "6", "0", "mov %eax, 0x12345000")
        SNIPPET("16", "0", "9b - 8b - 1",
                "fninit; push $0x37b; fldcw (%esp); fld1; fldz; fdivrp; fwait")
        SNIPPETS_END(exceptions));
// clang-format on

/* ---- Descriptor tables ---- */

uint64_t *gdt_new(void)
{
    uint64_t *gdt = page_new();
    unsigned long mfn = (unsigned long)mfn_of(gdt);

    set_writable(gdt, false);
    if (CALL(set_gdt, &mfn, 512) != 0)
        error("no descriptor table");
    gdt_set(gdt, 5, raw_descriptor(0, 0xfffff, 0x73, 0xc));
    return gdt;
}

void gdt_set(uint64_t *gdt, unsigned entry, uint64_t descriptor)
{
    long result = update_descriptor(machine_of(&gdt[entry]), descriptor);

    if (result != 0)
        error("descriptor 0x%llx is refused: %ld", (unsigned long long)descriptor, result);
}

long ldt_load(const void *table, unsigned entries)
{
    struct mmuext_op op = { .cmd = MMUEXT_SET_LDT,
                            .arg1.linear_addr = (unsigned long)table,
                            .arg2.nr_ents = entries };

    return CALL(mmuext_op, &op, 1, 0, DOMID_SELF);
}
