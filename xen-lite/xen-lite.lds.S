/* SPDX-License-Identifier: MIT */
/*
 * How the hypervisor's image is laid out, in the file and in memory.
 *
 * The boot page (headers and 32-bit code) is linked where it is loaded; everything else is linked
 * at IMAGE_BASE, at the same distance as in physical memory. Two things rely on the layout:
 *  - A Multiboot 1 loader that takes no ELF64 file (QEMU's -kernel) is told by the header to copy
 *    one piece of the file to IMAGE_PHYS. So file offsets must run parallel to physical addresses,
 *    which they do as long as all sections follow each other without a hole of a page or more.
 *  - Each kind of memory (text, read-only data, data, what is given back after boot) begins on a
 *    page of its own, so that paging can give each the rights it needs.
 * Read-only data stands behind the text: the symbol table is filled in by a second link and must
 * not move the addresses that it holds.
 */
#include "x86/layout.h"

OUTPUT_FORMAT("elf64-x86-64")
OUTPUT_ARCH(i386:x86-64)
ENTRY(boot_entry)

PHDRS
{
    boot PT_LOAD FLAGS(5);
    text PT_LOAD FLAGS(5);
    rodata PT_LOAD FLAGS(4);
    data PT_LOAD FLAGS(6);
}

#define TO_PHYS (IMAGE_PHYS - IMAGE_BASE)

SECTIONS
{
    . = IMAGE_PHYS;
    .boot : { KEEP(*(.boot.header)) *(.boot.text) . = ALIGN(4096); } :boot

    . = IMAGE_BASE + SIZEOF(.boot);
    image_start = .;
    .text : AT(ADDR(.text) + TO_PHYS) { *(.text .text.*) . = ALIGN(4096); } :text
    image_rodata = .;
    .rodata : AT(ADDR(.rodata) + TO_PHYS)
    {
        *(.rodata .rodata.*)
        . = ALIGN(8);
        ex_table_start = .;
        KEEP(*(__ex_table))
        ex_table_end = .;
        smap_sites_start = .;
        KEEP(*(.smap_sites))
        smap_sites_end = .;
    } :rodata
    . = ALIGN(4096);
    image_data = .;
    .data : AT(ADDR(.data) + TO_PHYS)
    {
        /* Written during boot only, then read-only. */
        *(.data.once)
        . = ALIGN(4096);
        image_once_end = .;
        *(.data .data.*)
        *(.got .got.*)
    } :data
    image_loaded_end = .;
    .bss : AT(ADDR(.bss) + TO_PHYS)
    {
        . = ALIGN(4096);
        image_bss = .;
        *(.bss.pages)
        *(.bss) *(COMMON)
        . = ALIGN(4096);
        /* From here on: needed during boot only. */
        image_init = .;
        *(.bss.init)
        . = ALIGN(4096);
    } :data
    image_end = .;

    /* The same addresses for code that runs before paging. */
    load_end_pa = image_loaded_end + TO_PHYS;
    bss_pa = image_bss + TO_PHYS;
    end_pa = image_end + TO_PHYS;
    boot_l4_pa = boot_l4 + TO_PHYS;
    boot_stack_l3_pa = boot_stack_l3 + TO_PHYS;
    boot_stack_l2_pa = boot_stack_l2 + TO_PHYS;
    boot_stack_l1_pa = boot_stack_l1 + TO_PHYS;
    boot_stack_pages_pa = boot_stack_pages + TO_PHYS;
    boot_image_l3_pa = boot_image_l3 + TO_PHYS;
    boot_image_l2_pa = boot_image_l2 + TO_PHYS;
    boot_low_l3_pa = boot_low_l3 + TO_PHYS;
    boot_low_l2_pa = boot_low_l2 + TO_PHYS;
    nx_pa = boot_nx + TO_PHYS;

    /DISCARD/ : { *(.note.*) *(.comment) *(.eh_frame*) *(.interp) *(.dynamic) }
}

/* boot.S maps this much. */
ASSERT(end_pa <= IMAGE_PHYS + 0x400000, "the image is larger than the boot page tables map")
ASSERT(SIZEOF(.boot) == 0x1000, "the boot code is larger than its page")
