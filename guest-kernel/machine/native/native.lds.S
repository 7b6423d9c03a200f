/* SPDX-License-Identifier: MIT */
/* Where things lie in the native image of either width. GRUB loads it at physical IMAGE_OFFSET and
 * enters there; the first instructions turn paging on and go to the linked addresses. */
#include "machine/layout.h"

ENTRY(start)

PHDRS
{
    text PT_LOAD FLAGS(5);
    rodata PT_LOAD FLAGS(4);
    data PT_LOAD FLAGS(6);
}

SECTIONS
{
    . = VIRT_BASE + IMAGE_OFFSET;

    /* GRUB looks for its header in the first 32 KiB of the file. */
    .text : AT(ADDR(.text) - VIRT_BASE) { *(.multiboot) *(.text.start) *(.text .text.*) } :text

    . = ALIGN(4096);
    text_end = .;
    .rodata : AT(ADDR(.rodata) - VIRT_BASE) { *(.rodata .rodata.*) } :rodata

    . = ALIGN(4096);
    rodata_end = .;
    .data : AT(ADDR(.data) - VIRT_BASE) { *(.data .data.*) } :data
    .bss : AT(ADDR(.bss) - VIRT_BASE) { *(.bss .bss.*) *(COMMON) } :data
    . = ALIGN(4096);
    image_end = .;

    /DISCARD/ : { *(.comment) *(.eh_frame) *(.note.gnu.*) *(.note.GNU-stack) }
}
