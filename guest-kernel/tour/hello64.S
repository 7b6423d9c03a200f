/* SPDX-License-Identifier: MIT */
/*
 * The built-in user program of a 64-bit kernel. It runs wherever it is copied to, and tries what a
 * program may and may not do. System calls: number in rax, arguments in rdi, rsi, rdx; SYSCALL
 * destroys rcx and r11.
 */
    .section .rodata, "a"
    .globl user_program
    .globl user_program_end

#define CALL_WRITE 1
#define CALL_END 2
#define SOME_KERNEL_ADDRESS 0xffffffff80100000
#define EFAULT 14
#define ENOSYS 38

/* Prints the text at label; leaves the result in rax. */
.macro say label
    lea \label(%rip), %rdi
    mov $(\label\()_end - \label), %esi
    mov $CALL_WRITE, %eax
    syscall
.endm

.macro text label, words
\label: .ascii "user: \words\n"
\label\()_end:
.endm

user_program:
    say hello

    push $7                     /* the stack has no page yet: the kernel gives one */
    pop %rbx
    cmp $7, %ebx
    jne wrong
    say stack_good

    mov $SOME_KERNEL_ADDRESS, %rdi
    mov $8, %esi
    mov $CALL_WRITE, %eax
    syscall
    cmp $-EFAULT, %rax
    jne wrong
    say fault_good

    mov $1000, %eax
    syscall
    cmp $-ENOSYS, %rax
    jne wrong
    say number_good

    mov $SOME_KERNEL_ADDRESS, %rax
    mov (%rax), %rbx            /* never gets further */

wrong:
    say bad
    mov $1, %edi
    mov $CALL_END, %eax
    syscall

    text hello, "hello from user mode"
    text stack_good, "the stack grew when it was used"
    text fault_good, "the kernel does not print its own memory for me"
    text number_good, "there is no system call 1000"
    text bad, "SOMETHING IS WRONG"
user_program_end:

    .section .note.GNU-stack, "", @progbits
