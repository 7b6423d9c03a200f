/* SPDX-License-Identifier: MIT */
/* Where things lie in a test guest of either width: the image begins at the very first page. */
#include "tests/guests/support/layout.h"

ENTRY(start)

PHDRS
{
    text PT_LOAD FLAGS(5);
    data PT_LOAD FLAGS(6);
    notes PT_NOTE FLAGS(4);
}

SECTIONS
{
    . = VIRT_BASE;

    .text : AT(ADDR(.text) - VIRT_BASE) { *(.text.start) *(.text .text.*) } :text
    .note.Xen : AT(ADDR(.note.Xen) - VIRT_BASE) { KEEP(*(.note.Xen)) } :text :notes

    . = ALIGN(4096);
    .rodata : AT(ADDR(.rodata) - VIRT_BASE) { *(.rodata .rodata.*) } :data
    .data : AT(ADDR(.data) - VIRT_BASE) { *(.data .data.*) } :data
    .bss : AT(ADDR(.bss) - VIRT_BASE) { *(.bss .bss.*) *(COMMON) } :data
    image_end = .;

    /DISCARD/ : { *(.comment) *(.eh_frame) *(.note.gnu.*) *(.note.GNU-stack) }
}
