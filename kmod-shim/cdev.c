// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/ioasid: a table of calls. A handler gets a struct that has been copied
 * and checked (size, unknown tail, flags, reserved fields) and references to the
 * objects that it names. Of the caller's memory it accesses only data that the
 * struct points to. A space that a handler created is published when the call
 * has succeeded, and released if not.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/poll.h>
#include <linux/sched/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <uapi/ioasid.h>

#include "fault.h"
#include "hw/hw.h"
#include "ioas.h"

union ioasid_args {
	__u32 pasid;
	struct ioasid_info info;
	struct ioasid_alloc_request alloc;
	struct ioasid_bind bind;
	struct ioasid_dma dma;
	struct ioasid_spid spid;
	struct ioasid_device_info device;
	struct ioasid_extension_check extension;
	struct ioasid_ioas_alloc ioas_alloc;
	struct ioasid_ioas_id ioas;
	struct ioasid_ioas_ranges ranges;
	struct ioasid_map map;
	struct ioasid_unmap unmap;
	struct ioasid_table_bind table;
	struct ioasid_invalidate invalidate;
	struct ioasid_attach attach;
	struct ioasid_page_response response;
};

/* A descriptor. */
struct ioasid_context {
	struct ioasid_set *set;		/* of the process that opened it; referenced */
	struct xarray spaces;		/* ID -> ioasid_ioas, referenced */
	struct ioasid_fault_queue *faults;	/* referenced; made when it is needed */
};

/*
 * Objects of a call: the descriptor, the caller's set, and with references the
 * device, the IOASID and the space that the arguments name.
 */
struct ioasid_target {
	struct ioasid_context *ctx;
	struct ioasid_set *set;
	struct ioasid_device *dev;
	struct ioasid_data *data;
	struct ioasid_ioas *ioas;
	struct ioasid_ioas *created;	/* out: by the call */
};

static long ioasid_cdev_version(struct ioasid_target *target, union ioasid_args *args)
{
	return IOASID_API_VERSION;
}

static long ioasid_cdev_info(struct ioasid_target *target, union ioasid_args *args)
{
	args->info.ioasid_bits = ioasid_bits();
	return 0;
}

static long ioasid_cdev_alloc(struct ioasid_target *target, union ioasid_args *args)
{
	return ioasid_alloc_flags(target->set, args->alloc.range.min, args->alloc.range.max, NULL,
				  IOASID_DATA_USER);
}

static long ioasid_cdev_free(struct ioasid_target *target, union ioasid_args *args)
{
	/*
	 * End the bindings too, so that the caller can allocate the PASID
	 * again.
	 */
	ioasid_free_unbind(target->data);
	return 0;
}

static long ioasid_cdev_bind(struct ioasid_target *target, union ioasid_args *args)
{
	return ioasid_bind(target->dev, target->set, target->data);
}

static long ioasid_cdev_unbind(struct ioasid_target *target, union ioasid_args *args)
{
	return ioasid_unbind(target->dev, target->data, target->set);
}

static long ioasid_cdev_spid_attach(struct ioasid_target *target, union ioasid_args *args)
{
	return ioasid_data_attach_spid(target->data, args->spid.spid);
}

static long ioasid_cdev_spid_detach(struct ioasid_target *target, union ioasid_args *args)
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
 * different process. @id INVALID_IOASID: requests without PASID.
 */
static struct ioasid_binding *ioasid_cdev_binding(struct ioasid_set *set, ioasid_t id,
						  struct ioasid_device *dev)
{
	struct ioasid_data *data = NULL;
	struct ioasid_binding *binding;
	int ret = 0;

	if (id != INVALID_IOASID)
		data = ioasid_cdev_find(set, id, IOASID_OP_DMA, dev);
	if (IS_ERR(data))
		return PTR_ERR(data) == -ENOENT ? NULL : ERR_CAST(data);
	binding = ioasid_binding_get(dev, data);
	/* A foreign PASID's own set was checked when the PASID was found. */
	if (binding && !(data && binding->set == data->set))
		ret = ioasid_policy_may_use(set, binding->set, id, IOASID_OP_DMA, dev->id);
	if (data) {
		if (binding && !ret)
			WRITE_ONCE(data->used_ns, ktime_get_ns());
		ioasid_data_put_walker(data);
	}
	if (!ret)
		return binding;
	ioasid_binding_put(binding);
	return ERR_PTR(ret);
}

