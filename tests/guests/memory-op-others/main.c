/* SPDX-License-Identifier: MIT */
/*
 * Claim: operations of memory_op that are for translated guests, control domains or other machines
 *     refuse a PV domain each with its own errno, in Xen's order: the command, the argument's
 *     address, its fields, the domain, the privilege.
 * Rule: MEM-9, MEM-10, MEM-14, MEM-15, MEM-16, MEM-17, MEM-18, MEM-19, MEM-21, MEM-22, MEM-25,
 *     HCALL-2, HCALL-3, HCALL-8
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * The initial domain may do some of it: those lines are left out there.
 */
#include "tests/guests/support/support.h"

#define NOBODY       0x7000
#define COMMAND_NEXT (1ul << 6)  /* "goes on at 1" */
#define COMMAND_FAR  (1ul << 22) /* "goes on at 65536" */

static union {
    domid_t words[64];
    uint32_t numbers[32];
    struct xen_add_to_physmap add;
    struct xen_add_to_physmap_batch batch;
    struct xen_remove_from_physmap remove;
    struct xen_pod_target pod;
    struct xen_memory_reservation claim;
    struct xen_vnuma_topology_info vnuma;
    struct xen_mem_acquire_resource resource;
} argument;

/* At 64 bits nothing is read that is of no use. For a 32-bit guest Xen reads arguments and lists
 * before it looks at the rest of the call (docs/differences.md): there they can be read. */
static unsigned long unread(void)
{
    memset(&argument, 0, sizeof(argument));
    return sizeof(long) == 8 ? UNMAPPED_ADDRESS : (unsigned long)&argument;
}

/* What a claim that nobody may make is refused with: 32-bit guests of Xen have no such operation.
 */
static long claim_result(long result)
{
    return sizeof(long) == 8 || is_xen_lite() ? result : -XEN_ENOSYS;
}

/* A call whose argument has this 16-bit word, and 0 elsewhere. */
static long with_word(unsigned long command, unsigned word, domid_t value)
{
    memset(&argument, 0, sizeof(argument));
    argument.words[word] = value;
    return CALL(memory_op, command, &argument);
}

/* What upper bits of the command do to an operation that ignores them, knows them, or does not. */
static void upper_bits(void)
{
    static const unsigned char invalid[] = {
        XENMEM_maximum_ram_page, XENMEM_current_reservation, XENMEM_maximum_reservation,
        XENMEM_exchange,         XENMEM_maximum_gpfn,        XENMEM_remove_from_physmap,
        XENMEM_claim_pages,      XENMEM_get_vnumainfo,       XENMEM_reserved_device_memory_map,
    };
    static const unsigned char unknown[] = {
        XENMEM_machphys_mfn_list,        XENMEM_memory_map,
        XENMEM_machine_memory_map,       XENMEM_machphys_mapping,
        XENMEM_set_memory_map,           XENMEM_set_pod_target,
        XENMEM_get_pod_target,           XENMEM_get_sharing_freed_pages,
        XENMEM_get_sharing_shared_pages, XENMEM_machphys_compat_mfn_list,
    };

    for (unsigned i = 0; i < COUNT(invalid); i++)
        expect(CALL(memory_op, invalid[i] | COMMAND_NEXT, unread()),
               invalid[i] == XENMEM_claim_pages ? claim_result(-XEN_EINVAL) : -XEN_EINVAL,
               "operation %u going on", invalid[i]);
    for (unsigned i = 0; i < COUNT(unknown); i++)
        expect(CALL(memory_op, unknown[i] | COMMAND_NEXT, UNMAPPED_ADDRESS), -XEN_ENOSYS,
               "operation %u going on", unknown[i]);
    expect(CALL(memory_op, XENMEM_add_to_physmap | COMMAND_FAR, unread()), -XEN_EDOM,
           "add_to_physmap going on far away");
    expect(CALL(memory_op, XENMEM_add_to_physmap_batch | COMMAND_FAR, unread()), -XEN_EDOM,
           "add_to_physmap_batch going on far away");
    expect(with_word(XENMEM_add_to_physmap | COMMAND_NEXT, 0, DOMID_SELF), -XEN_EACCES,
           "add_to_physmap going on");
}

