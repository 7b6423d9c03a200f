/* SPDX-License-Identifier: MIT */
/*
 * What a boot loader tells, in one form whatever its protocol.
 *
 * Everything is copied, strings too: boot data lies in RAM that the page allocator is about to
 * hand out. What does not fit is cut and reported, never overrun. The struct is large (70 KiB):
 * there is one of it, in the hypervisor's data, and it is not kept on a stack.
 */
#ifndef LIB_BOOT_INFO_H
#define LIB_BOOT_INFO_H

#include "lib/types.h"

#define BOOT_MAX_MODULES  256
#define BOOT_MAX_RANGES   256
#define BOOT_COMMAND_LINE 1024
#define BOOT_LOADER_NAME  64
#define BOOT_RSDP_SIZE    36
#define BOOT_PROBLEM      96

/* The numbers are Multiboot's, which are those of the firmware's own map (E820) up to 5. */
enum boot_memory_type {
    BOOT_MEMORY_RAM = 1,
    BOOT_MEMORY_RESERVED = 2,
    BOOT_MEMORY_ACPI = 3, /* ACPI tables: RAM once they have been read */
    BOOT_MEMORY_NVS = 4,  /* firmware needs it over sleep: never RAM */
    BOOT_MEMORY_BAD = 5,
};

/* Bytes [base, base + size); size is not 0 and base + size does not wrap. */
struct boot_range {
    paddr_t base;
    uint64_t size;
    uint32_t type; /* enum boot_memory_type; other values mean reserved */
};

/* A module lies at [start, end) in physical memory; start <= end. */
struct boot_module {
    paddr_t start;
    paddr_t end;
    char command_line[BOOT_COMMAND_LINE];
};

/* The screen that firmware or loader has set up. type is Multiboot's: 0 indexed colours, 1 RGB,
 * 2 EGA text (then width and height are in characters). */
struct boot_framebuffer {
    bool present;
    uint8_t type;
    uint8_t bits_per_pixel;
    uint8_t red_position, red_size;
    uint8_t green_position, green_size;
    uint8_t blue_position, blue_size;
    uint32_t pitch;
    uint32_t width;
    uint32_t height;
    paddr_t address;
};

struct boot_info {
    char command_line[BOOT_COMMAND_LINE];
    char loader_name[BOOT_LOADER_NAME];
    struct boot_module modules[BOOT_MAX_MODULES];
    unsigned int module_count;
    struct boot_range ranges[BOOT_MAX_RANGES];
    unsigned int range_count;
    /* A copy of the ACPI root pointer, if the loader passed one; rsdp_size is 0, 20 or 36. */
    uint8_t rsdp[BOOT_RSDP_SIZE];
    unsigned int rsdp_size;
    struct boot_framebuffer framebuffer;
    paddr_t efi_system_table; /* 0: not booted by 64-bit UEFI, or not told */
    /* The first thing that was odd but did not stop us (too many modules, a cut command line);
     * empty if all went well. */
    char problem[BOOT_PROBLEM];
};

/* Notes a problem, unless one was noted before. */
PRINTF_LIKE(2, 3) void boot_info_problem(struct boot_info *info, const char *fmt, ...);

/* Adds a memory range or a module. Nonsense (empty, wrapping) is left out; what no longer fits is
 * noted as a problem. */
void boot_info_add_range(struct boot_info *info, paddr_t base, uint64_t size, uint32_t type);
struct boot_module *boot_info_add_module(struct boot_info *info, paddr_t start, paddr_t end);

#endif
