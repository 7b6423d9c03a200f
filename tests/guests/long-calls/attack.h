/* SPDX-License-Identifier: MIT */
/* What one vCPU has to attack with, and the attacks. */
#ifndef TESTS_GUESTS_LONG_CALLS_ATTACK_H
#define TESTS_GUESTS_LONG_CALLS_ATTACK_H

#include <stdint.h>

#define WORKERS  32
#define L1S      24
#define TABLES   (L1S + 4)
#define EXTENTS  512
#define MMU_MANY 32768

struct worker {
    unsigned id;
    uint32_t port;                /* an IPI to itself */
    uint64_t *tables;             /* TABLES pages: full L1 tables, then see tree.h */
    unsigned long frame[EXTENTS]; /* for memory_op */
    unsigned rounds;
};

/* round is done over and over by all vCPUs at once; begin before that, by vCPU 0 alone. */
struct attack {
    const char *name;
    void (*round)(struct worker *w);
    void (*begin)(void);
};

extern struct worker workers[WORKERS];
extern unsigned worker_count;

/* Batches are cut by that, so that it does not take for ever to have all vCPUs make them. */
extern unsigned part;

/* The end of the list has no name. */
extern const struct attack attacks[];

/* Before the first attack: pages and lists. */
void attacks_init(void);

#endif
