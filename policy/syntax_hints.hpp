// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <string>

#include "policy/source.hpp"

namespace pasid::policy {

// A common mistake in one line, such as a missing space after a colon.
struct SyntaxHint {
    Position at;
    std::string message;
    std::string help;
};

// The first one up to line @last. The YAML parser reports it only later, with a misleading message.
std::optional<SyntaxHint> find_syntax_hint(const Source &source, std::uint32_t last);

} // namespace pasid::policy
