/* SPDX-License-Identifier: MIT */
/*
 * Processes: their table, how they begin and end, and who waits for whom.
 *
 * A process that ends gives back all that it has, but for two things: its place in the table, where
 * its parent finds how it ended, and its kernel stack, on which it still runs. Both go when the
 * parent has asked. Children of a process that ends become those of process 1.
 */
#include "kernel/process.h"

#include "kernel/file.h"
#include "kernel/memory.h"
#include "kernel/pages.h"
#include "kernel/panic.h"
#include "kernel/schedule.h"
#include "kernel/signal.h"
#include "lib/print.h"
#include "lib/string.h"

static struct process table[PROCESSES];
static struct lock lock = LOCK(RANK_PROCESS);
static long last_pid;

struct process *process_table(void)
{
    return table;
}

struct lock *process_lock(void)
{
    return &lock;
}

struct space *process_space(const struct process *p)
{
    return p->memory ? p->memory->space : NULL;
}

struct process *process_find(long pid)
{
    for (struct process *p = table; p < table + PROCESSES; p++) {
        if (p->pid == pid && (p->state == PROCESS_READY || p->state == PROCESS_WAITING))
            return p;
    }
    return NULL;
}

/* ---- Kernel stacks ---- */

#define STACK_PAGES (MACHINE_STACK_SIZE / PAGE_SIZE)

/* The lowest address of the stack. What lies below it, as much, is never mapped: a stack that runs
 * over must not go on in the next. */
static uintptr_t stack_of(unsigned number)
{
    return machine_facts()->kernel_hole + (2 * number + 1) * MACHINE_STACK_SIZE;
}

void kernel_stack_put(unsigned number)
{
    void *pages[STACK_PAGES];

    for (unsigned i = 0; i < STACK_PAGES; i++)
        pages[i] = machine_unmap(NULL, stack_of(number) + i * PAGE_SIZE);
    machine_map_flush();
    for (unsigned i = 0; i < STACK_PAGES; i++)
        page_put(pages[i]);
}

void *kernel_stack_get(unsigned number)
{
    for (unsigned i = 0; i < STACK_PAGES; i++) {
        void *page = page_get();

        if (!page || !machine_map(NULL, stack_of(number) + i * PAGE_SIZE, page, ACCESS_WRITE)) {
            page_put(page);
            kernel_stack_put(number);
            return NULL;
        }
    }
    machine_map_flush();
    return (void *)stack_of(number);
}

static unsigned number_of(const struct process *p)
{
    return (unsigned)(p - table);
}

/* ---- Begin ---- */

/* With the lock: others look at how much memory it has. */
void process_set_memory(struct process *p, struct memory *memory)
{
    lock_take(&lock);
    p->memory = memory;
    lock_release(&lock);
}

static void set_state(struct process *p, enum process_state state)
{
    lock_take(&lock);
    p->state = state;
    lock_release(&lock);
}

static struct process *take_entry(void)
{
    struct process *found = NULL;

    lock_take(&lock);
    for (struct process *p = table; p < table + PROCESSES && !found; p++) {
        if (p->state == PROCESS_FREE)
            found = p;
    }
    if (found)
        *found = (struct process){ .state = PROCESS_NEW, .pid = ++last_pid, .alarm = FOR_EVER };
    lock_release(&lock);
    return found;
}

/* A process with a stack and nothing else. 0, -API_EAGAIN or -API_ENOMEM. */
static long create(struct process **out)
{
    struct process *p = take_entry();

    if (!p)
        return -API_EAGAIN;
    p->stack = kernel_stack_get(number_of(p));
    if (!p->stack) {
        set_state(p, PROCESS_FREE);
        return -API_ENOMEM;
    }
    *out = p;
    return 0;
}

/* A child's first act. What it shall go on with lies at the end of its kernel stack, where
 * machine_user_enter may build something: so it takes a copy. */
static void begin_child(void *argument)
{
    struct user_state state = *(const struct user_state *)argument;

    lock_release(&lock); /* whoever switched to us held it */
    machine_user_enter(&state);
}

/* Nothing of it can fail. */
static void inherit(struct process *child, const struct process *p)
{
    memcpy(child->name, p->name, sizeof(child->name));
    child->blocked = p->blocked;
    child->actions = p->actions;
    child->directory = p->directory;
    node_share(child->directory);
    child->program = p->program;
    node_share(child->program);
    descriptors_share(child);
}

long process_fork(void)
{
    struct process *p = current(), *child;
    struct user_state *state;
    long error = create(&child);

    if (error)
        return error;
    child->memory = memory_copy(p->memory);
    if (!child->memory) {
        kernel_stack_put(number_of(child));
        set_state(child, PROCESS_FREE);
        return -API_ENOMEM;
    }

    inherit(child, p);
    state = (struct user_state *)machine_stack_top(child->stack) - 1;
    machine_user_save(state);
    state->result = 0;
    child->context = machine_context_create(state, begin_child, state);

    lock_take(&lock);
    child->parent = p;
    child->group = p->group;
    schedule_ready(child);
    lock_release(&lock);
    return child->pid;
}

