/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's functions that BPF programs call: X(name). In a program such a
 * call has a placeholder, IOASID_KFUNC_<name>, for which user space puts the
 * function's id before the program is loaded: libbpf could do it, but takes a
 * second to read all of the kernel's type information, and `pasidctl top` shall be
 * on the screen before that.
 */
#ifndef IOASID_KFUNCS_H
#define IOASID_KFUNCS_H

#define IOASID_KFUNCS(X)                                                       \
	X(bpf_iter_ioasid_new)                                                 \
	X(bpf_iter_ioasid_next)                                                \
	X(bpf_iter_ioasid_destroy)                                             \
	X(bpf_iter_ioasid_set_new)                                             \
	X(bpf_iter_ioasid_set_next)                                            \
	X(bpf_iter_ioasid_set_destroy)                                         \
	X(bpf_iter_ioasid_binding_new)                                         \
	X(bpf_iter_ioasid_binding_next)                                        \
	X(bpf_iter_ioasid_binding_destroy)                                     \
	X(bpf_iter_ioasid_device_new)                                          \
	X(bpf_iter_ioasid_device_next)                                         \
	X(bpf_iter_ioasid_device_destroy)                                      \
	X(ioasid_read_system)

enum ioasid_kfunc {
	IOASID_KFUNC_BASE = 0x10000,	/* beyond all helpers of the kernel */
#define X(name) IOASID_KFUNC_##name,
	IOASID_KFUNCS(X)
#undef X
};

#endif /* IOASID_KFUNCS_H */
