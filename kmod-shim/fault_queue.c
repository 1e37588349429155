// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fault queue of a descriptor: DMAs that failed, and page requests that wait
 * for a response. It is bounded: when it is full, records are lost and page
 * requests fail, so a user who does not read harms only their own DMAs.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/wait.h>

#include "fault.h"
#include "ioas.h"
#include "trace.h"

/* A page request without a response; on the stack of the DMA that waits. */
struct ioasid_page_wait {
	struct list_head link;		/* in queue->requests; empty: answered */
	u64 id;
	u32 response;
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
	init_waitqueue_head(&queue->answered);
	INIT_LIST_HEAD(&queue->requests);
	queue->next_id = 1;
	return queue;
}

void ioasid_fault_queue_put(struct ioasid_fault_queue *queue)
{
	if (queue && refcount_dec_and_test(&queue->refs))
		kvfree(queue);
}

/* With queue->lock held. NULL: the queue is full. */
static struct ioasid_fault *ioasid_fault_add(struct ioasid_fault_queue *queue, u32 type,
					     const struct ioasid_binding *binding,
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
		.pasid = binding->data ? binding->data->id : IOASID_NO_ID,
		.spid = binding->data ? READ_ONCE(binding->data->spid) : IOASID_NO_ID,
	};
	memcpy(record->device, binding->dev->name, sizeof(record->device));
	return record;
}

void ioasid_fault_report(struct ioasid_binding *binding, const struct ioasid_access *access)
{
	struct ioasid_fault_queue *queue = binding->ioas->faults;

	if (!queue)
		return;
	spin_lock(&queue->lock);
	ioasid_fault_add(queue, IOASID_FAULT_TYPE_DMA, binding, access);
	spin_unlock(&queue->lock);
	wake_up_interruptible(&queue->readable);
}

static bool ioasid_fault_enqueue(struct ioasid_binding *binding, const struct ioasid_access *access,
				 struct ioasid_page_wait *wait)
{
	struct ioasid_fault_queue *queue = binding->ioas->faults;
	struct ioasid_fault *record;

	INIT_LIST_HEAD(&wait->link);
	spin_lock(&queue->lock);
	record = ioasid_fault_add(queue, IOASID_FAULT_TYPE_PAGE_REQUEST, binding, access);
	if (record) {
		wait->id = record->id = queue->next_id++;
		list_add_tail(&wait->link, &queue->requests);
	}
	spin_unlock(&queue->lock);
	if (record)
		wake_up_interruptible(&queue->readable);
	return record;
}

/* The wait has ended. True: because it was answered. */
static bool ioasid_fault_dequeue(struct ioasid_fault_queue *queue, struct ioasid_page_wait *wait)
{
	bool answered;

	spin_lock(&queue->lock);
	answered = list_empty(&wait->link);
	list_del_init(&wait->link);
	spin_unlock(&queue->lock);
	return answered;
}

int ioasid_fault_request(struct ioasid_binding *binding, struct ioasid_access *access)
{
	struct ioasid_fault_queue *queue = binding->ioas->faults;
	struct ioasid_page_wait wait;
	int ret;

	if (!ioasid_fault_enqueue(binding, access, &wait)) {
		access->reason = IOASID_FAULT_NOT_ANSWERED;
		return -EFAULT;
	}
	ioasid_emit(page_request, binding, access);
	ret = wait_event_interruptible(queue->answered, list_empty_careful(&wait.link) ||
							!READ_ONCE(binding->live));
	if (ioasid_fault_dequeue(queue, &wait)) {
		ret = wait.response == IOASID_RESPONSE_RETRY ? 0 : -EFAULT;
		access->reason = ret ? IOASID_FAULT_REFUSED : access->reason;
	} else if (ret) {
		ret = -EINTR;
	} else {
		access->reason = IOASID_FAULT_NOT_ANSWERED;
		ret = -EFAULT;
	}
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
		wait->response = response;
		list_del_init_careful(&wait->link);
		ret = 0;
		break;
	}
	spin_unlock(&queue->lock);
	if (!ret)
		wake_up_all(&queue->answered);
	return ret;
}

void ioasid_fault_queue_wake(struct ioasid_fault_queue *queue)
{
	wake_up_all(&queue->answered);
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

void ioasid_fault_lose(struct ioasid_fault_queue *queue)
{
	spin_lock(&queue->lock);
	queue->lost++;
	spin_unlock(&queue->lock);
}
