/* SPDX-License-Identifier: MIT */
/*
 * Claim: `int n` reaches the guest's handler for n if there is one and its privilege level allows,
 *     without an error code for any n; else it is a general protection fault whose error code
 *     names the gate. So for all 256 vectors and four levels, from kernel, program and, in a 64-bit
 *     guest, 32-bit program; 3, 4 and 0x80 need no level.
 * Rule: TRAP-2; Intel SDM 3, 6.13
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * Level 3 lets user mode use the vector; the kernel, whichever ring it is in, needs level 1 at
 * least, also with the assist architectural_iopl. A 32-bit kernel's `int 0x82` is left out: it is a
 * hypercall.
 *
 * The real Xen finds n from the error code of the processor's fault, in which QEMU 7.2 has n * 16 +
 * 2 in place of n * 8 + 2: it takes int n for int 2n. Where that is so the handler of 2n is meant.
 */
#include "tests/guests/software-interrupts/width.h"
#include "tests/guests/support/support.h"

static struct frame frame;
static unsigned gate_size = 8;

/* The error code that names a gate. */
static unsigned long gate_code(unsigned vector)
{
    return vector * gate_size + 2;
}

/* The vector whose handler stands for int n. */
static uint8_t taken_for(unsigned n)
{
    return (uint8_t)(n * gate_size / 8);
}

/* No handler is set yet. */
static void find_gate_size(void)
{
    struct fault f = TRY("int $0x32", ::: "memory");

    if (!is_xen_lite() && f.code == 0x32 * 16 + 2)
        gate_size = 16;
    expect_fault(f, X_GP, gate_code(0x32), "int 0x32 (no handler)");
}

static void user_int30(void)
{
    __asm__ volatile("int $0x30");
}

static void user_int31(void)
{
    __asm__ volatile("int $0x31");
}

static void user_int3(void)
{
    __asm__ volatile("int3");
}

/* A handler's stub that expects no error code, for all vectors: the vector it says is its own. */
#define PLAIN 0x60

/* Faults of the test itself keep their own. */
static unsigned stub_of(unsigned vector)
{
    return vector == X_GP || vector == X_BP || vector == X_OF ? vector : PLAIN;
}

static void set_all(unsigned level)
{
    static struct trap_info table[256 + 1];

    for (unsigned vector = 0; vector < 256; vector++) {
        table[vector] = (struct trap_info){
            .vector = (uint8_t)vector,
            .flags = (uint8_t)level,
            .cs = FLAT_KERNEL_CS,
            .address = (unsigned long)vector_stubs + stub_of(vector) * VECTOR_STUB_SIZE,
        };
    }
    expect(CALL(set_trap_table, table), 0, "handlers of level %u", level);
}

static void expect_vector(unsigned n, bool allowed, unsigned vector, unsigned long code,
                          unsigned long pc, const char *who)
{
    bool open = n == X_BP || n == X_OF || n == 0x80;

    if (allowed || open) {
        expect((long)vector, stub_of(open ? n : taken_for(n)), "int 0x%x, %s: vector", n, who);
        expect_hex(pc, code_at + 2, "int 0x%x, %s: ip", n, who);
        return;
    }
    expect((long)vector, X_GP, "int 0x%x, %s: vector", n, who);
    expect_hex(code, gate_code(n), "int 0x%x, %s: code", n, who);
    expect_hex(pc, code_at, "int 0x%x, %s: ip", n, who);
}

static void one_vector(unsigned n, unsigned level)
{
    struct fault f;

    if (n != hypercall_vector) {
        f = TRY("jmp *%0", : : "r"(code_at) : "memory");
        expect_vector(n, level >= 1, f.vector, f.code, f.pc, "kernel");
    }
    for (const struct program *p = programs; p->name; p++) {
        frame = code_run(p->start());
        expect_vector(n, level == 3, (unsigned)frame.vector, frame.error, frame.ip, p->name);
        expect_hex(frame.cs & 0xffff, p->cs, "int 0x%x, %s: cs", n, p->name);
    }
}

/* n is not 13: its handler is the one for its own faults, whose frame has a code. */
static void all_vectors(uint8_t *code, unsigned level)
{
    set_all(level);
    for (unsigned n = 0; n < 256; n++) {
        if (n == X_GP)
            continue;
        code[0] = 0xcd;
        code[1] = (uint8_t)n;
        one_vector(n, level);
    }
}

static void set_one(unsigned n, unsigned level)
{
    const struct trap_info table[] = {
        { .vector = taken_for(n),
          .flags = (uint8_t)level,
          .cs = FLAT_KERNEL_CS,
          .address = (unsigned long)vector_stubs + n * VECTOR_STUB_SIZE },
        { .address = 0 },
    };

    expect(CALL(set_trap_table, table), 0, "set_trap_table");
}

void test_main(void)
{
    uint8_t *code;

    find_gate_size();
    set_one(0x30, 3);
    set_one(0x31, 1);
    set_one(0x32, 0);
    expect_fault(TRY("int $0x30", ::: "memory"), 0x30, 0, "int 0x30 (level 3)");
    expect_fault(TRY("int $0x31", ::: "memory"), 0x31, 0, "int 0x31 (level 1)");
    expect_fault(TRY("int $0x32", ::: "memory"), X_GP, gate_code(0x32), "int 0x32 (level 0)");
    expect_fault(TRY("int $0xff", ::: "memory"), X_GP, gate_code(0xff), "int 0xff (no handler)");
    expect_fault(TRY("int $0x0e", ::: "memory"), X_GP, gate_code(14), "int 14 (level 0)");

    frame = user_run(user_int30);
    expect((long)frame.vector, 0x30, "int 0x30 from user mode: vector");
    frame = user_run(user_int31);
    expect((long)frame.vector, X_GP, "int 0x31 from user mode: vector");
    expect_hex(frame.error, gate_code(0x31), "int 0x31 from user mode: code");
    frame = user_run(user_int3);
    expect((long)frame.vector, X_BP, "int3 from user mode, whose level does not matter: vector");

    code = code_new();
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    for (unsigned level = 0; level < 4; level++)
        all_vectors(code, level);
    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_architectural_iopl), 0, "vm_assist");
    all_vectors(code, 0);
    all_vectors(code, 1);
}
