// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

#include <sys/types.h>

namespace pasid {

// Returns 0 or an errno.
int write_all(int fd, std::string_view text);

// Replaces the file atomically: readers see either the old or the new content, even after a
// failure. Sets @mode regardless of the umask. Returns 0 or an errno.
int replace_file(const std::string &path, std::string_view text, mode_t mode);

} // namespace pasid
