/* SPDX-License-Identifier: MIT */
/*
 * Bringing this CPU's registers into the state that the hypervisor runs with.
 */
#ifndef XEN_LITE_X86_CPU_SETUP_H
#define XEN_LITE_X86_CPU_SETUP_H

#include <stdint.h>

/* Descriptor tables, stacks of traps, SYSCALL registers: traps are caught from here on. Called
 * first on each CPU; its number comes from cpu_id(). */
struct gdt_pages;
void cpu_setup_traps(const struct gdt_pages *pages);

/* Control registers as features say; debug registers and FPU in their first state. */
void cpu_setup_control(void);

/* The bits of CR4 that keep the hypervisor from using a guest's pages by mistake, as far as there
 * are: SMEP and SMAP. Who runs a guest that cannot live with them takes them off meanwhile. */
uint64_t cpu_guards(void);
/* Puts them on again, if they are off. */
void cpu_guards_on(void);

/* The page attribute table. Before a page is mapped that needs more than a CPU starts with. */
void cpu_setup_memory_types(void);

/* This CPU takes part: cpus_online() counts it. */
void cpu_set_online(void);

#endif
