/* SPDX-License-Identifier: MIT */
/*
 * Claim: a store to a page table does to registers, flags and memory what the same instruction does
 *     to ordinary memory. Each of some thousand random instructions is executed by the CPU on a
 *     model of the table, then on the table itself, where it is emulated.
 * Rule: MMU-26
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * Bit numbers are below the operand's width: beyond it the real Xen takes another bit.
 *
 * "seed=N" on the command line makes other instructions. Entries stay without the present bit: so
 * that every value is a good one.
 */
#include "tests/guests/random-stores/instruction.h"
#include "tests/guests/support/support.h"

#define ROUNDS    3000
#define ENTRIES   512
#define RFLAGS_DF 0x400
/* The flags of arithmetic: carry, parity, auxiliary, zero, sign, overflow. */
#define CARRY     0x001u
#define AUXILIARY 0x010u
#define ALL_FLAGS 0x8d5u
/* What BTS, BTR and BTC leave undefined. */
#define BITS      (ALL_FLAGS & ~CARRY)

static const struct form forms[] = {
    { "mov", 1, { 0x89 }, -1, REGISTER, false, false, 0 },
    { "mov $", 1, { 0xc7 }, 0, IMMEDIATE, false, false, 0 },
    { "xchg", 1, { 0x87 }, -1, REGISTER, true, false, 0 },
    { "cmpxchg", 2, { 0x0f, 0xb1 }, -1, REGISTER, true, false, 0 },
    { "xadd", 2, { 0x0f, 0xc1 }, -1, REGISTER, true, false, 0 },
    { "add", 1, { 0x01 }, -1, REGISTER, true, false, 0 },
    { "or", 1, { 0x09 }, -1, REGISTER, true, false, AUXILIARY },
    { "and", 1, { 0x21 }, -1, REGISTER, true, false, AUXILIARY },
    { "sub", 1, { 0x29 }, -1, REGISTER, true, false, 0 },
    { "xor", 1, { 0x31 }, -1, REGISTER, true, false, AUXILIARY },
    { "add $", 1, { 0x81 }, 0, IMMEDIATE, true, false, 0 },
    { "or $", 1, { 0x81 }, 1, IMMEDIATE, true, false, AUXILIARY },
    { "and $", 1, { 0x81 }, 4, IMMEDIATE, true, false, AUXILIARY },
    { "sub $", 1, { 0x81 }, 5, IMMEDIATE, true, false, 0 },
    { "xor $", 1, { 0x81 }, 6, IMMEDIATE, true, false, AUXILIARY },
    { "adc", 1, { 0x11 }, -1, REGISTER, true, false, 0 },
    { "sbb", 1, { 0x19 }, -1, REGISTER, true, false, 0 },
    { "adc $", 1, { 0x81 }, 2, IMMEDIATE, true, false, 0 },
    { "sbb $1", 1, { 0x83 }, 3, IMMEDIATE_1, true, true, 0 },
    { "inc", 1, { 0xff }, 0, NONE, true, false, 0 },
    { "dec", 1, { 0xff }, 1, NONE, true, false, 0 },
    { "not", 1, { 0xf7 }, 2, NONE, true, false, 0 },
    { "neg", 1, { 0xf7 }, 3, NONE, true, false, 0 },
    { "cmpxchg8b", 2, { 0x0f, 0xc7 }, 1, PAIR, true, true, 0 },
    { "movnti", 2, { 0x0f, 0xc3 }, -1, LONG, false, true, 0 },
    { "add $1", 1, { 0x83 }, 0, IMMEDIATE_1, true, true, 0 },
    { "or $1", 1, { 0x83 }, 1, IMMEDIATE_1, true, true, AUXILIARY },
    { "and $1", 1, { 0x83 }, 4, IMMEDIATE_1, true, true, AUXILIARY },
    { "sub $1", 1, { 0x83 }, 5, IMMEDIATE_1, true, true, 0 },
    { "xor $1", 1, { 0x83 }, 6, IMMEDIATE_1, true, true, AUXILIARY },
    { "bts $1", 2, { 0x0f, 0xba }, 5, IMMEDIATE_1, true, true, BITS },
    { "btr $1", 2, { 0x0f, 0xba }, 6, IMMEDIATE_1, true, true, BITS },
    { "btc $1", 2, { 0x0f, 0xba }, 7, IMMEDIATE_1, true, true, BITS },
    { "stos", 1, { 0xab }, -1, STRING, false, false, 0 },
    { "movs", 1, { 0xa5 }, -1, STRING, false, false, 0 },
};

