/* SPDX-License-Identifier: MIT */
/*
 * Claim: two vCPUs that share a CPU each keep their own registers: x87, SSE and whatever else XCR0
 *     has, XCR0 itself, segment bases, debug registers, TSC_AUX, CR0.TS and their choice of CR4,
 *     which the CPU goes by, too.
 * Rule: invariants D3, E1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --vcpus 2
 *
 * FNOP comes before XSAVE and XRSTOR, since QEMU does these also while CR0.TS is set, by which the
 * real Xen notices who needs his registers.
 */
#include "tests/guests/support/support.h"
#include "tests/guests/vcpu-registers/width.h"

#define TURNS       100
#define AREA        8192
#define CR4_TSD     0x4ul
#define CR4_DE      0x8ul
#define CR4_OSXSAVE (1ul << 18)
#define OSXSAVE     (1u << 27)
#define RDTSCP      (1u << 27)
#define X87_SSE     3ul

#define TSC_AUX 0xc0000103

/* Places in an XSAVE area: control words, registers, which components follow. */
#define FCW       0
#define MXCSR     24
#define REGISTERS 32
#define HEADER    512

struct side {
    uint8_t wanted[AREA] __attribute__((aligned(64)));
    uint8_t found[AREA] __attribute__((aligned(64)));
    uint64_t components;
    unsigned long tag, cr4;
    unsigned turns;
    const char *wrong; /* the first thing that was not as it should be */
};

static struct side sides[2];
static uint64_t allowed;
static bool has_tsc_aux;

static void cpuid(uint32_t leaf, uint32_t subleaf, uint32_t r[4])
{
    __asm__ volatile(XEN_CPUID
                     : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3])
                     : "0"(leaf), "2"(subleaf));
}

/* Patterns for all of the components; another one for each turn. */
static void make_area(struct side *s)
{
    memset(s->wanted, 0, AREA);
    memset(s->wanted + REGISTERS, (int)(s->tag + s->turns), LEGACY - REGISTERS);
    /* Of each x87 register's place six bytes are not used. */
    for (unsigned i = 0; i < 8; i++)
        memset(s->wanted + REGISTERS + 16 * i + 10, 0, 6);
    *(uint16_t *)(void *)(s->wanted + FCW) = 0x037f;
    *(uint32_t *)(void *)(s->wanted + MXCSR) = 0x1f80 | (s->tag & 1) << 15;
    *(uint64_t *)(void *)(s->wanted + HEADER) = s->components;
    for (unsigned i = 2; i < 63; i++) {
        uint32_t part[4];

        if (!(s->components >> i & 1))
            continue;
        cpuid(0xd, i, part);
        if (part[1] + part[0] > AREA)
            error("component %u does not fit", i);
        memset(s->wanted + part[1], (int)(s->tag + s->turns + i), part[0]);
    }
}

static void load(struct side *s)
{
    make_area(s);
    area_load(s->wanted, s->components);
    segments_load(s->tag);
    for (unsigned n = 0; n < 4; n++)
        CALL(set_debugreg, n, s->tag << 24 | n << 16);
    CALL(set_debugreg, 6, s->tag & 0xf);
    if (has_tsc_aux)
        write_msr(TSC_AUX, s->tag);
}

static void check(struct side *s, bool good, const char *what)
{
    if (!good && s->wrong == NULL)
        s->wrong = what;
}

static void check_area(struct side *s)
{
    uint32_t low, high, part[4];

    memset(s->found, 0, AREA);
    area_save(s->found, s->components);
    check(s, memcmp(s->found + REGISTERS, s->wanted + REGISTERS, LEGACY - REGISTERS) == 0,
          "x87 and SSE registers");
    check(s, memcmp(s->found + MXCSR, s->wanted + MXCSR, 4) == 0, "MXCSR");
    for (unsigned i = 2; i < 63; i++)
        if (s->components >> i & 1) {
            cpuid(0xd, i, part);
            check(s, memcmp(s->found + part[1], s->wanted + part[1], size_in_use(i, part[0])) == 0,
                  "registers of a further component");
        }
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    check(s, ((uint64_t)high << 32 | low) == s->components, "XCR0");
}

