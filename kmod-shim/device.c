// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices and bindings: attach an address space to a device under a PASID, and
 * end the binding on unbind, free, exit and device removal.
 */
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/wait_bit.h>

#include "fault.h"
#include "hw/hw.h"
#include "ioas.h"
#include "trace.h"

LIST_HEAD(ioasid_devices);
DECLARE_RWSEM(ioasid_devices_lock);
static u32 next_device_id = 1;

/* --- Devices -------------------------------------------------------------- */

/* With devices_lock held. */
static struct ioasid_device *ioasid_device_find(const char *name)
{
	struct ioasid_device *dev;

	list_for_each_entry(dev, &ioasid_devices, link)
		if (!strcmp(dev->name, name))
			return dev;
	return NULL;
}

int ioasid_device_register(struct ioasid_device *dev, const char *name,
			   const struct ioasid_hw_ops *ops,
			   const struct ioasid_device_caps *caps)
{
	int ret = 0;

	strscpy(dev->name, name, sizeof(dev->name));
	dev->ops = ops;
	dev->caps = caps;
	dev->gone = false;
	refcount_set(&dev->refs, 1);
	init_rwsem(&dev->lock);
	xa_init_flags(&dev->bindings, XA_FLAGS_ACCOUNT);
	atomic_set(&dev->nr_bindings, 0);
	atomic64_set(&dev->dmas, 0);
	atomic64_set(&dev->faults, 0);
	down_write(&ioasid_devices_lock);
	if (ioasid_device_find(name)) {
		ret = -EEXIST;
	} else {
		dev->id = next_device_id++;
		list_add_tail(&dev->link, &ioasid_devices);
	}
	up_write(&ioasid_devices_lock);
	return ret;
}

struct ioasid_device *ioasid_device_get(const char *name)
{
	struct ioasid_device *dev;

	down_read(&ioasid_devices_lock);
	dev = ioasid_device_find(name);
	if (dev)
		refcount_inc(&dev->refs);
	up_read(&ioasid_devices_lock);
	return dev;
}

void ioasid_device_put(struct ioasid_device *dev)
{
	if (refcount_dec_and_test(&dev->refs)) {
		/* Order the decrement before the check for waiters. */
		smp_mb__after_atomic();
		/* This uses the address only: dev may already be freed. */
		wake_up_var(&dev->refs);
	}
}

/* --- Bindings ------------------------------------------------------------- */

/* Key in dev->bindings. */
static unsigned long ioasid_binding_key(const struct ioasid_data *data)
{
	return data ? data->id : IOASID_WITHOUT_PASID;
}

static struct ioasid_binding *ioasid_binding_new(struct ioasid_device *dev,
						 struct ioasid_ioas *ioas,
						 struct ioasid_data *data)
{
	struct ioasid_binding *binding;

	binding = may_fail(NULL, kzalloc(sizeof(*binding), GFP_KERNEL_ACCOUNT));
	if (!binding)
		return NULL;
	refcount_set(&binding->refs, 1);
	raw_spin_lock_init(&binding->lock);
	refcount_inc(&dev->refs);
	binding->dev = dev;
	ioasid_set_get(ioas->set);
	binding->set = ioas->set;
	binding->ioas = ioasid_ioas_get(ioas);
	binding->data = data;
	binding->pasid = data ? data->id : INVALID_IOASID;
	binding->bind_ns = ktime_get_ns();
	return binding;
}

void ioasid_binding_put(struct ioasid_binding *binding)
{
	if (!refcount_dec_and_test(&binding->refs))
		return;
	ioasid_ioas_put(binding->ioas);
	ioasid_set_put(binding->set);
	ioasid_device_put(binding->dev);
	kfree(binding->hw);
	kfree_rcu(binding, rcu);
}

struct ioasid_binding *ioasid_binding_get(struct ioasid_device *dev, struct ioasid_data *data)
{
	unsigned long key = ioasid_binding_key(data);
	struct ioasid_binding *binding, *found = NULL;

	rcu_read_lock();
	do {
		binding = xa_load(&dev->bindings, key);
		if (!binding || binding->data != data)
			break;
		if (READ_ONCE(binding->live) && refcount_inc_not_zero(&binding->refs))
			found = binding;
		/*
		 * If it was replaced, the other one was entered before this one
		 * ended. Pairs with smp_wmb() in ioasid_binding_replace().
		 */
		smp_rmb();
	} while (!found && xa_load(&dev->bindings, key) != binding);
	rcu_read_unlock();
	return found;
}

