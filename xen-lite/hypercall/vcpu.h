/* SPDX-License-Identifier: MIT */
/*
 * What the files of vcpu_op share: one function per operation of abi/vcpu.def, vcpu_op_NAME.
 */
#ifndef XEN_LITE_HYPERCALL_VCPU_H
#define XEN_LITE_HYPERCALL_VCPU_H

#include "hypercall/hypercall.h"

/* v: the vCPU that the operation is about, one of the caller's domain; where: its argument. */
typedef long vcpu_operation(struct hcall *h, struct vcpu *v, gva_t where);

#define VCPUOP(number, name) vcpu_operation vcpu_op_##name;
#include "abi/vcpu.def"

/* The refusal of an argument that cannot be read or written: -EFAULT. */
static inline long vcpu_bad_address(struct hcall *h, gva_t where)
{
    return refuse(h->v, RULE_HCALL_2, "argument at %lx", where.n);
}

#endif
