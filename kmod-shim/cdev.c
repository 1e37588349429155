// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/ioasid: one table of calls. A handler sees a struct that is copied and
 * checked: its size, its unknown tail, its flags; it never touches the
 * caller's memory, but for the data of a DMA.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
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
	__u32 size;		/* argsz, size: always first */
	__u32 pasid;
	struct ioasid_info info;
	struct ioasid_alloc_request alloc;
	struct ioasid_bind bind;
	struct ioasid_dma dma;
	struct ioasid_spid spid;
};

/*
 * A PASID the caller means to use: held, and the caller may do @op with it.
 * The core answers for what is unknown, the policy for what is somebody else's.
 */
static struct ioasid_data *find_for(struct ioasid_set *set, ioasid_t id, enum ioasid_op op,
				    u32 device)
{
	struct ioasid_data *data = ioasid_data_find(id);
	int ret;

	if (!data)
		return ERR_PTR(-ENOENT);
	ret = ioasid_policy_may_use(set, data->set, id, op, device);
	if (ret) {
		ioasid_data_drop(data);
		return ERR_PTR(ret);
	}
	return data;
}

static long do_version(struct ioasid_set *set, union ioasid_args *args)
{
	return IOASID_API_VERSION;
}

static long do_info(struct ioasid_set *set, union ioasid_args *args)
{
	args->info.ioasid_bits = ioasid_bits();
	return 0;
}

static long do_alloc(struct ioasid_set *set, union ioasid_args *args)
{
	return ioasid_alloc_flags(set, args->alloc.range.min, args->alloc.range.max, NULL,
				  IOASID_DATA_USER);
}

static long do_free(struct ioasid_set *set, union ioasid_args *args)
{
	struct ioasid_data *data = find_for(set, args->pasid, IOASID_OP_FREE, 0);

	if (IS_ERR(data))
		return PTR_ERR(data);
	/* So that a caller who frees a bound PASID can allocate it again. */
	ioasid_free_unbind(data);
	ioasid_data_drop(data);
	return 0;
}

/* Held, or an ERR_PTR. */
static struct ioasid_device *device_named(const char *name)
{
	size_t length = strnlen(name, IOASID_NAME_LEN);
	struct ioasid_device *dev;

	if (length == IOASID_NAME_LEN || memchr_inv(name + length, 0, IOASID_NAME_LEN - length))
		return ERR_PTR(-EINVAL);
	dev = ioasid_device_get(name);
	return dev ?: ERR_PTR(-ENODEV);
}

static long with_device(struct ioasid_set *set, union ioasid_args *args, enum ioasid_op op)
{
	struct ioasid_device *dev = device_named(args->bind.device);
	struct ioasid_data *data;
	long ret;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	data = find_for(set, args->bind.pasid, op, dev->id);
	if (IS_ERR(data)) {
		ret = PTR_ERR(data);
	} else {
		ret = op == IOASID_OP_BIND ? ioasid_bind(dev, set, data) : ioasid_unbind(dev, data);
		ioasid_data_drop(data);
	}
	ioasid_device_put(dev);
	return ret;
}

static long do_bind(struct ioasid_set *set, union ioasid_args *args)
{
	return with_device(set, args, IOASID_OP_BIND);
}

static long do_unbind(struct ioasid_set *set, union ioasid_args *args)
{
	return with_device(set, args, IOASID_OP_UNBIND);
}

/*
 * The binding that a DMA goes through, held; NULL: the device faults, as hardware
 * does under a PASID that was freed or never given. The caller may use the PASID
 * and reach the memory, which need not be of the same process.
 */
static struct ioasid_binding *binding_for(struct ioasid_set *set, ioasid_t id,
					  struct ioasid_device *dev)
{
	struct ioasid_data *data = find_for(set, id, IOASID_OP_DMA, dev->id);
	struct ioasid_binding *binding;
	int ret = 0;

