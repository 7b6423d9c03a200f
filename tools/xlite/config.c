/* SPDX-License-Identifier: MIT */
/*
 * GUEST.cfg. libxlutil, the parser of xl itself, reads the file; one table says what each key means
 * here.
 */
#include "config.h"

#include "config_lines.h"
#include "report.h"
#include "words.h"

#include <errno.h>
#include <libxlutil.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    const char *path;
    XLU_Config *config;
    const char *key;
    unsigned line;
    struct domain *domain;
    char *root, *extra, *cmdline;
};

struct key {
    const char *name;
    void (*take)(struct reading *reading, const struct key *key);
    size_t field; /* of struct domain, or of struct reading for the parts of the command line */
    long max;
};

/* Ends the tool: something is wrong with the key that is being read. */
static void __attribute__((noreturn)) fail_key(const struct reading *reading, const char *what)
{
    fail("%s:%u: %s: %s", reading->path, reading->line, reading->key, what);
}

/* The value of the key that is being read, as text: new string. libxlutil keeps numbers as text,
 * too, so `memory = 32` and `memory = "32"` are the same to it and to us. */
static char *read_text(const struct reading *reading)
{
    const char *text;

    if (xlu_cfg_get_string(reading->config, reading->key, &text, 1) != 0) {
        fail_key(reading, "one value is wanted, not a list");
    }
    return text_format("%s", text);
}

/* A text that goes into the domain as it is; domain_complete() judges it. */
static void take_text(struct reading *reading, const struct key *key)
{
    *(char **)((char *)reading->domain + key->field) = read_text(reading);
}

/* root, extra and cmdline together make the guest's command line when the whole file has been read.
 */
static void take_part(struct reading *reading, const struct key *key)
{
    *(char **)((char *)reading + key->field) = read_text(reading);
}

/* A number up to the key's maximum. Read here and not by libxlutil, whose message would lack the
 * line. */
static void take_number_from(struct reading *reading, const struct key *key, long least)
{
    const char *text = read_text(reading);
    char *end;
    long value;

    errno = 0;
    value = strtol(text, &end, 0);
    if (end == text || *end != '\0') {
        fail_key(reading, text_format("\"%s\" is not a number", text));
    }
    if (errno != 0 || value < least || value > key->max) {
        fail_key(reading, text_format("%s is out of range (%ld to %ld)", text, least, key->max));
    }
    *(long *)((char *)reading->domain + key->field) = value;
}

static void take_number(struct reading *reading, const struct key *key)
{
    take_number_from(reading, key, 1);
}

/* Where 0 means the same as nothing. */
static void take_number_or_0(struct reading *reading, const struct key *key)
{
    take_number_from(reading, key, 0);
}

/* cpus is "0-3,^1" for all vCPUs, or a list of such or of numbers, the first for vCPU 0 and so on:
 * then each has a colon behind it. It becomes one word. */
static void take_cpus(struct reading *reading, const struct key *key)
{
    XLU_ConfigList *list;
    int count = 0;
    char *word = NULL;

    (void)key;
    if (xlu_cfg_get_list(reading->config, reading->key, &list, &count, 1) != 0) {
        word = read_text(reading);
    }
    for (int i = 0; i < count; i++) {
        const char *item = xlu_cfg_get_listitem(list, i);

        if (item == NULL) {
            fail_key(reading, "a list of CPU numbers is wanted");
        }
        if (strchr(item, ':') != NULL) {
            fail_key(reading, "CPUs by node are not supported");
        }
        word = text_format("%s%s:", word == NULL ? "" : word, item);
    }
    if (word == NULL || word[strspn(word, "0123456789-,^al:")] != '\0' ||
        !domain_word_is_plain(word)) {
        fail_key(reading, "CPUs are wanted, such as \"0-3,^1\" or \"all\"");
    }
    reading->domain->cpus = word;
}

/* What shall become of a domain that has ended: one of the words that xl knows. */
static void take_action(struct reading *reading, const struct key *key)
{
    static const char *const actions[] = { "destroy",  "restart",          "rename-restart",
                                           "preserve", "coredump-destroy", "coredump-restart" };
    char *action = read_text(reading);

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (strcmp(action, actions[i]) == 0) {
            *(char **)((char *)reading->domain + key->field) = action;
            return;
        }
    }
    fail_key(reading,
             text_format("\"%s\" is no action (destroy, restart, rename-restart, preserve, "
                         "coredump-destroy or coredump-restart)",
                         action));
}

/* Only PV guests exist here. A file that asks for another kind must not boot as if it had not. */
static void take_type(struct reading *reading, const struct key *key)
{
    const char *type = read_text(reading);

    (void)key;
    if (strcmp(type, "pv") != 0) {
        fail_key(reading, text_format("\"%s\" is not supported, only \"pv\" is", type));
    }
}

/* The older form of `type`. */
static void take_builder(struct reading *reading, const struct key *key)
{
    const char *builder = read_text(reading);

    (void)key;
    if (strcmp(builder, "generic") != 0 && strcmp(builder, "linux") != 0) {
        fail_key(reading, text_format("\"%s\" is not supported, only \"generic\" is", builder));
    }
}

/* A key of xl that means something there (a disk, a network card) and nothing here. The user must
 * know, but the file is a good one. */
static void take_nothing(struct reading *reading, const struct key *key)
{
    (void)key;
    say("%s:%u: warning: %s is not supported and has no effect", reading->path, reading->line,
        reading->key);
}

