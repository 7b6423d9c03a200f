/* SPDX-License-Identifier: MIT */
/*
 * Interrupts of a PC: fifteen lines of two controllers (8259A), the second hanging on line 2 of the
 * first. A line is masked until somebody binds it, and each interrupt is acknowledged, or no other
 * of its rank would come.
 *
 * The processor's interrupt flag says whether they may arrive at all.
 */
#include "machine/native/instructions.h"
#include "machine/native/native.h"

#define FIRST_COMMAND  0x20
#define FIRST_DATA     0x21
#define SECOND_COMMAND 0xa0
#define SECOND_DATA    0xa1

#define COMMAND_INIT   0x11 /* three more bytes follow: vector, wiring, mode */
#define COMMAND_EOI    0x20
#define COMMAND_ISR    0x0b /* a read tells which lines are being served */
#define MODE_8086      0x01
#define SECOND_ON_LINE 2

#define LINE_SPURIOUS 7

static void (*handlers[LINE_CPU])(void);

static void controller_init(uint16_t command, uint16_t data, uint8_t vector, uint8_t wiring)
{
    out8(command, COMMAND_INIT);
    out8(data, vector);
    out8(data, wiring);
    out8(data, MODE_8086);
    out8(data, 0xff); /* all lines masked */
}

/* The vectors that firmware leaves are those of exceptions. */
void native_interrupts_init(void)
{
    controller_init(FIRST_COMMAND, FIRST_DATA, VECTOR_INTERRUPTS, 1 << SECOND_ON_LINE);
    controller_init(SECOND_COMMAND, SECOND_DATA, VECTOR_INTERRUPTS + 8, SECOND_ON_LINE);
}

/* Only lines of the first controller are used. */
void native_line_bind(unsigned line, void (*handler)(void))
{
    handlers[line] = handler;
    out8(FIRST_DATA, in8(FIRST_DATA) & (uint8_t) ~(1u << line));
}

void machine_interrupt_bind(enum machine_interrupt which, void (*handler)(void))
{
    switch (which) {
    case INTERRUPT_TIMER: native_timer_bind(handler); break;
    case INTERRUPT_CONSOLE: native_console_bind(handler); break;
    case INTERRUPT_CPU: native_cpu_bind(handler); break;
    case INTERRUPTS: break; /* how many there are */
    }
}

/* A line that is taken back before it is served arrives as line 7, without being in service: then
 * there is nothing to acknowledge. */
static bool is_spurious(unsigned line)
{
    if (line != LINE_SPURIOUS)
        return false;
    out8(FIRST_COMMAND, COMMAND_ISR);
    return !(in8(FIRST_COMMAND) & 1 << LINE_SPURIOUS);
}

/* Acknowledged before the handler runs: what arrives meanwhile comes again. Interrupts are off. */
void interrupt_arrives(unsigned line)
{
    if (line >= LINE_CPU) {
        native_cpu_interrupted(line);
        return;
    }
    if (is_spurious(line))
        return;
    if (line >= 8)
        out8(SECOND_COMMAND, COMMAND_EOI);
    out8(FIRST_COMMAND, COMMAND_EOI);
    if (handlers[line])
        handlers[line]();
}

bool machine_irq_off(void)
{
    unsigned long flags;

    __asm__ volatile("pushf; pop %0; cli" : "=r"(flags) : : "memory");
    return flags & FLAGS_IF;
}

void machine_irq_restore(bool on)
{
    if (on)
        __asm__ volatile("sti; nop" : : : "memory"); /* sti counts behind the next instruction */
}

/* Interrupts stay off for one instruction after sti: so none comes between it and the sleep. */
void machine_idle(void)
{
    __asm__ volatile("sti; hlt; cli" : : : "memory");
}
