// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "ioasid-io/script.hpp"

namespace pasid::io {

// The error's "what" is the place of the word.
Result<Argument> parse_argument(Kind kind, const Word &word);

Error error_at(const Place &place, std::string why, std::string remedy);

} // namespace pasid::io
