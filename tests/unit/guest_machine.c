/* SPDX-License-Identifier: MIT */
/* See guest_machine.h. */
#include "guest_machine.h"

#include <setjmp.h>
#include <stdarg.h>

#include "kernel/panic.h"
#include "lib/print.h"

#define MAPPINGS 256

struct fake_machine fake_machine;

struct mapping {
    uintptr_t address;
    void *page;
    unsigned access;
};

/* Sorted by nothing; what is delayed is in `next`. */
struct space {
    struct mapping now[MAPPINGS], next[MAPPINGS];
    unsigned count;
    struct space *other;
};

static uint8_t arena[(MACHINE_FREE_PAGES + MACHINE_RAMDISK_PAGES) * PAGE_SIZE]
    __attribute__((aligned(4096)));
static struct machine_facts facts;
static struct space *spaces;
static jmp_buf after_panic;

void machine_reset(void)
{
    fake_machine = (struct fake_machine){ .mappings_max = MAPPINGS };
    if (facts.first_page)
        return;
    memset(arena, 0xa5, sizeof(arena));
    facts = (struct machine_facts){
        .first_page = arena + MACHINE_RAMDISK_PAGES * PAGE_SIZE,
        .page_count = MACHINE_FREE_PAGES,
        .ramdisk = arena + 100,
        .ramdisk_size = MACHINE_RAMDISK_PAGES * PAGE_SIZE - 200,
    };
    pages_init();
}

const struct machine_facts *machine_facts(void)
{
    return &facts;
}

unsigned machine_cpu(void)
{
    return 0;
}

bool machine_irq_off(void)
{
    bool was = fake_machine.irq;

    fake_machine.irq = false;
    return was;
}

void machine_irq_restore(bool on)
{
    fake_machine.irq = on;
}

/* ---- Panics ---- */

_Noreturn void kernel_panic(const char *format, ...)
{
    static char text[128];
    va_list arguments;

    va_start(arguments, format);
    print_list_to(text, sizeof(text), format, &arguments);
    va_end(arguments);
    fake_machine.panic = text;
    longjmp(after_panic, 1);
}

const char *panic_of(void (*function)(void))
{
    fake_machine.panic = "(none)";
    if (setjmp(after_panic) == 0)
        function();
    return fake_machine.panic;
}

void print_out(const char *text, size_t length)
{
    (void)text;
    (void)length;
}

/* ---- Spaces ---- */

struct space *machine_space_create(void)
{
    struct space *s = calloc(1, sizeof(*s));

    s->other = spaces;
    spaces = s;
    fake_machine.spaces++;
    return s;
}

void machine_map_flush(void)
{
    for (struct space *s = spaces; s; s = s->other)
        memcpy(s->now, s->next, sizeof(s->now));
}

void machine_space_destroy(struct space *s, void (*put)(void *page))
{
    struct space **link = &spaces;

    machine_map_flush();
    for (unsigned i = 0; i < MAPPINGS; i++) {
        if (!s->now[i].page)
            continue;
        put(s->now[i].page);
        fake_machine.mappings--;
    }
    while (*link != s)
        link = &(*link)->other;
    *link = s->other;
    fake_machine.spaces--;
    free(s);
}

static struct mapping *find(struct mapping list[MAPPINGS], uintptr_t address)
{
    for (unsigned i = 0; i < MAPPINGS; i++) {
        if (list[i].page && list[i].address == address)
            return &list[i];
    }
    return NULL;
}

bool machine_map(struct space *s, uintptr_t address, void *page, unsigned access)
{
    struct mapping *m = find(s->next, address);

    if (!m && fake_machine.mappings >= fake_machine.mappings_max)
        return false;
    if (!m) {
        for (m = s->next; m->page; m++)
            ;
        fake_machine.mappings++;
    }
    *m = (struct mapping){ address, page, access };
    return true;
}

void *machine_unmap(struct space *s, uintptr_t address)
{
    struct mapping *m = find(s->next, address);
    void *page = m ? m->page : NULL;

    if (m) {
        m->page = NULL;
        fake_machine.mappings--;
    }
    return page;
}

void *machine_lookup(struct space *s, uintptr_t *address, uintptr_t end, unsigned *access)
{
    const struct mapping *first = NULL;

    for (unsigned i = 0; i < MAPPINGS; i++) {
        const struct mapping *m = &s->now[i];

        if (m->page && m->address >= *address && m->address < end &&
            (!first || m->address < first->address))
            first = m;
    }
    if (!first)
        return NULL;
    *address = first->address;
    *access = first->access;
    return first->page;
}

bool machine_copy(void *to, const void *from, size_t size)
{
    if ((uintptr_t)from < PAGE_SIZE)
        return false;
    memcpy(to, from, size);
    return true;
}
