/* SPDX-License-Identifier: MIT */
/*
 * The first instruction, and the ELF notes by which Xen knows what to do with the image.
 *
 * Xen enters at `start` in ring 1 with paging on and flat segments loaded: %esi holds the address
 * of the start_info page, events are masked, and the image, start_info, the list of frames and the
 * boot page tables are all mapped.
 */
#include "abi/asm.h"
#include "machine/layout.h"

    note_string XEN_ELFNOTE_GUEST_OS, "xen-lite guest kernel"
    note_string XEN_ELFNOTE_GUEST_VERSION, "1"
    note_string XEN_ELFNOTE_XEN_VERSION, "xen-3.0"
    note_string XEN_ELFNOTE_LOADER, "generic"
    note_string XEN_ELFNOTE_FEATURES, "pae_pgdir_above_4gb"
    note_string XEN_ELFNOTE_PAE_MODE, "yes"
    note_number XEN_ELFNOTE_VIRT_BASE, VIRT_BASE
    note_number XEN_ELFNOTE_PADDR_OFFSET, 0
    note_number XEN_ELFNOTE_ENTRY, start
    note_number XEN_ELFNOTE_HYPERCALL_PAGE, hypercall_page

    .section .text.start, "ax", @progbits
    .globl start
start:
    cld
    mov $boot_stack + STACK_SIZE - 16, %esp
    xor %ebp, %ebp              /* ends backtraces */
    push %esi
    call pv_start
    ud2                         /* pv_start never returns */

/* Xen fills this page with a 32-byte entry for each hypercall before it starts us. */
    .balign 4096
    .globl hypercall_page
hypercall_page:
    .skip 4096

    .bss
    .balign STACK_SIZE
boot_stack:
    .skip STACK_SIZE

    .section .note.GNU-stack, "", @progbits
