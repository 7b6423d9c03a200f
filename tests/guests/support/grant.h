/* SPDX-License-Identifier: MIT */
/*
 * The guest's own grant table, and calls about grants. Each ends the test if the call itself fails;
 * an element's status is the result.
 */
#ifndef TESTS_GUESTS_SUPPORT_GRANT_H
#define TESTS_GUESTS_SUPPORT_GRANT_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/xen.h"

/* Frames of the table that a test can see. */
#define GRANT_FRAMES 4

/* This domain's number. */
domid_t own_domain(void);

/* grant_table_op with one element; the raw result. */
long grant_op(unsigned operation, void *argument);

/* Grows the table to so many frames and maps them. */
void grant_setup(unsigned frames);

/* Its entries; those of one frame only are next to each other. */
volatile struct grant_entry_v1 *grant_v1(grant_ref_t ref);
volatile union grant_entry_v2 *grant_v2(grant_ref_t ref);

/* Writes an entry of format 1: frame and domain first, flags last. */
void grant_page(grant_ref_t ref, domid_t domain, const volatile void *page, unsigned flags);
void grant_mfn(grant_ref_t ref, domid_t domain, uint64_t mfn, unsigned flags);

/* map_grant_ref, of that domain's entry. */
int grant_map(struct gnttab_map_grant_ref *op, domid_t domain, grant_ref_t ref, uint64_t address,
              unsigned flags);
/* The same to write, at the page's own address; the handle in *handle. */
int grant_map_at(domid_t domain, grant_ref_t ref, const volatile void *at, unsigned flags,
                 grant_handle_t *handle);
int grant_unmap(grant_handle_t handle, uint64_t address, uint64_t bus_address);
int grant_unmap_at(grant_handle_t handle, const volatile void *at);

/* One end of a copy. */
struct gnttab_copy_ptr grant_end(domid_t domain, grant_ref_t ref, unsigned offset);
struct gnttab_copy_ptr page_end(const volatile void *page, unsigned offset);
int grant_copy(struct gnttab_copy_ptr from, struct gnttab_copy_ptr to, unsigned length,
               unsigned flags);

#endif
