/* SPDX-License-Identifier: MIT */
/*
 * Claim: a ramdisk lies whole in the guest's memory, mapped at mod_start, on pages of its own
 *     between image and list of frames.
 * Rule: start of day
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --ramdisk LICENSE
 */
#include "tests/guests/support/support.h"

void test_main(void)
{
    static const char begin[] = "MIT License";
    const char *text = (const char *)start_info->mod_start;
    size_t length = start_info->mod_len;
    unsigned long end = start_info->mod_start + length;
    bool ends_with_zeros = true;

    if (length == 0)
        error("the domain was started without its ramdisk");
    expect((long)((uintptr_t)text % PAGE_SIZE), 0, "mod_start: offset in its page");
    expect_true(text >= user_stack_end && end <= start_info->mfn_list,
                "it lies between image and list of frames");
    expect(memcmp(text, begin, sizeof(begin) - 1), 0, "its first bytes");
    expect(text[length - 1], '\n', "its last byte");
    for (unsigned long at = end; at % PAGE_SIZE; at++)
        ends_with_zeros &= *(const char *)at == 0;
    expect_true(ends_with_zeros, "the rest of its last page is zero");
    expect_no_fault(try_write((void *)start_info->mod_start, 1), "a write to it");
}
