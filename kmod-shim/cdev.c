// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/ioasid: a table of calls. A handler gets a struct that has been copied
 * and checked (size, unknown tail, flags). It does not access the caller's
 * memory, except for the data of a DMA.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/sched/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <uapi/ioasid.h>

#include "fault.h"
#include "hw/hw.h"

union ioasid_args {
	__u32 pasid;
	struct ioasid_info info;
	struct ioasid_alloc_request alloc;
	struct ioasid_bind bind;
	struct ioasid_dma dma;
	struct ioasid_spid spid;
};

/*
 * Objects of a call: the caller's set, and with references the device and the
 * IOASID that the arguments name.
 */
struct ioasid_target {
	struct ioasid_set *set;
	struct ioasid_device *dev;
	struct ioasid_data *data;
};

static long ioasid_cdev_version(const struct ioasid_target *target, union ioasid_args *args)
{
	return IOASID_API_VERSION;
}

static long ioasid_cdev_info(const struct ioasid_target *target, union ioasid_args *args)
{
	args->info.ioasid_bits = ioasid_bits();
	return 0;
}

static long ioasid_cdev_alloc(const struct ioasid_target *target, union ioasid_args *args)
{
	return ioasid_alloc_flags(target->set, args->alloc.range.min, args->alloc.range.max, NULL,
				  IOASID_DATA_USER);
}

static long ioasid_cdev_free(const struct ioasid_target *target, union ioasid_args *args)
{
	/*
	 * End the bindings too, so that the caller can allocate the PASID
	 * again.
	 */
	ioasid_free_unbind(target->data);
	return 0;
}

static long ioasid_cdev_bind(const struct ioasid_target *target, union ioasid_args *args)
{
	return ioasid_bind(target->dev, target->set, target->data);
}

static long ioasid_cdev_unbind(const struct ioasid_target *target, union ioasid_args *args)
{
	return ioasid_unbind(target->dev, target->data);
}

static long ioasid_cdev_spid_attach(const struct ioasid_target *target, union ioasid_args *args)
{
	return ioasid_data_attach_spid(target->data, args->spid.spid);
}

static long ioasid_cdev_spid_detach(const struct ioasid_target *target, union ioasid_args *args)
{
	return ioasid_data_detach_spid(target->data);
}

/*
 * The set of @id with a reference, or NULL. Takes no reference to the IOASID.
 */
static struct ioasid_set *ioasid_cdev_owner(ioasid_t id)
{
	struct ioasid_set *owner = NULL;
	struct ioasid_data *data;
	struct ioasid_view view;

	rcu_read_lock();
	data = ioasid_number_load(id);
	if (data && ioasid_data_view(data, &view) && view.id == id &&
	    refcount_inc_not_zero(&view.set->refs))
		owner = view.set;
	rcu_read_unlock();
	return owner;
}

/*
 * Look up a PASID for @op, with a reference. -ENOENT if it does not exist; if
 * it belongs to another set, the policy decides. The reference is taken only
 * after the policy permitted the operation, because it delays the reclaim.
 */
static struct ioasid_data *ioasid_cdev_find(struct ioasid_set *set, ioasid_t id, enum ioasid_op op,
					    struct ioasid_device *dev)
{
	struct ioasid_set *owner = ioasid_cdev_owner(id);
	struct ioasid_data *data;
	int ret;

	if (!owner)
		return ERR_PTR(-ENOENT);
	ret = ioasid_policy_may_use(set, owner, id, op, dev ? dev->id : 0);
	data = ret ? ERR_PTR(ret) : ioasid_data_find(id);
	if (!data) {
		data = ERR_PTR(-ENOENT);
	} else if (!IS_ERR(data) && data->set != owner) {
		/* The PASID was reused meanwhile. */
		ioasid_data_put_walker(data);
		data = ERR_PTR(-ENOENT);
	}
	ioasid_set_put(owner);
	return data;
}

