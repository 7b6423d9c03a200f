/* SPDX-License-Identifier: MIT */
/*
 * Everything that newlib asks of the system, on top of the kernel's system calls: from here up a
 * program is like any other POSIX program. (The terminal's part is in terminal.c, and what is made
 * of these functions alone in posix.c.)
 *
 * newlib is configured so that these have the names that programs use: its own fopen, malloc,
 * printf call open, sbrk, write as defined here. The kernel's numbers are newlib's, which numbers.c
 * checks, so most functions only turn a negative result into errno and -1.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "user/lib/result.h"
#include "user/lib/stubs.h"

/* newlib has this one without a header. */
int sched_yield(void);

/* ---- Processes ---- */

void _exit(int status)
{
    sys_exit(status);
    __builtin_unreachable();
}

pid_t fork(void)
{
    return result(sys_fork());
}

pid_t vfork(void)
{
    return fork();
}

int execve(const char *path, char *const arguments[], char *const environment[])
{
    return result(sys_exec(path, arguments, environment));
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    return result(sys_wait(pid, status, options));
}

pid_t wait(int *status)
{
    return waitpid(-1, status, 0);
}

pid_t getpid(void)
{
    return sys_getpid();
}

pid_t getppid(void)
{
    return sys_getppid();
}

int setpgid(pid_t pid, pid_t group)
{
    return result(sys_setpgid(pid, group));
}

pid_t getpgid(pid_t pid)
{
    return result(sys_getpgid(pid));
}

pid_t getpgrp(void)
{
    return getpgid(0);
}

int sched_yield(void)
{
    return result(sys_yield());
}

int reboot(int how)
{
    return result(sys_reboot(how));
}

/* ---- Signals ---- */

extern const char signal_trampoline[];
void signal_arrived(int signal, const void *state) __attribute__((noreturn));

/* The kernel knows only which signals are caught, and calls the trampoline for all of them. */
static _sig_func_ptr handlers[NSIG];

/* Called by the trampoline. */
void signal_arrived(int signal, const void *state)
{
    int saved = errno;

    handlers[signal](signal);
    errno = saved;
    sys_sigreturn(state);
    __builtin_unreachable();
}

int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
    _sig_func_ptr before = signal > 0 && signal < NSIG ? handlers[signal] : SIG_DFL;
    long answer;

    if (action == NULL) { /* the kernel tells the old action only to who sets one */
        if (signal <= 0 || signal >= NSIG)
            return result(-EINVAL);
        memset(old, 0, sizeof(*old));
        old->sa_handler = before;
        return 0;
    }
    /* Before the call: the signal may come at once. */
    if (signal > 0 && signal < NSIG)
        handlers[signal] = action->sa_handler;
    answer = result(sys_sigaction(signal, (long)action->sa_handler, action->sa_mask));
    if (answer == -1) {
        if (signal > 0 && signal < NSIG)
            handlers[signal] = before;
        return -1;
    }
    if (old != NULL) {
        memset(old, 0, sizeof(*old));
        old->sa_handler = answer == API_SIG_IGN ? SIG_IGN : before;
    }
    return 0;
}

