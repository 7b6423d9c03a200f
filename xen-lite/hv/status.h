/* SPDX-License-Identifier: MIT */
/*
 * The status channel: a second serial port on which tools read what happened, so that no guest can
 * forge it on the console. status_line() is in hv/print.h.
 */
#ifndef XEN_LITE_HV_STATUS_H
#define XEN_LITE_HV_STATUS_H

/* Opens the port that status= names, if any. */
void status_init(void);

#endif
