/* SPDX-License-Identifier: MIT */
/*
 * The machine interface: everything that the kernel knows of the machine it runs on.
 *
 * The kernel (kernel/) is ordinary C that includes this file and nothing else of machine/. Who
 * implements the functions decides where the kernel runs: machine/native/ does it with the
 * instructions of ring 0, machine/pv/ with hypercalls to Xen or xen-lite. Both have files of the
 * same names with the same functions, to be read side by side. The rules below hold for both, so
 * that the kernel never asks which one it has.
 *
 * Four words. A *page* is 4 KiB of the kernel's own memory, named by its kernel address. A *space*
 * is an address space: the kernel's half is the same in all of them, the user's half is its own. An
 * *interrupt* is whatever arrives unasked; interrupts are off when kernel_main is entered and
 * inside every kernel_ function that the machine calls. A *program* is what runs in user mode.
 */
#ifndef GUEST_KERNEL_MACHINE_H
#define GUEST_KERNEL_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SIZE 4096ul

/* ---- What the kernel is given at start ---- */

/* Set before kernel_main, never changed afterwards. */
struct machine_facts {
    const char *kind;           /* "64-bit paravirtual", "32-bit native" ... */
    bool is_64;                 /* programs are 64-bit ELF files; else 32-bit */
    const char *command_line;   /* the text given to the kernel by whoever booted it */
    char hypervisor[128];       /* name, version and interface of what is below us */
    char features[160];         /* names of optional features that it offers */
    unsigned long memory_pages; /* pages that belong to this machine in all */
    const void *ramdisk;        /* the second file that was booted, or NULL. It lies in pages ... */
    size_t ramdisk_size;        /* ... of its own, which the kernel may take for free pages */
    uint8_t *first_page;        /* the free pages: mapped read-write, one after the other, */
    unsigned long page_count;   /* never more than MACHINE_PAGES_MAX of them */
    /* 1.5 MiB of kernel addresses from here on are unmapped: for machine_map(NULL, ...). It is a
     * multiple of MACHINE_STACK_SIZE. */
    uintptr_t kernel_hole;
};

/* A kernel of this size manages 128 MiB; a machine that has more keeps the rest untouched. */
#define MACHINE_PAGES_MAX 32768ul

/* Where programs may have memory, the same in all four builds: [USER_START, USER_END). */
#define USER_START 0x00400000ul
#define USER_END   0xbfff0000ul

const struct machine_facts *machine_facts(void);

/* What else a person may want to know of this kind of machine, as it is now: lines "name: value",
 * at most size bytes with the zero behind them. Their length. */
size_t machine_describe(char *text, size_t size);

/* ---- Console ---- */

/* Writes all bytes, waiting for room where it must. "\n" alone ends a line. */
void machine_console_write(const char *text, size_t length);

/* The next byte of input, or -1 if there is none. Input that arrives also ends machine_idle. */
int machine_console_read(void);

/* ---- Interrupts and time ---- */

/* Turns interrupts off; says whether they were on. Pairs with machine_irq_restore. */
bool machine_irq_off(void);

/* Turns interrupts on when `on`. Interrupts that waited arrive before this returns. */
void machine_irq_restore(bool on);

/* Sleeps until an interrupt has been served. Called with interrupts off, returns with interrupts
 * off; one that arrives between the caller's last look and the sleep is not lost. */
void machine_idle(void);

enum machine_interrupt {
    INTERRUPT_TIMER,   /* the time asked for by machine_timer_set has come */
    INTERRUPT_CONSOLE, /* machine_console_read may have something */
    INTERRUPT_CPU,     /* machine_cpu_interrupt named this CPU */
    INTERRUPTS
};

/* Whenever `which` arrives, handler is called, with interrupts off. Bound once, for good, by CPU 0,
 * which all but INTERRUPT_CPU arrive at. */
void machine_interrupt_bind(enum machine_interrupt which, void (*handler)(void));

