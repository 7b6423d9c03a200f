/* SPDX-License-Identifier: MIT */
/*
 * The boot image.
 *
 * It is made by GRUB's grub-mkimage and by xorriso, in the way of grub-mkrescue but smaller:
 * grub-mkrescue packs all modules and themes of all platforms and needs two seconds, this needs
 * 0.15. The image boots as CD and as disk, by BIOS and by UEFI.
 *
 * The commands are embedded into GRUB and executed by its rescue shell: no menu, no waiting. On
 * BIOS, GRUB's modules are loaded from the image instead of being packed into its core: the core is
 * LZMA'd, and to unpack those 400 KB takes longer under emulation (0.25 s) than to read them (0.05
 * s).
 *
 * If a command fails GRUB prints why and goes on with the next, the last of which resets the
 * machine; so the run ends and does not wait in GRUB.
 */
#include "image.h"

#include "child.h"
#include "report.h"
#include "tempdir.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

/* By this name GRUB finds the image again on UEFI, where it starts from another file system. */
#define VOLUME "XEN-LITE"

static const char grub_directory[] = "/usr/lib/grub";

/* What GRUB needs: `core` to reach the image, `commands` for the commands below. */
struct platform {
    const char *name;
    const char *format;
    const char *const *core;
    const char *const *commands;
};

static const char *const bios_core[] = { "biosdisk", "iso9660", NULL };
static const char *const efi_core[] = { "iso9660", "part_msdos", "part_gpt", "search_label",
                                        "efi_gop", "multiboot2", "reboot",   NULL };
static const char *const bios_commands[] = { "serial", "terminal", "multiboot2", "reboot", NULL };
static const char *const no_commands[] = { NULL };

static const struct platform bios = { "i386-pc", "i386-pc-eltorito", bios_core, bios_commands };
static const struct platform uefi = { "x86_64-efi", "x86_64-efi", efi_core, no_commands };

/* Prints words as GRUB's shell reads them back: each in '...' if it has anything special in it. */
static void print_arguments(const char *arguments, FILE *file)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./=:,+@%^";
    const char *next = arguments + strspn(arguments, " \t");

    while (*next != '\0') {
        size_t length = strcspn(next, " \t");
        bool is_plain = strspn(next, plain) >= length;

        fputs(is_plain ? " " : " '", file);
        for (size_t i = 0; i < length; i++) {
            if (next[i] == '\'') {
                fputs("'\\''", file);
            } else {
                fputc(next[i], file);
            }
        }
        fputs(is_plain ? "" : "'", file);
        next += length + strspn(next + length, " \t");
    }
    fputc('\n', file);
}

void image_print_commands(const struct plan *plan, unsigned firmware, FILE *file)
{
    if (firmware == IMAGE_BIOS) {
        /* UEFI shows GRUB's messages on the serial line by itself, BIOS does not. */
        fputs("insmod serial\ninsmod terminal\nserial --unit=0 --speed=115200\n"
              "terminfo serial dumb\nterminal_output console serial\n"
              "insmod multiboot2\ninsmod reboot\n",
              file);
    } else {
        fputs("search.fs_label " VOLUME " root\n", file);
    }
    fprintf(file, "multiboot2 /boot/%s", plan->hypervisor_name);
    print_arguments(plan->hypervisor_arguments, file);
    for (size_t i = 0; i < plan->module_count; i++) {
        fprintf(file, "module2 /boot/%s", plan->modules[i].boot_name);
        print_arguments(plan->modules[i].arguments, file);
    }
    if (firmware == IMAGE_BIOS) {
        /* A graphical screen would do, but the text screen is there already and is quicker. */
        fputs("set gfxpayload=text\n", file);
    }
    fputs("boot\nreboot\n", file);
}

/* GRUB gives an argument with a quote or a backslash in it to the hypervisor with a backslash
 * before each. It cannot be told not to. */
static void warn_of_quotes(const char *arguments)
{
    if (strpbrk(arguments, "\"'\\") != NULL) {
        say("warning: GRUB will put a backslash before each quote and backslash of: %s", arguments);
    }
}

/* Makes GRUB's core for a platform with the commands in it: new string, the file's name. */
static char *make_core(const struct plan *plan, const struct platform *platform, unsigned firmware)
{
    struct words words = { NULL, 0 };
    char *commands = tempdir_path(text_format("grub-%s.cfg", platform->name));
    char *core = tempdir_path(text_format("grub-%s.img", platform->name));
    FILE *file = fopen(commands, "we");

    if (file == NULL) {
        fail("%s: cannot write", commands);
    }
    image_print_commands(plan, firmware, file);
    if (fclose(file) != 0) {
        fail("%s: cannot write", commands);
    }
    words_add(&words, "%s", program_find("grub-mkimage"));
    words_add(&words, "--directory=%s/%s", grub_directory, platform->name);
    words_add(&words, "--format=%s", platform->format);
    words_add(&words, "--prefix=/boot/grub");
    words_add(&words, "--config=%s", commands);
    words_add(&words, "--output=%s", core);
    for (const char *const *module = platform->core; *module != NULL; module++) {
        words_add(&words, "%s", *module);
    }
    child_run_tool(&words);
    return core;
}

/* Adds "BOOT=HOST" for xorriso, whose names take backslash and '=' with a backslash before. */
static void add_file(struct words *words, const char *boot_name, const char *host_name)
{
    char *quoted = malloc(2 * strlen(host_name) + 1);
    char *to = quoted;

    if (quoted == NULL) {
        fail("out of memory");
    }
    for (; *host_name != '\0'; host_name++) {
        if (*host_name == '=' || *host_name == '\\') {
            *to++ = '\\';
        }
        *to++ = *host_name;
    }
    *to = '\0';
    words_add(words, "%s=%s", boot_name, quoted);
    free(quoted);
}

