/* SPDX-License-Identifier: MIT */
/*
 * Claim: on a CPU with SMEP and SMAP a kernel in ring 1 reads, writes and executes its programs'
 *     pages, though ring 1 is "supervisor" to page tables; calls read and write there, too; and
 *     CPUID offers neither to it.
 * Rule: CPU-1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpu max --hypervisor-args smep=1
 * Widths: pv32, because a 64-bit kernel is in ring 3
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define CR4_SMEP (1u << 20)
#define CR4_SMAP (1u << 21)

void test_main(void)
{
    uint32_t ax = 7, bx, cx = 0, dx, cr4;
    uint8_t *page = page_new();
    xen_extraversion_t *text = (xen_extraversion_t *)(page + 64);

    expect(map(page, make_entry(page, PTE_RW)), 0, "a program's page");
    for (unsigned round = 0; round < 3; round++) {
        raw_begin();
        page[0] = 0xcc;
        expect(page[0], 0xcc, "read what was written");
        expect((long)raw_go(raw_start(page, 1), 3).vector, X_BP, "execute it in ring 1");
        expect((long)raw_go(raw_start(page, 3), 5).vector, X_BP, "execute it in ring 3");
        raw_end();
        expect(CALL(xen_version, XENVER_extraversion, text), 0, "a call that writes there");
        expect_true((*text)[0] == '.', "what it wrote");
        CALL(sched_op, SCHEDOP_yield);
    }
    __asm__ volatile(".ascii \"\x0f\x0bxen\"; cpuid" : "+a"(ax), "=b"(bx), "+c"(cx), "=d"(dx));
    expect_hex(bx & (1u << 7 | 1u << 20), 0, "SMEP and SMAP in CPUID");
    __asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
    expect_hex(cr4 & (CR4_SMEP | CR4_SMAP), 0, "SMEP and SMAP in CR4");
}
