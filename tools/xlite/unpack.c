/* SPDX-License-Identifier: MIT */
/*
 * Unpacking: gzip, xz, zstd and lz4, each by its library.
 *
 * The streaming libraries have the same shape: give them the input and some room, look at what they
 * made, give more room. unpack() owns that loop; a method has to make one step. lz4 has two kinds
 * of frame: the one that the tool of this name writes is streamed, too; of the legacy one, in
 * Linux, its library knows the blocks only, so that one is read here.
 */
#include "unpack.h"

#include <lz4.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

/* One run of a method: the input that is left, the output so far. */
struct unpacking {
    struct span in;
    size_t in_done;
    struct bytes out;
    size_t out_done;
    void *state;
};

#define XZ_MEMORY_MAX ((uint64_t)256 << 20)

/* What a step came to: call again (with more room, if it moved nothing), all done, or no sense in
 * it. */
enum step { STEP_MORE, STEP_END, STEP_DAMAGED };

/* A way of packing: how to know it, and how to undo it. stop() is called even if start() failed. */
struct method {
    const char *name;
    uint8_t magic[6];
    size_t magic_length;
    bool (*start)(struct unpacking *run);
    enum step (*step)(struct unpacking *run);
    void (*stop)(struct unpacking *run);
};

static size_t minimum(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool gzip_start(struct unpacking *run)
{
    z_stream *stream = calloc(1, sizeof(*stream));

    run->state = stream;
    /* 15 + 16: the largest window, and a gzip header is required. */
    return stream != NULL && inflateInit2(stream, 15 + 16) == Z_OK;
}

/* zlib counts in unsigned int, so one step takes at most 4 GiB; the loop comes back for the rest.
 */
static enum step gzip_step(struct unpacking *run)
{
    z_stream *stream = run->state;
    uInt room = (uInt)minimum(run->out.size - run->out_done, UINT32_MAX);
    uInt given = (uInt)minimum(run->in.size - run->in_done, UINT32_MAX);
    int result;

    stream->next_in = (Bytef *)run->in.data + run->in_done;
    stream->avail_in = given;
    stream->next_out = run->out.data + run->out_done;
    stream->avail_out = room;
    result = inflate(stream, Z_NO_FLUSH);
    run->in_done += given - stream->avail_in;
    run->out_done += room - stream->avail_out;
    if (result == Z_STREAM_END) {
        return STEP_END;
    }
    return result == Z_OK ? STEP_MORE : STEP_DAMAGED;
}

static void gzip_stop(struct unpacking *run)
{
    inflateEnd(run->state);
    free(run->state);
}

/* The limit on memory is for hostile files; `xz -9`, the largest dictionary in use, needs 65 MiB.
 */
static bool xz_start(struct unpacking *run)
{
    lzma_stream *stream = calloc(1, sizeof(*stream));

    run->state = stream;
    return stream != NULL && lzma_stream_decoder(stream, XZ_MEMORY_MAX, 0) == LZMA_OK;
}

/* A stream ends by itself; what follows it is not looked at. */
static enum step xz_step(struct unpacking *run)
{
    lzma_stream *stream = run->state;
    lzma_ret result;

    stream->next_in = run->in.data + run->in_done;
    stream->avail_in = run->in.size - run->in_done;
    stream->next_out = run->out.data + run->out_done;
    stream->avail_out = run->out.size - run->out_done;
    result = lzma_code(stream, LZMA_RUN);
    run->in_done = run->in.size - stream->avail_in;
    run->out_done = run->out.size - stream->avail_out;
    if (result == LZMA_STREAM_END) {
        return STEP_END;
    }
    return result == LZMA_OK ? STEP_MORE : STEP_DAMAGED;
}

/* lzma_end() does not take a NULL, which is what is there if xz_start() found no memory. */
static void xz_stop(struct unpacking *run)
{
    if (run->state != NULL) {
        lzma_end(run->state);
    }
    free(run->state);
}

/* The library itself refuses windows above 128 MiB, which is what `zstd --ultra -22` has, as used
 * for Linux. */
static bool zstd_start(struct unpacking *run)
{
    run->state = ZSTD_createDCtx();
    return run->state != NULL;
}

/* A result of 0 is the end of a frame; anything else is a hint at how much input would be welcome.
 */
static enum step zstd_step(struct unpacking *run)
{
    ZSTD_inBuffer in = { run->in.data, run->in.size, run->in_done };
    ZSTD_outBuffer out = { run->out.data, run->out.size, run->out_done };
    size_t result = ZSTD_decompressStream(run->state, &out, &in);

    run->in_done = in.pos;
    run->out_done = out.pos;
    if (ZSTD_isError(result)) {
        return STEP_DAMAGED;
    }
    return result == 0 ? STEP_END : STEP_MORE;
}

static void zstd_stop(struct unpacking *run)
{
    ZSTD_freeDCtx(run->state);
}

static bool lz4_start(struct unpacking *run)
{
    LZ4F_dctx *context = NULL;
    bool ok = !LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION));

    run->state = context;
    return ok;
}

/* As with zstd, a result of 0 is the end of a frame. */
static enum step lz4_step(struct unpacking *run)
{
    size_t given = run->in.size - run->in_done;
    size_t made = run->out.size - run->out_done;
    size_t result = LZ4F_decompress(run->state, run->out.data + run->out_done, &made,
                                    run->in.data + run->in_done, &given, NULL);

