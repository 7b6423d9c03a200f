/* SPDX-License-Identifier: MIT */
/*
 * core/bootargs_module.c: the ways in which loaders pass a module's line, and each of its keys.
 */
#include "unit.h"

#include "core/bootargs.h"

static char said[2048];

static void complain(void *ctx, const char *text)
{
    (void)ctx;
    if (said[0] != '\0')
        strcat(said, "|");
    strcat(said, text);
}

static struct module_options read_line(const char *line)
{
    static struct module_options module;

    said[0] = '\0';
    bootargs_read_module(line, &module, complain, NULL);
    return module;
}

static void test_lines(void **state)
{
    static const struct {
        const char *name, *line;
        enum module_kind kind;
        const char *domain, *guest, *said;
    } cases[] = {
        { "nothing at all", "", MODULE_KERNEL, "", "", "" },
        { "GRUB", "kernel name=demo -- root=/dev/xvda ro", MODULE_KERNEL, "demo",
          "root=/dev/xvda ro", "" },
        { "ramdisk", "ramdisk name=demo", MODULE_RAMDISK, "demo", "", "" },
        { "QEMU: file name first", "build/guest.elf kernel name=x -- y", MODULE_KERNEL, "x", "y",
          "" },
        { "QEMU: file name only", "guest.elf", MODULE_KERNEL, "", "", "" },
        { "file that is called kernel", "kernel kernel name=x", MODULE_KERNEL, "x", "",
          "module: unknown word \"kernel\": ignored" },
        { "no kind", "name=x -- y", MODULE_KERNEL, "x", "y", "" },
        { "file name, no kind", "g.elf name=x -- y", MODULE_KERNEL, "x", "y", "" },
        { "text only", "-- a  b", MODULE_KERNEL, "", "a  b", "" },
        { "text as it stands", "kernel --   two  spaces ", MODULE_KERNEL, "", "  two  spaces ",
          "" },
        { "empty text", "kernel --", MODULE_KERNEL, "", "", "" },
        { "mark within the text", "kernel -- a -- b", MODULE_KERNEL, "", "a -- b", "" },
        { "kind too late", "g.elf name=x ramdisk", MODULE_KERNEL, "x", "",
          "module: unknown word \"ramdisk\": ignored" },
        { "unknown key", "kernel nam=x", MODULE_KERNEL, "", "",
          "module: unknown word \"nam=x\": ignored" },
        { "key without a value", "kernel name", MODULE_KERNEL, "", "",
          "module: unknown word \"name\": ignored" },
        { "long name", "kernel name=0123456789012345678901234567890123", MODULE_KERNEL, "", "",
          "module: name: \"0123456789012345678901234567890123\" makes no sense here: ignored" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct module_options module = read_line(cases[i].line);

        check_number(cases[i].name, module.kind, cases[i].kind);
        check_string(cases[i].name, module.name, cases[i].domain);
        check_string(cases[i].name, module.command_line, cases[i].guest);
        check_string(cases[i].name, said, cases[i].said);
    }
}

static void test_defaults(void **state)
{
    struct module_options module = read_line("kernel");

    (void)state;
    assert_int_equal(module.memory, 0);
    assert_int_equal(module.max_memory, 0);
    assert_int_equal(module.vcpus, 1);
    assert_int_equal(module.max_vcpus, 1);
    assert_true(module.cpus[0] == UINT64_MAX && module.cpus[127] == UINT64_MAX);
    assert_int_equal(module.cpu_weight, 256);
    assert_int_equal(module.max_event_channels, 1023);
    assert_int_equal(module.actions.on_poweroff, ACTION_DESTROY);
    assert_int_equal(module.actions.on_crash, ACTION_DESTROY);
    assert_string_equal(module_action_name(module.actions.on_crash), "destroy");
    assert_string_equal(module_action_name(ACTION_COREDUMP_RESTART), "coredump-restart");
}

static void test_values(void **state)
{
#define CASE(line, member, expect)                               \
    {                                                            \
        "kernel " line, offsetof(struct module_options, member), \
            sizeof(((struct module_options *)0)->member), expect \
    }
    static const struct {
        const char *line;
        size_t offset, size;
        uint64_t expect;
    } cases[] = {
        CASE("memory=32", memory, 32 * MIB),
        CASE("memory=32", max_memory, 32 * MIB),
        CASE("memory=4096k", memory, 4 * MIB),
        CASE("memory=4097", memory, 4097 * MIB),
        CASE("memory=32 maxmem=64", max_memory, 64 * MIB),
        CASE("vcpus=4", vcpus, 4),
        CASE("vcpus=4", max_vcpus, 4),
        CASE("vcpus=2 maxvcpus=8", max_vcpus, 8),
        CASE("cpus=all", cpus[0], UINT64_MAX),
        CASE("cpus=all,^1", cpus[127], ~2UL),
        CASE("cpus=3", cpus[0], 8),
        CASE("cpus=3", cpus[127], 8),
        CASE("cpus=0-2,5", cpus[0], 0x27),
        CASE("cpus=0-7,^2-3", cpus[0], 0xf3),
        CASE("cpus=0-63", cpus[0], UINT64_MAX),
        CASE("cpus=63", cpus[0], 1UL << 63),
        CASE("cpus=0-1:2:", cpus[0], 3),
        CASE("cpus=0-1:2:", cpus[1], 4),
        CASE("cpus=0-1:2:", cpus[2], UINT64_MAX),
        CASE("cpus=all:", cpus[0], UINT64_MAX),
        CASE("cpu_weight=512", cpu_weight, 512),
        CASE("max_event_channels=1", max_event_channels, 1),
        CASE("max_event_channels=131071", max_event_channels, 131071),
        CASE("cap=150", cap, 150),
        CASE("cap=0", cap, 0),
        CASE("on_poweroff=preserve", actions.on_poweroff, ACTION_PRESERVE),
        CASE("on_reboot=restart", actions.on_reboot, ACTION_RESTART),
        CASE("on_poweroff=rename-restart", actions.on_poweroff, ACTION_RENAME_RESTART),
        CASE("on_crash=destroy", actions.on_crash, ACTION_DESTROY),
        CASE("on_crash=coredump-destroy", actions.on_crash, ACTION_COREDUMP_DESTROY),
        CASE("on_watchdog=restart", actions.on_watchdog, ACTION_RESTART),
        CASE("on_crash=coredump-restart", actions.on_crash, ACTION_COREDUMP_RESTART),
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct module_options module = read_line(cases[i].line);
        uint64_t value = 0;

        memcpy(&value, (const char *)&module + cases[i].offset, cases[i].size);
        check_string(cases[i].line, said, "");
        check_number(cases[i].line, value, cases[i].expect);
    }
}

static void test_wrong_values(void **state)
{
    static const char *const words[] = {
        "memory=",
        "memory=lots",
        "memory=99999999999999999",
        "vcpus=0",
        "vcpus=129",
        "cpus=",
        "cpus=64",
        "cpus=3-1",
        "cpus=0,3-1",
        "cpus=1,",
        "cpus=^0",
        "cpus=0-",
        "cpus=al",
        "cpus=:",
        "cpus=0:1",
        "cpus=0::",
        "cpus=0:^1:",
        "cpus=99999999999",
        "cpu_weight=0",
        "cpu_weight=65536",
        "cap=-1",
        "cap=12801",
        "cap=half",
        "max_event_channels=0",
        "max_event_channels=131072",
        "on_crash=explode",
        "name=",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        char line[64], expect[160];
        int key = (int)strcspn(words[i], "=");
        struct module_options module;

        snprintf(line, sizeof(line), "kernel %s", words[i]);
        snprintf(expect, sizeof(expect), "module: %.*s: \"%s\" makes no sense here: ignored", key,
                 words[i], words[i] + key + 1);
        module = read_line(line);
        check_string(words[i], said, expect);
        check(words[i], module.memory == 0 && module.vcpus == 1 && module.cpu_weight == 256 &&
                            module.max_event_channels == 1023 && module.cpus[0] == UINT64_MAX);
    }
}

/* As many as there are vCPUs, on a line that is full. */
static void test_many_sets(void **state)
{
    char line[1024] = "kernel vcpus=128 cpus=";
    struct module_options module;

    (void)state;
    for (unsigned int vcpu = 0; vcpu < MODULE_MAX_VCPUS; vcpu++)
        strcat(line, vcpu % 2 == 0 ? "0,2-3:" : "1,4,^1,7:");
    module = read_line(line);
    check_string("nothing to say", said, "");
    for (unsigned int vcpu = 0; vcpu < MODULE_MAX_VCPUS; vcpu++)
        assert_int_equal(module.cpus[vcpu], vcpu % 2 == 0 ? 0xd : 0x90);
}

static void test_completed(void **state)
{
    struct module_options module =
        read_line("kernel name=x memory=64 maxmem=32 vcpus=4 maxvcpus=2");

    (void)state;
    assert_string_equal(said, "module x: maxmem is less than memory: raised|"
                              "module x: maxvcpus is less than vcpus: raised");
    assert_int_equal(module.max_memory, 64 * MIB);
    assert_int_equal(module.max_vcpus, 4);
}

static void test_long_text(void **state)
{
    static char line[MODULE_LINE_SIZE + 100];
    struct module_options module;

    (void)state;
    memset(line, 'x', sizeof(line) - 1);
    memcpy(line, "kernel name=a -- ", 17);
    module = read_line(line);
    assert_string_equal(said, "module a: the guest's command line was cut");
    assert_int_equal(strlen(module.command_line), MODULE_LINE_SIZE - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),     cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_values),    cmocka_unit_test(test_wrong_values),
        cmocka_unit_test(test_many_sets), cmocka_unit_test(test_completed),
        cmocka_unit_test(test_long_text),
    };

    return RUN_TESTS(tests);
}
