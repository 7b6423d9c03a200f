/* SPDX-License-Identifier: MIT */
/*
 * Domains from boot modules.
 */
#ifndef XEN_LITE_DOMAIN_BOOT_H
#define XEN_LITE_DOMAIN_BOOT_H

#include "domain/domain.h"
#include "lib/boot_info.h"
#include "lib/span.h"

enum build_result { BUILD_AGAIN, BUILD_DONE, BUILD_FAILED };

struct build; /* a domain under construction */
struct image; /* what is known of a kernel's file, for all domains that are built from it */

/* How a kind of guest is built (pv_builder of pv/pv.h): all but letting it run. */
struct domain_builder {
    /* Once, at boot: it takes as long as the file wants. Null: there is nothing to know, or no
     * memory for it; domains can be built all the same. */
    struct image *(*study)(struct span kernel);
    /* When no domain is there, or will come, that was built from it. */
    void (*forget)(struct image *image);
    /* From the image and the ramdisk, which may be empty. Null: it cannot be, which was said; there
     * is no domain then. */
    struct build *(*begin)(const struct domain_config *config, struct span kernel,
                           struct span ramdisk, const struct image *image);
    /* Goes on until it is done, cannot be, or others want the CPU. */
    enum build_result (*step)(struct build *b);
    /* After the last step. The domain; if that has failed, which is said, it is to be destroyed. */
    struct domain *(*end)(struct build *b);
};

/* Makes the domains that the boot modules describe and lets them run. Returns how many run: with
 * nothing to run there is no reason to go on. */
unsigned int domains_boot(const struct boot_info *info, const struct domain_builder *builder);

/* Debug builds with kill=: domains begin to end at random moments (domain/kill.c). */
void kill_start(void);

#endif
