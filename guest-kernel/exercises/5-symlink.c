/* SPDX-License-Identifier: MIT */
/* Exercise 5, names that lead elsewhere: symlink(target, name), readlink(name, buffer, size). */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "exercises/exercise.h"

#define ELOOP 92 /* newlib's */

static long make_link(const char *target, const char *name)
{
    return call("symlink", POINTER(target), POINTER(name), 0);
}

static long open_for_reading(const char *path)
{
    long file = sys_open(path, API_O_RDONLY, 0);

    if (file >= 0)
        sys_close((int)file);
    return file < 0 ? file : 0;
}

static void make_files(void)
{
    long file;

    sys_mkdir("/tmp/links");
    sys_mkdir("/tmp/links/there");
    must(chdir("/tmp/links") == 0, "/tmp/links cannot be made");
    file = sys_open("there/file", API_O_CREAT | API_O_WRONLY, 0);
    must(file >= 0 && write((int)file, "text", 4) == 4, "a file cannot be made");
    sys_close((int)file);
}

static void must_lead_to_files(void)
{
    struct api_stat stat = { 0 };

    must(make_link("there/file", "near") == 0, "it fails");
    must(make_link("near", "nearer") == 0, "a link to a link cannot be made");
    must(make_link("there", "folder") == 0, "a link to a directory cannot be made");
    must(make_link("../../links", "there/up") == 0, "a link in another directory cannot be made");
    must(open_for_reading("near") == 0, "open does not go through a link");
    must(open_for_reading("nearer") == 0, "open does not go through two links");
    must(open_for_reading("folder/file") == 0, "a link is not followed in the middle of a path");
    must(open_for_reading("there/up/near") == 0,
         "a relative target is not seen from the link's own directory");
    must(sys_stat("nearer", &stat) == 0 && stat.size == 4, "stat does not tell of the file");
}

static void must_be_refused(void)
{
    must(make_link("nowhere", "broken") == 0, "a link to what is not there cannot be made");
    must(open_for_reading("broken") == -API_ENOENT, "a link to nothing is not ENOENT");
    must(make_link("two", "one") == 0 && make_link("one", "two") == 0, "a circle cannot be made");
    must(open_for_reading("one") == -ELOOP, "a circle is not ELOOP (92)");
    must(open_for_reading("one/x") == -ELOOP, "a circle in a path is not ELOOP (92)");
    must(make_link("near", "near") == -API_EEXIST, "a name that is taken is not EEXIST");
    must(make_link("", "empty") == -API_ENOENT, "an empty target is not ENOENT");
    must(call("symlink", BAD_POINTER, POINTER("bad"), 0) == -API_EFAULT,
         "a bad pointer is not EFAULT");
}

static void must_be_read(void)
{
    char buffer[16] = "################";

    must(call("readlink", POINTER("near"), POINTER(buffer), sizeof(buffer)) == 10,
         "readlink does not give the target's length");
    must(memcmp(buffer, "there/file#", 11) == 0, "readlink does not give just the target");
    must(call("readlink", POINTER("there/file"), POINTER(buffer), sizeof(buffer)) == -API_EINVAL,
         "readlink of a file is not EINVAL");
    must(call("readlink", POINTER("near"), POINTER(buffer), 5) == 5, "a short buffer is not 5");
}

void test(void)
{
    make_files();
    must_lead_to_files();
    must_be_read();
    must_be_refused();
    must(sys_unlink("near") == 0 && open_for_reading("there/file") == 0,
         "unlink takes the file, and not the link");
    must(open_for_reading("near") == -API_ENOENT, "unlink leaves the link");
    must(sys_rename("nearer", "moved") == 0 && open_for_reading("there/file") == 0,
         "rename moves the file, and not the link");
}
