/* SPDX-License-Identifier: MIT */
/*
 * The crash report: what a person needs who looks for the guest's error.
 *
 * All of it is read through the guest's own tables and file, which may be nonsense by now: every
 * access is checked, and every loop is short. Interrupts are off meanwhile: the names of a report,
 * at most some hundred, cost a quarter of a millisecond in the largest index that there can be.
 */
#include "core/pte.h"
#include "domain/sched.h"
#include "hv/frame.h"
#include "hv/print.h"
#include "lib/format.h"
#include "lib/string.h"
#include "lib/types.h"
#include "pv/mode.h"
#include "x86/guest_copy.h"

#define CODE_BYTES      16
#define STACK_WORDS     96 /* that are searched for return addresses */
#define BACKTRACE_DEPTH 12
#define CALLERS         3 /* that a refusal names */
#define STACK_LINES     12
#define SYMBOL_SIZE     80

/* "name+0x12", or "" if the image has no symbol for the address. */
static void format_symbol(struct domain *d, uint64_t address, char *text, size_t size)
{
    uint64_t offset;
    const char *name;

    text[0] = '\0';
    if (d->pv == NULL || d->pv->image == NULL)
        return;
    name = elf_index_find(&d->pv->image->symbols, address, &offset);
    if (name != NULL)
        format_string(text, size, "%s+0x%lx", name, offset);
}

/* Hexadecimal digits of a word of the guest. */
static int word_digits(const struct vcpu *v)
{
    return v->pv->width->guest.bits / 4;
}

/* Which code ran, in which ring; and the mask of its events. */
static void print_place(const struct vcpu *v, const struct regs *r)
{
    char symbol[SYMBOL_SIZE];

    format_symbol(v->domain, r->rip, symbol, sizeof(symbol));
    print(LOG_ERROR, "  %s mode in ring %u, upcall %s, %s %0*lx %s\n",
          pv_in_kernel(v, r) ? "kernel" : "user", r->cs & 3,
          v->info->evtchn_upcall_mask ? "masked" : "open", v->pv->width->counter_name,
          word_digits(v), r->rip, symbol);
}

void pv_print_registers_64(const struct vcpu *v, const struct regs *r)
{
    print_place(v, r);
    print(LOG_ERROR, "  rsp %016lx  rflags %08lx  cs %04x  ss %04x  vector %u  error %x\n", r->rsp,
          r->rflags, r->cs, r->ss, r->vector, r->error_code);
    print(LOG_ERROR, "  rax %016lx  rbx %016lx  rcx %016lx  rdx %016lx\n", r->rax, r->rbx, r->rcx,
          r->rdx);
    print(LOG_ERROR, "  rsi %016lx  rdi %016lx  rbp %016lx  cr2 %016lx\n", r->rsi, r->rdi, r->rbp,
          vcpu_cr2(v));
    print(LOG_ERROR, "  r8  %016lx  r9  %016lx  r10 %016lx  r11 %016lx\n", r->r8, r->r9, r->r10,
          r->r11);
    print(LOG_ERROR, "  r12 %016lx  r13 %016lx  r14 %016lx  r15 %016lx\n", r->r12, r->r13, r->r14,
          r->r15);
}

void pv_print_registers_32(const struct vcpu *v, const struct regs *r)
{
    const struct pv_vcpu *pv = v->pv;

    print_place(v, r);
    print(LOG_ERROR, "  esp %08lx  eflags %08lx  vector %u  error %x\n", r->rsp, r->rflags,
          r->vector, r->error_code);
    print(LOG_ERROR, "  eax %08lx  ebx %08lx  ecx %08lx  edx %08lx\n", r->rax, r->rbx, r->rcx,
          r->rdx);
    print(LOG_ERROR, "  esi %08lx  edi %08lx  ebp %08lx  cr2 %08lx\n", r->rsi, r->rdi, r->rbp,
          vcpu_cr2(v));
    print(LOG_ERROR, "  cs %04x  ss %04x  ds %04x  es %04x  fs %04x  gs %04x\n", r->cs, r->ss,
          pv->ds, pv->es, pv->fs, pv->gs);
}

static void print_code(const struct vcpu *v, const struct regs *r)
{
    const char *counter = v->pv->width->counter_name;
    char text[CODE_BYTES * 3 + 1];
    uint8_t code[CODE_BYTES];

    if (guest_copy_in(code, GVA(r->rip), sizeof(code)) != 0) {
        print(LOG_ERROR, "  code at %s cannot be read\n", counter);
        return;
    }
    for (unsigned int i = 0; i < CODE_BYTES; i++)
        format_string(text + 3 * i, sizeof(text) - 3 * i, " %02x", code[i]);
    print(LOG_ERROR, "  code at %s:%s\n", counter, text);
}

/* One level: the entry, and what the frame that it names is. Returns the next table, or null at the
 * end. */
static const uint64_t *print_entry(const struct vcpu *v, const uint64_t *table, uint64_t address,
                                   unsigned int level)
{
    unsigned int index = pte_index(address, level);
    uint64_t entry = READ_ONCE(table[index]);
    const struct frame *f = pte_is_present(entry) ? frame_find(pte_mfn(entry)) : NULL;

    if (f == NULL) {
        print(LOG_ERROR, "    L%u[%03x] = %016lx%s\n", level, index, entry,
              pte_is_present(entry) ? " (no RAM)" : " (not present)");
        return NULL;
    }
    print(LOG_ERROR,
          "    L%u[%03x] = %016lx: frame %lx of d%u: %s, %lu such uses, %lu references\n", level,
          index, entry, pte_mfn(entry).n, f->node.owner, frame_type_name(frame_type_of(f->type)),
          f->type & FRAME_TYPE_COUNT, f->count & FRAME_COUNT);
    /* Another vCPU may just be taking the table down: what is not the domain's is not followed. */
    return f->node.owner == v->domain->id ? mfn_to_virt(pte_mfn(entry)) : NULL;
}

