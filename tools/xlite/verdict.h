/* SPDX-License-Identifier: MIT */
/*
 * How a run ended: from what the hypervisor says to xlite's exit status.
 */
#ifndef XLITE_VERDICT_H
#define XLITE_VERDICT_H

#include "options.h"
#include "report.h"

/* What has been heard so far. */
struct verdict {
    enum hypervisor hypervisor;
    unsigned domains;       /* how many there are */
    unsigned domains_ended; /* how many have ended for good */
    bool domain_failed;     /* one of them otherwise than by poweroff */
    bool panicked;          /* the hypervisor did, or its audit failed */
    bool halted;            /* the hypervisor has said its last word */
    bool kept;              /* all have ended, but some are preserved */
    char reason[200];       /* of domain_failed or panicked: the first one heard */
};

/* Takes a line of the status channel (xen-lite). */
void verdict_take_status(struct verdict *verdict, const char *line);

/* Takes a line of the console (Xen, which has no status channel). */
void verdict_take_console(struct verdict *verdict, const char *line);

/* Takes an event of QEMU, as it tells them by QMP (no hypervisor). */
void verdict_take_event(struct verdict *verdict, const char *line);

/* Takes QEMU's own exit status. False if it means that QEMU has failed. */
bool verdict_take_exit(struct verdict *verdict, int status);

/* True when nothing more is to be waited for but the end of QEMU. somebody_there: who could look at
 * preserved domains. */
bool verdict_is_final(const struct verdict *verdict, bool somebody_there);

/* The exit status of a run whose QEMU has ended. Says on stderr why it is not 0. */
enum exit_status verdict_exit_status(const struct verdict *verdict);

#endif
