/* SPDX-License-Identifier: MIT */
/*
 * What a guest finds when it starts, and the page that it shares with the hypervisor.
 * Included once per width.
 */

/* The guest's first page of information; rsi (esi) holds its virtual address at the start. */
struct ABI_NAME(start_info) {
    char magic[32];        /* "xen-3.0-x86_64" or "xen-3.0-x86_32p" */
    abi_ulong nr_pages;    /* frames that the domain has */
    abi_ulong shared_info; /* machine address of struct shared_info */
    uint32_t flags;        /* SIF_* */
    abi_pfn store_mfn;     /* frame of the store page */
    uint32_t store_evtchn; /* port to the store; 0: nobody serves it */
    union {
        struct {
            abi_pfn mfn;     /* frame of the console page */
            uint32_t evtchn; /* port to the console */
        } domU;
        struct {
            uint32_t info_off;  /* struct dom0_vga_console_info, counted from start_info */
            uint32_t info_size; /* its size */
        } dom0;
    } console;
    /* From here on only at the first start, not after a restore. */
    abi_ulong pt_base;      /* virtual address of the root page table */
    abi_ulong nr_pt_frames; /* tables there, in consecutive pages */
    abi_ulong mfn_list;     /* virtual address of the list pfn -> mfn */
    abi_ulong mod_start;    /* ramdisk: virtual address, or pfn with SIF_MOD_START_PFN */
    abi_ulong mod_len;      /* its size in bytes; 0: none */
    int8_t cmd_line[MAX_GUEST_CMDLINE];
    abi_ulong first_p2m_pfn; /* with XEN_ELFNOTE_INIT_P2M: pages of the list and its tables */
    abi_ulong nr_p2m_frames;
};

/* Page fault address; the rest keeps struct vcpu_info at 64 bytes. */
struct ABI_NAME(arch_vcpu_info) {
    abi_ulong cr2;
#if ABI_WIDTH == 64
    abi_ulong pad;
#else
    abi_ulong pad[5];
#endif
};

/*
 * One vCPU's side of event delivery. The hypervisor sets the port's bit in evtchn_pending, then the
 * word's bit in evtchn_pending_sel, then evtchn_upcall_pending, and enters the guest's event
 * callback unless evtchn_upcall_mask is set. The guest clears them in the opposite order.
 */
struct ABI_NAME(vcpu_info) {
    uint8_t evtchn_upcall_pending;
    uint8_t evtchn_upcall_mask;
    abi_ulong evtchn_pending_sel;
    struct ABI_NAME(arch_vcpu_info) arch;
    struct vcpu_time_info time;
};

/* Where tools find the domain's list pfn -> mfn, and more that is x86 only. */
struct ABI_NAME(arch_shared_info) {
    abi_ulong max_pfn;
    abi_pfn pfn_to_mfn_frame_list_list; /* frame of mfns of frames of mfns of frames of the list */
    abi_ulong nmi_reason;               /* XEN_NMIREASON_* */
    abi_ulong p2m_cr3;                  /* or: the list is mapped at p2m_vaddr in these tables */
    abi_ulong p2m_vaddr;
    abi_ulong p2m_generation; /* odd while the guest changes that mapping */
#if ABI_WIDTH == 32
    uint32_t wc_sec_hi;
#endif
};

/*
 * The shared page. A port is bit (port % width) of word (port / width) of both bitmaps. Wall-clock
 * time, wc_*, is the time of day when system time was 0; wc_version works as in vcpu_time_info.
 */
struct ABI_NAME(shared_info) {
    struct ABI_NAME(vcpu_info) vcpu_info[XEN_LEGACY_MAX_VCPUS];
    abi_ulong evtchn_pending[ABI_WIDTH];
    abi_ulong evtchn_mask[ABI_WIDTH];
    uint32_t wc_version;
    uint32_t wc_sec;
    uint32_t wc_nsec;
#if ABI_WIDTH == 64
    uint32_t wc_sec_hi;
#endif
    struct ABI_NAME(arch_shared_info) arch;
};
_Static_assert(sizeof(struct ABI_NAME(vcpu_info)) == 64, "vcpu_info");
_Static_assert(sizeof(struct ABI_NAME(shared_info)) <= 4096, "shared_info is one page");
_Static_assert(sizeof(struct ABI_NAME(start_info)) <= 4096, "start_info is one page");