/*
 * The binding for a DMA, with a reference; NULL: the device faults, as hardware
 * does under a PASID that is freed or was never allocated. The caller must be
 * permitted to use the PASID and to access the memory, which may belong to a
 * different process.
 */
static struct ioasid_binding *ioasid_cdev_binding(struct ioasid_set *set, ioasid_t id,
						  struct ioasid_device *dev)
{
	struct ioasid_data *data = ioasid_cdev_find(set, id, IOASID_OP_DMA, dev);
	struct ioasid_binding *binding;
	int ret = 0;

	if (IS_ERR(data))
		return PTR_ERR(data) == -ENOENT ? NULL : ERR_CAST(data);
	binding = ioasid_binding_get(dev, data);
	if (binding && binding->set != data->set)
		ret = ioasid_policy_may_use(set, binding->set, id, IOASID_OP_DMA, dev->id);
	if (binding && !ret)
		WRITE_ONCE(data->used_ns, ktime_get_ns());
	ioasid_data_put_walker(data);
	if (!ret)
		return binding;
	ioasid_binding_put(binding);
	return ERR_PTR(ret);
}

static long ioasid_cdev_dma_through(const struct ioasid_target *target, const struct ioasid_dma *dma,
				    void *data)
{
	struct ioasid_binding *binding;
	long ret;

	binding = ioasid_cdev_binding(target->set, dma->pasid, target->dev);
	if (IS_ERR(binding))
		return PTR_ERR(binding);
	ret = ioasid_dma(target->dev, target->set, dma->pasid, binding, dma->iova, data, dma->length,
			 dma->flags == IOASID_DMA_WRITE);
	if (binding)
		ioasid_binding_put(binding);
	return ret == -EINTR ? -ERESTARTSYS : ret;
}

static long ioasid_cdev_dma(const struct ioasid_target *target, union ioasid_args *args)
{
	const struct ioasid_dma *dma = &args->dma;
	void __user *user = u64_to_user_ptr(dma->data);
	void *data;
	long ret;

	if (dma->flags != IOASID_DMA_READ && dma->flags != IOASID_DMA_WRITE)
		return -EINVAL;
	if (!dma->length || dma->length > IOASID_DMA_MAX)
		return -EINVAL;
	if (!target->dev->ops->dma)
		return -EOPNOTSUPP;
	data = may_fail(NULL, kvmalloc(dma->length, GFP_KERNEL_ACCOUNT));
	/*
	 * Copy the data first: it may take long, and the checks must be made
	 * immediately before the DMA.
	 */
	if (!data)
		ret = -ENOMEM;
	else if (dma->flags == IOASID_DMA_WRITE && copy_from_user(data, user, dma->length))
		ret = -EFAULT;
	else
		ret = ioasid_cdev_dma_through(target, dma, data);
	if (ret > 0 && dma->flags == IOASID_DMA_READ && copy_to_user(user, data, ret))
		ret = -EFAULT;
	kvfree(data);
	return ret;
}

/*
 * The calls, indexed by number. The structs of version 4 have a fixed size, and
 * a larger argsz is treated as that size. The other structs can grow at the
 * end.
 */
