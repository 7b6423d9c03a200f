/* SPDX-License-Identifier: MIT */
/*
 * mmuext_op(list, count, done, foreigndom): pins, base pointers, flushes and other work on page
 * tables that is more than one entry. abi/mmuext.def describes the operations.
 */
#include "hv/work.h"
#include "hypercall/mmu_batch.h"
#include "lib/string.h"
#include "pv/mmu.h"
#include "x86/guest_copy.h"

typedef struct mmuext_op_64 mmuext_op_t;

/* 0 stands for none. */
static enum rule_id set_user_table(struct mmu *m, struct vcpu *v, mfn_t mfn)
{
    if (!mfn_is_valid(mfn))
        return RULE_MMU_18;
    return mmu_set_user_table(m, v, mfn.n == 0 ? INVALID_MFN : mfn);
}

/* Operations that change types of frames: under the lock, after what earlier ones left. */
static enum rule_id change_tables(struct mmu *m, struct vcpu *v, const mmuext_op_t *op)
{
    mfn_t mfn = MFN(op->arg1.mfn);

    if (!mmu_settle(m))
        return RULE_AGAIN;
    switch (op->cmd) {
    case MMUEXT_PIN_L1_TABLE: return mmu_pin(m, mfn, 1);
    case MMUEXT_PIN_L2_TABLE: return mmu_pin(m, mfn, 2);
    case MMUEXT_PIN_L3_TABLE: return mmu_pin(m, mfn, 3);
    case MMUEXT_PIN_L4_TABLE: return mmu_pin(m, mfn, 4);
    case MMUEXT_UNPIN_TABLE: return mmu_unpin(m, mfn);
    case MMUEXT_NEW_BASEPTR: return mmu_set_kernel_table(m, v, mfn);
    case MMUEXT_NEW_USER_BASEPTR: return set_user_table(m, v, mfn);
    case MMUEXT_SET_LDT: return mmu_set_ldt(m, v, GVA(op->arg1.linear_addr), op->arg2.nr_ents);
    default: return RULE_HCALL_3;
    }
}

static long change(struct vcpu *v, const mmuext_op_t *op)
{
    enum rule_id rule;
    struct mmu m;

    for (;;) {
        mmu_begin(&m, v);
        rule = change_tables(&m, v, op);
        mmu_end(&m);
        if (likely(rule == RULE_NONE))
            return 0;
        if (rule != RULE_AGAIN)
            return mmu_refuse(&m, v, rule);
        if (!mmu_go_on())
            return HCALL_AGAIN;
    }
}

static long flush(struct vcpu *v, const mmuext_op_t *op)
{
    cpu_set_t cpus = atomic_load(&v->domain->cpus_loaded);
    gva_t address = GVA(op->arg1.linear_addr);
    bool page = op->cmd == MMUEXT_INVLPG_ALL || op->cmd == MMUEXT_INVLPG_MULTI;
    bool some = op->cmd == MMUEXT_TLB_FLUSH_MULTI || op->cmd == MMUEXT_INVLPG_MULTI;

    if (some && mmu_vcpu_mask(v, GVA(op->arg2.vcpumask), &cpus) != 0)
        return refuse(v, RULE_MMU_31, "bitmap at %lx", op->arg2.vcpumask);
    if (!page)
        tlb_flush(cpus);
    else if (guest_address_ok(address.n))
        tlb_flush_page(cpus, address);
    return 0;
}

static long clear_page(struct vcpu *v, mfn_t mfn)
{
    enum rule_id rule = domain_get_writable(v->domain, mfn);

    if (rule != RULE_NONE)
        return refuse(v, RULE_MMU_21, "mfn %lx breaks %s", mfn.n, rule_name(rule));
    memset(mfn_to_virt(mfn), 0, PAGE_SIZE);
    domain_put_writable(v->domain, mfn);
    return 0;
}

