/* SPDX-License-Identifier: MIT */
/* Start of day: from what GRUB tells to kernel_main, in the order in which things become usable. */
#include "lib/print.h"
#include "lib/string.h"
#include "machine/native/instructions.h"
#include "machine/native/multiboot.h"
#include "machine/native/native.h"

static struct machine_facts facts;
static char command_line[1024];

/* Physical addresses, as GRUB tells them: the RAM that the image lies in, and the ramdisk. */
static struct range {
    uint64_t start, end;
} ram, ramdisk;

const struct machine_facts *machine_facts(void)
{
    return &facts;
}

/* ---- What GRUB tells ---- */

static void read_command_line(const struct multiboot_command_line *tag)
{
    print_to(command_line, sizeof(command_line), "%s", tag->text);
}

/* The first module is the ramdisk; others are nobody's. One that lies behind the linear part cannot
 * be reached. */
static void read_module(const struct multiboot_module *tag)
{
    if (ramdisk.end == 0 && tag->end <= KERNEL_HOLE - VIRT_BASE)
        ramdisk = (struct range){ tag->start, tag->end };
}

static void read_memory_map(const struct multiboot_memory_map *tag)
{
    const char *end = (const char *)tag + tag->tag.size;

    for (const char *at = (const char *)tag->entries; at < end; at += tag->entry_size) {
        const struct multiboot_memory *m = (const struct multiboot_memory *)at;

        if (m->type != MULTIBOOT_RAM)
            continue;
        facts.memory_pages += (unsigned long)(m->size / PAGE_SIZE);
        if (m->start <= IMAGE_OFFSET && IMAGE_OFFSET < m->start + m->size)
            ram = (struct range){ m->start, m->start + m->size };
    }
}

static void read_tag(const struct multiboot_tag *tag)
{
    switch ((enum multiboot_tag_type)tag->type) {
    case MULTIBOOT_COMMAND_LINE: read_command_line((const void *)tag); break;
    case MULTIBOOT_MODULE: read_module((const void *)tag); break;
    case MULTIBOOT_MEMORY_MAP: read_memory_map((const void *)tag); break;
    case MULTIBOOT_END: break;
    }
}

/* The list begins after two words, its size among them. */
static void read_tags(uint32_t info)
{
    const char *at = (const char *)linear(info) + 8;
    const struct multiboot_tag *tag;

    while (tag = (const struct multiboot_tag *)at, tag->type != MULTIBOOT_END) {
        read_tag(tag);
        at += (tag->size + 7u) & ~7u;
    }
}

/* ---- The free pages ---- */

static uint64_t page_up(uint64_t address)
{
    return (address + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1);
}

/* What follows the image, up to the end of the RAM or of the linear part. The ramdisk may lie in
 * between: then the larger side. */
static struct range free_range(void)
{
    extern char image_end[];
    struct range free = { physical(image_end), ram.end };
    uint64_t behind = page_up(ramdisk.end);

    if (free.end > KERNEL_HOLE - VIRT_BASE)
        free.end = KERNEL_HOLE - VIRT_BASE;
    if (ramdisk.end <= free.start || ramdisk.start >= free.end)
        return free;
    if (behind < free.end && free.end - behind > ramdisk.start - free.start)
        return (struct range){ behind, free.end };
    return (struct range){ free.start, ramdisk.start & ~(uint64_t)(PAGE_SIZE - 1) };
}

/* ---- Facts for the kernel's first lines ---- */

/* Twelve registers of text are the processor's name; nobody is below us. */
static void describe_processor(void)
{
    uint32_t name[13] = { 0 };

    for (unsigned i = 0; i < 3; i++)
        cpuid(CPUID_NAME + i, name + 4 * i);
    print_to(facts.hypervisor, sizeof(facts.hypervisor), "none, the processor is %s",
             (const char *)name);
}

_Noreturn void native_start(uint32_t magic, uint32_t info)
{
    struct range free;

    native_console_init(); /* before anything that could want to complain */
    native_segments_init();
    native_traps_init();
    native_user_init();
    native_interrupts_init();
    native_timer_init();

    if (magic != MULTIBOOT_LOADER_MAGIC) {
        print("This kernel is for a Multiboot2 loader, e.g. GRUB's command multiboot2.\n");
        machine_crash();
    }
    read_tags(info);
    free = free_range();
    facts.kind = NATIVE_KIND;
    facts.is_64 = sizeof(long) == 8;
    facts.command_line = command_line;
    facts.kernel_hole = KERNEL_HOLE;
    facts.ramdisk = ramdisk.end ? linear(ramdisk.start) : NULL;
    facts.ramdisk_size = (size_t)(ramdisk.end - ramdisk.start);
    describe_processor();
    native_mmu_init(&facts, (uintptr_t)free.start, (uintptr_t)free.end);

    kernel_main();
}