bool ioasid_binding_enter(struct ioasid_binding *binding)
{
	raw_spin_lock(&binding->lock);
	if (binding->live)
		return true;
	raw_spin_unlock(&binding->lock);
	return false;
}

void ioasid_binding_leave(struct ioasid_binding *binding)
{
	raw_spin_unlock(&binding->lock);
}

/*
 * Permit or stop device access. After stopping, the device does not access
 * memory any more. With dev->lock held for writing.
 */
static void ioasid_binding_set_live(struct ioasid_binding *binding, bool live)
{
	raw_spin_lock(&binding->lock);
	WRITE_ONCE(binding->live, live);
	raw_spin_unlock(&binding->lock);
	if (!live && binding->ioas->faults)
		ioasid_fault_cancel(binding->ioas->faults, binding);
}

/* Enter it in the lists of its objects. -ENOENT: the space was freed. */
static int ioasid_binding_count(struct ioasid_binding *binding)
{
	struct ioasid_set *set = binding->set;
	unsigned long irq;
	int ret;

	ret = ioasid_ioas_add(binding->ioas, binding);
	if (ret)
		return ret;
	spin_lock_irqsave(&set->lock, irq);
	list_add_tail(&binding->set_link, &set->bound_to);
	spin_unlock_irqrestore(&set->lock, irq);
	atomic_inc(&binding->dev->nr_bindings);
	if (binding->data) {
		atomic_inc(&binding->data->set->bindings);
		atomic_inc(&binding->data->bindings);
	}
	return 0;
}

static void ioasid_binding_uncount(struct ioasid_binding *binding)
{
	struct ioasid_set *set = binding->set;
	unsigned long irq;

	ioasid_ioas_remove(binding->ioas, binding);
	spin_lock_irqsave(&set->lock, irq);
	list_del(&binding->set_link);
	spin_unlock_irqrestore(&set->lock, irq);
	atomic_dec(&binding->dev->nr_bindings);
	if (binding->data) {
		atomic_dec(&binding->data->set->bindings);
		atomic_dec(&binding->data->bindings);
	}
}

static void ioasid_binding_emit_start(struct ioasid_binding *binding)
{
	if (binding->ioas->id)
		ioasid_emit(attach, binding);
	else
		ioasid_emit(bind, binding);
}

static void ioasid_binding_emit_end(struct ioasid_binding *binding)
{
	if (binding->ioas->id)
		ioasid_emit(detach, binding);
	else
		ioasid_emit(unbind, binding);
}

/* Drop the references of a binding that was live. */
static void ioasid_binding_release(struct ioasid_binding *binding)
{
	if (binding->data)
		ioasid_data_put(binding->data);
	ioasid_binding_put(binding);
}

bool ioasid_binding_end(struct ioasid_binding *binding)
{
	struct ioasid_device *dev = binding->dev;
	bool live;

	down_write(&dev->lock);
	live = binding->live;
	if (live) {
		ioasid_binding_set_live(binding, false);
		dev->ops->detach(dev, binding);
		ioasid_binding_emit_end(binding);
		ioasid_binding_uncount(binding);
		ioasid_policy_unbind(binding->set);
		xa_erase(&dev->bindings, ioasid_binding_key(binding->data));
	}
	up_write(&dev->lock);
	if (live)
		ioasid_binding_release(binding);
	return live;
}

/* The first device with an ID above @id, with a reference, or NULL. */
static struct ioasid_device *ioasid_device_after(u32 id)
{
	struct ioasid_device *dev, *found = NULL;

	down_read(&ioasid_devices_lock);
	list_for_each_entry(dev, &ioasid_devices, link) {
		if (dev->id <= id)
			continue;
		refcount_inc(&dev->refs);
		found = dev;
		break;
	}
	up_read(&ioasid_devices_lock);
	return found;
}

/*
 * End all bindings under @data, which is freed and referenced. May sleep; the last
 * reference to a binding may be that to the memory of a space.
 */
static void ioasid_bindings_end(struct ioasid_data *data)
{
	struct ioasid_binding *binding;
	struct ioasid_device *dev;
	u32 id = 0;

	while ((dev = ioasid_device_after(id))) {
		id = dev->id;
		binding = ioasid_binding_get(dev, data);
		if (binding) {
			ioasid_binding_end(binding);
			ioasid_binding_put(binding);
		}
		ioasid_device_put(dev);
	}
}