    run->in_done += given;
    run->out_done += made;
    if (LZ4F_isError(result)) {
        return STEP_DAMAGED;
    }
    return result == 0 ? STEP_END : STEP_MORE;
}

static void lz4_stop(struct unpacking *run)
{
    LZ4F_freeDecompressionContext(run->state);
}

/* The legacy frame: the magic, then blocks of a 32-bit packed size and the data; each unpacks to at
 * most 8 MiB. There is no end mark but the end of the data. */
#define LZ4_MAGIC_LENGTH 4
#define LZ4_BLOCK_MAX    (8 << 20)

/* There is nothing to remember between blocks. */
static bool lz4_legacy_start(struct unpacking *run)
{
    run->in_done = LZ4_MAGIC_LENGTH;
    return true;
}

/* One step is one block. */
static enum step lz4_legacy_step(struct unpacking *run)
{
    size_t left = run->in.size - run->in_done;
    uint32_t length;
    int made;

    /* Four bytes that no data follow are the unpacked size that Linux appends. */
    if (left == 0 || left == 4) {
        return run->out_done > 0 ? STEP_END : STEP_DAMAGED;
    }
    if (run->out.size - run->out_done < LZ4_BLOCK_MAX) {
        return STEP_MORE;
    }
    if (!span_read_u32(run->in, run->in_done, &length) || length > left - 4 ||
        length > LZ4_COMPRESSBOUND(LZ4_BLOCK_MAX)) {
        return STEP_DAMAGED;
    }
    made = LZ4_decompress_safe((const char *)run->in.data + run->in_done + 4,
                               (char *)run->out.data + run->out_done, (int)length, LZ4_BLOCK_MAX);
    if (made < 0) {
        return STEP_DAMAGED;
    }
    run->in_done += 4 + length;
    run->out_done += (size_t)made;
    return STEP_MORE;
}

/* Nothing was allocated. */
static void lz4_legacy_stop(struct unpacking *run)
{
    run->state = NULL;
}

static const struct method methods[] = {
    { "gzip", { 0x1f, 0x8b, 0x08 }, 3, gzip_start, gzip_step, gzip_stop },
    { "xz", { 0xfd, '7', 'z', 'X', 'Z', 0x00 }, 6, xz_start, xz_step, xz_stop },
    { "zstd", { 0x28, 0xb5, 0x2f, 0xfd }, 4, zstd_start, zstd_step, zstd_stop },
    { "lz4", { 0x04, 0x22, 0x4d, 0x18 }, 4, lz4_start, lz4_step, lz4_stop },
    { "lz4", { 0x02, 0x21, 0x4c, 0x18 }, 4, lz4_legacy_start, lz4_legacy_step, lz4_legacy_stop },
};

/* The method whose magic the data begin with, or NULL. */
static const struct method *method_find(struct span packed)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (packed.size >= methods[i].magic_length &&
            memcmp(packed.data, methods[i].magic, methods[i].magic_length) == 0) {
            return &methods[i];
        }
    }
    return NULL;
}

const char *unpack_format(struct span packed)
{
    const struct method *method = method_find(packed);

    return method != NULL ? method->name : NULL;
}

/* Steps until the end. A step that neither reads nor writes although it has room means that the
 * input ended too early. Legacy lz4 needs room for a whole block before it moves, so only a growth
 * of the room counts as none. */
static bool run_all(const struct method *method, struct unpacking *run, size_t limit,
                    struct problem *problem)
{
    for (;;) {
        size_t in_before = run->in_done;
        size_t out_before = run->out_done;
        bool roomy = run->out.size - run->out_done >= LZ4_BLOCK_MAX;
        enum step step;

        step = method->step(run);
        if (step == STEP_DAMAGED) {
            return problem_say(problem, "its %s data are damaged or truncated (at byte %zu of %zu)",
                               method->name, run->in_done, run->in.size);
        }
        if (run->out_done > limit) {
            return problem_say(problem, "its %s data unpack to more than %zu MiB", method->name,
                               limit >> 20);
        }
        if (step == STEP_END) {
            return true;
        }
        if (roomy && run->in_done == in_before && run->out_done == out_before) {
            return problem_say(problem, "its %s data are truncated (they end after %zu bytes)",
                               method->name, run->in.size);
        }
        if (run->out.size - run->out_done < LZ4_BLOCK_MAX) {
            bytes_reserve(&run->out, run->out.size * 2 + LZ4_BLOCK_MAX);
        }
    }
}

bool unpack(struct span packed, size_t limit, struct bytes *unpacked, struct problem *problem)
{
    const struct method *method = method_find(packed);
    struct unpacking run = { .in = packed };
    bool ok;

    if (method == NULL) {
        return problem_say(problem, "it is not packed by gzip, xz, zstd or lz4");
    }
    bytes_reserve(&run.out, LZ4_BLOCK_MAX);
    ok = method->start(&run) || problem_say(problem, "out of memory");
    ok = ok && run_all(method, &run, limit, problem);
    method->stop(&run);
    run.out.size = run.out_done;
    if (!ok) {
        bytes_free(&run.out);
    }
    *unpacked = run.out;
    return ok;
}
