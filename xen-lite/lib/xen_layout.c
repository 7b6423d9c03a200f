/* SPDX-License-Identifier: MIT */
/*
 * Where a kernel image goes in its own address space; see lib/xen_notes.h.
 *
 * The ELF physical addresses count; the virtual ones in the segment headers do not matter:
 *     virtual address = physical address - PADDR_OFFSET + VIRT_BASE
 * A relocatable-looking kernel (Linux) has PADDR_OFFSET 0 and segments at 16 MiB; an old one has
 * PADDR_OFFSET = VIRT_BASE and segments whose "physical" addresses are virtual. Differences are
 * taken modulo 2^64, then the result is checked.
 */
#include "lib/xen_notes.h"

/* The lowest and the highest physical address of what is loaded. */
static void find_extent(const struct elf *elf, uint64_t *start, uint64_t *end)
{
    *start = UINT64_MAX;
    *end = 0;
    for (uint32_t i = 0; i < elf->segment_count; i++) {
        struct elf_segment segment = elf_get_segment(elf, i);

        if (segment.type != ELF_LOAD || segment.memory_size == 0)
            continue;
        *start = min(*start, segment.paddr);
        *end = max(*end, segment.paddr + segment.memory_size);
    }
}

/* The size bytes at address lie in the loaded kernel. */
static bool is_in_kernel(const struct xen_image_layout *layout, uint64_t address, uint64_t size)
{
    return address >= layout->kernel_start && address < layout->kernel_end &&
           size <= layout->kernel_end - address;
}

static bool check_addresses(const struct xen_image_notes *notes,
                            const struct xen_image_layout *layout, struct problem *problem)
{
    if (!is_in_kernel(layout, layout->entry, 1))
        return problem_say(
            problem,
            "entry point 0x%llx is outside the kernel (0x%llx-0x%llx, with page 0 "
            "at VIRT_BASE 0x%llx)",
            (unsigned long long)layout->entry, (unsigned long long)layout->kernel_start,
            (unsigned long long)layout->kernel_end, (unsigned long long)notes->virt_base);
    if (notes->has_hypercall_page && !is_aligned(notes->hypercall_page, PAGE_SIZE))
        return problem_say(problem, "HYPERCALL_PAGE 0x%llx does not begin at a page",
                           (unsigned long long)notes->hypercall_page);
    if (notes->has_hypercall_page && !is_in_kernel(layout, notes->hypercall_page, PAGE_SIZE))
        return problem_say(problem, "HYPERCALL_PAGE 0x%llx is outside the kernel (0x%llx-0x%llx)",
                           (unsigned long long)notes->hypercall_page,
                           (unsigned long long)layout->kernel_start,
                           (unsigned long long)layout->kernel_end);
    if (!notes->has_init_p2m)
        return true;
    if (!is_aligned(notes->init_p2m, PAGE_SIZE) || is_in_kernel(layout, notes->init_p2m, 1))
        return problem_say(problem, "INIT_P2M 0x%llx is unaligned or inside the kernel",
                           (unsigned long long)notes->init_p2m);
    return true;
}

bool xen_image_layout(const struct elf *elf, const struct xen_image_notes *notes,
                      struct xen_image_layout *layout, struct problem *problem)
{
    uint64_t address_mask = elf->is_64 ? UINT64_MAX : UINT32_MAX;
    uint64_t start, end;

    find_extent(elf, &start, &end);
    layout->virt_base = notes->virt_base;
    layout->virt_offset = notes->virt_base - notes->paddr_offset;
    layout->kernel_start = (start + layout->virt_offset) & address_mask;
    layout->kernel_end = layout->kernel_start + (end - start);
    layout->entry = notes->entry;
    if (layout->kernel_end < layout->kernel_start || layout->kernel_end > address_mask ||
        layout->kernel_start < layout->virt_base)
        return problem_say(
            problem, "the kernel would be loaded at 0x%llx-0x%llx, VIRT_BASE is 0x%llx",
            (unsigned long long)layout->kernel_start, (unsigned long long)layout->kernel_end,
            (unsigned long long)layout->virt_base);
    return check_addresses(notes, layout, problem);
}
