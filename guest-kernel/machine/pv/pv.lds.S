/* SPDX-License-Identifier: MIT */
/* Where things lie in the PV image of either width. Physical addresses count from page 0 of the
 * domain's memory, which Xen maps at VIRT_BASE. Text, read-only data and data begin on pages of
 * their own. */
#include "machine/layout.h"

ENTRY(start)

PHDRS
{
    text PT_LOAD FLAGS(5);
    rodata PT_LOAD FLAGS(4);
    data PT_LOAD FLAGS(6);
    notes PT_NOTE FLAGS(4);
}

SECTIONS
{
    . = VIRT_BASE + IMAGE_OFFSET;

    .text : AT(ADDR(.text) - VIRT_BASE) { *(.text.start) *(.text .text.*) } :text

    . = ALIGN(4096);
    text_end = .;
    .rodata : AT(ADDR(.rodata) - VIRT_BASE) { *(.rodata .rodata.*) } :rodata
    .note.Xen : AT(ADDR(.note.Xen) - VIRT_BASE) { KEEP(*(.note.Xen)) } :rodata :notes

    . = ALIGN(4096);
    rodata_end = .;
    .data : AT(ADDR(.data) - VIRT_BASE) { *(.data .data.*) } :data
    .bss : AT(ADDR(.bss) - VIRT_BASE) { *(.bss .bss.*) *(COMMON) } :data
    image_end = .;

    /DISCARD/ : { *(.comment) *(.eh_frame) *(.note.gnu.*) *(.note.GNU-stack) }
}
