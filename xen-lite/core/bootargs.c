/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's command line; see core/bootargs.h. One table says which options there are, how
 * their value is read and where it goes; the names and meanings are Xen's where Xen has them.
 */
#include "core/bootargs.h"

#include <stdarg.h>

#include "lib/boot_info.h"
#include "lib/format.h"
#include "lib/string.h"
#include "lib/text.h"

/* No word is longer than its line. */
#define WORD_SIZE BOOT_COMMAND_LINE

/* Reads a value into the field; false if the value makes no sense. value is "" for a bare word. */
typedef bool read_value(const char *value, void *field);

struct option {
    const char *name;
    read_value *read;
    size_t field; /* offset in struct hypervisor_options */
};

/* "name" alone, or a word for yes or no. */
static bool read_switch(const char *value, void *field)
{
    bool *on = field;

    if (*value == '\0') {
        *on = true;
        return true;
    }
    return text_to_bool(value, on);
}

/* As a switch, but it can also have been left to the machine. */
static bool read_choice(const char *value, void *field)
{
    enum option_choice *choice = field;
    bool on;

    if (!read_switch(value, &on))
        return false;
    *choice = on ? CHOICE_ON : CHOICE_OFF;
    return true;
}

/* As a C number: 10, 0x10, 010. */
static bool read_u32(const char *value, void *field)
{
    uint32_t *number = field;
    uint64_t wide;

    if (!text_to_u64(value, &wide) || wide > UINT32_MAX)
        return false;
    *number = (uint32_t)wide;
    return true;
}

/* Takes the part of *text up to the separator into part; *text moves behind it. False at the end
 * of the text and where the part does not fit. */
static bool next_part(const char **text, char separator, char *part, size_t size)
{
    const char *start = *text;
    const char *end = start;

    if (*start == '\0')
        return false;
    while (*end != '\0' && *end != separator)
        end++;
    *text = *end == '\0' ? end : end + 1;
    return text_copy_bytes(part, size, start, (size_t)(end - start));
}

/* A list of devices; "none" adds nothing. All of it must be right before any of it counts. */
static bool read_console(const char *value, void *field)
{
    static const struct {
        const char *name;
        unsigned int device;
    } devices[] = {
        { "com1", CONSOLE_COM1 },
        { "com2", CONSOLE_COM2 },
        { "vga", CONSOLE_VGA },
        { "none", CONSOLE_NONE },
    };
    unsigned int *console = field;
    unsigned int chosen = 0;
    char part[16];

    if (*value == '\0')
        return false;
    while (*value != '\0') {
        size_t i = 0;

        if (!next_part(&value, ',', part, sizeof(part)))
            return false;
        while (i < ARRAY_SIZE(devices) && !text_equal(part, devices[i].name))
            i++;
        if (i == ARRAY_SIZE(devices))
            return false;
        chosen |= devices[i].device;
    }
    *console = chosen;
    return true;
}

/* "8n1": data bits, parity, stop bits. */
static bool read_frame(const char *text, struct serial_setup *serial)
{
    if (strlen(text) != 3 || text[0] < '5' || text[0] > '8' || text[1] == '\0' ||
        strchr("noems", text[1]) == NULL || text[2] < '1' || text[2] > '2')
        return false;
    serial->data_bits = (uint8_t)(text[0] - '0');
    serial->parity = text[1];
    serial->stop_bits = (uint8_t)(text[2] - '0');
    return true;
}

/* "115200,8n1,0x3f8,4"; what is left out keeps its default. Speed "auto": as firmware left it. */
static bool read_serial(const char *value, void *field)
{
    struct serial_setup serial = { .given = true, .data_bits = 8, .parity = 'n', .stop_bits = 1 };
    char part[32];

    if (next_part(&value, ',', part, sizeof(part)) && !text_equal(part, "auto")) {
        if (!read_u32(part, &serial.speed) || serial.speed == 0 || 115200 % serial.speed != 0)
            return false;
    }
    if (next_part(&value, ',', part, sizeof(part)) && !read_frame(part, &serial))
        return false;
    if (next_part(&value, ',', part, sizeof(part)) &&
        (!read_u32(part, &serial.io_base) || serial.io_base > 0xfff8))
        return false;
    if (next_part(&value, ',', part, sizeof(part)) &&
        (!read_u32(part, &serial.interrupt) || serial.interrupt > 15))
        return false;
    if (*value != '\0')
        return false;
    *(struct serial_setup *)field = serial;
    return true;
}

