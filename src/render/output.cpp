// SPDX-License-Identifier: GPL-2.0
#include "render/output.hpp"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace pasid {

namespace {
constexpr std::size_t flush_at = 64 * 1024;
}

void Output::line(std::string_view text)
{
    pending_.append(text).push_back('\n');
    if (pending_.size() >= flush_at)
        flush();
}

void Output::flush()
{
    std::string_view rest = pending_;
    while (good() && !rest.empty()) {
        const ssize_t written = write(fd_, rest.data(), rest.size());
        if (written >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            pollfd wait{fd_, POLLOUT, 0};
            poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            error_ = errno;
        }
    }
    pending_.clear();
}

} // namespace pasid
