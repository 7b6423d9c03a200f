/* SPDX-License-Identifier: MIT */
/*
 * Status lines. They are rare, short and must not be lost, so they are written at once and waited
 * for, up to a limit.
 */
#include "hv/status.h"

#include <stdarg.h>

#include "hv/options.h"
#include "hv/print.h"
#include "lib/format.h"
#include "lib/types.h"
#include "x86/uart.h"

#define STATUS_BAUD 115200
#define LINE_SIZE   160
/* Polls without progress after which the reader is taken to be gone. */
#define PATIENCE    1000000

static uint16_t port; /* 0: no status channel */

void status_init(void)
{
    uint16_t wanted = 0;
    int ignored;

    if (options.status == STATUS_COM1)
        wanted = UART_COM1;
    if (options.status == STATUS_COM2)
        wanted = UART_COM2;
    if (wanted == 0)
        return;
    if (!uart_init(wanted, STATUS_BAUD, &ignored)) {
        print(LOG_WARNING, "status=: there is no such serial port\n");
        return;
    }
    port = wanted;
    /* UEFI writes on every serial port, and may have left a line without its end. */
    status_line("%s", "");
}

void status_line(const char *format, ...)
{
    char line[LINE_SIZE];
    va_list args;

    if (port == 0)
        return;
    va_start(args, format);
    size_t size = format_va(line, sizeof(line) - 1, format, args);
    va_end(args);
    size = min(size, sizeof(line) - 2);
    line[size++] = '\n';

    /* Without a lock: a line is as good as never written by two CPUs at once, and a panic must get
     * through. */
    size_t done = 0;

    for (unsigned int i = 0; i < PATIENCE && (done < size || !uart_is_idle(port)); i++)
        done += uart_write(port, line + done, size - done);
}
