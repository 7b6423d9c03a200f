/* SPDX-License-Identifier: MIT */
/*
 * The system calls on descriptors. Data passes through a piece of the kernel's stack, so that no
 * file's lock is held while the program's memory is touched; and the program's memory is checked
 * before anything is taken out of a pipe or from the terminal.
 */
#include "kernel/call.h"
#include "kernel/pages.h"
#include "kernel/process.h"
#include "kernel/tree.h"
#include "kernel/user_memory.h"

#define PIECE PIPE_ATOMIC

/* The caller's descriptor if it is open. Registers have more bits than an int: only those of the
 * int count, as for a C function. */
static struct descriptor *descriptor_at(unsigned long number)
{
    return descriptor_file((int)number) ? &current()->descriptors[(int)number] : NULL;
}

/* The file, if it was opened for `access` (O_RDONLY or O_WRONLY), else NULL. */
static struct file *file_for(unsigned long number, int access)
{
    struct file *file = descriptor_file((int)number);
    int opened = file ? file->flags & API_O_ACCMODE : 0;

    return file && (opened == API_O_RDWR || opened == access) ? file : NULL;
}

static size_t at_most(size_t size, size_t limit)
{
    return size < limit ? size : limit;
}

/* ---- Reading and writing ---- */

/* Kinds that may wait give one piece: to ask for more could wait in spite of what is there. */
static long read_pieces(struct file *file, uintptr_t to, size_t size)
{
    char piece[PIECE];
    size_t done = 0;
    long count;

    do {
        count = file->operations->read(file, piece, at_most(size - done, PIECE));
        if (count < 0)
            return done ? (long)done : count;
        if (user_write(to + done, piece, (size_t)count))
            return -API_EFAULT;
        done += (size_t)count;
    } while (count > 0 && done < size && file->operations->can_seek);
    return (long)done;
}

long call_read(const unsigned long arguments[4])
{
    struct file *file = file_for(arguments[0], API_O_RDONLY);
    uintptr_t to = arguments[1];
    size_t size = at_most(arguments[2], FILE_SIZE_MAX);
    long error;

    if (!file)
        return -API_EBADF;
    if (size == 0)
        return 0;
    error = user_check(to, size, true);
    return error ? error : read_pieces(file, to, size);
}

static long write_pieces(struct file *file, uintptr_t from, size_t size)
{
    char piece[PIECE];
    size_t done = 0, part;
    long count;

    do {
        part = at_most(size - done, PIECE);
        if (user_read(piece, from + done, part))
            return done ? (long)done : -API_EFAULT;
        count = file->operations->write(file, piece, part);
        if (count == -API_EPIPE)
            signal_process(current()->pid, API_SIGPIPE);
        if (count < 0)
            return done ? (long)done : count;
        done += (size_t)count;
    } while (count > 0 && done < size);
    return (long)done;
}

long call_write(const unsigned long arguments[4])
{
    struct file *file = file_for(arguments[0], API_O_WRONLY);
    uintptr_t from = arguments[1];
    size_t size = at_most(arguments[2], FILE_SIZE_MAX);
    long error;

    if (!file)
        return -API_EBADF;
    if (size == 0)
        return 0;
    error = user_check(from, size, false);
    return error ? error : write_pieces(file, from, size);
}

/* ---- The place and the size ---- */

/* Where `from` (0, 1, 2) counts from; -API_EINVAL. Never more than FILE_SIZE_MAX. */
static int64_t seek_base(const struct file *file, int from)
{
    struct api_stat stat;

    switch (from) {
    case 0: return 0;
    case 1: return (int64_t)file->place;
    case 2: node_stat(file->node, &stat); return (int64_t)stat.size;
    default: return -API_EINVAL;
    }
}

/* EINVAL also beyond FILE_SIZE_MAX, where no file has anything. */
long call_lseek(const unsigned long arguments[4])
{
    struct file *file = descriptor_file((int)arguments[0]);
    long offset = (long)arguments[1];
    int64_t base;

    if (!file)
        return -API_EBADF;
    if (!file->operations->can_seek)
        return -API_ESPIPE;
    lock_take(&tree_lock);
    base = seek_base(file, (int)arguments[2]);
    if (base < 0 || offset < -base || offset > (int64_t)FILE_SIZE_MAX - base)
        base = -API_EINVAL;
    else
        file->place = (uint64_t)(base += offset);
    lock_release(&tree_lock);
    return (long)base;
}

/* EINVAL: a size below 0, or not a regular file. */
long call_ftruncate(const unsigned long arguments[4])
{
    struct file *file = file_for(arguments[0], API_O_WRONLY);
    long size = (long)arguments[1];
    long error;

    if (!file)
        return -API_EBADF;
    if (file->operations != &regular_operations || size < 0)
        return -API_EINVAL;
    lock_take(&tree_lock);
    error = regular_resize(file->node, (uint64_t)size);
    lock_release(&tree_lock);
    return error;
}

