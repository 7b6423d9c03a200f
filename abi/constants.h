/* SPDX-License-Identifier: MIT */
/*
 * All constants of the ABI for C: an enum from each .def list, and the plain numbers.
 */
#ifndef ABI_CONSTANTS_H
#define ABI_CONSTANTS_H

#include "abi/grant_numbers.h"
#include "abi/layout.h"
#include "abi/numbers.h"

enum xen_hypercall {
#define HYPERCALL(number, name, ...) __HYPERVISOR_##name = number,
#include "abi/hypercalls.def"
};

enum xen_mmuext_cmd {
#define MMUEXT(number, name) MMUEXT_##name = number,
#include "abi/mmuext.def"
};

enum xen_evtchn_op {
#define EVTCHNOP(number, name) EVTCHNOP_##name = number,
#include "abi/evtchn.def"
};

enum xen_sched_op {
#define SCHEDOP(number, name) SCHEDOP_##name = number,
#include "abi/sched.def"
};

enum xen_shutdown_reason {
#define SHUTDOWN(number, name) SHUTDOWN_##name = number,
#include "abi/shutdown.def"
};

enum xen_vcpu_op {
#define VCPUOP(number, name) VCPUOP_##name = number,
#include "abi/vcpu.def"
};

enum xen_memory_op {
#define XENMEM(number, name) XENMEM_##name = number,
#include "abi/memory.def"
};

enum xen_version_op {
#define XENVER(number, name) XENVER_##name = number,
#include "abi/xen_version.def"
};

enum xen_vm_assist {
#define VMASST_TYPE(number, name) VMASST_TYPE_##name = number,
#include "abi/vm_assist.def"
};

enum xen_callback_type {
#define CALLBACKTYPE(number, name) CALLBACKTYPE_##name = number,
#include "abi/callback.def"
};

enum xen_feature {
#define XENFEAT(number, name) XENFEAT_##name = number,
#include "abi/features.def"
};

enum xen_elfnote {
#define ELFNOTE(number, name, kind) XEN_ELFNOTE_##name = number,
#include "abi/elfnotes.def"
};

enum xen_virq {
#define VIRQ(number, name, scope) VIRQ_##name = number,
#include "abi/virq.def"
};

enum xen_physdev_op {
#define PHYSDEVOP(number, name) PHYSDEVOP_##name = number,
#include "abi/physdev.def"
};

enum xen_grant_op {
#define GNTTABOP(number, name) GNTTABOP_##name = number,
#include "abi/grant.def"
};

enum xen_errno {
#define XEN_ERRNO(name, value, text) XEN_##name = value,
#include "abi/errno.def"
};

#endif
