/* SPDX-License-Identifier: MIT */
/*
 * From boot modules to a domain that can run: the start of day as the ABI describes it.
 *
 *      virt_base                                                                        4 MiB
 * boundary | kernel | ramdisk | PFN->MFN list | start_info | store | console | page tables | stack
 * | >= 512 KiB free |
 *
 * A kernel can ask for the list at an address of its own (INIT_P2M) or for an unmapped ramdisk
 * (MOD_START_PFN); those then use frames behind the stack. The page tables are written into the
 * guest's frames as a guest would write them, and then become page tables by the ordinary checks:
 * the builder has no rules of its own.
 *
 * A domain that is built again is built while others run, so the work is cut into steps of which
 * each is a frame, a table or a few pages.
 */
#include "pv/build.h"

#include "domain/grant.h"
#include "hv/alloc.h"
#include "hv/frame.h"
#include "hv/print.h"
#include "hv/work.h"
#include "domain/memory.h"
#include "domain/sched.h"
#include "lib/atomic.h"
#include "lib/string.h"
#include "pv/mmu.h"
#include "pv/pv.h"
#include "pv/vcpu.h"

#define MIN_FREE  (512 * KIB)
#define MAP_ALIGN (4 * MIB)

static unsigned long pages_of(uint64_t bytes)
{
    return (bytes + PAGE_SIZE - 1) / PAGE_SIZE;
}

static struct build_range take(unsigned long *next, unsigned long pages)
{
    struct build_range range = { .pfn = *next, .pages = pages };

    *next += pages;
    return range;
}

/* The tables map themselves and what is behind them: their number depends on itself. It grows with
 * the area, and the area by far less. */
static void place_tables(struct build *b, unsigned long *next)
{
    unsigned long first = *next, count = 0, needed = 4;

    while (count < needed) {
        uint64_t end;

        count = needed;
        end = build_address(b, first + count + 1) + MIN_FREE;
        end = round_up(end, MAP_ALIGN);
        b->mapped_pages = (end - b->virt_base) / PAGE_SIZE;
        if (b->mapped_pages > b->pages)
            b->mapped_pages = b->pages;
        needed = build_count_tables(b, b->mapped_pages);
    }
    b->tables = take(next, count);
    b->stack = take(next, 1);
}

/* What is mapped at the start must be the guest's to map, and not wrap. */
static bool check_addresses(struct build *b)
{
    uint64_t first = b->virt_base, last = build_address(b, b->mapped_pages) - 1;
    const struct pv_width *w = b->width;

    if (first <= last && (last < w->hypervisor_start || first >= w->hypervisor_end))
        return true;
    return problem_say(&b->problem, "would be at 0x%lx-0x%lx: there is the hypervisor (%s)", first,
                       last, rule_name(RULE_IMG_3));
}

bool build_place(struct build *b)
{
    unsigned long list_pages = pages_of(b->pages * b->width->guest.bytes);
    bool map_ramdisk = b->ramdisk.size != 0 && !b->notes.mod_start_pfn;
    unsigned long next = 0;

    b->virt_base = b->layout.virt_base;
    b->kernel_range = take(&next, pages_of(b->layout.kernel_end - b->virt_base));
    if (map_ramdisk)
        b->ramdisk_range = take(&next, pages_of(b->ramdisk.size));
    if (!b->notes.has_init_p2m) {
        b->p2m_range = take(&next, list_pages);
        b->p2m_address = build_address(b, b->p2m_range.pfn);
    } else {
        b->p2m_range.pages = list_pages;
        b->p2m_address = b->notes.init_p2m;
    }
    b->start_info = take(&next, 1);
    b->store = take(&next, 1);
    b->console = take(&next, 1);
    place_tables(b, &next);
    if (b->notes.has_init_p2m)
        b->p2m_range = take(&next, list_pages);
    if (b->ramdisk.size != 0 && !map_ramdisk)
        b->ramdisk_range = take(&next, pages_of(b->ramdisk.size));
    if (next > b->pages)
        return problem_say(
            &b->problem, "needs %lu KiB to start and has %lu KiB: give it more memory (%s)",
            next * PAGE_SIZE / KIB, b->pages * PAGE_SIZE / KIB, rule_name(RULE_IMG_6));
    return check_addresses(b);
}

/* The frame for a PFN. The root table of a 32-bit guest is named by a CR3 of 32 bits, unless the
 * kernel knows the form that has room for more. */
static bool take_frame(struct build *b, unsigned long pfn, mfn_t *mfn)
{
    uint64_t below = pfn == b->tables.pfn ? b->root_below : 0;

    *mfn = domain_alloc_pages(b->domain, 0, below, M2P_INVALID);
    if (mfn_is_valid(*mfn))
        return true;
    return problem_say(&b->problem, "it wants %lu KiB of memory, and only %lu KiB of that are free",
                       b->pages * PAGE_SIZE / KIB,
                       (domain_frames(b->domain) + pages_free_count()) * PAGE_SIZE / KIB);
}

static void list_set(struct build *b, unsigned long pfn, mfn_t mfn)
{
    const size_t bytes = b->width->guest.bytes;
    char *page = mfn_to_virt(b->p2m_frames[pfn * bytes / PAGE_SIZE]);

    /* Little-endian: the low half of the number comes first. */
    memcpy(page + pfn * bytes % PAGE_SIZE, &mfn.n, bytes);
    m2p_set(mfn, pfn);
}

/* One frame; those of the list come first, as it is written while the others are taken. */
static enum build_result memory_step(struct build *b)
{
    const struct build_range list = b->p2m_range;
    unsigned long n = b->at++, pfn = n - list.pages;
    bool in_list = pfn - list.pfn < list.pages;
    mfn_t mfn;

