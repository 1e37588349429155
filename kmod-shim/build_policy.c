// SPDX-License-Identifier: GPL-2.0-only
/*
 * All users of struct ioasid_policy_ops in one compilation unit. The kernel
 * accepts the struct_ops type only if it occurs once in the module's BTF, and
 * pahole with libbpf before 1.6 may emit a copy for each file that uses it.
 */
#include "policy.c"
#include "attach.c"
#include "struct_ops.c"
