// SPDX-License-Identifier: GPL-2.0-only
/*
 * Capacity: the number of IOASIDs in the system and how many of them are taken.
 * Taken are the quotas of sets, reservations, and each IOASID of a set without
 * a quota. A quota is therefore guaranteed: others cannot use it up.
 */
#include <linux/bitops.h>

#include "private.h"

static atomic_t available = ATOMIC_INIT(IOASID_LIMIT + 1);
static atomic_t reserved = ATOMIC_INIT(0);
static u32 capacity = IOASID_LIMIT + 1;
static bool installed;

u32 ioasid_capacity(void)
{
	return READ_ONCE(capacity);
}

u32 ioasid_bits(void)
{
	return fls(ioasid_capacity() - 1);
}

/* Subtract @nr unless the result would be negative. */
static bool ioasid_subtract(atomic_t *from, u32 nr)
{
	int was = atomic_read(from);

	do {
		if (was < 0 || nr > (u32)was)
			return false;
	} while (!atomic_try_cmpxchg(from, &was, was - (int)nr));
	return true;
}

bool ioasid_capacity_take(u32 nr)
{
	return ioasid_subtract(&available, nr);
}

void ioasid_capacity_give(u32 nr)
{
	atomic_add(nr, &available);
}

int ioasid_install_capacity(ioasid_t total)
{
	unsigned long id = total;
	bool above;
	int ret = 0;

	if (!total || total > IOASID_LIMIT + 1)
		return -EINVAL;
	ioasid_gate_close();
	rcu_read_lock();
	above = ioasid_number_next(&id);
	rcu_read_unlock();
	if (installed || above) {
		ret = -EBUSY;
	} else if (!ioasid_capacity_take(IOASID_LIMIT + 1 - total)) {
		ret = -ENOSPC;
	} else {
		WRITE_ONCE(capacity, total);
		installed = true;
	}
	ioasid_gate_open();
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_install_capacity);

int ioasid_reserve_capacity(ioasid_t nr)
{
	if (!ioasid_capacity_take(nr))
		return -ENOSPC;
	atomic_add(nr, &reserved);
	return 0;
}
EXPORT_SYMBOL_GPL(ioasid_reserve_capacity);

int ioasid_cancel_capacity(ioasid_t nr)
{
	if (!ioasid_subtract(&reserved, nr))
		return -EINVAL;
	ioasid_capacity_give(nr);
	return 0;
}
EXPORT_SYMBOL_GPL(ioasid_cancel_capacity);
