/* SPDX-License-Identifier: MIT */
/*
 * Claim: an NMI that a vCPU is sent arrives though events are masked, and masks them; its handler
 *     is that of vector 2, by whichever call it was set. The next one waits for the handler's iret.
 *     One without a handler is lost. It ends a sleep, also if it comes when that is about to begin
 * (not so on Xen).
 * Rule: TRAP-8, TRAP-10, HCALL-2, HCALL-3, HCALL-4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 */
#include "tests/guests/support/support.h"

#define STUB(vector) ((unsigned long)vector_stubs + (vector)*VECTOR_STUB_SIZE)
#define MARK         0x22 /* a handler that is not that of vector 2 shows by this */

#define SLEEPS   1500
#define PATIENCE 60000000000ull /* ns */

static unsigned count, vector, mask_inside, send_inside, count_inside;

static void noted(struct frame *frame)
{
    count++;
    vector = (unsigned)frame->vector;
    mask_inside = READ_ONCE(shared_info->vcpu_info[0].evtchn_upcall_mask);
    if (send_inside) {
        send_inside = 0;
        CALL(vcpu_op, VCPUOP_send_nmi, 0, NULL);
        CALL(xen_version, XENVER_version, NULL);
        count_inside = count;
    }
}

static unsigned sent(void)
{
    count = vector = 0;
    expect(CALL(vcpu_op, VCPUOP_send_nmi, 0, NULL), 0, "send_nmi");
    CALL(xen_version, XENVER_version, NULL);
    return count;
}

static void register_handler(void)
{
    struct callback_register callback = { .type = CALLBACKTYPE_nmi,
                                          .address = CALLBACK_AT(STUB(X_NMI)) };

    expect(CALL(callback_op, CALLBACKOP_register, &callback), 0, "register");
}

static void by_callback_op(void)
{
    struct callback_unregister withdrawal = { .type = CALLBACKTYPE_nmi };

    expect((long)sent(), 0, "without a handler");
    register_handler();
    CALL(xen_version, XENVER_version, NULL);
    expect((long)count, 0, "what came before is lost");
    expect((long)sent(), 1, "with events masked");
    expect((long)vector, X_NMI, "its vector");

    events_unmask();
    expect((long)sent(), 1, "with events on");
    expect((long)mask_inside, 1, "the mask in the handler");
    expect(READ_ONCE(shared_info->vcpu_info[0].evtchn_upcall_mask), 0, "the mask afterwards");
    events_mask();

    send_inside = 1;
    expect((long)sent(), 2, "one that is sent from the handler");
    expect((long)count_inside, 1, "does not come before its iret");

    expect(CALL(callback_op, CALLBACKOP_unregister, &withdrawal), 0, "withdraw");
    expect((long)sent(), 0, "then it is lost again");
    expect(CALL(callback_op, CALLBACKOP_unregister, &withdrawal), 0, "withdraw twice");
}

static void by_trap_table(void)
{
    struct trap_info table[2] = {
        { .vector = X_NMI, .flags = 0, .cs = FLAT_KERNEL_CS, .address = STUB(MARK) },
        { .address = 0 },
    };

    expect(CALL(set_trap_table, table), 0, "a handler in the trap table");
    events_unmask();
    expect((long)sent(), 1, "by trap table");
    expect((long)vector, MARK, "its handler");
    expect((long)mask_inside, 0, "the mask is that of its flags");
    events_mask();
}

static void by_nmi_op(void)
{
    struct xennmi_callback callback = { .handler_address = STUB(X_NMI), .pad = 77 };

    expect(CALL(nmi_op, XENNMI_register_callback, &callback), 0, "by nmi_op");
    expect((long)sent(), 1, "by nmi_op");
    expect((long)vector, X_NMI, "by nmi_op: its vector");
    expect(CALL(nmi_op, XENNMI_unregister_callback, UNMAPPED_ADDRESS), 0, "withdraw by nmi_op");
    expect((long)sent(), 0, "withdrawn by nmi_op");

    callback.handler_address = NONCANONICAL_ADDRESS;
    expect(CALL(nmi_op, XENNMI_register_callback, &callback), WORD_BITS == 64 ? -XEN_EINVAL : 0,
           "an address that is not canonical");
    expect(CALL(nmi_op, XENNMI_register_callback, UNMAPPED_ADDRESS), -XEN_EFAULT, "from nowhere");
    expect(CALL(nmi_op, 2, &callback), -XEN_ENOSYS, "nmi_op 2");
    expect(CALL(vcpu_op, VCPUOP_send_nmi, 0, &callback), -XEN_EINVAL, "send_nmi with an argument");
}

/* Sends vCPU 0 the next NMI when the last has arrived, at any moment of its calls. */
static void keep_sending(unsigned long port)
{
    uint64_t start = system_time();

    for (unsigned i = 0; i < SLEEPS && system_time() - start < PATIENCE; i++) {
        for (volatile unsigned delay = 0; delay < i % 97 * 4; delay++)
            ;
        CALL(vcpu_op, VCPUOP_send_nmi, 0, NULL);
        while (READ_ONCE(count) == i && system_time() - start < PATIENCE)
            ;
    }
    event_send((unsigned)port);
    for (;;)
        CALL(sched_op, SCHEDOP_block);
}

/* Each ends by an NMI, or did not begin because of one. */
static void sleeps(void)
{
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };
    struct sched_poll poll = { .ports = (unsigned long)&ipi.port, .nr_ports = 1 };

    if (!is_xen_lite())
        return; /* there one that comes when the poll has begun is slept on */
    register_handler();
    expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "bind_ipi");
    event_mask(ipi.port);
    count = 0;
    vcpu_start(keep_sending, ipi.port);
    while (!event_pending(ipi.port))
        expect(CALL(sched_op, SCHEDOP_poll, &poll), 0, "poll without a time-out");
    expect((long)count, SLEEPS, "NMIs that ended or prevented a sleep");
}

void test_main(void)
{
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    trap_hook = noted;
    by_callback_op();
    by_trap_table();
    by_nmi_op();
    sleeps();
}