/* Nanoseconds since the machine started. Never goes back. */
uint64_t machine_time(void);

/* Seconds since 1970 when the machine started. */
uint64_t machine_start_date(void);

/* For CPU 0: asks for one INTERRUPT_TIMER at or soon after `when` (machine_time's scale); replaces
 * an earlier request. A time that has passed asks for one at once. */
void machine_timer_set(uint64_t when);

/* ---- Memory ---- */

enum machine_access {
    ACCESS_READ = 0,
    ACCESS_WRITE = 1 << 0,
    ACCESS_EXECUTE = 1 << 1,
};

struct space;

/* A new space with an empty user half, or NULL if memory is out. */
struct space *machine_space_create(void);

/* Gives back s, which must not be the one in use, and its page tables. Each page that is still
 * mapped in its user half is handed to put, once for each mapping, when no table names it any more.
 */
void machine_space_destroy(struct space *s, void (*put)(void *page));

/* Makes s (NULL: the kernel's own, without a user half) the one in use. */
void machine_space_switch(struct space *s);

/* Maps page at address (both page-aligned) in the user half of s, or with s == NULL in the kernel's
 * half of all spaces, after kernel_hole (another CPU may know an older mapping there until it
 * switches spaces). An older mapping there is replaced: so access is changed,
 * too. Returns false if memory for page tables is out. The change may be delayed until
 * machine_map_flush(), so that many go to the hypervisor in one call; machine_unmap and
 * machine_lookup may see what was there until then. */
bool machine_map(struct space *s, uintptr_t address, void *page, unsigned access);

/* Takes away what is mapped at address. Returns the page, or NULL if there was none. Delayed like
 * machine_map: a page must not be used for something else before machine_map_flush(). */
void *machine_unmap(struct space *s, uintptr_t address);

/* Makes all delayed changes, of all spaces. Afterwards no TLB has an older mapping. Needed before
 * anybody relies on a change; whoever switches spaces or returns to user mode need not ask. */
void machine_map_flush(void);

/* The first page that is mapped in [*address, end) of the user half of s, with its address and
 * access; NULL if there is none. */
void *machine_lookup(struct space *s, uintptr_t *address, uintptr_t end, unsigned *access);

/* The page table of the second level (its entries name those of the lowest) that serves address in
 * s, or NULL; only for looking. */
const void *machine_page_table(struct space *s, uintptr_t address);

/* Copies between any two addresses. Returns false, with part of it done, when one of them cannot be
 * reached: this is how the kernel touches addresses that a user program gave it. */
bool machine_copy(void *to, const void *from, size_t size);

/* True if [address, address + size) lies where programs may have memory. */
static inline bool machine_is_user_range(uintptr_t address, size_t size)
{
    return address >= USER_START && size <= USER_END && address <= USER_END - size;
}

/* ---- CPUs ---- */

#define MACHINE_CPUS_MAX 4

/* The number of the CPU that this runs on; kernel_main's is 0. A thread is perhaps on another one
 * after each machine_context_switch. */
unsigned machine_cpu(void);

/* Starts a CPU: it calls entry, which never returns, with interrupts off, in the kernel's own space
 * and on that stack. False: there is no such CPU. Called by CPU 0 in the kernel's own space, after
 * INTERRUPT_CPU was bound. */
bool machine_cpu_start(unsigned cpu, void *stack, void (*entry)(void));

/* Has INTERRUPT_CPU arrive at that CPU, which was started. */
void machine_cpu_interrupt(unsigned cpu);

/* ---- Another machine beside this one ---- */

/* What can be done about it, in this order. */
struct machine_peer {
    bool offers;         /* this machine's page is shared; exactly one of the two says so */
    void *(*join)(void); /* 4080 bytes that both have, zeroed at first; NULL: nobody is there yet */
    bool (*is_there)(void); /* false, once and for all: it has ended */
    void (*signal)(void);   /* has its on_signal called */
    void (*leave)(void);    /* takes the bytes away */
};

