// SPDX-License-Identifier: GPL-2.0-only
// Draws time series as text, the newest sample at the right edge.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tui/text.hpp"

namespace pasid::tui {

// Number of samples that fit in a graph of this width.
std::size_t graph_samples(int width, const Glyphs &glyphs);

// @height lines of exactly @width columns. Unknown samples are blank; values above 0 show at least
// one dot. @max: value of the top edge.
std::vector<std::string> graph_text(std::span<const std::optional<double>> values, double max,
                                    int width, int height, const Glyphs &glyphs);

// A stable top edge for @values: 1, 2 or 5 times a power of ten, at least 1.
double graph_top(std::span<const std::optional<double>> values);

} // namespace pasid::tui