static void bad_addresses(void)
{
    static const unsigned char reading[] = {
        XENMEM_add_to_physmap,   XENMEM_add_to_physmap_batch, XENMEM_remove_from_physmap,
        XENMEM_set_pod_target,   XENMEM_get_pod_target,       XENMEM_access_op,
        XENMEM_claim_pages,      XENMEM_get_vnumainfo,        XENMEM_reserved_device_memory_map,
        XENMEM_acquire_resource,
    };
    static xen_capabilities_info_t capabilities;
    long result;

    for (unsigned i = 0; i < COUNT(reading); i++)
        expect(CALL(memory_op, reading[i], UNMAPPED_ADDRESS),
               reading[i] == XENMEM_claim_pages ? claim_result(-XEN_EFAULT) : -XEN_EFAULT,
               "operation %u with a bad address", reading[i]);
    CALL(xen_version, XENVER_capabilities, capabilities);
    /* There is one where there can be 32-bit guests; it may be made with the first of them. */
    result = CALL(memory_op, XENMEM_machphys_compat_mfn_list, UNMAPPED_ADDRESS);
    expect_true(result == -XEN_EOPNOTSUPP ||
                    (result == -XEN_EFAULT && string_has_word(capabilities, "xen-3.0-x86_32p")),
                "the M2P of 32-bit guests: got %ld", result);
    expect(CALL(memory_op, XENMEM_get_sharing_freed_pages, UNMAPPED_ADDRESS), 0, "pages freed");
    expect(CALL(memory_op, XENMEM_get_sharing_shared_pages, UNMAPPED_ADDRESS), 0, "pages shared");
    for (unsigned op = XENMEM_acquire_resource + 1; op < 64; op++)
        expect(CALL(memory_op, op, UNMAPPED_ADDRESS), -XEN_ENOSYS, "operation %u", op);
}

/* Placing pages: the kind of place is looked at before the domain. */
static void placing(void)
{
    static const struct {
        domid_t domain;
        long result;
    } domains[] = { { DOMID_SELF, -XEN_EACCES },
                    { NOBODY, -XEN_ESRCH },
                    { DOMID_IO, -XEN_ESRCH },
                    { DOMID_XEN, -XEN_ESRCH } };

    unsigned long lists = sizeof(long) == 8 ? UNMAPPED_ADDRESS : (unsigned long)page_new();

    for (unsigned i = 0; i < COUNT(domains); i++) {
        domid_t id = domains[i].domain;

        for (unsigned space = 0; space < 7; space++) {
            memset(&argument, 0, sizeof(argument));
            argument.add.domid = id;
            argument.add.space = space;
            expect(CALL(memory_op, XENMEM_add_to_physmap, &argument),
                   space == XENMAPSPACE_gmfn_foreign ? -XEN_ENOSYS : domains[i].result,
                   "add_to_physmap, domain %x, space %u", id, space);
            memset(&argument, 0, sizeof(argument));
            argument.batch.domid = id;
            argument.batch.space = (uint16_t)space;
            argument.batch.size = 1;
            argument.batch.gpfns = lists;
            argument.batch.idxs = sizeof(long) == 8 ? 0 : lists;
            expect(CALL(memory_op, XENMEM_add_to_physmap_batch, &argument),
                   space == XENMAPSPACE_gmfn_range ? -XEN_EOPNOTSUPP : domains[i].result,
                   "add_to_physmap_batch, domain %x, space %u", id, space);
        }
        expect(with_word(XENMEM_remove_from_physmap, 0, id), domains[i].result,
               "remove_from_physmap, domain %x", id);
    }
}