long call_fstat(const unsigned long arguments[4])
{
    struct api_stat stat = { .mode = API_S_FIFO | 0600, .links = 1 }; /* a pipe */
    struct file *file = descriptor_file((int)arguments[0]);

    if (!file)
        return -API_EBADF;
    lock_take(&tree_lock);
    if (file->node)
        node_stat(file->node, &stat);
    lock_release(&tree_lock);
    return user_write(arguments[1], &stat, sizeof(stat));
}

long call_readdir(const unsigned long arguments[4])
{
    struct file *file = descriptor_file((int)arguments[0]);
    size_t count = at_most(arguments[2], FILE_SIZE_MAX / sizeof(struct api_dirent)), done;
    struct api_dirent entry;
    long error;

    if (!file)
        return -API_EBADF;
    if (file->operations != &directory_operations)
        return -API_ENOTDIR;
    error = user_check(arguments[1], count * sizeof(entry), true);
    for (done = 0; !error && done < count && directory_next(file, &entry); done++)
        error = user_write(arguments[1] + done * sizeof(entry), &entry, sizeof(entry));
    return error ? error : (long)done;
}

/* ---- Descriptors ---- */

long call_close(const unsigned long arguments[4])
{
    struct descriptor *descriptor = descriptor_at(arguments[0]);
    struct file *file;

    if (!descriptor)
        return -API_EBADF;
    file = descriptor->file;
    descriptor->file = NULL;
    file_close(file);
    return 0;
}

long call_dup(const unsigned long arguments[4])
{
    struct file *file = descriptor_file((int)arguments[0]);
    long other;

    if (!file)
        return -API_EBADF;
    other = descriptor_new(file, 0, false);
    if (other >= 0)
        file_share(file);
    return other;
}

long call_dup2(const unsigned long arguments[4])
{
    struct file *file = descriptor_file((int)arguments[0]), *closed;
    int other = (int)arguments[1];

    if (!file || other < 0 || other >= DESCRIPTORS)
        return -API_EBADF;
    closed = descriptor_file(other);
    if (file == closed && other == (int)arguments[0])
        return other;
    file_share(file);
    current()->descriptors[other] = (struct descriptor){ .file = file };
    if (closed)
        file_close(closed);
    return other;
}

long call_pipe(const unsigned long arguments[4])
{
    struct file *reader, *writer;
    int32_t numbers[2];
    long error = pipe_new(&reader, &writer);

    if (error)
        return error;
    numbers[0] = (int32_t)descriptor_new(reader, 0, false);
    numbers[1] = (int32_t)descriptor_new(writer, 0, false);
    error = numbers[0] < 0 || numbers[1] < 0 ? -API_EMFILE
                                             : user_write(arguments[0], numbers, sizeof(numbers));
    if (!error)
        return 0;

    for (unsigned i = 0; i < 2; i++) {
        if (numbers[i] >= 0)
            current()->descriptors[numbers[i]].file = NULL;
    }
    file_close(reader);
    file_close(writer);
    return error;
}

/* Of the file: O_NONBLOCK and O_APPEND; of the descriptor: O_CLOEXEC. */
long call_setflags(const unsigned long arguments[4])
{
    struct descriptor *descriptor = descriptor_at(arguments[0]);
    int flags = (int)arguments[1], of_file = flags & (API_O_NONBLOCK | API_O_APPEND);
    bool on = (int)arguments[2];
    struct file *file;

    if (!descriptor)
        return -API_EBADF;
    if (flags & ~(API_O_NONBLOCK | API_O_APPEND | API_O_CLOEXEC))
        return -API_EINVAL;
    file = descriptor->file;
    if (flags & API_O_CLOEXEC)
        descriptor->close_on_exec = on;
    lock_take(&tree_lock);
    file->flags = on ? file->flags | of_file : file->flags & ~of_file;
    lock_release(&tree_lock);
    return file->flags | (descriptor->close_on_exec ? API_O_CLOEXEC : 0);
}

/* ---- The terminal ---- */

static size_t tty_size(int request)
{
    return request == API_TTY_GET || request == API_TTY_SET ? sizeof(struct api_tty)
                                                            : sizeof(int32_t);
}

long call_tty(const unsigned long arguments[4])
{
    struct file *file = descriptor_file((int)arguments[0]);
    int request = (int)arguments[1];
    bool takes = request == API_TTY_SET || request == API_TTY_SET_GROUP;
    union {
        struct api_tty settings;
        int32_t group;
    } argument = { 0 };
    long error;

    if (!file)
        return -API_EBADF;
    if (!file->operations->tty)
        return -API_ENOTTY;
    if (takes && user_read(&argument, arguments[2], tty_size(request)))
        return -API_EFAULT;
    error = file->operations->tty(file, request, &argument);
    if (error || takes)
        return error;
    return user_write(arguments[2], &argument, tty_size(request));
}
