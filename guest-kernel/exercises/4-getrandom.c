/* SPDX-License-Identifier: MIT */
/* Exercise 4, a generator: getrandom(buffer, size) gives bytes that nobody can foretell. */
#include <string.h>
#include <unistd.h>

#include "exercises/exercise.h"

static unsigned char one[4096], two[4096];
static int ends[2];

static int hand_over(void)
{
    unsigned char mine[16];

    if (call("getrandom", POINTER(mine), sizeof(mine), 0) != sizeof(mine))
        return 1;
    return write(ends[1], mine, sizeof(mine)) != sizeof(mine);
}

static void must_differ_in_children(void)
{
    unsigned char theirs[2][16];

    must(pipe(ends) == 0, "there is no pipe");
    for (int i = 0; i < 2; i++) {
        must(end_of_child(begin_child(hand_over)) == 0, "it fails in a child");
        read(ends[0], theirs[i], sizeof(theirs[i]));
    }
    must(memcmp(theirs[0], theirs[1], sizeof(theirs[0])) != 0, "two children get the same bytes");
}

void test(void)
{
    int set = 0, seen[256] = { 0 };

    must(call("getrandom", POINTER(one), sizeof(one), 0) == sizeof(one),
         "4096 bytes are not given in one call");
    must(call("getrandom", POINTER(two), 100, 0) == 100, "100 bytes are not given");
    must(memcmp(one, two, 100) != 0, "two calls give the same bytes");
    must(two[100] == 0 && two[101] == 0 && two[102] == 0, "more than 100 bytes were written");

    for (size_t i = 0; i < sizeof(one); i++) {
        set += __builtin_popcount(one[i]);
        seen[one[i]]++;
    }
    must(set > 15884 && set < 16884, "of 32768 bits %d are set: so far off is chance never", set);
    for (int i = 0; i < 256; i++)
        must(seen[i] > 0 && seen[i] < 48, "of 4096 bytes %d are 0x%02x", seen[i], (unsigned)i);

    must_differ_in_children();
    must(call("getrandom", BAD_POINTER, 1, 0) == -API_EFAULT, "a bad pointer is not EFAULT");
    must(call("getrandom", POINTER(one), -1ul, 0) == -API_EFAULT,
         "more bytes than a program has addresses is not EFAULT");
    must(call("getrandom", POINTER(one), 0, 0) == 0, "0 bytes are not 0");
}
