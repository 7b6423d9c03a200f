/* SPDX-License-Identifier: MIT */
/*
 * Kernel images. The hypervisor judges an image itself before it builds a domain from it. Here the
 * same functions (lib/elf.c, lib/xen_notes.c, lib/xen_layout.c) judge it on the host: not for
 * safety but for the user, who gets one line before anything boots.
 */
#include "kernel_image.h"

#include "bzimage.h"
#include "lib/elf.h"
#include "lib/xen_notes.h"
#include "unpack.h"

#include <string.h>

/* A gzip'd bzImage is two wrappings and its payload a third. */
#define WRAPPINGS_MAX 3

/* Only the magic: whether it is a good one is for kernel_image_check() to say. */
static bool is_elf(struct span file)
{
    return file.size >= 4 && memcmp(file.data, "\177ELF", 4) == 0;
}

/* Takes one wrapping off: a bzImage's header, a compression, or one inside the other. *more is
 * false if there was none. */
static bool unwrap_once(struct kernel_image *image, size_t limit, bool *more,
                        struct problem *problem)
{
    struct span packed = image->elf;
    struct bytes unpacked;

    if (bzimage_is(image->elf) && !bzimage_payload(image->elf, &packed, problem)) {
        return false;
    }
    *more = unpack_format(packed) != NULL;
    if (!*more) {
        /* A bzImage's payload may be an ELF file as it is. */
        image->elf = packed;
        return true;
    }
    if (!unpack(packed, limit, &unpacked, problem)) {
        return false;
    }
    bytes_free(&image->unpacked);
    image->unpacked = unpacked;
    image->elf = bytes_span(unpacked);
    return true;
}

bool kernel_image_unwrap(struct span file, size_t limit, struct kernel_image *image,
                         struct problem *problem)
{
    bool more = true;

    *image = (struct kernel_image){ .elf = file };
    for (int i = 0; i < WRAPPINGS_MAX && more && !is_elf(image->elf); i++) {
        if (!unwrap_once(image, limit, &more, problem)) {
            bytes_free(&image->unpacked);
            return false;
        }
    }
    if (!is_elf(image->elf)) {
        bytes_free(&image->unpacked);
        return problem_say(problem, "not a kernel image: neither ELF nor bzImage, nor one of these "
                                    "packed by gzip, xz, zstd or lz4");
    }
    return true;
}

/* A domain's memory begins at guest-physical 0, and a segment is put at its physical address minus
 * PADDR_OFFSET. That none lies below is checked already. */
static bool check_memory(const struct elf *elf, uint64_t paddr_offset, uint64_t memory_bytes,
                         struct problem *problem)
{
    for (uint32_t i = 0; i < elf->segment_count; i++) {
        struct elf_segment segment = elf_get_segment(elf, i);
        uint64_t begin = segment.paddr - paddr_offset;

        if (segment.type != ELF_LOAD || segment.memory_size == 0) {
            continue;
        }
        if (begin > memory_bytes || segment.memory_size > memory_bytes - begin) {
            return problem_say(problem,
                               "segment %u (guest-physical 0x%llx, 0x%llx bytes) lies outside the "
                               "guest's memory of %llu MB",
                               i, (unsigned long long)begin,
                               (unsigned long long)segment.memory_size,
                               (unsigned long long)(memory_bytes >> 20));
        }
    }
    return true;
}

bool kernel_image_check(struct span elf_file, uint64_t memory_bytes, struct problem *problem)
{
    struct elf elf;
    struct xen_image_notes notes;
    struct xen_image_layout layout;

    if (!elf_open(&elf, elf_file, problem) || !elf_check_loads(&elf, problem) ||
        !xen_notes_read(&elf, &notes, problem)) {
        return false;
    }
    if (!elf.is_64 && notes.pae_mode == XEN_PAE_NO) {
        return problem_say(problem, "a 32-bit kernel without PAE: note PAE_MODE must be \"yes\"");
    }
    /* Before the layout, whose message about a segment below PADDR_OFFSET is harder to read. */
    return check_memory(&elf, notes.paddr_offset, memory_bytes, problem) &&
           xen_image_layout(&elf, &notes, &layout, problem);
}

/* What GRUB looks for: four words that begin with the magic and add up to 0, at a multiple of 8 in
 * the first 32 KiB of the file. */
static bool has_multiboot2_header(struct span file)
{
    static const uint32_t magic = 0xe85250d6;
    static const uint64_t search = 32768;
    uint32_t words[4];

    for (uint64_t at = 0; at <= search - sizeof(words); at += 8) {
        if (!span_read(file, at, words, sizeof(words))) {
            return false;
        }
        if (words[0] == magic && words[0] + words[1] + words[2] + words[3] == 0) {
            return true;
        }
    }
    return false;
}

bool kernel_image_check_bare(struct span elf_file, uint64_t memory_bytes, struct problem *problem)
{
    struct elf elf;

    if (!elf_open(&elf, elf_file, problem) || !elf_check_loads(&elf, problem)) {
        return false;
    }
    if (!has_multiboot2_header(elf_file)) {
        return problem_say(problem, "no kernel for the bare machine: there is no Multiboot2 header "
                                    "in its first 32 KiB");
    }
    return check_memory(&elf, 0, memory_bytes, problem);
}
