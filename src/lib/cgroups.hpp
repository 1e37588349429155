// SPDX-License-Identifier: GPL-2.0-only
// Cgroup IDs and paths. The ID is the inode number of the cgroup's directory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/fd.hpp"
#include "lib/result.hpp"
#include "model/cgroup_path.hpp"

namespace pasid {

struct CgroupDirectory {
    std::uint64_t id = 0;
    std::string path; // "/" for the root
};

class Cgroups {
  public:
    virtual ~Cgroups() = default;

    // Returns "(removed:ID)" if the cgroup does not exist, "(outside:ID)" if it is not below this
    // namespace's mount, and "" for ID 0. May use the cache, so that events keep the name of a
    // removed cgroup.
    virtual std::string path(std::uint64_t id) = 0;

    // Requires cached paths to be verified again.
    virtual void forget() = 0;

    // All cgroups, parents before their children, siblings by name.
    virtual Result<std::vector<CgroupDirectory>> all() = 0;

    // Returns an error if only part of the hierarchy is visible, as in a cgroup namespace: paths
    // then differ from those in rules.
    virtual Result<void> whole() = 0;

    virtual Result<std::uint64_t> id(const std::string &path) = 0;

    // The cgroup that is charged for @path: its domain if @path is threaded, else @path.
    virtual std::string domain(const std::string &path) = 0;

    // Path of the cgroup of a process.
    virtual Result<std::string> of_process(std::uint32_t pid) = 0;
};

std::string removed_cgroup(std::uint64_t id);
std::string outside_cgroup(std::uint64_t id);

// Returns "/a/b" for "a/b/", "/sys/fs/cgroup/a/b" and similar.
std::string normal_cgroup_path(std::string path, const std::string &mount_point = "/sys/fs/cgroup");

// The real implementation, on the cgroup v2 file system at @mount_point.
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
    // Mount point of cgroup v2, preferably of its root; "/sys/fs/cgroup" if it is not mounted.
    static std::string find_mount();

  private:
    enum class LookupResult { removed, outside, found };

    // A cgroup's path does not change and its ID is never reused, so one lookup per round confirms
    // a cached path.
    struct CachedPath {
        std::string path;
        std::uint64_t round = 0; // when it was last verified
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