_sig_func_ptr signal(int number, _sig_func_ptr handler)
{
    struct sigaction action = { .sa_handler = handler }, old;

    return sigaction(number, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    return result(sys_sigmask(how, set, old));
}

int sigsuspend(const sigset_t *mask)
{
    return result(sys_sigsuspend(*mask));
}

int pause(void)
{
    sigset_t mask;

    sigprocmask(SIG_BLOCK, NULL, &mask);
    return sigsuspend(&mask);
}

int kill(pid_t pid, int number)
{
    return result(sys_kill(pid, number));
}

int killpg(pid_t group, int number)
{
    return kill(-group, number);
}

int raise(int number)
{
    return kill(getpid(), number);
}

unsigned alarm(unsigned seconds)
{
    return (sys_alarm(seconds * 1000ul) + 999) / 1000;
}

/* ---- Memory ---- */

void *sbrk(ptrdiff_t increment)
{
    return (void *)result(sys_sbrk(increment));
}

void *mmap(void *address, size_t size, int access, int flags, int descriptor, off_t offset)
{
    (void)address;
    (void)offset;
    if (!(flags & MAP_ANONYMOUS) || descriptor != -1)
        return (void *)result(-EINVAL);
    return (void *)result(sys_mmap(size, access));
}

int munmap(void *address, size_t size)
{
    return result(sys_munmap(address, size));
}

/* ---- Files ---- */

int open(const char *path, int flags, ...)
{
    va_list rest;
    int mode;

    va_start(rest, flags);
    mode = flags & O_CREAT ? va_arg(rest, int) : 0;
    va_end(rest);
    return result(sys_open(path, flags, mode));
}

int creat(const char *path, mode_t mode)
{
    return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int close(int descriptor)
{
    return result(sys_close(descriptor));
}

_READ_WRITE_RETURN_TYPE read(int descriptor, void *buffer, size_t size)
{
    return result(sys_read(descriptor, buffer, size));
}

_READ_WRITE_RETURN_TYPE write(int descriptor, const void *buffer, size_t size)
{
    return result(sys_write(descriptor, buffer, size));
}

off_t lseek(int descriptor, off_t offset, int from)
{
    return result(sys_lseek(descriptor, offset, from));
}

int dup(int descriptor)
{
    return result(sys_dup(descriptor));
}

int dup2(int descriptor, int other)
{
    return result(sys_dup2(descriptor, other));
}

int pipe(int descriptors[2])
{
    return result(sys_pipe(descriptors));
}

int ftruncate(int descriptor, off_t size)
{
    return result(sys_ftruncate(descriptor, size));
}

/* The lowest free descriptor from `lowest` on: those below it are filled meanwhile. */
static int duplicate_from(int descriptor, int lowest)
{
    int first = dup(descriptor), found = first;

    if (first >= 0 && first < lowest) {
        found = duplicate_from(descriptor, lowest);
        close(first);
    }
    return found;
}

/* Sets or clears O_APPEND and O_NONBLOCK one by one: the kernel's call does one of both. */
static int set_status_flags(int descriptor, int flags)
{
    const int all = O_APPEND | O_NONBLOCK;
    long answer = sys_setflags(descriptor, flags & all, 1);

    if (answer >= 0)
        answer = sys_setflags(descriptor, all & ~flags, 0);
    return result(answer) == -1 ? -1 : 0;
}

int fcntl(int descriptor, int request, ...)
{
    va_list rest;
    int argument;
    long flags;

    va_start(rest, request);
    argument = request == F_GETFD || request == F_GETFL ? 0 : va_arg(rest, int);
    va_end(rest);
    switch (request) {
    case F_DUPFD: return duplicate_from(descriptor, argument);
    case F_GETFD:
    case F_GETFL:
        flags = result(sys_setflags(descriptor, 0, 1));
        if (flags == -1 || request == F_GETFL)
            return flags;
        return flags & O_CLOEXEC ? FD_CLOEXEC : 0;
    case F_SETFD:
        flags = sys_setflags(descriptor, O_CLOEXEC, argument & FD_CLOEXEC);
        return result(flags) == -1 ? -1 : 0;
    case F_SETFL: return set_status_flags(descriptor, argument);
    default: return result(-EINVAL);
    }
}

static int store_stat(long answer, const struct api_stat *from, struct stat *out)
{
    if (result(answer) == -1)
        return -1;
    memset(out, 0, sizeof(*out));
    out->st_ino = from->inode;
    out->st_mode = from->mode;
    out->st_nlink = from->links;
    out->st_rdev = from->device;
    out->st_size = from->size;
    out->st_mtime = out->st_atime = out->st_ctime = from->modified;
    out->st_blksize = 4096;
    return 0;
}

int fstat(int descriptor, struct stat *out)
{
    struct api_stat facts;

    return store_stat(sys_fstat(descriptor, &facts), &facts, out);
}

int stat(const char *path, struct stat *out)
{
    struct api_stat facts;

    return store_stat(sys_stat(path, &facts), &facts, out);
}

/* ---- Names ---- */

int mkdir(const char *path, mode_t mode)
{
    (void)mode;
    return result(sys_mkdir(path));
}

int rmdir(const char *path)
{
    return result(sys_rmdir(path));
}

int unlink(const char *path)
{
    return result(sys_unlink(path));
}

int link(const char *old, const char *name)
{
    return result(sys_link(old, name));
}

int rename(const char *old, const char *name)
{
    return result(sys_rename(old, name));
}

int chdir(const char *path)
{
    return result(sys_chdir(path));
}

int chmod(const char *path, mode_t mode)
{
    return result(sys_chmod(path, mode));
}

char *getcwd(char *buffer, size_t size)
{
    return result(sys_getcwd(buffer, size)) == -1 ? NULL : buffer;
}

int access(const char *path, int wanted)
{
    struct stat facts;

    if (stat(path, &facts) == -1)
        return -1;
    return wanted & X_OK && !(facts.st_mode & 0111) ? (int)result(-EACCES) : 0;
}

/* ---- Time ---- */

int nanosleep(const struct timespec *length, struct timespec *left)
{
    struct api_time in = { length->tv_sec, length->tv_nsec }, out = { 0, 0 };
    long answer = sys_nanosleep(&in, &out);

    if (left != NULL)
        *left = (struct timespec){ out.seconds, out.nanoseconds };
    return result(answer);
}

/* The kernel's number of a clock. */
static int clock_number(clockid_t clock)
{
    return clock == CLOCK_REALTIME ? 0 : clock == CLOCK_MONOTONIC ? 1 : 2;
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    struct api_time now;

    if (result(sys_gettime(clock_number(clock), &now)) == -1)
        return -1;
    *out = (struct timespec){ now.seconds, now.nanoseconds };
    return 0;
}

int gettimeofday(struct timeval *out, void *zone)
{
    struct api_time now;

    (void)zone;
    if (result(sys_gettime(0, &now)) == -1)
        return -1;
    *out = (struct timeval){ now.seconds, now.nanoseconds / 1000 };
    return 0;
}

/* Processor time is not divided into the program's and the kernel's, nor summed up for children. */
clock_t times(struct tms *out)
{
    struct api_time used, now;

    sys_gettime(2, &used);
    sys_gettime(1, &now);
    *out = (struct tms){ 0 };
    out->tms_utime =
        used.seconds * CLOCKS_PER_SEC + used.nanoseconds / (1000000000 / CLOCKS_PER_SEC);
    return now.seconds * CLOCKS_PER_SEC + now.nanoseconds / (1000000000 / CLOCKS_PER_SEC);
}

int uname(struct utsname *out)
{
    return result(sys_uname((struct api_uname *)out));
}
