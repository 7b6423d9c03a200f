/* SPDX-License-Identifier: MIT */
/*
 * Command lines of boot modules; see core/bootargs.h.
 *
 *     kernel name=demo memory=32 vcpus=1 -- text for the guest
 *
 * A loader that passes the file's name as the first word (Multiboot 1 under QEMU) is served too: a
 * first word that is none of ours is skipped.
 */
#include "core/bootargs.h"

#include "lib/boot_info.h"
#include "lib/string.h"
#include "lib/text.h"

/* No word is longer than its line. */
#define WORD_SIZE BOOT_COMMAND_LINE

/* One key: its name, the reader of its value (false if the value makes no sense; the field then
 * keeps its default), and where the value goes. */
struct key {
    const char *name;
    bool (*read)(const char *value, void *field);
    size_t field; /* offset in struct module_options */
};

/* The name appears in messages and on the status channel: it is never cut, rather refused. */
static bool read_name(const char *value, void *field)
{
    return *value != '\0' && strlen(value) < MODULE_NAME_SIZE &&
           text_copy(field, MODULE_NAME_SIZE, value);
}

/* MiB, unless a unit is given. */
static bool read_memory(const char *value, void *field)
{
    return text_to_size(value, MIB, field);
}

/* Whether there are as many as the guest's ABI allows is for the builder to say. */
static bool read_vcpus(const char *value, void *field)
{
    uint64_t count;

    if (!text_to_u64(value, &count) || count == 0 || count > MODULE_MAX_VCPUS)
        return false;
    *(uint32_t *)field = (uint32_t)count;
    return true;
}

/* 1 to 65535, 256 being the usual. */
static bool read_weight(const char *value, void *field)
{
    uint64_t weight;

    if (!text_to_u64(value, &weight) || weight == 0 || weight > UINT16_MAX)
        return false;
    *(uint32_t *)field = (uint32_t)weight;
    return true;
}

/* The number of the last port, as xl has it: one less than the number of ports. */
static bool read_channels(const char *value, void *field)
{
    uint64_t last;

    if (!text_to_u64(value, &last) || last == 0 || last > MODULE_MAX_CHANNELS)
        return false;
    *(uint32_t *)field = (uint32_t)last;
    return true;
}

/* Percent of one CPU: 0 to 100 times as many CPUs as there can be vCPUs; 0: no limit. */
static bool read_cap(const char *value, void *field)
{
    uint64_t percent;

    if (!text_to_u64(value, &percent) || percent > 100 * MODULE_MAX_VCPUS)
        return false;
    *(uint32_t *)field = (uint32_t)percent;
    return true;
}

/* Reads the decimal number at *text, which moves behind it. */
static bool read_cpu_number(const char **text, unsigned int *number)
{
    const char *at = *text;

    *number = 0;
    for (; *at >= '0' && *at <= '9' && *number < 64; at++)
        *number = *number * 10 + (unsigned int)(*at - '0');
    if (at == *text || *number >= 64)
        return false;
    *text = at;
    return true;
}

/* Reads "all", a CPU's number or a range such as "0-3" at *text, which moves behind it. */
static bool read_cpu_range(const char **text, uint64_t *cpus)
{
    unsigned int first, last;

    if (strncmp(*text, "all", 3) == 0) {
        *text += 3;
        *cpus = UINT64_MAX;
        return true;
    }
    if (!read_cpu_number(text, &first))
        return false;
    last = first;
    if (**text == '-') {
        (*text)++;
        if (!read_cpu_number(text, &last) || last < first)
            return false;
    }
    *cpus = UINT64_MAX >> (63 - (last - first)) << first;
    return true;
}

/* Reads ranges at *text, which moves behind them: "0-3,5". "^2" takes one out again. */
static bool read_cpu_set(const char **text, uint64_t *cpus)
{
    *cpus = 0;
    for (;; (*text)++) {
        bool without = **text == '^';
        uint64_t range;

        if (without)
            (*text)++;
        if (!read_cpu_range(text, &range))
            return false;
        *cpus = without ? *cpus & ~range : *cpus | range;
        if (**text != ',')
            return *cpus != 0;
    }
}

/* A set for each vCPU in order, with a colon behind each; those without one may run anywhere. cpus
 * may be null. */
static bool read_cpu_sets(const char *value, uint64_t *cpus)
{
    for (unsigned int vcpu = 0; *value != '\0'; vcpu++, value++) {
        uint64_t set;

        if (!read_cpu_set(&value, &set) || *value != ':')
            return false;
        if (cpus != NULL && vcpu < MODULE_MAX_VCPUS)
            cpus[vcpu] = set;
    }
    return true;
}

static void set_all_cpus(uint64_t *cpus, uint64_t set)
{
    for (unsigned int vcpu = 0; vcpu < MODULE_MAX_VCPUS; vcpu++)
        cpus[vcpu] = set;
}

