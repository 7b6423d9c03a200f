/* SPDX-License-Identifier: MIT */
/*
 * grep [-v] [-i] [-n] [-c] [-l] [-q] PATTERN [FILE...]: the lines that match; -v: that do not, -i:
 * capitals count as small letters, -n: with their numbers, -c: only how many, -l: only the names of
 * files with one, -q: nothing at all. 0 if there was one, 1 if not, 2 after an error.
 *
 * In a pattern ^ is the line's begin, $ its end, . any character, [a-z] one of a set, X* any number
 * of X, X+ at least one, X? at most one, \X is X itself.
 */
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static bool inverted, any_case, with_numbers, only_count, only_names, silent, with_names;
static const char *pattern;
static bool found_any;

static bool same(char a, char b)
{
    return any_case ? tolower((unsigned char)a) == tolower((unsigned char)b) : a == b;
}

/* What comes after the first thing in a pattern: a character, \X or a set. */
static const char *after_item(const char *item)
{
    if (item[0] == '\\' && item[1] != '\0')
        return item + 2;
    if (item[0] == '[' && item[1] != '\0') {
        const char *end = strchr(item + 2, ']');

        return end != NULL ? end + 1 : item + 1;
    }
    return item + 1;
}

static bool in_set(const char *set, const char *end, char c)
{
    bool negated = *set == '^', found = false;

    for (set += negated; set < end; set++) {
        if (set[1] == '-' && set + 2 < end) {
            found = found || (set[0] <= c && c <= set[2]);
            set += 2;
        } else {
            found = found || same(*set, c);
        }
    }
    return found != negated;
}

static bool item_matches(const char *item, const char *after, char c)
{
    if (c == '\0')
        return false;
    if (item[0] == '\\')
        return same(item[1], c);
    if (item[0] == '[' && after > item + 1)
        return in_set(item + 1, after - 1, c);
    return item[0] == '.' || same(item[0], c);
}

static bool matches_here(const char *p, const char *text)
{
    const char *after;
    size_t least, count = 0;

    if (p[0] == '\0')
        return true;
    if (p[0] == '$' && p[1] == '\0')
        return text[0] == '\0';
    after = after_item(p);
    if (*after == '*' || *after == '+' || *after == '?') {
        least = *after == '+';
        while (item_matches(p, after, text[count]) && !(*after == '?' && count == 1))
            count++;
        for (; count + 1 > least; count--) {
            if (matches_here(after + 1, text + count))
                return true;
            if (count == 0)
                break;
        }
        return false;
    }
    return item_matches(p, after, *text) && matches_here(after, text + 1);
}

static bool matches(const char *text)
{
    if (pattern[0] == '^')
        return matches_here(pattern + 1, text);
    do {
        if (matches_here(pattern, text))
            return true;
    } while (*text++ != '\0');
    return false;
}

static void search(FILE *file, const char *name)
{
    long number = 0, found = 0;
    char *line;

    while ((line = next_line(file)) != NULL) {
        number++;
        if (matches(line) == inverted)
            continue;
        found++;
        if (only_count || only_names || silent)
            continue;
        if (with_names)
            printf("%s:", name);
        if (with_numbers)
            printf("%ld:", number);
        puts(line);
    }
    if (only_names && found > 0)
        puts(name);
    else if (only_count && !only_names && !silent)
        printf("%s%s%ld\n", with_names ? name : "", with_names ? ":" : "", found);
    found_any = found_any || found > 0;
}

int main(int count, char *words[])
{
    int option, status;

    tool_begin(count, words, "grep", "[-v] [-i] [-n] [-c] [-l] [-q] PATTERN [FILE...]");
    while ((option = getopt(count, words, "vinclq")) != -1) {
        if (option == '?')
            return usage();
        inverted = inverted || option == 'v';
        any_case = any_case || option == 'i';
        with_numbers = with_numbers || option == 'n';
        only_count = only_count || option == 'c';
        only_names = only_names || option == 'l';
        silent = silent || option == 'q';
    }
    if (optind == count)
        return usage();
    pattern = words[optind];
    with_names = count - optind > 2;
    status = for_each_file(words + optind + 1, search);
    return status != 0 ? 2 : !found_any;
}
