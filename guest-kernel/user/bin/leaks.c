/* SPDX-License-Identifier: MIT */
/*
 * leaks [-n CYCLES]: runs a program again and again (1,000 times), and does some other things a
 * tenth as often, that take memory and must give it back; and compares the kernel's free memory
 * before and after, to the page. Nothing else may run meanwhile.
 *
 * The first few cycles do not count: the kernel keeps what lets it do the same again, for instance
 * a page that is cut into pieces as long as one of these is in use.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user/lib/proc.h"
#include "user/lib/tool.h"

#define FIRST_CYCLES 8
#define MEMORY_SIZE  (16 * 4096)
/* Of an orphan's end nobody here is told: process 1 is. In hundredths of a second. */
#define PATIENCE     200

static void wrong(const char *what)
{
    exit(complain(what));
}

static pid_t fork_or_end(void)
{
    pid_t child = fork();

    if (child == -1)
        wrong("fork");
    return child;
}

static void wait_for(pid_t child, int expected)
{
    int status;

    if (waitpid(child, &status, 0) != child || status != expected) {
        fprintf(stderr, "leaks: a child ended in another way than it should\n");
        exit(1);
    }
}

static void run_program(void)
{
    pid_t child = fork_or_end();

    if (child == 0) {
        execl("/bin/true", "true", "some", "words", NULL);
        _exit(127);
    }
    wait_for(child, 0);
}

/* "broken" begins like a program and is cut off: that shows when its memory is half made. */
static void fail_to_run(void)
{
    static char *words[] = { "name", NULL };
    static char *bad_words[] = { "name", (char *)1, NULL };

    execv("/none", words);
    execv("/etc", words);
    execv("/etc/motd", words);
    execv("broken", words);
    execv("/bin/true", bad_words);
}

/* The child has memory, a file and a pipe when it is killed. */
static void kill_child(void)
{
    int ends[2];
    pid_t child;
    char byte = 0;

    if (pipe(ends) == -1)
        wrong("pipe");
    child = fork_or_end();
    if (child == 0) {
        char *memory =
            mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        memset(memory, 1, MEMORY_SIZE);
        open("/etc/motd", O_RDONLY);
        write(ends[1], &byte, 1);
        for (;;)
            pause();
    }
    if (read(ends[0], &byte, 1) != 1)
        wrong("read");
    kill(child, SIGKILL);
    wait_for(child, SIGKILL);
    close(ends[0]);
    close(ends[1]);
}

static void end_at_fault(int signal)
{
    _exit(signal == SIGSEGV ? 3 : 1);
}

static void touch_nothing(void)
{
    pid_t child = fork_or_end();

    if (child == 0) {
        signal(SIGSEGV, end_at_fault);
        *(volatile int *)4096 = 0;
    }
    wait_for(child, 3 << 8);
}

/* Both sides of the pipe end while there are bytes in it. */
static void leave_pipe_full(void)
{
    int ends[2];
    char bytes[3000];
    pid_t child;

    memset(bytes, 'x', sizeof(bytes));
    if (pipe(ends) == -1)
        wrong("pipe");
    child = fork_or_end();
    if (child == 0) {
        dup2(ends[1], 30);
        _exit(write(30, bytes, sizeof(bytes)) == sizeof(bytes) ? 0 : 1);
    }
    close(ends[1]);
    if (read(ends[0], bytes, 100) != 100)
        wrong("read");
    close(ends[0]);
    wait_for(child, 0);
}

static void leave_orphan(void)
{
    pid_t child = fork_or_end();

    if (child == 0) {
        fork();
        _exit(0);
    }
    wait_for(child, 0);
}

/* The file loses its last name while it is open. */
static void use_files(void)
{
    static char text[20000];
    int file;

    if (mkdir("a", 0777) == -1 || (file = open("a/b", O_RDWR | O_CREAT, 0666)) == -1)
        wrong("a/b");
    if (write(file, text, sizeof(text)) != sizeof(text) || rename("a/b", "a/c") == -1 ||
        link("a/c", "a/d") == -1 || unlink("a/c") == -1 || unlink("a/d") == -1 || rmdir("a") == -1)
        wrong("a");
    close(file);
}

/* Shared with a child, copied where that one writes, given back in two parts. */
static void use_memory(void)
{
    char *memory =
        mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pid_t child;

    if (memory == MAP_FAILED)
        wrong("mmap");
    memset(memory, 1, MEMORY_SIZE);
    child = fork_or_end();
    if (child == 0) {
        memset(memory, 2, MEMORY_SIZE / 2);
        _exit(0);
    }
    munmap(memory + 4096, 2 * 4096);
    wait_for(child, 0);
    munmap(memory, MEMORY_SIZE);
}

static const struct {
    const char *name;
    void (*cycle)(void);
    long share; /* one of how many cycles */
} cases[] = {
    { "fork, exec, exit", run_program, 1 },      { "exec that fails", fail_to_run, 10 },
    { "a killed child", kill_child, 10 },        { "a fault with a handler", touch_nothing, 10 },
    { "a pipe left full", leave_pipe_full, 10 }, { "an orphan", leave_orphan, 10 },
    { "files and names", use_files, 10 },        { "memory, copied on write", use_memory, 10 },
};

static unsigned long free_memory(void)
{
    unsigned long total, unused;

    proc_memory(&total, &unused);
    return unused;
}

/* Waits until as much is free as before, or for long enough. What is missing, in KiB. */
static long missing_since(unsigned long before)
{
    long missing = before - free_memory();

    for (int i = 0; missing > 0 && i < PATIENCE; i++) {
        usleep(10000);
        missing = before - free_memory();
    }
    return missing;
}

static void make_broken_program(void)
{
    char start[4500];
    int program = open("/bin/true", O_RDONLY), file = creat("broken", 0777);

    if (program == -1 || file == -1 || read(program, start, sizeof(start)) != sizeof(start) ||
        write(file, start, sizeof(start)) != sizeof(start))
        wrong("broken");
    close(program);
    close(file);
}

static bool returns_all(void (*cycle)(void), const char *name, long cycles)
{
    unsigned long before;
    long missing;

    for (int i = 0; i < FIRST_CYCLES; i++)
        cycle();
    usleep(50000); /* orphans end */
    free_memory(); /* what asking needs is there now */
    before = free_memory();
    for (long i = 0; i < cycles; i++)
        cycle();
    missing = missing_since(before);
    printf("%s: %ld times, %ld KiB missing\n", name, cycles, missing);
    return missing == 0;
}

int main(int count, char *words[])
{
    long cycles = 1000;
    int result = 0;

    tool_begin(count, words, "leaks", "[-n CYCLES]");
    if (count == 3 && strcmp(words[1], "-n") == 0)
        cycles = number_of(words[2]);
    else if (count != 1)
        return usage();
    if (chdir("/tmp") == -1)
        wrong("/tmp");
    make_broken_program();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (!returns_all(cases[i].cycle, cases[i].name, cycles / cases[i].share))
            result = 1;
    unlink("broken");
    puts(result == 0 ? "leaks: none" : "leaks: some memory did not come back");
    return result;
}
