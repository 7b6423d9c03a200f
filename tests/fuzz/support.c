/* SPDX-License-Identifier: MIT */
/*
 * What every fuzzer is linked with: where BUG_ON and ASSERT of the code under test lead (to abort,
 * which libFuzzer reports with the input that did it), and the one option that all need.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/assert.h"

void bug_at(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

/* By itself libFuzzer begins with short inputs and lengthens them slowly: a whole image would be
 * cut for most of a short run. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static char option[] = "-len_control=0";
    char **extended = calloc((size_t)*argc + 2, sizeof(*extended));

    if (extended == NULL)
        return 0;
    memcpy(extended, *argv, (size_t)*argc * sizeof(*extended));
    extended[(*argc)++] = option;
    *argv = extended;
    return 0;
}
