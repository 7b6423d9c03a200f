/* SPDX-License-Identifier: MIT */
/* Signals within the process half; process.h has what all may call. */
#ifndef GUEST_KERNEL_KERNEL_SIGNAL_H
#define GUEST_KERNEL_KERNEL_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

struct process;

#define SIGNAL_BIT(signal) (1u << (signal))

/* Whether nothing happens to p on that signal. The process lock is held. */
bool signal_has_no_effect(const struct process *p, uint32_t bit);

/* A signal for p, which wakes it unless it is blocked or of no interest. The process lock is held.
 */
void signal_send(struct process *p, int signal);

/* From now on these signals of the current process wait, all but SIGKILL. */
void signal_block(uint32_t blocked);

/* For a fault of the current process: whether its handler for that signal will be called on the way
 * to user mode. If not, nothing can be done but to end it. */
bool signal_catch_fault(int signal);

/* On the way to user mode: calls handlers, or ends the current process. */
void signals_deliver(void);

/* Loads what a handler's signal interrupted, from the state on the program's stack; the result is
 * the program's result register. */
long signal_return(uintptr_t state);

#endif
