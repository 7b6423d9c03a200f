/* SPDX-License-Identifier: MIT */
/*
 * The part of the list of domains that only creation and destruction use.
 */
#ifndef XEN_LITE_DOMAIN_LIST_H
#define XEN_LITE_DOMAIN_LIST_H

#include "domain/domain.h"

/* Gives d an id and enters it, with one reference. False: there are MAX_DOMAINS. */
bool domain_list_add(struct domain *d);

/* Takes d out; nobody finds it any more. Puts the list's reference, so that d may be gone. */
void domain_list_remove(struct domain *d);

/* The last reference is gone (domain/create.c). */
void domain_free(struct domain *d);

/* Undoes vcpu_create() (domain/create.c). v is not loaded and its timers are stopped. */
void vcpu_free(struct vcpu *v);

#endif
