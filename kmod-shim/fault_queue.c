// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fault queue of a descriptor: DMAs that failed, and page requests that wait
 * for a response. It is bounded: when it is full, records are lost and page
 * requests fail, so a user who does not read harms only their own DMAs.
 */
#include <linux/completion.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/wait.h>

#include "fault.h"
#include "ioas.h"
#include "trace.h"

/* A page request without a response; on the stack of the DMA that waits. */
struct ioasid_page_wait {
	struct list_head link;		/* in queue->requests; empty: it has ended */
	struct ioasid_binding *binding;
	struct completion ended;
	u64 id;
	int result;			/* 0, or -EFAULT with @reason */
	u32 reason;			/* enum ioasid_fault_reason */
};

struct ioasid_fault_queue *ioasid_fault_queue_new(void)
{
	struct ioasid_fault_queue *queue;

	queue = may_fail(NULL, kvzalloc(sizeof(*queue), GFP_KERNEL_ACCOUNT));
	if (!queue)
		return NULL;
	refcount_set(&queue->refs, 1);
	spin_lock_init(&queue->lock);
	init_waitqueue_head(&queue->readable);
	INIT_LIST_HEAD(&queue->requests);
	queue->next_id = 1;
	return queue;
}

void ioasid_fault_queue_put(struct ioasid_fault_queue *queue)
{
	if (queue && refcount_dec_and_test(&queue->refs))
		kvfree(queue);
}

/*
 * The SPID of the binding's PASID. A DMA may outlive the binding, and then has no
 * reference to the IOASID.
 */
static u32 ioasid_fault_spid(struct ioasid_binding *binding)
{
	u32 spid = IOASID_NO_ID;

	raw_spin_lock(&binding->lock);
	if (binding->live && binding->data)
		spid = READ_ONCE(binding->data->spid);
	raw_spin_unlock(&binding->lock);
	return spid;
}

/* With queue->lock held. NULL: the queue is full. */
static struct ioasid_fault *ioasid_fault_add(struct ioasid_fault_queue *queue, u32 type,
					     const struct ioasid_binding *binding, u32 spid,
					     const struct ioasid_access *access)
{
	struct ioasid_fault *record;

	if (queue->count == IOASID_FAULT_RECORDS) {
		queue->lost++;
		return NULL;
	}
	record = &queue->records[(queue->head + queue->count++) % IOASID_FAULT_RECORDS];
	*record = (struct ioasid_fault){
		.size = sizeof(*record),
		.type = type,
		.reason = access->reason,
		.access = access->access,
		.address = access->address,
		.ts_ns = ktime_get_ns(),
		.ioas_id = binding->ioas->id,
		.pasid = binding->pasid,
		.spid = spid,
	};
	memcpy(record->device, binding->dev->name, sizeof(record->device));
	return record;
}

void ioasid_fault_report(struct ioasid_binding *binding, const struct ioasid_access *access)
{
	struct ioasid_fault_queue *queue = binding->ioas->faults;
	u32 spid;

	if (!queue)
		return;
	spid = ioasid_fault_spid(binding);
	spin_lock(&queue->lock);
	ioasid_fault_add(queue, IOASID_FAULT_TYPE_DMA, binding, spid, access);
	spin_unlock(&queue->lock);
	wake_up_interruptible(&queue->readable);
}

/* False: the queue is full, too many wait, or the binding has ended. */
static bool ioasid_fault_enqueue(struct ioasid_page_wait *wait, const struct ioasid_access *access)
{
	struct ioasid_binding *binding = wait->binding;
	struct ioasid_fault_queue *queue = binding->ioas->faults;
	u32 spid = ioasid_fault_spid(binding);
	struct ioasid_fault *record = NULL;

	spin_lock(&queue->lock);
	/* If it ends after this check, ioasid_fault_cancel() finds the request. */
	if (READ_ONCE(binding->live) && queue->waiting < IOASID_FAULT_RECORDS)
		record = ioasid_fault_add(queue, IOASID_FAULT_TYPE_PAGE_REQUEST, binding, spid,
					  access);
	if (record) {
		wait->id = record->id = queue->next_id++;
		list_add_tail(&wait->link, &queue->requests);
		queue->waiting++;
	}
	spin_unlock(&queue->lock);
	if (record)
		wake_up_interruptible(&queue->readable);
	return record;
}