/* Counts the levels that are printed: the word's place in the list. */
static bool read_level(const char *word, uint8_t *count)
{
    static const char *const words[] = { "none", "error", "warning", "info", "debug" };

    if (text_equal(word, "all")) {
        *count = ARRAY_SIZE(words) - 1;
        return true;
    }
    for (uint8_t i = 0; i < ARRAY_SIZE(words); i++) {
        if (text_equal(word, words[i])) {
            *count = i;
            return true;
        }
    }
    return false;
}

/* "lower" or "lower/upper". An upper level below the lower one is raised to it. */
static bool read_threshold(const char *value, void *field)
{
    struct log_threshold threshold;
    char part[16];

    if (!next_part(&value, '/', part, sizeof(part)) || !read_level(part, &threshold.always))
        return false;
    threshold.limited = threshold.always;
    if (*value != '\0' && !read_level(value, &threshold.limited))
        return false;
    threshold.limited = max(threshold.limited, threshold.always);
    *(struct log_threshold *)field = threshold;
    return true;
}

/* Where events are told to the tool that runs us; see the option in docs/. */
static bool read_status(const char *value, void *field)
{
    enum status_channel *status = field;

    if (text_equal(value, "com1"))
        *status = STATUS_COM1;
    else if (text_equal(value, "com2"))
        *status = STATUS_COM2;
    else
        return text_equal(value, "none");
    return true;
}

/* "name", "no-name" or "name=off" within a list. */
static bool read_sub_switch(char *part, const char *name, bool *on)
{
    char *value = strchr(part, '=');
    bool negated = value == NULL && text_starts_with(part, "no-");

    if (value != NULL)
        *value++ = '\0';
    if (!text_equal(negated ? part + 3 : part, name))
        return false;
    return negated ? read_switch("off", on) : read_switch(value == NULL ? "" : value, on);
}

/* "max-ver:1,no-transitive,transfer=off": all must be right before any of it counts. */
static bool read_gnttab(const char *value, void *field)
{
    struct gnttab_options gnttab = *(struct gnttab_options *)field;
    char part[32];

    if (*value == '\0')
        return false;
    while (*value != '\0') {
        if (!next_part(&value, ',', part, sizeof(part)))
            return false;
        if (text_starts_with(part, "max-ver:") || text_starts_with(part, "max_ver:")) {
            if (!read_u32(part + strlen("max-ver:"), &gnttab.max_version) ||
                gnttab.max_version < 1 || gnttab.max_version > 2)
                return false;
        } else {
            char copy[sizeof(part)];

            memcpy(copy, part, sizeof(part));
            if (!read_sub_switch(part, "transitive", &gnttab.transitive) &&
                !read_sub_switch(copy, "transfer", &gnttab.transfer))
                return false;
        }
    }
    *(struct gnttab_options *)field = gnttab;
    return true;
}

/* Tables of pointers are made for so many. */
#define GNTTAB_FRAMES_MAX 65536

static bool read_gnttab_frames(const char *value, void *field)
{
    uint32_t frames;

    if (!read_u32(value, &frames) || frames > GNTTAB_FRAMES_MAX)
        return false;
    *(uint32_t *)field = frames;
    return true;
}

/* Numbers with commas, ascending. All must be right before any of them counts. */
static bool read_fail_alloc(const char *value, void *field)
{
    uint32_t numbers[FAIL_ALLOC_MAX] = { 0 };
    char part[16];

    if (*value == '\0')
        return false;
    for (size_t i = 0; *value != '\0'; i++) {
        if (i == FAIL_ALLOC_MAX || !next_part(&value, ',', part, sizeof(part)) ||
            !read_u32(part, &numbers[i]) || numbers[i] <= (i == 0 ? 0 : numbers[i - 1]))
            return false;
    }
    memcpy(field, numbers, sizeof(numbers));
    return true;
}

/* "1000,7,500": how many, the seed, how many us apart at most. What is left out is 1 and 1000. */
static bool read_kill(const char *value, void *field)
{
    struct kill_setup kill = { .seed = 1, .period_us = 1000 };
    char part[16];

    if (!next_part(&value, ',', part, sizeof(part)) || !read_u32(part, &kill.count))
        return false;
    if (next_part(&value, ',', part, sizeof(part)) && !read_u32(part, &kill.seed))
        return false;
    if (next_part(&value, ',', part, sizeof(part)) &&
        (!read_u32(part, &kill.period_us) || kill.period_us == 0))
        return false;
    if (*value != '\0')
        return false;
    *(struct kill_setup *)field = kill;
    return true;
}

