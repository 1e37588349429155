// SPDX-License-Identifier: GPL-2.0-only
/*
 * Snapshots: user space runs one of these programs and reads the rows from the
 * program's array map. User space sets the map sizes.
 */
#include "common.bpf.h"

/* Types of the module, see kmod-shim/iter.c. */
struct bpf_iter_ioasid {
	__u64 __opaque[2];
} __attribute__((aligned(8)));
struct bpf_iter_ioasid_set {
	__u64 __opaque[2];
} __attribute__((aligned(8)));
struct bpf_iter_ioasid_binding {
	__u64 __opaque[2];
} __attribute__((aligned(8)));
struct bpf_iter_ioasid_device {
	__u64 __opaque[2];
} __attribute__((aligned(8)));
struct bpf_iter_ioasid_space {
	__u64 __opaque[2];
} __attribute__((aligned(8)));

extern int bpf_iter_ioasid_new(struct bpf_iter_ioasid *it, __u32 start) __ksym;
extern struct ioasid_row *bpf_iter_ioasid_next(struct bpf_iter_ioasid *it) __ksym;
extern void bpf_iter_ioasid_destroy(struct bpf_iter_ioasid *it) __ksym;
extern int bpf_iter_ioasid_set_new(struct bpf_iter_ioasid_set *it, __u64 start) __ksym;
extern struct ioasid_set_row *bpf_iter_ioasid_set_next(struct bpf_iter_ioasid_set *it) __ksym;
extern void bpf_iter_ioasid_set_destroy(struct bpf_iter_ioasid_set *it) __ksym;
extern int bpf_iter_ioasid_binding_new(struct bpf_iter_ioasid_binding *it, __u64 start) __ksym;
extern struct ioasid_binding_row *
bpf_iter_ioasid_binding_next(struct bpf_iter_ioasid_binding *it) __ksym;
extern void bpf_iter_ioasid_binding_destroy(struct bpf_iter_ioasid_binding *it) __ksym;
extern int bpf_iter_ioasid_device_new(struct bpf_iter_ioasid_device *it, __u32 start) __ksym;
extern struct ioasid_device_row *
bpf_iter_ioasid_device_next(struct bpf_iter_ioasid_device *it) __ksym;
extern void bpf_iter_ioasid_device_destroy(struct bpf_iter_ioasid_device *it) __ksym;
extern int bpf_iter_ioasid_space_new(struct bpf_iter_ioasid_space *it, __u64 start) __ksym;
extern struct ioasid_space_row *
bpf_iter_ioasid_space_next(struct bpf_iter_ioasid_space *it) __ksym;
extern void bpf_iter_ioasid_space_destroy(struct bpf_iter_ioasid_space *it) __ksym;
extern void ioasid_read_system(struct ioasid_system_row *row) __ksym;

#define ROWS(map_name, row_type, rows)                                         \
	struct {                                                               \
		__uint(type, BPF_MAP_TYPE_ARRAY);                              \
		__uint(map_flags, BPF_F_MMAPABLE);                             \
		__uint(max_entries, rows);                                     \
		__type(key, __u32);                                            \
		__type(value, struct row_type);                                \
	} map_name SEC(".maps")

ROWS(ioasid_rows, ioasid_row, 4096);
ROWS(set_rows, ioasid_set_row, 4096);
ROWS(binding_rows, ioasid_binding_row, 4096);
ROWS(device_rows, ioasid_device_row, 256);
ROWS(space_rows, ioasid_space_row, 4096);
ROWS(system_row, ioasid_system_row, 1);

/*
 * Load one member at a time: the verifier rejects one load of two adjacent
 * members.
 */
#define FIELD(member)	(*(volatile typeof(member) *)&(member))

/*
 * One row more than requested is read: its position, an expression in @row, is
 * where to continue.
 */
#define SNAPSHOT(program, iter, row_type, map, place)                          \
	SEC("syscall")                                                         \
	int program(struct ioasid_snapshot_args *args)                         \
	{                                                                      \
		struct row_type *row, *slot;                                   \
		struct iter it;                                                \
		__u64 next = 0;                                                \
		__u32 count = 0;                                               \
									       \
		iter##_new(&it, args->start);                                  \
		while ((row = iter##_next(&it))) {                             \
			slot = count < args->limit ?                           \
			       bpf_map_lookup_elem(&map, &count) : NULL;       \
			if (!slot) {                                           \
				next = place;                                  \
				break;                                         \
			}                                                      \
			bpf_probe_read_kernel(slot, sizeof(*slot), row);       \
			count++;                                               \
		}                                                              \
		iter##_destroy(&it);                                           \
		args->count = count;                                           \
		args->next = next;                                             \
		return 0;                                                      \
	}

SNAPSHOT(snapshot_ioasids, bpf_iter_ioasid, ioasid_row, ioasid_rows, FIELD(row->pasid))
SNAPSHOT(snapshot_sets, bpf_iter_ioasid_set, ioasid_set_row, set_rows, FIELD(row->set_id))
SNAPSHOT(snapshot_bindings, bpf_iter_ioasid_binding, ioasid_binding_row, binding_rows,
	 (__u64)FIELD(row->device) << 32 | FIELD(row->pasid))
SNAPSHOT(snapshot_devices, bpf_iter_ioasid_device, ioasid_device_row, device_rows, FIELD(row->id))
SNAPSHOT(snapshot_spaces, bpf_iter_ioasid_space, ioasid_space_row, space_rows, FIELD(row->number))

SEC("syscall")
int snapshot_system(struct ioasid_snapshot_args *args)
{
	__u32 zero = 0;
	struct ioasid_system_row *row = bpf_map_lookup_elem(&system_row, &zero);

	if (!row)
		return 1;
	ioasid_read_system(row);
	args->count = 1;
	args->next = 0;
	return 0;
}
