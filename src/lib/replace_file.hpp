// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

#include <sys/types.h>

namespace pasid {

// Gives the file this content: whoever reads it, and whatever fails, sees the old
// file or the new one, whole. It gets @mode, whatever the umask. Returns 0 or an errno.
int replace_file(const std::string &path, std::string_view text, mode_t mode);

} // namespace pasid
