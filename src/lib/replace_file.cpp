// SPDX-License-Identifier: GPL-2.0-only
#include "lib/replace_file.hpp"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/fd.hpp"

namespace pasid {

int write_all(int fd, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = write(fd, text.data(), text.size());
        if (written >= 0)
            text.remove_prefix(static_cast<std::size_t>(written));
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

int replace_file(const std::string &path, std::string_view text, mode_t mode)
{
    const std::string fresh = path + "." + std::to_string(getpid()) + ".new";
    const Fd fd(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (!fd)
        return errno;
    int err = fchmod(fd.get(), mode) != 0 ? errno : write_all(fd.get(), text);
    if (err == 0 && fsync(fd.get()) != 0 && errno != EINVAL) // EINVAL: not supported, e.g. a pipe
        err = errno;
    if (err == 0 && rename(fresh.c_str(), path.c_str()) != 0)
        err = errno;
    if (err != 0)
        unlink(fresh.c_str());
    return err;
}

} // namespace pasid
