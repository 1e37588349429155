// SPDX-License-Identifier: GPL-2.0-only
/*
 * Snapshots: kfuncs that let a BPF program of type syscall iterate over all
 * objects, ordered by ID, from any position. An iteration takes no reference
 * and blocks nothing. Each row is consistent in itself.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "fault.h"
#include "hw/hw.h"
#include "ioas.h"

/* Types as BPF programs see them, on their stack. */
struct bpf_iter_ioasid {
	__u64 __opaque[2];
} __aligned(8);
struct bpf_iter_ioasid_set {
	__u64 __opaque[2];
} __aligned(8);
struct bpf_iter_ioasid_binding {
	__u64 __opaque[2];
} __aligned(8);
struct bpf_iter_ioasid_device {
	__u64 __opaque[2];
} __aligned(8);
struct bpf_iter_ioasid_space {
	__u64 __opaque[2];
} __aligned(8);

/* Their actual contents. A position is an ID, the number of a
 * space, or (device << 32 | PASID). */
struct ioasid_walk {
	u64 next;
	void *row;	/* NULL: allocation failed, no rows */
};
static_assert(sizeof(struct ioasid_walk) == sizeof(struct bpf_iter_ioasid));
static_assert(sizeof(struct ioasid_walk) == sizeof(struct bpf_iter_ioasid_set));
static_assert(sizeof(struct ioasid_walk) == sizeof(struct bpf_iter_ioasid_binding));
static_assert(sizeof(struct ioasid_walk) == sizeof(struct bpf_iter_ioasid_device));
static_assert(sizeof(struct ioasid_walk) == sizeof(struct bpf_iter_ioasid_space));

static int ioasid_walk_new(void *it, u64 start, size_t size)
{
	struct ioasid_walk *walk = it;

	walk->next = start;
	walk->row = may_fail(NULL, kvzalloc(size, GFP_KERNEL));
	return walk->row ? 0 : -ENOMEM;
}

static void ioasid_walk_destroy(void *it)
{
	kvfree(((struct ioasid_walk *)it)->row);
}

/* False: it was reclaimed or reused while it was read. */
static bool ioasid_row_fill(struct ioasid_row *row, struct ioasid_data *data, ioasid_t id)
{
	u32 serial = ioasid_data_begin(data);
	u64 refs = atomic64_read_acquire(&data->refs);
	struct ioasid_set *set = READ_ONCE(data->set);
	struct cgroup *cgrp = READ_ONCE(set->cgrp);

	*row = (struct ioasid_row){
		.set_id = set->id,
		.cgroup_id = cgrp ? cgroup_id(cgrp) : 0,
		.alloc_ns = READ_ONCE(data->alloc_ns),
		.used_ns = READ_ONCE(data->used_ns),
		.pasid = id,
		.spid = READ_ONCE(data->spid),
		.refs = IOASID_USERS(refs),
		.state = ioasid_data_state(refs),
		.pid = READ_ONCE(set->pid),
		.uid = READ_ONCE(set->uid),
	};
	ioasid_process_name(set, row->comm);
	return (refs & ~IOASID_FREED) && READ_ONCE(data->id) == id &&
	       ioasid_data_same(data, serial) && (atomic64_read(&data->refs) & ~IOASID_FREED);
}

int ioasid_query(ioasid_t id, struct ioasid_row *row)
{
	struct ioasid_data *data;
	int ret = -ENOENT;

	rcu_read_lock();
	data = ioasid_number_load(id);
	if (data && ioasid_row_fill(row, data, id))
		ret = 0;
	rcu_read_unlock();
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_query);

/*
 * Sets are found by walking their list. Fill many rows at once, because each
 * walk starts at the beginning.
 */
struct ioasid_set_page {
	u32 count, at;
	struct ioasid_set_row rows[512];
};

/* Counts may be transiently negative, see refs.c. */
static u32 ioasid_read_count(const atomic_t *count)
{
	return max(atomic_read(count), 0);
}

