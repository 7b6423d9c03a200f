/* SPDX-License-Identifier: MIT */
/*
 * Exception handlers and the complete state of a vCPU. Included once per width.
 */

/* One exception handler. set_trap_table takes a list that ends with address 0. */
struct ABI_NAME(trap_info) {
    uint8_t vector;
    uint8_t flags;     /* bits 0-1: who may use "int n": user mode if 3; bit 2: mask events */
    uint16_t cs;       /* selector and ... */
    abi_ulong address; /* ... address of the handler */
};

/* Registers and tables that a vCPU starts with. A descriptor table is given by its frames. */
struct ABI_NAME(vcpu_guest_context) {
    struct {
        char x[512];
    } fpu_ctxt;      /* FXSAVE image */
    abi_ulong flags; /* VGCF_* */
    struct ABI_NAME(cpu_user_regs) user_regs;
    struct ABI_NAME(trap_info) trap_ctxt[256];
    abi_ulong ldt_base;
    abi_ulong ldt_ents;
    abi_ulong gdt_frames[16];
    abi_ulong gdt_ents;
    abi_ulong kernel_ss; /* stack for exceptions that come from user mode */
    abi_ulong kernel_sp;
    abi_ulong ctrlreg[8];  /* [0] cr0, [1] user page tables (64-bit), [3] page tables, [4] cr4 */
    abi_ulong debugreg[8]; /* [0]-[3] addresses, [6] status, [7] control */
#if ABI_WIDTH == 64
    abi_ulong event_callback_eip;
    abi_ulong failsafe_callback_eip;
    abi_ulong syscall_callback_eip;
#else
    abi_ulong event_callback_cs;
    abi_ulong event_callback_eip;
    abi_ulong failsafe_callback_cs;
    abi_ulong failsafe_callback_eip;
#endif
    abi_ulong vm_assist; /* bits of VMASST_TYPE_* */
#if ABI_WIDTH == 64
    uint64_t fs_base;
    uint64_t gs_base_kernel;
    uint64_t gs_base_user;
#endif
};
