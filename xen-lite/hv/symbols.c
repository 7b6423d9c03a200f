/* SPDX-License-Identifier: MIT */
/*
 * The symbol table that the build links into the image (tools/build/symbol-table.py), and
 * backtraces.
 */
#include "hv/symbols.h"

#include <stddef.h>

#include "hv/print.h"
#include "hv/panic.h"
#include "x86/cpu.h"
#include "x86/image.h"

#define BACKTRACE_MAX 32

extern const uint64_t symbols_base;
extern const uint32_t symbols_count;
extern const uint32_t symbols_offsets[]; /* sorted */
extern const uint32_t symbols_names[];
extern const char symbols_strings[];

const char *symbol_find(uint64_t address, uint64_t *offset)
{
    uint32_t low = 0;
    uint32_t high = READ_ONCE(symbols_count);

    if (address < (uintptr_t)image_start || address >= (uintptr_t)image_rodata || high == 0)
        return NULL;
    uint64_t wanted = address - READ_ONCE(symbols_base);

    /* The last one that does not lie behind. */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (symbols_offsets[middle] <= wanted)
            low = middle;
        else
            high = middle;
    }
    *offset = wanted - symbols_offsets[low];
    return symbols_strings + symbols_names[low];
}

/* search is where the name is looked up: for a return address, the call before it. */
static void print_place(uint64_t address, uint64_t search)
{
    uint64_t offset;
    const char *name = symbol_find(search, &offset);

    if (name == NULL)
        panic_print("  %016lx\n", address);
    else
        panic_print("  %016lx %s+0x%lx\n", address, name, offset + (address - search));
}

/* A frame (two words) on this CPU's block of stacks. A guard page may be in between, but frames are
 * only followed upward from one that was in use. */
static bool is_on_stack(uint64_t frame)
{
    uint64_t end = (uintptr_t)cpu_top();

    return frame % 8 == 0 && frame < end - 16 && end - frame < STACK_BLOCK_SIZE;
}

void backtrace_print(uint64_t rip, uint64_t rbp)
{
    print_place(rip, rip);
    for (unsigned int i = 0; i < BACKTRACE_MAX && is_on_stack(rbp); i++) {
        const uint64_t *frame = (const uint64_t *)rbp;

        /* The call may be the last instruction of its function: look at its last byte. */
        if (frame[1] == 0)
            return;
        print_place(frame[1], frame[1] - 1);
        if (frame[0] <= rbp)
            return;
        rbp = frame[0];
    }
}
