/* SPDX-License-Identifier: MIT */
/*
 * iret: the one call whose result is a whole register frame. What it loads is in pv/iret.c.
 */
#include "hypercall/hypercall.h"
#include "x86/cpu.h"

long hc_iret(struct hcall *h)
{
    pv_iret(h->v, &cpu_top()->guest);
    return HCALL_DONE;
}