static long ioasid_cdev_dma_through(struct ioasid_target *target, const struct ioasid_dma *dma,
				    void *data)
{
	ioasid_t id = dma->flags & IOASID_DMA_NO_PASID ? INVALID_IOASID : dma->pasid;
	struct ioasid_access access;
	struct ioasid_binding *binding;
	bool again;
	long ret;

	do {
		binding = ioasid_cdev_binding(target->set, id, target->dev);
		if (IS_ERR(binding))
			return PTR_ERR(binding);
		access = (struct ioasid_access){
			.address = dma->iova,
			.access = dma->flags & IOASID_DMA_WRITE ? IOASID_MAP_WRITE : IOASID_MAP_READ,
		};
		ret = ioasid_dma(target->dev, binding, data, dma->length, &access);
		/* Another space took the place of this one: use that. */
		again = ret == -EFAULT && binding && READ_ONCE(binding->replaced);
		if (ret == -EFAULT && !again)
			ioasid_dma_fault(target->dev, target->set, id, binding, &access);
		if (binding)
			ioasid_binding_put(binding);
	} while (again && !signal_pending(current));
	if (ret)
		return ret == -EINTR || again ? -ERESTARTSYS : ret;
	return dma->length;
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

/* With the device, which was put while user memory was copied: see ioasid_cdev_dma(). */
static long ioasid_cdev_dma_on(struct ioasid_target *target, const struct ioasid_dma *dma,
			       void *data)
{
	long ret = -EOPNOTSUPP;

	target->dev = ioasid_cdev_device(dma->device);
	if (IS_ERR(target->dev))
		return PTR_ERR(target->dev);
	if (target->dev->ops->dma)
		ret = ioasid_cdev_dma_through(target, dma, data);
	ioasid_device_put(target->dev);
	target->dev = NULL;
	return ret;
}

static long ioasid_cdev_dma(struct ioasid_target *target, union ioasid_args *args)
{
	const struct ioasid_dma *dma = &args->dma;
	u32 direction = dma->flags & ~IOASID_DMA_NO_PASID;
	void __user *user = u64_to_user_ptr(dma->data);
	void *data;
	long ret;

	if (direction != IOASID_DMA_READ && direction != IOASID_DMA_WRITE)
		return -EINVAL;
	if (dma->flags & IOASID_DMA_NO_PASID ? dma->pasid : dma->pasid == INVALID_IOASID)
		return -EINVAL;
	if (!dma->length || dma->length > IOASID_DMA_MAX)
		return -EINVAL;
	/* Removing the device must not wait for user memory. */
	ioasid_device_put(target->dev);
	target->dev = NULL;
	data = may_fail(NULL, kvmalloc(dma->length, GFP_KERNEL_ACCOUNT));
	/*
	 * Copy the data first: it may take long, and the checks must be made
	 * immediately before the DMA.
	 */
	if (!data)
		ret = -ENOMEM;
	else if (direction == IOASID_DMA_WRITE && copy_from_user(data, user, dma->length))
		ret = -EFAULT;
	else
		ret = ioasid_cdev_dma_on(target, dma, data);
	if (ret > 0 && direction == IOASID_DMA_READ && copy_to_user(user, data, ret))
		ret = -EFAULT;
	kvfree(data);
	return ret;
}

static long ioasid_cdev_device_info(struct ioasid_target *target, union ioasid_args *args)
{
	struct ioasid_device_info *info = &args->device;
	const struct ioasid_device_caps *caps = target->dev->caps;

	info->caps = caps->caps;
	info->pasid_bits = caps->pasid_bits;
	info->iova_bits = caps->iova_bits;
	info->formats = caps->formats;
	info->page_sizes = caps->page_sizes;
	strscpy_pad(info->backend, target->dev->ops->name, sizeof(info->backend));
	return 0;
}

static long ioasid_cdev_extension(struct ioasid_target *target, union ioasid_args *args)
{
	struct ioasid_extension_check *check = &args->extension;

	switch (check->extension) {
	case IOASID_EXT_KINDS:
		check->value = BIT(IOASID_KIND_KERNEL) | BIT(IOASID_KIND_USER) |
			       BIT(IOASID_KIND_PROCESS);
		break;
	case IOASID_EXT_FAULTS:
		check->value = IOASID_FAULT_RECORDS;
		break;
	case IOASID_EXT_REPLACE:
		check->value = 1;
		break;
	default:
		check->value = 0;
	}
	return 0;
}

/* The fault queue of the descriptor; NULL: no memory. */
static struct ioasid_fault_queue *ioasid_context_faults(struct ioasid_context *ctx)
{
	struct ioasid_fault_queue *queue = smp_load_acquire(&ctx->faults), *other;

	if (queue)
		return queue;
	queue = ioasid_fault_queue_new();
	if (!queue)
		return NULL;
	other = cmpxchg(&ctx->faults, NULL, queue);
	if (!other)
		return queue;
	ioasid_fault_queue_put(queue);
	return other;
}

/* A space of the descriptor, with a reference, or NULL. */
static struct ioasid_ioas *ioasid_context_find(struct ioasid_context *ctx, u32 id)
{
	struct ioasid_ioas *ioas;

	xa_lock(&ctx->spaces);
	ioas = xa_load(&ctx->spaces, id);
	if (ioas)
		ioasid_ioas_get(ioas);
	xa_unlock(&ctx->spaces);
	return ioas;
}

static long ioasid_cdev_ioas_alloc(struct ioasid_target *target, union ioasid_args *args)
{
	const struct ioasid_ioas_alloc *alloc = &args->ioas_alloc;
	struct ioasid_fault_queue *faults = NULL;
	struct ioasid_ioas *parent = NULL, *ioas;

	if (alloc->flags & IOASID_IOAS_FAULTS) {
		faults = ioasid_context_faults(target->ctx);
		if (!faults)
			return -ENOMEM;
	}
	if (alloc->parent) {
		parent = ioasid_context_find(target->ctx, alloc->parent);
		if (!parent)
			return -ENOENT;
	}
	ioas = ioasid_ioas_new(target->set, alloc, parent, faults);
	if (parent)
		ioasid_ioas_put(parent);
	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	target->created = ioas;
	return 0;
}

static long ioasid_cdev_ioas_free(struct ioasid_target *target, union ioasid_args *args)
{
	int ret = ioasid_ioas_kill(target->ioas);

	if (ret)
		return ret;
	xa_erase(&target->ctx->spaces, target->ioas->id);
	ioasid_ioas_put(target->ioas);
	return 0;
}

static long ioasid_cdev_ranges(struct ioasid_target *target, union ioasid_args *args)
{
	struct ioasid_ioas_ranges *request = &args->ranges;
	struct ioasid_iova_range ranges[2];
	u32 space = request->count;

	request->count = ioasid_usable_ranges(target->ioas, ranges);
	request->page_sizes = IOASID_PAGE_SIZES;
	if (space < request->count)
		return -EMSGSIZE;
	return copy_to_user(u64_to_user_ptr(request->ranges), ranges,
			    request->count * sizeof(*ranges)) ? -EFAULT : 0;
}

static long ioasid_cdev_map(struct ioasid_target *target, union ioasid_args *args)
{
	return ioasid_map(target->ioas, &args->map);
}

static long ioasid_cdev_unmap(struct ioasid_target *target, union ioasid_args *args)
{
	struct ioasid_unmap *unmap = &args->unmap;

	return ioasid_unmap(target->ioas, unmap->iova, unmap->length, &unmap->length);
}

static long ioasid_cdev_table_bind(struct ioasid_target *target, union ioasid_args *args)
{
	return ioasid_table_bind(target->ioas, args->table.root);
}

static long ioasid_cdev_table_unbind(struct ioasid_target *target, union ioasid_args *args)
{
	return ioasid_table_unbind(target->ioas);
}

static long ioasid_cdev_invalidate_one(struct ioasid_target *target,
				       const struct ioasid_invalidate *request, u32 index)
{
	u64 at = request->entries + (u64)index * request->entry_size;
	struct ioasid_invalidate_entry entry;
	int ret;

	if (signal_pending(current))
		return -EINTR;
	ret = copy_struct_from_user(&entry, sizeof(entry), u64_to_user_ptr(at),
				    request->entry_size);
	return ret ?: ioasid_invalidate(target->ioas, entry.iova, entry.length);
}

static long ioasid_cdev_invalidate(struct ioasid_target *target, union ioasid_args *args)
{
	struct ioasid_invalidate *request = &args->invalidate;
	u32 count = request->count, done;
	long ret = 0;

	request->count = 0;
	if (request->entry_size < sizeof(struct ioasid_invalidate_entry))
		return -EINVAL;
	if (request->entry_size > PAGE_SIZE)
		return -E2BIG;
	for (done = 0; done < count; done++) {
		ret = ioasid_cdev_invalidate_one(target, request, done);
		if (ret)
			break;
		cond_resched();
	}
	request->count = done;
	return ret;
}

static long ioasid_cdev_attach(struct ioasid_target *target, union ioasid_args *args)
{
	return ioasid_map_attach(target->dev, target->ioas, target->data,
				 args->attach.flags & IOASID_ATTACH_REPLACE);
}

static long ioasid_cdev_detach(struct ioasid_target *target, union ioasid_args *args)
{
	int ret = ioasid_unbind(target->dev, target->data, target->set);

	return ret == -EINVAL ? -ENOENT : ret;
}

static long ioasid_cdev_page_response(struct ioasid_target *target, union ioasid_args *args)
{
	struct ioasid_fault_queue *queue = smp_load_acquire(&target->ctx->faults);

	if (args->response.response > IOASID_RESPONSE_FAILURE)
		return -EINVAL;
	return queue ? ioasid_fault_respond(queue, args->response.id, args->response.response) :
		       -ENOENT;
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
	bool output_on_error;	/* even if the handler fails */
	bool creates;		/* a space, whose ID is in ioas_alloc.ioas_id */
	u32 flags;		/* known flags; second member of every struct */
	size_t reserved;	/* offset of a __u32 that must be zero, 0: none */
	size_t device;		/* offset of the device name, 0: none */
	size_t pasid;		/* offset of the PASID, if @op is set */
	enum ioasid_op op;	/* operation on the PASID, NONE: no PASID */
	bool pasid_by_flag;	/* flags say what @pasid is, see struct ioasid_attach */
	size_t ioas;		/* offset of the space's ID, 0: none */
	u32 kinds;		/* bit N: the space may be of kind N */
	long (*handler)(struct ioasid_target *target, union ioasid_args *args);
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
#define SPACE(_type, _kinds)	.ioas = offsetof(_type, ioas_id), .kinds = _kinds
#define KERNEL_KIND		BIT(IOASID_KIND_KERNEL)
#define USER_KIND		BIT(IOASID_KIND_USER)
#define ANY_KIND		(~0u)
#define ATTACH_FLAGS		(IOASID_ATTACH_PASID | IOASID_ATTACH_SPID)
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
		  .flags = IOASID_DMA_READ | IOASID_DMA_WRITE | IOASID_DMA_NO_PASID),
	CALL_WITH(IOASID_SPID_ATTACH, spid_attach, struct ioasid_spid, spid,
		  PASID(struct ioasid_spid, SPID_ATTACH)),
	CALL_WITH(IOASID_SPID_DETACH, spid_detach, struct ioasid_spid, spid,
		  ZERO(struct ioasid_spid, spid), PASID(struct ioasid_spid, SPID_DETACH)),
	CALL_WITH(IOASID_DEVICE_INFO, device_info, struct ioasid_device_info, backend,
		  DEVICE(struct ioasid_device_info), .output = true),
	CALL_WITH(IOASID_CHECK_EXTENSION, extension, struct ioasid_extension_check, value,
		  .output = true),
	CALL_WITH(IOASID_IOAS_ALLOC, ioas_alloc, struct ioasid_ioas_alloc, highest_iova,
		  .flags = IOASID_IOAS_SNOOP | IOASID_IOAS_FAULTS, .creates = true,
		  .output = true),
	CALL_WITH(IOASID_IOAS_FREE, ioas_free, struct ioasid_ioas_id, __reserved,
		  ZERO(struct ioasid_ioas_id, __reserved), SPACE(struct ioasid_ioas_id, ANY_KIND)),
	CALL_WITH(IOASID_IOAS_RANGES, ranges, struct ioasid_ioas_ranges, page_sizes,
		  SPACE(struct ioasid_ioas_ranges, ANY_KIND), .output = true,
		  .output_on_error = true),
	CALL_WITH(IOASID_MAP, map, struct ioasid_map, address,
		  ZERO(struct ioasid_map, __reserved), SPACE(struct ioasid_map, KERNEL_KIND),
		  .flags = IOASID_MAP_READ | IOASID_MAP_WRITE),
	CALL_WITH(IOASID_UNMAP, unmap, struct ioasid_unmap, length,
		  ZERO(struct ioasid_unmap, __reserved),
		  SPACE(struct ioasid_unmap, KERNEL_KIND), .output = true),
	CALL_WITH(IOASID_TABLE_BIND, table_bind, struct ioasid_table_bind, root,
		  ZERO(struct ioasid_table_bind, __reserved),
		  SPACE(struct ioasid_table_bind, USER_KIND)),
	CALL_WITH(IOASID_TABLE_UNBIND, table_unbind, struct ioasid_ioas_id, __reserved,
		  ZERO(struct ioasid_ioas_id, __reserved), SPACE(struct ioasid_ioas_id, USER_KIND)),
	CALL_WITH(IOASID_INVALIDATE, invalidate, struct ioasid_invalidate, __reserved,
		  ZERO(struct ioasid_invalidate, __reserved),
		  SPACE(struct ioasid_invalidate, USER_KIND), .output = true,
		  .output_on_error = true),
	CALL_WITH(IOASID_ATTACH, attach, struct ioasid_attach, device,
		  DEVICE(struct ioasid_attach), SPACE(struct ioasid_attach, ANY_KIND),
		  PASID(struct ioasid_attach, BIND), .pasid_by_flag = true,
		  .flags = ATTACH_FLAGS | IOASID_ATTACH_REPLACE),
	CALL_WITH(IOASID_DETACH, detach, struct ioasid_attach, device,
		  ZERO(struct ioasid_attach, ioas_id), DEVICE(struct ioasid_attach),
		  PASID(struct ioasid_attach, UNBIND), .pasid_by_flag = true,
		  .flags = ATTACH_FLAGS),
	CALL_WITH(IOASID_PAGE_RESPONSE, page_response, struct ioasid_page_response, __reserved,
		  ZERO(struct ioasid_page_response, __reserved)),
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

/*
 * The IOASID with the SPID of @set, with a reference. The user's reference keeps
 * its number from being given to another one meanwhile.
 */
static struct ioasid_data *ioasid_cdev_find_spid(struct ioasid_set *set, ioasid_t spid,
						 enum ioasid_op op, struct ioasid_device *dev)
{
	ioasid_t id = ioasid_find_by_spid(set, spid, true);
	struct ioasid_data *data;

	if (id == INVALID_IOASID)
		return ERR_PTR(-ENOENT);
	data = ioasid_cdev_find(set, id, op, dev);
	ioasid_put(set, id);
	return data;
}

/* The IOASID that the arguments name, with a reference; NULL: they name none. */
static struct ioasid_data *ioasid_cdev_data(const struct ioasid_call *call, struct ioasid_set *set,
					    struct ioasid_device *dev, union ioasid_args *args)
{
	u32 id = *(u32 *)((char *)args + call->pasid);

	if (!call->op)
		return NULL;
	if (!call->pasid_by_flag)
		return ioasid_cdev_find(set, id, call->op, dev);
	switch (args->attach.flags & ATTACH_FLAGS) {
	case IOASID_ATTACH_PASID:
		return ioasid_cdev_find(set, id, call->op, dev);
	case IOASID_ATTACH_SPID:
		return ioasid_cdev_find_spid(set, id, call->op, dev);
	default:
		return args->attach.flags & ATTACH_FLAGS || id ? ERR_PTR(-EINVAL) : NULL;
	}
}

/* The space that the arguments name, with a reference; NULL: they name none. */
static struct ioasid_ioas *ioasid_cdev_ioas(const struct ioasid_call *call,
					    struct ioasid_context *ctx, union ioasid_args *args)
{
	struct ioasid_ioas *ioas;

	if (!call->ioas)
		return NULL;
	ioas = ioasid_context_find(ctx, *(u32 *)((char *)args + call->ioas));
	if (!ioas)
		return ERR_PTR(-ENOENT);
	if (call->kinds & BIT(ioas->kind))
		return ioas;
	ioasid_ioas_put(ioas);
	return ERR_PTR(-EINVAL);
}

static void ioasid_cdev_drop(struct ioasid_target *target)
{
	if (!IS_ERR_OR_NULL(target->data))
		ioasid_data_put_walker(target->data);
	if (!IS_ERR_OR_NULL(target->ioas))
		ioasid_ioas_put(target->ioas);
	if (!IS_ERR_OR_NULL(target->dev))
		ioasid_device_put(target->dev);
}

/* Find the objects that the arguments name. The caller drops them, also on an error. */
static int ioasid_cdev_find_all(const struct ioasid_call *call, struct ioasid_target *target,
				union ioasid_args *args)
{
	if (call->device)
		target->dev = ioasid_cdev_device((char *)args + call->device);
	if (IS_ERR(target->dev))
		return PTR_ERR(target->dev);
	target->ioas = ioasid_cdev_ioas(call, target->ctx, args);
	if (IS_ERR(target->ioas))
		return PTR_ERR(target->ioas);
	target->data = ioasid_cdev_data(call, target->set, target->dev, args);
	return PTR_ERR_OR_ZERO(target->data);
}

/* Keep an ID for the space that the call creates. */
static int ioasid_cdev_reserve(struct ioasid_context *ctx, u32 *id)
{
	int ret = may_fail(-ENOMEM, xa_alloc(&ctx->spaces, id, XA_ZERO_ENTRY,
					     XA_LIMIT(1, IOASID_MAX_SPACES), GFP_KERNEL));

	return ret == -EBUSY ? -ENOSPC : ret;
}

/* The call has ended: publish what it created, or undo it. */
static void ioasid_cdev_finish(struct ioasid_context *ctx, struct ioasid_ioas *created, u32 id,
			       bool good)
{
	if (good) {
		ioasid_ioas_publish(created);
		/* The place was kept by xa_alloc(). */
		xa_store(&ctx->spaces, id, created, GFP_KERNEL);
		return;
	}
	xa_erase(&ctx->spaces, id);
	if (created)
		ioasid_ioas_put(created);
}

static long ioasid_cdev_run(const struct ioasid_call *call, struct ioasid_target *target,
			    union ioasid_args *args, void __user *user)
{
	long ret = ioasid_cdev_find_all(call, target, args);
	bool found = !ret;

	if (found)
		ret = call->handler(target, args);
	/* Before the copy: removing a device must not wait for user memory. */
	ioasid_cdev_drop(target);
	if (found && call->output && (ret >= 0 || call->output_on_error))
		if (copy_to_user(user, args, call->size))
			ret = -EFAULT;
	return ret;
}

static long ioasid_cdev_do(const struct ioasid_call *call, struct ioasid_context *ctx,
			   union ioasid_args *args, void __user *user)
{
	struct ioasid_target target = { .ctx = ctx, .set = ctx->set };
	u32 id;
	long ret;

	if (!call->creates)
		return ioasid_cdev_run(call, &target, args, user);
	ret = ioasid_cdev_reserve(ctx, &args->ioas_alloc.ioas_id);
	if (ret)
		return ret;
	id = args->ioas_alloc.ioas_id;
	ret = ioasid_cdev_run(call, &target, args, user);
	ioasid_cdev_finish(ctx, target.created, id, !ret);
	return ret;
}

/* Is the descriptor of another process: inherited by fork or received? */
static bool ioasid_context_is_foreign(const struct ioasid_context *ctx)
{
	return ctx->set->mm != current->mm;
}

static long ioasid_cdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct ioasid_call *call = ioasid_cdev_call(cmd);
	struct ioasid_context *ctx = file->private_data;
	void __user *user = (void __user *)arg;
	union ioasid_args args = {};
	long ret;

	if (ioasid_context_is_foreign(ctx))
		return -EPERM;
	if (!call)
		return -ENOTTY;
	ret = ioasid_cdev_copy(call, &args, user);
	return ret ?: ioasid_cdev_do(call, ctx, &args, user);
}

