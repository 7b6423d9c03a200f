/* SPDX-License-Identifier: MIT */
/* Exercise 1, a system call: sethostname(name, length) changes what uname calls the node. */
#include <string.h>

#include "exercises/exercise.h"

static struct api_uname names;

static int change(void)
{
    return (int)call("sethostname", POINTER("elsewhere"), 9, 0);
}

static void must_be_called(const char *name, const char *when)
{
    must(sys_uname(&names) == 0, "uname fails");
    must(strcmp(names.node, name) == 0, "%s uname says '%s' instead of '%s'", when, names.node,
         name);
}

void test(void)
{
    char long_name[64];

    memset(long_name, 'x', sizeof(long_name));
    must(call("sethostname", POINTER("harbour and more"), 7, 0) == 0, "it fails");
    must_be_called("harbour", "after seven letters");
    must(call("sethostname", BAD_POINTER, 4, 0) == -API_EFAULT, "a bad pointer is not EFAULT");
    must(call("sethostname", POINTER(long_name), sizeof(names.node), 0) == -API_EINVAL,
         "a name that leaves no room for the zero is not EINVAL");
    must(call("sethostname", POINTER(long_name), -1ul, 0) == -API_EINVAL,
         "the largest length there is is not EINVAL");
    must_be_called("harbour", "after three refusals");
    must(end_of_child(begin_child(change)) == 0, "it fails in a child");
    must_be_called("elsewhere", "after a child's call");
    must(call("sethostname", POINTER("x"), 0, 0) == 0, "an empty name is refused");
    must_be_called("", "after length 0");
}
