/* SPDX-License-Identifier: MIT */
/*
 * How a domain stops: by its own wish, or because it did what has no answer.
 *
 * Neither waits for anything, as both are called from the middle of a hypercall or trap of one of
 * its vCPUs. They only see to it that no vCPU runs again; the caller returns as usual, and the exit
 * path takes the vCPU off its CPU. What becomes of it then is domain/life.c's to say, and
 * domain/destroy.c's to do.
 */
#include "core/rules.h"
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

static void crash(struct domain *d, enum rule_id rule, const char *why, va_list args)
{
    struct vcpu *v = current_vcpu();
    char text[192];

    /* A second accident on the way out says nothing new. */
    if (atomic_load(&d->shut_down))
        return;
    format_va(text, sizeof(text), why, args);
    print(LOG_ERROR, "domain %u (%s) crashed on vcpu %u: %s%s%s\n", d->id, d->config.name, v->id,
          rule == RULE_NONE ? "" : rule_name(rule), rule == RULE_NONE ? "" : ": ", text);
    if (rule != RULE_NONE)
        print(LOG_ERROR, "  %s\n", rule_advice(rule));
    d->ops->describe(v);
    domain_shutdown(d, SHUTDOWN_crash);
}

void domain_crash(struct domain *d, const char *why, ...)
{
    va_list args;

    va_start(args, why);
    crash(d, RULE_NONE, why, args);
    va_end(args);
}

void domain_crash_by_rule(struct domain *d, enum rule_id rule, const char *why, ...)
{
    va_list args;

    va_start(args, why);
    crash(d, rule, why, args);
    va_end(args);
}
