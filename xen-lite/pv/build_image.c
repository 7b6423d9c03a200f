/* SPDX-License-Identifier: MIT */
/*
 * The builder: what goes into the new domain's memory. Frames come zeroed, so only bytes that the
 * files have are written.
 */
#include "abi/xen.h"
#include "hv/frame.h"
#include "hv/print.h"
#include "lib/string.h"
#include "pv/build.h"
#include "pv/pv.h"
#include "x86/vector.h"

#define HYPERCALL_STUB_SIZE 32
#define HYPERCALL_STUBS     (PAGE_SIZE / HYPERCALL_STUB_SIZE)

/* Bytes that are copied in a step. */
#define COPY_STEP 16384

/* A kernel that cannot run without one of these asks for something that no PV guest has. */
#define FEATURES_NOT_FOR_PV \
    (BIT(XENFEAT_auto_translated_physmap) | BIT(XENFEAT_supervisor_mode_kernel))

/* Of a 32-bit kernel. That its root table may lie anywhere it says by a note "yes", as all since
 * Xen 3.0 mean by it, or in the legacy section by the longer word. */
static bool check_pae(struct build *b)
{
    if (b->notes.pae_mode == XEN_PAE_NO)
        return problem_say(&b->problem,
                           "a 32-bit kernel without PAE (note PAE_MODE is not \"yes\"): its page "
                           "tables cannot be used (%s)",
                           rule_name(RULE_IMG_2));
    if (b->notes.has_hv_start_low &&
        round_up(b->notes.hv_start_low, 2 * MIB) > b->width->hypervisor_start)
        return problem_say(&b->problem,
                           "it wants the hypervisor above 0x%lx (HV_START_LOW), and that "
                           "begins at 0x%lx (%s)",
                           b->notes.hv_start_low, b->width->hypervisor_start,
                           rule_name(RULE_IMG_3));
    if (b->notes.has_init_p2m)
        print(LOG_WARNING, "INIT_P2M is for 64-bit kernels and ignored\n");
    b->notes.has_init_p2m = false;
    return true;
}

bool build_check_image(struct build *b)
{
    uint32_t missing = b->notes.features_required & (uint32_t)FEATURES_NOT_FOR_PV;

    b->width = b->elf.is_64 ? &pv_width_64 : &pv_width_32;
    if (missing != 0)
        return problem_say(
            &b->problem, "it needs %s (note FEATURES), which PV guests do not have (%s)",
            missing & BIT(XENFEAT_supervisor_mode_kernel) ? "supervisor_mode_kernel"
                                                          : "auto_translated_physmap",
            rule_name(RULE_IMG_4));
    return b->elf.is_64 || check_pae(b);
}

void build_copy(const struct build *b, unsigned long pfn, uint64_t offset, const void *from,
                size_t size)
{
    const char *source = from;

    pfn += offset / PAGE_SIZE;
    offset %= PAGE_SIZE;
    while (size > 0) {
        size_t part = min((size_t)(PAGE_SIZE - offset), size);

        memcpy((char *)mfn_to_virt(build_mfn(b, pfn)) + offset, source, part);
        source += part;
        size -= part;
        offset = 0;
        pfn++;
    }
}

/* push rcx; push r11; [push rax;] mov $number, %eax; syscall; and for all but iret: pop r11; pop
 * rcx; ret */
void pv_write_stub_64(uint8_t *stub, unsigned int number)
{
    const uint8_t call[] = { 0x51, 0x41, 0x53, 0xb8, (uint8_t)number, 0, 0, 0, 0x0f, 0x05,
                             0x41, 0x5b, 0x59, 0xc3 };
    const uint8_t iret[] = { 0x51, 0x41, 0x53, 0x50, 0xb8, (uint8_t)number, 0, 0, 0, 0x0f, 0x05 };

    if (number == __HYPERVISOR_iret)
        memcpy(stub, iret, sizeof(iret));
    else
        memcpy(stub, call, sizeof(call));
}

/* mov $number, %eax; int $0x82; ret. For iret push eax; mov $number, %eax; int $0x82. */
void pv_write_stub_32(uint8_t *stub, unsigned int number)
{
    const uint8_t call[] = { 0xb8, (uint8_t)number, 0, 0, 0, 0xcd, VECTOR_HYPERCALL32, 0xc3 };
    const uint8_t iret[] = { 0x50, 0xb8, (uint8_t)number, 0, 0, 0, 0xcd, VECTOR_HYPERCALL32 };

    memcpy(stub, number == __HYPERVISOR_iret ? iret : call, sizeof(call));
}

void pv_write_hypercall_page(const struct pv_width *width, void *page)
{
    memset(page, 0xcc, PAGE_SIZE);
    for (unsigned int number = 0; number < HYPERCALL_STUBS; number++)
        width->write_stub((uint8_t *)page + number * HYPERCALL_STUB_SIZE, number);
}

static void write_hypercall_page(const struct build *b)
{
    unsigned long pfn = (b->notes.hypercall_page - b->virt_base) / PAGE_SIZE;

    if (b->notes.has_hypercall_page)
        pv_write_hypercall_page(b->width, mfn_to_virt(build_mfn(b, pfn)));
}

/* The n-th piece of what is copied: a segment of the kernel, or behind them the ramdisk. Where it
 * goes, in bytes from PFN 0 on, is *to. */
static struct span piece(const struct build *b, uint32_t n, uint64_t *to)
{
    if (n == b->elf.segment_count) {
        *to = b->ramdisk_range.pfn * PAGE_SIZE;
        return b->ramdisk;
    }
    struct elf_segment s = elf_get_segment(&b->elf, n);

    if (s.type != ELF_LOAD)
        return SPAN(NULL, 0);
    *to = s.paddr + b->layout.virt_offset - b->virt_base;
    return SPAN(b->kernel.data + s.offset, s.file_size);
}

enum build_result build_image_step(struct build *b)
{
    uint64_t to = 0;
    struct span from;
    size_t part;

    if (b->piece > b->elf.segment_count) {
        write_hypercall_page(b);
        return BUILD_DONE;
    }
    from = piece(b, b->piece, &to);
    part = min((size_t)COPY_STEP, from.size - b->at);
    if (part != 0) /* one without bytes has no address either */
        build_copy(b, 0, to + b->at, from.data + b->at, part);
    b->at += part;
    if (b->at == from.size) {
        b->piece++;
        b->at = 0;
    }
    return BUILD_AGAIN;
}
