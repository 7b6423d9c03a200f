/* SPDX-License-Identifier: MIT */
/*
 * xlite: boots PV guests on xen-lite (or on Xen) under QEMU, and kernels of the bare machine.
 * docs/xlite.md is its manual.
 *
 * A run is five steps: read options and GUEST.cfg files (options.c, config.c), load and check the
 * images (domain.c, kernel_image.c), plan what is booted (plan.c), make the boot image (image.c),
 * run QEMU (qemu.c, console.c).
 */
#include "console.h"
#include "child.h"
#include "image.h"
#include "options.h"
#include "plan.h"
#include "qemu.h"
#include "report.h"
#include "tempdir.h"

#include <string.h>

#define XLITE_VERSION "0.1"

/* A run needs the image for one firmware only. */
static unsigned image_firmware(const struct options *options)
{
    return options->firmware == FIRMWARE_UEFI ? IMAGE_UEFI : IMAGE_BIOS;
}

/* An image for others boots wherever the plan does. */
static unsigned image_firmwares(const struct options *options)
{
    return options->hypervisor == HYPERVISOR_NONE ? IMAGE_BIOS : IMAGE_BIOS | IMAGE_UEFI;
}

/* Prints what a run would do. The command can be pasted into a shell when the files it names exist;
 * `--iso` makes the image. */
static void print_plan(const struct options *options, const struct plan *plan)
{
    struct words qemu = { NULL, 0 };
    bool boots_image = qemu_boots_image(options);

    qemu_command(options, plan, boots_image ? tempdir_path("boot.iso") : NULL, false, &qemu);
    words_print_shell(&qemu, stdout);
    if (boots_image) {
        fputs("\n# grub.cfg\n", stdout);
        image_print_commands(plan, image_firmware(options), stdout);
    }
}

/* Makes the image, if this kind of run has one, and runs QEMU. */
static enum exit_status boot(const struct options *options, const struct plan *plan)
{
    struct words qemu = { NULL, 0 };
    char *image = NULL;

    if (qemu_boots_image(options)) {
        image = tempdir_path("boot.iso");
        image_make(plan, image_firmware(options), image);
    }
    qemu_command(options, plan, image, true, &qemu);
    if (options->gdb_port != 0) {
        say("waiting for gdb: target remote localhost:%ld", options->gdb_port);
    }
    tempdir_hand_over(&qemu);
    return console_run(options, &qemu);
}

/* `xlite run`. Everything that can be refused is refused before something is written or started. */
static enum exit_status run(int argc, char **argv)
{
    struct options options;
    struct plan plan;

    options_read(argc, argv, &options);
    if (options.dry_run) {
        plan_make(&options, false, &plan);
        print_plan(&options, &plan);
        return EXIT_ALL_POWERED_OFF;
    }
    signals_start();
    tempdir_create();
    plan_make(&options, true, &plan);
    if (options.iso != NULL) {
        image_make(&plan, image_firmwares(&options), options.iso);
        return EXIT_ALL_POWERED_OFF;
    }
    return boot(&options, &plan);
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";

    if (strcmp(command, "run") == 0) {
        return run(argc - 1, argv + 1);
    }
    if (strcmp(command, "--help") == 0 || strcmp(command, "help") == 0) {
        help_print();
        return 0;
    }
    if (strcmp(command, "--version") == 0) {
        puts("xlite " XLITE_VERSION);
        return 0;
    }
    if (argc > 1) {
        fail("%s: no such command (see xlite --help)", command);
    }
    fail("a command is missing (see xlite --help)");
}
