/* SPDX-License-Identifier: MIT */
#include "user/lib/tool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *tool_name = "program";

int complain(const char *what)
{
    fflush(stdout);
    fprintf(stderr, "%s: %s: %s\n", tool_name, what, strerror(errno));
    return 1;
}

int usage(const char *text)
{
    fprintf(stderr, "usage: %s %s\n", tool_name, text);
    return 2;
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

    return (size_t)snprintf(path, size, "%s%s%s", directory, slash ? "" : "/", name) < size;
}

const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}
