/* SPDX-License-Identifier: MIT */
/*
 * core/bootargs.c: each option of the hypervisor, right and wrong, and what is said about it.
 */
#include "unit.h"

#include "core/bootargs.h"

/* All complaints, joined by '|'. */
static char said[2048];

static void complain(void *ctx, const char *text)
{
    (void)ctx;
    if (said[0] != '\0')
        strcat(said, "|");
    strcat(said, text);
}

static struct hypervisor_options read_line(const char *line)
{
    struct hypervisor_options options;

    said[0] = '\0';
    bootargs_read_hypervisor(line, true, &options, complain, NULL);
    return options;
}

static void test_defaults(void **state)
{
    struct hypervisor_options options = read_line("");

    (void)state;
    assert_string_equal(said, "");
    assert_int_equal(options.console, CONSOLE_COM1 | CONSOLE_VGA);
    assert_int_equal(options.com1.speed, 115200);
    assert_int_equal(options.loglvl.always, 3);
    assert_int_equal(options.guest_loglvl.always, 2);
    assert_int_equal(options.guest_loglvl.limited, 4);
    assert_int_equal(options.conswitch, 'a');
    assert_true(options.watchdog && options.input_to_guest && options.audit);
    assert_int_equal(options.watchdog_timeout, 5);
    assert_int_equal(options.smap, CHOICE_AUTO);
    assert_int_equal(options.status, STATUS_NONE);
    bootargs_read_hypervisor("", false, &options, complain, NULL);
    assert_false(options.audit);
}

static void test_lives(void **state)
{
    struct hypervisor_options options = read_line("");

    (void)state;
    assert_int_equal(options.restart_gap, 2000);
    assert_int_equal(options.kill.count, 0);
    options = read_line("restart_gap=50 kill=30");
    assert_int_equal(options.restart_gap, 50);
    assert_int_equal(options.kill.count, 30);
    assert_int_equal(options.kill.seed, 1);
    assert_int_equal(options.kill.period_us, 1000);
    options = read_line("kill=30,7,500");
    assert_int_equal(options.kill.seed, 7);
    assert_int_equal(options.kill.period_us, 500);
}

static void test_numbers(void **state)
{
#define CASE(name, line, member, expect)                             \
    {                                                                \
        name, line, offsetof(struct hypervisor_options, member),     \
            sizeof(((struct hypervisor_options *)0)->member), expect \
    }
    static const struct {
        const char *name, *line;
        size_t offset, size;
        uint64_t expect;
    } cases[] = {
        CASE("one console", "console=com2", console, CONSOLE_COM2),
        CASE("consoles", "console=vga,com1,com2", console, 7),
        CASE("no console", "console=none", console, 0),
        CASE("limit of CPUs", "maxcpus=3", maxcpus, 3),
        CASE("bare switch", "noreboot", noreboot, true),
        CASE("switch off", "watchdog=no", watchdog, false),
        CASE("switch off by no-", "no-watchdog", watchdog, false),
        CASE("switch on", "sync_console=1", sync_console, true),
        CASE("seconds", "watchdog_timeout=30", watchdog_timeout, 30),
        CASE("choice off", "smap=0", smap, CHOICE_OFF),
        CASE("choice on", "smep=1", smep, CHOICE_ON),
        CASE("choice off by no-", "no-smep", smep, CHOICE_OFF),
        CASE("status channel", "status=com2", status, STATUS_COM2),
        CASE("status on the first port", "status=com1", status, STATUS_COM1),
        CASE("audit", "audit=off", audit, false),
        CASE("allocations to fail", "fail_alloc=3,7,0x10", fail_alloc[2], 16),
        CASE("no more of them", "fail_alloc=3,7,0x10", fail_alloc[3], 0),
        CASE("level", "loglvl=error", loglvl.always, 1),
        CASE("level for both", "loglvl=error", loglvl.limited, 1),
        CASE("two levels, lower", "guest_loglvl=none/all", guest_loglvl.always, 0),
        CASE("two levels, upper", "guest_loglvl=none/all", guest_loglvl.limited, 4),
        CASE("upper below lower", "loglvl=info/error", loglvl.limited, 3),
        CASE("debug is all", "loglvl=debug", loglvl.always, 4),
        CASE("switch letter", "conswitch=g", conswitch, 'g'),
        CASE("input not to the guest", "conswitch=gx", input_to_guest, false),
        CASE("the last one counts", "maxcpus=3 maxcpus=5", maxcpus, 5),
        CASE("serial: speed", "com1=38400", com1.speed, 38400),
        CASE("serial: firmware's speed", "com1=auto", com1.speed, 0),
        CASE("serial: stop bits", "com2=9600,7e2", com2.stop_bits, 2),
        CASE("serial: parity", "com2=9600,7e2", com2.parity, 'e'),
        CASE("serial: data bits", "com2=9600,7e2", com2.data_bits, 7),
        CASE("serial: port", "com1=115200,8n1,0x2f8,3", com1.io_base, 0x2f8),
        CASE("serial: interrupt", "com1=115200,8n1,0x2f8,3", com1.interrupt, 3),
        CASE("serial: given", "com2=9600", com2.given, true),
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct hypervisor_options options = read_line(cases[i].line);
        uint64_t value = 0;

        memcpy(&value, (const char *)&options + cases[i].offset, cases[i].size);
        check_string(cases[i].name, said, "");
        check_number(cases[i].name, value, cases[i].expect);
    }
}

