/* SPDX-License-Identifier: MIT */
/* The console: the first serial port (a 16550 at 0x3f8), 115200 bits a second. Output waits until
 * the port takes it; input is announced by its interrupt, and asked for. */
#include "machine/native/instructions.h"
#include "machine/native/native.h"

#define PORT 0x3f8

enum serial_register {
    SERIAL_DATA = 0,
    SERIAL_INTERRUPTS = 1,
    SERIAL_FIFO = 2,
    SERIAL_LINE_CONTROL = 3,
    SERIAL_MODEM_CONTROL = 4,
    SERIAL_LINE_STATUS = 5,
};

#define INTERRUPT_ON_INPUT 0x01
#define FIFO_ON_AND_EMPTY  0x07
#define LINE_8_BITS        0x03
#define LINE_DIVISOR       0x80 /* the first two registers are the divisor of 115200 */
#define MODEM_READY        0x03
#define MODEM_INTERRUPTS   0x08 /* the wire to the interrupt controller */
#define STATUS_INPUT       0x01
#define STATUS_ROOM        0x20

static uint8_t port_read(enum serial_register which)
{
    return in8((uint16_t)(PORT + which));
}

static void port_write(enum serial_register which, uint8_t value)
{
    out8((uint16_t)(PORT + which), value);
}

void native_console_init(void)
{
    port_write(SERIAL_INTERRUPTS, 0);
    port_write(SERIAL_LINE_CONTROL, LINE_DIVISOR);
    port_write(SERIAL_DATA, 1);
    port_write(SERIAL_INTERRUPTS, 0);
    port_write(SERIAL_LINE_CONTROL, LINE_8_BITS);
    port_write(SERIAL_FIFO, FIFO_ON_AND_EMPTY);
    port_write(SERIAL_MODEM_CONTROL, MODEM_READY | MODEM_INTERRUPTS);
}

void native_console_bind(void (*handler)(void))
{
    native_line_bind(LINE_CONSOLE, handler);
    port_write(SERIAL_INTERRUPTS, INTERRUPT_ON_INPUT);
}

static void put(char c)
{
    while (!(port_read(SERIAL_LINE_STATUS) & STATUS_ROOM))
        ;
    port_write(SERIAL_DATA, (uint8_t)c);
}

void machine_console_write(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n')
            put('\r');
        put(text[i]);
    }
}

int machine_console_read(void)
{
    return port_read(SERIAL_LINE_STATUS) & STATUS_INPUT ? port_read(SERIAL_DATA) : -1;
}
