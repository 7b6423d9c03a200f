/* SPDX-License-Identifier: MIT */
/* Words that another vCPU changes, and what is said of them at one width only. */
#ifndef TESTS_GUESTS_SMP_DOUBLE_FETCH_FETCH_H
#define TESTS_GUESTS_SMP_DOUBLE_FETCH_FETCH_H

#include "tests/guests/support/support.h"

#define XEN_CS 0xe008
#define XEN_DS 0xe010

/* Calls again and again while the word at `what` is good and bad in turns: so often at least. The
 * two values differ in one word. */
void flip(const char *name, void *what, uint64_t good_value, uint64_t bad_value, long (*call)(void),
          unsigned tries);

/* An update_va_mapping in a multicall; args[1] has the entry's low bits. */
struct multicall_entry mapping_call(const void *address, uint64_t entry);

/* A handler that set_trap_table is given in turns with that of INT3, and whether INT3's was in
 * place (0), by the call's result and the vector by which INT3 came. */
extern const unsigned long other_handler;
long handler_result(long result, unsigned vector);

/* The words of iret's frame. */
void flip_iret(void);

#endif
