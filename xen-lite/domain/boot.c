/* SPDX-License-Identifier: MIT */
/*
 * Which domains the boot modules describe. A module that makes no sense is named and left out; the
 * others run. Building a domain is the business of its kind (pv/), and comes in as a function.
 */
#include "domain/boot.h"

#include "core/bootargs.h"
#include "domain/life.h"
#include "hv/alloc.h"
#include "hv/print.h"
#include "lib/format.h"
#include "lib/string.h"
#include "lib/text.h"
#include "x86/image.h"

#define DEFAULT_MEMORY (32 * MIB)

/* A domain that waits for the others to be built. */
struct built {
    struct domain *domain;
    struct origin *origin;
};

/* All modules' command lines, read. Only used while booting. */
static struct module_options modules[BOOT_MAX_MODULES] BOOT_ONLY;
static bool used[BOOT_MAX_MODULES] BOOT_ONLY; /* ramdisks that a kernel has taken */

static void complain(void *ctx, const char *text)
{
    print(LOG_WARNING, "module %u: %s\n", *(const unsigned int *)ctx, text);
}

/* What is wrong with a word is said with the module's number; the word is left out, as on Xen's own
 * command line. */
static void read_modules(const struct boot_info *info)
{
    for (unsigned int i = 0; i < info->module_count; i++)
        bootargs_read_module(info->modules[i].command_line, &modules[i], complain, &i);
}

/* The name of the kernel that module i is or belongs to: a ramdisk without a name belongs to the
 * kernel before it. */
static void fill_in_names(unsigned int count)
{
    const char *kernel = "";

    for (unsigned int i = 0; i < count; i++) {
        struct module_options *o = &modules[i];

        if (o->name[0] == 0 && o->kind == MODULE_KERNEL)
            format_string(o->name, sizeof(o->name), "module%u", i);
        else if (o->name[0] == 0)
            text_copy(o->name, sizeof(o->name), kernel);
        if (o->kind == MODULE_KERNEL)
            kernel = o->name;
    }
}

/* Another kernel before module k has the same name. */
static bool is_duplicate(unsigned int k)
{
    for (unsigned int i = 0; i < k; i++) {
        if (modules[i].kind == MODULE_KERNEL && text_equal(modules[i].name, modules[k].name))
            return true;
    }
    return false;
}

/* The first ramdisk for that name that is not taken yet; -1: none. */
static int find_ramdisk(unsigned int count, const char *name)
{
    for (unsigned int i = 0; i < count; i++) {
        if (!used[i] && modules[i].kind == MODULE_RAMDISK && text_equal(modules[i].name, name))
            return (int)i;
    }
    return -1;
}

static void note_action(const char *name, const char *key, enum module_action action)
{
    const char *text = life_not_done(action);

    if (text != NULL)
        print(LOG_WARNING, "domain %s: %s=%s %s\n", name, key, module_action_name(action), text);
}

static void note_actions(const char *name, const struct life_actions *actions)
{
    note_action(name, "on_poweroff", actions->on_poweroff);
    note_action(name, "on_reboot", actions->on_reboot);
    note_action(name, "on_crash", actions->on_crash);
    note_action(name, "on_watchdog", actions->on_watchdog);
}

/* Where its vCPUs may run. One whose set has no CPU of this machine runs on any. */
static void take_cpus(const struct module_options *o, struct domain_config *config)
{
    cpu_set_t online = (cpu_set_t)((1UL << cpus_online()) - 1);
    unsigned int lost = 0;

    for (unsigned int vcpu = 0; vcpu < config->max_vcpus; vcpu++) {
        config->cpus[vcpu] = (cpu_set_t)o->cpus[vcpu] & online;
        if (config->cpus[vcpu] == 0) {
            config->cpus[vcpu] = online;
            lost++;
        }
    }
    if (lost != 0)
        print(LOG_WARNING,
              "domain %s: cpus= names no CPU of this machine for %u of %u vcpus: they run on any\n",
              o->name, lost, config->max_vcpus);
}

