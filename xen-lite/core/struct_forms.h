/* SPDX-License-Identifier: MIT */
/*
 * The structures of the ABI whose layout depends on the guest's width, member by member, and their
 * conversion from one form to the other.
 *
 * The hypervisor works on the 64-bit form. A number of a 32-bit guest becomes the same number;
 * back, its lower half is what remains. Nothing here is signed but a run state, which is none of
 * the negative ones; and a frame number or an address of all ones is beyond all that exist at
 * either size, so that "none" stays none.
 */
#ifndef CORE_STRUCT_FORMS_H
#define CORE_STRUCT_FORMS_H

#include "abi/xen.h"
#include "lib/types.h"

/* A member, or `count` of them in a row: where it is and how large one is. */
struct member_forms {
    uint16_t at32, at64;
    uint16_t size32, size64;
    uint16_t count;
};

/* Members of the same union are one, the largest. Padding is not listed. */
struct struct_forms {
    uint16_t size32, size64;
    uint16_t count;
    const struct member_forms *members;
};

/* No structure that is converted on the stack is larger in the 32-bit form. */
#define STRUCT_FORM_MAX 64

/* For tables: struct tag_32 and tag_64 have the same members. */
#define MEMBER_FORMS(tag, member)                                                             \
    {                                                                                         \
        offsetof(struct tag##_32, member), offsetof(struct tag##_64, member),                 \
            sizeof(((struct tag##_32 *)0)->member), sizeof(((struct tag##_64 *)0)->member), 1 \
    }
#define ARRAY_FORMS(tag, member)                                                                  \
    {                                                                                             \
        offsetof(struct tag##_32, member), offsetof(struct tag##_64, member),                     \
            sizeof(((struct tag##_32 *)0)->member[0]), sizeof(((struct tag##_64 *)0)->member[0]), \
            ARRAY_SIZE(((struct tag##_32 *)0)->member)                                            \
    }
#define STRUCT_FORMS(tag, table)                                                     \
    {                                                                                \
        sizeof(struct tag##_32), sizeof(struct tag##_64), ARRAY_SIZE(table), (table) \
    }

/* `to` is written as a whole: what is no member becomes 0. */
void struct_widen(const struct struct_forms *forms, void *to64, const void *from32);
void struct_narrow(const struct struct_forms *forms, void *to32, const void *from64);

extern const struct struct_forms trap_info_forms;
extern const struct struct_forms xennmi_callback_forms;
extern const struct struct_forms sched_poll_forms;
extern const struct struct_forms vcpu_runstate_info_forms;
extern const struct struct_forms vcpu_set_singleshot_timer_forms;
extern const struct struct_forms physdev_set_iobitmap_forms;
extern const struct struct_forms physdev_pirq_eoi_gmfn_forms;
extern const struct struct_forms xen_memory_reservation_forms;
extern const struct struct_forms xen_memory_exchange_forms;
extern const struct struct_forms xen_machphys_mfn_list_forms;
extern const struct struct_forms xen_machphys_mapping_forms;
extern const struct struct_forms xen_add_to_physmap_forms;
extern const struct struct_forms xen_add_to_physmap_batch_forms;
extern const struct struct_forms xen_remove_from_physmap_forms;
extern const struct struct_forms xen_memory_map_forms;
extern const struct struct_forms xen_foreign_memory_map_forms;
extern const struct struct_forms xen_pod_target_forms;
extern const struct struct_forms xen_mem_acquire_resource_forms;
extern const struct struct_forms xen_vnuma_topology_info_forms;
extern const struct struct_forms gnttab_setup_table_forms;
extern const struct struct_forms gnttab_get_status_frames_forms;
extern const struct struct_forms gnttab_transfer_forms;
extern const struct struct_forms gnttab_copy_forms;

#endif
