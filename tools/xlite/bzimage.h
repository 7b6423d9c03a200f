/* SPDX-License-Identifier: MIT */
/*
 * Linux bzImage: finds the compressed kernel inside.
 */
#ifndef XLITE_BZIMAGE_H
#define XLITE_BZIMAGE_H

#include "lib/problem.h"
#include "lib/span.h"

/* True if the file carries Linux' setup header. */
bool bzimage_is(struct span file);

/* Finds the payload: a part of the file. False if the header is too old to tell or points outside.
 */
bool bzimage_payload(struct span file, struct span *payload, struct problem *problem);

#endif
