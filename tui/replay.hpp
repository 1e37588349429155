// SPDX-License-Identifier: GPL-2.0-only
// Places in a recording.
#pragma once

#include <optional>
#include <string>

#include "model/feed.hpp"

namespace pasid::tui {

// The frame that @text means: "+90", "-5m", "+1h" from here, "12:41" or "12:41:07" the time of
// day, "50%" of the recording, "#17" its number. None: not understood.
std::optional<std::size_t> jump_target(const Player &player, const std::string &text);

} // namespace pasid::tui