/* One set for all vCPUs, or several. */
static bool read_cpus(const char *value, void *field)
{
    const char *end = value;
    uint64_t set;

    if (!read_cpu_set(&end, &set))
        return false;
    if (*end == '\0') {
        set_all_cpus(field, set);
        return true;
    }
    if (!read_cpu_sets(value, NULL))
        return false;
    set_all_cpus(field, UINT64_MAX);
    return read_cpu_sets(value, field);
}

static const char *const action_names[] = {
    [ACTION_DESTROY] = "destroy",
    [ACTION_RESTART] = "restart",
    [ACTION_RENAME_RESTART] = "rename-restart",
    [ACTION_PRESERVE] = "preserve",
    [ACTION_COREDUMP_DESTROY] = "coredump-destroy",
    [ACTION_COREDUMP_RESTART] = "coredump-restart",
};

const char *module_action_name(enum module_action action)
{
    return action_names[action];
}

static bool read_action(const char *value, void *field)
{
    unsigned int action = 0;

    while (action < ARRAY_SIZE(action_names) && !text_equal(value, action_names[action]))
        action++;
    if (action == ARRAY_SIZE(action_names))
        return false;
    *(enum module_action *)field = (enum module_action)action;
    return true;
}

/* The keys, with xl.cfg's names and meanings. */
static const struct key keys[] = {
#define KEY(name, reader, member)                             \
    {                                                         \
        name, reader, offsetof(struct module_options, member) \
    }
    KEY("name", read_name, name),
    KEY("memory", read_memory, memory),
    KEY("maxmem", read_memory, max_memory),
    KEY("vcpus", read_vcpus, vcpus),
    KEY("maxvcpus", read_vcpus, max_vcpus),
    KEY("cpus", read_cpus, cpus),
    KEY("cpu_weight", read_weight, cpu_weight),
    KEY("max_event_channels", read_channels, max_event_channels),
    KEY("cap", read_cap, cap),
    KEY("on_poweroff", read_action, actions.on_poweroff),
    KEY("on_reboot", read_action, actions.on_reboot),
    KEY("on_crash", read_action, actions.on_crash),
    KEY("on_watchdog", read_action, actions.on_watchdog),
#undef KEY
};

/* The key that the word begins with, and its value; NULL if there is none. */
static const struct key *find_key(const char *word, const char **value)
{
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        size_t length = strlen(keys[i].name);

        if (strncmp(word, keys[i].name, length) == 0 && word[length] == '=') {
            *value = word + length + 1;
            return &keys[i];
        }
    }
    return NULL;
}

/* What a module is. */
static bool read_kind(const char *word, enum module_kind *kind)
{
    if (text_equal(word, "kernel"))
        *kind = MODULE_KERNEL;
    else if (text_equal(word, "ramdisk"))
        *kind = MODULE_RAMDISK;
    else
        return false;
    return true;
}

static void read_word(const char *word, struct module_options *module, bootargs_complain *complain,
                      void *ctx)
{
    const char *value;
    const struct key *key = find_key(word, &value);

    if (key == NULL)
        bootargs_say(complain, ctx, "module: unknown word \"%s\": ignored", word);
    else if (!key->read(value, (char *)module + key->field))
        bootargs_say(complain, ctx, "module: %s: \"%s\" makes no sense here: ignored", key->name,
                     value);
}

/* maxmem and maxvcpus follow from memory and vcpus unless the line says otherwise. */
static void complete(struct module_options *module, bootargs_complain *complain, void *ctx)
{
    if (module->max_memory < module->memory) {
        if (module->max_memory != 0)
            bootargs_say(complain, ctx, "module %s: maxmem is less than memory: raised",
                         module->name);
        module->max_memory = module->memory;
    }
    if (module->max_vcpus < module->vcpus) {
        if (module->max_vcpus != 0)
            bootargs_say(complain, ctx, "module %s: maxvcpus is less than vcpus: raised",
                         module->name);
        module->max_vcpus = module->vcpus;
    }
}

/* The kind may be the first word or, behind a file name, the second. Anything later is a word like
 * the others, so a file or a domain may be called "kernel". */
void bootargs_read_module(const char *line, struct module_options *module,
                          bootargs_complain *complain, void *ctx)
{
    char word[WORD_SIZE];
    const char *value;
    bool has_kind = false;

    *module = (struct module_options){
        .kind = MODULE_KERNEL,
        .vcpus = 1,
        .cpu_weight = 256,
        .max_event_channels = 1023,
    };
    set_all_cpus(module->cpus, UINT64_MAX);
    for (unsigned int i = 0; text_next_word(&line, word, sizeof(word)); i++) {
        if (text_equal(word, "--")) {
            /* One space belongs to the mark; the rest is the guest's, as it stands. */
            if (*line == ' ')
                line++;
            if (!text_copy(module->command_line, sizeof(module->command_line), line))
                bootargs_say(complain, ctx, "module %s: the guest's command line was cut",
                             module->name);
            break;
        }
        if (!has_kind && i < 2 && read_kind(word, &module->kind)) {
            has_kind = true;
            continue;
        }
        if (i == 0 && find_key(word, &value) == NULL)
            continue;
        read_word(word, module, complain, ctx);
    }
    complete(module, complain, ctx);
}
