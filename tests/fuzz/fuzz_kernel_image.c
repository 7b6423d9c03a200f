/* SPDX-License-Identifier: MIT */
/*
 * xlite's readers of kernel files: compression, bzImage, ELF, Xen notes. A file that somebody else
 * made must get a line that says what is wrong with it, and nothing worse.
 */
#include "fuzz.h"

#include <zlib.h>

#include "lib/assert.h"
#include "tests/unit/sample_elf.h"
#include "tools/xlite/kernel_image.h"

/* Small, or the fuzzer would spend its time in unpacking zeros. */
#define IMAGE_MAX    ((size_t)1 << 20)
#define GUEST_MEMORY ((uint64_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kernel_image image;
    struct problem problem;

    problem.text[0] = '\0';
    if (!kernel_image_unwrap(SPAN(data, size), IMAGE_MAX, &image, &problem)) {
        BUG_ON(problem.text[0] == '\0');
        return 0;
    }
    if (!kernel_image_check(image.elf, GUEST_MEMORY, &problem))
        BUG_ON(problem.text[0] == '\0');
    bytes_free(&image.unpacked);
    return 0;
}

/* Puts a sample in front of which a bzImage's header says where it is. */
static void wrap_in_bzimage(struct sample *sample, const struct sample *payload)
{
    memset(sample, 0, sizeof(*sample));
    sample_set_number(sample, 0x1f1, 1, 1);
    sample_set_number(sample, 0x1fe, 0xaa55, 2);
    sample_set(sample, 0x202, "HdrS", 4);
    sample_set_number(sample, 0x206, 0x20f, 2);
    sample_set_number(sample, 0x248, 0, 4);
    sample_set_number(sample, 0x24c, payload->size, 4);
    sample_set(sample, 0x400, payload->data, payload->size);
}

static void pack_by_gzip(struct sample *packed, const struct sample *plain)
{
    z_stream stream = { .next_in = (Bytef *)plain->data,
                        .avail_in = (uInt)plain->size,
                        .next_out = packed->data,
                        .avail_out = sizeof(packed->data) };

    BUG_ON(deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK);
    BUG_ON(deflate(&stream, Z_FINISH) != Z_STREAM_END);
    packed->size = stream.total_out;
    deflateEnd(&stream);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    static struct sample notes, elf, packed, wrapped;

    if (seed % FUZZ_SAMPLE_RATE > 5)
        return LLVMFuzzerMutate(data, size, max_size);
    memset(&notes, 0, sizeof(notes));
    memset(&elf, 0, sizeof(elf));
    sample_usual_notes(&notes, seed % 2);
    sample_elf(&elf, seed % 2, &notes);
    pack_by_gzip(&packed, &elf);
    wrap_in_bzimage(&wrapped, seed % 2 ? &packed : &elf);
    switch (seed % FUZZ_SAMPLE_RATE / 2) {
    case 0: return fuzz_put_sample(&elf, data, max_size);
    case 1: return fuzz_put_sample(&packed, data, max_size);
    default: return fuzz_put_sample(&wrapped, data, max_size);
    }
}
