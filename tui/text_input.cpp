// SPDX-License-Identifier: GPL-2.0-only
#include "tui/text_input.hpp"

namespace pasid::tui {

// Removes the continuation bytes of a UTF-8 character and its first byte.
void erase_last(std::string &text)
{
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80)
        text.pop_back();
    if (!text.empty())
        text.pop_back();
}

std::string utf8(Key code)
{
    std::string out;
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 0x3f));
    } else {
        if (code < 0x10000) {
            out += static_cast<char>(0xe0 | (code >> 12));
        } else {
            out += static_cast<char>(0xf0 | (code >> 18));
            out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
        }
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (code & 0x3f));
    }
    return out;
}

} // namespace pasid::tui