/* With queue->lock held, which the DMA takes before it forgets @wait. */
static void ioasid_fault_end(struct ioasid_page_wait *wait, int result, u32 reason)
{
	wait->result = result;
	wait->reason = reason;
	list_del_init(&wait->link);
	wait->binding->ioas->faults->waiting--;
	complete(&wait->ended);
}

/* Returns the result of the request; -EINTR: it had none yet. */
static int ioasid_fault_dequeue(struct ioasid_fault_queue *queue, struct ioasid_page_wait *wait)
{
	int result = -EINTR;

	spin_lock(&queue->lock);
	if (list_empty(&wait->link)) {
		result = wait->result;
	} else {
		list_del(&wait->link);
		queue->waiting--;
	}
	spin_unlock(&queue->lock);
	return result;
}

int ioasid_fault_request(struct ioasid_binding *binding, struct ioasid_access *access)
{
	struct ioasid_page_wait wait = { .binding = binding };
	int ret;

	INIT_LIST_HEAD(&wait.link);
	init_completion(&wait.ended);
	if (!ioasid_fault_enqueue(&wait, access)) {
		access->reason = IOASID_FAULT_NOT_ANSWERED;
		return -EFAULT;
	}
	ioasid_emit(page_request, binding, access);
	wait_for_completion_interruptible(&wait.ended);
	ret = ioasid_fault_dequeue(binding->ioas->faults, &wait);
	if (ret == -EFAULT)
		access->reason = wait.reason;
	ioasid_emit(page_response, binding, access, ret);
	return ret;
}

int ioasid_fault_respond(struct ioasid_fault_queue *queue, u64 id, u32 response)
{
	struct ioasid_page_wait *wait;
	int ret = -ENOENT;

	spin_lock(&queue->lock);
	list_for_each_entry(wait, &queue->requests, link) {
		if (wait->id != id)
			continue;
		ioasid_fault_end(wait, response == IOASID_RESPONSE_RETRY ? 0 : -EFAULT,
				 IOASID_FAULT_REFUSED);
		ret = 0;
		break;
	}
	spin_unlock(&queue->lock);
	return ret;
}

void ioasid_fault_cancel(struct ioasid_fault_queue *queue, const struct ioasid_binding *binding)
{
	struct ioasid_page_wait *wait, *next;

	spin_lock(&queue->lock);
	list_for_each_entry_safe(wait, next, &queue->requests, link)
		if (wait->binding == binding)
			ioasid_fault_end(wait, -EFAULT, IOASID_FAULT_NOT_ANSWERED);
	spin_unlock(&queue->lock);
}

bool ioasid_fault_take(struct ioasid_fault_queue *queue, struct ioasid_fault *record)
{
	bool found;

	spin_lock(&queue->lock);
	found = queue->count;
	if (found) {
		*record = queue->records[queue->head];
		queue->head = (queue->head + 1) % IOASID_FAULT_RECORDS;
		queue->count--;
		record->lost = queue->lost;
		queue->lost = 0;
	}
	spin_unlock(&queue->lock);
	return found;
}

bool ioasid_fault_pending(struct ioasid_fault_queue *queue)
{
	return READ_ONCE(queue->count);
}

void ioasid_fault_lose(struct ioasid_fault_queue *queue, const struct ioasid_fault *record)
{
	spin_lock(&queue->lock);
	queue->lost += record->lost + 1;
	spin_unlock(&queue->lock);
}