static int ioasid_cdev_wait(struct file *file, struct ioasid_fault_queue *queue)
{
	if (file->f_flags & O_NONBLOCK)
		return ioasid_fault_pending(queue) ? 0 : -EAGAIN;
	return wait_event_interruptible(queue->readable, ioasid_fault_pending(queue));
}

static ssize_t ioasid_cdev_read(struct file *file, char __user *user, size_t size, loff_t *at)
{
	struct ioasid_context *ctx = file->private_data;
	struct ioasid_fault_queue *queue;
	struct ioasid_fault record;
	size_t done = 0;
	int ret;

	if (ioasid_context_is_foreign(ctx))
		return -EPERM;
	if (size < sizeof(record))
		return -EINVAL;
	queue = ioasid_context_faults(ctx);
	if (!queue)
		return -ENOMEM;
	do {
		ret = ioasid_cdev_wait(file, queue);
		if (ret)
			return ret;
		while (size - done >= sizeof(record) && ioasid_fault_take(queue, &record)) {
			if (copy_to_user(user + done, &record, sizeof(record))) {
				ioasid_fault_lose(queue, &record);
				return done ?: -EFAULT;
			}
			done += sizeof(record);
		}
	} while (!done);	/* another thread took the record */
	return done;
}

static __poll_t ioasid_cdev_poll(struct file *file, poll_table *wait)
{
	struct ioasid_context *ctx = file->private_data;
	struct ioasid_fault_queue *queue;

	if (ioasid_context_is_foreign(ctx))
		return EPOLLERR;
	queue = ioasid_context_faults(ctx);
	if (!queue)
		return EPOLLERR;
	poll_wait(file, &queue->readable, wait);
	return ioasid_fault_pending(queue) ? EPOLLIN | EPOLLRDNORM : 0;
}

