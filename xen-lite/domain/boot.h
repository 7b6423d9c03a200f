/* SPDX-License-Identifier: MIT */
/*
 * Domains from boot modules.
 */
#ifndef XEN_LITE_DOMAIN_BOOT_H
#define XEN_LITE_DOMAIN_BOOT_H

#include "domain/domain.h"
#include "lib/boot_info.h"

/* Builds a domain (pv_build of pv/pv.h): all but letting it run. It says in words what is wrong and
 * returns null if it cannot. ramdisk may be null. */
typedef struct domain *domain_builder(const struct domain_config *config,
                                      const struct boot_module *kernel,
                                      const struct boot_module *ramdisk);

/* Makes the domains that the boot modules describe and lets them run. Returns how many run: with
 * nothing to run there is no reason to go on. */
unsigned int domains_boot(const struct boot_info *info, domain_builder *build);

#endif
