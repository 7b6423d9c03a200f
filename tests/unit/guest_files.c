/* SPDX-License-Identifier: MIT */
/* Stand-ins for the rest of the teaching kernel: see guest_files.h. */
#include "guest_files.h"

#include "kernel/pages.h"
#include "kernel/schedule.h"
#include "kernel/user_memory.h"
#include "lib/print.h"

struct kernel kernel;

/* ---- Memory ---- */

static bool allocation_fails(void)
{
    return kernel.fail_at >= 0 && kernel.fail_at-- == 0;
}

unsigned long pages_free(void)
{
    return kernel.pages_limit - kernel.pages;
}

unsigned long pages_in_all(void)
{
    return kernel.pages_limit;
}

void *page_get(void)
{
    void *page;

    if (kernel.pages == kernel.pages_limit || allocation_fails())
        return NULL;
    kernel.pages++;
    page = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
    return memset(page, 0, PAGE_SIZE);
}

void page_put(void *page)
{
    kernel.pages -= page != NULL;
    free(page);
}

void *heap_get(size_t size)
{
    assert_true(size <= 2032);
    if (allocation_fails())
        return NULL;
    kernel.pieces++;
    return calloc(1, size);
}

void heap_put(void *memory)
{
    kernel.pieces -= memory != NULL;
    free(memory);
}

static bool is_bad(uintptr_t address, size_t size)
{
    return size && (address < PAGE_SIZE || address + size < address);
}

long user_read(void *to, uintptr_t from, size_t size)
{
    if (is_bad(from, size))
        return -API_EFAULT;
    memcpy(to, (const void *)from, size);
    return 0;
}

long user_write(uintptr_t to, const void *from, size_t size)
{
    if (is_bad(to, size))
        return -API_EFAULT;
    memcpy((void *)to, from, size);
    return 0;
}

long user_check(uintptr_t address, size_t size, bool write)
{
    (void)write;
    return is_bad(address, size) ? -API_EFAULT : 0;
}

long user_string(char *to, uintptr_t from, size_t size)
{
    size_t length;

    if (is_bad(from, 1))
        return -API_EFAULT;
    length = strlen((const char *)from);
    if (length >= size)
        return -API_ENAMETOOLONG;
    memcpy(to, (const void *)from, length + 1);
    return (long)length;
}

/* ---- Locks: the order of ranks is checked ---- */

static int ranks[8], depth;

void lock_take(struct lock *lock)
{
    assert_false(lock->held);
    assert_true(depth == 0 || ranks[depth - 1] < (int)lock->rank);
    ranks[depth++] = (int)lock->rank;
    lock->held = true;
}

void lock_release(struct lock *lock)
{
    assert_true(lock->held);
    assert_true(depth > 0 && ranks[--depth] == (int)lock->rank);
    lock->held = false;
}

bool wait_for(const void *what, struct lock *lock, uint64_t until)
{
    bool woken = false;

    (void)what;
    assert_int_equal(depth, 1); /* nobody sleeps with another lock held */
    lock_release(lock);
    if (kernel.asleep)
        woken = kernel.asleep(until);
    else
        kernel.interrupted = true;
    lock_take(lock);
    return woken;
}

void wake(const void *what)
{
    (void)what;
    kernel.wakes++;
}

/* ---- Processes ---- */

static struct lock processes = LOCK(RANK_PROCESS);

unsigned schedule_cpus(void)
{
    return 1;
}

uint64_t schedule_time_of(const struct process *p)
{
    return p->ran;
}

struct process *current(void)
{
    return &kernel.process;
}

struct process *process_table(void)
{
    static struct process table[PROCESSES];

    table[3] = kernel.process;
    table[5] = (struct process){ .state = PROCESS_ENDED, .pid = 9, .parent = &table[3] };
    return table;
}

struct lock *process_lock(void)
{
    return &processes;
}

unsigned signal_process(long pid, int signal)
{
    kernel.signal = signal;
    kernel.signal_to = pid;
    return 1;
}

