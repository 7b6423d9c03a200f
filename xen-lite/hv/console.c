/* SPDX-License-Identifier: MIT */
/*
 * Console output and input.
 *
 * The buffer is a ring. Who writes to it also feeds the port, as far as the port takes bytes at
 * once; the rest goes out by the port's interrupt or with the next write. So output needs no CPU of
 * its own, and a terminal that is stuck costs its own output only.
 *
 * On the screen text is shown a row at a time from a timer of the boot CPU, so that whoever writes
 * does not wait for it, however much scrolls by. At boot, where each line may be the last one that
 * comes, and in a panic it is shown at once.
 */
#include "hv/console.h"

#include "hv/lock.h"
#include "hv/options.h"
#include "hv/print.h"
#include "hv/timer.h"
#include "hv/work.h"
#include "lib/boot_info.h"
#include "lib/format.h"
#include "lib/string.h"
#include "x86/clock.h"
#include "x86/interrupt.h"
#include "x86/ioapic.h"
#include "x86/screen.h"
#include "x86/uart.h"
#include "x86/vector.h"

#define OUTPUT_SIZE 16384
/* What guests write leaves so much for the hypervisor's own lines, which do not wait: two reports
 * of a crash. A guest that writes without end would else keep from the operator how another ended.
 */
#define OWN_ROOM    4096
#define INPUT_SIZE  256
/* Polls until the reader of the port is taken to be gone. */
#define SYNC_TRIES  1000000
/* From one row to the next: the whole screen is shown anew in a tenth of a second or two. */
#define ROW_NS      4000000UL
/* Input for which its reader has no room is offered again after so long. */
#define HELD_NS     1000000UL

/* Keys: k = console lock; c = set at boot; o = the boot CPU only. */
static struct {
    struct spinlock lock;
    uint16_t port;                                 /* c: 0 = no serial console */
    unsigned int irq;                              /* c */
    bool interrupts;                               /* c */
    bool panic;                                    /* set once, when no other CPU runs */
    bool screen_later;                             /* c: rows are shown by and by */
    enum { SHOWN, CHANGED, ROW_TIMER_SET } screen; /* k: changed: WORK_SERIAL shows the first row */
    bool waits_for_port;                           /* k: the port is to say when it can take more */
    uint32_t head, tail;             /* k: bytes written to and taken from output, modulo 2^32 */
    char last;                       /* k: last byte written */
    uint32_t lost_lines;             /* k */
    bool refused;                    /* k: a writer was told that there is no room */
    uint32_t input_head, input_tail; /* o */
    bool (*input_hook)(char c);      /* c */
    void (*room_hook)(void);         /* c */
} console = { .lock = SPINLOCK(LOCK_CONSOLE), .last = '\n' };

static struct timer row_timer;   /* shows rows while there are any to show; boot CPU */
static struct timer held_timer;  /* set while input is held back; boot CPU */
static char output[OUTPUT_SIZE]; /* k */
static char typed[INPUT_SIZE];   /* o */

/* After console_enter_panic() the lock may be held for ever by a CPU that was stopped. */
static void lock(void)
{
    if (!console.panic)
        spin_lock(&console.lock);
}

static void unlock(void)
{
    if (!console.panic)
        spin_unlock(&console.lock);
}

static uint32_t used(void)
{
    return console.head - console.tail;
}

/* Gives the port what it takes now. Lock held. */
static void drain(void)
{
    while (used() != 0) {
        uint32_t start = console.tail % OUTPUT_SIZE;
        uint32_t run = min(used(), OUTPUT_SIZE - start);
        uint32_t done = (uint32_t)uart_write(console.port, output + start, run);

        console.tail += done;
        if (done < run)
            break;
    }
    bool wait = used() != 0;

    /* Whoever made the room: the refused writer is told from the boot CPU. */
    if (console.refused && used() < OUTPUT_SIZE / 2 && !console.panic)
        work_raise_on(0, WORK_SERIAL);
    if (console.interrupts && wait != console.waits_for_port) {
        console.waits_for_port = wait;
        uart_set_interrupts(console.port, wait);
    }
}

/* Until the last byte has left the port, or nothing moves any more. */
static void drain_all(void)
{
    if (console.port == 0)
        return;
    for (unsigned int i = 0; i < SYNC_TRIES && (used() != 0 || !uart_is_idle(console.port)); i++)
        drain();
}

static void show_all(void)
{
    while (screen_draw_row())
        ;
}

/* Lock held. */
static void write_screen(const char *text, size_t size)
{
    screen_write(text, size);
    if (console.panic || !console.screen_later || options.sync_console) {
        show_all();
    } else if (console.screen == SHOWN) {
        console.screen = CHANGED;
        work_raise_on(0, WORK_SERIAL);
    }
}

/* Shows a row, and has the timer show the next one. */
static void show_row(void *unused)
{
    (void)unused;
    lock();
    bool more = screen_draw_row();

    console.screen = more ? ROW_TIMER_SET : SHOWN;
    unlock();
    if (more)
        timer_set(&row_timer, now_ns() + ROW_NS);
}

static void put(char c)
{
    output[console.head++ % OUTPUT_SIZE] = c;
    console.last = c;
}

/* Whether size bytes fit, each of which may be a line feed that becomes two. */
static bool has_room(size_t size)
{
    return 2 * size <= OUTPUT_SIZE - used();
}

