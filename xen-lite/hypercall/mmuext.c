/* SPDX-License-Identifier: MIT */
/*
 * mmuext_op(list, count, done, foreigndom): pins, base pointers, flushes and other work on page
 * tables that is more than one entry. abi/mmuext.def describes the operations.
 *
 * Pins and base pointers are what makes the hypervisor look at a table at all: a table must be
 * valid as long as it is pinned, loaded, or named by one that is. Making one valid can mean a walk
 * over all that hangs below it, so these operations run in steps, each a hold of mmu_lock with a
 * budget (pv/mmu.h); what was done stays noted in the frames, and the operation is just made again.
 *
 * Result: 0, or the errno of the first element that was refused; *done tells how many were done
 * before it. Source: Xen's public xen.h.
 */
#include "domain/guest_struct.h"
#include "hv/work.h"
#include "hypercall/mmu_batch.h"
#include "lib/string.h"
#include "pv/mmu.h"

typedef struct mmuext_op_64 mmuext_op_t;

/* 0 stands for none, as on Xen: frame 0 cannot be a user table. */
static enum rule_id set_user_table(struct mmu *m, struct vcpu *v, mfn_t mfn)
{
    if (!mfn_is_valid(mfn))
        return RULE_MMU_18;
    return v->pv->width->set_user_table(m, v, mfn.n == 0 ? INVALID_MFN : mfn);
}

/* Ignored where tables have fewer levels, as on Xen. */
static enum rule_id pin_l4(struct mmu *m, mfn_t mfn)
{
    return m->format->root == FRAME_L4 ? mmu_pin(m, mfn, FRAME_L4) : RULE_NONE;
}

/* Operations that change types of frames: under the lock, after what earlier ones left. */
static enum rule_id change_tables(struct mmu *m, struct vcpu *v, const mmuext_op_t *op)
{
    mfn_t mfn = MFN(op->arg1.mfn);

    if (!mmu_settle(m))
        return RULE_AGAIN;
    switch (op->cmd) {
    case MMUEXT_PIN_L1_TABLE: return mmu_pin(m, mfn, FRAME_L1);
    case MMUEXT_PIN_L2_TABLE: return mmu_pin(m, mfn, FRAME_L2);
    case MMUEXT_PIN_L3_TABLE: return mmu_pin(m, mfn, FRAME_L3);
    case MMUEXT_PIN_L4_TABLE: return pin_l4(m, mfn);
    case MMUEXT_UNPIN_TABLE: return mmu_unpin(m, mfn);
    case MMUEXT_NEW_BASEPTR: return mmu_set_kernel_table(m, v, mfn);
    case MMUEXT_NEW_USER_BASEPTR: return set_user_table(m, v, mfn);
    case MMUEXT_SET_LDT: return mmu_set_ldt(m, v, GVA(op->arg1.linear_addr), op->arg2.nr_ents);
    default: return RULE_HCALL_3;
    }
}

/* One of these, as many steps as it takes: 0, a refusal, or HCALL_AGAIN if others want the CPU. */
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

/* Flushes on the CPUs of all or of some vCPUs. An address that a guest cannot map needs no flush,
 * and is no error. -EINVAL for a bitmap that cannot be read (MMU-31: here Xen says EINVAL, not
 * EFAULT). */
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
    else if (pte_address_ok(v->pv->width->format, address.n))
        tlb_flush_page(cpus, address);
    return 0;
}

/* A service from the days when a kernel could not map all of its memory. Own frames only that could
 * be mapped writable: a table cannot be changed in this way (-EINVAL, MMU-21). */
static long clear_page(struct vcpu *v, mfn_t mfn)
{
    enum rule_id rule = domain_get_writable(v->domain, mfn);

    if (rule != RULE_NONE)
        return refuse(v, RULE_MMU_21, "mfn %lx breaks %s", mfn.n, rule_name(rule));
    memset(mfn_to_virt(mfn), 0, PAGE_SIZE);
    domain_put_writable(v->domain, mfn);
    return 0;
}

/* The same with contents. The source may be anything that the domain owns, as it may read all of
 * it. */
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

