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
#include <linux/slab.h>
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
	ret = ioasid_policy_may_use(set, data, op, device);
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
	int ret;

	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = ioasid_free(data->set, args->pasid);
	ioasid_data_drop(data);
	/* So that a caller who frees a bound PASID can allocate it again. */
	ioasid_flush();
	return ret;
}

/* Called with the device found and its name's lock held. */
typedef long (*device_fn)(struct ioasid_set *set, struct ioasid_device *dev,
			  union ioasid_args *args);

static long with_device(struct ioasid_set *set, const char *name, union ioasid_args *args,
			device_fn fn)
{
	struct ioasid_device *dev;
	long ret = -ENODEV;

	if (strnlen(name, IOASID_NAME_LEN) == IOASID_NAME_LEN)
		return -EINVAL;
	down_read(&ioasid_devices_lock);
	dev = ioasid_device_find(name);
	if (dev)
		ret = fn(set, dev, args);
	up_read(&ioasid_devices_lock);
	return ret;
}

static long bind_device(struct ioasid_set *set, struct ioasid_device *dev, union ioasid_args *args)
{
	ioasid_t id = args->bind.pasid;
	struct ioasid_data *data = find_for(set, id, IOASID_OP_BIND, dev->id);
	int ret;

	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = ioasid_bind(dev, set, id);
	ioasid_data_drop(data);
	return ret;
}

static long do_bind(struct ioasid_set *set, union ioasid_args *args)
{
	return with_device(set, args->bind.device, args, bind_device);
}

static long unbind_device(struct ioasid_set *set, struct ioasid_device *dev,
			  union ioasid_args *args)
{
	ioasid_t id = args->bind.pasid;
	struct ioasid_data *data = find_for(set, id, IOASID_OP_UNBIND, dev->id);
	int ret;

	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = ioasid_unbind(dev, set, id);
	ioasid_data_drop(data);
	return ret;
}

static long do_unbind(struct ioasid_set *set, union ioasid_args *args)
{
	return with_device(set, args->bind.device, args, unbind_device);
}

static long dma_moved(struct ioasid_set *set, struct ioasid_device *dev, union ioasid_args *args)
{
	const struct ioasid_dma *dma = &args->dma;
	void __user *user = u64_to_user_ptr(dma->data);
	bool write = dma->flags == IOASID_DMA_WRITE;
	void *data = may_fail(NULL, kvmalloc(dma->length, GFP_KERNEL_ACCOUNT));
	ssize_t ret = -EFAULT;

	if (!data)
		return -ENOMEM;
	if (!write || !copy_from_user(data, user, dma->length))
		ret = ioasid_dma(dev, set, dma->pasid, dma->iova, data, dma->length, write);
	if (ret > 0 && !write && copy_to_user(user, data, ret))
		ret = -EFAULT;
	kvfree(data);
	return ret;
}

static long dma_device(struct ioasid_set *set, struct ioasid_device *dev, union ioasid_args *args)
{
	struct ioasid_data *data;
	long ret;

	if (!dev->ops->dma)
		return -EOPNOTSUPP;
	/*
	 * A PASID that nobody has goes to the device all the same, which faults:
	 * that is what hardware does with one that was freed.
	 */
	data = find_for(set, args->dma.pasid, IOASID_OP_DMA, dev->id);
	if (IS_ERR(data) && PTR_ERR(data) != -ENOENT)
		return PTR_ERR(data);
	ret = dma_moved(set, dev, args);
	if (!IS_ERR(data))
		ioasid_data_drop(data);
	return ret;
}

static long do_dma(struct ioasid_set *set, union ioasid_args *args)
{
	const struct ioasid_dma *dma = &args->dma;

	if (dma->flags != IOASID_DMA_READ && dma->flags != IOASID_DMA_WRITE)
		return -EINVAL;
	if (!dma->length || dma->length > IOASID_DMA_MAX)
		return -EINVAL;
	return with_device(set, dma->device, args, dma_device);
}

static long do_spid_attach(struct ioasid_set *set, union ioasid_args *args)
{
	ioasid_t id = args->spid.pasid;
	struct ioasid_data *data = find_for(set, id, IOASID_OP_SPID_ATTACH, 0);
	int ret;

	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = args->spid.spid == INVALID_IOASID ? -EINVAL :
	      ioasid_attach_spid(data->set, id, args->spid.spid);
	ioasid_data_drop(data);
	return ret;
}

static long do_spid_detach(struct ioasid_set *set, union ioasid_args *args)
{
	ioasid_t id = args->spid.pasid;
	struct ioasid_data *data = find_for(set, id, IOASID_OP_SPID_DETACH, 0);
	int ret;

	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = ioasid_detach_spid(data->set, id);
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
	  .size = sizeof(struct ioasid_spid), .min_size = sizeof(struct ioasid_spid) },
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
	while ((data = ioasid_set_next(set, data)))
		if (READ_ONCE(data->flags) & IOASID_DATA_USER)
			ioasid_free(set, data->id);
	ioasid_flush();
	clear_bit(IOASID_SET_OPENED, &set->flags);
	ioasid_set_put(set);
	return 0;
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = ioasid_open,
	.release = ioasid_release,
	.unlocked_ioctl = ioasid_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
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
