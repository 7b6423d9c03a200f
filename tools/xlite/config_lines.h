/* SPDX-License-Identifier: MIT */
/*
 * Which keys a configuration file sets, and on which lines.
 */
#ifndef XLITE_CONFIG_LINES_H
#define XLITE_CONFIG_LINES_H

#include "bytes.h"

struct config_line {
    char *key;
    unsigned line;
};

struct config_lines {
    struct config_line *list;
    size_t count;
};

/* Lists the assignments of a file that libxlutil has accepted. */
struct config_lines config_lines_find(struct bytes file);

#endif
