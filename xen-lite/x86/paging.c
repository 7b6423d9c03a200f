/* SPDX-License-Identifier: MIT */
/*
 * Builds the hypervisor's page tables.
 *
 * Tables are reached through the direct map, whose boot form (first 4 GiB) boot.S made and whose
 * final form is built here beside it, in a fresh L4 table; then the entries of that one replace
 * those of the L4 that is in use. Table pages come from boot_memory, later from the page allocator.
 */
#include "x86/paging.h"

#include "lib/assert.h"
#include "lib/string.h"
#include "x86/boot_memory.h"
#include "x86/cpu_bits.h"
#include "x86/feature.h"
#include "x86/instr.h"
#include "x86/report.h"

#define PAGE_2M (1UL << 21)
#define PAGE_1G (1UL << 30)

/* The PAT bit of an entry for a large page lies elsewhere: where a small page has it is PSE. */
#define PTE_PAT_LARGE (1UL << 12)
/* Tables that the screen may need: one of level 2, and one of level 1 for either end. */
#define SCREEN_TABLES 3

extern uint64_t boot_l4[512];

/* The table that is being written: a fresh one during paging_init(), then the one in use. */
static uint64_t *l4 = boot_l4;
static uint64_t device_next = DEVICE_BASE;

/* Where table pages come from until the machine's memory is known: only the screen needs any. */
static void *screen_page(void)
{
    static uint64_t pages[SCREEN_TABLES][512] ALIGNED(4096);
    static unsigned int taken;

    return taken < SCREEN_TABLES ? pages[taken++] : NULL;
}

/* Then until there is a page allocator. */
static void *boot_page(void)
{
    void *page = paddr_to_virt(boot_memory_alloc(PAGE_SIZE, PAGE_SIZE));

    memset(page, 0, PAGE_SIZE);
    return page;
}

static void *(*page_source)(void) = screen_page;

void paging_set_page_source(void *(*alloc)(void))
{
    page_source = alloc;
}

void *paging_new_page(void)
{
    void *page = page_source();

    if (page == NULL)
        machine_panic("no memory for page tables and stacks");
    return page;
}

/* The table below an entry; made if there is none. A large page must not be in the way. */
static uint64_t *table_below(uint64_t *entry, uint64_t user)
{
    if (!(*entry & PTE_PRESENT)) {
        *entry = mfn_to_paddr(hv_virt_to_mfn(paging_new_page())) | PTE_PRESENT | PTE_WRITABLE |
                 PTE_ACCESSED | user;
    }
    return paddr_to_virt(*entry & PTE_ADDRESS);
}

static uint64_t large_entry(paddr_t pa, uint64_t how)
{
    uint64_t pat = how & PTE_PAT ? PTE_PAT_LARGE : 0;

    return pa | (how & ~PTE_PAT) | pat | PTE_PSE;
}

/* Maps one page, as large as alignment and size allow. Returns its size. */
static uint64_t map_one(uint64_t va, paddr_t pa, uint64_t size, uint64_t how)
{
    uint64_t user = how & PTE_USER;
    uint64_t *l3 = table_below(&l4[L4_SLOT(va)], user) + L3_INDEX(va);

    if (features.page_1gib && is_aligned(va | pa, PAGE_1G) && size >= PAGE_1G) {
        *l3 = large_entry(pa, how);
        return PAGE_1G;
    }

    uint64_t *l2 = table_below(l3, user) + L2_INDEX(va);

    if (is_aligned(va | pa, PAGE_2M) && size >= PAGE_2M) {
        *l2 = large_entry(pa, how);
        return PAGE_2M;
    }
    table_below(l2, user)[L1_INDEX(va)] = pa | how;
    return PAGE_SIZE;
}

void paging_map(uint64_t va, paddr_t pa, uint64_t size, uint64_t how)
{
    while (size != 0) {
        uint64_t step = map_one(va, pa, size, how);

        va += step;
        pa += step;
        size -= step;
    }
}

/* 2 MiB of address space without any page take one entry, which leads to a table that is shared by
 * all of them; so a hole of any size costs a few tables. */
void paging_fill_holes(uint64_t start, uint64_t end, paddr_t page)
{
    uint64_t *full = paging_new_page();

    for (unsigned int i = 0; i < 512; i++)
        full[i] = page | MAP_READ;

    for (uint64_t va = start; va < end; va += PAGE_2M) {
        uint64_t *l3 = table_below(&l4[L4_SLOT(va)], 0) + L3_INDEX(va);
        uint64_t *l2 = table_below(l3, 0) + L2_INDEX(va);

        if (!(*l2 & PTE_PRESENT)) {
            *l2 = mfn_to_paddr(hv_virt_to_mfn(full)) | PTE_PRESENT | PTE_ACCESSED;
            continue;
        }
        if (*l2 & PTE_PSE)
            continue;
        uint64_t *l1 = paddr_to_virt(*l2 & PTE_ADDRESS);

        for (unsigned int i = 0; i < 512; i++)
            if (!(l1[i] & PTE_PRESENT))
                l1[i] = page | MAP_READ;
    }
}

/* RAM in [base, end). The image's text and constants stay read-only in this view, too. */
static void map_ram(paddr_t base, paddr_t end, void *unused)
{
    paddr_t text = IMAGE_PHYS;
    paddr_t data = image_paddr(image_data);

    (void)unused;
    if (base < text) {
        paddr_t stop = min(end, text);

        paging_map(DIRECT_MAP_BASE + base, base, stop - base, MAP_WRITE);
        base = stop;
    }
    if (base < data && base < end) {
        paddr_t stop = min(end, data);

        paging_map(DIRECT_MAP_BASE + base, base, stop - base, MAP_READ);
        base = stop;
    }
    if (base < end)
        paging_map(DIRECT_MAP_BASE + base, base, end - base, MAP_WRITE);
}

