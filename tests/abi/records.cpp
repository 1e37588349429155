// SPDX-License-Identifier: GPL-2.0-only
// Records shared by the module, BPF programs and user space. They have no padding, so no byte
// is left uninitialized.
#include <cstddef>

#include <ioasid/history.h>
#include <ioasid/node.h>
#include <ioasid/policy.h>
#include <ioasid/types.h>

static_assert(sizeof(ioasid_event) == 104);
static_assert(offsetof(ioasid_event, length) == 40);
static_assert(offsetof(ioasid_event, type) == 48);
static_assert(offsetof(ioasid_event, op) == 50);
static_assert(offsetof(ioasid_event, mode) == 51);
static_assert(offsetof(ioasid_event, pasid) == 52);
static_assert(offsetof(ioasid_event, rule) == 76);
static_assert(offsetof(ioasid_event, ioas) == 80);
static_assert(offsetof(ioasid_event, reason) == 84);
static_assert(offsetof(ioasid_event, comm) == 88);

// Rows are elements of array maps that are mapped into memory: the stride is the size.
static_assert(sizeof(ioasid_row) % 8 == 0);
static_assert(sizeof(ioasid_set_row) == 64);
static_assert(sizeof(ioasid_binding_row) == 40);
static_assert(sizeof(ioasid_space_row) == 88);
static_assert(sizeof(ioasid_device_row) % 8 == 0);
static_assert(sizeof(ioasid_system_row) % 8 == 0);
static_assert(sizeof(ioasid_node) % 8 == 0);
static_assert(sizeof(ioasid_node) == 168);
static_assert(sizeof(ioasid_policy_control) == 32);
static_assert(sizeof(ioasid_engine) == 40);
static_assert(sizeof(ioasid_snapshot_args) == 24);
static_assert(sizeof(ioasid_history_slot) == 112 && sizeof(ioasid_history) == 32);

static_assert(IOASID_MAX_RULES == 1024 && sizeof(ioasid_rule) == 184);
