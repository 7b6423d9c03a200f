/* SPDX-License-Identifier: MIT */
/*
 * Linux bzImage: finds the compressed kernel inside.
 */
#ifndef XLITE_BZIMAGE_H
#define XLITE_BZIMAGE_H

#include "bytes.h"

/* True if the file carries Linux' setup header. */
bool bzimage_is(struct bytes file);

/* Finds the payload: a view into the file. False if the header is too old to tell or points
 * outside. */
bool bzimage_payload(struct bytes file, struct bytes *payload, struct problem *problem);

#endif
