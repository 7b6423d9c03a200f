/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's options; core/bootargs.c knows what there is. The line is read twice, because
 * what is wrong with it can be said only when the console is there, which the line describes.
 */
#include "hv/options.h"

#include "hv/print.h"
#include "x86/image.h"

struct hypervisor_options options SET_ONCE;

static void keep_quiet(void *ctx, const char *text)
{
    (void)ctx;
    (void)text;
}

static void say(void *ctx, const char *text)
{
    (void)ctx;
    print(LOG_WARNING, "command line: %s\n", text);
}

void options_read(const char *line)
{
    bootargs_read_hypervisor(line, CONFIG_DEBUG, &options, keep_quiet, NULL);
}

void options_complain(const char *line)
{
    bootargs_read_hypervisor(line, CONFIG_DEBUG, &options, say, NULL);
}
