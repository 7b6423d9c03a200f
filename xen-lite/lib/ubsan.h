/* SPDX-License-Identifier: MIT */
/*
 * What the compiler hands to the handlers of lib/ubsan.c. The layouts are gcc's and clang's; no
 * code of ours calls these.
 */
#ifndef LIB_UBSAN_H
#define LIB_UBSAN_H

#include <stdint.h>

#include "lib/compiler.h"

/* Where in the source. Compilers that want each place reported once write to it; we do not. */
struct ubsan_place {
    const char *file;
    uint32_t line;
    uint32_t column;
};

/* info of an integer: bit 0 signed, above it the logarithm of its bits. The name has quotes. */
struct ubsan_type {
    uint16_t kind;
    uint16_t info;
    char name[];
};

struct ubsan_place_type {
    struct ubsan_place place;
    const struct ubsan_type *type;
};

struct ubsan_shift {
    struct ubsan_place place;
    const struct ubsan_type *left;
    const struct ubsan_type *right;
};

struct ubsan_index {
    struct ubsan_place place;
    const struct ubsan_type *array;
    const struct ubsan_type *index;
};

/* access: what is done there, 0 for a load. */
struct ubsan_mismatch {
    struct ubsan_place place;
    const struct ubsan_type *type;
    uint8_t log_alignment;
    uint8_t access;
};

/* number counts from 1. */
struct ubsan_argument {
    struct ubsan_place place;
    struct ubsan_place attribute;
    int number;
};

struct ubsan_builtin {
    struct ubsan_place place;
    uint8_t kind;
};

/* Numbers and addresses are the operands in question, as they would be in a register. */
NORETURN void __ubsan_handle_add_overflow_abort(struct ubsan_place_type *at, uint64_t left,
                                                uint64_t right);
NORETURN void __ubsan_handle_sub_overflow_abort(struct ubsan_place_type *at, uint64_t left,
                                                uint64_t right);
NORETURN void __ubsan_handle_mul_overflow_abort(struct ubsan_place_type *at, uint64_t left,
                                                uint64_t right);
NORETURN void __ubsan_handle_divrem_overflow_abort(struct ubsan_place_type *at, uint64_t left,
                                                   uint64_t right);
NORETURN void __ubsan_handle_negate_overflow_abort(struct ubsan_place_type *at, uint64_t value);
NORETURN void __ubsan_handle_shift_out_of_bounds_abort(struct ubsan_shift *at, uint64_t left,
                                                       uint64_t right);
NORETURN void __ubsan_handle_out_of_bounds_abort(struct ubsan_index *at, uint64_t index);
NORETURN void __ubsan_handle_load_invalid_value_abort(struct ubsan_place_type *at, uint64_t value);
NORETURN void __ubsan_handle_type_mismatch_v1_abort(struct ubsan_mismatch *at, uint64_t address);
NORETURN void __ubsan_handle_pointer_overflow_abort(struct ubsan_place *at, uint64_t base,
                                                    uint64_t result);
NORETURN void __ubsan_handle_nonnull_arg_abort(struct ubsan_argument *at);
NORETURN void __ubsan_handle_invalid_builtin_abort(struct ubsan_builtin *at);
NORETURN void __ubsan_handle_builtin_unreachable(struct ubsan_place *at);

#endif
