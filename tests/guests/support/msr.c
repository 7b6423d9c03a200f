/* SPDX-License-Identifier: MIT */
/* Model-specific registers: see msr.h. */
#include "tests/guests/support/msr.h"

#include "tests/guests/support/support.h"

struct fault msr_read(uint32_t index, uint64_t *value)
{
    unsigned long low = ~0ul, high = ~0ul;
    struct fault f = TRY("rdmsr", : "+a"(low), "+d"(high) : "c"(index) : "memory");

    *value = f.happened ? 0 : (uint64_t)high << 32 | low;
    return f;
}

struct fault msr_write(uint32_t index, uint64_t value)
{
    return TRY("wrmsr",
               :
               : "c"(index), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
               : "memory");
}

static bool is_protection_fault(struct fault f)
{
    return f.happened && f.vector == X_GP && f.code == 0;
}

/* Reads as value, or faults. */
static void check_read(uint32_t index, bool reads, uint64_t value)
{
    uint64_t found;
    struct fault f = msr_read(index, &found);

    expect_true(reads ? !f.happened : is_protection_fault(f), "reading 0x%x %s", index,
                reads ? "does not fault" : "is a protection fault");
    if (reads && !f.happened && found != value)
        expect_hex(found, value, "register 0x%x", index);
}

static void check_write(const struct msr_rule *r, uint32_t index, uint64_t value)
{
    struct fault f = msr_write(index, value);
    bool taken = r->writes == MSR_FORGOTTEN || r->writes == MSR_KEPT ||
                 (r->writes == MSR_ZERO && value == 0) ||
                 (r->writes == MSR_SAME && value == r->value);

    expect_true(taken ? !f.happened : is_protection_fault(f), "writing 0x%llx to 0x%x %s",
                (unsigned long long)value, index,
                taken ? "does not fault" : "is a protection fault");
    check_read(index, r->reads, r->writes == MSR_KEPT ? value : r->value);
}

static void check(const struct msr_rule *r, uint32_t index)
{
    if (r->writes == MSR_SKIPPED)
        return;
    check_read(index, r->reads, r->value);
    check_write(r, index, 1);
    check_write(r, index, ~0ull);
    check_write(r, index, 0);
    if (r->reads)
        check_write(r, index, r->value);
}

void msr_sweep(const struct msr_rule *rules, size_t count)
{
    static const uint32_t areas[][2] = {
        { 0, 0x1fff },
        { 0x40000000, 0x400001ff },
        { 0xc0000000, 0xc00003ff },
        { 0xc0010000, 0xc0011fff },
    };

    for (unsigned a = 0; a < COUNT(areas); a++)
        for (uint32_t index = areas[a][0]; index <= areas[a][1]; index++) {
            struct msr_rule absent = { index, index, false, 0, MSR_REFUSED };
            const struct msr_rule *r = &absent;

            for (size_t i = 0; i < count; i++)
                if (index >= rules[i].first && index <= rules[i].last)
                    r = &rules[i];
            check(r, index);
        }
}
