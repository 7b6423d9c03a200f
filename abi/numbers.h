/* SPDX-License-Identifier: MIT */
/*
 * Numbers of the ABI that are no list with a meaning per entry (those are the .def files): flags,
 * limits, reserved ids. Plain #defines, for C and asm.
 */
#ifndef ABI_NUMBERS_H
#define ABI_NUMBERS_H

#include "abi/width.h"

/* ---- Domains ---- */

/* Ids from here on are no domains but have meanings of their own. */
#define DOMID_FIRST_RESERVED 0x7ff0
/* The calling domain, whatever its id. */
#define DOMID_SELF           0x7ff0
/* Owner of memory that is no RAM. */
#define DOMID_IO             0x7ff1
/* Owner of what the hypervisor shares of its own memory. */
#define DOMID_XEN            0x7ff2
/* Owner of frames shared between equal pages. */
#define DOMID_COW            0x7ff3
/* No domain at all. */
#define DOMID_INVALID        0x7ff4
/* The hypervisor's idle loop. */
#define DOMID_IDLE           0x7fff
/* Bits that an id can have. */
#define DOMID_MASK           0x7fff

/* vCPUs whose struct vcpu_info is in the shared page; the others have to register one. */
#define XEN_LEGACY_MAX_VCPUS 32
/* Highest reason that SCHEDOP_shutdown takes; see shutdown.def. */
#define SHUTDOWN_MAX         5
/* Virtual interrupts are numbered below this. */
#define NR_VIRQS             24

/* ---- Start of day ---- */

/* Size of start_info.cmd_line, the final 0 included. */
#define MAX_GUEST_CMDLINE 1024

/* start_info.flags: the domain is privileged. */
#define SIF_PRIVILEGED      (1 << 0)
/* The domain is the initial one; console.dom0 is valid instead of console.domU. */
#define SIF_INITDOMAIN      (1 << 1)
/* The ramdisk is a list of struct xen_multiboot_mod_list. */
#define SIF_MULTIBOOT_MOD   (1 << 2)
/* mod_start is a pfn, and the ramdisk is not mapped. */
#define SIF_MOD_START_PFN   (1 << 3)
/* Tools understand a p2m in virtual memory. */
#define SIF_VIRT_P2M_4TOOLS (1 << 4)
/* Power management options of the hypervisor. */
#define SIF_PM_MASK         (0xff << 8)

/* dom0_vga_console_info.video_type. */
#define XEN_VGATYPE_TEXT_MODE_3 0x03
#define XEN_VGATYPE_VESA_LFB    0x23
#define XEN_VGATYPE_EFI_LFB     0x70

/* ---- vCPU context: vcpu_guest_context.flags ---- */

/* fpu_ctxt holds a state to load. */
#define VGCF_i387_valid               (1 << 0)
#define VGCF_I387_VALID               VGCF_i387_valid
/* The vCPU starts in kernel mode. */
#define VGCF_in_kernel                (1 << 2)
#define VGCF_IN_KERNEL                VGCF_in_kernel
/* The failsafe callback, or the syscall entry, is entered with events masked. */
#define VGCF_failsafe_disables_events (1 << 3)
#define VGCF_syscall_disables_events  (1 << 4)
/* The vCPU is up. */
#define VGCF_online                   (1 << 5)
/* iret: return by SYSRET, so rcx and r11 are not restored. 64-bit guests. */
#define VGCF_in_syscall               (1 << 8)
#define VGCF_IN_SYSCALL               VGCF_in_syscall

/* vcpu_time_info.flags: all CPUs' TSCs agree; the guest was stopped meanwhile. */
#define XEN_PVCLOCK_TSC_STABLE_BIT (1 << 0)
#define XEN_PVCLOCK_GUEST_STOPPED  (1 << 1)

/* set_segment_base: which base. */
#define SEGBASE_FS          0
#define SEGBASE_GS_USER     1
#define SEGBASE_GS_KERNEL   2
/* Loads this selector as the user's gs. */
#define SEGBASE_GS_USER_SEL 3

/* ---- Page tables ---- */

/* mmu_update: what the two low bits of ptr say. */
#define MMU_NORMAL_PT_UPDATE       0
/* val is the new M2P entry of the frame at ptr. */
#define MMU_MACHPHYS_UPDATE        1
/* As 0, but accessed and dirty bits that are set stay set. */
#define MMU_PT_UPDATE_PRESERVE_AD  2
/* As 0; val is an mfn even for translated guests. */
#define MMU_PT_UPDATE_NO_TRANSLATE 3

/* update_va_mapping, flags: what to flush ... */
#define UVMF_NONE           ABI_UL(0)
#define UVMF_TLB_FLUSH      ABI_UL(1)
#define UVMF_INVLPG         ABI_UL(2)
#define UVMF_FLUSHTYPE_MASK ABI_UL(3)
/* ... and where: with MULTI the other bits are the address of a bitmap of vCPUs, 0 means local. */
#define UVMF_MULTI          ABI_UL(0)
#define UVMF_LOCAL          ABI_UL(0)
#define UVMF_ALL            ABI_UL(4)

/* ---- memory_op ---- */

/* xen_memory_reservation.mem_flags, bits 0-7: the frames' addresses fit in so many bits. */
#define XENMEMF_address_bits(bits)      (bits)
#define XENMEMF_get_address_bits(flags) ((flags)&0xffU)
/* Bits 8-15: NUMA node + 1. */
#define XENMEMF_node(node)              (((node) + 1) << 8)
#define XENMEMF_get_node(flags)         ((((flags) >> 8) - 1) & 0xffU)
#define XENMEMF_populate_on_demand      (1 << 16)
#define XENMEMF_exact_node_request      (1 << 17)
#define XENMEMF_vnode                   (1 << 18)

