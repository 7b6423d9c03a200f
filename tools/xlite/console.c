/* SPDX-License-Identifier: MIT */
/*
 * The pump: one loop that carries bytes between QEMU's serial port and the user, and watches for
 * the end.
 *
 * Input waits until a domain can take it. On UEFI the firmware's console is on the same serial line
 * and would take the first keys for its own; the hypervisor drops keys while it has no domain. So
 * keys go out when the hypervisor says where its input goes, or a domain prints something, or at
 * the latest a second after the hypervisor's first line. Without a hypervisor they go out when
 * anything has been printed.
 */
#include "console.h"

#include "child.h"
#include "terminal.h"
#include "verdict.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How long QEMU may live on (seconds) once the hypervisor has said its last word: until nothing
 * more comes for a while, in which it powers off or prints its backtrace, and never longer than the
 * limit. Xen never powers off by itself, and says nothing more. */
static const double silence_xen_lite = 1.0;
static const double silence_xen = 0.05;
static const double final_limit = 5.0;

/* How long input waits (seconds) after the hypervisor's first line. Until Xen has started its
 * domain, which may last, it takes keys for commands to itself. */
static const double input_delay = 1.0;
static const double input_delay_xen = 15.0;

/* Collects bytes to lines. A longer line is cut. */
struct line {
    char text[512];
    size_t length;
};

enum { POLL_SIGNAL, POLL_QEMU, POLL_CONSOLE, POLL_STATUS, POLL_INPUT, POLL_OUTPUT, POLL_COUNT };

struct run {
    const struct options *options;
    struct child qemu;
    int console; /* from QEMU's first serial port; -1 when it is closed */
    int status;  /* tells of the end (verdict.c); -1 when it is closed */
    int to_console;
    bool input_wanted; /* stdin has more */
    bool input_ready;  /* somebody listens */
    double input_due;  /* when to send in any case; 0 before the hypervisor's first line */
    char input[256];   /* read, but not yet taken by QEMU */
    size_t input_length;
    struct line console_line, status_line;
    struct verdict verdict;
    double deadline;     /* of --timeout; 0 if none */
    double last_output;  /* when something last came */
    double verdict_time; /* when the verdict was known; 0 before it */
};

/* Seconds on a clock that nobody sets. */
static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Takes one byte; true if that completes a line, which is then in line->text. */
static bool line_take(struct line *line, char byte)
{
    if (byte == '\n') {
        line->text[line->length] = '\0';
        line->length = 0;
        return true;
    }
    if (byte != '\r' && line->length < sizeof(line->text) - 1) {
        line->text[line->length++] = byte;
    }
    return false;
}

/* Everything, or the tool ends as one whose reader has gone away. */
static void write_stdout(const char *data, size_t length)
{
    while (length > 0) {
        ssize_t count = write(STDOUT_FILENO, data, length);
        struct pollfd out = { STDOUT_FILENO, POLLOUT, 0 };

        if (count < 0 && errno == EAGAIN) {
            poll(&out, 1, -1);
        } else if (count < 0 && errno != EINTR) {
            signals_die(SIGPIPE);
        }
        data += count > 0 ? count : 0;
        length -= count > 0 ? (size_t)count : 0;
    }
}

/* The prefixes of the two hypervisors. A guest can print them as well, so nothing depends on this
 * but when input is let out. */
static bool is_hypervisor_line(const char *line)
{
    return strncmp(line, "(xen-lite) ", 11) == 0 || strncmp(line, "(XEN) ", 6) == 0;
}

/* Decides from the lines of the console when input may go out. Xen says where input goes some time
 * before its domain reads it, and keeps few bytes until then. */
static void watch_for_listener(struct run *run, const char *line)
{
    bool is_xen = run->options->hypervisor == HYPERVISOR_XEN;
    bool from_hypervisor = is_hypervisor_line(line);
    bool tells_of_input = from_hypervisor && strcasestr(line, "input") != NULL;

    if (run->input_due <= 0 && from_hypervisor)
        run->input_due = now() + (is_xen ? input_delay_xen : input_delay);
    else if (is_xen && tells_of_input)
        run->input_due = now() + input_delay;
    if (run->input_due > 0 && (!from_hypervisor || (tells_of_input && !is_xen)))
        run->input_ready = true;
}