/* False: it is nonsense, which was said. */
static bool configure(const struct module_options *o, struct domain_config *config)
{
    uint64_t memory = o->memory != 0 ? o->memory : DEFAULT_MEMORY;
    uint64_t max_memory = o->max_memory != 0 ? o->max_memory : memory;
    uint32_t vcpus = o->vcpus != 0 ? o->vcpus : 1;
    uint32_t max_vcpus = o->max_vcpus != 0 ? o->max_vcpus : vcpus;
    const char *wrong = NULL;

    if (max_vcpus > MAX_VCPUS)
        wrong = "there are more vcpus than a domain can have, which is 128";
    else if (vcpus > max_vcpus)
        wrong = "vcpus= is above maxvcpus=";
    else if (memory > max_memory)
        wrong = "memory= is above maxmem=";
    else if (max_memory >> PAGE_SHIFT > UINT32_MAX)
        wrong = "there is more memory than a domain can have, which is 16 TiB";
    if (wrong != NULL) {
        life_left_out(o->name, wrong);
        return false;
    }
    memset(config, 0, sizeof(*config));
    text_copy(config->name, sizeof(config->name), o->name);
    text_copy(config->command_line, sizeof(config->command_line), o->command_line);
    config->memory_pages = (uint32_t)(memory >> PAGE_SHIFT);
    config->max_pages = (uint32_t)(max_memory >> PAGE_SHIFT);
    config->vcpus = vcpus;
    config->max_vcpus = max_vcpus;
    take_cpus(o, config);
    config->weight = o->cpu_weight;
    config->cap = o->cap;
    config->max_event_channels = o->max_event_channels;
    note_actions(o->name, &o->actions);
    return true;
}

static struct span contents(const struct boot_module *m)
{
    return SPAN(DIRECT_MAP_BASE + m->start, m->end - m->start);
}

/* What the domain of kernel module k is built from; null if it cannot be, which was said. */
static struct origin *describe(const struct boot_info *info, unsigned int k)
{
    struct origin *o = hv_alloc(sizeof(*o));
    int r = find_ramdisk(info->module_count, modules[k].name);

    if (o == NULL) {
        life_left_out(modules[k].name, "there is no memory to describe it");
        return NULL;
    }
    if (!configure(&modules[k], &o->config)) {
        hv_free(o);
        return NULL;
    }
    o->actions = modules[k].actions;
    o->kernel = contents(&info->modules[k]);
    if (r >= 0) {
        used[r] = true;
        o->ramdisk = contents(&info->modules[r]);
    }
    return o;
}

/* Builds the domain of kernel module k; false if it cannot be, which was said. */
static bool build_one(const struct boot_info *info, unsigned int k, struct built *built)
{
    const struct domain_config *config;

    built->origin = describe(info, k);
    if (built->origin == NULL)
        return false;
    config = &built->origin->config;
    built->domain = life_build(built->origin);
    if (built->domain == NULL)
        return false;
    print(LOG_INFO, "domain %u (%s): %u MiB, %u vcpu%s\n", built->domain->id, config->name,
          config->memory_pages >> (20 - PAGE_SHIFT), config->max_vcpus,
          config->max_vcpus == 1 ? "" : "s");
    return true;
}

/* Ramdisks and kernels that nobody took. */
static void name_the_rest(unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        if (!used[i] && modules[i].kind == MODULE_RAMDISK)
            print(LOG_ERROR, "module %u: ramdisk for %s, but no kernel of that name wants one\n", i,
                  modules[i].name[0] != 0 ? modules[i].name : "a domain without name");
    }
}

unsigned int domains_boot(const struct boot_info *info, const struct domain_builder *builder)
{
    static struct built built[BOOT_MAX_MODULES] BOOT_ONLY;
    unsigned int domains = 0;

    life_init(builder);
    read_modules(info);
    fill_in_names(info->module_count);
    for (unsigned int i = 0; i < info->module_count; i++) {
        if (modules[i].kind != MODULE_KERNEL)
            continue;
        if (is_duplicate(i)) {
            life_left_out(modules[i].name, "there is one of that name already");
            continue;
        }
        if (build_one(info, i, &built[domains]))
            domains++;
    }
    name_the_rest(info->module_count);
    /* Only now: a domain that runs at once could end, and power off, before the next is there. */
    for (unsigned int i = 0; i < domains; i++)
        life_start(built[i].domain, built[i].origin);
    return domains;
}