/* add_to_physmap: what to place. */
#define XENMAPSPACE_shared_info      0
#define XENMAPSPACE_grant_table      1
#define XENMAPSPACE_gmfn             2
#define XENMAPSPACE_gmfn_range       3
#define XENMAPSPACE_gmfn_foreign     4
#define XENMAPSPACE_dev_mmio         5
#define XENMAPIDX_grant_table_status 0x80000000

/* acquire_resource: kinds and ids. */
#define XENMEM_resource_ioreq_server          0
#define XENMEM_resource_grant_table           1
#define XENMEM_resource_vmtrace_buf           2
#define XENMEM_resource_grant_table_id_shared 0
#define XENMEM_resource_grant_table_id_status 1

/* ---- Event channels ---- */

/* evtchn_status.status. */
#define EVTCHNSTAT_closed      0
#define EVTCHNSTAT_unbound     1
#define EVTCHNSTAT_interdomain 2
#define EVTCHNSTAT_pirq        3
#define EVTCHNSTAT_virq        4
#define EVTCHNSTAT_ipi         5
/* evtchn_bind_pirq.flags. */
#define BIND_PIRQ__WILL_SHARE  1

/* Ports that the two-level bitmaps of the shared page have room for: bits per word, squared. */
#define EVTCHN_2L_NR_CHANNELS_64 4096
#define EVTCHN_2L_NR_CHANNELS_32 1024
#ifndef ABI_BOTH_WIDTHS
#if ABI_NATIVE_WIDTH == 64
#define EVTCHN_2L_NR_CHANNELS EVTCHN_2L_NR_CHANNELS_64
#else
#define EVTCHN_2L_NR_CHANNELS EVTCHN_2L_NR_CHANNELS_32
#endif
#endif

/* FIFO events: bits of an event word and limits. */
#define EVTCHN_FIFO_PENDING          31
#define EVTCHN_FIFO_MASKED           30
#define EVTCHN_FIFO_LINKED           29
#define EVTCHN_FIFO_BUSY             28
#define EVTCHN_FIFO_LINK_BITS        17
#define EVTCHN_FIFO_LINK_MASK        ((1 << EVTCHN_FIFO_LINK_BITS) - 1)
#define EVTCHN_FIFO_NR_CHANNELS      (1 << EVTCHN_FIFO_LINK_BITS)
#define EVTCHN_FIFO_PRIORITY_MAX     0
#define EVTCHN_FIFO_PRIORITY_DEFAULT 7
#define EVTCHN_FIFO_PRIORITY_MIN     15
#define EVTCHN_FIFO_MAX_QUEUES       (EVTCHN_FIFO_PRIORITY_MIN + 1)

/* ---- vCPUs and time ---- */

/* vcpu_runstate_info.state and the index of its time[]. */
#define RUNSTATE_running    0
#define RUNSTATE_runnable   1
#define RUNSTATE_blocked    2
#define RUNSTATE_offline    3
/* state_entry_time: being changed; see VMASST_TYPE_runstate_update_flag. */
#define XEN_RUNSTATE_UPDATE (ABI_ULL(1) << 63)

/* vcpu_set_singleshot_timer.flags: -XEN_ETIME if the moment has passed. */
#define VCPU_SSHOTTMR_future (1 << 0)

/* ---- Callbacks, assists, console ---- */

#define CALLBACKOP_register   0
#define CALLBACKOP_unregister 1
/* callback_register.flags: enter with events masked. */
#define CALLBACKF_mask_events (1 << 0)

#define VMASST_CMD_enable  0
#define VMASST_CMD_disable 1

#define CONSOLEIO_write 0
#define CONSOLEIO_read  1

/* Number of 32-bit words of features.def. */
#define XENFEAT_NR_SUBMAPS 1

/* xen_version: sizes of the texts. */
#define XEN_EXTRAVERSION_LEN      16
#define XEN_CAPABILITIES_INFO_LEN 1024
#define XEN_CHANGESET_INFO_LEN    64

/* Highest number in elfnotes.def. */
#define XEN_ELFNOTE_MAX 18

/* nmi_op. */
#define XENNMI_register_callback   0
#define XENNMI_unregister_callback 1
/* arch_shared_info.nmi_reason: bits. */
#define XEN_NMIREASON_io_error     (1 << 0)
#define XEN_NMIREASON_pci_serr     (1 << 1)
#define XEN_NMIREASON_unknown      (1 << 2)

/* physdev_op: irq_status_query flags. */
#define XENIRQSTAT_needs_eoi (1 << 0)
#define XENIRQSTAT_shared    (1 << 1)

/*
 * Forced emulation: this byte sequence before an instruction makes the hypervisor do the
 * instruction for the guest. CPUID is the one that guests use it for.
 */
#ifdef __ASSEMBLER__
#define XEN_EMULATE_PREFIX .byte 0x0f, 0x0b, 0x78, 0x65, 0x6e;
#define XEN_CPUID          XEN_EMULATE_PREFIX cpuid
#else
#define XEN_EMULATE_PREFIX ".byte 0x0f,0x0b,0x78,0x65,0x6e ; "
#define XEN_CPUID          XEN_EMULATE_PREFIX "cpuid"
#endif

#endif
