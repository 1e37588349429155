// SPDX-License-Identifier: GPL-2.0-only
/*
 * All that knows struct ioasid_policy_ops, in one piece: the kernel accepts hooks whose
 * type is in the module's type information once, and pahole with libbpf before 1.6 may
 * make a copy for each file that has it.
 */
#include "policy.c"
#include "attach.c"
#include "struct_ops.c"
