/* SPDX-License-Identifier: MIT */
/*
 * Structures in memory that a guest shares with the hypervisor or its tools, same at both widths:
 * time, console ring, store ring, FIFO control block, and what start_info points to.
 */
#ifndef ABI_STRUCT_SAME_SHARED_H
#define ABI_STRUCT_SAME_SHARED_H

/*
 * How to make the time of day out of the TSC. The hypervisor makes version odd, writes the rest and
 * makes it even again; a reader repeats until it saw one even value before and after. The time now:
 *     system_time + ((((tsc - tsc_timestamp) << tsc_shift) * tsc_to_system_mul) >> 32)
 * with a right shift when tsc_shift is negative.
 */
struct vcpu_time_info {
    uint32_t version;
    uint32_t pad0;
    uint64_t tsc_timestamp;     /* TSC when the values were taken */
    uint64_t system_time;       /* ns since the hypervisor booted, at that moment */
    uint32_t tsc_to_system_mul; /* ns per shifted tick, as a fraction of 2^32 */
    int8_t tsc_shift;
    uint8_t flags; /* XEN_PVCLOCK_* */
    uint8_t pad1[2];
};
_Static_assert(sizeof(struct vcpu_time_info) == 32, "vcpu_time_info");

/*
 * Console page of an ordinary domain: two rings of bytes. Producer and consumer indices run freely
 * and are taken modulo the ring's size. "in" is what the guest reads.
 */
struct xencons_interface {
    char in[1024];
    char out[2048];
    uint32_t in_cons;
    uint32_t in_prod;
    uint32_t out_cons;
    uint32_t out_prod;
};
_Static_assert(sizeof(struct xencons_interface) == 3088, "xencons_interface");

#define XENSTORE_RING_SIZE 1024

/* Store page: requests of the guest and replies of the store, rings like the console's. */
struct xenstore_domain_interface {
    char req[XENSTORE_RING_SIZE];
    char rsp[XENSTORE_RING_SIZE];
    uint32_t req_cons;
    uint32_t req_prod;
    uint32_t rsp_cons;
    uint32_t rsp_prod;
    uint32_t server_features;
    uint32_t connection;
    uint32_t error;
};
_Static_assert(sizeof(struct xenstore_domain_interface) == 2076, "xenstore_domain_interface");

/* FIFO events, one a vCPU: which queues have events, and the first event of each. */
struct evtchn_fifo_control_block {
    uint32_t ready;
    uint32_t _rsvd;
    uint32_t head[EVTCHN_FIFO_MAX_QUEUES];
};
_Static_assert(sizeof(struct evtchn_fifo_control_block) == 72, "evtchn_fifo_control_block");

/* One of several modules that were packed into the ramdisk; addresses count from its start. */
struct xen_multiboot_mod_list {
    uint32_t mod_start; /* 0 in the last, empty entry */
    uint32_t mod_end;   /* last byte, not the one behind it */
    uint32_t cmdline;
    uint32_t pad;
};
_Static_assert(sizeof(struct xen_multiboot_mod_list) == 16, "xen_multiboot_mod_list");

/* The screen that the initial domain takes over; start_info.console.dom0 tells where it is. */
struct dom0_vga_console_info {
    uint8_t video_type; /* XEN_VGATYPE_* */
    union {
        struct {
            uint16_t font_height;
            uint16_t cursor_x;
            uint16_t cursor_y;
            uint16_t rows;
            uint16_t columns;
        } text_mode_3;
        struct {
            uint16_t width;
            uint16_t height;
            uint16_t bytes_per_line;
            uint16_t bits_per_pixel;
            uint32_t lfb_base; /* physical address of the pixels, low half */
            uint32_t lfb_size; /* in units of 64 KiB */
            uint8_t red_pos;
            uint8_t red_size;
            uint8_t green_pos;
            uint8_t green_size;
            uint8_t blue_pos;
            uint8_t blue_size;
            uint8_t rsvd_pos;
            uint8_t rsvd_size;
            uint32_t gbl_caps;
            uint16_t mode_attrs;
            uint16_t pad;
            uint32_t ext_lfb_base; /* high half */
        } vesa_lfb;
    } u;
};
_Static_assert(sizeof(struct dom0_vga_console_info) == 40, "dom0_vga_console_info");

/* An entry of the memory map that XENMEM_memory_map returns; the BIOS's E820 format. */
struct e820entry {
    uint64_t addr;
    uint64_t size;
    uint32_t type; /* E820_* */
} __attribute__((packed));
_Static_assert(sizeof(struct e820entry) == 20, "e820entry");

/* e820entry.type. */
#define E820_RAM      1
#define E820_RESERVED 2
#define E820_ACPI     3
#define E820_NVS      4
#define E820_UNUSABLE 5

#endif
