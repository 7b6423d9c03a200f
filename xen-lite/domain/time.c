/* SPDX-License-Identifier: MIT */
/*
 * The clocks that a guest reads: vcpu_time_info, wall clock, and where its time went (run state).
 *
 * Guests read these structures without asking, while they may be written: a version number that is
 * odd while the rest changes tells them to read again. All writes of one structure are made by the
 * CPU that has its vCPU (for a vCPU that is not up: by whoever creates it).
 */
#include "domain/time.h"

#include "abi/xen.h"
#include "domain/guest_struct.h"
#include "domain/sched_internal.h"
#include "lib/atomic.h"
#include "lib/string.h"
#include "x86/clock.h"

/* Copies to v's kernel. The area is a favour that the guest asked for: if it has unmapped it, it
 * does without. */
static void tell(struct vcpu *v, gva_t to, const void *from, size_t size)
{
    (void)v->domain->ops->kernel_copy_out(v, to, from, size);
}

/* ---- vcpu_time_info ---- */

/* What the TSC means at present. Always the same line, whatever moment it is taken from: the clocks
 * of all vCPUs agree. */
static void fill(struct vcpu_time_info *time)
{
    struct clock_line line = clock_line();

    time->tsc_timestamp = line.tsc;
    time->system_time = line.ns;
    time->tsc_to_system_mul = line.scale.mul;
    time->tsc_shift = line.scale.shift;
    time->flags = line.stable ? XEN_PVCLOCK_TSC_STABLE_BIT : 0;
}

/* The version apart: whether what the guest has is what it should have. */
static bool is_current(const shared_time_t *a, const struct vcpu_time_info *b)
{
    return a->tsc_timestamp == b->tsc_timestamp && a->system_time == b->system_time &&
           a->tsc_to_system_mul == b->tsc_to_system_mul && a->tsc_shift == b->tsc_shift;
}

/* Writes to what the guest reads: odd version, contents, even version. x86 keeps stores in order,
 * so that only the compiler has to be told. */
static void write_time(shared_time_t *shared, const struct vcpu_time_info *now)
{
    uint32_t version = READ_ONCE(shared->version) | 1;

    WRITE_ONCE(shared->version, version);
    barrier();
    shared->tsc_timestamp = now->tsc_timestamp;
    shared->system_time = now->system_time;
    shared->tsc_to_system_mul = now->tsc_to_system_mul;
    shared->tsc_shift = now->tsc_shift;
    shared->flags = now->flags;
    barrier();
    WRITE_ONCE(shared->version, version + 1);
}

/* The same to an address in the guest, in three copies, through the tables of the current vCPU.
 * `version` is that of the copy in v's vcpu_info. */
static void write_time_area(gva_t area, struct vcpu_time_info *now, uint32_t version)
{
    struct vcpu *writer = current_vcpu();
    size_t size = sizeof(now->version);

    now->version = version | 1;
    tell(writer, area, now, size);
    tell(writer, GVA(area.n + size), (const char *)now + size, sizeof(*now) - size);
    now->version++;
    tell(writer, area, now, size);
}

void time_update_vcpu(struct vcpu *v)
{
    struct vcpu_time_info now = { 0 };
    shared_time_t *shared = &v->info->time;

    fill(&now);
    /* Changes seldom, and the guest may have scribbled over it: then it gets it back. */
    if (!is_current(shared, &now))
        write_time(shared, &now);
    if (v->time_area.n != 0 && v == current_vcpu())
        write_time_area(v->time_area, &now, READ_ONCE(shared->version));
}

void time_publish(struct vcpu *v, gva_t area)
{
    struct vcpu_time_info now = { 0 };

    fill(&now);
    write_time_area(area, &now, READ_ONCE(v->info->time.version));
}

/* wc_version, wc_sec and wc_nsec of struct shared_info. */
struct wall_clock {
    uint32_t version, sec, nsec;
};

void time_update_wallclock(struct domain *d)
{
    struct wall_clock *clock = (void *)((char *)d->shared + d->width->wc_version);
    uint32_t *sec_hi = (void *)((char *)d->shared + d->width->wc_sec_hi);
    uint32_t version = READ_ONCE(clock->version) | 1;
    uint64_t seconds = d->wallclock_offset / NS_PER_SECOND;

    WRITE_ONCE(clock->version, version);
    barrier();
    clock->sec = (uint32_t)seconds;
    clock->nsec = (uint32_t)(d->wallclock_offset % NS_PER_SECOND);
    *sec_hi = (uint32_t)(seconds >> 32);
    barrier();
    WRITE_ONCE(clock->version, version + 1);
}

/* ---- run state ---- */

void runstate_change(struct vcpu *v, int state, uint64_t now)
{
    struct vcpu_runstate_info_64 *r = &v->runstate;

    if (r->state == state)
        return;
    if (now > r->state_entry_time)
        r->time[r->state] += now - r->state_entry_time;
    r->state_entry_time = now;
    r->state = state;
}

void runstate_get(struct vcpu *v, struct vcpu_runstate_info_64 *info)
{
    struct cpu_queue *q = sched_lock_queue(v);
    uint64_t now = now_ns();

    *info = v->runstate;
    spin_unlock(&q->lock);
    if (now > info->state_entry_time)
        info->time[info->state] += now - info->state_entry_time;
}

static void tell_runstate(struct vcpu *v, gva_t area, const struct vcpu_runstate_info_64 *info)
{
    uint64_t form[STRUCT_FORM_MAX / sizeof(uint64_t)];

    tell(v, area, form, guest_struct_form(v, &vcpu_runstate_info_forms, form, info));
}

void runstate_publish(struct vcpu *v)
{
    struct vcpu_runstate_info_64 info = { 0 };
    gva_t area = v->runstate_area;
    gva_t entry = GVA(area.n + v->domain->width->runstate_entry);

    if (area.n == 0)
        return;
    info.state = v->runstate.state;
    info.state_entry_time = v->runstate.state_entry_time;
    memcpy(info.time, v->runstate.time, sizeof(info.time));
    if (!(atomic_load(&v->domain->vm_assist) & BIT(VMASST_TYPE_runstate_update_flag))) {
        tell_runstate(v, area, &info);
        return;
    }
    /* Other vCPUs of the guest may read it meanwhile: it asked for a mark while it changes. */
    info.state_entry_time |= XEN_RUNSTATE_UPDATE;
    tell(v, entry, &info.state_entry_time, sizeof(info.state_entry_time));
    tell_runstate(v, area, &info);
    info.state_entry_time &= ~XEN_RUNSTATE_UPDATE;
    tell(v, entry, &info.state_entry_time, sizeof(info.state_entry_time));
}
