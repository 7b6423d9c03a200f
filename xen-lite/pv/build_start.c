/* SPDX-License-Identifier: MIT */
/*
 * The builder: what the guest finds in its first pages and registers.
 */
#include "domain/console_ring.h"
#include "domain/grant.h"
#include "domain/memory.h"
#include "hv/frame.h"
#include "lib/format.h"
#include "lib/string.h"
#include "pv/build.h"
#include "pv/pv.h"
#include "x86/cpu_bits.h"

static void describe_ramdisk(const struct build *b, struct start_info_64 *si)
{
    if (b->ramdisk.size == 0)
        return;
    si->mod_len = b->ramdisk.size;
    if (b->notes.mod_start_pfn) {
        si->mod_start = b->ramdisk_range.pfn;
        si->flags |= SIF_MOD_START_PFN;
    } else {
        si->mod_start = build_address(b, b->ramdisk_range.pfn);
    }
}

/* The hypervisor is the other end of the console ring, as long as the domain lives. */
static bool attach_console(struct build *b, struct start_info_64 *si)
{
    mfn_t mfn = build_mfn(b, b->console.pfn);
    long port;

    if (domain_get_writable(b->domain, mfn) != RULE_NONE)
        return problem_say(&b->problem, "its console page cannot be shared");
    b->domain->pv->console_frame = mfn;
    port = console_ring_attach(b->domain, mfn);
    if (port < 0)
        return problem_say(&b->problem, "no event channel for its console");
    si->console.domU.mfn = mfn.n;
    si->console.domU.evtchn = (uint32_t)port;
    return true;
}

void pv_write_start_info_64(void *page, const struct start_info_64 *from)
{
    memcpy(page, from, sizeof(*from));
}

/* Each value fits: addresses and frames of such a domain are below 4 GiB, or were made to be. */
void pv_write_start_info_32(void *page, const struct start_info_64 *from)
{
    struct start_info_32 *to = page;

#define COPY(field) to->field = (__typeof__(to->field))from->field
    COPY(nr_pages);
    COPY(shared_info);
    COPY(flags);
    COPY(store_mfn);
    COPY(store_evtchn);
    COPY(console.domU.mfn);
    COPY(console.domU.evtchn);
    COPY(pt_base);
    COPY(nr_pt_frames);
    COPY(mfn_list);
    COPY(mod_start);
    COPY(mod_len);
#undef COPY
    memcpy(to->magic, from->magic, sizeof(to->magic));
    memcpy(to->cmd_line, from->cmd_line, sizeof(to->cmd_line));
}

/* As a toolstack does it: who serves console and store may map their pages. Here nobody does. */
#define SERVING_DOMAIN 0

static void seed_grants(struct build *b)
{
    grant_seed(b->domain, GNTTAB_RESERVED_CONSOLE, SERVING_DOMAIN, build_mfn(b, b->console.pfn));
    grant_seed(b->domain, GNTTAB_RESERVED_XENSTORE, SERVING_DOMAIN, build_mfn(b, b->store.pfn));
}

bool build_start_info(struct build *b)
{
    struct start_info_64 *si = &b->info;
    struct domain *d = b->domain;

    format_string(si->magic, sizeof(si->magic), "%s", b->width->magic);
    si->nr_pages = b->pages;
    si->shared_info = mfn_to_paddr(d->shared_mfn);
    si->store_mfn = build_mfn(b, b->store.pfn).n;
    si->store_evtchn = 0; /* nobody serves the store */
    si->pt_base = build_address(b, b->tables.pfn);
    si->nr_pt_frames = b->tables.pages;
    si->mfn_list = b->p2m_address;
    if (b->notes.has_init_p2m) {
        si->first_p2m_pfn = b->p2m_range.pfn;
        si->nr_p2m_frames = b->p2m_range.pages;
    }
    describe_ramdisk(b, si);
    format_string((char *)si->cmd_line, sizeof(si->cmd_line), "%s", d->config.command_line);
    /* A guest starts with upcalls masked: it has no callback yet. */
    for (unsigned int i = 0; i < XEN_LEGACY_MAX_VCPUS; i++)
        d->shared->vcpu_info[i].evtchn_upcall_mask = 1;
    if (!attach_console(b, si))
        return false;
    seed_grants(b);
    b->width->write_start_info(mfn_to_virt(build_mfn(b, b->start_info.pfn)), si);
    return true;
}

void build_context(const struct build *b)
{
    const struct pv_width *width = b->width;
    struct vcpu *v = b->domain->vcpu[0];
    uint64_t stack = build_address(b, b->stack.pfn + 1);

    v->regs = (struct regs){
        .rip = b->layout.entry,
        .rsp = stack,
        .rsi = build_address(b, b->start_info.pfn),
        .cs = width->kernel_cs,
        .ss = width->kernel_ss,
        .rflags = RFLAGS_IF | RFLAGS_RESERVED1,
    };
    v->pv->kernel_sp = stack;
    v->pv->kernel_ss = width->kernel_ss;
    v->pv->ds = v->pv->es = v->pv->fs = v->pv->gs = width->kernel_ds;
    v->initialised = true;
}
