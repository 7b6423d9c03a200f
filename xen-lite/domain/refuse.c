/* SPDX-License-Identifier: MIT */
/*
 * What is said when a guest is refused something. The real Xen says nothing; for whoever ports a
 * kernel the line is the difference between minutes and days. For a guest that provokes thousands
 * of refusals it must cost next to nothing, and others' messages must still be seen: hence the
 * bucket.
 */
#include "domain/refuse.h"

#include "core/token_bucket.h"
#include "domain/sched.h"
#include "hv/print.h"
#include "lib/atomic.h"
#include "lib/format.h"
#include "x86/clock.h"
#include "x86/vector.h"

/* A burst is seen whole; then two lines a second. */
static const struct token_bucket_rate line_rate = { .tokens = 32, .period_ns = 500000000UL };

/* How often in a row the same refusal at the same place is said. */
#define REPEATS_SAID 4

/* An address and some names, of which the last may be cut. */
#define PLACE_SIZE 192

static const char *const call_names[] = {
#define HYPERCALL(number, name, ...) [number] = #name,
#include "abi/hypercalls.def"
};

static const struct {
    int value;
    const char *name;
} errors[] = {
#define XEN_ERRNO(name, value, text) { value, #name },
#include "abi/errno.def"
};

static guest_place_format *place_format;

void refuse_set_place_format(guest_place_format *format)
{
    place_format = format;
}

/* What v is in; emulated instructions are refused things, too. A call keeps its number in the
 * guest's RAX (EAX) until it has a result. */
static const char *call_name(const struct vcpu *v)
{
    const struct regs *regs = &cpu_top()->guest;
    uint64_t number = v->call.entry != NULL ? *v->call.entry : regs->rax;

    if (regs->vector != VECTOR_SYSCALL && regs->vector != VECTOR_HYPERCALL32)
        return "instruction";
    return number < ARRAY_SIZE(call_names) && call_names[number] != NULL ? call_names[number] : "?";
}

/* Some values have two names: the first in the list is the usual one. */
static const char *error_name(int value)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(errors); i++) {
        if (errors[i].value == value)
            return errors[i].name;
    }
    return "no errno";
}

/* Says how many lines were kept back, when one may be said again. */
static void tell_dropped(struct domain *d)
{
    uint32_t dropped = atomic_exchange(&d->log_dropped, 0);

    if (dropped != 0)
        print_guest(LOG_WARNING, "d%u: %u messages were kept back\n", d->id, dropped);
}

bool guest_log_allowed(struct domain *d)
{
    token_bucket_t before = atomic_load(&d->log_bucket);
    token_bucket_t after;
    uint64_t now = now_ns();
    bool allowed;

    do {
        allowed = token_bucket_take(before, line_rate, now, &after);
    } while (!atomic_cmpxchg(&d->log_bucket, &before, after));
    if (allowed)
        tell_dropped(d);
    else
        (void)atomic_add_return(&d->log_dropped, 1);
    return allowed;
}

/* A guest that tries one thing over and over from one place says nothing new. A kernel may have one
 * instruction for all of a call, in its hypercall page: the stack pointer tells the callers apart.
 * A race with another vCPU's refusal costs a line more or less. */
static bool is_repeated(struct domain *d, enum rule_id rule)
{
    const struct regs *regs = &cpu_top()->guest;
    uint64_t what = regs->rip ^ regs->rsp ^ (uint64_t)rule << 48;

    if (atomic_exchange(&d->log_last, what) != what) {
        atomic_store(&d->log_repeats, 0);
        return false;
    }
    if (atomic_add_return(&d->log_repeats, 1) < REPEATS_SAID)
        return false;
    (void)atomic_add_return(&d->log_dropped, 1);
    return true;
}

/* "d1v0 mmu_update[3]" */
static void format_call(const struct vcpu *v, char *text, size_t size)
{
    const struct call_context *call = &v->call;
    size_t length = format_string(text, size, "d%u v%u %s", v->domain->id, v->id, call_name(v));

    if (call->index != CALL_NO_INDEX && length < size)
        format_string(text + length, size - length, "[%u]", call->index);
}

static void say(struct vcpu *v, enum rule_id rule, const char *details)
{
    char call[64];
    char place[PLACE_SIZE] = "";

    format_call(v, call, sizeof(call));
    if (place_format != NULL)
        place_format(v, place, sizeof(place));
    print_guest(LOG_WARNING, "%s: %s (%s): %s %s; at %s\n", call, rule_name(rule),
                error_name(-rule_errno(rule)), rule_sentence(rule), details, place);
    if (!atomic_test_and_set_bit(rule, v->domain->advised))
        print_guest(LOG_INFO, "%s: %s: %s\n", call, rule_name(rule), rule_advice(rule));
}

long refuse_aloud(struct vcpu *v, enum rule_id rule, const char *details, ...)
{
    char text[128];
    va_list args;

    if (is_repeated(v->domain, rule) || !guest_log_allowed(v->domain))
        return rule_errno(rule);
    va_start(args, details);
    format_va(text, sizeof(text), details, args);
    va_end(args);
    say(v, rule, text);
    return rule_errno(rule);
}
