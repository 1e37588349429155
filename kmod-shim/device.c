// SPDX-License-Identifier: GPL-2.0
/*
 * Devices and bindings: which device reaches which address space under which
 * PASID, and when that ends (unbind, free, exit, the device going away).
 */
#include <linux/mmu_notifier.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "fault.h"
#include "hw/hw.h"
#include "trace.h"

LIST_HEAD(ioasid_devices);
DECLARE_RWSEM(ioasid_devices_lock);
static u32 next_device_id = 1;

int ioasid_device_register(struct ioasid_device *dev, const char *name,
			   const struct ioasid_hw_ops *ops)
{
	int ret = 0;

	strscpy(dev->name, name, sizeof(dev->name));
	dev->ops = ops;
	init_rwsem(&dev->lock);
	xa_init(&dev->bindings);
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

struct ioasid_device *ioasid_device_find(const char *name)
{
	struct ioasid_device *dev;

	list_for_each_entry(dev, &ioasid_devices, link)
		if (!strcmp(dev->name, name))
			return dev;
	return NULL;
}

/* With dev->lock held for writing, like every change of bindings. */
static void binding_end(struct ioasid_device *dev, struct ioasid_binding *binding)
{
	xa_erase(&dev->bindings, binding->data->id);
	dev->ops->unbind(dev, binding);
	ioasid_emit(unbind, dev, binding);
	atomic_dec(&binding->data->bindings);
	atomic_dec(&binding->data->set->bindings);
	ioasid_policy_unbind(binding->set);
	ioasid_data_put(binding->data);
	ioasid_set_put(binding->set);
	kfree(binding);
}

static void end_of_ioasid(struct ioasid_data *data)
{
	struct ioasid_binding *binding;
	struct ioasid_device *dev;

	down_read(&ioasid_devices_lock);
	list_for_each_entry(dev, &ioasid_devices, link) {
		down_write(&dev->lock);
		binding = xa_load(&dev->bindings, data->id);
		if (binding)
			binding_end(dev, binding);
		up_write(&dev->lock);
	}
	up_read(&ioasid_devices_lock);
}

static void end_of_set(struct ioasid_set *set)
{
	struct ioasid_binding *binding;
	struct ioasid_device *dev;
	unsigned long id;

	down_read(&ioasid_devices_lock);
	list_for_each_entry(dev, &ioasid_devices, link) {
		down_write(&dev->lock);
		xa_for_each(&dev->bindings, id, binding)
			if (binding->set == set)
				binding_end(dev, binding);
		up_write(&dev->lock);
	}
	up_read(&ioasid_devices_lock);
}

void ioasid_device_unregister(struct ioasid_device *dev)
{
	struct ioasid_binding *binding;
	unsigned long id;

	down_write(&ioasid_devices_lock);
	list_del(&dev->link);
	up_write(&ioasid_devices_lock);
	down_write(&dev->lock);
	xa_for_each(&dev->bindings, id, binding)
		binding_end(dev, binding);
	up_write(&dev->lock);
	xa_destroy(&dev->bindings);
}

/* The address space ends (exit, exec): nothing may reach it any more. */
static void on_mm_release(struct mmu_notifier *mn, struct mm_struct *mm)
{
	end_of_set(container_of(mn, struct ioasid_set, mn));
}

static const struct mmu_notifier_ops mm_ops = { .release = on_mm_release };

/* From the first bind on, learn when the address space ends. */
static int watch_mm(struct ioasid_set *set)
{
	int ret = 0;

	mmap_write_lock(set->mm);
	if (!test_bit(IOASID_SET_MN_REGISTERED, &set->flags)) {
		set->mn.ops = &mm_ops;
		ret = may_fail(-ENOMEM, __mmu_notifier_register(&set->mn, set->mm));
		if (!ret)
			set_bit(IOASID_SET_MN_REGISTERED, &set->flags);
	}
	mmap_write_unlock(set->mm);
	return ret;
}

void ioasid_unbind_set(struct ioasid_set *set)
{
	if (test_and_clear_bit(IOASID_SET_MN_REGISTERED, &set->flags))
		mmu_notifier_unregister(&set->mn, set->mm);
	end_of_set(set);
}

static int bind_locked(struct ioasid_device *dev, struct ioasid_binding *binding)
{
	ioasid_t id = binding->data->id;
	int ret;

	ret = may_fail(-ENOMEM, xa_insert(&dev->bindings, id, binding, GFP_KERNEL));
	if (ret)
		return ret;
	ret = ioasid_policy_bind(binding->set, id, dev);
	if (ret)
		goto erase;
	ret = dev->ops->bind(dev, binding);
	if (ret)
		goto uncharge;
	ioasid_emit(bind, dev, binding);
	/*
	 * Freed meanwhile? Then its bindings may have been ended already, and
	 * nobody would end this one. If it is freed from now on, they will be:
	 * on_free() sees what is counted here.
	 */
	atomic_inc(&binding->data->bindings);
	atomic_inc(&binding->data->set->bindings);
	smp_mb__after_atomic();	/* either we see that it is freed, or on_free() sees the count */
	if (ioasid_data_freed(binding->data)) {
		binding_end(dev, binding);
		return -ESTALE;
	}
	return 0;
uncharge:
	ioasid_policy_unbind(binding->set);
erase:
	xa_erase(&dev->bindings, id);
	return ret;
}

int ioasid_bind(struct ioasid_device *dev, struct ioasid_set *set, ioasid_t id)
{
	struct ioasid_binding *binding;
	struct ioasid_data *data;
	int ret;

	data = ioasid_data_get(id);
	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = watch_mm(set);
	if (ret)
		goto put;
	binding = may_fail(NULL, kzalloc(sizeof(*binding), GFP_KERNEL));
	if (!binding) {
		ret = -ENOMEM;
		goto put;
	}
	binding->data = data;
	binding->set = set;
	binding->bind_ns = ktime_get_ns();
	ioasid_set_get(set);
	WRITE_ONCE(data->used_ns, binding->bind_ns);

	ioasid_gate_enter();
	down_write(&dev->lock);
	ret = bind_locked(dev, binding);
	up_write(&dev->lock);
	ioasid_gate_leave();
	if (!ret)
		return 0;
	if (ret == -ESTALE)	/* ended like any other */
		return -EBUSY;
	ioasid_set_put(set);
	kfree(binding);
put:
	ioasid_data_put(data);
	return ret;
}

int ioasid_unbind(struct ioasid_device *dev, struct ioasid_set *set, ioasid_t id)
{
	struct ioasid_binding *binding;
	int ret = -EINVAL;

	down_write(&dev->lock);
	binding = xa_load(&dev->bindings, id);
	if (binding) {
		WRITE_ONCE(binding->data->used_ns, ktime_get_ns());
		binding_end(dev, binding);
		ret = 0;
	}
	up_write(&dev->lock);
	return ret;
}

ssize_t ioasid_dma(struct ioasid_device *dev, struct ioasid_set *set, ioasid_t id, u64 iova,
		   void *data, size_t length, bool write)
{
	struct ioasid_binding *binding;
	u64 fault = iova;
	int ret = -EFAULT;

	down_read(&dev->lock);
	binding = xa_load(&dev->bindings, id);
	if (binding) {
		WRITE_ONCE(binding->data->used_ns, ktime_get_ns());
		ret = dev->ops->dma(dev, binding, iova, data, length, write, &fault);
	}
	atomic64_inc(&dev->dmas);
	if (ret == -EFAULT) {
		atomic64_inc(&dev->faults);
		if (binding)
			atomic64_inc(&binding->faults);
		ioasid_emit(fault, dev, set, id, fault);
	}
	up_read(&dev->lock);
	return ret ? ret : length;
}

/*
 * Freed while bound: its bindings end in the ordered work queue, for whoever
 * frees may not sleep. The list entry is in the IOASID itself: nothing to
 * allocate, nothing that can fail.
 */
static LLIST_HEAD(freed);

static void end_freed(struct work_struct *work)
{
	struct llist_node *list = llist_reverse_order(llist_del_all(&freed));
	struct ioasid_data *data, *next;

	llist_for_each_entry_safe(data, next, list, freed_link) {
		end_of_ioasid(data);
		ioasid_data_drop(data);
	}
}

static DECLARE_WORK(freed_work, end_freed);

/* Whoever binds from now on sees that it is freed, and leaves again. */
static int on_free(struct notifier_block *nb, unsigned long val, void *args)
{
	struct ioasid_data *data = container_of(args, struct ioasid_notice, args)->data;

	/* Marking it freed was a full barrier. */
	if (!atomic_read(&data->bindings) || WARN_ON(!ioasid_data_hold(data)))
		return NOTIFY_DONE;
	llist_add(&data->freed_link, &freed);
	ioasid_queue_work(&freed_work);
	return NOTIFY_OK;
}

static struct notifier_block free_notifier = {
	.notifier_call = on_free,
	.priority = IOASID_PRIO_IOMMU,
};

int ioasid_devices_init(void)
{
	return ioasid_register_notifier(NULL, &free_notifier);
}

void ioasid_devices_exit(void)
{
	ioasid_unregister_notifier(NULL, &free_notifier);
	ioasid_flush();
	mmu_notifier_synchronize();
}
