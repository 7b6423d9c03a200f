/* SPDX-License-Identifier: MIT */
/*
 * Saving and restoring extended state by XSAVE, or by FXSAVE where there is no XSAVE.
 */
#include "x86/fpu.h"

#include "lib/string.h"
#include "lib/types.h"
#include "x86/ex_table.h"
#include "x86/feature.h"
#include "x86/instr.h"
#include "x86/report.h"

#define CPUID_XSTATE 0xd
#define FXSAVE_SIZE  512

/* x87, SSE, AVX, and the three parts of AVX-512. Others (MPX, PKRU, AMX) need care from a guest's
 * kernel that PV guests are not told about. */
#define COMPONENTS_KNOWN 0xe7UL

/* Offsets of the legacy area and values at reset. */
#define FXSAVE_FCW       0
#define FXSAVE_MXCSR     24
#define FCW_DEFAULT      0x037f
#define MXCSR_DEFAULT    0x1f80
#define MXCSR_MASK       0xffff
/* What the CPU reads of the 512 bytes; behind it an XSAVE area says which components it holds. */
#define FXSAVE_DATA_SIZE 416
#define XSAVE_PRESENT    512

static uint64_t components;
static size_t area_size;

void fpu_select(uint64_t value)
{
    __asm__ volatile("xsetbv" ::"c"(0), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

void fpu_init_cpu(void)
{
    if (!features.xsave) {
        area_size = PAGE_SIZE;
        return;
    }
    if (components == 0) {
        struct cpuid supported = cpuid(CPUID_XSTATE, 0);

        components = (supported.eax | (uint64_t)supported.edx << 32) & COMPONENTS_KNOWN;
    }
    fpu_select(components);
    if (area_size == 0)
        area_size = round_up(cpuid(CPUID_XSTATE, 0).ebx, PAGE_SIZE);
}

size_t fpu_area_size(void)
{
    return area_size;
}

uint64_t fpu_components(void)
{
    return components;
}

void fpu_area_init(void *area)
{
    uint16_t fcw = FCW_DEFAULT;
    uint32_t mxcsr = MXCSR_DEFAULT;

    memset(area, 0, area_size);
    memcpy((char *)area + FXSAVE_FCW, &fcw, sizeof(fcw));
    memcpy((char *)area + FXSAVE_MXCSR, &mxcsr, sizeof(mxcsr));
}

/* Reserved bits of MXCSR would be refused on loading; so would they at bits 16 and up of the mask,
 * which all CPUs since SSE2 leave at this. */
void fpu_set_legacy(void *area, const void *image)
{
    const uint64_t x87_and_sse = 3;
    uint32_t mxcsr;

    fpu_area_init(area);
    memcpy(area, image, FXSAVE_DATA_SIZE);
    memcpy(&mxcsr, (const char *)image + FXSAVE_MXCSR, sizeof(mxcsr));
    mxcsr &= MXCSR_MASK;
    memcpy((char *)area + FXSAVE_MXCSR, &mxcsr, sizeof(mxcsr));
    if (features.xsave)
        memcpy((char *)area + XSAVE_PRESENT, &x87_and_sse, sizeof(x87_and_sse));
}

/* All ones: every component that XCR0 enables. */
void fpu_save(void *area)
{
    if (features.xsave)
        __asm__ volatile("xsave64 (%0)" ::"r"(area), "a"(-1), "d"(-1) : "memory");
    else
        __asm__ volatile("fxsave64 (%0)" ::"r"(area) : "memory");
}

/* Each says whether the CPU took the area. */
static bool try_xrstor(const void *area)
{
    uint32_t failed = 0;

    __asm__ volatile("1: xrstor64 (%1)\n"
                     "jmp 3f\n"
                     "2: movl $1, %0\n"
                     "3:\n" EX_TABLE(1b, 2b)
                     : "+r"(failed)
                     : "r"(area), "a"(-1), "d"(-1)
                     : "memory");
    return failed == 0;
}

static bool try_fxrstor(const void *area)
{
    uint32_t failed = 0;

    __asm__ volatile("1: fxrstor64 (%1)\n"
                     "jmp 3f\n"
                     "2: movl $1, %0\n"
                     "3:\n" EX_TABLE(1b, 2b)
                     : "+r"(failed)
                     : "r"(area)
                     : "memory");
    return failed == 0;
}

/*
 * Where such pointers stay: makes them those of an instruction of ours, so that they tell nothing
 * of who was here before. A register is emptied first, so that the load has room; what the FPU
 * holds is lost, but is about to be loaded anyway.
 */
static void forget_x87_pointers(void)
{
    static const uint32_t zero;

    __asm__ volatile("fnclex\n"
                     "ffree %%st(7)\n"
                     "fildl %0" ::"m"(zero));
}

bool fpu_restore(void *area)
{
    bool (*restore)(const void *) = features.xsave ? try_xrstor : try_fxrstor;

    if (features.x87_pointers_stay)
        forget_x87_pointers();
    if (restore(area))
        return true;
    fpu_area_init(area);
    if (!restore(area))
        machine_panic("the CPU refuses a fresh FPU state");
    return false;
}
