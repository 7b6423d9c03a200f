/* SPDX-License-Identifier: MIT */
/* The page for 32-bit code, with tables of its own under the kernel's root. */
#include "tests/guests/support/compat.h"

#include "tests/guests/support/support.h"

#define FLAGS_IF 0x200

uint8_t *low_page_new(const void *code, size_t size)
{
    uint8_t *page = page_new();
    uint64_t *l1 = page_new(), *l2 = page_new(), *l3 = page_new();

    l1[LOW_PAGE / PAGE_SIZE] = make_entry(page, PTE_RW);
    l2[0] = make_entry(l1, PTE_TABLE);
    l3[0] = make_entry(l2, PTE_TABLE);
    set_writable(l1, false);
    set_writable(l2, false);
    set_writable(l3, false);
    if (mmu_update(machine_of((uint64_t *)start_info->pt_base), make_entry(l3, PTE_TABLE)) != 0)
        error("cannot map a low page");
    if (mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of((void *)start_info->pt_base)) != 0)
        error("no page tables for user mode");
    memcpy(page, code, size);
    /* 32-bit code cannot use a null DS, as 64-bit code can; QEMU lets it. */
    __asm__ volatile("movw %w0, %%ds" : : "r"(FLAT_RING3_DS32) : "memory");
    return page;
}

struct frame low_frame(size_t offset, bool user)
{
    return (struct frame){
        .ip = LOW_PAGE + offset,
        .cs = user ? FLAT_RING3_CS32 : FLAT_RING3_CS32 & ~3u,
        .flags = FLAGS_IF,
        .sp = LOW_STACK,
        .ss = FLAT_USER_SS,
    };
}
