/* SPDX-License-Identifier: MIT */
/*
 * POSIX functions that newlib leaves out for a system like this one, made of those in calls.c.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "user/lib/result.h"
#include "user/lib/stubs.h"

/* ---- Where a program begins ---- */

int main(int count, char *arguments[], char *environment[]);
void program_start(long *stack) __attribute__((noreturn));
extern const char signal_trampoline[];

/* Called by the first instructions. stack: argc, the arguments, NULL, the environment, NULL. */
void program_start(long *stack)
{
    int count = (int)stack[0];
    char **arguments = (char **)(stack + 1);

    environ = arguments + count + 1;
    sys_sigtramp((void *)signal_trampoline);
    exit(main(count, arguments, environ));
}

/* ---- Programs by name ---- */

int execv(const char *path, char *const arguments[])
{
    return execve(path, arguments, environ);
}

/* Looks into each folder of PATH. */
int execvp(const char *name, char *const arguments[])
{
    const char *folders = getenv("PATH"), *end;
    char path[PATH_MAX];

    if (strchr(name, '/') != NULL)
        return execv(name, arguments);
    errno = ENOENT;
    if (name[0] == '\0')
        return -1;
    for (folders = folders != NULL ? folders : "/bin"; *folders != '\0';
         folders = end + (*end != 0)) {
        end = folders + strcspn(folders, ":");
        snprintf(path, sizeof(path), "%.*s/%s", (int)(end - folders), folders, name);
        execv(path, arguments);
        if (errno != ENOENT && errno != ENOTDIR)
            return -1;
    }
    return -1;
}

/* Collects the arguments of an execl into a list. */
static int list_arguments(char *list[], size_t room, const char *first, va_list rest)
{
    size_t count = 0;

    for (const char *word = first; word != NULL; word = va_arg(rest, const char *)) {
        if (count + 1 == room)
            return (int)result(-E2BIG);
        list[count++] = (char *)word;
    }
    list[count] = NULL;
    return 0;
}

int execl(const char *path, const char *first, ...)
{
    char *list[64];
    va_list rest;
    int answer;

    va_start(rest, first);
    answer = list_arguments(list, 64, first, rest);
    va_end(rest);
    return answer == -1 ? -1 : execv(path, list);
}

int execlp(const char *name, const char *first, ...)
{
    char *list[64];
    va_list rest;
    int answer;

    va_start(rest, first);
    answer = list_arguments(list, 64, first, rest);
    va_end(rest);
    return answer == -1 ? -1 : execvp(name, list);
}

int system(const char *command)
{
    int status;
    pid_t child;

    if (command == NULL)
        return 1;
    child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    if (child == -1 || waitpid(child, &status, 0) == -1)
        return -1;
    return status;
}

/* ---- Directories ---- */

DIR *opendir(const char *path)
{
    long descriptor = result(sys_open(path, API_O_RDONLY | API_O_DIRECTORY | API_O_CLOEXEC, 0));
    DIR *directory;

    if (descriptor == -1)
        return NULL;
    directory = calloc(1, sizeof(*directory));
    if (directory == NULL) {
        close(descriptor);
        return NULL;
    }
    directory->descriptor = descriptor;
    return directory;
}

struct dirent *readdir(DIR *directory)
{
    const size_t room = sizeof(directory->entries) / sizeof(directory->entries[0]);

    if (directory->next == directory->count) {
        directory->next = 0;
        directory->count = result(
            sys_readdir(directory->descriptor, (struct api_dirent *)directory->entries, room));
        if (directory->count <= 0) {
            directory->count = 0;
            return NULL;
        }
    }
    return &directory->entries[directory->next++];
}

void rewinddir(DIR *directory)
{
    directory->next = directory->count = 0;
    lseek(directory->descriptor, 0, SEEK_SET);
}

int closedir(DIR *directory)
{
    int answer = close(directory->descriptor);

    free(directory);
    return answer;
}

/* ---- Sleep ---- */

unsigned sleep(unsigned seconds)
{
    struct timespec time = { seconds, 0 };

    return nanosleep(&time, &time) == 0 ? 0 : (unsigned)time.tv_sec + 1;
}

int usleep(useconds_t microseconds)
{
    struct timespec time = { microseconds / 1000000, microseconds % 1000000 * 1000 };

    return nanosleep(&time, NULL);
}

/* ---- Who and what ---- */

int gethostname(char *name, size_t size)
{
    struct utsname names;

    if (uname(&names) == -1)
        return -1;
    strncpy(name, names.nodename, size);
    return 0;
}

long sysconf(int name)
{
    switch (name) {
    case _SC_PAGESIZE: return 4096;
    case _SC_CLK_TCK: return CLOCKS_PER_SEC;
    case _SC_OPEN_MAX: return 32;
    default: return result(-EINVAL);
    }
}

/* There is one user, who may do everything. */
uid_t getuid(void)
{
    return 0;
}

uid_t geteuid(void)
{
    return 0;
}

gid_t getgid(void)
{
    return 0;
}

gid_t getegid(void)
{
    return 0;
}

mode_t umask(mode_t mask)
{
    (void)mask;
    return 022;
}