/* The parts begin on page boundaries: the linker script sees to that. */
static void map_image_part(const char *start, const char *end, uint64_t how)
{
    paging_map((uintptr_t)start, image_paddr(start), (uint64_t)(end - start), how);
}

void paging_init(void)
{
    static uint64_t fresh[512] ALIGNED(4096) BOOT_ONLY;

    l4 = fresh;
    page_source = boot_page;
    boot_ram_for_each(map_ram, NULL);
    map_image_part(image_start, image_rodata, MAP_TEXT);
    map_image_part(image_rodata, image_data, MAP_READ);
    map_image_part(image_data, image_end, MAP_WRITE);

    /* Slot 260 (stacks, screen) already is as it shall be. */
    for (unsigned int slot = 0; slot < 512; slot++)
        if (slot != L4_SLOT(STACKS_BASE))
            boot_l4[slot] = fresh[slot];
    l4 = boot_l4;
    /* Flushes what the boot tables had mapped; PGE is off. */
    write_cr3(mfn_to_paddr(hv_l4_mfn()));
    boot_memory_reach_all();
}

void *screen_map(paddr_t pa, uint64_t size, uint64_t how)
{
    paddr_t first = round_down(pa, PAGE_SIZE);
    /* The same place within 2 MiB as in physical memory, so that large pages fit. */
    uint64_t va = SCREEN_BASE + first % PAGE_2M;

    if (size > SCREEN_END - SCREEN_BASE - 2 * PAGE_2M)
        machine_panic("no room to map %lu bytes of screen at 0x%lx", size, pa);
    /* A CPU without NX is about to be refused, in words on this screen. */
    if (!features.nx)
        how &= ~PTE_NX;
    paging_map(va, first, round_up(pa + size, PAGE_SIZE) - first, how);
    return (void *)(va + (pa - first));
}

void *device_map(paddr_t pa, size_t size)
{
    paddr_t first = round_down(pa, PAGE_SIZE);
    uint64_t bytes = round_up(pa + size, PAGE_SIZE) - first;
    uint64_t va = device_next;

    if (bytes > DEVICE_END - device_next)
        machine_panic("no room to map %zu bytes of device at 0x%lx", size, pa);
    device_next += bytes;
    paging_map(va, first, bytes, MAP_DEVICE);
    return (void *)(va + (pa - first));
}

void stack_block_map(unsigned int cpu)
{
    uint64_t block = STACKS_BASE + (uint64_t)cpu * STACK_BLOCK_SIZE;

    for (unsigned int page = 0; page < STACK_BLOCK_SIZE / PAGE_SIZE; page++) {
        if (!(STACK_PAGES & BIT(page)))
            continue;
        paddr_t pa = mfn_to_paddr(hv_virt_to_mfn(paging_new_page()));

        paging_map(block + page * PAGE_SIZE, pa, PAGE_SIZE, MAP_WRITE);
    }
}

bool is_stack_guard(uint64_t address)
{
    return address >= STACKS_BASE && address < STACKS_BASE + MAX_CPUS * STACK_BLOCK_SIZE &&
           !(STACK_PAGES & BIT(address % STACK_BLOCK_SIZE / PAGE_SIZE));
}

mfn_t hv_l4_mfn(void)
{
    return hv_virt_to_mfn(boot_l4);
}

void hv_l4_fill(uint64_t *table, uint64_t domain_entry)
{
    memcpy(table + HV_L4_FIRST, boot_l4 + HV_L4_FIRST,
           (HV_L4_LAST - HV_L4_FIRST + 1) * sizeof(uint64_t));
    table[HV_L4_DOMAIN] = domain_entry;
}

paddr_t paging_low_table(void)
{
    static uint64_t low_l4[512] ALIGNED(4096) BOOT_ONLY;
    static uint64_t low_l3[512] ALIGNED(4096) BOOT_ONLY;
    static uint64_t low_l2[512] ALIGNED(4096) BOOT_ONLY;

    hv_l4_fill(low_l4, 0);
    low_l4[0] = image_paddr(low_l3) | PTE_PRESENT | PTE_WRITABLE;
    low_l3[0] = image_paddr(low_l2) | PTE_PRESENT | PTE_WRITABLE;
    low_l2[0] = PTE_PSE | PTE_PRESENT | PTE_WRITABLE;
    return image_paddr(low_l4);
}

/* The entry of a page that is mapped by a 4 KiB page. */
static uint64_t *small_entry(uint64_t va)
{
    uint64_t *table = l4;

    for (unsigned int level = 4; level > 1; level--) {
        uint64_t entry = table[pte_index(va, level)];

        ASSERT(pte_is_present(entry) && !(entry & PTE_PSE));
        table = paddr_to_virt(entry & PTE_ADDRESS);
    }
    return &table[pte_index(va, 1)];
}

void paging_seal(void)
{
    for (char *page = image_data; page < image_once_end; page += PAGE_SIZE) {
        *small_entry((uintptr_t)page) &= ~PTE_WRITABLE;
        /* Small pages here, too: the image's text is not aligned to large ones. */
        *small_entry(DIRECT_MAP_BASE + image_paddr(page)) &= ~PTE_WRITABLE;
    }
}
