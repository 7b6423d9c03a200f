/* SPDX-License-Identifier: MIT */
/* What the files of machine/pv/ know of each other. The kernel does not include this. */
#ifndef GUEST_KERNEL_PV_PV_H
#define GUEST_KERNEL_PV_PV_H

#include "abi/xen.h"
#include "machine/frame.h"
#include "machine/layout.h"
#include "machine/pv/width.h"

/* setup.c: what Xen left for us; the page that we share with it. */
extern const struct start_info *pv_start_info;
extern struct shared_info *pv_shared_info;

/* This processor's part of the shared page. */
static inline struct vcpu_info *pv_vcpu(void)
{
    return &pv_shared_info->vcpu_info[machine_cpu()];
}

/* Reads and writes of words that Xen changes behind the compiler's back. */
#define pv_read_once(x)         (*(const volatile __typeof__(x) *)&(x))
#define pv_write_once(x, value) (*(volatile __typeof__(x) *)&(x) = (value))

/* setup.c, called by start.S. */
_Noreturn void pv_start(const struct start_info *info);

/* console.c */
void pv_console_init(void);
void pv_console_bind(void (*handler)(void));

/* interrupts.c: binds handlers to ports of a CPU. */
void pv_event_handler(unsigned cpu, evtchn_port_t port, void (*handler)(void));
void pv_bind_virq(unsigned virq, void (*handler)(void));

/* cpus.c: the port by which a CPU is interrupted calls handler there. */
void pv_cpu_bind(unsigned cpu, void (*handler)(void));

/* timer.c */
void pv_timer_init(void);

/* mmu.c. pv_must: the kernel made the request itself, so a refusal is its own bug. */
void pv_must(long result);
void pv_map_shared_info(void);
void pv_mmu_init(struct machine_facts *facts);
void *pv_page_of_frame(unsigned long mfn);

/* traps64.c, traps32.c: says where system calls, events and failsafe go. Not 0 if that failed. */
long pv_entries_init(void);

/* traps.c */
void pv_traps_init(void);

/* entry64.S, entry32.S */
_Noreturn void pv_frame_enter(struct trap_frame *frame);

#endif
