/* SPDX-License-Identifier: MIT */
/*
 * The built-in user program of a 32-bit kernel: what hello64.S does. It runs wherever it is copied
 * to: %ebp holds where that is. System calls by int 0x80: number in eax, arguments in ebx, ecx,
 * edx.
 */
    .section .rodata, "a"
    .globl user_program
    .globl user_program_end

#define CALL_WRITE 1
#define CALL_END 2
#define SOME_KERNEL_ADDRESS 0xc0100000
#define EFAULT 14
#define ENOSYS 38

/* Prints the text at label; leaves the result in eax. */
.macro say label
    lea (\label - user_program)(%ebp), %ebx
    mov $(\label\()_end - \label), %ecx
    mov $CALL_WRITE, %eax
    int $0x80
.endm

.macro text label, words
\label: .ascii "user: \words\n"
\label\()_end:
.endm

user_program:
    call here                   /* the stack has no page yet: the kernel gives one */
here:
    pop %ebp
    sub $(here - user_program), %ebp
    say hello
    say stack_good

    mov $SOME_KERNEL_ADDRESS, %ebx
    mov $8, %ecx
    mov $CALL_WRITE, %eax
    int $0x80
    cmp $-EFAULT, %eax
    jne wrong
    say fault_good

    mov $1000, %eax
    int $0x80
    cmp $-ENOSYS, %eax
    jne wrong
    say number_good

    mov SOME_KERNEL_ADDRESS, %eax /* never gets further */

wrong:
    say bad
    mov $1, %ebx
    mov $CALL_END, %eax
    int $0x80

    text hello, "hello from user mode"
    text stack_good, "the stack grew when it was used"
    text fault_good, "the kernel does not print its own memory for me"
    text number_good, "there is no system call 1000"
    text bad, "SOMETHING IS WRONG"
user_program_end:

    .section .note.GNU-stack, "", @progbits
