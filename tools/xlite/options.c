/* SPDX-License-Identifier: MIT */
/*
 * Options of `xlite run`. getopt_long() takes the words apart; everything else is a check with a
 * message that names the option.
 */
#include "options.h"

#include "config.h"
#include "report.h"
#include "words.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum option_code {
    /* Above all characters, so that getopt's '?' and ':' stay distinct. */
    OPTION_KERNEL = 256,
    OPTION_RAMDISK,
    OPTION_EXTRA,
    OPTION_MEMORY,
    OPTION_VCPUS,
    OPTION_MAX_EVENT_CHANNELS,
    OPTION_NAME,
    OPTION_HYPERVISOR,
    OPTION_HYPERVISOR_ARGS,
    OPTION_FIRMWARE,
    OPTION_LOADER,
    OPTION_MACHINE,
    OPTION_CPU,
    OPTION_CPUS,
    OPTION_HOST_MEMORY,
    OPTION_QEMU_ARGS,
    OPTION_TIMEOUT,
    OPTION_CTRL_C,
    OPTION_ICOUNT,
    OPTION_GDB,
    OPTION_ISO,
    OPTION_DRY_RUN,
    OPTION_HELP,
};

static const struct option long_options[] = {
    { "kernel", required_argument, NULL, OPTION_KERNEL },
    { "ramdisk", required_argument, NULL, OPTION_RAMDISK },
    { "extra", required_argument, NULL, OPTION_EXTRA },
    { "memory", required_argument, NULL, OPTION_MEMORY },
    { "vcpus", required_argument, NULL, OPTION_VCPUS },
    { "max-event-channels", required_argument, NULL, OPTION_MAX_EVENT_CHANNELS },
    { "name", required_argument, NULL, OPTION_NAME },
    { "hypervisor", required_argument, NULL, OPTION_HYPERVISOR },
    { "hypervisor-args", required_argument, NULL, OPTION_HYPERVISOR_ARGS },
    { "firmware", required_argument, NULL, OPTION_FIRMWARE },
    { "loader", required_argument, NULL, OPTION_LOADER },
    { "machine", required_argument, NULL, OPTION_MACHINE },
    { "cpu", required_argument, NULL, OPTION_CPU },
    { "cpus", required_argument, NULL, OPTION_CPUS },
    { "host-memory", required_argument, NULL, OPTION_HOST_MEMORY },
    { "qemu-args", required_argument, NULL, OPTION_QEMU_ARGS },
    { "timeout", required_argument, NULL, OPTION_TIMEOUT },
    { "ctrl-c", required_argument, NULL, OPTION_CTRL_C },
    { "icount", no_argument, NULL, OPTION_ICOUNT },
    { "gdb", optional_argument, NULL, OPTION_GDB },
    { "iso", required_argument, NULL, OPTION_ISO },
    { "dry-run", no_argument, NULL, OPTION_DRY_RUN },
    { "help", no_argument, NULL, OPTION_HELP },
    { NULL, 0, NULL, 0 },
};

enum { HOST_CPUS_MAX = 255, HOST_MEMORY_MAX = 1 << 20, GDB_PORT_DEFAULT = 1234 };

/* A whole number of 1 to max. */
static long read_number(const char *option, const char *text, long max)
{
    char *end;
    long value;

    errno = 0;
    value = strtol(text, &end, 10);
    if (end == text || *end != '\0') {
        fail("%s: \"%s\" is not a number", option, text);
    }
    if (errno != 0 || value < 1 || value > max) {
        fail("%s: %s is out of range (1 to %ld)", option, text, max);
    }
    return value;
}

/* Fractions are allowed: tests want short time-outs. */
static double read_seconds(const char *text)
{
    char *end;
    double value = strtod(text, &end);

    /* Written so that NaN fails, too. */
    if (end == text || *end != '\0' || !(value > 0 && value < 1e6)) {
        fail("--timeout: \"%s\" is not a number of seconds above 0", text);
    }
    return value;
}

/* One of two words: false for the first, true for the second. */
static bool read_choice(const char *option, const char *text, const char *first, const char *second)
{
    if (strcmp(text, first) != 0 && strcmp(text, second) != 0) {
        fail("%s: \"%s\" is neither %s nor %s", option, text, first, second);
    }
    return strcmp(text, second) == 0;
}