static uint64_t state = 1;
static uint64_t *table, *model;
static uint64_t source[9];
static uint8_t code[32];

static uint64_t random(void)
{
    uint64_t high;

    state = state * 6364136223846793005ull + 1442695040888963407ull;
    high = state >> 32;
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return high << 32 | state >> 32;
}

unsigned below(unsigned limit)
{
    return (unsigned)(random() >> 33) % limit;
}

void put(struct instruction *i, uint64_t value, unsigned bytes)
{
    memcpy(i->code + i->length, &value, bytes);
    i->length += bytes;
}

/* ModRM and SIB for i->base, and perhaps an index and a displacement. */
static void put_memory(struct instruction *i, unsigned reg)
{
    unsigned mod = 1 + below(2); /* with one or four bytes of displacement */
    bool sib = (i->base & 7) == 4 || i->index < 16;

    if (below(2) && (i->base & 7) != 5)
        mod = 0;
    i->displacement = mod == 0 ? 0 : mod == 1 ? (int8_t)random() : (int32_t)random();
    put(i, mod << 6 | (reg & 7) << 3 | (sib ? 4 : i->base & 7u), 1);
    if (sib)
        put(i, i->scale << 6 | (i->index < 16 ? i->index & 7u : 4u) << 3 | (i->base & 7u), 1);
    put(i, (uint32_t)i->displacement, mod == 1 ? 1 : mod == 2 ? 4 : 0);
}

static void put_prefixes(struct instruction *i, unsigned reg)
{
    bool lock = i->form->lockable && below(3) == 0;

    if (lock)
        put(i, 0xf0, 1);
    if (i->size == 2)
        put(i, 0x66, 1);
    if (i->form->operands == STRING && below(2))
        put(i, 0xf3, 1);
    put_prefix_of_width(i, reg);
}

static void generate(struct instruction *i)
{
    const struct form *f = &forms[below(COUNT(forms))];
    unsigned reg = f->extension >= 0 ? (unsigned)f->extension : below(registers);

    *i = (struct instruction){
        .form = f, .size = 1u << below(sizeof(long) == 8 ? 4 : 3), .base = 7, .index = 16
    };
    if ((f->no_byte && i->size == 1) || f->operands == PAIR ||
        (f->operands == LONG && i->size == 2))
        i->size = f->operands == PAIR ? 8 : sizeof(long);
    if (reg == 4 && f->extension < 0 && i->size > 1)
        reg = not_sp;
    if (f->operands != STRING) {
        /* Not what can be the other operand, or a part of it: its value differs. */
        do {
            i->base = (uint8_t)(5 + below(registers - 5));
        } while (f->extension < 0 && i->base == reg);
        if (below(3) == 0)
            i->index = (uint8_t)below(registers);
        if (i->index == 4 || i->index == i->base)
            i->index = 16;
        i->scale = below(4);
    }
    i->offset = below(PAGE_SIZE / i->size) * i->size;
    put_prefixes(i, reg);
    for (unsigned n = 0; n < f->bytes; n++)
        put(i, f->opcode[n] - (n + 1 == f->bytes && i->size == 1), 1);
    if (f->operands == STRING)
        return;
    put_memory(i, reg);
    if (f->operands == IMMEDIATE)
        put(i, random(), i->size < 4 ? i->size : 4);
    if (f->operands == IMMEDIATE_1)
        put(i, f->undefined == BITS ? below(8 * i->size) : random(), 1);
}

/* Executes i with memory in page, beginning with the registers of start. */
static struct frame execute(const struct instruction *i, struct frame start, uint64_t *page)
{
    unsigned long *word = (unsigned long *)(void *)&start;
    unsigned long address = (unsigned long)page + i->offset - (unsigned long)i->displacement;

