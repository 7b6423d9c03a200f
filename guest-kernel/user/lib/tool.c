/* SPDX-License-Identifier: MIT */
#include "user/lib/tool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *tool_name = "program";
static const char *tool_usage = "";

/* When the program ends. _exit: exit is already under way. */
static void check_output(void)
{
    bool failed = ferror(stdout);

    if (fflush(stdout) == EOF || failed)
        _exit(complain("output"));
}

static void show_usage(FILE *to)
{
    fprintf(to, "usage: %s%s%s\n", tool_name, tool_usage[0] != '\0' ? " " : "", tool_usage);
}

void tool_begin(int count, char *words[], const char *name, const char *usage_text)
{
    tool_name = name;
    tool_usage = usage_text;
    atexit(check_output);
    if (count > 1 && strcmp(words[1], "--help") == 0) {
        show_usage(stdout);
        exit(0);
    }
}

int complain_of(const char *what, const char *why)
{
    fflush(stdout);
    fprintf(stderr, "%s: %s: %s\n", tool_name, what, why);
    return 1;
}

int complain(const char *what)
{
    return complain_of(what, strerror(errno));
}

int usage(void)
{
    show_usage(stderr);
    return 2;
}

void no_options(int count, char *words[])
{
    if (getopt(count, words, "") != -1)
        exit(usage());
}

long number_of(const char *text)
{
    char *end;
    long number;

    errno = 0;
    number = strtol(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0) {
        complain_of(text, errno == ERANGE ? "too large a number" : "not a number");
        exit(2);
    }
    return number;
}

void no_operands(int count, char *words[])
{
    no_options(count, words);
    if (optind != count)
        exit(usage());
}

int line_option(int count, char *words[], const char *others, long *lines)
{
    char known[40];
    int option;

    snprintf(known, sizeof(known), "n:0123456789%s", others);
    option = getopt(count, words, known);
    if (option == '?')
        exit(usage());
    /* -25 comes as 2, then 5. */
    if (option >= '0' && option <= '9') {
        static bool has_begun;

        *lines = (has_begun ? *lines * 10 : 0) + option - '0';
        has_begun = true;
    }
    if (option == 'n')
        *lines = number_of(optarg);
    return option;
}

int for_each_file(char *names[], void (*work)(FILE *file, const char *name))
{
    static char *input[] = { "-", NULL };
    int status = 0;

    for (names = names[0] != NULL ? names : input; *names != NULL; names++) {
        bool is_input = strcmp(*names, "-") == 0;
        FILE *file = is_input ? stdin : fopen(*names, "r");

        if (file == NULL) {
            status = complain(*names);
            continue;
        }
        work(file, *names);
        if (ferror(file))
            status = complain(*names);
        if (!is_input)
            fclose(file);
    }
    return status;
}

char *next_line(FILE *file)
{
    static char *line;
    static size_t room;
    size_t length = 0;
    int c;

    while ((c = getc(file)) != EOF && c != '\n') {
        if (length + 2 > room) {
            room = room * 2 + 128;
            line = realloc(line, room);
            if (line == NULL)
                exit(complain("line"));
        }
        line[length++] = (char)c;
    }
    if (c == EOF && length == 0)
        return NULL;
    if (length == 0)
        return (char *)"";
    line[length] = '\0';
    return line;
}

int copy_bytes(int in, int out)
{
    char buffer[4096];
    ssize_t got, done, written;

    while ((got = read(in, buffer, sizeof(buffer))) > 0)
        for (done = 0; done < got; done += written)
            if ((written = write(out, buffer + done, got - done)) == -1)
                return -1;
    return got == 0 ? 0 : -1;
}

bool join_path(char *path, size_t size, const char *directory, const char *name)
{
    bool slash = directory[0] != '\0' && directory[strlen(directory) - 1] == '/';

    if ((size_t)snprintf(path, size, "%s%s%s", directory, slash ? "" : "/", name) < size)
        return true;
    errno = ENAMETOOLONG;
    complain(directory);
    return false;
}

const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}
