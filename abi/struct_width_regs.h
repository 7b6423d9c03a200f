/* SPDX-License-Identifier: MIT */
/*
 * Registers as the ABI saves them, and the frame that the iret call takes. Included once per width.
 */

#if ABI_WIDTH == 64
struct ABI_NAME(cpu_user_regs) {
    uint64_t r15;
    uint64_t r14;
    uint64_t r13;
    uint64_t r12;
    uint64_t rbp;
    uint64_t rbx;
    uint64_t r11;
    uint64_t r10;
    uint64_t r9;
    uint64_t r8;
    uint64_t rax;
    uint64_t rcx;
    uint64_t rdx;
    uint64_t rsi;
    uint64_t rdi;
    uint32_t error_code;
    uint32_t entry_vector;
    uint64_t rip;
    uint16_t cs;
    uint16_t _pad0[1];
    uint8_t saved_upcall_mask; /* events were masked; the interrupt flag is its opposite */
    uint8_t _pad1[3];
    uint64_t rflags;
    uint64_t rsp;
    uint16_t ss;
    uint16_t _pad2[3];
    uint16_t es;
    uint16_t _pad3[3];
    uint16_t ds;
    uint16_t _pad4[3];
    uint16_t fs;
    uint16_t _pad5[3];
    uint16_t gs;
    uint16_t _pad6[3];
};

/* On the kernel's stack when it calls iret; rsp at the call points to rax. The stub of the
 * hypercall page pushes rcx, r11 and rax itself: jump there with rsp at flags. */
struct ABI_NAME(iret_context) {
    uint64_t rax;
    uint64_t r11;
    uint64_t rcx;
    uint64_t flags; /* VGCF_in_syscall, or 0 */
    uint64_t rip;
    uint64_t cs;
    uint64_t rflags;
    uint64_t rsp;
    uint64_t ss;
};
#else
struct ABI_NAME(cpu_user_regs) {
    uint32_t ebx;
    uint32_t ecx;
    uint32_t edx;
    uint32_t esi;
    uint32_t edi;
    uint32_t ebp;
    uint32_t eax;
    uint16_t error_code;
    uint16_t entry_vector;
    uint32_t eip;
    uint16_t cs;
    uint8_t saved_upcall_mask; /* events were masked; the interrupt flag is its opposite */
    uint8_t _pad0;
    uint32_t eflags;
    uint32_t esp;
    uint16_t ss;
    uint16_t _pad1;
    uint16_t es;
    uint16_t _pad2;
    uint16_t ds;
    uint16_t _pad3;
    uint16_t fs;
    uint16_t _pad4;
    uint16_t gs;
    uint16_t _pad5;
};

/*
 * On the kernel's stack when it calls iret; esp at the call points to eax, which the stub of the
 * hypercall page pushes itself: jump there with esp at eip. The return to ring 1 reads no esp and
 * ss, as the CPU's own IRET would not.
 */
struct ABI_NAME(iret_context) {
    uint32_t eax;
    uint32_t eip;
    uint32_t cs; /* bits 16-23: the new event mask */
    uint32_t eflags;
    uint32_t esp;
    uint32_t ss;
};

/* An entry point of the guest. */
struct ABI_NAME(xen_callback) {
    uint32_t cs;
    uint32_t eip;
};
#endif
