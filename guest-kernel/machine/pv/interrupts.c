/* SPDX-License-Identifier: MIT */
/*
 * Interrupts of a PV machine are event channels: ports with a pending and a masked bit each, in the
 * shared page.
 *
 * Xen sets a port's pending bit, then the word's bit in the vCPU's selector, then
 * evtchn_upcall_pending, and calls our entry if evtchn_upcall_mask allows. We take them in the
 * opposite order. The mask is this machine's interrupt flag: 1 is off.
 */
#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"

static void (*handlers[PORTS])(void);
static unsigned long ports_of[MACHINE_CPUS_MAX]; /* the word is for all CPUs, a port for one */

/* Xen sets bits of the same word at the same time: hence a locked instruction, also with one vCPU.
 */
static void clear_bit(unsigned long *word, unsigned bit)
{
    __asm__ volatile("lock btr %1, %0" : "+m"(*word) : "r"((unsigned long)bit) : "memory");
}

/* No port is masked when a domain starts, but one that was closed has kept its mask bit. */
void pv_event_handler(unsigned cpu, evtchn_port_t port, void (*handler)(void))
{
    if (port >= PORTS)
        machine_crash();
    handlers[port] = handler;
    ports_of[cpu] |= 1ul << port;
    clear_bit((unsigned long *)&pv_shared_info->evtchn_mask[0], port);
}

void pv_bind_virq(unsigned virq, void (*handler)(void))
{
    struct evtchn_bind_virq bind = { .virq = virq, .vcpu = 0 };

    if (hypercall_event_channel(EVTCHNOP_bind_virq, &bind) != 0)
        machine_crash();
    pv_event_handler(0, bind.port, handler);
}

void machine_interrupt_bind(enum machine_interrupt which, void (*handler)(void))
{
    switch (which) {
    case INTERRUPT_TIMER: pv_bind_virq(VIRQ_TIMER, handler); break;
    case INTERRUPT_CONSOLE: pv_console_bind(handler); break;
    case INTERRUPT_CPU: pv_cpu_bind(0, handler); break;
    case INTERRUPTS: break; /* how many there are */
    }
}

/* Calls the handler of each port that is pending and not masked, until there is none. */
static void serve_word(void)
{
    unsigned long pending;

    while ((pending = pv_read_once(pv_shared_info->evtchn_pending[0]) & ports_of[machine_cpu()] &
                      ~pv_read_once(pv_shared_info->evtchn_mask[0])) != 0) {
        unsigned port = (unsigned)__builtin_ctzl(pending);

        /* Cleared before the handler runs: what arrives meanwhile sets it again and is served
         * again. */
        clear_bit((unsigned long *)&pv_shared_info->evtchn_pending[0], port);
        if (handlers[port])
            handlers[port]();
    }
}

/* There is one entry for all events. */
void interrupt_arrives(unsigned number)
{
    struct vcpu_info *vcpu = pv_vcpu();
    unsigned long selector;

    (void)number;
    while (pv_read_once(vcpu->evtchn_upcall_pending)) {
        pv_write_once(vcpu->evtchn_upcall_pending, 0);

        /* The exchange is a full barrier: a port set after it raises upcall_pending anew. */
        selector = __atomic_exchange_n(&vcpu->evtchn_pending_sel, 0, __ATOMIC_SEQ_CST);
        if (selector & 1)
            serve_word();
    }
}

bool machine_irq_off(void)
{
    bool on = !pv_read_once(pv_vcpu()->evtchn_upcall_mask);

    pv_write_once(pv_vcpu()->evtchn_upcall_mask, 1);
    __asm__ volatile("" ::: "memory");
    return on;
}

void machine_irq_restore(bool on)
{
    if (!on)
        return;
    __asm__ volatile("" ::: "memory");
    pv_write_once(pv_vcpu()->evtchn_upcall_mask, 0);

    /* Unmask, then look: Xen looks at the mask only when it raises something, or when a hypercall
     * returns. So for what came while we were masked, any hypercall will do. */
    __asm__ volatile("mfence" ::: "memory");
    if (pv_read_once(pv_vcpu()->evtchn_upcall_pending))
        hypercall_xen_version(XENVER_version, NULL);
}

void machine_idle(void)
{
    /* Unmasks and sleeps as one step; the upcall has run when it returns. */
    hypercall_sched(SCHEDOP_block, NULL);
    pv_write_once(pv_vcpu()->evtchn_upcall_mask, 1);
}
