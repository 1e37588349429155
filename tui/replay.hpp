// SPDX-License-Identifier: GPL-2.0-only
// Parses jump targets in a recording.
#pragma once

#include <optional>
#include <string>

#include "model/feed.hpp"

namespace pasid::tui {

// The frame that @text denotes: "+90", "-5m", "+1h" relative to the current frame; "12:41" or
// "12:41:07" as time of day; "50%" of the recording; "#17" by number. Nothing if @text is invalid.
std::optional<std::size_t> jump_target(const Player &player, const std::string &text);

} // namespace pasid::tui
