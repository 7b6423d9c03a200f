/* SPDX-License-Identifier: MIT */
/*
 * Bringing this CPU's registers into the state that the hypervisor runs with.
 */
#ifndef XEN_LITE_X86_CPU_SETUP_H
#define XEN_LITE_X86_CPU_SETUP_H

/* Descriptor tables, stacks of traps, SYSCALL registers: traps are caught from here on. gdt_page is
 * a zeroed page that stays mapped. Called first on each CPU; its number comes from cpu_id(). */
void cpu_setup_traps(void *gdt_page);

/* Control registers as features say; debug registers and FPU in their first state. */
void cpu_setup_control(void);

/* The page attribute table. Before a page is mapped that needs more than a CPU starts with. */
void cpu_setup_memory_types(void);

/* This CPU takes part: cpus_online() counts it. */
void cpu_set_online(void);

#endif
