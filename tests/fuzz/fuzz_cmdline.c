/* SPDX-License-Identifier: MIT */
/*
 * The readers of command lines: the first byte chooses hypervisor or module, the rest is the line.
 * Whatever is written there, the result is within its limits.
 */
#include "fuzz.h"

#include "core/bootargs.h"
#include "lib/assert.h"
#include "lib/boot_info.h"

#define LINE_SIZE 2048

/* A word as long as its line, and what is said of it. */
#define LONGEST_TEXT (BOOT_COMMAND_LINE + 64)

static void complain(void *ctx, const char *text)
{
    unsigned int *count = ctx;

    BUG_ON(strlen(text) >= LONGEST_TEXT);
    ++*count;
}

static void read_hypervisor(const char *line)
{
    struct hypervisor_options options;
    unsigned int count = 0;

    bootargs_read_hypervisor(line, false, &options, complain, &count);
    BUG_ON(count > LINE_SIZE);
    BUG_ON(options.console > (CONSOLE_COM1 | CONSOLE_COM2 | CONSOLE_VGA));
    BUG_ON(options.loglvl.always > 4 || options.loglvl.limited > 4);
    BUG_ON(options.loglvl.always > options.loglvl.limited);
    BUG_ON(options.com1.speed > 115200 || options.com1.io_base > 0xfff8);
    BUG_ON(options.conswitch < 'a' || options.conswitch > 'z');
}

static void read_module(const char *line)
{
    static struct module_options module;
    unsigned int count = 0;

    bootargs_read_module(line, &module, complain, &count);
    BUG_ON(count > LINE_SIZE);
    BUG_ON(module.vcpus == 0 || module.vcpus > MODULE_MAX_VCPUS);
    BUG_ON(module.max_vcpus < module.vcpus || module.max_memory < module.memory);
    BUG_ON(module.cpu_weight == 0);
    for (unsigned int vcpu = 0; vcpu < MODULE_MAX_VCPUS; vcpu++)
        BUG_ON(module.cpus[vcpu] == 0);
    BUG_ON(strnlen(module.name, MODULE_NAME_SIZE) == MODULE_NAME_SIZE);
    BUG_ON(strnlen(module.command_line, MODULE_LINE_SIZE) == MODULE_LINE_SIZE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char line[LINE_SIZE];

    if (size == 0 || size > LINE_SIZE)
        return 0;
    memcpy(line, data + 1, size - 1);
    line[size - 1] = '\0';
    if (data[0] % 2 == 0)
        read_hypervisor(line);
    else
        read_module(line);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    static const char *const lines[] = {
        "0console=com1,vga com1=115200,8n1,0x3f8,4 loglvl=info/all guest_loglvl=none maxcpus=2 "
        "noreboot watchdog=off conswitch=ax no-smep smap=1 sync_console status=com2 audit",
        "1guest.elf kernel name=demo memory=32 maxmem=64M vcpus=2 maxvcpus=4 cpus=0-3,^2 "
        "cpu_weight=256 on_poweroff=destroy on_reboot=restart on_crash=preserve -- root=/dev/x",
        "1ramdisk name=demo",
    };
    struct sample sample = { .size = 0 };

    if (seed % FUZZ_SAMPLE_RATE >= sizeof(lines) / sizeof(lines[0]))
        return LLVMFuzzerMutate(data, size, max_size);
    sample_put_text(&sample, lines[seed % FUZZ_SAMPLE_RATE]);
    return fuzz_put_sample(&sample, data, max_size);
}
