/* SPDX-License-Identifier: MIT */
/*
 * Words, numbers and bounded copies; see lib/text.h. Numbers are read with a check before every
 * multiplication, so that an absurd one is refused and never wraps into a plausible one.
 */
#include "lib/text.h"

#include "lib/string.h"
#include "lib/types.h"

bool text_copy_bytes(char *to, size_t size, const char *from, size_t length)
{
    size_t copied = min(length, size - 1);

    memcpy(to, from, copied);
    to[copied] = '\0';
    return copied == length;
}

bool text_copy(char *to, size_t size, const char *from)
{
    return text_copy_bytes(to, size, from, strlen(from));
}

bool text_starts_with(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool text_equal(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* The value of a digit in any base up to 16; 16 for anything that is not a digit. */
static unsigned int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

/* Reads digits up to the first other character. Returns where it stopped; NULL if there was no
 * digit or the number does not fit. */
static const char *read_number(const char *s, uint64_t *value)
{
    unsigned int base = 10;

    if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
        base = 16;
        s += 2;
    } else if (s[0] == '0') {
        base = 8;
    }
    if (digit_value(*s) >= base)
        return NULL;

    uint64_t number = 0;

    for (; digit_value(*s) < base; s++) {
        unsigned int digit = digit_value(*s);

        if (number > (UINT64_MAX - digit) / base)
            return NULL;
        number = number * base + digit;
    }
    *value = number;
    return s;
}

/* Both readers of numbers leave *value alone unless they succeed, so that a caller can put the
 * default there first. */
bool text_to_u64(const char *s, uint64_t *value)
{
    uint64_t number;
    const char *end = read_number(s, &number);

    if (end == NULL || *end != '\0')
        return false;
    *value = number;
    return true;
}

/* How many bytes a unit letter stands for; 0 if it is none. Powers of 1024, as everywhere in Xen's
 * options. */
static uint64_t unit_bytes(char letter)
{
    switch (letter) {
    case 'k':
    case 'K': return KIB;
    case 'm':
    case 'M': return MIB;
    case 'g':
    case 'G': return GIB;
    case 't':
    case 'T': return GIB << 10;
    default: return 0;
    }
}

bool text_to_size(const char *s, uint64_t unit, uint64_t *value)
{
    uint64_t number;
    const char *end = read_number(s, &number);

    if (end == NULL)
        return false;
    if (*end != '\0') {
        unit = unit_bytes(*end);
        if (unit == 0 || end[1] != '\0')
            return false;
    }
    if (unit != 0 && number > UINT64_MAX / unit)
        return false;
    *value = number * unit;
    return true;
}

/* The words that Xen takes. */
bool text_to_bool(const char *s, bool *value)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {
        { "1", true },  { "yes", true }, { "on", true },   { "true", true },   { "enable", true },
        { "0", false }, { "no", false }, { "off", false }, { "false", false }, { "disable", false },
    };

    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        if (text_equal(s, words[i].word)) {
            *value = words[i].value;
            return true;
        }
    }
    return false;
}

/* No locale: boot loaders speak ASCII. */
static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* No quoting, as in Xen: a value has no spaces. */
bool text_next_word(const char **line, char *word, size_t size)
{
    const char *start = *line;

    while (is_space(*start))
        start++;
    if (*start == '\0') {
        *line = start;
        return false;
    }

    const char *end = start;

    while (*end != '\0' && !is_space(*end))
        end++;
    text_copy_bytes(word, size, start, (size_t)(end - start));
    *line = end;
    return true;
}
