/* SPDX-License-Identifier: MIT */
/*
 * Bytes in memory of their own, and whole files.
 */
#include "bytes.h"

#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct span bytes_span(struct bytes bytes)
{
    return SPAN(bytes.data, bytes.size);
}

void bytes_reserve(struct bytes *bytes, size_t size)
{
    if (size <= bytes->size) {
        return;
    }
    bytes->data = realloc(bytes->data, size);
    if (bytes->data == NULL) {
        fail("out of memory (%zu bytes wanted)", size);
    }
    bytes->size = size;
}

/* Reads until end of file or error. A file that shrinks while it is read gives a short range, no
 * error: the readers then find it truncated. */
static bool read_all(int fd, struct bytes *bytes, struct problem *problem)
{
    size_t done = 0;

    while (done < bytes->size) {
        ssize_t count = read(fd, bytes->data + done, bytes->size - done);

        if (count < 0 && errno != EINTR) {
            return problem_say(problem, "cannot read: %s", strerror(errno));
        }
        if (count == 0) {
            break;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    bytes->size = done;
    return true;
}

bool bytes_read_file(const char *path, struct bytes *bytes, struct problem *problem)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool ok;

    if (fd < 0) {
        return problem_say(problem, "%s", strerror(errno));
    }
    /* O_NONBLOCK and this check: a named pipe given by mistake must not hang the tool. */
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(fd);
        return problem_say(problem, "not a regular file");
    }
    *bytes = (struct bytes){ NULL, 0 };
    bytes_reserve(bytes, (size_t)status.st_size);
    ok = read_all(fd, bytes, problem);
    close(fd);
    return ok;
}

void bytes_write_file(const char *path, struct span contents)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t done = 0;

    if (fd < 0) {
        fail("%s: %s", path, strerror(errno));
    }
    while (done < contents.size) {
        ssize_t count = write(fd, contents.data + done, contents.size - done);

        if (count < 0 && errno != EINTR) {
            fail("%s: %s", path, strerror(errno));
        }
        done += count > 0 ? (size_t)count : 0;
    }
    if (close(fd) != 0) {
        fail("%s: %s", path, strerror(errno));
    }
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){ NULL, 0 };
}