/* Called once. NULL: there is no other machine. The words "offer=N" and "accept=N" of the command
 * line name it. on_signal is called with interrupts off. */
const struct machine_peer *machine_peer_find(void (*on_signal)(void));

/* ---- Threads and user mode ---- */

/* All kernel stacks have this size and lie on a multiple of it. The last bytes are the machine's:
 * there it finds the number of the CPU. Threads have what lies below machine_stack_top. */
#define MACHINE_STACK_SIZE (2 * PAGE_SIZE)

static inline void *machine_stack_top(void *stack)
{
    return (char *)stack + MACHINE_STACK_SIZE - 16;
}

struct context;

/* A thread that, when first switched to, calls entry(argument) on the stack that ends at stack_top.
 * The context lives on that stack. entry never returns. */
struct context *machine_context_create(void *stack_top, void (*entry)(void *), void *argument);

/* Leaves this thread (its state goes to *from) and goes on with `to`. Returns when somebody
 * switches back. */
void machine_context_switch(struct context **from, struct context *to);

/* Traps, interrupts and system calls out of user mode start at the top of that stack, which this
 * CPU switches to next. */
void machine_kernel_stack(void *stack);

/* All that a program's instructions can see of the processor. */
struct user_state {
    uintptr_t pc, sp;
    unsigned long result;   /* of a system call: rax, eax */
    unsigned long flags;    /* only those that programs may change count */
    unsigned long rest[14]; /* the other registers, in the machine's order */
    unsigned char fpu[512]; /* as FXSAVE writes it */
};

/* The state of a program at its first instruction. */
void machine_user_init(struct user_state *state, uintptr_t pc, uintptr_t sp);

/* Copies the state of the program whose trap, interrupt or system call this kernel stack serves, or
 * changes it. Whatever is loaded, the program stays in user mode with interrupts on. */
void machine_user_save(struct user_state *state);
void machine_user_load(const struct user_state *state);

/* Goes to user mode. The kernel's stack is used afresh next time. */
_Noreturn void machine_user_enter(const struct user_state *state);

/* ---- The end ---- */

_Noreturn void machine_power_off(void);
_Noreturn void machine_restart(void);

/* Something is badly wrong in the kernel: stops at once and tells whoever watches the machine. */
_Noreturn void machine_crash(void);

/* ---- What the kernel offers to the machine ---- */

_Noreturn void kernel_main(void);

/* Called last before each return to user mode out of a trap, interrupt or system call: signals and
 * other processes may come first. */
void kernel_return_to_user(void);

enum trap_kind {
    TRAP_ARITHMETIC, /* division by 0, or what the FPU was told to report */
    TRAP_BREAKPOINT,
    TRAP_ILLEGAL_INSTRUCTION,
    TRAP_PROTECTION,
    TRAP_PAGE_FAULT,
    TRAP_OTHER,
};

struct trap {
    enum trap_kind kind;
    bool user;         /* came from user mode */
    bool copying;      /* in machine_copy, which can take a fault */
    bool write;        /* page fault: on a write */
    bool present;      /* page fault: something is mapped there, but not for this access */
    uintptr_t address; /* page fault: the address that was touched */
    /* The instruction; for a breakpoint, the one after it. The kernel may change it. */
    uintptr_t pc;
    uintptr_t frame; /* rbp or ebp: where backtraces begin */
};

/* Called for every exception. Returns true to go on at trap->pc; false if it is beyond help, which
 * is right only where trap->copying says that machine_copy can take it. */
bool kernel_trap(struct trap *trap);

/* A system call from user mode; the result goes back to the program. */
long kernel_system_call(unsigned long number, const unsigned long arguments[4]);

/* Zeroed pages for page tables and back. kernel_page_get returns NULL when memory is out. */
void *kernel_page_get(void);
void kernel_page_put(void *page);

#endif
