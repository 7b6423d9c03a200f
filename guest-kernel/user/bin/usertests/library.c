/* SPDX-License-Identifier: MIT */
/* The C library as programs use it: newlib on top of our hooks, at this width. */
#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define FILE_NAME "/tmp/library"

static void check_text(const char *name, const char *expected, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void check_text(const char *name, const char *expected, const char *format, ...)
{
    char text[80], line[200];
    va_list rest;

    va_start(rest, format);
    vsnprintf(text, sizeof(text), format, rest);
    va_end(rest);
    snprintf(line, sizeof(line), "%s: '%s'", name, text);
    check(line, strcmp(text, expected) == 0);
}

/* ---- Numbers and texts ---- */

static void test_numbers(void)
{
    char *end;

    check_text("printf: fractions", "3.142 -0.50 1e+100 1.5e-07", "%.3f %.2f %g %.1e", 3.14159265,
               -0.5, 1e100, 1.5e-7);
    check_text("printf: no numbers", "inf -inf nan", "%f %f %f", INFINITY, -INFINITY, NAN);
    check_text("printf: widths", "[   42|42   |00042|  -1.50]", "[%5d|%-5d|%05d|%7.2f]", 42, 42, 42,
               -1.5);
    check_text("printf: 64 bits", "9223372036854775807 ffffffffffffffff", "%lld %llx", LLONG_MAX,
               ULLONG_MAX);
    check("strtod", strtod("-1.25e3x", &end) == -1250.0 && *end == 'x');
    check("strtod: too large", strtod("1e999", NULL) == HUGE_VAL && errno == ERANGE);
    check("strtod: all digits", strtod("2.2250738585072014e-308", NULL) == DBL_MIN);
    errno = 0;
    check("strtol: too large", strtol("99999999999999999999", NULL, 10) == LONG_MAX);
    check("strtol: errno", errno == ERANGE);
    check("strtoull", strtoull("0xffffffffffffffff", NULL, 0) == ULLONG_MAX);
    check("sscanf", sscanf("7 seven 0.5", "%*d %*s %lf", &(double){ 0 }) == 1);
    check("sqrt, pow, sin",
          sqrt(2.25) == 1.5 && pow(2, 10) == 1024 && fabs(sin(1) - 0.8414709848) < 1e-9);
    check("division of 64 bits", lldiv(-1234567890123ll, 1000).rem == -123);
}

static int by_value(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void test_sorting(void)
{
    int numbers[1000], wanted = 500;
    bool sorted = true;

    srand(7);
    for (int i = 0; i < 1000; i++)
        numbers[i] = rand() % 10000;
    numbers[10] = wanted;
    qsort(numbers, 1000, sizeof(int), by_value);
    for (int i = 1; i < 1000; i++)
        sorted = sorted && numbers[i - 1] <= numbers[i];
    check("qsort", sorted);
    check("bsearch", bsearch(&wanted, numbers, 1000, sizeof(int), by_value) != NULL);
}

/* ---- Jumps, ends, options ---- */

static jmp_buf place;

static int compare_and_jump(const void *a, const void *b)
{
    (void)a, (void)b;
    longjmp(place, 5);
}

static void ends_with_seven(void)
{
    _exit(7);
}

static void aborts(void)
{
    signal(SIGABRT, SIG_DFL);
    abort();
}

static void leaves_by_exit(void)
{
    atexit(ends_with_seven);
    exit(0);
}

static void test_flow(void)
{
    char *words[] = { "program", "-a", "-b", "value", "rest", NULL };
    volatile int jumped = setjmp(place);

    if (jumped == 0)
        qsort(words, 2, sizeof(words[0]), compare_and_jump);
    check("longjmp out of qsort", jumped == 5);
    check("exit calls what atexit has", WEXITSTATUS(in_child(leaves_by_exit)) == 7);
    check("abort", WTERMSIG(in_child(aborts)) == SIGABRT);
    optind = 0;
    check("getopt: an option", getopt(5, words, "ab:") == 'a');
    check("getopt: one with a value", getopt(5, words, "ab:") == 'b' && !strcmp(optarg, "value"));
    check("getopt: the end", getopt(5, words, "ab:") == -1 && optind == 4);
    check("setenv, getenv", setenv("X1", "one", 1) == 0 && strcmp(getenv("X1"), "one") == 0);
    check("unsetenv", unsetenv("X1") == 0 && getenv("X1") == NULL);
    check("system", WEXITSTATUS(system("exit 3")) == 3);
}

/* ---- Time ---- */

static void test_time(void)
{
    time_t moment = 951782400; /* a 29th of February */
    struct tm parts = *gmtime(&moment);
    char text[40];

    check("gmtime", parts.tm_year == 100 && parts.tm_mon == 1 && parts.tm_mday == 29);
    check("mktime", mktime(&parts) == moment);
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %a", &parts);
    check("strftime", strcmp(text, "2000-02-29 00:00:00 Tue") == 0);
    check("ctime", strcmp(ctime(&moment), "Tue Feb 29 00:00:00 2000\n") == 0);
    check("time: after 2020", time(NULL) > 1577836800);
    check("clock", clock() != (clock_t)-1);
    check("difftime", difftime(moment + 60, moment) == 60.0);
}

/* ---- Files ---- */

#define ALL (10 * 6 + 90 * 8) /* "0 0.5" to "99 99.5", each on a line */

static void test_lines(FILE *file)
{
    char line[80];
    double number;
    int i;

    rewind(file);
    check("fscanf", fscanf(file, "%d %lf", &i, &number) == 2 && i == 0 && number == 0.5);
    check("fgets: the rest", fgets(line, sizeof(line), file) != NULL && strcmp(line, "\n") == 0);
    check("fgets", fgets(line, sizeof(line), file) && strcmp(line, "1 1.5\n") == 0);
    check("ungetc", ungetc('#', file) == '#' && getc(file) == '#');
    check("fseek, ftell", fseek(file, -8, SEEK_END) == 0 && ftell(file) == ALL - 8);
    check("fgets: the last", fgets(line, sizeof(line), file) && strcmp(line, "99 99.5\n") == 0);
    check("fgets: the end", fgets(line, sizeof(line), file) == NULL && feof(file));
}

static void test_stdio(void)
{
    FILE *file = fopen(FILE_NAME, "w+");
    char all[1000];

    check("fopen", file != NULL);
    if (file == NULL)
        return;
    for (int i = 0; i < 100; i++)
        fprintf(file, "%d %.1f\n", i, i + 0.5);
    test_lines(file);
    check("fclose", fclose(file) == 0);
    file = fopen(FILE_NAME, "a");
    check("fputs, appended", fputs("the end\n", file) >= 0 && fclose(file) == 0);
    file = fopen(FILE_NAME, "r");
    setvbuf(file, NULL, _IONBF, 0);
    check("fread", fread(all, 1, sizeof(all), file) == ALL + 8);
    check("fopen for reading: no writing", fputc('x', file) == EOF && ferror(file));
    fclose(file);
    check("remove", remove(FILE_NAME) == 0);
    file = fopen(FILE_NAME, "r");
    check("fopen: not there", file == NULL && errno == ENOENT);
    check("fdopen", (file = fdopen(open("/dev/null", O_WRONLY), "w")) && fclose(file) == 0);
}

/* ---- Memory ---- */

static void test_heap(void)
{
    char *pieces[200], *large;
    bool fine = true;

    for (int i = 0; i < 200; i++) {
        pieces[i] = malloc((size_t)i * 17 + 1);
        memset(pieces[i], i, (size_t)i * 17 + 1);
    }
    for (int i = 0; i < 200; i += 2)
        free(pieces[i]);
    for (int i = 1; i < 200; i += 2) {
        pieces[i] = realloc(pieces[i], (size_t)i * 40);
        fine = fine && pieces[i] != NULL && pieces[i][i * 17] == (char)i;
    }
    check("malloc, realloc: what is in them stays", fine);
    for (int i = 1; i < 200; i += 2)
        free(pieces[i]);
    large = calloc(1000, 1000);
    check("calloc: a million zeroes", large != NULL && large[0] == 0 && large[999999] == 0);
    free(large);
    errno = 0;
    large = malloc(INT_MAX / 2);
    check("malloc: more than there is", large == NULL && errno == ENOMEM);
    free(large);
}

void test_library(void)
{
    test_numbers();
    test_sorting();
    test_flow();
    test_time();
    test_stdio();
    test_heap();
}