static long copy_page(struct vcpu *v, mfn_t to, mfn_t from)
{
    struct frame *source = domain_frame_get(v->domain, from);
    enum rule_id rule;

    if (source == NULL)
        return refuse(v, RULE_MMU_21, "source mfn %lx is not the domain's", from.n);
    rule = domain_get_writable(v->domain, to);
    if (rule == RULE_NONE) {
        memcpy(mfn_to_virt(to), mfn_to_virt(from), PAGE_SIZE);
        domain_put_writable(v->domain, to);
    }
    domain_frame_put(v->domain, source);
    if (rule != RULE_NONE)
        return refuse(v, RULE_MMU_21, "mfn %lx breaks %s", to.n, rule_name(rule));
    return 0;
}

/* A kernel that switches to where it is already wants the flush. Nobody else changes the table. */
static long new_baseptr(struct vcpu *v, const mmuext_op_t *op)
{
    if (op->arg1.mfn != v->pv->kernel_table.n || !mmu_settle_all(v))
        return change(v, op);
    cr3_load(v->pv->kernel_table);
    return 0;
}

static long run_operation(struct vcpu *v, const mmuext_op_t *op)
{
    switch (op->cmd) {
    case MMUEXT_NEW_BASEPTR: return new_baseptr(v, op);
    case MMUEXT_TLB_FLUSH_LOCAL: tlb_flush_local(); return 0;
    case MMUEXT_INVLPG_LOCAL:
        if (guest_address_ok(op->arg1.linear_addr))
            tlb_flush_page_local(GVA(op->arg1.linear_addr));
        return 0;
    case MMUEXT_TLB_FLUSH_MULTI:
    case MMUEXT_INVLPG_MULTI:
    case MMUEXT_TLB_FLUSH_ALL:
    case MMUEXT_INVLPG_ALL: return flush(v, op);
    case MMUEXT_FLUSH_CACHE:
    case MMUEXT_FLUSH_CACHE_GLOBAL:
        return refuse(v, RULE_MMU_20, "cache flush for a domain without devices");
    case MMUEXT_CLEAR_PAGE: return clear_page(v, MFN(op->arg1.mfn));
    case MMUEXT_COPY_PAGE: return copy_page(v, MFN(op->arg1.mfn), MFN(op->arg2.src_mfn));
    case MMUEXT_MARK_SUPER:
    case MMUEXT_UNMARK_SUPER: return refuse(v, RULE_MMU_22, "operation %u", op->cmd);
    case MMUEXT_PIN_L1_TABLE:
    case MMUEXT_PIN_L2_TABLE:
    case MMUEXT_PIN_L3_TABLE:
    case MMUEXT_PIN_L4_TABLE:
    case MMUEXT_UNPIN_TABLE:
    case MMUEXT_NEW_USER_BASEPTR:
    case MMUEXT_SET_LDT: return change(v, op);
    default: return refuse(v, RULE_HCALL_3, "operation %u", op->cmd);
    }
}

long hc_mmuext_op(struct hcall *h)
{
    struct vcpu *v = h->v;
    struct mmu_batch b;
    enum rule_id rule;
    long result = 0;

    if (!mmu_batch_begin(h, &b, sizeof(mmuext_op_t), &result))
        return result;

    rule = mmu_foreign_rule(v, (uint16_t)h->arg[3]);
    if (unlikely(rule != RULE_NONE))
        return refuse(v, rule, "foreign domain argument %lx", h->arg[3]);

    while (b.i < b.count) {
        gva_t element = guest_index(b.list, b.i, b.size);
        mmuext_op_t op;

        mmu_batch_at(v, &b);
        if (guest_copy_in(&op, element, sizeof(op)) != 0)
            result = refuse(v, RULE_HCALL_2, "element at %lx", element.n);
        else
            result = run_operation(v, &op);
        if (result != 0)
            break;
        b.i++;
        if (b.i < b.count && preempt_wanted()) {
            result = HCALL_AGAIN;
            break;
        }
    }
    return mmu_batch_end(h, &b, result);
}
