/* SPDX-License-Identifier: MIT */
/* Start of day: from Xen's start_info page to kernel_main, in the order in which things become
 * usable. */
#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"
#include "lib/print.h"

const struct start_info *pv_start_info;
static struct machine_facts facts;

const struct machine_facts *machine_facts(void)
{
    return &facts;
}

/* Names of the features in the first word, lowest bit first; the ABI's own names. */
static const char *const feature_names[] = {
    "writable_page_tables",   "writable_descriptor_tables", "auto_translated_physmap",
    "supervisor_mode_kernel", "pae_pgdir_above_4gb",        "mmu_pt_update_preserve_ad",
    "highmem_assist",         "gnttab_map_avail_bits",
};

/* Only for the kernel's first lines: nothing here depends on an optional feature. */
static void describe_features(void)
{
    struct xen_feature_info info = { .submap_idx = 0 };
    size_t at = 0;

    if (hypercall_xen_version(XENVER_get_features, &info) != 0)
        return;
    for (unsigned i = 0; i < sizeof(feature_names) / sizeof(feature_names[0]); i++) {
        if (info.submap & (1u << i))
            at += print_to(facts.features + at, sizeof(facts.features) - at, "%s%s", at ? " " : "",
                           feature_names[i]);
    }
}

static void describe_hypervisor(void)
{
    long version = hypercall_xen_version(XENVER_version, NULL);
    xen_extraversion_t extra = "";

    hypercall_xen_version(XENVER_extraversion, extra);
    print_to(facts.hypervisor, sizeof(facts.hypervisor), "Xen interface %ld.%ld%s, guest is %s",
             version >> 16, version & 0xffff, extra, pv_start_info->magic);
}

_Noreturn void pv_start(const struct start_info *info)
{
    pv_start_info = info;
    pv_map_shared_info(); /* first: the console waits on event channels in it */
    pv_console_init();    /* before anything that could want to complain */
    pv_traps_init();
    pv_timer_init();

    facts.kind = PV_KIND;
    facts.is_64 = sizeof(long) == 8;
    facts.command_line = (const char *)info->cmd_line;
    facts.memory_pages = info->nr_pages;
    facts.ramdisk = (const void *)info->mod_start;
    facts.ramdisk_size = info->mod_len;
    facts.kernel_hole = KERNEL_HOLE;
    describe_hypervisor();
    describe_features();
    pv_mmu_init(&facts); /* last: what it calls free begins after all that Xen put down */

    kernel_main();
}
