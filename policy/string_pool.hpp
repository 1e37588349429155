// SPDX-License-Identifier: GPL-2.0-only
//
// The strings of an image: one after the other, each with its NUL.
#pragma once

#include <string_view>

#include <ioasid/policy.h>

namespace pasid::policy {

// Appends a copy of @text and gives its offset; false: there is no space left.
bool add_string(ioasid_policy_image &image, std::string_view text, __u32 &offset);

// Empty for an offset beyond the pool.
std::string_view string_at(const ioasid_policy_image &image, __u32 offset);

} // namespace pasid::policy