/* What an element before this one unpinned is a table until it is taken down. */
static long change_page(struct vcpu *v, const mmuext_op_t *op)
{
    if (!mmu_settle_all(v))
        return HCALL_AGAIN;
    return op->cmd == MMUEXT_CLEAR_PAGE ? clear_page(v, MFN(op->arg1.mfn))
                                        : copy_page(v, MFN(op->arg1.mfn), MFN(op->arg2.src_mfn));
}

/* A kernel that switches to where it is already wants the flush. Nobody else changes the table. */
static long new_baseptr(struct vcpu *v, const mmuext_op_t *op)
{
    if (op->arg1.mfn != v->pv->kernel_table.n || !mmu_settle_all(v))
        return change(v, op);
    cr3_load(v->pv->kernel_l4);
    return 0;
}

/* Every operation by name, as abi/mmuext.def has them: those that a domain like this may not make
 * end with their own errno, MMU-20 (-EACCES), MMU-34 (-EINVAL) and MMU-22 (-EOPNOTSUPP), so -ENOSYS
 * means no such operation. */
static long run_operation(struct vcpu *v, const mmuext_op_t *op)
{
    switch (op->cmd) {
    case MMUEXT_NEW_BASEPTR: return new_baseptr(v, op);
    case MMUEXT_TLB_FLUSH_LOCAL: tlb_flush_local(); return 0;
    case MMUEXT_INVLPG_LOCAL:
        if (pte_address_ok(v->pv->width->format, op->arg1.linear_addr))
            tlb_flush_page_local(GVA(op->arg1.linear_addr));
        return 0;
    case MMUEXT_TLB_FLUSH_MULTI:
    case MMUEXT_INVLPG_MULTI:
    case MMUEXT_TLB_FLUSH_ALL:
    case MMUEXT_INVLPG_ALL: return flush(v, op);
    case MMUEXT_FLUSH_CACHE:
        return refuse(v, RULE_MMU_20, "cache flush for a domain without devices");
    case MMUEXT_FLUSH_CACHE_GLOBAL:
        return refuse(v, RULE_MMU_34, "cache flush for a domain without devices");
    case MMUEXT_CLEAR_PAGE:
    case MMUEXT_COPY_PAGE: return change_page(v, op);
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

/* One element, in the layout of v's guest. This call is how a kernel changes its tables at each
 * switch of processes, so the few words are converted here and not by a list of members. */
static int read_operation(const struct vcpu *v, mmuext_op_t *op, gva_t from)
{
    struct mmuext_op_32 narrow;

    if (guest_is_native(v))
        return guest_copy_in(op, from, sizeof(*op));
    if (guest_copy_in(&narrow, from, sizeof(narrow)) != 0)
        return -XEN_EFAULT;
    op->cmd = narrow.cmd;
    op->arg1.linear_addr = narrow.arg1.linear_addr;
    op->arg2.src_mfn = narrow.arg2.src_mfn;
    return 0;
}

static size_t operation_size(const struct vcpu *v)
{
    return guest_is_native(v) ? sizeof(mmuext_op_t) : sizeof(struct mmuext_op_32);
}

/* Errors of the list as a whole: -EFAULT (HCALL-2) for one that reaches into the hypervisor's area,
 * -ESRCH (MMU-28) and -EPERM (HCALL-9) for foreigndom. Each element is copied in by itself, right
 * before it is done: an element may take long, and no lock is held across a guest copy. */
long hc_mmuext_op(struct hcall *h)
{
    struct vcpu *v = h->v;
    struct mmu_batch b;
    enum rule_id rule;
    long result = 0;

    if (!mmu_batch_begin(h, &b, operation_size(v), &result))
        return result;

    rule = mmu_foreign_rule(v, (uint16_t)h->arg[3]);
    if (unlikely(rule != RULE_NONE))
        return refuse(v, rule, "foreign domain argument %lx", h->arg[3]);

    while (b.i < b.count) {
        gva_t element = guest_index(b.list, b.i, b.size);
        mmuext_op_t op;

        mmu_batch_at(v, &b);
        if (read_operation(v, &op, element) != 0)
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
