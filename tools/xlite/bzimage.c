/* SPDX-License-Identifier: MIT */
/*
 * Linux bzImage. The file is a real-mode part of a few sectors with the setup header in it, then
 * the protected-mode part, which holds a decompressor and the payload: the compressed kernel, an
 * ELF file. The header says where (Documentation/arch/x86/boot.rst of Linux, boot protocol 2.08 and
 * later).
 */
#include "bzimage.h"

#include <string.h>

enum {
    SETUP_SECTS = 0x1f1,    /* u8: sectors of the real-mode part after the first; 0 means 4 */
    BOOT_FLAG = 0x1fe,      /* u16: 0xaa55 */
    HEADER_MAGIC = 0x202,   /* "HdrS" */
    PROTOCOL = 0x206,       /* u16: version of the boot protocol */
    PAYLOAD_OFFSET = 0x248, /* u32: from the start of the protected-mode part */
    PAYLOAD_LENGTH = 0x24c, /* u32 */
    SECTOR = 512,
    PROTOCOL_WITH_PAYLOAD = 0x208,
};

bool bzimage_is(struct span file)
{
    uint16_t flag;
    char magic[4];

    return span_read_u16(file, BOOT_FLAG, &flag) && flag == 0xaa55 &&
           span_read(file, HEADER_MAGIC, magic, sizeof(magic)) &&
           memcmp(magic, "HdrS", sizeof(magic)) == 0;
}

bool bzimage_payload(struct span file, struct span *payload, struct problem *problem)
{
    uint8_t sectors;
    uint16_t protocol;
    uint32_t offset, length;
    uint64_t begin;

    if (!span_read_u8(file, SETUP_SECTS, &sectors) || !span_read_u16(file, PROTOCOL, &protocol) ||
        !span_read_u32(file, PAYLOAD_OFFSET, &offset) ||
        !span_read_u32(file, PAYLOAD_LENGTH, &length)) {
        return problem_say(problem, "bzImage: truncated in its setup header (%zu bytes)",
                           file.size);
    }
    if (protocol < PROTOCOL_WITH_PAYLOAD) {
        return problem_say(problem,
                           "bzImage: boot protocol %x.%02x does not say where the payload is (2.08 "
                           "or later is needed)",
                           protocol >> 8U, protocol & 0xffU);
    }
    if (length == 0) {
        return problem_say(problem, "bzImage: its header says that it has no payload");
    }
    begin = (1 + (sectors == 0 ? 4U : sectors)) * SECTOR + (uint64_t)offset;
    if (!span_sub(file, begin, length, payload)) {
        return problem_say(problem,
                           "bzImage: truncated: the payload ends at byte %llu, the file at %zu",
                           (unsigned long long)(begin + length), file.size);
    }
    return true;
}
