/* SPDX-License-Identifier: MIT */
/*
 * iret: the one call whose result is a whole register frame. What it loads is in pv/iret.c.
 */
#include "hypercall/hypercall.h"
#include "x86/cpu.h"

/*
 * iret(), from the guest's kernel: no arguments; the frame is on its stack. There is no result: the
 * guest goes on where the frame says, in its kernel or in user mode, and a frame that cannot be
 * read ends the domain (TRAP-4). RAX is loaded from the frame, too, hence HCALL_DONE.
 */
long hc_iret(struct hcall *h)
{
    h->v->pv->width->iret(h->v, &cpu_top()->guest);
    return HCALL_DONE;
}
