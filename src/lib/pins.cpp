// SPDX-License-Identifier: GPL-2.0-only
#include "lib/pins.hpp"

#include <algorithm>
#include <filesystem>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>

namespace pasid {

Result<void> PinDirectory::make() const
{
    const std::string parent = std::filesystem::path(path_).parent_path().string();
    struct statfs status {};
    if (statfs(parent.c_str(), &status) != 0 || status.f_type != BPF_FS_MAGIC)
        return Error{"cannot pin the " + noun_, parent + " is not a BPF file system",
                     "mount it: mount -t bpf bpf " + parent};
    if (mkdir(path_.c_str(), 0700) != 0 && errno != EEXIST)
        return system_error("cannot create " + path_, errno, rights_remedy(errno));
    return {};
}

std::vector<std::string> PinDirectory::names() const
{
    std::vector<std::string> names;
    std::error_code failed;
    for (const auto &entry : std::filesystem::directory_iterator(path_, failed))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::uint64_t PinDirectory::inode(const std::string &name) const
{
    struct stat status {};
    return stat(pin(name).c_str(), &status) == 0 ? status.st_ino : 0;
}

bool PinDirectory::has(const std::string &name) const { return inode(name) != 0; }

Result<void> PinDirectory::unlink(const std::string &name) const
{
    if (::unlink(pin(name).c_str()) != 0 && errno != ENOENT)
        return system_error("cannot remove " + pin(name), errno, rights_remedy(errno));
    return {};
}

Result<void> PinDirectory::clear() const
{
    if (auto gone = unlink("link"); !gone)
        return gone;
    for (const std::string &name : names())
        if (auto gone = unlink(name); !gone)
            return gone;
    if (rmdir(path_.c_str()) != 0 && errno != ENOENT)
        return system_error("cannot remove " + path_, errno);
    return {};
}

Result<void> PinDirectory::fill(const std::function<Result<void>()> &pin_all) const
{
    if (auto cleared = clear(); !cleared)
        return cleared;
    if (auto made = make(); !made)
        return made;
    auto done = pin_all();
    if (!done) // report the first error
        static_cast<void>(clear());
    return done;
}

Result<Fd> PinDirectory::lock() const
{
    const std::string failed = "cannot lock the " + noun_ + ": " + lock_;
    Fd fd(open(lock_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!fd)
        return system_error(failed, errno, rights_remedy(errno));
    if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return Error{"cannot change the " + noun_, "another pasidctl is changing it",
                         "try again later", EBUSY, Exit::refused};
        return system_error(failed, errno);
    }
    return fd;
}

} // namespace pasid
