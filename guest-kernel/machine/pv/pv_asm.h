/* SPDX-License-Identifier: MIT */
/* Numbers that entry64.S, entry32.S and traps.c share. Exceptions have the processor's numbers, 0
 * to 31. */
#ifndef GUEST_KERNEL_PV_ASM_H
#define GUEST_KERNEL_PV_ASM_H

#define VECTOR_NMI         2
#define VECTOR_EVENT       256
#define VECTOR_SYSTEM_CALL 257
#define VECTOR_FAILSAFE    258

#endif
