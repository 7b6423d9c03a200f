/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's command line.
 */
#ifndef XEN_LITE_HV_OPTIONS_H
#define XEN_LITE_HV_OPTIONS_H

#include "core/bootargs.h"

/* Set by options_read(), then constant. */
extern struct hypervisor_options options;

/* Reads the line, silently: the console depends on it. */
void options_read(const char *line);

/* Reads it again and says what is wrong with it. */
void options_complain(const char *line);

#endif
