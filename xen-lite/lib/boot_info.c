/* SPDX-License-Identifier: MIT */
/*
 * Filling struct boot_info; shared by the readers of the two Multiboot protocols.
 */
#include "lib/boot_info.h"

#include <stdarg.h>

#include "lib/format.h"

void boot_info_problem(struct boot_info *info, const char *fmt, ...)
{
    va_list args;

    /* The first one counts: later ones are often its consequences. */
    if (info->problem[0] != '\0')
        return;
    va_start(args, fmt);
    format_va(info->problem, sizeof(info->problem), fmt, args);
    va_end(args);
}

/* Nothing is sorted or merged here: x86/boot_memory.c does that, with what else it knows is in use.
 */
void boot_info_add_range(struct boot_info *info, paddr_t base, uint64_t size, uint32_t type)
{
    if (size == 0 || base + size < base)
        return;
    if (info->range_count == BOOT_MAX_RANGES) {
        boot_info_problem(info, "memory map has more than %u ranges: the rest is ignored",
                          BOOT_MAX_RANGES);
        return;
    }
    info->ranges[info->range_count++] =
        (struct boot_range){ .base = base, .size = size, .type = type };
}

struct boot_module *boot_info_add_module(struct boot_info *info, paddr_t start, paddr_t end)
{
    if (end < start) {
        boot_info_problem(info, "module ends at 0x%llx, before its start 0x%llx: ignored",
                          (unsigned long long)end, (unsigned long long)start);
        return NULL;
    }
    if (info->module_count == BOOT_MAX_MODULES) {
        boot_info_problem(info, "more than %u modules: the rest is ignored", BOOT_MAX_MODULES);
        return NULL;
    }

    struct boot_module *module = &info->modules[info->module_count++];

    module->start = start;
    module->end = end;
    module->command_line[0] = '\0';
    return module;
}
