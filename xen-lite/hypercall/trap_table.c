/* SPDX-License-Identifier: MIT */
/*
 * set_trap_table: the guest's handlers for exceptions and software interrupts.
 *
 * The IDT is the hypervisor's; a guest names its handlers here, one vector an entry, with two
 * flags: the least privileged ring that may raise it by INT, and whether events are masked on
 * entry. Each vCPU has its own table; a new one gets it with its registers.
 */
#include "hv/work.h"
#include "hypercall/hypercall.h"
#include "lib/string.h"
#include "pv/vcpu.h"
#include "x86/address.h"
#include "x86/guest_copy.h"

/* False: there is no memory. */
typedef bool read_entry(struct trap_info_64 *entry, gva_t at);

static bool read_entry_64(struct trap_info_64 *entry, gva_t at)
{
    return guest_copy_in(entry, at, sizeof(*entry)) == 0;
}

static bool read_entry_32(struct trap_info_64 *entry, gva_t at)
{
    struct trap_info_32 from;

    if (guest_copy_in(&from, at, sizeof(from)) != 0)
        return false;
    *entry = (struct trap_info_64){
        .vector = from.vector,
        .flags = from.flags,
        .cs = from.cs,
        .address = from.address,
    };
    return true;
}

/*
 * set_trap_table(list). The list ends with an entry whose address is 0. A null list takes all
 * handlers away. 0; -EFAULT (HCALL-2), -EINVAL (TRAP-1); the entries before the one at fault have
 * been taken, as on Xen. One step is one entry. A list has no other end than its last entry, so a
 * guest can make it as long as its memory; but not the time that the call holds the CPU, as it is
 * continued with the rest of the list. Source: Xen's public arch-x86/xen.h.
 */
static long set_trap_table(struct hcall *h, read_entry *read, size_t size)
{
    gva_t list = GVA(h->arg[0]);
    struct trap_info_64 entry;

    if (list.n == 0) {
        pv_clear_traps(h->v->pv);
        return 0;
    }
    for (;;) {
        if (!read(&entry, list))
            return refuse(h->v, RULE_HCALL_2, "trap table entry at %lx", list.n);
        if (entry.address == 0)
            return 0;
        if (!address_is_canonical(entry.address))
            return refuse(h->v, RULE_TRAP_1, "vector %u: %lx", entry.vector, entry.address);

        pv_set_trap(h->v->pv, &entry);
        list.n += size;
        if (preempt_wanted()) {
            h->arg[0] = list.n;
            return HCALL_AGAIN;
        }
    }
}

long hc_set_trap_table(struct hcall *h)
{
    return set_trap_table(h, read_entry_64, sizeof(struct trap_info_64));
}

long hc_set_trap_table_32(struct hcall *h)
{
    return set_trap_table(h, read_entry_32, sizeof(struct trap_info_32));
}