/* The options, by name. */
static const struct option options_known[] = {
#define OPTION(name, reader, member)                              \
    {                                                             \
        name, reader, offsetof(struct hypervisor_options, member) \
    }
    OPTION("audit", read_switch, audit),
    OPTION("com1", read_serial, com1),
    OPTION("com2", read_serial, com2),
    OPTION("console", read_console, console),
    OPTION("fail_alloc", read_fail_alloc, fail_alloc),
    OPTION("gnttab", read_gnttab, gnttab),
    OPTION("gnttab_max_frames", read_gnttab_frames, gnttab_max_frames),
    OPTION("gnttab_max_maptrack_frames", read_gnttab_frames, gnttab_max_maptrack_frames),
    OPTION("guest_loglvl", read_threshold, guest_loglvl),
    OPTION("kill", read_kill, kill),
    OPTION("loglvl", read_threshold, loglvl),
    OPTION("maxcpus", read_u32, maxcpus),
    OPTION("noreboot", read_switch, noreboot),
    OPTION("restart_gap", read_u32, restart_gap),
    OPTION("smap", read_choice, smap),
    OPTION("smep", read_choice, smep),
    OPTION("status", read_status, status),
    OPTION("sync_console", read_switch, sync_console),
    OPTION("watchdog", read_switch, watchdog),
    OPTION("watchdog_timeout", read_u32, watchdog_timeout),
#undef OPTION
};

/* NULL if there is none. A dozen options, read twice at boot: no faster search is needed. */
static const struct option *find_option(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(options_known); i++) {
        if (text_equal(options_known[i].name, name))
            return &options_known[i];
    }
    return NULL;
}

/* conswitch=a: the letter that is pressed with Ctrl; conswitch=ax: and at boot input goes to the
 * hypervisor. It fills two fields, so it is not in the table. */
static bool read_conswitch(const char *value, struct hypervisor_options *options)
{
    if (value[0] < 'a' || value[0] > 'z')
        return false;
    if (value[1] != '\0' && !text_equal(value + 1, "x"))
        return false;
    options->conswitch = value[0];
    options->input_to_guest = value[1] == '\0';
    return true;
}

void bootargs_say(bootargs_complain *complain, void *ctx, const char *fmt, ...)
{
    char text[WORD_SIZE + 64];
    va_list args;

    va_start(args, fmt);
    format_va(text, sizeof(text), fmt, args);
    va_end(args);
    complain(ctx, text);
}

/* One word of the line. A switch may also be written "no-name". */
static void read_option(char *word, struct hypervisor_options *options, bootargs_complain *complain,
                        void *ctx)
{
    char *value = strchr(word, '=');
    bool understood;

    if (value != NULL)
        *value++ = '\0';

    const struct option *option = find_option(word);
    bool negated = option == NULL && value == NULL && text_starts_with(word, "no-");

    if (negated)
        option = find_option(word + 3);
    if (negated && option != NULL && option->read != read_switch && option->read != read_choice)
        option = NULL;
    if (option != NULL)
        understood = option->read(negated         ? "off"
                                  : value == NULL ? ""
                                                  : value,
                                  (char *)options + option->field);
    else if (text_equal(word, "conswitch"))
        understood = read_conswitch(value == NULL ? "" : value, options);
    else {
        bootargs_say(complain, ctx, "unknown option \"%s\": ignored", word);
        return;
    }
    if (!understood)
        bootargs_say(complain, ctx, "option %s: \"%s\" makes no sense here: ignored", word,
                     value == NULL ? "" : value);
}

/* The defaults are for a machine whose owner gave no options: talk on everything, watch for hung
 * CPUs. */
void bootargs_read_hypervisor(const char *line, bool debug, struct hypervisor_options *options,
                              bootargs_complain *complain, void *ctx)
{
    static const struct serial_setup usual = {
        .speed = 115200, .data_bits = 8, .parity = 'n', .stop_bits = 1
    };
    char word[WORD_SIZE];

    *options = (struct hypervisor_options){
        .console = CONSOLE_COM1 | CONSOLE_VGA,
        .com1 = usual,
        .com2 = usual,
        .loglvl = { 3, 3 },
        .guest_loglvl = { 2, 4 },
        .watchdog = true,
        .watchdog_timeout = 5,
        .conswitch = 'a',
        .input_to_guest = true,
        .audit = debug,
        .restart_gap = 2000,
        .gnttab_max_frames = 64,
        .gnttab_max_maptrack_frames = 1024,
        .gnttab = { .max_version = 2, .transitive = true, .transfer = true },
    };
    while (text_next_word(&line, word, sizeof(word)))
        read_option(word, options, complain, ctx);
}
