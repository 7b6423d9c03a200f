/* SPDX-License-Identifier: MIT */
/*
 * SMAP: probing whether it works, and patching STAC and CLAC in.
 *
 * QEMU's emulator (TCG) up to 7.2 takes a page fault for an IRETQ in ring 3 while SMAP is on: it
 * reads the user's stack as if the kernel had read it. 64-bit PV guests run their kernels in ring 3
 * and use IRETQ there, so on such a machine SMAP must stay off. The probe does just that: it runs
 * an IRETQ in ring 3 and looks which exception comes next (smap_probe.S).
 */
#include "x86/smap_init.h"

#include <stdbool.h>
#include <stdint.h>

#include "lib/string.h"
#include "lib/types.h"
#include "x86/cpu_bits.h"
#include "x86/feature.h"
#include "x86/image.h"
#include "x86/instr.h"
#include "x86/paging.h"
#include "x86/report.h"
#include "x86/smap.h"
#include "x86/smap_probe.h"

/* As .smap_sites holds them: where the instruction is, relative to this field, and its last byte.
 */
struct smap_site {
    int32_t place;
    uint32_t last_byte;
};

extern const struct smap_site smap_sites_start[], smap_sites_end[];
extern uint64_t boot_l4[512];

/* A page of ring 3 with code and stack, and the tables that map it at SMAP_PROBE_PAGE. */
static uint64_t probe_l3[512] ALIGNED(4096) BOOT_ONLY;
static uint64_t probe_l2[512] ALIGNED(4096) BOOT_ONLY;
static uint64_t probe_l1[512] ALIGNED(4096) BOOT_ONLY;
static char probe_page[4096] ALIGNED(4096) BOOT_ONLY;

#define USER_TABLE (PTE_PRESENT | PTE_WRITABLE | PTE_USER)

/* True if an IRETQ in ring 3 works with SMAP on. */
static bool smap_works(void)
{
    uint64_t *slot = &boot_l4[L4_SLOT(SMAP_PROBE_PAGE)];
    uint64_t cr4 = read_cr4();

    memcpy(probe_page, smap_probe_user, (size_t)(smap_probe_user_end - smap_probe_user));
    *slot = image_paddr(probe_l3) | USER_TABLE;
    probe_l3[0] = image_paddr(probe_l2) | USER_TABLE;
    probe_l2[0] = image_paddr(probe_l1) | USER_TABLE;
    probe_l1[0] = image_paddr(probe_page) | USER_TABLE;

    write_cr4(cr4 | CR4_SMAP);
    uint64_t vector = smap_probe();

    write_cr4(cr4);
    *slot = 0;
    write_cr3(read_cr3());
    return vector == SMAP_PROBE_WORKS;
}

static void patch_sites(void)
{
    for (const struct smap_site *s = smap_sites_start; s < smap_sites_end; s++) {
        uint8_t *code = (uint8_t *)((uintptr_t)&s->place + (uint64_t)(int64_t)s->place);

        code[0] = 0x0f;
        code[1] = 0x01;
        code[2] = (uint8_t)s->last_byte;
    }
    /* Serialises: what was fetched before is forgotten. */
    (void)cpuid(0, 0);
}

void smap_init(enum smap_choice choice)
{
    if (choice == SMAP_OFF)
        features.smap = false;
    if (features.smap && choice == SMAP_AUTO && !smap_works()) {
        machine_info("SMAP stays off: on this CPU an IRETQ in ring 3 faults while it is on");
        features.smap = false;
    }
    if (features.smap)
        patch_sites();
}
