/* SPDX-License-Identifier: MIT */
/*
 * Page faults that the page tables do not explain.
 *
 * A CPU may remember an entry that allowed less than the present one does, and a guest need not
 * flush when it allows more. Or another vCPU has changed the entry since. The fault has made the
 * CPU forget what it knew, so the instruction is repeated. (A translation that allows too much is
 * not for here: what becomes of such is in x86/tlb.h.)
 */
#include "core/pte.h"
#include "pv/mmu.h"
#include "x86/clock.h"
#include "x86/cpu_bits.h"

/* What a walk explains. Other bits tell of a reason that is not in the entries' rights. */
#define PF_EXPLAINED (PF_PRESENT | PF_WRITE | PF_USER | PF_FETCH)

/* How often one instruction of the hypervisor is repeated for one place within a hundredth of a
 * second. Each time but the first another vCPU must have changed the entry twice, just then. */
#define REPEATS_MAX 100

/* Keys: o = only this CPU. */
static struct repeats {
    uint64_t rip;       /* o: of the hypervisor's instruction */
    uint64_t address;   /* o: that it touched first */
    uint64_t since;     /* o: TSC then */
    unsigned int count; /* o: how often it was repeated for there since */
} ALIGNED(64) repeats[MAX_CPUS];

bool pv_stale_fault(struct vcpu *v, gva_t address, uint32_t error_code)
{
    mfn_t table = paddr_to_mfn(read_cr3());
    uint64_t path[4] = { 0 };
    struct mmu m;

    if ((error_code & ~PF_EXPLAINED) || !pte_address_ok(v->pv->width->format, address.n))
        return false;
    /* Under the lock no table becomes something else. */
    mmu_begin(&m, v);
    for (unsigned int level = 4; level > 0; level--) {
        const uint64_t *entries = mfn_to_virt(table);

        path[level - 1] = READ_ONCE(entries[pte_index(address.n, level)]);
        if (!pte_is_present(path[level - 1]))
            break;
        table = pte_mfn(path[level - 1]);
    }
    mmu_end(&m);
    return pte_path_allows(path, error_code & PF_USER, error_code & PF_WRITE,
                           error_code & PF_FETCH);
}

/* An access may touch two pages: the one beside counts as the same place. */
static bool is_near(uint64_t a, uint64_t b)
{
    return a - b + PAGE_SIZE <= 2 * PAGE_SIZE;
}

static bool may_repeat(struct repeats *r, uint64_t rip, uint64_t address)
{
    uint64_t now = rdtsc();

    if (r->rip != rip || !is_near(r->address, address) || now - r->since > clock_tsc_hz() / 100)
        *r = (struct repeats){ .rip = rip, .address = address, .since = now };
    return r->count++ < REPEATS_MAX;
}

bool pv_hypervisor_stale_fault(struct vcpu *v, uint64_t rip, gva_t address, uint32_t error_code)
{
    return pv_stale_fault(v, address, error_code) && may_repeat(&repeats[cpu_id()], rip, address.n);
}
