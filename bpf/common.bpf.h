/* SPDX-License-Identifier: GPL-2.0-only */
/* Common includes and definitions of the BPF programs. */
#ifndef IOASID_COMMON_BPF_H
#define IOASID_COMMON_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#include <ioasid/types.h>

#define unlikely(x)	__builtin_expect(!!(x), 0)

#define EPERM	1
#define EAGAIN	11
#define EDQUOT	122

char LICENSE[] SEC("license") = "GPL";

#endif /* IOASID_COMMON_BPF_H */
