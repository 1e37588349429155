// SPDX-License-Identifier: GPL-2.0-only
#include "policy/utf8.hpp"

#include <array>

namespace pasid::policy {

std::size_t utf8_decode(std::string_view text, char32_t &point)
{
    if (text.empty())
        return 0;
    const auto byte = static_cast<unsigned char>(text[0]);
    if (byte < 0x80) {
        point = byte;
        return 1;
    }
    const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
    if (length == 0 || byte > 0xf4 || text.size() < length)
        return 0;
    point = byte & (0x7fu >> length);
    for (std::size_t i = 1; i < length; i++) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xc0) != 0x80)
            return 0;
        point = (point << 6) | (next & 0x3fu);
    }
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (point < least[length] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
        return 0;
    return length;
}

std::size_t utf8_length(std::string_view text)
{
    char32_t point;
    return utf8_decode(text, point);
}

} // namespace pasid::policy
