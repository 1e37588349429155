// SPDX-License-Identifier: GPL-2.0-only
// Cgroup ids and paths. An id is the inode number of the cgroup's directory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/fd.hpp"
#include "lib/result.hpp"

namespace pasid {

struct CgroupDirectory {
    std::uint64_t id = 0;
    std::string path; // "/" is the root
};

class Cgroups {
  public:
    virtual ~Cgroups() = default;

    // "(removed:ID)" when there is no such cgroup, "(outside:ID)" when it is not below the
    // mount of this namespace; "" for id 0. May answer
    // from memory: an event keeps the name of a cgroup that is gone since.
    virtual std::string path(std::uint64_t id) = 0;

    // Nothing is answered from memory alone from here on.
    virtual void forget() = 0;

    // Every cgroup, a parent before its children, siblings by name.
    virtual Result<std::vector<CgroupDirectory>> all() = 0;

    // An error when only a part of the hierarchy is to be seen, as in a cgroup namespace:
    // paths are not those that rules are for then.
    virtual Result<void> whole() = 0;

    virtual Result<std::uint64_t> id(const std::string &path) = 0;

    // The cgroup where what @path holds is counted: its domain when it is threaded, else itself.
    virtual std::string domain(const std::string &path) = 0;

    // Path of a process's cgroup.
    virtual Result<std::string> of_process(std::uint32_t pid) = 0;
};

std::string removed_cgroup(std::uint64_t id);
std::string outside_cgroup(std::uint64_t id);

// Does @path lie in @ancestor, or is it that cgroup?
bool is_within(std::string_view path, std::string_view ancestor);

// The root has no other.
std::string parent_cgroup(const std::string &path);

// "/a/b" from "a/b/", "/sys/fs/cgroup/a/b" and the like.
std::string normal_cgroup_path(std::string path, const std::string &mount_point = "/sys/fs/cgroup");

// The real one, on the cgroup v2 file system mounted at @mount_point.
class CgroupFs : public Cgroups {
  public:
    explicit CgroupFs(std::string mount_point = find_mount());

    std::string path(std::uint64_t id) override;
    void forget() override { round_++; }
    Result<std::vector<CgroupDirectory>> all() override;
    Result<void> whole() override;
    Result<std::uint64_t> id(const std::string &path) override;
    std::string domain(const std::string &path) override;
    Result<std::string> of_process(std::uint32_t pid) override;

    const std::string &mount_point() const { return mount_point_; }
    // Where cgroup v2 is mounted, from its root where there is such a mount;
    // "/sys/fs/cgroup" when nowhere.
    static std::string find_mount();

  private:
    enum class LookupResult { removed, outside, found };

    // A cgroup keeps its path and its id is never used again, so that a path that was found once
    // needs one look to be confirmed.
    struct CachedPath {
        std::string path;
        std::uint64_t round = 0; // when it was seen to exist
    };

    LookupResult look_up(std::uint64_t id, std::string &path);
    LookupResult search(std::uint64_t id, std::string &path);
    bool exists(std::uint64_t id, const std::string &path) const;
    void walk(int parent, const std::string &path, std::vector<CgroupDirectory> &list) const;

    std::string mount_point_;
    Fd mount_;
    std::uint64_t round_ = 0;
    std::unordered_map<std::uint64_t, CachedPath> paths_;
};

} // namespace pasid
