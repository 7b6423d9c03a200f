/* SPDX-License-Identifier: MIT */
/*
 * bench [-n ROUNDS]: what the kernel's services cost, in nanoseconds each: "name: N ns". Under
 * --icount a nanosecond is an instruction, and the figures are the same each time.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "user/lib/tool.h"

#define PAGE  4096
#define PAGES 64
#define BULK  65536

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static void null_call(void)
{
    getppid();
}

static void fork_and_exit(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
}

static void fork_and_exec(void)
{
    pid_t child = fork();

    if (child == 0) {
        execl("/bin/true", "true", (char *)NULL);
        _exit(127);
    }
    waitpid(child, NULL, 0);
}

/* A message to another process and a byte back: for a short one, two switches. */
static int there[2], back[2];
static char buffer[BULK];
static size_t message_size;

static void echo(void)
{
    size_t received = 0;
    ssize_t part;

    while ((part = read(there[0], buffer, PAGE)) > 0) {
        received += (size_t)part;
        if (received == message_size) {
            write(back[1], buffer, 1);
            received = 0;
        }
    }
}

static void start_echo(size_t size)
{
    message_size = size;
    if (pipe(there) == -1 || pipe(back) == -1)
        exit(complain("pipe"));
    if (fork() == 0) {
        close(there[1]);
        echo();
        _exit(0);
    }
    close(there[0]);
    close(back[1]);
}

static void start_short_echo(void)
{
    start_echo(1);
}

static void start_bulk_echo(void)
{
    start_echo(BULK);
}

static void send_and_wait(void)
{
    char byte;

    write(there[1], buffer, message_size);
    read(back[0], &byte, 1);
}

static void end_echo(void)
{
    close(there[1]);
    close(back[0]);
    wait(NULL);
}

static int zeroes;

static void open_zeroes(void)
{
    zeroes = open("/dev/zero", O_RDONLY);
}

static void read_byte(void)
{
    char byte;

    read(zeroes, &byte, 1);
}

static void close_zeroes(void)
{
    close(zeroes);
}

static void map_and_unmap(void)
{
    munmap(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), PAGE);
}

/* PAGES new pages, each touched. */
static void touch_pages(void)
{
    volatile char *pages =
        mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    for (int i = 0; i < PAGES; i++)
        pages[i * PAGE] = 1;
    munmap((void *)pages, PAGES * PAGE);
}

static void nothing(void)
{
}

static const struct {
    const char *name;
    void (*work)(void);
    int share;  /* of a round: one of so many is what is measured */
    int rounds; /* of a thousand: what takes long is done less often */
    void (*begin)(void), (*end)(void);
} measurements[] = {
    { "null system call", null_call, 1, 1000, nothing, nothing },
    { "read of a byte", read_byte, 1, 1000, open_zeroes, close_zeroes },
    { "context switch by pipe", send_and_wait, 2, 200, start_short_echo, end_echo },
    { "64 KiB through a pipe", send_and_wait, 1, 20, start_bulk_echo, end_echo },
    { "mmap and munmap of a page", map_and_unmap, 1, 200, nothing, nothing },
    { "page fault, a page of zeroes", touch_pages, PAGES, 20, nothing, nothing },
    { "fork, exit, wait", fork_and_exit, 1, 20, nothing, nothing },
    { "fork, exec, exit, wait", fork_and_exec, 1, 20, nothing, nothing },
};

int main(int count, char *words[])
{
    long rounds = 1000;

    tool_begin(count, words, "bench", "[-n ROUNDS]");
    if (count == 3 && strcmp(words[1], "-n") == 0)
        rounds = number_of(words[2]);
    else if (count != 1)
        return usage();
    for (size_t i = 0; i < sizeof(measurements) / sizeof(measurements[0]); i++) {
        long times = rounds * measurements[i].rounds / 1000 + 1;
        long long begin, end;

        measurements[i].begin();
        measurements[i].work(); /* once before: what is done only the first time is not counted */
        begin = now();
        for (long k = 0; k < times; k++)
            measurements[i].work();
        end = now();
        measurements[i].end();
        printf("%s: %lld ns\n", measurements[i].name,
               (end - begin) / times / measurements[i].share);
        fflush(stdout);
    }
    return 0;
}
