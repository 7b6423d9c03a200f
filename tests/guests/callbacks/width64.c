/* SPDX-License-Identifier: MIT */
/* See answers.h. */
#include "tests/guests/callbacks/answers.h"
#include "tests/guests/support/support.h"

const struct answers answers = {
    .syscall_handler = (unsigned long)syscall_entry,
    .syscall = 0,
    .syscall_withdrawn = -XEN_EINVAL,
    .event_nowhere = -XEN_EINVAL,
    .other_nowhere = -XEN_EINVAL,
    .operation = -XEN_ENOSYS,
};
