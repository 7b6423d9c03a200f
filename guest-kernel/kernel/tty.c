/* SPDX-License-Identifier: MIT */
/*
 * The terminal: the machine's console with line editing.
 *
 * What is typed goes into one ring, in three parts:
 *
 *     given --- ready to be read --- ready --- the line being edited --- edited
 *
 * Enter moves `ready` up to `edited`, so that a reader gets whole lines. Ctrl-D does, too: its byte
 * stands in the ring as the end mark, which ends a read and is not given. In raw mode every byte
 * is ready at once.
 *
 * When the ring is full of what nobody has read, further bytes wait in the machine, and Ctrl-C with
 * them: so nothing of a long script that comes in faster than it is run gets lost.
 *
 * A background job that reads the terminal is told EIO; there is nobody who could stop it.
 */
#include "kernel/lock.h"
#include "kernel/process.h"
#include "kernel/tree.h"
#include "lib/print.h"
#include "lib/string.h"

#define INPUT_SIZE 1024 /* a power of 2 */
#define TENTH      100000000ull

#define CONTROL(letter) ((letter)&0x1f)
#define END_MARK        CONTROL('D')
#define DELETE          0x7f

#define MODES (API_TTY_LINES | API_TTY_ECHO | API_TTY_SIGNALS | API_TTY_CR_NL)

/* All with the lock. The three places run freely; modulo INPUT_SIZE they are indices. */
static struct {
    struct lock lock;
    struct api_tty settings;
    int32_t group; /* that Ctrl-C is for; 0: nobody has said */
    char input[INPUT_SIZE];
    unsigned given, ready, edited;
} tty = {
    .lock = LOCK(RANK_TTY),
    .settings = { .mode = MODES, .rows = 24, .columns = 80, .minimum = 1 },
};

static bool mode_has(uint32_t bit)
{
    return tty.settings.mode & bit;
}

static char *input_at(unsigned place)
{
    return &tty.input[place % INPUT_SIZE];
}

/* ---- What is typed ---- */

static bool is_control(char c)
{
    return (unsigned char)c < ' ' || c == DELETE;
}

static void echo(char c)
{
    char text[2] = { c };

    if (!mode_has(API_TTY_ECHO))
        return;
    if (is_control(c) && c != '\n') {
        text[0] = '^';
        text[1] = (char)(c ^ 0x40);
    }
    print_out(text, text[1] ? 2 : 1);
}

static void echo_erased(char c)
{
    if (!mode_has(API_TTY_ECHO))
        return;
    print_out("\b \b", 3);
    if (is_control(c))
        print_out("\b \b", 3);
}

/* Takes the last character of the line away: in UTF-8 that may be several bytes, of which all but
 * the first begin with the bits 10. */
static void erase(void)
{
    char c;

    if (tty.edited == tty.ready)
        return;
    do {
        c = *input_at(--tty.edited);
    } while (tty.edited != tty.ready && (c & 0xc0) == 0x80);
    echo_erased(c);
}

static void erase_line(void)
{
    while (tty.edited != tty.ready)
        erase();
}

static bool last_is_blank(void)
{
    return *input_at(tty.edited - 1) == ' ';
}

static void erase_word(void)
{
    while (tty.edited != tty.ready && last_is_blank())
        erase();
    while (tty.edited != tty.ready && !last_is_blank())
        erase();
}

/* Keeps `reserve` bytes of the ring free. False: there is no room. */
static bool put(char c, unsigned reserve)
{
    if (tty.edited - tty.given + reserve >= INPUT_SIZE)
        return false;
    *input_at(tty.edited++) = c;
    return true;
}

static void make_ready(void)
{
    tty.ready = tty.edited;
    wake(&tty);
}

/* A byte while lines are edited. Of a line that fills the whole ring the end is lost, but Enter
 * always finds room. */
static void edit(char c)
{
    switch (c) {
    case '\b':
    case DELETE: erase(); break;
    case CONTROL('U'): erase_line(); break;
    case CONTROL('W'): erase_word(); break;
    case END_MARK:
        if (put(c, 0))
            make_ready();
        break;
    case '\n':
        if (put(c, 0)) {
            echo(c);
            make_ready();
        }
        break;
    default:
        if (put(c, 1))
            echo(c);
        break;
    }
}

/* Ctrl-C and Ctrl-\ also forget what was typed before them. Whoever was waiting for the program
 * that they end begins a new line. */
