/* SPDX-License-Identifier: MIT */
/* Descriptors: a process's numbers for its open files. Only the process itself touches its table,
 * or its parent while it makes it, so there is no lock. */
#include "kernel/file.h"
#include "kernel/process.h"

struct file *descriptor_file(int descriptor)
{
    if (descriptor < 0 || descriptor >= DESCRIPTORS)
        return NULL;
    return current()->descriptors[descriptor].file;
}

long descriptor_new(struct file *file, unsigned lowest, bool close_on_exec)
{
    struct descriptor *table = current()->descriptors;

    for (unsigned i = lowest; i < DESCRIPTORS; i++) {
        if (!table[i].file) {
            table[i] = (struct descriptor){ .file = file, .close_on_exec = close_on_exec };
            return i;
        }
    }
    return -API_EMFILE;
}

bool descriptor_is_free(void)
{
    for (int i = 0; i < DESCRIPTORS; i++) {
        if (!descriptor_file(i))
            return true;
    }
    return false;
}

void descriptors_share(struct process *child)
{
    const struct descriptor *table = current()->descriptors;

    for (unsigned i = 0; i < DESCRIPTORS; i++) {
        child->descriptors[i] = table[i];
        if (table[i].file)
            file_share(table[i].file);
    }
}

void descriptors_close(struct process *process, bool only_close_on_exec)
{
    for (unsigned i = 0; i < DESCRIPTORS; i++) {
        struct descriptor *descriptor = &process->descriptors[i];

        if (!descriptor->file || (only_close_on_exec && !descriptor->close_on_exec))
            continue;
        file_close(descriptor->file);
        descriptor->file = NULL;
    }
}
