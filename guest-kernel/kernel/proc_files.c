/* SPDX-License-Identifier: MIT */
/*
 * /proc: what the kernel knows, as texts that are made when they are read. The text belongs to the
 * open file and is made when it is read from the start, so a program that reads it in small pieces
 * sees one state of things.
 */
#include "kernel/pages.h"
#include "kernel/process.h"
#include "kernel/schedule.h"
#include "kernel/tree.h"
#include "lib/print.h"
#include "lib/string.h"

#define KIB_PER_PAGE 4
#define MILLISECOND  1000000u

/* One page. A text that does not fit is cut. */
struct text {
    size_t length;
    char bytes[PAGE_SIZE - sizeof(size_t)];
};

/* ---- What is in them ---- */

static char state_letter(enum process_state state)
{
    switch (state) {
    case PROCESS_READY: return 'R';
    case PROCESS_WAITING: return 'S';
    case PROCESS_ENDED: return 'Z';
    case PROCESS_FREE:
    case PROCESS_NEW: break;
    }
    return 0;
}

/* pid, parent, group, state, pages, milliseconds of processor time, name. */
static size_t process_line(const struct process *process, char state, char *text, size_t size)
{
    return print_to(text, size, "%ld %ld %ld %c %lu %llu %s\n", process->pid,
                    process->parent ? process->parent->pid : 0, process->group, state,
                    process->memory ? memory_pages(process->memory) : 0,
                    (unsigned long long)(schedule_time_of(process) / MILLISECOND), process->name);
}

/* Whole lines only: half a line says something else. */
static size_t processes(char *text, size_t size)
{
    const struct process *table = process_table();
    size_t length = 0;

    lock_take(process_lock());
    for (unsigned i = 0; i < PROCESSES; i++) {
        char state = state_letter(table[i].state);
        size_t line = state ? process_line(&table[i], state, text + length, size - length) : 0;

        if (length + line + 1 == size)
            break;
        length += line;
    }
    lock_release(process_lock());
    return length;
}

static size_t memory(char *text, size_t size)
{
    return print_to(text, size, "total: %lu\nfree: %lu\n", pages_in_all() * KIB_PER_PAGE,
                    pages_free() * KIB_PER_PAGE);
}

static size_t hypervisor(char *text, size_t size)
{
    const struct machine_facts *facts = machine_facts();

    size_t length = print_to(text, size,
                             "machine: %s\nhypervisor: %s\nfeatures: %s\ncommand line: %s\n"
                             "machine memory: %lu\nprocessors: %u\n",
                             facts->kind, facts->hypervisor, facts->features, facts->command_line,
                             facts->memory_pages * KIB_PER_PAGE, schedule_cpus());

    return length + machine_describe(text + length, size - length);
}

static size_t uptime(char *text, size_t size)
{
    unsigned long long milliseconds = machine_time() / MILLISECOND;

    return print_to(text, size, "%llu.%03llu\n", milliseconds / 1000, milliseconds % 1000);
}

/* ---- Reading them ---- */

static long read_locked(struct file *file, char *buffer, size_t size)
{
    struct text *text = file->data;
    bool fresh = !text;

    if (fresh)
        text = file->data = page_get();
    if (!text)
        return -API_ENOMEM;
    if (fresh || file->place == 0)
        text->length = file->node->make_text(text->bytes, sizeof(text->bytes));
    if (file->place >= text->length)
        return 0;
    if (size > text->length - file->place)
        size = text->length - file->place;
    memcpy(buffer, text->bytes + file->place, size);
    file->place += size;
    return (long)size;
}

static long text_read(struct file *file, void *buffer, size_t size)
{
    long result;

    lock_take(&tree_lock);
    result = read_locked(file, buffer, size);
    lock_release(&tree_lock);
    return result;
}

static void text_release(struct file *file)
{
    page_put(file->data);
}

/* Their mode keeps anybody from opening one for writing. */
const struct file_operations text_operations = {
    .read = text_read,
    .release = text_release,
    .can_seek = true,
};

static const struct {
    const char *path;
    size_t (*make_text)(char *text, size_t size);
} texts[] = {
    { "/proc/processes", processes },
    { "/proc/memory", memory },
    { "/proc/hypervisor", hypervisor },
    { "/proc/uptime", uptime },
};

bool proc_files_init(void)
{
    struct node *directory = tree_add_fixed("/proc", API_S_DIRECTORY | 0755, &directory_operations);

    if (!directory)
        return false;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct node *node = tree_add_fixed(texts[i].path, API_S_REGULAR | 0444, &text_operations);

        if (!node)
            return false;
        node->make_text = texts[i].make_text;
    }
    directory->mode &= ~0222u; /* from now on it stays as it is */
    return true;
}
