// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

namespace pasid::policy {

// A character that a reader takes for another one, or does not see at all.
struct Lookalike {
    std::string_view bytes; // UTF-8
    std::string_view name;
    std::string_view meant; // what it is taken for, as a message has it
};

// The first one in @text, or nullptr.
const Lookalike *find_lookalike(std::string_view text);

// What a message says of it: "that is an en dash (U+2013), not `-`"
std::string describe(const Lookalike &found);

} // namespace pasid::policy
