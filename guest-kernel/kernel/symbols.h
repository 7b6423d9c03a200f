/* SPDX-License-Identifier: MIT */
/* Names of functions: the kernel's by the table that is linked into it, a program's by its file. */
#ifndef GUEST_KERNEL_KERNEL_SYMBOLS_H
#define GUEST_KERNEL_KERNEL_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYMBOL_LENGTH 48 /* a longer name is cut there */

struct symbol {
    char name[SYMBOL_LENGTH];
    uintptr_t offset; /* of the address in the function */
};

struct node;

/* False: nothing is known of that address. */
bool symbol_of_kernel(uintptr_t address, struct symbol *symbol);
bool symbol_of_program(struct node *program, uintptr_t address, struct symbol *symbol);

#endif