static const char *const hypervisor_names[] = {
    [HYPERVISOR_XEN_LITE] = "xen-lite",
    [HYPERVISOR_XEN] = "xen",
    [HYPERVISOR_NONE] = "none",
};

/* NAME or NAME=FILE. */
static void read_hypervisor(const char *text, struct options *options)
{
    size_t length = strcspn(text, "=");
    enum hypervisor hypervisor = HYPERVISOR_XEN_LITE;

    while (strncmp(hypervisor_names[hypervisor], text, length) != 0 ||
           hypervisor_names[hypervisor][length] != '\0') {
        if (hypervisor == HYPERVISOR_NONE) {
            fail("--hypervisor: \"%.*s\" is neither xen-lite, xen nor none", (int)length, text);
        }
        hypervisor++;
    }
    options->hypervisor = hypervisor;
    if (text[length] == '=') {
        options->hypervisor_file = text + length + 1;
    }
}

/* Takes an option that describes the one domain. False if this is none of them. */
static bool take_domain_option(int option, const char *text, struct domain *domain)
{
    switch (option) {
    case OPTION_KERNEL: domain->kernel = text_format("%s", text); break;
    case OPTION_RAMDISK: domain->ramdisk = text_format("%s", text); break;
    case OPTION_EXTRA: domain->command_line = text_format("%s", text); break;
    case OPTION_MEMORY: domain->memory = read_number("--memory", text, DOMAIN_MEMORY_MAX); break;
    case OPTION_MAX_EVENT_CHANNELS:
        domain->max_event_channels = read_number("--max-event-channels", text, DOMAIN_CHANNELS_MAX);
        break;
    case OPTION_VCPUS: domain->vcpus = read_number("--vcpus", text, DOMAIN_VCPUS_MAX); break;
    case OPTION_NAME: domain->name = text_format("%s", text); break;
    default: return false;
    }
    return true;
}

/* Takes an option about the hypervisor or the machine; passes over others. */
static void take_machine_option(int option, const char *text, struct options *options)
{
    switch (option) {
    case OPTION_HYPERVISOR: read_hypervisor(text, options); break;
    case OPTION_HYPERVISOR_ARGS: options->hypervisor_args = text; break;
    case OPTION_FIRMWARE:
        options->firmware = read_choice("--firmware", text, "bios", "uefi");
        break;
    case OPTION_LOADER:
        options->loader = read_choice("--loader", text, "grub", "qemu") ? LOADER_QEMU : LOADER_GRUB;
        break;
    case OPTION_MACHINE:
        read_choice("--machine", text, "pc", "q35");
        options->machine = text;
        break;
    case OPTION_CPU: options->cpu = text; break;
    case OPTION_CPUS: options->cpus = read_number("--cpus", text, HOST_CPUS_MAX); break;
    case OPTION_HOST_MEMORY:
        options->host_memory = read_number("--host-memory", text, HOST_MEMORY_MAX);
        break;
    case OPTION_QEMU_ARGS: options->qemu_args = text; break;
    default: break;
    }
}

/* Takes an option about the run; passes over others. */
static void take_run_option(int option, const char *text, struct options *options)
{
    switch (option) {
    case OPTION_TIMEOUT: options->timeout = read_seconds(text); break;
    case OPTION_CTRL_C:
        options->guest_gets_ctrl_c = read_choice("--ctrl-c", text, "end", "guest");
        break;
    case OPTION_ICOUNT: options->icount = true; break;
    case OPTION_GDB:
        options->gdb_port = text != NULL ? read_number("--gdb", text, 65535) : GDB_PORT_DEFAULT;
        break;
    case OPTION_ISO: options->iso = text; break;
    case OPTION_DRY_RUN: options->dry_run = true; break;
    case OPTION_HELP: help_print_run(); exit(0);
    default: break;
    }
}

