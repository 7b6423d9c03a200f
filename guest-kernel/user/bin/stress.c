/* SPDX-License-Identifier: MIT */
/*
 * stress [-n ROUNDS] [-p PROCESSES]: many processes at once that use memory, files, pipes and
 * signals, and check what they find. Says "stress: fine" at the end, or what was wrong.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user/lib/tool.h"

#define MEMORY_SIZE (64 * 1024)

static void wrong(const char *what)
{
    fprintf(stderr, "stress: %d: %s\n", (int)getpid(), what);
    _exit(1);
}

/* Memory that fork shares must become two copies when one of both writes. */
static void use_memory(unsigned seed)
{
    unsigned *words =
        mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const size_t count = MEMORY_SIZE / sizeof(unsigned);
    int status;
    pid_t child;

    if (words == MAP_FAILED)
        wrong("no memory");
    for (size_t i = 0; i < count; i++)
        words[i] = seed + i;
    child = fork();
    if (child == 0) {
        for (size_t i = 0; i < count; i += 7)
            words[i] = 0;
        _exit(words[1] == seed + 1 ? 0 : 1);
    }
    if (child == -1 || waitpid(child, &status, 0) != child || status != 0)
        wrong("the child of the memory test");
    for (size_t i = 0; i < count; i++)
        if (words[i] != seed + i)
            wrong("memory changed");
    munmap(words, MEMORY_SIZE);
}

static void use_files(unsigned seed)
{
    char name[40], other[40], text[600], back[600];
    int file;

    snprintf(name, sizeof(name), "/tmp/stress.%d", (int)getpid());
    snprintf(other, sizeof(other), "%s.2", name);
    memset(text, 'a' + seed % 26, sizeof(text));
    file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0666);
    if (file == -1)
        wrong("a file could not be made");
    for (int i = 0; i < 20; i++)
        if (write(file, text, sizeof(text)) != sizeof(text))
            wrong("a file could not be written");
    if (rename(name, other) == -1 || lseek(file, 600 * (seed % 20), SEEK_SET) == -1)
        wrong("a file could not be renamed");
    if (read(file, back, sizeof(back)) != sizeof(back) || memcmp(text, back, sizeof(text)) != 0)
        wrong("a file has other bytes");
    if (unlink(other) == -1 || close(file) == -1)
        wrong("a file could not be removed");
}

/* A child sends numbers, and a signal when it has sent them. */
static void use_pipes(unsigned seed)
{
    int ends[2], status;
    unsigned number, expected = seed;
    pid_t child;

    if (pipe(ends) == -1 || (child = fork()) == -1)
        wrong("no pipe");
    if (child == 0) {
        close(ends[0]);
        for (number = seed; number < seed + 3000; number++)
            if (write(ends[1], &number, sizeof(number)) != sizeof(number))
                _exit(1);
        raise(SIGKILL);
    }
    close(ends[1]);
    while (read(ends[0], &number, sizeof(number)) == sizeof(number))
        if (number != expected++)
            wrong("a pipe gave other bytes");
    close(ends[0]);
    if (expected != seed + 3000)
        wrong("a pipe ended too early");
    if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        wrong("the child of the pipe test");
}

static void work(unsigned seed, long rounds)
{
    for (long i = 0; i < rounds; i++) {
        use_memory(seed + i);
        use_files(seed + i);
        use_pipes(seed + i);
    }
}

int main(int count, char *words[])
{
    long rounds = 10, processes = 4;
    int option, status, result = 0;

    tool_begin(count, words, "stress", "[-n ROUNDS] [-p PROCESSES]");
    while ((option = getopt(count, words, "n:p:")) != -1) {
        if (option == 'n')
            rounds = number_of(optarg);
        else if (option == 'p')
            processes = number_of(optarg);
        else
            return usage();
    }
    for (long i = 0; i < processes; i++) {
        pid_t child = fork();

        if (child == 0) {
            work(i * 1000, rounds);
            _exit(0);
        }
        if (child == -1)
            result = complain("fork");
    }
    while (wait(&status) > 0)
        if (status != 0)
            result = 1;
    puts(result == 0 ? "stress: fine" : "stress: something was wrong");
    return result;
}
