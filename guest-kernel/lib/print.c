/* SPDX-License-Identifier: MIT */
/* Formatted output: one converter that fills a buffer; the console's version prints that buffer. */
#include "guest-kernel/lib/print.h"

#include <stdbool.h>
#include <stdint.h>

#include "guest-kernel/lib/string.h"

#define LINE_SIZE 256 /* longest text of one print() */

struct output {
    char *buffer;
    size_t size, length;
};

/* Text that does not fit is dropped; one byte is kept for the end mark. */
static void put(struct output *out, char c)
{
    if (out->length + 1 < out->size)
        out->buffer[out->length++] = c;
}

static void put_padded(struct output *out, const char *text, size_t length, unsigned width,
                       char pad)
{
    for (size_t i = length; i < width; i++)
        put(out, pad);
    for (size_t i = 0; i < length; i++)
        put(out, text[i]);
}

/* value is the absolute one. 24 digits are enough for 64 bits in base 10 and a sign. */
static void put_number(struct output *out, unsigned long long value, bool negative, unsigned base,
                       unsigned width, char pad)
{
    char digits[24];
    size_t at = sizeof(digits);

    do {
        digits[--at] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    if (negative)
        digits[--at] = '-';
    put_padded(out, digits + at, sizeof(digits) - at, width, pad);
}

/* Widened as the letters ask for: a negative int stays negative, an unsigned one does not become
 * it. */
static unsigned long long next_value(va_list *arguments, unsigned longs, bool is_signed)
{
    if (longs == 2)
        return va_arg(*arguments, unsigned long long);
    if (longs == 1 && is_signed)
        return (unsigned long long)va_arg(*arguments, long);
    if (longs == 1)
        return va_arg(*arguments, unsigned long);
    if (is_signed)
        return (unsigned long long)va_arg(*arguments, int);
    return va_arg(*arguments, unsigned);
}

/* One conversion; `at` is behind the '%'. Returns the place behind it. */
static const char *convert(struct output *out, const char *at, va_list *arguments)
{
    char pad = *at == '0' ? '0' : ' ';
    unsigned width = 0;
    unsigned longs = 0;
    unsigned long long value;
    const char *text;
    char c;

    while (*at >= '0' && *at <= '9')
        width = width * 10 + (unsigned)(*at++ - '0');
    for (; *at == 'l' && longs < 2; at++)
        longs++;
    switch (*at) {
    case 'c':
        c = (char)va_arg(*arguments, int);
        put_padded(out, &c, 1, width, pad);
        break;
    case 's':
        text = va_arg(*arguments, const char *);
        put_padded(out, text, strlen(text), width, pad);
        break;
    case 'd':
        value = next_value(arguments, longs, true);
        put_number(out, (long long)value < 0 ? -value : value, (long long)value < 0, 10, width,
                   pad);
        break;
    case 'u': put_number(out, next_value(arguments, longs, false), false, 10, width, pad); break;
    case 'x': put_number(out, next_value(arguments, longs, false), false, 16, width, pad); break;
    case 'p':
        put_padded(out, "0x", 2, 0, pad);
        put_number(out, (uintptr_t)va_arg(*arguments, void *), false, 16, width, pad);
        break;
    case '\0': return at; /* a lone % at the end */
    default: put(out, *at); break;
    }
    return at + 1;
}

size_t print_list_to(char *buffer, size_t size, const char *format, va_list *arguments)
{
    struct output out = { .buffer = buffer, .size = size };

    while (*format) {
        if (*format == '%')
            format = convert(&out, format + 1, arguments);
        else
            put(&out, *format++);
    }
    buffer[out.length] = '\0';
    return out.length;
}

void print(const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    print_out(line, print_list_to(line, sizeof(line), format, &arguments));
    va_end(arguments);
}

size_t print_to(char *buffer, size_t size, const char *format, ...)
{
    va_list arguments;
    size_t length;

    va_start(arguments, format);
    length = print_list_to(buffer, size, format, &arguments);
    va_end(arguments);
    return length;
}
