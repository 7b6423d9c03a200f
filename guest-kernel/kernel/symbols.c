/* SPDX-License-Identifier: MIT */
/*
 * Names for backtraces. The build links the kernel twice (tools/build/symbol-table.py): the second
 * time with a table of the functions that the first one had. A program's names stand in the .symtab
 * section of its file, which is read when somebody asks; nothing in it is trusted: what the file
 * does not have is not read, and names are cut to what fits.
 */
#include "kernel/symbols.h"

#include "kernel/elf.h"
#include "kernel/file.h"
#include "lib/print.h"
#include "machine/machine.h"

/* As far as a program's table is read: the kernel does nothing else meanwhile. */
#define SYMBOLS_MAX 20000

extern const uint64_t symbols_base; /* the lowest address */
extern const volatile uint32_t symbols_count;
extern const uint32_t symbols_offsets[]; /* sorted */
extern const uint32_t symbols_names[];
extern const char symbols_strings[];

bool symbol_of_kernel(uintptr_t address, struct symbol *symbol)
{
    uintptr_t wanted = address - (uintptr_t)symbols_base;
    uint32_t low = 0, high = symbols_count;

    if (high == 0 || address < symbols_base)
        return false;

    /* The last one that does not lie behind. */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (symbols_offsets[middle] <= wanted)
            low = middle;
        else
            high = middle;
    }
    print_to(symbol->name, sizeof(symbol->name), "%s", symbols_strings + symbols_names[low]);
    symbol->offset = wanted - symbols_offsets[low];
    return true;
}

/* The function that address lies in, among those of one symbol table. */
static bool find_function(struct node *program, const struct elf_section *table, uintptr_t address,
                          struct elf_symbol *function)
{
    for (unsigned i = 0; i < SYMBOLS_MAX && elf_read_symbol(program, table, i, function); i++) {
        if (function->is_function && address - function->value < function->size)
            return true;
    }
    return false;
}

bool symbol_of_program(struct node *program, uintptr_t address, struct symbol *symbol)
{
    struct elf_header header;
    struct elf_section table, strings;
    struct elf_symbol function;
    long length;

    if (!elf_read_header(program, &header))
        return false;
    for (unsigned i = 0; elf_read_section(program, &header, i, &table); i++) {
        if (table.type != ELF_SYMBOLS)
            continue;
        if (!elf_read_section(program, &header, table.link, &strings) ||
            !find_function(program, &table, address, &function))
            return false;
        length = node_read(program, strings.offset + function.name, symbol->name,
                           sizeof(symbol->name) - 1);
        symbol->name[length < 0 ? 0 : length] = '\0';
        symbol->offset = address - function.value;
        return true;
    }
    return false;
}