/* What QEMU's first serial port has sent: to stdout at once, unfinished lines too, and then a look
 * at what it says. */
static void take_console(struct run *run, const char *data, size_t length)
{
    write_stdout(data, length);
    run->last_output = now();
    run->input_ready = run->input_ready || run->options->hypervisor == HYPERVISOR_NONE;
    for (size_t i = 0; i < length; i++) {
        if (!line_take(&run->console_line, data[i])) {
            continue;
        }
        watch_for_listener(run, run->console_line.text);
        if (run->options->hypervisor == HYPERVISOR_XEN) {
            verdict_take_console(&run->verdict, run->console_line.text);
        }
    }
}

/* What the second serial port has sent, or QEMU. It is for xlite only. */
static void take_status(struct run *run, const char *data, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!line_take(&run->status_line, data[i])) {
            continue;
        }
        if (run->options->hypervisor == HYPERVISOR_NONE) {
            verdict_take_event(&run->verdict, run->status_line.text);
        } else {
            verdict_take_status(&run->verdict, run->status_line.text);
        }
    }
}

/* Reads what there is and hands it on. False at the end of file. */
static bool pump_from(struct run *run, int fd,
                      void (*take)(struct run *run, const char *data, size_t length))
{
    char data[4096];
    ssize_t count = read(fd, data, sizeof(data));

    if (count > 0) {
        take(run, data, (size_t)count);
    }
    return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
}

/* Takes keys from the user. Called only when those before are gone, so that a guest that does not
 * read stops the pipe that feeds it and nothing is lost. */
static void pump_input(struct run *run)
{
    ssize_t count = read(STDIN_FILENO, run->input, sizeof(run->input));

    run->input_length = count > 0 ? (size_t)count : 0;
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) {
        run->input_wanted = false;
    }
}

/* Gives QEMU as many keys as it takes. If it takes none any more (it has ended), neither do we. */
static void pump_to_qemu(struct run *run)
{
    ssize_t count = write(run->to_console, run->input, run->input_length);

    if (count > 0) {
        run->input_length -= (size_t)count;
        memmove(run->input, run->input + count, run->input_length);
    } else if (count < 0 && errno != EINTR && errno != EAGAIN) {
        run->input_length = 0;
        run->input_wanted = false;
    }
}

/* Says what to wait for. A descriptor of -1 is one that poll() passes over. */
static void poll_prepare(const struct run *run, struct pollfd *fds)
{
    bool may_read = run->input_wanted && run->input_ready && run->input_length == 0;

    fds[POLL_SIGNAL] = (struct pollfd){ signals_fd(), POLLIN, 0 };
    fds[POLL_QEMU] = (struct pollfd){ run->qemu.pidfd, POLLIN, 0 };
    fds[POLL_CONSOLE] = (struct pollfd){ run->console, POLLIN, 0 };
    fds[POLL_STATUS] = (struct pollfd){ run->status, POLLIN, 0 };
    fds[POLL_INPUT] = (struct pollfd){ may_read ? STDIN_FILENO : -1, POLLIN, 0 };
    fds[POLL_OUTPUT] = (struct pollfd){ run->input_length > 0 ? run->to_console : -1, POLLOUT, 0 };
}

/* When QEMU is ended after the hypervisor's last word; 0 before it. */
static double final_deadline(const struct run *run)
{
    bool is_xen = run->options->hypervisor == HYPERVISOR_XEN;
    double silent = run->last_output + (is_xen ? silence_xen : silence_xen_lite);
    double limit = run->verdict_time + final_limit;

    if (run->verdict_time <= 0) {
        return 0;
    }
    return silent < limit ? silent : limit;
}

/* Milliseconds until something is due, -1 for never. */
static int poll_time(const struct run *run)
{
    double times[] = { final_deadline(run), run->deadline,
                       run->input_wanted && !run->input_ready ? run->input_due : 0 };
    double due = 0;
    double left;

    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        if (times[i] > 0 && (due <= 0 || times[i] < due)) {
            due = times[i];
        }
    }
    if (due <= 0) {
        return -1;
    }
    left = (due - now()) * 1000 + 1;
    return left < 0 ? 0 : (int)left;
}