/* A binding to the address space of @set, with a reference, or NULL. */
static struct ioasid_binding *ioasid_binding_first_of_set(struct ioasid_set *set)
{
	struct ioasid_binding *binding;
	unsigned long irq;

	spin_lock_irqsave(&set->lock, irq);
	binding = list_first_entry_or_null(&set->bound_to, struct ioasid_binding, set_link);
	if (binding)
		refcount_inc(&binding->refs);
	spin_unlock_irqrestore(&set->lock, irq);
	return binding;
}

static void ioasid_bindings_end_of_set(struct ioasid_set *set)
{
	struct ioasid_binding *binding;

	while ((binding = ioasid_binding_first_of_set(set))) {
		ioasid_binding_end(binding);
		ioasid_binding_put(binding);
		cond_resched();
	}
}

void ioasid_unbind_set(struct ioasid_set *set)
{
	ioasid_bindings_end_of_set(set);
	/* No bindings are left for the work item: cancel it. */
	if (test_bit(IOASID_SET_MN_REGISTERED, &set->flags) && cancel_work_sync(&set->unbind))
		ioasid_set_put(set);
}

/* A binding of @dev, with a reference, or NULL. */
static struct ioasid_binding *ioasid_binding_first_on_device(struct ioasid_device *dev)
{
	struct ioasid_binding *binding;
	unsigned long id = 0;

	/* A live binding cannot end while the lock is held. */
	down_read(&dev->lock);
	binding = xa_find(&dev->bindings, &id, IOASID_LIMIT, IOASID_BINDING_LIVE);
	if (binding)
		refcount_inc(&binding->refs);
	up_read(&dev->lock);
	return binding;
}

void ioasid_device_unregister(struct ioasid_device *dev)
{
	struct ioasid_binding *binding;

	down_write(&ioasid_devices_lock);
	list_del(&dev->link);
	up_write(&ioasid_devices_lock);
	down_write(&dev->lock);
	dev->gone = true;
	up_write(&dev->lock);
	while ((binding = ioasid_binding_first_on_device(dev))) {
		ioasid_binding_end(binding);
		ioasid_binding_put(binding);
		cond_resched();
	}
	ioasid_device_put(dev);
	wait_var_event(&dev->refs, !refcount_read(&dev->refs));
	/* Pairs with refcount_dec_and_test() in ioasid_device_put(). */
	smp_acquire__after_ctrl_dep();
	xa_destroy(&dev->bindings);
}

static void ioasid_unbind_work(struct work_struct *work)
{
	struct ioasid_set *set = container_of(work, struct ioasid_set, unbind);

	ioasid_bindings_end_of_set(set);
	ioasid_set_put(set);
}

/* Program the device and make @binding live. With dev->lock held for writing. */
static int ioasid_binding_go_live(struct ioasid_binding *binding)
{
	struct ioasid_device *dev = binding->dev;
	int ret;

	if (dev->gone)
		return -ENODEV;
	ret = ioasid_binding_count(binding);
	if (ret)
		return ret;
	ret = dev->ops->attach(dev, binding);
	if (ret) {
		ioasid_binding_uncount(binding);
		return ret;
	}
	ioasid_binding_emit_start(binding);
	ioasid_binding_set_live(binding, true);
	return 0;
}

static int ioasid_binding_start(struct ioasid_binding *binding)
{
	struct ioasid_device *dev = binding->dev;
	int ret;

	down_write(&dev->lock);
	ret = ioasid_binding_go_live(binding);
	if (!ret)
		xa_set_mark(&dev->bindings, ioasid_binding_key(binding->data), IOASID_BINDING_LIVE);
	up_write(&dev->lock);
	return ret;
}

static int ioasid_binding_charge(struct ioasid_binding *binding)
{
	ioasid_t id = binding->data ? binding->data->id : IOASID_NO_ID;
	int ret;

	ioasid_gate_enter();
	ret = ioasid_policy_bind(binding->set, id, binding->dev);
	ioasid_gate_leave();
	return ret;
}

