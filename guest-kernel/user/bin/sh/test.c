/* SPDX-License-Identifier: MIT */
/*
 * test EXPRESSION, or [ EXPRESSION ]: 0 if it is true, 1 if not, 2 if it is none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh.h"

static bool is_wrong;

static bool wrong(const char *near)
{
    fprintf(stderr, "sh: test: '%s' is not understood\n", near);
    is_wrong = true;
    return false;
}

static bool about_file(char what, const char *path)
{
    struct stat facts;

    if (stat(path, &facts) == -1)
        return false;
    switch (what) {
    case 'e': return true;
    case 'f': return S_ISREG(facts.st_mode);
    case 'd': return S_ISDIR(facts.st_mode);
    case 'c': return S_ISCHR(facts.st_mode);
    case 'p': return S_ISFIFO(facts.st_mode);
    case 's': return facts.st_size > 0;
    case 'x': return (facts.st_mode & 0111) != 0;
    default: return true; /* r, w: everything may be read and written */
    }
}

static bool unary(const char *sign, const char *word)
{
    if (strcmp(sign, "-z") == 0)
        return word[0] == '\0';
    if (strcmp(sign, "-n") == 0)
        return word[0] != '\0';
    if (strcmp(sign, "-t") == 0)
        return isatty(atoi(word)) == 1;
    if (sign[0] == '-' && strlen(sign) == 2 && strchr("efdcpsxrw", sign[1]) != NULL)
        return about_file(sign[1], word);
    return wrong(sign);
}

static bool is_number(const char *word, long *number)
{
    char *end;

    *number = strtol(word, &end, 10);
    return end != word && *end == '\0';
}

static bool binary(const char *a, const char *sign, const char *b)
{
    long left, right;

    if (strcmp(sign, "=") == 0 || strcmp(sign, "==") == 0)
        return strcmp(a, b) == 0;
    if (strcmp(sign, "!=") == 0)
        return strcmp(a, b) != 0;
    if (!is_number(a, &left) || !is_number(b, &right))
        return wrong(sign[0] != '-' ? sign : is_number(a, &left) ? b : a);
    if (strcmp(sign, "-eq") == 0)
        return left == right;
    if (strcmp(sign, "-ne") == 0)
        return left != right;
    if (strcmp(sign, "-lt") == 0)
        return left < right;
    if (strcmp(sign, "-le") == 0)
        return left <= right;
    if (strcmp(sign, "-gt") == 0)
        return left > right;
    if (strcmp(sign, "-ge") == 0)
        return left >= right;
    return wrong(sign);
}

static bool is_true(char **words, size_t count);

/* The first of the words that is `sign`, with something before and behind it; 0: there is none. */
static size_t place_of(const char *sign, char **words, size_t count)
{
    for (size_t i = 1; i + 1 < count; i++)
        if (strcmp(words[i], sign) == 0)
            return i;
    return 0;
}

/* FIRST -o SECOND, FIRST -a SECOND; -a binds more. */
static bool several(char **words, size_t count)
{
    size_t place = place_of("-o", words, count);

    if (place != 0)
        return is_true(words, place) | is_true(words + place + 1, count - place - 1);
    place = place_of("-a", words, count);
    if (place != 0)
        return is_true(words, place) & is_true(words + place + 1, count - place - 1);
    return wrong(words[3]);
}

static bool is_true(char **words, size_t count)
{
    if (count > 1 && count < 5 && strcmp(words[0], "!") == 0)
        return !is_true(words + 1, count - 1);
    switch (count) {
    case 0: return false;
    case 1: return words[0][0] != '\0';
    case 2: return unary(words[0], words[1]);
    case 3: return binary(words[0], words[1], words[2]);
    default: return several(words, count);
    }
}

int builtin_test(char **words)
{
    size_t count = 0;
    bool answer;

    while (words[count + 1] != NULL)
        count++;
    if (strcmp(words[0], "[") == 0) {
        if (count == 0 || strcmp(words[count], "]") != 0) {
            fprintf(stderr, "sh: [: ] is missing\n");
            return 2;
        }
        count--;
    }
    is_wrong = false;
    answer = is_true(words + 1, count);
    return is_wrong ? 2 : !answer;
}
