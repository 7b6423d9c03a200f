/* SPDX-License-Identifier: MIT */
/* Exercise 3, something that each process has: umask(mask), the bits that new files do not get. */
#include <unistd.h>

#include "exercises/exercise.h"

/* The permission bits of a file that is made with mode. */
static unsigned bits_of_new_file(int mode)
{
    struct api_stat stat = { 0 };
    long file = sys_open("umask-test", API_O_CREAT | API_O_WRONLY, mode);

    must(file >= 0, "open makes no file");
    sys_fstat((int)file, &stat);
    sys_close((int)file);
    sys_unlink("umask-test");
    return stat.mode & 0777;
}

static int child_has_it(void)
{
    int mask = (int)call("umask", 0, 0, 0);

    return mask != 0111; /* 0: it was inherited; and now it is changed, but only here */
}

void test(void)
{
    unsigned bits;
    struct api_stat stat = { 0 };

    must(bits_of_new_file(0755) & 0100, "a file that is made with 0755 cannot be run");
    must(call("umask", 0111, 0, 0) == 0, "the first call does not give 0, the mask at start");
    bits = bits_of_new_file(0755);
    must((bits & 0111) == 0, "with mask 0111, a file that is made with 0755 has 0%o", bits);
    must(end_of_child(begin_child(child_has_it)) == 0, "fork does not inherit the mask");
    must(call("umask", 0022, 0, 0) == 0111, "it does not give the old mask; or a child's change "
                                            "changed the parent's");
    bits = bits_of_new_file(0755);
    must(bits & 0100, "with mask 0022, a file that is made with 0755 has 0%o", bits);
    must((bits & 0022) == 0, "with mask 0022, a file that is made with 0755 has 0%o", bits);

    must(call("umask", 0700, 0, 0) == 0022, "it does not give the old mask");
    must(sys_mkdir("umask-test") == 0, "mkdir fails");
    sys_stat("umask-test", &stat);
    sys_rmdir("umask-test");
    must((stat.mode & 0700) == 0, "with mask 0700, a new directory has 0%o",
         (unsigned)stat.mode & 0777);
    must(call("umask", 01777, 0, 0) == 0700, "it does not give the old mask");
    must(call("umask", 0, 0, 0) == 0777, "bits beyond 0777 are kept");
}
