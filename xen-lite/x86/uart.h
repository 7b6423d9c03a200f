/* SPDX-License-Identifier: MIT */
/*
 * A 16550 serial port.
 */
#ifndef XEN_LITE_X86_UART_H
#define XEN_LITE_X86_UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UART_COM1     0x3f8
#define UART_COM2     0x2f8
#define UART_COM1_IRQ 4
#define UART_COM2_IRQ 3

/* Sets speed and format (8 data bits, no parity, 1 stop bit). False if no port is there. *typed
 * becomes the byte that had arrived before, or -1: it must not get lost, somebody may pipe a script
 * in. */
bool uart_init(uint16_t port, uint32_t baud, int *typed);

/* Writes as many of the bytes as the port takes now. Returns how many. */
size_t uart_write(uint16_t port, const char *text, size_t size);

/* True if all that was written has left the port. */
bool uart_is_idle(uint16_t port);

/* The next byte that has arrived, or -1. */
int uart_read(uint16_t port);

/* Interrupts for arrived bytes, and (if wanted) when the port can take more. Returns at once. */
void uart_set_interrupts(uint16_t port, bool output);

/* Quiets the interrupt: to be called by its handler before reading and writing. */
void uart_acknowledge(uint16_t port);

#endif
