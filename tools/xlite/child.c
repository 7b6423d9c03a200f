/* SPDX-License-Identifier: MIT */
/*
 * Child processes and signals.
 */
#include "child.h"

#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static int signals_descriptor = -1;
static sigset_t signals_before;

/* The signal that the tool shall die of; 0 while none has arrived. */
static int dying_signal;

/* The last thing that exit() does: by then the terminal is restored and the files are removed. */
static void die_of_signal(void)
{
    sigset_t set;

    if (dying_signal == 0) {
        return;
    }
    fflush(NULL);
    signal(dying_signal, SIG_DFL);
    raise(dying_signal);
    sigemptyset(&set);
    sigaddset(&set, dying_signal);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void signals_start(void)
{
    sigset_t set;

    /* Functions of atexit() run in reverse order: registered first, this one runs last. */
    atexit(die_of_signal);
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGQUIT);
    sigprocmask(SIG_BLOCK, &set, &signals_before);
    /* A reader of our output that goes away shows as EPIPE where it is written. */
    signal(SIGPIPE, SIG_IGN);
    signals_descriptor = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals_descriptor < 0) {
        fail("signalfd: %s", strerror(errno));
    }
}

int signals_fd(void)
{
    return signals_descriptor;
}

void signals_die(int number)
{
    struct signalfd_siginfo info;

    dying_signal = number;
    if (number == 0 && read(signals_descriptor, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        dying_signal = (int)info.ssi_signo;
    }
    exit(EXIT_BAD_INPUT);
}

char *program_find(const char *name)
{
    const char *path = getenv("PATH");
    char *rest = text_format("%s:/usr/sbin:/sbin", path != NULL ? path : "/usr/bin:/bin");
    char *directory;

    if (strchr(name, '/') != NULL) {
        return text_format("%s", name);
    }
    while ((directory = strsep(&rest, ":")) != NULL) {
        char *file = text_format("%s/%s", *directory != '\0' ? directory : ".", name);

        if (access(file, X_OK) == 0) {
            return file;
        }
        free(file);
    }
    fail("%s is not installed", name);
}

/* The child's side, up to exec. Only what is safe after fork. */
static void __attribute__((noreturn))
child_exec(const struct words *words, struct child_files files, pid_t parent)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    /* The parent may have died before prctl took effect; then nobody would end this process. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(127);
    }
    /* Its own group: Ctrl-C is the tool's to handle. */
    setpgid(0, 0);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &signals_before, NULL);
    dup2(files.input >= 0 ? files.input : null, STDIN_FILENO);
    dup2(files.output >= 0 ? files.output : null, STDOUT_FILENO);
    if (files.error >= 0) {
        dup2(files.error, STDERR_FILENO);
    }
    if (files.status == CHILD_STATUS_FD) {
        fcntl(CHILD_STATUS_FD, F_SETFD, 0);
    } else if (files.status >= 0) {
        dup2(files.status, CHILD_STATUS_FD);
    }
    execv(words->list[0], words->list);
    dprintf(STDERR_FILENO, "%s: %s\n", words->list[0], strerror(errno));
    _exit(127);
}

struct child child_start(const struct words *words, struct child_files files)
{
    struct child child;
    pid_t parent = getpid();

    /* What is buffered now must not be written twice. */
    fflush(NULL);
    child.pid = fork();
    if (child.pid == 0) {
        child_exec(words, files, parent);
    }
    if (child.pid < 0) {
        fail("fork: %s", strerror(errno));
    }
    child.pidfd = pidfd_open(child.pid, 0);
    if (child.pidfd < 0) {
        fail("pidfd_open: %s", strerror(errno));
    }
    return child;
}

int child_end(struct child *child)
{
    int status = 0;

    if (child->pid > 0) {
        kill(child->pid, SIGKILL);
        while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
        }
        close(child->pidfd);
        child->pid = 0;
    }
    return status;
}

/* Reads a tool's error output to its end (or until the tool has ended: it may leave the pipe to
 * others), and keeps the beginning. Ends the tool and xlite if a signal arrives. */
static void read_tool(struct child *child, int fd, char *text, size_t room)
{
    struct pollfd fds[] = { { fd, POLLIN, 0 },
                            { child->pidfd, POLLIN, 0 },
                            { signals_fd(), POLLIN, 0 } };
    size_t length = 0;

    for (;;) {
        char part[512];
        ssize_t count;

        poll(fds, 3, -1);
        if (fds[2].revents != 0) {
            child_end(child);
            signals_die(0);
        }
        count = fds[0].revents != 0 ? read(fd, part, sizeof(part)) : 0;
        for (ssize_t i = 0; i < count && length < room - 1; i++) {
            text[length++] = part[i];
        }
        if (count <= 0 && fds[1].revents != 0) {
            break;
        }
        if (count <= 0 && fds[0].revents != 0) {
            fds[0].fd = -1;
        }
    }
    text[length] = '\0';
}

void child_run_tool(const struct words *words)
{
    char text[2048];
    int pipe_fds[2];
    int status;
    struct child child;

    if (pipe2(pipe_fds, O_CLOEXEC) != 0) {
        fail("pipe: %s", strerror(errno));
    }
    child = child_start(words, (struct child_files){
                                   .input = -1, .output = -1, .error = pipe_fds[1], .status = -1 });
    close(pipe_fds[1]);
    read_tool(&child, pipe_fds[0], text, sizeof(text));
    close(pipe_fds[0]);
    status = child_end(&child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fail("%s failed: %.*s", words->list[0], (int)strcspn(text, "\n"), text);
    }
}
