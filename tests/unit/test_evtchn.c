/* SPDX-License-Identifier: MIT */
/*
 * core/evtchn.c: every use in every state, with the expected rule written out.
 */
#include "unit.h"

#include "core/evtchn.h"

static const struct {
    const char *name;
    struct evtchn port;
    enum rule_id send, close, bind_vcpu;
    uint32_t status;
} uses[] = {
    { "free", { .state = EVTCHN_FREE }, RULE_EVT_1, RULE_EVT_1, RULE_EVT_1, EVTCHNSTAT_closed },
    { "leaving",
      { .state = EVTCHN_LEAVING },
      RULE_EVT_1,
      RULE_EVT_1,
      RULE_EVT_1,
      EVTCHNSTAT_closed },
    { "reserved",
      { .state = EVTCHN_RESERVED },
      RULE_EVT_1,
      RULE_EVT_1,
      RULE_EVT_1,
      EVTCHNSTAT_closed },
    { "unbound", { .state = EVTCHN_UNBOUND }, RULE_NONE, RULE_NONE, RULE_NONE, EVTCHNSTAT_unbound },
    { "interdomain",
      { .state = EVTCHN_INTERDOMAIN },
      RULE_NONE,
      RULE_NONE,
      RULE_NONE,
      EVTCHNSTAT_interdomain },
    { "the hypervisor's",
      { .state = EVTCHN_INTERDOMAIN, .for_hypervisor = true },
      RULE_NONE,
      RULE_NONE,
      RULE_NONE,
      EVTCHNSTAT_interdomain },
    { "physical interrupt",
      { .state = EVTCHN_PIRQ },
      RULE_EVT_11,
      RULE_NONE,
      RULE_NONE,
      EVTCHNSTAT_pirq },
    { "global virtual interrupt",
      { .state = EVTCHN_VIRQ, .virq = VIRQ_CONSOLE },
      RULE_EVT_11,
      RULE_NONE,
      RULE_NONE,
      EVTCHNSTAT_virq },
    { "a vCPU's virtual interrupt",
      { .state = EVTCHN_VIRQ, .virq = VIRQ_TIMER },
      RULE_EVT_11,
      RULE_NONE,
      RULE_EVT_10,
      EVTCHNSTAT_virq },
    { "IPI", { .state = EVTCHN_IPI }, RULE_NONE, RULE_NONE, RULE_EVT_10, EVTCHNSTAT_ipi },
};

static void test_uses(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(uses); i++) {
        const struct evtchn *port = &uses[i].port;

        check_number(uses[i].name, port_may(port, PORT_SEND), uses[i].send);
        check_number(uses[i].name, port_may(port, PORT_CLOSE), uses[i].close);
        check_number(uses[i].name, port_may(port, PORT_BIND_VCPU), uses[i].bind_vcpu);
        check_number(uses[i].name, port_may(port, PORT_UNMASK), RULE_NONE);
        check_number(uses[i].name, port_may(port, PORT_STATUS), RULE_NONE);
        check_number(uses[i].name, port_may(port, PORT_POLL), i < 3 ? RULE_SCHED_3 : RULE_NONE);
        check_number(uses[i].name, port_status(port), uses[i].status);
        check_number(uses[i].name, port_is_closed(port), i < 2);
    }
}

static void test_connect(void **state)
{
    static const struct {
        const char *name;
        struct evtchn port;
        uint16_t caller;
        enum rule_id expect;
    } cases[] = {
        { "waits for the caller", { .state = EVTCHN_UNBOUND, .peer.domain = 4 }, 4, RULE_NONE },
        { "waits for another", { .state = EVTCHN_UNBOUND, .peer.domain = 3 }, 4, RULE_EVT_5 },
        { "is connected already",
          { .state = EVTCHN_INTERDOMAIN, .peer.domain = 4 },
          4,
          RULE_EVT_5 },
        { "is free", { .state = EVTCHN_FREE }, 0, RULE_EVT_5 },
        { "is reserved", { .state = EVTCHN_RESERVED }, 0, RULE_EVT_5 },
        { "is a virtual interrupt", { .state = EVTCHN_VIRQ, .virq = 4 }, 4, RULE_EVT_5 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_number(cases[i].name, port_may_connect(&cases[i].port, cases[i].caller),
                     cases[i].expect);
}

static void test_virqs(void **state)
{
    static const struct {
        const char *name;
        uint32_t virq, vcpu;
        enum rule_id expect;
    } cases[] = {
        { "timer on vCPU 0", VIRQ_TIMER, 0, RULE_NONE },
        { "timer on vCPU 5", VIRQ_TIMER, 5, RULE_NONE },
        { "global on vCPU 0", VIRQ_CONSOLE, 0, RULE_NONE },
        { "global on vCPU 1", VIRQ_CONSOLE, 1, RULE_EVT_8 },
        { "a hole in the numbers", 5, 0, RULE_NONE },
        { "a hole in the numbers is global", 5, 1, RULE_EVT_8 },
        { "the last", NR_VIRQS - 1, 0, RULE_NONE },
        { "behind the last", NR_VIRQS, 0, RULE_EVT_6 },
        { "far behind", UINT32_MAX, 0, RULE_EVT_6 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_number(cases[i].name, virq_may_bind(cases[i].virq, cases[i].vcpu), cases[i].expect);
    assert_true(virq_is_global(VIRQ_DOM_EXC));
    assert_false(virq_is_global(VIRQ_DEBUG));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uses),
        cmocka_unit_test(test_connect),
        cmocka_unit_test(test_virqs),
    };

    return RUN_TESTS(tests);
}