static void test_gnttab(void **state)
{
    (void)state;
    check_number("frames", read_line("gnttab_max_frames=7").gnttab_max_frames, 7);
    check_number("mapping frames",
                 read_line("gnttab_max_maptrack_frames=0").gnttab_max_maptrack_frames, 0);
    check_number("usual frames", read_line("").gnttab_max_frames, 64);
    check_number("format 1 only", read_line("gnttab=max-ver:1").gnttab.max_version, 1);
    check_number("the old spelling", read_line("gnttab=max_ver:2").gnttab.max_version, 2);
    check_number("off by no-", read_line("gnttab=no-transitive").gnttab.transitive, false);
    check_number("of two", read_line("gnttab=transitive=0,transfer=off").gnttab.transfer, false);
    check_number("on", read_line("gnttab=no-transfer,transfer").gnttab.transfer, true);
    check_number("the rest stays", read_line("gnttab=no-transfer").gnttab.max_version, 2);
    check_string("complaints", said, "");
}

/* Nothing of these is taken over; each is said once. */
static void test_wrong(void **state)
{
    static const struct {
        const char *line, *expect;
    } cases[] = {
        { "maxcpu=1", "unknown option \"maxcpu\": ignored" },
        { "nonsense", "unknown option \"nonsense\": ignored" },
        { "no-nonsense", "unknown option \"no-nonsense\": ignored" },
        { "no-maxcpus", "unknown option \"no-maxcpus\": ignored" },
        { "fail_alloc", "option fail_alloc: \"\" makes no sense here: ignored" },
        { "fail_alloc=0", "option fail_alloc: \"0\" makes no sense here: ignored" },
        { "kill", "option kill: \"\" makes no sense here: ignored" },
        { "kill=1,x", "option kill: \"1,x\" makes no sense here: ignored" },
        { "kill=1,2,0", "option kill: \"1,2,0\" makes no sense here: ignored" },
        { "kill=1,2,3,4", "option kill: \"1,2,3,4\" makes no sense here: ignored" },
        { "fail_alloc=3,2", "option fail_alloc: \"3,2\" makes no sense here: ignored" },
        { "maxcpus", "option maxcpus: \"\" makes no sense here: ignored" },
        { "maxcpus=4294967296", "option maxcpus: \"4294967296\" makes no sense here: ignored" },
        { "gnttab=max-ver:3", "option gnttab: \"max-ver:3\" makes no sense here: ignored" },
        { "gnttab=", "option gnttab: \"\" makes no sense here: ignored" },
        { "gnttab=no-transfer,x", "option gnttab: \"no-transfer,x\" makes no sense here: ignored" },
        { "gnttab=averyveryveryverylongoneofthem",
          "option gnttab: \"averyveryveryverylongoneofthem\" makes no sense here: ignored" },
        { "gnttab_max_frames=65537",
          "option gnttab_max_frames: \"65537\" makes no sense here: ignored" },
        { "console=com3", "option console: \"com3\" makes no sense here: ignored" },
        { "console=averyveryverylongone",
          "option console: \"averyveryverylongone\" makes no sense here: ignored" },
        { "console=", "option console: \"\" makes no sense here: ignored" },
        { "console=com1,,vga", "option console: \"com1,,vga\" makes no sense here: ignored" },
        { "loglvl=loud", "option loglvl: \"loud\" makes no sense here: ignored" },
        { "loglvl=", "option loglvl: \"\" makes no sense here: ignored" },
        { "loglvl=info/loud", "option loglvl: \"info/loud\" makes no sense here: ignored" },
        { "com1=0", "option com1: \"0\" makes no sense here: ignored" },
        { "com1=1000000", "option com1: \"1000000\" makes no sense here: ignored" },
        { "com1=9600,9n1", "option com1: \"9600,9n1\" makes no sense here: ignored" },
        { "com1=9600,8n1,0x10000", "option com1: \"9600,8n1,0x10000\" makes no sense here: "
                                   "ignored" },
        { "com1=9600,8n1,0x3f8,16", "option com1: \"9600,8n1,0x3f8,16\" makes no sense here: "
                                    "ignored" },
        { "com1=9600,8n1,0x3f8,4,5", "option com1: \"9600,8n1,0x3f8,4,5\" makes no sense here: "
                                     "ignored" },
        { "status=com3", "option status: \"com3\" makes no sense here: ignored" },
        { "conswitch=A", "option conswitch: \"A\" makes no sense here: ignored" },
        { "conswitch=ab", "option conswitch: \"ab\" makes no sense here: ignored" },
        { "smap=maybe", "option smap: \"maybe\" makes no sense here: ignored" },
        { "a b", "unknown option \"a\": ignored|unknown option \"b\": ignored" },
    };
    struct hypervisor_options usual = read_line("");

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct hypervisor_options options = read_line(cases[i].line);

        check_string(cases[i].line, said, cases[i].expect);
        check_number(cases[i].line, options.console, usual.console);
        check_number(cases[i].line, options.maxcpus, usual.maxcpus);
        check_number(cases[i].line, options.loglvl.always, usual.loglvl.always);
        check_number(cases[i].line, options.com1.given, false);
        check_number(cases[i].line, options.conswitch, usual.conswitch);
        check_number(cases[i].line, options.smap, usual.smap);
    }
}

static void test_real_line(void **state)
{
    struct hypervisor_options options =
        read_line("/boot/xen-lite.elf console=com1 com1=115200,8n1 loglvl=all guest_loglvl=all "
                  "noreboot smap=0 status=com2");

    (void)state;
    assert_string_equal(said, "unknown option \"/boot/xen-lite.elf\": ignored");
    assert_int_equal(options.console, CONSOLE_COM1);
    assert_int_equal(options.status, STATUS_COM2);
    assert_true(options.noreboot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults), cmocka_unit_test(test_lives),
        cmocka_unit_test(test_numbers),  cmocka_unit_test(test_wrong),
        cmocka_unit_test(test_gnttab),   cmocka_unit_test(test_real_line),
    };

    return RUN_TESTS(tests);
}
