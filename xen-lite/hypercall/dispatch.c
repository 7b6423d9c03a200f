/* SPDX-License-Identifier: MIT */
/*
 * From the guest's registers to a handler and back.
 *
 * The tables are abi/hypercalls.def: a number without a handler does not link, a handler without a
 * number does not compile. A handler that returns HCALL_AGAIN has left the rest of its work in
 * .arg; the instruction pointer goes back by the two bytes of SYSCALL or INT, so that the guest
 * makes the call again, after the exit path has done what was waiting.
 *
 * Arguments of a 32-bit guest are 32 bits when they get here, and a handler that writes them anew
 * writes what fits again: a count that is left, or an address in the same list.
 */
#include "abi/privilege.h"
#include "core/rules.h"
#include "hypercall/hypercall.h"
#include "lib/types.h"
#include "x86/entry.h"

static_assert(sizeof(struct hcall) == HCALL_SIZE && offsetof(struct hcall, number) == 0 &&
                  offsetof(struct hcall, v) == 8 && offsetof(struct hcall, arg) == 16,
              "entry.S pushes it");
static_assert(HCALL_AGAIN == LONG_MIN && HCALL_DONE == LONG_MIN + 1 && HCALL_SPECIAL == 2,
              "entry.S tells them by the overflow of a subtraction");

hypercall_handler *const hypercall_handlers[HYPERCALL_SLOTS] = {
#define HYPERCALL(number, name, nargs, handler64, handler32) [number] = (handler64),
#include "abi/hypercalls.def"
};

hypercall_handler *const hypercall_handlers_32[HYPERCALL_SLOTS] = {
#define HYPERCALL(number, name, nargs, handler64, handler32) [number] = (handler32),
#include "abi/hypercalls.def"
};

/* The ABI has no call of this number. */
long hc_unknown(struct hcall *h)
{
    return refuse(h->v, RULE_HCALL_1, "number %lu", h->number);
}

/* Calls that a Xen may be built without. */
long hc_not_offered(struct hcall *h)
{
    return refuse(h->v, RULE_HCALL_7, "number %lu", h->number);
}

/* Calls that only a control domain may make; refused before any argument is read. */
long hc_privileged(struct hcall *h)
{
    return refuse(h->v, RULE_PRIV_1, "number %lu", h->number);
}

/* Calls that Xen knows, too, but has switched off unless it is told otherwise. */
long hc_unsupported(struct hcall *h)
{
    return refuse(h->v, RULE_HCALL_11, "number %lu", h->number);
}

/* A few dozen entries, looked at for calls that are refused anyway. */
bool hypercall_is_for_control(unsigned int call, unsigned int operation)
{
    static const struct {
        unsigned int call, operation;
        enum { OTHERS, CONTROL } who;
    } list[ABI_PRIVILEGES] = {
#define PRIVILEGE(call, operation, who) { __HYPERVISOR_##call, operation, who },
#include "abi/privilege.def"
    };

    for (size_t i = 0; i < ARRAY_SIZE(list); i++) {
        if (list[i].call == call && list[i].who == CONTROL &&
            (list[i].operation == operation || list[i].operation == ABI_PRIVILEGE_ANY))
            return true;
    }
    return false;
}

static void write_back_arguments(struct regs *regs, const struct hcall *h)
{
    regs->rdi = h->arg[0];
    regs->rsi = h->arg[1];
    regs->rdx = h->arg[2];
    regs->r10 = h->arg[3];
    regs->r8 = h->arg[4];
    regs->r9 = h->arg[5];
}

void syscall_special(struct hcall *h, long result)
{
    struct regs *regs = &cpu_top()->guest;

    if (result == HCALL_AGAIN) {
        write_back_arguments(regs, h);
        regs->rip -= SYSCALL_LENGTH;
    }
}

/* The guest makes the call again with what is left of its arguments. */
void hypercall32_special(struct hcall *h, long result)
{
    struct regs *regs = &cpu_top()->guest;

    if (result == HCALL_AGAIN) {
        regs->rbx = (uint32_t)h->arg[0];
        regs->rcx = (uint32_t)h->arg[1];
        regs->rdx = (uint32_t)h->arg[2];
        regs->rsi = (uint32_t)h->arg[3];
        regs->rdi = (uint32_t)h->arg[4];
        regs->rbp = (uint32_t)h->arg[5];
        regs->rip -= INT82_LENGTH;
    }
}
