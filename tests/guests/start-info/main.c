/* SPDX-License-Identifier: MIT */
/*
 * Claim: start_info says what the ABI promises: magic, size, shared page, page tables, list of
 *     frames, and console and store of an ordinary domain.
 * Rule: abi/struct_width_start.h, start_info
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static void ordinary_domain(void)
{
    expect(start_info->flags, 0, "flags");
    expect_true(start_info->store_mfn != 0, "there is a store page");
    expect_true(start_info->console.domU.mfn != 0, "there is a console page");
    expect_true(start_info->console.domU.evtchn != 0, "the console has a port");
    expect_true(start_info->store_mfn != start_info->console.domU.mfn,
                "store and console have a page each");
}

static void initial_domain(void)
{
    expect_true(start_info->flags & SIF_PRIVILEGED, "the initial domain is privileged");
    expect(start_info->store_evtchn, 0, "store_evtchn");
    expect_true(start_info->console.dom0.info_off >= sizeof(struct start_info) ||
                    start_info->console.dom0.info_size == 0,
                "the video information lies behind start_info");
}

void test_main(void)
{
    const unsigned long pt_base = start_info->pt_base;

    expect(memcmp(start_info->magic, GUEST_MAGIC, sizeof(GUEST_MAGIC)), 0, "magic");
    expect_true(start_info->nr_pages >= 1024, "there are pages (%lu)", start_info->nr_pages);
    expect_true(start_info->shared_info != 0 && start_info->shared_info % PAGE_SIZE == 0,
                "shared_info is a frame's machine address");
    expect((long)((uintptr_t)start_info % PAGE_SIZE), 0, "start_info: offset in its page");

    expect((long)(pt_base % PAGE_SIZE), 0, "pt_base: offset in its page");
    expect_true(start_info->nr_pt_frames >= TOP_LEVEL, "there are tables of all levels");
    expect_true(pt_base > (uintptr_t)start_info, "the tables come after start_info");
    expect((long)(start_info->mfn_list % PAGE_SIZE), 0, "mfn_list: offset in its page");
    expect_true(start_info->mfn_list < (uintptr_t)start_info &&
                    start_info->mfn_list >= (uintptr_t)stack_end,
                "the list of frames lies between image and start_info");
    expect((long)start_info->mod_start, 0, "mod_start without a ramdisk");
    expect((long)start_info->mod_len, 0, "mod_len without a ramdisk");
    expect(start_info->cmd_line[MAX_GUEST_CMDLINE - 1], 0, "last byte of cmd_line");

    if (is_initial_domain())
        initial_domain();
    else
        ordinary_domain();
}
