/* SPDX-License-Identifier: MIT */
/*
 * The structures whose layout depends on the guest's width, in order of use. No include guard:
 * structs.h includes this file once per width.
 */
#include "abi/struct_width_regs.h"

#include "abi/struct_width_start.h"

#include "abi/struct_width_context.h"

#include "abi/struct_width_memory.h"

#include "abi/struct_width_calls.h"

#include "abi/struct_width_grant.h"
