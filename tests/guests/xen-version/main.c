/* SPDX-License-Identifier: MIT */
/*
 * Claim: xen_version answers its sub-operations, and refuses unknown ones and bad buffers.
 * Rule: HCALL-2, HCALL-3, HCALL-4, HCALL-10, PRIV-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static char buffer[2048];

/* Fills the buffer first, so that what the call leaves alone shows. */
static long ask(unsigned operation)
{
    memset(buffer, 0x5a, sizeof(buffer));
    return CALL(xen_version, operation, buffer);
}

static void texts_end_with_zero(void)
{
    const struct xen_compile_info *info = (const void *)buffer;

    expect(ask(XENVER_extraversion), 0, "extraversion");
    expect_true(strlen(buffer) < sizeof(xen_extraversion_t), "extraversion is a string");
    expect(ask(XENVER_changeset), 0, "changeset");
    expect_true(strlen(buffer) < sizeof(xen_changeset_info_t), "changeset is a string");
    expect(ask(XENVER_capabilities), 0, "capabilities");
    expect_true(strlen(buffer) < sizeof(xen_capabilities_info_t), "capabilities is a string");
    expect_true(string_has_word(buffer, "xen-3.0-x86_64"), "capabilities name xen-3.0-x86_64");
    expect(ask(XENVER_compile_info), 0, "compile_info");
    expect_true(strlen(buffer) < sizeof(info->compiler), "the compiler is a string");
    expect_true(strlen(info->compile_date) < sizeof(info->compile_date), "the date is a string");
    expect(buffer[sizeof(*info)], 0x5a, "compile_info ends where its structure does");
    expect(ask(XENVER_commandline), 0, "commandline");
    expect_true(strlen(buffer) < sizeof(xen_commandline_t), "commandline is a string");
    expect(buffer[sizeof(xen_commandline_t)], 0x5a, "it has its length");
    if (!is_initial_domain())
        expect_true(memcmp(buffer, "<denied>", sizeof("<denied>")) == 0,
                    "an ordinary domain does not get it");
}

/* All zero for whoever has none: the initial domain, and those that a boot loader brought. */
static void handle(void)
{
    expect(ask(XENVER_guest_handle), 0, "guest_handle");
    for (unsigned i = 0; i < sizeof(xen_domain_handle_t) && (is_initial_domain() || is_xen_lite());
         i++)
        expect(buffer[i], 0, "guest_handle: byte %u", i);
    expect(buffer[sizeof(xen_domain_handle_t)], 0x5a, "guest_handle has 16 bytes");
}

void test_main(void)
{
    struct xen_feature_info features = { .submap_idx = 0 };
    long version = CALL(xen_version, XENVER_version, NULL);

    expect_true(version >> 16 == 4, "the version is 4.x (it is 0x%lx)", version);
    texts_end_with_zero();
    handle();

    expect(ask(XENVER_platform_parameters), 0, "platform_parameters");
    expect_hex(*(unsigned long *)buffer, HYPERVISOR_VIRT_START, "platform_parameters: virt_start");
    expect(CALL(xen_version, XENVER_pagesize, NULL), 4096, "pagesize");

    expect(CALL(xen_version, XENVER_get_features, &features), 0, "get_features 0");
    expect_true(features.submap & (1 << XENFEAT_mmu_pt_update_preserve_ad),
                "mmu_pt_update_preserve_ad is offered");
    expect_true(!(features.submap & (1 << XENFEAT_auto_translated_physmap)),
                "memory is not translated");
    features.submap_idx = 1;
    expect(CALL(xen_version, XENVER_get_features, &features), -XEN_EINVAL, "get_features 1");

    if (!is_initial_domain())
        expect(ask(XENVER_build_id), -XEN_EPERM, "build_id");
    expect(ask(XENVER_pagesize), -XEN_EINVAL, "pagesize with a buffer");
    expect(ask(11), -XEN_ENOSYS, "operation 11");
    expect(ask(~0u), -XEN_ENOSYS, "operation -1");
    expect(CALL(xen_version, XENVER_extraversion, NULL), -XEN_EFAULT, "extraversion to NULL");
    expect(CALL(xen_version, XENVER_capabilities, HYPERVISOR_ADDRESS), -XEN_EFAULT,
           "capabilities into the hypervisor");
    expect(CALL(xen_version, XENVER_get_features, UNMAPPED_ADDRESS), -XEN_EFAULT,
           "get_features from nowhere");
}
