/* SPDX-License-Identifier: MIT */
/*
 * Command lines: of the hypervisor (words "name" or "name=value") and of the boot modules
 * ("kernel name=demo memory=32 -- text for the guest").
 *
 * Both only read text into structs. What is wrong with a word is told to a callback, one text a
 * word, and reading goes on: a typing error must not keep a machine from booting.
 */
#ifndef CORE_BOOTARGS_H
#define CORE_BOOTARGS_H

#include "core/life.h"
#include "lib/types.h"

/* Receives one complaint, a full sentence without a newline. */
typedef void bootargs_complain(void *ctx, const char *text);

/* What is printed: the first `always` of the levels error, warning, info, debug (so 0 is nothing
 * and 4 is everything), and those up to `limited` as often as the rate limit allows. Written
 * "lower/upper", or one word for both. */
struct log_threshold {
    uint8_t always;
    uint8_t limited;
};

/* A serial port: speed 0 means as the firmware left it. */
struct serial_setup {
    bool given;
    uint32_t speed;
    uint8_t data_bits;
    char parity; /* 'n', 'o', 'e', 'm', 's' */
    uint8_t stop_bits;
    uint32_t io_base;   /* 0: the usual one */
    uint32_t interrupt; /* 0: the usual one */
};

enum console_device {
    CONSOLE_NONE = 0,
    CONSOLE_COM1 = 1 << 0,
    CONSOLE_COM2 = 1 << 1,
    CONSOLE_VGA = 1 << 2,
};

enum status_channel {
    STATUS_NONE,
    STATUS_COM1,
    STATUS_COM2,
};

/* A switch that has three positions. */
enum option_choice {
    CHOICE_AUTO, /* not given: decide by the machine */
    CHOICE_OFF,
    CHOICE_ON,
};

/* What guests may do with grant tables. */
struct gnttab_options {
    uint32_t max_version; /* of entries: 1 or 2 */
    bool transitive;
    bool transfer;
};

#define FAIL_ALLOC_MAX 32

/* count 0: none. The seed decides which and when, period_us how long apart they are at most. */
struct kill_setup {
    uint32_t count;
    uint32_t seed;
    uint32_t period_us;
};

/* The hypervisor's options. */
struct hypervisor_options {
    unsigned int console; /* CONSOLE_ bits */
    struct serial_setup com1;
    struct serial_setup com2;
    struct log_threshold loglvl;
    struct log_threshold guest_loglvl;
    uint32_t maxcpus; /* 0: all */
    bool noreboot;
    bool watchdog;
    uint32_t watchdog_timeout; /* seconds */
    char conswitch;            /* the letter that is pressed with Ctrl to switch the console */
    bool input_to_guest;       /* at boot console input goes to the first guest */
    enum option_choice smap;
    enum option_choice smep;
    bool sync_console;
    enum status_channel status;
    bool audit;
    uint32_t restart_gap;       /* ms: at least so long between two starts of a domain */
    uint32_t gnttab_max_frames; /* of a domain's grant table */
    uint32_t gnttab_max_maptrack_frames;
    struct gnttab_options gnttab;
    /* For tests of debug builds: the numbers of the allocations that fail, ascending; 0: no more.
     */
    uint32_t fail_alloc[FAIL_ALLOC_MAX];
    /* For them, too: so many domains end at random moments. */
    struct kill_setup kill;
};

/* Sets the defaults, then reads the line. debug says which defaults. */
void bootargs_read_hypervisor(const char *line, bool debug, struct hypervisor_options *options,
                              bootargs_complain *complain, void *ctx);

/* ---- modules ---- */

#define MODULE_NAME_SIZE    32
#define MODULE_LINE_SIZE    1024
#define MODULE_MAX_VCPUS    128
#define MODULE_MAX_CHANNELS 131071

/* For the two readers: formats a complaint. */
PRINTF_LIKE(3, 4)
void bootargs_say(bootargs_complain *complain, void *ctx, const char *fmt, ...);

enum module_kind {
    MODULE_KERNEL,
    MODULE_RAMDISK,
};

/* The description of a module. Sizes are in bytes; 0 where the line says nothing. */
struct module_options {
    enum module_kind kind;
    char name[MODULE_NAME_SIZE];
    uint64_t memory;
    uint64_t max_memory;
    uint32_t vcpus;
    uint32_t max_vcpus;
    uint32_t cpu_weight;         /* 1 to 65535; 256 where nothing is said */
    uint32_t max_event_channels; /* the last port; 1023 where nothing is said */
    uint32_t cap;                /* percent of one CPU; 0: no limit */
    struct life_actions actions;
    uint64_t cpus[MODULE_MAX_VCPUS];     /* where each vCPU may run: one bit a CPU; ~0: any */
    char command_line[MODULE_LINE_SIZE]; /* behind " -- ", as it stands */
};

/* The word. */
const char *module_action_name(enum module_action action);

/* Sets the defaults, then reads the line. */
void bootargs_read_module(const char *line, struct module_options *module,
                          bootargs_complain *complain, void *ctx);

#endif