/* Under RCU. False: it has no references. */
static bool ioasid_set_row_fill(struct ioasid_set_row *row, struct ioasid_set *set)
{
	struct ioasid_data *oldest;
	unsigned long irq;

	if (!refcount_read(&set->refs))
		return false;
	spin_lock_irqsave(&set->lock, irq);
	oldest = list_first_entry_or_null(&set->ioasids, struct ioasid_data, set_link);
	*row = (struct ioasid_set_row){
		.set_id = set->id,
		.cgroup_id = set->cgrp ? cgroup_id(set->cgrp) : 0,
		.oldest_ns = oldest ? oldest->alloc_ns : 0,
		.pasids = set->count,
		.active = ioasid_read_count(&set->active),
		.free_pending = ioasid_read_count(&set->pending),
		.bindings = ioasid_read_count(&set->bindings),
		.pid = set->pid,
		.uid = set->uid,
	};
	ioasid_process_name(set, row->comm);
	spin_unlock_irqrestore(&set->lock, irq);
	return true;
}

static void ioasid_set_page_fill(struct ioasid_set_page *page, u64 start)
{
	struct ioasid_set *set;

	page->count = page->at = 0;
	rcu_read_lock();
	list_for_each_entry_rcu(set, &ioasid_sets, link) {
		if (set->id < start)
			continue;
		page->count += ioasid_set_row_fill(&page->rows[page->count], set);
		if (page->count == ARRAY_SIZE(page->rows))
			break;
	}
	rcu_read_unlock();
}

__bpf_kfunc_start_defs();

/* Iterate over all IOASIDs from @start on. May sleep. */
__bpf_kfunc int bpf_iter_ioasid_new(struct bpf_iter_ioasid *it, u32 start)
{
	return ioasid_walk_new(it, start, sizeof(struct ioasid_row));
}

__bpf_kfunc struct ioasid_row *bpf_iter_ioasid_next(struct bpf_iter_ioasid *it)
{
	struct ioasid_walk *walk = (struct ioasid_walk *)it;
	struct ioasid_data *data;
	unsigned long id = walk->next;
	bool found = false;

	if (!walk->row)
		return NULL;
	rcu_read_lock();
	while (!found && (data = ioasid_number_next(&id)))
		found = ioasid_row_fill(walk->row, data, id++);
	rcu_read_unlock();
	walk->next = id;
	return found ? walk->row : NULL;
}

__bpf_kfunc void bpf_iter_ioasid_destroy(struct bpf_iter_ioasid *it)
{
	ioasid_walk_destroy(it);
}

/* Iterate over all sets from id @start on. May sleep. */
__bpf_kfunc int bpf_iter_ioasid_set_new(struct bpf_iter_ioasid_set *it, u64 start)
{
	return ioasid_walk_new(it, start, sizeof(struct ioasid_set_page));
}

__bpf_kfunc struct ioasid_set_row *bpf_iter_ioasid_set_next(struct bpf_iter_ioasid_set *it)
{
	struct ioasid_walk *walk = (struct ioasid_walk *)it;
	struct ioasid_set_page *page = walk->row;
	struct ioasid_set_row *row;

	if (!page)
		return NULL;
	if (page->at == page->count)
		ioasid_set_page_fill(page, walk->next);
	if (!page->count)
		return NULL;
	row = &page->rows[page->at++];
	walk->next = row->set_id + 1;
	return row;
}

__bpf_kfunc void bpf_iter_ioasid_set_destroy(struct bpf_iter_ioasid_set *it)
{
	ioasid_walk_destroy(it);
}

/*
 * Iterate over all bindings from @start (device id << 32 | PASID) on. May
 * sleep.
 */
__bpf_kfunc int bpf_iter_ioasid_binding_new(struct bpf_iter_ioasid_binding *it, u64 start)
{
	return ioasid_walk_new(it, start, sizeof(struct ioasid_binding_row));
}

