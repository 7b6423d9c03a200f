/* SPDX-License-Identifier: MIT */
/*
 * Time. Xen publishes, per vCPU, a pair (TSC value, nanoseconds) and the TSC's rate as a fraction,
 * and renews it now and then. We extrapolate from the pair. Wake-ups come as VIRQ_TIMER.
 */
#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"

static uint64_t read_tsc(void)
{
    uint32_t low, high;

    /* lfence: not to be read earlier than the pair it is compared with. */
    __asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high)::"memory");
    return (uint64_t)high << 32 | low;
}

/* TSC ticks to nanoseconds: shifted, then times mul / 2^32 with a 96-bit product, made of two. */
static uint64_t scale(uint64_t ticks, int8_t shift, uint32_t mul)
{
    ticks = shift >= 0 ? ticks << shift : ticks >> -shift;
    return (ticks >> 32) * mul + ((uint64_t)(uint32_t)ticks * mul >> 32);
}

uint64_t machine_time(void)
{
    const struct vcpu_time_info *time = &pv_vcpu()->time;
    uint32_t version;
    uint64_t now;

    /* Xen makes version odd, writes, makes it even again. Read between two equal even versions is
     * whole. */
    do {
        version = pv_read_once(time->version);
        __asm__ volatile("" ::: "memory");
        now = time->system_time +
              scale(read_tsc() - time->tsc_timestamp, time->tsc_shift, time->tsc_to_system_mul);
        __asm__ volatile("" ::: "memory");
    } while ((version & 1) || version != pv_read_once(time->version));
    return now;
}

void machine_timer_set(uint64_t when)
{
    /* 0 would switch the timer off instead. */
    hypercall_set_timer(when ? when : 1);
}

void pv_timer_init(void)
{
    /* A vCPU starts with a tick of 100 Hz, which would wake us early. */
    hypercall(__HYPERVISOR_vcpu_op, VCPUOP_stop_periodic_timer, machine_cpu(), 0, 0);
}

/* Two halves of the seconds: the upper one came when 32 bits were seen to end in 2106. Written
 * together with the page, before we start; later only when somebody sets the clock. */
uint64_t machine_start_date(void)
{
    uint32_t version;
    uint64_t seconds;

    do {
        version = pv_read_once(pv_shared_info->wc_version);
        __asm__ volatile("" ::: "memory");
        seconds = pv_read_once(pv_shared_info->wc_sec) |
                  (uint64_t)pv_read_once(pv_shared_info->WALL_CLOCK_HIGH) << 32;
        __asm__ volatile("" ::: "memory");
    } while ((version & 1) || version != pv_read_once(pv_shared_info->wc_version));
    return seconds;
}