	if (IS_ERR(data))
		return PTR_ERR(data) == -ENOENT ? NULL : ERR_CAST(data);
	binding = ioasid_binding_get(dev, data);
	if (binding && binding->set != data->set)
		ret = ioasid_policy_may_use(set, binding->set, id, IOASID_OP_DMA, dev->id);
	if (binding && !ret)
		WRITE_ONCE(data->used_ns, ktime_get_ns());
	ioasid_data_drop(data);
	if (!ret)
		return binding;
	ioasid_binding_put(binding);
	return ERR_PTR(ret);
}

static long dma_through(struct ioasid_set *set, struct ioasid_device *dev,
			const struct ioasid_dma *dma, void *data)
{
	struct ioasid_binding *binding;
	long ret;

	if (!dev->ops->dma)
		return -EOPNOTSUPP;
	binding = binding_for(set, dma->pasid, dev);
	if (IS_ERR(binding))
		return PTR_ERR(binding);
	ret = ioasid_dma(dev, set, dma->pasid, binding, dma->iova, data, dma->length,
			 dma->flags == IOASID_DMA_WRITE);
	if (binding)
		ioasid_binding_put(binding);
	return ret == -EINTR ? -ERESTARTSYS : ret;
}

static long do_dma(struct ioasid_set *set, union ioasid_args *args)
{
	const struct ioasid_dma *dma = &args->dma;
	void __user *user = u64_to_user_ptr(dma->data);
	struct ioasid_device *dev;
	void *data;
	long ret;

	if (dma->flags != IOASID_DMA_READ && dma->flags != IOASID_DMA_WRITE)
		return -EINVAL;
	if (!dma->length || dma->length > IOASID_DMA_MAX)
		return -EINVAL;
	dev = device_named(dma->device);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	data = may_fail(NULL, kvmalloc(dma->length, GFP_KERNEL_ACCOUNT));
	/* The data comes first: it may take long, and what is checked is then used at once. */
	if (!data)
		ret = -ENOMEM;
	else if (dma->flags == IOASID_DMA_WRITE && copy_from_user(data, user, dma->length))
		ret = -EFAULT;
	else
		ret = dma_through(set, dev, dma, data);
	if (ret > 0 && dma->flags == IOASID_DMA_READ && copy_to_user(user, data, ret))
		ret = -EFAULT;
	kvfree(data);
	ioasid_device_put(dev);
	return ret;
}

static long do_spid_attach(struct ioasid_set *set, union ioasid_args *args)
{
	struct ioasid_data *data = find_for(set, args->spid.pasid, IOASID_OP_SPID_ATTACH, 0);
	int ret;

	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = ioasid_data_attach_spid(data, args->spid.spid);
	ioasid_data_drop(data);
	return ret;
}

static long do_spid_detach(struct ioasid_set *set, union ioasid_args *args)
{
	struct ioasid_data *data = find_for(set, args->spid.pasid, IOASID_OP_SPID_DETACH, 0);
	int ret;

	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = ioasid_data_detach_spid(data);
	ioasid_data_drop(data);
	return ret;
}

/*
 * The calls. Version 4's structs are of fixed size, a larger argsz says no
 * more than that; the others grow at their end.
 */
