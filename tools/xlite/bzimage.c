/* SPDX-License-Identifier: MIT */
/*
 * Linux bzImage. The file is a real-mode part of a few sectors with the setup header in it, then
 * the protected-mode part, which holds a decompressor and the payload: the compressed kernel, an
 * ELF file. The header says where (Documentation/arch/x86/boot.rst of Linux, boot protocol 2.08 and
 * later).
 */
#include "bzimage.h"

enum {
    SETUP_SECTS = 0x1f1,    /* u8: sectors of the real-mode part after the first; 0 means 4 */
    BOOT_FLAG = 0x1fe,      /* u16: 0xaa55 */
    HEADER_MAGIC = 0x202,   /* "HdrS" */
    PROTOCOL = 0x206,       /* u16: version of the boot protocol */
    PAYLOAD_OFFSET = 0x248, /* u32: from the start of the protected-mode part */
    PAYLOAD_LENGTH = 0x24c, /* u32 */
    HEADER_END = 0x250,
    SECTOR = 512,
    PROTOCOL_WITH_PAYLOAD = 0x208,
};

bool bzimage_is(struct bytes file)
{
    return bytes_has(file, 0, HEADER_MAGIC + 4) && bytes_u16(file, BOOT_FLAG) == 0xaa55 &&
           bytes_start_with(bytes_part(file, HEADER_MAGIC, 4), "HdrS", 4);
}

bool bzimage_payload(struct bytes file, struct bytes *payload, struct problem *problem)
{
    uint64_t sectors, start, length;

    if (!bytes_has(file, 0, HEADER_END)) {
        return problem_set(problem, "bzImage: truncated in its setup header (%zu bytes)",
                           file.size);
    }
    if (bytes_u16(file, PROTOCOL) < PROTOCOL_WITH_PAYLOAD) {
        return problem_set(problem,
                           "bzImage: boot protocol %x.%02x does not say where the payload is "
                           "(2.08 or later is needed)",
                           bytes_u16(file, PROTOCOL) >> 8, bytes_u16(file, PROTOCOL) & 0xff);
    }
    sectors = file.data[SETUP_SECTS] == 0 ? 4 : file.data[SETUP_SECTS];
    start = (1 + sectors) * SECTOR + bytes_u32(file, PAYLOAD_OFFSET);
    length = bytes_u32(file, PAYLOAD_LENGTH);
    if (length == 0) {
        return problem_set(problem, "bzImage: its header says that it has no payload");
    }
    if (!bytes_has(file, start, length)) {
        return problem_set(problem,
                           "bzImage: truncated: the payload ends at byte %llu, the file at %zu",
                           (unsigned long long)(start + length), file.size);
    }
    *payload = bytes_part(file, start, length);
    return true;
}