/* Consumes one reference of @binding on success. */
static int ioasid_binding_insert(struct ioasid_binding *binding)
{
	struct ioasid_device *dev = binding->dev;
	unsigned long key = ioasid_binding_key(binding->data);
	int ret;

	/*
	 * Who is denied must not take the place of others meanwhile, who would get
	 * EBUSY.
	 */
	if (xa_load(&dev->bindings, key))
		return -EBUSY;
	ret = ioasid_binding_charge(binding);
	if (ret)
		return ret;
	/* Look-ups ignore the binding until it is live. */
	ret = may_fail(-ENOMEM, xa_insert(&dev->bindings, key, binding, GFP_KERNEL));
	if (!ret) {
		ret = ioasid_binding_start(binding);
		if (ret)
			xa_erase(&dev->bindings, key);
	}
	if (ret)
		ioasid_policy_unbind(binding->set);
	return ret;
}

/*
 * Let @binding take the place of @old, and its charge. Consumes one reference of
 * @binding on success. On an error, @old stays.
 */
static int ioasid_binding_replace(struct ioasid_binding *old, struct ioasid_binding *binding)
{
	struct ioasid_device *dev = binding->dev;
	int ret = -EBUSY;

	down_write(&dev->lock);
	if (old->live)
		ret = ioasid_binding_go_live(binding);
	if (!ret) {
		/* Replacing an entry keeps its mark and allocates nothing. */
		xa_store(&dev->bindings, ioasid_binding_key(binding->data), binding, GFP_ATOMIC);
		WRITE_ONCE(old->replaced, true);
		smp_wmb();	/* pairs with smp_rmb() in ioasid_binding_get() and DMA */
		ioasid_binding_set_live(old, false);
		dev->ops->detach(dev, old);
		ioasid_binding_emit_end(old);
		ioasid_binding_uncount(old);
	}
	up_write(&dev->lock);
	if (!ret)
		ioasid_binding_release(old);
	return ret;
}

/* The place of @binding is taken. 1: by the same space. */
static int ioasid_binding_conflict(struct ioasid_binding *binding, bool replace)
{
	struct ioasid_binding *old = ioasid_binding_get(binding->dev, binding->data);
	int ret = -EBUSY;

	/* No live one: another attachment is being made. */
	if (!old)
		return ret;
	if (old->ioas == binding->ioas)
		ret = binding->ioas->id ? 1 : -EBUSY;
	else if (replace && old->set == binding->set)
		ret = ioasid_binding_replace(old, binding);
	ioasid_binding_put(old);
	return ret;
}

/* Has the device the abilities that the attachment needs? */
static int ioasid_attach_check(const struct ioasid_device *dev, const struct ioasid_ioas *ioas,
			       const struct ioasid_data *data)
{
	const struct ioasid_device_caps *caps = dev->caps;
	u32 need = 0;

	if (ioas->kind == IOASID_KIND_PROCESS)
		need |= IOASID_CAP_PRI;
	if (ioas->kind == IOASID_KIND_USER)
		need |= IOASID_CAP_NESTING;
	if ((ioas->flags | (ioas->parent ? ioas->parent->flags : 0)) & IOASID_IOAS_SNOOP)
		need |= IOASID_CAP_SNOOP;
	if (data)
		need |= IOASID_CAP_PASID;
	if (need & ~caps->caps)
		return -EOPNOTSUPP;
	if (ioas->kind == IOASID_KIND_USER && !(caps->formats & BIT(ioas->format)))
		return -EOPNOTSUPP;
	return data && data->id >> caps->pasid_bits ? -ERANGE : 0;
}

int ioasid_attach(struct ioasid_device *dev, struct ioasid_ioas *ioas, struct ioasid_data *data,
		  bool replace)
{
	struct ioasid_binding *binding;
	int ret;

	ret = ioasid_attach_check(dev, ioas, data);
	if (ret)
		return ret;
	ret = ioasid_memory_watch(ioas->set);
	if (ret)
		return ret;
	ret = data ? ioasid_data_use(data) : 0;
	if (ret)
		return ret;
	binding = ioasid_binding_new(dev, ioas, data);
	if (!binding) {
		ret = -ENOMEM;
		goto put;
	}
	if (data)
		WRITE_ONCE(data->used_ns, binding->bind_ns);
	refcount_inc(&binding->refs);	/* for this function */
	ret = ioasid_binding_insert(binding);
	if (ret == -EBUSY)
		ret = ioasid_binding_conflict(binding, replace);
	if (ret) {
		ioasid_binding_put(binding);
		ioasid_binding_put(binding);
		goto put;
	}
	/*
	 * If @data was freed meanwhile, its bindings may already have been
	 * ended and this one would stay. If it is freed later, the free sees
	 * this binding in the counter and ends it.
	 */
	smp_mb();
	if (data && ioasid_data_freed(data)) {
		ioasid_binding_end(binding);
		ret = -EBUSY;
	}
	ioasid_binding_put(binding);
	return ret;
put:
	if (data)
		ioasid_data_put(data);
	return min(ret, 0);
}