/* Lock held, room checked. */
static void append(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\n' && console.last != '\r')
            put('\r');
        put(text[i]);
    }
}

static void feed(void)
{
    if (console.panic || options.sync_console)
        drain_all();
    else
        drain();
}

/* Only once there is room again, or it would be lost itself. */
static void say_what_was_lost(void)
{
    char text[64];
    size_t size;

    if (console.lost_lines == 0 || used() > OUTPUT_SIZE / 2)
        return;
    size = format_string(text, sizeof(text), "(xen-lite) %u lines were lost here\n",
                         console.lost_lines);
    console.lost_lines = 0;
    append(text, size);
}

bool console_write(const char *text, size_t size)
{
    lock();
    /* Who was refused once gets his turn before those who come again and again. */
    bool queue = console.refused && used() >= OUTPUT_SIZE / 2;
    bool room = console.port == 0 || (has_room(size + OWN_ROOM / 2) && !queue);

    if (room && console.port != 0) {
        append(text, size);
        feed();
    }
    if (room)
        write_screen(text, size);
    console.refused |= !room;
    unlock();
    return room;
}

void console_write_line(const char *text, size_t size)
{
    lock();
    if (console.port != 0) {
        say_what_was_lost();
        if (has_room(size + 1)) {
            if (console.last != '\n')
                append("\n", 1);
            append(text, size);
        } else {
            console.lost_lines++;
        }
        feed();
    }
    write_screen(text, size);
    unlock();
}

void console_sync(void)
{
    lock();
    drain_all();
    show_all();
    unlock();
}

void console_enter_panic(void)
{
    console.panic = true;
    drain_all();
    show_all();
}

/* ---- input ---- */

static void take_input(char c)
{
    typed[console.input_head++ % INPUT_SIZE] = c;
}

/* Takes what has arrived, as far as there is room; the rest waits in the port. */
static void read_port(void)
{
    while (console.input_head - console.input_tail < INPUT_SIZE) {
        int c = uart_read(console.port);

        if (c < 0)
            return;
        take_input((char)c);
    }
}

static void port_interrupt(void)
{
    uart_acknowledge(console.port);
    read_port();
    work_raise(WORK_SERIAL);
}

/* Offers what was typed to its reader. False: there is no room for all of it. */
static bool hand_on(void)
{
    while (console.input_tail != console.input_head) {
        char c = typed[console.input_tail % INPUT_SIZE];

        if (console.input_hook != NULL && !console.input_hook(c))
            return false;
        console.input_tail++;
    }
    return true;
}

static void offer_again(void *arg)
{
    (void)arg;
    work_raise(WORK_SERIAL);
}

/* WORK_SERIAL. */
static void serve(void)
{
    bool held = !hand_on();

    /* The interrupt comes when the first byte arrives in an empty port: it must have been empty
     * once before this ends, or the timer is set. A long stream lets other work have its turn. */
    read_port();
    if (held)
        timer_set(&held_timer, now_ns() + HELD_NS);
    else if (console.input_tail != console.input_head)
        work_raise(WORK_SERIAL);
    lock();
    feed();
    bool tell = console.refused && used() < OUTPUT_SIZE / 2;

    if (tell)
        console.refused = false;
    bool show = console.screen == CHANGED;
    unlock();
    if (show)
        show_row(NULL);
    if (tell && console.room_hook != NULL)
        console.room_hook();
}

void console_set_hooks(bool (*input)(char c), void (*room)(void))
{
    console.input_hook = input;
    console.room_hook = room;
}

/* ---- set-up ---- */

/* Opens a serial port as the console if console= names it and it is there. A machine without one is
 * not in error: there may be a screen, or nobody who wants to read. */
static bool use_port(unsigned int device)
{
    const struct serial_setup *setup = device == CONSOLE_COM1 ? &options.com1 : &options.com2;
    uint16_t usual = device == CONSOLE_COM1 ? UART_COM1 : UART_COM2;
    uint16_t port = setup->io_base != 0 ? (uint16_t)setup->io_base : usual;

    int early = -1;

    if (!(options.console & device) || !uart_init(port, setup->speed, &early))
        return false;
    if (early >= 0)
        take_input((char)early);
    console.port = port;
    console.irq = setup->interrupt;
    if (console.irq == 0 || console.irq > 15)
        console.irq = device == CONSOLE_COM1 ? UART_COM1_IRQ : UART_COM2_IRQ;
    return true;
}

void console_init(const struct boot_info *info)
{
    struct problem problem;

    if (!use_port(CONSOLE_COM1))
        use_port(CONSOLE_COM2);
    if ((options.console & CONSOLE_VGA) && !screen_init(info, &problem))
        print(LOG_INFO, "no screen: %s\n", problem.text);
}

void console_init_interrupts(void)
{
    work_register(WORK_SERIAL, serve);
    timer_init(&row_timer, show_row, NULL);
    timer_init(&held_timer, offer_again, NULL);
    if (console.port == 0)
        return;
    interrupt_set_handler(VECTOR_IRQ0 + console.irq, port_interrupt);
    console.interrupts = ioapic_route(console.irq, 0);
    uart_set_interrupts(console.port, false);
    /* What arrived before has raised its interrupt in vain. */
    port_interrupt();
}

void console_end_boot(void)
{
    console.screen_later = true;
}
