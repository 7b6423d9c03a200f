/* SPDX-License-Identifier: MIT */
/*
 * How a domain stops: by its own wish, or because it did what has no answer.
 *
 * Neither waits for anything, as both are called from the middle of a hypercall or trap of one of
 * its vCPUs. They only see to it that no vCPU runs again; the caller returns as usual, and the exit
 * path takes the vCPU off its CPU. What becomes of it then is domain/life.c's to say, and
 * domain/destroy.c's to do.
 */
#include "domain/life.h"
#include "domain/sched.h"
#include "hv/print.h"
#include "lib/atomic.h"
#include "lib/format.h"

static const char *const shutdown_names[] = {
#define SHUTDOWN(number, name) [number] = #name,
#include "abi/shutdown.def"
};

const char *shutdown_name(unsigned int code)
{
    return code < ARRAY_SIZE(shutdown_names) ? shutdown_names[code] : "unknown";
}

void domain_shutdown(struct domain *d, unsigned int code)
{
    uint16_t none = SHUTDOWN_NONE;

    if (atomic_exchange(&d->shut_down, true))
        return;
    /* Fails, and keeps the code, if one was latched. */
    (void)atomic_cmpxchg(&d->shutdown_code, &none, (uint16_t)code);
    vcpu_pause_all(d);
    if (life_decide(d) == LIFE_PRESERVE)
        life_preserve(d);
    else
        domain_reap(d);
}

void domain_crash(struct domain *d, const char *why, ...)
{
    struct vcpu *v = current_vcpu();
    char text[192];
    va_list args;

    /* A second accident on the way out says nothing new. */
    if (atomic_load(&d->shut_down))
        return;
    va_start(args, why);
    format_va(text, sizeof(text), why, args);
    va_end(args);
    print(LOG_ERROR, "domain %u (%s) crashed on vcpu %u: %s\n", d->id, d->config.name, v->id, text);
    d->ops->describe(v);
    domain_shutdown(d, SHUTDOWN_crash);
}
