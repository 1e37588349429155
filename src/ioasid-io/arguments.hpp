// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "ioasid-io/script.hpp"

namespace pasid::io {

// On error, "what" is the token's position.
Result<Argument> parse_argument(ArgumentKind kind, const Token &word);

Error error_at(const Position &position, std::string why, std::string remedy);

} // namespace pasid::io
