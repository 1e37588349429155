// SPDX-License-Identifier: GPL-2.0-only
#include "policy/string_pool.hpp"

#include <cstring>

namespace pasid::policy {

bool add_string(ioasid_policy_image &image, std::string_view text, __u32 &offset)
{
    if (text.size() + 1 > IOASID_STRING_BYTES - image.nr_string_bytes)
        return false;
    offset = image.nr_string_bytes;
    text.copy(image.strings + offset, text.size());
    image.nr_string_bytes += static_cast<__u32>(text.size() + 1);
    return true;
}

std::string_view string_at(const ioasid_policy_image &image, __u32 offset)
{
    if (offset >= IOASID_STRING_BYTES)
        return {};
    return {image.strings + offset, strnlen(image.strings + offset, IOASID_STRING_BYTES - offset)};
}

} // namespace pasid::policy
