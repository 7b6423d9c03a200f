/* SPDX-License-Identifier: MIT */
/*
 * 16550 serial port, by programmed I/O.
 */
#include "x86/uart.h"

#include "x86/instr.h"

#define REG_DATA       0
#define REG_INTERRUPTS 1
#define REG_FIFO       2 /* when written */
#define REG_CAUSE      2 /* when read */
#define REG_LINE       3
#define REG_MODEM      4
#define REG_STATUS     5
#define REG_SCRATCH    7

#define INTERRUPT_INPUT     0x01
#define INTERRUPT_OUTPUT    0x02
/* On, output cleared, interrupt at 8 bytes of input or after a pause. */
#define FIFO_SETUP          0x85
#define LINE_8N1            0x03
#define LINE_DIVISOR        0x80
/* DTR, RTS, and OUT2, which on a PC lets the interrupt through. */
#define MODEM_SETUP         0x0b
#define STATUS_INPUT        0x01
#define STATUS_OUTPUT_EMPTY 0x20
#define STATUS_IDLE         0x40

#define CLOCK_BAUD 115200
#define FIFO_SIZE  16

bool uart_init(uint16_t port, uint32_t baud, int *typed)
{
    uint32_t divisor = CLOCK_BAUD / (baud == 0 ? CLOCK_BAUD : baud);

    /* A place without a port does not remember. */
    out8(port + REG_SCRATCH, 0x5a);
    if (in8(port + REG_SCRATCH) != 0x5a)
        return false;

    out8(port + REG_INTERRUPTS, 0);
    out8(port + REG_LINE, LINE_DIVISOR);
    out8(port + 0, (uint8_t)divisor);
    out8(port + 1, (uint8_t)(divisor >> 8));
    out8(port + REG_LINE, LINE_8N1);
    /* Switching the FIFO on throws away a byte that has arrived; until that one is read, no other
     * follows it. So these two stand close together. */
    *typed = uart_read(port);
    out8(port + REG_FIFO, FIFO_SETUP);
    out8(port + REG_MODEM, MODEM_SETUP);
    return true;
}

/* "Empty" is the only thing that the port says about its FIFO, so it is filled when it is empty and
 * left alone in between. */
size_t uart_write(uint16_t port, const char *text, size_t size)
{
    size_t done = 0;

    /* Empty means that the whole FIFO is free. */
    while (done < size && (in8(port + REG_STATUS) & STATUS_OUTPUT_EMPTY)) {
        size_t stop = size - done < FIFO_SIZE ? size : done + FIFO_SIZE;

        while (done < stop)
            out8(port + REG_DATA, (uint8_t)text[done++]);
    }
    return done;
}

bool uart_is_idle(uint16_t port)
{
    return in8(port + REG_STATUS) & STATUS_IDLE;
}

int uart_read(uint16_t port)
{
    if (!(in8(port + REG_STATUS) & STATUS_INPUT))
        return -1;
    return in8(port + REG_DATA);
}

void uart_set_interrupts(uint16_t port, bool output)
{
    out8(port + REG_INTERRUPTS, INTERRUPT_INPUT | (output ? INTERRUPT_OUTPUT : 0));
}

void uart_acknowledge(uint16_t port)
{
    /* Reading the cause takes back the request for output; the one for input ends with the input.
     */
    (void)in8(port + REG_CAUSE);
}
