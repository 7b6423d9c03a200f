/* SPDX-License-Identifier: MIT */
/*
 * core/struct_forms.c: every byte of a 32-bit structure that is no padding gets to the 64-bit form
 * and back, and numbers stay what they are.
 */
#include "unit.h"

#include "core/struct_forms.h"

/* padding: bytes of the 32-bit form that belong to no member. */
static const struct {
    const char *name;
    const struct struct_forms *forms;
    unsigned int padding;
} structs[] = {
    { "trap_info", &trap_info_forms, 0 },
    { "xennmi_callback", &xennmi_callback_forms, 0 },
    { "sched_poll", &sched_poll_forms, 0 },
    { "vcpu_runstate_info", &vcpu_runstate_info_forms, 0 },
    { "vcpu_set_singleshot_timer", &vcpu_set_singleshot_timer_forms, 0 },
    { "physdev_set_iobitmap", &physdev_set_iobitmap_forms, 0 },
    { "physdev_pirq_eoi_gmfn", &physdev_pirq_eoi_gmfn_forms, 0 },
    { "xen_memory_reservation", &xen_memory_reservation_forms, 2 },
    { "xen_memory_exchange", &xen_memory_exchange_forms, 4 },
    { "xen_machphys_mfn_list", &xen_machphys_mfn_list_forms, 0 },
    { "xen_machphys_mapping", &xen_machphys_mapping_forms, 0 },
    { "xen_add_to_physmap", &xen_add_to_physmap_forms, 0 },
    { "xen_add_to_physmap_batch", &xen_add_to_physmap_batch_forms, 0 },
    { "xen_remove_from_physmap", &xen_remove_from_physmap_forms, 2 },
    { "xen_memory_map", &xen_memory_map_forms, 0 },
    { "xen_foreign_memory_map", &xen_foreign_memory_map_forms, 2 },
    { "xen_pod_target", &xen_pod_target_forms, 2 },
    { "xen_mem_acquire_resource", &xen_mem_acquire_resource_forms, 0 },
    /* The upper halves of three addresses in unions with 64 bits. */
    { "xen_vnuma_topology_info", &xen_vnuma_topology_info_forms, 12 },
    { "gnttab_setup_table", &gnttab_setup_table_forms, 4 },
    { "gnttab_get_status_frames", &gnttab_get_status_frames_forms, 0 },
    { "gnttab_transfer", &gnttab_transfer_forms, 4 },
    { "gnttab_copy", &gnttab_copy_forms, 2 },
};

static void test_every_byte(void **state)
{
    uint8_t before[STRUCT_FORM_MAX], wide[2 * STRUCT_FORM_MAX], after[STRUCT_FORM_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(structs); i++) {
        const struct struct_forms *forms = structs[i].forms;
        unsigned int lost = 0;

        assert_true(forms->size32 <= sizeof(before) && forms->size64 <= sizeof(wide));
        for (unsigned int at = 0; at < forms->size32; at++)
            before[at] = (uint8_t)(0xff - at);
        memset(wide, 0xee, sizeof(wide));
        memset(after, 0xee, sizeof(after));
        struct_widen(forms, wide, before);
        struct_narrow(forms, after, wide);
        for (unsigned int at = 0; at < forms->size32; at++) {
            if (after[at] == 0)
                lost++;
            else
                check_number(structs[i].name, after[at], before[at]);
        }
        check_number(structs[i].name, lost, structs[i].padding);
        check_number(structs[i].name, wide[forms->size64], 0xee);
    }
}

/* None is none at both sizes; what does not fit is cut off. */
static void test_numbers(void **state)
{
    struct xen_memory_reservation_32 narrow = {
        .extent_start = UINT32_MAX,
        .nr_extents = 0x80000000,
        .extent_order = 9,
        .mem_flags = 0x12345678,
        .domid = DOMID_SELF,
    };
    struct xen_memory_reservation_64 wide;
    struct vcpu_runstate_info_64 runstate = { .state = 3, .time = { 1, 2, 3, ~0UL } };
    struct vcpu_runstate_info_32 runstate32;
    struct xen_machphys_mapping_64 mapping = { .v_start = 0xffff800012345678, .max_mfn = ~0UL };
    struct xen_machphys_mapping_32 mapping32;

    (void)state;
    struct_widen(&xen_memory_reservation_forms, &wide, &narrow);
    check_number("address", wide.extent_start, 0xffffffff);
    check_number("count", wide.nr_extents, 0x80000000);
    check_number("order", wide.extent_order, 9);
    check_number("flags", wide.mem_flags, 0x12345678);
    check_number("domain", wide.domid, DOMID_SELF);

    struct_narrow(&vcpu_runstate_info_forms, &runstate32, &runstate);
    check_number("state", (uint64_t)runstate32.state, 3);
    check_number("time 2", runstate32.time[2], 3);
    check_number("time 3", runstate32.time[3], ~0UL);

    struct_narrow(&xen_machphys_mapping_forms, &mapping32, &mapping);
    check_number("start", mapping32.v_start, 0x12345678);
    check_number("last", mapping32.max_mfn, 0xffffffff);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_byte),
        cmocka_unit_test(test_numbers),
    };

    return RUN_TESTS(tests);
}
