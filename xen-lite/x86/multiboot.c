/* SPDX-License-Identifier: MIT */
/*
 * Hands the boot loader's data to the reader of its protocol.
 */
#include "x86/multiboot.h"

#include "lib/multiboot1.h"
#include "lib/multiboot2.h"
#include "lib/string.h"
#include "lib/text.h"
#include "x86/paging.h"

/* The boot page tables map the first 4 GiB, and loaders stay below. */
static const void *map(void *ctx, paddr_t paddr, size_t size)
{
    (void)ctx;
    if (paddr >= 4 * GIB || size > 4 * GIB - paddr)
        return NULL;
    return paddr_to_virt(paddr);
}

/* QEMU's -kernel passes the file's name as the first word. */
static void drop_file_name(struct boot_info *info)
{
    const char *rest = strchr(info->command_line, ' ');

    if (!text_starts_with(info->loader_name, "qemu"))
        return;
    rest = rest != NULL ? rest + 1 : "";
    memmove(info->command_line, rest, strlen(rest) + 1);
}

bool multiboot_read(uint32_t magic, paddr_t paddr, struct boot_info *info, struct problem *problem)
{
    if (magic == MULTIBOOT1_BOOT_MAGIC) {
        if (!multiboot1_read(map, NULL, paddr, info, problem))
            return false;
        drop_file_name(info);
        return true;
    }

    uint32_t size = multiboot2_total_size(SPAN(paddr_to_virt(paddr), 8));

    if (size == 0 || map(NULL, paddr, size) == NULL)
        return problem_say(problem, "the Multiboot2 information has an impossible size");
    return multiboot2_read(SPAN(paddr_to_virt(paddr), size), info, problem);
}