    if (n == list.pages + b->pages)
        return BUILD_DONE;
    if (n < list.pages)
        return take_frame(b, list.pfn + n, &b->p2m_frames[n]) ? BUILD_AGAIN : BUILD_FAILED;
    if (in_list)
        mfn = b->p2m_frames[pfn - list.pfn];
    else if (!take_frame(b, pfn, &mfn))
        return BUILD_FAILED;
    list_set(b, pfn, mfn);
    return BUILD_AGAIN;
}

mfn_t build_mfn(const struct build *b, unsigned long pfn)
{
    const size_t bytes = b->width->guest.bytes;
    const char *page = mfn_to_virt(b->p2m_frames[pfn * bytes / PAGE_SIZE]);
    mfn_t mfn = MFN(0);

    memcpy(&mfn.n, page + pfn * bytes % PAGE_SIZE, bytes);
    return mfn;
}

/* ---- Order of the whole ---- */

static bool read_image(struct build *b, struct span kernel, struct span ramdisk)
{
    b->kernel = kernel;
    b->ramdisk = ramdisk;
    return elf_open(&b->elf, b->kernel, &b->problem) && elf_check_loads(&b->elf, &b->problem) &&
           xen_notes_read(&b->elf, &b->notes, &b->problem) &&
           xen_image_layout(&b->elf, &b->notes, &b->layout, &b->problem) && build_check_image(b);
}

static bool create_vcpus(struct build *b)
{
    for (unsigned int id = 0; id < b->domain->config.max_vcpus; id++)
        if (vcpu_create(b->domain, id) == NULL)
            return problem_say(&b->problem, "no memory for vCPU %u", id);
    return true;
}

/* All that is the hypervisor's own. */
static enum build_result prepare(struct build *b)
{
    if (b->notes.pae_mode == XEN_PAE_YES)
        b->root_below = 4 * GIB;
    else if (b->notes.pae_mode != XEN_PAE_NO)
        atomic_or(&b->domain->vm_assist, BIT(VMASST_TYPE_pae_extended_cr3));
    if (!build_place(b))
        return BUILD_FAILED;
    b->p2m_frames = hv_alloc(b->p2m_range.pages * sizeof(b->p2m_frames[0]));
    if (b->p2m_frames == NULL || pv_domain_create(b->domain, b->width, b->image) != 0) {
        (void)problem_say(&b->problem, "no memory for the hypervisor's own tables of it");
        return BUILD_FAILED;
    }
    return create_vcpus(b) ? BUILD_DONE : BUILD_FAILED;
}

static enum build_result describe_start(struct build *b)
{
    domain_share_page(b->domain, b->domain->shared_mfn);
    if (grant_grow(b->domain, 1) != RULE_NONE) {
        (void)problem_say(&b->problem, "no memory for its grant table");
        return BUILD_FAILED;
    }
    return build_start_info(b) ? BUILD_DONE : BUILD_FAILED;
}

/* The first L4 table is pinned, and the boot vCPU's base pointer: both as Xen's own builders do it.
 */
static enum build_result install_tables(struct build *b)
{
    enum rule_id rule = pv_start_tables(b->domain->vcpu[0], build_mfn(b, b->tables.pfn));

    if (rule == RULE_AGAIN)
        return BUILD_AGAIN;
    if (rule != RULE_NONE) {
        (void)problem_say(&b->problem, "its first page tables are refused: %s: %s", rule_name(rule),
                          rule_sentence(rule));
        return BUILD_FAILED;
    }
    build_context(b);
    return BUILD_DONE;
}

/* In this order: start_info is one of the pages that the tables show, and these are the guest's own
 * and read-only once they are installed. */
static enum build_result (*const stages[])(struct build *b) = {
    prepare, memory_step, build_image_step, build_tables_step, describe_start, install_tables,
};

static enum build_result step(struct build *b)
{
    while (b->stage < ARRAY_SIZE(stages)) {
        b->result = stages[b->stage](b);
        if (b->result == BUILD_FAILED)
            return BUILD_FAILED;
        if (b->result == BUILD_DONE) {
            b->stage++;
            b->at = 0;
        }
        if (preempt_wanted())
            return BUILD_AGAIN;
    }
    return BUILD_DONE;
}

static struct build *begin(const struct domain_config *config, struct span kernel,
                           struct span ramdisk, const struct image *image)
{
    struct build *b = hv_alloc(sizeof(*b));

    if (b == NULL) {
        print(LOG_ERROR, "domain %s: no memory to build it\n", config->name);
        return NULL;
    }
    if (read_image(b, kernel, ramdisk)) {
        b->pages = config->memory_pages;
        b->image = image;
        b->domain = domain_create(config, &pv_guest_ops, &b->width->guest);
        if (b->domain != NULL)
            return b;
        (void)problem_say(&b->problem, "no memory, or too many domains");
    }
    print(LOG_ERROR, "domain %s: %s\n", config->name, b->problem.text);
    hv_free(b);
    return NULL;
}

static struct domain *end(struct build *b)
{
    struct domain *d = b->domain;

    if (b->result == BUILD_FAILED)
        print(LOG_ERROR, "domain %s: %s\n", d->config.name, b->problem.text);
    hv_free(b->p2m_frames);
    hv_free(b);
    return d;
}

const struct domain_builder pv_builder = {
    .study = pv_study_image,
    .forget = pv_forget_image,
    .begin = begin,
    .step = step,
    .end = end,
};
