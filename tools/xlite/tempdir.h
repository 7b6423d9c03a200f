/* SPDX-License-Identifier: MIT */
/*
 * One private directory for everything that a run writes: images, unpacked kernels, firmware
 * variables.
 */
#ifndef XLITE_TEMPDIR_H
#define XLITE_TEMPDIR_H

#include "words.h"

/* Makes the directory, readable by this user only, and arranges that exit() removes it. */
void tempdir_create(void);

/* Names a file in the directory (new string). Before tempdir_create(), as in a dry run, the name
 * has the form that a run would use. */
char *tempdir_path(const char *name);

/* Opens the files that a command names, puts /dev/fd/N in place of their names, and removes the
 * directory. The command must be the next child. */
void tempdir_hand_over(struct words *words);

/* Removes the directory and the files in it. Safe to call at any time and more than once. */
void tempdir_remove(void);

#endif