__bpf_kfunc struct ioasid_binding_row *
bpf_iter_ioasid_binding_next(struct bpf_iter_ioasid_binding *it)
{
	struct ioasid_walk *walk = (struct ioasid_walk *)it;
	struct ioasid_binding_row *row = walk->row;
	struct ioasid_binding *binding = NULL;
	struct ioasid_device *dev;
	unsigned long id;

	if (!row)
		return NULL;
	down_read(&ioasid_devices_lock);
	list_for_each_entry(dev, &ioasid_devices, link) {
		if (dev->id < walk->next >> 32)
			continue;
		id = dev->id == walk->next >> 32 ? (u32)walk->next : 0;
		down_read(&dev->lock);
		binding = xa_find(&dev->bindings, &id, IOASID_LIMIT, IOASID_BINDING_LIVE);
		if (binding)
			*row = (struct ioasid_binding_row){
				.bind_ns = binding->bind_ns,
				.faults = atomic64_read(&binding->faults),
				.set_id = binding->set->id,
				.pasid = id,
				.device = dev->id,
				.ioas = binding->ioas->id,
			};
		up_read(&dev->lock);
		if (binding) {
			walk->next = (u64)dev->id << 32 | (id + 1);
			break;
		}
	}
	up_read(&ioasid_devices_lock);
	return binding ? row : NULL;
}

__bpf_kfunc void bpf_iter_ioasid_binding_destroy(struct bpf_iter_ioasid_binding *it)
{
	ioasid_walk_destroy(it);
}

/* Iterate over all devices from id @start on. May sleep. */
__bpf_kfunc int bpf_iter_ioasid_device_new(struct bpf_iter_ioasid_device *it, u32 start)
{
	return ioasid_walk_new(it, start, sizeof(struct ioasid_device_row));
}

__bpf_kfunc struct ioasid_device_row *bpf_iter_ioasid_device_next(struct bpf_iter_ioasid_device *it)
{
	struct ioasid_walk *walk = (struct ioasid_walk *)it;
	struct ioasid_device_row *row = walk->row;
	struct ioasid_device *dev;
	bool found = false;

	if (!row)
		return NULL;
	down_read(&ioasid_devices_lock);
	list_for_each_entry(dev, &ioasid_devices, link) {
		if (dev->id < walk->next)
			continue;
		*row = (struct ioasid_device_row){
			.faults = atomic64_read(&dev->faults),
			.dmas = atomic64_read(&dev->dmas),
			.id = dev->id,
			.bindings = ioasid_read_count(&dev->nr_bindings),
			.pasid_bits = dev->caps->pasid_bits,
			.caps = dev->caps->caps,
		};
		strscpy(row->name, dev->name, sizeof(row->name));
		strscpy(row->backend, dev->ops->name, sizeof(row->backend));
		walk->next = dev->id + 1;
		found = true;
		break;
	}
	up_read(&ioasid_devices_lock);
	return found ? row : NULL;
}

__bpf_kfunc void bpf_iter_ioasid_device_destroy(struct bpf_iter_ioasid_device *it)
{
	ioasid_walk_destroy(it);
}

/* Under RCU. */
static void ioasid_space_row_fill(struct ioasid_space_row *row, struct ioasid_ioas *ioas)
{
	struct ioasid_set *set = ioas->set;
	struct cgroup *cgrp = READ_ONCE(set->cgrp);

	*row = (struct ioasid_space_row){
		.number = ioas->number,
		.set_id = set->id,
		.cgroup_id = cgrp ? cgroup_id(cgrp) : 0,
		.alloc_ns = ioas->alloc_ns,
		.mapped = atomic64_read(&ioas->mapped),
		.ioas = ioas->id,
		.parent = ioas->parent ? ioas->parent->id : 0,
		.kind = ioas->kind,
		.format = ioas->format,
		.attachments = READ_ONCE(ioas->attachments),
		.pid = READ_ONCE(set->pid),
		.uid = READ_ONCE(set->uid),
		.flags = ioas->flags,
	};
	ioasid_process_name(set, row->comm);
}

/* Iterate over all I/O address spaces from number @start on. May sleep. */
__bpf_kfunc int bpf_iter_ioasid_space_new(struct bpf_iter_ioasid_space *it, u64 start)
{
	return ioasid_walk_new(it, start, sizeof(struct ioasid_space_row));
}