static bool is_signal(char c)
{
    int signal = c == CONTROL('C') ? API_SIGINT : c == CONTROL('\\') ? API_SIGQUIT : 0;

    if (!signal || !mode_has(API_TTY_SIGNALS))
        return false;
    tty.ready = tty.edited = tty.given;
    echo(c);
    if (tty.group)
        signal_group(tty.group, signal);
    return true;
}

static void typed(char c)
{
    if (c == '\r' && mode_has(API_TTY_CR_NL))
        c = '\n';
    if (is_signal(c))
        return;
    if (mode_has(API_TTY_LINES)) {
        edit(c);
    } else if (put(c, 0)) {
        echo(c);
        make_ready();
    }
}

/* For any byte, and Enter behind it. A line that fills the ring alone cannot wait for a reader. */
static bool has_room(void)
{
    return tty.edited - tty.given + 2 <= INPUT_SIZE || tty.ready == tty.given;
}

void tty_input(void)
{
    int c;

    lock_take(&tty.lock);
    while (has_room() && (c = machine_console_read()) >= 0)
        typed((char)c);
    lock_release(&tty.lock);
}

/* ---- Reading ---- */

/* How many bytes a read of size bytes waits for. */
static size_t wanted(size_t size)
{
    size_t minimum = tty.settings.minimum;

    if (mode_has(API_TTY_LINES) || (minimum == 0 && tty.settings.tenths))
        return 1;
    return minimum < size ? minimum : size;
}

/* Until when the next byte has to come. In raw mode with a minimum the first one has time. */
static uint64_t deadline(void)
{
    bool timed = tty.settings.tenths && (tty.ready != tty.given || tty.settings.minimum == 0);

    if (mode_has(API_TTY_LINES) || !timed)
        return FOR_EVER;
    return machine_time() + tty.settings.tenths * TENTH;
}

static bool in_background(void)
{
    return tty.group && current()->group != tty.group;
}

/* 0 when the reader gets what there is now. All is looked at again each time, as others may change
 * the settings meanwhile. */
static long wait_for_input(int flags, size_t size)
{
    while (tty.ready - tty.given < wanted(size)) {
        if (in_background())
            return -API_EIO;
        if (flags & API_O_NONBLOCK)
            return tty.ready != tty.given ? 0 : -API_EAGAIN;
        if (!wait_for(&tty, &tty.lock, deadline()))
            return signal_waits() ? -API_EINTR : 0;
    }
    return in_background() ? -API_EIO : 0;
}

/* One line or a part of it, or in raw mode as much as there is. */
static size_t take(char *buffer, size_t size)
{
    bool lines = mode_has(API_TTY_LINES);
    size_t count = 0;

    while (count < size && tty.given != tty.ready) {
        char c = *input_at(tty.given);

        if (lines && c == END_MARK)
            break;
        tty.given++;
        buffer[count++] = c;
        if (lines && c == '\n')
            return count;
    }
    /* Also when size is used up just before it, or the next read would see the end once more. */
    if (lines && tty.given != tty.ready && *input_at(tty.given) == END_MARK)
        tty.given++;
    return count;
}

static long tty_read(struct file *file, void *buffer, size_t size)
{
    long result;

    if (size == 0)
        return 0;
    lock_take(&tty.lock);
    result = wait_for_input(file->flags, size);
    if (result == 0)
        result = (long)take(buffer, size);
    lock_release(&tty.lock);
    return result;
}

/* ---- Writing, and settings ---- */

static long tty_write(struct file *file, const void *buffer, size_t size)
{
    (void)file;
    lock_take(&tty.lock);
    print_out(buffer, size);
    lock_release(&tty.lock);
    return (long)size;
}

static long set(const struct api_tty *settings)
{
    if (settings->mode & ~(uint32_t)MODES)
        return -API_EINVAL;
    tty.settings = *settings;
    if (!mode_has(API_TTY_LINES))
        make_ready();
    return 0;
}

static long request_locked(int request, void *argument)
{
    switch (request) {
    case API_TTY_GET: memcpy(argument, &tty.settings, sizeof(tty.settings)); return 0;
    case API_TTY_SET: return set(argument);
    case API_TTY_GET_GROUP: memcpy(argument, &tty.group, sizeof(tty.group)); return 0;
    case API_TTY_SET_GROUP: memcpy(&tty.group, argument, sizeof(tty.group)); return 0;
    default: return -API_EINVAL;
    }
}

static long tty_request(struct file *file, int request, void *argument)
{
    long result;

    (void)file;
    lock_take(&tty.lock);
    result = request_locked(request, argument);
    lock_release(&tty.lock);
    return result;
}

const struct file_operations tty_operations = {
    .read = tty_read,
    .write = tty_write,
    .tty = tty_request,
};
