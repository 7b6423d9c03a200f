/* SPDX-License-Identifier: MIT */
/*
 * Claim: single-stepping goes on through whatever a kernel does: behind each emulated instruction,
 *     after each element of a repeated one, behind a hypercall, not between MOV SS and the next
 *     instruction.
 * Rule: none
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * Left out: IN, OUT, CLI and STI, behind which the real Xen does not stop.
 */
#include "tests/guests/support/support.h"

#define EFER      0xc0000080
#define RFLAGS_TF 0x100
#define MAX_STEPS 16
#define PORT      0xed
#define END       (-1)
#define END_OF(x) (int)(sizeof(x) - 1)

static uint8_t code[64];
static int stops[MAX_STEPS];
static unsigned count;
static struct frame last;

static void note(struct frame *frame)
{
    if (frame->vector == X_DB && count < MAX_STEPS) {
        stops[count++] = (int)(frame->rip - (uint64_t)code);
        return;
    }
    last = *frame;
    frame_leave();
}

/* Steps through the bytes in kernel mode; UD2 follows them. */
static void step(const char *name, const char *bytes, size_t size, const int *wanted)
{
    struct frame frame = code_frame(code, false);
    unsigned n = 0;

    memcpy(code, bytes, size);
    memcpy(code + size, "\x0f\x0b", 2);
    frame.rflags |= RFLAGS_TF;
    frame.rcx = EFER;
    frame.rdx = PORT;
    frame.rsi = frame.rdi = (uint64_t)page_new();
    frame.rbx = 3;
    count = 0;
    trap_hook = note;
    (void)code_run(frame);
    trap_hook = NULL;
    while (wanted[n] != END) {
        expect(n < count ? stops[n] : END, wanted[n], "%s: stop %u", name, n);
        n++;
    }
    expect((long)count, n, "%s: stops", name);
    expect((long)last.vector, X_UD, "%s: what ended it", name);
    expect((long)(last.rip - (uint64_t)code), (long)size, "%s: where it ended", name);
}

#define STEP(name, bytes, ...) \
    step(name, bytes, sizeof(bytes) - 1, (const int[]){ __VA_ARGS__, END })

void test_main(void)
{
    struct physdev_set_iopl iopl = { .iopl = 1 };

    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &iopl), 0, "set_iopl");
    STEP("nop", "\x90\x90", 1, 2);
    STEP("rdmsr", "\x0f\x32\x90", 2, 3);
    STEP("mov %cr0, %rax", "\x0f\x20\xc0\x90", 3, 4);
    STEP("cpuid with prefix", "\x0f\x0bxen\x0f\xa2\x90", 7, 8);
    STEP("mov %ebx, %ecx; rep movsb", "\x89\xd9\xf3\xa4", 2, 2, 2, 4);
    STEP("insb", "\x6c\x90", 1, 2);
    STEP("mov %ebx, %ecx; rep insb", "\x89\xd9\xf3\x6c", 2, 2, 2, 4);
    STEP("mov %ebx, %ecx; rep outsb", "\x89\xd9\xf3\x6e", 2, 2, 2, 4);
    STEP("xor %ecx, %ecx; rep insb", "\x31\xc9\xf3\x6c", 2, 4);
    STEP("mov %ss, %eax; mov %eax, %ss; nop", "\x8c\xd0\x8e\xd0\x90\x90", 2, 5, 6);
    STEP("mov %ss, %eax; mov %eax, %ss; rdmsr", "\x8c\xd0\x8e\xd0\x0f\x32\x90", 2, 6, 7);
    /* xen_version */
    STEP("mov $17, %eax; xor %edi, %edi; syscall", "\xb8\x11\0\0\0\x31\xff\x0f\x05\x90\x90", 5, 7,
         9, 10, 11);
}
