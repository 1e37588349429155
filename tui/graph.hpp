// SPDX-License-Identifier: GPL-2.0-only
// Numbers over time as text: the newest at the right edge.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tui/text.hpp"

namespace pasid::tui {

// How many moments a graph of this width can show.
std::size_t graph_samples(int width, const Glyphs &glyphs);

// @height lines of exactly @width columns. A moment of which nothing is known stays blank; what is
// above 0 shows at least one dot. @most is the top edge.
std::vector<std::string> graph_text(std::span<const std::optional<double>> values, double max,
                                    int width, int height, const Glyphs &glyphs);

// A top edge for @values that does not change with every one of them: 1, 2 or 5 times a power
// of ten, at least 1.
double graph_top(std::span<const std::optional<double>> values);

} // namespace pasid::tui
