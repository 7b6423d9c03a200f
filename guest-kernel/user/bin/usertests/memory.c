/* SPDX-License-Identifier: MIT */
/* sbrk, mmap, munmap, and what programs find in new memory. */
#include <string.h>

#include "check.h"

#define PAGE 4096

static bool is_error(long result)
{
    return result < 0 && result > -4096;
}

static bool all_zero(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static void uses_unmapped(void)
{
    char *page = (char *)sys_mmap(PAGE, API_PROT_READ | API_PROT_WRITE);

    page[0] = 1;
    sys_munmap(page, PAGE);
    page[0] = 2;
}

static void writes_readable(void)
{
    char *page = (char *)sys_mmap(PAGE, API_PROT_READ);

    if (page[0] == 0)
        page[0] = 2;
}

static void uses_cut_heap(void)
{
    char *end = (char *)sys_sbrk(3 * PAGE);

    end[2 * PAGE] = 1;
    sys_sbrk(-3 * PAGE);
    end[2 * PAGE] = 2;
}

/* Takes memory and touches it until there is none, which is an error or the program's end. */
static void takes_everything(void)
{
    for (;;) {
        long address = sys_mmap(64 * PAGE, API_PROT_READ | API_PROT_WRITE);

        if (is_error(address))
            sys_exit(address == -API_ENOMEM ? 3 : 4);
        for (int i = 0; i < 64; i++)
            ((volatile char *)address)[i * PAGE] = 1;
    }
}

static void grows_its_stack(void)
{
    volatile char large[600 * 1024];

    large[0] = 1;
    large[sizeof(large) - 1] = 2;
    sys_exit(large[300 * 1024] == 0 && large[0] == 1 ? 3 : 4);
}

static void test_heap(void)
{
    long end = sys_sbrk(0);

    check("sbrk: 0 tells the end", end > 0x400000);
    check_result("sbrk: gives the old end", sys_sbrk(PAGE), end);
    check("sbrk: the new memory is zero", all_zero((char *)end, PAGE));
    memset((char *)end, 1, PAGE);
    check_result("sbrk: back", sys_sbrk(-PAGE), end + PAGE);
    sys_sbrk(PAGE);
    check("sbrk: again it is zero", all_zero((char *)end, PAGE));
    sys_sbrk(-PAGE);
    check_result("sbrk: too much", sys_sbrk(0x70000000), -API_ENOMEM);
    check("sbrk: below its start", is_error(sys_sbrk(-0x7fffffffl)));
    check("sbrk: below 0", is_error(sys_sbrk(-0x7fffffffl - 1)));
    check_result("sbrk: errors change nothing", sys_sbrk(0), end);
    check_result("the heap's cut part is gone", in_child(uses_cut_heap), API_SIGSEGV);
}

void test_memory(void)
{
    const int both = API_PROT_READ | API_PROT_WRITE;
    long address = sys_mmap(3 * PAGE, both), other;

    test_heap();
    check("mmap: an address on a page", !is_error(address) && address % PAGE == 0);
    check("mmap: zero", all_zero((char *)address, 3 * PAGE));
    memset((char *)address, 1, 3 * PAGE);
    other = sys_mmap(1, both);
    check("mmap: one byte is a page", !is_error(other) && all_zero((char *)other, PAGE));
    check("mmap: apart", other >= address + 3 * PAGE || other + PAGE <= address);
    check_result("mmap: nothing", sys_mmap(0, both), -API_EINVAL);
    check("mmap: more than there is", is_error(sys_mmap(0x7ffff000, both)));
    check("mmap: all addresses", is_error(sys_mmap(-1ul, both)));
    check("mmap: a size that wraps", is_error(sys_mmap(-4096ul, both)));
    check_result("munmap: the middle", sys_munmap((char *)address + PAGE, PAGE), 0);
    check("munmap: the rest stays", ((char *)address)[0] == 1 && ((char *)address)[2 * PAGE] == 1);
    check_result("munmap: where nothing is", sys_munmap((char *)address + PAGE, PAGE), 0);
    check_result("munmap: not on a page", sys_munmap((char *)address + 1, PAGE), -API_EINVAL);
    for (int i = 3; unreadable[i].name != NULL; i++)
        check("munmap: not the program's", is_error(sys_munmap(unreadable[i].address, PAGE)));
    check("munmap: a size that wraps", is_error(sys_munmap((char *)address, -4096ul)));
    check_result("munmap: the rest", sys_munmap((void *)address, 3 * PAGE), 0);
    check_result("munmap: another", sys_munmap((void *)other, PAGE), 0);
    check_result("unmapped memory is gone", in_child(uses_unmapped), API_SIGSEGV);
    check_result("a readable page", in_child(writes_readable), API_SIGSEGV);
    check_result("a stack of 600 KiB", in_child(grows_its_stack), ENDED_WITH(3));
    other = in_child(takes_everything);
    check("all memory", other == ENDED_WITH(3) || (other & 0x7f) == API_SIGKILL);
}
