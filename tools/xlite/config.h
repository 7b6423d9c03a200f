/* SPDX-License-Identifier: MIT */
/*
 * GUEST.cfg files: the syntax and the keys of xl.cfg(5).
 */
#ifndef XLITE_CONFIG_H
#define XLITE_CONFIG_H

#include "domain.h"

/* Reads a file into a domain. Ends the tool with a line that names the file, the line and the key
 * if something is wrong; a key of xl that has no meaning here gets a warning and is ignored. */
void config_read(const char *path, struct domain *domain);

#endif