static struct ioasid_context *ioasid_context_new(struct ioasid_set *set)
{
	struct ioasid_context *ctx = may_fail(NULL, kzalloc(sizeof(*ctx), GFP_KERNEL_ACCOUNT));

	if (!ctx)
		return NULL;
	ctx->set = set;
	xa_init_flags(&ctx->spaces, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	return ctx;
}

static int ioasid_cdev_open(struct inode *inode, struct file *file)
{
	struct ioasid_context *ctx;
	struct ioasid_set *set;
	int ret = -ENOMEM;

	if (!current->mm)
		return -EINVAL;
	/* The process may already have a set that a driver created. */
	set = ioasid_get_mm_set(current->mm);
	if (IS_ERR(set))
		return PTR_ERR(set);
	ctx = ioasid_context_new(set);
	if (!ctx)
		goto put;
	ret = -EMFILE;
	if (ioasid_sets_too_many(current->group_leader))
		goto put;
	ret = -EBUSY;
	if (test_and_set_bit(IOASID_SET_OPENED, &set->flags))
		goto put;
	file->private_data = ctx;
	return 0;
put:
	kfree(ctx);
	ioasid_set_put(set);
	return ret;
}

/*
 * Last close; the closing process need not be the one that opened the device.
 */
static int ioasid_cdev_release(struct inode *inode, struct file *file)
{
	struct ioasid_context *ctx = file->private_data;
	struct ioasid_set *set = ctx->set;
	struct ioasid_data *data = NULL;
	struct ioasid_ioas *ioas;
	unsigned long id;

	ioasid_unbind_set(set);
	while ((data = ioasid_set_next(set, data))) {
		if (READ_ONCE(data->flags) & IOASID_DATA_USER)
			ioasid_free_unbind(data);
		cond_resched();
	}
	xa_for_each(&ctx->spaces, id, ioas) {
		ioasid_ioas_put(ioas);
		cond_resched();
	}
	xa_destroy(&ctx->spaces);
	ioasid_fault_queue_put(ctx->faults);
	kfree(ctx);
	clear_bit_unlock(IOASID_SET_OPENED, &set->flags);	/* orders all of the above before */
	ioasid_set_put(set);
	return 0;
}

/* Lets tools find the descriptor that keeps a set whose process has ended. */
static void ioasid_cdev_show_fdinfo(struct seq_file *seq, struct file *file)
{
	struct ioasid_context *ctx = file->private_data;

	seq_printf(seq, "ioasid-set:\t%llu\n", ctx->set->id);
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = ioasid_cdev_open,
	.release = ioasid_cdev_release,
	.read = ioasid_cdev_read,
	.poll = ioasid_cdev_poll,
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