    if (i->index < 16)
        address -= word[place_of[i->index]] << i->scale;
    word[place_of[i->base]] = address;
    return code_run(start);
}

static void report(const struct instruction *i)
{
    print("  %s, %u bytes at 0x%x:", i->form->name, i->size, i->offset);
    for (unsigned n = 0; n < i->length; n++)
        print(" %x", i->code[n]);
    print("\n");
    for (unsigned n = 0; n < ENTRIES; n++)
        expect_hex(table[n], model[n], "entry %u", n);
}

/* The registers say the same, but for the one that points to the memory. */
static bool same_registers(const struct instruction *i, const struct frame *a,
                           const struct frame *b)
{
    const unsigned long *left = (const void *)a, *right = (const void *)b;
    bool same = true;

    for (unsigned n = 0; n < registers; n++) {
        unsigned long wanted = left[place_of[n]], got = right[place_of[n]];

        if (n == i->base)
            got += (unsigned long)model - (unsigned long)table;
        if (wanted != got) {
            expect_hex(got, wanted, "register %u", n);
            same = false;
        }
    }
    return same;
}

static bool is_good_table(const uint64_t *page)
{
    for (unsigned n = 0; n < ENTRIES; n++)
        if (page[n] & PTE_PRESENT)
            return false;
    return true;
}

/* False: the model has a present entry then; it is as before. */
static bool try_one(struct instruction *i)
{
    struct frame start = code_frame(code, false), by_cpu, emulated;
    unsigned long *word = (unsigned long *)(void *)&start;
    uint32_t flags = ALL_FLAGS & ~i->form->undefined;

    memcpy(code, i->code, i->length);
    memcpy(code + i->length, "\x0f\x0b", 2);
    for (unsigned n = 0; n < registers; n++)
        if (n != 4)
            word[place_of[n]] =
                (unsigned long)(below(2) ? random() : random() << 32 | (random() & 0xfe));
    /* What CMPXCHG compares may well be what is there. */
    if (below(2))
        memcpy(&start.ax, (const uint8_t *)model + (i->offset & -sizeof(long)), sizeof(long));
    if (below(2))
        start.dx = upper_half(&start, model[i->offset / 8]);
    if (i->form->operands == STRING) {
        start.cx = 1;
        start.flags |= below(2) ? RFLAGS_DF : 0;
        start.si = (unsigned long)&source[below(8)];
    }
    start.flags |= random() & ALL_FLAGS;

    by_cpu = execute(i, start, model);
    if (by_cpu.vector != X_UD)
        error("exception %lu of the CPU's own", by_cpu.vector);
    if (!is_good_table(model)) {
        memcpy(model, table, PAGE_SIZE);
        return false;
    }
    emulated = execute(i, start, table);
    if (emulated.vector != X_UD || emulated.ip != by_cpu.ip ||
        !same_registers(i, &by_cpu, &emulated) ||
        ((emulated.flags ^ by_cpu.flags) & (flags | RFLAGS_DF)) != 0 ||
        memcmp(model, table, PAGE_SIZE) != 0) {
        report(i);
        failure("vector %lu, flags 0x%lx, on ordinary memory 0x%lx", emulated.vector,
                emulated.flags, by_cpu.flags);
    }
    return true;
}

static void read_seed(void)
{
    const char *text = (const char *)start_info->cmd_line;

    for (; *text != 0; text++)
        if (memcmp(text, "seed=", 5) == 0)
            for (state = 0, text += 5; *text >= '0' && *text <= '9'; text++)
                state = state * 10 + (uint64_t)(*text - '0');
}

void test_main(void)
{
    unsigned done = 0;

    read_seed();
    model = page_new();
    table = page_new();
    for (unsigned n = 0; n < ENTRIES; n++)
        model[n] = random() & ~1ul;
    for (unsigned n = 0; n < COUNT(source); n++)
        source[n] = random() & ~1ul;
    memcpy(table, model, PAGE_SIZE);
    set_writable(table, false);
    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_writable_pagetables), 0,
           "ask for writable page tables");
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin the table");
    while (done < ROUNDS) {
        struct instruction i;

        generate(&i);
        done += try_one(&i);
    }
}
