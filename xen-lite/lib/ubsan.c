/* SPDX-License-Identifier: MIT */
/*
 * What the compiler calls where a program that was built with -fsanitize=undefined is about to do
 * what C leaves undefined. Only make UBSAN=1 links this file.
 *
 * Each handler says in words what was found and ends in bug_at(), with the place in the source: a
 * report that only prints can be missed. So nothing here returns, and the handlers are those of
 * -fno-sanitize-recover. Their names, and the layouts of what they are given, are an agreement
 * of gcc and clang; the structs begin alike, with the place.
 */
#include "lib/ubsan.h"

#include <stdbool.h>
#include <stddef.h>

#include "lib/assert.h"
#include "lib/compiler.h"
#include "lib/format.h"

#define TEXT_SIZE  160
#define VALUE_SIZE 40

enum type_kind {
    TYPE_INTEGER = 0,
};

static const char *const access_names[] = {
    "load of",
    "store to",
    "reference to",
    "access to a member of",
    "call of a member of",
    "constructor of",
    "downcast of",
    "downcast of",
    "upcast of",
    "cast to a virtual base of",
    "non-null binding of",
    "dynamic operation on",
};

/* A number is handed over in a register; one that is wider lies where the register points. */
static void value_text(char *to, const struct ubsan_type *type, uint64_t value)
{
    unsigned int bits = 1U << (type->info >> 1);
    bool is_signed = type->info & 1;

    if (type->kind != TYPE_INTEGER)
        format_string(to, VALUE_SIZE, "something");
    else if (bits > 64)
        format_string(to, VALUE_SIZE, "0x%016llx%016llx",
                      ((const unsigned long long *)(uintptr_t)value)[1],
                      ((const unsigned long long *)(uintptr_t)value)[0]);
    else if (is_signed)
        format_string(to, VALUE_SIZE, "%lld",
                      (long long)(value << (64 - bits)) / (1LL << (64 - bits)));
    else
        format_string(to, VALUE_SIZE, "%llu", (unsigned long long)value);
}

static NORETURN PRINTF_LIKE(2, 3) void report(const struct ubsan_place *place, const char *format,
                                              ...)
{
    char text[TEXT_SIZE];
    va_list args;

    va_start(args, format);
    format_va(text, sizeof(text), format, args);
    va_end(args);
    bug_at(text, place->file, (int)place->line);
}

/* Two operands of one type, and what stands between them. */
static NORETURN void report_binary(const struct ubsan_place *place, const struct ubsan_type *type,
                                   const char *between, uint64_t left, uint64_t right)
{
    char left_text[VALUE_SIZE], right_text[VALUE_SIZE];

    value_text(left_text, type, left);
    value_text(right_text, type, right);
    report(place, "%s %s %s has no result in %s", left_text, between, right_text, type->name);
}

void __ubsan_handle_add_overflow_abort(struct ubsan_place_type *at, uint64_t left, uint64_t right)
{
    report_binary(&at->place, at->type, "+", left, right);
}

void __ubsan_handle_sub_overflow_abort(struct ubsan_place_type *at, uint64_t left, uint64_t right)
{
    report_binary(&at->place, at->type, "-", left, right);
}

void __ubsan_handle_mul_overflow_abort(struct ubsan_place_type *at, uint64_t left, uint64_t right)
{
    report_binary(&at->place, at->type, "*", left, right);
}

/* By 0, or the lowest number by -1. */
void __ubsan_handle_divrem_overflow_abort(struct ubsan_place_type *at, uint64_t left,
                                          uint64_t right)
{
    report_binary(&at->place, at->type, "/", left, right);
}

void __ubsan_handle_negate_overflow_abort(struct ubsan_place_type *at, uint64_t value)
{
    char text[VALUE_SIZE];

    value_text(text, at->type, value);
    report(&at->place, "-(%s) has no result in %s", text, at->type->name);
}

/* The type of the result is that of the left operand. */
void __ubsan_handle_shift_out_of_bounds_abort(struct ubsan_shift *at, uint64_t left, uint64_t right)
{
    char left_text[VALUE_SIZE], right_text[VALUE_SIZE];

    value_text(left_text, at->left, left);
    value_text(right_text, at->right, right);
    report(&at->place, "shift of %s by %s has no result in %s", left_text, right_text,
           at->left->name);
}

void __ubsan_handle_out_of_bounds_abort(struct ubsan_index *at, uint64_t index)
{
    char text[VALUE_SIZE];

    value_text(text, at->index, index);
    report(&at->place, "index %s is outside of %s", text, at->array->name);
}

/* A bool that is neither 0 nor 1. */
void __ubsan_handle_load_invalid_value_abort(struct ubsan_place_type *at, uint64_t value)
{
    char text[VALUE_SIZE];

    value_text(text, at->type, value);
    report(&at->place, "load of %s, which is no %s", text, at->type->name);
}

/* Three mistakes have one handler: no address, a wrong one for the type, not enough room. */
void __ubsan_handle_type_mismatch_v1_abort(struct ubsan_mismatch *at, uint64_t address)
{
    unsigned long alignment = 1UL << at->log_alignment;
    const char *what = at->access < sizeof(access_names) / sizeof(access_names[0])
                           ? access_names[at->access]
                           : "use of";

    if (address == 0)
        report(&at->place, "%s %s at the null pointer", what, at->type->name);
    if ((address & (alignment - 1)) != 0)
        report(&at->place, "%s %s at 0x%llx, which is no multiple of %lu", what, at->type->name,
               (unsigned long long)address, alignment);
    report(&at->place, "%s %s at 0x%llx, where there is no room for it", what, at->type->name,
           (unsigned long long)address);
}

void __ubsan_handle_pointer_overflow_abort(struct ubsan_place *at, uint64_t base, uint64_t result)
{
    report(at, "pointer 0x%llx moved to 0x%llx", (unsigned long long)base,
           (unsigned long long)result);
}

void __ubsan_handle_nonnull_arg_abort(struct ubsan_argument *at)
{
    report(&at->place, "argument %d must not be null", at->number);
}

/* Of those functions of the compiler that are undefined for some argument, we use these. */
void __ubsan_handle_invalid_builtin_abort(struct ubsan_builtin *at)
{
    report(&at->place, "__builtin_%s of 0", at->kind == 0 ? "ctz" : "clz");
}

void __ubsan_handle_builtin_unreachable(struct ubsan_place *at)
{
    report(at, "arrived where it was promised that nobody does");
}