static void fields(void)
{
    expect(with_word(XENMEM_get_vnumainfo, 1, 1), -XEN_EINVAL, "NUMA layout, padding");
    expect(with_word(XENMEM_get_vnumainfo, 0, NOBODY), -XEN_ESRCH, "NUMA layout of nobody");
    expect(with_word(XENMEM_get_vnumainfo, 0, DOMID_SELF), -XEN_EOPNOTSUPP, "NUMA layout");
    memset(&argument, 0, sizeof(argument));
    argument.claim.domid = DOMID_SELF;
    expect(CALL(memory_op, XENMEM_claim_pages, &argument), claim_result(-XEN_EINVAL),
           "a claim for DOMID_SELF");
    argument.claim.domid = NOBODY;
    expect(CALL(memory_op, XENMEM_claim_pages, &argument), claim_result(-XEN_EINVAL),
           "a claim for nobody");
    argument.claim.extent_order = 1;
    expect(CALL(memory_op, XENMEM_claim_pages, &argument), claim_result(-XEN_EINVAL),
           "a claim with an order");
    memset(&argument, 0, sizeof(argument));
    argument.pod.domid = NOBODY;
    expect(CALL(memory_op, XENMEM_set_pod_target, &argument), -XEN_ESRCH, "set target of nobody");
    expect(CALL(memory_op, XENMEM_get_pod_target, &argument), -XEN_ESRCH, "get target of nobody");
    argument.pod.domid = DOMID_SELF;
    expect(CALL(memory_op, XENMEM_set_pod_target, &argument), -XEN_EINVAL, "set own target");
    expect(CALL(memory_op, XENMEM_get_pod_target, &argument), -XEN_EINVAL, "get own target");
    expect(with_word(XENMEM_access_op, 1, NOBODY), -XEN_ESRCH, "access rights of nobody");
    expect(with_word(XENMEM_access_op, 1, DOMID_SELF), -XEN_ESRCH, "access rights of DOMID_SELF");

    memset(&argument, 0, sizeof(argument));
    argument.resource.domid = NOBODY;
    expect(CALL(memory_op, XENMEM_acquire_resource, &argument), -XEN_ESRCH, "resource of nobody");
    argument.resource.frame = ~0ull;
    argument.resource.nr_frames = 1;
    expect(CALL(memory_op, XENMEM_acquire_resource, &argument), -XEN_EINVAL, "frames that wrap");
    argument.resource.frame = 0xffffffff;
    expect(CALL(memory_op, XENMEM_acquire_resource, &argument), -XEN_EINVAL,
           "frames that end at 2^32");
    argument.resource.frame = 0;
    argument.resource.pad = 1;
    expect(CALL(memory_op, XENMEM_acquire_resource, &argument), -XEN_EINVAL, "padding");
    argument.resource.pad = 0;
    argument.resource.domid = DOMID_SELF;
    expect(CALL(memory_op, XENMEM_acquire_resource, &argument), -XEN_ESRCH, "of DOMID_SELF");
}

/* Regions that devices need one to one: the list is empty, and open to all. */
static void reserved_regions(void)
{
    memset(&argument, 0, sizeof(argument));
    argument.numbers[1] = 7;
    expect(CALL(memory_op, XENMEM_reserved_device_memory_map, &argument), 0, "reserved regions");
    expect(argument.numbers[1], 0, "how many");
    argument.numbers[0] = 2;
    expect(CALL(memory_op, XENMEM_reserved_device_memory_map, &argument), -XEN_EINVAL,
           "reserved regions, unknown flag");
}

void test_main(void)
{
    upper_bits();
    bad_addresses();
    placing();
    fields();
    reserved_regions();
    if (is_initial_domain())
        return;
    expect(CALL(memory_op, XENMEM_machine_memory_map, UNMAPPED_ADDRESS), -XEN_EPERM,
           "the machine's map");
}
