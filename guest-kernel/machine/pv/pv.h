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

#define PORTS (8 * sizeof(long)) /* one word of bits; this kernel binds a handful */

/* interrupts.c: binds handlers to ports of a CPU. */
void pv_event_handler(unsigned cpu, evtchn_port_t port, void (*handler)(void));
void pv_bind_virq(unsigned virq, void (*handler)(void));

/* cpus.c: the port by which a CPU is interrupted calls handler there. */
void pv_cpu_bind(unsigned cpu, void (*handler)(void));

/* event.c: a port that waits for that domain, or one that is connected with that domain's port (0:
 * refused); whether the other end is connected. */
evtchn_port_t pv_event_offer(domid_t domain);
evtchn_port_t pv_event_accept(domid_t domain, evtchn_port_t port);
bool pv_event_is_connected(evtchn_port_t port);
void pv_event_send(evtchn_port_t port);
void pv_event_close(evtchn_port_t port);

/* Where the hypervisor's pages and another domain's are mapped: behind what is the kernel's of the
 * hole. */
#define GRANT_TABLE_AT (KERNEL_HOLE + 0x1fe000)
#define PEER_PAGE_AT   (KERNEL_HOLE + 0x1ff000)

/* grant.c: once, before the others; false: the hypervisor has no such thing. */
bool pv_grant_init(void);

/* Lets that domain map page, to read and write; and no more (false: it has it mapped). */
void pv_grant_give(grant_ref_t reference, domid_t domain, const void *page);
bool pv_grant_take_back(grant_ref_t reference);

/* Maps what that domain has granted at an address for which there is a page table. False: it has
 * granted nothing. */
bool pv_grant_map(domid_t domain, grant_ref_t reference, uintptr_t address, grant_handle_t *handle);
void pv_grant_unmap(uintptr_t address, grant_handle_t handle);

/* timer.c */
void pv_timer_init(void);

/* mmu.c. pv_must: the kernel made the request itself, so a refusal is its own bug. */
void pv_must(long result);
void pv_map_shared_info(void);
void pv_map_machine(uintptr_t address, uint64_t machine); /* a page of the hypervisor's */
void pv_mmu_init(struct machine_facts *facts);
void *pv_page_of_frame(unsigned long mfn);

/* traps64.c, traps32.c: says where system calls, events and failsafe go. Not 0 if that failed. */
long pv_entries_init(void);

/* traps.c */
void pv_traps_init(void);

/* entry64.S, entry32.S */
_Noreturn void pv_frame_enter(struct trap_frame *frame);

#endif