static const struct ioasid_call {
	unsigned int cmd;
	size_t size;		/* of the argument; 0: none */
	size_t min_size;	/* oldest struct accepted; 0: plain value */
	bool fixed;		/* version 4: fixed size */
	bool output;		/* copied back to user space */
	u32 flags;		/* known flags; second member of every struct */
	size_t reserved;	/* offset of a __u32 that must be zero, 0: none */
	size_t device;		/* offset of the device name, 0: none */
	size_t pasid;		/* offset of the PASID, if @op is set */
	enum ioasid_op op;	/* operation on the PASID, NONE: no PASID */
	long (*handler)(const struct ioasid_target *target, union ioasid_args *args);
} calls[] = {
#define CALL(_cmd, _handler, ...)						\
	[_IOC_NR(_cmd) - IOASID_BASE] = {					\
		.cmd = _cmd,							\
		.handler = ioasid_cdev_##_handler,				\
		__VA_ARGS__							\
	}
/*
 * A call with an argument: its type, which begins with size and flags, and the
 * last member of its oldest version.
 */
#define CALL_WITH(_cmd, _handler, _type, _last, ...)				\
	CALL(_cmd, _handler,							\
	     .size = sizeof(_type) +						\
		BUILD_BUG_ON_ZERO(sizeof(_type) > sizeof(union ioasid_args)) +	\
		BUILD_BUG_ON_ZERO(offsetof(_type, flags) != sizeof(u32)),	\
	     .min_size = offsetofend(_type, _last),				\
	     __VA_ARGS__)
#define PASID(_type, _op)	.pasid = offsetof(_type, pasid), .op = IOASID_OP_##_op
#define DEVICE(_type)		.device = offsetof(_type, device)
#define ZERO(_type, _member)	.reserved = offsetof(_type, _member)
	CALL(IOASID_GET_API_VERSION, version),
	CALL_WITH(IOASID_GET_INFO, info, struct ioasid_info, ioasid_bits,
		  .fixed = true, .output = true),
	CALL_WITH(IOASID_REQUEST_ALLOC, alloc, struct ioasid_alloc_request, range,
		  .fixed = true),
	CALL(IOASID_REQUEST_FREE, free,
	     .size = sizeof(__u32), .op = IOASID_OP_FREE),
	CALL_WITH(IOASID_BIND, bind, struct ioasid_bind, device,
		  ZERO(struct ioasid_bind, __reserved), DEVICE(struct ioasid_bind),
		  PASID(struct ioasid_bind, BIND)),
	CALL_WITH(IOASID_UNBIND, unbind, struct ioasid_bind, device,
		  ZERO(struct ioasid_bind, __reserved), DEVICE(struct ioasid_bind),
		  PASID(struct ioasid_bind, UNBIND)),
	/* The PASID is looked up after the data was copied. */
	CALL_WITH(IOASID_DMA, dma, struct ioasid_dma, device,
		  ZERO(struct ioasid_dma, __reserved), DEVICE(struct ioasid_dma),
		  .flags = IOASID_DMA_READ | IOASID_DMA_WRITE),
	CALL_WITH(IOASID_SPID_ATTACH, spid_attach, struct ioasid_spid, spid,
		  PASID(struct ioasid_spid, SPID_ATTACH)),
	CALL_WITH(IOASID_SPID_DETACH, spid_detach, struct ioasid_spid, spid,
		  ZERO(struct ioasid_spid, spid), PASID(struct ioasid_spid, SPID_DETACH)),
};

/* Common head of all structs. */
struct ioasid_head {
	__u32 size;
	__u32 flags;
};

static const struct ioasid_call *ioasid_cdev_call(unsigned int cmd)
{
	unsigned int index = array_index_nospec(_IOC_NR(cmd) - IOASID_BASE, ARRAY_SIZE(calls));

	return calls[index].cmd == cmd && calls[index].handler ? &calls[index] : NULL;
}

static int ioasid_cdev_copy(const struct ioasid_call *call, union ioasid_args *args, void __user *user)
{
	u32 size;
	int ret;

	if (!call->min_size)
		return copy_from_user(args, user, call->size) ? -EFAULT : 0;
	if (get_user(size, (u32 __user *)user))
		return -EFAULT;
	if (size < call->min_size)
		return -EINVAL;
	if (call->fixed)
		size = call->size;
	if (size > PAGE_SIZE)
		return -E2BIG;
	ret = copy_struct_from_user(args, call->size, user, size);
	if (ret)
		return ret;
	if (((struct ioasid_head *)args)->flags & ~call->flags)
		return -EOPNOTSUPP;
	if (call->reserved && *(u32 *)((char *)args + call->reserved))
		return -EOPNOTSUPP;
	return 0;
}

