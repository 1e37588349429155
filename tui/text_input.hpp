// SPDX-License-Identifier: GPL-2.0-only
// Text input key by key.
#pragma once

#include <string>

#include "tui/key.hpp"

namespace pasid::tui {

constexpr bool printable_key(Key code)
{
    return code >= 0x20 && code != 0x7f && code < key::first_special;
}

std::string utf8(Key code);

void erase_last(std::string &text); // the last character, which may have several bytes

} // namespace pasid::tui
