// SPDX-License-Identifier: GPL-2.0-only
#include "render/output.hpp"

#include <cerrno>

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pasid {

namespace {
constexpr std::size_t flush_at = std::size_t{64} * 1024;
}

void Output::line(std::string_view text)
{
    pending_.append(text).push_back('\n');
    if (pending_.size() >= flush_at)
        flush();
}

void Output::flush()
{
    write_all(pending_);
    pending_.clear();
}

void Output::write_all(std::string_view bytes)
{
    std::string_view rest = bytes;
    while (good() && !rest.empty()) {
        const ssize_t written = write(fd_, rest.data(), rest.size());
        if (written >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            pollfd wait{fd_, POLLOUT, 0};
            poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            error_ = errno;
            drop_half_line(bytes.substr(0, bytes.size() - rest.size()));
        }
    }
}

// If the disk is full, truncates the incomplete last line.
void Output::drop_half_line(std::string_view written) const
{
    const auto half = written.size() - (written.rfind('\n') + 1);
    struct stat status {};
    if (half > 0 && fstat(fd_, &status) == 0 && S_ISREG(status.st_mode) &&
        lseek(fd_, 0, SEEK_CUR) == status.st_size &&
        ftruncate(fd_, status.st_size - static_cast<off_t>(half)) == 0)
        lseek(fd_, 0, SEEK_END);
}

} // namespace pasid