/* Return the device with a reference, or an ERR_PTR. */
static struct ioasid_device *ioasid_cdev_device(const char *name)
{
	size_t length = strnlen(name, IOASID_NAME_LEN);
	struct ioasid_device *dev;

	if (length == IOASID_NAME_LEN || memchr_inv(name + length, 0, IOASID_NAME_LEN - length))
		return ERR_PTR(-EINVAL);
	dev = ioasid_device_get(name);
	return dev ?: ERR_PTR(-ENODEV);
}

/* Call the handler with references to the objects that the arguments name. */
static long ioasid_cdev_do(const struct ioasid_call *call, struct ioasid_set *set, union ioasid_args *args)
{
	struct ioasid_target target = { .set = set };
	long ret;

	if (call->device) {
		target.dev = ioasid_cdev_device((char *)args + call->device);
		if (IS_ERR(target.dev))
			return PTR_ERR(target.dev);
	}
	if (call->op)
		target.data = ioasid_cdev_find(set, *(u32 *)((char *)args + call->pasid), call->op,
					       target.dev);
	if (IS_ERR(target.data)) {
		ret = PTR_ERR(target.data);
	} else {
		ret = call->handler(&target, args);
		if (target.data)
			ioasid_data_put_walker(target.data);
	}
	if (target.dev)
		ioasid_device_put(target.dev);
	return ret;
}

static long ioasid_cdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct ioasid_call *call = ioasid_cdev_call(cmd);
	struct ioasid_set *set = file->private_data;
	void __user *user = (void __user *)arg;
	union ioasid_args args = {};
	long ret;

	/* A descriptor of another process: inherited by fork or received. */
	if (set->mm != current->mm)
		return -EPERM;
	if (!call)
		return -ENOTTY;
	ret = ioasid_cdev_copy(call, &args, user);
	if (ret)
		return ret;
	ret = ioasid_cdev_do(call, set, &args);
	if (ret >= 0 && call->output && copy_to_user(user, &args, call->size))
		ret = -EFAULT;
	return ret;
}

static int ioasid_cdev_open(struct inode *inode, struct file *file)
{
	struct ioasid_set *set;

	if (!current->mm)
		return -EINVAL;
	/* The process may already have a set that a driver created. */
	set = ioasid_get_mm_set(current->mm);
	if (IS_ERR(set))
		return PTR_ERR(set);
	if (ioasid_sets_too_many(current->group_leader)) {
		ioasid_set_put(set);
		return -EMFILE;
	}
	if (test_and_set_bit(IOASID_SET_OPENED, &set->flags)) {
		ioasid_set_put(set);
		return -EBUSY;
	}
	file->private_data = set;
	return 0;
}

/*
 * Last close; the closing process need not be the one that opened the device.
 */
static int ioasid_cdev_release(struct inode *inode, struct file *file)
{
	struct ioasid_set *set = file->private_data;
	struct ioasid_data *data = NULL;

	ioasid_unbind_set(set);
	while ((data = ioasid_set_next(set, data))) {
		if (READ_ONCE(data->flags) & IOASID_DATA_USER)
			ioasid_free_unbind(data);
		cond_resched();
	}
	clear_bit_unlock(IOASID_SET_OPENED, &set->flags);	/* orders all of the above before */
	ioasid_set_put(set);
	return 0;
}

/* Lets tools find the descriptor that keeps a set whose process has ended. */
static void ioasid_cdev_show_fdinfo(struct seq_file *seq, struct file *file)
{
	struct ioasid_set *set = file->private_data;

	seq_printf(seq, "ioasid-set:\t%llu\n", set->id);
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = ioasid_cdev_open,
	.release = ioasid_cdev_release,
	.unlocked_ioctl = ioasid_cdev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.show_fdinfo = ioasid_cdev_show_fdinfo,
};

static struct miscdevice misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ioasid",
	.fops = &fops,
};

int ioasid_cdev_init(void)
{
	return may_fail(-ENOMEM, misc_register(&misc));
}

void ioasid_cdev_exit(void)
{
	misc_deregister(&misc);
}