__bpf_kfunc struct ioasid_space_row *bpf_iter_ioasid_space_next(struct bpf_iter_ioasid_space *it)
{
	struct ioasid_walk *walk = (struct ioasid_walk *)it;
	unsigned long number = walk->next;
	struct ioasid_ioas *ioas;

	if (!walk->row)
		return NULL;
	rcu_read_lock();
	ioas = xa_find(&ioasid_spaces, &number, ULONG_MAX, XA_PRESENT);
	if (ioas)
		ioasid_space_row_fill(walk->row, ioas);
	rcu_read_unlock();
	walk->next = (u64)number + 1;
	return ioas ? walk->row : NULL;
}

__bpf_kfunc void bpf_iter_ioasid_space_destroy(struct bpf_iter_ioasid_space *it)
{
	ioasid_walk_destroy(it);
}

/* System-wide state. Any context. */
__bpf_kfunc void ioasid_read_system(struct ioasid_system_row *row)
{
	*row = (struct ioasid_system_row){
		.events = ioasid_events(),
		.denials = atomic64_read(&ioasid_denials),
		.capacity = min(ioasid_capacity(), IOASID_LIMIT),
		.live = ioasid_numbers_used(),
		.sets = atomic_read(&ioasid_nr_sets),
		.pasid_bits = ioasid_bits(),
		.policy_attached = ioasid_policy_attached(),
		.fail_closed = ioasid_policy_fail_closed(),
		.version = IOASID_MODULE_VERSION,
	};
}
EXPORT_SYMBOL_GPL(ioasid_read_system);

__bpf_kfunc_end_defs();

BTF_KFUNCS_START(iter_kfunc_ids)
BTF_ID_FLAGS(func, bpf_iter_ioasid_new, KF_ITER_NEW | KF_SLEEPABLE)
BTF_ID_FLAGS(func, bpf_iter_ioasid_next, KF_ITER_NEXT | KF_RET_NULL | KF_SLEEPABLE)
BTF_ID_FLAGS(func, bpf_iter_ioasid_destroy, KF_ITER_DESTROY)
BTF_ID_FLAGS(func, bpf_iter_ioasid_set_new, KF_ITER_NEW | KF_SLEEPABLE)
BTF_ID_FLAGS(func, bpf_iter_ioasid_set_next, KF_ITER_NEXT | KF_RET_NULL | KF_SLEEPABLE)
BTF_ID_FLAGS(func, bpf_iter_ioasid_set_destroy, KF_ITER_DESTROY)
BTF_ID_FLAGS(func, bpf_iter_ioasid_binding_new, KF_ITER_NEW | KF_SLEEPABLE)
BTF_ID_FLAGS(func, bpf_iter_ioasid_binding_next, KF_ITER_NEXT | KF_RET_NULL | KF_SLEEPABLE)
BTF_ID_FLAGS(func, bpf_iter_ioasid_binding_destroy, KF_ITER_DESTROY)
BTF_ID_FLAGS(func, bpf_iter_ioasid_device_new, KF_ITER_NEW | KF_SLEEPABLE)
BTF_ID_FLAGS(func, bpf_iter_ioasid_device_next, KF_ITER_NEXT | KF_RET_NULL | KF_SLEEPABLE)
BTF_ID_FLAGS(func, bpf_iter_ioasid_device_destroy, KF_ITER_DESTROY)
BTF_ID_FLAGS(func, bpf_iter_ioasid_space_new, KF_ITER_NEW | KF_SLEEPABLE)
BTF_ID_FLAGS(func, bpf_iter_ioasid_space_next, KF_ITER_NEXT | KF_RET_NULL | KF_SLEEPABLE)
BTF_ID_FLAGS(func, bpf_iter_ioasid_space_destroy, KF_ITER_DESTROY)
BTF_ID_FLAGS(func, ioasid_read_system)
BTF_KFUNCS_END(iter_kfunc_ids)

static const struct btf_kfunc_id_set iter_kfuncs = {
	.owner = THIS_MODULE,
	.set = &iter_kfunc_ids,
};

int ioasid_iter_init(void)
{
	return may_fail(-ENOMEM, register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL, &iter_kfuncs));
}