/* ---- End ---- */

static _Noreturn void end_of_first(int status)
{
    if (status != 0)
        kernel_panic("process 1 has ended with status 0x%x", (unsigned)status);
    print("Good bye.\n");
    machine_power_off();
}

/* Ended ones, too: process 1 will ask for them. */
static void give_children_to_first(const struct process *p)
{
    struct process *to = process_find(1);

    for (struct process *child = table; child < table + PROCESSES; child++) {
        if (child->state == PROCESS_FREE || child->parent != p)
            continue;
        child->parent = to;
        if (child->state == PROCESS_ENDED) {
            signal_send(to, API_SIGCHLD);
            schedule_wake(to);
        }
    }
}

static void give_back(struct process *p)
{
    struct memory *memory = p->memory;

    descriptors_close(p, false);
    node_put(p->directory);
    node_put(p->program);
    machine_space_switch(NULL);
    process_set_memory(p, NULL);
    memory_destroy(memory);
}

_Noreturn void process_exit(int status)
{
    struct process *p = current();

    if (p->pid == 1)
        end_of_first(status);
    give_back(p);

    lock_take(&lock);
    give_children_to_first(p);
    p->state = PROCESS_ENDED;
    p->status = status;
    signal_send(p->parent, API_SIGCHLD);
    schedule_wake(p->parent);
    schedule_leave();
    kernel_panic("a process runs after its end");
}

/* ---- Wait: a parent waits for itself, as the address that its children wake ---- */

static bool is_wanted(const struct process *child, long pid)
{
    if (child->state == PROCESS_FREE || child->parent != current())
        return false;
    return pid == -1 || (pid > 0 && child->pid == pid) ||
           (pid <= 0 && -child->group == (pid ? pid : -current()->group));
}

/* One that is wanted, best of all one that has ended. */
static struct process *find_child(long pid)
{
    struct process *found = NULL;

    for (struct process *p = table; p < table + PROCESSES; p++) {
        if (is_wanted(p, pid) && (!found || p->state == PROCESS_ENDED))
            found = p;
    }
    return found;
}

long process_wait(long pid, int options, int *status)
{
    struct process *child;
    bool interrupted = false;
    long result;

    lock_take(&lock);
    while ((child = find_child(pid)) != NULL && child->state != PROCESS_ENDED && !interrupted &&
           !(options & API_WNOHANG))
        interrupted = !wait_for(current(), &lock, FOR_EVER);

    if (!child) {
        result = -API_ECHILD;
    } else if (child->state == PROCESS_ENDED) {
        result = child->pid;
        *status = child->status;
    } else {
        result = interrupted ? -API_EINTR : 0;
    }
    lock_release(&lock);
    return result;
}

/* Nobody else does that to our children, so it is still there. */
void process_bury(long pid)
{
    struct process *child;

    lock_take(&lock);
    child = find_child(pid);
    lock_release(&lock);
    kernel_stack_put(number_of(child));
    set_state(child, PROCESS_FREE);
}

/* ---- The first process ---- */

/* What exec is called with, in the one page of memory that the first process begins with: as if a
 * program had put it there. */
struct first_page {
    uintptr_t argv[3], envp[1];
    char path[64];
    char words[1024];
};

#define FIRST_ADDRESS(field) (USER_START + offsetof(struct first_page, field))

static bool make_first_page(struct memory *memory, const char *path)
{
    struct first_page *page;

    if (memory_add(memory, USER_START, USER_START + PAGE_SIZE, ACCESS_READ) != 0)
        return false;
    page = memory_new_page(memory, USER_START);
    if (!page)
        return false;
    print_to(page->path, sizeof(page->path), "%s", path);
    print_to(page->words, sizeof(page->words), "%s", machine_facts()->command_line);
    page->argv[0] = FIRST_ADDRESS(path);
    page->argv[1] = page->words[0] ? FIRST_ADDRESS(words) : 0;
    machine_map_flush();
    return true;
}

static void open_console(void)
{
    struct file *file;

    if (file_open(node_root(), "/dev/console", API_O_RDWR, 0, &file) != 0)
        return;
    for (unsigned i = 0; i < 3; i++) {
        file_share(file);
        descriptor_new(file, i, false);
    }
    file_close(file);
}

static void begin_first(void *path)
{
    long error;

    lock_release(&lock);
    open_console();
    error = process_exec(path, FIRST_ADDRESS(argv), FIRST_ADDRESS(envp));
    kernel_panic("%s cannot be run: error %ld", (const char *)path, -error);
}

void process_start_first(const char *path)
{
    struct process *p;

    if (create(&p) != 0 || (p->memory = memory_create()) == NULL ||
        !make_first_page(p->memory, path))
        kernel_panic("no memory for the first process");
    p->directory = node_root();
    node_share(p->directory);
    p->context =
        machine_context_create(machine_stack_top(p->stack), begin_first, (void *)(uintptr_t)path);

    lock_take(&lock);
    p->group = p->pid;
    schedule_ready(p);
    lock_release(&lock);
}
