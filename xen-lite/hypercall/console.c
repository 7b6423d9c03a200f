/* SPDX-License-Identifier: MIT */
/*
 * console_io: the hypervisor's console for guests. On Xen it is the initial domain's; here every
 * domain that came with the boot loader may use it, beside its console ring.
 *
 * A kernel has it from its first instruction, without a page table set up or a page mapped: what
 * early messages need. What is written goes the way of the ring's text: line by line, at the pace
 * of the serial port (domain/console_ring.c). Source: Xen's public xen.h.
 */
#include "domain/console_ring.h"
#include "hv/work.h"
#include "hypercall/hypercall.h"
#include "lib/types.h"
#include "x86/guest_copy.h"

/* Between two chunks the call may be stopped. */
#define CHUNK 128

/* .arg[1] bytes at .arg[2]. What is written already is taken off both, so that the call can go on.
 */
static long op_write(struct hcall *h)
{
    char text[CHUNK];

    h->arg[1] = (uint32_t)h->arg[1];
    while (h->arg[1] != 0) {
        size_t size = min(h->arg[1], (unsigned long)CHUNK);
        size_t done;

        if (guest_copy_in(text, GVA(h->arg[2]), size) != 0)
            return refuse(h->v, RULE_HCALL_2, "text at %lx", h->arg[2]);
        done = console_write_guest(h->v->domain, text, size);
        h->arg[1] -= done;
        h->arg[2] += done;
        if (done < size)
            vcpu_yield(h->v); /* the port is slower than the guest: others may run meanwhile */
        if (h->arg[1] != 0 && (done < size || preempt_wanted()))
            return HCALL_AGAIN;
    }
    return 0;
}

/* Up to .arg[1] bytes, CHUNK at most, to .arg[2]. The result is their number, 0 if nothing was
 * typed, whatever the buffer. -E2BIG (IO-2) for 2 GiB or more; -EFAULT (HCALL-2) for a buffer that
 * cannot be written: then nothing is lost. Two vCPUs do not get the same bytes: who comes second
 * looks again, and each time somebody has got on. */
static long op_read(struct hcall *h)
{
    unsigned long wanted = (uint32_t)h->arg[1];
    struct domain *d = h->v->domain;
    char text[CHUNK];
    uint32_t from;
    size_t size;

    if (wanted > INT32_MAX)
        return refuse(h->v, RULE_IO_2, "%lu bytes", wanted);

    do {
        size = console_peek_guest(d, text, min(wanted, (unsigned long)CHUNK), &from);
        if (size == 0)
            return 0;
        if (guest_copy_out(GVA(h->arg[2]), text, size) != 0)
            return refuse(h->v, RULE_HCALL_2, "buffer at %lx", h->arg[2]);
    } while (!console_take_guest(d, from, size));
    return (long)size;
}

/* console_io(operation, number of bytes, address). -ENOSYS (HCALL-3) for another operation. */
long hc_console_io(struct hcall *h)
{
    switch ((uint32_t)h->arg[0]) {
    case CONSOLEIO_write: return op_write(h);
    case CONSOLEIO_read: return op_read(h);
    }
    return refuse(h->v, RULE_HCALL_3, "operation %u", (uint32_t)h->arg[0]);
}
