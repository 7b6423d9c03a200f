/* SPDX-License-Identifier: MIT */
/* See answers.h. */
#include "tests/guests/callbacks/answers.h"
#include "tests/guests/support/support.h"

const struct answers answers = {
    .syscall_handler = (unsigned long)event_entry,
    .syscall = -XEN_ENOSYS,
    .syscall_withdrawn = -XEN_ENOSYS,
    .event_nowhere = 0, /* it would be a fault when it is used */
    .other_nowhere = -XEN_ENOSYS,
    .operation = -XEN_EINVAL,
};