int ioasid_bind(struct ioasid_device *dev, struct ioasid_set *set, struct ioasid_data *data)
{
	int ret = ioasid_memory_watch(set);

	return ret ?: ioasid_attach(dev, set->memory, data, false);
}

int ioasid_unbind(struct ioasid_device *dev, struct ioasid_data *data, struct ioasid_set *set)
{
	struct ioasid_binding *binding = ioasid_binding_get(dev, data);
	bool ended = false;

	if (!binding)
		return -EINVAL;
	/* A PASID was permitted to the caller; requests without PASID have no holder. */
	if (data || binding->set == set)
		ended = ioasid_binding_end(binding);
	if (data)
		WRITE_ONCE(data->used_ns, ktime_get_ns());
	ioasid_binding_put(binding);
	return ended ? 0 : -EINVAL;
}

int ioasid_dma(struct ioasid_device *dev, struct ioasid_binding *binding, void *data,
	       size_t length, struct ioasid_access *access)
{
	atomic64_inc(&dev->dmas);
	access->reason = IOASID_FAULT_DETACHED;
	return binding ? dev->ops->dma(dev, binding, data, length, access) : -EFAULT;
}

void ioasid_dma_fault(struct ioasid_device *dev, struct ioasid_set *set, ioasid_t id,
		      struct ioasid_binding *binding, const struct ioasid_access *access)
{
	atomic64_inc(&dev->faults);
	if (binding) {
		atomic64_inc(&binding->faults);
		ioasid_fault_report(binding, access);
	}
	ioasid_emit(fault, dev, set, id, binding, access);
}

/* --- Freeing -------------------------------------------------------------- */

void ioasid_free_unbind(struct ioasid_data *data)
{
	WRITE_ONCE(data->unbinds, true);
	ioasid_data_free(data);
	/*
	 * Pairs with smp_mb() in ioasid_attach(): either the bind sees that the
	 * IOASID is freed, or this sees the binding.
	 */
	smp_mb();
	if (atomic_read(&data->bindings))
		ioasid_bindings_end(data);
}

/*
 * Freed while bound, in a context that must not sleep: a work item on the
 * ordered work queue ends the bindings. The list entry is part of the IOASID,
 * so this needs no allocation and cannot fail.
 */
static LLIST_HEAD(freed);

static void ioasid_end_freed(struct work_struct *work)
{
	struct llist_node *list = llist_reverse_order(llist_del_all(&freed));
	struct ioasid_data *data, *next;

	llist_for_each_entry_safe(data, next, list, freed_link) {
		ioasid_bindings_end(data);
		ioasid_data_put_walker(data);
		cond_resched();
	}
}

static DECLARE_WORK(freed_work, ioasid_end_freed);

/* A later bind sees that the IOASID is freed and is undone. */
static int ioasid_on_free(struct notifier_block *nb, unsigned long val, void *args)
{
	struct ioasid_data *data = container_of(args, struct ioasid_notice, args)->data;

	/* Marking it as freed was a full barrier. */
	if (!atomic_read(&data->bindings) || READ_ONCE(data->unbinds) ||
	    WARN_ON(!ioasid_data_get_walker(data)))
		return NOTIFY_DONE;
	llist_add(&data->freed_link, &freed);
	ioasid_queue_work(&freed_work);
	return NOTIFY_OK;
}

static struct notifier_block free_notifier = {
	.notifier_call = ioasid_on_free,
	.priority = IOASID_PRIO_IOMMU,
};

int ioasid_devices_init(void)
{
	int ret;

	ret = ioasid_memory_init(ioasid_unbind_work);
	if (ret)
		return ret;
	ret = ioasid_register_notifier(NULL, &free_notifier);
	if (ret)
		ioasid_memory_exit();
	return ret;
}

void ioasid_devices_exit(void)
{
	ioasid_unregister_notifier(NULL, &free_notifier);
	ioasid_memory_exit();
	ioasid_flush();
}
