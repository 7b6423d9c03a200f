/* SPDX-License-Identifier: MIT */
/*
 * Programs are static ELF files of the machine's width. The readers take what a file says into
 * structures that are the same for both widths, and answer false for what is not there.
 */
#ifndef GUEST_KERNEL_KERNEL_ELF_H
#define GUEST_KERNEL_KERNEL_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memory;
struct node;

/* The head of the file has the same fields in the same order at both widths, only wider ones. */
struct elf_header {
    unsigned char magic[4];
    unsigned char width; /* 1: 32 bits, 2: 64 bits */
    unsigned char byte_order;
    unsigned char ident[10];
    uint16_t type, machine;
    uint32_t version;
    uintptr_t entry;
    unsigned long segments_at, sections_at;
    uint32_t flags;
    uint16_t header_size;
    uint16_t segment_size, segments;
    uint16_t section_size, sections;
    uint16_t names;
};

/* So have the entries of the table of sections. */
struct elf_section {
    uint32_t name, type;
    unsigned long flags, address, offset, size;
    uint32_t link, info;
    unsigned long align, entry_size;
};

#define ELF_SYMBOLS 2 /* type of a section */

struct elf_symbol {
    uint32_t name;
    uintptr_t value, size;
    bool is_function;
};

bool elf_read_header(struct node *program, struct elf_header *header);
bool elf_read_section(struct node *program, const struct elf_header *header, unsigned index,
                      struct elf_section *section);
bool elf_read_symbol(struct node *program, const struct elf_section *table, unsigned index,
                     struct elf_symbol *symbol);

/* Puts the program into an empty memory, with its heap behind it. 0 and the address of its first
 * instruction, -API_ENOEXEC or -API_ENOMEM. */
long elf_load(struct node *program, struct memory *memory, uintptr_t *entry);

#endif
