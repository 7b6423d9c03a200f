/* SPDX-License-Identifier: MIT */
/*
 * exec: a new memory is made beside the old one, with the program from its file and the strings
 * from the old memory. Only when all is there, and nothing can fail any more, it takes the old
 * one's place.
 *
 * The new stack, from its end down, as the System V ABI wants it:
 *
 *     strings of argv, then those of envp
 *     0, 0                                 (an empty list of auxiliary values)
 *     envp[0] ... NULL
 *     argv[0] ... NULL
 *     argc                                 <- sp, on 16 bytes
 */
#include "kernel/elf.h"
#include "kernel/file.h"
#include "kernel/memory.h"
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "lib/print.h"
#include "lib/string.h"

#define STRINGS_MAX 65536ul /* with the pointers to them */

/* A list of pointers to strings in the old memory. */
struct strings {
    uintptr_t list; /* 0: empty */
    size_t count, size;
};

/* With its zero, or an error. */
static long string_size(uintptr_t from)
{
    char part[128];
    long length;
    size_t before = 0;

    while ((length = user_string(part, from + before, sizeof(part))) == -API_ENAMETOOLONG) {
        before += sizeof(part);
        if (before > STRINGS_MAX)
            return -API_E2BIG;
    }
    return length < 0 ? length : (long)before + length + 1;
}

static long string_at(const struct strings *s, size_t index, uintptr_t *string)
{
    return user_read(string, s->list + index * sizeof(*string), sizeof(*string));
}

static long measure(struct strings *s)
{
    uintptr_t string;
    long size;

    while (s->list) {
        size = string_at(s, s->count, &string);
        if (size == 0 && string == 0)
            return 0;
        if (size == 0)
            size = string_size(string);
        if (size < 0)
            return size;
        s->count++;
        s->size += (size_t)size;
        if (s->size + s->count * sizeof(string) > STRINGS_MAX)
            return -API_E2BIG;
    }
    return 0;
}

/* Writes the strings to `place` of the new memory, and the pointers to `pointers`; both move on,
 * pointers over a NULL. */
static long copy_strings(struct memory *to, const struct strings *s, uintptr_t *pointers,
                         uintptr_t *place)
{
    for (size_t i = 0; i < s->count; i++) {
        uintptr_t string;
        long size, error = string_at(s, i, &string);

        if (error)
            return error;
        size = string_size(string);
        if (size < 0)
            return size;
        error = memory_write(to, *place, (const void *)string, (size_t)size);
        if (!error)
            error = memory_write(to, *pointers, place, sizeof(*place));
        if (error)
            return error;
        *place += (size_t)size;
        *pointers += sizeof(*place);
    }
    *pointers += sizeof(*place);
    return 0;
}

/* 0 and the first stack pointer, or an error. */
static long make_stack(struct memory *memory, struct strings *argv, struct strings *envp,
                       uintptr_t *sp)
{
    uintptr_t place = USER_END - argv->size - envp->size;
    /* argc, two NULLs, two auxiliary ones */
    size_t words = 5 + argv->count + envp->count;
    uintptr_t pointers;
    long error = memory_add(memory, STACK_START, USER_END, ACCESS_READ | ACCESS_WRITE);

    if (error)
        return error;
    *sp = (place - words * sizeof(place)) & ~15ul;
    error = memory_write(memory, *sp, &argv->count, sizeof(argv->count));
    pointers = *sp + sizeof(argv->count);
    if (!error)
        error = copy_strings(memory, argv, &pointers, &place);
    if (!error)
        error = copy_strings(memory, envp, &pointers, &place);
    return error;
}

static long find_program(const char *path, struct node **program)
{
    long error = node_find(current()->directory, path, program);
    uint32_t mode;

    if (error)
        return error;
    mode = node_mode(*program);
    if ((mode & API_S_REGULAR) && (mode & 0111))
        return 0;
    node_put(*program);
    return -API_EACCES;
}

static long make_memory(struct node *program, struct memory *memory, struct user_state *state,
                        uintptr_t argv, uintptr_t envp)
{
    struct strings arguments = { .list = argv }, environment = { .list = envp };
    uintptr_t entry, sp;
    long error = measure(&arguments);

    if (!error)
        error = measure(&environment);
    if (!error && arguments.size + environment.size > STRINGS_MAX)
        error = -API_E2BIG;
    if (!error)
        error = elf_load(program, memory, &entry);
    if (!error)
        error = make_stack(memory, &arguments, &environment, &sp);
    if (!error)
        machine_user_init(state, entry, sp);
    return error;
}

/* The last part of the path. */
static void set_name(struct process *p, const char *path)
{
    const char *name = path;

    for (; *path; path++) {
        if (*path == '/')
            name = path + 1;
    }
    print_to(p->name, sizeof(p->name), "%s", name);
}

/* Nothing here can fail. */
static void replace(struct process *p, struct node *program, struct memory *memory,
                    const char *path)
{
    struct memory *old_memory = p->memory;
    struct node *old_program = p->program;

    descriptors_close(p, true);
    lock_take(process_lock());
    p->actions = (struct signal_actions){ .ignored = p->actions.ignored };
    set_name(p, path);
    lock_release(process_lock());

    p->program = program;
    process_set_memory(p, memory);
    machine_space_switch(memory->space);
    memory_destroy(old_memory);
    if (old_program) /* the first process comes from nowhere */
        node_put(old_program);
}

long process_exec(const char *path, uintptr_t argv, uintptr_t envp)
{
    struct user_state state;
    struct memory *memory;
    struct node *program;
    long error = find_program(path, &program);

    if (error)
        return error;
    memory = memory_create();
    error = memory ? make_memory(program, memory, &state, argv, envp) : -API_ENOMEM;
    if (error) {
        if (memory)
            memory_destroy(memory);
        node_put(program);
        return error;
    }
    replace(current(), program, memory, path);
    machine_user_enter(&state);
}
