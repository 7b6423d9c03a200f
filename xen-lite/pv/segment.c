/* SPDX-License-Identifier: MIT */
/*
 * Segments of the current vCPU, read from its tables. See segment.h.
 *
 * The descriptors are read as the CPU reads them, through the vCPU's window (area.h): a page of the
 * LDT that is not there yet is mapped by the fault (trap.c).
 */
#include "pv/segment.h"

#include "abi/layout.h"
#include "domain/sched.h"
#include "pv/area.h"
#include "pv/pv.h"
#include "x86/guest_copy.h"
#include "x86/instr.h"

#define SELECTOR_LOCAL  4u
#define SELECTOR_OFFSET 0xfff8u /* of the descriptor in its table */

/* The guest's data segments stay loaded while the hypervisor runs. */
static uint16_t selector_of(const struct regs *regs, enum segment which)
{
    switch (which) {
    case SEGMENT_ES: return read_es();
    case SEGMENT_CS: return regs->cs;
    case SEGMENT_SS: return regs->ss;
    case SEGMENT_DS: return read_ds();
    case SEGMENT_FS: return read_fs();
    case SEGMENT_GS: break;
    }
    return read_gs();
}

/* As the selector of a kernel's stack names it at either width. The descriptor is the hypervisor's.
 */
static const struct segment_view flat_data = {
    .limit = UINT32_MAX,
    .is_big = true,
    .readable = true,
    .writable = true,
};

bool segment_of_selector(uint16_t selector, struct segment_view *s)
{
    const struct vcpu *v = current_vcpu();
    uint64_t offset = selector & SELECTOR_OFFSET;
    uint64_t table = pv_window_address(v);
    unsigned int faults = 0;
    uint64_t descriptor;

    if (likely(selector == v->pv->width->kernel_ss)) {
        *s = flat_data;
        return true;
    }
    if (selector & SELECTOR_LOCAL) {
        if (offset / sizeof(descriptor) >= v->pv->ldt_entries)
            return false;
        table += VCPU_WINDOW_LDT_OFFSET;
    } else if (offset == 0 || offset >= VCPU_WINDOW_LDT_OFFSET) {
        return false;
    }
    descriptor = guest_get_word(table + offset, &faults);
    return faults == 0 && descriptor_segment(descriptor, s);
}

bool segment_get(const struct regs *regs, enum segment which, struct segment_view *s)
{
    return segment_of_selector(selector_of(regs, which), s);
}

bool segment_get_code(const struct regs *regs, struct segment_view *s)
{
    return segment_get(regs, SEGMENT_CS, s) && (s->is_long || s->is_big);
}