/* The CPU's own; with TSD it would be the hypervisor's answer. */
static uint32_t read_tsc_aux(void)
{
    uint32_t aux;

    __asm__ volatile("rdtscp" : "=c"(aux)::"ax", "dx");
    return aux;
}

static void check_all(struct side *s)
{
    unsigned long value;

    check_area(s);
    for (unsigned n = 0; n < 4; n++)
        check(s, (unsigned long)CALL(get_debugreg, n) == (s->tag << 24 | n << 16), "a breakpoint");
    check(s, ((unsigned long)CALL(get_debugreg, 6) & 0xf) == (s->tag & 0xf), "DR6");
    if (has_tsc_aux)
        check(s, read_msr(TSC_AUX) == s->tag, "TSC_AUX");
    if (has_tsc_aux && !(s->cr4 & CR4_TSD))
        check(s, read_tsc_aux() == s->tag, "TSC_AUX as RDTSCP gives it");
    __asm__ volatile("mov %%cr4, %0" : "=r"(value));
    check(s, (value & (CR4_TSD | CR4_DE)) == (s->cr4 & (CR4_TSD | CR4_DE)), "CR4");
}

static void user_rdtsc(void)
{
    __asm__ volatile("rdtsc" ::: "ax", "dx");
}

/* What only a fault tells: the CPU's own CR0 and CR4, not what the hypervisor remembers of them.
 * TRY and user_run() are for vCPU 0; the other one has neither TS nor TSD and meets no fault. */
static void check_faults(struct side *s)
{
    struct fault f;

    if (s != &sides[0])
        return;
    f = TRY("fnop", : : : "memory");
    check(s, f.happened && f.vector == X_NM, "CR0.TS");
    check(s, user_run(user_rdtsc).vector == X_GP, "CR4.TSD");
}

static void take_turns(struct side *s)
{
    __asm__ volatile("mov %0, %%cr4" ::"r"(s->cr4));
    __asm__ volatile("xsetbv" ::"c"(0), "a"((uint32_t)s->components),
                     "d"((uint32_t)(s->components >> 32)));
    while (s->turns < TURNS && s->wrong == NULL) {
        load(s);
        if (s == &sides[0])
            CALL(fpu_taskswitch, 1);
        CALL(sched_op, SCHEDOP_yield);
        check(s, segments_are_kept(s->tag), "a segment base");
        check_faults(s);
        check_all(s);
        WRITE_ONCE(s->turns, s->turns + 1);
    }
}

static void second(unsigned long unused)
{
    (void)unused;
    take_turns(&sides[1]);
    for (;;)
        CALL(vcpu_op, VCPUOP_down, 1);
}

void test_main(void)
{
    uint64_t end = system_time() + 10000000000ull;
    uint32_t r[4];

    cpuid(1, 0, r);
    if (!(r[2] & OSXSAVE))
        skip("the CPU has no XSAVE");
    cpuid(0x80000001, 0, r);
    has_tsc_aux = r[3] & RDTSCP;
    cpuid(0xd, 0, r);
    allowed = (uint64_t)r[3] << 32 | r[0];
    sides[0] = (struct side){ .components = allowed, .tag = 0x5a, .cr4 = CR4_OSXSAVE | CR4_TSD };
    sides[1] = (struct side){ .components = X87_SSE, .tag = 0xa5, .cr4 = CR4_OSXSAVE | CR4_DE };
    vcpu_start(second, 0);
    take_turns(&sides[0]);
    while (READ_ONCE(sides[1].turns) < TURNS && sides[1].wrong == NULL && system_time() < end)
        CALL(sched_op, SCHEDOP_yield);
    for (unsigned i = 0; i < 2; i++) {
        expect((long)sides[i].turns, TURNS, "turns of vCPU %u", i);
        expect_true(sides[i].wrong == NULL, "vCPU %u keeps its %s", i,
                    sides[i].wrong ? sides[i].wrong : "registers");
    }
}