/* The domains are those of the GUEST.cfg files or the one that the options describe, not both. */
static void read_domains(int count, char **files, const struct domain *single,
                         const char *domain_option, struct options *options)
{
    if (domain_option != NULL && single->kernel == NULL) {
        fail("%s goes with --kernel%s", domain_option,
             count > 0 ? "; for a GUEST.cfg, write it there" : "");
    }
    if (single->kernel != NULL && count > 0) {
        fail("%s: a GUEST.cfg and --kernel exclude each other", files[0]);
    }
    if (single->kernel == NULL && count == 0) {
        fail("no domain is given: name a GUEST.cfg or use --kernel (see xlite run --help)");
    }
    options->domain_count = count > 0 ? (unsigned)count : 1;
    options->domains = calloc(options->domain_count, sizeof(*options->domains));
    if (options->domains == NULL) {
        fail("out of memory");
    }
    for (int i = 0; i < count; i++) {
        config_read(files[i], &options->domains[i]);
    }
    if (count == 0) {
        options->domains[0] = *single;
        options->domains[0].source = single->kernel;
    }
}

/* QEMU's way in is an option ROM that only a BIOS runs. */
static void check_loader(const struct options *options)
{
    if (options->loader == LOADER_QEMU && options->firmware == FIRMWARE_UEFI) {
        fail("--loader qemu: goes with --firmware bios only");
    }
}

/* On the bare machine there is one kernel, which has all that the machine has. */
static void check_bare_machine(const struct options *options)
{
    if (options->hypervisor != HYPERVISOR_NONE) {
        return;
    }
    if (options->hypervisor_file != NULL) {
        fail("--hypervisor none: has no file; --kernel names what is booted");
    }
    if (options->domain_count > 1) {
        fail("--hypervisor none: boots one kernel; %u are given", options->domain_count);
    }
    if (options->domains[0].vcpus > 1) {
        fail("--hypervisor none: nobody makes %ld virtual CPUs; --cpus are the machine's own",
             options->domains[0].vcpus);
    }
    if (*options->hypervisor_args != '\0') {
        fail("--hypervisor-args: with --hypervisor none nobody reads them; use --extra");
    }
    if (options->host_memory != 0) {
        fail("--host-memory: with --hypervisor none the kernel has all of it; use --memory");
    }
    if (options->loader == LOADER_QEMU) {
        fail("--loader qemu: knows no Multiboot2, by which --hypervisor none boots");
    }
    if (options->firmware == FIRMWARE_UEFI) {
        fail("--firmware uefi: --hypervisor none goes with --firmware bios only");
    }
}

/* Names are how modules find their domain (a ramdisk names its kernel's), so no two may be the
 * same. */
static void check_names(const struct options *options)
{
    for (unsigned i = 0; i < options->domain_count; i++) {
        for (unsigned j = 0; j < i; j++) {
            if (strcmp(options->domains[i].name, options->domains[j].name) == 0) {
                fail("%s: the name \"%s\" is taken by %s", options->domains[i].source,
                     options->domains[i].name, options->domains[j].source);
            }
        }
    }
}

/* What getopt could not make sense of: '?' is an unknown option (or an argument that is not
 * wanted), ':' a missing argument. */
static void __attribute__((noreturn)) fail_option(int result, char **argv)
{
    const char *word = argv[optind - 1];

    if (result == ':') {
        fail("%s: an argument is missing (see xlite run --help)", word);
    }
    fail("%s: no such option (see xlite run --help)", word);
}

void options_read(int argc, char **argv, struct options *options)
{
    struct domain single = { .name = NULL };
    const char *domain_option = NULL;
    int option;
    int index = 0;

    *options = (struct options){
        .hypervisor_args = "", .qemu_args = "", .machine = "pc", .cpu = "max", .cpus = 1
    };
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":", long_options, &index)) != -1) {
        if (option == '?' || option == ':') {
            fail_option(option, argv);
        }
        if (take_domain_option(option, optarg, &single)) {
            domain_option = text_format("--%s", long_options[index].name);
        } else {
            take_machine_option(option, optarg, options);
            take_run_option(option, optarg, options);
        }
    }
    if (single.name == NULL && single.kernel != NULL) {
        single.name = text_format("guest");
    }
    read_domains(argc - optind, argv + optind, &single, domain_option, options);
    for (unsigned i = 0; i < options->domain_count; i++) {
        domain_complete(&options->domains[i]);
    }
    check_names(options);
    check_loader(options);
    check_bare_machine(options);
}
