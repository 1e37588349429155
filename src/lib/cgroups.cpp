// SPDX-License-Identifier: GPL-2.0-only
#include "lib/cgroups.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

namespace pasid {

namespace {

constexpr std::uint64_t root_id = 1; // ID of the hierarchy's root in every kernel
constexpr int fileid_kernfs = 0xfe;  // FILEID_KERNFS: the handle is the ID itself

Error no_cgroup(const std::string &path, int err)
{
    return Error{"cgroup " + path, std::generic_category().message(err),
                 "give the path relative to the cgroup v2 mount, e.g. /system.slice", err,
                 Exit::negative};
}

std::uint64_t inode(const std::string &path)
{
    struct stat status {};
    return stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

} // namespace

std::string removed_cgroup(std::uint64_t id) { return fmt::format("(removed:{})", id); }

std::string outside_cgroup(std::uint64_t id) { return fmt::format("(outside:{})", id); }

std::string normal_cgroup_path(std::string path, const std::string &mount_point)
{
    if (is_within(path, mount_point) && mount_point != "/")
        path.erase(0, mount_point.size());
    std::string normal;
    std::istringstream stream(path);
    for (std::string component; std::getline(stream, component, '/');)
        if (!component.empty() && component != ".")
            normal += "/" + component;
    return normal.empty() ? "/" : normal;
}

std::string CgroupFs::find_mount()
{
    std::ifstream mounts("/proc/self/mounts");
    std::string source, target, type, rest, first;
    while (mounts >> source >> target >> type && std::getline(mounts, rest)) {
        if (type != "cgroup2")
            continue;
        if (inode(target) == root_id)
            return target;
        if (first.empty())
            first = target;
    }
    return first.empty() ? "/sys/fs/cgroup" : first;
}

CgroupFs::CgroupFs(std::string mount_point)
    : mount_point_(std::move(mount_point)),
      mount_(open(mount_point_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
{
}

bool CgroupFs::exists(std::uint64_t id, const std::string &path) const
{
    struct stat status {};
    const char *below = path == "/" ? "." : path.c_str() + 1;
    return fstatat(mount_.get(), below, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_ino == id;
}

std::string CgroupFs::path(std::uint64_t id)
{
    if (id == 0)
        return {};
    const auto known = paths_.find(id);
    if (known != paths_.end()) {
        if (known->second.round == round_ || exists(id, known->second.path)) {
            known->second.round = round_;
            return known->second.path;
        }
        paths_.erase(known);
        return removed_cgroup(id);
    }
    std::string path;
    switch (look_up(id, path)) {
    case LookupResult::removed:
        return removed_cgroup(id);
    case LookupResult::outside:
        return outside_cgroup(id);
    case LookupResult::found:
        break;
    }
    paths_.emplace(id, CachedPath{path, round_});
    return path;
}

// Opens the directory by its ID and asks the kernel for its path.
CgroupFs::LookupResult CgroupFs::look_up(std::uint64_t id, std::string &path)
{
    union {
        file_handle handle;
        std::array<char, sizeof(file_handle) + sizeof(id)> bytes;
    } request{};
    request.handle.handle_bytes = sizeof(id);
    request.handle.handle_type = fileid_kernfs;
    std::memcpy(request.bytes.data() + sizeof(file_handle), &id, sizeof(id));

    const Fd directory(
        open_by_handle_at(mount_.get(), &request.handle, O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!directory)
        return errno == EPERM || errno == EACCES ? search(id, path) : LookupResult::removed;

    std::error_code failed;
    const auto target =
        std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", directory.get()), failed);
    // The path of a removed directory ends in " (deleted)".
    if (failed || target.string().ends_with(" (deleted)"))
        return LookupResult::removed;
    if (!is_within(target.string(), mount_point_) || inode(target.string()) != id)
        return LookupResult::outside;
    path = normal_cgroup_path(target.string(), mount_point_);
    return LookupResult::found;
}

// Without permission to open by handle, finds all paths with one walk.
CgroupFs::LookupResult CgroupFs::search(std::uint64_t id, std::string &path)
{
    if (const auto directories = all())
        for (const CgroupDirectory &directory : *directories)
            paths_.insert_or_assign(directory.id, CachedPath{directory.path, round_});
    const auto found = paths_.find(id);
    if (found == paths_.end())
        return whole() ? LookupResult::removed : LookupResult::outside;
    path = found->second.path;
    return LookupResult::found;
}

Result<void> CgroupFs::whole()
{
    constexpr auto remedy = "run it where all of cgroup v2 is mounted, outside the "
                            "container: nsenter --target 1 --cgroup --mount";
    const std::uint64_t root = inode(mount_point_);
    struct statfs status {};
    if (root == 0 || statfs(mount_point_.c_str(), &status) != 0 ||
        status.f_type != CGROUP2_SUPER_MAGIC)
        return Error{"cannot identify cgroups by path", "cgroup v2 is not mounted here", remedy, 0,
                     Exit::refused};
    if (root != root_id)
        return Error{"cannot identify cgroups by path",
                     mount_point_ + " shows only part of the hierarchy, as in a cgroup namespace",
                     remedy, 0, Exit::refused};
    return {};
}

namespace {

struct DirectoryCloser {
    void operator()(DIR *directory) const { closedir(directory); }
};

} // namespace

// A cgroup directory has 2 links plus one per child. Most cgroups have no children, so this avoids
// reading their forty or so files.
void CgroupFs::walk(int parent, const std::string &path, std::vector<CgroupDirectory> &list) const
{
    const std::unique_ptr<DIR, DirectoryCloser> directory(fdopendir(parent));
    if (!directory) {
        close(parent);
        return;
    }
    while (const dirent *entry = readdir(directory.get())) {
        const std::string_view name = entry->d_name;
        struct stat status {};
        if (entry->d_type != DT_DIR || name == "." || name == ".." ||
            fstatat(dirfd(directory.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        list.push_back({status.st_ino, fmt::format("{}/{}", path == "/" ? "" : path, name)});
        if (status.st_nlink == 2)
            continue;
        const int below = openat(dirfd(directory.get()), entry->d_name,
                                 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (below >= 0)
            walk(below, std::string(list.back().path), list);
    }
}

Result<std::vector<CgroupDirectory>> CgroupFs::all()
{
    std::vector<CgroupDirectory> list;
    const std::uint64_t root = inode(mount_point_);
    Fd top(open(mount_point_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (root == 0 || !top)
        return system_error("cannot read " + mount_point_, errno,
                            "mount cgroup v2: mount -t cgroup2 none /sys/fs/cgroup");
    list.push_back({root, "/"});
    walk(top.release(), "/", list);
    std::sort(list.begin(), list.end(),
              [](const auto &a, const auto &b) { return path_less(a.path, b.path); });
    return list;
}

Result<std::uint64_t> CgroupFs::id(const std::string &path)
{
    const std::uint64_t id = inode(mount_point_ + normal_cgroup_path(path, mount_point_));
    if (id == 0)
        return no_cgroup(path, errno);
    return id;
}

std::string CgroupFs::domain(const std::string &path)
{
    std::string domain = path, type;
    while (domain != "/" &&
           std::getline(std::ifstream(mount_point_ + domain + "/cgroup.type"), type) &&
           type == "threaded")
        domain = parent_cgroup(domain);
    return domain;
}

Result<std::string> CgroupFs::of_process(std::uint32_t pid)
{
    std::ifstream file(fmt::format("/proc/{}/cgroup", pid));
    for (std::string line; std::getline(file, line);)
        if (line.rfind("0::", 0) == 0)
            return line.substr(3);
    return Error{fmt::format("process {}", pid), "no such process", "", ESRCH, Exit::negative};
}

} // namespace pasid
