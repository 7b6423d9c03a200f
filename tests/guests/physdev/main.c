/* SPDX-License-Identifier: MIT */
/*
 * Claim: a domain without devices can set its I/O privilege and its port bitmap, can ask about
 *     interrupts and offer a page for their ends, once; it has none to end. The old form of the
 * call knows the same operations. What controls the machine is refused.
 * Rule: IO-3, IO-4, IO-6, IO-7, EVT-16, PRIV-1, HCALL-2, HCALL-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static const unsigned control[] = {
    PHYSDEVOP_apic_read,      PHYSDEVOP_apic_write,         PHYSDEVOP_alloc_irq_vector,
    PHYSDEVOP_map_pirq,       PHYSDEVOP_unmap_pirq,         PHYSDEVOP_manage_pci_add,
    PHYSDEVOP_setup_gsi,      PHYSDEVOP_manage_pci_add_ext, PHYSDEVOP_manage_pci_remove,
    PHYSDEVOP_pci_device_add, PHYSDEVOP_pci_mmcfg_reserved, PHYSDEVOP_pci_device_remove,
    PHYSDEVOP_dbgp_op,        PHYSDEVOP_prepare_msix,       PHYSDEVOP_release_msix,
    PHYSDEVOP_restore_msi,    PHYSDEVOP_restore_msi_ext,
};

static void privilege_level(void)
{
    for (unsigned level = 0; level < 6; level++) {
        struct physdev_set_iopl iopl = { .iopl = level == 5 ? 0xffffffff : level };
        struct physdev_op op = { .cmd = PHYSDEVOP_set_iopl, .u.set_iopl = iopl };
        long wanted = level <= 3 ? 0 : -XEN_EINVAL;

        expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &iopl), wanted, "level %u", level);
        expect(CALL(physdev_op_compat, &op), wanted, "level %u, old form", level);
    }
}

static long set_bitmap(uint64_t at, unsigned ports)
{
    struct physdev_set_iobitmap bitmap = { .bitmap = at, .nr_ports = ports };

    return CALL(physdev_op, PHYSDEVOP_set_iobitmap, &bitmap);
}

static void port_bitmap(void)
{
    expect(set_bitmap((unsigned long)control, 0), 0, "no ports");
    expect(set_bitmap(UNMAPPED_ADDRESS, 65536), 0, "a bitmap that is not mapped now");
    expect(set_bitmap(UNMAPPED_ADDRESS, 65537), -XEN_EINVAL, "65537 ports");
    expect(set_bitmap((unsigned long)control, 0xffffffff), -XEN_EINVAL, "2^32 - 1 ports");
    expect(set_bitmap(HYPERVISOR_ADDRESS, 8), -XEN_EINVAL, "in the hypervisor");
    expect(set_bitmap(NONCANONICAL_ADDRESS, 8), -XEN_EINVAL, "at no address");
}

static void interrupts(void)
{
    static const unsigned beyond[] = { 256, 5000, 0xffffffff };
    struct physdev_irq_status_query query = { .irq = 40, .flags = 0xaaaa };
    struct physdev_op op = { .cmd = PHYSDEVOP_irq_status_query, .u.irq_status_query = query };
    struct physdev_eoi end = { .irq = 40 };

    expect(CALL(physdev_op, PHYSDEVOP_irq_status_query, &query), 0, "ask about interrupt 40");
    expect_hex(query.flags, XENIRQSTAT_needs_eoi, "what it needs");
    expect(CALL(physdev_op_compat, &op), 0, "ask in the old form");
    expect_hex(op.u.irq_status_query.flags, XENIRQSTAT_needs_eoi, "the answer in the old form");
    expect(CALL(physdev_op, PHYSDEVOP_eoi, &end), -XEN_EINVAL, "the end of one not bound");
    for (unsigned i = 0; i < COUNT(beyond); i++) {
        query.irq = end.irq = beyond[i];
        expect(CALL(physdev_op, PHYSDEVOP_irq_status_query, &query), -XEN_EINVAL, "ask about %u",
               beyond[i]);
        expect(CALL(physdev_op, PHYSDEVOP_eoi, &end), -XEN_EINVAL, "the end of %u", beyond[i]);
    }
    expect(CALL(physdev_op, PHYSDEVOP_IRQ_UNMASK_NOTIFY, NULL), 0, "an old notice");
}

static void page_of_ends(void)
{
    uint64_t *page = page_new();
    struct physdev_pirq_eoi_gmfn request = { .gmfn = mfn_of((void *)start_info->pt_base) };

    expect(CALL(physdev_op, PHYSDEVOP_pirq_eoi_gmfn_v1, &request), -XEN_EINVAL, "a page table");
    request.gmfn = ~0ul;
    expect(CALL(physdev_op, PHYSDEVOP_pirq_eoi_gmfn_v2, &request), -XEN_EINVAL, "no frame");
    request.gmfn = mfn_of(page);
    expect(CALL(physdev_op, PHYSDEVOP_pirq_eoi_gmfn_v2, &request), 0, "a page");
    expect_hex(*page, 0, "nothing is in it");
    expect(CALL(physdev_op, PHYSDEVOP_pirq_eoi_gmfn_v2, &request), -XEN_EBUSY, "again");
    request.gmfn = mfn_of(page_new());
    expect(CALL(physdev_op, PHYSDEVOP_pirq_eoi_gmfn_v1, &request), -XEN_EBUSY, "another");
    /* It is held as a writable page, so it cannot become a table. */
    expect(map(page, make_entry(page, PTE_RO)), 0, "mapped read-only");
    expect_true(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(page)) != 0, "it cannot be pinned");
}

void test_main(void)
{
    static const unsigned copied[] = {
        PHYSDEVOP_set_iopl,         PHYSDEVOP_set_iobitmap,     PHYSDEVOP_eoi,
        PHYSDEVOP_irq_status_query, PHYSDEVOP_pirq_eoi_gmfn_v1, PHYSDEVOP_pirq_eoi_gmfn_v2
    };
    static const unsigned unknown[] = { 0, 1, 2, 3, PHYSDEVOP_free_irq_vector, 18, 22, 32, 99 };
    void *zeros = page_new();

    privilege_level();
    port_bitmap();
    interrupts();
    page_of_ends();
    for (unsigned i = 0; i < COUNT(copied); i++)
        expect(CALL(physdev_op, copied[i], UNMAPPED_ADDRESS), -XEN_EFAULT, "%u from nowhere",
               copied[i]);
    for (unsigned i = 0; i < COUNT(unknown); i++)
        expect(CALL(physdev_op, unknown[i], UNMAPPED_ADDRESS), -XEN_ENOSYS, "operation %u",
               unknown[i]);
    expect(CALL(physdev_op_compat, UNMAPPED_ADDRESS), -XEN_EFAULT, "old form, from nowhere");

    /* The real Xen's initial domain may do these. Where it reads before it refuses others, xen-lite
     * does not (docs/differences.md). */
    for (unsigned i = 0; i < COUNT(control) && !is_initial_domain(); i++) {
        expect(CALL(physdev_op, control[i], zeros), -XEN_EPERM, "%u is refused", control[i]);
        if (is_xen_lite())
            expect(CALL(physdev_op, control[i], UNMAPPED_ADDRESS), -XEN_EPERM,
                   "%u from nowhere is refused", control[i]);
    }
    if (is_xen_lite())
        expect(CALL(physdev_op, PHYSDEVOP_get_free_pirq, zeros), -XEN_EPERM, "a free number");
}
