/* SPDX-License-Identifier: MIT */
/*
 * printf in three steps: read one conversion's description, turn the argument into digits, lay
 * out sign, padding and digits. The emitter gets whole pieces, not characters, because the
 * console takes its lock per piece.
 */
#include "lib/format.h"

#include <stdbool.h>
#include <stdint.h>

#include "lib/string.h"
#include "lib/types.h"

/* One conversion, as written between % and its letter. */
struct spec {
    bool left, zero, alternate, plus, space, upper;
    int width;     /* 0 = none */
    int precision; /* -1 = none */
    int length;    /* sizeof the integer argument */
};

/* Where the text goes; total counts also what the emitter drops. */
struct output {
    format_emit *emit;
    void *ctx;
    size_t total;
};

static void put(struct output *out, const char *text, size_t size)
{
    if (size == 0)
        return;
    out->emit(out->ctx, text, size);
    out->total += size;
}

/* In blocks, so that a wide field is not a call for each character. */
static void put_repeated(struct output *out, char c, int count)
{
    char block[16];

    if (count <= 0)
        return;
    memset(block, c, sizeof(block));
    for (; count > (int)sizeof(block); count -= sizeof(block))
        put(out, block, sizeof(block));
    put(out, block, (size_t)count);
}

/* Puts text of a known length, padded with spaces to the width. */
static void put_padded(struct output *out, const struct spec *spec, const char *text, size_t size)
{
    int padding = spec->width > 0 && size < (size_t)spec->width ? spec->width - (int)size : 0;

    if (!spec->left)
        put_repeated(out, ' ', padding);
    put(out, text, size);
    if (spec->left)
        put_repeated(out, ' ', padding);
}

/* Writes the digits of value in front of end. Returns where they start; 0 has no digits. */
static char *write_digits(char *end, uint64_t value, unsigned int base, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

    for (; value != 0; value /= base)
        *--end = digits[value % base];
    return end;
}

/* Layout of a number: spaces, prefix (sign or 0x), zeros, digits, spaces. Zeros come from the
 * precision (at least one digit) or, without a precision, from the 0 flag and the width. */
static void put_number(struct output *out, const struct spec *spec, const char *prefix,
                       uint64_t value, unsigned int base)
{
    char buf[24];
    char *end = buf + sizeof(buf);
    char *start = write_digits(end, value, base, spec->upper);
    int digits = (int)(end - start);
    int prefix_size = (int)strlen(prefix);
    int minimum = spec->precision < 0 ? 1 : spec->precision;
    int zeros = max(minimum - digits, 0);

    if (spec->zero && !spec->left && spec->precision < 0)
        zeros = max(zeros, spec->width - prefix_size - digits);

    int padding = spec->width - prefix_size - zeros - digits;

    if (!spec->left)
        put_repeated(out, ' ', padding);
    put(out, prefix, (size_t)prefix_size);
    put_repeated(out, '0', zeros);
    put(out, start, (size_t)digits);
    if (spec->left)
        put_repeated(out, ' ', padding);
}

/* The # flag's prefix is for values other than 0, as the standard has it. */
static void put_unsigned(struct output *out, struct spec *spec, char letter, uint64_t value)
{
    const char *prefix = "";
    unsigned int base = 10;

    spec->upper = letter == 'X';
    if (letter == 'o') {
        base = 8;
        prefix = spec->alternate && value != 0 ? "0" : "";
    } else if (letter == 'x' || letter == 'X') {
        base = 16;
        if (spec->alternate && value != 0)
            prefix = spec->upper ? "0X" : "0x";
    }
    put_number(out, spec, prefix, value, base);
}

/* A sign is part of the prefix, so that zeros come between it and the digits. */
static void put_signed(struct output *out, const struct spec *spec, int64_t value)
{
    const char *prefix = spec->plus ? "+" : spec->space ? " " : "";

    /* Negated as unsigned: the most negative value has no positive counterpart. */
    if (value < 0)
        put_number(out, spec, "-", -(uint64_t)value, 10);
    else
        put_number(out, spec, prefix, (uint64_t)value, 10);
}

static void put_string(struct output *out, const struct spec *spec, const char *text)
{
    if (text == NULL)
        text = "(null)";
    /* With a precision the string need not be terminated. */
    size_t size = spec->precision < 0 ? strlen(text) : strnlen(text, (size_t)spec->precision);

    put_padded(out, spec, text, size);
}

/* The readers of a conversion's parts return where they stopped. */
static const char *read_flags(const char *fmt, struct spec *spec)
{
    for (;; fmt++) {
        if (*fmt == '-')
            spec->left = true;
        else if (*fmt == '0')
            spec->zero = true;
        else if (*fmt == '#')
            spec->alternate = true;
        else if (*fmt == '+')
            spec->plus = true;
        else if (*fmt == ' ')
            spec->space = true;
        else
            return fmt;
    }
}

/* Reads a width or precision. Bounded, so that a long one cannot overflow. */
static const char *read_count(const char *fmt, int *count)
{
    *count = 0;
    for (; *fmt >= '0' && *fmt <= '9'; fmt++) {
        if (*count < 10000)
            *count = *count * 10 + (*fmt - '0');
    }
    return fmt;
}

