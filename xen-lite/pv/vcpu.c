/* SPDX-License-Identifier: MIT */
/*
 * What the rest of the hypervisor asks of a PV guest: the ops table, and a vCPU's birth and initial
 * state.
 */
#include "pv/vcpu.h"

#include "core/descriptor.h"
#include "hv/alloc.h"
#include "lib/string.h"
#include "lib/types.h"
#include "pv/area.h"
#include "pv/mmu.h"
#include "pv/pv.h"
#include "x86/cpu_bits.h"
#include "x86/fpu.h"
#include "x86/guest_copy.h"
#include "x86/instr.h"
#include "x86/tlb.h"

/* x87 and SSE: what Xen lets a guest begin with. */
#define XCR0_AT_START 3

int pv_domain_create(struct domain *d, const struct pv_width *width, const struct image *image)
{
    d->pv = hv_alloc(sizeof(*d->pv));
    if (d->pv == NULL)
        return -XEN_ENOMEM;
    d->pv->width = width;
    d->pv->image = image;
    d->pv->console_frame = INVALID_MFN;
    d->pv->eoi_frame = INVALID_MFN;
    return pv_area_create(d);
}

void pv_domain_destroy(struct domain *d)
{
    if (d->pv == NULL)
        return;
    pv_area_destroy(d);
    hv_free(d->pv);
    d->pv = NULL;
}

static void pv_vcpu_destroy(struct vcpu *v)
{
    if (v->pv == NULL)
        return;
    v->pv->width->destroy_top(v);
    hv_free(v->pv->trap);
    hv_free(v->pv);
    v->pv = NULL;
}

static int pv_vcpu_create(struct vcpu *v)
{
    struct pv_vcpu *pv = hv_alloc(sizeof(*pv));

    if (pv == NULL)
        return -XEN_ENOMEM;
    pv->trap = hv_alloc(TRAP_VECTORS * sizeof(pv->trap[0]));
    if (pv->trap == NULL) {
        hv_free(pv);
        return -XEN_ENOMEM;
    }
    pv->kernel_table = INVALID_MFN;
    pv->user_table = INVALID_MFN;
    for (unsigned int i = 0; i < GDT_GUEST_PAGES; i++)
        pv->gdt_frame[i] = INVALID_MFN;
    for (unsigned int i = 0; i < LDT_PAGES; i++)
        pv->ldt_frame[i] = INVALID_MFN;
    pv->dr[6] = DR6_DEFAULT;
    pv->dr[7] = DR7_FIXED;
    pv->xcr0 = fpu_components() & XCR0_AT_START;
    pv->width = v->domain->pv->width;
    pv->kernel_mode = true;
    v->pv = pv;
    if (pv->width->create_top(v) == 0)
        return 0;
    pv_vcpu_destroy(v);
    return -XEN_ENOMEM;
}

void pv_clear_traps(struct pv_vcpu *pv)
{
    memset(pv->trap, 0, TRAP_VECTORS * sizeof(pv->trap[0]));
}

/* #DF, #TS to #PF, #AC, #CP. */
#define VECTORS_WITH_ERROR_CODE \
    (BIT(8) | BIT(10) | BIT(11) | BIT(12) | BIT(13) | BIT(14) | BIT(17) | BIT(21))

/* Where a handler is. A null selector, where that counts, says that there is none, as on Xen; else
 * address 0 does. */
static struct pv_trap handler_at(const struct pv_vcpu *pv, uint16_t cs, uint64_t address)
{
    uint16_t flat = pv->width->handler_cs;

    if (flat != 0)
        return (struct pv_trap){ .address = address, .cs = flat, .present = address != 0 };
    cs = selector_raise(cs, pv->width->kernel_ring);
    return (struct pv_trap){ .address = address, .cs = cs, .present = !selector_is_null(cs) };
}

void pv_set_trap(struct pv_vcpu *pv, const struct trap_info_64 *t)
{
    bool has_error_code = t->vector < 32 && (VECTORS_WITH_ERROR_CODE & BIT(t->vector)) != 0;

    struct pv_trap trap = handler_at(pv, t->cs, t->address);

    trap.dpl = t->flags & TRAP_DPL_MASK;
    trap.mask_events = (t->flags & TRAP_MASKS_EVENTS) != 0;
    trap.has_error_code = has_error_code;
    trap.frame_size = PV_FRAME_SIZE + (has_error_code ? PV_FRAME_ERROR_CODE_SIZE : 0);
    pv->trap[t->vector] = trap;
}

void pv_set_callback(struct pv_vcpu *pv, enum pv_callback which, uint16_t cs, uint64_t address,
                     bool masks)
{
    struct pv_trap callback;

    /* Of the failsafe callback the selector does not count, as on Xen; SYSENTER's is none at
     * address 0. */
    if (which == PV_CALLBACK_FAILSAFE)
        cs = pv->width->kernel_cs;
    callback = handler_at(pv, cs, address);
    if (which == PV_CALLBACK_SYSENTER && address == 0)
        callback.present = false;

    /* As on Xen, SYSCALL of 32-bit code masks events if that of 64-bit code does, where there is
     * such code. */
    if (which == PV_CALLBACK_SYSCALL)
        pv->callback[PV_CALLBACK_SYSCALL32].mask_events = masks;
    else if (which == PV_CALLBACK_SYSCALL32 && (pv->width->callbacks & BIT(PV_CALLBACK_SYSCALL)))
        masks = pv->callback[PV_CALLBACK_SYSCALL].mask_events;
    /* An event always masks: the next one would come before its handler has saved anything. */
    callback.mask_events = masks || which == PV_CALLBACK_EVENT;
    callback.frame_size =
        PV_FRAME_SIZE + (which == PV_CALLBACK_FAILSAFE ? PV_FRAME_SELECTORS_SIZE : 0);
    pv->callback[which] = callback;
}

/*
 * The kernel's own tables may not be the loaded ones: then they are for the time of the copy.
 * Interrupts are off, so nothing else sees it.
 */
static int pv_kernel_copy_out(struct vcpu *v, gva_t to, const void *from, size_t size)
{
    int result;

    if (v->pv->kernel_mode)
        return guest_copy_out(to, from, size);
    cr3_load(v->pv->kernel_l4);
    result = guest_copy_out(to, from, size);
    cr3_load(v->pv->user_table);
    return result;
}

const struct guest_ops pv_guest_ops = {
    .vcpu_create = pv_vcpu_create,
    .vcpu_destroy = pv_vcpu_destroy,
    .switch_out = pv_switch_out,
    .switch_in = pv_switch_in,
    .relinquish = pv_relinquish,
    .vcpu_set_context = pv_vcpu_set_context,
    .describe = pv_describe,
    .kernel_copy_out = pv_kernel_copy_out,
};