static const struct ioasid_call {
	unsigned int cmd;
	size_t size;		/* of the argument; 0: none */
	size_t min_size;	/* oldest struct accepted; 0: a plain value without size */
	bool fixed;		/* version 4: never grows */
	bool output;		/* copied back */
	u32 flags;		/* known ones; the second member of every struct */
	size_t reserved;	/* offset of a __u32 that must be zero, 0: none */
	long (*handler)(struct ioasid_set *set, union ioasid_args *args);
} calls[] = {
	{ .cmd = IOASID_GET_API_VERSION, .handler = do_version },
	{ .cmd = IOASID_GET_INFO, .handler = do_info, .fixed = true, .output = true,
	  .size = sizeof(struct ioasid_info), .min_size = sizeof(struct ioasid_info) },
	{ .cmd = IOASID_REQUEST_ALLOC, .handler = do_alloc, .fixed = true,
	  .size = sizeof(struct ioasid_alloc_request),
	  .min_size = sizeof(struct ioasid_alloc_request) },
	{ .cmd = IOASID_REQUEST_FREE, .handler = do_free, .size = sizeof(__u32) },
	{ .cmd = IOASID_BIND, .handler = do_bind, .size = sizeof(struct ioasid_bind),
	  .min_size = sizeof(struct ioasid_bind),
	  .reserved = offsetof(struct ioasid_bind, __reserved) },
	{ .cmd = IOASID_UNBIND, .handler = do_unbind, .size = sizeof(struct ioasid_bind),
	  .min_size = sizeof(struct ioasid_bind),
	  .reserved = offsetof(struct ioasid_bind, __reserved) },
	{ .cmd = IOASID_DMA, .handler = do_dma, .size = sizeof(struct ioasid_dma),
	  .min_size = sizeof(struct ioasid_dma),
	  .flags = IOASID_DMA_READ | IOASID_DMA_WRITE,
	  .reserved = offsetof(struct ioasid_dma, __reserved) },
	{ .cmd = IOASID_SPID_ATTACH, .handler = do_spid_attach,
	  .size = sizeof(struct ioasid_spid), .min_size = sizeof(struct ioasid_spid) },
	{ .cmd = IOASID_SPID_DETACH, .handler = do_spid_detach,
	  .size = sizeof(struct ioasid_spid), .min_size = sizeof(struct ioasid_spid),
	  .reserved = offsetof(struct ioasid_spid, spid) },
};

/* What every struct has in front. */
struct ioasid_head {
	__u32 size;
	__u32 flags;
};

static int copy_args(const struct ioasid_call *call, union ioasid_args *args, void __user *user)
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

static long ioasid_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ioasid_set *set = file->private_data;
	void __user *user = (void __user *)arg;
	const struct ioasid_call *call;
	union ioasid_args args = {};
	long ret;

	/* The descriptor of another process: a fork's copy, or received. */
	if (set->mm != current->mm)
		return -EPERM;
	for (call = calls; call < calls + ARRAY_SIZE(calls); call++)
		if (call->cmd == cmd)
			break;
	if (call == calls + ARRAY_SIZE(calls))
		return -ENOTTY;
	ret = copy_args(call, &args, user);
	if (ret)
		return ret;
	ret = call->handler(set, &args);
	if (ret >= 0 && call->output && copy_to_user(user, &args, call->size))
		ret = -EFAULT;
	return ret;
}

static int ioasid_open(struct inode *inode, struct file *file)
{
	struct ioasid_set *set;

	if (!current->mm)
		return -EINVAL;
	/* The process may have a set already, of a driver's making. */
	set = ioasid_get_mm_set(current->mm);
	if (IS_ERR(set))
		return PTR_ERR(set);
	if (test_and_set_bit(IOASID_SET_OPENED, &set->flags)) {
		ioasid_set_put(set);
		return -EBUSY;
	}
	file->private_data = set;
	return 0;
}

/* The last close, by whoever held the last copy of the descriptor. */
static int ioasid_release(struct inode *inode, struct file *file)
{
	struct ioasid_set *set = file->private_data;
	struct ioasid_data *data = NULL;

	ioasid_unbind_set(set);
	while ((data = ioasid_set_next(set, data))) {
		if (READ_ONCE(data->flags) & IOASID_DATA_USER)
			ioasid_free_unbind(data);
		cond_resched();
	}
	clear_bit(IOASID_SET_OPENED, &set->flags);
	ioasid_set_put(set);
	return 0;
}

/* To be found by who wonders who keeps a set whose process has ended. */
static void ioasid_show_fdinfo(struct seq_file *seq, struct file *file)
{
	struct ioasid_set *set = file->private_data;

	seq_printf(seq, "ioasid-set:\t%llu\n", set->id);
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = ioasid_open,
	.release = ioasid_release,
	.unlocked_ioctl = ioasid_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.show_fdinfo = ioasid_show_fdinfo,
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
