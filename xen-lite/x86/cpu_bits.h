/* SPDX-License-Identifier: MIT */
/*
 * Bits of control registers, MSRs and CPUID that the hypervisor uses. Plain numbers, for C and asm.
 */
#ifndef XEN_LITE_X86_CPU_BITS_H
#define XEN_LITE_X86_CPU_BITS_H

#define CR0_PE   0x00000001
#define CR0_MP   0x00000002
#define CR0_EM   0x00000004
#define CR0_TS   0x00000008
#define CR0_ET   0x00000010
#define CR0_NE   0x00000020
#define CR0_WP   0x00010000
#define CR0_AM   0x00040000
#define CR0_PG   0x80000000
/* What every CPU runs with; TS comes and goes with the guest's wish. */
#define CR0_BOOT 0x80050033

#define CR4_TSD        0x00000004
#define CR4_DE         0x00000008
#define CR4_PAE        0x00000020
#define CR4_MCE        0x00000040
#define CR4_PGE        0x00000080
#define CR4_OSFXSR     0x00000200
#define CR4_OSXMMEXCPT 0x00000400
#define CR4_UMIP       0x00000800
#define CR4_FSGSBASE   0x00010000
#define CR4_OSXSAVE    0x00040000
#define CR4_SMEP       0x00100000
#define CR4_SMAP       0x00200000

#define RFLAGS_CF        0x00000001
#define RFLAGS_RESERVED1 0x00000002
#define RFLAGS_TF        0x00000100
#define RFLAGS_IF        0x00000200
#define RFLAGS_DF        0x00000400
#define RFLAGS_IOPL      0x00003000
#define RFLAGS_NT        0x00004000
#define RFLAGS_RF        0x00010000
#define RFLAGS_VM        0x00020000
#define RFLAGS_AC        0x00040000
#define RFLAGS_VIF       0x00080000
#define RFLAGS_VIP       0x00100000
#define RFLAGS_ID        0x00200000

#define MSR_TSC            0x00000010
#define MSR_APIC_BASE      0x0000001b
#define MSR_PLATFORM_INFO  0x000000ce
#define MSR_MISC_FEATURES  0x00000140
#define MSR_SYSENTER_CS    0x00000174
#define MSR_PAT            0x00000277
/* Xen's table, which guests read, too: WB, WT, UC-, UC, WC, WP, UC, UC. The first four are those
 * that a CPU starts with. */
#define MSR_PAT_VALUE      0x0000050100070406
#define MSR_TSC_DEADLINE   0x000006e0
#define MSR_X2APIC         0x00000800
#define MSR_EFER           0xc0000080
#define MSR_STAR           0xc0000081
#define MSR_LSTAR          0xc0000082
#define MSR_CSTAR          0xc0000083
#define MSR_SFMASK         0xc0000084
#define MSR_FS_BASE        0xc0000100
#define MSR_GS_BASE        0xc0000101
#define MSR_KERNEL_GS_BASE 0xc0000102
#define MSR_TSC_AUX        0xc0000103
#define MSR_AMD_HWCR       0xc0010015

/* CPUID faulting: Intel's PLATFORM_INFO says that there is such a thing, MISC_FEATURES switches it
 * on; AMD has a bit of CPUID 0x80000021 EAX and one of HWCR. */
#define PLATFORM_CPUID_FAULTING 0x80000000
#define MISC_CPUID_FAULTING     0x1
#define CPUID821_EAX_CPUID_USER 0x00020000
#define HWCR_CPUID_USER         0x800000000

#define EFER_SCE 0x001
#define EFER_LME 0x100
#define EFER_LMA 0x400
#define EFER_NXE 0x800

/* CPUID leaf 1 */
#define CPUID1_EDX_TSC           0x00000010
#define CPUID1_EDX_MSR           0x00000020
#define CPUID1_EDX_PAE           0x00000040
#define CPUID1_EDX_APIC          0x00000200
#define CPUID1_EDX_PAT           0x00010000
#define CPUID1_EDX_FXSR          0x01000000
#define CPUID1_ECX_CX16          0x00002000
#define CPUID1_ECX_X2APIC        0x00200000
#define CPUID1_ECX_TSC_DEADLINE  0x01000000
#define CPUID1_ECX_XSAVE         0x04000000
#define CPUID1_ECX_OSXSAVE       0x08000000
#define CPUID1_ECX_HYPERVISOR    0x80000000
/* CPUID leaf 7.0 */
#define CPUID7_EBX_FSGSBASE      0x00000001
#define CPUID7_EBX_SMEP          0x00000080
#define CPUID7_EBX_SMAP          0x00100000
#define CPUID7_ECX_UMIP          0x00000004
/* CPUID leaf 0x80000001 */
#define CPUID81_ECX_LAHF         0x00000001
#define CPUID81_EDX_SYSCALL      0x00000800
#define CPUID81_EDX_NX           0x00100000
#define CPUID81_EDX_1GB          0x04000000
#define CPUID81_EDX_RDTSCP       0x08000000
#define CPUID81_EDX_LM           0x20000000
/* XRSTOR and FXRSTOR always load the pointers of the last x87 instruction (AMD). */
#define CPUID88_EBX_X87_POINTERS 0x4

/* Error code of a page fault */
#define PF_PRESENT  0x01
#define PF_WRITE    0x02
#define PF_USER     0x04
#define PF_RESERVED 0x08
#define PF_FETCH    0x10

/* DR7: bit 10 is always set; bits 0-7 switch the four breakpoints on. */
#define DR6_DEFAULT     0xffff0ff0
#define DR6_SINGLE_STEP 0x4000
#define DR7_FIXED       0x400
#define DR7_ENABLED     0xff

#endif