/* A word list with no word twice. */
static bool has_word(const struct words *words, const char *word, size_t length)
{
    for (size_t i = 0; i < words->count; i++) {
        if (strlen(words->list[i]) == length && memcmp(words->list[i], word, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Adds a module and those that it needs. moddep.lst has a line "NAME: NEEDED NEEDED..." for each
 * module. */
static void add_modules(const char *moddep, const char *name, size_t length, struct words *modules)
{
    if (has_word(modules, name, length)) {
        return;
    }
    words_add(modules, "%.*s", (int)length, name);
    for (const char *line = moddep; *line != '\0';) {
        size_t line_length = strcspn(line, "\n");

        if (line_length > length && memcmp(line, name, length) == 0 && line[length] == ':') {
            const char *next = line + length + 1;

            while (*(next += strspn(next, " ")) != '\n' && *next != '\0') {
                add_modules(moddep, next, strcspn(next, " \n"), modules);
                next += strcspn(next, " \n");
            }
        }
        line += line_length + (line[line_length] == '\n');
    }
}

/* Adds the files of a platform's modules. */
static void add_module_files(struct words *words, const struct platform *platform)
{
    struct words modules = { NULL, 0 };
    struct problem problem;
    struct bytes file;
    char *path = text_format("%s/%s/moddep.lst", grub_directory, platform->name);
    char *moddep;

    if (!bytes_read_file(path, &file, &problem)) {
        fail("%s: %s (is package grub-pc-bin installed?)", path, problem.text);
    }
    moddep = text_format("%.*s", (int)file.size, (char *)file.data);
    for (const char *const *command = platform->commands; *command != NULL; command++) {
        add_modules(moddep, *command, strlen(*command), &modules);
    }
    for (size_t i = 0; i < modules.count; i++) {
        words_add(words, "boot/grub/%s/%s.mod=%s/%s/%s.mod", platform->name, modules.list[i],
                  grub_directory, platform->name, modules.list[i]);
    }
    free(moddep);
    bytes_free(&file);
}

/* Options of xorriso for a BIOS: the El Torito entry, and a boot sector for use as a disk. */
static void add_bios(struct words *words, const struct plan *plan)
{
    words_add(words, "-b");
    words_add(words, "boot/grub/bios.img");
    words_add(words, "-no-emul-boot");
    words_add(words, "-boot-load-size");
    words_add(words, "4");
    words_add(words, "-boot-info-table");
    words_add(words, "--grub2-boot-info");
    words_add(words, "--grub2-mbr");
    words_add(words, "%s/%s/boot_hybrid.img", grub_directory, bios.name);
    add_file(words, "boot/grub/bios.img", make_core(plan, &bios, IMAGE_BIOS));
    add_module_files(words, &bios);
}

/* Runs one of the mtools with up to four arguments. */
static void run_mtool(const char *tool, const char *a, const char *b, const char *c, const char *d)
{
    struct words words = { NULL, 0 };
    const char *arguments[] = { a, b, c, d };

    words_add(&words, "%s", program_find(tool));
    for (size_t i = 0; i < 4 && arguments[i] != NULL; i++) {
        words_add(&words, "%s", arguments[i]);
    }
    child_run_tool(&words);
}

/* Options of xorriso for UEFI: a FAT file system with GRUB in it, as El Torito entry and as
 * partition. */
static void add_uefi(struct words *words, const struct plan *plan)
{
    char *core = make_core(plan, &uefi, IMAGE_UEFI);
    char *fat = tempdir_path("efi.img");
    struct bytes empty = { NULL, 0 };

    /* 2 MiB: GRUB's core is 0.4, and a file system of the 2.88 MB floppy format is what mformat
     * makes best. */
    bytes_reserve(&empty, 2880 << 10);
    memset(empty.data, 0, empty.size);
    bytes_write_file(fat, bytes_span(empty));
    bytes_free(&empty);
    run_mtool("mformat", "-i", fat, "-f2880", "::");
    run_mtool("mmd", "-i", fat, "::/EFI", "::/EFI/BOOT");
    run_mtool("mcopy", "-i", fat, core, "::/EFI/BOOT/BOOTX64.EFI");
    words_add(words, "--efi-boot");
    words_add(words, "boot/grub/efi.img");
    words_add(words, "-efi-boot-part");
    words_add(words, "--efi-boot-image");
    words_add(words, "--protective-msdos-label");
    add_file(words, "boot/grub/efi.img", fat);
}

void image_make(const struct plan *plan, unsigned firmwares, const char *file)
{
    struct words words = { NULL, 0 };

    warn_of_quotes(plan->hypervisor_arguments);
    for (size_t i = 0; i < plan->module_count; i++) {
        warn_of_quotes(plan->modules[i].arguments);
    }
    words_add(&words, "%s", program_find("xorriso"));
    words_add(&words, "-as");
    words_add(&words, "mkisofs");
    words_add(&words, "-quiet");
    words_add(&words, "-o");
    words_add(&words, "%s", file);
    words_add(&words, "-volid");
    words_add(&words, VOLUME);
    words_add(&words, "-R");
    words_add(&words, "-graft-points");
    if (firmwares & IMAGE_BIOS) {
        add_bios(&words, plan);
    }
    if (firmwares & IMAGE_UEFI) {
        add_uefi(&words, plan);
    }
    add_file(&words, text_format("boot/%s", plan->hypervisor_name), plan->hypervisor_file);
    for (size_t i = 0; i < plan->module_count; i++) {
        add_file(&words, text_format("boot/%s", plan->modules[i].boot_name), plan->modules[i].file);
    }
    child_run_tool(&words);
}
