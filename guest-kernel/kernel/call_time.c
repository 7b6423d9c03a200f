/* SPDX-License-Identifier: MIT */
/* The system calls about time, and about what this is. */
#include "kernel/call.h"
#include "kernel/process.h"
#include "kernel/schedule.h"
#include "kernel/user_memory.h"
#include "lib/print.h"

#define SECOND 1000000000ull

int64_t time_since_1970(void)
{
    return (int64_t)(machine_start_date() + machine_time() / SECOND);
}

static struct api_time time_of(uint64_t nanoseconds)
{
    return (struct api_time){ .seconds = (int64_t)(nanoseconds / SECOND),
                              .nanoseconds = (int64_t)(nanoseconds % SECOND) };
}

/* When a sleep of that length ends; longer than anything lives is for ever. */
static uint64_t end_of_sleep(const struct api_time *length)
{
    uint64_t now = machine_time();

    if ((uint64_t)length->seconds >= (FOR_EVER - now) / SECOND - 1)
        return FOR_EVER;
    return now + (uint64_t)length->seconds * SECOND + (uint64_t)length->nanoseconds;
}

long call_nanosleep(const unsigned long arguments[4])
{
    struct api_time length;
    uint64_t until, now;

    if (user_read(&length, arguments[0], sizeof(length)) != 0)
        return -API_EFAULT;
    if (length.seconds < 0 || length.nanoseconds < 0 || length.nanoseconds >= (int64_t)SECOND)
        return -API_EINVAL;
    if (arguments[1] && user_check(arguments[1], sizeof(length), true) != 0)
        return -API_EFAULT;

    until = end_of_sleep(&length);
    lock_take(process_lock());
    while (wait_for(&current()->wakes_at, process_lock(), until))
        ; /* nobody wakes us for that, so there is only one round */
    lock_release(process_lock());

    now = machine_time();
    if (now >= until)
        return 0;
    length = time_of(until - now);
    if (arguments[1] && user_write(arguments[1], &length, sizeof(length)) != 0)
        return -API_EFAULT;
    return -API_EINTR;
}

long call_gettime(const unsigned long arguments[4])
{
    struct api_time now;

    switch (arguments[0]) {
    case 0:
        now = time_of(machine_time());
        now.seconds += (int64_t)machine_start_date();
        break;
    case 1: now = time_of(machine_time()); break;
    case 2: now = time_of(schedule_time_of(current())); break;
    default: return -API_EINVAL;
    }
    return user_write(arguments[1], &now, sizeof(now));
}

long call_uname(const unsigned long arguments[4])
{
    const struct machine_facts *facts = machine_facts();
    struct api_uname names = { .system = "guest-kernel", .node = "xen-lite", .release = "1" };

    print_to(names.version, sizeof(names.version), "%s", facts->kind);
    print_to(names.machine, sizeof(names.machine), "%s", facts->is_64 ? "x86_64" : "i686");
    return user_write(arguments[0], &names, sizeof(names));
}
