/* SPDX-License-Identifier: MIT */
/*
 * A run: QEMU as a child, its serial port on stdin and stdout.
 */
#ifndef XLITE_CONSOLE_H
#define XLITE_CONSOLE_H

#include "options.h"
#include "report.h"
#include "words.h"

/* Runs QEMU until it ends, the time is over or a signal arrives. Returns xlite's exit status; on a
 * signal it does not return. QEMU does not run any more then. */
enum exit_status console_run(const struct options *options, const struct words *qemu);

#endif
