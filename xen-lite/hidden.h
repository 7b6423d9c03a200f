/* SPDX-License-Identifier: MIT */
/*
 * Included before everything else (sources.mk): all names are the image's own. So the compiler
 * reaches them relative to RIP and not by way of a table of addresses.
 */
#pragma GCC visibility push(hidden)
