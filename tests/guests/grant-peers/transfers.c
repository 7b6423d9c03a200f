/* SPDX-License-Identifier: MIT */
/*
 * Frames that the two domains give each other, or try to.
 */
#include "tests/guests/grant-peers/peers.h"
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define CHANGES 2000

static int give(const volatile void *page, grant_ref_t ref)
{
    struct gnttab_transfer op = {
        .mfn = (unsigned long)mfn_of(page), .domid = peer, .ref = ref, .status = 1
    };

    expect(grant_op(GNTTABOP_transfer, &op), 0, "transfer");
    return op.status;
}

/* Both have all the memory that they may have. On the real Xen the frame would be lost. */
static void no_room(char *gift)
{
    grant_mfn(FRAME, peer, 0x777, GTF_accept_transfer);
    meet("no room for a frame");
    if (is_xen_lite()) {
        uint64_t entry = make_entry(gift, PTE_RW);

        expect(map(gift, 0), 0, "unmap the gift");
        expect(give(gift, FRAME), GNTST_general_error, "where there is no room");
        expect(map(gift, entry), 0, "it is still here");
    }
    meet("not given");
    expect(grant_v1(FRAME)->flags, GTF_accept_transfer, "the entry still waits");
}

/* Gives the page's frame back and gets another, many times. The last one. */
static unsigned long change_frames(char *room)
{
    unsigned long frame = (unsigned long)mfn_of(room);
    unsigned missed = 0;

    expect(map(room, 0), 0, "unmap it");
    for (unsigned i = 0; i < CHANGES; i++) {
        expect(memory(XENMEM_decrease_reservation, &frame, 1), 1, "give it back");
        while (memory(XENMEM_populate_physmap, &frame, 1) != 1)
            missed++;
    }
    expect(missed, 0, "times that there was no place for another");
    expect(map(room, (uint64_t)frame << 12 | PTE_RW), 0, "map what came");
    return frame;
}

/* Who gives away what nobody waits for takes no place from others meanwhile. On the real Xen each
 * attempt would cost a frame. */
static unsigned long unwanted(char *gift, char *room)
{
    uint64_t entry = make_entry(gift, PTE_RW);

    if (self < peer)
        return change_frames(room);
    expect(map(gift, 0), 0, "unmap the gift");
    while (theirs->step <= step)
        expect(give(gift, KEPT), GNTST_general_error, "an entry that does not wait");
    expect(map(gift, entry), 0, "it is still here");
    return (unsigned long)mfn_of(room);
}

/* Each gives a frame back first, so that it has room for the other's. A refused transfer costs the
 * caller its frame on the real Xen. */
void transferred(void)
{
    char *gift = page_new(), *room = page_new();
    unsigned long frame;
    const unsigned done = GTF_accept_transfer | GTF_transfer_committed | GTF_transfer_completed;
    uint64_t old = mfn_of(gift);

    no_room(gift);
    frame = is_xen_lite() ? unwanted(gift, room) : (unsigned long)mfn_of(room);
    meet("unwanted");
    fill(gift, (char)(self + 11));
    expect(give(gift, FRAME), GNTST_bad_page, "a frame that is mapped");
    expect(map(room, 0), 0, "unmap one frame");
    expect(memory(XENMEM_decrease_reservation, &frame, 1), 1, "and give it back");
    grant_mfn(FRAME, peer, 0x777, GTF_accept_transfer);
    meet("ready for a frame");
    expect(map(gift, 0), 0, "unmap the gift");
    if (is_xen_lite())
        expect(give(gift, 512 * 1000), GNTST_general_error, "to an entry beyond the table");
    expect(give(gift, FRAME), GNTST_okay, "give it");
    expect(give(gift, FRAME), GNTST_bad_page, "once more");
    meet("given");
    expect(grant_v1(FRAME)->flags, (long)done, "the entry then");
    expect_true(grant_v1(FRAME)->frame != old, "another frame");
    expect(map(gift, (uint64_t)grant_v1(FRAME)->frame << 12 | PTE_RW), 0, "map what came");
    expect(wrong_bytes(gift, (char)(peer + 11)), 0, "its contents");
}
