// SPDX-License-Identifier: GPL-2.0-only
#include "tui/key.hpp"

#include <array>
#include <string_view>

namespace pasid::tui {

namespace {

constexpr std::array special_texts{
#define X(name, text) std::string_view{text},
    PASID_TUI_SPECIAL_KEYS(X)
#undef X
};

} // namespace

std::string key_text(Key code)
{
    if (code >= key::first_special && code - key::first_special < special_texts.size())
        return std::string(special_texts[code - key::first_special]);
    if (code == U' ')
        return "Space";
    if (code < 0x20)
        return std::string("Ctrl-") + static_cast<char>(code + 0x40);
    if (code < 0x7f)
        return std::string(1, static_cast<char>(code));
    return "?";
}

} // namespace pasid::tui