/* One round of the loop. False when QEMU has ended and everything it wrote has been taken. */
static bool run_step(struct run *run)
{
    struct pollfd fds[POLL_COUNT];

    poll_prepare(run, fds);
    if (poll(fds, POLL_COUNT, poll_time(run)) < 0) {
        return true;
    }
    if (fds[POLL_SIGNAL].revents != 0) {
        child_end(&run->qemu);
        signals_die(0);
    }
    if (fds[POLL_CONSOLE].revents != 0 && !pump_from(run, run->console, take_console)) {
        run->console = -1;
    }
    if (fds[POLL_STATUS].revents != 0 && !pump_from(run, run->status, take_status)) {
        run->status = -1;
    }
    if (fds[POLL_INPUT].revents != 0) {
        pump_input(run);
    }
    if (fds[POLL_OUTPUT].revents != 0) {
        pump_to_qemu(run);
    }
    return fds[POLL_QEMU].revents == 0 || fds[POLL_CONSOLE].revents != 0 ||
           fds[POLL_STATUS].revents != 0;
}

/* Whether keys, or a debugger, may come yet. */
static bool somebody_there(const struct run *run)
{
    return run->input_wanted || run->input_length > 0 || run->options->gdb_port != 0;
}

/* The loop. True if QEMU ended, or was ended after the hypervisor's last word; false on time-out.
 */
static bool run_loop(struct run *run)
{
    while (run_step(run)) {
        double time = now();

        run->input_ready = run->input_ready || (run->input_due > 0 && time >= run->input_due);
        if (verdict_is_final(&run->verdict, somebody_there(run)) && run->verdict_time <= 0) {
            run->verdict_time = run->last_output = time;
        }
        if (run->verdict_time > 0 && time >= final_deadline(run)) {
            return true;
        }
        if (run->deadline > 0 && time >= run->deadline) {
            return false;
        }
    }
    return true;
}

/* stdin is a console if it is a terminal, a pipe or a file; /dev/null and the like are none. */
static bool stdin_is_console(void)
{
    struct stat status;

    return isatty(STDIN_FILENO) ||
           (fstat(STDIN_FILENO, &status) == 0 &&
            (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || S_ISREG(status.st_mode)));
}

/* The descriptor that tells of the end, and its other side for QEMU. QEMU tells events only to
 * whoever has asked what it can do. */
static bool make_status(const struct options *options, int status[2])
{
    static const char hello[] = "{\"execute\": \"qmp_capabilities\"}\n";

    if (options->hypervisor != HYPERVISOR_NONE) {
        return pipe2(status, O_CLOEXEC) == 0;
    }
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, status) == 0 &&
           write(status[0], hello, strlen(hello)) == (ssize_t)strlen(hello);
}

/* Starts QEMU with pipes for its serial ports. Our copies of its ends are closed, or we would never
 * see the end of file. */
static void run_start(struct run *run, const struct words *qemu)
{
    int input[2], output[2], status[2];

    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0 ||
        !make_status(run->options, status)) {
        fail("pipe: %s", strerror(errno));
    }
    run->qemu = child_start(
        qemu, (struct child_files){
                  .input = input[0], .output = output[1], .error = -1, .status = status[1] });
    close(input[0]);
    close(output[1]);
    close(status[1]);
    run->to_console = input[1];
    run->console = output[0];
    run->status = status[0];
    /* A full pipe must not stop the pump. */
    fcntl(run->to_console, F_SETFL, O_NONBLOCK);
}

enum exit_status console_run(const struct options *options, const struct words *qemu)
{
    struct run run = {
        .options = options,
        .input_wanted = stdin_is_console(),
        .verdict = { .hypervisor = options->hypervisor, .domains = options->domain_count },
        .deadline = options->timeout > 0 ? now() + options->timeout : 0,
    };
    bool ended;
    int status;

    terminal_raw(options->guest_gets_ctrl_c);
    run_start(&run, qemu);
    ended = run_loop(&run);
    status = child_end(&run.qemu);
    if (!ended) {
        say("time-out after %g seconds", options->timeout);
        return EXIT_TIMED_OUT;
    }
    /* QEMU has said why: an option that it does not take, for example. */
    if (WIFEXITED(status) && !verdict_take_exit(&run.verdict, WEXITSTATUS(status))) {
        say("QEMU failed with exit status %d", WEXITSTATUS(status));
        return EXIT_BAD_INPUT;
    }
    return verdict_exit_status(&run.verdict);
}