static const struct key keys[] = {
    { "name", take_text, offsetof(struct domain, name), 0 },
    { "type", take_type, 0, 0 },
    { "builder", take_builder, 0, 0 },
    { "kernel", take_text, offsetof(struct domain, kernel), 0 },
    { "ramdisk", take_text, offsetof(struct domain, ramdisk), 0 },
    { "root", take_part, offsetof(struct reading, root), 0 },
    { "extra", take_part, offsetof(struct reading, extra), 0 },
    { "cmdline", take_part, offsetof(struct reading, cmdline), 0 },
    { "memory", take_number, offsetof(struct domain, memory), DOMAIN_MEMORY_MAX },
    { "maxmem", take_number, offsetof(struct domain, maxmem), DOMAIN_MEMORY_MAX },
    { "vcpus", take_number, offsetof(struct domain, vcpus), DOMAIN_VCPUS_MAX },
    { "maxvcpus", take_number, offsetof(struct domain, maxvcpus), DOMAIN_VCPUS_MAX },
    { "cpus", take_cpus, 0, 0 },
    { "max_event_channels", take_number, offsetof(struct domain, max_event_channels),
      DOMAIN_CHANNELS_MAX },
    { "cpu_weight", take_number, offsetof(struct domain, cpu_weight), DOMAIN_WEIGHT_MAX },
    { "cap", take_number_or_0, offsetof(struct domain, cap), DOMAIN_CAP_MAX },
    { "on_poweroff", take_action, offsetof(struct domain, on_poweroff), 0 },
    { "on_reboot", take_action, offsetof(struct domain, on_reboot), 0 },
    { "on_crash", take_action, offsetof(struct domain, on_crash), 0 },
    { "on_watchdog", take_action, offsetof(struct domain, on_watchdog), 0 },
};

/* Keys of xl.cfg(5) that a PV guest's file may well have and that do nothing here. All others are
 * taken for misspelt. */
static const char *const ignored_keys[] = {
    "bootloader",
    "bootloader_args",
    "channel",
    "claim_mode",
    "console",
    "cpuid",
    "cpus_soft",
    "disk",
    "dtdev",
    "e820_host",
    "irqs",
    "iomem",
    "ioports",
    "keymap",
    "localtime",
    "max_grant_frames",
    "max_grant_version",
    "max_maptrack_frames",
    "nographic",
    "nomigrate",
    "numa_placement",
    "on_soft_reset",
    "p9",
    "passthrough",
    "pci",
    "pci_msitranslate",
    "pci_permissive",
    "pool",
    "pvcalls",
    "rtc_timeoffset",
    "seclabel",
    "serial",
    "tsc_mode",
    "usbctrl",
    "usbdev",
    "uuid",
    "vfb",
    "vif",
    "virtio",
    "vkb",
    "vnc",
    "vsnd",
    "vtpm",
    "vuart",
    "xend_suspend_evtchn_compat",
};

/* What to do with the key that is being read. Ends the tool if nobody knows it: a misspelt "memory"
 * must not become the default without a word. */
static struct key key_find(const struct reading *reading)
{
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(reading->key, keys[i].name) == 0) {
            return keys[i];
        }
    }
    for (size_t i = 0; i < sizeof(ignored_keys) / sizeof(ignored_keys[0]); i++) {
        if (strcmp(reading->key, ignored_keys[i]) == 0) {
            return (struct key){ ignored_keys[i], take_nothing, 0, 0 };
        }
    }
    fail_key(reading, "unknown key");
}

/* As xl does it: cmdline wins; otherwise root=ROOT and extra. */
static char *join_command_line(const struct reading *reading)
{
    const char *extra = reading->extra != NULL ? reading->extra : "";

    if (reading->cmdline != NULL) {
        if (reading->root != NULL || reading->extra != NULL) {
            say("%s: warning: root and extra have no effect beside cmdline", reading->path);
        }
        return reading->cmdline;
    }
    if (reading->root != NULL) {
        return text_format("root=%s%s%s", reading->root, *extra != '\0' ? " " : "", extra);
    }
    return reading->extra;
}

/* True if the key is set again further down: then only the last line counts, and only it is
 * reported. */
static bool set_again(const struct config_lines *lines, size_t index)
{
    for (size_t i = index + 1; i < lines->count; i++) {
        if (strcmp(lines->list[i].key, lines->list[index].key) == 0) {
            return true;
        }
    }
    return false;
}

/* Lets libxlutil parse the text. Its own report may have several lines; the first one is the cause.
 */
static XLU_Config *parse(const char *path, struct bytes file)
{
    char *report_text = NULL;
    size_t report_length;
    FILE *report = open_memstream(&report_text, &report_length);
    XLU_Config *config = report != NULL ? xlu_cfg_init(report, path) : NULL;

    if (config == NULL) {
        fail("out of memory");
    }
    if (xlu_cfg_readdata(config, (char *)file.data, (int)file.size) != 0) {
        fflush(report);
        fail("%.*s", (int)strcspn(report_text, "\n"), report_text);
    }
    return config;
}

void config_read(const char *path, struct domain *domain)
{
    struct reading reading = { .path = path, .domain = domain };
    struct config_lines lines;
    struct problem problem;
    struct bytes file;

    if (!bytes_read_file(path, &file, &problem)) {
        fail("%s: %s", path, problem.text);
    }
    if (file.size > 1 << 20 || (file.size > 0 && memchr(file.data, '\0', file.size) != NULL)) {
        fail("%s: not a text file", path);
    }
    reading.config = parse(path, file);
    lines = config_lines_find(file);
    domain->source = path;
    for (size_t i = 0; i < lines.count; i++) {
        struct key key;

        if (set_again(&lines, i)) {
            continue;
        }
        reading.key = lines.list[i].key;
        reading.line = lines.list[i].line;
        key = key_find(&reading);
        key.take(&reading, &key);
    }
    domain->command_line = join_command_line(&reading);
    xlu_cfg_destroy(reading.config);
    bytes_free(&file);
}
