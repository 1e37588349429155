// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <string_view>

namespace pasid::policy {

// Returns the length of the UTF-8 sequence at the start of @text and its code point; 0: invalid.
std::size_t utf8_decode(std::string_view text, char32_t &point);

// Returns only the length.
std::size_t utf8_length(std::string_view text);

} // namespace pasid::policy
