/* SPDX-License-Identifier: MIT */
/*
 * xen_version: what the hypervisor says about itself. Guests choose their ways by it, so it answers
 * as the Xen does whose ABI this is, and names itself in the part that is for people.
 *
 * abi/xen_version.def lists the operations. Most write one structure or text to the address in the
 * second argument and return 0, or -EFAULT (HCALL-2) if it cannot be written; others return a
 * number. None changes anything.
 */
#include "domain/guest_struct.h"
#include "hypercall/hypercall.h"
#include "lib/atomic.h"
#include "lib/text.h"
#include "lib/types.h"

/* The Xen whose answers the tests compare with. A guest may test for "at least 4.x", never for us
 * by number: a kernel that wants to know finds the name in EXTRAVERSION. */
#define VERSION_MAJOR 4
#define VERSION_MINOR 17
#define EXTRAVERSION  ".0-xen-lite"
/* What kinds of guest can run, each followed by a space, as domain builders expect it. */
#define CAPABILITIES  "xen-3.0-x86_64 xen-3.0-x86_32p "
#define DENIED        "<denied>"

/* Gives the guest its answer: 0, or the refusal of an address that cannot be written. */
static long answer(struct hcall *h, const void *from, size_t size)
{
    if (guest_copy_out(GVA(h->arg[1]), from, size) != 0)
        return refuse(h->v, RULE_HCALL_2, "buffer at %lx", h->arg[1]);
    return 0;
}

/* The number itself is the result: major in the upper half, minor in the lower. */
static long op_version(struct hcall *h)
{
    (void)h;
    return VERSION_MAJOR << 16 | VERSION_MINOR;
}

static long op_extraversion(struct hcall *h)
{
    xen_extraversion_t text = EXTRAVERSION;

    return answer(h, text, sizeof(text));
}

/* Neither a user nor a date: a build of the same source is the same to the byte. */
static long op_compile_info(struct hcall *h)
{
    struct xen_compile_info info = { .compile_by = "xen-lite" };

    (void)text_copy(info.compiler, sizeof(info.compiler), __VERSION__);
    return answer(h, &info, sizeof(info));
}

static long op_capabilities(struct hcall *h)
{
    xen_capabilities_info_t text = CAPABILITIES;

    return answer(h, text, sizeof(text));
}

/* Empty, for the same reason. */
static long op_changeset(struct hcall *h)
{
    xen_changeset_info_t text = "";

    return answer(h, text, sizeof(text));
}

/* Where the hypervisor's part of the address space begins: page tables are the guest's below it. */
static long op_platform_parameters(struct hcall *h)
{
    uint64_t start = h->v->pv->width->hypervisor_start;

    static_assert(sizeof(struct xen_platform_parameters_64) == sizeof(start) &&
                      sizeof(struct xen_platform_parameters_32) == sizeof(uint32_t),
                  "one word");
    if (guest_words_out(h->v, GVA(h->arg[1]), &start, 1) != 0)
        return refuse(h->v, RULE_HCALL_2, "buffer at %lx", h->arg[1]);
    return 0;
}

/* Word 0 of the features of a PV domain that is not privileged. What is left out counts as much: no
 * translated page tables, no supervisor-mode kernel, so a guest keeps its own P2M and does not run
 * in ring 0. The one feature that depends on the guest is an assist that it has switched on. */
static uint32_t features(const struct domain *d)
{
    uint32_t set = BIT(XENFEAT_mmu_pt_update_preserve_ad) | BIT(XENFEAT_highmem_assist) |
                   BIT(XENFEAT_gnttab_map_avail_bits) | BIT(XENFEAT_memory_op_vnode_supported) |
                   BIT(XENFEAT_direct_mapped);

    if (atomic_load(&d->vm_assist) & BIT(VMASST_TYPE_pae_extended_cr3))
        set |= BIT(XENFEAT_pae_pgdir_above_4gb);
    return set;
}

/* IN: which word; OUT: the word. -EINVAL (HCALL-10) for a word that the ABI does not have. */
static long op_get_features(struct hcall *h)
{
    struct xen_feature_info info;

    if (guest_copy_in(&info, GVA(h->arg[1]), sizeof(info)) != 0)
        return refuse(h->v, RULE_HCALL_2, "buffer at %lx", h->arg[1]);
    if (info.submap_idx >= XENFEAT_NR_SUBMAPS)
        return refuse(h->v, RULE_HCALL_10, "word %u of the features", info.submap_idx);

    info.submap = features(h->v->domain);

    return answer(h, &info, sizeof(info));
}

/* The result is the size; there must be no argument, as on Xen (HCALL-4). */
static long op_pagesize(struct hcall *h)
{
    if (h->arg[1] != 0)
        return refuse(h->v, RULE_HCALL_4, "argument %lx", h->arg[1]);
    return PAGE_SIZE;
}

/* Domains from boot modules have no UUID. */
static long op_guest_handle(struct hcall *h)
{
    xen_domain_handle_t handle = { 0 };

    return answer(h, handle, sizeof(handle));
}

/* Not for guests, but no error either, as on Xen: the text says so. */
static long op_commandline(struct hcall *h)
{
    return answer(h, DENIED, sizeof(DENIED));
}

/* For privileged domains: -EPERM (PRIV-2), whatever the buffer. */
static long op_build_id(struct hcall *h)
{
    return refuse(h->v, RULE_PRIV_2, "build id");
}

typedef long operation(struct hcall *h);

static operation *const operations[] = {
#define XENVER(number, name) [number] = op_##name,
#include "abi/xen_version.def"
};

/*
 * xen_version(operation, argument). Results and errors as each operation says, -ENOSYS (HCALL-3)
 * for one that does not exist. Often a kernel's first call, made to see that hypercalls work at
 * all; and its cheapest, made to have pending events delivered. Source: Xen's public version.h.
 */
long hc_xen_version(struct hcall *h)
{
    unsigned long number = (uint32_t)h->arg[0];

    if (number >= ARRAY_SIZE(operations))
        return refuse(h->v, RULE_HCALL_3, "operation %lu", number);
    return operations[number](h);
}
