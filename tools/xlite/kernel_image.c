/* SPDX-License-Identifier: MIT */
/*
 * Kernel images. The hypervisor checks an image again before it builds a domain from it: these
 * checks are not for safety but for the user, who gets one line before anything boots.
 *
 * Where a segment lands: a domain's memory begins at guest-physical 0, and a segment is put at its
 * physical address minus PADDR_OFFSET. Without that note the offset is 0, but VIRT_BASE for images
 * with the older
 * `__xen_guest` section, whose physical addresses are virtual ones.
 */
#include "kernel_image.h"

#include "bzimage.h"
#include "elf.h"
#include "unpack.h"
#include "xen_notes.h"

#include <stdlib.h>
#include <string.h>

/* A gzip'd bzImage is two wrappings and its payload a third. */
#define WRAPPINGS_MAX 3

bool kernel_image_unwrap(struct bytes file, size_t limit, struct bytes *image,
                         struct problem *problem)
{
    struct bytes owned = { NULL, 0 };

    *image = file;
    for (int i = 0; i < WRAPPINGS_MAX && !elf_is(*image); i++) {
        struct bytes packed = *image;
        struct bytes unpacked;
        bool ok;

        if (bzimage_is(*image) && !bzimage_payload(*image, &packed, problem)) {
            bytes_free(&owned);
            return false;
        }
        /* A bzImage's payload may be an uncompressed ELF file: then there is nothing to unpack. */
        if (elf_is(packed)) {
            *image = packed;
            break;
        }
        if (unpack_format(packed) == NULL) {
            break;
        }
        ok = unpack(packed, limit, &unpacked, problem);
        bytes_free(&owned);
        if (!ok) {
            return false;
        }
        owned = unpacked;
        *image = owned;
    }
    if (!elf_is(*image)) {
        bytes_free(&owned);
        return problem_set(problem,
                           "not a kernel image (it is neither an ELF file nor a bzImage nor one of "
                           "these packed by gzip, xz, zstd or lz4)");
    }
    return true;
}

/* A segment as guest-physical addresses. */
struct placed {
    unsigned index;
    uint64_t begin, end;
};

static int compare_placed(const void *a, const void *b)
{
    const struct placed *left = a, *right = b;

    return left->begin < right->begin ? -1 : left->begin > right->begin;
}

static bool place_segment(const struct elf *elf, unsigned index, uint64_t paddr_offset,
                          uint64_t memory_bytes, struct placed *placed, struct problem *problem)
{
    struct elf_segment segment = elf_segment(elf, index);
    uint64_t begin = segment.paddr - paddr_offset;

    if (!bytes_has(elf->file, segment.offset, segment.file_size)) {
        return problem_set(
            problem,
            "ELF: truncated: segment %u (bytes %#llx+%#llx) reaches beyond the end of the "
            "file (%zu bytes)",
            index, (unsigned long long)segment.offset, (unsigned long long)segment.file_size,
            elf->file.size);
    }
    if (segment.file_size > segment.memory_size) {
        return problem_set(problem, "ELF: segment %u has more bytes in the file than in memory",
                           index);
    }
    /* A segment below the offset wraps to a huge begin, so this finds it as well. */
    if (begin > memory_bytes || segment.memory_size > memory_bytes - begin) {
        return problem_set(
            problem,
            "ELF: segment %u (guest-physical %#llx, %#llx bytes) lies outside the guest's "
            "memory of %llu MB",
            index, (unsigned long long)begin, (unsigned long long)segment.memory_size,
            (unsigned long long)(memory_bytes >> 20));
    }
    *placed = (struct placed){ index, begin, begin + segment.memory_size };
    return true;
}

static bool check_overlaps(struct placed *placed, unsigned count, struct problem *problem)
{
    qsort(placed, count, sizeof(*placed), compare_placed);
    for (unsigned i = 1; i < count; i++) {
        if (placed[i].begin < placed[i - 1].end) {
            return problem_set(problem, "ELF: segments %u and %u overlap at guest-physical %#llx",
                               placed[i - 1].index, placed[i].index,
                               (unsigned long long)placed[i].begin);
        }
    }
    return true;
}

static bool check_segments(const struct elf *elf, uint64_t paddr_offset, uint64_t memory_bytes,
                           struct problem *problem)
{
    struct placed *placed = calloc(elf->segment_count, sizeof(*placed));
    unsigned count = 0;
    bool ok = placed != NULL || problem_set(problem, "out of memory");

    for (unsigned i = 0; ok && i < elf->segment_count; i++) {
        struct elf_segment segment = elf_segment(elf, i);

        if (segment.type == ELF_SEGMENT_LOAD && segment.memory_size > 0) {
            ok = place_segment(elf, i, paddr_offset, memory_bytes, &placed[count++], problem);
        }
    }
    if (ok && count == 0) {
        ok = problem_set(problem, "ELF: it has no segment to load");
    }
    ok = ok && check_overlaps(placed, count, problem);
    free(placed);
    return ok;
}

/* Is it for a PV domain of this ABI? The rules are those by which Xen itself refuses an image. */
static bool check_notes(const struct elf *elf, const struct xen_notes *notes,
                        struct problem *problem)
{
    if (!notes->found) {
        return problem_set(problem,
                           "no Xen note: this ELF file has neither Xen notes nor a `__xen_guest` "
                           "section, so it is no PV kernel");
    }
    if (strcmp(notes->xen_version, "xen-3.0") != 0) {
        return problem_set(problem, "Xen note XEN_VERSION is \"%s\"; a PV kernel has \"xen-3.0\"",
                           notes->xen_version);
    }
    if (strncmp(notes->loader, "generic", 7) != 0 && strcmp(notes->guest_os, "linux") != 0) {
        return problem_set(problem, "Xen note LOADER is \"%s\"; \"generic\" is needed",
                           notes->loader);
    }
    if (!elf->is_64 && strncmp(notes->pae_mode, "yes", 3) != 0 &&
        strcmp(notes->pae_mode, "bimodal") != 0) {
        return problem_set(problem, "Xen note PAE_MODE is \"%s\"; a 32-bit PV kernel needs \"yes\"",
                           notes->pae_mode);
    }
    return true;
}

bool kernel_image_check(struct bytes image, uint64_t memory_bytes, struct problem *problem)
{
    struct elf elf;
    struct xen_notes notes;
    uint64_t paddr_offset;

    if (!elf_open(image, &elf, problem) || !xen_notes_read(&elf, &notes, problem) ||
        !check_notes(&elf, &notes, problem)) {
        return false;
    }
    paddr_offset = notes.from_guest_section ? notes.virt_base : 0;
    if (notes.has_paddr_offset) {
        paddr_offset = notes.paddr_offset;
    }
    return check_segments(&elf, paddr_offset, memory_bytes, problem);
}
