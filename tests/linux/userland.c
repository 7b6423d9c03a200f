/* SPDX-License-Identifier: MIT */
/*
 * Programs' side of a Linux guest, as a static program for its initial ramdisk: what ordinary
 * programs do and a hypervisor can get wrong. One line a check, "ok NAME" or "wrong NAME: WHY"; the
 * last line counts. It runs as well on Linux without a hypervisor.
 */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <asm/ldt.h>

#define PAGE        4096ul
#define BIG         (16ul << 20)
#define CHILDREN    8
#define ROUND_TRIPS 300
#define MS          1000000l /* ns */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Ends the check that it stands in. */
#define WANT(condition)           \
    do {                          \
        if (!(condition))         \
            return "" #condition; \
    } while (0)

static int exit_status(pid_t pid)
{
    int status;

    if (waitpid(pid, &status, 0) != pid)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* ---- Processes and memory ---- */

static const char *processes(void)
{
    for (int i = 0; i < 30; i++) {
        pid_t pid = fork();

        if (pid == 0)
            _exit(i);
        WANT(exit_status(pid) == i);
    }
    for (int i = 0; i < 10; i++) {
        pid_t pid = vfork();

        if (pid == 0) {
            execl("/bin/busybox", "true", NULL);
            _exit(99);
        }
        WANT(exit_status(pid) == 0 || access("/bin/busybox", X_OK) != 0);
    }
    return NULL;
}

static const char *copy_on_write(void)
{
    uint64_t *own = mmap(NULL, BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint64_t *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid;

    WANT(own != MAP_FAILED && shared != MAP_FAILED);
    for (size_t i = 0; i < BIG / 8; i += PAGE / 8)
        own[i] = i;
    pid = fork();
    if (pid == 0) {
        for (size_t i = 0; i < BIG / 8; i += PAGE / 8) {
            if (own[i] != i)
                _exit(1);
            own[i] = ~i;
        }
        *shared = own[PAGE / 8];
        _exit(0);
    }
    WANT(exit_status(pid) == 0);
    WANT(*shared == ~(PAGE / 8));
    for (size_t i = 0; i < BIG / 8; i += PAGE / 8)
        WANT(own[i] == i);
    WANT(munmap(own, BIG) == 0 && munmap(shared, PAGE) == 0);
    return NULL;
}

static const char *moved_mapping(void)
{
    char *at = mmap(NULL, BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *to;

    WANT(at != MAP_FAILED);
    memset(at, 0x5a, BIG);
    to = mremap(at, BIG, 2 * BIG, MREMAP_MAYMOVE);
    WANT(to != MAP_FAILED);
    for (size_t i = 0; i < BIG; i += 511)
        WANT(to[i] == 0x5a);
    WANT(to[BIG + PAGE] == 0);
    WANT(madvise(to, 2 * BIG, MADV_DONTNEED) == 0);
    WANT(to[PAGE] == 0);
    WANT(munmap(to, 2 * BIG) == 0);
    return NULL;
}

/* ---- Faults and signals ---- */

static sigjmp_buf back;
static volatile int caught, code;
static void *volatile address;

static void note(int number, siginfo_t *info, void *context)
{
    (void)context;
    caught = number;
    code = info->si_code;
    address = info->si_addr;
    siglongjmp(back, 1);
}

static void catch (int number, void (*handler)(int, siginfo_t *, void *))
{
    struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK };

    sigaction(number, &action, NULL);
}

static const char *faults(void)
{
    static char stack[65536];
    stack_t alternative = { .ss_sp = stack, .ss_size = sizeof(stack) };
    char *page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    volatile char *volatile low = (volatile char *)0x10;
    volatile int zero = 0;

    WANT(sigaltstack(&alternative, NULL) == 0);
    for (size_t i = 0; i < 5; i++)
        catch ((int[]){ SIGSEGV, SIGFPE, SIGILL, SIGTRAP, SIGBUS }[i], note);
    if (sigsetjmp(back, 1) == 0)
        *(volatile char *)page = 1;
    WANT(caught == SIGSEGV && code == SEGV_ACCERR && address == page);
    if (sigsetjmp(back, 1) == 0)
        *low = 1;
    WANT(caught == SIGSEGV && code == SEGV_MAPERR && address == (void *)0x10);
    if (sigsetjmp(back, 1) == 0)
        __asm__ volatile("hlt");
    WANT(caught == SIGSEGV && code == SI_KERNEL);
    if (sigsetjmp(back, 1) == 0)
        zero = 100 / zero;
    WANT(caught == SIGFPE && code == FPE_INTDIV);
    if (sigsetjmp(back, 1) == 0)
        __asm__ volatile("ud2");
    WANT(caught == SIGILL);
    if (sigsetjmp(back, 1) == 0)
        __asm__ volatile("int3");
    WANT(caught == SIGTRAP);
    /* One step, by the program itself. */
    if (sigsetjmp(back, 1) == 0)
        __asm__ volatile("pushfq; orl $0x100, (%%rsp); popfq; nop" ::: "memory", "cc");
    WANT(caught == SIGTRAP && code == TRAP_TRACE);
    return NULL;
}

static char *repaired;

static void repair(int number, siginfo_t *info, void *context)
{
    (void)context;
    caught = number;
    mprotect((void *)((uintptr_t)info->si_addr & ~(PAGE - 1)), PAGE, PROT_READ | PROT_WRITE);
}

static const char *mended_faults(void)
{
    repaired = mmap(NULL, 64 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    WANT(repaired != MAP_FAILED);
    catch (SIGSEGV, repair);
    for (size_t i = 0; i < 64; i++) {
        caught = 0;
        *(volatile char *)(repaired + i * PAGE) = (char)i;
        WANT(caught == SIGSEGV);
    }
    WANT(mprotect(repaired, 64 * PAGE, PROT_READ) == 0);
    for (size_t i = 0; i < 64; i++)
        WANT(repaired[i * PAGE] == (char)i);
    signal(SIGSEGV, SIG_DFL);
    return NULL;
}

static const char *stepping(void)
{
    pid_t pid = fork();
    int status, steps = 0;

    if (pid == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        for (volatile int i = 0; i < 30; i++)
            ;
        _exit(7);
    }
    WANT(waitpid(pid, &status, 0) == pid && WIFSTOPPED(status));
    for (; !WIFEXITED(status); steps++) {
        WANT(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) == 0);
        WANT(waitpid(pid, &status, 0) == pid);
        WANT(WIFEXITED(status) || (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP));
    }
    WANT(WEXITSTATUS(status) == 7 && steps > 90);
    return NULL;
}

/* ---- Registers ---- */

static double series(unsigned seed)
{
    double sum = seed;

    for (unsigned i = 1; i < 200000; i++)
        sum += sqrt((double)(i ^ seed)) / (i + 0.5);
    return sum;
}

/* Many at a time on few vCPUs: each result needs that nobody else's registers got into it. */
static const char *floating_point(void)
{
    double *result = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid[CHILDREN];

    WANT(result != MAP_FAILED);
    for (unsigned i = 0; i < CHILDREN; i++) {
        pid[i] = fork();
        if (pid[i] == 0) {
            result[i] = series(i);
            _exit(0);
        }
    }
    for (unsigned i = 0; i < CHILDREN; i++)
        WANT(exit_status(pid[i]) == 0);
    for (unsigned i = 0; i < CHILDREN; i++)
        WANT(result[i] == series(i));
    return NULL;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned together;
static _Thread_local unsigned alone;

static void *count(void *argument)
{
    for (int i = 0; i < 20000; i++) {
        pthread_mutex_lock(&lock);
        together++;
        pthread_mutex_unlock(&lock);
        alone++;
    }
    *(unsigned *)argument = alone;
    return NULL;
}

static const char *threads(void)
{
    pthread_t thread[CHILDREN];
    unsigned counts[CHILDREN];

    for (size_t i = 0; i < CHILDREN; i++)
        WANT(pthread_create(&thread[i], NULL, count, &counts[i]) == 0);
    for (size_t i = 0; i < CHILDREN; i++) {
        WANT(pthread_join(thread[i], NULL) == 0);
        WANT(counts[i] == 20000);
    }
    WANT(together == CHILDREN * 20000);
    return NULL;
}

/* A segment of one's own, kept over switches to others. */
static const char *local_descriptors(void)
{
    static uint32_t words[2] = { 0x12345678, 0x9abcdef0 };
    struct user_desc segment = { .base_addr = (unsigned)(uintptr_t)words,
                                 .limit = sizeof(words) - 1,
                                 .seg_32bit = 1 };
    uint32_t word = 0;

    if ((uintptr_t)words >> 32 != 0)
        return "the program is not linked low enough";
    WANT(syscall(SYS_modify_ldt, 1, &segment, sizeof(segment)) == 0);
    __asm__ volatile("movl %0, %%gs" : : "r"(7));
    for (int i = 0; i < 50; i++) {
        usleep(100);
        __asm__ volatile("movl %%gs:4, %0" : "=r"(word));
        WANT(word == 0x9abcdef0);
    }
    __asm__ volatile("movl %0, %%gs" : : "r"(0));
    return NULL;
}

static const char *old_system_call(void)
{
    long pid = 20; /* getpid of 32-bit programs */

    __asm__ volatile("int $0x80" : "+a"(pid) : : "memory", "r8", "r9", "r10", "r11");
    WANT(pid == getpid());
    return NULL;
}

/* ---- Time ---- */

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 * MS + t.tv_nsec;
}

static volatile int alarms;

static void on_alarm(int number)
{
    (void)number;
    alarms++;
}

static const char *timers(void)
{
    struct itimerval timer = { { 0, 5000 }, { 0, 5000 } }, none = { { 0, 0 }, { 0, 0 } };
    struct timespec nap = { 0, 20 * MS };
    int64_t began = now(), last = began;

    WANT(nanosleep(&nap, NULL) == 0);
    WANT(now() - began >= 20 * MS);
    for (int i = 0; i < 100000; i++) {
        int64_t t = now();

        WANT(t >= last);
        last = t;
    }
    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &timer, NULL);
    for (began = now(); alarms < 10 && now() - began < 10000 * MS;)
        ;
    setitimer(ITIMER_REAL, &none, NULL);
    WANT(alarms >= 10);
    return NULL;
}

/* Two processes that wait for each other: sleeping, waking and switching. */
static const char *ping_pong(void)
{
    int there[2], back_again[2];
    char byte = 0;
    pid_t pid;

    WANT(pipe(there) == 0 && pipe(back_again) == 0);
    pid = fork();
    if (pid == 0) {
        for (int i = 0; i < ROUND_TRIPS; i++) {
            if (read(there[0], &byte, 1) != 1)
                _exit(1);
            byte++;
            if (write(back_again[1], &byte, 1) != 1)
                _exit(2);
        }
        _exit(0);
    }
    for (int i = 0; i < ROUND_TRIPS; i++) {
        char sent = byte;

        WANT(write(there[1], &byte, 1) == 1 && read(back_again[0], &byte, 1) == 1);
        WANT(byte == (char)(sent + 1));
    }
    WANT(exit_status(pid) == 0);
    return NULL;
}

int main(void)
{
    static const struct {
        const char *name;
        const char *(*check)(void);
    } checks[] = {
        { "processes", processes },
        { "copy on write", copy_on_write },
        { "moved mapping", moved_mapping },
        { "faults", faults },
        { "mended faults", mended_faults },
        { "stepping", stepping },
        { "floating point", floating_point },
        { "threads", threads },
        { "local descriptors", local_descriptors },
        { "int 0x80", old_system_call },
        { "timers", timers },
        { "ping-pong", ping_pong },
    };
    unsigned wrong = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < COUNT(checks); i++) {
        const char *why = checks[i].check();

        wrong += why != NULL;
        printf(why ? "wrong %s: %s (errno %d)\n" : "ok %s\n", checks[i].name, why, errno);
    }
    printf("userland: %zu checks, %u wrong\n", COUNT(checks), wrong);
    return wrong != 0;
}
