/* SPDX-License-Identifier: MIT */
/*
 * Whether SMAP is used, and making the code fit (smap.h).
 */
#ifndef XEN_LITE_X86_SMAP_INIT_H
#define XEN_LITE_X86_SMAP_INIT_H

enum smap_choice {
    SMAP_OFF,  /* smap=0 */
    SMAP_ON,   /* smap=1: also where the probe finds the CPU broken */
    SMAP_AUTO, /* if the CPU has it and it works */
};

/* Decides features.smap, and writes STAC and CLAC over their places if it stays on. On the boot
 * CPU, once traps are set up and while the image's text can still be written. Says so in one line
 * if the CPU has SMAP but must not use it. */
void smap_init(enum smap_choice choice);

#endif