static const char *read_length(const char *fmt, struct spec *spec)
{
    spec->length = sizeof(int);
    switch (*fmt) {
    case 'h':
        spec->length = fmt[1] == 'h' ? sizeof(char) : sizeof(short);
        return fmt[1] == 'h' ? fmt + 2 : fmt + 1;
    case 'l':
        /* long and long long have one size here. */
        spec->length = sizeof(long);
        return fmt[1] == 'l' ? fmt + 2 : fmt + 1;
    case 'z':
    case 'j':
    case 't': spec->length = sizeof(long); return fmt + 1;
    default: return fmt;
    }
}

/* The va_list travels in a struct: as a plain argument it would be an array whose kind of pointer
 * differs between compilers when it is handed on by address. */
struct arguments {
    va_list list;
};

/* Small types come promoted to int: cut them back to the length that was asked for. */
static int64_t take_signed(struct arguments *args, int length)
{
    if (length == sizeof(long))
        return va_arg(args->list, long);

    int value = va_arg(args->list, int);

    if (length == sizeof(short))
        return (short)value;
    return length == sizeof(char) ? (signed char)value : value;
}

static uint64_t take_unsigned(struct arguments *args, int length)
{
    if (length == sizeof(long))
        return va_arg(args->list, unsigned long);

    unsigned int value = va_arg(args->list, unsigned int);

    if (length == sizeof(short))
        return (unsigned short)value;
    return length == sizeof(char) ? (unsigned char)value : value;
}

/* Reads everything between % and the letter; * takes its number from the arguments. */
static const char *read_spec(const char *fmt, struct spec *spec, struct arguments *args)
{
    *spec = (struct spec){ .precision = -1 };
    fmt = read_flags(fmt, spec);
    if (*fmt == '*') {
        spec->width = va_arg(args->list, int);
        if (spec->width < 0) {
            spec->left = true;
            spec->width = spec->width == INT_MIN ? 0 : -spec->width;
        }
        fmt++;
    } else {
        fmt = read_count(fmt, &spec->width);
    }
    if (*fmt == '.' && fmt[1] == '*') {
        spec->precision = va_arg(args->list, int);
        fmt += 2;
    } else if (*fmt == '.') {
        fmt = read_count(fmt + 1, &spec->precision);
    }
    return read_length(fmt, spec);
}

static void put_conversion(struct output *out, struct spec *spec, char letter,
                           struct arguments *args)
{
    char c;

    switch (letter) {
    case 'd':
    case 'i': put_signed(out, spec, take_signed(args, spec->length)); break;
    case 'u':
    case 'x':
    case 'X':
    case 'o': put_unsigned(out, spec, letter, take_unsigned(args, spec->length)); break;
    case 'p': put_number(out, spec, "0x", (uintptr_t)va_arg(args->list, void *), 16); break;
    case 'c':
        c = (char)va_arg(args->list, int);
        put_padded(out, spec, &c, 1);
        break;
    case 's': put_string(out, spec, va_arg(args->list, const char *)); break;
    default:
        /* %% and, visibly, letters that the compiler's check should have caught. */
        put(out, &letter, 1);
        break;
    }
}

/* The text between two conversions goes out as one piece. A format that ends within a conversion is
 * cut there. */
size_t format_to_va(format_emit *emit, void *ctx, const char *fmt, va_list list)
{
    struct output out = { .emit = emit, .ctx = ctx };
    struct arguments args;
    struct spec spec;

    va_copy(args.list, list);
    while (*fmt != '\0') {
        const char *percent = strchr(fmt, '%');

        if (percent == NULL) {
            put(&out, fmt, strlen(fmt));
            break;
        }
        put(&out, fmt, (size_t)(percent - fmt));
        fmt = read_spec(percent + 1, &spec, &args);
        if (*fmt == '\0')
            break;
        put_conversion(&out, &spec, *fmt, &args);
        fmt++;
    }
    va_end(args.list);
    return out.total;
}

size_t format_to(format_emit *emit, void *ctx, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    size_t length = format_to_va(emit, ctx, fmt, args);
    va_end(args);
    return length;
}

/* An emitter's context; used <= size, which leaves out the byte for the end mark. */
struct buffer {
    char *data;
    size_t size;
    size_t used;
};

/* Takes what fits; the total length is counted by the formatter all the same. */
static void emit_to_buffer(void *ctx, const char *text, size_t size)
{
    struct buffer *buf = ctx;
    size_t room = buf->size - buf->used;
    size_t copied = min(size, room);

    /* A caller that only wants the length passes no buffer at all. */
    if (copied == 0)
        return;
    memcpy(buf->data + buf->used, text, copied);
    buf->used += copied;
}

size_t format_va(char *buf, size_t size, const char *fmt, va_list args)
{
    /* One byte is kept for the end mark. */
    struct buffer buffer = { .data = buf, .size = size == 0 ? 0 : size - 1 };
    size_t length = format_to_va(emit_to_buffer, &buffer, fmt, args);

    if (size != 0)
        buf[buffer.used] = '\0';
    return length;
}

size_t format_string(char *buf, size_t size, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    size_t length = format_va(buf, size, fmt, args);
    va_end(args);
    return length;
}
