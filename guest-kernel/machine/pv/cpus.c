/* SPDX-License-Identifier: MIT */
/*
 * More CPUs. Xen is given all registers that a vCPU is to begin with, and it begins in C: paging is
 * on, segments are loaded, nothing of the past has to be left behind. vCPUs interrupt each other by
 * event channels.
 */
#include "machine/pv/hypercall.h"
#include "machine/pv/mmu.h"
#include "machine/pv/pv.h"

static evtchn_port_t ports[MACHINE_CPUS_MAX];
static void (*interrupted)(void);
static void (*begin_with)(void);

void pv_cpu_bind(unsigned cpu, void (*handler)(void))
{
    struct evtchn_bind_ipi bind = { .vcpu = cpu };

    interrupted = handler;
    pv_must(hypercall_event_channel(EVTCHNOP_bind_ipi, &bind));
    ports[cpu] = bind.port;
    pv_event_handler(cpu, bind.port, handler);
}

void machine_cpu_interrupt(unsigned cpu)
{
    pv_event_send(ports[cpu]);
}

/* The first function of a CPU. */
static void begin(void)
{
    pv_traps_init();
    pv_timer_init();
    begin_with();
}

bool machine_cpu_start(unsigned cpu, void *stack, void (*entry)(void))
{
    static struct vcpu_guest_context context; /* too large for a stack */
    unsigned long *top = machine_stack_top(stack);

    /* How many there are is told by nothing else. */
    if (hypercall(__HYPERVISOR_vcpu_op, VCPUOP_is_up, cpu, 0, 0) < 0)
        return false;
    stack_end(stack)->cpu = cpu;
    begin_with = entry;
    context.flags = VGCF_in_kernel;
    context.user_regs = (struct cpu_user_regs){
        .cs = FLAT_KERNEL_CS,
        .ss = FLAT_KERNEL_SS,
        .ds = FLAT_KERNEL_DS,
        .es = FLAT_KERNEL_DS,
        .REGISTER(flags) = FLAGS_IF, /* for Xen; our interrupts have a mask */
        .REGISTER(ip) = (uintptr_t)begin,
        .REGISTER(sp) = (uintptr_t)(top - 1), /* as if called */
    };
    context.kernel_ss = FLAT_KERNEL_SS;
    context.kernel_sp = (uintptr_t)top;
    context.ctrlreg[3] = pv_cr3_of(pv_frame_of(kernel_space()->top));
    if (hypercall(__HYPERVISOR_vcpu_op, VCPUOP_initialise, cpu, (unsigned long)&context, 0) != 0)
        return false;
    pv_shared_info->vcpu_info[cpu].evtchn_upcall_mask = 1; /* interrupts are off */
    pv_cpu_bind(cpu, interrupted);
    pv_must(hypercall(__HYPERVISOR_vcpu_op, VCPUOP_up, cpu, 0, 0));
    return true;
}