unsigned signal_group(long group, int signal)
{
    return signal_process(-group, signal);
}

bool signal_waits(void)
{
    return kernel.interrupted;
}

unsigned long memory_pages(const struct memory *memory)
{
    (void)memory;
    return 12;
}

int64_t time_since_1970(void)
{
    return 1000000 + (int64_t)(kernel.time / 1000000000);
}

/* ---- The machine ---- */

const struct machine_peer *machine_peer_find(void (*on_signal)(void))
{
    kernel.on_signal = on_signal;
    return kernel.peer;
}

size_t machine_describe(char *text, size_t size)
{
    return print_to(text, size, "domain: 7\n");
}

const struct machine_facts *machine_facts(void)
{
    return &kernel.facts;
}

uint64_t machine_time(void)
{
    return kernel.time;
}

int machine_console_read(void)
{
    return kernel.typed && *kernel.typed ? (unsigned char)*kernel.typed++ : -1;
}

void machine_console_write(const char *text, size_t length)
{
    assert_true(length < sizeof(kernel.shown) - kernel.shown_length);
    memcpy(kernel.shown + kernel.shown_length, text, length);
    kernel.shown_length += length;
    kernel.shown[kernel.shown_length] = '\0';
}

void print_out(const char *text, size_t length)
{
    machine_console_write(text, length);
}

/* ---- For the tests ---- */

static bool is_fixed(const char *path)
{
    struct node *node;
    bool fixed;

    assert_int_equal(node_find(node_root(), path, &node), 0);
    fixed = node->fixed;
    node_put(node);
    return fixed;
}

/* The first name in a directory that is not the kernel's own. */
static bool first_name(const char *directory, char path[API_PATH_MAX])
{
    long descriptor = CALL(open, directory, API_O_RDONLY);
    struct api_dirent entry;
    bool found = false;

    while (!found && CALL(readdir, descriptor, &entry, 1) == 1) {
        snprintf(path, API_PATH_MAX, "%s/%s", directory, entry.name);
        found = strcmp(entry.name, ".") && strcmp(entry.name, "..") && !is_fixed(path);
    }
    CALL(close, descriptor);
    return found;
}

static void empty(const char *directory)
{
    char path[API_PATH_MAX];

    (void)CALL(chmod, directory, 0755); /* a test may have made it one that keeps its names */
    while (first_name(directory, path)) {
        if (CALL(unlink, path) == 0)
            continue;
        empty(path);
        assert_int_equal(CALL(rmdir, path), 0);
    }
}

void kernel_reset(void)
{
    static bool made;
    struct node *directory = kernel.process.directory;

    kernel.fail_at = -1;
    kernel.pages_limit = 4096;
    if (made) {
        descriptors_close(&kernel.process, false);
        node_put(directory);
    }
    kernel = (struct kernel){
        .fail_at = -1,
        .pages = kernel.pages,
        .pages_limit = 4096,
        .pieces = kernel.pieces,
        .peer = kernel.peer,
    };
    kernel.process.pid = 7;
    kernel.process.group = 7;
    kernel.process.state = PROCESS_READY;
    kernel.process.directory = node_root();
    node_share(node_root());
    if (!made)
        assert_true(devices_init() && proc_files_init());
    made = true;
    empty("/");
    empty("/dev");
    empty("/proc");
}

void make_file(const char *path, const char *text)
{
    long descriptor = CALL(open, path, API_O_WRONLY | API_O_CREAT | API_O_TRUNC, 0);

    check(path, descriptor >= 0);
    check_number(path, CALL(write, descriptor, text, strlen(text)), strlen(text));
    check_number(path, CALL(close, descriptor), 0);
}

const char *contents(const char *path)
{
    static char text[16384];
    long descriptor = CALL(open, path, API_O_RDONLY);
    long length;

    if (descriptor < 0)
        return "(none)";
    length = CALL(read, descriptor, text, sizeof(text) - 1);
    check(path, length >= 0);
    text[length] = '\0';
    CALL(close, descriptor);
    return text;
}