static void print_walk(const struct vcpu *v, const char *what, uint64_t address)
{
    mfn_t root = v->pv->kernel_mode ? v->pv->kernel_table : v->pv->user_table;
    const uint64_t *table;

    if (!pte_address_ok(v->pv->width->format, address) || !mfn_is_valid(root)) {
        print(LOG_ERROR, "  %s %0*lx: not an address that a guest can map\n", what, word_digits(v),
              address);
        return;
    }
    print(LOG_ERROR, "  %s %0*lx, from table %lx:\n", what, word_digits(v), address, root.n);
    table = mfn_to_virt(root);
    for (unsigned int level = v->pv->width->root_level; level >= 1 && table != NULL; level--)
        table = print_entry(v, table, address, level);
}

/* The word of the guest's width that is `index` words above an address. False: none can be read. */
static bool read_word(const struct vcpu *v, uint64_t address, unsigned int index, uint64_t *word)
{
    const size_t bytes = v->pv->width->guest.bytes;

    *word = 0;
    return guest_copy_in(word, GVA(address + index * bytes), bytes) == 0;
}

/*
 * Return addresses by guess: words on the stack that point into the image's code. Works for kernels
 * with and without frame pointers; may show a stale one. Finds the next from the *index-th word on,
 * and leaves *index behind it.
 */
static bool next_caller(const struct vcpu *v, const struct regs *r, unsigned int *index,
                        uint64_t *word, char *symbol)
{
    while (*index < STACK_WORDS && read_word(v, r->rsp, (*index)++, word)) {
        format_symbol(v->domain, *word, symbol, SYMBOL_SIZE);
        if (symbol[0] != '\0')
            return true;
    }
    return false;
}

static bool print_backtrace(const struct vcpu *v, const struct regs *r)
{
    char symbol[SYMBOL_SIZE];
    unsigned int shown = 0;
    unsigned int index = 0;
    uint64_t word;

    while (shown < BACKTRACE_DEPTH && next_caller(v, r, &index, &word, symbol)) {
        if (shown++ == 0)
            print(LOG_ERROR, "  on the stack, most recent first:\n");
        print(LOG_ERROR, "    %0*lx %s\n", word_digits(v), word, symbol);
    }
    return shown != 0;
}

/* What a 64-bit stub of the hypercall page has pushed above its return address: the caller's rcx
 * may be any word. It stands where the stub pops it. */
static unsigned int words_of_stub(const struct regs *r)
{
    static const uint8_t pops[] = { 0x41, 0x5b, 0x59, 0xc3 }; /* pop r11; pop rcx; ret */
    uint8_t code[sizeof(pops)];

    if (guest_copy_in(code, GVA(r->rip), sizeof(code)) != 0)
        return 0;
    return memcmp(code, pops, sizeof(pops)) == 0 ? 2 : 0;
}

/* Where a function begins nothing returns to: the word is a pointer to it. */
static bool is_function(struct domain *d, uint64_t word)
{
    uint64_t offset;

    return elf_index_find(&d->pv->image->symbols, word, &offset) != NULL && offset == 0;
}

void pv_format_place(const struct vcpu *v, char *text, size_t size)
{
    const struct regs *r = &cpu_top()->guest;
    char symbol[SYMBOL_SIZE];
    unsigned int index = words_of_stub(r);
    unsigned int shown = 0;
    uint64_t word;
    size_t length;

    format_symbol(v->domain, r->rip, symbol, sizeof(symbol));
    length = format_string(text, size, "%lx %s", r->rip, symbol);
    /* A program's stack may show anything. */
    if (!pv_in_kernel(v, r))
        return;
    while (shown < CALLERS && length < size && next_caller(v, r, &index, &word, symbol)) {
        if (is_function(v->domain, word))
            continue;
        length += format_string(text + length, size - length, " < %s", symbol);
        shown++;
    }
}

/* For an image without symbols: the words themselves, to be looked up in the kernel's own map. */
static void print_stack(const struct vcpu *v, const struct regs *r)
{
    const int digits = word_digits(v);
    uint64_t words[4];

    for (unsigned int line = 0; line < STACK_LINES; line++) {
        for (unsigned int i = 0; i < ARRAY_SIZE(words); i++)
            if (!read_word(v, r->rsp, line * ARRAY_SIZE(words) + i, &words[i]))
                return;
        print(LOG_ERROR, "  stack %0*lx: %0*lx %0*lx %0*lx %0*lx\n", digits,
              r->rsp + line * ARRAY_SIZE(words) * v->pv->width->guest.bytes, digits, words[0],
              digits, words[1], digits, words[2], digits, words[3]);
    }
}

void pv_describe(struct vcpu *v)
{
    const struct regs *r = v == current_vcpu() ? &cpu_top()->guest : &v->regs;

    v->pv->width->print_registers(v, r);
    print_code(v, r);
    if (vcpu_cr2(v) != 0)
        print_walk(v, "last page fault at", vcpu_cr2(v));
    print_walk(v, v->pv->width->counter_name, r->rip);
    print_walk(v, v->pv->width->stack_name, r->rsp);
    if (!print_backtrace(v, r))
        print_stack(v, r);
}
